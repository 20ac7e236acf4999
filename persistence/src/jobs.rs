//! Later work, written in the transaction of its cause and done afterwards. What a job is about is sealed.

use diesel::prelude::*;
use domain::ids::{CaseId, JobId};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use crate::among::among;
use crate::columns::Bind;
use crate::connection::Connection;
use crate::schema::jobs;
use crate::{Error, Page, Transaction};

/// A job to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// Identifier, by which the receiving side of a letter may recognise a second sending.
    pub id: JobId,
    /// The name of its kind.
    pub name: &'static str,
    /// Of jobs of one kind with the same key there is one.
    pub only_key: Option<String>,
    /// The case that it speaks of, so that it can be silenced with it.
    pub case: Option<CaseId>,
    /// The payload; sealed.
    pub payload: Value,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it is due.
    pub due_at: Timestamp,
}

/// A job that was taken to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Identifier.
    pub id: JobId,
    /// The name of its kind.
    pub name: String,
    /// The payload; an error if it cannot be read back.
    pub payload: Result<Value, Error>,
    /// How often it failed already.
    pub attempts: i32,
}

/// A job whose last attempt failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedJob {
    /// Identifier.
    pub id: JobId,
    /// The name of its kind.
    pub name: String,
    /// The case that it speaks of.
    pub case: Option<CaseId>,
    /// When it was written.
    pub created_at: Timestamp,
    /// How often it failed.
    pub attempts: i32,
    /// Why it failed the last time: a code.
    pub failure: String,
    /// When.
    pub failed_at: Timestamp,
    /// When it is tried again; `None` if it is not.
    pub due_at: Option<Timestamp>,
}

/// How long a claim holds. A server that dies leaves its job to another after this time.
const CLAIM: SignedDuration = SignedDuration::from_mins(2);

/// New jobs. One with a key that is taken is left out; says how many were written.
pub fn insert(tx: &mut Transaction<'_>, new: &[NewJob]) -> Result<usize, Error> {
    let mut written = 0;
    for job in new {
        let row = (
            jobs::id.eq(Bind(job.id)),
            jobs::name.eq(job.name),
            jobs::only_key.eq(job.only_key.clone()),
            jobs::case_id.eq(job.case.map(Bind)),
            jobs::payload_sealed.eq(tx.seal_form(place(job.id), &job.payload)?),
            jobs::created_at.eq(Bind(job.created_at)),
            jobs::due_at.eq(Some(Bind(job.due_at))),
            jobs::attempts.eq(0),
        );
        let kept = with_connection!(tx, |c| diesel::insert_into(jobs::table)
            .values(row)
            .on_conflict((jobs::name, jobs::only_key))
            .do_nothing()
            .execute(c))?;
        written += kept;
    }
    Ok(written)
}

/// Whether a job of one of these kinds is due.
pub fn has_due(tx: &mut Transaction<'_>, names: &[&str], now: Timestamp) -> Result<bool, Error> {
    let due = jobs::table.filter(jobs::due_at.le(Some(Bind(now))).and(among(jobs::name, names.iter().copied())));
    with_connection!(tx, |c| diesel::select(diesel::dsl::exists(due)).get_result(c))
}

/// The keys of the jobs of one kind.
pub fn keys(tx: &mut Transaction<'_>, name: &str) -> Result<Vec<String>, Error> {
    with_connection!(tx, |c| jobs::table
        .filter(jobs::name.eq(name).and(jobs::only_key.is_not_null()))
        .select(jobs::only_key.assume_not_null())
        .load(c))
}

/// Takes due jobs of these kinds, the one that waits longest first, of those due at one instant the oldest, and keeps others from taking them for two minutes. Kinds that this
/// program does not know are left to one that does.
pub fn claim(tx: &mut Transaction<'_>, names: &[&str], now: Timestamp, limit: u32) -> Result<Vec<Claimed>, Error> {
    type Row = (JobId, String, Vec<u8>, i32);
    tx.usable()?;
    let due = jobs::table
        .filter(jobs::due_at.le(Some(Bind(now))).and(among(jobs::name, names.iter().copied())))
        .order((jobs::due_at, jobs::id))
        .limit(i64::from(limit))
        .select((jobs::id, jobs::name, jobs::payload_sealed, jobs::attempts));
    // Only PostgreSQL has several writers, and can skip what another one holds.
    let rows = match tx.connection() {
        Connection::Sqlite(c) => due.load(c),
        Connection::Postgres(c) => due.for_update().skip_locked().load(c),
    };
    let rows: Vec<Row> = tx.judged(rows)?;
    let until = now.saturating_add(CLAIM).unwrap_or(now);
    let ids: Vec<Bind<JobId>> = rows.iter().map(|(id, ..)| Bind(*id)).collect();
    let taken = jobs::table.filter(jobs::id.eq_any(ids));
    with_connection!(tx, |c| diesel::update(taken).set(jobs::due_at.eq(Some(Bind(until)))).execute(c))?;
    let claimed = |(id, name, sealed, attempts): Row| Claimed { id, name, payload: tx.open_form(place(id), &sealed), attempts };
    Ok(rows.into_iter().map(claimed).collect())
}

