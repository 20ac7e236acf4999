//! The treatment history, entry by entry, sealed.

use diesel::prelude::*;
use domain::ids::{CaseId, TreatmentEntryId};
use domain::intake::treatment::TreatmentEntry;
use jiff::Timestamp;
use uuid::Uuid;

use crate::cases::next_seq;
use crate::columns::Bind;
use crate::examine::examined;
use crate::schema::treatment_entries as entries;
use crate::{Error, Page, Transaction};

/// An entry as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// Its place among what was written to the case.
    pub seq: i64,
    /// The entry.
    pub entry: TreatmentEntry,
    /// Counts its changes, from 1.
    pub version: i64,
    /// When it last changed.
    pub updated_at: Timestamp,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = entries)]
struct EntryRow {
    id: Bind<TreatmentEntryId>,
    case_id: Bind<CaseId>,
    seq: i64,
    created_at: Bind<Timestamp>,
    updated_at: Bind<Timestamp>,
    version: i64,
    body_sealed: Vec<u8>,
}

/// A new entry.
pub fn insert(tx: &mut Transaction<'_>, entry: &TreatmentEntry) -> Result<StoredEntry, Error> {
    let seq = next_seq(tx, entry.case, entry.entered_at)?;
    let row = EntryRow {
        id: Bind(entry.id),
        case_id: Bind(entry.case),
        seq,
        created_at: Bind(entry.entered_at),
        updated_at: Bind(entry.entered_at),
        version: 1,
        body_sealed: seal(tx, entry)?,
    };
    with_connection!(tx, |c| diesel::insert_into(entries::table).values(&row).execute(c))?;
    Ok(StoredEntry { seq, entry: entry.clone(), version: 1, updated_at: entry.entered_at })
}

/// One entry of a case.
pub fn get(tx: &mut Transaction<'_>, case: CaseId, id: TreatmentEntryId) -> Result<StoredEntry, Error> {
    let row: EntryRow = with_connection!(tx, |c| entries::table
        .filter(entries::id.eq(Bind(id)).and(entries::case_id.eq(Bind(case))))
        .select(EntryRow::as_select())
        .first(c))?;
    restore(tx, &row)
}

/// The entries of a case, in the order of their making.
pub fn list(tx: &mut Transaction<'_>, case: CaseId, page: Page<i64>) -> Result<Vec<StoredEntry>, Error> {
    page.filled(
        tx,
        |tx, page| -> Result<Vec<EntryRow>, Error> {
            with_connection!(tx, |c| entries::table
                .filter(entries::case_id.eq(Bind(case)).and(entries::seq.gt(page.after.unwrap_or(0))))
                .order(entries::seq)
                .limit(i64::from(page.limit))
                .select(EntryRow::as_select())
                .load(c))
        },
        |row| row.seq,
        |tx, row| restore(tx, &row),
    )
}

/// How many entries a case has.
pub fn count(tx: &mut Transaction<'_>, case: CaseId) -> Result<i64, Error> {
    with_connection!(tx, |c| entries::table.filter(entries::case_id.eq(Bind(case))).count().get_result(c))
}

/// Writes a changed entry and gives its new version.
///
/// # Errors
/// [`Error::Stale`] unless the stored version is `expected`.
pub fn save(tx: &mut Transaction<'_>, entry: &TreatmentEntry, expected: i64, now: Timestamp) -> Result<i64, Error> {
    let new = (entries::updated_at.eq(Bind(now)), entries::version.eq(expected + 1), entries::body_sealed.eq(seal(tx, entry)?));
    let target =
        entries::table.filter(entries::id.eq(Bind(entry.id)).and(entries::case_id.eq(Bind(entry.case))).and(entries::version.eq(expected)));
    match with_connection!(tx, |c| diesel::update(target).set(new).execute(c))? {
        0 => Err(Error::Stale),
        _ => Ok(expected + 1),
    }
}

/// Removes an entry.
///
/// # Errors
/// [`Error::Stale`] unless the stored version is `expected`.
pub fn delete(tx: &mut Transaction<'_>, case: CaseId, id: TreatmentEntryId, expected: i64) -> Result<(), Error> {
    let target = entries::table.filter(entries::id.eq(Bind(id)).and(entries::case_id.eq(Bind(case))).and(entries::version.eq(expected)));
    match with_connection!(tx, |c| diesel::delete(target).execute(c))? {
        0 => Err(Error::Stale),
        _ => Ok(()),
    }
}

fn seal(tx: &Transaction<'_>, entry: &TreatmentEntry) -> Result<Vec<u8>, Error> {
    tx.seal_form(("treatment_entries", "body_sealed", entry.id.uuid()), entry)
}

fn restore(tx: &Transaction<'_>, row: &EntryRow) -> Result<StoredEntry, Error> {
    let id = row.id.0;
    let entry: TreatmentEntry = tx.open_form(("treatment_entries", "body_sealed", id.uuid()), &row.body_sealed)?;
    if entry.id != id || entry.case != row.case_id.0 {
        return Err(Error::corrupt("treatment_entries", "columns in clear", id));
    }
    Ok(StoredEntry { seq: row.seq, entry, version: row.version, updated_at: row.updated_at.0 })
}

examined!("entries", entries, EntryRow, |row| row.id.0, |tx, row| restore(tx, &row));
