//! The rows of second opinions, on `SQLite` and on `PostgreSQL`: the only crate that knows Diesel and SQL.
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
mod vault_steps;
mod words;

pub mod agencies;
pub mod approvals;
pub mod audit;
pub mod blobs;
pub mod cases;
pub mod codes;
pub mod departments;
pub mod devices;
pub mod documents;
pub mod events;
pub mod fee_schedules;
pub mod idempotency;
pub mod invoices;
pub mod leases;
pub mod ledger;
pub mod messages;
pub mod notes;
pub mod opinions;
pub mod outbox;
pub mod quotes;
pub mod sessions;
pub mod settings;
pub mod throttles;
pub mod treatment;
pub mod users;

pub use connection::Engine;
pub use error::{Error, OpenError};
pub use page::Page;
pub use store::{Importance, Load, SpaceLimits, Store, StoreOptions, Synchronous, Transaction};
pub use vault::{TokenSigning, Vault};
pub use words::UnknownWord;

/// The identifiers of one instant rise, too: within a process they sort in the order of their making.
static IDENTIFIERS: std::sync::Mutex<uuid::ContextV7> = std::sync::Mutex::new(uuid::ContextV7::new());

/// A fresh identifier, sortable by the time of its making (`UUIDv7`, RFC 9562).
pub fn fresh(now: jiff::Timestamp) -> uuid::Uuid {
    let seconds = u64::try_from(now.as_second()).unwrap_or(0);
    let nanoseconds = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
    uuid::Uuid::new_v7(uuid::Timestamp::from_unix(&IDENTIFIERS, seconds, nanoseconds))
}
