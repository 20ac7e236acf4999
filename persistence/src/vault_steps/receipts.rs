//! Earlier releases gave no receipts. Each payment gets one, numbered in the order in which the payments were recorded.

use diesel::prelude::*;
use domain::ids::{InvoiceId, PaymentId};
use uuid::Uuid;

use crate::columns::Bind;
use crate::schema::payments;
use crate::{Error, Transaction, invoices};

/// How many payments get a receipt in one transaction.
const PAYMENTS_AT_ONCE: i64 = 500;

/// Gives the payments after one their receipts: identifiers begin with the time at which they were made. A payment whose invoice cannot be
/// read gets none: `check` names it.
pub(super) fn give(tx: &mut Transaction<'_>, after: Uuid) -> Result<Option<Uuid>, Error> {
    let rows: Vec<(PaymentId, InvoiceId)> = with_connection!(tx, |c| payments::table
        .filter(payments::id.gt(Bind(after)))
        .order(payments::id)
        .limit(PAYMENTS_AT_ONCE)
        .select((payments::id, payments::invoice_id))
        .load(c))?;
    for (payment, invoice) in &rows {
        match invoices::papers::give_receipt(tx, *payment, *invoice) {
            Err(Error::Corrupt { .. }) => tracing::error!(%payment, %invoice, "an invoice cannot be read and its payment gets no receipt"),
            done => done?,
        }
    }
    Ok(rows.last().map(|(payment, _)| payment.uuid()))
}
