//! Invoices and payments.

pub(crate) mod routes;
pub(crate) mod views;
