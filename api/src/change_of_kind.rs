//! Another service for the same case: handlers and requests.

use actix_web::post;
use application::change_of_kind::{self, NewProposal};
use domain::access::may;
use domain::change_of_kind::KindAgreement;
use domain::ids::CaseId;
use domain::intake::{ApplicationPatch, RepresentativeForm};
use domain::people::{LanguageTag, LongText};
use domain::service::ServiceKind;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::cases::views::{OpinionCase, reply};
use crate::http::authorized::Authorized;
use crate::http::body::{Body, Path};
use crate::http::reply::Answer;
use crate::http::routes::Routes;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(propose_case_kind).service(agree_case_kind).service(withdraw_case_kind_proposal);
}

/// Another service.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProposeCaseKind {
    /// The service.
    kind: ServiceKind,
    /// Why, for the applicant.
    text: LongText,
    /// Why a written opinion is offered although the patient has family or friends in Japan.
    #[serde(default)]
    written_offered_because: Option<LongText>,
}

/// The agreement to another service.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgreeCaseKind {
    /// The service, as it was read in the proposal.
    kind: ServiceKind,
    /// What the new service needs of the application; what is absent stays.
    #[serde(default)]
    application: Option<NewServiceApplication>,
}

/// What a service needs of the application beside the contacts.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewServiceApplication {
    /// Those who visit for the patient; the list is replaced as a whole.
    #[serde(default)]
    #[schema(max_items = 3)]
    representatives: Option<Vec<RepresentativeForm>>,
    /// The patient's questions; the list is replaced as a whole.
    #[serde(default)]
    #[schema(max_items = 10)]
    questions: Option<Vec<LongText>>,
    /// The language in which the opinion or the consultation is wished.
    #[serde(default)]
    language: Option<LanguageTag>,
    /// Whether the patient has family or friends in Japan.
    #[serde(default)]
    has_family_or_friend_in_japan: Option<bool>,
}

impl AgreeCaseKind {
    fn agreement(&self) -> KindAgreement {
        let application = self.application.as_ref().map(NewServiceApplication::patch).unwrap_or_default();
        KindAgreement { kind: self.kind, application }
    }
}

impl NewServiceApplication {
    fn patch(&self) -> ApplicationPatch {
        let Self { representatives, questions, language, has_family_or_friend_in_japan } = self;
        ApplicationPatch {
            representatives: representatives.clone().map(Some),
            questions: questions.clone().map(Some),
            language: language.clone().map(Some),
            has_family_or_friend_in_japan: has_family_or_friend_in_japan.map(Some),
            ..ApplicationPatch::default()
        }
    }
}

/// Propose another service
///
/// Until an opinion is under review, or somebody was received. It blocks nothing, and takes the place of a proposal before it.
#[utoipa::path(
    tag = "cases",
    request_body = ProposeCaseKind,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/kind-proposal")]
pub(crate) async fn propose_case_kind(
    caller: Authorized<may::ProposeCaseKind>,
    Path(case): Path<CaseId>,
    body: Body<ProposeCaseKind>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let ProposeCaseKind { kind, text, written_offered_because } = body;
            let new = NewProposal { kind: *kind, text: text.clone(), written_offered_because: written_offered_because.clone() };
            let loaded = change_of_kind::propose_case_kind(work, case, &new)?;
            reply(work, &loaded)
        })
        .await
}

/// Agree to another service
///
/// With what that service needs of the application. Between the two kinds of visit everything else stays. To or from the written opinion the case is
/// submitted again; what was paid stays with it, pays the invoice of the new service once its estimate is accepted, and the rest is given back.
#[utoipa::path(
    tag = "cases",
    request_body = AgreeCaseKind,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/kind-proposal/agree")]
pub(crate) async fn agree_case_kind(caller: Authorized<may::AgreeCaseKind>, Path(case): Path<CaseId>, body: Body<AgreeCaseKind>) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let loaded = change_of_kind::agree_case_kind(work, case, &body.agreement())?;
            reply(work, &loaded)
        })
        .await
}

/// Withdraw the proposal of another service
///
/// The desk takes it back, or those who apply turn it down. The case goes on as it is.
#[utoipa::path(
    tag = "cases",
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/kind-proposal/withdraw")]
pub(crate) async fn withdraw_case_kind_proposal(caller: Authorized<may::WithdrawCaseKindProposal>, Path(case): Path<CaseId>) -> Answer {
    caller
        .act(move |work| {
            let loaded = change_of_kind::withdraw_case_kind_proposal(work, case)?;
            reply(work, &loaded)
        })
        .await
}
