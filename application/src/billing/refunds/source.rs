//! The source of a refund: an invoice, or money whose invoice is not known. Each step of a refund changes its source.

use domain::access::{CaseAccess, Operation, Permission, Roles, relations_to_no_case};
use domain::billing::{Invoice, Refund, RefundState, RefundStep, UnmatchedPayment};
use domain::calendar::today_in_tokyo;
use domain::ids::{InvoiceId, RefundId, UnmatchedPaymentId};
use jiff::civil::Date;
use persistence::invoices;
use persistence::invoices::refunds::{RefundPlace, place_of};

use super::super::invoices::{refused, sees_decisions, sees_money};
use super::super::unmatched;
use crate::{CaseForCaller, Error, Revision, UnitOfWork, Work, work};

/// An invoice with its case.
pub(super) type InvoiceAndCase = (Box<Invoice>, Box<CaseForCaller>);

/// The source of a refund.
#[derive(Clone, Debug)]
pub enum RefundSource {
    /// An invoice, with its case as the caller stands to it.
    Invoice(Box<Invoice>, Box<CaseForCaller>),
    /// Money whose invoice is not known.
    Unmatched(Box<UnmatchedPayment>),
}

/// A refund as its caller stands to it.
#[derive(Clone, Debug)]
pub struct RefundForCaller {
    /// The refund.
    pub refund: Refund,
    /// Its source.
    pub source: RefundSource,
    access: CaseAccess,
    roles: Roles,
}

impl RefundForCaller {
    /// The revision of the refund.
    pub fn revision(&self) -> Revision {
        Revision::of(self.refund.version)
    }

    /// Whether the caller is of the hospital: who decided is its affair.
    pub fn is_of_the_hospital(&self) -> bool {
        sees_decisions(self.access.relations)
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
        let by = &self.access;
        let is_first = self.refund.is_prepared_by(by.user);
        let may = |operation: Operation| {
            let is_second = operation != O::ApproveRefund || !is_first;
            is_second && operation.is_open_to(&self.roles) && operation.is_within(by.relations)
        };
        let fits = |states: &[RefundState]| states.contains(&self.refund.state);
        STEPS.into_iter().filter(|(operation, states)| fits(states) && may(*operation)).map(|(operation, _)| operation).collect()
    }
}

/// Reads a refund.
pub(super) fn load(work: &mut Work<'_, '_>, id: RefundId) -> Result<RefundForCaller, Error> {
    work.audit_subject(id);
    match place_of(work.tx, id).map_err(work::absent)? {
        RefundPlace::Invoice(place) => {
            let invoice = invoices::get(work.tx, place).map_err(work::absent)?;
            let case = work.case(invoice.case)?;
            within(work, id, invoice, case)
        }
        RefundPlace::Unmatched(place) => {
            let access = access_to_unmatched(work)?;
            let payment = persistence::invoices::unmatched::get(work.tx, place).map_err(work::absent)?;
            within_unmatched(work, id, payment, access)
        }
    }
}

/// Reads a refund that is about to change, and locks its case or its payment: steps of one refund queue.
pub(super) fn to_change<P: Permission>(work: &mut UnitOfWork<'_, '_, P>, id: RefundId) -> Result<RefundForCaller, Error> {
    work.audit_subject(id);
    let loaded = match place_of(work.tx, id).map_err(work::absent)? {
        RefundPlace::Invoice(place) => within_locked_invoice(work, id, place)?,
        RefundPlace::Unmatched(place) => within_locked_payment(work, id, place)?,
    };
    work.expect(loaded.revision())?;
    Ok(loaded)
}

fn within_locked_invoice(work: &mut Work<'_, '_>, id: RefundId, place: InvoiceId) -> Result<RefundForCaller, Error> {
    let case = invoices::get(work.tx, place).map_err(work::absent)?.case;
    let case = work.case_for_update(case)?;
    let invoice = invoices::get(work.tx, place).map_err(work::absent)?;
    within(work, id, invoice, case)
}

