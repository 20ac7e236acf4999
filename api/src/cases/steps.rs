//! The clocks of a case, and its end: hold, resume, cancel, close, reopen.

use actix_web::post;
use application::cases::{end, hold, reopen};
use application::written::{self, NewSending};
use domain::access::may;
use domain::case::{CancelReason, HoldReason};
use domain::ids::CaseId;
use domain::people::{LongText, ShortText};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::{OpinionCase, reply};
use crate::http::authorized::Authorized;
use crate::http::body::{Body, Path};
use crate::http::reply::Answer;
use crate::http::routes::Routes;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(hold_case).service(resume_case).service(cancel_case).service(close_case).service(reopen_case);
    routes.service(record_patient_death).service(withdraw_patient_death).service(record_opinion_sent);
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
    /// The reason; `hospital_reason`, `duplicate` and `not_paid` are the desk's, `not_attended` comes from `markNotAttended` alone.
    reason: CancelReason,
    /// The day, in Tokyo, on which the notice arrived, if it was not today; the desk's field. The policy for visits counts from it.
    #[serde(default)]
    notified_on: Option<Date>,
    /// In words.
    #[serde(default)]
    text: Option<ShortText>,
}

/// The patient's death, as it was told.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordPatientDeath {
    /// The day; absent or null if it is not known.
    #[serde(default)]
    died_on: Option<Date>,
    /// Who told it, and how.
    told_by: ShortText,
}

/// Why the record of a death is taken back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WithdrawPatientDeath {
    /// Why. Kept as an internal note.
    reason: LongText,
}

/// An opinion that was sent by post.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordOpinionSent {
    /// To whom, name and address: the patient or the applicant, never the agency.
    to: LongText,
    /// The day, in Tokyo.
    sent_on: Date,
    /// The carrier.
    carrier: ShortText,
    /// The carrier's number, by which the parcel is found; absent or null if there is none.
    #[serde(default)]
    tracking_number: Option<ShortText>,
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
            let case = end::cancel_case(work, id, body.reason, body.text.as_ref(), body.notified_on)?;
            reply(work, &case)
        })
        .await
}

/// Record the patient's death
///
/// By the desk, at every stage. From then on nothing is sent by itself, and what waits to be sent is not. Work that is not delivered is
/// cancelled, and what was paid is given back by the policy; what was delivered or has ended stays as it is. Nobody outside the hospital is told.
#[utoipa::path(
    tag = "cases",
    request_body = RecordPatientDeath,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/patient-death")]
pub(crate) async fn record_patient_death(
    caller: Authorized<may::RecordPatientDeath>,
    Path(id): Path<CaseId>,
    body: Body<RecordPatientDeath>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let case = end::record_patient_death(work, id, body.died_on, &body.told_by)?;
            reply(work, &case)
        })
        .await
}

/// Withdraw the record of a death
///
/// It was another patient's. Letters go out again. No stage changes: to go on with a case that the death ended, reopen it (`reopenCase`).
#[utoipa::path(
    tag = "cases",
    request_body = WithdrawPatientDeath,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/patient-death/withdraw")]
pub(crate) async fn withdraw_patient_death(
    caller: Authorized<may::WithdrawPatientDeath>,
    Path(id): Path<CaseId>,
    body: Body<WithdrawPatientDeath>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let case = end::withdraw_patient_death(work, id, &body.reason)?;
            reply(work, &case)
        })
        .await
}

/// Record that the opinion was sent
///
/// By post, to a patient or an applicant without an account, or besides.
#[utoipa::path(
    tag = "opinions",
    request_body = RecordOpinionSent,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/opinion/sent")]
pub(crate) async fn record_opinion_sent(
    caller: Authorized<may::RecordOpinionSent>,
    Path(id): Path<CaseId>,
    body: Body<RecordOpinionSent>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let RecordOpinionSent { to, sent_on, carrier, tracking_number } = body;
            let new = NewSending { to: to.clone(), on: *sent_on, carrier: carrier.clone(), tracking: tracking_number.clone() };
            let case = written::record_opinion_sent(work, id, &new)?;
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
