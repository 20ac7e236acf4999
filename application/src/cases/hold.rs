//! Holds, which stop the clocks of a case.

use domain::access::may;
use domain::case::{Case, HoldReason};
use domain::ids::CaseId;
use domain::people::ShortText;

use crate::{CaseForCaller, Error, UnitOfWork};

/// Stops the clocks, with a reason.
pub fn hold_case(
    work: &mut UnitOfWork<'_, '_, may::HoldCase>,
    case: CaseId,
    reason: HoldReason,
    text: Option<&ShortText>,
) -> Result<CaseForCaller, Error> {
    work.change_case(case, |case, by, rules, now| case.hold(by, rules, now, reason, text.cloned()))
}

/// Lets the clocks go on.
pub fn resume_case(work: &mut UnitOfWork<'_, '_, may::ResumeCase>, case: CaseId) -> Result<CaseForCaller, Error> {
    work.change_case(case, Case::resume)
}
