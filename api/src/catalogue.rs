//! The catalogue: what the hospital offers, at which fees, and what it needs.

pub(crate) mod routes;
pub(crate) mod views;
