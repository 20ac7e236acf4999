//! Documents of a case.

pub(crate) mod routes;
mod upload;
mod views;

pub(crate) use views::RequiredItemCode;
