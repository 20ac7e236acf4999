//! A job on its way: what is to be run, and who waits for the answer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use crate::error::{Error, Fault};
use crate::store::Transaction;

/// The verdict on the transaction after a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The job is content: commit.
    Keep,
    /// The job failed or panicked: roll back what it did.
    Undo,
    /// The job lost a race: roll back, and run it again if there is patience left.
    Again,
    /// The transaction is gone with everything in it.
    Broken,
}

/// A job whose types are forgotten, so that one queue carries them all.
pub(crate) trait Task: Send {
    /// Runs the job; its answer stays inside until it is settled.
    fn run(&mut self, tx: &mut Transaction<'_>) -> Verdict;
    /// Lets the answer go: what the job said, or `failure` in its place.
    fn reply(self: Box<Self>, failure: Option<Error>);
    /// Whether nobody waits any more, or has waited too long: such a job is not begun.
    fn is_stale(&self, now: Instant) -> bool;
    /// How much of the caller's patience is left.
    fn timeout(&self, now: Instant) -> Duration;
}

pub(crate) struct Waiting<T, E, J> {
    job: J,
    answer: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
    deadline: Instant,
}

impl<T, E, J> Waiting<T, E, J> {
    pub(crate) fn new(job: J, reply: oneshot::Sender<Result<T, E>>, deadline: Instant) -> Self {
        Self { job, answer: None, reply, deadline }
    }
}

impl<T, E, J> Task for Waiting<T, E, J>
where
    J: Fn(&mut Transaction<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, tx: &mut Transaction<'_>) -> Verdict {
        // Nothing of the job outlives a panic but the connection, whose transaction is then rolled back.
        let answer = match catch_unwind(AssertUnwindSafe(|| (self.job)(tx))) {
            Ok(answer) => answer,
            Err(_) => Err(E::from(Error::Query("a job panicked".to_owned()))),
        };
        let content = answer.is_ok();
        self.answer = Some(answer);
        match tx.fault() {
            Some(Fault::Broken) => Verdict::Broken,
            Some(Fault::Retry) => Verdict::Again,
            None if content => Verdict::Keep,
            None => Verdict::Undo,
        }
    }

    fn reply(self: Box<Self>, failure: Option<Error>) {
        let answer = match (failure, self.answer) {
            // A job that failed by itself keeps its own reason; one that was content must not look done.
            (Some(_), Some(Err(own))) => Err(own),
            (Some(failure), _) => Err(E::from(failure)),
            (None, Some(answer)) => answer,
            (None, None) => Err(E::from(Error::Unavailable)),
        };
        // Whoever asked may have gone; the outcome stands all the same.
        let _ = self.reply.send(answer);
    }

    fn is_stale(&self, now: Instant) -> bool {
        self.reply.is_closed() || now >= self.deadline
    }

    fn timeout(&self, now: Instant) -> Duration {
        self.deadline.saturating_duration_since(now)
    }
}
