//! Reversals: a payment that was recorded by mistake, or that the bank took back.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Act, BillingRefusal, Invoice, Payment, Refund, RefundReason, RefundState};
use crate::access::{CaseAccess, Operation};
use crate::calendar::{end_of_day, today_in_tokyo};
use crate::case::{Case, Change, EventKind, Refusal, Rules, Stage, Written};
use crate::ids::{InvoiceId, PaymentId};
use crate::people::LongText;

/// The reversal of a payment. The payment stays on its invoice, and counts no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reversal {
    /// Why.
    pub reason: LongText,
    /// Who, and when.
    pub reversed: Act,
}

/// A payment that was reversed, as its case sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reversed {
    /// The invoice.
    pub invoice: InvoiceId,
    /// The payment.
    pub payment: PaymentId,
    /// Whether nothing is owed on the invoice nevertheless.
    pub is_settled: bool,
    /// Whether money is left on the invoice.
    pub has_money: bool,
    /// The last day, in Tokyo, on which the rest can be paid.
    pub payable_until: Date,
}

impl Invoice {
    /// The payments that count.
    pub fn standing_payments(&self) -> impl Iterator<Item = &Payment> {
        self.payments.iter().filter(|payment| payment.reversed.is_none())
    }

    /// Reverses a payment. Overpayments that nobody has decided on become less; a request to give one back is withdrawn. What the hospital
    /// bore is owed again. An invoice that is owed again can be paid until `payable_until` at the earliest.
    ///
    /// # Errors
    /// [`BillingRefusal::PaymentReversed`] if it was reversed before. [`BillingRefusal::PaymentBeforeEnd`] if its case ended since: the end
    /// decided on this money. [`BillingRefusal::RefundApproved`] if its refund is approved, or went further.
    pub fn reverse_payment(mut self, payment: PaymentId, reversal: Reversal, payable_until: Date) -> Result<Self, BillingRefusal> {
        let found = self.payments.iter_mut().find(|one| one.id == payment).filter(|one| one.reversed.is_none());
        let found = found.ok_or(BillingRefusal::PaymentReversed)?;
        if self.end.is_some_and(|end| found.recorded_at <= end.at) {
            return Err(BillingRefusal::PaymentBeforeEnd);
        }
        found.reversed = Some(reversal);
        let opened_at = found.recorded_at;
        let is_of_it = |refund: &Refund| !refund.is_payable_at_once() && refund.due_since == opened_at;
        if self.refunds.iter().any(|refund| is_of_it(refund) && refund.is_decided()) {
            return Err(BillingRefusal::RefundApproved);
        }
        if !self.is_settled() {
            self.withdraw_requests_of_excess();
        }
        if self.end.is_none() && !self.is_settled() {
            (self.shortfall, self.shortfall_charge) = Default::default();
            self.payable_until = Some(self.last_day().max(payable_until));
        }
        self.reduce_excess();
        if self.covered() < 0 { Err(BillingRefusal::RefundApproved) } else { Ok(self) }
    }

    /// Requests to give back what was paid too much are due again: nobody has approved them, and the money may be needed.
    fn withdraw_requests_of_excess(&mut self) {
        let requested = |refund: &&mut Refund| {
            refund.state == RefundState::Requested && matches!(refund.reason, RefundReason::Overpaid | RefundReason::AfterEnd)
        };
        for refund in self.refunds.iter_mut().filter(requested) {
            refund.state = RefundState::Due;
            refund.request = None;
            refund.version += 1;
        }
    }
}

impl Refund {
    /// Whether a second person has approved it, or it went further.
    const fn is_decided(&self) -> bool {
        match self.state {
            RefundState::Approved | RefundState::Paid | RefundState::GivenUp | RefundState::Unclaimed => true,
            RefundState::Due | RefundState::Requested | RefundState::Withdrawn => false,
        }
    }
}

impl Case {
    pub(crate) fn may_reverse_payment(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::ReversePayment, super::steps::PAYABLE)
    }

    /// Notes that a payment was reversed. If the invoice of work that is not delivered is owed again, the case waits for its payment: the
    /// draft is kept, and the due window counts anew. Every other stage stays.
    pub fn reverse_payment(mut self, by: &CaseAccess, rules: &Rules<'_>, now: Timestamp, reversed: Reversed) -> Result<Change, Refusal> {
        self.may_reverse_payment(by)?;
        let Reversed { invoice, payment, is_settled, has_money, payable_until } = reversed;
        let mut told = vec![EventKind::PaymentReversed { invoice, payment }];
        if is_settled {
            return Ok(self.with_all(told));
        }
        let is_under_way = matches!(&self.stage, Stage::Written { step: Written::Writing { work } | Written::InReview { work, .. } }
            if work.invoice == invoice);
        if is_under_way {
            self.stage = Stage::Written { step: Written::AwaitingPayment { invoice } };
            self.overdue_noted_at = None;
            told.push(EventKind::WritingStopped);
            // A hold for slides is over, for no work waits for them.
            told.extend(self.settle_clocks(rules, now, today_in_tokyo(now)));
        }
        if matches!(self.stage, Stage::Written { step: Written::AwaitingPayment { invoice: awaited } } if awaited == invoice) {
            // With money on it a case never expires.
            self.expires_at = (!has_money).then(|| end_of_day(payable_until));
        }
        Ok(self.with_all(told))
    }
}
