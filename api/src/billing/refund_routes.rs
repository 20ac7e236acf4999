//! Handlers of refunds.

use actix_web::{HttpRequest, get, post};
use application::billing::refunds::{self, RefundForCaller, Wished};
use application::{Error, UnitOfWork};
use domain::access::{Permission, may};
use domain::billing::{RefundReason, RefundState};
use domain::ids::{CaseId, RefundId};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::refunds::{
    ProvideRefundDetails, RecordRefundPaid, RecordRefundReturned, Refund, RefundSummary, RefundSummaryList, RejectRefund, RequestRefund,
};
use crate::http::authorized::Authorized;
use crate::http::body::{Body, Path, Query};
use crate::http::reader::Reader;
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::page::{self, PageParams, default_limit};

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes
        .service(list_refunds)
        .service(list_refunds_due)
        .service(get_refund)
        .service(provide_refund_details)
        .service(request_refund)
        .service(approve_refund)
        .service(reject_refund)
        .service(record_refund_paid)
        .service(record_refund_returned);
}

fn show(refund: &RefundForCaller, reader: &Reader) -> Result<Reply, Error> {
    Ok(Reply::ok(&Refund::of(refund, reader.labels()))?.in_language(reader.language).revised(refund.revision()))
}

/// Which refunds to list.
#[derive(Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RefundFilters {
    /// Those of this case.
    #[param(inline)]
    case_id: Option<CaseId>,
    /// Only refunds in this state.
    #[param(inline)]
    state: Option<RefundState>,
    /// Those for this reason.
    #[param(inline)]
    reason: Option<RefundReason>,
    /// How many at most.
    #[param(minimum = 1, maximum = 100, default = 25)]
    #[serde(default = "default_limit")]
    limit: u32,
    /// Where the page begins: `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List refunds
///
/// Newest first, those that were paid too: billing sees all of them, applicants and agencies those of the invoices that they pay.
#[utoipa::path(tag = "money", params(RefundFilters), responses((status = 200, description = "A page of refunds.", body = RefundSummaryList)))]
#[get("/v1/refunds")]
pub(crate) async fn list_refunds(caller: Authorized<may::ListRefunds>, Query(query): Query<RefundFilters>, request: HttpRequest) -> Answer {
    let reader = Reader::of(&caller, &request);
    let after: Option<RefundId> = page::read(query.cursor.as_deref(), &query)?;
    let wished = Wished { case: query.case_id, state: query.state, reason: query.reason };
    caller
        .act(move |work| {
            let found = refunds::list_refunds(work, wished, after, query.limit)?;
            let page = page::cut(found, query.limit, &query, |listed| listed.refund.id);
            let page = page.shown(|listed| RefundSummary::of(listed, reader.labels()));
            Ok(Reply::ok(&page)?.in_language(reader.language))
        })
        .await
}

/// List what must be given back
///
/// Every yen that the hospital owes to payers, the longest due first. Together they are the accounts `overpayments` and `refunds_payable` of
/// the trial balance. Unclaimed refunds stay on the list.
#[utoipa::path(tag = "money", params(PageParams), responses((status = 200, description = "A page of refunds.", body = RefundSummaryList)))]
#[get("/v1/refunds/due")]
pub(crate) async fn list_refunds_due(
    caller: Authorized<may::ListRefundsDue>,
    Query(wanted): Query<PageParams>,
    request: HttpRequest,
) -> Answer {
    let reader = Reader::of(&caller, &request);
    let after: Option<RefundId> = page::read(wanted.cursor.as_deref(), &wanted)?;
    caller
        .act(move |work| {
            let found = refunds::list_refunds_due(work, after, wanted.limit)?;
            let page = page::cut(found, wanted.limit, &wanted, |listed| listed.refund.id);
            let page = page.shown(|listed| RefundSummary::of(listed, reader.labels()));
            Ok(Reply::ok(&page)?.in_language(reader.language))
        })
        .await
}

/// Read a refund
///
/// Who asked, approved and sent it back is shown within the hospital only.
#[utoipa::path(tag = "money", responses((status = 200, description = "The refund.", body = Refund)))]
#[get("/v1/refunds/{refund_id}")]
pub(crate) async fn get_refund(caller: Authorized<may::GetRefund>, Path(id): Path<RefundId>, request: HttpRequest) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller.act(move |work| show(&refunds::get_refund(work, id)?, &reader)).await
}

