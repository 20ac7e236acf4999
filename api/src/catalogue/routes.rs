//! Handlers of the catalogue, and of the list of problems.

use actix_web::{HttpRequest, get};
use domain::access::may;
use domain::ids::DepartmentId;

use super::problems::{ProblemDescription, ProblemDescriptionList};
use super::views::{Catalogue, CatalogueSources, Department, DepartmentList};
use crate::http::authorized::{Authorized, language_of};
use crate::http::body::{Path, Query};
use crate::http::problem::{self, Code, Problem};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::page::{self, PageParams};

/// Seconds for which anybody may keep what is published.
pub(crate) const FRESH_FOR: u32 = 60;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes
        .configure(super::vocabulary::configure)
        .service(get_catalogue)
        .service(list_departments)
        .service(list_problems)
        .service(get_problem);
}

/// Read the catalogue
///
/// The hospital's services, fees, terms, required items, languages and contact.
#[utoipa::path(tag = "catalogue", responses((status = 200, description = "The catalogue.", body = Catalogue)))]
#[get("/v1/catalogue")]
pub(crate) async fn get_catalogue(anyone: Authorized<may::GetCatalogue>, request: HttpRequest) -> Answer {
    let language = language_of(&request);
    let settings = anyone.app().settings().await?;
    let fees = anyone.app().fees_in_force().await?;
    let terms = anyone.app().terms_in_force().await?;
    let departments = anyone.app().list_departments().await?;
    let state = anyone.state();
    let limits = &state.limits;
    let sources = CatalogueSources { settings: &settings.values, fees: &fees, terms: &terms, departments: &departments, limits };
    let view = Catalogue::of(&sources, anyone.messages(), language);
    Ok(Reply::ok(&view)?.in_language(language).public(FRESH_FOR).into_response(anyone.conditions(), false))
}

/// List departments
///
/// In the order in which they were entered.
#[utoipa::path(
    tag = "catalogue",
    params(PageParams),
    responses((status = 200, description = "A page of departments.", body = DepartmentList))
)]
#[get("/v1/departments")]
pub(crate) async fn list_departments(
    anyone: Authorized<may::ListDepartments>,
    Query(query): Query<PageParams>,
    request: HttpRequest,
) -> Answer {
    let language = language_of(&request);
    let after: Option<DepartmentId> = page::read(query.cursor.as_deref(), &())?;
    let mut found = anyone.app().list_departments().await?;
    found.retain(|department| after.is_none_or(|after| department.id > after));
    let page = page::cut(found, query.limit, &(), |department| department.id).shown(|department| Department::of(department, language));
    Ok(Reply::ok(&page)?.in_language(language).into_response(anyone.conditions(), false))
}

/// List problems
///
/// Every code that a refusal can have, with its status and its words, by code.
#[utoipa::path(
    tag = "catalogue",
    params(PageParams),
    responses((status = 200, description = "A page of problems.", body = ProblemDescriptionList))
)]
#[get("/v1/problems")]
pub(crate) async fn list_problems(anyone: Authorized<may::ListProblems>, Query(query): Query<PageParams>, request: HttpRequest) -> Answer {
    let language = language_of(&request);
    let after: Option<String> = page::read(query.cursor.as_deref(), &())?;
    let found = problem::catalogue().iter().filter(|entry| after.as_deref().is_none_or(|after| entry.code > after));
    let page = page::cut(found.collect(), query.limit, &(), |entry| entry.code)
        .shown(|entry| ProblemDescription::of(entry, anyone.messages(), language));
    Ok(Reply::ok(&page)?.in_language(language).public(FRESH_FOR).into_response(anyone.conditions(), false))
}

/// Read about a problem
///
/// This is where the `type` of a refusal leads.
#[utoipa::path(
    tag = "catalogue",
    responses((status = 200, description = "The problem.", body = ProblemDescription))
)]
#[get("/v1/problems/{code}")]
pub(crate) async fn get_problem(anyone: Authorized<may::GetProblem>, Path(code): Path<String>, request: HttpRequest) -> Answer {
    let language = language_of(&request);
    let entry = problem::find(&code).ok_or_else(|| Problem::of(Code::NotFound))?;
    let view = ProblemDescription::of(entry, anyone.messages(), language);
    Ok(Reply::ok(&view)?.in_language(language).public(FRESH_FOR).into_response(anyone.conditions(), false))
}
