//! Those who visit for the patient: handlers, requests and answers.

use actix_web::{get, patch, post};
use application::{CaseForCaller, Error, Work, visitors};
use domain::access::may;
use domain::ids::{CaseId, RepresentativeId};
use domain::intake::items::ItemState;
use domain::intake::{Representative, RepresentativeForm, RepresentativePatch};
use domain::people::{LongText, PersonName, PhoneNumber, RelationToPatient};
use domain::visitors::{FormerRepresentative, RepresentativeState};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::authorized::Authorized;
use crate::http::body::{Body, Path, Query};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::page::{self, Page, PageParams};

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(list_representatives).service(add_representative).service(update_representative).service(end_representative);
}

/// Somebody who visits for the patient, named for the first time.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRepresentative {
    /// The name.
    name: PersonName,
    /// How they stand to the patient; needed once the application is submitted.
    #[serde(default)]
    relation: Option<RelationToPatient>,
    /// The telephone number.
    #[serde(default)]
    phone: Option<PhoneNumber>,
}

/// One more person who visits.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddRepresentative {
    /// Who.
    representative: NewRepresentative,
    /// Why; needed of the desk once the application is submitted. Kept as an internal note.
    #[serde(default)]
    reason: Option<LongText>,
}

/// Corrections of somebody who visits.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateRepresentative {
    /// The corrections. An absent property stays as it is; null clears it.
    #[serde(default)]
    #[schema(required = false, nullable = false)]
    representative: Option<RepresentativePatch>,
    /// Why; needed of the desk once the application is submitted. Kept as an internal note.
    #[serde(default)]
    reason: Option<LongText>,
}

/// Why somebody does not visit any longer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndRepresentative {
    /// Why; needed of the desk once the application is submitted. Kept as an internal note.
    #[serde(default)]
    reason: Option<LongText>,
}

/// A page of them.
pub(crate) type CaseRepresentativeList = Page<CaseRepresentative>;

/// Somebody who visits for the patient.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseRepresentative {
    /// Who.
    id: RepresentativeId,
    /// Counts the changes of the case.
    #[schema(minimum = 1)]
    version: i64,
    /// The name.
    name: PersonName,
    /// How they stand to the patient; null if it is not said.
    relation: Option<RelationToPatient>,
    /// The telephone number.
    phone: Option<PhoneNumber>,
    /// Whether they are family.
    is_family: bool,
    /// Where they stand.
    state: RepresentativeState,
    /// Where the patient's consent for them stands; null if none is needed.
    consent_state: Option<ItemState>,
    /// Since when they do not visit any longer; null while they do.
    ended_at: Option<Timestamp>,
}

impl CaseRepresentative {
    fn of(
        version: i64,
        one: &Representative,
        state: RepresentativeState,
        consent_state: Option<ItemState>,
        ended_at: Option<Timestamp>,
    ) -> Self {
        Self {
            id: one.id,
            version,
            name: one.name.clone(),
            relation: one.relation,
            phone: one.phone.clone(),
            is_family: one.is_family(),
            state,
            consent_state,
            ended_at,
        }
    }

    fn former(version: i64, one: &FormerRepresentative) -> Self {
        Self::of(version, &one.representative, RepresentativeState::Ended, None, Some(one.ended_at))
    }
}

/// All of them: those who visit, then those who do not any longer. Who came before the patient knew stays closed to the patient.
fn all(work: &Work<'_, '_>, loaded: &CaseForCaller) -> Vec<CaseRepresentative> {
    let (case, rules, version) = (&loaded.case, work.rules(), loaded.version);
    if case.is_history_closed_to(&loaded.access) {
        return Vec::new();
    }
    let visiting = case.application().representatives.iter();
    let visiting =
        visiting.map(|one| CaseRepresentative::of(version, one, RepresentativeState::Named, case.consent_for(one, &rules), None));
    visiting.chain(case.former_representatives().iter().map(|one| CaseRepresentative::former(version, one))).collect()
}

