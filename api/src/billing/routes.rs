//! Handlers of invoices and payments.

use actix_web::{HttpRequest, get, post};
use application::Error;
use application::billing::invoices::{self, InvoiceWithCase, Wished};
use application::billing::payments::{self, NewPayment};
use domain::access::may;
use domain::billing::{InvoiceStatus, PaymentMethod};
use domain::ids::{CaseId, InvoiceId, PaymentId};
use domain::money::{Payer, Yen};
use domain::people::ShortText;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::payments::{PaymentReceipt, RecordPayment, ReversalReceipt, ReversePayment};
use super::views::{Invoice, InvoiceSummary, InvoiceSummaryList};
use crate::http::authorized::Authorized;
use crate::http::body::{Body, Path, Query};
use crate::http::reader::Reader;
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::page::{self, default_limit};
use crate::wire::texts::Reference;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes
        .service(issue_invoice)
        .service(issue_paid_invoice)
        .service(list_invoices)
        .service(get_invoice)
        .service(record_payment)
        .service(reverse_payment);
}

fn show(invoice_with_case: &InvoiceWithCase, reader: &Reader) -> Result<Reply, Error> {
    let reply = Reply::ok(&Invoice::of(invoice_with_case, reader.labels()))?;
    Ok(reply.in_language(reader.language).revised(invoice_with_case.revision()))
}

/// Issue the invoice
///
/// Of a written opinion, from the estimate that was accepted. It names the bank account to pay to; the case now awaits the payment. Of a visit in
/// advance, where its estimate says so, or afterwards, for the half hours that took place. Once that stands, the next invoice is for slides beside those
/// that were agreed on, from their estimate; it changes no stage.
#[utoipa::path(
    tag = "money",
    responses((status = 201, description = "The invoice.", body = Invoice))
)]
#[post("/v1/cases/{case_id}/invoices")]
pub(crate) async fn issue_invoice(caller: Authorized<may::IssueInvoice>, Path(case): Path<CaseId>, request: HttpRequest) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller.act(move |work| created(&invoices::issue_invoice(work, case)?, &reader)).await
}

/// A payment at the counter.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IssuePaidInvoice {
    /// By which way: cash or card.
    method: PaymentMethod,
    /// The terminal's or the counter's reference.
    #[schema(value_type = Reference)]
    reference: ShortText,
    /// The day, in Tokyo, on which it was paid.
    received_on: Date,
}

/// Issue an invoice that is paid
///
/// Of a visit that took place, for the half hours that are not invoiced: somebody pays the whole of it at the counter. The invoice is the receipt at the
/// same time.
#[utoipa::path(
    tag = "money",
    request_body = IssuePaidInvoice,
    responses((status = 201, description = "The invoice.", body = Invoice))
)]
#[post("/v1/cases/{case_id}/paid-invoices")]
pub(crate) async fn issue_paid_invoice(
    caller: Authorized<may::IssuePaidInvoice>,
    Path(case): Path<CaseId>,
    body: Body<IssuePaidInvoice>,
    request: HttpRequest,
) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller
        .act_on(body, move |work, body| {
            let payment = NewPayment {
                method: body.method,
                reference: body.reference.clone(),
                remitter: None,
                received_on: body.received_on,
                amount: Yen::ZERO,
                bank_charge: Yen::ZERO,
                is_another: false,
            };
            created(&invoices::issue_paid_invoice(work, case, &payment)?, &reader)
        })
        .await
}

fn created(issued: &InvoiceWithCase, reader: &Reader) -> Result<Reply, Error> {
    let reply = Reply::created(format!("/v1/invoices/{}", issued.invoice.id), &Invoice::of(issued, reader.labels()))?;
    Ok(reply.in_language(reader.language).revised(issued.revision()))
}

/// Which invoices to list.
#[derive(Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct InvoiceFilters {
    /// Those of this case.
    #[param(inline)]
    case_id: Option<CaseId>,
    /// Only invoices with this status.
    #[param(inline)]
    status: Option<InvoiceStatus>,
    /// Those that this side pays.
    #[param(inline)]
    payer: Option<Payer>,
    /// How many at most.
    #[param(minimum = 1, maximum = 100, default = 25)]
    #[serde(default = "default_limit")]
    limit: u32,
    /// Where the page begins: `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List invoices
