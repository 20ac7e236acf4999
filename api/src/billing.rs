//! Invoices and payments.

pub(crate) mod fees;
mod payments;
pub(crate) mod routes;
pub(crate) mod views;
