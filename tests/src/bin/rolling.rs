//! Two versions of the server side by side on one `PostgreSQL`, as in a rolling upgrade: this one, and a next one that adds a property to each
//! stored value, a setting and a column. Clients ask both in turn. No answer is 500 or above, what was acknowledged is there, and what the next
//! version wrote survives every change by this one. Then it shows that the same check finds a property that was lost.
//!
//! `rolling [--long] [--seconds N] [--seed N]`; the server is `$BINARY`, a debug build.

#![allow(clippy::indexing_slicing, reason = "a proof that stumbles shall fall")]

use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, bail};
use diesel::Connection as _;
use diesel::connection::SimpleConnection as _;
use proof::check::{Journal, faults};
use proof::client::Writer;
use proof::people;
use proof::postgres::Postgres;
use proof::server::{Setup, binary};
use proof::snapshot;
use serde_json::json;

/// Clients that write at once.
const WRITERS: u64 = 6;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("rolling: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let mut seed = u64::from_le_bytes(application::clock::random::<8>().context("randomness")?) % 1_000_000;
    let mut seconds = 20;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--long" => seconds = 60,
            "--seconds" => seconds = arguments.next().context("--seconds N")?.parse()?,
            "--seed" => seed = arguments.next().context("--seed N")?.parse()?,
            other => bail!("no such argument: {other}"),
        }
    }
    println!("  · seed {seed}");
    let place = tempfile::Builder::new().prefix("second-opinion-rolling.").tempdir()?;
    let done = prove(place.path(), seed, Duration::from_secs(seconds));
    if done.is_err() {
        eprintln!("rolling: what was left behind is in {}", place.keep().display());
    }
    done
}

fn prove(place: &Path, seed: u64, time: Duration) -> anyhow::Result<()> {
    let postgres = Postgres::start(&place.join("postgres"))?;
    let directories = ["this", "next"].map(|name| place.join(name));
    for directory in &directories {
        std::fs::create_dir(directory)?;
    }
    // Tokens of one are good for the other, as behind one balancer.
    let setup =
        |directory: &Path| Setup::new(&binary()?, directory, postgres.url.clone()).map(|one| one.with("PUBLIC_URL", "http://rolling.test"));
    let this = setup(&directories[0])?;
    let next = setup(&directories[1])?.with("NEXT_FORM", "1");
    this.run(&["migrate"], &[])?;
    let emails: Vec<String> = (0..WRITERS).map(|number| format!("writer-{number}@example.org")).collect();
    for email in &emails {
        people::add(&this, email, "applicant")?;
    }
    people::add(&this, "administrator@example.org", "administrator")?;
    // The next version comes while this one runs.
    let running = [this.start()?, next.start()?];
    let mut writers = Vec::new();
    for (number, email) in (0_u64..).zip(&emails) {
        let authorization = people::sign_in(running[usize::from(number % 2 == 1)].address, email)?;
        let writer = Writer::new(&format!("writer-{number}"), running[0].address, authorization, seed ^ (number << 32));
        writers.push(writer.asking_also(running[1].address));
    }
    settings(&running.each_ref().map(|server| server.address))?;
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for writer in &mut writers {
            scope.spawn(|| writer.work(&stop));
        }
        std::thread::sleep(time);
        stop.store(true, Ordering::Relaxed);
    });
    for writer in &mut writers {
        writer.verify(true);
        if let Some(fault) = writer.faults.first() {
            bail!("{fault}");
        }
        if writer.server_errors > 0 {
            bail!("{} answers were 500 or above: see the logs in {}", writer.server_errors, place.display());
        }
    }
    for server in running {
        let process = server.id();
        server.stop(process)?;
    }
    let journal = Journal {
        cases: writers.iter().flat_map(|writer| writer.cases.clone()).collect(),
        acknowledged: writers.iter().flat_map(|writer| writer.acknowledged.clone()).collect(),
    };
    let found = faults(&journal, &snapshot::take(&postgres.url)?);
    if let Some(fault) = found.first() {
        bail!("{} faults, the first: {fault}", found.len());
    }
    next.run(&["check"], &[]).context("something that the next version wrote was lost")?;
    let changed = journal.cases.iter().filter(|case| case.version > 1).count();
    println!(
        "  · {} acknowledged requests on {} cases, {changed} of them changed, by two versions in turn: nothing refused, nothing lost",
        journal.acknowledged.len(),
        journal.cases.len()
    );
    control(&next)
}

/// Changes the settings through both in turn.
fn settings(servers: &[std::net::SocketAddr; 2]) -> anyhow::Result<()> {
    let authorization = people::sign_in(servers[0], "administrator@example.org")?;
    for (number, server) in servers.iter().cycle().take(4).enumerate() {
        let body = json!({ "billing": { "quote_valid_days": 14 + number } }).to_string();
        let headers = [("Authorization", authorization.as_str()), ("If-Match", "*")];
        let answer = proof::http::once(*server, "PATCH", "/v1/settings", &headers, &body)?;
        if answer.status != 200 {
            bail!("the settings could not be changed: {}", answer.story());
        }
    }
    Ok(())
}

/// A property that was lost is found out.
fn control(next: &Setup) -> anyhow::Result<()> {
    let mut database = diesel::PgConnection::establish(&next.database)?;
    let lost = database.batch_execute("UPDATE settings SET body = replace(body, 'added_by_the_next_form', 'something_else')");
    lost.context("the control")?;
    if next.run(&["check"], &[]).is_ok() {
        bail!("the control: a property was taken away, and the check found nothing");
    }
    println!("  · the control: a property that was not written back is found out");
    Ok(())
}
