//! Money: fee schedules, terms, estimates, invoices, payments, refunds, and the books.

pub(crate) mod additions;
pub(crate) mod another_service;
pub mod books;
pub mod estimates;
pub mod fees;
pub mod invoices;
pub mod papers;
pub mod payments;
pub mod quotes;
pub mod refunds;
pub mod terms;
pub mod unmatched;
pub(crate) mod visits;
pub mod write_offs;

use domain::billing::{Act, Invoice, MoneyEnd, Refund, RefundState};
use domain::calendar::today_in_tokyo;
use domain::case::Case;
use domain::ids::{CaseId, RefundId};
use domain::money::Yen;
use jiff::civil::Date;
use persistence::approvals::{Approval, ApprovalKind, ApprovalState};
use persistence::invoices::InvoiceFilter;
use persistence::ledger::Booking;
use persistence::{Page, Transaction};
use serde_json::Value;
use uuid::Uuid;

use crate::{Error, Work};

/// More invoices than one case ever has.
const ALL_OF_A_CASE: u32 = 1_000;

/// An invoice before and after a change that is not written yet.
type Changed = (Invoice, Invoice);

/// The invoices of a case that is about to end.
#[derive(Debug)]
pub(crate) struct EndedInvoices {
    changed: Vec<Changed>,
    /// What the end itself gives back. Overpayments were announced when they came.
    pub(crate) refund: Yen,
    /// Whether there is money on the case.
    pub(crate) has_money: bool,
}

/// Whether the money of the case has come to an end: nothing is owed by either side.
pub(crate) fn is_finished(work: &mut Work<'_, '_>, case: CaseId) -> Result<bool, Error> {
    Ok(invoices_of(work.tx, case)?.iter().all(Invoice::is_finished))
}

/// Ends a case, with its invoices, on which the applicant did nothing for too long.
///
/// # Errors
/// The refusals of [`Case::expire`].
pub(crate) fn expire(work: &mut Work<'_, '_>, id: CaseId) -> Result<(), Error> {
    work.change_case_as_system(id, |work, case, now| {
        let ended = end_invoices(work, id, MoneyEnd::UNPAID)?;
        let decided = case.expire(&work.rules(), now, ended.has_money)?;
        if decided.case.stage().name().is_ended() {
            ended.save(work, &decided.case)?;
        }
        Ok(decided)
    })
}

/// Lets the clock come before money that was received after the last day: whether such money is late does not depend on the minute at which the
/// clock comes round. Says whether something has changed.
fn expire_before_late_money(work: &mut Work<'_, '_>, case: &Case, invoice: &Invoice, received_on: Date) -> Result<bool, Error> {
    let comes_first = received_on > invoice.last_day() && case.has_run_out(work.now);
    if comes_first {
        expire(work, case.id())?;
    }
    Ok(comes_first)
}

/// Works out the end of a case's invoices. [`EndedInvoices::save`] writes it, once the case itself has agreed.
pub(crate) fn end_invoices(work: &mut Work<'_, '_>, case: CaseId, how: MoneyEnd) -> Result<EndedInvoices, Error> {
    let mut ended = EndedInvoices { changed: Vec::new(), refund: Yen::ZERO, has_money: false };
    for invoice in invoices_of(work.tx, case)? {
        let id: RefundId = work.fresh();
        let after = invoice.clone().end(id, how, work.now);
        let opened = after.refunds.iter().filter(|refund| invoice.refund(refund.id).is_none()).map(|refund| refund.amount);
        let back = Yen::sum(opened).and_then(|back| ended.refund.plus(back));
        ended.refund = back.map_err(|_| Error::Internal("the payments of a case are out of bounds"))?;
        // The money of an invoice that ended before was decided on then.
        ended.has_money |= invoice.end.is_none() && !invoice.received().is_zero();
        ended.changed.push((invoice, after));
    }
    Ok(ended)
}

impl EndedInvoices {
    /// Writes the invoices and books their end.
    pub(crate) fn save(&self, work: &mut Work<'_, '_>, case: &Case) -> Result<(), Error> {
        let today = today_in_tokyo(work.now);
        save_all(work, case, &self.changed, today)
    }
}

/// Notes that the services of a case were performed today: their revenue is booked now.
pub(crate) fn perform(work: &mut Work<'_, '_>, case: &Case) -> Result<(), Error> {
    perform_those(work, case, Invoice::perform)
}

/// Notes that the slides of a case were examined today: their revenue is booked now.
pub(crate) fn perform_slides(work: &mut Work<'_, '_>, case: &Case) -> Result<(), Error> {
    perform_those(work, case, Invoice::perform_slides)
}

