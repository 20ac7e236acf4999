//! Payments: partial, short, over and twice paid are normal, and each has a next step.

use icu_properties::CodePointSetData;
use icu_properties::props::{Dash, DefaultIgnorableCodePoint};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use super::refusal::none_of;
use super::{BillingRefusal, Invoice, Receipt, RefundReason, Reversal};
use crate::ids::{PaymentId, RefundId, UnmatchedPaymentId, UserId};
use crate::money::Yen;
use crate::people::ShortText;
use crate::wire::wire_enum;

wire_enum! {
    /// By which way something was paid.
    PaymentMethod {
        /// By bank transfer.
        BankTransfer = "bank_transfer",
        /// By card, at the desk.
        Card = "card",
        /// In cash, at the desk.
        Cash = "cash",
    }
}

/// A payment as it was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// The identifier.
    pub id: PaymentId,
    /// By which way.
    pub method: PaymentMethod,
    /// The bank's, the terminal's or the receipt's reference. With the method it is once on an invoice, unless the desk says that it is
    /// another payment.
    pub reference: ShortText,
    /// Who sent it, as the bank names them.
    pub remitter: Option<ShortText>,
    /// The day, in Tokyo, on which it was received.
    pub received_on: Date,
    /// The amount that arrived.
    pub amount: Yen,
    /// The amount that banks kept on its way, as far as it is known: it explains a shortfall, it does not pay.
    pub bank_charge: Yen,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Its reversal: then it counts no longer.
    #[serde(default)]
    pub reversed: Option<Reversal>,
    /// The unmatched payment that it is a part of.
    #[serde(default)]
    pub source: Option<UnmatchedPaymentId>,
    /// The refund of another invoice that it was: no money moved, so it has no receipt.
    #[serde(default)]
    pub refund: Option<RefundId>,
    /// Its receipts, in order: the last one counts, unless it is void.
    #[serde(default)]
    pub receipts: Vec<Receipt>,
}

/// A payment's effect on its invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Something is still owed.
    Partial {
        /// How much.
        remaining: Yen,
    },
    /// Nothing is owed.
    Paid,
    /// So little is missing that it counts as paid; the difference is booked.
    PaidWithShortfall {
        /// How much is missing.
        difference: Yen,
    },
    /// More was paid than was owed.
    Overpaid {
        /// How much more.
        excess: Yen,
    },
    /// Nothing was owed any longer when it arrived.
    LateDuplicate {
        /// All of it.
        excess: Yen,
    },
    /// The case had ended when it arrived.
    AfterEnd {
        /// All of it.
        excess: Yen,
    },
}

/// An invoice with one more payment, and what that did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The invoice as it is now.
    pub invoice: Invoice,
    /// The effect of the payment.
    pub outcome: Outcome,
}

/// How many days before its invoice a payment may have been received: a year is more than any deposit waits.
pub(super) const EARLIEST: i64 = 366;

impl Payment {
    /// The reference as payments are compared by it. Width, case, blanks, hyphens and characters that are not drawn do not make another
    /// one: people copy it from statements by hand.
    pub fn reference_key(&self) -> String {
        reference_key(&self.reference)
    }
}

/// A reference as payments are compared by it, see [`Payment::reference_key`].
pub fn reference_key(reference: &ShortText) -> String {
    comparison_key(reference.as_str())
}

/// A text as it is compared with what people copy by hand: without width, case, blanks, hyphens and characters that are not drawn.
pub(super) fn comparison_key(text: &str) -> String {
    let (dash, ignorable) = (CodePointSetData::new::<Dash>(), CodePointSetData::new::<DefaultIgnorableCodePoint>());
    let counts = |letter: &char| !letter.is_whitespace() && !dash.contains(*letter) && !ignorable.contains(*letter);
    let key: String = text.nfkc().flat_map(char::to_lowercase).filter(counts).collect();
    // A text of nothing but such characters is compared as it is.
    if key.is_empty() { text.trim().to_owned() } else { key }
}

