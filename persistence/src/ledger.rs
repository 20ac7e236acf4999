//! The books: double entry, rows only ever added, each list of postings summing to zero.

use diesel::prelude::*;
use domain::billing::{Account, Books, Posting};
use domain::ids::{CaseId, DepartmentId, InvoiceId, UserId};
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

use crate::columns::Bind;
use crate::connection::Connection;
use crate::schema::ledger_entries as ledger;
use crate::{Error, Transaction};

/// The cause of a list of postings.
#[derive(Clone, Copy, Debug)]
pub struct Booking {
    /// The day, in Tokyo, that decides the period: of a payment, the day on which it was received.
    pub booked_on: Date,
    /// The operation that caused it, by its `operationId`.
    pub operation: &'static str,
    /// Who ran it; `None` for the program itself.
    pub by: Option<UserId>,
    /// The department of the case.
    pub department: Option<DepartmentId>,
    /// When.
    pub at: Timestamp,
}

/// The place of a posting: its case and its invoice.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) case: CaseId,
    pub(crate) invoice: InvoiceId,
}

#[derive(Insertable)]
#[diesel(table_name = ledger)]
struct NewEntry {
    posting_id: Bind<Uuid>,
    account: &'static str,
    amount: i64,
    case_id: Option<Bind<CaseId>>,
    invoice_id: Option<Bind<InvoiceId>>,
    occurred_at: Bind<Timestamp>,
    booked_on: Option<Bind<Date>>,
    operation: Option<&'static str>,
    actor_id: Option<Bind<UserId>>,
    department_id: Option<Bind<DepartmentId>>,
}

/// Books a list of postings together.
///
/// # Errors
/// [`Error::Query`] for a list that does not sum to zero: it never reaches the books.
pub(crate) fn post(tx: &mut Transaction<'_>, place: Place, postings: &[Posting], booking: &Booking) -> Result<(), Error> {
    post_at(tx, Some(place), postings, booking)
}

/// Books a list of postings that belong to no case yet.
///
/// # Errors
/// As [`post`].
pub(crate) fn post_anywhere(tx: &mut Transaction<'_>, postings: &[Posting], booking: &Booking) -> Result<(), Error> {
    post_at(tx, None, postings, booking)
}

fn post_at(tx: &mut Transaction<'_>, place: Option<Place>, postings: &[Posting], booking: &Booking) -> Result<(), Error> {
    if Posting::sum(postings) != 0 {
        return Err(Error::Query("postings that do not sum to zero".to_owned()));
    }
    if postings.is_empty() {
        return Ok(());
    }
    let together = crate::fresh(booking.at);
    let entry = |posting: &Posting| NewEntry {
        posting_id: Bind(together),
        account: posting.account.as_str(),
        amount: posting.amount,
        case_id: place.map(|place| Bind(place.case)),
        invoice_id: place.map(|place| Bind(place.invoice)),
        occurred_at: Bind(booking.at),
        booked_on: Some(Bind(booking.booked_on)),
        operation: Some(booking.operation),
        actor_id: booking.by.map(Bind),
        department_id: booking.department.map(Bind),
    };
    let entries: Vec<NewEntry> = postings.iter().map(entry).collect();
    tx.usable()?;
    let done = match tx.connection() {
        Connection::Postgres(c) => diesel::insert_into(ledger::table).values(&entries).execute(c).map(drop),
        // Diesel would open a transaction of its own.
        Connection::Sqlite(c) => entries.iter().try_for_each(|entry| diesel::insert_into(ledger::table).values(entry).execute(c).map(drop)),
    };
    tx.judged(done)
}

/// The postings of an invoice, in order.
pub fn list(tx: &mut Transaction<'_>, invoice: InvoiceId) -> Result<Vec<Posting>, Error> {
    let rows: Vec<(i64, String, i64)> = with_connection!(tx, |c| ledger::table
        .filter(ledger::invoice_id.eq(Some(Bind(invoice))))
        .order(ledger::seq)
        .select((ledger::seq, ledger::account, ledger::amount))
        .load(c))?;
    rows.into_iter().map(|(seq, name, amount)| Ok(Posting { account: account(&name, seq)?, amount })).collect()
}

/// What stands in the books for an invoice.
pub(crate) fn of_invoice(tx: &mut Transaction<'_>, invoice: InvoiceId) -> Result<Books, Error> {
    Ok(Books::of(list(tx, invoice)?.into_iter().map(|posting| (posting.account, posting.amount))))
}

/// The balance of each account at the end of a day in Tokyo; of all that was booked without a day.
pub fn balances(tx: &mut Transaction<'_>, until: Option<Date>) -> Result<Books, Error> {
    // Summing in SQL gives `numeric` on one engine and an integer on the other.
    let amount = diesel::dsl::sql::<diesel::sql_types::BigInt>("CAST(coalesce(sum(ledger_entries.amount), 0) AS bigint)");
    let rows: Vec<(String, i64)> = with_connection!(tx, |c| {
        let mut query = ledger::table.group_by(ledger::account).select((ledger::account, amount)).into_boxed();
        if let Some(until) = until {
            query = query.filter(ledger::booked_on.is_null().or(ledger::booked_on.le(Some(Bind(until)))));
        }
        query.load(c)
    })?;
    let balances: Result<Vec<_>, Error> = rows.into_iter().map(|(name, amount)| Ok((account(&name, 0)?, amount))).collect();
    Ok(Books::of(balances?))
}

/// The account of this name. Rows are never changed, so two accounts still have the names that release 0.1 gave them.
fn account(name: &str, seq: i64) -> Result<Account, Error> {
    match name {
        "tax" => Ok(Account::ConsumptionTax),
        "overpayment" => Ok(Account::Overpayments),
        name => name.parse().map_err(|_| Error::corrupt("ledger_entries", "account", seq)),
    }
}
