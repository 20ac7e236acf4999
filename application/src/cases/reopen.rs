//! An end that is taken back.

use domain::access::{Operation, may};
use domain::billing::{BillingRefusal, Invoice};
use domain::calendar::{days_after, today_in_tokyo};
use domain::case::{Case, CaseStage, InvoiceAtReopening, Stage, Written};
use domain::ids::{AppointmentId, CaseId, InvoiceId};
use domain::money::Yen;
use domain::people::LongText;
use jiff::civil::Date;

use crate::billing::additions;
use crate::{CaseForCaller, Error, UnitOfWork, Work, appointments, billing, written};

/// Takes back the end of a case. The reason is kept as an internal note.
pub fn reopen_case(work: &mut UnitOfWork<'_, '_, may::ReopenCase>, case: CaseId, reason: &LongText) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(case)?;
    let payable_until = payable_until(work);
    let changed = loaded.case.invoice().map(|id| restored(work, id, payable_until)).transpose()?;
    let invoice = changed.as_ref().map_or(InvoiceAtReopening::NONE, |changed| changed.invoice);
    loaded.case.check(Operation::ReopenCase, &loaded.access)?;
    let lost = additions::reopen(work, &loaded.case, loaded.case.invoice(), payable_until)?;
    let mut decided = loaded.case.clone().without_slides(lost).reopen(&loaded.access, &work.rules(), work.now, invoice)?;
    if let Some(Restored { before, after, released, .. }) = &changed {
        decided = decided.with_refund(*released);
        billing::save_reopened(work, &decided.case, before, after)?;
    }
    let on_invoices = additions::charged_slides(work, &decided.case, None)?;
    decided.case = decided.case.with_charged_slides(on_invoices);
    if let Some(again) = free_again(work, &loaded.case)? {
        decided.case = decided.case.with_appointment_again(again);
    }
    if is_under_review(&loaded.case) && invoice == InvoiceAtReopening::GivenBack {
        written::give_back_draft(work, case, reason)?;
    }
    work.keep_as_note(case, reason)?;
    work.save_case(loaded, decided)
}

/// The main invoice of a case that is reopened, before and after.
struct Restored {
    before: Invoice,
    after: Invoice,
    /// The cancellation fee that is not kept any longer.
    released: Yen,
    invoice: InvoiceAtReopening,
}

/// The last day on which what is owed again can be paid.
fn payable_until(work: &Work<'_, '_>) -> Date {
    let days = i64::from(work.settings.billing.payment_expires_after_days);
    work.settings.calendar.working_day_from(days_after(today_in_tokyo(work.now), days))
}

fn restored(work: &mut Work<'_, '_>, id: InvoiceId, payable_until: Date) -> Result<Restored, Error> {
    let before = persistence::invoices::get(work.tx, id)?;
    match before.clone().reopen(payable_until) {
        Ok(after) => {
            let invoice = InvoiceAtReopening::Restored {
                is_settled: after.is_settled(),
                has_money: after.has_money(),
                payable_until: after.last_day(),
            };
            Ok(Restored { before, after, released: Yen::ZERO, invoice })
        }
        Err(BillingRefusal::RefundApproved) => {
            // The cancellation holds no longer, so its fee is not kept.
            let released = before.kept();
            let after = before.clone().release_fee(work.fresh(), work.now);
            Ok(Restored { before, after, released, invoice: InvoiceAtReopening::GivenBack })
        }
        Err(_) => Err(Error::Internal("an invoice that cannot be reopened")),
    }
}

/// The appointment of a visit that was booked when its case ended, if nobody else has its half hours now.
fn free_again(work: &mut Work<'_, '_>, case: &Case) -> Result<Option<AppointmentId>, Error> {
    let Stage::Ended { from: CaseStage::Scheduled, at, .. } = case.stage() else { return Ok(None) };
    let Some(before) = case.appointment_before_the_end(*at, work.now) else { return Ok(None) };
    let Some((time, department)) = before.time.clone().zip(case.department()) else { return Ok(None) };
    let (id, now) = (before.id, work.now);
    if !appointments::is_in_calendar(work, department, &time)? {
        return Ok(None);
    }
    let half_hours: Vec<_> = time.half_hours().collect();
    let is_taken = persistence::taken::is_any_taken(work.tx, case.id(), &half_hours, now)?;
    Ok((!is_taken).then_some(id))
}

/// Whether the opinion was under review when the case ended.
fn is_under_review(case: &Case) -> bool {
    matches!(case.stage(), Stage::Ended { before, .. } if matches!(**before, Stage::Written { step: Written::InReview { .. } }))
}
