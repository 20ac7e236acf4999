//! The ends: closed, cancelled, expired, and the patient's death. And what the clock notes on the way.

use jiff::Timestamp;

use crate::access::{CaseAccess, Operation, Relation, Relations};
use crate::appointments::ChangedBy;
use crate::case::{CancelReason, Case, CaseStage, Change, Death, Ending, EventKind, Refusal, Rules, Stage};
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

/// The money of a case that is cancelled, and whose it is.
#[derive(Clone, Copy, Debug)]
pub struct CancelledMoney {
    /// What is given back.
    pub refund: Yen,
    /// Whether there is money on the case.
    pub is_paid: bool,
    /// Whether the patient takes part with an account.
    pub patient_has_account: bool,
}

impl CancelledMoney {
    /// Nothing was paid.
    pub const UNPAID: Self = Self { refund: Yen::ZERO, is_paid: false, patient_has_account: false };
}

impl Case {
    pub(crate) fn may_close(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::CloseCase, &[CaseStage::Delivered, CaseStage::Consulted])?;
        if self.awaits_treatment_answer() { Err(Refusal::TreatmentRequestOpen) } else { Ok(()) }
    }

    /// Closes the case: money is settled, slides are on their way back, and the opinion has reached somebody: `has_reader` says whether the
    /// applicant or the patient has an account.
    pub fn close(
        mut self,
        by: &CaseAccess,
        _: &Rules<'_>,
        now: Timestamp,
        money_settled: bool,
        slides_settled: bool,
        has_reader: bool,
    ) -> Result<Change, Refusal> {
        self.may_close(by)?;
        if self.delivered_opinion().is_some() && !has_reader && self.sent.is_empty() {
            return Err(Refusal::OpinionNotSent);
        }
        if self.stage.name() == CaseStage::Consulted && !self.visiting.is_invoiced {
            return Err(Refusal::NothingInvoiced);
        }
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
    ///
    /// # Errors
    /// [`Refusal::PatientMustAgree`] if the agency alone would end work that is paid, while the patient can say so.
    pub fn cancel(
        mut self,
        by: &CaseAccess,
        _: &Rules<'_>,
        now: Timestamp,
        reason: CancelReason,
        text: Option<ShortText>,
        money: CancelledMoney,
    ) -> Result<Change, Refusal> {
        self.may_cancel(by)?;
        let CancelledMoney { refund, is_paid, patient_has_account } = money;
        let desk = by.relations.contains(Relation::Desk);
        if reason == CancelReason::NotAttended {
            return Err(Refusal::ReasonNotAllowed);
        }
        if reason.is_the_hospitals() && !desk {
            return Err(Refusal::ReasonIsTheHospitals);
        }
        if is_paid && patient_has_account && by.relations == Relations::of(&[Relation::Agency]) {
            return Err(Refusal::PatientMustAgree);
        }
        self.end(now, Ending::Cancelled { reason, text });
        let silent = reason == CancelReason::PatientDeceased;
        Ok(self.with_event(EventKind::CaseCancelled { reason, silent }).with_refund(refund).with_slides_returned())
    }

    pub(crate) fn may_record_death(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::RecordPatientDeath, CaseStage::ALL)?;
        if self.death.is_some() { Err(Refusal::DeathAlreadyRecorded) } else { Ok(()) }
    }

    /// Whether the patient's death ends the case: what was delivered or has ended stays where it stands.
    pub fn ends_by_death(&self) -> bool {
        CANCELLABLE.contains(&self.stage.name())
    }

    /// Records the patient's death. Everything automatic falls silent. Work that is not delivered is cancelled, and `refund` is given back.
    ///
    /// # Errors
    /// [`Refusal::DeathAlreadyRecorded`].
    pub fn record_death(mut self, by: &CaseAccess, _: &Rules<'_>, now: Timestamp, death: Death, refund: Yen) -> Result<Change, Refusal> {
        self.may_record_death(by)?;
        self.death = Some(death);
        if !self.ends_by_death() {
            return Ok(self.with_event(EventKind::PatientDeathRecorded));
        }
        let reason = CancelReason::PatientDeceased;
        self.end(now, Ending::Cancelled { reason, text: None });
        let told = self.with_all(vec![EventKind::PatientDeathRecorded, EventKind::CaseCancelled { reason, silent: true }]);
        Ok(told.with_refund(refund).with_slides_returned())
    }

    pub(crate) fn may_withdraw_death(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::WithdrawPatientDeath, CaseStage::ALL)?;
        if self.death.is_some() { Ok(()) } else { Err(Refusal::NoDeathRecorded) }
    }

    /// Takes the record of a death back: it was another patient's. No stage changes: to go on with a case that the death ended, reopen it.
    ///
    /// # Errors
    /// [`Refusal::NoDeathRecorded`].
    pub fn withdraw_death(mut self, by: &CaseAccess, _: &Rules<'_>, _: Timestamp) -> Result<Change, Refusal> {
        self.may_withdraw_death(by)?;
        self.death = None;
        Ok(self.with_event(EventKind::PatientDeathWithdrawn))
    }

    /// Whether its clock has run out. On hold no clock runs.
    pub fn has_run_out(&self, now: Timestamp) -> bool {
        self.hold_now().is_none() && self.expires_at.is_some_and(|at| at <= now)
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
        let is_ours = self.stage.name() == CaseStage::Accepted && !self.is_applicants_turn();
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
        let wanted_by = match &ending {
            Ending::Declined { .. } => Some(ChangedBy::Hospital),
            Ending::Cancelled { reason, .. } if reason.is_the_hospitals() => Some(ChangedBy::Hospital),
            Ending::Cancelled { .. } => Some(ChangedBy::Applicant),
            Ending::Closed | Ending::Expired => None,
        };
        self.drop_appointments(wanted_by, at);
        let before = Box::new(self.stage.clone());
        self.stage = Stage::Ended { kind: before.kind(), from: before.name(), before, at, ending };
        self.stop_waiting();
        (self.expires_at, self.kind_proposal) = (None, None);
    }
}

impl Change {
    /// A refund is due, if there is something to give back.
    #[must_use]
    pub fn with_refund(self, amount: Yen) -> Self {
        if amount.is_zero() { self } else { self.with_event(EventKind::RefundOpened { amount }) }
    }

    /// Slides that may be here must be sent back.
    pub(crate) fn with_slides_returned(self) -> Self {
        if self.case.application.re_examination.is_some() || self.case.has_slides_here() {
            self.with_event(EventKind::SlideReturnOpened)
        } else {
            self
        }
    }
}