/// A job is done, and goes.
pub fn done(tx: &mut Transaction<'_>, id: JobId) -> Result<(), Error> {
    with_connection!(tx, |c| diesel::delete(jobs::table.filter(jobs::id.eq(Bind(id)))).execute(c)).map(drop)
}

/// A job is done, and is due again at its next date.
pub fn done_until(tx: &mut Transaction<'_>, id: JobId, next: Timestamp) -> Result<(), Error> {
    let new = (
        jobs::due_at.eq(Some(Bind(next))),
        jobs::attempts.eq(0),
        jobs::failure.eq(None::<String>),
        jobs::failed_at.eq(None::<Bind<Timestamp>>),
    );
    with_connection!(tx, |c| diesel::update(jobs::table.filter(jobs::id.eq(Bind(id)))).set(new).execute(c)).map(drop)
}

/// An attempt failed, for a reason that is said as a code; the next one is due at `again_at`, or never by itself.
pub fn failed(tx: &mut Transaction<'_>, id: JobId, failure: &str, now: Timestamp, again_at: Option<Timestamp>) -> Result<(), Error> {
    let new = (
        jobs::attempts.eq(jobs::attempts + 1),
        jobs::failure.eq(Some(failure)),
        jobs::failed_at.eq(Some(Bind(now))),
        jobs::due_at.eq(again_at.map(Bind)),
    );
    with_connection!(tx, |c| diesel::update(jobs::table.filter(jobs::id.eq(Bind(id)))).set(new).execute(c)).map(drop)
}

/// Takes back every job of a kind about a case; says how many.
pub fn silence(tx: &mut Transaction<'_>, name: &str, case: CaseId) -> Result<usize, Error> {
    let target = jobs::table.filter(jobs::case_id.eq(Some(Bind(case))).and(jobs::name.eq(name)));
    with_connection!(tx, |c| diesel::delete(target).execute(c))
}

type FailedRow = (JobId, String, Option<Bind<CaseId>>, Timestamp, i32, String, Option<Bind<Timestamp>>, Option<Bind<Timestamp>>);

fn failed_job((id, name, case, created_at, attempts, failure, failed_at, due_at): FailedRow) -> FailedJob {
    FailedJob {
        id,
        name,
        case: case.map(|case| case.0),
        created_at,
        attempts,
        failure,
        failed_at: failed_at.map_or(created_at, |at| at.0),
        due_at: due_at.map(|at| at.0),
    }
}

macro_rules! failed_columns {
    () => {
        (
            jobs::id,
            jobs::name,
            jobs::case_id,
            jobs::created_at,
            jobs::attempts,
            jobs::failure.assume_not_null(),
            jobs::failed_at,
            jobs::due_at,
        )
    };
}

/// Jobs whose last attempt failed, the newest first.
pub fn list_failed(tx: &mut Transaction<'_>, page: Page<JobId>) -> Result<Vec<FailedJob>, Error> {
    let before = page.after.map_or(Uuid::max(), JobId::uuid);
    let rows: Vec<FailedRow> = with_connection!(tx, |c| jobs::table
        .filter(jobs::failure.is_not_null().and(jobs::id.lt(Bind(before))))
        .order(jobs::id.desc())
        .limit(i64::from(page.limit))
        .select(failed_columns!())
        .load(c))?;
    Ok(rows.into_iter().map(failed_job).collect())
}

/// Lets a job whose last attempt failed be tried again, with all attempts again. One that is about to be tried, or is being tried at this
/// moment, stays as it is: nobody takes it from whoever does it.
///
/// # Errors
/// [`Error::NotFound`] if there is none, or its last attempt did not fail.
pub fn retry(tx: &mut Transaction<'_>, id: JobId, now: Timestamp) -> Result<FailedJob, Error> {
    let soon = now.saturating_add(CLAIM).unwrap_or(now);
    let waits = jobs::due_at.is_null().or(jobs::due_at.gt(Some(Bind(soon))).assume_not_null());
    let target = jobs::table.filter(jobs::id.eq(Bind(id)).and(jobs::failure.is_not_null()).and(waits));
    let new = (jobs::due_at.eq(Some(Bind(now))), jobs::attempts.eq(0));
    with_connection!(tx, |c| diesel::update(target).set(new).execute(c))?;
    let one = jobs::table.filter(jobs::id.eq(Bind(id)).and(jobs::failure.is_not_null()));
    let row: FailedRow = with_connection!(tx, |c| one.select(failed_columns!()).first(c))?;
    Ok(failed_job(row))
}

fn place(id: JobId) -> (&'static str, &'static str, Uuid) {
    ("jobs", "payload_sealed", id.uuid())
}
