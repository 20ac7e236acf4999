//! A database of its own for each test, of the engine that `TEST_DATABASE` names.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use persistence::{Store, StoreOptions};
use secrecy::SecretBox;
use tempfile::TempDir;

use super::postgres;

/// A fresh, migrated database; it goes with the value.
pub(crate) struct Database {
    directory: TempDir,
    postgres: Option<postgres::Database>,
}

impl Database {
    pub(crate) fn fresh() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let now = "2026-11-24T03:00:00Z".parse().unwrap();
        let migrate =
            |url: &str| drop(Store::migrate(&StoreOptions::new(url, SecretBox::new(Box::new(proof::server::MASTER_KEY)), now)).unwrap());
        let postgres = postgres::asked_for().then(|| postgres::Database::create(migrate));
        if postgres.is_none() {
            static TEMPLATE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
            let (_, template) = TEMPLATE.get_or_init(|| {
                let place = tempfile::tempdir().unwrap();
                let file = place.path().join("template.db");
                migrate(&format!("sqlite:{}", file.display()));
                (place, file)
            });
            std::fs::copy(template, directory.path().join("test.db")).unwrap();
        }
        Self { directory, postgres }
    }

    /// A database in which nothing stands.
    pub(crate) fn empty() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let postgres = postgres::asked_for().then(postgres::Database::empty);
        Self { directory, postgres }
    }

    /// Another database with the same content. Nobody may be connected to this one.
    pub(crate) fn copy(&self) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let postgres = self.postgres.as_ref().map(postgres::Database::copy);
        if postgres.is_none() {
            std::fs::copy(self.directory.path().join("test.db"), directory.path().join("test.db")).unwrap();
        }
        Self { directory, postgres }
    }

    /// Runs SQL.
    pub(crate) fn execute(&self, sql: &str) {
        use diesel::Connection as _;
        use diesel::connection::SimpleConnection as _;
        match self.url().strip_prefix("sqlite:") {
            Some(path) => sqlite(path).batch_execute(sql).unwrap(),
            None => diesel::PgConnection::establish(&self.url()).unwrap().batch_execute(sql).unwrap(),
        }
    }

    /// The one text that a query of one column finds.
    pub(crate) fn one_text(&self, sql: &str) -> String {
        use diesel::{Connection as _, RunQueryDsl as _};
        #[derive(diesel::QueryableByName)]
        struct Found {
            #[diesel(sql_type = diesel::sql_types::Text)]
            found: String,
        }
        let query = diesel::sql_query(format!("WITH one(found) AS ({sql}) SELECT found FROM one"));
        let found: Found = match self.url().strip_prefix("sqlite:") {
            Some(path) => query.get_result(&mut sqlite(path)).unwrap(),
            None => query.get_result(&mut diesel::PgConnection::establish(&self.url()).unwrap()).unwrap(),
        };
        found.found
    }

    pub(crate) fn url(&self) -> String {
        self.postgres
            .as_ref()
            .map_or_else(|| format!("sqlite:{}", self.directory.path().join("test.db").display()), |one| one.url().to_owned())
    }

    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }
}

/// A connection that waits for the server's own to finish what it writes.
fn sqlite(path: &str) -> diesel::SqliteConnection {
    use diesel::Connection as _;
    use diesel::connection::SimpleConnection as _;
    let mut connection = diesel::SqliteConnection::establish(path).unwrap();
    connection.batch_execute("PRAGMA busy_timeout = 10000").unwrap();
    connection
}
