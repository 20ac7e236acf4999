//! One connection type for two engines, chosen by the URL's scheme, and what each connection is told before its first use.

use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::connection::{Connection as _, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::error::OpenError;
use crate::store::Synchronous;

/// The kind of database behind a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file in this machine.
    Sqlite,
    /// A server.
    Postgres,
}

/// A connection to either engine.
pub(crate) enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Runs one query on whichever engine the transaction has: `with_connection!(tx, |c| users.load(c))?`. Typed twice, written once.
/// The error comes back as the crate's own, and the transaction remembers whether it can go on.
macro_rules! with_connection {
    ($tx:expr, |$c:ident| $query:expr) => {{
        let tx = &mut *$tx;
        match tx.usable() {
            Err(error) => Err(error),
            Ok(()) => {
                let answer = match tx.connection() {
                    $crate::connection::Connection::Sqlite($c) => $query,
                    $crate::connection::Connection::Postgres($c) => $query,
                };
                tx.judged(answer)
            }
        }
    }};
}

/// Where the database is.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// Path of the file.
    Sqlite(String),
    /// A libpq connection string in URL form.
    Postgres(String),
}

impl Target {
    /// Reads a URL. `SQLite` in memory is refused: each connection would see a database of its own.
    pub(crate) fn parse(url: &str) -> Result<Self, OpenError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.contains(":memory:") || path.contains('?') || path.starts_with("file:") {
                return Err(OpenError::Url);
            }
            return Ok(Self::Sqlite(path.to_owned()));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let mut url = url.to_owned();
            for (name, value) in [("connect_timeout", "2"), ("tcp_user_timeout", "2000"), ("application_name", "second-opinion")] {
                if !url.contains(&format!("{name}=")) {
                    url.push(if url.contains('?') { '&' } else { '?' });
                    url.push_str(name);
                    url.push('=');
                    url.push_str(value);
                }
            }
            return Ok(Self::Postgres(url));
        }
        Err(OpenError::Url)
    }

    /// The directory of an embedded database.
    pub(crate) fn directory(&self) -> Option<PathBuf> {
        let Self::Sqlite(path) = self else { return None };
        let directory = Path::new(path).parent().filter(|directory| !directory.as_os_str().is_empty());
        Some(directory.map_or_else(|| PathBuf::from("."), Path::to_owned))
    }

    pub(crate) fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }
}

/// How a connection is to be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// Questions only: the database itself refuses writes.
    Read,
    /// Everything.
    Write,
}

/// When `PostgreSQL` plans a statement. (`SQLite` plans each statement once.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plans {
    /// Again for each run, unless one plan for all values seems as good: right for lists, whose filters may be of rare or of common values.
    ByValue,
    /// Once for all values: right for lookups by key and for appending, where planning would cost as much as the work.
    Once,
}

/// Opens connections for r2d2.
#[derive(Clone, Debug)]
pub(crate) struct Connector {
    pub(crate) target: Target,
    pub(crate) usage: Use,
    pub(crate) plans: Plans,
    pub(crate) synchronous: Synchronous,
    pub(crate) statement_timeout: Duration,
}

/// Why a connection could not be opened; the text holds no credentials.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    #[error("{0}")]
    Unreachable(String),
    #[error("{0}")]
    Unsafe(String),
}

impl From<ConnectError> for OpenError {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Unreachable(why) => Self::Unreachable(why),
            ConnectError::Unsafe(why) => Self::UnsafeServer(why),
        }
    }
}

/// A pooled connection, and whether it may be used again.
pub(crate) struct PooledConnection {
    pub(crate) connection: Connection,
    pub(crate) broken: bool,
}

impl r2d2::ManageConnection for Connector {
    type Connection = PooledConnection;
    type Error = ConnectError;

    fn connect(&self) -> Result<PooledConnection, ConnectError> {
        self.open().map(|connection| PooledConnection { connection, broken: false })
    }

    fn is_valid(&self, pooled: &mut PooledConnection) -> Result<(), ConnectError> {
        if pooled.broken { Err(ConnectError::Unreachable("broken".to_owned())) } else { Ok(()) }
    }

    fn has_broken(&self, pooled: &mut PooledConnection) -> bool {
        pooled.broken
    }
}

impl Connector {
    /// A connection, set up for its use.
    pub(crate) fn open(&self) -> Result<Connection, ConnectError> {
        match &self.target {
            Target::Sqlite(path) => self.open_sqlite(path).map(Connection::Sqlite),
            Target::Postgres(url) => self.open_postgres(url).map(Connection::Postgres),
        }
    }

