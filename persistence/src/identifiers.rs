//! Identifiers sort in the order of their making: within a process by their context, over a restart by the newest one that is stored.

use diesel::prelude::*;
use jiff::Timestamp;
use uuid::{ContextV7, Uuid};

use crate::schema::{agencies, approvals, cases, departments, invoices, sessions, users};
use crate::{Error, Transaction};

/// The identifiers of one instant rise, too: within a process they sort in the order of their making.
static IDENTIFIERS: std::sync::Mutex<ContextV7> = std::sync::Mutex::new(ContextV7::new());

/// A fresh identifier, sortable by the time of its making (`UUIDv7`, RFC 9562).
pub fn fresh(now: Timestamp) -> Uuid {
    let seconds = u64::try_from(now.as_second()).unwrap_or(0);
    let nanoseconds = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
    Uuid::new_v7(uuid::Timestamp::from_unix(&IDENTIFIERS, seconds, nanoseconds))
}

/// The instant after the newest identifier of what is listed by its identifier; `None` if nothing is stored. A server whose clock was set
/// back makes its identifiers from here on, so that what is newer never sorts before what is older.
pub(crate) fn after_newest(tx: &mut Transaction<'_>) -> Result<Option<Timestamp>, Error> {
    let mut newest: Option<Uuid> = None;
    macro_rules! look_at {
        ($($table:ident),*) => {$(
            let found: Option<Uuid> = with_connection!(tx, |c| $table::table.select($table::id).order($table::id.desc()).first(c).optional())?;
            newest = newest.max(found);
        )*};
    }
    look_at!(cases, invoices, users, agencies, departments, sessions, approvals);
    let made = newest.and_then(|id| id.get_timestamp()).map(|made| made.to_unix());
    Ok(made.and_then(|(seconds, nanoseconds)| {
        let milliseconds = i64::try_from(seconds).ok()?.checked_mul(1_000)?.checked_add(i64::from(nanoseconds / 1_000_000))?;
        Timestamp::from_millisecond(milliseconds.checked_add(1)?).ok()
    }))
}
