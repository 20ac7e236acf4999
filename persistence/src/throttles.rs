//! Attempts counted in the database, so that the counts hold for all servers and outlive a restart.

use diesel::prelude::*;
use diesel::sql_types::Integer;
use jiff::{SignedDuration, Timestamp};

use crate::columns::{Bind, Instant};
use crate::schema::throttles;
use crate::{Error, Transaction};

/// How often something may be tried: `most` times within `window`. The try after that begins a lock that lasts for one window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Tries within the window.
    pub most: i32,
    /// The window, and how long a lock lasts.
    pub window: SignedDuration,
}

/// How often something was tried.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Throttle {
    /// When counting began, or the lock.
    pub window_start: Timestamp,
    /// Attempts since then, this one included; more than allowed once a lock has begun.
    pub count: i32,
}

impl Throttle {
    /// How long the lock lasts on at `now`; `None` if there is none.
    pub fn locked_for(&self, allowance: Allowance, now: Timestamp) -> Option<SignedDuration> {
        let end = self.window_start.checked_add(allowance.window).unwrap_or(Timestamp::MAX);
        // Never longer than a window: a server whose clock was ahead may have begun the lock.
        (self.count > allowance.most && end > now).then(|| end.duration_since(now).min(allowance.window))
    }
}

/// Counts one attempt under `key`, in one statement. Counting begins anew when the window has passed. The first attempt too many begins a
/// lock; attempts during the lock are not counted, so they do not make it longer.
pub fn hit(tx: &mut Transaction<'_>, key: &[u8], now: Timestamp, allowance: Allowance) -> Result<Throttle, Error> {
    let oldest = now.checked_sub(allowance.window).unwrap_or(Timestamp::MIN);
    // What a server counted whose clock was a window ahead or more is of no use.
    let newest = now.checked_add(allowance.window).unwrap_or(Timestamp::MAX);
    let count = diesel::dsl::sql::<Integer>("CASE WHEN throttles.window_start <= ")
        .bind::<Instant, _>(Bind(oldest))
        .sql(" OR throttles.window_start > ")
        .bind::<Instant, _>(Bind(newest))
        .sql(" THEN 1 WHEN throttles.hits > ")
        .bind::<Integer, _>(allowance.most)
        .sql(" THEN throttles.hits ELSE throttles.hits + 1 END");
    let begun = diesel::dsl::sql::<Instant>("CASE WHEN throttles.window_start <= ")
        .bind::<Instant, _>(Bind(oldest))
        .sql(" OR throttles.window_start > ")
        .bind::<Instant, _>(Bind(newest))
        .sql(" OR throttles.hits = ")
        .bind::<Integer, _>(allowance.most)
        .sql(" THEN excluded.window_start ELSE throttles.window_start END");
    let row = (throttles::key_hash.eq(key), throttles::window_start.eq(Bind(now)), throttles::hits.eq(1));
    with_connection!(tx, |c| diesel::insert_into(throttles::table)
        .values(row)
        .on_conflict(throttles::key_hash)
        .do_update()
        .set((throttles::hits.eq(count), throttles::window_start.eq(begun)))
        .returning((throttles::window_start, throttles::hits))
        .get_result(c))
}

/// The count under `key`.
pub fn find(tx: &mut Transaction<'_>, key: &[u8]) -> Result<Option<Throttle>, Error> {
    with_connection!(tx, |c| throttles::table
        .filter(throttles::key_hash.eq(key))
        .select((throttles::window_start, throttles::hits))
        .first(c)
        .optional())
}

/// Forgets what was counted under `key`.
pub fn clear(tx: &mut Transaction<'_>, key: &[u8]) -> Result<(), Error> {
    with_connection!(tx, |c| diesel::delete(throttles::table.filter(throttles::key_hash.eq(key))).execute(c))?;
    Ok(())
}

/// Forgets counts that began before `before`; says how many.
pub fn sweep(tx: &mut Transaction<'_>, before: Timestamp) -> Result<usize, Error> {
    with_connection!(tx, |c| diesel::delete(throttles::table.filter(throttles::window_start.lt(Bind(before)))).execute(c))
}
