//! Why an operation on money is refused.

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $code:literal $(at $pointer:literal)?,)*) => {
        /// Why an operation on money is refused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
        pub enum BillingRefusal { $($(#[$doc])* #[error($code)] $name,)* }

        impl BillingRefusal {
            /// Every refusal.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Every code.
            pub const CODES: &[&'static str] = &[$($code,)*];

            /// The stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The field of the request that is at fault, as a JSON Pointer.
            pub fn pointer(self) -> Option<&'static str> {
                match self { $(Self::$name => [$($pointer)?].first().copied(),)* }
            }
        }
    };
}

refusals! {
    /// The settings do not say yet who issues invoices, or where to pay.
    NotSetUp = "invoicing_not_set_up",
    /// There is nothing to pay.
    NothingToPay = "nothing_to_pay",
    /// A payment of nothing.
    ZeroAmount = "zero_amount" at "/amount",
    /// A payment received on a day to come.
    ReceivedInFuture = "received_in_future" at "/received_on",
    /// A payment received more than a year before its invoice, or before today if the invoice is not known.
    ReceivedTooEarly = "received_too_early" at "/received_on",
    /// The payment stands on this invoice already: the same method and the same reference.
    DuplicateReference = "duplicate_reference" at "/reference",
    /// Banks charge for transfers only.
    BankChargeWithoutTransfer = "bank_charge_without_transfer" at "/bank_charge",
    /// The sum is out of bounds.
    AmountOutOfRange = "amount_out_of_range" at "/amount",
    /// Nothing is owed.
    NothingOwed = "nothing_owed",
    /// A write-off of the invoice waits for a second person.
    WriteOffPending = "write_off_pending",
    /// The write-off was decided on before.
    WriteOffDecided = "write_off_decided",
    /// Another amount is owed by now than was to be written off.
    WriteOffOutdated = "write_off_outdated",
    /// More is owed than the hospital bears for banks.
    AboveBankChargeLimit = "above_bank_charge_limit" at "/reason",
    /// No transfer has arrived, so no bank has kept a part of one.
    WithoutTransfer = "write_off_without_transfer" at "/reason",
    /// The service was not performed, so nobody owes it.
    NotPerformed = "service_not_performed" at "/reason",
    /// The case of the invoice has ended: its end says what is given back.
    InvoiceEnded = "invoice_ended",
    /// A refund that pays an invoice does not say which.
    InvoiceNotNamed = "invoice_not_named" at "/invoice_id",
    /// A refund that is settled in another way names an invoice.
    InvoiceNotPaid = "invoice_not_paid" at "/invoice_id",
    /// Nothing can be paid on the invoice that is named: it is settled, has ended or was replaced, or it is the refund's own.
    InvoiceNotOpen = "invoice_not_open" at "/invoice_id",
    /// The invoice that a refund was to pay cannot be paid any longer.
    TargetNotOpen = "refund_target_not_open",
    /// Money of a refund pays the invoice that two persons named, and no other.
    MoneyOfRefund = "money_of_a_refund",
    /// A refund that is raised by nothing.
    RaiseOfNothing = "raise_of_nothing" at "/raise/amount",
    /// Only money that is sent is raised.
    RaiseIsPaidOut = "raise_is_paid_out" at "/raise",
    /// More is to be given back than the hospital keeps of what was paid.
    RaiseAboveFee = "raise_above_fee" at "/raise/amount",
    /// Another invoice was issued in its place.
    InvoiceReplaced = "invoice_replaced",
    /// Nothing is demanded any longer: all of it was credited.
    InvoiceCredited = "invoice_credited",
    /// A credit note of nothing.
    NothingToCredit = "nothing_to_credit" at "/lines",
    /// The invoice has no such line.
    LineNotInvoiced = "line_not_invoiced" at "/lines",
    /// More than is left of the line.
    MoreThanInvoiced = "more_than_invoiced" at "/lines",
    /// One credit note is for what was performed or for what was not: they are different papers.
    CreditMixesPerformed = "credit_mixes_performed" at "/lines",
    /// A re-examination alone would be left of an invoice for the opinion.
    OnlyPathologyLeft = "only_pathology_left" at "/lines",
    /// More than is left of an unmatched payment.
    MoreThanUnmatched = "more_than_unmatched" at "/allocations",
    /// A part of the unmatched payment pays an invoice.
    PaymentMatched = "payment_matched",
    /// More than is left of an unmatched payment is to be sent back.
    MoreThanIsLeft = "more_than_is_left" at "/amount",
    /// Somebody has asked that a part of the unmatched payment be sent back.
    PaymentSentBack = "payment_sent_back",
    /// Money whose invoice was not known pays an invoice by a match.
    MatchInstead = "match_instead" at "/settlement",
    /// The new term does not end later than the old one, or before today.
    TermNotLater = "term_not_later" at "/due_on",
    /// The new term is longer than one may be.
    TermTooLong = "term_too_long" at "/due_on",
    /// A refund of nothing is only confirmed, or raised.
    NothingGoesBack = "nothing_goes_back" at "/settlement",
    /// Nothing is left of an unmatched payment.
    NothingLeft = "nothing_left_to_send_back",
    /// Money of the unmatched payment was sent back and has left.
    PaymentHasLeft = "payment_has_left",
    /// A refund that came back with nothing.
    NothingCameBack = "nothing_came_back" at "/arrived",
    /// Whoever asked for it, or wrote down where the money goes, is no second person.
    SecondPersonNeeded = "second_person_needed",
    /// The receipt counts no longer.
    ReceiptVoid = "receipt_void",
    /// The payment came from an unmatched one: it goes back there, and is matched anew.
    MatchedHasNoReplacement = "matched_has_no_replacement" at "/replacement",
    /// The payment was reversed before.
    PaymentReversed = "payment_reversed",
    /// The case ended after the payment, and its end decided on the money.
    PaymentBeforeEnd = "payment_before_end",
    /// The refund does not stand where the step begins.
    RefundState = "refund_wrong_state",
    /// Nobody has said yet where the refund goes.
    PayeeMissing = "payee_missing",
    /// The invoice has not lapsed.
    NotLapsed = "invoice_not_lapsed",
    /// A refund of the invoice is approved, or went further.
    RefundApproved = "refund_already_approved",
    /// A refund that is given up, or that somebody else than the payer receives, needs evidence.
    EvidenceMissing = "evidence_missing" at "/evidence",
    /// A refund counts as unclaimed after two attempts to reach the payer.
    AttemptsMissing = "attempts_missing" at "/attempts",
    /// An attempt on a day to come.
    AttemptInFuture = "attempt_in_future" at "/attempts",
    /// An attempt before the refund was due.
    AttemptBeforeDue = "attempt_before_due" at "/attempts",
    /// The payee's SWIFT code is no BIC.
    SwiftInvalid = "swift_invalid" at "/payee/swift",
    /// A refund that left on a day to come.
    PaidInFuture = "paid_in_future" at "/paid_on",
    /// A refund that left before it was due.
    PaidBeforeDue = "paid_before_due" at "/paid_on",
    /// The payee bears the charge: it is taken from the amount.
    BankChargeIsThePayees = "bank_charge_is_the_payees" at "/bank_charge",
    /// A refund that came back on a day to come.
    ReturnedInFuture = "returned_in_future" at "/returned_on",
    /// A refund that came back before it left.
    ReturnedBeforePaid = "returned_before_paid" at "/returned_on",
    /// More came back than had left.
    MoreReturnedThanPaid = "more_returned_than_paid" at "/arrived",
}

/// Everything that is at fault; one alone is enough to refuse.
pub(super) fn none_of<const N: usize>(faults: [(bool, BillingRefusal); N]) -> Result<(), Vec<BillingRefusal>> {
    let found: Vec<BillingRefusal> = faults.into_iter().filter(|(is_fault, _)| *is_fault).map(|(_, fault)| fault).collect();
    if found.is_empty() { Ok(()) } else { Err(found) }
}
