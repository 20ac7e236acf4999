//! The money of visits: which half hours an invoice charges for, and what a cancellation gives back.

use jiff::Timestamp;
use jiff::civil::Date;

use super::fees::{FeeCode, FeeRefusal, FeeUnit, Pricing, QuoteLine};
use super::{CancellationPolicy, Estimate, Invoice};
use crate::access::{CaseAccess, Operation};
use crate::appointments::Appointment;
use crate::case::{CancelReason, Case, CaseStage, Change, EventKind, Refusal, Rules, Stage};
use crate::ids::{CreditNoteId, InvoiceId};
use crate::money::Yen;

/// Half hours of a visit, by who pays them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HalfHoursByPayer {
    /// Those of whoever accepted the estimate.
    pub payer: u32,
    /// Those of the people who visit.
    pub visitor: u32,
}

impl HalfHoursByPayer {
    /// Those beyond others.
    #[must_use]
    pub const fn beyond(self, others: Self) -> Self {
        Self { payer: self.payer.saturating_sub(others.payer), visitor: self.visitor.saturating_sub(others.visitor) }
    }

    /// Whether there are none.
    pub const fn is_none(self) -> bool {
        self.payer == 0 && self.visitor == 0
    }
}

impl Pricing {
    /// The half hours of a visit that it prices.
    pub fn half_hours(&self) -> u32 {
        self.lines.iter().filter(|line| line.code.is_consultation()).map(|line| line.quantity).sum()
    }
}

impl Estimate {
    /// Its prices for so many half hours: with the first, everything that belongs to it; without, further ones alone.
    pub fn for_half_hours(&self, has_first: bool, half_hours: u32) -> Result<Pricing, FeeRefusal> {
        let mut pricing = self.pricing.clone();
        let further = half_hours.saturating_sub(u32::from(has_first));
        pricing.lines.retain(|line| has_first && line.code != FeeCode::ConsultationAdditional30Min);
        if further > 0 {
            let unit_price = self.further_half_hour.ok_or(FeeRefusal::PriceMissing)?;
            let code = FeeCode::ConsultationAdditional30Min;
            let line = QuoteLine { code, quantity: further, unit: FeeUnit::HalfHour, unit_price, amount: Yen::ZERO, is_minimum: false };
            // After the first, before the slides.
            pricing.lines.insert(usize::from(has_first).min(pricing.lines.len()), line);
        }
        pricing.repriced()
    }
}

impl Invoice {
    /// The half hours of a visit that it charges for, without those that were credited; none once it ended or was replaced.
    pub fn half_hours(&self) -> u32 {
        if self.end.is_some() || self.replaced_by.is_some() {
            return 0;
        }
        self.lines.iter().filter(|line| line.code.is_consultation()).map(|line| self.remaining(line)).sum()
    }

    /// Of them, those beyond the first, which is always charged.
    pub fn further_half_hours(&self) -> u32 {
        if self.end.is_some() || self.replaced_by.is_some() {
            return 0;
        }
        let further = self.lines.iter().filter(|line| line.code == FeeCode::ConsultationAdditional30Min);
        further.map(|line| self.remaining(line)).sum()
    }

    /// Notes that the consultation took place on a day in Tokyo. Slides are performed with their findings.
    #[must_use]
    pub fn perform_consultation(self, on: Date) -> Self {
        self.perform_those(on, |line| line.code.is_consultation())
    }

    /// The half hours that the invoices of a case charge for.
    pub fn half_hours_of(invoices: &[Self]) -> HalfHoursByPayer {
        let sum = |is_visitors: bool| invoices.iter().filter(|one| one.is_visitors == is_visitors).map(Self::half_hours).sum();
        HalfHoursByPayer { payer: sum(false), visitor: sum(true) }
    }
}

impl Appointment {
    /// The half hours that are charged of the consultation, by who pays them; none before it took place.
    pub fn charged_half_hours(&self) -> HalfHoursByPayer {
        let (all, payer) = self.charged().unwrap_or_default();
        HalfHoursByPayer { payer: u32::from(payer), visitor: u32::from(all.saturating_sub(payer)) }
    }
}

