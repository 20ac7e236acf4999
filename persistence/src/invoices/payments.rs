//! The rows of payments. Their content lies within their invoice, too.

use diesel::prelude::*;
use domain::billing::{Invoice, Payment, PaymentMethod};
use domain::ids::{CaseId, InvoiceId, PaymentId};
use jiff::civil::Date;

use crate::columns::Bind;
use crate::schema::{cases, invoices, payments};
use crate::{Error, Page, Transaction};

/// Which payments a list shows; `None` does not restrict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaymentFilter {
    /// Those that were received on this day in Tokyo.
    pub received_on: Option<Date>,
    /// Those by this way.
    pub method: Option<PaymentMethod>,
}

/// A payment of a list, with its invoice and its case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPayment {
    /// The payment.
    pub payment: Payment,
    /// The invoice that holds it.
    pub invoice: InvoiceId,
    /// The number of the invoice.
    pub invoice_number: String,
    /// The case.
    pub case: CaseId,
    /// The number of the case.
    pub case_number: String,
}

type Listed = (PaymentId, Vec<u8>, InvoiceId, String, CaseId, String);

/// The payments that the filter lets through, those that were reversed, too, the newest first.
pub fn list(tx: &mut Transaction<'_>, filter: PaymentFilter, page: Page<PaymentId>) -> Result<Vec<ListedPayment>, Error> {
    page.filled(
        tx,
        |tx, page| -> Result<Vec<Listed>, Error> {
            with_connection!(tx, |c| {
                let mut query = payments::table
                    .inner_join(invoices::table.inner_join(cases::table))
                    .select((payments::id, payments::body_sealed, invoices::id, invoices::number, cases::id, cases::number))
                    .into_boxed();
                if let Some(after) = page.after {
                    query = query.filter(payments::id.lt(Bind(after)));
                }
                if let Some(day) = filter.received_on {
                    query = query.filter(payments::received_on.eq(Bind(day)));
                }
                if let Some(method) = filter.method {
                    query = query.filter(payments::method.eq(method.as_str()));
                }
                query.order(payments::id.desc()).limit(i64::from(page.limit)).load(c)
            })
        },
        |(id, ..)| *id,
        |tx, (id, sealed, invoice, invoice_number, case, case_number)| {
            let payment = tx.open_form(("payments", "body_sealed", id.uuid()), &sealed)?;
            Ok(ListedPayment { payment, invoice, invoice_number, case, case_number })
        },
    )
}

/// Whether a payment with this method and reference counts on some invoice.
pub(crate) fn counts(tx: &mut Transaction<'_>, method: PaymentMethod, reference_key: &str) -> Result<bool, Error> {
    let index = tx.vault().fingerprint(reference_key.as_bytes());
    let rows: Vec<(PaymentId, Vec<u8>)> = with_connection!(tx, |c| payments::table
        .filter(payments::reference_index.eq(index).and(payments::method.eq(method.as_str())))
        .select((payments::id, payments::body_sealed))
        .load(c))?;
    for (id, sealed) in rows {
        let payment: Payment = tx.open_form(("payments", "body_sealed", id.uuid()), &sealed)?;
        if payment.reversed.is_none() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A new payment.
pub(super) fn insert(tx: &mut Transaction<'_>, invoice: InvoiceId, payment: &Payment) -> Result<(), Error> {
    let row = (
        payments::id.eq(Bind(payment.id)),
        payments::invoice_id.eq(Bind(invoice)),
        payments::method.eq(payment.method.as_str()),
        payments::reference_index.eq(reference_index(tx, payment)),
        payments::amount.eq(payment.amount.amount()),
        payments::received_on.eq(Bind(payment.received_on)),
        payments::created_at.eq(Bind(payment.recorded_at)),
        payments::body_sealed.eq(tx.seal_form(("payments", "body_sealed", payment.id.uuid()), payment)?),
    );
    with_connection!(tx, |c| diesel::insert_into(payments::table).values(row).execute(c))?;
    Ok(())
}

/// Writes a payment that was reversed, or that has another receipt.
pub(super) fn save(tx: &mut Transaction<'_>, payment: &Payment) -> Result<(), Error> {
    let body = payments::body_sealed.eq(tx.seal_form(("payments", "body_sealed", payment.id.uuid()), payment)?);
    let target = payments::table.filter(payments::id.eq(Bind(payment.id)));
    with_connection!(tx, |c| diesel::update(target).set(body).execute(c)).map(drop)
}

/// A reference may name a person: in clear there is only its keyed hash.
fn reference_index(tx: &Transaction<'_>, payment: &Payment) -> Vec<u8> {
    tx.vault().fingerprint(payment.reference_key().as_bytes())
}

/// Computes the keyed hashes of all references again: earlier releases compared references letter by letter.
pub(crate) fn index_references(tx: &mut Transaction<'_>) -> Result<(), Error> {
    let rows: Vec<(PaymentId, Vec<u8>)> = with_connection!(tx, |c| payments::table.select((payments::id, payments::body_sealed)).load(c))?;
    for (id, sealed) in rows {
        let payment: Payment = match tx.open_form(("payments", "body_sealed", id.uuid()), &sealed) {
            Err(Error::Corrupt { .. }) => {
                tracing::error!(payment = %id, "a payment cannot be read and keeps its index");
                continue;
            }
            read => read?,
        };
        let index = reference_index(tx, &payment);
        let target = payments::table.filter(payments::id.eq(Bind(id)));
        with_connection!(tx, |c| diesel::update(target).set(payments::reference_index.eq(index)).execute(c))?;
    }
    Ok(())
}

/// The payments of an invoice are its own from now on.
pub(super) fn belong_to(tx: &mut Transaction<'_>, invoice: &Invoice) -> Result<(), Error> {
    let moved: Vec<Bind<PaymentId>> = invoice.payments.iter().map(|payment| Bind(payment.id)).collect();
    let target = payments::table.filter(payments::id.eq_any(moved));
    with_connection!(tx, |c| diesel::update(target).set(payments::invoice_id.eq(Bind(invoice.id))).execute(c)).map(drop)
}
