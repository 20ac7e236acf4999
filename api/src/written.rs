//! The written opinion.

pub(crate) mod routes;
mod views;
