//! Payments whose invoice is not known: handlers, requests and answers.

use actix_web::{HttpRequest, get, post};
use application::Error;
use application::billing::unmatched::{self, Part};
use domain::access::may;
use domain::billing::{Allocation, ChargeBearer, PaymentMethod, Refund, RefundState, UnmatchedPayment as Unmatched};
use domain::ids::{InvoiceId, PaymentId, RefundId, UnmatchedPaymentId, UserId};
use domain::people::{LongText, ShortText};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::payments::{PaymentReceipt, PaymentReversal, RecordPayment};
use super::refunds::yen;
use crate::http::authorized::Authorized;
use crate::http::body::{Body, Path, Query};
use crate::http::reader::Reader;
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::money::Money;
use crate::wire::page::{self, Page, default_limit};
use crate::wire::texts::Reference;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(record_unmatched_payment).service(list_unmatched_payments).service(get_unmatched_payment);
    routes.service(match_payment).service(return_unmatched_payment).service(reverse_unmatched_payment);
}

/// A payment whose invoice was not known when it was recorded.
#[derive(Serialize, ToSchema)]
pub(crate) struct UnmatchedPayment {
    /// The unmatched payment.
    id: UnmatchedPaymentId,
    /// Counts the changes.
    #[schema(minimum = 1)]
    version: i64,
    /// By which way.
    method: PaymentMethod,
    /// The bank's, the terminal's or the receipt's reference.
    #[schema(value_type = Reference)]
    reference: ShortText,
    /// Who sent it, as the bank names them; null if the bank does not say.
    remitter: Option<ShortText>,
    /// The day, in Tokyo, on which it was received.
    received_on: Date,
    /// The amount that arrived.
    amount: Money,
    /// The amount that banks kept on its way, as far as it is known; it does not pay.
    bank_charge: Money,
    /// The amount that no invoice is known for, and that nobody sends back.
    rest: Money,
    /// The refund that it was, if it is money of another invoice; null for money that arrived.
    refund_id: Option<RefundId>,
    /// Who recorded it.
    recorded_by: UserId,
    /// When it was recorded.
    recorded_at: Timestamp,
    /// The parts that pay invoices, in the order in which they were matched.
    allocations: Vec<PaymentAllocation>,
    /// The parts that are sent back, in the order in which somebody decided so.
    returns: Vec<PaymentReturn>,
    /// Its reversal; null for one that counts.
    reversal: Option<PaymentReversal>,
}

/// A page of them.
pub(crate) type UnmatchedPaymentList = Page<UnmatchedPayment>;

/// Which unmatched payments to list.
#[derive(Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UnmatchedFilters {
    /// True lists all of them; false, those of which something is left.
    #[param(default = false)]
    #[serde(default)]
    all: bool,
    /// How many at most.
    #[param(minimum = 1, maximum = 100, default = 25)]
    #[serde(default = "default_limit")]
    limit: u32,
    /// Where the page begins: `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A part of an unmatched payment that pays an invoice.
#[derive(Serialize, ToSchema)]
pub(crate) struct PaymentAllocation {
    /// The invoice, as it was then.
    invoice_id: InvoiceId,
    /// The payment on that invoice.
    payment_id: PaymentId,
    /// The amount.
    amount: Money,
    /// Who matched it.
    matched_by: UserId,
    /// When.
    matched_at: Timestamp,
    /// When its payment was reversed, so that it is unmatched again; null while it pays.
    returned_at: Option<Timestamp>,
}

/// A part of an unmatched payment that is sent back. Its refund says more.
#[derive(Serialize, ToSchema)]
pub(crate) struct PaymentReturn {
    /// The refund.
    refund_id: RefundId,
    /// How far it is.
    state: RefundState,
    /// The amount.
    amount: Money,
    /// Since when it is due.
    became_due_at: Timestamp,
}

/// Invoices that an unmatched payment pays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MatchPayment {
    /// How much of it pays which invoice. What is left stays unmatched.
    #[schema(min_items = 1, max_items = 50)]
    allocations: Vec<NewAllocation>,
}

/// A part that pays an invoice.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAllocation {
    /// The invoice.
    invoice_id: InvoiceId,
    /// The amount.
    amount: Money,
}

