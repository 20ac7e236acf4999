//! Earlier releases let cases expire without a word. Cases whose clocks run at the upgrade get the warnings that a clock has since.

use diesel::prelude::*;
use domain::calendar::warnings_before;
use domain::case::CaseStage;
use domain::ids::{CaseId, JobId};
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use crate::columns::Bind;
use crate::jobs::{self, NewJob};
use crate::schema::{cases, jobs as rows};
use crate::{Error, Transaction, fresh};

/// How many cases are looked at in one transaction.
const CASES_AT_ONCE: i64 = 500;
/// The kind of the job that writes a letter about a case.
const WRITE_LETTER: &str = "write_letter";

/// Writes the warnings of the cases after one that wait for the other side; those that have them keep them.
pub(super) fn plan(tx: &mut Transaction<'_>, now: Timestamp, after: Uuid) -> Result<Option<Uuid>, Error> {
    let waiting = CaseStage::WARNED.map(CaseStage::as_str);
    let found: Vec<(CaseId, Option<Timestamp>)> = with_connection!(tx, |c| cases::table
        .filter(cases::id.gt(Bind(after)).and(cases::stage.eq_any(waiting)).and(cases::expires_at.gt(Some(Bind(now)))))
        .order(cases::id)
        .limit(CASES_AT_ONCE)
        .select((cases::id, cases::expires_at))
        .load(c))?;
    let mut new = Vec::new();
    for (case, at) in &found {
        let Some(at) = at else { continue };
        for due_at in warnings_before(*at).into_iter().filter(|due| *due > now) {
            if !is_planned(tx, *case, due_at)? {
                let payload = json!({ "case": case, "letter": { "about": "expiring", "at": at } });
                let id = JobId::from_uuid(fresh(now));
                new.push(NewJob { id, name: WRITE_LETTER, only_key: None, case: Some(*case), payload, created_at: now, due_at });
            }
        }
    }
    jobs::insert(tx, &new)?;
    Ok(found.last().map(|(case, _)| case.uuid()))
}

fn is_planned(tx: &mut Transaction<'_>, case: CaseId, due_at: Timestamp) -> Result<bool, Error> {
    let same =
        rows::table.filter(rows::name.eq(WRITE_LETTER).and(rows::case_id.eq(Some(Bind(case)))).and(rows::due_at.eq(Some(Bind(due_at)))));
    Ok(with_connection!(tx, |c| diesel::select(diesel::dsl::exists(same)).get_result(c))?)
}
