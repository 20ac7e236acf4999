//! The rows of payments. Their content lies within their invoice, too.

use diesel::prelude::*;
use domain::billing::{Invoice, Payment};
use domain::ids::{InvoiceId, PaymentId};

use crate::columns::Bind;
use crate::schema::payments;
use crate::{Error, Transaction};

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
