//! How many cases stand where, and which of them the clock must look at.

use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::access::Caller;
use domain::ids::CaseId;
use jiff::Timestamp;

use super::listing::{Reason, only_visible, visible_to};
use super::members;
use crate::columns::Bind;
use crate::schema::{case_members, cases};
use crate::{Error, Transaction};

/// How many of the cases that the caller may see are in each stage (wire names); stages without cases are left out.
pub fn counts(tx: &mut Transaction<'_>, caller: &Caller) -> Result<Vec<(String, i64)>, Error> {
    let reasons = visible_to(caller);
    if reasons.is_empty() {
        return Ok(Vec::new());
    }
    on!(tx, |c| {
        let all = cases::table.group_by(cases::stage).select((cases::stage, count_star())).into_boxed();
        only_visible!(all, &reasons).order(cases::stage).load(c)
    })
}

/// What the clock looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueKind {
    /// Cases whose time has run out.
    Expiry,
    /// Cases past their due date, not on hold, that nobody has been told about.
    Overdue,
}

/// The cases that the clock must look at, the most urgent first.
pub fn list_due(tx: &mut Transaction<'_>, kind: DueKind, now: Timestamp, limit: u32) -> Result<Vec<CaseId>, Error> {
    let limit = i64::from(limit);
    match kind {
        DueKind::Expiry => on!(tx, |c| cases::table
            .filter(cases::expires_at.le(Some(Bind(now))))
            .order(cases::expires_at)
            .limit(limit)
            .select(cases::id)
            .load(c)),
        DueKind::Overdue => on!(tx, |c| cases::table
            .filter(cases::due_at.le(Some(Bind(now))).and(cases::overdue_noted_at.is_null()).and(cases::held.eq(false)))
            .order(cases::due_at)
            .limit(limit)
            .select(cases::id)
            .load(c)),
    }
}
