//! Requests for information, sealed.

use diesel::prelude::*;
use domain::ids::{CaseId, InformationRequestId};
use domain::intake::requests::{InformationRequest, InformationRequestState};
use jiff::Timestamp;
use uuid::Uuid;

use crate::cases::next_seq;
use crate::columns::Bind;
use crate::examine::examined;
use crate::schema::information_requests as requests;
use crate::{Error, Transaction};

#[derive(Queryable, Selectable)]
#[diesel(table_name = requests)]
struct RequestRow {
    id: Bind<InformationRequestId>,
    case_id: Bind<CaseId>,
    state: String,
    body_sealed: Vec<u8>,
}

/// A new request.
pub fn insert(tx: &mut Transaction<'_>, request: &InformationRequest) -> Result<(), Error> {
    let row = (
        requests::id.eq(Bind(request.id)),
        requests::case_id.eq(Bind(request.case)),
        requests::seq.eq(next_seq(tx, request.case, request.asked_at)?),
        requests::state.eq(request.state.as_str()),
        requests::created_at.eq(Bind(request.asked_at)),
        requests::updated_at.eq(Bind(request.settled_at.unwrap_or(request.asked_at))),
        requests::body_sealed.eq(tx.seal_form(place(request.id), request)?),
    );
    with_connection!(tx, |c| diesel::insert_into(requests::table).values(row).execute(c)).map(drop)
}

/// One request of a case.
pub fn get(tx: &mut Transaction<'_>, case: CaseId, id: InformationRequestId) -> Result<InformationRequest, Error> {
    let row: RequestRow = with_connection!(tx, |c| requests::table
        .filter(requests::id.eq(Bind(id)).and(requests::case_id.eq(Bind(case))))
        .select(RequestRow::as_select())
        .first(c))?;
    restore(tx, &row)
}

/// The requests of a case, in the order of their making; there are a handful.
pub fn list(tx: &mut Transaction<'_>, case: CaseId) -> Result<Vec<InformationRequest>, Error> {
    let rows: Vec<RequestRow> = with_connection!(tx, |c| requests::table
        .filter(requests::case_id.eq(Bind(case)))
        .order(requests::seq)
        .select(RequestRow::as_select())
        .load(c))?;
    crate::examine::readable(rows.iter().map(|row| restore(tx, row)))
}

/// Writes a request that was answered or withdrawn. The case is locked by whoever does it.
pub fn save(tx: &mut Transaction<'_>, request: &InformationRequest, now: Timestamp) -> Result<(), Error> {
    let new = (
        requests::state.eq(request.state.as_str()),
        requests::updated_at.eq(Bind(now)),
        requests::body_sealed.eq(tx.seal_form(place(request.id), request)?),
    );
    let target = requests::table.filter(requests::id.eq(Bind(request.id)).and(requests::case_id.eq(Bind(request.case))));
    match with_connection!(tx, |c| diesel::update(target).set(new).execute(c))? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// Withdraws the open requests of a case that has ended: they lapse with it.
pub fn lapse(tx: &mut Transaction<'_>, case: CaseId, now: Timestamp) -> Result<(), Error> {
    let open: Vec<RequestRow> = with_connection!(tx, |c| requests::table
        .filter(requests::case_id.eq(Bind(case)).and(requests::state.eq(InformationRequestState::Open.as_str())))
        .order(requests::seq)
        .select(RequestRow::as_select())
        .load(c))?;
    for row in open {
        match restore(tx, &row) {
            Ok(request) => save(tx, &request.withdrawn(None, now), now)?,
            // It keeps no case from ending: `check` names it.
            Err(Error::Corrupt { table, column, id }) => {
                tracing::error!(table, column, id, "an open request cannot be read and does not lapse");
            }
            Err(other) => return Err(other),
        }
    }
    Ok(())
}

fn place(id: InformationRequestId) -> (&'static str, &'static str, Uuid) {
    ("information_requests", "body_sealed", id.uuid())
}

fn restore(tx: &Transaction<'_>, row: &RequestRow) -> Result<InformationRequest, Error> {
    let id = row.id.0;
    let request: InformationRequest = tx.open_form(place(id), &row.body_sealed)?;
    let agrees = request.id == id && request.case == row.case_id.0 && request.state.as_str() == row.state;
    if agrees { Ok(request) } else { Err(Error::corrupt("information_requests", "columns in clear", id)) }
}

examined!("requests", requests, RequestRow, |row| row.id.0, |tx, row| restore(tx, &row));
