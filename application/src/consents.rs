//! The register of consents: what the patient signed, what the desk found, and what was taken back.

use domain::access::may;
use domain::case::Refusal;
use domain::consents::{ConsentFinding, ConsentKind, ConsentPaper, DatesRead};
use domain::ids::{CaseId, ConsentId};
use domain::intake::items::ItemCode;
use domain::people::ShortText;

use crate::{CaseForCaller, Error, UnitOfWork, work};

/// The case, with its consents.
pub fn list_consents(work: &mut UnitOfWork<'_, '_, may::ListConsents>, case: CaseId) -> Result<CaseForCaller, Error> {
    let loaded = work.case(case)?;
    for consent in loaded.case.consents() {
        work.audit_subject(consent.id);
    }
    Ok(loaded)
}

/// Enters a consent into the register: a copy that was uploaded, or the paper that the desk holds.
///
/// # Errors
/// `unknown_reference` for a document that is not of this case, or that the caller does not see.
pub fn register_consent(
    work: &mut UnitOfWork<'_, '_, may::RegisterConsent>,
    case: CaseId,
    paper: &ConsentPaper,
) -> Result<(CaseForCaller, ConsentId), Error> {
    let loaded = work.case_to_change(case)?;
    let id = work.fresh();
    let decided = loaded.case.clone().register_consent(&loaded.access, &work.rules(), work.now, id, paper.clone())?;
    if let Some(document) = paper.document {
        let stored = match persistence::documents::get(work.tx, case, document) {
            Err(persistence::Error::NotFound) => None,
            found => Some(found?),
        };
        let Some(stored) = stored.filter(|stored| stored.document.is_open_to(loaded.access.relations)) else {
            return Err(Error::invalid("/document_id", "unknown_reference"));
        };
        if stored.document.item.and_then(ItemCode::consent) != Some(paper.kind) {
            return Err(Error::invalid("/document_id", "no_consent_document"));
        }
    }
    work.audit_subject(id);
    Ok((work.save_case(loaded, decided)?, id))
}

/// The desk looked at a consent.
pub fn verify_consent(
    work: &mut UnitOfWork<'_, '_, may::VerifyConsent>,
    case: CaseId,
    id: ConsentId,
    finding: &ConsentFinding,
    read: DatesRead,
) -> Result<CaseForCaller, Error> {
    work.audit_subject(id);
    work.change_case(case, |case, by, rules, now| case.verify_consent(by, rules, now, id, finding.clone(), read))
}

/// The patient's side takes a consent back.
pub fn withdraw_consent(
    work: &mut UnitOfWork<'_, '_, may::WithdrawConsent>,
    case: CaseId,
    id: ConsentId,
    text: Option<&ShortText>,
) -> Result<CaseForCaller, Error> {
    work.audit_subject(id);
    work.change_case(case, |case, by, rules, now| case.withdraw_consent(by, rules, now, id, text.cloned()))
}

/// The case and the name of its agency, for the form that the patient signs.
///
/// # Errors
/// As [`domain::case::Case::consent_to_ask_for`].
pub fn get_consent_form(
    work: &mut UnitOfWork<'_, '_, may::GetConsentForm>,
    case: CaseId,
    kind: Option<ConsentKind>,
) -> Result<(CaseForCaller, ConsentKind, Option<String>), Error> {
    let loaded = work.case(case)?;
    let kind = loaded.case.consent_to_ask_for(kind)?;
    // Who came before the patient knew stays closed to the patient.
    if kind == ConsentKind::RepresentativeConsultation && loaded.case.is_history_closed_to(&loaded.access) {
        return Err(Error::Refused(Refusal::NoConsentNeeded));
    }
    let agency = match loaded.case.agency() {
        Some(agency) => persistence::agencies::find(work.tx, agency).map_err(work::absent)?.map(|agency| agency.name),
        None => None,
    };
    Ok((loaded, kind, agency))
}
