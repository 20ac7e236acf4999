//! What the programs that kill servers share: what they are told on the command line, and a series of kills on each engine.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};

use crate::postgres::Postgres;
use crate::server::{Setup, binary};

/// How often, and by which random numbers.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many times the server is killed.
    pub kills: u32,
    /// The seed of the random numbers.
    pub seed: u64,
}

/// A series of kills on one database, called by its name.
pub type Series = fn(&str, &Setup, Option<&Postgres>, Plan) -> anyhow::Result<()>;

/// Runs a program: a series on each engine, with `usual` kills, or with `long` of them in its long form.
pub fn run(program: &str, usual: u32, long: u32, series: Series) -> ExitCode {
    match told(program, usual, long, series) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{program}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn told(program: &str, usual: u32, long: u32, series: Series) -> anyhow::Result<()> {
    let seed = u64::from_le_bytes(application::clock::random::<8>().context("randomness")?);
    let mut plan = Plan { kills: usual, seed: seed % 1_000_000 };
    let mut database = "both".to_owned();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--long" => plan.kills = long,
            "--kills" => plan.kills = arguments.next().context("--kills N")?.parse()?,
            "--seed" => plan.seed = arguments.next().context("--seed N")?.parse()?,
            "--database" => database = arguments.next().context("--database NAME")?,
            other => bail!("no such argument: {other}"),
        }
    }
    println!("  · seed {}", plan.seed);
    let place = tempfile::Builder::new().prefix(&format!("second-opinion-{program}.")).tempdir()?;
    let done = on_each_engine(place.path(), plan, &database, program, series);
    if done.is_err() {
        eprintln!("{program}: what was left behind is in {}", place.keep().display());
    }
    done
}

fn on_each_engine(place: &Path, plan: Plan, database: &str, program: &str, series: Series) -> anyhow::Result<()> {
    if database != "postgres" {
        let directory = place.join("sqlite");
        std::fs::create_dir(&directory)?;
        let file = directory.join(format!("{program}.db"));
        let setup = Setup::new(&binary()?, &directory, format!("sqlite:{}", file.display()))?;
        series("SQLite", &setup, None, plan)?;
    }
    if database != "sqlite" {
        let directory = place.join("api");
        std::fs::create_dir(&directory)?;
        let postgres = Postgres::start(&place.join("postgres"))?;
        let setup = Setup::new(&binary()?, &directory, postgres.url.clone())?;
        series("PostgreSQL", &setup, Some(&postgres), plan)?;
    }
    Ok(())
}
