//! Cases, from the first draft to the end.

mod invitations;
mod parts;
pub(crate) mod routes;
mod steps;
pub(crate) mod views;
mod worklist;
