//! Cases, from the first draft to the end.

pub(crate) mod application;
mod checklist;
mod invitations;
pub(crate) mod names;
pub(crate) mod routes;
mod steps;
pub(crate) mod views;
mod worklist;
