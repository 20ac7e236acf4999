//! The hospital's settings.

use actix_web::{get, patch};
use application::{Error, Settings, settings};
use domain::access::may;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::settings_views::{HospitalSettings, HospitalSettingsPatch};
use crate::http::authorized::Authorized;
use crate::http::body::Body;
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(get_settings).service(update_settings);
}

/// The patch as it was sent; the document's schema has passed it.
#[derive(Deserialize, ToSchema)]
#[serde(transparent)]
pub(crate) struct Patch(Value);

/// The settings with the version that a change must name.
#[derive(Serialize)]
struct Versioned<'a> {
    version: u64,
    #[serde(flatten)]
    values: &'a domain::settings::HospitalSettings,
}

fn reply(settings: &Settings) -> Result<Reply, Error> {
    let shown = Versioned { version: settings.version, values: &settings.values };
    Ok(Reply::ok(&shown)?.revised(settings::revision(settings)))
}

/// Read the settings
///
/// The settings of the hospital. Each has a default: the published page's, or customary where the page is silent.
#[utoipa::path(tag = "people", responses((status = 200, description = "The settings.", body = HospitalSettings)))]
#[get("/v1/settings")]
pub(crate) async fn get_settings(caller: Authorized<may::GetSettings>) -> Answer {
    caller.act(|work| reply(&settings::get_settings(work)?)).await
}

/// Change settings
///
/// JSON merge patch; null puts a default back in force. All faults are named, and nothing is changed then.
#[utoipa::path(
    tag = "people",
    request_body(content = HospitalSettingsPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The settings.", body = HospitalSettings))
)]
#[patch("/v1/settings")]
pub(crate) async fn update_settings(caller: Authorized<may::UpdateSettings>, body: Body<Patch>) -> Answer {
    let state = caller.state();
    let answer = caller.act_on(body, |work, Patch(patch)| reply(&settings::update_settings(work, patch)?)).await;
    state.app.forget_settings();
    answer
}
