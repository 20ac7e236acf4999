//! The runner: a use case in its transaction, and the one row of the request in the audit trail.
//!
//! Only a write that is done has its row in its own transaction. Every other row is appended by itself, and the answer waits for it.

use std::marker::PhantomData;
use std::sync::Arc;

use domain::access::{Access, Permission};
use domain::ids::CaseId;
use domain::settings::HospitalSettings;
use jiff::Timestamp;
use persistence::{Importance, Transaction};

use super::trail::{Ending, Failure, Trail, entry};
use super::{Permitted, RequestContext, UnitOfWork, Work};
use crate::{Error, Hospital};

/// How often a write without `If-Match` runs again after another write came before it.
const RUNS: u32 = 3;

impl Hospital {
    /// Runs a use case with its audit row.
    ///
    /// # Errors
    /// Those of the use case; those of the database, also if the row cannot be written.
    pub async fn perform<P, T, J>(self: &Arc<Self>, permitted: Permitted<P>, job: J) -> Result<T, Error>
    where
        P: Permission,
        T: Send + 'static,
        J: Fn(&mut UnitOfWork<'_, '_, P>) -> Result<T, Error> + Send + Sync + 'static,
    {
        let now = self.clock.now();
        let settings = self.settings().await?.values;
        let context = Arc::new(permitted.context);
        match P::OPERATION.access() {
            Access::Reads => {
                let (asked, values) = (Arc::clone(&context), Arc::clone(&settings));
                let read = self.store.read(move |tx| run(tx, &asked, &values, now, |work| as_unit(work, &job))).await;
                let (value, trail) = match read {
                    Ok(done) => done,
                    Err(failure) => return self.turn_away(&context, now, failure).await,
                };
                self.append(&context, now, trail, Ending::Done).await?;
                Ok(value)
            }
            Access::Writes => match self.change(&context, &settings, now, Arc::new(job)).await {
                Ok(value) => Ok(value),
                Err(failure) => self.turn_away(&context, now, failure).await,
            },
        }
    }

    /// Whether the caller reaches the case of the request. It is asked before the body is read, so that nobody sends a long body for
    /// nothing. A refusal leaves the row of the request; the operation itself asks again.
    ///
    /// # Errors
    /// [`Error::Absent`], and those of the database.
    pub async fn reach(&self, context: &RequestContext, case: CaseId) -> Result<(), Error> {
        let now = self.clock.now();
        let settings = self.settings().await?.values;
        let context = Arc::new(context.clone());
        self.look(&context, &settings, now, move |work| work.case(case).map(|_| ())).await.map(|_| ())
    }

    /// Writes the row of a request that came to no use case: it was refused at the door, or needs none.
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

    /// Runs a use case that only reads, on a connection that cannot write. A refusal leaves its row.
    pub(super) async fn look<T, J>(
        &self,
        context: &Arc<RequestContext>,
        settings: &Arc<HospitalSettings>,
        now: Timestamp,
        job: J,
    ) -> Result<(T, Trail), Error>
    where
        T: Send + 'static,
        J: Fn(&mut Work<'_, '_>) -> Result<T, Error> + Send + Sync + 'static,
    {
        let (asked, values) = (Arc::clone(context), Arc::clone(settings));
        let looked = self
            .store
            .read(move |tx| {
                run(tx, &asked, &values, now, |mut work| {
                    let looked = job(&mut work);
                    (looked, work)
                })
            })
            .await;
        match looked {
            Ok(done) => Ok(done),
            Err(failure) => self.turn_away(context, now, failure).await,
        }
    }

    /// Runs a use case that writes, in one transaction with its row. A failure has left no row yet.
    pub(super) async fn change<P, T, J>(
        &self,
        context: &Arc<RequestContext>,
        settings: &Arc<HospitalSettings>,
        now: Timestamp,
        job: Arc<J>,
    ) -> Result<T, Failure>
    where
        P: Permission,
        T: Send + 'static,
        J: Fn(&mut UnitOfWork<'_, '_, P>) -> Result<T, Error> + Send + Sync + 'static,
    {
        let importance = if context.operation.goes_on_when_the_disk_is_full() { Importance::Essential } else { Importance::Ordinary };
        let mut runs = 1;
        loop {
            let (asked, values, job) = (Arc::clone(context), Arc::clone(settings), Arc::clone(&job));
            let done = self
                .store
                .write_as(importance, move |tx| {
                    let (value, trail) = run(tx, &asked, &values, now, |work| as_unit(work, job.as_ref()))?;
                    persistence::audit::insert(tx, &entry(&asked, now, trail, Ending::Done))?;
                    Ok::<_, Failure>(value)
                })
                .await;
            match done {
                Ok(value) => {
                    context.row.written();
                    return Ok(value);
                }
                // Another write came first. Without `If-Match` the caller asked for no version: the job runs on what stands now.
                Err(Failure { error: Error::Stored(persistence::Error::Stale), .. }) if context.expected.is_none() && runs < RUNS => {
                    runs += 1;
                }
                Err(failure) => return Err(failure),
            }
        }
    }

    /// Gives the refusal, once its row stands in the trail. How often somebody asks too often is counted elsewhere, and a write whose
    /// outcome nobody knows may have left its row.
    pub(super) async fn turn_away<T>(&self, context: &RequestContext, now: Timestamp, failure: Failure) -> Result<T, Error> {
        let Failure { error, trail } = failure;
        if !matches!(error, Error::Throttled(_) | Error::Stored(persistence::Error::Unavailable)) {
            self.append(context, now, *trail, Ending::of(&error)).await?;
        }
        Err(error)
    }

    /// Appends the row of a request.
    pub(super) async fn append(&self, context: &RequestContext, now: Timestamp, trail: Trail, ending: Ending) -> Result<(), Error> {
        self.store.append(entry(context, now, trail, ending)).await?;
        context.row.written();
        Ok(())
    }
}

/// Runs a use case within a transaction, without its audit row.
fn run<'a, 't, T>(
    tx: &'a mut Transaction<'t>,
    context: &'a RequestContext,
    settings: &'a HospitalSettings,
    now: Timestamp,
    job: impl FnOnce(Work<'a, 't>) -> (Result<T, Error>, Work<'a, 't>),
) -> Result<(T, Trail), Failure> {
    let (mut done, Work { expectation_met, trail, .. }) = job(Work::new(tx, context, settings, now));
    if done.is_ok() && context.expected.is_some() && !expectation_met {
        // Nothing here has a revision that could match.
        done = Err(Error::Stale);
    }
    match done {
        Ok(value) => Ok((value, trail)),
        Err(error) => Err(Failure { error, trail: Box::new(trail) }),
    }
}

/// Runs a job of the operation `P`.
fn as_unit<'a, 't, P, T>(
    work: Work<'a, 't>,
    job: &impl Fn(&mut UnitOfWork<'_, '_, P>) -> Result<T, Error>,
) -> (Result<T, Error>, Work<'a, 't>) {
    let mut unit = UnitOfWork { work, permission: PhantomData };
    (job(&mut unit), unit.work)
}
