//! Requests for information: the hospital asks, the applicant answers.

use domain::access::may;
use domain::case::{Answers, Asked, InformationRequest};
use domain::ids::{CaseId, InformationRequestId};

use crate::{CaseForCaller, Error, UnitOfWork, Work};

/// Asks for items and answers. Before acceptance the case goes back to the applicant; later it is held.
pub fn request_information(
    work: &mut UnitOfWork<'_, '_, may::RequestInformation>,
    case: CaseId,
    asked: &Asked,
) -> Result<InformationRequest, Error> {
    let id = work.fresh();
    let loaded = work.change_case(case, |case, by, rules, now| case.request_information(by, rules, now, id, asked.clone()))?;
    one(work, &loaded, id)
}

/// The requests that the caller may see, oldest first.
pub fn list_information_requests(
    work: &mut UnitOfWork<'_, '_, may::ListInformationRequests>,
    case: CaseId,
) -> Result<Vec<InformationRequest>, Error> {
    let loaded = work.case(case)?;
    let found = loaded.case.information_requests_for(&loaded.standing).to_vec();
    work.audit_page(&found, u32::MAX, |request| request.id);
    Ok(found)
}

/// Answers a request: everything that it asks, at once.
pub fn answer_information_request(
    work: &mut UnitOfWork<'_, '_, may::AnswerInformationRequest>,
    case: CaseId,
    id: InformationRequestId,
    answers: &Answers,
) -> Result<InformationRequest, Error> {
    let loaded = work.change_case(case, |case, by, rules, now| case.answer_information_request(by, rules, now, id, answers.clone()))?;
    one(work, &loaded, id)
}

/// Withdraws a request: the hospital does not need the answer any longer.
pub fn withdraw_information_request(
    work: &mut UnitOfWork<'_, '_, may::WithdrawInformationRequest>,
    case: CaseId,
    id: InformationRequestId,
) -> Result<InformationRequest, Error> {
    let loaded = work.change_case(case, |case, by, rules, now| case.withdraw_information_request(by, rules, now, id))?;
    one(work, &loaded, id)
}

fn one(work: &mut Work<'_, '_>, loaded: &CaseForCaller, id: InformationRequestId) -> Result<InformationRequest, Error> {
    work.audit_subject(id);
    loaded.case.information_requests().iter().find(|request| request.id == id).cloned().ok_or(Error::Absent)
}
