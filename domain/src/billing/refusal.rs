//! Why an invoice is not issued, or a payment not recorded.

/// Why an invoice is not issued, or a payment not recorded.
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
        }
    }

    /// The field of the payment that is at fault, as a JSON Pointer.
    pub const fn pointer(self) -> Option<&'static str> {
        match self {
            Self::NotSetUp | Self::NothingToPay => None,
            Self::ZeroAmount | Self::AmountOutOfRange => Some("/amount"),
            Self::ReceivedInFuture | Self::ReceivedTooEarly => Some("/received_on"),
            Self::DuplicateReference => Some("/reference"),
            Self::BankChargeWithoutTransfer => Some("/bank_charge"),
        }
    }
}
