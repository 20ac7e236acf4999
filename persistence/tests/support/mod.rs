//! A store of its own for each test, on the engine that `TEST_DATABASE` names (`sqlite`, which is the default, or `postgres`).
#![allow(dead_code, reason = "each test binary uses its part")]

pub(crate) mod cases;

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

/// A typed identifier with this number.
pub(crate) fn id<K: domain::ids::IdKind>(number: u128) -> domain::ids::Id<K> {
    domain::ids::Id::from_uuid(uuid::Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0000 + number))
}

/// Runs one job and waits.
pub(crate) fn write<T, E>(store: &Store, job: impl Fn(&mut persistence::Transaction<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<persistence::Error> + Send + 'static,
{
    store.write_blocking(job)
}

/// A row of the audit trail, so many minutes after [`now`].
pub(crate) fn entry(number: u128, case: Option<domain::ids::CaseId>) -> persistence::audit::Entry {
    persistence::audit::Entry {
        id: id(number),
        at: now() + jiff::SignedDuration::from_mins(i64::try_from(number).unwrap()),
        actor: Some(id(1)),
        session: Some(id(2)),
        operation: "getCase".to_owned(),
        subject_kind: Some("case".to_owned()),
        subject_id: Some("case_x".to_owned()),
        case,
        outcome: persistence::audit::Outcome::Done,
        request_id: "req_1".to_owned(),
        details: serde_json::json!({"ids": ["a", "b"]}),
    }
}

/// An applicant, `person<number>@example.org`.
pub(crate) fn someone(number: u128) -> persistence::users::User {
    use domain::access::{Role, RoleAssignment, Roles};
    persistence::users::User {
        id: id(number),
        email: format!("person{number}@example.org").parse().unwrap(),
        holds_address: true,
        profile: persistence::users::Profile { name: name(&format!("Person {number}")), phone: None },
        password_hash: None,
        status: persistence::users::UserStatus::Active,
        language: "en".parse().unwrap(),
        roles: Roles::new(vec![RoleAssignment::new(Role::Applicant, None, None).unwrap()]).unwrap(),
        epoch: 1,
        email_verified_at: None,
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

impl Database {
    /// All bytes that the database keeps of its rows: the files of `SQLite`, or a textual dump of the tables of `PostgreSQL`.
    pub(crate) fn raw(&self, store: &Store) -> Vec<u8> {
        store.shutdown();
        if let Some(directory) = &self.directory {
            return std::fs::read_dir(directory.path()).unwrap().flat_map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect();
        }
        let tables = self.lines("SELECT table_name::text AS line FROM information_schema.tables WHERE table_schema = 'public'");
        let mut all = Vec::new();
        for table in tables {
            for line in self.lines(&format!("SELECT encode(convert_to(t::text, 'UTF8'), 'hex') AS line FROM {table} t")) {
                let text: Vec<u8> =
                    line.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect();
                // bytea columns come as `\x…` within the text: their bytes count too.
                all.extend(text.split(|byte| *byte == b'\\').flat_map(unhex));
                all.extend(text);
            }
        }
        all
    }
}

fn unhex(part: &[u8]) -> Vec<u8> {
    let digits = part
        .iter()
        .skip_while(|byte| matches!(byte, b'x' | b'\\'))
        .take_while(|byte| byte.is_ascii_hexdigit())
        .copied()
        .collect::<Vec<_>>();
    digits.chunks_exact(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// A name in the alphabetic form.
pub(crate) fn name(alphabetic: &str) -> domain::people::PersonName {
    domain::people::PersonName::new(Some(alphabetic.to_owned()), None, None).unwrap()
}
