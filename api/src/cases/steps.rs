//! The clocks of a case, and its end: hold, resume, cancel, close, reopen.

use actix_web::post;
use application::cases::{end, hold, reopen};
use domain::access::may;
use domain::case::{CancelReason, HoldReason};
use domain::ids::CaseId;
use domain::people::{LongText, ShortText};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::{OpinionCase, reply};
use crate::http::authorized::Authorized;
use crate::http::body::{Body, Path};
use crate::http::reply::Answer;
use crate::http::routes::Routes;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(hold_case).service(resume_case).service(cancel_case).service(close_case).service(reopen_case);
}

/// Why the clocks stand still.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HoldCase {
    /// The reason. `information` and `slides` come and go by themselves.
    reason: HoldReason,
    /// In words, for the hospital's people.
    #[serde(default)]
    text: Option<ShortText>,
}

/// Why a case is cancelled.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CancelCase {
    /// The reason; `hospital_reason` and `duplicate` are the desk's.
    reason: CancelReason,
    /// In words.
    #[serde(default)]
    text: Option<ShortText>,
}

/// The statement that closing a case may need.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CloseCase {
    /// The fate of slides that were handed in: returned, lost or disposed of, when and how. Kept as an internal note.
    #[serde(default)]
    slides: Option<LongText>,
}

/// Why a case goes on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReopenCase {
    /// Why. Kept as an internal note.
    reason: LongText,
}

/// Put a case on hold
///
/// The clocks stand still until it is resumed.
#[utoipa::path(
    tag = "cases",
    request_body = HoldCase,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/hold")]
pub(crate) async fn hold_case(caller: Authorized<may::HoldCase>, Path(id): Path<CaseId>, body: Body<HoldCase>) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let case = hold::hold_case(work, id, body.reason, body.text.as_ref())?;
            reply(work, &case)
        })
        .await
}

/// Resume a case
///
/// The clocks go on; the time that it was held is given back.
#[utoipa::path(
    tag = "cases",
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/resume")]
pub(crate) async fn resume_case(caller: Authorized<may::ResumeCase>, Path(id): Path<CaseId>) -> Answer {
    caller
        .act(move |work| {
            let case = hold::resume_case(work, id)?;
            reply(work, &case)
        })
        .await
}

/// Cancel a case
///
/// At any open stage. The refund follows the cancellation policy; after a death nothing is sent by itself any longer.
#[utoipa::path(
    tag = "cases",
    request_body = CancelCase,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/cancel")]
pub(crate) async fn cancel_case(caller: Authorized<may::CancelCase>, Path(id): Path<CaseId>, body: Body<CancelCase>) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let case = end::cancel_case(work, id, body.reason, body.text.as_ref())?;
            reply(work, &case)
        })
        .await
}

/// Close a case
///
/// Once the opinion is delivered or the visit took place, the money is settled, and no slides are left here.
#[utoipa::path(
    tag = "cases",
    request_body = CloseCase,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/close")]
pub(crate) async fn close_case(caller: Authorized<may::CloseCase>, Path(id): Path<CaseId>, body: Body<CloseCase>) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let case = end::close_case(work, id, body.slides.as_ref())?;
            reply(work, &case)
        })
        .await
}

/// Reopen a case
///
/// Within 30 days (setting) after its end, whatever the end was. It stands again where it stood before, with the same number and the same
/// invoice; a refund that nobody has approved is withdrawn. Where the money has left, the case waits for a new invoice. Clocks begin anew.
#[utoipa::path(
    tag = "cases",
    request_body = ReopenCase,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/reopen")]
pub(crate) async fn reopen_case(caller: Authorized<may::ReopenCase>, Path(id): Path<CaseId>, body: Body<ReopenCase>) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let case = reopen::reopen_case(work, id, &body.reason)?;
            reply(work, &case)
        })
        .await
}
