//! Scheduled work: cases expire, late opinions are noted, expired rows are deleted.
//!
//! A case that is due becomes a job, at most one of its kind. Each case is looked at again within the transaction that changes it, so that
//! two servers do nothing twice. What is kept for a while is swept by jobs that have a next date.

use std::cell::RefCell;
use std::sync::Arc;

use domain::access::may;
use domain::ids::CaseId;
use jiff::{SignedDuration, Timestamp};
use persistence::cases::{Due, DueKind};
use persistence::jobs::Claimed;
use persistence::{Page, Transaction};
use serde::{Deserialize, Serialize};

use crate::jobs::{self, Done, FailedAttempt, Job, Kind};
use crate::work::{LapseAppointment, LapseReExamination};
use crate::{App, Error, Permitted, SystemActor, UnitOfWork, appointments, billing, clock, pathology};

/// How many cases are asked for at once.
const BATCH: u32 = 100;
/// How long it is from one sweep to the next.
const BETWEEN_SWEEPS: SignedDuration = SignedDuration::from_hours(1);
/// How long sessions and codes stay after they ran out: what is asked about a sign-in is asked soon.
const TRACES_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long counted attempts stay: longer than every window in which they count.
const ATTEMPTS_KEPT: SignedDuration = SignedDuration::from_hours(48);
/// How many kept answers or estimates go in one transaction, so that nobody waits for it.
const ROWS_AT_ONCE: u32 = 1_000;
/// How long an upload may be without a document.
const UPLOADS_KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long an estimate that nobody accepted stays after it ran out.
const QUOTES_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How old a draft is when it goes if nothing was ever entered.
const EMPTY_DRAFTS_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How old a draft is when it is not looked at any more: what was entered at once stays.
const DRAFTS_LOOKED_AT: SignedDuration = SignedDuration::from_hours(60 * 24);

/// Ends a case on which the applicant did nothing for too long.
#[derive(Debug, Serialize, Deserialize)]
struct ExpireCase {
    case: CaseId,
}

/// Notes that an opinion is late.
#[derive(Debug, Serialize, Deserialize)]
struct NoteCaseOverdue {
    case: CaseId,
}

/// Forgets what was kept for a while only.
#[derive(Debug, Serialize, Deserialize)]
struct Sweep {
    what: Swept,
}

/// The things that are swept.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Swept {
    /// Sessions and codes that ran out, devices, counted attempts.
    SignIn,
    /// Answers to idempotency keys.
    Answers,
    /// Estimates that nobody accepted.
    Quotes,
    /// Uploads that became no document.
    Uploads,
    /// Drafts without content.
    Drafts,
}

impl Swept {
    const ALL: [Self; 5] = [Self::SignIn, Self::Answers, Self::Quotes, Self::Uploads, Self::Drafts];

    const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Answers => "answers",
            Self::Quotes => "quotes",
            Self::Uploads => "uploads",
            Self::Drafts => "drafts",
        }
    }
}

impl Job for ExpireCase {
    const NAME: &'static str = "expire_case";

    fn only_key(&self) -> Option<String> {
        Some(self.case.to_string())
    }
}

impl Job for NoteCaseOverdue {
    const NAME: &'static str = "note_case_overdue";

    fn only_key(&self) -> Option<String> {
        Some(self.case.to_string())
    }
}

impl Job for Sweep {
    const NAME: &'static str = "sweep";
    const COMES_AGAIN: bool = true;

    fn only_key(&self) -> Option<String> {
        Some(self.what.as_str().to_owned())
    }
}

/// The kinds of jobs that the clock makes due.
const KINDS: &[Kind] = &[
    Kind::of::<ExpireCase>(),
    Kind::of::<LapseAppointment>(),
    Kind::of::<LapseReExamination>(),
    Kind::of::<NoteCaseOverdue>(),
    Kind::of::<Sweep>(),
];

/// The outcome of one round of the scheduler.
#[derive(Debug, Default)]
pub struct Round {
    /// Cases that expired.
    pub expired: usize,
    /// Cases that were found overdue for the first time.
    pub overdue: usize,
    /// Rows that were kept for a while only, and are gone.
    pub forgotten: usize,
    /// Attempts that failed.
    pub failed: Vec<FailedAttempt>,
}

