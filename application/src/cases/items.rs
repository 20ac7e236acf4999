//! Required items: the live checklist, and the desk's checks.

use domain::ids::CaseId;
use domain::people::ShortText;
use domain::required_items::{Checklist, ItemCode, checklist};

use crate::{Act, Error, Loaded};

/// The checklist of a case as it stands, with the case.
pub fn get_checklist(act: &mut Act<'_, '_>, case: CaseId) -> Result<(Loaded, Checklist), Error> {
    let loaded = act.load_case(case)?;
    Ok(with_checklist(act, loaded))
}

/// The desk checked an item, and it is right.
pub fn verify_item(act: &mut Act<'_, '_>, case: CaseId, item: ItemCode) -> Result<(Loaded, Checklist), Error> {
    let loaded = act.change_case(case, |case, by, rules, now| case.verify_item(by, rules, now, item))?;
    Ok(with_checklist(act, loaded))
}

/// An item must be sent again, and why.
pub fn reject_item(act: &mut Act<'_, '_>, case: CaseId, item: ItemCode, reason: &ShortText) -> Result<(Loaded, Checklist), Error> {
    let loaded = act.change_case(case, |case, by, rules, now| case.reject_item(by, rules, now, item, reason.clone()))?;
    Ok(with_checklist(act, loaded))
}

/// An item need not be handed in, and why; never a required one.
pub fn waive_item(act: &mut Act<'_, '_>, case: CaseId, item: ItemCode, reason: &ShortText) -> Result<(Loaded, Checklist), Error> {
    let loaded = act.change_case(case, |case, by, rules, now| case.waive_item(by, rules, now, item, reason.clone()))?;
    Ok(with_checklist(act, loaded))
}

fn with_checklist(act: &Act<'_, '_>, loaded: Loaded) -> (Loaded, Checklist) {
    let list = checklist(&loaded.case, act.settings);
    (loaded, list)
}
