//! Credit notes, corrected invoices and receipts: handlers, requests and answers.

use actix_web::{HttpRequest, get, post};
use application::Error;
use application::billing::papers::{self, CreditNoteWithInvoice, ReceiptWithInvoice, WantedCredit};
use domain::access::may;
use domain::billing::fees::FeeCode;
use domain::billing::{ChargeBearer, CreditNoteKind, PaymentMethod, ReceiptPurpose, ThirdParty};
use domain::ids::{CaseId, CreditNoteId, InvoiceId, PaymentId, ReceiptId};
use domain::money::Payer;
use domain::people::LongText;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::estimates::ThirdPartyPayer;
use super::views::{Invoice, InvoiceIssuer};
use crate::http::authorized::Authorized;
use crate::http::body::{Body, Path};
use crate::http::reader::{Labels, Reader};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::money::Money;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(issue_credit_note).service(get_credit_note).service(reissue_invoice).service(extend_invoice);
    routes.service(get_receipt).service(print_receipt);
}

/// A credit note: what was invoiced and is not demanded any longer. Its paper never changes.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreditNote {
    /// The credit note.
    id: CreditNoteId,
    /// Its number, without gaps.
    number: String,
    /// Its kind. One of a service that was performed is a qualified return invoice.
    kind: CreditNoteKind,
    /// The day, in Tokyo, on which it was issued: of a return invoice the day of the return.
    issued_on: Date,
    /// The invoice that it credits.
    invoice_id: InvoiceId,
    /// The number of the invoice.
    invoice_number: String,
    /// The day, in Tokyo, on which the invoice was issued.
    invoice_issued_on: Date,
    /// The case.
    case_id: CaseId,
    /// The number of the case.
    case_number: String,
    /// Who issued the invoice, as they were then.
    issuer: InvoiceIssuer,
    /// To whom, name and address.
    recipient: LongText,
    /// Who pays.
    payer: Payer,
    /// What is credited. The lines say what was charged for, and nothing clinical.
    lines: Vec<CreditNoteLine>,
    /// Their sum, tax included.
    total: Money,
    /// The total without tax.
    net: Money,
    /// The tax of the invoice before, less the tax of what remains.
    tax: Money,
    /// The rate of the tax.
    #[schema(minimum = 0, maximum = 100)]
    tax_rate_percent: u8,
    /// Why; null if the end of the case is the reason.
    reason: Option<LongText>,
}

/// A line of a credit note.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreditNoteLine {
    /// The service or article.
    code: FeeCode,
    /// The same in the reader's language.
    label: String,
    /// How many units.
    #[schema(minimum = 1)]
    quantity: u32,
    /// The price of one, tax included.
    unit_price: Money,
    /// The price of all, tax included.
    amount: Money,
}

/// What is credited of an invoice.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IssueCreditNote {
    /// How many units of which lines.
    #[schema(min_items = 1, max_items = 10)]
    lines: Vec<CreditedLine>,
    /// Why, in words that the payer may read. They stand on the credit note.
    reason: LongText,
    /// Who bears the charge of sending back what was paid: the hospital, if the reason is the hospital's. Absent or null: the payee.
    #[serde(default)]
    charges_borne_by: Option<ChargeBearer>,
}

/// Units of a line to credit.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreditedLine {
    /// The line, by its service or article.
    code: FeeCode,
    /// How many units of it: at most what is left of the line.
    #[schema(minimum = 1)]
    quantity: u32,
}

/// What is corrected of an invoice.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReissueInvoice {
    /// To whom, name and address.
    recipient: LongText,
    /// The third party, such as a company, that pays from now on; the side that paid before stands in for it. Absent or null: the payer stays.
    #[serde(default)]
    third_party: Option<ThirdPartyPayer>,
    /// Why, in words that the payer may read. They stand on the credit note of the old invoice.
    reason: LongText,
}

/// A new term for an invoice.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExtendInvoice {
    /// The last day, in Tokyo, on which the payment may arrive: later than the one before, and at most 180 days from today. A day on which the
    /// hospital is closed moves to the next working day.
    due_on: Date,
    /// Why. It is kept as an internal note.
    reason: LongText,
}

