//! From the first draft to the submitted application.

use domain::case::{Application, ApplicationPatch, Case, Opening};
use domain::ids::{AgencyId, CaseId};
use domain::service::ServiceKind;

use crate::{Act, Error, Loaded};

/// What a case is opened with.
#[derive(Clone, Debug)]
pub struct NewCase {
    /// The service that is applied for.
    pub kind: ServiceKind,
    /// The application so far; it may be incomplete.
    pub application: Application,
    /// The agency that refers the patient, if the caller works for more than one.
    pub agency: Option<AgencyId>,
}

/// Opens a draft. An applicant opens their own, an agency refers, the desk writes down a paper application.
pub fn create_case(act: &mut Act<'_, '_>, new: &NewCase) -> Result<Loaded, Error> {
    let caller = act.caller()?.clone();
    let year = domain::calendar::today_in_tokyo(act.now).year();
    let number = persistence::cases::next_number(act.tx, year)?;
    let opening = Opening { id: act.fresh(), number, kind: new.kind, application: new.application.clone(), agency: new.agency };
    let decided = Case::open(opening, &caller.who, &act.rules(), act.now)?;
    act.insert_case(decided)
}

/// Changes the application while it may be changed.
pub fn update_case(act: &mut Act<'_, '_>, id: CaseId, patch: &ApplicationPatch) -> Result<Loaded, Error> {
    act.change_case(id, |case, by, rules, now| case.update(by, rules, now, patch.clone()))
}

/// Submits the application; every required part of it must be there.
pub fn submit_case(act: &mut Act<'_, '_>, id: CaseId) -> Result<Loaded, Error> {
    act.change_case(id, domain::case::Case::submit)
}
