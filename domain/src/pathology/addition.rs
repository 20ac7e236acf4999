//! Slides beside those that are agreed on: their estimate, their invoice, and what becomes of them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ReExaminationRecord;
use crate::access::{CaseAccess, Operation};
use crate::calendar::today_in_tokyo;
use crate::case::{Case, CaseEstimate, CaseStage, Change, EventKind, HoldReason, Refusal, Rules, Stage, WaitingOn};
use crate::ids::{InvoiceId, UserId};
use crate::intake::ReExamination;

/// Stages in which the estimate of an addition is made and accepted.
const ESTIMATED: &[CaseStage] =
    &[CaseStage::Accepted, CaseStage::Scheduled, CaseStage::AwaitingPayment, CaseStage::Writing, CaseStage::InReview];
/// Stages in which its invoice is issued: the invoice of the service comes first.
const INVOICED: &[CaseStage] = &[CaseStage::AwaitingPayment, CaseStage::Writing, CaseStage::InReview];

/// Slides that are proposed beside those that are agreed on. They count when their invoice is paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addition {
    /// How many of each.
    pub slides: ReExamination,
    /// Whether the opinion waits for them.
    pub is_awaited: bool,
    /// Who proposed them.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// Their newest estimate.
    pub estimate: Option<CaseEstimate>,
    /// Their invoice.
    pub invoice: Option<AdditionInvoice>,
}

/// The invoice of an addition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdditionInvoice {
    /// The invoice.
    pub id: InvoiceId,
    /// When the addition lapses if nothing is paid. None once a part is paid: money that came is never lost by a clock.
    pub lapses_at: Option<Timestamp>,
}

/// The invoice of an addition as it stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Supplement {
    /// The invoice.
    pub invoice: InvoiceId,
    /// The slides that it charges for, without those that were credited.
    pub slides: ReExamination,
    /// Whether nothing is owed on it.
    pub is_settled: bool,
    /// Whether there is money on it.
    pub has_money: bool,
}

impl Addition {
    /// Whether the payer accepted its estimate.
    pub fn is_agreed(&self) -> bool {
        self.estimate.is_some_and(|estimate| estimate.accepted_at.is_some())
    }

    /// Its estimate, if that waits for the payer.
    pub fn open_estimate(&self) -> Option<CaseEstimate> {
        self.estimate.filter(|estimate| estimate.accepted_at.is_none())
    }

    /// When it lapses if nobody does anything: its estimate is not accepted, or its invoice not paid.
    pub fn lapses_at(&self) -> Option<Timestamp> {
        match self.invoice {
            Some(invoice) => invoice.lapses_at,
            None => self.open_estimate().map(|estimate| estimate.valid_until),
        }
    }

    /// Who does the next step.
    pub fn waiting_on(&self) -> WaitingOn {
        match (self.estimate, self.invoice) {
            (None, _) => WaitingOn::Desk,
            (Some(_), None) if self.is_agreed() => WaitingOn::Accountant,
            (Some(_), _) => WaitingOn::Applicant,
        }
    }

    /// Moves the clock of its estimate.
    pub(crate) fn delay(&mut self, later: impl Fn(Timestamp) -> Timestamp) {
        if let Some(estimate) = self.estimate.as_mut() {
            estimate.valid_until = later(estimate.valid_until);
        }
        if let Some(invoice) = self.invoice.as_mut() {
            invoice.lapses_at = invoice.lapses_at.map(later);
        }
    }
}

impl ReExaminationRecord {
    /// The addition, if this is its invoice.
    pub fn addition_invoiced_by(&self, invoice: InvoiceId) -> Option<&Addition> {
        self.addition.as_ref().filter(|addition| addition.invoice.is_some_and(|newest| newest.id == invoice))
    }

    /// Puts an invoice in the place of another.
    pub(crate) fn replace_invoice(&mut self, old: InvoiceId, new: InvoiceId) {
        if let Some(invoice) = self.addition.as_mut().and_then(|addition| addition.invoice.as_mut()).filter(|one| one.id == old) {
            invoice.id = new;
        }
    }

    /// Lets the invoice of an addition be paid until an instant: the last money on it was reversed.
    pub(crate) fn extend_invoice(&mut self, invoice: InvoiceId, lapses_at: Timestamp) {
        if let Some(invoice) = self.addition.as_mut().and_then(|addition| addition.invoice.as_mut()).filter(|one| one.id == invoice) {
            invoice.lapses_at = Some(lapses_at);
        }
    }
}

impl Case {
    /// The addition for which the next estimate of the case is made: the main estimate is accepted.
    pub fn addition_to_estimate(&self) -> Option<&Addition> {
        self.re_examination.addition.as_ref().filter(|_| self.accepted_estimate().is_some())
    }

    /// The addition for which the next invoice of the case is issued: that of the service stands.
    pub fn addition_to_invoice(&self) -> Option<&Addition> {
        let is_next = |addition: &&Addition| addition.is_agreed() && addition.invoice.is_none() && self.invoice().is_some();
        self.re_examination.addition.as_ref().filter(is_next)
    }