impl Outcome {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Partial { .. } => "partial",
            Self::Paid => "paid",
            Self::PaidWithShortfall { .. } => "paid_with_shortfall",
            Self::Overpaid { .. } => "overpaid",
            Self::LateDuplicate { .. } => "late_duplicate",
            Self::AfterEnd { .. } => "after_end",
        }
    }

    /// The next step, as a code.
    pub const fn next_step(self) -> &'static str {
        match self {
            Self::Partial { .. } => "ask_payer_for_the_rest",
            Self::Paid => "none",
            Self::PaidWithShortfall { .. } => "check_the_difference",
            Self::Overpaid { .. } => "agree_with_payer_on_the_excess",
            Self::LateDuplicate { .. } | Self::AfterEnd { .. } => "give_back_to_payer",
        }
    }

    /// Whether nothing is owed any longer.
    pub const fn settles(self) -> bool {
        match self {
            Self::Partial { .. } => false,
            Self::Paid | Self::PaidWithShortfall { .. } | Self::Overpaid { .. } | Self::LateDuplicate { .. } | Self::AfterEnd { .. } => {
                true
            }
        }
    }
}

impl Invoice {
    /// Records a payment. What is missing up to `tolerance` yen (see [`super::BillingSettings::short_payment_tolerance`])
    /// counts as paid and is booked, as a bank charge as far as the payment names one. More than was owed opens a refund with the
    /// identifier `refund`. `today` is the day in Tokyo.
    ///
    /// # Errors
    /// Everything about the payment that cannot be, or [`BillingRefusal::DuplicateReference`] alone: its reference is on the invoice already,
    /// and it is not said that it `is_another` payment.
    pub fn record_payment(
        mut self,
        payment: Payment,
        is_another: bool,
        tolerance: i64,
        today: Date,
        refund: RefundId,
    ) -> Result<Recorded, Vec<BillingRefusal>> {
        self.check(&payment, is_another, today)?;
        let amount = payment.amount;
        if self.owed().is_zero() {
            // What was written off arrives after all: it is owed again, and paid.
            let left = self.take_back_bad_debt(amount);
            if self.end.is_none() {
                self.take_back_shortfall(left);
            }
        }
        let owed = self.owed();
        let yen = |amount: i64| Yen::new(amount).map_err(|_| vec![BillingRefusal::AmountOutOfRange]);
        let credited = amount.min(owed);
        let excess = yen(amount.amount() - credited.amount())?;
        let missing = yen(owed.amount() - credited.amount())?;
        let outcome = if owed.is_zero() && self.end.is_some() {
            Outcome::AfterEnd { excess }
        } else if owed.is_zero() {
            Outcome::LateDuplicate { excess }
        } else if !excess.is_zero() {
            Outcome::Overpaid { excess }
        } else if missing.is_zero() {
            Outcome::Paid
        } else if missing.amount() <= tolerance {
            Outcome::PaidWithShortfall { difference: missing }
        } else {
            Outcome::Partial { remaining: missing }
        };
        if let Outcome::PaidWithShortfall { difference } = outcome {
            self.shortfall = difference;
            self.shortfall_charge = difference.min(payment.bank_charge);
        }
        let recorded_at = payment.recorded_at;
        self.payments.push(payment);
        let reason = if self.end.is_some() { RefundReason::AfterEnd } else { RefundReason::Overpaid };
        self.update_excess(refund, reason, recorded_at);
        Ok(Recorded { invoice: self, outcome })
    }

    fn check(&self, payment: &Payment, is_another: bool, today: Date) -> Result<(), Vec<BillingRefusal>> {
        if self.replaced_by.is_some() {
            return Err(vec![BillingRefusal::InvoiceReplaced]);
        }
        none_of([
            (payment.amount.is_zero(), BillingRefusal::ZeroAmount),
            (payment.received_on > today, BillingRefusal::ReceivedInFuture),
            (payment.received_on < self.issued_on.saturating_sub(jiff::Span::new().days(EARLIEST)), BillingRefusal::ReceivedTooEarly),
            (payment.method != PaymentMethod::BankTransfer && !payment.bank_charge.is_zero(), BillingRefusal::BankChargeWithoutTransfer),
            (self.received().plus(payment.amount).is_err(), BillingRefusal::AmountOutOfRange),
        ])?;
        let key = |one: &Payment| (one.method, one.reference_key());
        if !is_another && self.standing_payments().any(|earlier| key(earlier) == key(payment)) {
            return Err(vec![BillingRefusal::DuplicateReference]);
        }
        Ok(())
    }
}
