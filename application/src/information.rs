//! Requests for information: the hospital asks, the applicant answers.

use domain::case::{Answers, Asked, InformationRequest};
use domain::ids::{CaseId, InformationRequestId};

use crate::{Act, Error, Loaded};

/// Asks for items and answers. Before acceptance the case goes back to the applicant; later it is held.
pub fn request_information(act: &mut Act<'_, '_>, case: CaseId, asked: &Asked) -> Result<InformationRequest, Error> {
    let id = act.fresh();
    let loaded = act.change_case(case, |case, by, rules, now| case.request_information(by, rules, now, id, asked.clone()))?;
    one(act, &loaded, id)
}

/// The requests that the caller may see, oldest first.
pub fn list_information_requests(act: &mut Act<'_, '_>, case: CaseId) -> Result<Vec<InformationRequest>, Error> {
    let loaded = act.load_case(case)?;
    Ok(loaded.case.information_requests_for(&loaded.standing).to_vec())
}

/// Answers a request: everything that it asks, at once.
pub fn answer_information_request(
    act: &mut Act<'_, '_>,
    case: CaseId,
    id: InformationRequestId,
    answers: &Answers,
) -> Result<InformationRequest, Error> {
    let loaded = act.change_case(case, |case, by, rules, now| case.answer_information_request(by, rules, now, id, answers.clone()))?;
    one(act, &loaded, id)
}

/// Withdraws a request: the hospital does not need the answer any longer.
pub fn withdraw_information_request(act: &mut Act<'_, '_>, case: CaseId, id: InformationRequestId) -> Result<InformationRequest, Error> {
    let loaded = act.change_case(case, |case, by, rules, now| case.withdraw_information_request(by, rules, now, id))?;
    one(act, &loaded, id)
}

fn one(act: &mut Act<'_, '_>, loaded: &Loaded, id: InformationRequestId) -> Result<InformationRequest, Error> {
    act.touched(id);
    loaded.case.information_requests().iter().find(|request| request.id == id).cloned().ok_or(Error::Absent)
}