///
/// Newest first, as far as the caller may see them: the worklist of billing, and for applicants and agencies their own.
#[utoipa::path(
    tag = "money",
    params(InvoiceFilters),
    responses((status = 200, description = "A page of invoices.", body = InvoiceSummaryList))
)]
#[get("/v1/invoices")]
pub(crate) async fn list_invoices(
    caller: Authorized<may::ListInvoices>,
    Query(query): Query<InvoiceFilters>,
    request: HttpRequest,
) -> Answer {
    let reader = Reader::of(&caller, &request);
    let after: Option<InvoiceId> = page::read(query.cursor.as_deref(), &query)?;
    let wished = Wished { case: query.case_id, status: query.status, payer: query.payer };
    caller
        .act(move |work| {
            let found = invoices::list_invoices(work, wished, after, query.limit)?;
            let page = page::cut(found, query.limit, &query, |listed| listed.invoice.id)
                .shown(|listed| InvoiceSummary::of(listed, reader.labels()));
            Ok(Reply::ok(&page)?.in_language(reader.language))
        })
        .await
}

/// Read an invoice
///
/// With its payments. Who sent them and who recorded them is shown within the hospital only.
#[utoipa::path(
    tag = "money",
    responses((status = 200, description = "The invoice.", body = Invoice))
)]
#[get("/v1/invoices/{invoice_id}")]
pub(crate) async fn get_invoice(caller: Authorized<may::GetInvoice>, Path(id): Path<InvoiceId>, request: HttpRequest) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller
        .act(move |work| {
            let invoice_with_case = invoices::get_invoice(work, id)?;
            show(&invoice_with_case, &reader)
        })
        .await
}

/// Record a payment
///
/// Partial, short, over and twice paid are normal: the answer says what the payment did and what comes next. The one that settles the
/// invoice starts the physician's work. The same reference by the same method is refused, so that nothing is booked twice.
#[utoipa::path(
    tag = "money",
    request_body = RecordPayment,
    responses((
        status = 201, description = "The payment, and what it did.", body = PaymentReceipt,
        headers(("ETag" = String, description = "The invoice as it is now. For `If-Match`."))
    ))
)]
#[post("/v1/invoices/{invoice_id}/payments")]
pub(crate) async fn record_payment(
    caller: Authorized<may::RecordPayment>,
    Path(id): Path<InvoiceId>,
    body: Body<RecordPayment>,
    request: HttpRequest,
) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller
        .act_on(body, move |work, body| {
            let received = payments::record_payment(work, id, &body.payment()?)?;
            let reply = Reply::created(format!("/v1/invoices/{id}"), &PaymentReceipt::of(&received, reader.labels()))?;
            Ok(reply.in_language(reader.language).revised(received.invoice_with_case.revision()))
        })
        .await
}

/// Reverse a payment
///
/// It was recorded by mistake, or the bank took it back. The payment in its place is recorded in the same step, on this invoice or on another,
/// and stages are judged at the end. If work that is not delivered is no longer paid, the case waits for its payment again: the draft is
/// kept, and the due window counts anew. A payment whose refund is approved is not reversed, nor one on which the end of its case has
/// decided: reopen the case first.
#[utoipa::path(
    tag = "money",
    request_body = ReversePayment,
    responses((
        status = 200, description = "The payment, and what stands in its place.", body = ReversalReceipt,
        headers(("ETag" = String, description = "The invoice as it is now. For `If-Match`."))
    ))
)]
#[post("/v1/invoices/{invoice_id}/payments/{payment_id}/reverse")]
pub(crate) async fn reverse_payment(
    caller: Authorized<may::ReversePayment>,
    Path((invoice, payment)): Path<(InvoiceId, PaymentId)>,
    body: Body<ReversePayment>,
    request: HttpRequest,
) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller
        .act_on(body, move |work, body| {
            let reversed = payments::reverse_payment(work, invoice, payment, &body.reversal()?)?;
            let reply = Reply::ok(&ReversalReceipt::of(&reversed, reader.labels()))?;
            Ok(reply.in_language(reader.language).revised(reversed.invoice_with_case.revision()))
        })
        .await
}
