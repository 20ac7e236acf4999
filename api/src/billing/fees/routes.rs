//! Handlers of fee schedules and price calculations.

use actix_web::{HttpRequest, get, post};
use application::billing::quotes;
use application::{Error, Revision};
use domain::access::may;
use domain::ids::{FeeScheduleId, QuoteId};

use super::views::{CreateQuote, FeeSchedule, FeeScheduleList, Quote};
use crate::catalogue::routes::FRESH_FOR;
use crate::http::authorized::{Authorized, language_of};
use crate::http::body::{Body, Path, Query};
use crate::http::messages::{Language, Messages};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::page::{self, PageParams};

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(list_fee_schedules).service(get_fee_schedule).service(create_quote).service(get_quote);
}

/// List fee schedules
///
/// The latest to take effect first. Prices include tax.
#[utoipa::path(
    tag = "money",
    params(PageParams),
    responses((status = 200, description = "A page of fee schedules.", body = FeeScheduleList))
)]
#[get("/v1/fee-schedules")]
pub(crate) async fn list_fee_schedules(
    anyone: Authorized<may::ListFeeSchedules>,
    Query(query): Query<PageParams>,
    request: HttpRequest,
) -> Answer {
    let language = language_of(&request);
    let after: Option<FeeScheduleId> = page::read(query.cursor.as_deref(), &())?;
    let found = page::behind(anyone.app().list_fee_schedules().await?, after, |schedule| schedule.id);
    let page =
        page::cut(found, query.limit, &(), |schedule| schedule.id).shown(|schedule| FeeSchedule::of(schedule, anyone.messages(), language));
    Ok(Reply::ok(&page)?.in_language(language).public(FRESH_FOR).into_response(anyone.conditions(), false))
}

/// Read a fee schedule
///
/// A schedule never changes; new prices are a new schedule.
#[utoipa::path(
    tag = "money",
    responses((status = 200, description = "The fee schedule.", body = FeeSchedule))
)]
#[get("/v1/fee-schedules/{fee_schedule_id}")]
pub(crate) async fn get_fee_schedule(
    anyone: Authorized<may::GetFeeSchedule>,
    Path(id): Path<FeeScheduleId>,
    request: HttpRequest,
) -> Answer {
    let language = language_of(&request);
    let schedule = anyone.app().get_fee_schedule(id).await?;
    let view = FeeSchedule::of(&schedule, anyone.messages(), language);
    Ok(Reply::ok(&view)?.in_language(language).public(FRESH_FOR).into_response(anyone.conditions(), false))
}

/// Work out a price
///
/// What a service costs at the fees in force, what is included and what is not. It is kept for whoever knows its id. Nobody need sign in;
/// nothing in it is about a person. The estimate of a case is made by the hospital, with `issueEstimate`.
#[utoipa::path(tag = "money", request_body = CreateQuote, responses((status = 201, description = "The price calculation.", body = Quote)))]
#[post("/v1/quotes")]
pub(crate) async fn create_quote(anyone: Authorized<may::CreateQuote>, body: Body<CreateQuote>, request: HttpRequest) -> Answer {
    let (state, language) = (anyone.state(), language_of(&request));
    anyone
        .act_on(body, move |work, body| {
            let quote = quotes::create_quote(work, body.wanted())?;
            let shown = Quote::of(&quote, &state.messages, language);
            let reply = Reply::created(format!("/v1/quotes/{}", quote.id), &shown)?;
            Ok(reply.in_language(language))
        })
        .await
}

/// Read a price calculation
///
/// It stays readable for a while after it has expired.
#[utoipa::path(
    tag = "money",
    responses((status = 200, description = "The price calculation.", body = Quote))
)]
#[get("/v1/quotes/{quote_id}")]
pub(crate) async fn get_quote(anyone: Authorized<may::GetQuote>, Path(id): Path<QuoteId>, request: HttpRequest) -> Answer {
    let language = language_of(&request);
    let quote = anyone.app().get_quote(id).await?;
    let reply = shown(&quote, anyone.messages(), language)?;
    Ok(reply.into_response(anyone.conditions(), false))
}

fn shown(quote: &domain::billing::fees::Quote, messages: &Messages, language: Language) -> Result<Reply, Error> {
    Ok(Reply::ok(&Quote::of(quote, messages, language))?.in_language(language).revised(revision()))
}

/// A price calculation never changes.
fn revision() -> Revision {
    Revision::of(1)
}
