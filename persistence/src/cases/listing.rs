//! Lists of cases: what a caller may see, narrowed by filters, newest first.
//!
//! `visible_to` says in SQL what [`domain::access::relations`] says of one case; a test holds the two equal.

use diesel::prelude::*;
use domain::access::{Caller, Role};
use domain::ids::{AgencyId, CaseId, DepartmentId, UserId};
use jiff::Timestamp;

use super::row::{ListedRow, Part, restore_summary};
use super::{ListedCase, members, search};
use crate::among::among;
use crate::columns::Bind;
use crate::schema::{case_members, case_physicians, case_words, cases};
use crate::{Error, Page, Transaction, Vault};

/// Which cases a list shows; an empty list and `None` do not restrict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// In one of these stages (wire names).
    pub stages: Vec<String>,
    /// Of this kind (wire name).
    pub kind: Option<String>,
    /// Of this department.
    pub department: Option<DepartmentId>,
    /// Given to this physician.
    pub responsible: Option<UserId>,
    /// Referred by this agency.
    pub agency: Option<AgencyId>,
    /// Waiting on this side (wire name).
    pub waiting_on: Option<String>,
    /// On hold, or not.
    pub held: Option<bool>,
    /// Due before this instant and not on hold.
    pub due_before: Option<Timestamp>,
    /// Scheduled for before this instant, and nobody recorded what became of the visit.
    pub visit_before: Option<Timestamp>,
    /// With the number that stands in it, and holding all its other words, whatever their width, case or kana.
    pub search: Option<String>,
}

/// One reason for which a caller sees cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    /// All of them.
    Everything,
    /// Those that the caller's account takes part in.
    TakesPart(UserId),
    /// Those an agency referred.
    Referred(AgencyId),
    /// Those given to the caller.
    Responsible(UserId),
    /// Those that the caller receives.
    Receiving(UserId),
    /// Those of a department.
    Department(DepartmentId),
    /// Those of any department.
    AnyDepartment,
    /// Those with slides to be re-examined.
    Slides,
    /// Those that were accepted: there is something to bill.
    Accepted,
}

/// Why a caller sees cases: the union counts. The same rules as [`domain::access::relations`].
pub(super) fn visible_to(caller: &Caller) -> Vec<Reason> {
    let roles = &caller.roles;
    if roles.has(Role::Coordinator) {
        return vec![Reason::Everything];
    }
    let mut reasons = Vec::new();
    if roles.has(Role::Applicant) {
        reasons.push(Reason::TakesPart(caller.user));
    }
    reasons.extend(roles.agencies().map(Reason::Referred));
    if Role::DOCTORS.iter().any(|role| roles.has(*role)) {
        reasons.push(Reason::Responsible(caller.user));
        reasons.push(Reason::Receiving(caller.user));
    }
    if caller.leads_everywhere() {
        reasons.push(Reason::AnyDepartment);
    } else {
        reasons.extend(roles.leads().map(Reason::Department));
    }
    if roles.has(Role::Pathologist) {
        reasons.push(Reason::Slides);
    }
    if roles.has(Role::Accountant) {
        reasons.push(Reason::Accepted);
    }
    // Chief and director of one department, say.
    reasons.sort_unstable();
    reasons.dedup();
    reasons
}

/// Adds the reasons, as one disjunction, to a boxed query over cases that has no condition yet.
macro_rules! only_visible {
    ($query:expr, $reasons:expr) => {{
        let mut query = $query;
        for reason in $reasons {
            query = match reason {
                Reason::Everything => query,
                // Nothing reaches the patient's account while the patient does not know. The account's parts come first, so that both
                // engines begin with them instead of the cases.
                Reason::TakesPart(user) => {
                    let parts = case_members::table
                        .filter(case_members::user_id.eq(Bind(*user)).and(case_members::ended_at.is_null()))
                        .select(case_members::case_id);
                    let beside_the_patient = case_members::table
                        .filter(members::is_part_of!(*user).and(case_members::relation.ne(domain::access::Membership::Patient.as_str())));
                    query.or_filter(
                        cases::id.eq_any(parts).and(cases::patient_uninformed.eq(false).or(diesel::dsl::exists(beside_the_patient))),
                    )
                }
                Reason::Referred(agency) => query.or_filter(cases::agency_id.eq(Some(Bind(*agency))).assume_not_null()),
                Reason::Responsible(user) => query.or_filter(cases::responsible_id.eq(Some(Bind(*user))).assume_not_null()),
                Reason::Receiving(user) => {
                    let received = case_physicians::table.filter(case_physicians::user_id.eq(Bind(*user))).select(case_physicians::case_id);
                    query.or_filter(cases::id.eq_any(received))
                }
                Reason::Department(id) => query.or_filter(cases::department_id.eq(Some(Bind(*id))).assume_not_null()),
                Reason::AnyDepartment => query.or_filter(cases::department_id.is_not_null()),
                // As their partial indexes say it.
                Reason::Slides => query.or_filter(cases::slides_requested),
                Reason::Accepted => query.or_filter(cases::accepted),
            };
        }
        query
    }};
}
pub(super) use only_visible;

