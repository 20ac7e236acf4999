//! Payments whose invoice is not known: recorded, matched, and reversed.

use domain::access::{CaseAccess, Relation, Relations, may};
use domain::billing::{Act, Allocation, BillingRefusal, ChargeBearer, Invoice, Payment, PaymentMethod, Refund, Reversal, UnmatchedPayment};
use domain::calendar::today_in_tokyo;
use domain::ids::{CaseId, InvoiceId, PaymentId, RefundId, UnmatchedPaymentId};
use domain::money::Yen;
use domain::people::LongText;
use jiff::civil::Date;
use persistence::invoices::refunds::{RefundPlace, place_of};
use persistence::invoices::unmatched;
use persistence::ledger::Booking;
use persistence::{Page, invoices};

use super::act;
use super::invoices::refused;
use super::payments::{self, NewPayment, RecordedPayment, apply};
use crate::{CaseForCaller, Error, Revision, UnitOfWork, Work, work};

/// A part of an unmatched payment, as it is matched.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The invoice that it pays.
    pub invoice: InvoiceId,
    /// The amount.
    pub amount: Yen,
}

/// An unmatched payment after it was matched, and what that did to its invoices.
#[derive(Clone, Debug)]
pub struct Matched {
    /// The unmatched payment.
    pub payment: UnmatchedPayment,
    /// The payments on the invoices, in the order of the request.
    pub recorded: Vec<RecordedPayment>,
}

/// The revision of an unmatched payment.
pub fn revision(payment: &UnmatchedPayment) -> Revision {
    Revision::of(payment.version)
}

/// Records money whose invoice is not known.
///
/// # Errors
/// Everything about the payment that cannot be, and `duplicate_reference` if its reference was recorded before, wherever.
pub fn record_unmatched_payment(
    work: &mut UnitOfWork<'_, '_, may::RecordUnmatchedPayment>,
    new: &NewPayment,
) -> Result<UnmatchedPayment, Error> {
    let NewPayment { method, reference, remitter, received_on, amount, bank_charge, is_another } = new.clone();
    let payment = UnmatchedPayment {
        id: work.fresh(),
        method,
        reference,
        remitter,
        received_on,
        amount,
        bank_charge,
        is_another,
        refund: None,
        recorded_by: work.user()?,
        recorded_at: work.now,
        allocations: Vec::new(),
        refunds: Vec::new(),
        reversed: None,
        version: 1,
    };
    payment.check(today_in_tokyo(work.now)).map_err(|refusals| refused(&refusals))?;
    if !is_another && unmatched::is_known(work.tx, &payment)? {
        return Err(refused(&[BillingRefusal::DuplicateReference]));
    }
    let booking = booking(work, &payment);
    unmatched::insert(work.tx, &payment, &booking)?;
    work.audit_subject(payment.id);
    Ok(payment)
}

/// One unmatched payment.
pub fn get_unmatched_payment(
    work: &mut UnitOfWork<'_, '_, may::GetUnmatchedPayment>,
    id: UnmatchedPaymentId,
) -> Result<UnmatchedPayment, Error> {
    work.audit_subject(id);
    unmatched::get(work.tx, id).map_err(work::absent)
}

/// A page of them, or of those of which something is left, the oldest first; one more than `limit` if there is a next page.
pub fn list_unmatched_payments(
    work: &mut UnitOfWork<'_, '_, may::ListUnmatchedPayments>,
    only_open: bool,
    after: Option<UnmatchedPaymentId>,
    limit: u32,
) -> Result<Vec<UnmatchedPayment>, Error> {
    let found = unmatched::list(work.tx, only_open, Page { after, limit: limit.saturating_add(1) })?;
    work.audit_page(&found, limit, |payment| payment.id);
    Ok(found)
}

