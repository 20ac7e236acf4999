//! The re-examination is proposed, changed, counted and reported.

use jiff::Timestamp;

use super::{Addition, Findings, SlideCount};
use crate::access::{CaseAccess, Operation};
use crate::case::{Case, CaseStage, Change, EventKind, Refusal, Rules};
use crate::ids::UserId;
use crate::intake::ReExamination;
use crate::intake::items::{ItemCode, ItemRecord, ItemState};

/// Stages in which the re-examination changes and slides are counted.
const OPEN: &[CaseStage] = &[
    CaseStage::InTriage,
    CaseStage::Accepted,
    CaseStage::Scheduled,
    CaseStage::AwaitingPayment,
    CaseStage::Writing,
    CaseStage::InReview,
    CaseStage::Consulted,
];
/// Stages in which findings are recorded: of paid work, and of visits.
const REPORTED: &[CaseStage] = &[CaseStage::Scheduled, CaseStage::Writing, CaseStage::InReview, CaseStage::Consulted];

/// More slides, as a physician proposes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// How many of each, beside those that are agreed on.
    pub slides: ReExamination,
    /// Whether the opinion waits for them.
    pub is_awaited: bool,
}

/// The re-examination as the desk puts it down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReExaminationChange {
    /// How many of each are wanted now, all together; none if it is withdrawn.
    pub slides: ReExamination,
    /// Whether the opinion waits for those that are new; none leaves it as it was proposed.
    pub is_awaited: Option<bool>,
    /// The slides that the invoices of the case charge for, without that of an addition.
    pub charged: ReExamination,
}

impl Case {
    fn findings_are_open(&self) -> Result<(), Refusal> {
        if self.re_examination.findings.is_empty() { Ok(()) } else { Err(Refusal::FindingsRecorded) }
    }

