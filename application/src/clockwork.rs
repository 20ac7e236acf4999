//! The clock's work: cases that expire, opinions that are overdue, and what is kept for a while only. Of several servers on one database
//! one at a time does it, by a lease. Each case is looked at again within the transaction that changes it, and its version decides who
//! was first, so that even a lease that ran out in the middle of a round does nothing twice.

use std::sync::Arc;

use domain::access::may;
use domain::ids::CaseId;
use jiff::{SignedDuration, Timestamp};
use persistence::cases::{Due, DueKind};
use persistence::{Page, leases};

use crate::{Error, Hospital, Permitted, SystemActor, UnitOfWork, clock, money};

/// How many cases are asked for at once.
const BATCH: u32 = 100;
/// How long a server that fell silent keeps others from the clock's work: three rounds.
const LEASE: SignedDuration = SignedDuration::from_mins(3);
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

/// What a round of the clock did.
#[derive(Debug, Default)]
pub struct Round {
    /// Cases that expired.
    pub expired: usize,
    /// Cases that were found overdue for the first time.
    pub overdue: usize,
    /// Rows that were kept for a while only, and are gone.
    pub forgotten: usize,
    /// Cases that could not be looked at. Nothing changed in them; the next round tries again.
    pub failed: Vec<(CaseId, Error)>,
}

impl Hospital {
    /// Does what is due by now, if no other server is at it.
    pub async fn tick(self: &Arc<Self>) -> Result<Round, Error> {
        let now = self.clock.now();
        let mut round = Round::default();
        let (holder, until) = (self.name.clone(), clock::after(now, LEASE)?);
        let ours = self.store.write(move |tx| leases::take(tx, "clock", &holder, now, until).map_err(Error::from)).await?;
        if ours {
            for kind in [DueKind::Expiry, DueKind::Overdue] {
                self.attend(kind, now, &mut round).await?;
            }
            round.forgotten = self.forget(now).await?;
        }
        Ok(round)
    }

    /// Goes through all cases that are due, once. One that cannot be looked at keeps no other waiting.
    async fn attend(self: &Arc<Self>, kind: DueKind, now: Timestamp, round: &mut Round) -> Result<(), Error> {
        let mut after: Option<Due> = None;
        loop {
            let page = Page { after, limit: BATCH };
            let due = self.store.read(move |tx| persistence::cases::list_due(tx, kind, now, page).map_err(Error::from)).await?;
            for one in &due {
                match self.apply(one.case, kind).await {
                    Ok(done) => {
                        let count = if kind == DueKind::Expiry { &mut round.expired } else { &mut round.overdue };
                        *count += usize::from(done);
                    }
                    Err(Error::Stored(cause)) if cause.is_transient() => return Err(cause.into()),
                    Err(error) => round.failed.push((one.case, error)),
                }
            }
            let Some(last) = due.last() else { return Ok(()) };
            after = Some(*last);
        }
    }

    /// Applies the clock to one case. Says whether this call did it: a case that changed meanwhile refuses.
    async fn apply(self: &Arc<Self>, id: CaseId, kind: DueKind) -> Result<bool, Error> {
        let done = match kind {
            DueKind::Expiry => {
                let expire = move |work: &mut UnitOfWork<'_, '_, may::ExpireCase>| {
                    work.change_case_as_system(id, |work, case, now| {
                        let received = money::received_so_far(work.tx, id)?;
                        Ok(case.expire(&work.rules(), now, received)?)
                    })
                };
                self.perform(Permitted::by_system(SystemActor::Scheduler), expire).await
            }
            DueKind::Overdue => {
                let note = move |work: &mut UnitOfWork<'_, '_, may::NoteCaseOverdue>| {
                    work.change_case_as_system(id, |work, case, now| Ok(case.note_overdue(&work.rules(), now)?))
                };
                self.perform(Permitted::by_system(SystemActor::Scheduler), note).await
            }
        };
        match done {
            Ok(()) => Ok(true),
            Err(Error::Absent | Error::Refused(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Forgets what was kept for a while only: answers to idempotency keys, sessions and codes that ran out, counted attempts, estimates
    /// that nobody accepted, uploads that became no document, drafts without content.
    async fn forget(self: &Arc<Self>, now: Timestamp) -> Result<usize, Error> {
        let (quotes, uploads) = (clock::before(now, QUOTES_KEPT)?, clock::before(now, UPLOADS_KEPT)?);
        let (traces, attempts) = (clock::before(now, TRACES_KEPT)?, clock::before(now, ATTEMPTS_KEPT)?);
        let mut forgotten = self
            .store
            .write(move |tx| {
                let of_people = persistence::sessions::sweep(tx, traces)? + persistence::codes::sweep(tx, traces)?;
                let of_devices = persistence::devices::sweep(tx, now)?;
                Ok::<_, Error>(of_people + of_devices + persistence::throttles::sweep(tx, attempts)?)
            })
            .await?;
        loop {
            let rows = self
                .store
                .write(move |tx| {
                    let answers = persistence::idempotency::sweep(tx, now, ROWS_AT_ONCE)?;
                    Ok::<_, Error>(answers + persistence::quotes::sweep(tx, quotes, ROWS_AT_ONCE)?)
                })
                .await?;
            if rows == 0 {
                break;
            }
            forgotten += rows;
        }
        while self.store.write(move |tx| persistence::blobs::sweep(tx, uploads).map_err(Error::from)).await? {
            forgotten += 1;
        }
        Ok(forgotten + self.forget_empty_drafts(now).await?)
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
                    Ok(_) | Err(persistence::Error::NotFound) => continue,
                    Err(error) => return Err(error.into()),
                }
                let remove = move |work: &mut UnitOfWork<'_, '_, may::RemoveEmptyDraft>| {
                    let (case, version) = work.case_for_system(id)?;
                    if !case.is_empty_draft() || persistence::cases::has_activity(work.tx, id)? {
                        return Err(Error::Absent);
                    }
                    Ok(persistence::cases::delete_draft(work.tx, id, version)?)
                };
                match self.perform(Permitted::by_system(SystemActor::Scheduler), remove).await {
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
