//! Cases: in clear what lists and clocks need, the whole aggregate sealed beside it. A case is read only together with the
//! caller's relation to it.

mod activity;
mod counts;
mod listing;
mod members;
mod numbers;
mod row;
mod search;

use diesel::prelude::*;
use domain::access::{CaseFacts, Membership};
use domain::case::{Case, CaseSummary, Event};
use domain::ids::{CaseId, UserId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::columns::Bind;
use crate::connection::Connection;
use crate::events::NewEvents;
use crate::examine::examined;
use crate::postgres::Together;
use crate::schema::{case_members, cases};
use crate::{Error, Transaction};
pub use activity::has_activity;
pub(crate) use activity::next_seq;
pub use counts::{Due, DueKind, counts, list_due, list_untouched_drafts};
pub use listing::{CaseFilter, list};
pub use members::{Member, add_member, end_member, find_member, list_members};
pub use numbers::next_number;
pub(crate) use row::seal_summary;
use row::{CaseRow, Part, restore};
pub use search::replace_words;

/// A case as stored, with what relates the caller to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCase {
    /// The case.
    pub case: Case,
    /// Counts its changes, from 1.
    pub version: i64,
    /// The facts that relate the caller to it.
    pub facts: CaseFacts,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A line of a list, with what relates the caller to its case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedCase {
    /// The line.
    pub summary: CaseSummary,
    /// The facts that relate the caller to the case.
    pub facts: CaseFacts,
}

/// A new case with what belongs to it from its first instant.
#[derive(Clone, Copy, Debug)]
pub struct NewCase<'a> {
    /// The case.
    pub case: &'a Case,
    /// The texts by whose words it is found.
    pub texts: &'a [String],
    /// The relation of the account that opened it, if that account takes part. Others join through [`add_member`].
    pub opener: Option<Membership>,
    /// Its first events.
    pub events: &'a [Event],
}

/// Writes a new case.
///
/// # Errors
/// Those of the database.
pub fn insert(tx: &mut Transaction<'_>, new: NewCase<'_>, now: Timestamp) -> Result<(), Error> {
    let NewCase { case, texts, opener, events } = new;
    let (id, user) = (case.id(), case.opened_by());
    let row = (CaseRow::of(tx, case, 1, now, now)?, cases::summary_sealed.eq(seal_summary(tx, case)?));
    let row = diesel::insert_into(cases::table).values(row);
    let words = search::hashes_of_all(tx.vault(), texts).into_iter().collect();
    let events = NewEvents::seal(tx, id, Some(user), now, events)?;
    tx.usable()?;
    let written = match tx.connection() {
        Connection::Postgres(c) => {
            let (words, member) = (search::statement(id, words), members::statement(id, user, opener, now));
            Together(row, words, member, events.statement()).execute(c).map(drop)
        }
        Connection::Sqlite(c) => row
            .execute(c)
            .and_then(|_| search::each(id, words, c))
            .and_then(|()| opener.map_or(Ok(()), |relation| members::insert(id, user, relation, now, c)))
            .and_then(|()| events.each(c)),
    };
    tx.judged(written)
}

/// One case with the facts of the caller's relation to it, in one statement.
pub fn get(tx: &mut Transaction<'_>, id: CaseId, caller: UserId) -> Result<StoredCase, Error> {
    let (row, relation): (CaseRow, Option<String>) = with_connection!(tx, |c| cases::table
        .left_join(case_members::table.on(members::is_part_of!(caller)))
        .filter(cases::id.eq(Bind(id)))
        .select((CaseRow::as_select(), case_members::relation.nullable()))
        .first(c))?;
    restore(tx, row, Part { caller: Some(caller), relation })
}

/// Locks a case until the end of the transaction, and gives the version that stands by then; nothing where the transaction has the whole
/// database to itself, so that what it read before still stands.
///
/// # Errors
/// [`Error::NotFound`] if the case is gone.
pub fn lock(tx: &mut Transaction<'_>, id: CaseId) -> Result<Option<i64>, Error> {
    tx.usable()?;
    let Connection::Postgres(c) = tx.connection() else { return Ok(None) };
    let version = cases::table.filter(cases::id.eq(Bind(id))).select(cases::version).for_no_key_update().first::<i64>(c);
    tx.judged(version).map(Some)
}

/// One case as the system itself sees it, without a caller: for the clock's work.
pub fn get_for_system(tx: &mut Transaction<'_>, id: CaseId) -> Result<StoredCase, Error> {
    let row: CaseRow = with_connection!(tx, |c| cases::table.filter(cases::id.eq(Bind(id))).select(CaseRow::as_select()).first(c))?;
    restore(tx, row, Part::default())
}

/// Writes a changed case and gives its new version.
///
/// # Errors
/// [`Error::Stale`] unless the stored version is `expected`.
pub fn save(tx: &mut Transaction<'_>, case: &Case, expected: i64, now: Timestamp) -> Result<i64, Error> {
    let version = expected + 1;
    let row = CaseRow::of(tx, case, version, now, now)?.changes();
    let summary = seal_summary(tx, case)?;
    let target = cases::table.filter(cases::id.eq(Bind(case.id())).and(cases::version.eq(expected)));
    match with_connection!(tx, |c| diesel::update(target).set((&row, cases::summary_sealed.eq(&summary))).execute(c))? {
        0 => Err(Error::Stale),
        _ => Ok(version),
    }
}

/// Writes a case of an earlier release in today's form, with the columns that follow from it. Its version stays.
pub(crate) fn rewrite(tx: &mut Transaction<'_>, stored: &StoredCase) -> Result<(), Error> {
    let StoredCase { case, version, created_at, updated_at, .. } = stored;
    let row = CaseRow::of(tx, case, *version, *created_at, *updated_at)?.changes();
    let summary = seal_summary(tx, case)?;
    let target = cases::table.filter(cases::id.eq(Bind(case.id())).and(cases::version.eq(*version)));
    match with_connection!(tx, |c| diesel::update(target).set((&row, cases::summary_sealed.eq(&summary))).execute(c))? {
        0 => Err(Error::Stale),
        _ => Ok(()),
    }
}

/// Removes a draft with all that belongs to it.
///
/// # Errors
/// [`Error::Stale`] unless the stored version is `expected`.
pub fn delete_draft(tx: &mut Transaction<'_>, id: CaseId, expected: i64) -> Result<(), Error> {
    let target = cases::table.filter(cases::id.eq(Bind(id)).and(cases::version.eq(expected)).and(cases::stage.eq("draft")));
    match with_connection!(tx, |c| diesel::delete(target).execute(c))? {
        0 => Err(Error::Stale),
        _ => Ok(()),
    }
}

examined!("cases", cases, CaseRow, |row| row.id.0, |tx, row| row::examine(tx, row));
