//! Refunds: due, requested by one person, approved by another, paid.

use domain::access::{Operation, Permission, Roles, may};
use domain::billing::{
    Act, Attempt, BillingRefusal, Invoice, Payee, PaymentMethod, Raise, Refund, RefundRequest, RefundState, RefundStep, Rejection,
    Returned, Settlement, Transfer,
};
use domain::calendar::today_in_tokyo;
use domain::ids::{InvoiceId, RefundId};
use domain::money::Yen;
use domain::people::{LongText, ShortText};
use jiff::civil::Date;
use persistence::approvals::{ApprovalKind, ApprovalState};
use persistence::invoices::refunds::{self, RefundFilter};
use persistence::{Page, invoices};
use serde_json::json;

use super::act;
use super::invoices::{refused, sees_decisions, sees_money};
use crate::error::Conflict;
use crate::{CaseForCaller, Error, Revision, UnitOfWork, Work, work};

pub use persistence::invoices::refunds::{ListedRefund, RefundFilter as Wished};

/// A refund within its invoice, with the case, as its caller stands to it.
#[derive(Clone, Debug)]
pub struct RefundWithCase {
    /// The refund.
    pub refund: Refund,
    /// The invoice that it gives back.
    pub invoice: Invoice,
    /// The case.
    pub case: CaseForCaller,
    roles: Roles,
}

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

impl RefundWithCase {
    /// The revision of the refund.
    pub fn revision(&self) -> Revision {
        Revision::of(self.refund.version)
    }

    /// Whether the caller is of the hospital: who decided is its affair.
    pub fn is_of_the_hospital(&self) -> bool {
        sees_decisions(&self.case)
    }

    /// The next operations of the caller on this refund.
    pub fn allowed_actions(&self) -> Vec<Operation> {
        use Operation as O;
        use RefundState as S;
        const STEPS: [(Operation, &[RefundState]); 6] = [
            (O::ProvideRefundDetails, &[S::Due, S::Unclaimed]),
            (O::RequestRefund, &[S::Due, S::Unclaimed]),
            (O::ApproveRefund, &[S::Requested]),
            (O::RejectRefund, &[S::Requested, S::Approved]),
            (O::RecordRefundPaid, &[S::Approved]),
            (O::RecordRefundReturned, &[S::Paid]),
        ];
        let by = &self.case.access;
        let is_first = self.refund.is_prepared_by(by.user);
        let may = |operation: Operation| {
            let is_second = operation != O::ApproveRefund || !is_first;
            is_second && operation.is_open_to(&self.roles) && operation.is_within(by.relations)
        };
        let fits = |states: &[RefundState]| states.contains(&self.refund.state);
        STEPS.into_iter().filter(|(operation, states)| fits(states) && may(*operation)).map(|(operation, _)| operation).collect()
    }
}

/// One refund.
pub fn get_refund(work: &mut UnitOfWork<'_, '_, may::GetRefund>, id: RefundId) -> Result<RefundWithCase, Error> {
    work.audit_subject(id);
    let invoice = refunds::invoice_of(work.tx, id).map_err(work::absent)?;
    let invoice = invoices::get(work.tx, invoice).map_err(work::absent)?;
    let case = work.case(invoice.case)?;
    within(work, id, invoice, case)
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
    work.audit_page(&found, limit, |listed| listed.id);
    Ok(found)
}

/// A page of the refunds that are still owed, the longest due first; one more than `limit` if there is a next page.
pub fn list_refunds_due(
    work: &mut UnitOfWork<'_, '_, may::ListRefundsDue>,
    after: Option<RefundId>,
    limit: u32,
) -> Result<Vec<ListedRefund>, Error> {
    let found = refunds::list_due(work.tx, Page { after, limit: limit.saturating_add(1) })?;
    work.audit_page(&found, limit, |listed| listed.id);
    Ok(found)
}

/// The payer says where the money goes; the desk writes down what a payer said on paper.
pub fn provide_refund_details(
    work: &mut UnitOfWork<'_, '_, may::ProvideRefundDetails>,
    id: RefundId,
    payee: &Payee,
) -> Result<RefundWithCase, Error> {
    let loaded = to_change(work, id)?;
    let by = act(work)?;
    step(work, loaded, RefundStep::ProvideDetails(payee.clone(), by), None)
}

