//! Estimates that the hospital made for cases, sealed: they name the payer.

use diesel::prelude::*;
use domain::billing::{Estimate, EstimateNumber};
use domain::ids::{CaseId, EstimateId};
use uuid::Uuid;

use crate::columns::Bind;
use crate::examine::examined;
use crate::invoices::next_of;
use crate::schema::estimates;
use crate::{Error, Transaction};

#[derive(Queryable, Selectable)]
#[diesel(table_name = estimates)]
struct EstimateRow {
    id: Bind<EstimateId>,
    number: String,
    case_id: Bind<CaseId>,
    version: i64,
    body_sealed: Vec<u8>,
}

/// The next number.
pub fn next_number(tx: &mut Transaction<'_>) -> Result<EstimateNumber, Error> {
    let number = next_of(tx, "estimate")?;
    EstimateNumber::new(number).map_err(|_| Error::corrupt("number_series", "last_number", "estimate"))
}

/// A new estimate, version 1.
pub fn insert(tx: &mut Transaction<'_>, estimate: &Estimate) -> Result<(), Error> {
    let row = (
        estimates::id.eq(Bind(estimate.id)),
        estimates::number.eq(estimate.number.to_string()),
        estimates::case_id.eq(Bind(estimate.case)),
        estimates::created_at.eq(Bind(estimate.issued_at)),
        estimates::version.eq(estimate.version),
        estimates::body_sealed.eq(tx.seal_form(place(estimate.id), estimate)?),
    );
    with_connection!(tx, |c| diesel::insert_into(estimates::table).values(row).execute(c)).map(drop)
}

/// One estimate.
pub fn get(tx: &mut Transaction<'_>, id: EstimateId) -> Result<Estimate, Error> {
    let row: EstimateRow =
        with_connection!(tx, |c| estimates::table.filter(estimates::id.eq(Bind(id))).select(EstimateRow::as_select()).first(c))?;
    restore(tx, &row)
}

/// The estimates of a case, the newest first; there are a few.
pub fn list(tx: &mut Transaction<'_>, case: CaseId) -> Result<Vec<Estimate>, Error> {
    let rows: Vec<EstimateRow> = with_connection!(tx, |c| estimates::table
        .filter(estimates::case_id.eq(Bind(case)))
        .order(estimates::id.desc())
        .select(EstimateRow::as_select())
        .load(c))?;
    crate::examine::readable(rows.iter().map(|row| restore(tx, row)))
}

/// Writes a changed estimate; gives it with its new version.
///
/// # Errors
/// [`Error::Stale`] unless the stored version is that of `changed`.
pub fn save(tx: &mut Transaction<'_>, changed: Estimate) -> Result<Estimate, Error> {
    let before = changed.version;
    let after = Estimate { version: before + 1, ..changed };
    let new = (estimates::version.eq(after.version), estimates::body_sealed.eq(tx.seal_form(place(after.id), &after)?));
    let target = estimates::table.filter(estimates::id.eq(Bind(after.id)).and(estimates::version.eq(before)));
    match with_connection!(tx, |c| diesel::update(target).set(new).execute(c))? {
        0 => Err(Error::Stale),
        _ => Ok(after),
    }
}

/// Whether there is an estimate of this identifier.
pub(crate) fn exists(tx: &mut Transaction<'_>, id: EstimateId) -> Result<bool, Error> {
    let found: i64 = with_connection!(tx, |c| estimates::table.filter(estimates::id.eq(Bind(id))).count().get_result(c))?;
    Ok(found > 0)
}

fn place(id: EstimateId) -> (&'static str, &'static str, Uuid) {
    ("estimates", "body_sealed", id.uuid())
}

fn restore(tx: &Transaction<'_>, row: &EstimateRow) -> Result<Estimate, Error> {
    let id = row.id.0;
    let estimate: Estimate = tx.open_form(place(id), &row.body_sealed)?;
    let agrees =
        estimate.id == id && estimate.case == row.case_id.0 && estimate.version == row.version && estimate.number.to_string() == row.number;
    if agrees { Ok(estimate) } else { Err(Error::corrupt("estimates", "columns in clear", id)) }
}

examined!("estimates", estimates, EstimateRow, |row| row.id.0, |tx, row| restore(tx, &row));