/// Matches parts of it with invoices. Each part has the effect of a payment that was received on the same day.
///
/// # Errors
/// The refusals of [`UnmatchedPayment::allocate`], and those of a payment.
pub fn match_payment(work: &mut UnitOfWork<'_, '_, may::MatchPayment>, id: UnmatchedPaymentId, parts: &[Part]) -> Result<Matched, Error> {
    work.audit_subject(id);
    let mut cases = lock_cases(work, parts)?;
    let before = unmatched::lock(work.tx, id).map_err(work::absent)?;
    work.expect(revision(&before))?;
    if before.refund.is_some() {
        return Err(refused(&[BillingRefusal::MoneyOfRefund]));
    }
    let before = keep(work, before, parts)?;
    let (mut after, by) = (before.clone(), act(work)?);
    let mut recorded = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        let within = |refused: Error| refused.within(&format!("/allocations/{place}"));
        let invoice = invoices::get(work.tx, part.invoice).map_err(work::absent)?;
        let known = cases.iter_mut().find(|case| case.case.id() == invoice.case);
        let known = known.ok_or(Error::Internal("an invoice changed its case"))?;
        let invoice = if super::expire_before_late_money(work, &known.case, &invoice, before.received_on)? {
            *known = work.case(invoice.case)?;
            invoices::get(work.tx, part.invoice)?
        } else {
            invoice
        };
        refuse_twin(&before, &invoice).map_err(within)?;
        let new = part_of(&before, part, after.rest() == after.amount);
        let applied = apply(work, known, invoice, &new, Some(&before)).map_err(within)?;
        after = allocated(after, part, applied.payment.id, by)?;
        let done = payments::save(work, known.clone(), applied)?;
        work.audit_subject(part.invoice);
        *known = done.invoice_with_case.case.clone();
        recorded.push(done);
    }
    let booking = booking(work, &before);
    let version = unmatched::save(work.tx, &before, &after, &booking)?;
    Ok(Matched { payment: UnmatchedPayment { version, ..after }, recorded })
}

/// Sends a part of an unmatched payment back, or all that is left: it is due to whoever sent it, and two persons settle it as any refund.
///
/// # Errors
/// The refusals of [`UnmatchedPayment::give_back`].
pub fn return_unmatched_payment(
    work: &mut UnitOfWork<'_, '_, may::ReturnUnmatchedPayment>,
    id: UnmatchedPaymentId,
    amount: Option<Yen>,
    charges_borne_by: ChargeBearer,
) -> Result<UnmatchedPayment, Error> {
    work.audit_subject(id);
    let before = unmatched::lock(work.tx, id).map_err(work::absent)?;
    work.expect(revision(&before))?;
    let refund: RefundId = work.fresh();
    let amount = amount.unwrap_or(before.rest());
    let after = before.clone().give_back(refund, amount, charges_borne_by, work.now).map_err(|refusal| refused(&[refusal]))?;
    let today = today_in_tokyo(work.now);
    let version = save(work, &before, &after, today)?;
    Ok(UnmatchedPayment { version, ..after })
}

/// Keeps what was to be sent back and is matched now. That it is not sent back is of today; that it was received is of its own day.
fn keep(work: &mut Work<'_, '_>, before: UnmatchedPayment, parts: &[Part]) -> Result<UnmatchedPayment, Error> {
    let needed = Yen::sum(parts.iter().map(|part| part.amount)).map_err(|_| refused(&[BillingRefusal::MoreThanUnmatched]))?;
    let kept = before.clone().keep(needed);
    if kept == before {
        return Ok(before);
    }
    let today = today_in_tokyo(work.now);
    let version = save(work, &before, &kept, today)?;
    Ok(UnmatchedPayment { version, ..kept })
}

/// Writes a changed one and books the difference on a day in Tokyo; gives the new version.
pub(super) fn save(work: &mut Work<'_, '_>, before: &UnmatchedPayment, after: &UnmatchedPayment, booked_on: Date) -> Result<i64, Error> {
    let booking = Booking { booked_on, ..booking(work, before) };
    super::audit_refunds(work, &before.refunds, &after.refunds);
    Ok(unmatched::save(work.tx, before, after, &booking)?)
}