/// Say where a refund goes
///
/// The payer names the account. The desk writes down what a payer said on paper. It can be changed until somebody has asked for the refund.
#[utoipa::path(
    tag = "money",
    request_body = ProvideRefundDetails,
    responses((status = 200, description = "The refund.", body = Refund))
)]
#[post("/v1/refunds/{refund_id}/details")]
pub(crate) async fn provide_refund_details(
    caller: Authorized<may::ProvideRefundDetails>,
    Path(id): Path<RefundId>,
    body: Body<ProvideRefundDetails>,
    request: HttpRequest,
) -> Answer {
    take(caller, body, request, move |work, body| refunds::provide_refund_details(work, id, &body.payee)).await
}

/// Ask that a refund be settled
///
/// It is paid out, pays an invoice, is given up by its payer, or its payer cannot be reached. Another person approves it.
#[utoipa::path(tag = "money", request_body = RequestRefund, responses((status = 200, description = "The refund.", body = Refund)))]
#[post("/v1/refunds/{refund_id}/request")]
pub(crate) async fn request_refund(
    caller: Authorized<may::RequestRefund>,
    Path(id): Path<RefundId>,
    body: Body<RequestRefund>,
    request: HttpRequest,
) -> Answer {
    take(caller, body, request, move |work, body| refunds::request_refund(work, id, &body.request()?)).await
}

/// Approve a refund
///
/// Another accountant, or a director of the department: never the person who asked, or who entered the account. Of money of no case another
/// accountant alone. Unless it is paid out, the refund ends here; one that is paid out ends when its payment is recorded.
#[utoipa::path(tag = "money", responses((status = 200, description = "The refund.", body = Refund)))]
#[post("/v1/refunds/{refund_id}/approve")]
pub(crate) async fn approve_refund(caller: Authorized<may::ApproveRefund>, Path(id): Path<RefundId>, request: HttpRequest) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller.act(move |work| show(&refunds::approve_refund(work, id)?, &reader)).await
}

/// Send a request back
///
/// With the reason. Whoever asked takes the own request back in the same way. The refund is due again.
#[utoipa::path(tag = "money", request_body = RejectRefund, responses((status = 200, description = "The refund.", body = Refund)))]
#[post("/v1/refunds/{refund_id}/reject")]
pub(crate) async fn reject_refund(
    caller: Authorized<may::RejectRefund>,
    Path(id): Path<RefundId>,
    body: Body<RejectRefund>,
    request: HttpRequest,
) -> Answer {
    take(caller, body, request, move |work, body| refunds::reject_refund(work, id, &body.reason)).await
}

/// Record that a refund was paid
///
/// The money has left: the notice gets its number, and the books follow on the day on which it left.
#[utoipa::path(tag = "money", request_body = RecordRefundPaid, responses((status = 200, description = "The refund.", body = Refund)))]
#[post("/v1/refunds/{refund_id}/paid")]
pub(crate) async fn record_refund_paid(
    caller: Authorized<may::RecordRefundPaid>,
    Path(id): Path<RefundId>,
    body: Body<RecordRefundPaid>,
    request: HttpRequest,
) -> Answer {
    take(caller, body, request, move |work, body| refunds::record_refund_paid(work, id, &body.transfer()?)).await
}

/// Record that a refund came back
///
/// The bank could not deliver it. What banks kept is the hospital's; the refund is due again, and the payer says anew where it goes.
#[utoipa::path(tag = "money", request_body = RecordRefundReturned, responses((status = 200, description = "The refund.", body = Refund)))]
#[post("/v1/refunds/{refund_id}/returned")]
pub(crate) async fn record_refund_returned(
    caller: Authorized<may::RecordRefundReturned>,
    Path(id): Path<RefundId>,
    body: Body<RecordRefundReturned>,
    request: HttpRequest,
) -> Answer {
    take(caller, body, request, move |work, body| refunds::record_refund_returned(work, id, &body.returned()?)).await
}

/// Takes one step of a refund and shows it as it is now.
async fn take<P, B>(
    caller: Authorized<P>,
    body: Body<B>,
    request: HttpRequest,
    step: impl Fn(&mut UnitOfWork<'_, '_, P>, &B) -> Result<RefundForCaller, Error> + Send + Sync + 'static,
) -> Answer
where
    P: Permission,
    B: serde::de::DeserializeOwned + Send + Sync + 'static,
{
    let reader = Reader::of(&caller, &request);
    caller.act_on(body, move |work, body| show(&step(work, body)?, &reader)).await
}
