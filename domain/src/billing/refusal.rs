//! Why an operation on money is refused.

/// Why an operation on money is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BillingRefusal {
    /// The settings do not say yet who issues invoices, or where to pay.
    #[error("invoicing_not_set_up")]
    NotSetUp,
    /// There is nothing to pay.
    #[error("nothing_to_pay")]
    NothingToPay,
    /// A payment of nothing.
    #[error("zero_amount")]
    ZeroAmount,
    /// A payment received on a day to come.
    #[error("received_in_future")]
    ReceivedInFuture,
    /// A payment received more than a year before its invoice.
    #[error("received_too_early")]
    ReceivedTooEarly,
    /// The payment stands on this invoice already: the same method and the same reference.
    #[error("duplicate_reference")]
    DuplicateReference,
    /// Banks charge for transfers only.
    #[error("bank_charge_without_transfer")]
    BankChargeWithoutTransfer,
    /// The sum is out of bounds.
    #[error("amount_out_of_range")]
    AmountOutOfRange,
    /// Nothing is owed.
    #[error("nothing_owed")]
    NothingOwed,
    /// A write-off of the invoice waits for a second person.
    #[error("write_off_pending")]
    WriteOffPending,
    /// The write-off was decided on before.
    #[error("write_off_decided")]
    WriteOffDecided,
    /// Another amount is owed by now than was to be written off.
    #[error("write_off_outdated")]
    WriteOffOutdated,
    /// More is owed than the hospital bears for banks.
    #[error("above_bank_charge_limit")]
    AboveBankChargeLimit,
    /// No transfer has arrived, so no bank has kept a part of one.
    #[error("write_off_without_transfer")]
    WithoutTransfer,
    /// The service was not performed, so nobody owes it.
    #[error("service_not_performed")]
    NotPerformed,
    /// The payment was reversed before.
    #[error("payment_reversed")]
    PaymentReversed,
    /// The case ended after the payment, and its end decided on the money.
    #[error("payment_before_end")]
    PaymentBeforeEnd,
    /// The refund does not stand where the step begins.
    #[error("refund_wrong_state")]
    RefundState,
    /// Nobody has said yet where the refund goes.
    #[error("payee_missing")]
    PayeeMissing,
    /// The invoice has not lapsed.
    #[error("invoice_not_lapsed")]
    NotLapsed,
    /// A refund of the invoice is approved, or went further.
    #[error("refund_already_approved")]
    RefundApproved,
    /// A refund that is given up, or that somebody else than the payer receives, needs evidence.
    #[error("evidence_missing")]
    EvidenceMissing,
    /// A refund counts as unclaimed after two attempts to reach the payer.
    #[error("attempts_missing")]
    AttemptsMissing,
    /// An attempt on a day to come.
    #[error("attempt_in_future")]
    AttemptInFuture,
    /// An attempt before the refund was due.
    #[error("attempt_before_due")]
    AttemptBeforeDue,
    /// The payee's SWIFT code is no BIC.
    #[error("swift_invalid")]
    SwiftInvalid,
    /// A refund that left on a day to come.
    #[error("paid_in_future")]
    PaidInFuture,
    /// A refund that left before it was due.
    #[error("paid_before_due")]
    PaidBeforeDue,
    /// The payee bears the charge: it is taken from the amount.
    #[error("bank_charge_is_the_payees")]
    BankChargeIsThePayees,
    /// A refund that came back on a day to come.
    #[error("returned_in_future")]
    ReturnedInFuture,
    /// A refund that came back before it left.
    #[error("returned_before_paid")]
    ReturnedBeforePaid,
    /// More came back than had left.
    #[error("more_returned_than_paid")]
    MoreReturnedThanPaid,
}

/// Everything that is at fault; one alone is enough to refuse.
pub(super) fn none_of<const N: usize>(faults: [(bool, BillingRefusal); N]) -> Result<(), Vec<BillingRefusal>> {
    let found: Vec<BillingRefusal> = faults.into_iter().filter(|(is_fault, _)| *is_fault).map(|(_, fault)| fault).collect();
    if found.is_empty() { Ok(()) } else { Err(found) }
}

impl BillingRefusal {
    /// Every refusal.
    pub const ALL: &[Self] = &[
        Self::NotSetUp,
        Self::NothingToPay,
        Self::ZeroAmount,
        Self::ReceivedInFuture,
        Self::ReceivedTooEarly,
        Self::DuplicateReference,
        Self::BankChargeWithoutTransfer,
        Self::AmountOutOfRange,
        Self::NothingOwed,
        Self::WriteOffPending,
        Self::WriteOffDecided,
        Self::WriteOffOutdated,
        Self::AboveBankChargeLimit,
        Self::WithoutTransfer,
        Self::NotPerformed,
        Self::PaymentReversed,
        Self::PaymentBeforeEnd,
        Self::RefundState,
        Self::PayeeMissing,
        Self::NotLapsed,
        Self::RefundApproved,
        Self::EvidenceMissing,
        Self::AttemptsMissing,
        Self::AttemptInFuture,
        Self::AttemptBeforeDue,
        Self::SwiftInvalid,
        Self::PaidInFuture,
        Self::PaidBeforeDue,
        Self::BankChargeIsThePayees,
        Self::ReturnedInFuture,
        Self::ReturnedBeforePaid,
        Self::MoreReturnedThanPaid,
    ];

