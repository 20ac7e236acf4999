//! The counter of a case. It numbers the messages, notes, documents and treatment entries.

use diesel::dsl::exists;
use diesel::prelude::*;
use domain::ids::CaseId;
use jiff::Timestamp;

use crate::columns::Bind;
use crate::schema::case_activity as activity;
use crate::{Error, Transaction};

/// The next number of a case. Until the transaction ends, others who write to the case wait: numbers rise in the order of the commits.
pub(crate) fn next_seq(tx: &mut Transaction<'_>, case: CaseId, now: Timestamp) -> Result<i64, Error> {
    let first = (activity::case_id.eq(Bind(case)), activity::seq.eq(1_i64), activity::last_activity_at.eq(Bind(now)));
    with_connection!(tx, |c| diesel::insert_into(activity::table)
        .values(first)
        .on_conflict(activity::case_id)
        .do_update()
        .set((activity::seq.eq(activity::seq + 1), activity::last_activity_at.eq(Bind(now))))
        .returning(activity::seq)
        .get_result(c))
}

/// Whether anything was ever written to a case.
pub fn has_activity(tx: &mut Transaction<'_>, case: CaseId) -> Result<bool, Error> {
    with_connection!(tx, |c| diesel::select(exists(activity::table.filter(activity::case_id.eq(Bind(case))))).get_result(c))
}
