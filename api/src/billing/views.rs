//! What goes in and out of invoices and payments.

use application::money::invoices::{self, Billed, Listed};
use domain::billing::InvoiceStatus;
use domain::case::Payer;
use domain::ids::{CaseId, InvoiceId};
use domain::people::LongText;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::payments::InvoicePayment;
use crate::cases::names::closed;
use crate::document::schemas;
use crate::fees::views::PayingParty;
use crate::http::reader::Labels;
use crate::values::Money;

closed! {
    /// How far an invoice is paid.
    InvoiceState { Issued, PartlyPaid, Paid, Overpaid }
}

/// An invoice: a qualified invoice, with the tax within its total. Once issued it changes by payments only.
#[derive(Serialize, ToSchema)]
pub(crate) struct Invoice {
    /// The invoice.
    #[schema(value_type = schemas::InvoiceKey)]
    id: InvoiceId,
    /// Its number, without gaps.
    #[schema(example = "INV-000123")]
    number: String,
    /// The case.
    #[schema(value_type = schemas::CaseKey)]
    case_id: CaseId,
    /// The number of the case, to be named with the payment.
    #[schema(example = "2026-000123")]
    case_number: String,
    /// How far it is paid.
    #[schema(value_type = InvoiceState)]
    status: InvoiceStatus,
    /// Counts the changes.
    #[schema(minimum = 1, example = 1)]
    version: i64,
    /// The day, in Tokyo, on which it was issued.
    #[schema(value_type = schemas::DateOn, example = "2026-11-24")]
    issued_on: Date,
    /// The last day, in Tokyo, on which it can be paid in time.
    #[schema(value_type = schemas::DateOn, example = "2026-12-24")]
    due_on: Date,
    /// Who issued it, as they were then.
    issuer: InvoiceIssuer,
    /// To whom, name and address.
    #[schema(value_type = schemas::Paragraphs, example = "Mei Tanaka\n1-2-3 Hongo, Tokyo")]
    recipient: LongText,
    /// Who pays.
    #[schema(value_type = PayingParty)]
    payer: Payer,
    /// The lines. They say what is charged for, and nothing clinical.
    lines: Vec<InvoiceLine>,
    /// Their sum, tax included.
    total: Money,
    /// The total without tax.
    net: Money,
    /// The tax within the total, rounded down once.
    tax: Money,
    /// The rate of the tax.
    #[schema(minimum = 0, maximum = 100, example = 10)]
    tax_rate_percent: u8,
    /// Where to pay.
    bank: InvoiceBankAccount,
    /// What was received in all.
    received: Money,
    /// What is still owed.
    owed: Money,
    /// What was paid too much.
    excess: Money,
    /// What was missing when it came to count as paid.
    shortfall: Money,
    /// The payments, in the order of their recording.
    payments: Vec<InvoicePayment>,
}

/// Who issues invoices.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvoiceIssuer {
    /// The hospital's name.
    #[schema(example = "Example Hospital")]
    name: String,
    /// Its address.
    #[schema(example = "1-1-1 Example, Tokyo, Japan")]
    address: String,
    /// The registration number of qualified invoices: `T` and thirteen digits.
    #[schema(example = "T8000000000001")]
    registration_number: String,
}

/// A bank account for transfers.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvoiceBankAccount {
    /// The bank.
    #[schema(example = "Example Bank")]
    bank: String,
    /// The branch.
    #[schema(example = "Head Office")]
    branch: String,
    /// SWIFT/BIC.
    #[schema(example = "EXAMJPJT")]
    swift: String,
    /// The account number.
    #[schema(example = "1234567")]
    number: String,
    /// The holder.
    #[schema(example = "Example Hospital")]
    holder: String,
}

/// A line of an invoice.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvoiceLine {
    /// What is charged for. Open list.
    #[schema(example = "written_opinion")]
    code: &'static str,
    /// The same in the reader's language.
    #[schema(example = "Second opinion in written format")]
    label: String,
    /// How many units.
    #[schema(minimum = 1, example = 1)]
    quantity: u32,
    /// The price of one, tax included.
    unit_price: Money,
    /// The price of all, tax included.
    amount: Money,
}

