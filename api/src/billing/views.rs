//! Requests and answers of invoices and payments.

use application::billing::invoices::{self, InvoiceWithCase, NumberedInvoice};
use domain::access::Operation;
use domain::billing::fees::FeeCode;
use domain::billing::{CreditNote, CreditNoteKind, FeePaper, InvoiceStatus, Issuer};
use domain::ids::{CaseId, CreditNoteId, InvoiceId};
use domain::money::Payer;
use domain::people::{LongText, ShortText};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::payments::InvoicePayment;
use super::write_offs::InvoiceWriteOff;
use crate::http::reader::Labels;
use crate::wire::money::Money;
use crate::wire::page::Page;

/// An invoice: a qualified invoice, with the tax within its total. Its paper never changes; payments, refunds and the end of its case stand
/// beside it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Invoice {
    /// The invoice.
    id: InvoiceId,
    /// Its number, without gaps.
    number: String,
    /// The case.
    case_id: CaseId,
    /// The number of the case, to be named with the payment.
    case_number: String,
    /// How far it is paid.
    status: InvoiceStatus,
    /// Counts the changes.
    #[schema(minimum = 1)]
    version: i64,
    /// The day, in Tokyo, on which it was issued.
    issued_on: Date,
    /// The last day, in Tokyo, on which it can be paid in time, as the paper names it.
    due_on: Date,
    /// A later last day that holds instead: the hospital extended the term, the case was reopened, or a payment was reversed. Else null. The paper
    /// stays as it is.
    extended_due_on: Option<Date>,
    /// Who issued it, as they were then.
    issuer: InvoiceIssuer,
    /// To whom, name and address.
    recipient: LongText,
    /// Who pays.
    payer: Payer,
    /// The reference of a third party that pays; else null.
    payer_reference: Option<ShortText>,
    /// The lines. They say what is charged for, and nothing clinical.
    lines: Vec<InvoiceLine>,
    /// Their sum, tax included.
    total: Money,
    /// The total without tax.
    net: Money,
    /// The tax within the total, rounded down once.
    tax: Money,
    /// The rate of the tax.
    #[schema(minimum = 0, maximum = 100)]
    tax_rate_percent: u8,
    /// Where to pay.
    bank: InvoiceBankAccount,
    /// The sum of the payments that count: without those that were reversed.
    received: Money,
    /// The amount still owed.
    owed: Money,
    /// The part of what was paid whose service is not performed yet: an advance.
    advance: Money,
    /// The amount paid too much that nobody has decided on.
    excess: Money,
    /// The cancellation fee that the hospital keeps, outside the scope of consumption tax.
    cancellation_fee: Money,
    /// The papers of the cancellation fee, in the order of their numbers: issued when two persons have settled the refund of the rest. One of another fee is void.
    cancellation_fee_papers: Vec<CancellationFeePaper>,
    /// The amount that must still be given back, beside `excess`.
    to_give_back: Money,
    /// The amount that has left.
    given_back: Money,
    /// The amount that the payer gave up.
    given_up: Money,
    /// The amount that was missing when the invoice came to count as paid.
    shortfall: Money,
    /// The bad debt: the amount that was written off and has not arrived since.
    bad_debt: Money,
    /// The payments, in the order of their recording.
    payments: Vec<InvoicePayment>,
    /// The credit notes, in the order of their numbers.
    credit_notes: Vec<InvoiceCreditNote>,
    /// The sum of what was credited, beside what the end of the case took off.
    credited: Money,
    /// The invoice in whose place this one was issued; null if there is none.
    replaces_invoice_id: Option<InvoiceId>,
    /// The invoice that was issued in the place of this one; null if there is none.
    replaced_by_invoice_id: Option<InvoiceId>,
    /// What somebody asked to write off, in order; an empty list for those outside the hospital.
    write_offs: Vec<InvoiceWriteOff>,
    /// The operations that the caller may run on this invoice now, by their `operationId`.
    allowed_actions: Vec<Operation>,
}

/// A credit note of an invoice.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvoiceCreditNote {
    /// The credit note.
    id: CreditNoteId,
    /// Its number.
    number: String,
    /// Its kind.
    kind: CreditNoteKind,
    /// The day, in Tokyo, on which it was issued.
    issued_on: Date,
    /// Its total, tax included.
    total: Money,
}

/// Who issues invoices.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvoiceIssuer {
    /// The hospital's name.
    name: String,
    /// Its address.
    address: String,
    /// The registration number of qualified invoices: `T` and thirteen digits.
    registration_number: String,
}

/// A bank account for transfers.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvoiceBankAccount {
    /// The bank.
    bank: String,
    /// The branch.
    branch: String,
    /// SWIFT/BIC.
    swift: String,
    /// The account number.
    number: String,
    /// The holder.
    holder: String,
}

/// A line of an invoice.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvoiceLine {
    /// The service or article that is charged for.
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

/// The paper of a cancellation fee. The fee is outside the scope of consumption tax: its tax is zero.
#[derive(Serialize, ToSchema)]
pub(crate) struct CancellationFeePaper {
    /// Its number, without gaps.
    number: String,
    /// The day, in Tokyo, on which it was issued.
    issued_on: Date,
    /// The fee.
    amount: Money,
    /// When it became void; null for the one that counts.
    voided_at: Option<Timestamp>,
}

