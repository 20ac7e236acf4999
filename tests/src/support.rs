//! What the tests are written with: an app of its own for each, people with verbs, and what is given.

pub(crate) mod app;
pub(crate) mod appointments;
pub(crate) mod books;
pub(crate) mod database;
pub(crate) mod given;
pub(crate) mod http;
mod letters;
pub mod person;
pub(crate) mod postgres;
pub(crate) mod raw;
mod server;
pub(crate) mod visits;

use std::time::{Duration, Instant};

/// Asks again and again, without a fixed wait, until there is an answer or the patience ends.
pub(crate) fn wait_until<T>(patience: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        if begun.elapsed() > patience {
            return None;
        }
        std::thread::yield_now();
    }
}
