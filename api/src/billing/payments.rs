//! Requests and answers of payments.

use application::billing::invoices;
use application::billing::payments::{NewPayment, NewReversal, RecordedPayment, ReversedPayment};
use domain::billing::{Outcome, PaymentMethod};
use domain::ids::{InvoiceId, PaymentId, ReceiptId, RefundId, UserId};
use domain::money::Yen;
use domain::people::{LongText, ShortText};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::refunds::yen;
use super::views::Invoice;
use crate::http::reader::Labels;
use crate::wire::money::Money;
use crate::wire::texts::Reference;

/// A payment's effect on its invoice: something is still owed; nothing is; so little is missing that it counts as paid; more was paid than was
/// owed; nothing was owed any longer when it arrived; the case had ended when it arrived.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PaymentOutcome {
    Partial,
    Paid,
    PaidWithShortfall,
    Overpaid,
    LateDuplicate,
    AfterEnd,
}

impl From<&Outcome> for PaymentOutcome {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Partial { .. } => Self::Partial,
            Outcome::Paid => Self::Paid,
            Outcome::PaidWithShortfall { .. } => Self::PaidWithShortfall,
            Outcome::Overpaid { .. } => Self::Overpaid,
            Outcome::LateDuplicate { .. } => Self::LateDuplicate,
            Outcome::AfterEnd { .. } => Self::AfterEnd,
        }
    }
}

/// A payment as it was received.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvoicePayment {
    /// The payment.
    id: PaymentId,
    /// By which way.
    method: PaymentMethod,
    /// The day, in Tokyo, on which it was received.
    received_on: Date,
    /// The amount that arrived.
    amount: Money,
    /// The amount that banks kept on its way, as far as it is known; it does not pay.
    bank_charge: Money,
    /// The bank's, the terminal's or the receipt's reference; null for those outside the hospital.
    #[schema(value_type = Option<Reference>)]
    reference: Option<ShortText>,
    /// Who sent it, as the bank names them; null for those outside the hospital.
    remitter: Option<ShortText>,
    /// Who recorded it; null for those outside the hospital.
    recorded_by: Option<UserId>,
    /// When it was recorded.
    recorded_at: Timestamp,
    /// The refund of another invoice that it was: no money moved; null for money that arrived, and for those outside the hospital.
    refund_id: Option<RefundId>,
    /// Its receipt, which counts; null for a payment that was reversed, and for money of a refund, which has its receipt already.
    receipt: Option<PaymentReceiptPaper>,
    /// Its reversal; null for a payment that counts.
    reversal: Option<PaymentReversal>,
}

/// The receipt of a payment.
#[derive(Serialize, ToSchema)]
pub(crate) struct PaymentReceiptPaper {
    /// The receipt.
    id: ReceiptId,
    /// Its number.
    number: String,
}

/// The reversal of a payment, which counts no longer.
#[derive(Serialize, ToSchema)]
pub(crate) struct PaymentReversal {
    /// When it was reversed.
    reversed_at: Timestamp,
    /// Why; null for those outside the hospital.
    reason: Option<LongText>,
    /// Who reversed it; null for those outside the hospital.
    reversed_by: Option<UserId>,
}

/// A payment to reverse.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReversePayment {
    /// Why.
    reason: LongText,
    /// The payment as it should have been recorded, in the same step; absent or null if there is none, as when the bank took it back.
    #[serde(default)]
    replacement: Option<ReplacementPayment>,
}

/// The payment in the place of one that is reversed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplacementPayment {
    /// The invoice that it pays: the same one, or another.
    invoice_id: InvoiceId,
    /// The payment.
    payment: RecordPayment,
}

/// A payment that was reversed, and what stands in its place.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReversalReceipt {
    /// The payment.
    payment: InvoicePayment,
    /// Its invoice as it is now.
    invoice: Invoice,
    /// The payment in its place; null if there is none.
    replacement: Option<PaymentReceipt>,
}

/// A payment to record.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordPayment {
    /// By which way.
    method: PaymentMethod,
    /// The bank's, the terminal's or the receipt's reference: with the method, once on an invoice, unless `is_another_payment`.
    #[schema(value_type = Reference)]
    reference: ShortText,
    /// Who sent it, as the bank names them; absent or null if the bank does not say.
    #[serde(default)]
    remitter: Option<ShortText>,
    /// The day, in Tokyo, on which it was received.
    received_on: Date,
    /// The amount that arrived.
    amount: Money,
    /// The amount that banks kept on its way, as far as it is known; absent or null for nothing.
    #[serde(default)]
    bank_charge: Option<Money>,
    /// True: record it although a payment by this method has the same reference. False or absent: refuse it then. Width, case, blanks and
    /// hyphens do not make another reference.
    #[serde(default)]
    is_another_payment: bool,
}

