//! The ledger: double entry, append only. Every list of postings sums to zero.

use serde::{Deserialize, Serialize};

use super::PaymentMethod;
use crate::money::Yen;
use crate::wire::wire_enum;

wire_enum! {
    /// An account of the ledger.
    Account {
        /// Debts of payers.
        Receivable = "receivable",
        /// Money at the bank.
        Bank = "bank",
        /// Cash at the desk.
        Cash = "cash",
        /// Card payments at the desk.
        Card = "card",
        /// Fees without tax.
        Revenue = "revenue",
        /// Consumption tax.
        Tax = "tax",
        /// Amounts that banks kept of transfers, within the tolerance.
        BankCharges = "bank_charges",
        /// Amounts that were short for other reasons, within the tolerance.
        Shortfall = "shortfall",
        /// Overpayments, until they are settled.
        Overpayment = "overpayment",
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
    pub(super) const fn debit(account: Account, yen: Yen) -> Self {
        Self { account, amount: yen.amount() }
    }

    pub(super) const fn credit(account: Account, yen: Yen) -> Self {
        Self { account, amount: -yen.amount() }
    }

    /// The sum of a list: zero, unless something is wrong.
    pub fn sum(postings: &[Self]) -> i64 {
        postings.iter().map(|posting| posting.amount).sum()
    }
}

impl PaymentMethod {
    /// The account on which a payment arrives.
    pub const fn account(self) -> Account {
        match self {
            Self::BankTransfer => Account::Bank,
            Self::Card => Account::Card,
            Self::Cash => Account::Cash,
        }
    }
}
