//! Reversals: a payment that was recorded by mistake, or that the bank took back.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Act, BillingRefusal, Invoice, Payment, Refund, RefundState, WriteOff, WriteOffReason, WriteOffState};
use crate::access::{CaseAccess, Operation};
use crate::calendar::{days_between, end_of_day, today_in_tokyo};
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
    /// The day, in Tokyo, on which the payment was received that settles it.
    pub settled_on: Option<Date>,
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

    /// Reverses a payment. Overpayments that nobody has decided on become less; a request to give one back is withdrawn. If the
    /// hospital had accepted a missing amount, it accepts it again: up to `tolerance` yen, or up to what two persons approved.
    ///
    /// # Errors
    /// [`BillingRefusal::PaymentReversed`] if it was reversed before. [`BillingRefusal::PaymentBeforeEnd`] if its case ended since, and the
    /// end decided on this money. [`BillingRefusal::RefundApproved`] if its refund is approved, or went further.
    pub fn reverse_payment(mut self, payment: PaymentId, reversal: Reversal, tolerance: i64) -> Result<Self, BillingRefusal> {
        let undecided = self.undecided();
        let has_given_back = self.is_credited_by_the_end() || self.refunds.iter().any(|one| one.is_payable_at_once() && one.is_decided());
        let found = self.payments.iter_mut().find(|one| one.id == payment).filter(|one| one.reversed.is_none());
        let found = found.ok_or(BillingRefusal::PaymentReversed)?;
        // The end of the case did not decide about an overpayment that is still open.
        if self.end.is_some_and(|end| found.recorded_at <= end.at) && found.amount.amount() > undecided {
            return Err(if has_given_back { BillingRefusal::RefundApproved } else { BillingRefusal::PaymentBeforeEnd });
        }
        found.void_receipt(reversal.reversed.at);
        found.reversed = Some(reversal);
        let opened_at = found.recorded_at;
        let is_of_it = |refund: &Refund| !refund.is_payable_at_once() && refund.due_since == opened_at;
        if self.refunds.iter().any(|refund| is_of_it(refund) && refund.is_decided()) {
            return Err(BillingRefusal::RefundApproved);
        }
        if !self.is_settled() {
            self.withdraw_requests_of_excess();
            self.keep_credited_money();
        }
        if self.end.is_none() && !self.is_settled() {
            self.bear_again(tolerance);
        }
        self.reduce_excess();
        if self.covered() < 0 { Err(BillingRefusal::RefundApproved) } else { Ok(self) }
    }

    /// Whether one of its payments can be reversed: by trying it, so that what is offered is what is done.
    pub fn has_reversible_payment(&self) -> bool {
        self.standing_payments().any(|payment| {
            let reversed = super::Act { by: payment.recorded_by, at: payment.recorded_at };
            // The words of the reason decide nothing.
            let reversal = Reversal { reason: self.recipient.clone(), reversed };
            self.clone().reverse_payment(payment.id, reversal, 0).is_ok()
        })
    }

    /// Bears what is missing if the hospital bore as much before: within the tolerance, or by the decision of two persons.
    fn bear_again(&mut self, tolerance: i64) {
        (self.shortfall, self.shortfall_charge) = Default::default();
        let missing = self.owed();
        let Some(charge) = self.standing_payments().last().map(|payment| payment.bank_charge) else { return };
        let is_decided = |one: &&WriteOff| one.reason == WriteOffReason::BankCharges && one.state == WriteOffState::Approved;
        let decided: i64 = self.write_offs.iter().filter(is_decided).map(|one| one.amount.amount()).sum();
        if missing.amount() <= decided {
            (self.shortfall, self.shortfall_charge) = (missing, missing);
        } else if missing.amount() <= tolerance {
            (self.shortfall, self.shortfall_charge) = (missing, missing.min(charge));
        }
    }

    /// Lets the invoice be paid for longer, never for shorter. The paper stays as it is.
    #[must_use]
    pub fn payable_until(mut self, last_day: Date) -> Self {
        if last_day > self.last_day() {
            self.payable_until = Some(last_day);
        }
        self
    }

    /// The day, in Tokyo, on which the payment was received that settled it.
    pub fn settled_on(&self) -> Option<Date> {
        if self.is_settled() { self.standing_payments().map(|payment| payment.received_on).max() } else { None }
    }

    /// Whether money is left on it: more was received than was given back.
    pub fn has_money(&self) -> bool {
        self.received() > self.given_back()
    }

    /// Requests to give back what was paid too much are due again: nobody has approved them, and the money may be needed.
    fn withdraw_requests_of_excess(&mut self) {
        let requested = |refund: &&mut Refund| refund.state == RefundState::Requested && !refund.is_payable_at_once();
        for refund in self.refunds.iter_mut().filter(requested) {
            refund.take_request_back(RefundState::Due);
        }
    }
}

impl Refund {
    /// Whether a second person has approved it, or it went further.
    const fn is_decided(&self) -> bool {
        match self.state {
            RefundState::Approved | RefundState::Paid | RefundState::Applied | RefundState::GivenUp | RefundState::Unclaimed => true,
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
        let Reversed { invoice, payment, is_settled, settled_on, has_money, payable_until } = reversed;
        let mut told = vec![EventKind::PaymentReversed { invoice, payment }];
        if is_settled {
            told.extend(settled_on.and_then(|day| self.recount_due_window(invoice, day)));
            return Ok(self.with_all(told));
        }
        if !has_money {
            self.re_examination.extend_invoice(invoice, end_of_day(payable_until));
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

    /// Counts the due window from the day on which the money arrived after all. Where slides were waited for, it is counted from them.
    fn recount_due_window(&mut self, invoice: InvoiceId, paid_on: Date) -> Option<EventKind> {
        let waited_for_slides = self.application.re_examination.is_some();
        let Stage::Written { step: Written::Writing { work } | Written::InReview { work, .. } } = &mut self.stage else { return None };
        if work.invoice != invoice || work.paid_on == paid_on || waited_for_slides {
            return None;
        }
        let later = days_between(work.paid_on, paid_on);
        work.paid_on = paid_on;
        work.due = work.due.map(|due| due.shifted(later));
        self.overdue_noted_at = None;
        Some(EventKind::WritingStarted { due: work.due })
    }
}
