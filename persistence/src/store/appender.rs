//! The audit appender of `PostgreSQL`: one connection that commits the rows of many requests at once. Each request waits for the commit of
//! its own row. (`SQLite`'s one writer shares its commits by itself.)

use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;
use tokio::sync::oneshot;

use crate::audit::{self, Entry};
use crate::error::{Error, Fault};
use crate::store::Transaction;
use crate::store::task::{Task, Verdict};
use crate::store::worker::Worker;

/// How many rows one commit carries at most.
const ROWS: usize = 64;

/// A message to the appender.
pub(crate) enum Append {
    /// Write this row.
    Row(Box<Entry>, oneshot::Sender<Result<(), Error>>),
    /// End.
    Stop,
}

/// Appends until it is told to stop: whatever waits shares one commit, and nothing waits for others to come.
pub(crate) fn run(worker: &Worker, rows: &Receiver<Append>, timeout: Duration) {
    let mut open = true;
    while open {
        let Ok(Append::Row(first, reply)) = rows.recv() else { return };
        let mut batch = Batch { entries: vec![*first], replies: vec![reply], outcome: None, deadline: Instant::now() + timeout };
        while batch.entries.len() < ROWS {
            match rows.try_recv() {
                Ok(Append::Row(entry, reply)) => {
                    batch.entries.push(*entry);
                    batch.replies.push(reply);
                }
                Ok(Append::Stop) => {
                    open = false;
                    break;
                }
                Err(_) => break,
            }
        }
        worker.write_now(Box::new(batch));
    }
}

/// The rows of one commit, and who waits for them.
struct Batch {
    entries: Vec<Entry>,
    replies: Vec<oneshot::Sender<Result<(), Error>>>,
    outcome: Option<Result<(), Error>>,
    deadline: Instant,
}

impl Task for Batch {
    fn run(&mut self, tx: &mut Transaction<'_>) -> Verdict {
        let written = audit::insert_all(tx, &self.entries);
        let is_written = written.is_ok();
        self.outcome = Some(written);
        match tx.fault() {
            Some(Fault::Broken) => Verdict::Broken,
            Some(Fault::Retry) => Verdict::Again,
            None if is_written => Verdict::Keep,
            None => Verdict::Undo,
        }
    }

    fn reply(self: Box<Self>, failure: Option<Error>) {
        let Self { replies, outcome, .. } = *self;
        let outcome = failure.map_or_else(|| outcome.unwrap_or(Err(Error::Unavailable)), Err);
        for reply in replies {
            // Whoever waited may have gone; the row stands all the same.
            let _ = reply.send(outcome.clone());
        }
    }

    fn is_stale(&self, now: Instant) -> bool {
        now >= self.deadline
    }

    fn timeout(&self, now: Instant) -> Duration {
        self.deadline.saturating_duration_since(now)
    }
}
