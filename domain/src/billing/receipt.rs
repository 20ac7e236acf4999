//! Receipts: one for each payment, in a series of their own without gaps. They bear no stamp duty: they are electronic, and a hospital's
//! receipts are not commercial documents (law: Stamp Tax Act, table 1, no. 17).

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{BillingRefusal, Invoice, InvoiceNumber, Issuer, Outcome, Payment, ReceiptNumber};
use crate::ids::{PaymentId, ReceiptId};
use crate::people::LongText;
use crate::wire::wire_enum;

wire_enum! {
    /// What a receipt confirms.
    ReceiptPurpose {
        /// An advance: the service was not performed yet.
        Advance = "advance",
        /// The payment of a service that was performed.
        Service = "service",
        /// Money of the payer that the hospital keeps until it is decided on: nothing was owed.
        Deposit = "deposit",
    }
}

/// A receipt of a payment. Its paper never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The identifier.
    pub id: ReceiptId,
    /// The number.
    pub number: ReceiptNumber,
    /// The day, in Tokyo, on which it was issued.
    pub issued_on: Date,
    /// Who issued it, as they were then.
    pub issuer: Issuer,
    /// To whom, name and address, as the invoice said then.
    pub recipient: LongText,
    /// The number of the invoice then.
    pub invoice: InvoiceNumber,
    /// What it confirms.
    pub purpose: ReceiptPurpose,
    /// When it became void: the payment was reversed, or another receipt stands in its place.
    pub voided_at: Option<Timestamp>,
    /// How often it was printed. From the second print on the paper says so (再発行), or one payment would have two receipts.
    #[serde(default)]
    pub prints: u32,
    /// When it was printed first.
    #[serde(default)]
    pub first_printed_at: Option<Timestamp>,
}

/// The facts that a receipt needs beside its invoice.
#[derive(Clone, Copy, Debug)]
pub struct NewReceipt {
    /// The identifier.
    pub id: ReceiptId,
    /// The next number.
    pub number: ReceiptNumber,
    /// The day, in Tokyo.
    pub issued_on: Date,
}

impl Receipt {
    /// Whether the last print was not the first.
    pub const fn is_reprinted(&self) -> bool {
        self.prints > 1
    }
}

impl Payment {
    /// The receipt that counts; none if the payment was reversed.
    pub fn receipt(&self) -> Option<&Receipt> {
        self.receipts.last().filter(|receipt| receipt.voided_at.is_none())
    }

    /// Voids the receipt that counts.
    pub(super) fn void_receipt(&mut self, at: Timestamp) {
        if let Some(receipt) = self.receipts.last_mut().filter(|receipt| receipt.voided_at.is_none()) {
            receipt.voided_at = Some(at);
        }
    }
}

impl Invoice {
    /// Gives a payment its receipt.
    #[must_use]
    pub fn with_receipt(mut self, payment: PaymentId, new: NewReceipt, outcome: Outcome) -> Self {
        let purpose = match outcome {
            Outcome::LateDuplicate { .. } | Outcome::AfterEnd { .. } => ReceiptPurpose::Deposit,
            Outcome::Partial { .. } | Outcome::Paid | Outcome::PaidWithShortfall { .. } | Outcome::Overpaid { .. } => self.purpose(),
        };
        self.add_receipt(payment, new, purpose);
        self
    }

    /// Gives a payment of an earlier release its receipt.
    #[must_use]
    pub fn with_late_receipt(mut self, payment: PaymentId, new: NewReceipt) -> Self {
        let purpose = self.purpose();
        self.add_receipt(payment, new, purpose);
        self
    }

    /// What a payment is for that is received now.
    fn purpose(&self) -> ReceiptPurpose {
        if self.demanded() > self.performed().amount() {
            ReceiptPurpose::Advance
        } else if self.performed().is_zero() {
            ReceiptPurpose::Deposit
        } else {
            ReceiptPurpose::Service
        }
    }

    pub(super) fn add_receipt(&mut self, payment: PaymentId, new: NewReceipt, purpose: ReceiptPurpose) {
        let (issuer, recipient, invoice) = (self.issuer.clone(), self.recipient.clone(), self.number);
        let NewReceipt { id, number, issued_on } = new;
        if let Some(payment) = self.payments.iter_mut().find(|one| one.id == payment) {
            payment.receipts.push(Receipt {
                id,
                number,
                issued_on,
                issuer,
                recipient,
                invoice,
                purpose,
                voided_at: None,
                prints: 0,
                first_printed_at: None,
            });
        }
    }

    /// Counts a print of a receipt.
    ///
    /// # Errors
    /// [`BillingRefusal::ReceiptVoid`] if it counts no longer.
    pub fn print_receipt(mut self, id: ReceiptId, at: Timestamp) -> Result<Self, BillingRefusal> {
        let mut receipts = self.payments.iter_mut().flat_map(|payment| &mut payment.receipts);
        let receipt = receipts.find(|one| one.id == id && one.voided_at.is_none()).ok_or(BillingRefusal::ReceiptVoid)?;
        receipt.prints = receipt.prints.saturating_add(1);
        receipt.first_printed_at = receipt.first_printed_at.or(Some(at));
        Ok(self)
    }
}
