//! Fee schedules: the published prices, by the day from which they hold.

use std::sync::Arc;

use domain::billing::fees::FeeSchedule;
use domain::billing::{CancellationPolicy, Terms};
use domain::calendar::today_in_tokyo;
use domain::ids::FeeScheduleId;
use jiff::Timestamp;
use persistence::Transaction;

use crate::{App, Error, work};

impl App {
    /// Makes ready what a server needs before it serves: a fresh database gets the published fee schedule and the first terms. May be called again, and by
    /// several servers at once.
    pub async fn prepare(&self) -> Result<(), Error> {
        let now = self.clock.now();
        // A server starts on a full disk, too: it writes only what is missing.
        if !self.list_fee_schedules().await?.is_empty() && !self.list_terms().await?.is_empty() {
            return Ok(());
        }
        let id = self.ids.fresh(now);
        let terms = Terms::seed(self.ids.fresh(now), CancellationPolicy::default(), now);
        let terms = terms.ok_or(Error::Internal("the first terms are no terms"))?;
        let done = self.store.write(move |tx| {
            if persistence::fee_schedules::list(tx)?.is_empty() {
                persistence::fee_schedules::insert(tx, &FeeSchedule::seed(id), now)?;
            }
            if persistence::terms::list(tx)?.is_empty() {
                persistence::terms::insert(tx, &terms)?;
            }
            Ok(())
        });
        match done.await {
            // Another server was first.
            Err(Error::Stored(persistence::Error::Duplicate { .. })) => Ok(()),
            done => done,
        }
    }

    /// Every fee schedule, the latest to take effect first. Public.
    pub async fn list_fee_schedules(&self) -> Result<Vec<FeeSchedule>, Error> {
        self.store.read(|tx| persistence::fee_schedules::list(tx).map_err(Error::from)).await
    }

    /// One fee schedule. Public.
    pub async fn get_fee_schedule(self: &Arc<Self>, id: FeeScheduleId) -> Result<FeeSchedule, Error> {
        self.store.read(move |tx| persistence::fee_schedules::get(tx, id).map_err(work::absent)).await
    }

    /// The fee schedule in force. Public.
    pub async fn fees_in_force(self: &Arc<Self>) -> Result<FeeSchedule, Error> {
        let now = self.clock.now();
        self.store.read(move |tx| in_force(tx, now)).await
    }
}

/// The fee schedule in force at an instant.
pub(super) fn in_force(tx: &mut Transaction<'_>, now: Timestamp) -> Result<FeeSchedule, Error> {
    let all = persistence::fee_schedules::list(tx)?;
    FeeSchedule::in_force(&all, today_in_tokyo(now)).cloned().ok_or(Error::Internal("no fee schedule is in force"))
}
