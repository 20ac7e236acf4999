//! Invoices with their payments and refunds, sealed; numbers without gaps are the database's to keep.
//!
//! Whoever writes an invoice writes the books in the same step: they follow from the invoice before and after.

use diesel::prelude::*;
use domain::access::{Caller, Membership, Role};
use domain::billing::{Books, Invoice, InvoiceNumber, InvoiceStatus, RefundNumber};
use domain::ids::{AgencyId, CaseId, DepartmentId, InvoiceId, UserId};
use domain::money::Payer;
use jiff::Timestamp;
use jiff::civil::Date;
use refunds::RefundPlace;
use uuid::Uuid;

use crate::columns::Bind;
use crate::examine::{Compare, examined};
use crate::ledger::{self, Booking, Place};
use crate::schema::{case_members, cases, invoices, number_series};
use crate::{Error, Page, Transaction};

/// Which invoices a list shows; `None` does not restrict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InvoiceFilter {
    /// Those of this case.
    pub case: Option<CaseId>,
    /// Those paid so far.
    pub status: Option<InvoiceStatus>,
    /// Those paid by this side.
    pub payer: Option<Payer>,
}

/// An invoice of a list, with the number of its case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberedInvoice {
    /// The invoice.
    pub invoice: Invoice,
    /// The case's number.
    pub case_number: String,
}

/// One reason for which a caller sees invoices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// All of them.
    Everything,
    /// Those of cases that were accepted.
    Accepted,
    /// Those that the applicant pays, of cases that the caller applied for.
    Applied(UserId),
    /// Those that the patient pays, of cases that the caller is the patient of and knows of.
    IsPatient(UserId),
    /// Those that the agency pays, of cases that it referred.
    Referred(AgencyId),
    /// Those of the cases of a department.
    Led(DepartmentId),
}

/// Why a caller sees invoices: the same rules as [`domain::access::relations`] with [`domain::access::Section::Invoices`].
fn visible_to(caller: &Caller) -> Vec<Reason> {
    let roles = &caller.roles;
    if roles.has(Role::Coordinator) {
        return vec![Reason::Everything];
    }
    let mut reasons: Vec<Reason> = roles.agencies().map(Reason::Referred).collect();
    if roles.has(Role::Accountant) {
        reasons.push(Reason::Accepted);
    }
    if roles.has(Role::Applicant) {
        reasons.extend([Reason::Applied(caller.user), Reason::IsPatient(caller.user)]);
    }
    reasons.sort_unstable();
    reasons.dedup();
    reasons
}

#[derive(Queryable, Selectable, Insertable, AsChangeset, PartialEq)]
#[diesel(table_name = invoices, treat_none_as_null = true)]
struct InvoiceRow {
    id: Bind<InvoiceId>,
    number: String,
    case_id: Bind<CaseId>,
    payer: String,
    third_party: Option<bool>,
    state: String,
    total: i64,
    paid: i64,
    issued_on: Bind<Date>,
    due_on: Option<Bind<Date>>,
    created_at: Bind<Timestamp>,
    updated_at: Bind<Timestamp>,
    version: i64,
    body_sealed: Vec<u8>,
}

/// The next invoice number. The transaction that takes it writes the invoice; if it fails, the number is given again.
/// Until it ends, others wait: that is the price of having no gaps.
pub fn next_number(tx: &mut Transaction<'_>) -> Result<InvoiceNumber, Error> {
    let number = next_of(tx, "invoice")?;
    InvoiceNumber::new(number).map_err(|_| Error::corrupt("number_series", "last_number", "invoice"))
}

/// The next number of a refund, without gaps like [`next_number`].
pub fn next_refund_number(tx: &mut Transaction<'_>) -> Result<RefundNumber, Error> {
    let number = next_of(tx, "refund")?;
    RefundNumber::new(number).map_err(|_| Error::corrupt("number_series", "last_number", "refund"))
}

pub(crate) fn next_of(tx: &mut Transaction<'_>, series: &'static str) -> Result<u64, Error> {
    let first = (number_series::series.eq(series), number_series::last_number.eq(1_i64));
    let number: i64 = with_connection!(tx, |c| diesel::insert_into(number_series::table)
        .values(first)
        .on_conflict(number_series::series)
        .do_update()
        .set(number_series::last_number.eq(number_series::last_number + 1))
        .returning(number_series::last_number)
        .get_result(c))?;
    u64::try_from(number).map_err(|_| Error::corrupt("number_series", "last_number", series))
}

