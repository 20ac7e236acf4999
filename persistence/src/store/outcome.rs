//! How the last write ended: whether the store can be written to is known from it, without a write for each question.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::Error;

/// How long the outcome of a write tells something.
const TELLS_FOR: Duration = Duration::from_mins(1);

/// When the last write ended, and whether the database did its part.
#[derive(Debug, Default)]
pub(crate) struct LastWrite(Mutex<Option<Ended>>);

#[derive(Clone, Copy, Debug)]
struct Ended {
    at: Instant,
    was_good: bool,
    disk_was_full: bool,
}

impl LastWrite {
    /// A write ended; `failure` is the database's own, not a refusal of the job.
    pub(crate) fn note(&self, failure: Option<&Error>) {
        // A full queue or a lost race says nothing of the database.
        if matches!(failure, Some(Error::Busy)) {
            return;
        }
        let disk_was_full = matches!(failure, Some(Error::DiskFull));
        let ended = Ended { at: Instant::now(), was_good: failure.is_none(), disk_was_full };
        let before = self.0.lock().unwrap_or_else(PoisonError::into_inner).replace(ended);
        // Once, not for each write that is refused.
        if disk_was_full && !before.is_some_and(|before| before.disk_was_full) {
            tracing::error!("the database's disk is full: a write was refused");
        }
    }

    pub(crate) fn was_good_lately(&self) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|last| last.was_good && last.at.elapsed() < TELLS_FOR)
    }
}
