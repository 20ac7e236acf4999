//! The rows of second opinions, on SQLite and on PostgreSQL: the only crate that knows Diesel and SQL.
//!
//! * [`Store`] takes jobs: [`Store::read`] and [`Store::write`] hide the engine. A job is a closure over a [`Transaction`];
//!   its result leaves only after the commit.
//! * [`Vault`] seals personal data before it becomes a row, and opens it again.
//! * Then one module for each aggregate: free functions over a `&mut Transaction`. `get` fails if absent, `find` gives an
//!   `Option`, `list` a page.
//!
//! It deliberately does not know who may do what (beyond finding the rows a caller relates to), HTTP, or the clock.

#[macro_use]
mod connection;
mod columns;
mod error;
mod migrations;
mod page;
mod schema;
mod store;
mod vault;

pub use connection::Engine;
pub use error::{Error, OpenError};
pub use page::Page;
pub use store::{Load, Store, StoreOptions, Synchronous, Transaction};
pub use vault::{TokenSigning, Vault};