/// A new invoice, version 1, with its payments and refunds, and its books.
pub fn insert(tx: &mut Transaction<'_>, invoice: &Invoice, booking: &Booking) -> Result<(), Error> {
    let row = seal(tx, invoice, 1, booking.at, booking.at)?;
    with_connection!(tx, |c| diesel::insert_into(invoices::table).values(&row).execute(c))?;
    write_neighbours(tx, None, invoice)?;
    ledger::post(tx, place_of(invoice), &Books::default().postings_to(&invoice.books()), booking)
}

/// One invoice; its version is the stored one.
pub fn get(tx: &mut Transaction<'_>, id: InvoiceId) -> Result<Invoice, Error> {
    let row: InvoiceRow =
        with_connection!(tx, |c| invoices::table.filter(invoices::id.eq(Bind(id))).select(InvoiceRow::as_select()).first(c))?;
    restore(tx, row)
}

/// The cases that an account joined in one way.
macro_rules! cases_joined_as {
    ($user:expr, $membership:expr) => {
        case_members::table
            .filter(case_members::user_id.eq(Bind($user)).and(case_members::ended_at.is_null()))
            .filter(case_members::relation.eq($membership.as_str()))
            .select(case_members::case_id)
    };
}

/// Narrows a boxed query over invoices and their cases to what a caller sees for one reason.
macro_rules! seen {
    ($all:expr, $reason:expr) => {
        match $reason {
            Reason::Everything => $all,
            Reason::Accepted => $all.filter(cases::accepted.eq(true)),
            Reason::Applied(user) => $all
                .filter(invoices::payer.eq(Payer::Applicant.as_str()))
                .filter(invoices::case_id.eq_any(cases_joined_as!(*user, Membership::Applicant))),
            Reason::IsPatient(user) => $all
                .filter(invoices::payer.eq(Payer::Patient.as_str()).and(cases::patient_uninformed.eq(false)))
                .filter(invoices::case_id.eq_any(cases_joined_as!(*user, Membership::Patient))),
            Reason::Referred(agency) => {
                $all.filter(invoices::payer.eq(Payer::Agency.as_str())).filter(cases::agency_id.eq(Some(Bind(*agency))).assume_not_null())
            }
            Reason::Led(department) => $all.filter(cases::department_id.eq(Some(Bind(*department))).assume_not_null()),
        }
    };
}

pub mod papers;
pub mod payments;
pub mod refunds;
pub mod unmatched;

/// Narrows a boxed query over invoices to one page of what the filter lets through, newest first.
macro_rules! narrowed {
    ($query:expr, $filter:expr, $page:expr) => {{
        let mut query = $query;
        if let Some(after) = $page.after {
            query = query.filter(invoices::id.lt(Bind(after)));
        }
        if let Some(case) = $filter.case {
            query = query.filter(invoices::case_id.eq(Bind(case)));
        }
        if let Some(status) = $filter.status {
            query = query.filter(invoices::state.eq(status.as_str()));
        }
        match $filter.payer {
            None => {}
            Some(Payer::Other) => query = query.filter(invoices::third_party.eq(Some(true)).assume_not_null()),
            Some(payer) => {
                query = query.filter(invoices::payer.eq(payer.as_str()));
                query = query.filter(invoices::third_party.is_null().or(invoices::third_party.eq(Some(false)).assume_not_null()));
            }
        }
        query.order(invoices::id.desc()).limit(i64::from($page.limit))
    }};
}

/// Invoices as the system itself sees them, newest first.
pub fn list(tx: &mut Transaction<'_>, filter: InvoiceFilter, page: Page<InvoiceId>) -> Result<Vec<Invoice>, Error> {
    page.filled(
        tx,
        |tx, page| -> Result<Vec<InvoiceRow>, Error> {
            with_connection!(tx, |c| narrowed!(invoices::table.select(InvoiceRow::as_select()).into_boxed(), filter, page).load(c))
        },
        |row| row.id.0,
        |tx, row| restore(tx, row),
    )
}

/// The invoices that the caller may see and the filter lets through, newest first.
pub fn list_visible(
    tx: &mut Transaction<'_>,
    caller: &Caller,
    filter: InvoiceFilter,
    page: Page<InvoiceId>,
) -> Result<Vec<NumberedInvoice>, Error> {
    let reasons = visible_to(caller);
    page.filled(
        tx,
        |tx, page| visible_rows(tx, &reasons, filter, page),
        |(row, _)| row.id.0,
        |tx, (row, case_number)| Ok(NumberedInvoice { invoice: restore(tx, row)?, case_number }),
    )
}

