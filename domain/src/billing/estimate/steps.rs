//! The estimate is issued, accepted or taken back, as the case sees it.

use jiff::Timestamp;

use crate::access::{CaseAccess, Operation, Relation};
use crate::case::{Case, CaseEstimate, CaseStage, Change, EventKind, Refusal, Rules};
use crate::ids::EstimateId;
use crate::money::Payer;
use crate::pathology::Addition;

/// The payer's word on an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The estimate.
    pub estimate: EstimateId,
    /// Who pays.
    pub payer: Payer,
    /// Whether it is a visit that is paid in advance.
    pub is_prepaid: bool,
}

impl Case {
    pub(crate) fn may_issue_estimate(&self, by: &CaseAccess) -> Result<(), Refusal> {
        if let Some(addition) = self.addition_to_estimate() {
            return self.may_estimate(by, addition);
        }
        // More slides are proposed first.
        if self.accepted_estimate().is_some()
            && matches!(self.stage.name(), CaseStage::AwaitingPayment | CaseStage::Writing | CaseStage::InReview)
        {
            self.authorize(by, Operation::IssueEstimate)?;
            return Err(Refusal::EstimateAlreadyAccepted);
        }
        self.guard(by, Operation::IssueEstimate, &[CaseStage::Accepted])?;
        self.not_held()?;
        self.estimate_not_accepted()
    }

    /// Notes the estimate that was issued, in place of one that nobody has accepted. From now on it is the applicant's turn. Once the main
    /// estimate is accepted, it is that of the addition, and no stage and no clock of the case changes.
    pub fn issue_estimate(mut self, by: &CaseAccess, estimate: EstimateId, valid_until: Timestamp) -> Result<Change, Refusal> {
        self.may_issue_estimate(by)?;
        let newest = CaseEstimate { id: estimate, valid_until, accepted_at: None, is_prepaid: false };
        if self.addition_to_estimate().is_some() {
            self.set_supplementary_estimate(Some(newest));
            return Ok(self.with_event(EventKind::EstimateIssued { estimate }));
        }
        // What a physician proposed before any price was agreed on is part of the main estimate.
        if let Some(proposed) = self.re_examination.addition.take() {
            self.application.re_examination = self.slides_asked_for().plus(proposed.slides).asked();
        }
        self.estimate = Some(newest);
        self.expires_at = Some(valid_until);
        Ok(self.with_event(EventKind::EstimateIssued { estimate }))
    }

    pub(crate) fn may_accept_estimate(&self, by: &CaseAccess) -> Result<(), Refusal> {
        if self.open_supplement().is_some() {
            return self.may_decide_on_supplement(by, Operation::AcceptEstimate);
        }
        self.guard(by, Operation::AcceptEstimate, &[CaseStage::Accepted])?;
        self.estimate_issued()
    }

    /// Notes that the payer accepted the estimate. The desk writes down what a payer signed on paper.
    pub fn accept_estimate(mut self, by: &CaseAccess, rules: &Rules<'_>, now: Timestamp, consent: Consent) -> Result<Change, Refusal> {
        self.may_accept_estimate(by)?;
        let newest = self.newest(consent.estimate)?;
        if now >= newest.valid_until {
            return Err(Refusal::EstimateExpired);
        }
        self.check_payer(by, consent.payer)?;
        let accepted = CaseEstimate { accepted_at: Some(now), is_prepaid: consent.is_prepaid, ..newest };
        if self.open_supplement().is_some() {
            self.set_supplementary_estimate(Some(accepted));
            let told = self.take_up_uninvoiced(by.user, now);
            return Ok(self.with_all(std::iter::once(EventKind::EstimateAccepted { estimate: consent.estimate }).chain(told)));
        }
        self.estimate = Some(accepted);
        // The hospital's turn: nothing expires while it holds the case. Those who visit say first when they can come.
        self.run_applicants_clock(rules, now);
        Ok(self.with_event(EventKind::EstimateAccepted { estimate: consent.estimate }))
    }

    /// Each side binds itself alone; the desk writes down what a payer signed. Nothing is billed to a patient who does not know.
    fn check_payer(&self, by: &CaseAccess, payer: Payer) -> Result<(), Refusal> {
        let side = match payer {
            Payer::Applicant | Payer::Other => Relation::Applicant,
            Payer::Agency => Relation::Agency,
            Payer::Patient => Relation::Patient,
        };
        let is_desk = by.relations.contains(Relation::Desk);
        let is_on_the_case = match payer {
            Payer::Applicant | Payer::Other => true,
            Payer::Agency => self.agency.is_some(),
            Payer::Patient => !self.is_patient_uninformed(),
        };
        if is_on_the_case && (is_desk || by.relations.contains(side)) { Ok(()) } else { Err(Refusal::PayerUnknown) }
    }

    /// The side of somebody who accepts an estimate that a third party pays: it stands in for the payer. The desk writes down the word of the
    /// agency if there is one, else of the applicant.
    pub fn stands_in(&self, by: &CaseAccess) -> Payer {
        let sides = [(Relation::Applicant, Payer::Applicant), (Relation::Agency, Payer::Agency), (Relation::Patient, Payer::Patient)];
        let own = sides.into_iter().find(|(relation, _)| by.relations.contains(*relation)).map(|(_, side)| side);
        own.unwrap_or(if self.agency.is_some() { Payer::Agency } else { Payer::Applicant })
    }

    pub(crate) fn may_withdraw_estimate(&self, by: &CaseAccess) -> Result<(), Refusal> {
        if self.open_supplement().is_some() {
            return self.may_decide_on_supplement(by, Operation::WithdrawEstimate);
        }
        self.guard(by, Operation::WithdrawEstimate, &[CaseStage::Accepted])?;
        self.estimate_issued()
    }

    /// Notes that the hospital took the estimate back: its turn again.
    pub fn withdraw_estimate(mut self, by: &CaseAccess, estimate: EstimateId) -> Result<Change, Refusal> {
        self.may_withdraw_estimate(by)?;
        self.newest(estimate)?;
        if self.open_supplement().is_some() {
            self.set_supplementary_estimate(None);
            return Ok(self.with_event(EventKind::EstimateWithdrawn { estimate }));
        }
        self.estimate = None;
        // Another service may be proposed meanwhile: then it stays the applicant's turn.
        Ok(self.without_clock_at_the_hospitals_turn().with_event(EventKind::EstimateWithdrawn { estimate }))
    }

    /// Stops a clock that runs at the hospital's turn. Release 0.1 let one run from the acceptance of the case.
    #[must_use]
    pub fn without_clock_at_the_hospitals_turn(mut self) -> Self {
        if self.stage.name() == CaseStage::Accepted && !self.is_applicants_turn() {
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
        self.open_supplement().or(self.estimate).filter(|newest| newest.id == estimate).ok_or(Refusal::EstimateSuperseded)
    }

    /// The estimate of an addition that waits for the payer. The main estimate was accepted before.
    fn open_supplement(&self) -> Option<CaseEstimate> {
        self.addition_to_estimate().and_then(Addition::open_estimate)
    }
}
