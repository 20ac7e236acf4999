//! The effect of a case's end on its invoices, and how an end is taken back.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::refund::NewRefund;
use super::{BillingRefusal, ChargeBearer, Invoice, InvoiceStatus, Refund, RefundReason};
use crate::ids::RefundId;
use crate::money::Yen;

/// The effect of the case's end on an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceEnd {
    /// When the case ended.
    pub at: Timestamp,
    /// The amount that was not paid: nobody owes it any longer.
    pub lapsed: Yen,
    /// The amount of paid services that will not be performed.
    pub cancelled: Yen,
    /// The part of it that the hospital keeps as a cancellation fee.
    pub kept: Yen,
    /// The part of it that never arrived because the hospital bore it: it is not given back.
    pub shortfall_returned: Yen,
}

/// How a case ends, as far as its money is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoneyEnd {
    /// Why money is given back.
    pub reason: RefundReason,
    /// Percent of what was paid for services that are not performed that is given back.
    pub percent_back: u8,
    /// Who bears the charge of sending it.
    pub charges_borne_by: ChargeBearer,
}

impl MoneyEnd {
    /// Nothing was paid, so nothing is given back.
    pub const UNPAID: Self = Self { reason: RefundReason::Cancelled, percent_back: 100, charges_borne_by: ChargeBearer::Payee };
}

impl Invoice {
    /// Ends the invoice with its case. The unpaid rest of what is not performed lapses. Of what was paid for it the share is given back,
    /// and the hospital keeps the rest, rounded down; a re-examination whose findings are not there is given back whole. Performed lines stay
    /// owed.
    ///
    /// An invoice that ended before stays as it is.
    #[must_use]
    pub fn end(self, id: RefundId, how: MoneyEnd, at: Timestamp) -> Self {
        // Slides that nobody has examined cost nothing.
        let unexamined = self.unexamined();
        let kept = |arrived: i64| (arrived - unexamined.min(arrived)) * i64::from(100 - how.percent_back.min(100)) / 100;
        self.end_keeping(kept, id, how, at)
    }

    /// [`Invoice::end`], keeping what `keep` says of what arrived.
    pub(super) fn end_keeping(mut self, keep: impl Fn(i64) -> i64, id: RefundId, how: MoneyEnd, at: Timestamp) -> Self {
        if self.end.is_some() {
            return self;
        }
        let performed = self.performed().amount();
        let cancelled = self.paid_advance();
        let lapsed = self.demanded() - performed - cancelled;
        // What the hospital bore never arrived.
        let shortfall_returned = self.shortfall.amount().min(cancelled);
        let arrived = cancelled - shortfall_returned;
        let kept = keep(arrived);
        let yen = |amount: i64| Yen::new(amount).unwrap_or_default();
        self.end = Some(InvoiceEnd {
            at,
            lapsed: yen(lapsed),
            cancelled: yen(cancelled),
            kept: yen(kept),
            shortfall_returned: yen(shortfall_returned),
        });
        let amount = yen(arrived - kept);
        // Where all is kept, a refund of nothing waits for two persons: they may give more back, and until then the end can be taken back.
        if !amount.is_zero() || kept > 0 {
            let MoneyEnd { reason, charges_borne_by, .. } = how;
            self.refunds.push(Refund::new(NewRefund { id, reason, amount, at, charges_borne_by }));
        }
        self
    }

    /// The amount of the re-examination whose findings are not there, tax included.
    fn unexamined(&self) -> i64 {
        let open = self.lines.iter().filter(|line| line.code.is_pathology() && line.performed_on.is_none());
        open.map(|line| self.remaining_amount(line).amount()).sum()
    }

    /// Gives the cancellation fee back, if one was kept: the case goes on with another invoice.
    #[must_use]
    pub fn release_fee(mut self, id: RefundId, at: Timestamp) -> Self {
        let amount = self.kept();
        if let Some(end) = self.end.as_mut().filter(|_| !amount.is_zero()) {
            end.kept = Yen::ZERO;
            self.paper_the_fee(None, at);
            let new = NewRefund { id, reason: RefundReason::Cancelled, amount, at, charges_borne_by: ChargeBearer::Payee };
            self.refunds.push(Refund::new(new));
        }
        self
    }

    /// Takes back an end by which nothing but the unpaid rest lapsed: the invoice is owed again, with its number. Money that came since
    /// then pays it, unless somebody has asked that it be given back.
    ///
    /// # Errors
    /// [`BillingRefusal::NotLapsed`] if it has not lapsed.
    pub fn revive(mut self) -> Result<Self, BillingRefusal> {
        if self.status() != InvoiceStatus::Lapsed {
            return Err(BillingRefusal::NotLapsed);
        }
        self.end = None;
        self.reduce_excess();
        Ok(self)
    }

    /// Takes back the end of its case, whatever it was: a refund that nobody has approved is withdrawn, and an unpaid rest is owed again,
    /// until a new last day. An invoice that did not end stays as it is.
    ///
    /// # Errors
    /// [`BillingRefusal::RefundApproved`] if the money has left, or is about to.
    pub fn reopen(mut self, payable_until: Date) -> Result<Self, BillingRefusal> {
        if self.end.is_none() {
            return Ok(self);
        }
        self.withdraw_refunds_of_the_end()?;
        self.end = None;
        self.reduce_excess();
        if !self.is_settled() {
            self.payable_until = Some(payable_until.max(self.last_day()));
        }
        Ok(self)
    }
}
