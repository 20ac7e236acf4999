//! The threads that own the connections. One writer commits groups on `SQLite`; on `PostgreSQL` each job is a transaction.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};
use diesel::RunQueryDsl as _;
use diesel::connection::SimpleConnection;
use r2d2::{Pool, PooledConnection};

use crate::connection::{Connection, Connector};
use crate::error::{Error, classify};
use crate::store::Transaction;
use crate::store::outcome::LastWrite;
use crate::store::task::{Task, Verdict};
use crate::vault::Vault;

/// A message of a queue.
pub(crate) enum Message {
    /// Run this.
    Run(Box<dyn Task>),
    /// Let this thread end.
    Stop,
}

/// How many jobs one commit carries at most: enough to share the sync, few enough that the first does not wait long.
const GROUP: usize = 64;

/// After how many jobs the log is copied back into the database: some 10 MB of it.
const CHECKPOINT_EVERY: usize = 512;

/// How often a transaction that lost a race is run again.
const RETRIES: u32 = 3;

/// How many connections may turn out to be dead before a job gives up: after a server's restart all of them are.
const FRESH_CONNECTIONS: u32 = 32;

/// How one run of a job ended.
enum Attempt {
    /// With the job's own answer.
    Settled,
    /// With the database's trouble.
    Failed(Error),
    /// With a deadlock or a serialization failure: it may run again.
    LostRace,
}

/// How long a connection may be waited for.
const CONNECTION_PATIENCE: Duration = Duration::from_secs(2);

pub(crate) struct Worker {
    pub(crate) queue: Receiver<Message>,
    pub(crate) pool: Pool<Connector>,
    pub(crate) vault: Arc<Vault>,
    /// Wakes the checkpointer of `SQLite`, if this worker writes.
    pub(crate) checkpoints: Option<Sender<()>>,
    /// Where the outcome of writes is noted, if this worker writes.
    pub(crate) last_write: Option<Arc<LastWrite>>,
}

type Pooled = PooledConnection<Connector>;

impl Worker {
    /// Answers questions, one at a time, until the queue closes.
    pub(crate) fn read(&self) {
        while let Ok(Message::Run(task)) = self.queue.recv() {
            self.read_now(task);
        }
    }

    /// Answers one question on the calling thread.
    pub(crate) fn read_now(&self, mut task: Box<dyn Task>) {
        if task.is_stale(Instant::now()) {
            task.reply(Some(Error::Unavailable));
            return;
        }
        // Connections may have died while they idled; a question can safely be asked again.
        let mut failure = Some(Error::Unavailable);
        for _ in 0..FRESH_CONNECTIONS {
            match self.connect(task.as_ref()) {
                Err(error) => {
                    failure = Some(error);
                    break;
                }
                Ok(mut pooled) => failure = self.ask(&mut pooled, task.as_mut()),
            }
            if failure.is_none() || task.is_stale(Instant::now()) {
                break;
            }
        }
        task.reply(failure);
    }

    /// On `SQLite` a read transaction gives several statements one view and costs no disk. `PostgreSQL`'s statements each have
    /// their own view; a transaction would cost two round trips.
    fn ask(&self, pooled: &mut Pooled, task: &mut dyn Task) -> Option<Error> {
        let framed = matches!(pooled.connection, Connection::Sqlite(_));
        if framed && let Err(error) = execute(pooled, "BEGIN DEFERRED") {
            return Some(error);
        }
        let verdict = task.run(&mut Transaction::new(&mut pooled.connection, &self.vault));
        if framed && execute(pooled, "COMMIT").is_err() {
            pooled.broken = true;
        }
        if verdict == Verdict::Broken {
            pooled.broken = true;
            return Some(Error::Unavailable);
        }
        None
    }

    /// `PostgreSQL`: each job is one transaction.
    pub(crate) fn write_each(&self) {
        while let Ok(Message::Run(mut task)) = self.queue.recv() {
            let failure = self.write_until_settled(task.as_mut());
            self.note(failure.as_ref());
            task.reply(failure);
        }
    }

