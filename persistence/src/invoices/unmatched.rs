//! Payments whose invoice is not known, sealed: reference and sender may name a person.
//!
//! Whoever writes one writes its books in the same step, as for invoices.

use diesel::prelude::*;
use domain::billing::{Books, PaymentMethod, UnmatchedPayment};
use domain::ids::UnmatchedPaymentId;
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

use super::refunds::{self, RefundPlace};
use crate::columns::Bind;
use crate::connection::Connection;
use crate::examine::{Compare, examined};
use crate::ledger::{self, Booking};
use crate::schema::unmatched_payments;
use crate::{Error, Page, Transaction};

#[derive(Queryable, Selectable, Insertable, AsChangeset, PartialEq)]
#[diesel(table_name = unmatched_payments)]
struct UnmatchedRow {
    id: Bind<UnmatchedPaymentId>,
    method: String,
    reference_index: Vec<u8>,
    amount: i64,
    rest: i64,
    received_on: Bind<Date>,
    created_at: Bind<Timestamp>,
    version: i64,
    body_sealed: Vec<u8>,
}

/// A new one, version 1, and its books.
pub fn insert(tx: &mut Transaction<'_>, new: &UnmatchedPayment, booking: &Booking) -> Result<(), Error> {
    let row = seal(tx, new)?;
    with_connection!(tx, |c| diesel::insert_into(unmatched_payments::table).values(&row).execute(c))?;
    ledger::post_anywhere(tx, &Books::default().postings_to(&new.books()), booking)
}

/// One of them.
pub fn get(tx: &mut Transaction<'_>, id: UnmatchedPaymentId) -> Result<UnmatchedPayment, Error> {
    let row: UnmatchedRow = with_connection!(tx, |c| unmatched_payments::table
        .filter(unmatched_payments::id.eq(Bind(id)))
        .select(UnmatchedRow::as_select())
        .first(c))?;
    restore(tx, row)
}

/// One of them, held until the transaction ends: changes of it queue.
pub fn lock(tx: &mut Transaction<'_>, id: UnmatchedPaymentId) -> Result<UnmatchedPayment, Error> {
    tx.usable()?;
    // `SQLite` has one writer: whoever writes has it all.
    if let Connection::Postgres(c) = tx.connection() {
        let one = unmatched_payments::table.filter(unmatched_payments::id.eq(Bind(id))).select(unmatched_payments::id);
        let row = one.for_no_key_update().first::<UnmatchedPaymentId>(c);
        tx.judged(row)?;
    }
    get(tx, id)
}

/// Writes a changed one and books the difference; gives the new version.
///
/// # Errors
/// [`Error::Stale`] unless the stored version is that of `before`.
pub fn save(tx: &mut Transaction<'_>, before: &UnmatchedPayment, after: &UnmatchedPayment, booking: &Booking) -> Result<i64, Error> {
    let version = before.version + 1;
    let row = seal(tx, &UnmatchedPayment { version, ..after.clone() })?;
    let target =
        unmatched_payments::table.filter(unmatched_payments::id.eq(Bind(after.id)).and(unmatched_payments::version.eq(before.version)));
    if with_connection!(tx, |c| diesel::update(target).set(&row).execute(c))? == 0 {
        return Err(Error::Stale);
    }
    for refund in after.refunds.iter().filter(|refund| before.refund(refund.id) != Some(*refund)) {
        refunds::write(tx, RefundPlace::Unmatched(after.id), refund)?;
    }
    ledger::post_anywhere(tx, &before.books().postings_to(&after.books()), booking)?;
    Ok(version)
}