fn perform_those(work: &mut Work<'_, '_>, case: &Case, perform: fn(Invoice, Date) -> Invoice) -> Result<(), Error> {
    let today = today_in_tokyo(work.now);
    let performed = |invoice: Invoice| (invoice.clone(), perform(invoice, today));
    let changed: Vec<Changed> = invoices_of(work.tx, case.id())?.into_iter().map(performed).collect();
    save_all(work, case, &changed, today)
}

/// Writes an invoice that lives again with its case. Requests for refunds that were withdrawn with the end are withdrawn, too.
pub(crate) fn save_reopened(work: &mut Work<'_, '_>, case: &Case, before: &Invoice, after: &Invoice) -> Result<(), Error> {
    withdraw_requests(work, before, after)?;
    let today = today_in_tokyo(work.now);
    save_all(work, case, &[(before.clone(), after.clone())], today)
}

/// The caller's act, now.
fn act(work: &Work<'_, '_>) -> Result<Act, Error> {
    Ok(Act { by: work.user()?, at: work.now })
}

/// Notes that one person asked for something that another approves.
fn ask_for_approval(work: &mut Work<'_, '_>, kind: ApprovalKind, subject: Uuid, asked: Act, content: Value) -> Result<(), Error> {
    let approval = Approval {
        id: work.fresh(),
        kind,
        subject,
        requested_by: Some(asked.by),
        requested_at: asked.at,
        content,
        state: ApprovalState::Pending,
        decided_by: None,
        decided_at: None,
    };
    persistence::approvals::insert(work.tx, &approval)?;
    work.audit_subject(approval.id);
    Ok(())
}

/// Notes how the request about a subject was decided.
fn decide_approval(work: &mut Work<'_, '_>, kind: ApprovalKind, subject: Uuid, state: ApprovalState, by: Act) -> Result<(), Error> {
    let pending = persistence::approvals::find_pending(work.tx, kind, subject)?;
    let pending = pending.ok_or(Error::Internal("what waits for a second person has no request"))?;
    work.audit_subject(pending.id);
    persistence::approvals::decide(work.tx, pending.id, state, Some(by.by), work.now)?;
    Ok(())
}

/// Notes that the request about a subject was sent back: by a second person, or taken back by whoever asked.
fn reject_approval(work: &mut Work<'_, '_>, kind: ApprovalKind, subject: Uuid, by: Act) -> Result<(), Error> {
    let pending = persistence::approvals::find_pending(work.tx, kind, subject)?;
    let is_own = pending.is_some_and(|pending| pending.requested_by == Some(by.by));
    decide_approval(work, kind, subject, if is_own { ApprovalState::Withdrawn } else { ApprovalState::Rejected }, by)
}

/// Withdraws the requests of refunds that a change has taken back.
fn withdraw_requests(work: &mut Work<'_, '_>, before: &Invoice, after: &Invoice) -> Result<(), Error> {
    for refund in before.refunds.iter().filter(|refund| refund.state == RefundState::Requested) {
        if after.refund(refund.id).is_some_and(|now| now.state != RefundState::Requested) {
            refunds::withdraw_request(work, refund.id)?;
        }
    }
    Ok(())
}

fn save_all(work: &mut Work<'_, '_>, case: &Case, changed: &[Changed], booked_on: Date) -> Result<(), Error> {
    for (before, after) in changed.iter().filter(|(before, after)| before != after) {
        let booking = booking(work, case, booked_on);
        persistence::invoices::save(work.tx, before, after, &booking)?;
        work.audit_subject(after.id);
        audit_refunds(work, &before.refunds, &after.refunds);
    }
    Ok(())
}

/// Names the refunds that a change opened, made smaller or withdrew.
fn audit_refunds(work: &mut Work<'_, '_>, before: &[Refund], after: &[Refund]) {
    for refund in after.iter().filter(|refund| !before.contains(refund)) {
        work.audit_subject(refund.id);
    }
}

/// The cause of what this request books for a case on a day in Tokyo.
fn booking(work: &Work<'_, '_>, case: &Case, booked_on: Date) -> Booking {
    Booking { booked_on, operation: work.operation().operation_id(), by: work.user().ok(), department: case.department(), at: work.now }
}

/// The invoices of a case, newest first.
pub(crate) fn invoices_of(tx: &mut Transaction<'_>, case: CaseId) -> Result<Vec<Invoice>, Error> {
    let filter = InvoiceFilter { case: Some(case), ..InvoiceFilter::default() };
    Ok(persistence::invoices::list(tx, filter, Page::first(ALL_OF_A_CASE))?)
}
