//! The rows of credit notes and receipts, which find them; their content lies within their invoice.

use std::fmt;

use diesel::prelude::*;
use domain::billing::{CreditNote, CreditNoteNumber, FeeNumber, Invoice, NewReceipt, Payment, Receipt, ReceiptNumber};
use domain::calendar::today_in_tokyo;
use domain::ids::{CreditNoteId, InvoiceId, PaymentId, ReceiptId};
use jiff::civil::Date;
use uuid::Uuid;

use super::next_of;
use crate::columns::Bind;
use crate::examine::examined;
use crate::ledger::Booking;
use crate::schema::papers;
use crate::{Error, Transaction};

const CREDIT_NOTE: &str = "credit_note";
const RECEIPT: &str = "receipt";
const FEE: &str = "cancellation_fee";

#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset, PartialEq)]
#[diesel(table_name = papers)]
struct PaperRow {
    id: Bind<Uuid>,
    series: String,
    number: String,
    invoice_id: Bind<InvoiceId>,
    issued_on: Bind<Date>,
}

impl PaperRow {
    fn of_credit_note(invoice: InvoiceId, note: &CreditNote) -> Self {
        Self {
            id: Bind(note.id.uuid()),
            series: CREDIT_NOTE.to_owned(),
            number: note.number.to_string(),
            invoice_id: Bind(invoice),
            issued_on: Bind(note.issued_on),
        }
    }

    fn of_receipt(invoice: InvoiceId, receipt: &Receipt) -> Self {
        Self {
            id: Bind(receipt.id.uuid()),
            series: RECEIPT.to_owned(),
            number: receipt.number.to_string(),
            invoice_id: Bind(invoice),
            issued_on: Bind(receipt.issued_on),
        }
    }

    /// The rows of an invoice, as they should stand.
    fn all_of(invoice: &Invoice) -> Vec<Self> {
        let notes = invoice.credits.iter().map(|note| Self::of_credit_note(invoice.id, note));
        let receipts = invoice.payments.iter().flat_map(|payment: &Payment| &payment.receipts);
        notes.chain(receipts.map(|receipt| Self::of_receipt(invoice.id, receipt))).collect()
    }
}

/// The next number of a credit note, without gaps like [`super::next_number`].
pub fn next_credit_note_number(tx: &mut Transaction<'_>) -> Result<CreditNoteNumber, Error> {
    let number = next_of(tx, CREDIT_NOTE)?;
    CreditNoteNumber::new(number).map_err(|_| Error::corrupt("number_series", "last_number", CREDIT_NOTE))
}

/// The next number of the paper of a cancellation fee, without gaps like [`super::next_number`].
pub fn next_fee_number(tx: &mut Transaction<'_>) -> Result<FeeNumber, Error> {
    let number = next_of(tx, FEE)?;
    FeeNumber::new(number).map_err(|_| Error::corrupt("number_series", "last_number", FEE))
}

/// The next number of a receipt, without gaps like [`super::next_number`].
pub fn next_receipt_number(tx: &mut Transaction<'_>) -> Result<ReceiptNumber, Error> {
    let number = next_of(tx, RECEIPT)?;
    ReceiptNumber::new(number).map_err(|_| Error::corrupt("number_series", "last_number", RECEIPT))
}

/// Writes the rows that an invoice has and had not, and those that came with payments from another invoice.
pub(super) fn write(tx: &mut Transaction<'_>, before: Option<&Invoice>, after: &Invoice) -> Result<(), Error> {
    let stored = before.map(PaperRow::all_of).unwrap_or_default();
    for row in PaperRow::all_of(after).iter().filter(|row| !stored.contains(row)) {
        let new = diesel::insert_into(papers::table).values(row).on_conflict(papers::id).do_nothing();
        if with_connection!(tx, |c| new.execute(c))? == 0 {
            take_along(tx, row)?;
        }
    }
    Ok(())
}

/// A paper that is there goes along with its payment to another invoice; it stays the same paper.
fn take_along(tx: &mut Transaction<'_>, row: &PaperRow) -> Result<(), Error> {
    let same = papers::table.filter(papers::id.eq(row.id).and(papers::number.eq(&row.number)));
    let moved = diesel::update(same).set(papers::invoice_id.eq(row.invoice_id));
    if with_connection!(tx, |c| moved.execute(c))? == 0 {
        return Err(Error::corrupt("papers", "id", &row.number));
    }
    Ok(())
}

/// The invoice that holds a credit note.
pub fn invoice_of_credit_note(tx: &mut Transaction<'_>, id: CreditNoteId) -> Result<InvoiceId, Error> {
    invoice_of(tx, CREDIT_NOTE, id.uuid())
}

/// The invoice that holds a receipt.
pub fn invoice_of_receipt(tx: &mut Transaction<'_>, id: ReceiptId) -> Result<InvoiceId, Error> {
    invoice_of(tx, RECEIPT, id.uuid())
}

fn invoice_of(tx: &mut Transaction<'_>, series: &str, id: Uuid) -> Result<InvoiceId, Error> {
    let found = papers::table.filter(papers::id.eq(Bind(id)).and(papers::series.eq(series))).select(papers::invoice_id);
    Ok(with_connection!(tx, |c| found.first(c))?)
}

/// Gives a payment of an earlier release its receipt, as of the day on which it was recorded. One that was reversed, or that has a receipt,
/// stays as it is.
pub(crate) fn give_receipt(tx: &mut Transaction<'_>, payment: PaymentId, invoice: InvoiceId) -> Result<(), Error> {
    let before = super::get(tx, invoice)?;
    let counts = |one: &&Payment| one.id == payment && one.reversed.is_none() && one.receipts.is_empty();
    let Some(at) = before.payments.iter().find(counts).map(|one| one.recorded_at) else { return Ok(()) };
    let id = ReceiptId::from_uuid(crate::fresh(at));
    let new = NewReceipt { id, number: next_receipt_number(tx)?, issued_on: today_in_tokyo(at) };
    let after = before.clone().with_late_receipt(payment, new);
    let booking = Booking { booked_on: new.issued_on, operation: "upgrade", by: None, department: None, at };
    super::save(tx, &before, &after, &booking).map(drop)
}

/// Checks that each paper of an invoice has its row.
pub(super) fn check_rows(tx: &mut Transaction<'_>, invoice: &Invoice) -> Result<(), Error> {
    let rows: Vec<PaperRow> =
        with_connection!(tx, |c| papers::table.filter(papers::invoice_id.eq(Bind(invoice.id))).select(PaperRow::as_select()).load(c))?;
    let all = PaperRow::all_of(invoice).iter().all(|paper| rows.contains(paper));
    if all { Ok(()) } else { Err(Error::corrupt("invoices", "papers", invoice.id)) }
}

/// A paper, by its number.
struct Numbered {
    id: Uuid,
    number: String,
}

impl fmt::Display for Numbered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number.fmt(f)
    }
}

impl From<Numbered> for Uuid {
    fn from(paper: Numbered) -> Self {
        paper.id
    }
}

/// A row is what the paper within its invoice says.
fn examine_one(tx: &mut Transaction<'_>, row: &PaperRow) -> Result<(), Error> {
    let invoice = super::get(tx, row.invoice_id.0)?;
    if PaperRow::all_of(&invoice).contains(row) { Ok(()) } else { Err(Error::corrupt("papers", "columns in clear", &row.number)) }
}

examined!("papers", papers, PaperRow, |row| Numbered { id: row.id.0, number: row.number.clone() }, |tx, row| examine_one(tx, &row));
