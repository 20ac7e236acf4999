//! Use cases of second opinions: load, decide, save. One file for each capability.
//!
//! This crate knows no HTTP and no SQL. Its users are the API, the command line, the demo, the clock's jobs and the benchmark.

mod app;
pub mod appointments;
pub mod audit;
pub mod billing;
pub mod calendar;
pub mod cases;
pub mod change_of_kind;
pub mod clock;
pub mod consents;
pub mod demo;
pub mod documents;
pub mod emails;
mod error;
mod in_flight;
pub mod intake;
pub mod jobs;
pub mod messages;
pub mod pathology;
pub mod people;
mod refusals;
pub mod review;
mod revision;
pub mod scheduler;
mod series;
pub mod settings;
pub mod sign_in;
pub mod uninformed;
pub mod visitors;
pub mod visits;
mod work;
pub mod written;

pub use app::{App, AppOptions, Settings};
pub use clock::Clock;
pub use error::{Conflict, Countable, Error, Fault, Unauthenticated};
pub use revision::{Expected, Revision};
pub use work::{
    Actor, AuditRow, Caller, CaseForCaller, IdempotencyKey, Once, Permitted, Prepared, RequestContext, SystemActor, UnitOfWork, Work,
};

/// The database, as far as whoever opens it has to know it.
pub mod database {
    pub use persistence::{Engine, Error, OpenError, SpaceLimits, Store, StoreOptions, Synchronous};
}

/// The SHA-256 digest of some bytes.
pub fn digest(bytes: &[u8]) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes).as_ref().to_vec()
}
