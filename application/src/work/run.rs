//! The runner: a use case in its transaction, and the one row of the request in the audit trail.
//!
//! Only a write that is done has its row in its own transaction. Every other row is appended by itself, and the answer waits for it.

use std::marker::PhantomData;
use std::sync::Arc;

use domain::access::{Access, Permission};
use domain::ids::CaseId;
use jiff::Timestamp;
use persistence::{Importance, Transaction};

use super::trail::{Ending, Failure, Trail, entry};
use super::{Frame, Permitted, RequestContext, UnitOfWork, Work};
use crate::{App, Error};

/// How often a write without `If-Match` runs again after another write came before it.
const RUNS: u32 = 3;

/// A use case whose operation and closure are forgotten.
pub(super) type UseCase<T> = Arc<dyn for<'a, 't> Fn(Work<'a, 't>) -> (Result<T, Error>, Work<'a, 't>) + Send + Sync>;

/// A permitted request together with its use case. Its operation is forgotten, so that the way through the store is compiled once for each kind of result
/// and not once for each operation.
pub struct Prepared<T> {
    pub(super) context: RequestContext,
    pub(super) use_case: UseCase<T>,
}

impl<P: Permission> Permitted<P> {
    /// The request with its use case, which is one of the operation `P`.
    pub fn with<T, J>(self, job: J) -> Prepared<T>
    where
        J: Fn(&mut UnitOfWork<'_, '_, P>) -> Result<T, Error> + Send + Sync + 'static,
    {
        let use_case: UseCase<T> = Arc::new(move |work| {
            let mut unit = UnitOfWork { work, permission: PhantomData };
            (job(&mut unit), unit.work)
        });
        Prepared { context: self.context, use_case }
    }
}

