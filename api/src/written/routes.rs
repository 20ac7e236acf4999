//! Handlers of opinions.

use actix_web::{HttpRequest, get, post, put};
use application::written;
use domain::access::may;
use domain::ids::CaseId;

use super::views::{DraftOpinion, ReturnOpinion, WrittenOpinion, reply};
use crate::http::authorized::Authorized;
use crate::http::body::{Body, Path};
use crate::http::reader::Reader;
use crate::http::reply::Answer;
use crate::http::routes::Routes;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes
        .service(draft_opinion)
        .service(get_opinion)
        .service(submit_opinion)
        .service(return_opinion)
        .service(deliver_opinion)
        .service(add_opinion_addendum);
}

/// Write the opinion
///
/// Writes the draft, the first time or anew; whoever wrote last is its author. Only the responsible physician, once the payment is
/// confirmed. `lines` of the answer says how it fits on its page.
#[utoipa::path(
    tag = "opinions",
    request_body = DraftOpinion,
    responses((status = 200, description = "The draft.", body = WrittenOpinion))
)]
#[put("/v1/cases/{case_id}/opinion")]
pub(crate) async fn draft_opinion(
    caller: Authorized<may::DraftOpinion>,
    Path(case): Path<CaseId>,
    body: Body<DraftOpinion>,
    request: HttpRequest,
) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller
        .act_on(body, move |work, body| {
            let seen = written::draft_opinion(work, case, &body.content)?;
            reply(&seen, reader.labels())
        })
        .await
}

/// Read the opinion
///
/// The newest edition that the caller may see, and the delivered ones before it. Drafts are seen by the responsible physician and the
/// department only; an agency sees a delivered opinion only with the patient's verified consent.
#[utoipa::path(
    tag = "opinions",
    responses((status = 200, description = "The opinion.", body = WrittenOpinion))
)]
#[get("/v1/cases/{case_id}/opinion")]
pub(crate) async fn get_opinion(caller: Authorized<may::GetOpinion>, Path(case): Path<CaseId>, request: HttpRequest) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller
        .act(move |work| {
            let seen = written::get_opinion(work, case)?;
            reply(&seen, reader.labels())
        })
        .await
}

/// Submit the opinion
///
/// Lays the draft before the department. It must fit on one page and address every question; the findings of a re-examination must be
/// recorded if one was asked for.
#[utoipa::path(
    tag = "opinions",
    responses((status = 200, description = "The submitted opinion.", body = WrittenOpinion))
)]
#[post("/v1/cases/{case_id}/opinion/submit")]
pub(crate) async fn submit_opinion(caller: Authorized<may::SubmitOpinion>, Path(case): Path<CaseId>, request: HttpRequest) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller
        .act(move |work| {
            let seen = written::submit_opinion(work, case)?;
            reply(&seen, reader.labels())
        })
        .await
}

/// Return the opinion
///
/// Gives it back to its author, with what should change.
#[utoipa::path(
    tag = "opinions",
    request_body = ReturnOpinion,
    responses((status = 200, description = "The draft.", body = WrittenOpinion))
)]
#[post("/v1/cases/{case_id}/opinion/return")]
pub(crate) async fn return_opinion(
    caller: Authorized<may::ReturnOpinion>,
    Path(case): Path<CaseId>,
    body: Body<ReturnOpinion>,
    request: HttpRequest,
) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller
        .act_on(body, move |work, body| {
            let seen = written::return_opinion(work, case, &body.comment)?;
            reply(&seen, reader.labels())
        })
        .await
}

/// Deliver the opinion
///
/// Signs and delivers it: the chief or director of the department, who may be its author. From now on this edition never changes.
#[utoipa::path(
    tag = "opinions",
    responses((status = 200, description = "The delivered opinion.", body = WrittenOpinion))
)]
#[post("/v1/cases/{case_id}/opinion/deliver")]
pub(crate) async fn deliver_opinion(caller: Authorized<may::DeliverOpinion>, Path(case): Path<CaseId>, request: HttpRequest) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller
        .act(move |work| {
            let seen = written::deliver_opinion(work, case)?;
            reply(&seen, reader.labels())
        })
        .await
}

/// Add an addendum
///
/// A new edition, signed and delivered at once; the old ones stay as they are.
#[utoipa::path(
    tag = "opinions",
    request_body = DraftOpinion,
    responses((status = 200, description = "The new edition.", body = WrittenOpinion))
)]
#[post("/v1/cases/{case_id}/opinion/addenda")]
pub(crate) async fn add_opinion_addendum(
    caller: Authorized<may::AddOpinionAddendum>,
    Path(case): Path<CaseId>,
    body: Body<DraftOpinion>,
    request: HttpRequest,
) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller
        .act_on(body, move |work, body| {
            let seen = written::add_opinion_addendum(work, case, &body.content)?;
            reply(&seen, reader.labels())
        })
        .await
}
