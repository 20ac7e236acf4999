//! Documents of a case.

mod download;
mod part_heads;
pub(crate) mod places;
pub(crate) mod routes;
mod upload;
mod views;
