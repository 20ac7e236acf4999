//! Messages, internal notes and the timeline.

pub(crate) mod routes;
mod views;
