//! Payments: recorded, and reversed when they were a mistake.

use domain::access::may;
use domain::billing::{
    BillingRefusal, Invoice, Outcome, Paid, Payment, PaymentMethod, Reversal, Reversed, UnmatchedPayment, reference_key,
};
use domain::calendar::{days_after, today_in_tokyo};
use domain::case::{Case, CaseStage};
use domain::ids::{InvoiceId, PaymentId};
use domain::money::Yen;
use domain::people::{LongText, ShortText};
use jiff::civil::Date;
use persistence::invoices::unmatched;
use persistence::{Page, invoices};

pub use persistence::invoices::payments::{ListedPayment, PaymentFilter};

use super::act;
use super::invoices::{InvoiceWithCase, refused, revision, to_change};
use super::papers::next_receipt;
use crate::{CaseForCaller, Error, UnitOfWork, Work, work, written};

/// The fewest days in which an invoice can be paid that is owed again.
const DAYS_TO_PAY_AGAIN: i64 = 30;

/// A payment that was recorded, and what it did.
#[derive(Clone, Debug)]
pub struct RecordedPayment {
    /// The payment.
    pub payment: Payment,
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

/// A reversal as it is written down.
#[derive(Clone, Debug)]
pub struct NewReversal {
    /// Why.
    pub reason: LongText,
    /// The payment as it should have been recorded, with its invoice.
    pub replacement: Option<(InvoiceId, NewPayment)>,
}

/// A payment that was reversed.
#[derive(Clone, Debug)]
pub struct ReversedPayment {
    /// The payment.
    pub payment: Payment,
    /// Its invoice as it is now, and the case.
    pub invoice_with_case: InvoiceWithCase,
    /// The payment in its place.
    pub replacement: Option<RecordedPayment>,
}

/// A payment on its invoice, before anything is written.
pub(super) struct Applied {
    pub(super) payment: Payment,
    before: Invoice,
    /// The invoice as it lives again, if the payment brings it back.
    revived: Option<Invoice>,
    after: Invoice,
    outcome: Outcome,
    in_time: bool,
    /// The part that was paid too much.
    excess: Yen,
}

/// A page of the payments that billing recorded, the newest first; one more than `limit` if there is a next page.
pub fn list_payments(
    work: &mut UnitOfWork<'_, '_, may::ListPayments>,
    wished: PaymentFilter,
    after: Option<PaymentId>,
    limit: u32,
) -> Result<Vec<ListedPayment>, Error> {
    let found = invoices::payments::list(work.tx, wished, Page { after, limit: limit.saturating_add(1) })?;
    work.audit_page(&found, limit, |listed| listed.payment.id);
    Ok(found)
}

/// Records a payment. The one that settles the invoice starts the physician's work.
pub fn record_payment(
    work: &mut UnitOfWork<'_, '_, may::RecordPayment>,
    id: InvoiceId,
    new: &NewPayment,
) -> Result<RecordedPayment, Error> {
    let InvoiceWithCase { mut invoice, mut case, .. } = to_change(work, id)?;
    if super::expire_before_late_money(work, &case.case, &invoice, new.received_on)? {
        (case, invoice) = (work.case(invoice.case)?, invoices::get(work.tx, id)?);
    }
    let applied = apply(work, &case, invoice, new, None)?;
    save(work, case, applied)
}

/// Reverses a payment: it was a mistake, or the bank took it back. The one in its place is recorded in the same step, on this invoice or on
/// another, by the day on which it was received. Stages are judged at the end of the step.
///
/// # Errors
/// The refusals of [`Invoice::reverse_payment`], and those of a payment for the replacement.
pub fn reverse_payment(
    work: &mut UnitOfWork<'_, '_, may::ReversePayment>,
    id: InvoiceId,
    payment: PaymentId,
    new: &NewReversal,
) -> Result<ReversedPayment, Error> {
    work.audit_subject(id);
    work.audit_subject(payment);
    let target = new.replacement.as_ref().map_or(id, |(invoice, _)| *invoice);
    let (case, mut target_case) = lock(work, id, target)?;
    if let (Some(other), Some((_, replacement))) = (&target_case, &new.replacement) {
        let (place, there) = (other.case.id(), invoices::get(work.tx, target).map_err(work::absent)?);
        if super::expire_before_late_money(work, &other.case, &there, replacement.received_on)? {
            target_case = Some(work.case(place)?);
        }
    }
    let before = invoices::get(work.tx, id).map_err(work::absent)?;
    work.expect(revision(&before))?;
    let Some(original) = before.payments.iter().find(|one| one.id == payment).cloned() else { return Err(Error::Absent) };
    if original.source.is_some() && new.replacement.is_some() {
        return Err(refused(&[BillingRefusal::MatchedHasNoReplacement]));
    }
    let reversal = Reversal { reason: new.reason.clone(), reversed: act(work)? };
    let tolerance = work.settings.billing.short_payment_tolerance;
    let reversed = before.clone().reverse_payment(payment, reversal, tolerance).map_err(|refusal| refused(&[refusal]))?;
    let mut replacing = match &new.replacement {
        None => None,
        Some((_, replacement)) => {
            let invoice = if target == id { reversed.clone() } else { invoices::get(work.tx, target).map_err(work::absent)? };
            let applied = apply(work, target_case.as_ref().unwrap_or(&case), invoice, replacement, None);
            Some(applied.map_err(|refused| refused.within("/replacement/payment"))?)
        }
    };
    let same = replacing.as_mut().filter(|applied| applied.after.id == id);
    let until = payable_again_until(work, &case, same.as_ref().map_or(&reversed, |applied| &applied.after));
    let reversed = if let Some(until) = until { reversed.payable_until(until) } else { reversed };
    // The record of a payment that was made elsewhere is put right for the day on which it was received. What the bank took back left today.
    // So is that of money whose invoice is not known again.
    let booked_on = if new.replacement.is_some() || original.source.is_some() { original.received_on } else { today_in_tokyo(work.now) };
    let booking = super::booking(work, &case.case, booked_on);
    let version = invoices::save(work.tx, &before, &reversed, &booking)?;
    super::withdraw_requests(work, &before, &reversed)?;
    if let Some(source) = original.source {
        super::unmatched::take_back(work, source, original.id)?;
    }
    let mut reversed = Invoice { version, ..reversed };
    if let Some(applied) = same {
        applied.before = reversed.clone();
        applied.after.payable_until = reversed.payable_until;
    }
    let at_the_end = replacing.as_ref().map(|applied| &applied.after).filter(|after| after.id == id).unwrap_or(&reversed);
    let mut case = stop_work(work, case, at_the_end, payment, &new.reason)?;
    let own = case.case.id();
    let mut replacement = None;
    if let Some(applied) = replacing {
        work.audit_subject(target);
        let recorded = save(work, target_case.unwrap_or_else(|| case.clone()), applied)?;
        let InvoiceWithCase { invoice, case: now, .. } = &recorded.invoice_with_case;
        if now.case.id() == own {
            case = now.clone();
        }
        if invoice.id == id {
            reversed = invoice.clone();
        }
        replacement = Some(recorded);
    }
    // The trail names the case of the payment that was reversed; the other invoice is among the subjects.
    work.audit_case(own);
    let payment = reversed.payments.iter().find(|one| one.id == payment).cloned();
    let payment = payment.ok_or(Error::Internal("a payment was reversed and is not there"))?;
    Ok(ReversedPayment { payment, invoice_with_case: InvoiceWithCase::of(work, reversed, case)?, replacement })
}

/// Until when an invoice can be paid that is owed again: thirty days more at least, if its work stops, or if the last money on it is gone.
fn payable_again_until(work: &Work<'_, '_>, case: &CaseForCaller, invoice: &Invoice) -> Option<Date> {
    if case.case.re_examination().addition_invoiced_by(invoice.id).is_some() && !invoice.has_money() {
        return Some(time_to_pay_again(work));
    }
    let is_of_it = case.case.invoice() == Some(invoice.id) && !invoice.is_settled();
    let stage = case.case.stage().name();
    let is_under_way = matches!(stage, CaseStage::Writing | CaseStage::InReview);
    let needs_time = is_under_way || (stage == CaseStage::AwaitingPayment && !invoice.has_money());
    (is_of_it && needs_time).then(|| time_to_pay_again(work))
}

/// The first working day in thirty days.
fn time_to_pay_again(work: &Work<'_, '_>) -> Date {
    work.settings.calendar.working_day_from(days_after(today_in_tokyo(work.now), DAYS_TO_PAY_AGAIN))
}

/// The invoice of a case that another department accepts: if it is not paid, there are thirty days from now at least.
pub(crate) fn with_time_to_pay(work: &mut Work<'_, '_>, case: &Case, id: InvoiceId) -> Result<Invoice, Error> {
    let before = invoices::get(work.tx, id)?;
    let last_day = time_to_pay_again(work);
    if before.is_settled() || before.last_day() >= last_day {
        return Ok(before);
    }
    let after = before.clone().payable_until(last_day);
    let booking = super::booking(work, case, today_in_tokyo(work.now));
    let version = invoices::save(work.tx, &before, &after, &booking)?;
    work.audit_subject(id);
    Ok(Invoice { version, ..after })
}

/// Locks the case of an invoice, and that of another invoice if it is another case: always in the same order, so that two such steps
/// cannot wait for each other.
fn lock(work: &mut Work<'_, '_>, id: InvoiceId, target: InvoiceId) -> Result<(CaseForCaller, Option<CaseForCaller>), Error> {
    let unknown = || Error::invalid("/replacement/invoice_id", "unknown_reference");
    let own = invoices::get(work.tx, id).map_err(work::absent)?.case;
    let other = match invoices::get(work.tx, target) {
        Err(persistence::Error::NotFound) => return Err(unknown()),
        found => found?.case,
    };
    let hidden = |error| if matches!(error, Error::Absent) { unknown() } else { error };
    if other == own {
        return Ok((work.case_for_update(own)?, None));
    }
    if other < own {
        let other = work.case_for_update(other).map_err(hidden)?;
        return Ok((work.case_for_update(own)?, Some(other)));
    }
    let own = work.case_for_update(own)?;
    Ok((own, Some(work.case_for_update(other).map_err(hidden)?)))
}

/// Lets the case see that a payment was reversed, as its invoice stands at the end of the step.
fn stop_work(
    work: &mut Work<'_, '_>,
    case: CaseForCaller,
    invoice: &Invoice,
    payment: PaymentId,
    reason: &LongText,
) -> Result<CaseForCaller, Error> {
    let reversed = Reversed {
        invoice: invoice.id,
        payment,
        is_settled: invoice.is_settled(),
        settled_on: invoice.settled_on(),
        has_money: invoice.has_money(),
        payable_until: invoice.last_day(),
    };
    let decided = case.case.clone().reverse_payment(&case.access, &work.rules(), work.now, reversed)?;
    if case.case.stage().name() == CaseStage::InReview && decided.case.stage().name() == CaseStage::AwaitingPayment {
        written::give_back_draft(work, case.case.id(), reason)?;
    }
    work.save_case(case, decided)
}

/// Puts a new payment on an invoice. One that was received in time brings a lapsed invoice back.
pub(super) fn apply(
    work: &mut Work<'_, '_>,
    case: &CaseForCaller,
    before: Invoice,
    new: &NewPayment,
    source: Option<&UnmatchedPayment>,
) -> Result<Applied, Error> {
    // Money whose invoice is not known is matched, not recorded once more.
    if source.is_none() && !new.is_another && unmatched::reference_counts(work.tx, new.method, &reference_key(&new.reference))? {
        return Err(refused(&[BillingRefusal::DuplicateReference]));
    }
    let in_time = new.received_on <= before.last_day();
    let invoice = before.clone();
    let comes_back = in_time && case.case.is_revived_by(before.id);
    let revived = if comes_back { Some(invoice.clone().revive().map_err(|refusal| refused(&[refusal]))?) } else { None };
    let invoice = revived.clone().unwrap_or(invoice);
    let payment = Payment {
        id: work.fresh(),
        method: new.method,
        reference: new.reference.clone(),
        remitter: new.remitter.clone(),
        received_on: new.received_on,
        amount: new.amount,
        bank_charge: new.bank_charge,
        recorded_by: work.user()?,
        recorded_at: work.now,
        reversed: None,
        source: source.map(|source| source.id),
        refund: source.and_then(|source| source.refund),
        receipts: Vec::new(),
    };
    let (tolerance, today, refund) = (work.settings.billing.short_payment_tolerance, today_in_tokyo(work.now), work.fresh());
    let recorded = invoice.record_payment(payment.clone(), new.is_another, tolerance, today, refund).map_err(|faults| refused(&faults))?;
    let after = if payment.refund.is_some() {
        // The payer has a receipt for this money already.
        recorded.invoice
    } else {
        let receipt = next_receipt(work)?;
        work.audit_subject(receipt.id);
        recorded.invoice.with_receipt(payment.id, receipt, recorded.outcome)
    };
    let excess = after.refund(refund).map_or(Yen::ZERO, |refund| refund.amount);
    let payment = after.payments.iter().find(|one| one.id == payment.id).cloned();
    let payment = payment.ok_or(Error::Internal("a payment was recorded and is not there"))?;
    Ok(Applied { payment, before, revived, after, outcome: recorded.outcome, in_time, excess })
}

/// Writes a payment: the invoice, its books by the day on which it was received, and what it does to the case.
pub(super) fn save(work: &mut Work<'_, '_>, case: CaseForCaller, applied: Applied) -> Result<RecordedPayment, Error> {
    let Applied { payment, before, revived, after, outcome, in_time, excess } = applied;
    let (in_full, received_on) = (after.is_settled(), payment.received_on);
    let paid = Paid { invoice: after.id, payment: payment.id, received_on, in_full, in_time, excess, supplement: after.supplement() };
    let decided = case.case.clone().record_payment(&case.access, &work.rules(), work.now, paid)?;
    let before = match (revived, before.end) {
        (Some(revived), Some(end)) => {
            // It lapsed on a day on which the money was here: the mirror stands on that day, too.
            let booking = super::booking(work, &decided.case, today_in_tokyo(end.at));
            let version = invoices::save(work.tx, &before, &revived, &booking)?;
            Invoice { version, ..revived }
        }
        (Some(_), None) | (None, _) => before,
    };
    let booking = super::booking(work, &decided.case, received_on);
    let version = invoices::save(work.tx, &before, &after, &booking)?;
    super::audit_refunds(work, &before.refunds, &after.refunds);
    work.audit_subject(payment.id);
    let case = work.save_case(case, decided)?;
    let invoice_with_case = InvoiceWithCase::of(work, Invoice { version, ..after }, case)?;
    Ok(RecordedPayment { payment, invoice_with_case, outcome, late: !in_time })
}
