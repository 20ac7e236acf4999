//! Another service for the same case: the desk proposes it, those who apply agree to it (R12, R13).
//!
//! Between the two kinds of visit everything stays: acceptance, estimate, physician, appointment. To or from the written opinion the case is reviewed
//! again; its money stays with it until the new estimate is accepted.

mod proposal;
#[cfg(test)]
mod tests;

use jiff::Timestamp;

pub use proposal::KindProposal;

use crate::access::{CaseAccess, Operation};
use crate::appointments::DateTurn;
use crate::calendar::after_days;
use crate::case::{Case, CaseStage, Change, EventKind, HoldReason, Intake, Refusal, Rules, Stage, VisitKind};
use crate::ids::{EstimateId, RepresentativeId};
use crate::intake::ApplicationPatch;
use crate::intake::ReExamination;
use crate::service::ServiceKind;

/// Where another service can be proposed: until an opinion is under review, or somebody was received.
const PROPOSABLE: &[CaseStage] = &[
    CaseStage::Submitted,
    CaseStage::InformationRequested,
    CaseStage::InTriage,
    CaseStage::Accepted,
    CaseStage::Scheduled,
    CaseStage::AwaitingPayment,
    CaseStage::Writing,
];

/// The agreement to another service.
#[derive(Clone, Debug)]
pub struct KindAgreement {
    /// The service, as it was read: another proposal may stand in its place by now.
    pub kind: ServiceKind,
    /// What the new service needs of the application.
    pub application: ApplicationPatch,
}

/// A case of another service.
#[derive(Clone, Debug)]
pub struct KindChange {
    /// The case, and what happened.
    pub change: Change,
    /// The estimate that holds no longer.
    pub void: Option<EstimateId>,
    /// Whether the case is reviewed again: nothing is demanded any longer for the service that it was.
    pub is_reviewed_again: bool,
}

impl Case {
    /// The service that the desk proposes.
    pub const fn kind_proposal(&self) -> Option<&KindProposal> {
        self.kind_proposal.as_ref()
    }

