//! The shared journeys to `PostgreSQL`: one statement does what many requests wait for. Whatever waits goes together, and nothing waits for others to come.
//! (`SQLite`'s one writer shares its commits by itself, and a question to it is no journey.)

use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;
use domain::ids::SessionId;
use tokio::sync::oneshot;

use crate::audit::{self, Entry};
use crate::error::{Error, Fault};
use crate::sessions::{self, Authenticated};
use crate::store::Transaction;
use crate::store::task::{Task, Verdict};
use crate::store::worker::Worker;

/// How many requests one journey serves at most.
const GROUP: usize = 64;

/// What requests wait for.
pub(crate) trait Shared: Send + 'static {
    /// What a request gives.
    type Item: Send;
    /// What it gets.
    type Answer: Send;

    /// Does it for all of a group, and answers in their order.
    fn run(tx: &mut Transaction<'_>, items: &[Self::Item]) -> Result<Vec<Self::Answer>, Error>;
    /// Hands a group to the worker.
    fn hand_over(worker: &Worker, group: Box<dyn Task>);
}

/// Rows of the audit trail: each request waits for the commit of its own.
pub(crate) enum Rows {}

impl Shared for Rows {
    type Item = Entry;
    type Answer = ();

    fn run(tx: &mut Transaction<'_>, entries: &[Entry]) -> Result<Vec<()>, Error> {
        audit::insert_all(tx, entries).map(|()| vec![(); entries.len()])
    }

    fn hand_over(worker: &Worker, group: Box<dyn Task>) {
        worker.write_now(group);
    }
}

/// Sessions: the statement begins after the request has come, so that what was ended before is seen as ended.
pub(crate) enum Sessions {}

impl Shared for Sessions {
    type Item = SessionId;
    /// A session that cannot be read is the trouble of its own requests only.
    type Answer = Result<Option<Authenticated>, Error>;

    fn run(tx: &mut Transaction<'_>, ids: &[SessionId]) -> Result<Vec<Self::Answer>, Error> {
        sessions::find_all_authenticated(tx, ids)
    }

    fn hand_over(worker: &Worker, group: Box<dyn Task>) {
        worker.read_now(group);
    }
}

/// A message to the thread of a shared journey.
pub(crate) enum Request<S: Shared> {
    /// Do this.
    One(Box<S::Item>, Reply<S>),
    /// End.
    Stop,
}

type Reply<S> = oneshot::Sender<Result<<S as Shared>::Answer, Error>>;

/// Makes journeys until it is told to stop.
pub(crate) fn run<S: Shared>(worker: &Worker, requests: &Receiver<Request<S>>, timeout: Duration) {
    let mut open = true;
    while open {
        let Ok(Request::One(first, reply)) = requests.recv() else { return };
        let mut group = Group::<S> { items: vec![*first], replies: vec![reply], outcome: None, deadline: Instant::now() + timeout };
        while group.items.len() < GROUP {
            match requests.try_recv() {
                Ok(Request::One(item, reply)) => {
                    group.items.push(*item);
                    group.replies.push(reply);
                }
                Ok(Request::Stop) => {
                    open = false;
                    break;
                }
                Err(_) => break,
            }
        }
        S::hand_over(worker, Box::new(group));
    }
}

/// The requests of one journey, and who waits for them.
struct Group<S: Shared> {
    items: Vec<S::Item>,
    replies: Vec<Reply<S>>,
    outcome: Option<Result<Vec<S::Answer>, Error>>,
    deadline: Instant,
}

impl<S: Shared> Task for Group<S> {
    fn run(&mut self, tx: &mut Transaction<'_>) -> Verdict {
        let outcome = S::run(tx, &self.items);
        let is_done = outcome.is_ok();
        self.outcome = Some(outcome);
        match tx.fault() {
            Some(Fault::Broken) => Verdict::Broken,
            Some(Fault::Retry) => Verdict::Again,
            None if is_done => Verdict::Keep,
            None => Verdict::Undo,
        }
    }

    fn reply(self: Box<Self>, failure: Option<Error>) {
        let Self { replies, outcome, .. } = *self;
        let outcome = failure.map_or_else(|| outcome.unwrap_or(Err(Error::Unavailable)), Err);
        // Whoever waited may have gone; what was done stands all the same.
        match outcome {
            Ok(answers) => replies.into_iter().zip(answers).for_each(|(reply, answer)| drop(reply.send(Ok(answer)))),
            Err(error) => replies.into_iter().for_each(|reply| drop(reply.send(Err(error.clone())))),
        }
    }

    fn is_stale(&self, now: Instant) -> bool {
        now >= self.deadline
    }

    fn timeout(&self, now: Instant) -> Duration {
        self.deadline.saturating_duration_since(now)
    }
}
