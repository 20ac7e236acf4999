//! The rows of refunds, which find them; their content lies within their invoice, or within the payment whose invoice is not known.

use diesel::prelude::*;
use domain::access::{Caller, Membership, Role, relations_to_no_case};
use domain::billing::{Invoice, Refund, RefundReason, RefundState, UnmatchedPayment};
use domain::ids::{CaseId, InvoiceId, RefundId, UnmatchedPaymentId};
use domain::money::Payer;
use jiff::Timestamp;
use uuid::Uuid;

use super::{InvoiceRow, Reason, restore, unmatched, visible_to};
use crate::among::among;
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

/// Where the content of a refund lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundPlace {
    /// Within an invoice.
    Invoice(InvoiceId),
    /// Within money whose invoice is not known.
    Unmatched(UnmatchedPaymentId),
}

/// A refund of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRefund {
    /// The refund.
    pub refund: Refund,
    /// Its source.
    pub source: ListedSource,
}

/// The source of a refund of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListedSource {
    /// The invoice, and the number of its case.
    Invoice(Box<Invoice>, String),
    /// Money whose invoice is not known.
    Unmatched(Box<UnmatchedPayment>),
}

#[derive(Queryable, Selectable, Insertable, AsChangeset, PartialEq)]
#[diesel(table_name = refunds, treat_none_as_null = true)]
struct RefundRow {
    id: Bind<RefundId>,
    invoice_id: Option<Bind<InvoiceId>>,
    unmatched_payment_id: Option<Bind<UnmatchedPaymentId>>,
    reason: String,
    state: String,
    amount: i64,
    due_since: Bind<Timestamp>,
    number: Option<String>,
}

impl RefundRow {
    fn of(place: RefundPlace, refund: &Refund) -> Self {
        let (invoice, unmatched) = match place {
            RefundPlace::Invoice(id) => (Some(Bind(id)), None),
            RefundPlace::Unmatched(id) => (None, Some(Bind(id))),
        };
        Self {
            id: Bind(refund.id),
            invoice_id: invoice,
            unmatched_payment_id: unmatched,
            reason: refund.reason.as_str().to_owned(),
            state: refund.state.as_str().to_owned(),
            amount: refund.amount.amount(),
            due_since: Bind(refund.due_since),
            number: refund.number.map(|number| number.to_string()),
        }
    }

    fn place(&self) -> Result<RefundPlace, Error> {
        match (self.invoice_id, self.unmatched_payment_id) {
            (Some(Bind(id)), None) => Ok(RefundPlace::Invoice(id)),
            (None, Some(Bind(id))) => Ok(RefundPlace::Unmatched(id)),
            (Some(_), Some(_)) | (None, None) => Err(Error::corrupt("refunds", "columns in clear", self.id.0)),
        }
    }
}

/// Writes the row of a refund, new or changed.
pub(super) fn write(tx: &mut Transaction<'_>, place: RefundPlace, refund: &Refund) -> Result<(), Error> {
    let row = RefundRow::of(place, refund);
    with_connection!(tx, |c| diesel::insert_into(refunds::table).values(&row).on_conflict(refunds::id).do_update().set(&row).execute(c))?;
    Ok(())
}

