//! Fee schedules and estimates.

pub(crate) mod routes;
pub(crate) mod views;
