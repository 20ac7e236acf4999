//! Departments, as administrators keep them.

use actix_web::{patch, post};
use application::Error;
use application::people::departments::{self, DepartmentPatch, NewDepartment};
use domain::access::may;
use domain::ids::DepartmentId;
use domain::people::ShortText;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::authorized::Authorized;
use crate::http::body::{Body, Path};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(create_department).service(update_department);
}

/// A department to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateDepartment {
    /// Its name in Japanese.
    name_ja: ShortText,
    /// Its name in English.
    name_en: ShortText,
    /// Whether it takes new cases.
    #[serde(default = "yes")]
    #[schema(default = true)]
    accepting: bool,
}

const fn yes() -> bool {
    true
}

/// A change of a department: JSON merge patch.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateDepartment {
    /// Its name in Japanese.
    #[serde(default)]
    #[schema(required = false, nullable = false)]
    name_ja: Option<ShortText>,
    /// Its name in English.
    #[serde(default)]
    #[schema(required = false, nullable = false)]
    name_en: Option<ShortText>,
    /// Whether it takes new cases.
    #[serde(default)]
    #[schema(required = false, nullable = false)]
    accepting: Option<bool>,
}

/// A department as administrators see it.
#[derive(Serialize, ToSchema)]
pub(crate) struct KeptDepartment {
    /// The department.
    id: DepartmentId,
    /// Its name in Japanese.
    name_ja: String,
    /// Its name in English.
    name_en: String,
    /// Whether it takes new cases.
    accepting: bool,
    /// Counts the changes.
    #[schema(minimum = 1)]
    version: i64,
    /// When it was made.
    created_at: Timestamp,
    /// When it last changed.
    updated_at: Timestamp,
}

impl From<&departments::Stored> for KeptDepartment {
    fn from(department: &departments::Stored) -> Self {
        Self {
            id: department.id,
            name_ja: department.name_ja.clone(),
            name_en: department.name_en.clone(),
            accepting: department.accepting,
            version: department.version,
            created_at: department.created_at,
            updated_at: department.updated_at,
        }
    }
}

/// Make a department
///
/// From then on the desk may hand applications to it.
#[utoipa::path(
    tag = "people",
    request_body = CreateDepartment,
    responses((status = 201, description = "The department.", body = KeptDepartment))
)]
#[post("/v1/departments")]
pub(crate) async fn create_department(caller: Authorized<may::CreateDepartment>, body: Body<CreateDepartment>) -> Answer {
    caller
        .act_on(body, |work, body| {
            let new = NewDepartment { name_ja: body.name_ja.to_string(), name_en: body.name_en.to_string(), accepting: body.accepting };
            let made = departments::create_department(work, &new)?;
            // Departments are read in the public list.
            let reply = Reply::created("/v1/departments".to_owned(), &KeptDepartment::from(&made))?;
            Ok(reply.revised(departments::revision(&made)))
        })
        .await
}

/// Change a department
///
/// JSON merge patch. A department that takes no new cases keeps those that it has.
#[utoipa::path(
    tag = "people",
    request_body(content = UpdateDepartment, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The department.", body = KeptDepartment))
)]
#[patch("/v1/departments/{department_id}")]
pub(crate) async fn update_department(
    caller: Authorized<may::UpdateDepartment>,
    Path(id): Path<DepartmentId>,
    body: Body<UpdateDepartment>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let patch = DepartmentPatch {
                name_ja: body.name_ja.as_ref().map(ToString::to_string),
                name_en: body.name_en.as_ref().map(ToString::to_string),
                accepting: body.accepting,
            };
            let changed = departments::update_department(work, id, &patch)?;
            shown(&changed)
        })
        .await
}

fn shown(department: &departments::Stored) -> Result<Reply, Error> {
    Ok(Reply::ok(&KeptDepartment::from(department))?.revised(departments::revision(department)))
}