/// A receipt of a payment. Its paper never changes.
#[derive(Serialize, ToSchema)]
pub(crate) struct Receipt {
    /// The receipt.
    id: ReceiptId,
    /// Its number, without gaps.
    number: String,
    /// The day, in Tokyo, on which it was issued.
    issued_on: Date,
    /// To whom, name and address, as the invoice said then.
    recipient: LongText,
    /// What it confirms: an advance, the payment of a service that was performed, or money that the hospital keeps until it is decided on.
    purpose: ReceiptPurpose,
    /// The amount that was received.
    amount: Money,
    /// By which way.
    method: PaymentMethod,
    /// The day, in Tokyo, on which it was received.
    received_on: Date,
    /// When it became void, because the payment was reversed or another receipt stands in its place; null while it counts.
    voided_at: Option<Timestamp>,
    /// The payment.
    payment_id: PaymentId,
    /// The invoice that holds the payment now.
    invoice_id: InvoiceId,
    /// The number of the invoice when the receipt was issued.
    invoice_number: String,
    /// The case.
    case_id: CaseId,
    /// The number of the case.
    case_number: String,
    /// Who issued it, as they were then.
    issuer: InvoiceIssuer,
    /// How often it was printed.
    print_count: u32,
    /// When it was printed first; null until it was.
    first_printed_at: Option<Timestamp>,
    /// The mark of a paper that is printed again (再発行), in the reader's language; null until the second print.
    reissue_mark: Option<String>,
}

impl CreditNote {
    fn of(found: &CreditNoteWithInvoice, labels: Labels<'_>) -> Self {
        let CreditNoteWithInvoice { note, invoice_with_case } = found;
        let invoice = &invoice_with_case.invoice;
        let line = |line: &domain::billing::CreditLine| CreditNoteLine {
            code: line.code,
            label: labels.messages.label(labels.language, "fee", line.code.as_str()),
            quantity: line.quantity,
            unit_price: line.unit_price.into(),
            amount: line.amount.into(),
        };
        Self {
            id: note.id,
            number: note.number.to_string(),
            kind: note.kind,
            issued_on: note.issued_on,
            invoice_id: invoice.id,
            invoice_number: invoice.number.to_string(),
            invoice_issued_on: invoice.issued_on,
            case_id: invoice.case,
            case_number: invoice_with_case.case.case.number().to_owned(),
            issuer: InvoiceIssuer::of(&invoice.issuer),
            recipient: invoice.recipient.clone(),
            payer: invoice.paid_by(),
            lines: note.lines.iter().map(line).collect(),
            total: note.total.into(),
            net: note.net.into(),
            tax: note.tax.into(),
            tax_rate_percent: invoice.tax_rate_percent,
            reason: note.reason.clone(),
        }
    }
}

impl Receipt {
    fn of(found: &ReceiptWithInvoice, labels: Labels<'_>) -> Self {
        let ReceiptWithInvoice { receipt, payment, invoice_with_case } = found;
        let invoice = &invoice_with_case.invoice;
        Self {
            id: receipt.id,
            number: receipt.number.to_string(),
            issued_on: receipt.issued_on,
            recipient: receipt.recipient.clone(),
            purpose: receipt.purpose,
            amount: payment.amount.into(),
            method: payment.method,
            received_on: payment.received_on,
            voided_at: receipt.voided_at,
            payment_id: payment.id,
            invoice_id: invoice.id,
            invoice_number: receipt.invoice.to_string(),
            case_id: invoice.case,
            case_number: invoice_with_case.case.case.number().to_owned(),
            issuer: InvoiceIssuer::of(&receipt.issuer),
            print_count: receipt.prints,
            first_printed_at: receipt.first_printed_at,
            reissue_mark: receipt.is_reprinted().then(|| labels.messages.label(labels.language, "receipt_mark", "reissued")),
        }
    }
}

/// Issue a credit note
///
/// Units of the lines of an invoice are not demanded any longer. What was not paid of them is owed no longer, what was paid is given back. One
/// that leaves the awaited invoice paid starts the work; one that leaves nothing demanded lets the case be invoiced anew. Work under way is
/// never free of charge: cancel or decline such a case. After the service it is a qualified return invoice.
#[utoipa::path(
    tag = "money",
    request_body = IssueCreditNote,
    responses((
        status = 201, description = "The credit note.", body = CreditNote,
        headers(("ETag" = String, description = "The invoice as it is now. For `If-Match`."))
    ))
)]
#[post("/v1/invoices/{invoice_id}/credit-notes")]
pub(crate) async fn issue_credit_note(
    caller: Authorized<may::IssueCreditNote>,
    Path(id): Path<InvoiceId>,
    body: Body<IssueCreditNote>,
    request: HttpRequest,
) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller
        .act_on(body, move |work, body| {
            let IssueCreditNote { lines, reason, charges_borne_by } = body;
            let lines = lines.iter().map(|line| (line.code, line.quantity)).collect();
            let wanted = WantedCredit { lines, reason: reason.clone(), charges_borne_by: charges_borne_by.unwrap_or(ChargeBearer::Payee) };
            let issued = papers::issue_credit_note(work, id, &wanted)?;
            let shown = CreditNote::of(&issued, reader.labels());
            let reply = Reply::created(format!("/v1/credit-notes/{}", issued.note.id), &shown)?;
            Ok(reply.in_language(reader.language).revised(issued.invoice_with_case.revision()))
        })
        .await
}

