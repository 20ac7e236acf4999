//! Reads every row that holds a stored value, and says what is wrong with it: for the operator, who is told by nothing else when a list
//! leaves a row out.

use std::fmt::Display;

use uuid::Uuid;

use crate::{
    Error, Transaction, agencies, cases, documents, estimates, events, information, invoices, messages, notes, opinions, treatment, users,
};

/// How closely a row's columns in clear are held against the value that they were derived from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compare {
    /// Those on which authority rests. The others are computed again.
    Authority,
    /// All of them.
    Everything,
}

/// Rows that were examined.
#[derive(Debug, Default)]
pub struct Examined {
    /// How many.
    pub rows: usize,
    /// The last of them; `None` after the table's end.
    pub last: Option<Uuid>,
    /// The fault.
    pub faults: Vec<Error>,
}

impl Examined {
    /// Examines rows by reading them back.
    pub(crate) fn of<R, I: Into<Uuid> + Display, T>(
        rows: Vec<R>,
        id: impl Fn(&R) -> I,
        mut read: impl FnMut(R) -> Result<T, Error>,
    ) -> Result<Self, Error> {
        let mut examined = Self { rows: rows.len(), last: rows.last().map(|row| id(row).into()), faults: Vec::new() };
        for row in rows {
            let id = id(&row);
            match read(row) {
                Ok(_) => {}
                Err(Error::Corrupt { table, column, .. }) => examined.faults.push(Error::corrupt(table, column, id)),
                Err(other) => return Err(other),
            }
        }
        Ok(examined)
    }
}

/// The function by which a table is examined: it reads each row back as `$read` says.
macro_rules! examined {
    ($what:literal, $table:ident, $row:ty, $id:expr, |$tx:ident, $one:ident| $read:expr) => {
        #[doc = concat!("Reads back at most `limit` ", $what, " after one.")]
        pub(crate) fn examine($tx: &mut Transaction<'_>, after: Uuid, limit: i64) -> Result<$crate::examine::Examined, Error> {
            let rows: Vec<$row> = with_connection!($tx, |c| $table::table
                .filter($table::id.gt(Bind(after)))
                .order($table::id)
                .limit(limit)
                .select(<$row>::as_select())
                .load(c))?;
            $crate::examine::Examined::of(rows, $id, |$one| $read)
        }
    };
}
pub(crate) use examined;

/// Examines at most `limit` rows after one, in the order of their identifiers.
type Examine = fn(&mut Transaction<'_>, Uuid, i64) -> Result<Examined, Error>;

/// Every table whose rows hold a stored value that the API shows.
pub const TABLES: [(&str, Examine); 15] = [
    ("agencies", agencies::examine),
    ("cases", cases::examine),
    ("documents", documents::examine),
    ("events", events::examine),
    ("estimates", estimates::examine),
    ("information_requests", information::examine),
    ("internal_notes", notes::examine),
    ("invoices", invoices::examine),
    ("messages", messages::examine),
    ("opinions", opinions::examine),
    ("papers", invoices::papers::examine),
    ("refunds", invoices::refunds::examine),
    ("treatment_entries", treatment::examine),
    ("unmatched_payments", invoices::unmatched::examine),
    ("users", users::examine),
];

/// The rows of a list that can be read. One that cannot is left out and logged: it takes nobody else's with it.
pub(crate) fn readable<T>(rows: impl IntoIterator<Item = Result<T, Error>>) -> Result<Vec<T>, Error> {
    let mut read = Vec::new();
    for row in rows {
        match row {
            Ok(value) => read.push(value),
            Err(Error::Corrupt { table, column, id }) => {
                tracing::error!(table, column, id, "a row cannot be read and is left out of a list: run `check`");
            }
            Err(other) => return Err(other),
        }
    }
    Ok(read)
}
