//! Refunds: due, requested by one person, approved by another, paid.

use domain::access::may;
use domain::billing::{
    Act, Attempt, BillingRefusal, CreditNoteIdentity, FeeNumber, Invoice, Payee, PaymentMethod, Raise, Refund, RefundRequest, RefundState,
    RefundStep, Rejection, Returned, Settlement, Transfer,
};
use domain::calendar::today_in_tokyo;
use domain::ids::{InvoiceId, RefundId};
use domain::money::Yen;
use domain::people::{LongText, ShortText};
use jiff::civil::Date;
use persistence::approvals::{ApprovalKind, ApprovalState};
use persistence::invoices::refunds::{self, RefundFilter, RefundPlace};
use persistence::{Page, invoices};
use serde_json::json;

use super::act;
use super::invoices::refused;
use crate::{Error, UnitOfWork, Work, uninformed, work};

mod source;

pub use persistence::invoices::refunds::{ListedRefund, ListedSource, RefundFilter as Wished};
use source::{InvoiceAndCase, step};
pub use source::{RefundForCaller, RefundSource};

/// A request as it is written down.
#[derive(Clone, Debug)]
pub struct NewRequest {
    /// How the refund is settled.
    pub settlement: Settlement,
    /// The payer's statement, or why somebody else than the payer receives the money.
    pub evidence: Option<LongText>,
    /// The attempts to reach the payer.
    pub attempts: Vec<Attempt>,
    /// The invoice that it pays.
    pub invoice: Option<InvoiceId>,
    /// More that is given back than the policy says.
    pub raise: Option<Raise>,
}

/// Money that left, as it is written down.
#[derive(Clone, Debug)]
pub struct NewTransfer {
    /// By which way.
    pub method: PaymentMethod,
    /// The day, in Tokyo, on which it left.
    pub paid_on: Date,
    /// The bank's, the terminal's or the receipt's reference.
    pub reference: ShortText,
    /// The charge that the hospital bore beside the amount.
    pub bank_charge: Yen,
}

/// Money that came back, as it is written down.
#[derive(Clone, Debug)]
pub struct NewReturn {
    /// The day, in Tokyo.
    pub on: Date,
    /// The amount that arrived.
    pub arrived: Yen,
    /// Why, as the bank says.
    pub reason: ShortText,
}

/// One refund.
pub fn get_refund(work: &mut UnitOfWork<'_, '_, may::GetRefund>, id: RefundId) -> Result<RefundForCaller, Error> {
    source::load(work, id)
}

/// A page of the refunds that the caller may see, newest first; one more than `limit` if there is a next page.
pub fn list_refunds(
    work: &mut UnitOfWork<'_, '_, may::ListRefunds>,
    wished: RefundFilter,
    after: Option<RefundId>,
    limit: u32,
) -> Result<Vec<ListedRefund>, Error> {
    let who = work.caller()?.who.clone();
    let found = refunds::list_visible(work.tx, &who, wished, Page { after, limit: limit.saturating_add(1) })?;
    work.audit_page(&found, limit, |listed| listed.refund.id);
    Ok(found)
}

/// A page of the refunds that are still owed, the longest due first; one more than `limit` if there is a next page.
pub fn list_refunds_due(
    work: &mut UnitOfWork<'_, '_, may::ListRefundsDue>,
    after: Option<RefundId>,
    limit: u32,
) -> Result<Vec<ListedRefund>, Error> {
    let found = refunds::list_due(work.tx, Page { after, limit: limit.saturating_add(1) })?;
    work.audit_page(&found, limit, |listed| listed.refund.id);
    Ok(found)
}

/// The payer says where the money goes; the desk writes down what a payer said on paper.
pub fn provide_refund_details(
    work: &mut UnitOfWork<'_, '_, may::ProvideRefundDetails>,
    id: RefundId,
    payee: &Payee,
) -> Result<RefundForCaller, Error> {
    let loaded = source::to_change(work, id)?;
    if let RefundSource::Invoice(_, case) = &loaded.source {
        // It would stand on the patient's statement.
        uninformed::check_text(&case.case, payee.holder.as_str(), "/payee/holder")?;
    }
    let by = act(work)?;
    step(work, loaded, RefundStep::ProvideDetails(payee.clone(), by), None)
}

