//! From the first draft to the submitted application.

use domain::access::{Caller, Membership, Relation, Role, may};
use domain::case::{Case, CaseStage, Refusal};
use domain::ids::{AgencyId, CaseId};
use domain::intake::{Application, ApplicationPatch, ContactsPatch, Opening};
use domain::people::LongText;
use domain::service::ServiceKind;

use crate::{CaseForCaller, Error, UnitOfWork, Work, uninformed};

/// The content of a new case.
#[derive(Clone, Debug)]
pub struct NewCase {
    /// The service that is applied for.
    pub kind: ServiceKind,
    /// The application so far; it may be incomplete.
    pub application: ApplicationPatch,
    /// The agency that refers the patient, if the caller works for more than one, or is the desk.
    pub agency: Option<AgencyId>,
    /// The earlier case of the same patient that it goes on from.
    pub follows: Option<CaseId>,
}

/// Opens a draft. An applicant opens their own, an agency refers, the desk writes down a paper application.
pub fn create_case(work: &mut UnitOfWork<'_, '_, may::CreateCase>, new: &NewCase) -> Result<CaseForCaller, Error> {
    let who = work.caller()?.who.clone();
    check_agency(work, new, &who)?;
    let year = domain::calendar::today_in_tokyo(work.now).year();
    let number = format!("{year}-{:06}", persistence::cases::next_number(work.tx, year)?);
    let earlier = taken_over(work, new.follows)?;
    let application = new.application.clone().applied_to(&earlier, &mut || work.fresh())?;
    if earlier.patient_uninformed && !application.patient_uninformed {
        return Err(Error::Refused(Refusal::UninformedNotAllowed));
    }
    let opening = Opening { id: work.fresh(), number, kind: new.kind, application, agency: new.agency, follows: new.follows };
    let decided = Case::open(opening, &who, &work.rules(), work.now).map_err(|refusal| match (refusal, new.agency) {
        // An agency that is not the caller's is as good as none; the case itself is nobody's yet.
        (Refusal::Absent, Some(_)) => Error::invalid("/agency_id", "unknown_reference"),
        (refusal, _) => refusal.into(),
    })?;
    let member = who.roles.has(Role::Applicant).then_some(Membership::Applicant);
    let opened = work.insert_case(decided, member)?;
    // Whoever opened it has joined it by now.
    uninformed::check(work, &opened.case)?;
    Ok(opened)
}

/// The part of an earlier application that a new one begins with: who the people are. What is asked, and who visits, is asked anew.
fn taken_over(work: &mut Work<'_, '_>, follows: Option<CaseId>) -> Result<Application, Error> {
    let Some(earlier) = follows else { return Ok(Application::default()) };
    let unknown = || Error::invalid("/follows_id", "unknown_reference");
    let earlier = work.case(earlier).map_err(|error| if matches!(error, Error::Absent) { unknown() } else { error })?;
    if !earlier.access.relations.contains_any(&[Relation::Applicant, Relation::Agency, Relation::Patient, Relation::Desk]) {
        return Err(unknown());
    }
    let stage = earlier.case.stage().name();
    if !stage.is_ended() && !matches!(stage, CaseStage::Consulted | CaseStage::Delivered) {
        return Err(Error::Refused(Refusal::EarlierCaseOpen));
    }
    let Application { mut patient, contact_person, language, current_physician, .. } = earlier.case.application_for(&earlier.access);
    // What the desk has seen, it sees again.
    if let Some(signer) = patient.legal_representative.as_mut() {
        signer.evidence = None;
    }
    // Whoever does not know, does not know by the next case either.
    let patient_uninformed = earlier.case.is_patient_uninformed();
    Ok(Application { patient, contact_person, language, current_physician, patient_uninformed, ..Application::default() })
}

/// The desk names an agency that exists; the agency's own staff are checked by the case.
fn check_agency(work: &mut Work<'_, '_>, new: &NewCase, who: &Caller) -> Result<(), Error> {
    match new.agency {
        Some(agency) if who.roles.has(Role::Coordinator) && persistence::agencies::find(work.tx, agency)?.is_none() => {
            Err(Error::invalid("/agency_id", "unknown_reference"))
        }
        _ => Ok(()),
    }
}

/// Changes the application while it may be changed; an empty change changes nothing.
pub fn update_case(
    work: &mut UnitOfWork<'_, '_, may::UpdateCase>,
    id: CaseId,
    patch: Option<&ApplicationPatch>,
) -> Result<CaseForCaller, Error> {
    let Some(patch) = patch else { return work.case_to_change(id) };
    let loaded = work.case_to_change(id)?;
    let before = crate::work::words_of(&loaded.case);
    let decided = loaded.case.clone().update(&loaded.access, &work.rules(), work.now, patch.clone(), &mut || work.fresh())?;
    uninformed::check(work, &decided.case)?;
    uninformed::close_history(work, &loaded.case, &decided.case)?;
    let changed = work.save_case(loaded, decided)?;
    persistence::cases::replace_words(work.tx, id, &before, &crate::work::words_of(&changed.case))?;
    Ok(changed)
}

/// Corrects the contacts of a submitted application. The reason is kept as an internal note.
pub fn correct_contacts(
    work: &mut UnitOfWork<'_, '_, may::CorrectContacts>,
    id: CaseId,
    contacts: &ContactsPatch,
    reason: &LongText,
) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(id)?;
    let before = loaded.case.clone();
    let decided = before.clone().correct_contacts(&loaded.access, &work.rules(), work.now, contacts.clone())?;
    if decided.case == before {
        return Ok(loaded);
    }
    uninformed::check(work, &decided.case)?;
    work.keep_as_note(id, reason)?;
    let corrected = work.save_case(loaded, decided)?;
    persistence::cases::replace_words(work.tx, id, &crate::work::words_of(&before), &crate::work::words_of(&corrected.case))?;
    Ok(corrected)
}

/// Submits the application; every required part of it must be there.
pub fn submit_case(work: &mut UnitOfWork<'_, '_, may::SubmitCase>, id: CaseId) -> Result<CaseForCaller, Error> {
    work.change_case(id, Case::submit)
}