impl App {
    /// Does what is due by now.
    ///
    /// # Errors
    /// Those of the database, when it does not answer.
    pub async fn run_due(self: &Arc<Self>) -> Result<Round, Error> {
        self.plan_sweeps().await?;
        self.plan_due_cases(DueKind::Expiry, |case| ExpireCase { case }).await?;
        self.plan_due_cases(DueKind::Overdue, |case| NoteCaseOverdue { case }).await?;
        let round = RefCell::new(Round::default());
        let execute = |claimed: Claimed| async {
            let done = self.execute(claimed).await?;
            let mut round = round.borrow_mut();
            round.expired += done.expired;
            round.overdue += done.overdue;
            round.forgotten += done.forgotten;
            Ok(done.next)
        };
        let mut failed = Vec::new();
        self.do_jobs(KINDS, execute, |one| failed.push(one)).await?;
        Ok(Round { failed, ..round.into_inner() })
    }

    /// Writes the jobs that sweep, if they are not there yet.
    async fn plan_sweeps(&self) -> Result<(), Error> {
        let there = self.store.read(|tx| persistence::jobs::keys(tx, Sweep::NAME)).await?;
        let absent = Swept::ALL.into_iter().filter(|what| !there.iter().any(|key| key == what.as_str()));
        self.plan(absent.map(|what| (Sweep { what }, None)).collect()).await
    }

    /// Writes a job for each case that is due and has none. Where none is to be written, nothing is.
    async fn plan_due_cases<J: Job>(&self, kind: DueKind, job: impl Fn(CaseId) -> J) -> Result<(), Error> {
        let now = self.clock.now();
        let there = self.store.read(move |tx| persistence::jobs::keys(tx, J::NAME)).await?;
        let mut after: Option<Due> = None;
        loop {
            let page = Page { after, limit: BATCH };
            let due = self.store.read(move |tx| persistence::cases::list_due(tx, kind, now, page)).await?;
            let Some(last) = due.last() else { return Ok(()) };
            after = Some(*last);
            let cases = due.iter().map(|one| one.case).filter(|case| !there.contains(&case.to_string()));
            self.plan(cases.map(|case| (job(case), Some(case))).collect()).await?;
        }
    }

    async fn plan<J: Job>(&self, planned: Vec<(J, Option<CaseId>)>) -> Result<(), Error> {
        let now = self.clock.now();
        let new = planned.iter().map(|(job, case)| jobs::new(job, self.ids.fresh(now), *case, now, now));
        let new = new.collect::<Result<Vec<_>, Error>>()?;
        if new.is_empty() {
            return Ok(());
        }
        self.store.write(move |tx| persistence::jobs::insert(tx, &new)).await?;
        Ok(())
    }

    async fn execute(self: &Arc<Self>, claimed: Claimed) -> Result<Executed, Error> {
        match claimed.name.as_str() {
            ExpireCase::NAME => {
                let ExpireCase { case } = jobs::read(&claimed)?;
                let done = self.apply(case, DueKind::Expiry).await?;
                Ok(Executed { expired: usize::from(done), ..Executed::default() })
            }
            LapseReExamination::NAME => {
                let LapseReExamination { case } = jobs::read(&claimed)?;
                let lapse = move |work: &mut UnitOfWork<'_, '_, may::LapseReExamination>| pathology::lapse(work, case);
                was_due(self.perform(Permitted::by_system(SystemActor::Scheduler).with(lapse)).await)?;
                Ok(Executed::default())
            }
            LapseAppointment::NAME => {
                let LapseAppointment { case } = jobs::read(&claimed)?;
                let lapse = move |work: &mut UnitOfWork<'_, '_, may::LapseAppointment>| appointments::lapse(work, case);
                was_due(self.perform(Permitted::by_system(SystemActor::Scheduler).with(lapse)).await)?;
                Ok(Executed::default())
            }
            NoteCaseOverdue::NAME => {
                let NoteCaseOverdue { case } = jobs::read(&claimed)?;
                let done = self.apply(case, DueKind::Overdue).await?;
                Ok(Executed { overdue: usize::from(done), ..Executed::default() })
            }
            Sweep::NAME => {
                let Sweep { what } = jobs::read(&claimed)?;
                let now = self.clock.now();
                let forgotten = self.sweep(what, now).await?;
                Ok(Executed { forgotten, next: jobs::again_after(now, BETWEEN_SWEEPS)?, ..Executed::default() })
            }
            _ => Err(Error::Internal("a job of a kind that nobody does")),
        }
    }

    /// Applies the clock to one case. Says whether this call did it: a case that changed meanwhile refuses.
    async fn apply(self: &Arc<Self>, id: CaseId, kind: DueKind) -> Result<bool, Error> {
        let done = match kind {
            DueKind::Expiry => {
                let expire = move |work: &mut UnitOfWork<'_, '_, may::ExpireCase>| billing::expire(work, id);
                self.perform(Permitted::by_system(SystemActor::Scheduler).with(expire)).await
            }
            DueKind::Overdue => {
                let note = move |work: &mut UnitOfWork<'_, '_, may::NoteCaseOverdue>| {
                    work.change_case_as_system(id, |work, case, now| Ok(case.note_overdue(&work.rules(), now)?))
                };
                self.perform(Permitted::by_system(SystemActor::Scheduler).with(note)).await
            }
        };
        was_due(done)
    }