fn within_locked_payment(work: &mut Work<'_, '_>, id: RefundId, place: UnmatchedPaymentId) -> Result<RefundForCaller, Error> {
    // The right is decided before the lock, so that a stranger holds none.
    let access = access_to_unmatched(work)?;
    let payment = persistence::invoices::unmatched::lock(work.tx, place).map_err(work::absent)?;
    within_unmatched(work, id, payment, access)
}

fn access_to_unmatched(work: &Work<'_, '_>) -> Result<CaseAccess, Error> {
    let who = &work.caller()?.who;
    let relations = relations_to_no_case(who);
    if relations.is_empty() || !work.operation().is_within(relations) {
        return Err(Error::Absent);
    }
    Ok(CaseAccess { user: who.user, relations })
}

/// A refund within its invoice.
pub(super) fn within(work: &Work<'_, '_>, id: RefundId, invoice: Invoice, case: CaseForCaller) -> Result<RefundForCaller, Error> {
    if !sees_money(&case, invoice.payer) {
        return Err(Error::Absent);
    }
    let refund = invoice.refund(id).cloned().ok_or(Error::Internal("a refund is not within its invoice"))?;
    let (access, roles) = (case.access, work.caller()?.who.roles.clone());
    Ok(RefundForCaller { refund, source: RefundSource::Invoice(Box::new(invoice), Box::new(case)), access, roles })
}

fn within_unmatched(work: &Work<'_, '_>, id: RefundId, payment: UnmatchedPayment, access: CaseAccess) -> Result<RefundForCaller, Error> {
    let refund = payment.refund(id).cloned().ok_or(Error::Internal("a refund is not within its payment"))?;
    let roles = work.caller()?.who.roles.clone();
    Ok(RefundForCaller { refund, source: RefundSource::Unmatched(Box::new(payment)), access, roles })
}

/// Takes a step, writes it and books it; `booked_on` is the day that decides the period, today if there is none.
pub(super) fn step(
    work: &mut Work<'_, '_>,
    loaded: RefundForCaller,
    step: RefundStep,
    booked_on: Option<Date>,
) -> Result<RefundForCaller, Error> {
    let today = today_in_tokyo(work.now);
    let RefundForCaller { refund, source, access, .. } = loaded;
    let booked_on = booked_on.unwrap_or(today);
    match source {
        RefundSource::Invoice(invoice, case) => {
            let after = invoice.clone().step_refund(refund.id, step, today).map_err(|refusals| refused(&refusals))?;
            let booking = super::super::booking(work, &case.case, booked_on);
            let version = invoices::save(work.tx, &invoice, &after, &booking)?;
            let case = tell(work, &refund, (&invoice, &after), *case)?;
            within(work, refund.id, Invoice { version, ..after }, case)
        }
        RefundSource::Unmatched(payment) => {
            let after = payment.clone().step_refund(refund.id, step, today).map_err(|refusals| refused(&refusals))?;
            let version = unmatched::save(work, &payment, &after, booked_on)?;
            within_unmatched(work, refund.id, UnmatchedPayment { version, ..after }, access)
        }
    }
}

/// Tells the case what the step of a refund did to it.
fn tell(
    work: &mut Work<'_, '_>,
    refund: &Refund,
    (before, after): (&Invoice, &Invoice),
    case: CaseForCaller,
) -> Result<CaseForCaller, Error> {
    let told = if !before.is_settled() && after.is_settled() {
        case.case.clone().settle_invoice(work.user()?, &work.rules(), work.now, after.supplement())
    } else if after.refund(refund.id).is_some_and(|refund| refund.state == RefundState::Paid) {
        case.case.clone().note_refund_paid(refund.amount)
    } else if refund.state == RefundState::Paid {
        case.case.clone().note_refund_returned(refund.amount)
    } else {
        return Ok(case);
    };
    work.save_case(case, told)
}