    /// Every code.
    pub const CODES: &[&'static str] = &[
        Self::NotSetUp.code(),
        Self::NothingToPay.code(),
        Self::ZeroAmount.code(),
        Self::ReceivedInFuture.code(),
        Self::ReceivedTooEarly.code(),
        Self::DuplicateReference.code(),
        Self::BankChargeWithoutTransfer.code(),
        Self::AmountOutOfRange.code(),
        Self::NothingOwed.code(),
        Self::WriteOffPending.code(),
        Self::WriteOffDecided.code(),
        Self::WriteOffOutdated.code(),
        Self::AboveBankChargeLimit.code(),
        Self::WithoutTransfer.code(),
        Self::NotPerformed.code(),
        Self::PaymentReversed.code(),
        Self::PaymentBeforeEnd.code(),
        Self::RefundState.code(),
        Self::PayeeMissing.code(),
        Self::NotLapsed.code(),
        Self::RefundApproved.code(),
        Self::EvidenceMissing.code(),
        Self::AttemptsMissing.code(),
        Self::AttemptInFuture.code(),
        Self::AttemptBeforeDue.code(),
        Self::SwiftInvalid.code(),
        Self::PaidInFuture.code(),
        Self::PaidBeforeDue.code(),
        Self::BankChargeIsThePayees.code(),
        Self::ReturnedInFuture.code(),
        Self::ReturnedBeforePaid.code(),
        Self::MoreReturnedThanPaid.code(),
    ];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotSetUp => "invoicing_not_set_up",
            Self::NothingToPay => "nothing_to_pay",
            Self::ZeroAmount => "zero_amount",
            Self::ReceivedInFuture => "received_in_future",
            Self::ReceivedTooEarly => "received_too_early",
            Self::DuplicateReference => "duplicate_reference",
            Self::BankChargeWithoutTransfer => "bank_charge_without_transfer",
            Self::AmountOutOfRange => "amount_out_of_range",
            Self::NothingOwed => "nothing_owed",
            Self::WriteOffPending => "write_off_pending",
            Self::WriteOffDecided => "write_off_decided",
            Self::WriteOffOutdated => "write_off_outdated",
            Self::AboveBankChargeLimit => "above_bank_charge_limit",
            Self::WithoutTransfer => "write_off_without_transfer",
            Self::NotPerformed => "service_not_performed",
            Self::PaymentReversed => "payment_reversed",
            Self::PaymentBeforeEnd => "payment_before_end",
            Self::RefundState => "refund_wrong_state",
            Self::PayeeMissing => "payee_missing",
            Self::NotLapsed => "invoice_not_lapsed",
            Self::RefundApproved => "refund_already_approved",
            Self::EvidenceMissing => "evidence_missing",
            Self::AttemptsMissing => "attempts_missing",
            Self::AttemptInFuture => "attempt_in_future",
            Self::AttemptBeforeDue => "attempt_before_due",
            Self::SwiftInvalid => "swift_invalid",
            Self::PaidInFuture => "paid_in_future",
            Self::PaidBeforeDue => "paid_before_due",
            Self::BankChargeIsThePayees => "bank_charge_is_the_payees",
            Self::ReturnedInFuture => "returned_in_future",
            Self::ReturnedBeforePaid => "returned_before_paid",
            Self::MoreReturnedThanPaid => "more_returned_than_paid",
        }
    }

    /// The field of the request that is at fault, as a JSON Pointer.
    pub const fn pointer(self) -> Option<&'static str> {
        match self {
            Self::NotSetUp
            | Self::NothingToPay
            | Self::NothingOwed
            | Self::WriteOffPending
            | Self::WriteOffDecided
            | Self::WriteOffOutdated
            | Self::PaymentReversed
            | Self::PaymentBeforeEnd
            | Self::RefundState
            | Self::PayeeMissing
            | Self::NotLapsed
            | Self::RefundApproved => None,
            Self::ZeroAmount | Self::AmountOutOfRange => Some("/amount"),
            Self::AboveBankChargeLimit | Self::WithoutTransfer | Self::NotPerformed => Some("/reason"),
            Self::ReceivedInFuture | Self::ReceivedTooEarly => Some("/received_on"),
            Self::DuplicateReference => Some("/reference"),
            Self::BankChargeWithoutTransfer | Self::BankChargeIsThePayees => Some("/bank_charge"),
            Self::EvidenceMissing => Some("/evidence"),
            Self::AttemptsMissing | Self::AttemptInFuture | Self::AttemptBeforeDue => Some("/attempts"),
            Self::SwiftInvalid => Some("/payee/swift"),
            Self::PaidInFuture | Self::PaidBeforeDue => Some("/paid_on"),
            Self::ReturnedInFuture | Self::ReturnedBeforePaid => Some("/returned_on"),
            Self::MoreReturnedThanPaid => Some("/arrived"),
        }
    }
}
