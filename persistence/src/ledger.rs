//! The books: double entry, rows only ever added, each list of postings summing to zero.

use diesel::prelude::*;
use domain::billing::{Account, Posting};
use domain::ids::{CaseId, InvoiceId};
use jiff::Timestamp;

use crate::columns::Bind;
use crate::schema::ledger_entries as ledger;
use crate::{Error, Transaction};

/// Books a list of postings together.
///
/// # Errors
/// [`Error::Query`] for a list that does not sum to zero: it never reaches the books.
pub fn post(
    tx: &mut Transaction<'_>,
    case: Option<CaseId>,
    invoice: Option<InvoiceId>,
    postings: &[Posting],
    now: Timestamp,
) -> Result<(), Error> {
    if Posting::sum(postings) != 0 {
        return Err(Error::Query("postings that do not sum to zero".to_owned()));
    }
    let together = crate::fresh(now);
    for posting in postings {
        let row = (
            ledger::posting_id.eq(Bind(together)),
            ledger::account.eq(posting.account.as_str()),
            ledger::amount.eq(posting.amount),
            ledger::case_id.eq(case.map(Bind)),
            ledger::invoice_id.eq(invoice.map(Bind)),
            ledger::occurred_at.eq(Bind(now)),
        );
        with_connection!(tx, |c| diesel::insert_into(ledger::table).values(row).execute(c))?;
    }
    Ok(())
}

/// The postings of an invoice, in order.
pub fn list(tx: &mut Transaction<'_>, invoice: InvoiceId) -> Result<Vec<Posting>, Error> {
    let rows: Vec<(i64, String, i64)> = with_connection!(tx, |c| ledger::table
        .filter(ledger::invoice_id.eq(Some(Bind(invoice))))
        .order(ledger::seq)
        .select((ledger::seq, ledger::account, ledger::amount))
        .load(c))?;
    rows.into_iter()
        .map(|(seq, account, amount)| {
            let account: Account = account.parse().map_err(|_| Error::corrupt("ledger_entries", "account", seq))?;
            Ok(Posting { account, amount })
        })
        .collect()
}

/// The balance of one account, debit positive.
pub fn balance(tx: &mut Transaction<'_>, account: Account) -> Result<i64, Error> {
    // Summing in SQL gives `numeric` on one engine and an integer on the other.
    let amount = diesel::dsl::sql::<diesel::sql_types::BigInt>("CAST(coalesce(sum(ledger_entries.amount), 0) AS bigint)");
    with_connection!(tx, |c| ledger::table.filter(ledger::account.eq(account.as_str())).select(amount).get_result(c))
}
