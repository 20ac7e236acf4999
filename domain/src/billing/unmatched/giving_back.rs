//! Money whose invoice nobody finds is sent back, by two persons, as any refund.

use jiff::Timestamp;
use jiff::civil::Date;

use super::UnmatchedPayment;
use crate::billing::refund::NewRefund;
use crate::billing::{BillingRefusal, ChargeBearer, Refund, RefundReason, RefundState, RefundStep, Settlement};
use crate::ids::RefundId;
use crate::money::Yen;

impl UnmatchedPayment {
    /// The refund with this identifier.
    pub fn refund(&self, id: RefundId) -> Option<&Refund> {
        self.refunds.iter().find(|refund| refund.id == id)
    }

    /// The amount that is sent back, or was.
    pub(super) fn sent_back(&self) -> i64 {
        self.refunds.iter().map(|refund| refund.taken().amount()).sum()
    }

    /// Sends a part of it back: it is due to whoever sent it.
    ///
    /// # Errors
    /// [`BillingRefusal::PaymentReversed`], [`BillingRefusal::MoneyOfRefund`], [`BillingRefusal::NothingLeft`],
    /// [`BillingRefusal::ZeroAmount`], [`BillingRefusal::MoreThanIsLeft`].
    pub fn give_back(mut self, id: RefundId, amount: Yen, charges_borne_by: ChargeBearer, at: Timestamp) -> Result<Self, BillingRefusal> {
        if self.reversed.is_some() {
            return Err(BillingRefusal::PaymentReversed);
        }
        if self.refund.is_some() {
            return Err(BillingRefusal::MoneyOfRefund);
        }
        if self.rest().is_zero() {
            return Err(BillingRefusal::NothingLeft);
        }
        if amount.is_zero() {
            return Err(BillingRefusal::ZeroAmount);
        }
        if amount > self.rest() {
            return Err(BillingRefusal::MoreThanIsLeft);
        }
        let reason = RefundReason::Unmatched;
        self.refunds.push(Refund::new(NewRefund { id, reason, amount, at, charges_borne_by }));
        Ok(self)
    }

    /// Takes a step of a refund. `today` is the day in Tokyo.
    ///
    /// # Errors
    /// Everything that cannot be about the step, or one refusal for how the refund stands.
    pub fn step_refund(mut self, id: RefundId, step: RefundStep, today: Date) -> Result<Self, Vec<BillingRefusal>> {
        if let RefundStep::Request(request) = &step {
            if request.settlement == Settlement::ApplyToInvoice {
                return Err(vec![BillingRefusal::MatchInstead]);
            }
            if request.raise.is_some() {
                return Err(vec![BillingRefusal::RaiseAboveFee]);
            }
        }
        let refund = self.refunds.iter_mut().find(|refund| refund.id == id).ok_or_else(|| vec![BillingRefusal::RefundState])?;
        refund.take(step, today)?;
        Ok(self)
    }

    /// The same with what was to be sent back and is needed here, the latest first: nobody has asked for it, or it came back and nobody has asked
    /// anew. A refund that came back is kept whole, for the bank's charges of its way are booked with its amount.
    #[must_use]
    pub fn keep(mut self, amount: Yen) -> Self {
        let mut needed = amount.amount() - self.rest().amount();
        for refund in self.refunds.iter_mut().rev().filter(|refund| refund.state == RefundState::Due) {
            if needed <= 0 {
                break;
            }
            let kept = if refund.transfers.is_empty() { needed.min(refund.amount.amount()) } else { refund.amount.amount() };
            needed -= kept;
            refund.lessen(kept);
        }
        self
    }

    /// Why a payment of which something is sent back cannot be reversed.
    pub(super) fn may_be_taken_back(&self) -> Result<(), BillingRefusal> {
        let is = |state: RefundState| self.refunds.iter().any(|refund| refund.state == state);
        if is(RefundState::Requested) || is(RefundState::Approved) {
            Err(BillingRefusal::PaymentSentBack)
        } else if self.sent_back() > 0 {
            Err(BillingRefusal::PaymentHasLeft)
        } else {
            Ok(())
        }
    }
}
