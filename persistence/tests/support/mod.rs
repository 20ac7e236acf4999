//! A store of its own for each test, on the engine that `TEST_DATABASE` names (`sqlite`, which is the default, or `postgres`).
#![allow(dead_code, reason = "each test binary uses its part")]

use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};
use jiff::Timestamp;
use persistence::{Store, StoreOptions};
use secrecy::SecretBox;
use tempfile::TempDir;

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// A database of one test, gone with it.
pub(crate) struct Database {
    pub(crate) url: String,
    pub(crate) directory: Option<TempDir>,
    server: Option<(String, String)>,
}

pub(crate) fn on_postgres() -> bool {
    match std::env::var("TEST_DATABASE").as_deref() {
        Ok("postgres") => true,
        Ok("sqlite") | Err(_) => false,
        Ok(other) => panic!("TEST_DATABASE must be sqlite or postgres, not {other:?}"),
    }
}

impl Database {
    pub(crate) fn new() -> Self {
        if !on_postgres() {
            let directory = TempDir::new().unwrap();
            let url = format!("sqlite:{}", directory.path().join("test.db").display());
            return Self { url, directory: Some(directory), server: None };
        }
        let Ok(admin) = std::env::var("TEST_POSTGRES_URL") else {
            panic!("TEST_DATABASE=postgres needs TEST_POSTGRES_URL, a superuser's URL such as postgres://postgres@127.0.0.1:5433/postgres");
        };
        let name = format!("persistence_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::SeqCst));
        PgConnection::establish(&admin).unwrap().batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        let (head, _) = admin.rsplit_once('/').unwrap();
        Self { url: format!("{head}/{name}"), directory: None, server: Some((admin, name)) }
    }

    pub(crate) fn options(&self) -> StoreOptions {
        let mut options = StoreOptions::new(self.url.clone(), key(1), now());
        options.auto_migrate = true;
        options
    }

    pub(crate) fn store(&self) -> Store {
        Store::open(self.options()).unwrap()
    }

    /// SQL that the store does not offer.
    pub(crate) fn sql(&self, command: &str) {
        match self.url.strip_prefix("sqlite:") {
            Some(path) => SqliteConnection::establish(path).unwrap().batch_execute(command).unwrap(),
            None => PgConnection::establish(&self.url).unwrap().batch_execute(command).unwrap(),
        }
    }

    /// The lines that a query gives, one text column named `line`.
    pub(crate) fn lines(&self, query: &str) -> Vec<String> {
        #[derive(QueryableByName)]
        struct Line {
            #[diesel(sql_type = diesel::sql_types::Text)]
            line: String,
        }
        let query = diesel::sql_query(query);
        let lines: Vec<Line> = match self.url.strip_prefix("sqlite:") {
            Some(path) => query.load(&mut SqliteConnection::establish(path).unwrap()).unwrap(),
            None => query.load(&mut PgConnection::establish(&self.url).unwrap()).unwrap(),
        };
        lines.into_iter().map(|line| line.line).collect()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some((admin, name)) = &self.server {
            // A failing drop must not hide the failure of the test.
            if let Ok(mut connection) = PgConnection::establish(admin) {
                let _ = connection.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"));
            }
        }
    }
}

pub(crate) fn key(byte: u8) -> SecretBox<[u8; 32]> {
    SecretBox::new(Box::new([byte; 32]))
}

pub(crate) fn now() -> Timestamp {
    "2026-11-23T09:00:00.000001Z".parse().unwrap()
}
