//! Would a write that was acknowledged survive the loss of power? Runs the server under `strace` and checks that a sync of the
//! database's log precedes the answer to every write: on `SQLite`, and on `PostgreSQL`, whose processes are traced, too. The same
//! check must fail on the same server with `synchronous=NORMAL`, which the product does not offer: for that control this program
//! is a server itself. A `PostgreSQL` that does not sync must be refused.
//!
//! `power [--long]`; the server is `$BINARY`.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use api::server::{Capacity, Listening, Network};
use application::sign_in::passwords::{Cost, Passwords};
use application::{AppOptions, Clock};
use persistence::{Store, StoreOptions, Synchronous};
use proof::client::Writer;
use proof::postgres::{self, Postgres};
use proof::server::{MASTER_KEY, Setup, binary};
use proof::trace::{Trace, Verdict};
use proof::{people, snapshot};
use secrecy::SecretBox;

/// Clients that write at once in the second half of a run.
const WRITERS: u64 = 6;

/// How many acknowledged writes are enough to judge a run by.
const WRITES: usize = 100;
/// How many of them were the only one under way.
const ALONE: usize = 20;
/// How often a load is repeated until there are enough.
const TURNS: usize = 10;

/// How long the mailer has for the letters about the writers' sign-ins.
const LETTERS: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["serve-with", "full", "serve"] => serve(Synchronous::Full),
        ["serve-with", "normal", "serve"] => serve(Synchronous::Normal),
        [] => prove(Duration::from_secs(3)),
        ["--long"] => prove(Duration::from_mins(1)),
        other => Err(anyhow::anyhow!("no such arguments: {other:?}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("power: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The server on `SQLite` in another mode, with nothing else changed.
fn serve(synchronous: Synchronous) -> anyhow::Result<()> {
    let setting = |name: &str| std::env::var(format!("SECOND_OPINION_{name}")).with_context(|| name.to_owned());
    let clock = Clock::System;
    let mut options = StoreOptions::new(setting("DATABASE")?, SecretBox::new(Box::new(MASTER_KEY)), clock.now());
    options.synchronous = synchronous;
    let store = Store::open(options)?;
    let address: SocketAddr = setting("LISTEN")?.parse()?;
    let public_url = format!("http://{address}");
    let opening = AppOptions { store, clock, public_url, passwords: Passwords::new(Cost::CHEAP, 1)?, throttling: false };
    let hospital = Arc::new(application::App::open(opening)?);
    api::server::system().block_on(async move {
        let listening = Listening::on(
            address,
            hospital,
            Capacity { workers: 2, limits: proof::limits::unlimited(), patience: Duration::from_secs(1) },
            Network::default(),
        )
        .await?;
        listening.run().await?;
        Ok(())
    })
}

fn prove(load: Duration) -> anyhow::Result<()> {
    let probe = Command::new("strace").args(["-f", "-o", "/dev/null", "true"]).stdin(Stdio::null()).status();
    if !probe.is_ok_and(|status| status.success()) {
        bail!("strace is missing or may not trace: install Debian's package strace; a container needs the capability SYS_PTRACE");
    }
    let place = tempfile::Builder::new().prefix("second-opinion-power.").tempdir()?;
    let done = prove_in(place.path(), load);
    if done.is_err() {
        eprintln!("power: what was left behind is in {}", place.keep().display());
    }
    done
}

fn prove_in(place: &Path, load: Duration) -> anyhow::Result<()> {
    let server = binary()?;
    let this = std::env::current_exe()?;
    let product = sqlite(&place.join("product"), &[server.as_os_str()], load)?;
    passed("SQLite", &product)?;
    let full = sqlite(&place.join("full"), &[this.as_os_str(), "serve-with".as_ref(), "full".as_ref()], load)?;
    passed("SQLite, this program as the server", &full)?;
    let normal = sqlite(&place.join("normal"), &[this.as_os_str(), "serve-with".as_ref(), "normal".as_ref()], load)?;
    failed("SQLite, the same with synchronous=NORMAL", &normal)?;

    refusals(place)?;
    let (product, doctored) = on_postgres(place, load)?;
    passed("PostgreSQL", &product)?;
    failed("PostgreSQL, the same trace without its syncs", &doctored)
}

fn passed(name: &str, verdict: &Verdict) -> anyhow::Result<()> {
    let Verdict { writes, alone, syncs, unsynced } = verdict;
    if *writes < WRITES || *alone < ALONE {
        bail!("{name}: {writes} acknowledged writes, {alone} of them alone, are too few to judge");
    }
    if let Some(first) = unsynced.first() {
        bail!("{name}: {} of {writes} writes were acknowledged without a sync, such as {first}", unsynced.len());
    }
    println!("  · {name}: {writes} acknowledged writes ({alone} of them alone), {syncs} syncs of the log: one before every answer");
    Ok(())
}

fn failed(name: &str, verdict: &Verdict) -> anyhow::Result<()> {
    let Verdict { writes, syncs, unsynced, .. } = verdict;
    if unsynced.len() < writes / 2 || *writes < WRITES {
        bail!("{name}: the control: the check should fail here, but found only {} of {writes} writes unsynced", unsynced.len());
    }
    println!("  · {name}: the control: {} of {writes} writes acknowledged without a sync ({syncs} syncs): found out", unsynced.len());
    Ok(())
}

/// One run on a fresh `SQLite` database, judged.
fn sqlite(directory: &Path, command: &[&std::ffi::OsStr], load: Duration) -> anyhow::Result<Verdict> {
    std::fs::create_dir(directory)?;
    let setup = Setup::new(&binary()?, directory, format!("sqlite:{}", directory.join("power.db").display()))?;
    prepare(&setup)?;
    let output = directory.join("trace");
    let mut watched = setup.clone();
    watched.command = proof::trace::strace(&output).into_iter().chain(command.iter().map(|&word| word.to_owned())).collect();
    run(&watched, load)?;
    // Neither a sync of the database itself (the log copied back) nor its shared memory (rebuilt after a loss of power) is meant.
    let trace = Trace::read(&std::fs::read_to_string(output)?, "power.db-wal");
    snapshot::take(&setup.database).context("the database after the run")?;
    Ok(trace.judge())
}

/// One run on `PostgreSQL`, both programs traced; the verdict, and that of the same trace without its syncs.
fn on_postgres(place: &Path, load: Duration) -> anyhow::Result<(Verdict, Verdict)> {
    let directory = place.join("api");
    std::fs::create_dir(&directory)?;
    let postgres = Postgres::start(&place.join("postgres"))?;
    let setup = Setup::new(&binary()?, &directory, postgres.url.clone())?;
    prepare(&setup)?;
    let told = setup.run(&["check"], &[])?;
    if !told.contains("with safe settings") {
        bail!("`check` says nothing of PostgreSQL's settings: {told}");
    }
    let (output, database) = (directory.join("trace"), directory.join("trace-of-postgres"));
    let postmaster = postgres.postmaster()?;
    let words = proof::trace::strace(&database);
    let (strace, rest) = words.split_first().context("no strace")?;
    let mut tracer = Command::new(strace)
        .args(rest)
        .args(["-p", &postmaster.to_string()])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("strace of PostgreSQL")?;
    let begun = Instant::now();
    while postgres::tracer(postmaster) != Some(tracer.id()) {
        if begun.elapsed() > Duration::from_secs(5) {
            bail!("strace cannot follow PostgreSQL: this needs root or kernel.yama.ptrace_scope=0");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let mut watched = setup.clone();
    watched.command = proof::trace::strace(&output);
    watched.command.push(binary()?.into());
    run(&watched, load)?;
    Command::new("kill").args(["-INT", &tracer.id().to_string()]).status()?;
    tracer.wait()?;
    let log = Trace::read(&std::fs::read_to_string(database)?, "pg_wal");
    // PostgreSQL writes its log for reasons of its own, so writes alone are judged like the others.
    let trace = Trace::read(&std::fs::read_to_string(output)?, "pg_wal").with_log_of(log);
    Ok((trace.judge(), trace.without_syncs().judge()))
}

/// A `PostgreSQL` that may lose what it acknowledged is refused at the start.
fn refusals(place: &Path) -> anyhow::Result<()> {
    let directory = place.join("refused");
    std::fs::create_dir(&directory)?;
    let postgres = Postgres::start_with(&place.join("unsafe"), "-c fsync=off -c full_page_writes=off")?;
    let unsynced = Setup::new(&binary()?, &directory, postgres.url.clone())?;
    drop_of(&unsynced, "fsync")?;
    drop(postgres);
    let postgres = Postgres::start(&place.join("safe"))?;
    let url = format!("{}?options=-c%20synchronous_commit%3Doff", postgres.url);
    drop_of(&Setup::new(&binary()?, &directory, url)?, "synchronous_commit")?;
    println!("  · PostgreSQL with fsync, full_page_writes or synchronous_commit off: refused by `check` and by `serve`");
    Ok(())
}

fn drop_of(setup: &Setup, name: &str) -> anyhow::Result<()> {
    for command in ["check", "serve"] {
        match setup.run(&[command], &[]) {
            Ok(_) => bail!("`{command}` accepts a PostgreSQL with {name} off"),
            Err(refusal) if refusal.to_string().contains(&format!("{name}=off")) => {}
            Err(other) => return Err(other.context(format!("`{command}` should name {name}"))),
        }
    }
    Ok(())
}

fn email(number: u64) -> String {
    format!("writer-{number}@example.org")
}

fn prepare(setup: &Setup) -> anyhow::Result<()> {
    setup.run(&["migrate"], &[])?;
    (0..WRITERS).try_for_each(|number| people::add(setup, &email(number), "applicant"))
}

/// Runs the traced server: one client first, then several at once; then SIGTERM.
fn run(traced: &Setup, load: Duration) -> anyhow::Result<()> {
    let server = traced.start()?;
    let mut writers = Vec::new();
    for number in 0..WRITERS {
        let authorization = people::sign_in(server.address, &email(number))?;
        writers.push(Writer::new(&format!("writer-{number}"), server.address, authorization, number));
    }
    // The letters about the sign-ins leave, so that nothing but the writers writes.
    std::thread::sleep(LETTERS);
    // A busy machine gets as many turns as it needs for enough writes to judge.
    for (clients, enough) in [(1, 2 * ALONE), (writers.len(), 2 * WRITES)] {
        // Alone is who wakes nobody else: nothing is submitted then.
        for writer in &mut writers {
            writer.submits = clients > 1;
        }
        for _ in 0..TURNS {
            let stop = AtomicBool::new(false);
            std::thread::scope(|scope| {
                for writer in writers.iter_mut().take(clients) {
                    scope.spawn(|| writer.work(&stop));
                }
                std::thread::sleep(load);
                stop.store(true, Ordering::Relaxed);
            });
            let acknowledged = writers.iter().flat_map(|writer| &writer.acknowledged);
            if acknowledged.filter(|one| one.operation != "getCase").count() >= enough {
                break;
            }
        }
    }
    if let Some(fault) = writers.iter().flat_map(|writer| &writer.faults).next() {
        bail!("{fault}");
    }
    let traced = postgres::children(server.id()).first().copied().context("strace runs nothing")?;
    server.stop(traced).map(drop)
}