fn visible_rows(
    tx: &mut Transaction<'_>,
    reasons: &[Reason],
    filter: InvoiceFilter,
    page: Page<InvoiceId>,
) -> Result<Vec<(InvoiceRow, String)>, Error> {
    let mut rows: Vec<(InvoiceRow, String)> = Vec::new();
    // One query for each reason, as for cases: each stops at the limit.
    for reason in reasons {
        let found: Vec<(InvoiceRow, String)> = with_connection!(tx, |c| {
            let all = invoices::table.inner_join(cases::table).select((InvoiceRow::as_select(), cases::number)).into_boxed();
            narrowed!(seen!(all, reason), filter, page).load(c)
        })?;
        rows.extend(found);
    }
    if reasons.len() > 1 {
        rows.sort_by_key(|(row, _)| std::cmp::Reverse(row.id.0));
        rows.dedup_by_key(|(row, _)| row.id.0);
        rows.truncate(usize::try_from(page.limit).unwrap_or(usize::MAX));
    }
    Ok(rows)
}

/// The invoices on which something is owed, the oldest first: together they are the account `receivable`.
pub fn list_receivable(tx: &mut Transaction<'_>, page: Page<InvoiceId>) -> Result<Vec<NumberedInvoice>, Error> {
    let owed = [InvoiceStatus::Issued, InvoiceStatus::PartlyPaid].map(InvoiceStatus::as_str);
    page.filled(
        tx,
        |tx, page| -> Result<Vec<(InvoiceRow, String)>, Error> {
            let mut rows: Vec<(InvoiceRow, String)> = Vec::new();
            // One query for each state: each reads its part of the index in order, and stops at the limit.
            for state in owed {
                rows.extend(with_connection!(tx, |c| {
                    let all = invoices::table.inner_join(cases::table).select((InvoiceRow::as_select(), cases::number)).into_boxed();
                    let mut query = all.filter(invoices::state.eq(state));
                    if let Some(after) = page.after {
                        query = query.filter(invoices::id.gt(Bind(after)));
                    }
                    query.order(invoices::id).limit(i64::from(page.limit)).load(c)
                })?);
            }
            rows.sort_by_key(|(row, _)| row.id.0);
            rows.truncate(usize::try_from(page.limit).unwrap_or(usize::MAX));
            Ok(rows)
        },
        |(row, _)| row.id.0,
        |tx, (row, case_number)| Ok(NumberedInvoice { invoice: restore(tx, row)?, case_number }),
    )
}

/// Writes a changed invoice and books the difference; gives the new version.
///
/// # Errors
/// [`Error::Stale`] unless the stored version is that of `before`.
pub fn save(tx: &mut Transaction<'_>, before: &Invoice, after: &Invoice, booking: &Booking) -> Result<i64, Error> {
    let version = rewrite(tx, before, after, booking.at)?;
    ledger::post(tx, place_of(after), &before.books().postings_to(&after.books()), booking)?;
    Ok(version)
}

/// Writes a corrected invoice and the one in whose place it stands. What goes along is the new one's from now on.
///
/// # Errors
/// [`Error::Stale`] unless the stored version is that of `before`.
pub fn reissue(tx: &mut Transaction<'_>, before: &Invoice, old: &Invoice, new: &Invoice, booking: &Booking) -> Result<(), Error> {
    save(tx, before, old, booking)?;
    let row = seal(tx, new, 1, booking.at, booking.at)?;
    with_connection!(tx, |c| diesel::insert_into(invoices::table).values(&row).execute(c))?;
    payments::belong_to(tx, new)?;
    for refund in &new.refunds {
        refunds::write(tx, RefundPlace::Invoice(new.id), refund)?;
    }
    write_neighbours(tx, Some(before), new)?;
    ledger::post(tx, place_of(new), &Books::default().postings_to(&new.books()), booking)
}

/// Writes an invoice of an earlier release in today's form, and books what its books lack.
pub(crate) fn correct(tx: &mut Transaction<'_>, before: &Invoice, after: &Invoice, booking: &Booking) -> Result<(), Error> {
    rewrite(tx, before, after, booking.at)?;
    let booked = ledger::of_invoice(tx, after.id)?;
    ledger::post(tx, place_of(after), &booked.postings_to(&after.books()), booking)
}

