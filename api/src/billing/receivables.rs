//! The lists of billing: what is owed, and what arrived.

use actix_web::{HttpRequest, get};
use application::billing::invoices::{self, NumberedInvoice};
use application::billing::payments::{self, ListedPayment, PaymentFilter};
use domain::access::may;
use domain::billing::{BillingSettings, InvoiceStatus, PaymentMethod};
use domain::calendar::today_in_tokyo;
use domain::ids::{CaseId, InvoiceId, PaymentId};
use domain::money::Payer;
use domain::people::LongText;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::payments::InvoicePayment;
use crate::http::authorized::Authorized;
use crate::http::body::Query;
use crate::http::reader::Reader;
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::money::Money;
use crate::wire::page::{self, Page, PageParams, default_limit};

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(list_receivables).service(list_payments);
}

/// The open amount of an invoice.
#[derive(Serialize, ToSchema)]
pub(crate) struct Receivable {
    /// The invoice.
    invoice_id: InvoiceId,
    /// Its number.
    number: String,
    /// The case.
    case_id: CaseId,
    /// The number of the case.
    case_number: String,
    /// How far it is paid.
    status: InvoiceStatus,
    /// To whom, name and address.
    recipient: LongText,
    /// Who pays.
    payer: Payer,
    /// The total of the invoice, tax included.
    total: Money,
    /// The amount still owed.
    owed: Money,
    /// The part of the total whose service was performed: only that is a claim.
    performed: Money,
    /// The day, in Tokyo, on which the invoice was issued.
    issued_on: Date,
    /// The last day, in Tokyo, on which it can be paid in time. A later one than the paper says, if the case was reopened or a payment
    /// reversed.
    due_on: Date,
    /// Whether its last day is over.
    is_overdue: bool,
    /// The day, in Tokyo, by which the desk decides on a part payment that stayed short: a new term, a write-off, or the end with everything
    /// back. Null while nothing was paid, and for what was performed.
    decision_due_on: Option<Date>,
    /// Whether somebody asked to write it off, and it waits for a second person.
    awaits_write_off: bool,
}

/// A page of them.
pub(crate) type ReceivableList = Page<Receivable>;

impl Receivable {
    fn of(listed: &NumberedInvoice, today: Date, settings: &BillingSettings) -> Self {
        let invoice = &listed.invoice;
        Self {
            invoice_id: invoice.id,
            number: invoice.number.to_string(),
            case_id: invoice.case,
            case_number: listed.case_number.clone(),
            status: invoice.status(),
            recipient: invoice.recipient.clone(),
            payer: invoice.paid_by(),
            total: invoice.total.into(),
            owed: invoice.owed().into(),
            performed: invoice.performed().into(),
            issued_on: invoice.issued_on,
            due_on: invoice.last_day(),
            is_overdue: invoice.last_day() < today,
            decision_due_on: invoice.decision_due_on(settings.short_decision_days),
            awaits_write_off: invoice.pending_write_off().is_some(),
        }
    }
}

/// List what is owed
///
/// Every yen that payers owe, the oldest invoice first. Together they are the account `receivable` of the trial balance.
#[utoipa::path(tag = "money", params(PageParams), responses((status = 200, description = "A page of what is owed.", body = ReceivableList)))]
#[get("/v1/receivables")]
pub(crate) async fn list_receivables(
    caller: Authorized<may::ListReceivables>,
    Query(wanted): Query<PageParams>,
    request: HttpRequest,
) -> Answer {
    let reader = Reader::of(&caller, &request);
    let after: Option<InvoiceId> = page::read(wanted.cursor.as_deref(), &wanted)?;
    caller
        .act(move |work| {
            let found = invoices::list_receivables(work, after, wanted.limit)?;
            let page = page::cut(found, wanted.limit, &wanted, |listed| listed.invoice.id)
                .shown(|listed| Receivable::of(listed, today_in_tokyo(work.now), &work.settings.billing));
            Ok(Reply::ok(&page)?.in_language(reader.language))
        })
        .await
}

/// A payment with its invoice and its case.
#[derive(Serialize, ToSchema)]
pub(crate) struct PaymentEntry {
    /// The payment.
    payment: InvoicePayment,
    /// The invoice that holds it.
    invoice_id: InvoiceId,
    /// The number of the invoice.
    invoice_number: String,
    /// The case.
    case_id: CaseId,
    /// The number of the case.
    case_number: String,
}

/// A page of them.
pub(crate) type PaymentEntryList = Page<PaymentEntry>;

/// Which payments to list.
#[derive(Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PaymentFilters {
    /// Those that were received on this day, in Tokyo: the day sheet.
    #[param(inline)]
    received_on: Option<Date>,
    /// Only payments by this method.
    #[param(inline)]
    method: Option<PaymentMethod>,
    /// How many at most.
    #[param(minimum = 1, maximum = 100, default = 25)]
    #[serde(default = "default_limit")]
    limit: u32,
    /// Where the page begins: `next_cursor` of the page before.
    cursor: Option<String>,
}

impl PaymentEntry {
    fn of(listed: &ListedPayment) -> Self {
        Self {
            payment: InvoicePayment::of(&listed.payment, true),
            invoice_id: listed.invoice,
            invoice_number: listed.invoice_number.clone(),
            case_id: listed.case,
            case_number: listed.case_number.clone(),
        }
    }
}

/// List payments
///
/// All that billing recorded on invoices, the newest first; those that were reversed say so. Money whose invoice is not known has a list of its
/// own.
#[utoipa::path(
    tag = "money",
    params(PaymentFilters),
    responses((status = 200, description = "A page of payments.", body = PaymentEntryList))
)]
#[get("/v1/payments")]
pub(crate) async fn list_payments(caller: Authorized<may::ListPayments>, Query(query): Query<PaymentFilters>) -> Answer {
    let after: Option<PaymentId> = page::read(query.cursor.as_deref(), &query)?;
    let wished = PaymentFilter { received_on: query.received_on, method: query.method };
    caller
        .act(move |work| {
            let found = payments::list_payments(work, wished, after, query.limit)?;
            Reply::ok(&page::cut(found, query.limit, &query, |listed| listed.payment.id).shown(PaymentEntry::of))
        })
        .await
}