/// One member of staff asks that the refund be settled.
pub fn request_refund(work: &mut UnitOfWork<'_, '_, may::RequestRefund>, id: RefundId, new: &NewRequest) -> Result<RefundForCaller, Error> {
    let loaded = source::to_change(work, id)?;
    let asked = act(work)?;
    let NewRequest { settlement, evidence, attempts, invoice, raise } = new.clone();
    if let (Some(target), RefundSource::Invoice(own, _)) = (invoice.filter(|_| settlement == Settlement::ApplyToInvoice), &loaded.source) {
        let target = invoices::get(work.tx, target).map_err(unknown_invoice)?;
        // Whether there is such an invoice is known to those who see its case.
        work.case(target.case).map_err(|error| if matches!(error, Error::Absent) { unknown() } else { error })?;
        super::unmatched::check_target(own, &target)?;
        let is_the_same = target.case == own.case && target.paid_by() == own.paid_by() && target.recipient == own.recipient;
        if !is_the_same && evidence.is_none() {
            return Err(refused(&[BillingRefusal::EvidenceMissing]));
        }
    }
    let done = step(work, loaded, RefundStep::Request(RefundRequest { settlement, evidence, attempts, invoice, raise, asked }), None)?;
    super::ask_for_approval(work, ApprovalKind::Refund, id.uuid(), asked, json!({ "settlement": settlement }))?;
    Ok(done)
}

/// Another person approves it.
///
/// # Errors
/// `second_person_needed` for whoever asked, and for whoever wrote down where the money goes.
pub fn approve_refund(work: &mut UnitOfWork<'_, '_, may::ApproveRefund>, id: RefundId) -> Result<RefundForCaller, Error> {
    lock_target_first(work, id)?;
    let loaded = source::to_change(work, id)?;
    let by = act(work)?;
    let (loaded, (paper, fee)) = match &loaded.source {
        RefundSource::Invoice(own, case) => {
            let (own, case) = part_for_target(work, &loaded.refund, (own.clone(), case.clone()))?;
            let papers = papers_of(work, &own, id)?;
            (source::within(work, id, *own, *case)?, papers)
        }
        RefundSource::Unmatched(_) => (loaded, (None, None)),
    };
    let done = step(work, loaded, RefundStep::Approve(by, paper, fee), None)?;
    decide(work, id, ApprovalState::Approved, by)?;
    let target = done.refund.request.as_ref().and_then(|request| request.invoice);
    match (&done.source, target) {
        (RefundSource::Invoice(own, _), Some(target)) if done.refund.state == RefundState::Applied => {
            pay_with(work, own, &done.refund, target)
        }
        (RefundSource::Invoice(..) | RefundSource::Unmatched(_), _) => Ok(done),
    }
}

/// The papers that the approval of a refund issues: the services of a case that ended are credited with their refund.
fn papers_of(
    work: &mut Work<'_, '_>,
    invoice: &Invoice,
    refund: RefundId,
) -> Result<(Option<CreditNoteIdentity>, Option<FeeNumber>), Error> {
    let paper = if invoice.needs_credit_note(refund) { Some(super::papers::next_credit_note(work)?) } else { None };
    if let Some(paper) = paper {
        work.audit_subject(paper.id);
    }
    let fee = if invoice.needs_fee_paper(refund) { Some(invoices::papers::next_fee_number(work.tx)?) } else { None };
    Ok((paper, fee))
}

/// Pays an invoice with an approved refund of another, whoever approved it.
fn pay_with(work: &mut Work<'_, '_>, own: &Invoice, refund: &Refund, target: InvoiceId) -> Result<RefundForCaller, Error> {
    let other = invoices::get(work.tx, target)?.case;
    let case = super::unmatched::as_billing(work, other)?;
    super::unmatched::apply_refund(work, own, refund, target, case)?;
    let case = super::unmatched::as_billing(work, own.case)?;
    let told = case.case.clone().note_refund_applied(refund.amount);
    work.save_case(case, told)?;
    // The trail names the case of the refund.
    work.audit_case(own.case);
    let (invoice, case) = (invoices::get(work.tx, own.id)?, work.case(own.case)?);
    source::within(work, refund.id, invoice, case)
}