    pub(crate) fn may_propose_kind(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::ProposeCaseKind, PROPOSABLE)?;
        self.not_arrived()?;
        // Only somebody who visits in the patient's place can keep what the patient must not know.
        if self.is_patient_uninformed() { Err(Refusal::UninformedNotAllowed) } else { Ok(()) }
    }

    /// Proposes another service, in the place of a proposal before it. It blocks nothing. An accepted case that waits for the hospital waits for the applicant
    /// then (R31).
    ///
    /// # Errors
    /// [`Refusal::KindUnchanged`] for the service that the case has.
    pub fn propose_kind(mut self, by: &CaseAccess, rules: &Rules<'_>, now: Timestamp, proposal: KindProposal) -> Result<Change, Refusal> {
        self.may_propose_kind(by)?;
        let kind = proposal.kind;
        if kind == self.kind() {
            return Err(Refusal::KindUnchanged);
        }
        if proposal.written_offered_because.is_some() && kind != ServiceKind::WrittenOpinion {
            return Err(Refusal::OfferOfNothingWritten);
        }
        self.kind_proposal = Some(proposal);
        self.run_applicants_clock(rules, now);
        Ok(self.with_event(EventKind::KindProposed { kind }))
    }

    pub(crate) fn may_withdraw_kind_proposal(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::WithdrawCaseKindProposal, PROPOSABLE)?;
        self.kind_proposed().map(|_| ())
    }

    /// Takes the proposal back, or turns it down: the case goes on as it is.
    pub fn withdraw_kind_proposal(mut self, by: &CaseAccess, _: &Rules<'_>, _: Timestamp) -> Result<Change, Refusal> {
        self.may_withdraw_kind_proposal(by)?;
        let KindProposal { kind, .. } = self.kind_proposal.take().ok_or(Refusal::NoKindProposal)?;
        Ok(self.without_clock_at_the_hospitals_turn().with_event(EventKind::KindProposalWithdrawn { kind }))
    }

    pub(crate) fn may_agree_kind(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::AgreeCaseKind, PROPOSABLE)?;
        self.not_arrived()?;
        self.kind_proposed().map(|_| ())
    }

    fn kind_proposed(&self) -> Result<&KindProposal, Refusal> {
        self.kind_proposal.as_ref().ok_or(Refusal::NoKindProposal)
    }

    /// Agrees to the proposed service, with what it needs of the application. `fresh` gives the identifiers of people who are named for the first time.
    ///
    /// # Errors
    /// [`Refusal::KindProposalReplaced`] if another service is proposed by now; those of a submission of the new service;
    /// [`Refusal::NoVisitorCanBeReceived`] if a visit is accepted and nobody could be received at it.
    pub fn agree_kind(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        agreed: KindAgreement,
        fresh: &mut dyn FnMut() -> RepresentativeId,
    ) -> Result<KindChange, Refusal> {
        self.may_agree_kind(by)?;
        let KindProposal { kind, written_offered_because, .. } = self.kind_proposed()?.clone();
        if agreed.kind != kind {
            return Err(Refusal::KindProposalReplaced);
        }
        let from = self.kind();
        let is_reviewed_again = [from, kind].contains(&ServiceKind::WrittenOpinion);
        let (mut void, mut told) = (None, Vec::new());
        if is_reviewed_again {
            (void, told) = self.review_as(kind, rules, now);
        } else {
            self.set_visit_kind(kind);
        }
        if written_offered_because.is_some() {
            self.application.written_offered_because = written_offered_because;
        }
        let application = agreed.application.applied_to(&self.application, fresh)?;
        self.rewrite(by, rules, now, application)?;
        let is_past_triage = !CaseStage::BEFORE_REVIEW.contains(&self.stage.name());
        let somebody_comes = self.application.representatives.iter().any(|one| self.can_be_received(one, rules));
        if is_past_triage && kind == ServiceKind::RepresentativeConsultation && !somebody_comes {
            return Err(Refusal::NoVisitorCanBeReceived);
        }
        self.kind_proposal = None;
        told.push(EventKind::KindChanged { from, kind });
        let changed = self.without_clock_at_the_hospitals_turn();
        Ok(KindChange { change: changed.with_all(told), void, is_reviewed_again })
    }

    /// Another of the two visits.
    fn set_visit_kind(&mut self, new: ServiceKind) {
        match &mut self.stage {
            Stage::Intake { kind, .. } => *kind = new,
            Stage::Visit { visit, .. } if new == ServiceKind::RepresentativeConsultation => *visit = VisitKind::Representative,
            Stage::Visit { visit, .. } => *visit = VisitKind::Patient,
            Stage::Written { .. } | Stage::Ended { .. } => {}
        }
    }

    /// The case is submitted again, as another service. Gives the estimate that holds no longer.
    fn review_as(&mut self, kind: ServiceKind, rules: &Rules<'_>, now: Timestamp) -> (Option<EstimateId>, Vec<EventKind>) {
        let mut told: Vec<EventKind> = self.cancel_for_another_review(rules, now).into_iter().collect();
        (self.visiting.invoice, self.visiting.is_invoiced, self.visiting.date_turn) = (None, false, DateTurn::default());
        let asks = !self.open_requests.is_empty();
        let step = if asks { Intake::InformationRequested } else { Intake::Submitted };
        let waits_already = self.stage.name() == CaseStage::InformationRequested;
        self.stage = Stage::Intake { kind, step };
        if !(asks && waits_already) {
            self.expires_at = asks.then(|| after_days(now, rules.settings.intake.information_expires_after_days));
        }
        // What the new service waits for is asked of it anew; holds of people stay.
        told.extend(self.drop_hold_for(&[HoldReason::Information, HoldReason::Slides]));
        self.re_examination.addition = None;
        self.re_examination.to_credit = ReExamination::NONE;
        (self.overdue_noted_at, self.kept_invoice) = (None, None);
        (self.estimate.take().map(|estimate| estimate.id), told)
    }
}
