//! What the programs that prove and measure share: the real server as a process of its own, a `PostgreSQL` to kill, a plain
//! client, the people who call, and what is checked of a crash and of a trace of system calls.

#![allow(clippy::indexing_slicing, reason = "a proof that stumbles shall fall")]

pub mod attack;
pub mod billing;
pub mod check;
pub mod client;
pub mod http;
pub mod kills;
pub mod limits;
pub mod people;
pub mod postgres;
pub mod random;
pub mod server;
pub mod snapshot;
pub mod trace;

use std::path::PathBuf;

/// The workspace's folder.
pub fn root() -> PathBuf {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}
