//! The hospital looks at an application: review by a department, acceptance, declining.

use actix_web::post;
use application::Fault;
use application::review::{self, Reasons};
use domain::access::may;
use domain::ids::{CaseId, DepartmentId, UserId};
use domain::intake::items::ItemCode;
use domain::people::{LongText, ShortText};
use domain::review::DeclineCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::cases::views::{OpinionCase, reply};
use crate::http::authorized::Authorized;
use crate::http::body::{Body, MoreFaults, Path, repeated};
use crate::http::reply::Answer;
use crate::http::routes::Routes;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(start_triage).service(reassign_case).service(assign_physician).service(accept_case).service(decline_case);
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

/// Each item is set aside once.
#[derive(Debug)]
pub(crate) struct NoItemTwice;

impl MoreFaults<StartTriage> for NoItemTwice {
    fn of(body: &StartTriage) -> Vec<Fault> {
        let items: Vec<ItemCode> = body.set_aside.iter().map(|one| one.item).collect();
        repeated(&items, |place| format!("/set_aside/{place}/item"))
    }
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
    /// The text for the applicant.
    text: LongText,
    /// The text for the hospital's people.
    #[serde(default)]
    internal_note: Option<LongText>,
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
pub(crate) async fn start_triage(
    caller: Authorized<may::StartTriage>,
    Path(id): Path<CaseId>,
    body: Body<StartTriage, NoItemTwice>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let set_aside: Vec<_> = body.set_aside.iter().map(|one| (one.item, one.reason.clone())).collect();
            let case = review::start_triage(work, id, body.department_id, &set_aside)?;
            reply(work, &case)
        })
        .await
}

/// Reassign to another department
///
/// While the case is under review, or accepted and not yet visited or delivered. An accepted case is reviewed again: its appointment is cancelled, its estimate
/// and its money stay.
#[utoipa::path(
    tag = "cases",
    request_body = ReassignCase,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/reassign")]
pub(crate) async fn reassign_case(caller: Authorized<may::ReassignCase>, Path(id): Path<CaseId>, body: Body<ReassignCase>) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let case = review::reassign_case(work, id, body.department_id, &body.reason)?;
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
            let case = review::assign_physician(work, id, body.physician_id, &body.reason)?;
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
            let case = review::accept_case(work, id, body.responsible_id)?;
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
            let case = review::decline_case(work, id, &reasons)?;
            reply(work, &case)
        })
        .await
}