    fn open_sqlite(&self, path: &str) -> Result<SqliteConnection, ConnectError> {
        let mut connection = SqliteConnection::establish(path).map_err(|e| ConnectError::Unreachable(e.to_string()))?;
        let synchronous = match self.synchronous {
            Synchronous::Full => "FULL",
            Synchronous::Normal => "NORMAL",
        };
        // Kibibytes of pages: a reader loses its pages with each commit, the writer keeps them.
        let (query_only, cache) = match self.usage {
            Use::Read => ("ON", 500),
            Use::Write => ("OFF", 6_000),
        };
        // The timeout comes first: switching to WAL takes a lock. `temp_store` keeps sorted rows out of files.
        // The log is copied back beside the writer; it does so itself only once the log has grown to 64 MB in spite of that.
        // Each connection verifies the version: several WAL connections of SQLite before 3.51.3 can lose committed writes.
        let setup = format!(
            "PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; PRAGMA foreign_keys = ON; \
             PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{cache}; PRAGMA journal_size_limit = 67108864; \
             PRAGMA wal_autocheckpoint = 16000; PRAGMA secure_delete = ON; PRAGMA query_only = {query_only}"
        );
        connection.batch_execute(&setup).map_err(|error| unreachable(&error))?;
        let told: Setting = diesel::sql_query("SELECT journal_mode || ' ' || sqlite_version() AS value FROM pragma_journal_mode")
            .get_result(&mut connection)
            .map_err(|error| unreachable(&error))?;
        let Some(version) = told.value.strip_prefix("wal ") else {
            return Err(ConnectError::Unsafe("SQLite cannot use a write-ahead log here".to_owned()));
        };
        let numbers: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
        if numbers < vec![3, 51, 3] {
            return Err(ConnectError::Unsafe(format!("SQLite {version} is older than 3.51.3")));
        }
        Ok(connection)
    }

    fn open_postgres(&self, url: &str) -> Result<PgConnection, ConnectError> {
        let mut connection = PgConnection::establish(url).map_err(|e| ConnectError::Unreachable(words(&e.to_string())))?;
        // Waiting for a lock ends before the whole statement does, so that it can be told as what it is.
        let (statement, lock) = match self.statement_timeout.as_millis() {
            0 => (0, 10_000),
            limit => (limit, limit * 3 / 4),
        };
        let setup = format!(
            "SET statement_timeout = {statement}; SET lock_timeout = {lock}; SET idle_in_transaction_session_timeout = 30000; \
             SET TIME ZONE 'UTC'; SET default_transaction_read_only = {}; SET plan_cache_mode = {}",
            match self.usage {
                Use::Read => "on",
                Use::Write => "off",
            },
            match self.plans {
                Plans::ByValue => "auto",
                Plans::Once => "force_generic_plan",
            }
        );
        connection.batch_execute(&setup).map_err(|error| unreachable(&error))?;
        let settings: Vec<Setting> = diesel::sql_query(
            "SELECT name || '=' || setting AS value FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')",
        )
        .load(&mut connection)
        .map_err(|error| unreachable(&error))?;
        let off: Vec<String> = settings.into_iter().map(|setting| setting.value).filter(|value| value.ends_with("=off")).collect();
        if off.is_empty() { Ok(connection) } else { Err(ConnectError::Unsafe(off.join(", "))) }
    }
}

/// One text answered by the database about itself.
#[derive(QueryableByName)]
pub(crate) struct Setting {
    #[diesel(sql_type = Text)]
    pub(crate) value: String,
}

fn unreachable(error: &diesel::result::Error) -> ConnectError {
    ConnectError::Unreachable(words(&error.to_string()))
}

/// The first line of a driver's complaint.
fn words(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_is_built_as_the_workspace_says() {
        let mut connection = SqliteConnection::establish(":memory:").unwrap();
        let told: Vec<Setting> =
            diesel::sql_query("SELECT compile_options AS value FROM pragma_compile_options").load(&mut connection).unwrap();
        let has = |option: &str| told.iter().any(|setting| setting.value == option);
        for wanted in ["THREADSAFE=2", "DEFAULT_MEMSTATUS=0", "ENABLE_QPSG"] {
            assert!(has(wanted), "{wanted} is missing: is .cargo/config.toml in force?");
        }
        for unwanted in ["ENABLE_STAT4", "ENABLE_MEMORY_MANAGEMENT"] {
            assert!(!has(unwanted), "{unwanted}: is .cargo/config.toml in force?");
        }
    }
}
