//! How many cases stand where, and which of them the clock must look at.

use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::access::Caller;
use domain::ids::CaseId;
use jiff::Timestamp;

use super::listing::{Reason, only_visible, visible_to};
use super::members;
use crate::columns::Bind;
use crate::schema::{case_members, case_physicians, cases};
use crate::{Error, Page, Transaction};

/// How many of the cases that the caller may see are in each stage (wire names); stages without cases are left out.
pub fn counts(tx: &mut Transaction<'_>, caller: &Caller) -> Result<Vec<(String, i64)>, Error> {
    let reasons = visible_to(caller);
    if reasons.is_empty() {
        return Ok(Vec::new());
    }
    with_connection!(tx, |c| {
        let all = cases::table.group_by(cases::stage).select((cases::stage, count_star())).into_boxed();
        only_visible!(all, &reasons).order(cases::stage).load(c)
    })
}

/// The condition “after this case” in the order of time and id.
macro_rules! beyond {
    ($column:expr, $after:expr) => {
        $column.gt(Some(Bind($after.since))).or($column.eq(Some(Bind($after.since))).and(cases::id.gt(Bind($after.case))))
    };
}

/// The dates that the scheduler looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueKind {
    /// Cases whose time has run out, not on hold.
    Expiry,
    /// Cases past their due date, not on hold, that nobody has been told about.
    Overdue,
}

/// A case that the clock must look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Since when.
    pub since: Timestamp,
    /// The case.
    pub case: CaseId,
}

/// A page of the cases that the clock must look at, the most urgent first. Nothing runs out while a case is on hold.
pub fn list_due(tx: &mut Transaction<'_>, kind: DueKind, now: Timestamp, page: Page<Due>) -> Result<Vec<Due>, Error> {
    let after = page.after.unwrap_or(Due { since: Timestamp::UNIX_EPOCH, case: CaseId::from_uuid(uuid::Uuid::nil()) });
    let limit = i64::from(page.limit);
    let found: Vec<(Option<Timestamp>, CaseId)> = match kind {
        DueKind::Expiry => with_connection!(tx, |c| cases::table
            .filter(cases::expires_at.le(Some(Bind(now))).and(cases::held.eq(false)))
            .filter(beyond!(cases::expires_at, after))
            .order((cases::expires_at, cases::id))
            .limit(limit)
            .select((cases::expires_at, cases::id))
            .load(c))?,
        DueKind::Overdue => with_connection!(tx, |c| cases::table
            .filter(cases::due_at.le(Some(Bind(now))).and(cases::overdue_noted_at.is_null()).and(cases::held.eq(false)))
            .filter(beyond!(cases::due_at, after))
            .order((cases::due_at, cases::id))
            .limit(limit)
            .select((cases::due_at, cases::id))
            .load(c))?,
    };
    Ok(found.into_iter().filter_map(|(since, case)| Some(Due { since: since?, case })).collect())
}

/// Drafts that nobody has touched since they were opened, between `from` and `to`, in the order of their opening.
pub fn list_untouched_drafts(tx: &mut Transaction<'_>, from: Timestamp, to: Timestamp, page: Page<Due>) -> Result<Vec<Due>, Error> {
    let after = page.after.unwrap_or(Due { since: from, case: CaseId::from_uuid(uuid::Uuid::nil()) });
    let found: Vec<(Timestamp, CaseId)> = with_connection!(tx, |c| cases::table
        .filter(cases::stage.eq("draft").and(cases::version.eq(1)).and(cases::created_at.lt(Bind(to))))
        .filter(cases::created_at.gt(Bind(after.since)).or(cases::created_at.eq(Bind(after.since)).and(cases::id.gt(Bind(after.case)))))
        .order((cases::created_at, cases::id))
        .limit(i64::from(page.limit))
        .select((cases::created_at, cases::id))
        .load(c))?;
    Ok(found.into_iter().map(|(since, case)| Due { since, case }).collect())
}