fn rewrite(tx: &mut Transaction<'_>, before: &Invoice, after: &Invoice, now: Timestamp) -> Result<i64, Error> {
    let row = seal(tx, after, before.version + 1, now, now)?;
    let changes = (
        invoices::state.eq(&row.state),
        invoices::paid.eq(row.paid),
        invoices::updated_at.eq(row.updated_at),
        invoices::version.eq(row.version),
        invoices::body_sealed.eq(&row.body_sealed),
    );
    let target = invoices::table.filter(invoices::id.eq(Bind(after.id)).and(invoices::version.eq(before.version)));
    if with_connection!(tx, |c| diesel::update(target).set(changes).execute(c))? == 0 {
        return Err(Error::Stale);
    }
    write_neighbours(tx, Some(before), after)?;
    Ok(before.version + 1)
}

/// Writes the rows of payments, refunds and papers that are new or changed.
fn write_neighbours(tx: &mut Transaction<'_>, before: Option<&Invoice>, after: &Invoice) -> Result<(), Error> {
    for payment in &after.payments {
        let stored = before.and_then(|before| before.payments.iter().find(|stored| stored.id == payment.id));
        match stored {
            None => payments::insert(tx, after.id, payment)?,
            Some(stored) if stored != payment => payments::save(tx, payment)?,
            Some(_) => {}
        }
    }
    for refund in after.refunds.iter().filter(|refund| before.and_then(|before| before.refund(refund.id)) != Some(*refund)) {
        refunds::write(tx, RefundPlace::Invoice(after.id), refund)?;
    }
    papers::write(tx, before, after)
}

const fn place_of(invoice: &Invoice) -> Place {
    Place { case: invoice.case, invoice: invoice.id }
}

fn seal(tx: &Transaction<'_>, invoice: &Invoice, version: i64, created_at: Timestamp, now: Timestamp) -> Result<InvoiceRow, Error> {
    let invoice = Invoice { version, ..invoice.clone() };
    let body_sealed = tx.seal_form(("invoices", "body_sealed", invoice.id.uuid()), &invoice)?;
    Ok(row_of(&invoice, created_at, now, body_sealed))
}

fn row_of(invoice: &Invoice, created_at: Timestamp, updated_at: Timestamp, body_sealed: Vec<u8>) -> InvoiceRow {
    InvoiceRow {
        id: Bind(invoice.id),
        number: invoice.number.to_string(),
        case_id: Bind(invoice.case),
        payer: invoice.payer.as_str().to_owned(),
        third_party: invoice.third_party.as_ref().map(|_| true),
        state: invoice.status().as_str().to_owned(),
        total: invoice.total.amount(),
        paid: invoice.received().amount(),
        issued_on: Bind(invoice.issued_on),
        due_on: Some(Bind(invoice.due_on)),
        created_at: Bind(created_at),
        updated_at: Bind(updated_at),
        version: invoice.version,
        body_sealed,
    }
}

fn restore(tx: &Transaction<'_>, row: InvoiceRow) -> Result<Invoice, Error> {
    restore_comparing(tx, row, Compare::Authority)
}

fn restore_comparing(tx: &Transaction<'_>, mut row: InvoiceRow, compare: Compare) -> Result<Invoice, Error> {
    let id = row.id.0;
    let invoice: Invoice = tx.open_form(("invoices", "body_sealed", id.uuid()), &std::mem::take(&mut row.body_sealed))?;
    let invoice = invoice.restore().map_err(|broken| {
        tracing::error!(invoice = %id, %broken, "a stored invoice is no invoice");
        Error::corrupt("invoices", "body_sealed", id)
    })?;
    let expected = row_of(&invoice, row.created_at.0, row.updated_at.0, Vec::new());
    let agrees = match compare {
        Compare::Authority => expected.id == row.id && expected.case_id == row.case_id && expected.version == row.version,
        Compare::Everything => expected == row,
    };
    if agrees { Ok(invoice) } else { Err(Error::corrupt("invoices", "columns in clear", id)) }
}

fn examine_one(tx: &mut Transaction<'_>, row: InvoiceRow) -> Result<(), Error> {
    let invoice = restore_comparing(tx, row, Compare::Everything)?;
    papers::check_rows(tx, &invoice)
}

examined!("invoices", invoices, InvoiceRow, |row| row.id.0, |tx, row| examine_one(tx, row));
