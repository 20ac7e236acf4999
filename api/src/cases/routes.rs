//! Handlers of cases.

use actix_web::{get, patch, post};
use application::cases::read;
use application::intake::apply;
use domain::access::may;
use domain::ids::CaseId;

use super::views::{CorrectContacts, CreateOpinionCase, IsReadable, OpinionCase, OpinionCasePatch, created, reply};
use crate::http::authorized::Authorized;
use crate::http::body::{Body, Path};
use crate::http::reply::Answer;
use crate::http::routes::Routes;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    // The worklist's fixed paths come before the one with an identifier.
    routes
        .configure(super::worklist::configure)
        .service(create_case)
        .service(get_case)
        .service(update_case)
        .service(correct_contacts)
        .service(submit_case)
        .configure(super::steps::configure)
        .configure(super::invitations::configure);
}

/// Open a case
///
/// Opens a draft, which may be incomplete. An applicant opens their own, an agency refers a patient, the desk writes down a paper application.
#[utoipa::path(tag = "cases", request_body = CreateOpinionCase, responses((status = 201, description = "The draft.", body = OpinionCase)))]
#[post("/v1/cases")]
pub(crate) async fn create_case(caller: Authorized<may::CreateCase>, body: Body<CreateOpinionCase, IsReadable>) -> Answer {
    caller
        .act_on(body, |work, body| {
            let case = apply::create_case(work, &body.new_case())?;
            created(work, &case)
        })
        .await
}

/// Read a case
///
/// As far as the caller may see it, with the operations that they may run on it now.
#[utoipa::path(
    tag = "cases",
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[get("/v1/cases/{case_id}")]
pub(crate) async fn get_case(caller: Authorized<may::GetCase>, Path(id): Path<CaseId>) -> Answer {
    caller
        .act(move |work| {
            let case = read::get_case(work, id)?;
            reply(work, &case)
        })
        .await
}

/// Change the application
///
/// JSON merge patch. Applicants and agencies change drafts and what was asked for again; the desk also what was submitted.
#[utoipa::path(
    tag = "cases",
    request_body(content = OpinionCasePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[patch("/v1/cases/{case_id}")]
pub(crate) async fn update_case(caller: Authorized<may::UpdateCase>, Path(id): Path<CaseId>, body: Body<OpinionCasePatch>) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let case = apply::update_case(work, id, body.application.as_ref())?;
            reply(work, &case)
        })
        .await
}

/// Correct the contacts
///
/// Of the patient or of the other person, by the desk, after the application was submitted. What is absent stays; null takes a value away that is
/// not needed. A verified application stays verified.
#[utoipa::path(
    tag = "cases",
    request_body = CorrectContacts,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/correct-contacts")]
pub(crate) async fn correct_contacts(
    caller: Authorized<may::CorrectContacts>,
    Path(id): Path<CaseId>,
    body: Body<CorrectContacts>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let case = apply::correct_contacts(work, id, &body.contacts(), &body.reason)?;
            reply(work, &case)
        })
        .await
}

/// Submit the application
///
/// All contact information of the patient and of one other person must be there, and what the service needs.
#[utoipa::path(
    tag = "cases",
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/submit")]
pub(crate) async fn submit_case(caller: Authorized<may::SubmitCase>, Path(id): Path<CaseId>) -> Answer {
    caller
        .act(move |work| {
            let case = apply::submit_case(work, id)?;
            reply(work, &case)
        })
        .await
}