/// Reverses an unmatched payment: it was a mistake, or the bank took it back.
///
/// # Errors
/// The refusals of [`UnmatchedPayment::reverse`].
pub fn reverse_unmatched_payment(
    work: &mut UnitOfWork<'_, '_, may::ReverseUnmatchedPayment>,
    id: UnmatchedPaymentId,
    reason: &LongText,
) -> Result<UnmatchedPayment, Error> {
    work.audit_subject(id);
    let refund = unmatched::get(work.tx, id).map_err(work::absent)?.refund;
    // The case of the refund is locked first, as everywhere.
    let source = refund.map(|refund| lock_refund(work, refund)).transpose()?;
    let before = unmatched::lock(work.tx, id).map_err(work::absent)?;
    work.expect(revision(&before))?;
    let reversal = Reversal { reason: reason.clone(), reversed: act(work)? };
    let after = before.clone().reverse(reversal).map_err(|refusal| refused(&[refusal]))?;
    // What the bank took back left today.
    let today = today_in_tokyo(work.now);
    let version = save(work, &before, &after, today)?;
    if let (Some(refund), Some((case, invoice))) = (refund, source) {
        // It never left: it is due again.
        let again = invoice.clone().unapply(refund).map_err(|refusal| refused(&[refusal]))?;
        let booking = super::booking(work, &case.case, today_in_tokyo(work.now));
        invoices::save(work.tx, &invoice, &again, &booking)?;
        work.audit_subject(refund);
        let told = case.case.clone().note_refund_due_again(after.amount);
        work.save_case(case, told)?;
    }
    Ok(UnmatchedPayment { version, ..after })
}

fn lock_refund(work: &mut Work<'_, '_>, refund: RefundId) -> Result<(CaseForCaller, Invoice), Error> {
    let RefundPlace::Invoice(place) = place_of(work.tx, refund)? else {
        return Err(Error::Internal("money of a refund that is of no invoice"));
    };
    let case = invoices::get(work.tx, place)?.case;
    let case = as_billing(work, case)?;
    Ok((case, invoices::get(work.tx, place)?))
}

/// Lets a refund pay another invoice: its money stands unmatched for a moment, and is matched at once. So a wrong application is taken back like a
/// wrong match.
///
/// # Errors
/// [`BillingRefusal::InvoiceNotOpen`], and those of a payment.
pub(super) fn apply_refund(
    work: &mut Work<'_, '_>,
    source: &Invoice,
    refund: &Refund,
    target: InvoiceId,
    case: CaseForCaller,
) -> Result<CaseForCaller, Error> {
    let invoice = invoices::get(work.tx, target)?;
    check_target(source, &invoice)?;
    let reference = source.reference_of(refund.id).parse().map_err(|_| Error::Internal("the reference of a refund"))?;
    let before = UnmatchedPayment {
        id: work.fresh(),
        method: PaymentMethod::BankTransfer,
        reference,
        remitter: None,
        received_on: today_in_tokyo(work.now),
        amount: refund.amount,
        bank_charge: Yen::ZERO,
        is_another: true,
        refund: Some(refund.id),
        recorded_by: work.user()?,
        recorded_at: work.now,
        allocations: Vec::new(),
        refunds: Vec::new(),
        reversed: None,
        version: 1,
    };
    let (opening, by) = (booking(work, &before), act(work)?);
    unmatched::insert(work.tx, &before, &opening)?;
    work.audit_subject(before.id);
    let part = Part { invoice: target, amount: refund.amount };
    let applied = apply(work, &case, invoice, &part_of(&before, &part, true), Some(&before))?;
    let after = allocated(before.clone(), &part, applied.payment.id, by)?;
    let done = payments::save(work, case, applied)?;
    work.audit_subject(target);
    unmatched::save(work.tx, &before, &after, &opening)?;
    Ok(done.invoice_with_case.case)
}

