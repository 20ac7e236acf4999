//! The money of a case that became one of another service (R12).

use domain::billing::{Estimate, EstimateAcceptance, Invoice, Issuing};
use domain::calendar::today_in_tokyo;
use domain::case::Change;
use domain::ids::{CaseId, InvoiceId, RefundId};
use domain::money::Yen;
use domain::people::LongText;
use persistence::invoices;

use super::invoices::refused;
use super::papers::next_credit_note;
use super::{act, additions, invoices_of, unmatched};
use crate::{CaseForCaller, Error, Work};

/// Why an invoice of the service before is credited, as its payer reads it.
const ANOTHER_SERVICE: &str = "The case is one of another service now. What was paid pays it, and the rest is returned. / \
     ご相談方法が変更されました。お支払い済みの金額は新しい料金に充当し、残額は返金いたします。";

/// Credits the invoices that nobody has paid anything on: the case is one of another service, and is reviewed again. What was paid stays with the case.
pub(crate) fn drop_unpaid(work: &mut Work<'_, '_>, changed: Change) -> Result<Change, Error> {
    let mut changed = changed;
    for invoice in open_invoices(work, changed.case.id())?.into_iter().filter(|invoice| !invoice.has_money()) {
        let (_, _, after) = credit(work, changed, &invoice)?;
        changed = after;
    }
    Ok(changed)
}

/// With the acceptance of the new service's estimate: what was invoiced before is credited, the new service is invoiced whatever way of payment was agreed on,
/// and what was paid pays it; the rest is given back. Nothing happens where there is no such money.
pub(super) fn settle(
    work: &mut Work<'_, '_>,
    loaded: CaseForCaller,
    accepted: Change,
    estimate: &Estimate,
) -> Result<CaseForCaller, Error> {
    let case = accepted.case.id();
    let paid: Vec<Invoice> = open_invoices(work, case)?.into_iter().filter(Invoice::has_money).collect();
    if paid.is_empty() {
        return work.save_case(loaded, accepted);
    }
    let Some(EstimateAcceptance { recipient, payer, third_party, .. }) = estimate.accepted.clone() else {
        return Err(Error::Internal("an estimate was accepted and is not"));
    };
    let mut changed = accepted;
    let mut credited = Vec::new();
    for invoice in paid {
        let (invoice, refund, after) = credit(work, changed, &invoice)?;
        changed = after;
        credited.push((invoice, refund));
    }
    let slides = additions::slides_to_invoice(work, &changed.case)?;
    let pricing = estimate.pricing.clone().for_slides(slides).map_err(super::estimates::refused)?;
    let id: InvoiceId = work.fresh();
    let number = invoices::next_number(work.tx)?;
    let new = Invoice::issue(Issuing { id, case, number, recipient, payer, third_party }, &pricing, work.settings, work.now);
    let new = new.map_err(|refusal| refused(&[refusal]))?;
    let told = changed.invoice_another_service(id, new.due_on);
    let booking = super::booking(work, &told.case, new.issued_on);
    invoices::insert(work.tx, &new, &booking)?;
    work.audit_subject(id);
    let mut saved = work.save_case(loaded, told)?;
    for (invoice, refund) in credited {
        saved = pay_with(work, saved, &invoice, refund, &new)?;
    }
    Ok(saved)
}

/// Lets what was paid for the service before pay the invoice of the new one, and tells what is given back. Money of one payer does not pay what another owes.
fn pay_with(
    work: &mut Work<'_, '_>,
    case: CaseForCaller,
    invoice: &Invoice,
    refund: RefundId,
    target: &Invoice,
) -> Result<CaseForCaller, Error> {
    let Some(all) = invoice.refund(refund).map(|refund| refund.amount) else { return Ok(case) };
    let owed = invoices::get(work.tx, target.id)?.owed();
    if owed.is_zero() || invoice.paid_by() != target.paid_by() {
        let told = case.case.clone().unchanged().with_refund(all);
        return work.save_case(case, told);
    }
    let (rest, by) = (work.fresh(), act(work)?);
    let applied = invoice.clone().apply_to(refund, target.id, owed, rest, by);
    let booking = super::booking(work, &case.case, today_in_tokyo(work.now));
    let version = invoices::save(work.tx, invoice, &applied, &booking)?;
    super::audit_refunds(work, &invoice.refunds, &applied.refunds);
    let applied = Invoice { version, ..applied };
    let source = applied.refund(refund).cloned().ok_or(Error::Internal("a refund was applied and is not there"))?;
    // The payer has no right to apply a refund; the accepted estimate decides it (ADR 29).
    let access = case.access;
    let as_billing = unmatched::as_billing(work, case.case.id())?;
    let done = unmatched::apply_refund(work, &applied, &source, target.id, as_billing)?;
    let left = applied.refund(rest).map_or(Yen::ZERO, |refund| refund.amount);
    let told = done.case.clone().note_refund_applied(source.amount).with_refund(left);
    let saved = work.save_case(done, told)?;
    Ok(CaseForCaller { access, ..saved })
}

/// Credits what of an invoice was not performed. Gives it as it is stored then, and the refund of what was paid.
fn credit(work: &mut Work<'_, '_>, changed: Change, before: &Invoice) -> Result<(Invoice, RefundId, Change), Error> {
    let paper = next_credit_note(work)?;
    let reason: LongText = ANOTHER_SERVICE.parse().map_err(|_| Error::Internal("a reason that is no text"))?;
    let (refund, by) = (work.fresh(), act(work)?);
    let after = before.clone().credit_unperformed(paper, refund, reason, by).map_err(|refusal| refused(&[refusal]))?;
    let booking = super::booking(work, &changed.case, today_in_tokyo(work.now));
    let version = invoices::save(work.tx, before, &after, &booking)?;
    work.audit_subject(after.id);
    work.audit_subject(paper.id);
    super::audit_refunds(work, &before.refunds, &after.refunds);
    let changed = changed.with_credit(after.id, paper.id, Yen::ZERO);
    Ok((Invoice { version, ..after }, refund, changed))
}

/// The invoices of a case on which something stands that was not performed.
fn open_invoices(work: &mut Work<'_, '_>, case: CaseId) -> Result<Vec<Invoice>, Error> {
    Ok(invoices_of(work.tx, case)?.into_iter().filter(Invoice::is_of_another_service).collect())
}
