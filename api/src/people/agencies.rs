//! Medical coordination agencies.

use actix_web::{get, patch, post};
use application::Error;
use application::people::agencies::Stored;
use application::people::agencies::{self, AgencyPatch, NewAgency};
use domain::access::may;
use domain::ids::AgencyId;
use domain::patch::present;
use domain::people::{EmailAddress, PhoneNumber, ShortText};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::authorized::Authorized;
use crate::http::body::{Body, Path, Query};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::page::{self, Page, PageParams};

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(create_agency).service(list_agencies).service(get_agency).service(update_agency);
}

/// Whom to ask at an agency.
#[derive(Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AgencyContact {
    /// The person or desk.
    name: Option<ShortText>,
    /// E-mail address.
    email: Option<EmailAddress>,
    /// Telephone number.
    phone: Option<PhoneNumber>,
}

/// A change of it; `null` clears.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgencyContactPatch {
    /// The person or desk.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    name: Option<Option<ShortText>>,
    /// E-mail address.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    email: Option<Option<EmailAddress>>,
    /// Telephone number.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    phone: Option<Option<PhoneNumber>>,
}

/// An agency to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateAgency {
    /// Its name.
    name: ShortText,
    /// Whom to ask there.
    #[serde(default)]
    #[schema(required = false)]
    contact: AgencyContact,
}

/// A change of an agency: JSON merge patch.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateAgency {
    /// Its name.
    #[serde(default)]
    #[schema(required = false, nullable = false)]
    name: Option<ShortText>,
    /// A change of the contact; null clears.
    #[serde(default)]
    #[schema(required = false, nullable = false)]
    contact: Option<AgencyContactPatch>,
    /// Whether its staff may sign in and refer. Closing it ends their access at once.
    #[serde(default)]
    #[schema(required = false, nullable = false)]
    active: Option<bool>,
}

/// A page of them.
pub(crate) type AgencyList = Page<Agency>;

/// A medical coordination agency.
#[derive(Serialize, ToSchema)]
pub(crate) struct Agency {
    /// The agency.
    id: AgencyId,
    /// Its name.
    name: String,
    /// Whom to ask there.
    contact: AgencyContact,
    /// Whether its staff may sign in and refer.
    active: bool,
    /// Counts the changes.
    #[schema(minimum = 1)]
    version: i64,
    /// When it was made.
    created_at: Timestamp,
    /// When it last changed.
    updated_at: Timestamp,
}

fn view(stored: &Stored) -> Result<Agency, Error> {
    let contact = serde_json::from_value(stored.contact.clone()).map_err(|_| Error::Internal("an agency's contact is not readable"))?;
    Ok(Agency {
        id: stored.id,
        name: stored.name.clone(),
        contact,
        active: stored.active,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
    })
}

fn reply(stored: &Stored) -> Result<Reply, Error> {
    Ok(Reply::ok(&view(stored)?)?.revised(agencies::revision(stored)))
}

fn to_json(contact: &impl Serialize) -> Result<serde_json::Value, Error> {
    serde_json::to_value(contact).map_err(|_| Error::Internal("an agency's contact could not be written as JSON"))
}

/// Make an agency
///
/// Its staff are accounts with the role `agency` for it.
#[utoipa::path(tag = "people", request_body = CreateAgency, responses((status = 201, description = "The agency.", body = Agency)))]
#[post("/v1/agencies")]
pub(crate) async fn create_agency(caller: Authorized<may::CreateAgency>, body: Body<CreateAgency>) -> Answer {
    caller
        .act_on(body, |work, body| {
            let made = agencies::create_agency(work, &NewAgency { name: body.name.to_string(), contact: to_json(&body.contact)? })?;
            Ok(Reply::created(format!("/v1/agencies/{}", made.id), &view(&made)?)?.revised(agencies::revision(&made)))
        })
        .await
}

/// List agencies
///
/// Newest first.
#[utoipa::path(tag = "people", params(PageParams), responses((status = 200, description = "A page of agencies.", body = AgencyList)))]
#[get("/v1/agencies")]
pub(crate) async fn list_agencies(caller: Authorized<may::ListAgencies>, Query(query): Query<PageParams>) -> Answer {
    let after = page::read(query.cursor.as_deref(), &())?;
    caller
        .act(move |work| {
            let found = agencies::list_agencies(work, after, query.limit)?;
            let page = page::cut(found, query.limit, &(), |agency| agency.id);
            Reply::ok(&page.tried(view)?)
        })
        .await
}

/// Read an agency
///
/// With whom to ask there.
#[utoipa::path(
    tag = "people",
    responses((status = 200, description = "The agency.", body = Agency))
)]
#[get("/v1/agencies/{agency_id}")]
pub(crate) async fn get_agency(caller: Authorized<may::GetAgency>, Path(id): Path<AgencyId>) -> Answer {
    caller.act(move |work| reply(&agencies::get_agency(work, id)?)).await
}

/// Change an agency
///
/// JSON merge patch. The staff of an agency that is closed lose their access with the next request.
#[utoipa::path(
    tag = "people",
    request_body(content = UpdateAgency, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The agency.", body = Agency))
)]
#[patch("/v1/agencies/{agency_id}")]
pub(crate) async fn update_agency(caller: Authorized<may::UpdateAgency>, Path(id): Path<AgencyId>, body: Body<UpdateAgency>) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let contact = body.contact.as_ref().map(to_json).transpose()?;
            let patch = AgencyPatch { name: body.name.as_ref().map(ToString::to_string), contact, active: body.active };
            reply(&agencies::update_agency(work, id, &patch)?)
        })
        .await
}