/// All of them, or those of which something is left, the oldest first: these are the account `unmatched_receipts`.
pub fn list(tx: &mut Transaction<'_>, only_open: bool, page: Page<UnmatchedPaymentId>) -> Result<Vec<UnmatchedPayment>, Error> {
    page.filled(
        tx,
        |tx, page| -> Result<Vec<UnmatchedRow>, Error> {
            with_connection!(tx, |c| {
                let mut query = unmatched_payments::table.select(UnmatchedRow::as_select()).into_boxed();
                if only_open {
                    query = query.filter(unmatched_payments::rest.gt(0));
                }
                if let Some(after) = page.after {
                    query = query.filter(unmatched_payments::id.gt(Bind(after)));
                }
                query.order(unmatched_payments::id).limit(i64::from(page.limit)).load(c)
            })
        },
        |row| row.id.0,
        |tx, row| restore(tx, row),
    )
}

/// Whether a payment with this method and reference counts already, on an invoice or without one.
pub fn is_known(tx: &mut Transaction<'_>, new: &UnmatchedPayment) -> Result<bool, Error> {
    if reference_counts(tx, new.method, &new.reference_key())? {
        return Ok(true);
    }
    super::payments::counts(tx, new.method, &new.reference_key())
}

/// Whether money whose invoice was not known when it was recorded has this method and reference; also if nothing of it is left.
pub fn reference_counts(tx: &mut Transaction<'_>, method: PaymentMethod, reference_key: &str) -> Result<bool, Error> {
    // One that was reversed has no index.
    let index = tx.vault().fingerprint(reference_key.as_bytes());
    let same =
        unmatched_payments::table.filter(unmatched_payments::reference_index.eq(index).and(unmatched_payments::method.eq(method.as_str())));
    with_connection!(tx, |c| diesel::select(diesel::dsl::exists(same)).get_result(c))
}

fn index_of(tx: &Transaction<'_>, payment: &UnmatchedPayment) -> Vec<u8> {
    // The reference of one that was reversed is free again.
    if payment.reversed.is_some() {
        return Vec::new();
    }
    tx.vault().fingerprint(payment.reference_key().as_bytes())
}

fn place(id: UnmatchedPaymentId) -> (&'static str, &'static str, Uuid) {
    ("unmatched_payments", "body_sealed", id.uuid())
}

fn seal(tx: &Transaction<'_>, payment: &UnmatchedPayment) -> Result<UnmatchedRow, Error> {
    let body = tx.seal_form(place(payment.id), payment)?;
    Ok(row_of(payment, index_of(tx, payment), body))
}

fn row_of(payment: &UnmatchedPayment, reference_index: Vec<u8>, body_sealed: Vec<u8>) -> UnmatchedRow {
    UnmatchedRow {
        id: Bind(payment.id),
        method: payment.method.as_str().to_owned(),
        reference_index,
        amount: payment.amount.amount(),
        rest: payment.rest().amount(),
        received_on: Bind(payment.received_on),
        created_at: Bind(payment.recorded_at),
        version: payment.version,
        body_sealed,
    }
}

fn restore(tx: &Transaction<'_>, row: UnmatchedRow) -> Result<UnmatchedPayment, Error> {
    compared(tx, row, Compare::Authority)
}

/// The payment of a row. What lists are filtered by is worked out from it: a changed rule hides no money, and `check` names the row.
fn compared(tx: &Transaction<'_>, mut row: UnmatchedRow, compare: Compare) -> Result<UnmatchedPayment, Error> {
    let id = row.id.0;
    let payment: UnmatchedPayment = tx.open_form(place(id), &std::mem::take(&mut row.body_sealed))?;
    let payment = payment.restore().map_err(|violation| {
        tracing::error!(payment = %id, %violation, "a stored payment cannot be");
        Error::corrupt("unmatched_payments", "body_sealed", id)
    })?;
    let expected = row_of(&payment, index_of(tx, &payment), Vec::new());
    let agrees = match compare {
        Compare::Authority => expected.version == row.version && expected.amount == row.amount && expected.method == row.method,
        Compare::Everything => expected == row,
    };
    if agrees { Ok(payment) } else { Err(Error::corrupt("unmatched_payments", "columns in clear", id)) }
}

examined!("unmatched payments", unmatched_payments, UnmatchedRow, |row| row.id.0, |tx, row| compared(tx, row, Compare::Everything));
