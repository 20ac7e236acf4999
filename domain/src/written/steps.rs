//! The written opinion: submitted, returned, delivered, amended.

use jiff::Timestamp;

use crate::access::{CaseAccess, Operation};
use crate::case::{Case, CaseStage, Change, EventKind, OpinionSent, Refusal, Rules, Stage, Written};
use crate::ids::{OpinionId, UserId};
use crate::written::PageFit;

/// The facts about a submitted opinion that the rule needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// The opinion.
    pub opinion: OpinionId,
    /// How it fits on a page, measured elsewhere.
    pub fit: PageFit,
    /// The questions that it does not address, from 0.
    pub unaddressed: Vec<usize>,
    /// Whether it speaks of the findings of the re-examination.
    pub findings_in_the_text: bool,
}

/// Who signs a delivered opinion, and whether somebody reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The chief or director.
    pub by: UserId,
    /// Whether the applicant or the patient has an account.
    pub has_reader: bool,
}

impl Case {
    /// Whether the responsible physician may write the draft now.
    pub fn may_draft_opinion(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::DraftOpinion, &[CaseStage::Writing])
    }

    pub(crate) fn may_submit_opinion(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::SubmitOpinion, &[CaseStage::Writing])?;
        self.not_held()
    }

    /// Hands the opinion to the department: one page (seed: “a one-page document”), every question addressed.
    pub fn submit_opinion(mut self, by: &CaseAccess, _: &Rules<'_>, _: Timestamp, submitted: &Submitted) -> Result<Change, Refusal> {
        self.may_submit_opinion(by)?;
        if !submitted.fit.is_one_page() {
            return Err(Refusal::OpinionTooLong { lines: submitted.fit.lines, max_lines: submitted.fit.max_lines });
        }
        if !submitted.unaddressed.is_empty() {
            return Err(Refusal::QuestionsUnanswered { questions: submitted.unaddressed.clone() });
        }
        if self.lacks_findings() || (self.application.re_examination.is_some() && !submitted.findings_in_the_text) {
            return Err(Refusal::FindingsMissing);
        }
        let Stage::Written { step: Written::Writing { work } } = self.stage else { return Err(self.wrong_kind()) };
        self.stage = Stage::Written { step: Written::InReview { work, opinion: submitted.opinion, author: by.user } };
        Ok(self.with_event(EventKind::OpinionSubmitted { opinion: submitted.opinion }))
    }

    pub(crate) fn may_return_opinion(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::ReturnOpinion, &[CaseStage::InReview])
    }

    /// Returns the opinion to its author; the comment stands with the opinion.
    pub fn return_opinion(mut self, by: &CaseAccess, _: &Rules<'_>, _: Timestamp) -> Result<Change, Refusal> {
        self.may_return_opinion(by)?;
        let Stage::Written { step: Written::InReview { work, opinion, .. } } = self.stage else { return Err(self.wrong_kind()) };
        self.stage = Stage::Written { step: Written::Writing { work } };
        Ok(self.with_event(EventKind::OpinionReturned { opinion }))
    }

    pub(crate) fn may_deliver_opinion(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::DeliverOpinion, &[CaseStage::InReview])?;
        self.not_held()
    }

    /// Delivers the opinion, signed by the chief or director of the department (seed); the author may be the one who signs. It goes to the
    /// applicant or the patient. What the agency may read never blocks the patient's own opinion.
    ///
    /// # Errors
    /// [`Refusal::FindingsMissing`], [`Refusal::CreditNoteMissing`], and
    /// [`Refusal::NoWayToDeliver`] if nobody of them has an account, and the patient's address is not known.
    pub fn deliver_opinion(mut self, by: &CaseAccess, _: &Rules<'_>, now: Timestamp, signed: Signed) -> Result<Change, Refusal> {
        self.may_deliver_opinion(by)?;
        if self.lacks_findings() {
            return Err(Refusal::FindingsMissing);
        }
        self.nothing_to_credit()?;
        if !signed.has_reader && self.application.patient.address.is_none() {
            return Err(Refusal::NoWayToDeliver);
        }
        let Stage::Written { step: Written::InReview { work, opinion, .. } } = self.stage else { return Err(self.wrong_kind()) };
        self.stage = Stage::Written { step: Written::Delivered { work, opinion, signed_by: signed.by, delivered_at: now } };
        // Slides that were proposed, and that nobody paid, fall away with the delivery.
        let lapsed = self.re_examination.addition.take().map(|_| EventKind::ReExaminationLapsed);
        Ok(self.with_all(std::iter::once(EventKind::OpinionDelivered { opinion }).chain(lapsed)))
    }

    pub(crate) fn may_record_opinion_sent(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::RecordOpinionSent, &[CaseStage::Delivered, CaseStage::Closed])?;
        if self.kind() == crate::service::ServiceKind::WrittenOpinion { Ok(()) } else { Err(self.wrong_kind()) }
    }

    /// Notes that the delivered opinion was sent by post.
    pub fn record_opinion_sent(mut self, by: &CaseAccess, _: &Rules<'_>, _: Timestamp, sent: OpinionSent) -> Result<Change, Refusal> {
        self.may_record_opinion_sent(by)?;
        self.sent.push(sent);
        Ok(self.with_event(EventKind::OpinionSent))
    }

    pub(crate) fn may_add_addendum(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::AddOpinionAddendum, &[CaseStage::Delivered, CaseStage::Closed])?;
        if self.kind() == crate::service::ServiceKind::WrittenOpinion { Ok(()) } else { Err(self.wrong_kind()) }
    }

    /// Notes a new version of a delivered opinion; the old one stays.
    pub fn add_opinion_addendum(self, by: &CaseAccess, _: &Rules<'_>, _: Timestamp, opinion: OpinionId) -> Result<Change, Refusal> {
        self.may_add_addendum(by)?;
        Ok(self.with_event(EventKind::OpinionAddendumAdded { opinion }))
    }
}
