//! Registration, sessions, passwords and the caller's own account.

pub(crate) mod account;
mod cookies;
pub(crate) mod routes;
pub(crate) mod sessions;
pub(crate) mod views;
