//! The migrations of both engines, built into the program.

use diesel::connection::SimpleConnection as _;
use diesel::migration::Migration;
use diesel::{Connection as _, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::connection::{Connection, Connector};
use crate::error::OpenError;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any number will do; it keeps two processes from migrating one server at once.
pub(crate) const LOCK: &str = "SELECT pg_advisory_xact_lock(4713209)";

/// The names of the migrations that the database lacks, oldest first.
pub(crate) fn pending(connection: &mut Connection) -> Result<Vec<String>, OpenError> {
    let names = match connection {
        Connection::Sqlite(c) => c.pending_migrations(SQLITE).map(|list| names(&list)),
        Connection::Postgres(c) => c.pending_migrations(POSTGRES).map(|list| names(&list)),
    };
    names.map_err(|e| OpenError::Migration(e.to_string()))
}

/// Brings the database up to date and names what was done. Either all of it happens or nothing.
pub(crate) fn run(connector: &Connector) -> Result<Vec<String>, OpenError> {
    let failed = |e: Box<dyn std::error::Error + Send + Sync>| OpenError::Migration(e.to_string());
    match connector.open()? {
        Connection::Sqlite(mut c) => {
            // A table that is rebuilt must not take the rows that refer to it along (https://www.sqlite.org/lang_altertable.html, 7).
            // This works only outside a transaction; diesel opens one for each migration.
            let off = c.batch_execute("PRAGMA foreign_keys = OFF");
            off.map_err(|e| OpenError::Migration(e.to_string()))?;
            let done = c.run_pending_migrations(SQLITE).map(|done| done.iter().map(ToString::to_string).collect()).map_err(failed)?;
            let broken: Vec<Broken> = diesel::sql_query("SELECT \"table\" AS \"name\" FROM pragma_foreign_key_check LIMIT 1")
                .load(&mut c)
                .map_err(|e| OpenError::Migration(e.to_string()))?;
            match broken.first() {
                None => Ok(done),
                Some(Broken { name }) => Err(OpenError::Migration(format!("a row of {name} refers to nothing"))),
            }
        }
        Connection::Postgres(mut c) => c
            .transaction::<Vec<String>, Failure, _>(|c| {
                diesel::sql_query(LOCK).execute(c)?;
                let done = c.run_pending_migrations(POSTGRES).map_err(Failure)?;
                Ok(done.iter().map(ToString::to_string).collect())
            })
            .map_err(|Failure(e)| failed(e)),
    }
}

/// A table with a row that refers to nothing.
#[derive(diesel::QueryableByName)]
struct Broken {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

struct Failure(Box<dyn std::error::Error + Send + Sync>);

impl From<diesel::result::Error> for Failure {
    fn from(error: diesel::result::Error) -> Self {
        Self(Box::new(error))
    }
}

fn names<DB: diesel::backend::Backend>(migrations: &[Box<dyn Migration<DB>>]) -> Vec<String> {
    migrations.iter().map(|migration| migration.name().to_string()).collect()
}