/// An invoice as the worklist shows it.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvoiceSummary {
    /// The invoice.
    #[schema(value_type = schemas::InvoiceKey)]
    id: InvoiceId,
    /// Its number.
    #[schema(example = "INV-000123")]
    number: String,
    /// The case.
    #[schema(value_type = schemas::CaseKey)]
    case_id: CaseId,
    /// The number of the case.
    #[schema(example = "2026-000123")]
    case_number: String,
    /// How far it is paid.
    #[schema(value_type = InvoiceState)]
    status: InvoiceStatus,
    /// To whom, name and address.
    #[schema(value_type = schemas::Paragraphs, example = "Mei Tanaka\n1-2-3 Hongo, Tokyo")]
    recipient: LongText,
    /// Who pays.
    #[schema(value_type = PayingParty)]
    payer: Payer,
    /// The lines.
    lines: Vec<InvoiceLine>,
    /// Their sum, tax included.
    total: Money,
    /// What was received in all.
    received: Money,
    /// What is still owed.
    owed: Money,
    /// What was paid too much.
    excess: Money,
    /// The day, in Tokyo, on which it was issued.
    #[schema(value_type = schemas::DateOn, example = "2026-11-24")]
    issued_on: Date,
    /// The last day, in Tokyo, on which it can be paid in time.
    #[schema(value_type = schemas::DateOn, example = "2026-12-24")]
    due_on: Date,
}

/// A page of invoices.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvoiceList {
    /// The invoices, newest first.
    pub(crate) data: Vec<InvoiceSummary>,
    /// Whether there is a next page.
    #[schema(example = false)]
    pub(crate) has_more: bool,
    /// Where the next page begins.
    #[schema(example = json!(null))]
    pub(crate) next_cursor: Option<String>,
}

impl Labels<'_> {
    fn lines(self, lines: &[domain::billing::InvoiceLine]) -> Vec<InvoiceLine> {
        let line = |line: &domain::billing::InvoiceLine| InvoiceLine {
            code: line.code.as_str(),
            label: self.messages.label(self.language, "fee", line.code.as_str()),
            quantity: line.quantity,
            unit_price: line.unit_price.into(),
            amount: line.amount.into(),
        };
        lines.iter().map(line).collect()
    }
}

impl Invoice {
    pub(crate) fn of(billed: &Billed, labels: Labels<'_>) -> Self {
        let (invoice, inside) = (&billed.invoice, invoices::is_of_the_hospital(&billed.case));
        let (issuer, bank) = (&invoice.issuer, &invoice.bank);
        Self {
            id: invoice.id,
            number: invoice.number.to_string(),
            case_id: invoice.case,
            case_number: billed.case.case.number().to_owned(),
            status: invoice.status(),
            version: invoice.version,
            issued_on: invoice.issued_on,
            due_on: invoice.due_on,
            issuer: InvoiceIssuer {
                name: issuer.name.clone(),
                address: issuer.address.clone(),
                registration_number: issuer.registration_number.clone(),
            },
            recipient: invoice.recipient.clone(),
            payer: invoice.payer,
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
            excess: invoice.excess().into(),
            shortfall: invoice.shortfall.into(),
            payments: invoice.payments.iter().map(|payment| InvoicePayment::of(payment, inside)).collect(),
        }
    }
}

impl InvoiceSummary {
    pub(crate) fn of(listed: &Listed, labels: Labels<'_>) -> Self {
        let invoice = &listed.invoice;
        Self {
            id: invoice.id,
            number: invoice.number.to_string(),
            case_id: invoice.case,
            case_number: listed.case_number.clone(),
            status: invoice.status(),
            recipient: invoice.recipient.clone(),
            payer: invoice.payer,
            lines: labels.lines(&invoice.lines),
            total: invoice.total.into(),
            received: invoice.received().into(),
            owed: invoice.owed().into(),
            excess: invoice.excess().into(),
            issued_on: invoice.issued_on,
            due_on: invoice.due_on,
        }
    }
}
