//! The hospital accepts or declines.

use jiff::Timestamp;

use super::apply::after_days;
use crate::access::{Operation, Relation, Standing};
use crate::case::{Case, Decided, DeclineCode, Ending, EventKind, Refusal, Rules, Stage, StageName, Visit, VisitKind, Written};
use crate::ids::UserId;
use crate::people::LongText;
use crate::service::ServiceKind;

/// Stages from which a case may be declined.
const DECLINABLE: &[StageName] = &[
    StageName::Submitted,
    StageName::InformationRequested,
    StageName::InTriage,
    StageName::Accepted,
    StageName::AwaitingPayment,
    StageName::Scheduled,
    StageName::Writing,
];

impl Case {
    pub(in crate::case) fn may_accept(&self, by: &Standing) -> Result<(), Refusal> {
        self.guard(by, Operation::AcceptCase, &[StageName::InTriage])?;
        self.not_held()
    }

    /// Accepts the case for the department and names the responsible physician.
    pub fn accept(mut self, by: &Standing, rules: &Rules<'_>, now: Timestamp, responsible: UserId) -> Result<Decided, Refusal> {
        self.may_accept(by)?;
        self.stage = match self.kind() {
            ServiceKind::PatientConsultation => Stage::Visit { visit: VisitKind::Patient, step: Visit::Accepted },
            ServiceKind::RepresentativeConsultation => Stage::Visit { visit: VisitKind::Representative, step: Visit::Accepted },
            ServiceKind::WrittenOpinion => Stage::Written { step: Written::Accepted },
        };
        self.responsible = Some(responsible);
        self.accepted_at = Some(now);
        self.expires_at = Some(after_days(now, rules.settings.accepted_expires_after_days));
        Ok(self.told(EventKind::CaseAccepted).and(EventKind::PhysicianAssigned { physician: responsible }))
    }

    pub(in crate::case) fn may_decline(&self, by: &Standing) -> Result<(), Refusal> {
        self.guard(by, Operation::DeclineCase, DECLINABLE)
    }

    /// Declines at once, and opens a full refund of the `paid` yen (seed: “your second opinion request may be declined”).
    pub fn decline(
        mut self,
        by: &Standing,
        rules: &Rules<'_>,
        now: Timestamp,
        code: DeclineCode,
        text: LongText,
        note: Option<LongText>,
        paid: i64,
    ) -> Result<Decided, Refusal> {
        self.may_decline(by)?;
        if !rules.settings.decline_reasons.contains(&code) {
            return Err(Refusal::ReasonNotAllowed);
        }
        if !by.relations.contains(Relation::Department) && !code.is_administrative() {
            return Err(Refusal::ReasonIsTheDepartments);
        }
        if code.needs_a_request_before() && self.requests.is_empty() {
            return Err(Refusal::AskFirst);
        }
        self.end(now, Ending::Declined { code, text, note });
        let declined = self.told(EventKind::CaseDeclined { code });
        Ok(declined.with_refund(paid).with_slides_returned())
    }

    /// Ends the case: no clock runs any longer.
    pub(super) fn end(&mut self, at: Timestamp, ending: Ending) {
        self.stage = Stage::Ended { kind: self.kind(), from: self.stage.name(), at, ending };
        self.hold = None;
        self.expires_at = None;
    }
}

impl Decided {
    /// A refund of `amount` yen is due, if there is something to give back.
    pub(super) fn with_refund(self, amount: i64) -> Self {
        if amount > 0 { self.and(EventKind::RefundOpened { amount }) } else { self }
    }

    /// Slides that may be here must be sent back.
    pub(super) fn with_slides_returned(self) -> Self {
        if self.case.application.re_examination.is_some() { self.and(EventKind::SlideReturnOpened) } else { self }
    }
}
