//! Invitations: how a patient or a representative joins a case.

use actix_web::post;
use application::cases::invitations::{self, NewInvitation};
use domain::access::{Membership, may};
use domain::ids::{CaseId, InvitationId};
use domain::people::{EmailAddress, LanguageTag};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::views::{OpinionCase, reply};
use crate::http::authorized::Authorized;
use crate::http::body::{Body, Path};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(invite_to_case).service(accept_invitation);
}

/// Whom to invite, and as what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvitePerson {
    /// Where the letter with the code goes.
    email: EmailAddress,
    /// The relation of the person to the case.
    relation: Membership,
    /// The language of the letter; absent or null for English.
    #[serde(default)]
    language: Option<LanguageTag>,
}

/// An invitation that was sent. The code is in the letter alone.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseInvitation {
    /// The invitation.
    id: InvitationId,
    /// The case.
    case_id: CaseId,
    /// Where the letter goes.
    email: EmailAddress,
    /// The relation of the person to the case.
    relation: Membership,
    /// Until when the code is good.
    expires_at: Timestamp,
}

/// The code of an invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptInvitation {
    /// The code from the letter.
    #[schema(min_length = 1, max_length = 200)]
    code: String,
}

/// Invite somebody to a case
///
/// The patient, a person who visits for the patient, or another applicant. They get a letter with a code, good for fourteen days.
/// While the patient does not know of the case, the patient cannot be invited.
#[utoipa::path(
    tag = "cases",
    request_body = InvitePerson,
    responses((status = 202, description = "The letter is on its way.", body = CaseInvitation))
)]
#[post("/v1/cases/{case_id}/invitations")]
pub(crate) async fn invite_to_case(caller: Authorized<may::InviteToCase>, Path(case): Path<CaseId>, body: Body<InvitePerson>) -> Answer {
    let throttling = caller.app().is_throttling();
    let english: LanguageTag = "en".parse().map_err(|_| crate::http::problem::Problem::of(crate::http::problem::Code::Internal))?;
    caller
        .act_on(body, move |work, body| {
            let language = body.language.clone().unwrap_or_else(|| english.clone());
            let new = NewInvitation { email: body.email.clone(), membership: body.relation, language };
            let sent = invitations::invite_to_case(work, case, &new, throttling)?;
            Reply::accepted(&CaseInvitation {
                id: sent.id,
                case_id: sent.case,
                email: sent.sent.email,
                relation: sent.sent.membership,
                expires_at: sent.expires_at,
            })
        })
        .await
}

/// Accept an invitation
///
/// The caller's account joins the case that the code leads to. A code that is unknown, used, expired or leads nowhere any longer gets one
/// and the same answer.
#[utoipa::path(
    tag = "cases",
    request_body = AcceptInvitation,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/invitations/accept")]
pub(crate) async fn accept_invitation(caller: Authorized<may::AcceptInvitation>, body: Body<AcceptInvitation>) -> Answer {
    caller
        .act_on(body, |work, body| {
            let loaded = invitations::accept_invitation(work, &body.code)?;
            reply(work, &loaded)
        })
        .await
}
