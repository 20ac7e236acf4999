//! Documents of a case.

pub(crate) mod routes;
mod upload;
mod views;
