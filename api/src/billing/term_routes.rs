//! Handlers of the terms and the cancellation policy.

use actix_web::{HttpRequest, get, post};
use application::billing::terms;
use domain::access::may;
use domain::ids::TermsId;

use super::terms::{CreateTerms, Terms, TermsList};
use crate::catalogue::routes::FRESH_FOR;
use crate::http::authorized::{Authorized, language_of};
use crate::http::body::{Body, Path, Query};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::page::{self, PageParams};

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(list_terms).service(get_terms).service(create_terms);
}

/// List the terms
///
/// The latest to take effect first. Estimates name the version that was in force when they were made.
#[utoipa::path(tag = "catalogue", params(PageParams), responses((status = 200, description = "A page of versions.", body = TermsList)))]
#[get("/v1/terms")]
pub(crate) async fn list_terms(anyone: Authorized<may::ListTerms>, Query(query): Query<PageParams>, request: HttpRequest) -> Answer {
    let language = language_of(&request);
    let after: Option<TermsId> = page::read(query.cursor.as_deref(), &())?;
    let found = page::behind(anyone.app().list_terms().await?, after, |terms| terms.id);
    let page = page::cut(found, query.limit, &(), |terms| terms.id).shown(|terms| Terms::of(terms, anyone.messages(), language));
    Ok(Reply::ok(&page)?.in_language(language).public(FRESH_FOR).into_response(anyone.conditions(), false))
}

/// Read the terms
///
/// One version, in force or not: what somebody accepted stays readable.
#[utoipa::path(tag = "catalogue", responses((status = 200, description = "The version.", body = Terms)))]
#[get("/v1/terms/{terms_id}")]
pub(crate) async fn get_terms(anyone: Authorized<may::GetTerms>, Path(id): Path<TermsId>, request: HttpRequest) -> Answer {
    let language = language_of(&request);
    let found = anyone.app().get_terms(id).await?;
    let view = Terms::of(&found, anyone.messages(), language);
    Ok(Reply::ok(&view)?.in_language(language).public(FRESH_FOR).into_response(anyone.conditions(), false))
}

/// Publish terms
///
/// A new version of the terms of use with its cancellation policy. Estimates that are made from its first day on come with it; those made
/// before keep theirs.
#[utoipa::path(tag = "people", request_body = CreateTerms, responses((status = 201, description = "The version.", body = Terms)))]
#[post("/v1/terms")]
pub(crate) async fn create_terms(caller: Authorized<may::CreateTerms>, body: Body<CreateTerms>, request: HttpRequest) -> Answer {
    let (state, language) = (caller.state(), language_of(&request));
    caller
        .act_on(body, move |work, body| {
            let created = terms::create_terms(work, body.terms())?;
            let shown = Terms::of(&created, &state.messages, language);
            Ok(Reply::created(format!("/v1/terms/{}", created.id), &shown)?.in_language(language))
        })
        .await
}
