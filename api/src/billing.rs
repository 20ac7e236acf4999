//! Invoices and payments.

mod payments;
pub(crate) mod routes;
pub(crate) mod views;
