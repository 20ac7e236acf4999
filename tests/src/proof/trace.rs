//! What `strace` saw: whether a sync of the database's log preceded the answer to each write.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::Path;

/// What stands before a program so that its system calls go to `output`.
pub fn strace(output: &Path) -> Vec<OsString> {
    let calls = "trace=fsync,fdatasync,sync_file_range,pwrite64,pwritev,write,writev,sendto,sendmsg,recvfrom,recvmsg,read";
    let mut words: Vec<OsString> =
        ["strace", "-f", "-ttt", "-T", "-yy", "-s", "64", "-e", "signal=none", "-e", calls].map(Into::into).into();
    words.extend(["-o".into(), output.into()]);
    words
}

/// A system call. Instants are microseconds since the Unix epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Call {
    began: u64,
    ended: u64,
    text: String,
}

/// The part of a trace that is judged.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Syncs of the log.
    syncs: Vec<Call>,
    /// Writes into the log.
    writes: Vec<Call>,
    /// Requests and answers on connections of the server, in order.
    talk: Vec<(String, Call)>,
}

/// A request that was acknowledged.
#[derive(Clone, Debug)]
struct Exchange {
    what: String,
    received: u64,
    answered: u64,
}

/// What came of judging.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// Acknowledged writes.
    pub writes: usize,
    /// Of these, those that nothing else overlapped: the sync must have followed the last byte of the log.
    pub alone: usize,
    /// Syncs of the log during all this.
    pub syncs: usize,
    /// Writes that were acknowledged without one.
    pub unsynced: Vec<String>,
}

impl Trace {
    /// Reads a trace. `log` is what the paths of the database's log contain.
    pub fn read(text: &str, log: &str) -> Self {
        let mut trace = Self::default();
        let mut unfinished: HashMap<&str, (u64, String)> = HashMap::new();
        for line in text.lines() {
            let mut words = line.splitn(2, ' ');
            let (Some(process), Some(rest)) = (words.next(), words.next()) else { continue };
            let Some((instant, call)) = rest.trim_start().split_once(' ') else { continue };
            let Some(stamp) = microseconds(instant) else { continue };
            if let Some(start) = call.strip_suffix(" <unfinished ...>") {
                unfinished.insert(process, (stamp, start.to_owned()));
            } else if call.starts_with("<... ") {
                let Some((began, start)) = unfinished.remove(process) else { continue };
                let rest = call.split_once(" resumed>").map_or("", |(_, rest)| rest);
                trace.take(Call { began, ended: stamp, text: start + rest }, log);
            } else {
                let lasted = call.rsplit_once('<').and_then(|(_, rest)| microseconds(rest.strip_suffix('>')?));
                trace.take(Call { began: stamp, ended: stamp + lasted.unwrap_or(0), text: call.to_owned() }, log);
            }
        }
        trace.talk.sort_by_key(|(_, call)| call.began);
        trace
    }

    fn take(&mut self, call: Call, log: &str) {
        let Some((name, arguments)) = call.text.split_once('(') else { return };
        let file = arguments.split(['>', ',', ')']).next().unwrap_or_default();
        match name {
            "fsync" | "fdatasync" if file.contains(log) && call.text.contains(" = 0") => self.syncs.push(call),
            "pwrite64" | "pwritev" | "write" if file.contains(log) => self.writes.push(call),
            _ => {
                let Some(begin) = arguments.find("<TCP:[") else { return };
                let Some(connection) = arguments[begin..].split(']').next() else { return };
                let connection = connection.to_owned();
                if ["\"POST ", "\"PATCH ", "\"GET ", "\"HTTP/1.1 "].iter().any(|start| arguments.contains(start)) {
                    self.talk.push((connection, call));
                }
            }
        }
    }

    /// With the syncs and writes of another program's trace: those of a database server.
    #[must_use]
    pub fn with_log_of(mut self, other: Self) -> Self {
        self.syncs.extend(other.syncs);
        self.writes.extend(other.writes);
        self
    }

    /// As if no sync had happened: for showing that judging can fail.
    #[must_use]
    pub fn without_syncs(mut self) -> Self {
        self.syncs.clear();
        self
    }

    /// The exchanges in which a write was acknowledged.
    fn exchanges(&self) -> Vec<Exchange> {
        let mut open: HashMap<&str, (String, u64)> = HashMap::new();
        let mut found = Vec::new();
        for (connection, call) in &self.talk {
            let said = call.text.split('"').nth(1).unwrap_or_default();
            if let Some(status) = said.strip_prefix("HTTP/1.1 ") {
                if let Some((what, received)) = open.remove(connection.as_str())
                    && status.starts_with('2')
                    && !what.starts_with("GET")
                {
                    found.push(Exchange { what, received, answered: call.began });
                }
            } else {
                let what: Vec<&str> = said.split(' ').take(2).collect();
                open.insert(connection, (what.join(" "), call.ended));
            }
        }
        found
    }

    /// Judges every acknowledged write: between its arrival and its answer a sync of the log began and ended. Group commit is
    /// allowed: one sync may serve many. A write that nothing overlapped must also have no byte of the log after its sync, save a sign-in.
    pub fn judge(&self) -> Verdict {
        let exchanges = self.exchanges();
        // A submission wakes the mailer, which writes beside all answers from then on.
        let quiet_until = exchanges.iter().filter(|one| one.what.ends_with("/submit")).map(|one| one.received).min().unwrap_or(u64::MAX);
        let mut verdict = Verdict { writes: exchanges.len(), syncs: self.syncs.len(), ..Verdict::default() };
        for (place, one) in exchanges.iter().enumerate() {
            let within = |call: &&Call| call.began >= one.received && call.ended <= one.answered;
            let synced = self.syncs.iter().filter(within).map(|call| call.began).max();
            let overlapped = exchanges
                .iter()
                .enumerate()
                .any(|(other, another)| other != place && another.received <= one.answered && one.received <= another.answered);
            let last = self.writes.iter().filter(within).map(|call| call.ended).max();
            // A sign-in wakes the mailer, which writes beside the answer.
            let alone = !overlapped && last.is_some() && one.answered < quiet_until && !one.what.ends_with("/v1/sessions");
            verdict.alone += usize::from(alone);
            let good = synced.is_some_and(|synced| !alone || last.is_some_and(|last| last <= synced));
            if !good {
                verdict.unsynced.push(format!("{} at {}", one.what, one.answered));
            }
        }
        verdict
    }
}

/// Microseconds of a number of seconds with six decimals.
fn microseconds(text: &str) -> Option<u64> {
    let (seconds, rest) = text.split_once('.')?;
    (rest.len() == 6).then_some(())?;
    Some(seconds.parse::<u64>().ok()? * 1_000_000 + rest.parse::<u64>().ok()?)
}
