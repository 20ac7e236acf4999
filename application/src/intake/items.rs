//! Required items: the live checklist, and the desk's checks.

use domain::access::may;
use domain::ids::CaseId;
use domain::intake::items::{Checklist, ItemCode, checklist};
use domain::people::ShortText;

use crate::{CaseForCaller, Error, UnitOfWork, Work};

/// The checklist of a case as it stands, with the case.
pub fn get_checklist(work: &mut UnitOfWork<'_, '_, may::GetChecklist>, case: CaseId) -> Result<(CaseForCaller, Checklist), Error> {
    let loaded = work.case(case)?;
    Ok(with_checklist(work, loaded))
}

/// The desk checked an item, and it is right.
pub fn verify_item(
    work: &mut UnitOfWork<'_, '_, may::VerifyItem>,
    case: CaseId,
    item: ItemCode,
) -> Result<(CaseForCaller, Checklist), Error> {
    let loaded = work.change_case(case, |case, by, rules, now| case.verify_item(by, rules, now, item))?;
    Ok(with_checklist(work, loaded))
}

/// An item must be sent again, and why.
pub fn reject_item(
    work: &mut UnitOfWork<'_, '_, may::RejectItem>,
    case: CaseId,
    item: ItemCode,
    reason: &ShortText,
) -> Result<(CaseForCaller, Checklist), Error> {
    let loaded = work.change_case(case, |case, by, rules, now| case.reject_item(by, rules, now, item, reason.clone()))?;
    Ok(with_checklist(work, loaded))
}

/// An item need not be handed in, and why; never a required one.
pub fn waive_item(
    work: &mut UnitOfWork<'_, '_, may::WaiveItem>,
    case: CaseId,
    item: ItemCode,
    reason: &ShortText,
) -> Result<(CaseForCaller, Checklist), Error> {
    let loaded = work.change_case(case, |case, by, rules, now| case.waive_item(by, rules, now, item, reason.clone()))?;
    Ok(with_checklist(work, loaded))
}

fn with_checklist(work: &Work<'_, '_>, loaded: CaseForCaller) -> (CaseForCaller, Checklist) {
    let mut list = checklist(&loaded.case, &work.rules());
    if let Some(since) = loaded.case.opened_to(&loaded.access) {
        list.close_before(&loaded.case, since);
    }
    (loaded, list)
}