/// Loads and locks a case with billing's rights. Whoever approves needs no relation to this case.
pub(super) fn as_billing(work: &mut Work<'_, '_>, case: CaseId) -> Result<CaseForCaller, Error> {
    let (case, version) = work.case_for_system(case)?;
    let access = CaseAccess { user: work.user()?, relations: Relations::of(&[Relation::Billing]) };
    Ok(CaseForCaller { case, version, access })
}

/// Whether a refund of one invoice can pay another.
pub(super) fn check_target(source: &Invoice, target: &Invoice) -> Result<(), Error> {
    let is_open = target.end.is_none() && target.replaced_by.is_none() && !target.is_settled() && target.id != source.id;
    if is_open { Ok(()) } else { Err(refused(&[BillingRefusal::InvoiceNotOpen])) }
}

/// Takes a part back whose payment was reversed: its invoice is not known again.
pub(super) fn take_back(work: &mut Work<'_, '_>, id: UnmatchedPaymentId, payment: PaymentId) -> Result<(), Error> {
    let before = unmatched::lock(work.tx, id)?;
    let after = before.clone().take_back(payment, work.now).map_err(|refusal| refused(&[refusal]))?;
    let booking = booking(work, &before);
    unmatched::save(work.tx, &before, &after, &booking)?;
    work.audit_subject(id);
    Ok(())
}

/// One transfer that was recorded on the invoice and without one counts once.
fn refuse_twin(whole: &UnmatchedPayment, invoice: &Invoice) -> Result<(), Error> {
    let is_twin =
        |one: &Payment| one.source != Some(whole.id) && one.method == whole.method && one.reference_key() == whole.reference_key();
    if !whole.is_another && invoice.standing_payments().any(is_twin) {
        return Err(refused(&[BillingRefusal::DuplicateReference]));
    }
    Ok(())
}

/// The part as a payment on its invoice. What banks kept explains a shortfall once: of the first part.
fn part_of(whole: &UnmatchedPayment, part: &Part, is_first: bool) -> NewPayment {
    NewPayment {
        method: whole.method,
        reference: whole.reference.clone(),
        remitter: whole.remitter.clone(),
        received_on: whole.received_on,
        amount: part.amount,
        bank_charge: if is_first { whole.bank_charge } else { Yen::ZERO },
        // One transfer may pay one invoice in two steps.
        is_another: true,
    }
}

fn allocated(whole: UnmatchedPayment, part: &Part, payment: PaymentId, matched: Act) -> Result<UnmatchedPayment, Error> {
    let allocation = Allocation { invoice: part.invoice, payment, amount: part.amount, matched, returned_at: None };
    whole.allocate(allocation).map_err(|refusal| refused(&[refusal]))
}

/// Locks the cases of the invoices, always in the same order, so that two such steps cannot wait for each other.
fn lock_cases(work: &mut Work<'_, '_>, parts: &[Part]) -> Result<Vec<CaseForCaller>, Error> {
    let mut ids: Vec<(CaseId, usize)> = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        let invoice = invoices::get(work.tx, part.invoice).map_err(|error| unknown(place, work::absent(error)))?;
        ids.push((invoice.case, place));
    }
    ids.sort_unstable();
    ids.dedup_by_key(|(case, _)| *case);
    ids.into_iter().map(|(case, place)| work.case_for_update(case).map_err(|error| unknown(place, error))).collect()
}

fn unknown(place: usize, error: Error) -> Error {
    let pointer = format!("/allocations/{place}/invoice_id");
    if matches!(error, Error::Absent) { Error::invalid(pointer, "unknown_reference") } else { error }
}

/// The day on which the money was received decides the period.
fn booking(work: &Work<'_, '_>, payment: &UnmatchedPayment) -> Booking {
    Booking {
        booked_on: payment.received_on,
        operation: work.operation().operation_id(),
        by: work.user().ok(),
        department: None,
        at: work.now,
    }
}
