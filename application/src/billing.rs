//! Money: fee schedules, estimates, invoices and payments.

pub mod fees;
pub mod invoices;
pub mod quotes;

use domain::billing::Invoice;
use domain::case::PaymentsReceived;
use domain::ids::CaseId;
use domain::money::Yen;
use persistence::invoices::InvoiceFilter;
use persistence::{Page, Transaction};

use crate::{Error, Work};

/// More invoices than one case ever has.
const ALL_OF_A_CASE: u32 = 1_000;

/// Whether nothing is owed on any invoice of the case. What was paid too much is no debt of the payer's: it stays in the books.
pub fn is_settled(work: &mut Work<'_, '_>, case: CaseId) -> Result<bool, Error> {
    Ok(invoices_of(work.tx, case)?.iter().all(Invoice::is_settled))
}

/// The payments received for the case. Refunds are worked out from them.
pub fn received_so_far(tx: &mut Transaction<'_>, case: CaseId) -> Result<PaymentsReceived, Error> {
    let invoices = invoices_of(tx, case)?;
    let sum = |part: fn(&Invoice) -> Yen| {
        Yen::sum(invoices.iter().map(part)).map_err(|_| Error::Internal("the payments of a case are out of bounds"))
    };
    Ok(PaymentsReceived { in_all: sum(Invoice::received)?, excess: sum(Invoice::excess)? })
}

fn invoices_of(tx: &mut Transaction<'_>, case: CaseId) -> Result<Vec<Invoice>, Error> {
    let filter = InvoiceFilter { case: Some(case), ..InvoiceFilter::default() };
    Ok(persistence::invoices::list(tx, filter, Page::first(ALL_OF_A_CASE))?)
}
