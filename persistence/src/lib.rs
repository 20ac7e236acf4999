//! The rows of second opinions, on `SQLite` and on `PostgreSQL`: the only crate that knows Diesel and SQL.
//!
//! * [`Store`] takes jobs: [`Store::read`] and [`Store::write`] hide the engine. A job is a closure over a [`Transaction`];
//!   its result leaves only after the commit.
//! * [`Vault`] seals personal data before it becomes a row, and opens it again.
//! * Then one module for each aggregate: free functions over a `&mut Transaction`. `get` fails if absent, `find` gives an
//!   `Option`, `list` a page.
//!
//! It deliberately does not know who may do what (beyond finding the rows a caller relates to), HTTP, or the clock.

mod among;
#[macro_use]
mod connection;
mod columns;
mod error;
mod examine;
mod forms;
mod identifiers;
mod migrations;
mod page;
mod postgres;
mod schema;
mod store;
mod vault;
mod vault_steps;
mod words;

pub mod agencies;
pub mod approvals;
pub mod audit;
pub mod availability;
pub mod blobs;
pub mod cases;
pub mod codes;
pub mod departments;
pub mod devices;
pub mod documents;
pub mod estimates;
pub mod events;
pub mod fee_schedules;
pub mod idempotency;
pub mod information;
pub mod invoices;
pub mod jobs;
pub mod ledger;
pub mod messages;
pub mod notes;
pub mod opinions;
pub mod quotes;
pub mod sessions;
pub mod settings;
pub mod taken;
pub mod terms;
pub mod throttles;
pub mod treatment;
pub mod users;

pub use connection::Engine;
pub use error::{Error, OpenError};
pub use examine::{Examined, TABLES};
pub use identifiers::fresh;
pub use page::{Numbered, Page};
pub use store::{Importance, Load, SpaceLimits, Store, StoreOptions, Synchronous, Transaction};
pub use vault::{TokenSigning, Vault};
pub use words::UnknownWord;
