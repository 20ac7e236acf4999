//! The money of slides beside those that were agreed on.

use domain::billing::{ChargeBearer, EstimateClosing, Invoice, MoneyEnd, RefundReason};
use domain::calendar::today_in_tokyo;
use domain::case::{Case, Change, Stage};
use domain::ids::{CaseId, EstimateId, InvoiceId};
use domain::intake::ReExamination;
use domain::money::Yen;
use domain::people::LongText;
use jiff::civil::Date;
use persistence::invoices;

use super::{invoices_of, save_all};
use crate::{Error, Work};

/// How an addition ends: all that was paid for it goes back.
const GIVEN_BACK: MoneyEnd = MoneyEnd { reason: RefundReason::Cancelled, percent_back: 100, charges_borne_by: ChargeBearer::Payee };

/// Ends the money of an addition that a change has dropped: its estimate is taken back, its invoice lapses, and what was paid of it is given
/// back. `reason` is told with the estimate.
pub(crate) fn end_dropped(work: &mut Work<'_, '_>, before: &Case, decided: Change, reason: Option<&LongText>) -> Result<Change, Error> {
    let standing = decided.case.re_examination().addition.as_ref();
    let Some(addition) = before.re_examination().addition.as_ref().filter(|addition| standing != Some(*addition)) else {
        return Ok(decided);
    };
    if let (Some(estimate), Some(reason)) = (addition.estimate, reason) {
        withdraw_estimate(work, estimate.id, reason)?;
    }
    let Some(invoice) = addition.invoice else { return Ok(decided) };
    let before = invoices::get(work.tx, invoice.id)?;
    let refund = work.fresh();
    let after = before.clone().end(refund, GIVEN_BACK, work.now);
    let back = after.refund(refund).map_or(Yen::ZERO, |refund| refund.amount);
    let today = today_in_tokyo(work.now);
    save_all(work, &decided.case, &[(before, after)], today)?;
    Ok(decided.with_refund(back))
}

/// Notes on an estimate that the hospital took it back.
pub(crate) fn withdraw_estimate(work: &mut Work<'_, '_>, id: EstimateId, reason: &LongText) -> Result<(), Error> {
    let closing = EstimateClosing::Withdrawn { at: work.now, by: work.user()?, reason: reason.clone() };
    super::estimates::close(work, id, closing)
}

/// The slides that the invoices of a case charge for, without that of an addition; `as_it_becomes` is one that is about to change.
pub(crate) fn charged_slides(work: &mut Work<'_, '_>, case: &Case, as_it_becomes: Option<&Invoice>) -> Result<ReExamination, Error> {
    let of_addition = case.re_examination().addition.as_ref().and_then(|addition| addition.invoice).map(|invoice| invoice.id);
    let all = invoices_of(work.tx, case.id())?;
    let counted = all.iter().filter(|invoice| Some(invoice.id) != of_addition);
    let now = counted.map(|invoice| as_it_becomes.filter(|one| one.id == invoice.id).unwrap_or(invoice).charged_slides());
    Ok(now.fold(ReExamination::NONE, ReExamination::plus))
}

/// Whether every invoice that charges for slides of a case is settled.
pub(crate) fn slides_are_paid(work: &mut Work<'_, '_>, case: CaseId) -> Result<bool, Error> {
    let all = invoices_of(work.tx, case)?;
    Ok(all.iter().filter(|invoice| !invoice.charged_slides().is_none()).all(Invoice::is_settled))
}

/// Takes back the end of the paid invoices beside the main one, with the case that is reopened. Gives the slides whose money has left: they
/// are not asked for any longer.
pub(crate) fn reopen(work: &mut Work<'_, '_>, case: &Case, main: Option<InvoiceId>, payable_until: Date) -> Result<ReExamination, Error> {
    let Stage::Ended { at, .. } = case.stage() else { return Ok(ReExamination::NONE) };
    let mut lost = ReExamination::NONE;
    let mut restored = Vec::new();
    for before in invoices_of(work.tx, case.id())? {
        let is_of_the_end = before.end.is_some_and(|end| end.at == *at && !end.cancelled.is_zero());
        if Some(before.id) == main || !is_of_the_end {
            continue;
        }
        match before.clone().reopen(payable_until) {
            Ok(after) => restored.push((before, after)),
            Err(_) => lost = lost.plus(before.slides()),
        }
    }
    for (before, after) in &restored {
        super::withdraw_requests(work, before, after)?;
    }
    let today = today_in_tokyo(work.now);
    save_all(work, case, &restored, today)?;
    Ok(lost)
}

/// The slides for which the main invoice of a case charges when it is issued: those that are still wanted and that no other invoice charges
/// for.
pub(super) fn slides_to_invoice(work: &mut Work<'_, '_>, case: &Case) -> Result<ReExamination, Error> {
    let charged = charged_slides(work, case, None)?;
    Ok(case.slides_asked_for().beyond(charged))
}
