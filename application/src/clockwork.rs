//! The clock's work: cases that expire, and opinions that are overdue. Safe to run in several servers at once: each case is looked at
//! again within the transaction that changes it, and the version decides who was first.

use std::sync::Arc;

use domain::ids::CaseId;
use persistence::cases::DueKind;

use crate::{Error, Hospital, money};

/// How many cases one round takes.
const BATCH: u32 = 100;

/// What a round of the clock did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Cases that expired.
    pub expired: usize,
    /// Cases that were found overdue for the first time.
    pub overdue: usize,
}

impl Hospital {
    /// Does what is due by now.
    pub async fn tick(self: &Arc<Self>) -> Result<Round, Error> {
        let now = self.clock.now();
        let mut round = Round::default();
        for id in self.store.read(move |tx| persistence::cases::list_due(tx, DueKind::Expiry, now, BATCH).map_err(Error::from)).await? {
            round.expired += usize::from(self.apply_clock(id, DueKind::Expiry).await?);
        }
        for id in self.store.read(move |tx| persistence::cases::list_due(tx, DueKind::Overdue, now, BATCH).map_err(Error::from)).await? {
            round.overdue += usize::from(self.apply_clock(id, DueKind::Overdue).await?);
        }
        Ok(round)
    }

    /// Applies the clock to one case. Says whether this call did it: a case that changed meanwhile is left for the next round.
    async fn apply_clock(self: &Arc<Self>, id: CaseId, kind: DueKind) -> Result<bool, Error> {
        let now = self.clock.now();
        let settings = self.settings().await?.values;
        let done = self
            .store
            .write(move |tx| {
                let stored = persistence::cases::get_for_system(tx, id)?;
                let rules = domain::case::Rules { settings: &settings };
                let decided = match kind {
                    DueKind::Expiry => {
                        let received = money::received_so_far(tx, id)?;
                        stored.case.expire(&rules, now, received)?
                    }
                    DueKind::Overdue => stored.case.note_overdue(&rules, now)?,
                };
                persistence::cases::save(tx, &decided.case, stored.version, now)?;
                persistence::events::insert(tx, id, None, now, &decided.events)?;
                Ok(())
            })
            .await;
        match done {
            Ok(()) => Ok(true),
            Err(Error::Stored(persistence::Error::Stale) | Error::Refused(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