    /// `PostgreSQL`: runs one job in a transaction on the calling thread.
    pub(crate) fn write_now(&self, mut task: Box<dyn Task>) {
        let failure = self.write_until_settled(task.as_mut());
        task.reply(failure);
    }

    fn write_until_settled(&self, task: &mut dyn Task) -> Option<Error> {
        let (mut races, mut dead) = (0, 0);
        let mut failure = Error::Unavailable;
        while !task.is_stale(Instant::now()) {
            let mut pooled = match self.connect(task) {
                Err(error) => return Some(error),
                Ok(pooled) => pooled,
            };
            if let Err(error) = execute(&mut pooled, "BEGIN") {
                // Nothing was done yet: connections that died while they idled are replaced.
                pooled.broken = true;
                dead += 1;
                if dead > FRESH_CONNECTIONS {
                    return Some(error);
                }
                continue;
            }
            match self.write_one(&mut pooled, task) {
                Attempt::Settled => return None,
                Attempt::Failed(error) => return Some(error),
                Attempt::LostRace => {
                    races += 1;
                    failure = Error::Busy;
                    if races > RETRIES {
                        break;
                    }
                }
            }
        }
        Some(failure)
    }

    /// Runs one job in the transaction just begun.
    fn write_one(&self, pooled: &mut Pooled, task: &mut dyn Task) -> Attempt {
        match task.run(&mut Transaction::new(&mut pooled.connection, &self.vault)) {
            // COMMIT alone answers "done" even after a failed statement, when in truth it rolls back; a question before it does not.
            Verdict::Keep => match execute(pooled, "SELECT 1; COMMIT") {
                Ok(()) => Attempt::Settled,
                Err(error) => {
                    pooled.broken = true;
                    Attempt::Failed(error)
                }
            },
            Verdict::Undo => {
                pooled.broken |= execute(pooled, "ROLLBACK").is_err();
                Attempt::Settled
            }
            Verdict::Again => {
                pooled.broken |= execute(pooled, "ROLLBACK").is_err();
                Attempt::LostRace
            }
            Verdict::Broken => {
                pooled.broken = true;
                Attempt::Failed(Error::Unavailable)
            }
        }
    }

    /// `SQLite`: whatever waits, up to a group, shares one commit and its one sync. Nothing waits for a group to fill.
    pub(crate) fn write_groups(&self) {
        let (mut open, mut logged) = (true, 0);
        while open {
            let Ok(Message::Run(first)) = self.queue.recv() else { return };
            let mut group = vec![first];
            while group.len() < GROUP {
                match self.queue.try_recv() {
                    Ok(Message::Run(task)) => group.push(task),
                    Ok(Message::Stop) => {
                        open = false;
                        break;
                    }
                    Err(_) => break,
                }
            }
            logged += group.len();
            self.write_group(group);
            if logged >= CHECKPOINT_EVERY {
                logged = 0;
                // One that is under way, or gone, need not be told: the log may grow, and is then copied by this thread.
                let _ = self.checkpoints.as_ref().map(|wake| wake.try_send(()));
            }
        }
    }

    fn write_group(&self, group: Vec<Box<dyn Task>>) {
        let now = Instant::now();
        let (stale, mut group): (Vec<_>, Vec<_>) = group.into_iter().partition(|task| task.is_stale(now));
        reply(stale, Some(&Error::Unavailable));
        let Some(first) = group.first() else { return };
        match self.connect(first.as_ref()) {
            Err(error) => {
                self.note(Some(&error));
                reply(group, Some(&error));
            }
            Ok(mut pooled) => {
                let outcome = self.run_group(&mut pooled, &mut group);
                if outcome.is_err() && execute(&mut pooled, "ROLLBACK").is_err() {
                    pooled.broken = true;
                }
                drop(pooled);
                let failure = outcome.err();
                self.note(failure.as_ref());
                reply(group, failure.as_ref());
            }
        }
    }