/// One member of staff asks that the refund be settled.
pub fn request_refund(work: &mut UnitOfWork<'_, '_, may::RequestRefund>, id: RefundId, new: &NewRequest) -> Result<RefundWithCase, Error> {
    let loaded = to_change(work, id)?;
    let asked = act(work)?;
    let NewRequest { settlement, evidence, attempts, invoice, raise } = new.clone();
    if let Some(target) = invoice.filter(|_| settlement == Settlement::ApplyToInvoice) {
        let target = invoices::get(work.tx, target).map_err(unknown_invoice)?;
        // Whether there is such an invoice is known to those who see its case.
        work.case(target.case).map_err(|error| if matches!(error, Error::Absent) { unknown() } else { error })?;
        super::unmatched::check_target(&loaded.invoice, &target)?;
        let own = &loaded.invoice;
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
pub fn approve_refund(work: &mut UnitOfWork<'_, '_, may::ApproveRefund>, id: RefundId) -> Result<RefundWithCase, Error> {
    lock_target_first(work, id)?;
    let loaded = to_change(work, id)?;
    let by = act(work)?;
    if loaded.refund.state == RefundState::Requested && loaded.refund.is_prepared_by(by.by) {
        return Err(Error::Conflict(Conflict::SecondPersonNeeded));
    }
    let loaded = part_for_target(work, loaded)?;
    // The services of the case that ended are credited with their refund.
    let paper = if loaded.invoice.needs_credit_note(id) { Some(super::papers::next_credit_note(work)?) } else { None };
    if let Some(paper) = paper {
        work.audit_subject(paper.id);
    }
    let fee = if loaded.invoice.needs_fee_paper(id) { Some(invoices::papers::next_fee_number(work.tx)?) } else { None };
    let done = step(work, loaded, RefundStep::Approve(by, paper, fee), None)?;
    decide(work, id, ApprovalState::Approved, by)?;
    let target = done.refund.request.as_ref().and_then(|request| request.invoice);
    match target.filter(|_| done.refund.state == RefundState::Applied) {
        Some(target) => pay_with(work, &done, target),
        None => Ok(done),
    }
}

/// Pays an invoice with an approved refund, whoever approved it.
fn pay_with(work: &mut Work<'_, '_>, done: &RefundWithCase, target: InvoiceId) -> Result<RefundWithCase, Error> {
    let (own, id, place) = (done.case.case.id(), done.refund.id, done.invoice.id);
    let other = invoices::get(work.tx, target)?.case;
    let case = super::unmatched::as_billing(work, other)?;
    super::unmatched::apply_refund(work, &done.invoice, &done.refund, target, case)?;
    let case = super::unmatched::as_billing(work, own)?;
    let told = case.case.clone().note_refund_applied(done.refund.amount);
    work.save_case(case, told)?;
    // The trail names the case of the refund.
    work.audit_case(own);
    let (invoice, case) = (invoices::get(work.tx, place)?, work.case(own)?);
    within(work, id, invoice, case)
}

/// Leaves what is not owed on the other invoice due: a refund pays no more than that.
fn part_for_target(work: &mut Work<'_, '_>, loaded: RefundWithCase) -> Result<RefundWithCase, Error> {
    let target = loaded.refund.request.as_ref().and_then(|request| request.invoice);
    let Some(target) = target.filter(|_| loaded.refund.state == RefundState::Requested) else { return Ok(loaded) };
    let target = invoices::get(work.tx, target)?;
    if super::unmatched::check_target(&loaded.invoice, &target).is_err() {
        return Err(refused(&[BillingRefusal::TargetNotOpen]));
    }
    let parted = loaded.invoice.clone().split_refund(loaded.refund.id, target.owed(), work.fresh());
    if parted == loaded.invoice {
        return Ok(loaded);
    }
    let booking = super::booking(work, &loaded.case.case, today_in_tokyo(work.now));
    let version = invoices::save(work.tx, &loaded.invoice, &parted, &booking)?;
    within(work, loaded.refund.id, Invoice { version, ..parted }, loaded.case)
}

/// Two such steps cannot wait for each other: cases are locked in one order. The refund's own comes after.
fn lock_target_first(work: &mut Work<'_, '_>, id: RefundId) -> Result<(), Error> {
    let place = refunds::invoice_of(work.tx, id).map_err(work::absent)?;
    let own = invoices::get(work.tx, place).map_err(work::absent)?;
    let target = own.refund(id).and_then(|refund| refund.request.as_ref()).and_then(|request| request.invoice);
    let Some(target) = target else { return Ok(()) };
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
pub fn reject_refund(work: &mut UnitOfWork<'_, '_, may::RejectRefund>, id: RefundId, reason: &LongText) -> Result<RefundWithCase, Error> {
    let loaded = to_change(work, id)?;
    let rejected = act(work)?;
    let is_pending = loaded.refund.state == RefundState::Requested;
    let done = step(work, loaded, RefundStep::Reject(Rejection { reason: reason.clone(), rejected }), None)?;
    if is_pending {
        decide(work, id, ApprovalState::Withdrawn, rejected)?;
    }
    Ok(done)
}

/// The money has left.
pub fn record_refund_paid(
    work: &mut UnitOfWork<'_, '_, may::RecordRefundPaid>,
    id: RefundId,
    new: &NewTransfer,
) -> Result<RefundWithCase, Error> {
    let loaded = to_change(work, id)?;
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
) -> Result<RefundWithCase, Error> {
    let loaded = to_change(work, id)?;
    let NewReturn { on, arrived, reason } = new.clone();
    let returned = Returned { on, arrived, reason, recorded: act(work)? };
    step(work, loaded, RefundStep::RecordReturned(returned), Some(on))
}

/// Reads a refund that is about to change, and locks its case: steps of one refund queue.
fn to_change<P: Permission>(work: &mut UnitOfWork<'_, '_, P>, id: RefundId) -> Result<RefundWithCase, Error> {
    work.audit_subject(id);
    let place = refunds::invoice_of(work.tx, id).map_err(work::absent)?;
    let case = invoices::get(work.tx, place).map_err(work::absent)?.case;
    let case = work.case_for_update(case)?;
    let invoice = invoices::get(work.tx, place).map_err(work::absent)?;
    let loaded = within(work, id, invoice, case)?;
    work.expect(loaded.revision())?;
    Ok(loaded)
}

fn within(work: &Work<'_, '_>, id: RefundId, invoice: Invoice, case: CaseForCaller) -> Result<RefundWithCase, Error> {
    if !sees_money(&case, invoice.payer) {
        return Err(Error::Absent);
    }
    let refund = invoice.refund(id).cloned().ok_or(Error::Internal("a refund is not within its invoice"))?;
    let roles = work.caller()?.who.roles.clone();
    Ok(RefundWithCase { refund, invoice, case, roles })
}

/// Takes a step, writes it and books it; `booked_on` is the day that decides the period, today if there is none.
fn step(work: &mut Work<'_, '_>, loaded: RefundWithCase, step: RefundStep, booked_on: Option<Date>) -> Result<RefundWithCase, Error> {
    let today = today_in_tokyo(work.now);
    let RefundWithCase { refund, invoice, case, .. } = loaded;
    let after = invoice.clone().step_refund(refund.id, step, today).map_err(|refusals| refused(&refusals))?;
    let booking = super::booking(work, &case.case, booked_on.unwrap_or(today));
    let version = invoices::save(work.tx, &invoice, &after, &booking)?;
    let case = if !invoice.is_settled() && after.is_settled() {
        let settled = case.case.clone().settle_invoice(work.user()?, &work.rules(), work.now, after.supplement());
        work.save_case(case, settled)?
    } else if after.refund(refund.id).is_some_and(|refund| refund.state == RefundState::Paid) {
        let told = case.case.clone().note_refund_paid(refund.amount);
        work.save_case(case, told)?
    } else if refund.state == RefundState::Paid {
        let told = case.case.clone().note_refund_returned(refund.amount);
        work.save_case(case, told)?
    } else {
        case
    };
    within(work, refund.id, Invoice { version, ..after }, case)
}

/// Withdraws the request of a refund that there is no reason for any longer.
pub(super) fn withdraw_request(work: &mut Work<'_, '_>, id: RefundId) -> Result<(), Error> {
    let by = act(work)?;
    decide(work, id, ApprovalState::Withdrawn, by)
}

fn decide(work: &mut Work<'_, '_>, refund: RefundId, state: ApprovalState, by: Act) -> Result<(), Error> {
    super::decide_approval(work, ApprovalKind::Refund, refund.uuid(), state, by)
}
