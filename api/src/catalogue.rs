//! The catalogue: what the hospital offers, at which fees, and what it needs; and the list of problems.

mod problems;
pub(crate) mod routes;
pub(crate) mod views;
mod vocabulary;
