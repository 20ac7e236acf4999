//! People who visit for the patient, as the desk and those who apply name them.

use domain::access::{CaseAccess, Relation, may};
use domain::case::{Case, CaseStage, Change, Refusal, Rules};
use domain::ids::{CaseId, RepresentativeId};
use domain::intake::{RepresentativeForm, RepresentativePatch};
use domain::people::LongText;
use jiff::Timestamp;

use crate::{CaseForCaller, Error, UnitOfWork, Work};

/// The case, with those who visit for the patient.
pub fn list_representatives(work: &mut UnitOfWork<'_, '_, may::ListRepresentatives>, case: CaseId) -> Result<CaseForCaller, Error> {
    let loaded = work.case(case)?;
    for one in &loaded.case.application().representatives {
        work.audit_subject(one.id);
    }
    Ok(loaded)
}

/// One more person visits for the patient. The desk says why.
pub fn add_representative(
    work: &mut UnitOfWork<'_, '_, may::AddRepresentative>,
    case: CaseId,
    form: &RepresentativeForm,
    reason: Option<&LongText>,
) -> Result<(CaseForCaller, RepresentativeId), Error> {
    let id = work.fresh();
    let named = form.clone().named(id);
    let changed = change(work, case, id, reason, |case, by, rules, now| case.add_representative(by, rules, now, named))?;
    Ok((changed, id))
}

/// Corrects who somebody is. The desk says why.
pub fn update_representative(
    work: &mut UnitOfWork<'_, '_, may::UpdateRepresentative>,
    case: CaseId,
    id: RepresentativeId,
    patch: &RepresentativePatch,
    reason: Option<&LongText>,
) -> Result<CaseForCaller, Error> {
    let patch = patch.clone();
    change(work, case, id, reason, |case, by, rules, now| case.update_representative(by, rules, now, id, patch))
}

/// Somebody does not visit any longer. The desk says why.
pub fn end_representative(
    work: &mut UnitOfWork<'_, '_, may::EndRepresentative>,
    case: CaseId,
    id: RepresentativeId,
    reason: Option<&LongText>,
) -> Result<CaseForCaller, Error> {
    change(work, case, id, reason, |case, by, rules, now| case.end_representative(by, rules, now, id))
}

/// Changes who visits. What the desk changes of an application that others have submitted has a reason, which is kept as an internal note.
fn change(
    work: &mut Work<'_, '_>,
    id: CaseId,
    representative: RepresentativeId,
    reason: Option<&LongText>,
    decide: impl FnOnce(Case, &CaseAccess, &Rules<'_>, Timestamp) -> Result<Change, Refusal>,
) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(id)?;
    let before = crate::work::words_of(&loaded.case);
    let decided = decide(loaded.case.clone(), &loaded.access, &work.rules(), work.now)?;
    work.audit_subject(representative);
    if decided.case == loaded.case {
        return Ok(loaded);
    }
    if loaded.access.relations.contains(Relation::Desk) && loaded.case.stage().name() != CaseStage::Draft {
        let reason = reason.ok_or_else(|| Error::invalid("/reason", "required"))?;
        work.keep_as_note(id, reason)?;
    }
    let changed = work.save_case(loaded, decided)?;
    persistence::cases::replace_words(work.tx, id, &before, &crate::work::words_of(&changed.case))?;
    Ok(changed)
}