/// Leaves what is not owed on the other invoice due: a refund pays no more than that.
fn part_for_target(work: &mut Work<'_, '_>, refund: &Refund, within: InvoiceAndCase) -> Result<InvoiceAndCase, Error> {
    let target = refund.request.as_ref().and_then(|request| request.invoice);
    let Some(target) = target.filter(|_| refund.state == RefundState::Requested) else { return Ok(within) };
    let (own, case) = within;
    let target = invoices::get(work.tx, target)?;
    let other = persistence::cases::get_for_system(work.tx, target.case)?.case;
    // The clock comes first: today's money is too late for it.
    if other.has_run_out(work.now) || super::unmatched::check_target(&own, &target).is_err() {
        return Err(refused(&[BillingRefusal::TargetNotOpen]));
    }
    let parted = own.clone().split_refund(refund.id, target.owed(), work.fresh());
    if parted == *own {
        return Ok((own, case));
    }
    let booking = super::booking(work, &case.case, today_in_tokyo(work.now));
    let version = invoices::save(work.tx, &own, &parted, &booking)?;
    Ok((Box::new(Invoice { version, ..parted }), case))
}

/// Two such steps cannot wait for each other: cases are locked in one order. The refund's own comes after.
fn lock_target_first(work: &mut Work<'_, '_>, id: RefundId) -> Result<(), Error> {
    let RefundPlace::Invoice(place) = refunds::place_of(work.tx, id).map_err(work::absent)? else { return Ok(()) };
    let own = invoices::get(work.tx, place).map_err(work::absent)?;
    let target = own.refund(id).and_then(|refund| refund.request.as_ref()).and_then(|request| request.invoice);
    let Some(target) = target else { return Ok(()) };
    // The right is decided before the lock, so that a stranger holds none.
    source::load(work, id)?;
    let other = invoices::get(work.tx, target)?.case;
    if other < own.case {
        persistence::cases::lock(work.tx, other)?;
    }
    Ok(())
}

fn unknown() -> Error {
    Error::invalid("/invoice_id", "unknown_reference")
}

fn unknown_invoice(error: persistence::Error) -> Error {
    if matches!(error, persistence::Error::NotFound) { unknown() } else { error.into() }
}

/// The request is sent back, or taken back by whoever asked. An approval is taken back in the same way until the money has left.
pub fn reject_refund(work: &mut UnitOfWork<'_, '_, may::RejectRefund>, id: RefundId, reason: &LongText) -> Result<RefundForCaller, Error> {
    let loaded = source::to_change(work, id)?;
    let rejected = act(work)?;
    let is_pending = loaded.refund.state == RefundState::Requested;
    let done = step(work, loaded, RefundStep::Reject(Rejection { reason: reason.clone(), rejected }), None)?;
    if is_pending {
        super::reject_approval(work, ApprovalKind::Refund, id.uuid(), rejected)?;
    }
    Ok(done)
}

/// The money has left.
pub fn record_refund_paid(
    work: &mut UnitOfWork<'_, '_, may::RecordRefundPaid>,
    id: RefundId,
    new: &NewTransfer,
) -> Result<RefundForCaller, Error> {
    let loaded = source::to_change(work, id)?;
    let NewTransfer { method, paid_on, reference, bank_charge } = new.clone();
    let transfer = Transfer { method, paid_on, reference, bank_charge, recorded: act(work)?, returned: None };
    // A refund that came back keeps its number.
    let number = match loaded.refund.number {
        Some(number) => number,
        None => invoices::next_refund_number(work.tx)?,
    };
    step(work, loaded, RefundStep::RecordPaid(number, transfer), Some(paid_on))
}

/// The money came back: the refund is due again.
pub fn record_refund_returned(
    work: &mut UnitOfWork<'_, '_, may::RecordRefundReturned>,
    id: RefundId,
    new: &NewReturn,
) -> Result<RefundForCaller, Error> {
    let loaded = source::to_change(work, id)?;
    let NewReturn { on, arrived, reason } = new.clone();
    let returned = Returned { on, arrived, reason, recorded: act(work)? };
    step(work, loaded, RefundStep::RecordReturned(returned), Some(on))
}

/// Withdraws the request of a refund that there is no reason for any longer.
pub(super) fn withdraw_request(work: &mut Work<'_, '_>, id: RefundId) -> Result<(), Error> {
    let by = act(work)?;
    decide(work, id, ApprovalState::Withdrawn, by)
}

fn decide(work: &mut Work<'_, '_>, refund: RefundId, state: ApprovalState, by: Act) -> Result<(), Error> {
    super::decide_approval(work, ApprovalKind::Refund, refund.uuid(), state, by)
}
