//! What the server costs, measured on this machine: requests in each second and in each second of a core, times, memory, start,
//! beside the same SQL under `pgbench` and a handler that does nothing. A program, not a test: figures depend on the machine.
//!
//! `cargo run --release -p benchmark -- [--cases 100000] [--database sqlite|postgres|both] [--seconds 5] [--only read --only slots]`

#![allow(clippy::print_stdout, reason = "a program that prints a table")]

mod billed;
mod fill;
mod load;
mod machine;
mod plain;
mod report;
mod scenarios;
mod trivial;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use clap::{Parser, Subcommand, ValueEnum};
use proof::http::{Ask, Connection};
use proof::postgres::Postgres;
use proof::random::Random;
use proof::server::Setup;

use load::{Outcome, Request};
use report::{Row, Target};
use scenarios::{Callers, Scenario};
use trivial::Trivial;

/// Cases in the small database, beside which the large one's worklist is measured.
const FEW: u32 = 1_000;

/// Measures the server on this machine.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Hidden>,
    /// How many cases the database holds.
    #[arg(long, default_value_t = 100_000)]
    cases: u32,
    /// On which database.
    #[arg(long, value_enum, default_value_t = Which::Both)]
    database: Which,
    /// How long each load lasts.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Only this load; may be given several times. The comparisons of the worklist are left out then.
    #[arg(long, value_enum)]
    only: Vec<Scenario>,
}

impl Arguments {
    /// The loads that are wanted.
    fn wants(&self, scenario: Scenario) -> bool {
        self.only.is_empty() || self.only.contains(&scenario)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    Sqlite,
    Postgres,
    Both,
}

#[derive(Subcommand)]
enum Hidden {
    /// The trivial handler.
    #[command(hide = true)]
    Trivial {
        #[arg(long)]
        address: String,
        #[arg(long)]
        size: usize,
    },
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if let Some(Hidden::Trivial { address, size }) = arguments.command {
        return trivial::serve(&address, size);
    }
    if cfg!(debug_assertions) {
        println!("Figures of a debug build mean nothing: cargo run --release -p benchmark.\n");
    }
    let binary = build()?;
    let bytes = f64::from(u32::try_from(std::fs::metadata(&binary)?.len())?);
    println!("Machine: {}", machine::words());
    println!("Release binary: {:.1} MB\n", bytes / 1_048_576.0);
    let place = tempfile::Builder::new().prefix("second-opinion-benchmark.").tempdir()?;
    if arguments.database != Which::Postgres {
        let urls = ["small", "large"].map(|name| format!("sqlite:{}", place.path().join(format!("{name}.db")).display()));
        measure("SQLite", &Bench { binary: &binary, place: place.path(), urls, postgres: None, arguments: &arguments })?;
    }
    if arguments.database != Which::Sqlite {
        let postgres = Postgres::start(&place.path().join("postgres"))?;
        plain::tell(&postgres.url, &["CREATE DATABASE small", "CREATE DATABASE large"])?;
        let base = postgres.url.trim_end_matches("postgres").to_owned();
        let urls = ["small", "large"].map(|name| format!("{base}{name}"));
        measure("PostgreSQL", &Bench { binary: &binary, place: place.path(), urls, postgres: Some(&postgres), arguments: &arguments })?;
    }
    Ok(())
}

/// The release binary, built by the same cargo unless `BINARY` names one.
fn build() -> anyhow::Result<PathBuf> {
    if std::env::var_os("BINARY").is_none() {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(["build", "-q", "--release", "--locked", "-p", "api", "--bin", "second-opinion"]).current_dir(proof::root());
        if !command.status()?.success() {
            bail!("the server cannot be built");
        }
    }
    proof::server::binary()
}

/// What is measured, and where.
struct Bench<'a> {
    binary: &'a Path,
    place: &'a Path,
    /// The databases: the small one, the large one.
    urls: [String; 2],
    postgres: Option<&'a Postgres>,
    arguments: &'a Arguments,
}

impl Bench<'_> {
    fn lasting(&self) -> Duration {
        Duration::from_secs(self.arguments.seconds)
    }

    fn setup(&self, url: &str) -> anyhow::Result<Setup> {
        Ok(Setup::new(self.binary, self.place, url)?.with("PASSWORD_COST", "standard"))
    }

    /// Seconds of cores that the server and its database have used.
    fn spent(&self, server: u32) -> f64 {
        let mut processes = vec![server];
        processes.extend(self.postgres.and_then(|postgres| postgres.processes().ok()).unwrap_or_default());
        machine::cpu_seconds(&processes)
    }
}

