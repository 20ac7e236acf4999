//! Terms, estimates, invoices, payments, refunds, the books.

pub(crate) mod books;
pub(crate) mod estimates;
pub(crate) mod fees;
pub(crate) mod papers;
mod payments;
pub(crate) mod receivables;
pub(crate) mod refund_routes;
pub(crate) mod refunds;
pub(crate) mod routes;
pub(crate) mod term_routes;
pub(crate) mod terms;
pub(crate) mod unmatched;
pub(crate) mod views;
pub(crate) mod write_offs;