impl CancellationFeePaper {
    fn of(paper: &FeePaper) -> Self {
        Self { number: paper.number.to_string(), issued_on: paper.issued_on, amount: paper.amount.into(), voided_at: paper.voided_at }
    }
}

/// A page of them.
pub(crate) type InvoiceSummaryList = Page<InvoiceSummary>;

/// An invoice as the worklist shows it.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvoiceSummary {
    /// The invoice.
    id: InvoiceId,
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
    /// The lines.
    lines: Vec<InvoiceLine>,
    /// Their sum, tax included.
    total: Money,
    /// The sum of the payments that count: without those that were reversed.
    received: Money,
    /// The amount still owed.
    owed: Money,
    /// The part of what was paid whose service is not performed yet: an advance.
    advance: Money,
    /// The amount paid too much.
    excess: Money,
    /// The day, in Tokyo, on which it was issued.
    issued_on: Date,
    /// The last day, in Tokyo, on which it can be paid in time.
    due_on: Date,
}

impl Labels<'_> {
    fn lines(self, lines: &[domain::billing::InvoiceLine]) -> Vec<InvoiceLine> {
        let line = |line: &domain::billing::InvoiceLine| InvoiceLine {
            code: line.code,
            label: self.messages.label(self.language, "fee", line.code.as_str()),
            quantity: line.quantity,
            unit_price: line.unit_price.into(),
            amount: line.amount.into(),
        };
        lines.iter().map(line).collect()
    }
}

impl Invoice {
    pub(crate) fn of(invoice_with_case: &InvoiceWithCase, labels: Labels<'_>) -> Self {
        let (invoice, inside) = (&invoice_with_case.invoice, invoices::is_of_the_hospital(&invoice_with_case.case));
        let decisions = invoice_with_case.sees_decisions();
        let bank = &invoice.bank;
        Self {
            id: invoice.id,
            number: invoice.number.to_string(),
            case_id: invoice.case,
            case_number: invoice_with_case.case.case.number().to_owned(),
            status: invoice.status(),
            version: invoice.version,
            issued_on: invoice.issued_on,
            due_on: invoice.due_on,
            extended_due_on: invoice.payable_until,
            issuer: InvoiceIssuer::of(&invoice.issuer),
            recipient: invoice.recipient.clone(),
            payer: invoice.paid_by(),
            payer_reference: invoice.third_party.as_ref().and_then(|third_party| third_party.reference.clone()),
            lines: labels.lines(&invoice.lines),
            total: invoice.total.into(),
            net: invoice.net.into(),
            tax: invoice.tax.into(),
            tax_rate_percent: invoice.tax_rate_percent,
            bank: InvoiceBankAccount {
                bank: bank.bank.clone(),
                branch: bank.branch.clone(),
                swift: bank.swift.clone(),
                number: bank.number.clone(),
                holder: bank.holder.clone(),
            },
            received: invoice.received().into(),
            owed: invoice.owed().into(),
            advance: invoice.advance().into(),
            excess: invoice.excess().into(),
            cancellation_fee: invoice.kept().into(),
            cancellation_fee_papers: invoice.fee_papers.iter().map(CancellationFeePaper::of).collect(),
            to_give_back: invoice.to_give_back().into(),
            given_back: invoice.given_back().into(),
            given_up: invoice.given_up().into(),
            shortfall: invoice.shortfall.into(),
            bad_debt: invoice.bad_debt.into(),
            payments: invoice.payments.iter().map(|payment| InvoicePayment::of(payment, inside)).collect(),
            credit_notes: invoice.credits.iter().map(InvoiceCreditNote::of).collect(),
            credited: invoice.credited().into(),
            replaces_invoice_id: invoice.replaces,
            replaced_by_invoice_id: invoice.replaced_by,
            write_offs: invoice.write_offs.iter().filter(|_| decisions).map(InvoiceWriteOff::of).collect(),
            allowed_actions: invoice_with_case.allowed_actions(),
        }
    }
}

impl InvoiceIssuer {
    pub(super) fn of(issuer: &Issuer) -> Self {
        Self { name: issuer.name.clone(), address: issuer.address.clone(), registration_number: issuer.registration_number.clone() }
    }
}

impl InvoiceCreditNote {
    fn of(note: &CreditNote) -> Self {
        Self { id: note.id, number: note.number.to_string(), kind: note.kind, issued_on: note.issued_on, total: note.total.into() }
    }
}

impl InvoiceSummary {
    pub(crate) fn of(listed: &NumberedInvoice, labels: Labels<'_>) -> Self {
        let invoice = &listed.invoice;
        Self {
            id: invoice.id,
            number: invoice.number.to_string(),
            case_id: invoice.case,
            case_number: listed.case_number.clone(),
            status: invoice.status(),
            recipient: invoice.recipient.clone(),
            payer: invoice.paid_by(),
            lines: labels.lines(&invoice.lines),
            total: invoice.total.into(),
            received: invoice.received().into(),
            owed: invoice.owed().into(),
            advance: invoice.advance().into(),
            excess: invoice.excess().into(),
            issued_on: invoice.issued_on,
            due_on: invoice.due_on,
        }
    }
}
