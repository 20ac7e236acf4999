//! Documents of a case.

mod download;
pub(crate) mod places;
pub(crate) mod routes;
mod upload;
mod views;

pub(crate) use views::RequiredItemCode;
