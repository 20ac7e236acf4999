//! The table, and whether the targets were reached.

use std::fmt::Write as _;

use crate::load::Outcome;
use crate::scenarios::Scenario;

/// What was measured of one scenario.
pub(crate) struct Row {
    pub(crate) scenario: Scenario,
    pub(crate) outcome: Outcome,
    /// The trivial handler's rate; 0 if it was not measured.
    pub(crate) trivial: f64,
    /// The rate of the same SQL under `pgbench`.
    pub(crate) pgbench: Option<f64>,
}

/// What a peer reached on `PostgreSQL` on a machine of this size, without an audit row (`FastAPI` with asyncpg, two processes).
fn peer(scenario: Scenario) -> Option<f64> {
    match scenario {
        Scenario::Create => Some(304.0),
        Scenario::Read => Some(716.0),
        Scenario::List => Some(402.0),
        Scenario::SignIn | Scenario::Submit | Scenario::Slots | Scenario::Pay | Scenario::Receivables => None,
    }
}

/// The table of one database.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut text = String::from(
        "| | requests/s | per CPU-second | p50 ms | p99 ms | trivial handler | of it | pgbench | of it | other answers |\n|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for Row { scenario, outcome, trivial, pgbench } in rows {
        let beside = |other: f64| {
            if other > 0.0 { (format!("{other:.0}"), format!("{:.2}", outcome.rate / other)) } else { ("–".into(), "–".into()) }
        };
        let ((trivial, of_trivial), (plain, of_plain)) = (beside(*trivial), beside(pgbench.unwrap_or(0.0)));
        let others = if outcome.others.is_empty() { "none".to_owned() } else { format!("{:?}", outcome.others) };
        let _ = writeln!(
            text,
            "| {} | {:.0} | {:.0} | {:.1} | {:.1} | {trivial} | {of_trivial} | {plain} | {of_plain} | {others} |",
            scenario.name(),
            outcome.rate,
            outcome.per_cpu_second,
            outcome.percentile(50),
            outcome.percentile(99),
        );
    }
    text
}

/// A target.
pub(crate) struct Target {
    what: String,
    reached: f64,
    least: f64,
    aim: f64,
}

impl Target {
    /// At least `least`, better `aim`; less is better where the aim is below the least.
    pub(crate) fn new(what: impl Into<String>, reached: f64, least: f64, aim: f64) -> Self {
        Self { what: what.into(), reached, least, aim }
    }

    /// One line that says whether it was reached.
    pub(crate) fn line(&self) -> String {
        let Self { what, reached, least, aim } = self;
        let met = |limit: f64| if aim < least || what.contains('<') { *reached <= limit } else { *reached >= limit };
        let verdict = match (met(*aim), met(*least)) {
            (true, _) => "reached",
            (false, true) => "at least reached, the aim not",
            (false, false) => "NOT reached",
        };
        format!("- {what}: {reached:.2} (at least {least}, aim {aim}): {verdict}")
    }
}

/// The targets of one database's table.
pub(crate) fn targets(engine: &str, rows: &[Row]) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::new();
    for Row { scenario, outcome, trivial, pgbench } in rows {
        let name = scenario.name();
        if engine == "SQLite" && matches!(scenario, Scenario::Create | Scenario::Read) && *trivial > 0.0 {
            targets.push(Target::new(format!("{engine} {name}, share of the trivial handler"), outcome.rate / trivial, 0.1, 0.2));
        }
        if let Some(plain) = pgbench.filter(|plain| *plain > 0.0) {
            targets.push(Target::new(format!("{engine} {name}, share of pgbench"), outcome.rate / plain, 0.35, 0.6));
        }
        if let Some(peer) = peer(*scenario) {
            let times = match (engine, scenario) {
                ("SQLite", Scenario::Create) => 20.0,
                ("SQLite", _) => 10.0,
                (_, Scenario::List) => 8.0,
                _ => 5.0,
            };
            targets.push(Target::new(format!("{engine} {name}, times FastAPI's best"), outcome.rate / peer, 1.0, times));
        }
    }
    targets
}
