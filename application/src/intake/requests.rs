//! Requests for information: the hospital asks, the applicant answers.

use domain::access::may;
use domain::ids::{CaseId, InformationRequestId};
use domain::intake::requests::{Answers, Asked, InformationRequest};
use persistence::information;

use crate::{Error, UnitOfWork, Work, work};

/// Asks for items and answers. Before acceptance the case goes back to the applicant; later it is held.
pub fn request_information(
    work: &mut UnitOfWork<'_, '_, may::RequestInformation>,
    case: CaseId,
    asked: &Asked,
) -> Result<InformationRequest, Error> {
    let id = work.fresh();
    work.change_case(case, |case, by, rules, now| case.request_information(by, rules, now, id, asked))?;
    let request = InformationRequest::ask(id, case, asked.clone(), work.user()?, work.now);
    work.audit_subject(id);
    information::insert(work.tx, &request)?;
    Ok(request)
}

/// The requests that the caller may see, oldest first.
pub fn list_information_requests(
    work: &mut UnitOfWork<'_, '_, may::ListInformationRequests>,
    case: CaseId,
) -> Result<Vec<InformationRequest>, Error> {
    let loaded = work.case(case)?;
    let mut found = information::list(work.tx, case)?;
    if let Some(since) = loaded.case.opened_to(&loaded.access) {
        found.retain(|request| request.asked_at >= since);
    }
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
    let now = work.now;
    let loaded = work.case_to_change(case)?;
    let request = find(work, case, id)?;
    let decided = loaded.case.clone().answer_information_request(&loaded.access, &work.rules(), now, &request, answers)?;
    work.save_case(loaded, decided)?;
    let request = request.answered(answers.clone(), work.user()?, now);
    information::save(work.tx, &request, now)?;
    Ok(request)
}

/// Withdraws a request: the hospital does not need the answer any longer.
pub fn withdraw_information_request(
    work: &mut UnitOfWork<'_, '_, may::WithdrawInformationRequest>,
    case: CaseId,
    id: InformationRequestId,
) -> Result<InformationRequest, Error> {
    let now = work.now;
    let loaded = work.case_to_change(case)?;
    let request = find(work, case, id)?;
    let decided = loaded.case.clone().withdraw_information_request(&loaded.access, &work.rules(), now, id)?;
    work.save_case(loaded, decided)?;
    let request = request.withdrawn(Some(work.user()?), now);
    information::save(work.tx, &request, now)?;
    Ok(request)
}

fn find(unit: &mut Work<'_, '_>, case: CaseId, id: InformationRequestId) -> Result<InformationRequest, Error> {
    unit.audit_subject(id);
    information::get(unit.tx, case, id).map_err(work::absent)
}
