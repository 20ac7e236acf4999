//! Write-offs: what is still owed and will not arrive. One person asks, another approves.
//!
//! What banks kept of a transfer is borne by the hospital up to a limit, and counts as paid: the price and its tax stay. Of what was
//! performed, a claim that cannot be collected is a bad debt.

use serde::{Deserialize, Serialize};

use super::{Act, BillingRefusal, Invoice, PaymentMethod};
use crate::ids::{UserId, WriteOffId};
use crate::money::Yen;
use crate::people::LongText;
use crate::wire::wire_enum;

wire_enum! {
    /// Why something is written off.
    WriteOffReason grows {
        /// Banks kept it on the way of a transfer.
        BankCharges = "bank_charges",
        /// The service was performed, and the payer does not pay.
        Uncollectible = "uncollectible",
    }
}

wire_enum! {
    /// How far a write-off is.
    WriteOffState grows {
        /// One member of staff asked for it.
        Requested = "requested",
        /// Another approved it.
        Approved = "approved",
        /// It was refused or taken back.
        Rejected = "rejected",
    }
}

/// A write-off of what is owed on an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteOff {
    /// The identifier.
    pub id: WriteOffId,
    /// Why.
    pub reason: WriteOffReason,
    /// The same in words.
    pub text: LongText,
    /// All that was owed when it was asked for.
    pub amount: Yen,
    /// Who asked, and when.
    pub requested: Act,
    /// How far it is.
    pub state: WriteOffState,
    /// Who approved or refused it, and when.
    pub decided: Option<Act>,
    /// Why it was refused.
    pub rejected_because: Option<LongText>,
}

/// A write-off as it is asked for.
#[derive(Clone, Debug)]
pub struct NewWriteOff {
    /// The identifier.
    pub id: WriteOffId,
    /// Why.
    pub reason: WriteOffReason,
    /// The same in words.
    pub text: LongText,
    /// Who asks, and when.
    pub requested: Act,
}

impl WriteOff {
    /// Whether this person asked for it: the second person is another.
    pub fn is_requested_by(&self, user: UserId) -> bool {
        self.requested.by == user
    }
}

impl Invoice {
    /// The write-off that waits for a second person.
    pub fn pending_write_off(&self) -> Option<&WriteOff> {
        self.write_offs.iter().find(|one| one.state == WriteOffState::Requested)
    }

    /// Asks that what is owed be written off. `limit` is the most, in yen, that the hospital bears for banks.
    ///
    /// # Errors
    /// [`BillingRefusal::NothingOwed`], [`BillingRefusal::WriteOffPending`], and what the reason does not allow.
    pub fn request_write_off(mut self, new: NewWriteOff, limit: i64) -> Result<Self, BillingRefusal> {
        let NewWriteOff { id, reason, text, requested } = new;
        self.may_write_off_as(reason, limit)?;
        let amount = self.owed();
        let state = WriteOffState::Requested;
        self.write_offs.push(WriteOff { id, reason, text, amount, requested, state, decided: None, rejected_because: None });
        Ok(self)
    }

    /// Whether what is owed can be written off for some reason.
    pub fn may_be_written_off(&self, limit: i64) -> bool {
        WriteOffReason::ALL.iter().any(|reason| self.may_write_off_as(*reason, limit).is_ok())
    }

    fn may_write_off_as(&self, reason: WriteOffReason, limit: i64) -> Result<(), BillingRefusal> {
        let amount = self.owed();
        if self.replaced_by.is_some() {
            return Err(BillingRefusal::InvoiceReplaced);
        }
        if amount.is_zero() {
            return Err(BillingRefusal::NothingOwed);
        }
        if self.pending_write_off().is_some() {
            return Err(BillingRefusal::WriteOffPending);
        }
        match reason {
            WriteOffReason::BankCharges if amount.amount() > limit => Err(BillingRefusal::AboveBankChargeLimit),
            WriteOffReason::BankCharges if !self.has_transfer() => Err(BillingRefusal::WithoutTransfer),
            // Before the service nobody owes it to us: the case is cancelled instead.
            WriteOffReason::Uncollectible if self.demanded() > self.performed().amount() => Err(BillingRefusal::NotPerformed),
            WriteOffReason::BankCharges | WriteOffReason::Uncollectible => Ok(()),
        }
    }

    /// Approves a write-off: nothing is owed any longer.
    ///
    /// # Errors
    /// [`BillingRefusal::WriteOffDecided`], [`BillingRefusal::SecondPersonNeeded`] for whoever asked, and
    /// [`BillingRefusal::WriteOffOutdated`] if another amount is owed by now.
    pub fn approve_write_off(mut self, id: WriteOffId, by: Act) -> Result<Self, BillingRefusal> {
        let owed = self.owed();
        let one = self.undecided_write_off(id)?;
        if one.is_requested_by(by.by) {
            return Err(BillingRefusal::SecondPersonNeeded);
        }
        if one.amount != owed {
            return Err(BillingRefusal::WriteOffOutdated);
        }
        (one.state, one.decided) = (WriteOffState::Approved, Some(by));
        let more = |before: Yen| before.plus(owed).map_err(|_| BillingRefusal::AmountOutOfRange);
        match one.reason {
            WriteOffReason::BankCharges => {
                self.shortfall = more(self.shortfall)?;
                self.shortfall_charge = more(self.shortfall_charge)?;
            }
            WriteOffReason::Uncollectible => self.bad_debt = more(self.bad_debt)?,
        }
        Ok(self)
    }

    /// Refuses a write-off, or takes it back.
    ///
    /// # Errors
    /// [`BillingRefusal::WriteOffDecided`].
    pub fn reject_write_off(mut self, id: WriteOffId, by: Act, reason: LongText) -> Result<Self, BillingRefusal> {
        let one = self.undecided_write_off(id)?;
        (one.state, one.decided, one.rejected_because) = (WriteOffState::Rejected, Some(by), Some(reason));
        Ok(self)
    }

    fn undecided_write_off(&mut self, id: WriteOffId) -> Result<&mut WriteOff, BillingRefusal> {
        let found = self.write_offs.iter_mut().find(|one| one.id == id && one.state == WriteOffState::Requested);
        found.ok_or(BillingRefusal::WriteOffDecided)
    }

    fn has_transfer(&self) -> bool {
        self.standing_payments().any(|payment| payment.method == PaymentMethod::BankTransfer)
    }
}
