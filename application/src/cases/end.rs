//! How a case ends by somebody's will: cancelled, or closed when everything is settled.

use domain::access::may;
use domain::billing::{ChargeBearer, MoneyEnd, RefundReason};
use domain::case::CancelReason;
use domain::ids::CaseId;
use domain::intake::items::{ItemCode, ItemState};
use domain::messages::InternalNote;
use domain::people::{LongText, ShortText};

use crate::emails::SendEmail;
use crate::jobs::Job as _;
use crate::{CaseForCaller, Error, UnitOfWork, Work, billing};

/// Cancels the case; the refund follows the cancellation policy that was accepted, and a death silences every letter that has not left.
pub fn cancel_case(
    work: &mut UnitOfWork<'_, '_, may::CancelCase>,
    case: CaseId,
    reason: CancelReason,
    text: Option<&ShortText>,
) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(case)?;
    let charges_borne_by = if reason.is_the_hospitals() { ChargeBearer::Hospital } else { ChargeBearer::Payee };
    let policy = billing::estimates::policy_of(work, &loaded.case)?;
    let percent_back = policy.percent_back(loaded.case.stage().name(), reason);
    let how = MoneyEnd { reason: RefundReason::Cancelled, percent_back, charges_borne_by };
    let ended = billing::end_invoices(work, case, how)?;
    let decided = loaded.case.clone().cancel(&loaded.access, &work.rules(), work.now, reason, text.cloned(), ended.refund)?;
    ended.save(work, &decided.case)?;
    let cancelled = work.save_case(loaded, decided)?;
    fall_silent(work, &cancelled)?;
    Ok(cancelled)
}

/// Closes the case once neither side owes money and no slides are left here. `slides` says what became of slides that were handed in:
/// returned, lost or disposed of; it is kept as an internal note.
pub fn close_case(work: &mut UnitOfWork<'_, '_, may::CloseCase>, case: CaseId, slides: Option<&LongText>) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(case)?;
    let settled = billing::is_finished(work, case)?;
    let here = matches!(loaded.case.item_state(ItemCode::PathologySlides), ItemState::Provided | ItemState::Verified);
    let decided = loaded.case.clone().close(&loaded.access, &work.rules(), work.now, settled, !here || slides.is_some())?;
    if let Some(text) = slides.filter(|_| here) {
        let note = InternalNote { id: work.fresh(), case, author: work.user()?, text: text.clone(), at: work.now };
        persistence::notes::insert(work.tx, &note)?;
        work.audit_subject(note.id);
    }
    work.save_case(loaded, decided)
}

/// After a death nothing is sent by itself any longer, not even what was already written.
pub(crate) fn fall_silent(work: &mut Work<'_, '_>, ended: &CaseForCaller) -> Result<(), Error> {
    if ended.case.is_silenced() {
        persistence::jobs::silence(work.tx, SendEmail::NAME, ended.case.id())?;
    }
    Ok(())
}
