//! Write-offs: handlers, requests and answers.

use actix_web::{HttpRequest, post};
use application::Error;
use application::billing::invoices::InvoiceWithCase;
use application::billing::write_offs;
use domain::access::may;
use domain::billing::{WriteOff, WriteOffReason, WriteOffState};
use domain::ids::{InvoiceId, UserId, WriteOffId};
use domain::people::LongText;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::views::Invoice;
use crate::http::authorized::Authorized;
use crate::http::body::{Body, Path};
use crate::http::reader::Reader;
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::money::Money;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(write_off_invoice).service(approve_write_off).service(reject_write_off);
}

/// A write-off of what is owed on an invoice.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvoiceWriteOff {
    /// The write-off.
    id: WriteOffId,
    /// Why.
    reason: WriteOffReason,
    /// The same in words.
    text: LongText,
    /// All that was owed when it was asked for.
    amount: Money,
    /// How far it is.
    state: WriteOffState,
    /// Who asked.
    requested_by: UserId,
    /// When.
    requested_at: Timestamp,
    /// Who approved or refused it; null until then.
    decided_by: Option<UserId>,
    /// When; null until then.
    decided_at: Option<Timestamp>,
    /// Why it was refused; null if it was not.
    rejected_because: Option<LongText>,
}

/// Why what is owed is written off.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WriteOffInvoice {
    /// Banks kept it, up to the setting `bank_charge_limit`: then it counts as paid. Or the service was performed, and the payer does not pay.
    reason: WriteOffReason,
    /// The same in words.
    text: LongText,
}

/// Why a write-off is refused.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RejectWriteOff {
    /// The reason.
    reason: LongText,
}

impl InvoiceWriteOff {
    pub(super) fn of(one: &WriteOff) -> Self {
        Self {
            id: one.id,
            reason: one.reason,
            text: one.text.clone(),
            amount: one.amount.into(),
            state: one.state,
            requested_by: one.requested.by,
            requested_at: one.requested.at,
            decided_by: one.decided.map(|act| act.by),
            decided_at: one.decided.map(|act| act.at),
            rejected_because: one.rejected_because.clone(),
        }
    }
}

fn show(invoice: &InvoiceWithCase, reader: &Reader) -> Result<Reply, Error> {
    Ok(Reply::ok(&Invoice::of(invoice, reader.labels()))?.in_language(reader.language).revised(invoice.revision()))
}

/// Ask to write off what is owed
///
/// All of it, for one of the reasons. Nothing is booked before another person approves it.
#[utoipa::path(tag = "money", request_body = WriteOffInvoice, responses((status = 201, description = "The invoice.", body = Invoice)))]
#[post("/v1/invoices/{invoice_id}/write-offs")]
pub(crate) async fn write_off_invoice(
    caller: Authorized<may::WriteOffInvoice>,
    Path(id): Path<InvoiceId>,
    body: Body<WriteOffInvoice>,
    request: HttpRequest,
) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller
        .act_on(body, move |work, body| {
            let invoice = write_offs::write_off_invoice(work, id, body.reason, &body.text)?;
            let reply = Reply::created(format!("/v1/invoices/{id}"), &Invoice::of(&invoice, reader.labels()))?;
            Ok(reply.in_language(reader.language).revised(invoice.revision()))
        })
        .await
}

/// Approve a write-off
///
/// By another accountant or a director of the department, never by whoever asked. Work that waited for the payment starts.
#[utoipa::path(tag = "money", responses((status = 200, description = "The invoice.", body = Invoice)))]
#[post("/v1/invoices/{invoice_id}/write-offs/{write_off_id}/approve")]
pub(crate) async fn approve_write_off(
    caller: Authorized<may::ApproveWriteOff>,
    Path((invoice, id)): Path<(InvoiceId, WriteOffId)>,
    request: HttpRequest,
) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller.act(move |work| show(&write_offs::approve_write_off(work, invoice, id)?, &reader)).await
}

/// Reject a write-off
///
/// It stays owed. Whoever asked takes the request back in the same way.
#[utoipa::path(tag = "money", request_body = RejectWriteOff, responses((status = 200, description = "The invoice.", body = Invoice)))]
#[post("/v1/invoices/{invoice_id}/write-offs/{write_off_id}/reject")]
pub(crate) async fn reject_write_off(
    caller: Authorized<may::RejectWriteOff>,
    Path((invoice, id)): Path<(InvoiceId, WriteOffId)>,
    body: Body<RejectWriteOff>,
    request: HttpRequest,
) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller.act_on(body, move |work, body| show(&write_offs::reject_write_off(work, invoice, id, &body.reason)?, &reader)).await
}