    /// A hold for slides does not stop what brings them.
    fn not_held_but_for_slides(&self) -> Result<(), Refusal> {
        match &self.hold {
            Some(hold) if hold.reason != HoldReason::Slides => Err(Refusal::OnHold),
            Some(_) | None => Ok(()),
        }
    }

    pub(crate) fn may_estimate(&self, by: &CaseAccess, addition: &Addition) -> Result<(), Refusal> {
        self.guard(by, Operation::IssueEstimate, ESTIMATED)?;
        self.not_held_but_for_slides()?;
        if addition.is_agreed() { Err(Refusal::EstimateAlreadyAccepted) } else { Ok(()) }
    }

    pub(crate) fn may_decide_on_supplement(&self, by: &CaseAccess, operation: Operation) -> Result<(), Refusal> {
        self.guard(by, operation, ESTIMATED)
    }

    pub(crate) fn may_invoice_addition(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::IssueInvoice, INVOICED)?;
        self.not_held_but_for_slides()
    }

    pub(crate) fn addition_not_invoiced(&self, addition: &Addition) -> Result<(), Refusal> {
        let is = self.stage.name();
        if addition.invoice.is_none() { Ok(()) } else { Err(Refusal::WrongStage { is, needs: &[CaseStage::Accepted] }) }
    }

    /// Notes a new estimate of the addition, or that it has none.
    pub(crate) fn set_supplementary_estimate(&mut self, estimate: Option<CaseEstimate>) {
        if let Some(addition) = self.re_examination.addition.as_mut() {
            addition.estimate = estimate;
        }
    }

    /// Takes up an addition whose estimate was accepted, if no invoice comes before: a visit is billed on its day.
    pub(crate) fn take_up_uninvoiced(&mut self, by: UserId, now: Timestamp) -> Vec<EventKind> {
        if !matches!(self.stage, Stage::Visit { .. }) {
            return Vec::new();
        }
        match self.re_examination.addition.take() {
            Some(addition) => self.take_up(addition.slides, addition.is_awaited, by, now),
            None => Vec::new(),
        }
    }

    /// Notes the invoice of the addition. Unpaid, the addition lapses at `lapses_at`; no stage changes.
    pub fn invoice_addition(mut self, by: &CaseAccess, invoice: InvoiceId, lapses_at: Timestamp) -> Result<Change, Refusal> {
        self.may_invoice_addition(by)?;
        if self.addition_to_invoice().is_none() {
            return Err(Refusal::EstimateNotAccepted);
        }
        if let Some(addition) = self.re_examination.addition.as_mut() {
            addition.invoice = Some(AdditionInvoice { id: invoice, lapses_at: Some(lapses_at) });
        }
        Ok(self.with_event(EventKind::InvoiceIssued { invoice }))
    }

    /// Notes how the invoice of an addition stands now. Once it is settled the slides count; with nothing left on it they fall away. Another
    /// invoice changes nothing.
    pub(crate) fn note_supplement(&mut self, supplement: Supplement, by: UserId, rules: &Rules<'_>, now: Timestamp) -> Vec<EventKind> {
        let Supplement { invoice, slides, is_settled, has_money } = supplement;
        let Some(addition) = self.re_examination.addition.take_if(|one| one.invoice.is_some_and(|of_it| of_it.id == invoice)) else {
            return Vec::new();
        };
        let mut told = if slides.is_none() {
            vec![EventKind::ReExaminationLapsed]
        } else if is_settled {
            self.take_up(slides, addition.is_awaited, by, now)
        } else {
            let lapses_at = addition.invoice.and_then(|of_it| of_it.lapses_at).filter(|_| !has_money);
            self.re_examination.addition = Some(Addition { invoice: Some(AdditionInvoice { id: invoice, lapses_at }), ..addition });
            return Vec::new();
        };
        told.extend(self.settle_clocks(rules, now, today_in_tokyo(now)));
        told
    }

    fn take_up(&mut self, slides: ReExamination, is_awaited: bool, by: UserId, now: Timestamp) -> Vec<EventKind> {
        let before = self.slides_asked_for();
        self.re_examination.is_not_awaited = !is_awaited && (before.is_none() || self.slides_unverified().is_empty());
        self.application.re_examination = before.plus(slides).asked();
        self.compare_slides(before, by, now);
        vec![EventKind::ReExaminationChanged]
    }

    /// Lets an addition fall away whose estimate was not accepted, or whose invoice was not paid, in time. The work goes on.
    ///
    /// # Errors
    /// [`Refusal::NotDue`] before its time, while somebody else holds the case, or where there is none.
    pub fn lapse_addition(mut self, rules: &Rules<'_>, now: Timestamp) -> Result<Change, Refusal> {
        let lapses_at = self.re_examination.addition.as_ref().and_then(Addition::lapses_at);
        if self.not_held_but_for_slides().is_err() || lapses_at.is_none_or(|at| at > now) {
            return Err(Refusal::NotDue);
        }
        self.re_examination.addition = None;
        Ok(self.settled(rules, now, EventKind::ReExaminationLapsed))
    }
}
