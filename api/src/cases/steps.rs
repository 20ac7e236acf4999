//! The steps of a case's life at the hospital: review, decision, holds, the end.

use actix_web::post;
use application::cases::triage::Reasons;
use application::cases::{end, triage};
use domain::access::may;
use domain::case::{CancelReason, HoldReason};
use domain::ids::{CaseId, DepartmentId, UserId};
use domain::intake::items::ItemCode;
use domain::people::{LongText, ShortText};
use domain::review::DeclineCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::{OpinionCase, reply};
use crate::http::authorized::Authorized;
use crate::http::body::{Body, Path};
use crate::http::reply::Answer;
use crate::http::routes::Routes;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes
        .service(start_triage)
        .service(reassign_case)
        .service(assign_physician)
        .service(accept_case)
        .service(decline_case)
        .service(hold_case)
        .service(resume_case)
        .service(cancel_case)
        .service(close_case);
}

/// To which department a complete application goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StartTriage {
    /// The department.
    department_id: DepartmentId,
    /// Items that are not relied on, such as documents that nobody here reads. Not for required ones.
    #[serde(default)]
    #[schema(required = false, max_items = 11)]
    set_aside: Vec<SetAside>,
}

/// An item that is not relied on, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetAside {
    /// The item.
    item: ItemCode,
    /// Why.
    reason: ShortText,
}

/// To which other department the review goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReassignCase {
    /// The department.
    department_id: DepartmentId,
    /// Why.
    reason: ShortText,
}

/// To which physician the case goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssignPhysician {
    /// A doctor of the case's department.
    physician_id: UserId,
    /// Why.
    reason: ShortText,
}

/// Who answers for an accepted case.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptCase {
    /// A doctor of the case's department.
    responsible_id: UserId,
}

/// Why a case is declined.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeclineCase {
    /// The reason; which ones are used is a setting of the hospital.
    reason: DeclineCode,
    /// What the applicant is told.
    text: LongText,
    /// What the hospital's people are told.
    #[serde(default)]
    internal_note: Option<LongText>,
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

/// What must be said before a case is closed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CloseCase {
    /// What became of slides that were handed in: returned, lost or disposed of, when and how. Kept as an internal note.
    #[serde(default)]
    slides: Option<LongText>,
}

/// Start the review for acceptance
///
/// Hands a complete application to a department: required items are verified; what is relied on is in Japanese or English, or translated.
#[utoipa::path(
    tag = "cases",
    request_body = StartTriage,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/start-triage")]
pub(crate) async fn start_triage(caller: Authorized<may::StartTriage>, Path(id): Path<CaseId>, body: Body<StartTriage>) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let set_aside: Vec<_> = body.set_aside.iter().map(|one| (one.item, one.reason.clone())).collect();
            let case = triage::start_triage(work, id, body.department_id, &set_aside)?;
            reply(work, &case)
        })
        .await
}

/// Reassign to another department
///
/// While the case is under review for acceptance.
#[utoipa::path(
    tag = "cases",
    request_body = ReassignCase,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/reassign")]
pub(crate) async fn reassign_case(caller: Authorized<may::ReassignCase>, Path(id): Path<CaseId>, body: Body<ReassignCase>) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let case = triage::reassign_case(work, id, body.department_id, &body.reason)?;
            reply(work, &case)
        })
        .await
}

/// Assign a physician
///
/// A doctor of the case's department; from the review on, until the opinion is under review or the visit took place.
#[utoipa::path(
    tag = "cases",
    request_body = AssignPhysician,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/assign-physician")]
pub(crate) async fn assign_physician(
    caller: Authorized<may::AssignPhysician>,
    Path(id): Path<CaseId>,
    body: Body<AssignPhysician>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let case = triage::assign_physician(work, id, body.physician_id, &body.reason)?;
            reply(work, &case)
        })
        .await
}

/// Accept a case
///
/// For the department, by its chief or director, who names the responsible physician.
#[utoipa::path(
    tag = "cases",
    request_body = AcceptCase,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/accept")]
pub(crate) async fn accept_case(caller: Authorized<may::AcceptCase>, Path(id): Path<CaseId>, body: Body<AcceptCase>) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let case = triage::accept_case(work, id, body.responsible_id)?;
            reply(work, &case)
        })
        .await
}

/// Decline a case
///
/// At once, with a full refund of what was paid. The applicant is told the text and whom to ask. The desk uses administrative reasons only.
#[utoipa::path(
    tag = "cases",
    request_body = DeclineCase,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/decline")]
pub(crate) async fn decline_case(caller: Authorized<may::DeclineCase>, Path(id): Path<CaseId>, body: Body<DeclineCase>) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let reasons = Reasons { code: body.reason, text: body.text.clone(), note: body.internal_note.clone() };
            let case = triage::decline_case(work, id, &reasons)?;
            reply(work, &case)
        })
        .await
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
            let case = triage::hold_case(work, id, body.reason, body.text.as_ref())?;
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
            let case = triage::resume_case(work, id)?;
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
