//! Attempts counted in the database, so that the counts outlive a restart.

use diesel::prelude::*;
use diesel::sql_types::Integer;
use jiff::{SignedDuration, Timestamp};

use crate::columns::{Bind, Instant};
use crate::schema::throttles;
use crate::{Error, Transaction};

/// How often something was tried.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Throttle {
    /// When counting began.
    pub window_start: Timestamp,
    /// Attempts since then, this one included.
    pub count: i32,
    /// Until when attempts are refused.
    pub locked_until: Option<Timestamp>,
}

/// Counts one attempt under `key`; counting begins anew when the window has passed.
pub fn hit(tx: &mut Transaction<'_>, key: &[u8], now: Timestamp, window: SignedDuration) -> Result<Throttle, Error> {
    let oldest = now.checked_sub(window).unwrap_or(Timestamp::MIN);
    let start = |fresh: &'static str, again: &'static str| {
        // Both branches in SQL: one statement, no race.
        diesel::dsl::sql::<Integer>("CASE WHEN throttles.window_start > ")
            .bind::<Instant, _>(Bind(oldest))
            .sql(" THEN ")
            .sql(again)
            .sql(" ELSE ")
            .sql(fresh)
            .sql(" END")
    };
    let row = (throttles::key_hash.eq(key), throttles::window_start.eq(Bind(now)), throttles::hits.eq(1));
    let begun = diesel::dsl::sql::<Instant>("CASE WHEN throttles.window_start > ")
        .bind::<Instant, _>(Bind(oldest))
        .sql(" THEN throttles.window_start ELSE excluded.window_start END");
    on!(tx, |c| diesel::insert_into(throttles::table)
        .values(row)
        .on_conflict(throttles::key_hash)
        .do_update()
        .set((throttles::hits.eq(start("1", "throttles.hits + 1")), throttles::window_start.eq(begun)))
        .returning((throttles::window_start, throttles::hits, throttles::locked_until))
        .get_result(c))
}

/// What is counted under `key`.
pub fn find(tx: &mut Transaction<'_>, key: &[u8]) -> Result<Option<Throttle>, Error> {
    on!(tx, |c| throttles::table
        .filter(throttles::key_hash.eq(key))
        .select((throttles::window_start, throttles::hits, throttles::locked_until))
        .first(c)
        .optional())
}

/// Refuses attempts until `until`.
pub fn lock(tx: &mut Transaction<'_>, key: &[u8], until: Timestamp) -> Result<(), Error> {
    let target = throttles::table.filter(throttles::key_hash.eq(key));
    on!(tx, |c| diesel::update(target).set(throttles::locked_until.eq(Some(Bind(until)))).execute(c))?;
    Ok(())
}

/// Forgets what was counted under `key`.
pub fn clear(tx: &mut Transaction<'_>, key: &[u8]) -> Result<(), Error> {
    on!(tx, |c| diesel::delete(throttles::table.filter(throttles::key_hash.eq(key))).execute(c))?;
    Ok(())
}

/// Forgets counts that began before `before`; says how many.
pub fn sweep(tx: &mut Transaction<'_>, before: Timestamp) -> Result<usize, Error> {
    let old = throttles::window_start.lt(Bind(before));
    let free = throttles::locked_until.is_null().or(throttles::locked_until.lt(Some(Bind(before))));
    on!(tx, |c| diesel::delete(throttles::table.filter(old).filter(free)).execute(c))
}
