//! Later work as typed jobs: written in the transaction of its cause, done afterwards by whichever server comes first.
//!
//! There is no leader. A due job is claimed when it runs; a server that dies in the middle leaves it to another after two minutes, so each
//! job must be idempotent. An attempt that fails is made again, later each time, and in the end no more. Administrators see each job whose
//! last attempt failed, and let it be tried again.

use std::sync::Arc;

use domain::access::may;
use domain::ids::{CaseId, JobId};
use jiff::{SignedDuration, Timestamp};
pub use persistence::jobs::FailedJob;
use persistence::jobs::{Claimed, NewJob};
use persistence::{Page, jobs};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{App, Error, UnitOfWork, clock, work};

/// A kind of later work.
pub(crate) trait Job: Serialize + DeserializeOwned {
    /// Its name in the database. It never changes.
    const NAME: &'static str;

    /// Whether it is periodic: then it is never given up.
    const COMES_AGAIN: bool = false;

    /// Jobs with equal keys are written once.
    fn only_key(&self) -> Option<String> {
        None
    }
}

/// A kind of job, for whoever does such jobs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    name: &'static str,
    comes_again: bool,
}

impl Kind {
    /// The kind of `J`.
    pub(crate) const fn of<J: Job>() -> Self {
        Self { name: J::NAME, comes_again: J::COMES_AGAIN }
    }
}

/// An attempt that failed.
#[derive(Debug)]
pub struct FailedAttempt {
    /// The job.
    pub id: JobId,
    /// The name of its kind.
    pub name: String,
    /// Why it failed.
    pub error: Error,
    /// When it is tried again; `None` if it is given up, so that only an administrator lets it be tried again.
    pub again_at: Option<Timestamp>,
}

/// How long after the first failure a job is tried again; the time doubles with each further one.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_mins(1);
/// The longest time between two attempts.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(6);
/// After so many failures, about a day after the first, a job is tried no more by itself.
const MOST_ATTEMPTS: i32 = 12;

/// The outcome of a job.
#[derive(Debug)]
pub(crate) enum Done {
    /// The job is done. Its row is deleted.
    Finished,
    /// It is due again at its next date.
    Until(Timestamp),
}

/// A job as the database has it.
pub(crate) fn new<J: Job>(job: &J, id: JobId, case: Option<CaseId>, now: Timestamp, due_at: Timestamp) -> Result<NewJob, Error> {
    let payload = serde_json::to_value(job).map_err(|_| Error::Internal("a job could not be written as JSON"))?;
    Ok(NewJob { id, name: J::NAME, only_key: job.only_key(), case, payload, created_at: now, due_at })
}

/// The job that was claimed.
pub(crate) fn read<J: Job>(claimed: &Claimed) -> Result<J, Error> {
    let payload = claimed.payload.clone()?;
    serde_json::from_value(payload).map_err(|_| Error::Internal("a job is not what its name says"))
}

/// When a job that failed for the `attempts`th time is tried again; `None` if it is given up.
fn next_attempt(attempts: i32, gives_up: bool, now: Timestamp) -> Option<Timestamp> {
    if gives_up && attempts >= MOST_ATTEMPTS {
        return None;
    }
    let doubled = u32::try_from(attempts - 1).ok().and_then(|times| 1_i32.checked_shl(times)).unwrap_or(i32::MAX);
    let pause = FIRST_PAUSE.checked_mul(doubled).unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE);
    now.saturating_add(pause).ok()
}

impl App {
    /// Does the due jobs of these kinds, until none is due, and gives each attempt that fails to `failed`. Each
    /// job is claimed when its turn comes, so that it has the whole time of its claim.
    ///
    /// # Errors
    /// Those of the database, when it does not answer.
    pub(crate) async fn do_jobs<F>(
        self: &Arc<Self>,
        kinds: &'static [Kind],
        execute: impl Fn(Claimed) -> F,
        mut failed: impl FnMut(FailedAttempt),
    ) -> Result<(), Error>
    where
        F: Future<Output = Result<Done, Error>>,
    {
        let names = || -> Vec<&'static str> { kinds.iter().map(|kind| kind.name).collect() };
        loop {
            let now = self.clock.now();
            // An idle server writes nothing.
            if !self.store.read(move |tx| jobs::has_due(tx, &names(), now)).await? {
                return Ok(());
            }
            let claimed = self.store.write(move |tx| jobs::claim(tx, &names(), now, 1)).await?;
            for job in claimed {
                let (id, name, attempts) = (job.id, job.name.clone(), job.attempts + 1);
                let done = execute(job).await;
                let now = self.clock.now();
                match done {
                    Ok(Done::Finished) => self.store.write(move |tx| jobs::done(tx, id)).await?,
                    Ok(Done::Until(next)) => self.store.write(move |tx| jobs::done_until(tx, id, next)).await?,
                    // If the database does not answer at all, this is not written either, and the claim runs out.
                    Err(error) => {
                        let gives_up = !kinds.iter().any(|kind| kind.name == name && kind.comes_again);
                        let (code, again_at) = (error.code(), next_attempt(attempts, gives_up, now));
                        self.store.write(move |tx| jobs::failed(tx, id, code, now, again_at)).await?;
                        failed(FailedAttempt { id, name, error, again_at });
                    }
                }
            }
        }
    }

    /// Waits until this server has written a job. Others' jobs are found by looking now and then.
    pub async fn job_written(&self) {
        self.jobs.notified().await;
    }
}

/// Jobs whose last attempt failed, the newest first.
pub fn list_failed_jobs(
    work: &mut UnitOfWork<'_, '_, may::ListFailedJobs>,
    after: Option<JobId>,
    limit: u32,
) -> Result<Vec<FailedJob>, Error> {
    let found = jobs::list_failed(work.tx, Page { after, limit: limit.saturating_add(1) })?;
    work.audit_page(&found, limit, |job| job.id);
    Ok(found)
}

/// Lets a job whose last attempt failed be tried again at once.
///
/// # Errors
/// [`Error::Absent`] if there is none.
pub fn retry_job(work: &mut UnitOfWork<'_, '_, may::RetryJob>, id: JobId) -> Result<FailedJob, Error> {
    let now = work.now;
    work.audit_subject(id);
    let job = jobs::retry(work.tx, id, now).map_err(work::absent)?;
    work.has_jobs();
    Ok(job)
}

/// The instant after which a job that is done is due again.
pub(crate) fn again_after(now: Timestamp, pause: SignedDuration) -> Result<Done, Error> {
    clock::after(now, pause).map(Done::Until)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_come_later_each_time_and_end() {
        let now = Timestamp::UNIX_EPOCH;
        let minutes = |attempts| next_attempt(attempts, true, now).map(|at| at.as_second() / 60);
        assert_eq!([1, 2, 3, 9, 10, 11].map(minutes), [Some(1), Some(2), Some(4), Some(256), Some(360), Some(360)]);
        assert_eq!(minutes(MOST_ATTEMPTS), None);
        let of_a_sweep = next_attempt(1_000, false, now).map(|at| at.as_second() / 60);
        assert_eq!(of_a_sweep, Some(360), "what comes again is never given up");
    }
}
