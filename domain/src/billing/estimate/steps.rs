//! The estimate is issued, accepted or taken back, as the case sees it.

use jiff::Timestamp;

use crate::access::{CaseAccess, Operation, Relation};
use crate::case::{Case, CaseEstimate, CaseStage, Change, EventKind, Refusal};
use crate::ids::EstimateId;
use crate::money::Payer;

/// The payer's word on an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The estimate.
    pub estimate: EstimateId,
    /// Who pays.
    pub payer: Payer,
}

impl Case {
    pub(crate) fn may_issue_estimate(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::IssueEstimate, &[CaseStage::Accepted])?;
        self.not_held()?;
        self.estimate_not_accepted()
    }

    /// Notes the estimate that was issued, in place of one that nobody has accepted. From now on it is the applicant's turn.
    pub fn issue_estimate(mut self, by: &CaseAccess, estimate: EstimateId, valid_until: Timestamp) -> Result<Change, Refusal> {
        self.may_issue_estimate(by)?;
        self.estimate = Some(CaseEstimate { id: estimate, valid_until, accepted_at: None });
        self.expires_at = Some(valid_until);
        Ok(self.with_event(EventKind::EstimateIssued { estimate }))
    }

    pub(crate) fn may_accept_estimate(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::AcceptEstimate, &[CaseStage::Accepted])?;
        self.estimate_issued()
    }

    /// Notes that the payer accepted the estimate. The desk writes down what a payer signed on paper.
    pub fn accept_estimate(mut self, by: &CaseAccess, now: Timestamp, consent: Consent) -> Result<Change, Refusal> {
        self.may_accept_estimate(by)?;
        let newest = self.newest(consent.estimate)?;
        if now >= newest.valid_until {
            return Err(Refusal::EstimateExpired);
        }
        let through_agency = consent.payer == Payer::Agency;
        let is_someone_elses = !by.relations.contains(Relation::Desk) && through_agency != by.relations.contains(Relation::Agency);
        if is_someone_elses || (through_agency && self.agency.is_none()) {
            return Err(Refusal::PayerUnknown);
        }
        self.estimate = Some(CaseEstimate { accepted_at: Some(now), ..newest });
        // The hospital's turn: nothing expires while it holds the case.
        self.expires_at = None;
        Ok(self.with_event(EventKind::EstimateAccepted { estimate: consent.estimate }))
    }

    pub(crate) fn may_withdraw_estimate(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::WithdrawEstimate, &[CaseStage::Accepted])?;
        self.estimate_issued()
    }

    /// Notes that the hospital took the estimate back: its turn again.
    pub fn withdraw_estimate(mut self, by: &CaseAccess, estimate: EstimateId) -> Result<Change, Refusal> {
        self.may_withdraw_estimate(by)?;
        self.newest(estimate)?;
        self.estimate = None;
        self.expires_at = None;
        Ok(self.with_event(EventKind::EstimateWithdrawn { estimate }))
    }

    /// Stops a clock that runs at the hospital's turn. Release 0.1 let one run from the acceptance of the case.
    #[must_use]
    pub fn without_clock_at_the_hospitals_turn(mut self) -> Self {
        if self.stage.name() == CaseStage::Accepted && !self.awaits_acceptance() {
            self.expires_at = None;
        }
        self
    }

    fn estimate_not_accepted(&self) -> Result<(), Refusal> {
        if self.accepted_estimate().is_some() { Err(Refusal::EstimateAlreadyAccepted) } else { Ok(()) }
    }

    fn estimate_issued(&self) -> Result<(), Refusal> {
        self.estimate_not_accepted()?;
        if self.estimate.is_none() { Err(Refusal::EstimateNotIssued) } else { Ok(()) }
    }

    fn newest(&self, estimate: EstimateId) -> Result<CaseEstimate, Refusal> {
        self.estimate.filter(|newest| newest.id == estimate).ok_or(Refusal::EstimateSuperseded)
    }
}
