//! Invoices: issued from an accepted estimate, read, listed.

use domain::access::{Operation, Permission, Relation, Relations, Roles, may};
use domain::billing::{BillingRefusal, EstimateAcceptance, Invoice, InvoiceStatus, Issuing};
use domain::case::Stage;
use domain::ids::{CaseId, InvoiceId};
use domain::money::Payer;
use jiff::Timestamp;
use persistence::invoices::InvoiceFilter;
use persistence::{Page, invoices};

use super::payments::NewPayment;
use super::{additions, payments, visits};
use crate::error::Conflict;
use crate::{CaseForCaller, Error, Fault, Revision, UnitOfWork, Work, work};

pub use persistence::invoices::NumberedInvoice;

/// An invoice with the case that it is for, as its caller stands to it.
#[derive(Clone, Debug)]
pub struct InvoiceWithCase {
    /// The invoice.
    pub invoice: Invoice,
    /// Its case.
    pub case: CaseForCaller,
    roles: Roles,
    /// Up to how many yen banks' charges are borne.
    bank_charge_limit: i64,
}

/// Which invoices are listed; `None` does not restrict.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wished {
    /// Those of this case.
    pub case: Option<CaseId>,
    /// Those paid so far.
    pub status: Option<InvoiceStatus>,
    /// Those paid by this side.
    pub payer: Option<Payer>,
}

impl InvoiceWithCase {
    /// An invoice as the caller stands to it.
    pub(super) fn of(work: &Work<'_, '_>, invoice: Invoice, case: CaseForCaller) -> Result<Self, Error> {
        let bank_charge_limit = work.settings.billing.bank_charge_limit;
        Ok(Self { invoice, case, roles: work.caller()?.who.roles.clone(), bank_charge_limit })
    }

    /// The next operations of the caller on this invoice.
    pub fn allowed_actions(&self) -> Vec<Operation> {
        use Operation as O;
        let (invoice, case, by) = (&self.invoice, &self.case.case, &self.case.access);
        let is_paper_open = case.may_credit_invoice(by).is_ok() && invoice.may_be_credited().is_ok();
        let pending = invoice.pending_write_off();
        let is_current = invoice.replaced_by.is_none();
        let possible = [
            (O::RecordPayment, is_current && case.check(O::RecordPayment, by).is_ok()),
            (O::ReversePayment, case.check(O::ReversePayment, by).is_ok() && invoice.has_reversible_payment()),
            (O::IssueCreditNote, is_paper_open),
            (O::ReissueInvoice, is_paper_open),
            (O::ExtendInvoice, case.may_extend_invoice(by).is_ok() && invoice.may_be_extended().is_ok()),
            (O::WriteOffInvoice, invoice.may_be_written_off(self.bank_charge_limit)),
            (O::ApproveWriteOff, pending.is_some_and(|one| !one.is_requested_by(by.user))),
            (O::RejectWriteOff, pending.is_some()),
        ];
        let is_open = |operation: Operation| operation.is_open_to(&self.roles) && operation.is_within(by.relations);
        possible
            .into_iter()
            .filter(|(operation, is_possible)| *is_possible && is_open(*operation))
            .map(|(operation, _)| operation)
            .collect()
    }

    /// Whether the caller sees who decided: that is the hospital's affair.
    pub fn sees_decisions(&self) -> bool {
        sees_decisions(self.case.access.relations)
    }

    /// The revision of the invoice as this caller sees it.
    pub fn revision(&self) -> Revision {
        revision(&self.invoice)
    }
}

pub(super) fn revision(invoice: &Invoice) -> Revision {
    Revision::of(invoice.version)
}

/// Issues the invoice of a visit; or that of a written opinion from the accepted estimate: number, postings and the case's next stage together. Once that
/// stands, the next one is that of slides beside those that were agreed on; it changes no stage.
pub fn issue_invoice(work: &mut UnitOfWork<'_, '_, may::IssueInvoice>, case: CaseId) -> Result<InvoiceWithCase, Error> {
    let now = work.now;
    let loaded = work.case_to_change(case)?;
    loaded.case.check(Operation::IssueInvoice, &loaded.access)?;
    let is_visit = matches!(loaded.case.stage(), Stage::Visit { .. });
    if is_visit && loaded.case.addition_to_invoice().is_none() { visits::issue(work, loaded) } else { issue_written(work, loaded, now) }
}

/// Issues the invoice of a visit that took place and is paid at the counter: it is the receipt at the same time.
///
/// # Errors
/// As [`issue_invoice`] and [`payments::record_payment`].
pub fn issue_paid_invoice(
    work: &mut UnitOfWork<'_, '_, may::IssuePaidInvoice>,
    case: CaseId,
    payment: &NewPayment,
) -> Result<InvoiceWithCase, Error> {
    let loaded = work.case_to_change(case)?;
    loaded.case.check(Operation::IssuePaidInvoice, &loaded.access)?;
    let InvoiceWithCase { invoice, case, .. } = visits::issue(work, loaded)?;
    let payment = NewPayment { amount: invoice.total, ..payment.clone() };
    let applied = payments::apply(work, &case, invoice, &payment, None)?;
    Ok(payments::save(work, case, applied)?.invoice_with_case)
}