fn shown(work: &Work<'_, '_>, loaded: &CaseForCaller, id: RepresentativeId) -> Result<CaseRepresentative, Error> {
    all(work, loaded).into_iter().find(|one| one.id == id).ok_or(Error::Absent)
}

/// List those who visit for the patient
///
/// Those who visit, with the state of the patient's consent for each; then those who do not visit any longer.
#[utoipa::path(
    tag = "visitors",
    params(PageParams),
    responses((status = 200, description = "A page of people.", body = CaseRepresentativeList))
)]
#[get("/v1/cases/{case_id}/representatives")]
pub(crate) async fn list_representatives(
    caller: Authorized<may::ListRepresentatives>,
    Path(case): Path<CaseId>,
    Query(query): Query<PageParams>,
) -> Answer {
    let filters = case.to_string();
    let after: Option<RepresentativeId> = page::read(query.cursor.as_deref(), &filters)?;
    caller
        .act(move |work| {
            let loaded = visitors::list_representatives(work, case)?;
            let rest = page::behind(all(work, &loaded), after, |one| one.id);
            Ok(Reply::ok(&page::cut(rest, query.limit, &filters, |one| one.id))?.revised(loaded.revision()))
        })
        .await
}

/// Add somebody who visits for the patient
///
/// At most three people. Those who apply add people before the review for acceptance, the desk until the visit. Somebody who is not family needs a
/// consent that names them.
#[utoipa::path(
    tag = "visitors",
    request_body = AddRepresentative,
    responses((status = 201, description = "The person.", body = CaseRepresentative))
)]
#[post("/v1/cases/{case_id}/representatives")]
pub(crate) async fn add_representative(
    caller: Authorized<may::AddRepresentative>,
    Path(case): Path<CaseId>,
    body: Body<AddRepresentative>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let NewRepresentative { name, relation, phone } = &body.representative;
            let form = RepresentativeForm { id: None, name: name.clone(), relation: *relation, phone: phone.clone() };
            let (loaded, id) = visitors::add_representative(work, case, &form, body.reason.as_ref())?;
            let location = format!("/v1/cases/{case}/representatives");
            Ok(Reply::created(location, &shown(work, &loaded, id)?)?.revised(loaded.revision()))
        })
        .await
}

/// Correct somebody who visits for the patient
///
/// JSON merge patch. What the desk had checked of a consent is checked again if the name or the relation changes.
#[utoipa::path(
    tag = "visitors",
    request_body(content = UpdateRepresentative, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The person.", body = CaseRepresentative))
)]
#[patch("/v1/cases/{case_id}/representatives/{representative_id}")]
pub(crate) async fn update_representative(
    caller: Authorized<may::UpdateRepresentative>,
    Path((case, id)): Path<(CaseId, RepresentativeId)>,
    body: Body<UpdateRepresentative>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let patch = body.representative.clone().unwrap_or_default();
            let loaded = visitors::update_representative(work, case, id, &patch, body.reason.as_ref())?;
            Ok(Reply::ok(&shown(work, &loaded, id)?)?.revised(loaded.revision()))
        })
        .await
}

/// End the visits of somebody
///
/// They do not visit for the patient any longer; their name stays in the record. Of a submitted application one person stays.
#[utoipa::path(
    tag = "visitors",
    request_body = EndRepresentative,
    responses((status = 200, description = "The person.", body = CaseRepresentative))
)]
#[post("/v1/cases/{case_id}/representatives/{representative_id}/end")]
pub(crate) async fn end_representative(
    caller: Authorized<may::EndRepresentative>,
    Path((case, id)): Path<(CaseId, RepresentativeId)>,
    body: Body<EndRepresentative>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let loaded = visitors::end_representative(work, case, id, body.reason.as_ref())?;
            Ok(Reply::ok(&shown(work, &loaded, id)?)?.revised(loaded.revision()))
        })
        .await
}