impl App {
    /// Runs a use case with its audit row.
    ///
    /// # Errors
    /// Those of the use case; those of the database, also if the row cannot be written.
    pub async fn perform<T: Send + 'static>(&self, Prepared { context, use_case }: Prepared<T>) -> Result<T, Error> {
        let frame = self.frame(context).await?;
        let done = match frame.context.operation.access() {
            Access::Reads => self.read(&frame, use_case).await,
            Access::Writes => return self.write(&frame, use_case).await.or_turned_away(self, &frame).await,
        };
        let (value, trail) = done.or_turned_away(self, &frame).await?;
        self.append(&frame.context, frame.now, trail, Ending::Done).await?;
        Ok(value)
    }

    /// Whether the caller reaches the case of the request. It is asked before the body is read, so that nobody sends a long body for
    /// nothing. A refusal leaves the row of the request; the operation itself asks again.
    ///
    /// # Errors
    /// [`Error::Absent`], and those of the database.
    pub async fn reach(&self, context: &RequestContext, case: CaseId) -> Result<(), Error> {
        let frame = self.frame(context.clone()).await?;
        self.look(&frame, move |work| work.case(case).map(|_| ())).await.map(|_| ())
    }

    /// Writes the row of a request that reached no use case: the middleware answered it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn record(&self, context: &RequestContext, refused_with: Option<&'static str>, is_our_fault: bool) -> Result<(), Error> {
        let ending = match refused_with {
            None => Ending::Done,
            Some(code) if is_our_fault => Ending::Failed(code),
            Some(code) => Ending::Refused(code),
        };
        self.append(context, self.clock.now(), Trail::default(), ending).await
    }

    /// Writes the row of a request that is refused by `code` before it came to a use case, with what is known by then.
    pub(crate) async fn record_about(
        &self,
        context: &RequestContext,
        code: &'static str,
        subject: Option<String>,
        facts: serde_json::Value,
    ) -> Result<(), Error> {
        let mut trail = Trail { subjects: subject.into_iter().collect(), ..Trail::default() };
        if let serde_json::Value::Object(facts) = facts {
            trail.facts = facts;
        }
        self.append(context, self.clock.now(), trail, Ending::Refused(code)).await
    }

    /// The parts that a request is run with.
    pub(super) async fn frame(&self, context: RequestContext) -> Result<Frame, Error> {
        let settings = self.settings().await?.values;
        Ok(Frame { context: Arc::new(context), settings, ids: Arc::clone(&self.ids), now: self.clock.now() })
    }

    /// Looks at something on a connection that cannot write. A refusal leaves the row of the request.
    pub(super) async fn look<T, J>(&self, frame: &Frame, job: J) -> Result<(T, Trail), Error>
    where
        T: Send + 'static,
        J: Fn(&mut Work<'_, '_>) -> Result<T, Error> + Send + Sync + 'static,
    {
        let looking: UseCase<T> = Arc::new(move |mut work| {
            let looked = job(&mut work);
            (looked, work)
        });
        self.read(frame, looking).await.or_turned_away(self, frame).await
    }

    /// Runs a use case that only reads. A failure has left no row yet.
    async fn read<T: Send + 'static>(&self, frame: &Frame, use_case: UseCase<T>) -> Result<(T, Trail), Failure> {
        let frame = frame.clone();
        self.store.read(move |tx| run(tx, &frame, use_case.as_ref())).await
    }

    /// Runs a use case that writes, in one transaction with its row. A failure has left no row yet.
    pub(super) async fn write<T: Send + 'static>(&self, frame: &Frame, use_case: UseCase<T>) -> Result<T, Failure> {
        let is_essential = frame.context.operation.goes_on_when_the_disk_is_full();
        let importance = if is_essential { Importance::Essential } else { Importance::Ordinary };
        let mut runs = 1;
        loop {
            let (here, use_case) = (frame.clone(), Arc::clone(&use_case));
            let done = self
                .store
                .write_as(importance, move |tx| {
                    let (value, trail) = run(tx, &here, use_case.as_ref())?;
                    let has_jobs = trail.has_jobs;
                    persistence::audit::insert(tx, &entry(&here.context, here.now, trail, Ending::Done))?;
                    Ok::<_, Failure>((value, has_jobs))
                })
                .await;
            match done {
                Ok((value, has_jobs)) => {
                    frame.context.row.written();
                    if has_jobs {
                        self.jobs.notify_one();
                    }
                    return Ok(value);
                }
                // Another write came first. Without `If-Match` the caller asked for no version: the job runs on what stands now.
                Err(Failure { error: Error::Stored(persistence::Error::Stale), .. }) if frame.context.expected.is_none() && runs < RUNS => {
                    runs += 1;
                }
                Err(failure) => return Err(failure),
            }
        }
    }

    /// Appends the row of a request.
    pub(super) async fn append(&self, context: &RequestContext, now: Timestamp, trail: Trail, ending: Ending) -> Result<(), Error> {
        self.store.append(entry(context, now, trail, ending)).await?;
        context.row.written();
        Ok(())
    }
}

/// A failure on its way to the caller.
pub(super) trait OrTurnedAway<T> {
    /// Gives the refusal, once its row stands in the trail. Refusals for asking too often are counted elsewhere, and a write whose
    /// outcome nobody knows may have left its row.
    async fn or_turned_away(self, app: &App, frame: &Frame) -> Result<T, Error>;
}

impl<T> OrTurnedAway<T> for Result<T, Failure> {
    async fn or_turned_away(self, app: &App, frame: &Frame) -> Result<T, Error> {
        let Failure { error, trail } = match self {
            Ok(value) => return Ok(value),
            Err(failure) => failure,
        };
        if !matches!(error, Error::Throttled(_) | Error::Stored(persistence::Error::Unavailable)) {
            app.append(&frame.context, frame.now, *trail, Ending::of(&error)).await?;
        }
        Err(error)
    }
}

/// Runs a job within a transaction, without its audit row.
fn run<'a, 't, T>(
    tx: &'a mut Transaction<'t>,
    frame: &'a Frame,
    job: impl FnOnce(Work<'a, 't>) -> (Result<T, Error>, Work<'a, 't>),
) -> Result<(T, Trail), Failure> {
    let (mut done, Work { expectation_met, trail, .. }) = job(Work::new(tx, frame));
    if done.is_ok() && frame.context.expected.is_some() && !expectation_met {
        // No revision was compared.
        done = Err(Error::Stale);
    }
    match done {
        Ok(value) => Ok((value, trail)),
        Err(error) => Err(Failure { error, trail: Box::new(trail) }),
    }
}
