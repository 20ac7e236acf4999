//! Fee schedules: published prices, one for each day from which they hold. Nothing in them is personal.

use diesel::prelude::*;
use domain::billing::fees::FeeSchedule;
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
    let body = tx.write_form_text(("fee_schedules", "body", schedule.id.uuid()), schedule)?;
    let row = (
        schedules::id.eq(Bind(schedule.id)),
        schedules::effective_on.eq(Bind(schedule.effective_on)),
        schedules::created_at.eq(Bind(now)),
        schedules::body.eq(body),
    );
    with_connection!(tx, |c| diesel::insert_into(schedules::table).values(row).execute(c))?;
    Ok(())
}

/// One schedule.
pub fn get(tx: &mut Transaction<'_>, id: FeeScheduleId) -> Result<FeeSchedule, Error> {
    let row: (FeeScheduleId, Date, String) = with_connection!(tx, |c| schedules::table
        .filter(schedules::id.eq(Bind(id)))
        .select((schedules::id, schedules::effective_on, schedules::body))
        .first(c))?;
    restore(tx, row)
}

/// All schedules, the latest to take effect first; there are a few.
pub fn list(tx: &mut Transaction<'_>) -> Result<Vec<FeeSchedule>, Error> {
    let rows: Vec<(FeeScheduleId, Date, String)> = with_connection!(tx, |c| schedules::table
        .order(schedules::effective_on.desc())
        .select((schedules::id, schedules::effective_on, schedules::body))
        .load(c))?;
    rows.into_iter().map(|row| restore(tx, row)).collect()
}

fn restore(tx: &Transaction<'_>, (id, effective_on, body): (FeeScheduleId, Date, String)) -> Result<FeeSchedule, Error> {
    let schedule: FeeSchedule = tx.read_form(("fee_schedules", "body", id.uuid()), body.as_bytes())?;
    let agrees = schedule.id == id && schedule.effective_on == effective_on;
    if agrees { Ok(schedule) } else { Err(Error::corrupt("fee_schedules", "columns", id)) }
}
