//! Family before the patient: handlers and requests.

use actix_web::post;
use application::uninformed::{self, NewCounselDecision};
use domain::access::may;
use domain::ids::CaseId;
use domain::people::{LongText, ShortText};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::cases::views::{CounselDecision, OpinionCase, reply};
use crate::http::authorized::Authorized;
use crate::http::body::{Body, Path};
use crate::http::reply::Answer;
use crate::http::routes::Routes;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(claim_patient_uninformed).service(attest_patient_uninformed).service(end_patient_uninformed);
}

/// The claim that the patient does not know.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimPatientUninformed {
    /// Needed in a case of an agency, where the hospital allows it at all (setting); the desk's field.
    #[serde(default)]
    counsel_decision: Option<CounselDecision>,
}

/// The department's decision about the claim.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AttestPatientUninformed {
    /// Whether the department approves.
    approved: bool,
    /// The last day of the approval, in Tokyo, within a year; absent or null: as the settings say. Not looked at in a refusal.
    #[serde(default)]
    review_on: Option<Date>,
    /// Why; kept as an internal note.
    #[serde(default)]
    note: Option<LongText>,
}

/// The confirmation that the patient knows.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndPatientUninformed {
    /// The physician who confirmed it; needed of the desk.
    #[serde(default)]
    confirmed_by: Option<ShortText>,
    /// How it is known; kept as an internal note.
    reason: LongText,
}

/// Claim that the patient does not know
///
/// For family who come in the patient's place: by those who apply while the application is a draft, by the desk until the visit. From then on nothing of
/// the case reaches the patient: no account, no invitation, no letter, no list. Refused if anything has.
#[utoipa::path(
    tag = "visitors",
    request_body = ClaimPatientUninformed,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/patient-uninformed/claim")]
pub(crate) async fn claim_patient_uninformed(
    caller: Authorized<may::ClaimPatientUninformed>,
    Path(id): Path<CaseId>,
    body: Body<ClaimPatientUninformed>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let counsel = body.counsel_decision.as_ref().map(|decision| NewCounselDecision {
                decided_by: decision.decided_by.clone(),
                decided_on: decision.decided_on,
                reference: decision.reference.clone(),
            });
            let case = uninformed::claim_patient_uninformed(work, id, counsel.as_ref())?;
            reply(work, &case)
        })
        .await
}

/// Approve the claim, or not
///
/// By the department. Without an approval that holds, the case is neither accepted nor visited (setting). A refusal, and the end of an approval, disclose
/// nothing to anybody.
#[utoipa::path(
    tag = "visitors",
    request_body = AttestPatientUninformed,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/patient-uninformed/attest")]
pub(crate) async fn attest_patient_uninformed(
    caller: Authorized<may::AttestPatientUninformed>,
    Path(id): Path<CaseId>,
    body: Body<AttestPatientUninformed>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let case = uninformed::attest_patient_uninformed(work, id, body.approved, body.review_on, body.note.as_ref())?;
            reply(work, &case)
        })
        .await
}

/// End the claim
///
/// A physician of the case confirms that the patient knows; the desk records it with the physician's name. It opens what happens from then on; what was
/// written before stays closed to the patient.
#[utoipa::path(
    tag = "visitors",
    request_body = EndPatientUninformed,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/patient-uninformed/end")]
pub(crate) async fn end_patient_uninformed(
    caller: Authorized<may::EndPatientUninformed>,
    Path(id): Path<CaseId>,
    body: Body<EndPatientUninformed>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let case = uninformed::end_patient_uninformed(work, id, body.confirmed_by.as_ref(), &body.reason)?;
            reply(work, &case)
        })
        .await
}
