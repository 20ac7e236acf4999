//! Credit notes, corrected invoices and receipts.

use domain::access::may;
use domain::billing::fees::FeeCode;
use domain::billing::{
    BillingRefusal, ChargeBearer, CreditNote, CreditNoteIdentity, Credited, Extended, Invoice, NewCredit, NewReceipt, Payment, Receipt,
    Reissue, ThirdParty,
};
use domain::calendar::today_in_tokyo;
use domain::ids::{CreditNoteId, InvoiceId, ReceiptId, RefundId};
use domain::money::Yen;
use domain::people::LongText;
use jiff::civil::Date;
use persistence::invoices::{self, papers};

use super::invoices::{InvoiceWithCase, refused, to_change, visible};
use super::{act, additions};
use crate::{Error, UnitOfWork, Work, uninformed, work};

/// A credit note as it is written down.
#[derive(Clone, Debug)]
pub struct WantedCredit {
    /// What is credited: how many of each line.
    pub lines: Vec<(FeeCode, u32)>,
    /// Why, in words that the payer may read.
    pub reason: LongText,
    /// Who bears the charge of sending what was paid back.
    pub charges_borne_by: ChargeBearer,
}

/// A credit note, with its invoice and the case.
#[derive(Clone, Debug)]
pub struct CreditNoteWithInvoice {
    /// The credit note.
    pub note: CreditNote,
    /// Its invoice, and the case.
    pub invoice_with_case: InvoiceWithCase,
}

/// A receipt, with the invoice of its payment and the case.
#[derive(Clone, Debug)]
pub struct ReceiptWithInvoice {
    /// The receipt.
    pub receipt: Receipt,
    /// The payment that it confirms.
    pub payment: Payment,
    /// The invoice of its payment, and the case.
    pub invoice_with_case: InvoiceWithCase,
}

/// Issues a credit note. One that leaves the awaited invoice settled has the effect of its payment.
///
/// # Errors
/// The refusals of [`Invoice::credit`], and `credit_frees_work`.
pub fn issue_credit_note(
    work: &mut UnitOfWork<'_, '_, may::IssueCreditNote>,
    id: InvoiceId,
    wanted: &WantedCredit,
) -> Result<CreditNoteWithInvoice, Error> {
    let InvoiceWithCase { invoice: before, case, .. } = to_change(work, id)?;
    // The invoice and the case are asked before a number is taken.
    before.may_be_credited().map_err(|refusal| refused(&[refusal]))?;
    case.case.may_credit_invoice(&case.access)?;
    let CreditNoteIdentity { id: note, number } = next_credit_note(work)?;
    let (refund, by): (RefundId, _) = (work.fresh(), act(work)?);
    let WantedCredit { lines, reason, charges_borne_by } = wanted.clone();
    let new = NewCredit { id: note, number, lines, reason, charges_borne_by, refund, by };
    let after = before.clone().credit(new).map_err(|refusals| refused(&refusals))?;
    let charged = additions::charged_slides(work, &case.case, Some(&after))?;
    let credited = Credited {
        invoice: id,
        note,
        is_settled: after.is_settled(),
        is_credited_whole: after.is_credited_whole(),
        refund: after.refund(refund).map_or(Yen::ZERO, |refund| refund.amount),
        supplement: after.supplement(),
        charged,
    };
    let decided = case.case.clone().credit_invoice(&case.access, &work.rules(), work.now, credited)?;
    let booking = super::booking(work, &decided.case, today_in_tokyo(work.now));
    let version = invoices::save(work.tx, &before, &after, &booking)?;
    work.audit_subject(note);
    let case = work.save_case(case, decided)?;
    of_credit_note(InvoiceWithCase::of(work, Invoice { version, ..after }, case)?, note)
}

/// Issues a corrected invoice in the place of a wrong one. Payments, receipts and refunds go along; no stage changes.
///
/// # Errors
/// The refusals of [`Invoice::may_be_credited`].
pub fn reissue_invoice(
    work: &mut UnitOfWork<'_, '_, may::ReissueInvoice>,
    id: InvoiceId,
    recipient: &LongText,
    third_party: Option<ThirdParty>,
    reason: &LongText,
) -> Result<InvoiceWithCase, Error> {
    let InvoiceWithCase { invoice: before, case, .. } = to_change(work, id)?;
    before.may_be_credited().map_err(|refusal| refused(&[refusal]))?;
    uninformed::check_recipient(&case.case, recipient, third_party.as_ref())?;
    let settings = work.settings;
    if !settings.billing.can_invoice() {
        return Err(refused(&[BillingRefusal::NotSetUp]));
    }
    let credit = next_credit_note(work)?;
    let number = invoices::next_number(work.tx)?;
    let receipts = before.payments.iter().filter(|payment| payment.receipt().is_some());
    let receipts = receipts.map(|_| next_receipt(work)).collect::<Result<_, _>>()?;
    let how = Reissue {
        id: work.fresh(),
        number,
        credit,
        recipient: recipient.clone(),
        third_party,
        issuer: settings.billing.issuer.clone(),
        bank: settings.billing.bank.clone(),
        receipts,
        reason: reason.clone(),
        by: act(work)?,
    };
    let (old, new) = before.clone().reissue(how).map_err(|refusal| refused(&[refusal]))?;
    let decided = case.case.clone().reissue_invoice(&case.access, &work.rules(), work.now, id, new.id)?;
    let booking = super::booking(work, &decided.case, new.issued_on);
    invoices::reissue(work.tx, &before, &old, &new, &booking)?;
    work.audit_subject(new.id);
    work.audit_subject(credit.id);
    let case = work.save_case(case, decided)?;
    InvoiceWithCase::of(work, new, case)
}

