//! Kills the server at random moments under mixed writes, on `SQLite` and on `PostgreSQL` (whose own processes are killed, too),
//! and checks after each restart, and at the end in the database itself, that no acknowledged write is lost, nothing has happened
//! twice, and nothing is half done. Then it shows that the same check finds what is wrong in a falsified record.
//!
//! `crash [--long] [--kills N] [--seed N] [--database sqlite|postgres|both]`; the server is `$BINARY`.

#![allow(clippy::indexing_slicing, reason = "a proof that stumbles shall fall")]

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, bail};
use proof::check::{Journal, faults};
use proof::client::{Kept, Writer};
use proof::kills::{self, Plan};
use proof::people;
use proof::postgres::Postgres;
use proof::random::Random;
use proof::server::{Server, Setup};
use proof::snapshot::{self, Snapshot};

/// Clients that write at once.
const WRITERS: u64 = 8;
/// How long a restart may take.
const RESTART: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    kills::run("crash", 20, 100, series)
}

/// What is killed in one round.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Victim {
    Server,
    Database,
    Both,
}

/// One series of kills on one database, and the check of what it leaves.
fn series(name: &str, setup: &Setup, postgres: Option<&Postgres>, plan: Plan) -> anyhow::Result<()> {
    setup.run(&["migrate"], &[])?;
    let emails: Vec<String> = (0..WRITERS).map(|number| format!("writer-{number}@example.org")).collect();
    for email in &emails {
        people::add(setup, email, "applicant")?;
    }
    let mut server = setup.start()?;
    let mut writers = Vec::new();
    for (number, email) in (0_u64..).zip(&emails) {
        let authorization = people::sign_in(server.address, email)?;
        writers.push(Writer::new(&format!("writer-{number}"), server.address, authorization, plan.seed ^ (number << 32)));
    }
    let mut random = Random::new(plan.seed);
    let (mut killed, mut crashed, mut slowest) = (0, 0, Duration::ZERO);
    while killed < plan.kills {
        let victim = match (postgres, random.below(4)) {
            (None, _) | (Some(_), 0 | 1) => Victim::Server,
            (Some(_), 2) => Victim::Database,
            (Some(_), _) => Victim::Both,
        };
        server = round(setup, server, postgres.filter(|_| victim != Victim::Server), victim, &mut writers, random.below(600))?;
        killed += u32::from(victim != Victim::Database);
        crashed += u32::from(victim != Victim::Server);
        slowest = slowest.max(server.ready_after);
        each(&mut writers, |writer| writer.verify(false));
        complain(&writers)?;
        if killed % 10 == 9 {
            for (writer, email) in writers.iter_mut().zip(&emails) {
                writer.renew(people::sign_in(server.address, email)?);
            }
        }
    }
    each(&mut writers, |writer| writer.verify(true));
    complain(&writers)?;
    let kept = control_of_keys(&mut writers)?;
    server.kill()?;
    let journal = Journal {
        cases: writers.iter().flat_map(|writer| writer.cases.clone()).collect(),
        acknowledged: writers.iter().flat_map(|writer| writer.acknowledged.clone()).collect(),
    };
    let found = snapshot::take(&setup.database)?;
    let wrong = faults(&journal, &found);
    if !wrong.is_empty() {
        bail!(
            "{name}: {} faults in the database, among them\n{}",
            wrong.len(),
            wrong.iter().take(10).cloned().collect::<Vec<_>>().join("\n")
        );
    }
    let repeated: u64 = writers.iter().map(|writer| writer.repeated).sum();
    println!(
        "  · {name}: {killed} kills of the server{}, {} acknowledged requests on {} cases, {repeated} asked for again, {kept} keys replayed: \
         nothing lost, nothing twice, nothing half done; slowest restart {:.1} s",
        if crashed > 0 { format!(", {crashed} of PostgreSQL's processes") } else { String::new() },
        journal.acknowledged.len(),
        journal.cases.len(),
        slowest.as_secs_f64(),
    );
    if slowest > RESTART {
        bail!("{name}: a restart took {:.1} s", slowest.as_secs_f64());
    }
    control(name, &journal, &found)
}

