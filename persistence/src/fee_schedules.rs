//! Fee schedules: published prices, one for each day from which they hold. Nothing in them is personal.

use diesel::prelude::*;
use domain::fees::FeeSchedule;
use domain::ids::FeeScheduleId;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::columns::Bind;
use crate::schema::fee_schedules as schedules;
use crate::{Error, Transaction};

/// A new schedule.
///
/// # Errors
/// [`Error::Duplicate`] of `fee_schedules.effective_on` if another one holds from that day.
pub fn insert(tx: &mut Transaction<'_>, schedule: &FeeSchedule, now: Timestamp) -> Result<(), Error> {
    let body = serde_json::to_string(schedule).map_err(|_| Error::Query("writing JSON for fee_schedules.body".to_owned()))?;
    let row = (
        schedules::id.eq(Bind(schedule.id)),
        schedules::effective_on.eq(Bind(schedule.effective_on)),
        schedules::created_at.eq(Bind(now)),
        schedules::body.eq(body),
    );
    on!(tx, |c| diesel::insert_into(schedules::table).values(row).execute(c))?;
    Ok(())
}

/// One schedule.
pub fn get(tx: &mut Transaction<'_>, id: FeeScheduleId) -> Result<FeeSchedule, Error> {
    let row: (FeeScheduleId, Date, String) = on!(tx, |c| schedules::table
        .filter(schedules::id.eq(Bind(id)))
        .select((schedules::id, schedules::effective_on, schedules::body))
        .first(c))?;
    restore(row)
}

/// All schedules, the latest to take effect first; there are a few.
pub fn list(tx: &mut Transaction<'_>) -> Result<Vec<FeeSchedule>, Error> {
    let rows: Vec<(FeeScheduleId, Date, String)> = on!(tx, |c| schedules::table
        .order(schedules::effective_on.desc())
        .select((schedules::id, schedules::effective_on, schedules::body))
        .load(c))?;
    rows.into_iter().map(restore).collect()
}

fn restore((id, effective_on, body): (FeeScheduleId, Date, String)) -> Result<FeeSchedule, Error> {
    let schedule: FeeSchedule = serde_json::from_str(&body).map_err(|_| Error::corrupt("fee_schedules", "body", id))?;
    let agrees = schedule.id == id && schedule.effective_on == effective_on;
    if agrees { Ok(schedule) } else { Err(Error::corrupt("fee_schedules", "columns", id)) }
}