/// A payment that was recorded, what it did, and what comes next.
#[derive(Serialize, ToSchema)]
pub(crate) struct PaymentReceipt {
    /// The payment.
    payment: InvoicePayment,
    /// The effect on the invoice.
    outcome: PaymentOutcome,
    /// How much is missing, or was paid too much; null where it is exactly right.
    difference: Option<Money>,
    /// Whether it was received after the invoice's last day.
    late: bool,
    /// The next step. Open list.
    #[schema(extensions(("x-may-grow" = json!(true))))]
    next_step: &'static str,
    /// The same in the reader's language.
    next_step_label: String,
    /// The invoice as it is now.
    invoice: Invoice,
}

impl InvoicePayment {
    pub(super) fn of(payment: &domain::billing::Payment, is_of_the_hospital: bool) -> Self {
        Self {
            id: payment.id,
            method: payment.method,
            received_on: payment.received_on,
            amount: payment.amount.into(),
            bank_charge: payment.bank_charge.into(),
            reference: is_of_the_hospital.then(|| payment.reference.clone()),
            remitter: payment.remitter.clone().filter(|_| is_of_the_hospital),
            recorded_by: is_of_the_hospital.then_some(payment.recorded_by),
            recorded_at: payment.recorded_at,
            refund_id: payment.refund.filter(|_| is_of_the_hospital),
            receipt: payment.receipt().map(|receipt| PaymentReceiptPaper { id: receipt.id, number: receipt.number.to_string() }),
            reversal: payment.reversed.as_ref().map(|reversal| PaymentReversal::of(reversal, is_of_the_hospital)),
        }
    }
}

impl PaymentReversal {
    pub(super) fn of(reversal: &domain::billing::Reversal, is_of_the_hospital: bool) -> Self {
        Self {
            reversed_at: reversal.reversed.at,
            reason: is_of_the_hospital.then(|| reversal.reason.clone()),
            reversed_by: is_of_the_hospital.then_some(reversal.reversed.by),
        }
    }
}

impl RecordPayment {
    /// The payment; an amount that is none was refused by its schema.
    pub(crate) fn payment(&self) -> Result<NewPayment, application::Error> {
        Ok(NewPayment {
            method: self.method,
            reference: self.reference.clone(),
            remitter: self.remitter.clone(),
            received_on: self.received_on,
            amount: yen(self.amount, "/amount")?,
            bank_charge: self.bank_charge.map_or(Ok(Yen::ZERO), |charge| yen(charge, "/bank_charge"))?,
            is_another: self.is_another_payment,
        })
    }
}

impl PaymentReceipt {
    pub(crate) fn of(received: &RecordedPayment, labels: Labels<'_>) -> Self {
        let difference = match received.outcome {
            Outcome::Paid => None,
            Outcome::Partial { remaining: difference }
            | Outcome::PaidWithShortfall { difference }
            | Outcome::Overpaid { excess: difference }
            | Outcome::LateDuplicate { excess: difference }
            | Outcome::AfterEnd { excess: difference } => Some(difference.into()),
        };
        let next_step = received.outcome.next_step();
        Self {
            payment: InvoicePayment::of(&received.payment, invoices::is_of_the_hospital(&received.invoice_with_case.case)),
            outcome: PaymentOutcome::from(&received.outcome),
            difference,
            late: received.late,
            next_step,
            next_step_label: labels.messages.label(labels.language, "next_step", next_step),
            invoice: Invoice::of(&received.invoice_with_case, labels),
        }
    }
}

impl ReversePayment {
    pub(crate) fn reversal(&self) -> Result<NewReversal, application::Error> {
        let replacement = match &self.replacement {
            None => None,
            Some(ReplacementPayment { invoice_id, payment }) => {
                let payment = payment.payment().map_err(|refused| refused.within("/replacement/payment"))?;
                Some((*invoice_id, payment))
            }
        };
        Ok(NewReversal { reason: self.reason.clone(), replacement })
    }
}

impl ReversalReceipt {
    pub(crate) fn of(reversed: &ReversedPayment, labels: Labels<'_>) -> Self {
        let inside = invoices::is_of_the_hospital(&reversed.invoice_with_case.case);
        Self {
            payment: InvoicePayment::of(&reversed.payment, inside),
            invoice: Invoice::of(&reversed.invoice_with_case, labels),
            replacement: reversed.replacement.as_ref().map(|recorded| PaymentReceipt::of(recorded, labels)),
        }
    }
}