    async fn sweep(self: &Arc<Self>, what: Swept, now: Timestamp) -> Result<usize, Error> {
        match what {
            Swept::SignIn => {
                let (traces, attempts) = (clock::before(now, TRACES_KEPT)?, clock::before(now, ATTEMPTS_KEPT)?);
                let forget = move |tx: &mut Transaction<'_>| {
                    let of_people = persistence::sessions::sweep(tx, traces)? + persistence::codes::sweep(tx, traces)?;
                    let of_devices = persistence::devices::sweep(tx, now)?;
                    Ok::<_, Error>(of_people + of_devices + persistence::throttles::sweep(tx, attempts)?)
                };
                self.store.write(forget).await
            }
            Swept::Answers => self.sweep_in_parts(move |tx| persistence::idempotency::sweep(tx, now, ROWS_AT_ONCE)).await,
            Swept::Quotes => {
                let before = clock::before(now, QUOTES_KEPT)?;
                self.sweep_in_parts(move |tx| persistence::quotes::sweep(tx, before, ROWS_AT_ONCE)).await
            }
            Swept::Uploads => {
                let before = clock::before(now, UPLOADS_KEPT)?;
                self.sweep_in_parts(move |tx| persistence::blobs::sweep(tx, before).map(usize::from)).await
            }
            Swept::Drafts => self.forget_empty_drafts(now).await,
        }
    }

    /// Forgets rows in transactions of their own, so that nobody waits long.
    async fn sweep_in_parts(
        &self,
        part: impl Fn(&mut Transaction<'_>) -> Result<usize, persistence::Error> + Clone + Send + 'static,
    ) -> Result<usize, Error> {
        let mut forgotten = 0;
        loop {
            let rows = self.store.write(part.clone()).await?;
            if rows == 0 {
                return Ok(forgotten);
            }
            forgotten += rows;
        }
    }

    /// Forgets drafts into which nobody ever entered anything.
    async fn forget_empty_drafts(self: &Arc<Self>, now: Timestamp) -> Result<usize, Error> {
        let (from, to) = (clock::before(now, DRAFTS_LOOKED_AT)?, clock::before(now, EMPTY_DRAFTS_KEPT)?);
        let (mut after, mut forgotten): (Option<Due>, _) = (None, 0);
        loop {
            let page = Page { after, limit: BATCH };
            let drafts =
                self.store.read(move |tx| persistence::cases::list_untouched_drafts(tx, from, to, page).map_err(Error::from)).await?;
            for draft in &drafts {
                let id = draft.case;
                // Most have content: those are only looked at.
                let looked = self.store.read(move |tx| {
                    let stored = persistence::cases::get_for_system(tx, id)?;
                    Ok::<_, persistence::Error>((stored, persistence::cases::has_activity(tx, id)?))
                });
                match looked.await {
                    Ok((stored, false)) if stored.case.is_empty_draft() => {}
                    // One that cannot be read keeps no other from going: `check` names it.
                    Ok(_) | Err(persistence::Error::NotFound | persistence::Error::Corrupt { .. }) => continue,
                    Err(error) => return Err(error.into()),
                }
                let remove = move |work: &mut UnitOfWork<'_, '_, may::RemoveEmptyDraft>| {
                    let (case, version) = work.case_for_system(id)?;
                    if !case.is_empty_draft() || persistence::cases::has_activity(work.tx, id)? {
                        return Err(Error::Absent);
                    }
                    Ok(persistence::cases::delete_draft(work.tx, id, version)?)
                };
                match self.perform(Permitted::by_system(SystemActor::Scheduler).with(remove)).await {
                    Ok(()) => forgotten += 1,
                    Err(Error::Absent) => {}
                    Err(error) => return Err(error),
                }
            }
            let Some(last) = drafts.last() else { return Ok(forgotten) };
            after = Some(*last);
        }
    }
}

/// Whether the clock did something: a case that changed meanwhile refuses.
fn was_due(done: Result<(), Error>) -> Result<bool, Error> {
    match done {
        Ok(()) => Ok(true),
        Err(Error::Absent | Error::Refused(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The outcome of a job.
#[derive(Debug)]
struct Executed {
    expired: usize,
    overdue: usize,
    forgotten: usize,
    next: Done,
}

impl Default for Executed {
    fn default() -> Self {
        Self { expired: 0, overdue: 0, forgotten: 0, next: Done::Finished }
    }
}