/// A part of an unmatched payment to send back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReturnUnmatchedPayment {
    /// The amount; absent or null for all that is left.
    #[serde(default)]
    amount: Option<Money>,
    /// Who bears the charge of sending it: the hospital, if the reason is the hospital's. Absent or null: the payee.
    #[serde(default)]
    charges_borne_by: Option<ChargeBearer>,
}

/// An unmatched payment to reverse.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReverseUnmatchedPayment {
    /// Why.
    reason: LongText,
}

/// An unmatched payment after it was matched, and what that did to its invoices.
#[derive(Serialize, ToSchema)]
pub(crate) struct MatchReceipt {
    /// The unmatched payment.
    unmatched_payment: UnmatchedPayment,
    /// The payments on the invoices, in the order of the request.
    payments: Vec<PaymentReceipt>,
}

impl UnmatchedPayment {
    fn of(payment: &Unmatched) -> Self {
        Self {
            id: payment.id,
            version: payment.version,
            method: payment.method,
            reference: payment.reference.clone(),
            remitter: payment.remitter.clone(),
            received_on: payment.received_on,
            amount: payment.amount.into(),
            bank_charge: payment.bank_charge.into(),
            rest: payment.rest().into(),
            refund_id: payment.refund,
            recorded_by: payment.recorded_by,
            recorded_at: payment.recorded_at,
            allocations: payment.allocations.iter().map(PaymentAllocation::of).collect(),
            returns: payment.refunds.iter().map(PaymentReturn::of).collect(),
            reversal: payment.reversed.as_ref().map(|reversal| PaymentReversal::of(reversal, true)),
        }
    }
}

impl PaymentAllocation {
    fn of(one: &Allocation) -> Self {
        Self {
            invoice_id: one.invoice,
            payment_id: one.payment,
            amount: one.amount.into(),
            matched_by: one.matched.by,
            matched_at: one.matched.at,
            returned_at: one.returned_at,
        }
    }
}

impl PaymentReturn {
    fn of(refund: &Refund) -> Self {
        Self { refund_id: refund.id, state: refund.state, amount: refund.amount.into(), became_due_at: refund.due_since }
    }
}

impl MatchPayment {
    fn parts(&self) -> Result<Vec<Part>, Error> {
        let part = |(place, one): (usize, &NewAllocation)| {
            let amount = yen(one.amount, "/amount").map_err(|refused| refused.within(&format!("/allocations/{place}")))?;
            Ok(Part { invoice: one.invoice_id, amount })
        };
        self.allocations.iter().enumerate().map(part).collect()
    }
}

fn show(payment: &Unmatched) -> Result<Reply, Error> {
    Ok(Reply::ok(&UnmatchedPayment::of(payment))?.revised(unmatched::revision(payment)))
}

/// Record an unmatched payment
///
/// Money that arrived and whose invoice is not known yet. The same reference by the same method is refused, wherever it was recorded, unless it
/// is said that it is another payment.
#[utoipa::path(
    tag = "money",
    request_body = RecordPayment,
    responses((status = 201, description = "The unmatched payment.", body = UnmatchedPayment))
)]
#[post("/v1/unmatched-payments")]
pub(crate) async fn record_unmatched_payment(caller: Authorized<may::RecordUnmatchedPayment>, body: Body<RecordPayment>) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let payment = unmatched::record_unmatched_payment(work, &body.payment()?)?;
            let reply = Reply::created(format!("/v1/unmatched-payments/{}", payment.id), &UnmatchedPayment::of(&payment))?;
            Ok(reply.revised(unmatched::revision(&payment)))
        })
        .await
}

/// List unmatched payments
///
/// Those of which something is left, the oldest first: together they are the account `unmatched_receipts` of the trial balance. Or all of them,
/// those that were matched whole or reversed, too.
#[utoipa::path(
    tag = "money",
    params(UnmatchedFilters),
    responses((status = 200, description = "A page of unmatched payments.", body = UnmatchedPaymentList))
)]
#[get("/v1/unmatched-payments")]
pub(crate) async fn list_unmatched_payments(
    caller: Authorized<may::ListUnmatchedPayments>,
    Query(wanted): Query<UnmatchedFilters>,
) -> Answer {
    let after: Option<UnmatchedPaymentId> = page::read(wanted.cursor.as_deref(), &wanted)?;
    caller
        .act(move |work| {
            let found = unmatched::list_unmatched_payments(work, !wanted.all, after, wanted.limit)?;
            Reply::ok(&page::cut(found, wanted.limit, &wanted, |payment| payment.id).shown(UnmatchedPayment::of))
        })
        .await
}

