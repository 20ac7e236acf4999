//! The hospital accepts or declines.

use jiff::Timestamp;

use crate::access::{CaseAccess, Operation, Relation};
use crate::case::{Case, CaseStage, Change, Ending, EventKind, Refusal, Rules, Stage, Visit, VisitKind, Written};
use crate::ids::UserId;
use crate::money::Yen;
use crate::people::LongText;
use crate::review::DeclineCode;
use crate::service::ServiceKind;

/// Stages from which a case may be declined.
const DECLINABLE: &[CaseStage] = &[
    CaseStage::Submitted,
    CaseStage::InformationRequested,
    CaseStage::InTriage,
    CaseStage::Accepted,
    CaseStage::AwaitingPayment,
    CaseStage::Scheduled,
    CaseStage::Writing,
    CaseStage::InReview,
];

/// Why a case is declined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decline {
    /// The reason.
    pub code: DeclineCode,
    /// The text for the applicant.
    pub text: LongText,
    /// The text for the hospital's people.
    pub note: Option<LongText>,
    /// All of what was received: it is given back.
    pub refund: Yen,
}

impl Case {
    pub(crate) fn may_accept(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::AcceptCase, &[CaseStage::InTriage])?;
        self.not_held()
    }

    /// Accepts the case for the department and names the responsible physician.
    pub fn accept(mut self, by: &CaseAccess, rules: &Rules<'_>, now: Timestamp, responsible: UserId) -> Result<Change, Refusal> {
        self.may_accept(by)?;
        self.check_attested(rules)?;
        self.stage = match self.kind() {
            ServiceKind::PatientConsultation => Stage::Visit { visit: VisitKind::Patient, step: Visit::Accepted },
            ServiceKind::RepresentativeConsultation => Stage::Visit { visit: VisitKind::Representative, step: Visit::Accepted },
            ServiceKind::WrittenOpinion => Stage::Written { step: Written::Accepted },
        };
        self.responsible = Some(responsible);
        self.accepted_at = Some(now);
        // The hospital's turn: it makes the estimate.
        self.expires_at = None;
        Ok(self.with_event(EventKind::CaseAccepted).with_event(EventKind::PhysicianAssigned { physician: responsible, reason: None }))
    }

    pub(crate) fn may_decline(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::DeclineCase, DECLINABLE)?;
        self.not_arrived()
    }

    /// Declines at once, and opens a full refund of what was paid (seed: “your second opinion request may be declined”).
    pub fn decline(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        Decline { code, text, note, refund }: Decline,
    ) -> Result<Change, Refusal> {
        self.may_decline(by)?;
        if !rules.settings.review.decline_reasons.contains(&code) {
            return Err(Refusal::ReasonNotAllowed);
        }
        if !by.relations.contains(Relation::Department) && !code.is_administrative() {
            return Err(Refusal::ReasonIsTheDepartments);
        }
        if code.needs_a_request_before() && !self.ever_asked {
            return Err(Refusal::AskFirst);
        }
        self.end(now, Ending::Declined { code, text, note });
        let declined = self.with_event(EventKind::CaseDeclined { code });
        Ok(declined.with_refund(refund).with_slides_returned())
    }
}
