//! Invoices, payments, refunds, the books.

pub(crate) mod books;
pub(crate) mod fees;
mod payments;
pub(crate) mod refund_routes;
pub(crate) mod refunds;
pub(crate) mod routes;
pub(crate) mod views;
