//! Handlers of requests for information.

use actix_web::{get, post};
use application::intake::requests;
use domain::access::may;
use domain::ids::{CaseId, InformationRequestId};

use super::views::{AnswerInformation, AskForInformation, InformationRequest, InformationRequestList, NoItemTwice};
use crate::http::authorized::Authorized;
use crate::http::body::{Body, Path, Query};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::page::{self, PageParams};

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes
        .service(request_information)
        .service(list_information_requests)
        .service(answer_information_request)
        .service(withdraw_information_request);
}

/// Ask for information
///
/// Items and questions. Before acceptance the case goes back to the applicant; later its clocks stand still until the answer.
#[utoipa::path(
    tag = "required-items",
    request_body = AskForInformation,
    responses((status = 201, description = "The request.", body = InformationRequest))
)]
#[post("/v1/cases/{case_id}/information-requests")]
pub(crate) async fn request_information(
    caller: Authorized<may::RequestInformation>,
    Path(case): Path<CaseId>,
    body: Body<AskForInformation, NoItemTwice>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let request = requests::request_information(work, case, &body.into())?;
            let location = format!("/v1/cases/{case}/information-requests");
            Reply::created(location, &InformationRequest::from(&request))
        })
        .await
}

/// List requests for information
///
/// Oldest first, with their answers.
#[utoipa::path(
    tag = "required-items",
    params(PageParams),
    responses((status = 200, description = "A page of requests.", body = InformationRequestList))
)]
#[get("/v1/cases/{case_id}/information-requests")]
pub(crate) async fn list_information_requests(
    caller: Authorized<may::ListInformationRequests>,
    Path(case): Path<CaseId>,
    Query(query): Query<PageParams>,
) -> Answer {
    let filters = case.to_string();
    let after: Option<InformationRequestId> = page::read(query.cursor.as_deref(), &filters)?;
    caller
        .act(move |work| {
            let mut found = requests::list_information_requests(work, case)?;
            found.retain(|request| after.is_none_or(|after| request.id > after));
            let page = page::cut(found, query.limit, &filters, |request| request.id).shown(InformationRequest::from);
            Reply::ok(&page)
        })
        .await
}

/// Answer a request for information
///
/// Everything that it asks, at once: each item handed in or said why it cannot be, each question answered.
#[utoipa::path(
    tag = "required-items",
    request_body = AnswerInformation,
    responses((status = 200, description = "The answered request.", body = InformationRequest))
)]
#[post("/v1/cases/{case_id}/information-requests/{information_request_id}/answer")]
pub(crate) async fn answer_information_request(
    caller: Authorized<may::AnswerInformationRequest>,
    Path((case, id)): Path<(CaseId, InformationRequestId)>,
    body: Body<AnswerInformation, NoItemTwice>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let request = requests::answer_information_request(work, case, id, &body.into())?;
            Reply::ok(&InformationRequest::from(&request))
        })
        .await
}

/// Withdraw a request for information
///
/// The hospital does not need the answer any longer; the case goes on where it waited.
#[utoipa::path(
    tag = "required-items",
    responses((status = 200, description = "The withdrawn request.", body = InformationRequest))
)]
#[post("/v1/cases/{case_id}/information-requests/{information_request_id}/withdraw")]
pub(crate) async fn withdraw_information_request(
    caller: Authorized<may::WithdrawInformationRequest>,
    Path((case, id)): Path<(CaseId, InformationRequestId)>,
) -> Answer {
    caller
        .act(move |work| {
            let request = requests::withdraw_information_request(work, case, id)?;
            Reply::ok(&InformationRequest::from(&request))
        })
        .await
}