/// The list as a boxed query of whichever engine it is then run on.
macro_rules! listing {
    ($caller:expr, $reasons:expr, $filter:expr, $search:expr, $page:expr) => {{
        let filter: &CaseFilter = $filter;
        // The caller's own part is looked up for each line: with a join the engine's plan depends on how many cases there are.
        let part = case_members::table.filter(members::is_part_of!($caller)).select(case_members::relation).single_value();
        let all = cases::table.select((ListedRow::as_select(), part)).into_boxed();
        let mut query = only_visible!(all, $reasons);
        if let Some(after) = $page.after {
            query = query.filter(cases::id.lt(Bind(after)));
        }
        match filter.stages.as_slice() {
            [] => {}
            [stage] => query = query.filter(cases::stage.eq(stage.clone())),
            stages => query = query.filter(among(cases::stage, stages.to_vec())),
        }
        if let Some(kind) = &filter.kind {
            query = query.filter(cases::kind.eq(kind.clone()));
        }
        if let Some(department) = filter.department {
            query = query.filter(cases::department_id.eq(Some(Bind(department))));
        }
        if let Some(responsible) = filter.responsible {
            query = query.filter(cases::responsible_id.eq(Some(Bind(responsible))));
        }
        if let Some(agency) = filter.agency {
            query = query.filter(cases::agency_id.eq(Some(Bind(agency))));
        }
        if let Some(side) = &filter.waiting_on {
            query = query.filter(cases::waiting_on.eq(side.clone()));
        }
        if let Some(held) = filter.held {
            query = query.filter(cases::held.eq(held));
        }
        if let Some(due) = filter.due_before {
            query = query.filter(cases::due_at.lt(Some(Bind(due))).and(cases::held.eq(false)));
        }
        if let Some(day) = filter.visit_before {
            query = query.filter(cases::stage.eq(domain::case::CaseStage::Scheduled.as_str()).and(cases::visit_at.lt(Some(Bind(day)))));
        }
        let search: &Search = $search;
        for number in &search.numbers {
            query = query.filter(cases::number.eq(number.clone()));
        }
        for word in &search.words {
            let with = case_words::table.filter(case_words::word.eq(word.clone())).select(case_words::case_id);
            query = query.filter(cases::id.eq_any(with));
        }
        query.order(cases::id.desc()).limit(i64::from($page.limit))
    }};
}

/// The words of a search: case numbers as they are, everything else by the hashes of its words.
#[derive(Debug, Default)]
struct Search {
    numbers: Vec<String>,
    words: Vec<Vec<u8>>,
}

impl Search {
    fn of(vault: &Vault, text: &str) -> Self {
        let (numbers, others): (Vec<&str>, Vec<&str>) = text.split_whitespace().partition(|part| is_number(part));
        Self { numbers: numbers.into_iter().map(str::to_owned).collect(), words: search::hashes(vault, &others.join(" ")) }
    }

    fn is_empty(&self) -> bool {
        self.numbers.is_empty() && self.words.is_empty()
    }
}

/// Whether this is a case number, `2026-000123`: digits and one hyphen.
fn is_number(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('-').is_some_and(|(year, number)| digits(year) && digits(number))
}

/// The cases that the caller may see and the filter lets through, newest first, each with the facts of the relation.
pub fn list(tx: &mut Transaction<'_>, caller: &Caller, filter: &CaseFilter, page: Page<CaseId>) -> Result<Vec<ListedCase>, Error> {
    let reasons = visible_to(caller);
    if reasons.is_empty() {
        return Ok(Vec::new());
    }
    let search = filter.search.as_deref().map(|text| Search::of(tx.vault(), text));
    if search.as_ref().is_some_and(Search::is_empty) {
        // A text without a word finds nothing, rather than everything.
        return Ok(Vec::new());
    }
    let search = search.unwrap_or_default();
    page.filled(
        tx,
        |tx, page| visible_rows(tx, caller.user, &reasons, (filter, &search), page),
        |(row, _)| row.id.0,
        |tx, (row, relation)| restore_summary(tx, &row, Part { caller: Some(caller.user), relation }),
    )
}

fn visible_rows(
    tx: &mut Transaction<'_>,
    caller: UserId,
    reasons: &[Reason],
    (filter, search): (&CaseFilter, &Search),
    page: Page<CaseId>,
) -> Result<Vec<(ListedRow, Option<String>)>, Error> {
    // One query for each reason: each then reads its index in the list's order and stops at the limit, where a disjunction
    // would read and sort all that the caller may see.
    let mut rows: Vec<(ListedRow, Option<String>)> = Vec::new();
    for reason in reasons {
        let found: Vec<(ListedRow, Option<String>)> = with_connection!(tx, |c| listing!(caller, [reason], filter, search, page).load(c))?;
        rows.extend(found);
    }
    if reasons.len() > 1 {
        rows.sort_by_key(|(row, _)| std::cmp::Reverse(row.id.0));
        rows.dedup_by_key(|(row, _)| row.id.0);
        rows.truncate(usize::try_from(page.limit).unwrap_or(usize::MAX));
    }
    Ok(rows)
}

#[cfg(test)]
mod plans;
