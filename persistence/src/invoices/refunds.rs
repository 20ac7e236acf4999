//! The rows of refunds, which find them; their content lies within their invoice.

use diesel::prelude::*;
use domain::access::{Caller, Membership, Role};
use domain::billing::{Invoice, Refund, RefundReason, RefundState};
use domain::ids::{CaseId, InvoiceId, RefundId};
use domain::money::Payer;
use jiff::Timestamp;
use uuid::Uuid;

use super::{InvoiceRow, Reason, restore, visible_to};
use crate::columns::Bind;
use crate::examine::examined;
use crate::schema::{case_members, cases, invoices, refunds};
use crate::{Error, Page, Transaction};

/// Which refunds a list shows; `None` does not restrict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RefundFilter {
    /// Those of this case.
    pub case: Option<CaseId>,
    /// Those that are so far.
    pub state: Option<RefundState>,
    /// Those for this reason.
    pub reason: Option<RefundReason>,
}

/// A refund of a list, with its invoice and the number of its case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRefund {
    /// The refund.
    pub id: RefundId,
    /// The invoice that holds it.
    pub invoice: Invoice,
    /// The case's number.
    pub case_number: String,
}

impl ListedRefund {
    /// The refund within its invoice.
    pub fn refund(&self) -> Option<&Refund> {
        self.invoice.refund(self.id)
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset, PartialEq)]
#[diesel(table_name = refunds, treat_none_as_null = true)]
struct RefundRow {
    id: Bind<RefundId>,
    invoice_id: Bind<InvoiceId>,
    reason: String,
    state: String,
    amount: i64,
    due_since: Bind<Timestamp>,
    number: Option<String>,
}

impl RefundRow {
    fn of(invoice: InvoiceId, refund: &Refund) -> Self {
        Self {
            id: Bind(refund.id),
            invoice_id: Bind(invoice),
            reason: refund.reason.as_str().to_owned(),
            state: refund.state.as_str().to_owned(),
            amount: refund.amount.amount(),
            due_since: Bind(refund.due_since),
            number: refund.number.map(|number| number.to_string()),
        }
    }
}

/// Writes the row of a refund, new or changed.
pub(super) fn write(tx: &mut Transaction<'_>, invoice: InvoiceId, refund: &Refund) -> Result<(), Error> {
    let row = RefundRow::of(invoice, refund);
    with_connection!(tx, |c| diesel::insert_into(refunds::table).values(&row).on_conflict(refunds::id).do_update().set(&row).execute(c))?;
    Ok(())
}

/// The invoice that holds a refund.
pub fn invoice_of(tx: &mut Transaction<'_>, refund: RefundId) -> Result<InvoiceId, Error> {
    Ok(with_connection!(tx, |c| refunds::table.filter(refunds::id.eq(Bind(refund))).select(refunds::invoice_id).first(c))?)
}

/// The states in which money is still owed, as they stand in the rows.
fn owed() -> Vec<&'static str> {
    let owed = |state: &&RefundState| state.is_open() || **state == RefundState::Unclaimed;
    RefundState::ALL.iter().filter(owed).map(|state| state.as_str()).collect()
}

/// A boxed query over refunds with their invoices and cases.
macro_rules! with_invoices {
    () => {
        refunds::table
            .inner_join(invoices::table.inner_join(cases::table))
            .select((refunds::id, InvoiceRow::as_select(), cases::number))
            .into_boxed()
    };
}

type Row = (Bind<RefundId>, InvoiceRow, String);

/// Why a caller sees refunds: as invoices, and a director those of the department, to approve them.
fn refunds_visible_to(caller: &Caller) -> Vec<Reason> {
    let mut reasons = visible_to(caller);
    if caller.director_any_department && caller.roles.has(Role::Director) {
        return vec![Reason::Everything];
    }
    if reasons != [Reason::Everything] {
        reasons.extend(caller.roles.departments(Role::Director).map(Reason::Led));
    }
    reasons
}

/// The refunds that the caller may see and the filter lets through, newest first.
pub fn list_visible(
    tx: &mut Transaction<'_>,
    caller: &Caller,
    filter: RefundFilter,
    page: Page<RefundId>,
) -> Result<Vec<ListedRefund>, Error> {
    let reasons = refunds_visible_to(caller);
    page.filled(
        tx,
        |tx, page| {
            let mut rows: Vec<Row> = Vec::new();
            for reason in &reasons {
                let found: Vec<Row> = with_connection!(tx, |c| {
                    let mut query = seen!(with_invoices!(), reason);
                    if let Some(after) = page.after {
                        query = query.filter(refunds::id.lt(Bind(after)));
                    }
                    if let Some(case) = filter.case {
                        query = query.filter(invoices::case_id.eq(Bind(case)));
                    }
                    if let Some(state) = filter.state {
                        query = query.filter(refunds::state.eq(state.as_str()));
                    }
                    if let Some(reason) = filter.reason {
                        query = query.filter(refunds::reason.eq(reason.as_str()));
                    }
                    query.order(refunds::id.desc()).limit(i64::from(page.limit)).load(c)
                })?;
                rows.extend(found);
            }
            if reasons.len() > 1 {
                rows.sort_by_key(|(id, ..)| std::cmp::Reverse(id.0));
                rows.dedup_by_key(|(id, ..)| id.0);
                rows.truncate(usize::try_from(page.limit).unwrap_or(usize::MAX));
            }
            Ok(rows)
        },
        |(id, ..)| id.0,
        read,
    )
}

/// The refunds that are still owed, the longest due first.
pub fn list_due(tx: &mut Transaction<'_>, page: Page<RefundId>) -> Result<Vec<ListedRefund>, Error> {
    page.filled(
        tx,
        |tx, page| -> Result<Vec<Row>, Error> {
            with_connection!(tx, |c| {
                let mut query = with_invoices!().filter(refunds::state.eq_any(owed()));
                if let Some(after) = page.after {
                    query = query.filter(refunds::id.gt(Bind(after)));
                }
                query.order(refunds::id).limit(i64::from(page.limit)).load(c)
            })
        },
        |(id, ..)| id.0,
        read,
    )
}

fn read(tx: &mut Transaction<'_>, (id, row, case_number): Row) -> Result<ListedRefund, Error> {
    let invoice = restore(tx, row)?;
    match invoice.refund(id.0) {
        Some(_) => Ok(ListedRefund { id: id.0, invoice, case_number }),
        None => Err(Error::corrupt("refunds", "invoice_id", id.0)),
    }
}

/// A row is what the refund within its invoice says.
fn examine_one(tx: &mut Transaction<'_>, row: &RefundRow) -> Result<(), Error> {
    let invoice = super::get(tx, row.invoice_id.0)?;
    let agrees = invoice.refund(row.id.0).is_some_and(|refund| RefundRow::of(invoice.id, refund) == *row);
    if agrees { Ok(()) } else { Err(Error::corrupt("refunds", "columns in clear", row.id.0)) }
}

examined!("refunds", refunds, RefundRow, |row| row.id.0, |tx, row| examine_one(tx, &row));