fn measure(engine: &str, bench: &Bench<'_>) -> anyhow::Result<()> {
    let (cases, [small, large]) = (bench.arguments.cases, &bench.urls);
    let begun = Instant::now();
    fill::fill(small, FEW)?;
    fill::fill(large, cases)?;
    if bench.postgres.is_some() {
        plain::tell(small, &["VACUUM ANALYZE"])?;
        plain::tell(large, &["VACUUM ANALYZE", "CHECKPOINT"])?;
    }
    println!("## {engine}, {cases} cases (filled in {:.0} s), {} s each load\n", begun.elapsed().as_secs_f64(), bench.arguments.seconds);

    let setup = bench.setup(large)?;
    let mut starts = Vec::new();
    for _ in 0..4 {
        let server = setup.start()?;
        starts.push(server.ready_after);
        server.kill()?;
    }
    starts.sort_unstable();
    let server = setup.start()?;
    std::thread::sleep(Duration::from_secs(1));
    let idle = machine::resident(server.id())?;
    let callers = Callers::sign_in(server.address, cases)?;
    let mut rows = Vec::new();
    for scenario in Scenario::ALL.into_iter().filter(|scenario| *scenario != Scenario::Pay && bench.arguments.wants(*scenario)) {
        rows.push(one(bench, server.address, server.id(), &callers, scenario)?);
    }
    let slots = if bench.arguments.wants(Scenario::Slots) { Some(slots_beside_read(server.address, &callers)?) } else { None };
    let loaded = machine::resident(server.id())?;
    let ratio = if bench.arguments.only.is_empty() { Some(compare(bench, server.address, &callers)?) } else { None };
    // Payments are told by letters, which leave for a while afterwards: nothing is measured beside them.
    if bench.arguments.wants(Scenario::Pay) {
        rows.push(one(bench, server.address, server.id(), &callers, Scenario::Pay)?);
    }
    if bench.postgres.is_some() {
        for row in &mut rows {
            if let Some(script) = plain::SCRIPTS.iter().find(|script| script.name == row.scenario.name()) {
                row.pgbench = plain::pgbench(script, large, bench.place, bench.arguments.seconds, cases, 32)?;
            }
        }
    }
    println!("{}", report::table(&rows));
    let plans = [plain::plan(small)?, plain::plan(large)?];
    let [few, many] = &plans;
    println!("Worklist's plan at {FEW} cases: {few}\nat {cases} cases: {}\n", if few == many { "the same" } else { many });
    let median = starts.get(starts.len() / 2).copied().unwrap_or_default().as_secs_f64();
    let mut targets = report::targets(engine, &rows);
    targets.extend(slots.map(|times| Target::new(format!("{engine} list slots, one client, times that of read (<)"), times, 3.0, 3.0)));
    targets
        .extend(ratio.map(|ratio| Target::new(format!("{engine} worklist at {cases} cases, times that at {FEW} (<)"), ratio, 1.25, 1.25)));
    targets.extend([
        Target::new(format!("{engine} seconds from start to ready (<)"), median, 0.5, 0.5),
        Target::new(format!("{engine} megabytes resident, idle (<)"), idle, 40.0, 40.0),
        Target::new(format!("{engine} megabytes resident after the load (<)"), loaded, 80.0, 80.0),
    ]);
    for target in targets {
        println!("{}", target.line());
    }
    println!();
    Ok(())
}

/// One scenario, with the trivial handler before and after it: the machine is rarely alone.
fn one(bench: &Bench<'_>, address: SocketAddr, server: u32, callers: &Callers, scenario: Scenario) -> anyhow::Result<Row> {
    let ask = |client: usize, turn: u64, random: &mut _| callers.ask(scenario, client, turn, random);
    if scenario == Scenario::SignIn {
        let outcome = load::run(address, scenario.clients(), bench.lasting(), ask, || bench.spent(server))?;
        return Ok(Row { scenario, outcome, trivial: 0.0, pgbench: None });
    }
    let (stand_in, size) = callers.stand_in(address, scenario)?;
    let nothing = Trivial::start(size)?;
    let beside = || -> anyhow::Result<Outcome> {
        let again = |_: usize, _: u64, _: &mut _| Some(stand_in.clone());
        load::run(nothing.address, scenario.clients(), bench.lasting() / 2, again, || machine::cpu_seconds(&[nothing.id()]))
    };
    let before = beside()?;
    let outcome = load::run(address, scenario.clients(), bench.lasting(), ask, || bench.spent(server))?;
    let after = beside()?;
    Ok(Row { scenario, outcome, trivial: f64::midpoint(before.rate, after.rate), pgbench: None })
}

/// How much longer the worklist takes in the large database than in the small one: medians of one client that asks in turn.
fn compare(bench: &Bench<'_>, large: SocketAddr, callers: &Callers) -> anyhow::Result<f64> {
    let [small, _] = &bench.urls;
    let server = bench.setup(small)?.start()?;
    let others = Callers::sign_in(server.address, FEW)?;
    let [few, many] = in_turn(500, [(server.address, &mut || Some(others.list())), (large, &mut || Some(callers.list()))])?;
    Ok(many / few)
}

/// How much longer the first hundred free half hours of twenty physicians take than a case: medians of 200 calls of one client that asks in turn.
fn slots_beside_read(address: SocketAddr, callers: &Callers) -> anyhow::Result<f64> {
    let (mut random, mut again) = (Random::new(11), Random::new(11));
    let mut slots = || callers.ask(Scenario::Slots, 0, 0, &mut again);
    let [read, slots] = in_turn(200, [(address, &mut || callers.ask(Scenario::Read, 0, 0, &mut random)), (address, &mut slots)])?;
    Ok(slots / read)
}

type Asking<'a> = &'a mut dyn FnMut() -> Option<Request>;

/// What one client waits for two requests that it sends in turn: the medians, in seconds, after a hundred turns that are not counted.
fn in_turn(turns: usize, sides: [(SocketAddr, Asking<'_>); 2]) -> anyhow::Result<[f64; 2]> {
    let connected = sides.map(|(address, ask)| Connection::open(address).map(|connection| (connection, ask, Vec::new())));
    let [first, second] = connected;
    let mut sides = [first?, second?];
    for turn in 0..100 + turns {
        for (connection, ask, times) in &mut sides {
            let request = ask().context("nothing to ask")?;
            let headers = [("Authorization", request.authorization.as_str())];
            let asked = Instant::now();
            let answer = connection.ask(Ask { method: request.method, path: &request.path, headers: &headers, body: "" })?;
            if !answer.is_done() {
                bail!("{}: {}", request.path, answer.story());
            }
            if turn >= 100 {
                times.push(asked.elapsed());
            }
        }
    }
    Ok(sides.map(|(_, _, mut times)| {
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or_default().as_secs_f64()
    }))
}
