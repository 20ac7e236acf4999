//! Reading cases: one, a page of the worklist, counts.

use domain::access::{CaseAccess, may, relations};
use domain::case::CaseSummary;
use domain::ids::CaseId;
use persistence::Page;

use crate::{CaseForCaller, Error, UnitOfWork};

pub use persistence::cases::CaseFilter;

/// A line of the worklist, as its caller stands to the case.
#[derive(Clone, Debug)]
pub struct ListedForCaller {
    /// The line.
    pub summary: CaseSummary,
    /// The caller's relation to the case; never empty.
    pub access: CaseAccess,
}

/// One case, as the caller may see it.
pub fn get_case(work: &mut UnitOfWork<'_, '_, may::GetCase>, id: CaseId) -> Result<CaseForCaller, Error> {
    work.case(id)
}

/// A page of the cases that the caller may see and the filter lets through, newest first; one more than `limit` if there is a next page.
pub fn list_cases(
    work: &mut UnitOfWork<'_, '_, may::ListCases>,
    filter: &CaseFilter,
    after: Option<CaseId>,
    limit: u32,
) -> Result<Vec<ListedForCaller>, Error> {
    let who = work.caller()?.who.clone();
    let page = Page { after, limit: limit.saturating_add(1) };
    let found = persistence::cases::list(work.tx, &who, filter, page)?;
    let mut seen = Vec::with_capacity(found.len());
    for listed in found {
        let relations = relations(&who, &listed.facts);
        // The query says in SQL what the rules say; should they ever disagree, the rules decide.
        if relations.is_empty() {
            continue;
        }
        seen.push(ListedForCaller { summary: listed.summary, access: CaseAccess { user: who.user, relations } });
    }
    work.audit_page(&seen, limit, |seen| seen.summary.id);
    Ok(seen)
}

/// How many of the cases that the caller may see stand at each stage (wire names); stages without cases are left out.
pub fn count_cases(work: &mut UnitOfWork<'_, '_, may::CountCases>) -> Result<Vec<(String, i64)>, Error> {
    let who = work.caller()?.who.clone();
    Ok(persistence::cases::counts(work.tx, &who)?)
}
