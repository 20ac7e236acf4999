//! The review for acceptance begins; another department; a physician.

use jiff::Timestamp;

use crate::access::{CaseAccess, Operation};
use crate::appointments::DateTurn;
use crate::case::{Case, CaseStage, Change, EventKind, HoldReason, Intake, Refusal, Rules, Stage};
use crate::ids::{DepartmentId, UserId};
use crate::intake::items::{BlockedStep, ItemCode, ItemRecord, ItemState, checklist};
use crate::people::ShortText;

/// The facts about a document that the rule needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentFact {
    /// The item that it was handed in for.
    pub item: ItemCode,
    /// Whether it is in Japanese or English, or a translation of it into one of them is there, or it is an image.
    pub is_readable: bool,
}

/// Stages in which another department may take the case.
const REASSIGNABLE: &[CaseStage] =
    &[CaseStage::InTriage, CaseStage::Accepted, CaseStage::Scheduled, CaseStage::AwaitingPayment, CaseStage::Writing];
/// Stages in which another physician may take the case, with the draft.
const ASSIGNABLE: &[CaseStage] =
    &[CaseStage::InTriage, CaseStage::Accepted, CaseStage::Scheduled, CaseStage::AwaitingPayment, CaseStage::Writing, CaseStage::InReview];

impl Case {
    pub(crate) fn may_start_triage(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::StartTriage, &[CaseStage::Submitted])?;
        self.not_held()
    }

    /// Hands the case to a department. Required items are verified; what is relied on can be read here, or is set aside with a reason.
    pub fn start_triage(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        department: DepartmentId,
        documents: &[DocumentFact],
        set_aside: &[(ItemCode, ShortText)],
    ) -> Result<Change, Refusal> {
        self.may_start_triage(by)?;
        for (item, reason) in set_aside {
            self.set_aside(by, now, *item, reason.clone(), rules)?;
        }
        let items = checklist(&self, rules).open(BlockedStep::Triage);
        if items == [ItemCode::PatientConsent] {
            return Err(Refusal::NoVisitorCanBeReceived);
        }
        if !items.is_empty() {
            return Err(Refusal::ItemsUnverified { items });
        }
        let mut unread: Vec<ItemCode> = documents
            .iter()
            // A consent is checked by whoever reads its form, in whatever language (R17).
            .filter(|one| !one.is_readable && one.item.consent().is_none() && self.item_state(one.item) != ItemState::SetAside)
            .map(|one| one.item)
            .collect();
        unread.sort_unstable();
        unread.dedup();
        if !unread.is_empty() {
            return Err(Refusal::DocumentsUntranslated { items: unread });
        }
        let Stage::Intake { kind, .. } = self.stage else { return Err(self.wrong_kind()) };
        self.stage = Stage::Intake { kind, step: Intake::InTriage };
        self.department = Some(department);
        Ok(self.with_event(EventKind::TriageStarted { department }))
    }

    fn set_aside(&mut self, by: &CaseAccess, now: Timestamp, item: ItemCode, reason: ShortText, rules: &Rules<'_>) -> Result<(), Refusal> {
        let list = checklist(self, rules);
        let entry = list.find(item).ok_or(Refusal::ItemNotApplicable { item })?;
        if entry.blocks != BlockedStep::Nothing {
            return Err(Refusal::ItemIsRequired { item });
        }
        self.items.insert(item, ItemRecord { state: ItemState::SetAside, reason: Some(reason), by: by.user, at: now });
        Ok(())
    }

    pub(crate) fn may_reassign(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::ReassignCase, REASSIGNABLE)?;
        self.not_arrived()
    }

    /// Hands the case to another department, which reviews it. An accepted case comes back for that (R27): its appointment is cancelled by the hospital, its
    /// estimate and its money stay.
    pub fn reassign(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        department: DepartmentId,
        reason: ShortText,
    ) -> Result<Change, Refusal> {
        self.may_reassign(by)?;
        self.department = Some(department);
        self.responsible = None;
        let mut told = vec![EventKind::CaseReassigned { department, reason: Some(reason) }];
        if self.stage.name() != CaseStage::InTriage {
            told.extend(self.cancel_for_another_review(rules, now));
            told.push(EventKind::ReviewedAgain);
            self.visiting.date_turn = if self.accepted_estimate().is_some() { DateTurn::Hospital } else { DateTurn::Applicant };
            self.kept_invoice = self.stage.invoice();
            self.stage = Stage::Intake { kind: self.kind(), step: Intake::InTriage };
            (self.expires_at, self.overdue_noted_at) = (None, None);
            // Slides are waited for by paid work alone.
            told.extend(self.drop_hold_for(&[HoldReason::Slides]));
        }
        Ok(self.with_all(told))
    }

    pub(crate) fn may_assign_physician(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::AssignPhysician, ASSIGNABLE)
    }

    /// Names the responsible physician, or another one. That the person is a doctor of the department is the caller's to check.
    pub fn assign_physician(
        mut self,
        by: &CaseAccess,
        _: &Rules<'_>,
        _: Timestamp,
        physician: UserId,
        reason: ShortText,
    ) -> Result<Change, Refusal> {
        self.may_assign_physician(by)?;
        self.responsible = Some(physician);
        Ok(self.with_event(EventKind::PhysicianAssigned { physician, reason: Some(reason) }))
    }
}
