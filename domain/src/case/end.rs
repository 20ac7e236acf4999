//! The ends: closed, cancelled, expired. And what the clock notes on the way.

use jiff::Timestamp;

use crate::access::{CaseAccess, Operation, Relation};
use crate::case::{CancelReason, Case, CaseStage, Change, Ending, EventKind, Refusal, Rules, Stage};
use crate::money::Yen;
use crate::people::ShortText;

/// Stages from which a case may be cancelled: what was delivered or held is not cancelled any more.
const CANCELLABLE: &[CaseStage] = &[
    CaseStage::Draft,
    CaseStage::Submitted,
    CaseStage::InformationRequested,
    CaseStage::InTriage,
    CaseStage::Accepted,
    CaseStage::Scheduled,
    CaseStage::AwaitingPayment,
    CaseStage::Writing,
    CaseStage::InReview,
];
/// Stages in which the hospital waits for the applicant, so that silence ends the case.
const EXPIRING: &[CaseStage] = &[CaseStage::Draft, CaseStage::InformationRequested, CaseStage::Accepted, CaseStage::AwaitingPayment];

impl Case {
    pub(crate) fn may_close(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::CloseCase, &[CaseStage::Delivered, CaseStage::Consulted])
    }

    /// Closes the case: money is settled, slides are on their way back.
    pub fn close(
        mut self,
        by: &CaseAccess,
        _: &Rules<'_>,
        now: Timestamp,
        money_settled: bool,
        slides_settled: bool,
    ) -> Result<Change, Refusal> {
        self.may_close(by)?;
        if !money_settled {
            return Err(Refusal::MoneyOpen);
        }
        if !slides_settled {
            return Err(Refusal::SlidesOpen);
        }
        self.end(now, Ending::Closed);
        Ok(self.with_event(EventKind::CaseClosed))
    }

    pub(crate) fn may_cancel(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::CancelCase, CANCELLABLE)
    }

    /// Cancels the case. `refund` is given back, by the policy that was accepted.
    pub fn cancel(
        mut self,
        by: &CaseAccess,
        _: &Rules<'_>,
        now: Timestamp,
        reason: CancelReason,
        text: Option<ShortText>,
        refund: Yen,
    ) -> Result<Change, Refusal> {
        self.may_cancel(by)?;
        let desk = by.relations.contains(Relation::Desk);
        if reason.is_the_hospitals() && !desk {
            return Err(Refusal::ReasonIsTheHospitals);
        }
        self.end(now, Ending::Cancelled { reason, text });
        let silent = reason == CancelReason::PatientDeceased;
        Ok(self.with_event(EventKind::CaseCancelled { reason, silent }).with_refund(refund).with_slides_returned())
    }

    /// Ends a case on which the applicant did nothing for too long; never while the hospital holds it. A case with money on it never
    /// expires, nor one whose estimate the hospital has not made: the clock stops.
    ///
    /// # Errors
    /// [`Refusal::NotDue`] before its time.
    pub fn expire(mut self, _: &Rules<'_>, now: Timestamp, has_money: bool) -> Result<Change, Refusal> {
        self.at(EXPIRING)?;
        self.not_held()?;
        if self.expires_at.is_none_or(|at| at > now) {
            return Err(Refusal::NotDue);
        }
        // At the hospital's turn no clock runs. Release 0.1 left one running.
        let is_ours = self.stage.name() == CaseStage::Accepted && !self.awaits_acceptance();
        if has_money || is_ours {
            self.expires_at = None;
            return Ok(Change { case: self, events: Vec::new() });
        }
        self.end(now, Ending::Expired);
        Ok(self.with_event(EventKind::CaseExpired).with_slides_returned())
    }

    /// Notes, once, that an opinion is late.
    ///
    /// # Errors
    /// [`Refusal::NotDue`] before its time, or when it was noted already.
    pub fn note_overdue(mut self, _: &Rules<'_>, now: Timestamp) -> Result<Change, Refusal> {
        self.not_held()?;
        if self.due_at().is_none_or(|at| at > now) || self.overdue_noted_at.is_some() {
            return Err(Refusal::NotDue);
        }
        self.overdue_noted_at = Some(now);
        Ok(self.with_event(EventKind::CaseOverdue))
    }

    /// Ends the case: no clock runs any longer.
    pub(crate) fn end(&mut self, at: Timestamp, ending: Ending) {
        let before = Box::new(self.stage.clone());
        self.stage = Stage::Ended { kind: before.kind(), from: before.name(), before, at, ending };
        self.stop_waiting();
        self.expires_at = None;
    }
}

impl Change {
    /// A refund is due, if there is something to give back.
    pub(crate) fn with_refund(self, amount: Yen) -> Self {
        if amount.is_zero() { self } else { self.with_event(EventKind::RefundOpened { amount }) }
    }

    /// Slides that may be here must be sent back.
    pub(crate) fn with_slides_returned(self) -> Self {
        if self.case.application.re_examination.is_some() { self.with_event(EventKind::SlideReturnOpened) } else { self }
    }
}