/// Lets the clients write for a while, kills in the middle of it, and brings everything up again.
fn round(
    setup: &Setup,
    mut server: Server,
    postgres: Option<&Postgres>,
    victim: Victim,
    writers: &mut [Writer],
    moment: u64,
) -> anyhow::Result<Server> {
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let workers: Vec<_> = writers.iter_mut().map(|writer| scope.spawn(|| writer.work(&stop))).collect();
        let killed = (|| {
            std::thread::sleep(Duration::from_millis(150 + moment));
            if !server.lives() {
                bail!("the server died by itself; its log is {}", setup.log().display());
            }
            if let Some(postgres) = postgres {
                postgres.kill()?;
            }
            // A server that outlives its database answers for a while without it.
            let survivor = if victim == Victim::Database { Some(server) } else { server.kill().map(|()| None)? };
            if survivor.is_some() {
                std::thread::sleep(Duration::from_millis(200));
            }
            Ok(survivor)
        })();
        stop.store(true, Ordering::Relaxed);
        for worker in workers {
            if worker.join().is_err() {
                bail!("a client panicked");
            }
        }
        let survivor = killed?;
        if let Some(postgres) = postgres {
            postgres.again()?;
        }
        match survivor {
            Some(survivor) => Ok(survivor),
            None => setup.start(),
        }
    })
}

fn each(writers: &mut [Writer], work: impl Fn(&mut Writer) + Sync) {
    std::thread::scope(|scope| {
        for writer in writers {
            scope.spawn(|| work(writer));
        }
    });
}

fn complain(writers: &[Writer]) -> anyhow::Result<()> {
    let wrong: Vec<&str> = writers.iter().flat_map(|writer| &writer.faults).map(String::as_str).collect();
    if wrong.is_empty() { Ok(()) } else { bail!("{} faults:\n{}", wrong.len(), wrong.join("\n")) }
}

/// A key that was never used must not pass for one that was answered. Gives how many real ones did pass.
fn control_of_keys(writers: &mut [Writer]) -> anyhow::Result<usize> {
    let kept = writers.iter().map(|writer| writer.kept.len()).sum();
    let writer = writers.first_mut().context("no client")?;
    let known = writer.cases.first().context("no case")?.id.clone();
    // A request that is refused: the control changes nothing.
    let (path, body) = (format!("/v1/cases/{known}/messages"), r#"{"text":""}"#.to_owned());
    let invented = Kept { key: "writer-0-never".into(), path, body, status: 201, answer: b"{}".into() };
    if writer.ask_again(&invented).is_none() {
        bail!("the control: an answer that was never given passed for a kept one");
    }
    Ok(kept)
}

/// The check must find what is wrong in a falsified record, or it proves nothing.
fn control(name: &str, journal: &Journal, found: &Snapshot) -> anyhow::Result<()> {
    let first = journal.cases.first().context("no case")?;
    let talked = journal.cases.iter().find(|known| !known.messages.is_empty()).context("no case with a message")?;
    let mut controls: Vec<(&str, Journal, Snapshot)> = Vec::new();
    let mut falsify = |what, change: &dyn Fn(&mut Journal, &mut Snapshot)| {
        let (mut journal, mut snapshot) = (journal.clone(), found.clone());
        change(&mut journal, &mut snapshot);
        controls.push((what, journal, snapshot));
    };
    falsify("a case that was acknowledged and never made", &|journal, _| {
        let mut never = first.clone();
        never.id = "case_01jd8x5k2neht8xg8y7w9zq4rt".into();
        journal.cases.push(never);
    });
    falsify("a change that was acknowledged and never made", &|journal, _| {
        journal.cases[0].version += 1;
    });
    falsify("a case without its event", &|_, snapshot| {
        snapshot.cases.entry(first.id.clone()).and_modify(|seen| {
            seen.events.remove("case_opened");
        });
    });
    falsify("a message that is gone", &|_, snapshot| {
        snapshot.cases.entry(talked.id.clone()).and_modify(|seen| drop(seen.messages.pop()));
    });
    falsify("a request without its audit row", &|journal, snapshot| {
        let request = &journal.acknowledged[0].request;
        snapshot.audit.retain(|noted| noted.request != *request);
    });
    falsify("one request with two effects", &|journal, _| drop(journal.cases.pop()));
    for (what, journal, snapshot) in &controls {
        if faults(journal, snapshot).is_empty() {
            bail!("{name}: the control: {what} was not found");
        }
    }
    println!("  · {name}: the control: each of {} falsified records was found out", controls.len());
    Ok(())
}