/// Gives the payer of an invoice a new term. Why is kept as an internal note.
///
/// # Errors
/// The refusals of [`Invoice::extend`].
pub fn extend_invoice(
    work: &mut UnitOfWork<'_, '_, may::ExtendInvoice>,
    id: InvoiceId,
    until: Date,
    reason: &LongText,
) -> Result<InvoiceWithCase, Error> {
    let InvoiceWithCase { invoice: before, case, .. } = to_change(work, id)?;
    let today = today_in_tokyo(work.now);
    let after = before.clone().extend(until, today, &work.settings.calendar).map_err(|refusal| refused(&[refusal]))?;
    let extended = Extended {
        invoice: id,
        last_day: after.last_day(),
        lapses_at: after.addition_lapses_at(&work.settings.calendar),
        has_money: after.has_money(),
    };
    let decided = case.case.clone().extend_invoice(&case.access, &work.rules(), work.now, extended)?;
    let booking = super::booking(work, &decided.case, today);
    let version = invoices::save(work.tx, &before, &after, &booking)?;
    work.keep_as_note(decided.case.id(), reason)?;
    let case = work.save_case(case, decided)?;
    InvoiceWithCase::of(work, Invoice { version, ..after }, case)
}

/// One credit note. Whoever does not see its invoice finds none.
pub fn get_credit_note(work: &mut UnitOfWork<'_, '_, may::GetCreditNote>, id: CreditNoteId) -> Result<CreditNoteWithInvoice, Error> {
    work.audit_subject(id);
    let invoice = papers::invoice_of_credit_note(work.tx, id).map_err(work::absent)?;
    of_credit_note(visible(work, invoice)?, id)
}

/// One receipt. Whoever does not see its invoice finds none.
pub fn get_receipt(work: &mut UnitOfWork<'_, '_, may::GetReceipt>, id: ReceiptId) -> Result<ReceiptWithInvoice, Error> {
    work.audit_subject(id);
    let invoice = papers::invoice_of_receipt(work.tx, id).map_err(work::absent)?;
    of_receipt(visible(work, invoice)?, id)
}

/// Counts a print of a receipt, and gives it as it is printed.
///
/// # Errors
/// The refusals of [`Invoice::print_receipt`].
pub fn print_receipt(work: &mut UnitOfWork<'_, '_, may::PrintReceipt>, id: ReceiptId) -> Result<ReceiptWithInvoice, Error> {
    work.audit_subject(id);
    let invoice = papers::invoice_of_receipt(work.tx, id).map_err(work::absent)?;
    let case = visible(work, invoice)?.case;
    // Prints of one receipt queue, or two of them would be the first.
    let case = work.case_for_update(case.case.id())?;
    let before = invoices::get(work.tx, invoice)?;
    let after = before.clone().print_receipt(id, work.now).map_err(|refusal| refused(&[refusal]))?;
    let booking = super::booking(work, &case.case, today_in_tokyo(work.now));
    let version = invoices::save(work.tx, &before, &after, &booking)?;
    of_receipt(InvoiceWithCase::of(work, Invoice { version, ..after }, case)?, id)
}

fn of_receipt(invoice_with_case: InvoiceWithCase, id: ReceiptId) -> Result<ReceiptWithInvoice, Error> {
    let found = invoice_with_case.invoice.payments.iter().find_map(|payment| {
        let receipt = payment.receipts.iter().find(|receipt| receipt.id == id)?;
        Some((receipt.clone(), payment.clone()))
    });
    let (receipt, payment) = found.ok_or(Error::Internal("a receipt is not within its invoice"))?;
    Ok(ReceiptWithInvoice { receipt, payment, invoice_with_case })
}

/// The next credit note.
pub(super) fn next_credit_note(work: &mut Work<'_, '_>) -> Result<CreditNoteIdentity, Error> {
    Ok(CreditNoteIdentity { id: work.fresh(), number: papers::next_credit_note_number(work.tx)? })
}

/// The next receipt, as of today.
pub(super) fn next_receipt(work: &mut Work<'_, '_>) -> Result<NewReceipt, Error> {
    Ok(NewReceipt { id: work.fresh(), number: papers::next_receipt_number(work.tx)?, issued_on: today_in_tokyo(work.now) })
}

fn of_credit_note(invoice_with_case: InvoiceWithCase, id: CreditNoteId) -> Result<CreditNoteWithInvoice, Error> {
    let note = invoice_with_case.invoice.credit_note(id).cloned();
    let note = note.ok_or(Error::Internal("a credit note is not within its invoice"))?;
    Ok(CreditNoteWithInvoice { note, invoice_with_case })
}