/// The invoice of a written opinion, or of slides beside those that were agreed on.
fn issue_written(work: &mut Work<'_, '_>, loaded: CaseForCaller, now: Timestamp) -> Result<InvoiceWithCase, Error> {
    let (case, id): (CaseId, InvoiceId) = (loaded.case.id(), work.fresh());
    let missing = Error::Internal("an invoice without an accepted estimate");
    let addition = loaded.case.addition_to_invoice().and_then(|addition| addition.estimate);
    let Some(estimate) = addition.map(|estimate| estimate.id).or(loaded.case.accepted_estimate()) else { return Err(missing) };
    let estimate = persistence::estimates::get(work.tx, estimate)?;
    let Some(EstimateAcceptance { recipient, payer, third_party, .. }) = estimate.accepted else { return Err(missing) };
    let pricing = if addition.is_some() {
        estimate.pricing
    } else {
        let slides = additions::slides_to_invoice(work, &loaded.case)?;
        estimate.pricing.for_slides(slides).map_err(super::estimates::refused)?
    };
    let number = invoices::next_number(work.tx)?;
    let invoice = Invoice::issue(Issuing { id, case, number, recipient, payer, third_party }, &pricing, work.settings, now)
        .map_err(|refusal| refused(&[refusal]))?;
    let decided = if addition.is_some() {
        loaded.case.clone().invoice_addition(&loaded.access, id, invoice.addition_lapses_at(&work.settings.calendar))?
    } else {
        loaded.case.clone().issue_invoice(&loaded.access, &work.rules(), now, id, invoice.due_on)?
    };
    let booking = super::booking(work, &decided.case, invoice.issued_on);
    invoices::insert(work.tx, &invoice, &booking)?;
    work.audit_subject(id);
    let case = work.save_case(loaded, decided)?;
    InvoiceWithCase::of(work, invoice, case)
}

/// Reads an invoice that is about to change. Its case is locked before it is read for good: changes of one case queue.
pub(super) fn to_change<P: Permission>(work: &mut UnitOfWork<'_, '_, P>, id: InvoiceId) -> Result<InvoiceWithCase, Error> {
    work.audit_subject(id);
    let case = invoices::get(work.tx, id).map_err(work::absent)?.case;
    let case = work.case_for_update(case)?;
    let invoice = invoices::get(work.tx, id).map_err(work::absent)?;
    work.expect(revision(&invoice))?;
    InvoiceWithCase::of(work, invoice, case)
}

/// One invoice. Whoever has no relation to its case that sees invoices finds none.
pub fn get_invoice(work: &mut UnitOfWork<'_, '_, may::GetInvoice>, id: InvoiceId) -> Result<InvoiceWithCase, Error> {
    work.audit_subject(id);
    visible(work, id)
}

/// An invoice that the caller may see.
pub(super) fn visible<P: Permission>(work: &mut UnitOfWork<'_, '_, P>, id: InvoiceId) -> Result<InvoiceWithCase, Error> {
    let invoice = invoices::get(work.tx, id).map_err(work::absent)?;
    let case = work.case(invoice.case)?;
    if sees_money(&case, invoice.payer) { InvoiceWithCase::of(work, invoice, case) } else { Err(Error::Absent) }
}

/// A page of the invoices that the caller may see, newest first; one more than `limit` if there is a next page.
pub fn list_invoices(
    work: &mut UnitOfWork<'_, '_, may::ListInvoices>,
    wished: Wished,
    after: Option<InvoiceId>,
    limit: u32,
) -> Result<Vec<NumberedInvoice>, Error> {
    let who = work.caller()?.who.clone();
    let filter = InvoiceFilter { case: wished.case, status: wished.status, payer: wished.payer };
    let page = Page { after, limit: limit.saturating_add(1) };
    let found = invoices::list_visible(work.tx, &who, filter, page)?;
    work.audit_page(&found, limit, |listed| listed.invoice.id);
    Ok(found)
}

/// A page of the invoices on which something is owed, the oldest first; one more than `limit` if there is a next page.
pub fn list_receivables(
    work: &mut UnitOfWork<'_, '_, may::ListReceivables>,
    after: Option<InvoiceId>,
    limit: u32,
) -> Result<Vec<NumberedInvoice>, Error> {
    let found = invoices::list_receivable(work.tx, Page { after, limit: limit.saturating_add(1) })?;
    work.audit_page(&found, limit, |listed| listed.invoice.id);
    Ok(found)
}

/// Faults of fields are told together; a refusal for how the invoice stands is one of its own.
pub(super) fn refused(refusals: &[BillingRefusal]) -> Error {
    let of_the_invoice = refusals.iter().find(|one| **one == BillingRefusal::DuplicateReference || one.pointer().is_none());
    match of_the_invoice {
        Some(refusal) => Error::Conflict(Conflict::Billing(*refusal)),
        None => Error::Invalid(refusals.iter().map(|one| Fault::at(one.pointer().unwrap_or_default(), one.code())).collect()),
    }
}

/// Whether a caller in these relations is of the hospital: who sent and who recorded a payment is the hospital's affair.
pub fn is_of_the_hospital(case: &CaseForCaller) -> bool {
    case.access.relations.contains_any(&[Relation::Desk, Relation::Billing])
}

/// Whether a caller sees who decided on money: the desk, billing, and the department, whose director approves.
pub(super) fn sees_decisions(relations: Relations) -> bool {
    relations.contains_any(&[Relation::Desk, Relation::Billing, Relation::Department])
}

/// Whether a caller in these relations sees the money that this side pays: the payer does, and the hospital's people.
pub(super) fn sees_money(case: &CaseForCaller, payer: Payer) -> bool {
    let payers = match payer {
        Payer::Applicant => Relation::Applicant,
        Payer::Agency => Relation::Agency,
        Payer::Patient => Relation::Patient,
        // Somebody stands in for a third party, so nobody but the hospital's people see money as one.
        Payer::Other => Relation::Desk,
    };
    case.access.relations.contains_any(&[payers, Relation::Desk, Relation::Billing, Relation::Department])
}
