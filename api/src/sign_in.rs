//! Registration, sessions and passwords.

pub(crate) mod routes;
mod views;