/// Read a credit note
///
/// By the payer of its invoice, and by the hospital.
#[utoipa::path(tag = "money", responses((status = 200, description = "The credit note.", body = CreditNote)))]
#[get("/v1/credit-notes/{credit_note_id}")]
pub(crate) async fn get_credit_note(caller: Authorized<may::GetCreditNote>, Path(id): Path<CreditNoteId>, request: HttpRequest) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller
        .act(move |work| {
            let found = papers::get_credit_note(work, id)?;
            Ok(Reply::ok(&CreditNote::of(&found, reader.labels()))?.in_language(reader.language))
        })
        .await
}

/// Correct an invoice
///
/// Issue another one in its place: with a number of its own, the same last day, and the issuer and bank account of today's settings. The old
/// one is credited. Payments, receipts, refunds and write-offs go along; no stage changes.
#[utoipa::path(
    tag = "money",
    request_body = ReissueInvoice,
    responses((status = 201, description = "The corrected invoice.", body = Invoice))
)]
#[post("/v1/invoices/{invoice_id}/reissue")]
pub(crate) async fn reissue_invoice(
    caller: Authorized<may::ReissueInvoice>,
    Path(id): Path<InvoiceId>,
    body: Body<ReissueInvoice>,
    request: HttpRequest,
) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller
        .act_on(body, move |work, body| {
            let new = papers::reissue_invoice(work, id, &body.recipient, body.third_party.clone().map(ThirdParty::from), &body.reason)?;
            let reply = Reply::created(format!("/v1/invoices/{}", new.invoice.id), &Invoice::of(&new, reader.labels()))?;
            Ok(reply.in_language(reader.language).revised(new.revision()))
        })
        .await
}

/// Extend the term of an invoice
///
/// The hospital waits longer for what is owed: the case, or the slides that the invoice is for, expires accordingly later. The paper stays as it
/// is; the new last day is `extended_due_on`. The payer is told.
#[utoipa::path(tag = "money", request_body = ExtendInvoice, responses((status = 200, description = "The invoice.", body = Invoice)))]
#[post("/v1/invoices/{invoice_id}/extend")]
pub(crate) async fn extend_invoice(
    caller: Authorized<may::ExtendInvoice>,
    Path(id): Path<InvoiceId>,
    body: Body<ExtendInvoice>,
    request: HttpRequest,
) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller
        .act_on(body, move |work, body| {
            let extended = papers::extend_invoice(work, id, body.due_on, &body.reason)?;
            let reply = Reply::ok(&Invoice::of(&extended, reader.labels()))?;
            Ok(reply.in_language(reader.language).revised(extended.revision()))
        })
        .await
}

/// Read a receipt
///
/// Of a payment, by the payer and by the hospital. Each payment gets one when it is recorded. Reading it is no print.
#[utoipa::path(tag = "money", responses((status = 200, description = "The receipt.", body = Receipt)))]
#[get("/v1/receipts/{receipt_id}")]
pub(crate) async fn get_receipt(caller: Authorized<may::GetReceipt>, Path(id): Path<ReceiptId>, request: HttpRequest) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller.act(move |work| show_receipt(&papers::get_receipt(work, id)?, &reader)).await
}

/// Print a receipt
///
/// Counts the print, and answers with the receipt as it is printed: from the second print on it says that it is issued again. A receipt that is
/// void is not printed.
#[utoipa::path(tag = "money", responses((status = 200, description = "The receipt, to print.", body = Receipt)))]
#[post("/v1/receipts/{receipt_id}/print")]
pub(crate) async fn print_receipt(caller: Authorized<may::PrintReceipt>, Path(id): Path<ReceiptId>, request: HttpRequest) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller.act(move |work| show_receipt(&papers::print_receipt(work, id)?, &reader)).await
}

fn show_receipt(found: &ReceiptWithInvoice, reader: &Reader) -> Result<Reply, Error> {
    Ok(Reply::ok(&Receipt::of(found, reader.labels()))?.in_language(reader.language))
}
