//! The ledger: double entry, append only. Every list of postings sums to zero.
//!
//! Each account is a function of the invoices, see [`super::Books`]. So the balance of each account equals the list of the same name.

use serde::{Deserialize, Serialize};

use super::PaymentMethod;
use crate::wire::wire_enum;

wire_enum! {
    /// An account of the ledger.
    Account grows {
        /// Open amounts of invoices.
        Receivable = "receivable",
        /// The part of the open amounts whose service is not performed. It stands against `receivable`: a demand before the service is no
        /// claim yet.
        AdvancesBilled = "advances_billed",
        /// Payments for services that are not performed yet.
        AdvancesReceived = "advances_received",
        /// Overpayments that nobody has decided on.
        Overpayments = "overpayments",
        /// Payments whose invoice is not known.
        UnmatchedReceipts = "unmatched_receipts",
        /// Refunds that have not left yet.
        RefundsPayable = "refunds_payable",
        /// Money at the bank.
        Bank = "bank",
        /// Cash at the desk.
        Cash = "cash",
        /// Card payments at the desk.
        Card = "card",
        /// Performed services, without tax.
        Revenue = "revenue",
        /// Consumption tax of performed services.
        ConsumptionTax = "consumption_tax",
        /// Cancellation fees, outside the scope of consumption tax.
        CancellationIncome = "cancellation_income",
        /// Bank charges that the hospital bears.
        BankCharges = "bank_charges",
        /// Amounts that were short for other reasons, within the tolerance.
        Shortfall = "shortfall",
        /// Claims for performed services that cannot be collected, tax included.
        BadDebts = "bad_debts",
        /// Refunds that the payer gave up.
        OtherIncome = "other_income",
    }
}

/// An entry on an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// The account.
    pub account: Account,
    /// Yen: debit positive, credit negative.
    pub amount: i64,
}

impl Posting {
    /// The sum of a list: zero, unless something is wrong.
    pub fn sum(postings: &[Self]) -> i64 {
        postings.iter().map(|posting| posting.amount).sum()
    }
}

impl PaymentMethod {
    /// The account on which a payment arrives, and from which a refund leaves.
    pub const fn account(self) -> Account {
        match self {
            Self::BankTransfer => Account::Bank,
            Self::Card => Account::Card,
            Self::Cash => Account::Cash,
        }
    }
}