    pub(crate) fn may_propose_re_examination(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::ProposeReExamination, OPEN)?;
        self.findings_are_open()?;
        let is_agreed = self.re_examination.addition.as_ref().is_some_and(Addition::is_agreed);
        if is_agreed { Err(Refusal::AdditionAgreed) } else { Ok(()) }
    }

    /// Proposes more slides. The desk makes the estimate. An earlier proposal that nobody has agreed to is replaced.
    ///
    /// # Errors
    /// [`Refusal::FindingsRecorded`], [`Refusal::AdditionAgreed`].
    pub fn propose_re_examination(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        proposal: Proposal,
    ) -> Result<Change, Refusal> {
        self.may_propose_re_examination(by)?;
        let Proposal { slides, is_awaited } = proposal;
        self.re_examination.addition = Some(Addition { slides, is_awaited, by: by.user, at: now, estimate: None, invoice: None });
        Ok(self.settled(rules, now, EventKind::ReExaminationProposed))
    }

    pub(crate) fn may_change_re_examination(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::ChangeReExamination, OPEN)?;
        self.findings_are_open()
    }

    /// Changes the slides that are wanted, on the wish of the applicant or on the proposal of the physician. Before an estimate is accepted
    /// they simply change, and an estimate that waits is taken back. Afterwards fewer of them count at once, and what was invoiced is to be
    /// credited; more of them are an addition, which needs an estimate of its own.
    ///
    /// # Errors
    /// [`Refusal::FindingsRecorded`], [`Refusal::ReExaminationUnchanged`].
    pub fn change_re_examination(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        change: ReExaminationChange,
    ) -> Result<Change, Refusal> {
        self.may_change_re_examination(by)?;
        let ReExaminationChange { slides, is_awaited, charged } = change;
        let (before, addition) = (self.slides_asked_for(), self.re_examination.addition.take());
        let mut told = vec![EventKind::ReExaminationChanged];
        if self.accepted_estimate().is_none() {
            if before == slides && addition.is_none() {
                return Err(Refusal::ReExaminationUnchanged);
            }
            self.application.re_examination = slides.asked();
            if let Some(open) = self.estimate.take() {
                self.expires_at = None;
                told.push(EventKind::EstimateWithdrawn { estimate: open.id });
            }
        } else {
            // What is invoiced and not credited yet is asked for again without another estimate.
            let kept = before.or(charged).in_common(slides);
            let more = slides.beyond(kept);
            let proposed = addition.as_ref().map_or(ReExamination::NONE, |addition| addition.slides);
            let is_awaited = is_awaited.unwrap_or(addition.as_ref().is_some_and(|addition| addition.is_awaited));
            if kept == before && more == proposed {
                return Err(Refusal::ReExaminationUnchanged);
            }
            self.application.re_examination = kept.asked();
            self.re_examination.to_credit = charged.beyond(kept);
            let fresh = || Addition { slides: more, is_awaited, by: by.user, at: now, estimate: None, invoice: None };
            self.re_examination.addition = if more == proposed { addition } else { more.asked().map(|_| fresh()) };
        }
        self.compare_slides(before, by.user, now);
        let followed = self.settle_clocks(rules, now, crate::calendar::today_in_tokyo(now));
        told.extend(followed);
        Ok(self.with_all(told))
    }

    /// Takes slides back for which no invoice charges any longer, until they are reported.
    pub(crate) fn keep_charged_slides(&mut self, charged: ReExamination, by: UserId, now: Timestamp) -> Vec<EventKind> {
        let asked = self.slides_asked_for();
        let is_open = matches!(self.stage.name(), CaseStage::AwaitingPayment | CaseStage::Writing | CaseStage::InReview);
        if !is_open || !self.re_examination.findings.is_empty() || asked.beyond(charged).is_none() {
            return Vec::new();
        }
        self.application.re_examination = asked.in_common(charged).asked();
        self.compare_slides(asked, by, now);
        vec![EventKind::ReExaminationChanged]
    }

    pub(crate) fn may_confirm_slides(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::ConfirmSlides, OPEN)?;
        self.findings_are_open()
    }

    /// Notes how many slides arrived. As many as are asked for complete the item; others are told to the applicant.
    ///
    /// # Errors
    /// [`Refusal::FindingsRecorded`].
    pub fn confirm_slides(mut self, by: &CaseAccess, rules: &Rules<'_>, now: Timestamp, count: SlideCount) -> Result<Change, Refusal> {
        self.may_confirm_slides(by)?;
        let asked = self.slides_asked_for();
        let differ = count.slides != asked;
        self.re_examination.count = Some(count);
        self.compare_slides(asked, by.user, now);
        Ok(self.settled(rules, now, EventKind::SlidesCounted { differ }))
    }

    /// Compares the slides that arrived with those that are asked for: the item is verified exactly while none is missing. `before` are
    /// those that were asked for.
    pub(super) fn compare_slides(&mut self, before: ReExamination, by: UserId, now: Timestamp) {
        let Some(asked) = self.application.re_examination else { return };
        let arrived = self.re_examination.count.as_ref().map(|count| count.slides);
        match arrived {
            Some(arrived) if asked.beyond(arrived).is_none() => {
                self.items.insert(ItemCode::PathologySlides, ItemRecord { state: ItemState::Verified, reason: None, by, at: now });
            }
            Some(_) => drop(self.items.remove(&ItemCode::PathologySlides)),
            // Nobody has counted. Release 0.1 let the desk verify them: those of then.
            None if !asked.beyond(before).is_none() && self.item_state(ItemCode::PathologySlides) == ItemState::Verified => {
                drop(self.items.remove(&ItemCode::PathologySlides));
            }
            None => {}
        }
    }

    pub(crate) fn may_record_findings(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::RecordFindings, REPORTED)?;
        if self.application.re_examination.is_none() {
            return Err(Refusal::NoReExamination);
        }
        let items = self.slides_unverified();
        if !items.is_empty() {
            return Err(Refusal::ItemsUnverified { items });
        }
        if self.re_examination.addition.is_some() {
            return Err(Refusal::AdditionOpen);
        }
        self.nothing_to_credit()
    }

    /// What is performed must be what is charged for.
    pub(crate) fn nothing_to_credit(&self) -> Result<(), Refusal> {
        if self.re_examination.to_credit.is_none() { Ok(()) } else { Err(Refusal::CreditNoteMissing) }
    }

    /// Notes the findings of slides whose invoices are settled, as `is_paid` says. Their revenue is booked with them. Findings that were wrong are corrected by new ones, with a reason.
    ///
    /// # Errors
    /// [`Refusal::NoReExamination`], [`Refusal::ItemsUnverified`], [`Refusal::AdditionOpen`], [`Refusal::CreditNoteMissing`],
    /// [`Refusal::SlidesUnpaid`], and [`Refusal::FindingsRecorded`] for a correction without a reason.
    pub fn record_findings(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        findings: Findings,
        is_paid: bool,
    ) -> Result<Change, Refusal> {
        self.may_record_findings(by)?;
        if !is_paid {
            return Err(Refusal::SlidesUnpaid);
        }
        if findings.correction.is_none() {
            self.findings_are_open()?;
        }
        self.re_examination.findings.push(findings);
        Ok(self.settled(rules, now, EventKind::FindingsRecorded))
    }
}
