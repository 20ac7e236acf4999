//! Reading cases: one, a page of the worklist, counts.

use domain::access::{Standing, relations};
use domain::ids::CaseId;
use persistence::Page;
use persistence::cases::CaseFilter;

use crate::{Act, Error, Loaded};

/// One case, as the caller may see it.
pub fn get_case(act: &mut Act<'_, '_>, id: CaseId) -> Result<Loaded, Error> {
    act.load_case(id)
}

/// A page of the cases that the caller may see and the filter lets through, newest first; one more than `limit` if there is a next page.
pub fn list_cases(act: &mut Act<'_, '_>, filter: &CaseFilter, after: Option<CaseId>, limit: u32) -> Result<Vec<Loaded>, Error> {
    let who = act.caller()?.who.clone();
    let page = Page { after, limit: limit.saturating_add(1) };
    let found = persistence::cases::list(act.tx, &who, filter, page)?;
    let mut seen = Vec::with_capacity(found.len());
    for stored in found {
        let relations = relations(&who, &stored.facts);
        // The query says in SQL what the rules say; should they ever disagree, the rules decide.
        if relations.is_empty() {
            continue;
        }
        act.touched(stored.case.id());
        seen.push(Loaded { case: stored.case, version: stored.version, standing: Standing { user: who.user, relations } });
    }
    Ok(seen)
}

/// How many of the cases that the caller may see stand at each stage (wire names); stages without cases are left out.
pub fn count_cases(act: &mut Act<'_, '_>) -> Result<Vec<(String, i64)>, Error> {
    let who = act.caller()?.who.clone();
    Ok(persistence::cases::counts(act.tx, &who)?)
}
