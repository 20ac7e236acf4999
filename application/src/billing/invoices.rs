//! Invoices: issued from an accepted estimate, read, listed, paid.

use domain::access::{Operation, Relation, may};
use domain::billing::Paid;
use domain::billing::{BillingRefusal, EstimateAcceptance, Invoice, InvoiceStatus, Issuing, Outcome, Payment, PaymentMethod};
use domain::calendar::today_in_tokyo;
use domain::ids::{CaseId, InvoiceId};
use domain::money::Payer;
use domain::money::Yen;
use domain::people::ShortText;
use jiff::civil::Date;
use persistence::invoices::InvoiceFilter;
use persistence::{Page, invoices};

use crate::error::Conflict;
use crate::{CaseForCaller, Error, Fault, Revision, UnitOfWork, work};

pub use persistence::invoices::NumberedInvoice;

/// An invoice with the case that it is for, as its caller stands to it.
#[derive(Clone, Debug)]
pub struct InvoiceWithCase {
    /// The invoice.
    pub invoice: Invoice,
    /// Its case.
    pub case: CaseForCaller,
}

/// A payment that was recorded, and what it did.
#[derive(Clone, Debug)]
pub struct RecordedPayment {
    /// The invoice with the payment, and its case.
    pub invoice_with_case: InvoiceWithCase,
    /// The effect of the payment on the invoice.
    pub outcome: Outcome,
    /// Whether it was received after the day on which it was due.
    pub late: bool,
}

/// A payment as it is written down.
#[derive(Clone, Debug)]
pub struct NewPayment {
    /// By which way.
    pub method: PaymentMethod,
    /// The bank's, the terminal's or the receipt's reference.
    pub reference: ShortText,
    /// Who sent it, as the bank names them.
    pub remitter: Option<ShortText>,
    /// The day, in Tokyo, on which it was received.
    pub received_on: Date,
    /// The amount that arrived.
    pub amount: Yen,
    /// The amount that banks kept on its way, as far as it is known.
    pub bank_charge: Yen,
    /// Whether it is another payment than one with the same reference on the invoice.
    pub is_another: bool,
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
    /// The revision of the invoice as this caller sees it.
    pub fn revision(&self) -> Revision {
        revision(&self.invoice)
    }
}

impl RecordedPayment {
    /// The next step, as a code.
    pub fn next_step(&self) -> &'static str {
        self.outcome.next_step()
    }
}

fn revision(invoice: &Invoice) -> Revision {
    Revision::of(invoice.version)
}

/// Issues the invoice of a written opinion from the accepted estimate: number, postings and the case's next stage together.
pub fn issue_invoice(work: &mut UnitOfWork<'_, '_, may::IssueInvoice>, case: CaseId) -> Result<InvoiceWithCase, Error> {
    let now = work.now;
    let loaded = work.case_to_change(case)?;
    let id: InvoiceId = work.fresh();
    loaded.case.check(Operation::IssueInvoice, &loaded.access)?;
    let missing = Error::Internal("an invoice without an accepted estimate");
    let Some(estimate) = loaded.case.accepted_estimate() else { return Err(missing) };
    let estimate = persistence::estimates::get(work.tx, estimate)?;
    let Some(EstimateAcceptance { recipient, payer, .. }) = estimate.accepted else { return Err(missing) };
    let number = invoices::next_number(work.tx)?;
    let invoice = Invoice::issue(Issuing { id, case, number, recipient, payer }, &estimate.pricing, work.settings, now)
        .map_err(|refusal| refused(&[refusal]))?;
    let decided = loaded.case.clone().issue_invoice(&loaded.access, &work.rules(), now, id, invoice.due_on)?;
    let booking = super::booking(work, &decided.case, invoice.issued_on);
    invoices::insert(work.tx, &invoice, &booking)?;
    work.audit_subject(id);
    let case = work.save_case(loaded, decided)?;
    Ok(InvoiceWithCase { invoice, case })
}

/// One invoice. Whoever has no relation to its case that sees invoices finds none.
pub fn get_invoice(work: &mut UnitOfWork<'_, '_, may::GetInvoice>, id: InvoiceId) -> Result<InvoiceWithCase, Error> {
    work.audit_subject(id);
    let invoice = invoices::get(work.tx, id).map_err(work::absent)?;
    let case = work.case(invoice.case)?;
    if sees_money(&case, invoice.payer) { Ok(InvoiceWithCase { invoice, case }) } else { Err(Error::Absent) }
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

/// Records a payment. The one that settles the invoice starts the physician's work.
pub fn record_payment(
    work: &mut UnitOfWork<'_, '_, may::RecordPayment>,
    id: InvoiceId,
    new: &NewPayment,
) -> Result<RecordedPayment, Error> {
    let now = work.now;
    work.audit_subject(id);
    // The case is locked before the invoice is read for good: payments of one case queue.
    let case = invoices::get(work.tx, id).map_err(work::absent)?.case;
    let case = work.case_for_update(case)?;
    let invoice = invoices::get(work.tx, id).map_err(work::absent)?;
    work.expect(revision(&invoice))?;
    let in_time = new.received_on <= invoice.last_day();
    let before = invoice.clone();
    let invoice = if in_time && case.case.is_revived_by(id) { invoice.revive().map_err(|refusal| refused(&[refusal]))? } else { invoice };
    let payment = Payment {
        id: work.fresh(),
        method: new.method,
        reference: new.reference.clone(),
        remitter: new.remitter.clone(),
        received_on: new.received_on,
        amount: new.amount,
        bank_charge: new.bank_charge,
        recorded_by: work.user()?,
        recorded_at: now,
    };
    let payment_id = payment.id;
    let tolerance = work.settings.billing.short_payment_tolerance;
    let refund = work.fresh();
    let recorded =
        invoice.record_payment(payment, new.is_another, tolerance, today_in_tokyo(now), refund).map_err(|faults| refused(&faults))?;
    let in_full = recorded.invoice.is_settled();
    let excess = recorded.invoice.refund(refund).map_or(Yen::ZERO, |refund| refund.amount);
    let paid = Paid { invoice: id, payment: payment_id, received_on: new.received_on, in_full, in_time, excess };
    let decided = case.case.clone().record_payment(&case.access, &work.rules(), now, paid)?;
    // The day on which it was received decides the period.
    let booking = super::booking(work, &decided.case, new.received_on);
    let version = invoices::save(work.tx, &before, &recorded.invoice, &booking)?;
    work.audit_subject(payment_id);
    let case = work.save_case(case, decided)?;
    let invoice = Invoice { version, ..recorded.invoice };
    Ok(RecordedPayment { invoice_with_case: InvoiceWithCase { invoice, case }, outcome: recorded.outcome, late: !in_time })
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

/// Whether a caller in these relations sees the money that this side pays: the payer does, and the hospital's people.
pub(super) fn sees_money(case: &CaseForCaller, payer: Payer) -> bool {
    let payers = match payer {
        Payer::Applicant => Relation::Applicant,
        Payer::Agency => Relation::Agency,
    };
    case.access.relations.contains_any(&[payers, Relation::Desk, Relation::Billing, Relation::Department])
}
