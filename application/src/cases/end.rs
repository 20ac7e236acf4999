//! How a case ends by somebody's will: cancelled, or closed when everything is settled.

use domain::access::{Membership, Relation, may};
use domain::billing::{ChargeBearer, MoneyEnd, RefundReason};
use domain::calendar::today_in_tokyo;
use domain::case::{CancelReason, CancelledMoney, Case, Death};
use domain::ids::CaseId;
use domain::money::Yen;
use domain::people::{LongText, ShortText};
use jiff::civil::Date;

use crate::billing::EndedInvoices;
use crate::emails::SendEmail;
use crate::jobs::Job as _;
use crate::{CaseForCaller, Error, UnitOfWork, Work, billing};

/// Cancels the case; the refund follows the cancellation policy that was accepted, and a death silences every letter that has not left. Of a visit the policy
/// counts from the day on which the notice arrived.
pub fn cancel_case(
    work: &mut UnitOfWork<'_, '_, may::CancelCase>,
    case: CaseId,
    reason: CancelReason,
    text: Option<&ShortText>,
    notified_on: Option<Date>,
) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(case)?;
    let today = today_in_tokyo(work.now);
    if notified_on.is_some() && !loaded.access.relations.contains(Relation::Desk) {
        return Err(Error::invalid("/notified_on", "notified_on_is_the_desks"));
    }
    if notified_on.is_some_and(|day| day > today) {
        return Err(Error::invalid("/notified_on", "in_future"));
    }
    let ended = end_money(work, &loaded.case, reason, notified_on.unwrap_or(today))?;
    let patient_has_account = work.has_member(case, &[Membership::Patient])?;
    let money = CancelledMoney { refund: ended.refund, is_paid: ended.has_money, patient_has_account };
    let decided = loaded.case.clone().cancel(&loaded.access, &work.rules(), work.now, reason, text.cloned(), money)?;
    ended.save(work, &decided.case)?;
    let cancelled = work.save_case(loaded, decided)?;
    silence_if_dead(work, &cancelled)?;
    Ok(cancelled)
}

/// Records the patient's death: everything automatic falls silent at once. Work that is not delivered is cancelled by the policy.
///
/// # Errors
/// `died_in_future`, `died_before_birth`, and `death_already_recorded`.
pub fn record_patient_death(
    work: &mut UnitOfWork<'_, '_, may::RecordPatientDeath>,
    case: CaseId,
    on: Option<Date>,
    told_by: &ShortText,
) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(case)?;
    if on.is_some_and(|on| on > today_in_tokyo(work.now)) {
        return Err(Error::invalid("/died_on", "died_in_future"));
    }
    if on.zip(loaded.case.application().patient.birth_on).is_some_and(|(died, born)| died < born) {
        return Err(Error::invalid("/died_on", "died_before_birth"));
    }
    let death = Death { on, told_by: told_by.clone(), recorded_at: work.now, recorded_by: work.user()? };
    let today = today_in_tokyo(work.now);
    let ends = loaded.case.ends_by_death();
    let ended = if ends { Some(end_money(work, &loaded.case, CancelReason::PatientDeceased, today)?) } else { None };
    let refund = ended.as_ref().map_or(Yen::ZERO, |ended| ended.refund);
    let decided = loaded.case.clone().record_death(&loaded.access, &work.rules(), work.now, death, refund)?;
    if let Some(ended) = ended {
        ended.save(work, &decided.case)?;
    }
    let recorded = work.save_case(loaded, decided)?;
    silence_if_dead(work, &recorded)?;
    Ok(recorded)
}

/// Takes the record of a death back. The reason is kept as an internal note. To go on with a case that the death ended, reopen it.
pub fn withdraw_patient_death(
    work: &mut UnitOfWork<'_, '_, may::WithdrawPatientDeath>,
    case: CaseId,
    reason: &LongText,
) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(case)?;
    let decided = loaded.case.clone().withdraw_death(&loaded.access, &work.rules(), work.now)?;
    work.keep_as_note(case, reason)?;
    work.save_case(loaded, decided)
}

/// Works out what the end of a case for this reason gives back, by the policy that was accepted.
fn end_money(work: &mut Work<'_, '_>, case: &Case, reason: CancelReason, notified_on: Date) -> Result<EndedInvoices, Error> {
    let charges_borne_by = if reason.is_the_hospitals() { ChargeBearer::Hospital } else { ChargeBearer::Payee };
    let policy = billing::estimates::policy_of(work, case)?;
    let percent_back = case.percent_back(&policy, reason, notified_on, &work.rules());
    billing::end_invoices(work, case.id(), MoneyEnd { reason: RefundReason::Cancelled, percent_back, charges_borne_by })
}

/// Closes the case once neither side owes money and no slides are left here. `slides` says what became of slides that were handed in:
/// returned, lost or disposed of; it is kept as an internal note.
pub fn close_case(work: &mut UnitOfWork<'_, '_, may::CloseCase>, case: CaseId, slides: Option<&LongText>) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(case)?;
    let settled = billing::is_finished(work, case)?;
    let here = loaded.case.has_slides_here();
    let has_reader = work.has_member(case, &[Membership::Applicant, Membership::Patient])?;
    let decided = loaded.case.clone().close(&loaded.access, &work.rules(), work.now, settled, !here || slides.is_some(), has_reader)?;
    if let Some(text) = slides.filter(|_| here) {
        work.keep_as_note(case, text)?;
    }
    work.save_case(loaded, decided)
}

/// After a death nothing is sent by itself any longer, not even what was already written.
pub(crate) fn silence_if_dead(work: &mut Work<'_, '_>, ended: &CaseForCaller) -> Result<(), Error> {
    if ended.case.is_silenced() {
        persistence::jobs::silence(work.tx, SendEmail::NAME, ended.case.id())?;
    }
    Ok(())
}
