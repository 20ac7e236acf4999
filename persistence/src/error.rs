//! Why the database did not do what was asked, in few words that the layers above can act upon.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as Diesel};

/// Why a job failed in the store. Texts carry names of tables and constraints, never values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The row asked for is not there.
    #[error("not found")]
    NotFound,
    /// A unique constraint refused the row; `constraint` is `table.column,column`.
    #[error("duplicate: {constraint}")]
    Duplicate {
        /// Which one, as `table.column,column`.
        constraint: String,
    },
    /// The row changed since it was read.
    #[error("stale")]
    Stale,
    /// Too much is waiting; try again shortly.
    #[error("busy")]
    Busy,
    /// The database cannot be reached, or did not answer in time. A write may or may not have happened.
    #[error("unavailable")]
    Unavailable,
    /// The database's disk is full; nothing was written.
    #[error("disk full")]
    DiskFull,
    /// The stored value is damaged, or was changed from outside.
    #[error("corrupt: {table}.{column} of {id}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row.
        id: String,
    },
    /// The database refused the statement for a reason that is a fault of this program.
    #[error("query: {0}")]
    Query(String),
}

impl Error {
    /// Stored data that cannot be read back.
    #[expect(clippy::needless_pass_by_value, reason = "identifiers are small, and the calls read better")]
    pub(crate) fn corrupt(table: &'static str, column: &'static str, id: impl ToString) -> Self {
        Self::Corrupt { table, column, id: id.to_string() }
    }

    /// Whether it tells of the database's state at the moment, not of what was asked: the same may succeed later.
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Busy | Self::Unavailable | Self::DiskFull)
    }

    /// Whether it is a breach of the unique constraint `constraint` (`table.column,column`).
    pub fn is_duplicate(&self, constraint: &str) -> bool {
        matches!(self, Self::Duplicate { constraint: named } if named == constraint)
    }
}

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL is neither `sqlite:path` nor `postgres://…`; it is not repeated, since it may hold a password.
    #[error("the database URL must be sqlite:<path of a file> or postgres://…")]
    Url,
    /// The database cannot be reached or opened.
    #[error("the database cannot be opened: {0}")]
    Unreachable(String),
    /// The database lacks these migrations.
    #[error("the database needs migration: {}", .0.join(", "))]
    NeedsMigration(Vec<String>),
    /// A migration failed.
    #[error("migration failed: {0}")]
    Migration(String),
    /// The data keys in the database are wrapped by another master key.
    #[error("the master key does not open this database's data keys")]
    WrongMasterKey,
    /// The server is set up so that acknowledged writes can be lost.
    #[error("the database could lose acknowledged writes: {0}")]
    UnsafeServer(String),
    /// The data keys could not be made or read.
    #[error("data keys: {0}")]
    Keys(String),
    /// The worker threads could not be started.
    #[error("threads: {0}")]
    Threads(String),
}

/// The consequence of a failure for the transaction and its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The transaction lost a race and may simply run again.
    Retry,
    /// The transaction is gone; its connection is not to be trusted.
    Broken,
}

/// The error as the layers above see it, and what it means here.
#[expect(clippy::wildcard_enum_match_arm, reason = "diesel's list is open")]
pub(crate) fn classify(error: Diesel) -> (Error, Option<Fault>) {
    match error {
        Diesel::NotFound => (Error::NotFound, None),
        Diesel::DatabaseError(kind, information) => judge_database(kind, information.as_ref()),
        Diesel::BrokenTransactionManager => (Error::Unavailable, Some(Fault::Broken)),
        Diesel::RollbackErrorOnCommit { commit_error, .. } => (classify(*commit_error).0, Some(Fault::Broken)),
        // The texts of these name types and columns; the values stay out.
        Diesel::DeserializationError(fault) => (Error::Query(format!("deserialisation: {fault}")), None),
        Diesel::SerializationError(fault) => (Error::Query(format!("serialisation: {fault}")), None),
        other => (Error::Query(other.to_string()), None),
    }
}

fn judge_database(kind: DatabaseErrorKind, information: &(dyn DatabaseErrorInformation + Send + Sync)) -> (Error, Option<Fault>) {
    let message = information.message();
    match kind {
        DatabaseErrorKind::UniqueViolation => (Error::Duplicate { constraint: constraint(information) }, None),
        DatabaseErrorKind::SerializationFailure => (Error::Busy, Some(Fault::Retry)),
        DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand | DatabaseErrorKind::ReadOnlyTransaction => {
            (Error::Unavailable, Some(Fault::Broken))
        }
        DatabaseErrorKind::ForeignKeyViolation
        | DatabaseErrorKind::NotNullViolation
        | DatabaseErrorKind::CheckViolation
        | DatabaseErrorKind::RestrictViolation
        | DatabaseErrorKind::ExclusionViolation => (Error::Query(format!("{kind:?}: {}", constraint(information))), None),
        // `Unknown` and whatever kinds come: both engines tell the rest apart only in words.
        _ => judge_words(message),
    }
}

/// Diesel keeps neither SQLSTATE nor `SQLite`'s result code for these; their English texts are stable for decades.
fn judge_words(message: &str) -> (Error, Option<Fault>) {
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    if says(&["deadlock detected", "could not serialize access"]) {
        (Error::Busy, Some(Fault::Retry))
    } else if says(&["database or disk is full", "No space left on device", "could not extend file", "could not write to file"]) {
        (Error::DiskFull, Some(Fault::Broken))
    } else if says(&[
        "database is locked",
        "database table is locked",
        "due to lock timeout",
        "too many clients",
        "remaining connection slots",
    ]) {
        (Error::Busy, None)
    } else if says(&["disk I/O error", "unable to open database", "no transaction is active", "attempt to write a readonly database"])
        || says(&["database disk image is malformed", "file is not a database"])
        || says(&["connection", "terminating", "server closed", "SSL", "could not receive data", "could not send data"])
        || says(&["the database system is", "Broken pipe", "timed out", "idle-in-transaction"])
    {
        (Error::Unavailable, Some(Fault::Broken))
    } else if says(&["due to statement timeout", "canceling statement"]) {
        (Error::Unavailable, None)
    } else {
        (Error::Query(message.lines().next().unwrap_or_default().to_owned()), None)
    }
}

/// The constraint's name in one form for both engines. `PostgreSQL`'s constraints are named `table.column,column` in the
/// migrations; `SQLite` says `UNIQUE constraint failed: table.column, table.column`.
fn constraint(information: &(dyn DatabaseErrorInformation + Send + Sync)) -> String {
    if let Some(name) = information.constraint_name() {
        return name.to_owned();
    }
    let Some((_, columns)) = information.message().split_once("failed: ") else {
        return information.column_name().unwrap_or("unnamed").to_owned();
    };
    let mut parts = columns.split(", ");
    let mut name = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        name.push(',');
        name.push_str(part.rsplit('.').next().unwrap_or(part));
    }
    name
}
