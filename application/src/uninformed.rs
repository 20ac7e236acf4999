//! Family before the patient: the claim, the department's decision, the end; and what is asked before anything could reach the patient.

use domain::access::{Audience, Membership, may};
use domain::billing::ThirdParty;
use domain::case::{Case, Refusal};
use domain::ids::CaseId;
use domain::money::Payer;
use domain::people::{EmailAddress, LongText, ShortText};
use domain::uninformed::{CounselDecision, PatientsSide};
use jiff::civil::Date;
use persistence::codes::{self, Purpose};

use crate::{CaseForCaller, Error, UnitOfWork, Work, billing};

/// The decision of counsel, as the desk records it.
#[derive(Clone, Debug)]
pub struct NewCounselDecision {
    /// Who decided.
    pub decided_by: ShortText,
    /// The day.
    pub decided_on: Date,
    /// Where it is kept.
    pub reference: ShortText,
}

/// The family says that the patient does not know.
///
/// # Errors
/// Refusals if anything of the case has reached the patient's side; `in_future` for the day of counsel's decision.
pub fn claim_patient_uninformed(
    work: &mut UnitOfWork<'_, '_, may::ClaimPatientUninformed>,
    case: CaseId,
    counsel: Option<&NewCounselDecision>,
) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(case)?;
    if counsel.is_some_and(|decision| decision.decided_on > work.rules().today) {
        return Err(Error::invalid("/counsel_decision/decided_on", "in_future"));
    }
    let (by, at) = (work.user()?, work.now);
    let counsel = counsel.map(|new| CounselDecision {
        decided_by: new.decided_by.clone(),
        decided_on: new.decided_on,
        reference: new.reference.clone(),
        by,
        at,
    });
    let side = patients_side(work, &loaded.case)?;
    let decided = loaded.case.clone().claim_uninformed(&loaded.access, &work.rules(), side, counsel)?;
    check_papers(work, &decided.case)?;
    close_history(work, &loaded.case, &decided.case)?;
    work.save_case(loaded, decided)
}

/// The department approves the claim until it looks again, or does not approve it. What it says is kept as an internal note.
pub fn attest_patient_uninformed(
    work: &mut UnitOfWork<'_, '_, may::AttestPatientUninformed>,
    case: CaseId,
    is_approved: bool,
    review_on: Option<Date>,
    note: Option<&LongText>,
) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(case)?;
    let decided = loaded.case.clone().attest_uninformed(&loaded.access, &work.rules(), work.now, is_approved, review_on)?;
    if let Some(note) = note {
        work.keep_as_note(case, note)?;
    }
    work.save_case(loaded, decided)
}

/// A physician confirms that the patient knows; the desk records who confirmed it. How is kept as an internal note.
pub fn end_patient_uninformed(
    work: &mut UnitOfWork<'_, '_, may::EndPatientUninformed>,
    case: CaseId,
    confirmed_by: Option<&ShortText>,
    reason: &LongText,
) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(case)?;
    let decided = loaded.case.clone().end_uninformed(&loaded.access, &work.rules(), work.now, confirmed_by.cloned())?;
    work.keep_as_note(case, reason)?;
    work.save_case(loaded, decided)
}

/// Refuses a change by which something of a case would have reached a patient who does not know.
pub(crate) fn check(work: &mut Work<'_, '_>, case: &Case) -> Result<(), Error> {
    if case.is_patient_uninformed() {
        let side = patients_side(work, case)?;
        case.check_patients_side(side)?;
    }
    Ok(())
}

/// Refuses a claim while an estimate or an invoice stands in the patient's name, or the patient is to pay.
fn check_papers(work: &mut Work<'_, '_>, case: &Case) -> Result<(), Error> {
    let accepted = match case.accepted_estimate() {
        Some(id) => persistence::estimates::get(work.tx, id)?.accepted,
        None => None,
    };
    let invoices = billing::invoices_of(work.tx, case.id())?;
    let is_addressed = |payer: Payer, recipient: &LongText| payer == Payer::Patient || case.is_closed_text(recipient.as_str());
    let by_estimate = accepted.is_some_and(|accepted| is_addressed(accepted.payer, &accepted.recipient));
    let by_invoice = invoices.iter().any(|invoice| invoice.end.is_none() && is_addressed(invoice.payer, &invoice.recipient));
    if by_estimate || by_invoice { Err(Error::Refused(Refusal::PatientIsOnPaper)) } else { Ok(()) }
}

/// What was told, written and handed in before the claim is never for the patient, either.
pub(crate) fn close_history(work: &mut Work<'_, '_>, before: &Case, after: &Case) -> Result<(), Error> {
    if before.is_patient_uninformed() || !after.is_patient_uninformed() {
        return Ok(());
    }
    let case = after.id();
    persistence::events::close_to(work.tx, case, Audience::PATIENT)?;
    persistence::messages::close_to(work.tx, case, Audience::PATIENT)?;
    persistence::documents::close_to(work.tx, case, Audience::PATIENT, work.now)?;
    Ok(())
}

/// Refuses a text that would put the patient, who does not know, on a paper or an account.
pub(crate) fn check_text(case: &Case, text: &str, pointer: &str) -> Result<(), Error> {
    if case.is_closed_text(text) { Err(Error::invalid(pointer, "same_as_patient")) } else { Ok(()) }
}

/// Refuses a recipient of an invoice who is the patient, who does not know, by name or by the address of the third party.
pub(crate) fn check_recipient(case: &Case, recipient: &LongText, third_party: Option<&ThirdParty>) -> Result<(), Error> {
    check_text(case, recipient.as_str(), "/recipient")?;
    let address = third_party.and_then(|party| party.email.as_ref());
    if address.is_some_and(|address| case.is_closed_address(address)) {
        Err(Error::invalid("/third_party/email", "same_as_patient"))
    } else {
        Ok(())
    }
}

/// What of a case has reached the patient's side.
fn patients_side(work: &mut Work<'_, '_>, case: &Case) -> Result<PatientsSide, Error> {
    let is_own = |address: &EmailAddress| case.is_patients_address(address);
    let mut side = PatientsSide::default();
    for member in persistence::cases::list_members(work.tx, case.id())?.into_iter().filter(|member| member.ended_at.is_none()) {
        side.has_joined |= member.relation == Membership::Patient;
        side.is_addressed |= is_own(&persistence::users::get(work.tx, member.user)?.email);
    }
    for code in codes::list_for_case(work.tx, case.id())?.into_iter().filter(|code| code.purpose == Purpose::CaseInvitation) {
        let membership = code.payload.as_ref().and_then(|payload| payload.get("membership"));
        let as_patient = membership.is_some_and(|membership| membership == Membership::Patient.as_str());
        side.was_invited |= as_patient || code.email.as_ref().is_some_and(is_own);
    }
    Ok(side)
}
