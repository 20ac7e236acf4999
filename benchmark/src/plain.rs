//! The same SQL without the server: under `pgbench`, and its plans as the engines explain them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;

/// A script of one request: its statements, as release 0.1 sent them.
pub(crate) struct Script {
    pub(crate) name: &'static str,
    before: &'static str,
    statements: &'static str,
    /// The case of the audit row.
    case: &'static str,
}

const AUTHENTICATE: &str = include_str!("../sql/authenticate.sql");
const AUDIT: &str = include_str!("../sql/audit.sql");
const GET: &str = include_str!("../sql/case.sql");
const LIST: &str = include_str!("../sql/list.sql");
const CREATE: &str = include_str!("../sql/create.sql");
const SUBMIT: &str = include_str!("../sql/submit.sql");
/// The case whose number was drawn.
const DRAWN: &str = "('018bcfe5-6800-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid";

/// The scripts.
pub(crate) const SCRIPTS: [Script; 4] = [
    Script { name: "create", before: "", statements: CREATE, case: ":case::uuid" },
    Script { name: "submit", before: "\\set n 5 * random(0, :count / 5 - 1)\n", statements: SUBMIT, case: DRAWN },
    Script { name: "read", before: "\\set n random(0, :count - 1)\n", statements: "", case: DRAWN },
    Script { name: "list", before: "", statements: LIST, case: "NULL" },
];

impl Script {
    fn text(&self) -> String {
        let begin = "BEGIN;\n";
        let statements = match self.name {
            "create" => self.statements.to_owned(),
            "submit" => format!("{begin}{GET}{}", self.statements),
            "read" => format!("{begin}{GET}"),
            _ => format!("{begin}{}", self.statements),
        };
        format!("{}{AUTHENTICATE}{statements}{}COMMIT;\n", self.before, AUDIT.replace(":case::uuid", self.case))
    }
}

/// One text of an answer.
#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// A row of PostgreSQL's EXPLAIN.
#[derive(QueryableByName)]
struct Explained {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

/// A row of SQLite's EXPLAIN QUERY PLAN.
#[derive(QueryableByName)]
struct Detail {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// Runs statements on PostgreSQL, each outside of a transaction.
pub(crate) fn tell(url: &str, statements: &[&str]) -> anyhow::Result<()> {
    let mut connection = PgConnection::establish(url)?;
    statements.iter().try_for_each(|statement| connection.batch_execute(statement).context((*statement).to_owned()))
}

fn ask(url: &str, question: &str) -> anyhow::Result<String> {
    let mut connection = PgConnection::establish(url)?;
    let line: Line = diesel::sql_query(question).get_result(&mut connection).with_context(|| question.to_owned())?;
    Ok(line.line)
}

/// The plan of the worklist's query, on one line.
pub(crate) fn plan(url: &str) -> anyhow::Result<String> {
    let lines: Vec<String> = match url.strip_prefix("sqlite:") {
        None => {
            let mut connection = PgConnection::establish(url)?;
            let query = LIST.replace(":who::uuid", "'018bcfe5-6800-7000-9000-0000ffffffff'::uuid");
            let rows: Vec<Explained> = diesel::sql_query(format!("EXPLAIN (COSTS OFF) {query}")).load(&mut connection)?;
            rows.into_iter().map(|row| row.line.trim().to_owned()).collect()
        }
        Some(path) => {
            let mut connection = SqliteConnection::establish(path)?;
            let query = LIST.replace(":who::uuid", "x'018bcfe5680070009000 0000ffffffff'".replace(' ', "").as_str());
            let rows: Vec<Detail> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {query}")).load(&mut connection)?;
            rows.into_iter().map(|row| row.detail).collect()
        }
    };
    Ok(lines.join("; "))
}

/// `pgbench`, where it is installed.
fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = std::env::split_paths(&path).collect();
    places.extend(std::env::var_os("POSTGRES_BIN").map(PathBuf::from));
    places.extend((14..=20).rev().map(|version| PathBuf::from(format!("/usr/lib/postgresql/{version}/bin"))));
    places.into_iter().map(|place| place.join("pgbench")).find(|file| file.is_file())
}

/// Transactions in each second under `pgbench`; nothing where it is not installed.
pub(crate) fn pgbench(
    script: &Script,
    url: &str,
    directory: &Path,
    seconds: u64,
    cases: u32,
    clients: usize,
) -> anyhow::Result<Option<f64>> {
    let Some(program) = program() else { return Ok(None) };
    let file = directory.join(format!("{}.sql", script.name));
    std::fs::write(&file, script.text())?;
    let who = "018bcfe5-6800-7000-9000-0000ffffffff";
    let session = ask(url, &format!("SELECT id::text AS line FROM sessions WHERE user_id = '{who}' LIMIT 1"))?;
    let body = ask(url, "SELECT body_sealed::text AS line FROM cases ORDER BY id DESC LIMIT 1")?;
    let event = ask(url, "SELECT data_sealed::text AS line FROM events ORDER BY seq DESC LIMIT 1")?;
    let mut command = Command::new(program);
    command.args(["-n", "-M", "prepared", "-c", &clients.to_string(), "-j", "2", "-T", &seconds.to_string(), "-f"]).arg(file);
    for (name, value) in [("who", who), ("session", &session), ("body", &body), ("event", &event), ("count", &cases.to_string())] {
        command.args(["-D", &format!("{name}={value}")]);
    }
    let done = command.arg(url).stdin(Stdio::null()).output()?;
    let (told, complained) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    if !done.status.success() {
        bail!("pgbench {}: {complained}", script.name);
    }
    let rate = told.lines().find_map(|line| line.strip_prefix("tps = ")).and_then(|rest| rest.split(' ').next()?.parse().ok());
    rate.map(Some).with_context(|| format!("pgbench said nothing of its rate: {told}"))
}
