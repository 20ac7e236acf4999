//! The hospital accepts or declines.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::access::{CaseAccess, Operation, Relation};
use crate::calendar::end_of_day;
use crate::case::{Case, CaseStage, Change, Ending, EventKind, Refusal, Rules, Stage, Visit, VisitKind, Written};
use crate::ids::{InvoiceId, UserId};
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

/// The main invoice of a written opinion that is reviewed again by another department.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptInvoice {
    /// Whether nothing is owed on it.
    pub is_settled: bool,
    /// Whether there is money on it.
    pub has_money: bool,
    /// The last day, in Tokyo, on which the rest can be paid.
    pub payable_until: Date,
}

impl Case {
    /// The main invoice of a written opinion while another department reviews the case.
    pub const fn kept_invoice(&self) -> Option<InvoiceId> {
        self.kept_invoice
    }

    pub(crate) fn may_accept(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::AcceptCase, &[CaseStage::InTriage])?;
        self.not_held()
    }

    /// Accepts the case for the department and names the responsible physician. A case that another department had accepted goes on where its money stands
    /// (R27): what is paid is worked on from today.
    pub fn accept(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        responsible: UserId,
        kept: Option<KeptInvoice>,
    ) -> Result<Change, Refusal> {
        self.may_accept(by)?;
        self.check_attested(rules)?;
        self.stage = match self.kind() {
            ServiceKind::PatientConsultation => Stage::Visit { visit: VisitKind::Patient, step: Visit::Accepted },
            ServiceKind::RepresentativeConsultation => Stage::Visit { visit: VisitKind::Representative, step: Visit::Accepted },
            ServiceKind::WrittenOpinion => Stage::Written { step: Written::Accepted },
        };
        self.responsible = Some(responsible);
        self.accepted_at = Some(now);
        // An estimate that ran out meanwhile holds no longer.
        self.estimate = self.estimate.filter(|estimate| estimate.accepted_at.is_some() || estimate.valid_until > now);
        self.run_applicants_clock(rules, now);
        let mut told = vec![EventKind::CaseAccepted, EventKind::PhysicianAssigned { physician: responsible, reason: None }];
        if let (Some(invoice), Some(kept)) = (self.kept_invoice.take(), kept) {
            self.stage = Stage::Written { step: Written::AwaitingPayment { invoice } };
            self.expires_at = (!kept.has_money).then(|| end_of_day(kept.payable_until));
            if kept.is_settled {
                told.extend(self.start_work_if_awaited(rules, now, invoice));
            }
        }
        Ok(self.with_all(told))
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
