//! The balance of each account, worked out from an invoice, its payments and its refunds.
//!
//! A change of an invoice is booked as the difference of its books before and after. So no operation writes its own postings, and no
//! account can part from the list that it must equal.

use std::collections::BTreeMap;

use super::{Account, Invoice, Posting, Refund, RefundState};
use crate::money::Yen;

/// Balances by account, in yen: debit positive, credit negative. They sum to zero. An account that is not there is balanced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books(BTreeMap<Account, i64>);

impl Books {
    /// Books with these balances.
    pub fn of(balances: impl IntoIterator<Item = (Account, i64)>) -> Self {
        let mut books = Self::default();
        for (account, amount) in balances {
            books.add(account, amount);
        }
        books
    }

    fn add(&mut self, account: Account, amount: i64) {
        let balance = self.balance(account) + amount;
        if balance == 0 {
            self.0.remove(&account);
        } else {
            self.0.insert(account, balance);
        }
    }

    /// The balance of an account.
    pub fn balance(&self, account: Account) -> i64 {
        self.0.get(&account).copied().unwrap_or_default()
    }

    /// The sum of all balances: zero, unless something is wrong.
    pub fn sum(&self) -> i64 {
        self.0.values().sum()
    }

    /// The postings that lead from these books to others.
    pub fn postings_to(&self, after: &Self) -> Vec<Posting> {
        let change = |account: &Account| Posting { account: *account, amount: after.balance(*account) - self.balance(*account) };
        Account::ALL.iter().map(change).filter(|posting| posting.amount != 0).collect()
    }
}

impl Invoice {
    /// The books of this invoice.
    pub fn books(&self) -> Books {
        let mut books = Books::default();
        let tax = self.performed().tax_included();
        books.add(Account::Receivable, self.owed().amount());
        books.add(Account::AdvancesBilled, -self.unpaid_advance());
        books.add(Account::AdvancesReceived, -self.paid_advance());
        books.add(Account::Overpayments, -self.excess().amount());
        books.add(Account::Revenue, -tax.net.amount());
        books.add(Account::ConsumptionTax, -tax.tax.amount());
        books.add(Account::CancellationIncome, -self.kept().amount());
        for payment in self.standing_payments() {
            books.add(payment.method.account(), payment.amount.amount());
        }
        let [charges, other] = self.borne();
        books.add(Account::BankCharges, charges);
        books.add(Account::Shortfall, other);
        books.add(Account::BadDebts, self.bad_debt.amount());
        for refund in &self.refunds {
            refund.book(&mut books);
        }
        books
    }

    /// The paid part of the services that are not performed: the invoices' advances together are the account `advances_received`.
    pub fn advance(&self) -> Yen {
        Yen::new(self.paid_advance()).unwrap_or_default()
    }

    /// The paid part of the services that are not performed.
    pub(super) fn paid_advance(&self) -> i64 {
        (self.covered().min(self.demanded()) - self.performed().amount()).max(0)
    }

    /// The unpaid part of the services that are not performed.
    fn unpaid_advance(&self) -> i64 {
        self.demanded() - self.performed().amount() - self.paid_advance()
    }

    /// The amounts that the hospital bears because they never arrived: as bank charges, and for other reasons.
    fn borne(&self) -> [i64; 2] {
        let returned = self.end.as_ref().map_or(0, |end| end.shortfall_returned.amount());
        let charges = self.shortfall_charge.amount();
        let left = (charges - returned).max(0);
        [left, self.shortfall.amount() - returned - left]
    }
}

impl Refund {
    pub(super) fn book(&self, books: &mut Books) {
        let amount = self.amount.amount();
        match self.state {
            RefundState::Withdrawn | RefundState::Paid => {}
            // The money stays at the bank, for another invoice: it stands there.
            RefundState::Applied => books.add(Account::Bank, -amount),
            RefundState::Due if self.is_undecided() => {}
            RefundState::Due | RefundState::Requested | RefundState::Approved | RefundState::Unclaimed => {
                books.add(Account::RefundsPayable, -amount);
            }
            RefundState::GivenUp => books.add(Account::OtherIncome, -amount),
        }
        for transfer in &self.transfers {
            let charge = transfer.bank_charge.amount();
            books.add(transfer.method.account(), -amount - charge);
            books.add(Account::BankCharges, charge);
            if let Some(returned) = &transfer.returned {
                books.add(transfer.method.account(), returned.arrived.amount());
                books.add(Account::BankCharges, amount - returned.arrived.amount());
            }
        }
    }

    /// The amount that has left the invoice for this refund.
    pub(super) fn taken(&self) -> Yen {
        if self.state == RefundState::Withdrawn || self.is_undecided() { Yen::ZERO } else { self.amount }
    }
}
