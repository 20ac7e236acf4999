//! The list of receivables.

use actix_web::{HttpRequest, get};
use application::billing::invoices::{self, NumberedInvoice};
use domain::access::may;
use domain::billing::InvoiceStatus;
use domain::ids::{CaseId, InvoiceId};
use domain::money::Payer;
use domain::people::LongText;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::authorized::Authorized;
use crate::http::body::Query;
use crate::http::reader::Reader;
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::money::Money;
use crate::wire::page::{self, Page, PageParams};

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(list_receivables);
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
    /// Whether somebody asked to write it off, and it waits for a second person.
    awaits_write_off: bool,
}

/// A page of them.
pub(crate) type ReceivableList = Page<Receivable>;

impl Receivable {
    fn of(listed: &NumberedInvoice) -> Self {
        let invoice = &listed.invoice;
        Self {
            invoice_id: invoice.id,
            number: invoice.number.to_string(),
            case_id: invoice.case,
            case_number: listed.case_number.clone(),
            status: invoice.status(),
            recipient: invoice.recipient.clone(),
            payer: invoice.payer,
            total: invoice.total.into(),
            owed: invoice.owed().into(),
            performed: invoice.performed().into(),
            issued_on: invoice.issued_on,
            due_on: invoice.last_day(),
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
            let page = page::cut(found, wanted.limit, &wanted, |listed| listed.invoice.id).shown(Receivable::of);
            Ok(Reply::ok(&page)?.in_language(reader.language))
        })
        .await
}
