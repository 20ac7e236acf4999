//! Holding and resuming: while a case is held, its clocks stand still.

use jiff::Timestamp;

use super::stage::HOLDABLE;
use crate::access::{CaseAccess, Operation};
use crate::case::{Case, Change, EventKind, Hold, HoldReason, Refusal, Rules};
use crate::intake::items::{ItemCode, ItemState};
use crate::people::ShortText;

impl Case {
    pub(crate) fn may_hold(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::HoldCase, HOLDABLE)?;
        self.not_held()
    }

    /// Stops the clocks.
    pub fn hold(
        mut self,
        by: &CaseAccess,
        _: &Rules<'_>,
        now: Timestamp,
        reason: HoldReason,
        text: Option<ShortText>,
    ) -> Result<Change, Refusal> {
        self.may_hold(by)?;
        // These two come and go by themselves.
        if matches!(reason, HoldReason::Information | HoldReason::Slides) {
            return Err(Refusal::ReasonNotAllowed);
        }
        self.hold = Some(Hold { reason, text, since: now });
        Ok(self.with_event(EventKind::CaseHeld { reason }))
    }

    pub(crate) fn may_resume(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::ResumeCase, HOLDABLE)?;
        match &self.hold {
            None => Err(Refusal::NotOnHold),
            // An answer, or its withdrawal, resumes these; complete slides resume those.
            Some(Hold { reason: HoldReason::Information, .. }) => Err(Refusal::InformationOutstanding),
            Some(Hold { reason: HoldReason::Slides, .. }) => Err(Refusal::ItemsUnverified { items: self.slides_unverified() }),
            Some(Hold { reason: HoldReason::Applicant | HoldReason::Department | HoldReason::Other, .. }) => Ok(()),
        }
    }

    /// Ends a hold of one of these reasons, because the case is reviewed again: nothing is due that could be moved.
    pub(crate) fn drop_hold_for(&mut self, reasons: &[HoldReason]) -> Option<EventKind> {
        self.hold.take_if(|hold| reasons.contains(&hold.reason)).map(|_| EventKind::CaseResumed)
    }

    pub(crate) fn slides_unverified(&self) -> Vec<ItemCode> {
        let both = [ItemCode::PathologySlides, ItemCode::PathologyReport];
        both.into_iter().filter(|item| self.item_state(*item) != ItemState::Verified).collect()
    }

    /// Lets the clocks go on: what was due is due as much later as the hold lasted. What the case still waits for holds it at once again.
    pub fn resume(mut self, by: &CaseAccess, rules: &Rules<'_>, now: Timestamp) -> Result<Change, Refusal> {
        self.may_resume(by)?;
        self.release(now);
        Ok(self.settled(rules, now, EventKind::CaseResumed))
    }
}
