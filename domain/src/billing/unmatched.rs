//! Money that arrived and whose invoice is not known yet. One transfer may pay several invoices; its rest stays unmatched, until it is sent back.

mod giving_back;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::payment::{EARLIEST, comparison_key};
use super::refusal::none_of;
use super::{Account, Act, BillingRefusal, Books, PaymentMethod, Refund, Reversal};
use crate::ids::{InvoiceId, PaymentId, RefundId, UnmatchedPaymentId, UserId};
use crate::invariant::InvariantViolation;
use crate::money::Yen;
use crate::people::ShortText;

/// A payment whose invoice was not known when it was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnmatchedPayment {
    /// The identifier.
    pub id: UnmatchedPaymentId,
    /// By which way.
    pub method: PaymentMethod,
    /// The bank's, the terminal's or the receipt's reference.
    pub reference: ShortText,
    /// Who sent it, as the bank names them.
    pub remitter: Option<ShortText>,
    /// The day, in Tokyo, on which it was received.
    pub received_on: Date,
    /// The amount that arrived.
    pub amount: Yen,
    /// The amount that banks kept on its way, as far as it is known.
    pub bank_charge: Yen,
    /// Whether it is another payment than one with the same reference, as somebody said.
    pub is_another: bool,
    /// The refund that it was, if it is money of another invoice.
    #[serde(default)]
    pub refund: Option<RefundId>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The invoices that it pays, in the order in which they were found.
    pub allocations: Vec<Allocation>,
    /// The parts that are sent back, in the order in which somebody decided so.
    #[serde(default)]
    pub refunds: Vec<Refund>,
    /// Its reversal: then it counts no longer.
    pub reversed: Option<Reversal>,
    /// The version; who stores it counts.
    pub version: i64,
}

/// A part of an unmatched payment that pays an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocation {
    /// The invoice, as it was then.
    pub invoice: InvoiceId,
    /// The payment on that invoice.
    pub payment: PaymentId,
    /// The amount.
    pub amount: Yen,
    /// Who matched it, and when.
    pub matched: Act,
    /// When its payment was reversed: the amount is unmatched again.
    pub returned_at: Option<Timestamp>,
}

impl UnmatchedPayment {
    /// Checks a new one. `today` is the day in Tokyo.
    ///
    /// # Errors
    /// Everything about it that cannot be.
    pub fn check(&self, today: Date) -> Result<(), Vec<BillingRefusal>> {
        none_of([
            (self.amount.is_zero(), BillingRefusal::ZeroAmount),
            (self.received_on > today, BillingRefusal::ReceivedInFuture),
            (self.received_on < today.saturating_sub(jiff::Span::new().days(EARLIEST)), BillingRefusal::ReceivedTooEarly),
            (self.method != PaymentMethod::BankTransfer && !self.bank_charge.is_zero(), BillingRefusal::BankChargeWithoutTransfer),
        ])
    }

    /// The only door for stored data: what cannot be is refused.
    pub fn restore(self) -> Result<Self, InvariantViolation> {
        let parts = self.standing().map(|one| one.amount).chain(self.refunds.iter().map(Refund::taken));
        let (used, is_reversed) = (Yen::sum(parts), self.reversed.is_some());
        let holds = used.is_ok_and(|used| if is_reversed { used.is_zero() } else { used <= self.amount });
        if holds { Ok(self) } else { Err(InvariantViolation("more matched or sent back than arrived")) }
    }

    /// The reference as payments are compared by it, see [`super::Payment::reference_key`].
    pub fn reference_key(&self) -> String {
        comparison_key(self.reference.as_str())
    }

    fn standing(&self) -> impl Iterator<Item = &Allocation> {
        self.allocations.iter().filter(|one| one.returned_at.is_none())
    }

    /// The amount that no invoice is known for, and that nobody sends back.
    pub fn rest(&self) -> Yen {
        if self.reversed.is_some() {
            return Yen::ZERO;
        }
        let matched: i64 = self.standing().map(|one| one.amount.amount()).sum();
        Yen::new(self.amount.amount() - matched - self.sent_back()).unwrap_or_default()
    }

    /// Its books. What was matched is booked by its invoice.
    pub fn books(&self) -> Books {
        let rest = self.rest().amount();
        let mut books = Books::of([(self.method.account(), rest + self.sent_back()), (Account::UnmatchedReceipts, -rest)]);
        for refund in &self.refunds {
            refund.book(&mut books);
        }
        books
    }

    /// Matches a part of it. A part that was to be sent back, and that nobody has asked for, pays the invoice instead.
    ///
    /// # Errors
    /// [`BillingRefusal::PaymentReversed`], [`BillingRefusal::ZeroAmount`], [`BillingRefusal::MoreThanUnmatched`].
    pub fn allocate(self, allocation: Allocation) -> Result<Self, BillingRefusal> {
        if self.reversed.is_some() {
            return Err(BillingRefusal::PaymentReversed);
        }
        if allocation.amount.is_zero() {
            return Err(BillingRefusal::ZeroAmount);
        }
        let mut this = self.keep(allocation.amount);
        if allocation.amount > this.rest() {
            return Err(BillingRefusal::MoreThanUnmatched);
        }
        this.allocations.push(allocation);
        Ok(this)
    }

    /// Takes a part back whose payment was reversed.
    ///
    /// # Errors
    /// [`BillingRefusal::PaymentReversed`] if the payment is none of its parts.
    pub fn take_back(mut self, payment: PaymentId, at: Timestamp) -> Result<Self, BillingRefusal> {
        let part = self.allocations.iter_mut().find(|one| one.payment == payment && one.returned_at.is_none());
        part.ok_or(BillingRefusal::PaymentReversed)?.returned_at = Some(at);
        Ok(self)
    }

    /// Reverses it: it was a mistake, or the bank took it back.
    ///
    /// # Errors
    /// [`BillingRefusal::PaymentReversed`], [`BillingRefusal::PaymentMatched`] while a part of it pays an invoice, and
    /// [`BillingRefusal::PaymentSentBack`] or [`BillingRefusal::PaymentHasLeft`] if a part is sent back.
    pub fn reverse(self, reversal: Reversal) -> Result<Self, BillingRefusal> {
        if self.reversed.is_some() {
            return Err(BillingRefusal::PaymentReversed);
        }
        if self.standing().next().is_some() {
            return Err(BillingRefusal::PaymentMatched);
        }
        let amount = self.amount;
        let mut this = self.keep(amount);
        this.may_be_taken_back()?;
        this.reversed = Some(reversal);
        Ok(this)
    }
}
