//! Cases, from the first draft to the end.

pub(crate) mod application;
mod invitations;
pub(crate) mod names;
pub(crate) mod routes;
pub(crate) mod views;