/// Read an unmatched payment
///
/// With the invoices that it pays.
#[utoipa::path(tag = "money", responses((status = 200, description = "The unmatched payment.", body = UnmatchedPayment)))]
#[get("/v1/unmatched-payments/{unmatched_payment_id}")]
pub(crate) async fn get_unmatched_payment(caller: Authorized<may::GetUnmatchedPayment>, Path(id): Path<UnmatchedPaymentId>) -> Answer {
    caller.act(move |work| show(&unmatched::get_unmatched_payment(work, id)?)).await
}

/// Match a payment
///
/// Say which invoices an unmatched payment pays, each with its part. A part has the effect of a payment that was received on the same day. A
/// part whose payment is reversed is unmatched again.
#[utoipa::path(
    tag = "money",
    request_body = MatchPayment,
    responses((
        status = 200, description = "The unmatched payment, and what it did.", body = MatchReceipt,
        headers(("ETag" = String, description = "The unmatched payment as it is now. For `If-Match`."))
    ))
)]
#[post("/v1/unmatched-payments/{unmatched_payment_id}/match")]
pub(crate) async fn match_payment(
    caller: Authorized<may::MatchPayment>,
    Path(id): Path<UnmatchedPaymentId>,
    body: Body<MatchPayment>,
    request: HttpRequest,
) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller
        .act_on(body, move |work, body| {
            let matched = unmatched::match_payment(work, id, &body.parts()?)?;
            let payments = matched.recorded.iter().map(|one| PaymentReceipt::of(one, reader.labels())).collect();
            let receipt = MatchReceipt { unmatched_payment: UnmatchedPayment::of(&matched.payment), payments };
            Ok(Reply::ok(&receipt)?.in_language(reader.language).revised(unmatched::revision(&matched.payment)))
        })
        .await
}

/// Send an unmatched payment back
///
/// Or a part of it: nobody finds the invoice that it pays. A refund becomes due, on the list of what must be given back, and two persons settle it as
/// any other. If the invoice is found before somebody has asked for that refund, match the payment: the refund becomes smaller, or is withdrawn.
#[utoipa::path(
    tag = "money",
    request_body = ReturnUnmatchedPayment,
    responses((status = 200, description = "The unmatched payment, with the refund.", body = UnmatchedPayment))
)]
#[post("/v1/unmatched-payments/{unmatched_payment_id}/return")]
pub(crate) async fn return_unmatched_payment(
    caller: Authorized<may::ReturnUnmatchedPayment>,
    Path(id): Path<UnmatchedPaymentId>,
    body: Body<ReturnUnmatchedPayment>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let amount = body.amount.map(|amount| yen(amount, "/amount")).transpose()?;
            show(&unmatched::return_unmatched_payment(work, id, amount, body.charges_borne_by.unwrap_or(ChargeBearer::Payee))?)
        })
        .await
}

/// Reverse an unmatched payment
///
/// It was a mistake, or the bank took it back. No part of it may pay an invoice: reverse that payment first. No part of it may be sent back on
/// somebody's request: reject that refund first.
#[utoipa::path(
    tag = "money",
    request_body = ReverseUnmatchedPayment,
    responses((status = 200, description = "The unmatched payment.", body = UnmatchedPayment))
)]
#[post("/v1/unmatched-payments/{unmatched_payment_id}/reverse")]
pub(crate) async fn reverse_unmatched_payment(
    caller: Authorized<may::ReverseUnmatchedPayment>,
    Path(id): Path<UnmatchedPaymentId>,
    body: Body<ReverseUnmatchedPayment>,
) -> Answer {
    caller.act_on(body, move |work, body| show(&unmatched::reverse_unmatched_payment(work, id, &body.reason)?)).await
}
