//! Registration, sessions and passwords.

pub(crate) mod routes;
pub(crate) mod views;