    /// Runs all jobs in one transaction and commits. An error means that nothing of the group stands.
    fn run_group(&self, pooled: &mut Pooled, group: &mut [Box<dyn Task>]) -> Result<(), Error> {
        execute(pooled, "BEGIN IMMEDIATE")?;
        let kept = if let Some(kept) = self.run_together(pooled, group)? {
            kept
        } else {
            execute(pooled, "ROLLBACK; BEGIN IMMEDIATE")?;
            self.run_apart(pooled, group)?
        };
        execute(pooled, if kept { "COMMIT" } else { "ROLLBACK" })
    }

    /// Runs all jobs one after the other: most are content, and most of those that are not have refused before they changed anything.
    /// Says whether there is something to commit; nothing if a job must be undone, which only [`Worker::run_apart`] can.
    fn run_together(&self, pooled: &mut Pooled, group: &mut [Box<dyn Task>]) -> Result<Option<bool>, Error> {
        let alone = group.len() == 1;
        let mut kept = false;
        for task in group {
            let before = changes(pooled)?;
            match task.run(&mut Transaction::new(&mut pooled.connection, &self.vault)) {
                Verdict::Keep => kept = true,
                Verdict::Undo | Verdict::Again if alone => return Ok(Some(false)),
                Verdict::Undo | Verdict::Again if changes(pooled)? == before => {}
                Verdict::Undo | Verdict::Again => return Ok(None),
                // SQLite has rolled the whole transaction back by itself, or is about to.
                Verdict::Broken => return Err(Error::Unavailable),
            }
        }
        Ok(Some(kept))
    }

    /// Runs all jobs again, each within its own savepoint, and undoes those that are not content.
    fn run_apart(&self, pooled: &mut Pooled, group: &mut [Box<dyn Task>]) -> Result<bool, Error> {
        let mut kept = false;
        for task in group {
            execute(pooled, "SAVEPOINT job")?;
            match task.run(&mut Transaction::new(&mut pooled.connection, &self.vault)) {
                Verdict::Keep => {
                    kept = true;
                    execute(pooled, "RELEASE job")?;
                }
                Verdict::Undo | Verdict::Again => execute(pooled, "ROLLBACK TO job; RELEASE job")?,
                Verdict::Broken => return Err(Error::Unavailable),
            }
        }
        Ok(kept)
    }

    fn note(&self, failure: Option<&Error>) {
        if let Some(last_write) = &self.last_write {
            last_write.note(failure);
        }
    }

    fn connect(&self, task: &dyn Task) -> Result<Pooled, Error> {
        let timeout = task.timeout(Instant::now()).min(CONNECTION_PATIENCE);
        self.pool.get_timeout(timeout).map_err(|_| Error::Unavailable)
    }
}

diesel::define_sql_function! {
    /// `SQLite`: how many rows this connection has changed so far, savepoints that were undone included.
    fn total_changes() -> diesel::sql_types::BigInt;
}

fn changes(pooled: &mut Pooled) -> Result<i64, Error> {
    match &mut pooled.connection {
        Connection::Sqlite(c) => diesel::select(total_changes()).get_result(c).map_err(|error| classify(error).0),
        Connection::Postgres(_) => Err(Error::Query("groups are SQLite's".to_owned())),
    }
}

fn execute(pooled: &mut Pooled, command: &str) -> Result<(), Error> {
    let told = match &mut pooled.connection {
        Connection::Sqlite(c) => c.batch_execute(command),
        Connection::Postgres(c) => c.batch_execute(command),
    };
    told.map_err(|error| match classify(error).0 {
        // Between jobs there are no queries of a caller's: whatever else went wrong here is the database's trouble.
        Error::DiskFull => Error::DiskFull,
        Error::Busy => Error::Busy,
        Error::NotFound | Error::Duplicate { .. } | Error::Stale | Error::Unavailable | Error::Corrupt { .. } | Error::Query(_) => {
            Error::Unavailable
        }
    })
}

fn reply(group: Vec<Box<dyn Task>>, failure: Option<&Error>) {
    for task in group {
        task.reply(failure.cloned());
    }
}
