//! Release 0.1 booked revenue with the invoice. Each invoice gets one correcting posting: afterwards every account equals its list.

use diesel::prelude::*;
use domain::access::Audience;
use domain::billing::{CaseBefore, ChargeBearer, EndBefore, Invoice, MoneyEnd, RefundReason};
use domain::calendar::today_in_tokyo;
use domain::case::{Case, Ending, EventKind, Stage};
use domain::ids::{CaseId, InvoiceId, RefundId};
use domain::money::Yen;
use jiff::Timestamp;
use uuid::Uuid;

use crate::columns::Bind;
use crate::ledger::Booking;
use crate::schema::invoices;
use crate::{Error, Page, Transaction, cases, events, forms, fresh};

/// How many invoices are rewritten in one transaction.
const INVOICES_AT_ONCE: i64 = 500;
/// More events than a case has.
const ALL_EVENTS: u32 = 100_000;

/// Corrects the books of the invoices after one. An invoice that cannot be read stays as it is: `check` names it.
pub(super) fn correct_all(tx: &mut Transaction<'_>, after: Uuid) -> Result<Option<Uuid>, Error> {
    let rows: Vec<(InvoiceId, CaseId, Vec<u8>)> = with_connection!(tx, |c| invoices::table
        .filter(invoices::id.gt(Bind(after)))
        .order(invoices::id)
        .limit(INVOICES_AT_ONCE)
        .select((invoices::id, invoices::case_id, invoices::body_sealed))
        .load(c))?;
    let last = rows.last().map(|(id, ..)| id.uuid());
    for (id, case, sealed) in rows {
        match correct(tx, id, case, &sealed) {
            Err(Error::Corrupt { .. }) => tracing::error!(invoice = %id, "an invoice or its case cannot be read and is not corrected"),
            done => done?,
        }
    }
    Ok(last)
}

fn correct(tx: &mut Transaction<'_>, id: InvoiceId, case: CaseId, sealed: &[u8]) -> Result<(), Error> {
    let plain = tx.vault().open("invoices", "body_sealed", id.uuid(), sealed)?;
    if forms::form_of(&plain) > 1 {
        return Ok(());
    }
    let before: Invoice = tx.read_form(("invoices", "body_sealed", id.uuid()), &plain)?;
    let case = cases::get_for_system(tx, case)?.case;
    let facts = CaseBefore { delivered_on: case.stage().delivered_at().map(today_in_tokyo), end: end_of(tx, &case)? };
    let at = before.payments.last().map_or(Timestamp::UNIX_EPOCH, |payment| payment.recorded_at);
    let after = before.clone().upgraded(facts, || RefundId::from_uuid(fresh(at)));
    let booked_on = facts.end.map_or(before.issued_on, |end| today_in_tokyo(end.at));
    let booking = Booking { booked_on, operation: "upgrade", by: None, department: case.department(), at };
    crate::invoices::correct(tx, &before, &after, &booking)
}

fn end_of(tx: &mut Transaction<'_>, case: &Case) -> Result<Option<EndBefore>, Error> {
    let Stage::Ended { at, ending, .. } = case.stage() else { return Ok(None) };
    let (reason, is_ours) = match ending {
        Ending::Closed => return Ok(None),
        Ending::Declined { .. } => (RefundReason::Declined, true),
        Ending::Cancelled { reason, .. } => (RefundReason::Cancelled, reason.is_the_hospitals()),
        Ending::Expired => (RefundReason::Cancelled, false),
    };
    let charges_borne_by = if is_ours { ChargeBearer::Hospital } else { ChargeBearer::Payee };
    let told = events::list(tx, case.id(), Audience::STAFF.and(Audience::BILLING), Page::first(ALL_EVENTS))?;
    let announced =
        told.iter().filter_map(|event| if let EventKind::RefundOpened { amount } = event.event.kind { Some(amount) } else { None });
    let announced = Yen::sum(announced).map_err(|_| Error::corrupt("events", "data_sealed", case.id()))?;
    Ok(Some(EndBefore { at: *at, how: MoneyEnd { reason, percent_back: 100, charges_borne_by }, announced }))
}