impl CancellationPolicy {
    /// Percent of what was paid in advance that goes back, by the days between the arrival of the notice and the visit.
    pub fn visit_percent_back(&self, days_before: i64) -> u8 {
        let step = self.visit_steps.iter().find(|step| i64::from(step.days_before) <= days_before);
        step.or(self.visit_steps.last()).map_or(0, |step| step.percent)
    }
}

impl Case {
    /// Percent of what was paid that a cancellation gives back (R11): of a visit by the days before it; everything if the hospital changed the appointment
    /// last (R21), or where nobody could help it.
    pub fn percent_back(&self, policy: &CancellationPolicy, reason: CancelReason, notified_on: Date, rules: &Rules<'_>) -> u8 {
        let is_visit = matches!(self.stage, Stage::Visit { .. });
        if !is_visit || reason.is_the_hospitals() {
            return policy.percent_back(self.stage.name(), reason);
        }
        match reason {
            CancelReason::PatientDeceased | CancelReason::ConditionWorsened | CancelReason::ForceMajeure => 100,
            CancelReason::Withdrawn
            | CancelReason::NotAttended
            | CancelReason::HospitalReason
            | CancelReason::Duplicate
            | CancelReason::NotPaid => self.percent_back_for(policy, notified_on, rules),
        }
    }

    /// Percent of what was paid in advance that goes back when those who visit cancel, by the day on which they said so.
    pub fn percent_back_for(&self, policy: &CancellationPolicy, notified_on: Date, rules: &Rules<'_>) -> u8 {
        if self.is_changed_by_the_hospital() {
            return 100;
        }
        self.days_before_visit(notified_on, rules).map_or(100, |days| policy.visit_percent_back(days))
    }

    /// Whether everything that took place is invoiced.
    pub const fn is_visit_invoiced(&self) -> bool {
        self.visiting.is_invoiced
    }

    pub(super) fn may_invoice_visit(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::IssueInvoice, &[CaseStage::Accepted, CaseStage::Scheduled, CaseStage::Consulted])?;
        let Some(estimate) = self.estimate.filter(|estimate| estimate.accepted_at.is_some()) else {
            return Err(Refusal::EstimateNotAccepted);
        };
        if self.stage.name() == CaseStage::Consulted {
            return if self.visiting.is_invoiced { Err(Refusal::NothingToInvoice) } else { Ok(()) };
        }
        self.not_held()?;
        if !estimate.is_prepaid {
            return Err(Refusal::NotPaidInAdvance);
        }
        if self.visiting.invoice.is_some() { Err(Refusal::NothingToInvoice) } else { Ok(()) }
    }

    pub(crate) fn may_issue_paid_invoice(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::IssuePaidInvoice, &[CaseStage::Consulted])?;
        self.may_invoice_visit(by)
    }

    /// Notes an invoice of the visit. `is_main` says whether it charges for what the estimate names, `is_all` whether everything that took place is invoiced
    /// now.
    pub fn invoice_visit(mut self, by: &CaseAccess, invoice: InvoiceId, is_main: bool, is_all: bool) -> Result<Change, Refusal> {
        self.may_invoice_visit(by)?;
        if is_main {
            self.visiting.invoice = Some(invoice);
        }
        self.visiting.is_invoiced = is_all;
        Ok(self.with_event(EventKind::InvoiceIssued { invoice }))
    }

    /// Notes whether everything that took place is invoiced.
    #[must_use]
    pub fn with_visit_invoiced(mut self, is_all: bool) -> Self {
        self.visiting.is_invoiced = is_all;
        self
    }

    /// The money of the visit was decided on although the case goes on: another date needs another invoice.
    #[must_use]
    pub fn without_visit_invoice(mut self) -> Self {
        self.visiting.invoice = None;
        self
    }

    /// A settled invoice confirms what is reserved for it.
    pub(super) fn confirm_if_settled(&mut self, invoice: InvoiceId, is_settled: bool, now: Timestamp) -> Option<EventKind> {
        if is_settled && self.visiting.invoice == Some(invoice) { self.confirm_reserved(now) } else { None }
    }
}

impl Change {
    /// Half hours that did not begin are credited.
    #[must_use]
    pub fn with_credit(self, invoice: InvoiceId, credit_note: CreditNoteId, refund: Yen) -> Self {
        self.with_event(EventKind::InvoiceCredited { invoice, credit_note }).with_refund(refund)
    }
}