/// Where the content of a refund lies.
pub fn place_of(tx: &mut Transaction<'_>, refund: RefundId) -> Result<RefundPlace, Error> {
    let row: RefundRow =
        with_connection!(tx, |c| refunds::table.filter(refunds::id.eq(Bind(refund))).select(RefundRow::as_select()).first(c))?;
    row.place()
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

/// A boxed query over refunds of money whose invoice is not known.
macro_rules! without_invoices {
    () => {
        refunds::table
            .filter(refunds::unmatched_payment_id.is_not_null())
            .select((refunds::id, refunds::unmatched_payment_id.assume_not_null()))
            .into_boxed()
    };
}

/// What a query has found: an invoice and the number of its case, or the payment.
type OfInvoice = (Bind<RefundId>, InvoiceRow, String);
type OfUnmatched = (Bind<RefundId>, Bind<UnmatchedPaymentId>);

/// A refund that was found, and what holds it.
enum Found {
    Invoice(Box<OfInvoice>),
    Unmatched(OfUnmatched),
}

impl Found {
    const fn id(&self) -> RefundId {
        match self {
            Self::Invoice(row) => row.0.0,
            Self::Unmatched((id, _)) => id.0,
        }
    }

    fn all(of_invoices: Vec<OfInvoice>, unmatched: Vec<OfUnmatched>) -> Vec<Self> {
        let of_invoices = of_invoices.into_iter().map(|row| Self::Invoice(Box::new(row)));
        of_invoices.chain(unmatched.into_iter().map(Self::Unmatched)).collect()
    }
}

/// Narrows a boxed query over refunds to what the filter lets through, newest first.
macro_rules! newest {
    ($query:expr, $filter:expr, $page:expr) => {{
        let mut query = $query;
        if let Some(after) = $page.after {
            query = query.filter(refunds::id.lt(Bind(after)));
        }
        if let Some(state) = $filter.state {
            query = query.filter(refunds::state.eq(state.as_str()));
        }
        if let Some(reason) = $filter.reason {
            query = query.filter(refunds::reason.eq(reason.as_str()));
        }
        query.order(refunds::id.desc()).limit(i64::from($page.limit))
    }};
}

/// Narrows a boxed query over refunds to those that are still owed, the longest due first.
macro_rules! longest_due {
    ($query:expr, $page:expr) => {{
        let mut query = $query.filter(among(refunds::state, owed()));
        if let Some(after) = $page.after {
            query = query.filter(refunds::id.gt(Bind(after)));
        }
        query.order(refunds::id).limit(i64::from($page.limit))
    }};
}

/// Why a caller sees refunds: as invoices, and a director those of the department, to approve them.
fn refunds_visible_to(caller: &Caller) -> Vec<Reason> {
    let mut reasons = visible_to(caller);
    if caller.leads_everywhere() {
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
    let sees_unmatched = filter.case.is_none() && !relations_to_no_case(caller).is_empty();
    page.filled(
        tx,
        |tx, page| {
            let mut rows: Vec<Found> = Vec::new();
            for reason in &reasons {
                let found: Vec<OfInvoice> = with_connection!(tx, |c| {
                    let mut query = seen!(with_invoices!(), reason);
                    if let Some(case) = filter.case {
                        query = query.filter(invoices::case_id.eq(Bind(case)));
                    }
                    newest!(query, filter, page).load(c)
                })?;
                rows.extend(Found::all(found, Vec::new()));
            }
            if sees_unmatched {
                let found: Vec<OfUnmatched> = with_connection!(tx, |c| newest!(without_invoices!(), filter, page).load(c))?;
                rows.extend(Found::all(Vec::new(), found));
            }
            rows.sort_by_key(|row| std::cmp::Reverse(row.id()));
            rows.dedup_by_key(|row| row.id());
            rows.truncate(usize::try_from(page.limit).unwrap_or(usize::MAX));
            Ok(rows)
        },
        Found::id,
        read,
    )
}

/// The refunds that are still owed, the longest due first.
pub fn list_due(tx: &mut Transaction<'_>, page: Page<RefundId>) -> Result<Vec<ListedRefund>, Error> {
    page.filled(
        tx,
        |tx, page| {
            let of_invoices: Vec<OfInvoice> = with_connection!(tx, |c| longest_due!(with_invoices!(), page).load(c))?;
            let unmatched: Vec<OfUnmatched> = with_connection!(tx, |c| longest_due!(without_invoices!(), page).load(c))?;
            let mut rows = Found::all(of_invoices, unmatched);
            rows.sort_by_key(Found::id);
            rows.truncate(usize::try_from(page.limit).unwrap_or(usize::MAX));
            Ok(rows)
        },
        Found::id,
        read,
    )
}

fn read(tx: &mut Transaction<'_>, found: Found) -> Result<ListedRefund, Error> {
    let id = found.id();
    let (refund, source) = match found {
        Found::Invoice(row) => {
            let (_, row, case_number) = *row;
            let invoice = restore(tx, row)?;
            (invoice.refund(id).cloned(), ListedSource::Invoice(Box::new(invoice), case_number))
        }
        Found::Unmatched((_, payment)) => {
            let payment = unmatched::get(tx, payment.0)?;
            (payment.refund(id).cloned(), ListedSource::Unmatched(Box::new(payment)))
        }
    };
    match refund {
        Some(refund) => Ok(ListedRefund { refund, source }),
        None => Err(Error::corrupt("refunds", "what holds it", id)),
    }
}

/// A row is what the refund within its invoice or payment says.
fn examine_one(tx: &mut Transaction<'_>, row: &RefundRow) -> Result<(), Error> {
    let place = row.place()?;
    let refund = match place {
        RefundPlace::Invoice(id) => super::get(tx, id)?.refund(row.id.0).cloned(),
        RefundPlace::Unmatched(id) => unmatched::get(tx, id)?.refund(row.id.0).cloned(),
    };
    let agrees = refund.is_some_and(|refund| RefundRow::of(place, &refund) == *row);
    if agrees { Ok(()) } else { Err(Error::corrupt("refunds", "columns in clear", row.id.0)) }
}

examined!("refunds", refunds, RefundRow, |row| row.id.0, |tx, row| examine_one(tx, &row));
