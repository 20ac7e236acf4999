//! Written opinions, edition by edition, sealed. A delivered edition is never written again: the database is asked for it too.

use diesel::prelude::*;
use domain::ids::{CaseId, OpinionId, UserId};
use domain::written::{Opinion, OpinionStage};
use jiff::Timestamp;
use uuid::Uuid;

use crate::columns::Bind;
use crate::examine::{Compare, examined};
use crate::schema::opinions;
use crate::{Error, Transaction};

/// An edition as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredOpinion {
    /// The edition.
    pub opinion: Opinion,
    /// Counts its changes, from 1.
    pub version: i64,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset, PartialEq)]
#[diesel(table_name = opinions, treat_none_as_null = true)]
struct OpinionRow {
    id: Bind<OpinionId>,
    case_id: Bind<CaseId>,
    edition: i32,
    state: String,
    author_id: Bind<UserId>,
    created_at: Bind<Timestamp>,
    updated_at: Bind<Timestamp>,
    delivered_at: Option<Bind<Timestamp>>,
    version: i64,
    body_sealed: Vec<u8>,
}

/// A new edition.
///
/// # Errors
/// [`Error::Duplicate`] of `opinions.case_id,edition` if the case has that edition.
pub fn insert(tx: &mut Transaction<'_>, opinion: &Opinion) -> Result<(), Error> {
    let row = row_of(opinion, 1, seal(tx, opinion)?);
    with_connection!(tx, |c| diesel::insert_into(opinions::table).values(&row).execute(c))?;
    Ok(())
}

/// All editions of a case, the first one first; there are a handful.
pub fn list(tx: &mut Transaction<'_>, case: CaseId) -> Result<Vec<StoredOpinion>, Error> {
    let rows: Vec<OpinionRow> = with_connection!(tx, |c| opinions::table
        .filter(opinions::case_id.eq(Bind(case)))
        .order(opinions::edition)
        .select(OpinionRow::as_select())
        .load(c))?;
    // The newest edition decides what is read: none may be missing.
    rows.into_iter().map(|row| restore(tx, row)).collect()
}

/// Writes a changed edition and gives its new version.
///
/// # Errors
/// [`Error::Stale`] unless the stored version is `expected`, or if the stored edition is delivered.
pub fn save(tx: &mut Transaction<'_>, opinion: &Opinion, expected: i64) -> Result<i64, Error> {
    let row = row_of(opinion, expected + 1, seal(tx, opinion)?);
    let target = opinions::table
        .filter(opinions::id.eq(Bind(opinion.id())).and(opinions::version.eq(expected)))
        .filter(opinions::state.ne(OpinionStage::Delivered.as_str()));
    match with_connection!(tx, |c| diesel::update(target).set(&row).execute(c))? {
        0 => Err(Error::Stale),
        _ => Ok(expected + 1),
    }
}

fn seal(tx: &Transaction<'_>, opinion: &Opinion) -> Result<Vec<u8>, Error> {
    tx.seal_form(("opinions", "body_sealed", opinion.id().uuid()), opinion)
}

fn row_of(opinion: &Opinion, version: i64, body_sealed: Vec<u8>) -> OpinionRow {
    OpinionRow {
        id: Bind(opinion.id()),
        case_id: Bind(opinion.case()),
        edition: i32::from(opinion.edition()),
        state: opinion.state_name().as_str().to_owned(),
        author_id: Bind(opinion.author()),
        created_at: Bind(opinion.created_at()),
        updated_at: Bind(opinion.updated_at()),
        delivered_at: opinion.delivered_at().map(Bind),
        version,
        body_sealed,
    }
}

fn restore(tx: &Transaction<'_>, row: OpinionRow) -> Result<StoredOpinion, Error> {
    restore_comparing(tx, row, Compare::Authority)
}

fn restore_comparing(tx: &Transaction<'_>, mut row: OpinionRow, compare: Compare) -> Result<StoredOpinion, Error> {
    let (id, version) = (row.id.0, row.version);
    let opinion: Opinion = tx.open_form(("opinions", "body_sealed", id.uuid()), &std::mem::take(&mut row.body_sealed))?;
    let expected = row_of(&opinion, version, Vec::new());
    let agrees = match compare {
        Compare::Authority => expected.id == row.id && expected.case_id == row.case_id && expected.author_id == row.author_id,
        Compare::Everything => expected == row,
    };
    if agrees { Ok(StoredOpinion { opinion, version }) } else { Err(Error::corrupt("opinions", "columns in clear", id)) }
}

examined!("opinions", opinions, OpinionRow, |row| row.id.0, |tx, row| restore_comparing(tx, row, Compare::Everything));
