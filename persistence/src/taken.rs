//! The half hours that cases take, and the physicians who see a case because they receive its visit. Both follow from the case: they are written with it, and
//! `check` holds them against it.

use diesel::prelude::*;
use domain::appointments::{HeldHalfHour, TakenHalfHour};
use domain::case::Case;
use domain::ids::{CaseId, UserId};
use jiff::Timestamp;

use crate::columns::Bind;
use crate::connection::Connection;
use crate::schema::{case_physicians, taken_half_hours as taken};
use crate::{Error, Transaction};

#[derive(Insertable)]
#[diesel(table_name = taken)]
struct TakenRow {
    physician_id: Bind<UserId>,
    starts_at: Bind<Timestamp>,
    case_id: Bind<CaseId>,
    held_until: Option<Bind<Timestamp>>,
}

/// A half hour by its key.
macro_rules! this {
    ($half_hour:expr) => {
        taken::physician_id.eq(Bind($half_hour.physician)).and(taken::starts_at.eq(Bind($half_hour.starts_at)))
    };
}

/// Lets a case take other half hours than before, and gives those that somebody else has; then nothing of this may be committed. What others held and hold no
/// longer is free. The half hours are taken in one order, so that two cases cannot wait for each other.
pub fn change(
    tx: &mut Transaction<'_>,
    case: CaseId,
    before: &[TakenHalfHour],
    after: &[TakenHalfHour],
    now: Timestamp,
) -> Result<Vec<HeldHalfHour>, Error> {
    let is_in = |list: &[TakenHalfHour], one: &TakenHalfHour| list.iter().any(|other| other.half_hour == one.half_hour);
    for one in before.iter().filter(|one| !is_in(after, one)) {
        let own = taken::table.filter(this!(one.half_hour)).filter(taken::case_id.eq(Bind(case)));
        with_connection!(tx, |c| diesel::delete(own).execute(c))?;
    }
    let mut refused = Vec::new();
    for one in after.iter().filter(|one| !before.contains(one)) {
        let held_until = one.held_until.map(Bind);
        // An offer that was longer ago than its time is another's by now.
        let over =
            taken::table.filter(this!(one.half_hour)).filter(taken::held_until.le(Some(Bind(now)))).filter(taken::case_id.ne(Bind(case)));
        with_connection!(tx, |c| diesel::delete(over).execute(c))?;
        let row = TakenRow {
            physician_id: Bind(one.half_hour.physician),
            starts_at: Bind(one.half_hour.starts_at),
            case_id: Bind(case),
            held_until,
        };
        let written = if is_in(before, one) {
            let own = taken::table.filter(this!(one.half_hour)).filter(taken::case_id.eq(Bind(case)));
            with_connection!(tx, |c| diesel::update(own).set(taken::held_until.eq(held_until)).execute(c))?
        } else {
            tx.usable()?;
            let insert = diesel::insert_into(taken::table).values(&row).on_conflict_do_nothing();
            let written = match tx.connection() {
                Connection::Postgres(c) => insert.execute(c),
                Connection::Sqlite(c) => insert.execute(c),
            };
            tx.judged(written)?
        };
        if written == 0 {
            refused.push(one.half_hour);
        }
    }
    Ok(refused)
}

/// Whether another case has one of these half hours now.
pub fn is_any_taken(tx: &mut Transaction<'_>, case: CaseId, half_hours: &[HeldHalfHour], now: Timestamp) -> Result<bool, Error> {
    for one in half_hours {
        let holds = taken::held_until.is_null().or(taken::held_until.gt(Some(Bind(now))));
        let held = taken::table.filter(this!(one)).filter(taken::case_id.ne(Bind(case))).filter(holds.assume_not_null());
        if with_connection!(tx, |c| diesel::select(diesel::dsl::exists(held)).get_result::<bool>(c))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Writes who receives the visit of a case.
pub fn set_physicians(tx: &mut Transaction<'_>, case: CaseId, physicians: &[UserId]) -> Result<(), Error> {
    let own = case_physicians::table.filter(case_physicians::case_id.eq(Bind(case)));
    with_connection!(tx, |c| diesel::delete(own).execute(c))?;
    for physician in physicians {
        let row = (case_physicians::case_id.eq(Bind(case)), case_physicians::user_id.eq(Bind(*physician)));
        with_connection!(tx, |c| diesel::insert_into(case_physicians::table).values(row).execute(c))?;
    }
    Ok(())
}

/// Holds what stands beside a case against the case.
pub(crate) fn examine(tx: &mut Transaction<'_>, case: &Case) -> Result<(), Error> {
    let id = case.id();
    let mut rows: Vec<(Timestamp, UserId, Option<Timestamp>)> = with_connection!(tx, |c| taken::table
        .filter(taken::case_id.eq(Bind(id)))
        .select((taken::starts_at, taken::physician_id, taken::held_until))
        .load(c))?;
    rows.sort_unstable();
    let expected: Vec<_> = case.taken().into_iter().map(|one| (one.half_hour.starts_at, one.half_hour.physician, one.held_until)).collect();
    // A hold that is over may have been taken over by another case before this one was told.
    let stands = |one: &&(Timestamp, UserId, Option<Timestamp>)| rows.contains(one) || one.2.is_some();
    if rows.iter().any(|row| !expected.contains(row)) || !expected.iter().all(|one| stands(&one)) {
        return Err(Error::corrupt("taken_half_hours", "case_id", id));
    }
    let mut physicians: Vec<UserId> = with_connection!(tx, |c| case_physicians::table
        .filter(case_physicians::case_id.eq(Bind(id)))
        .select(case_physicians::user_id)
        .load(c))?;
    physicians.sort_unstable();
    let mut expected = case.receiving();
    expected.sort_unstable();
    if physicians == expected { Ok(()) } else { Err(Error::corrupt("case_physicians", "user_id", id)) }
}
