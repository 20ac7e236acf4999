//! A new term for what is owed: the desk waits longer for a payment (rule R2). The paper of the invoice stays as it is.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{BillingRefusal, Invoice};
use crate::access::{CaseAccess, Operation};
use crate::calendar::{CalendarSettings, days_after, end_of_day};
use crate::case::{Case, Change, EventKind, Refusal, Rules, Stage, Written};
use crate::ids::InvoiceId;

/// How many days from today a new term may end: whoever needs longer gets another then.
const LONGEST_TERM: i64 = 180;

/// An invoice whose term was extended, as its case needs to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extended {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its last day now, in Tokyo.
    pub last_day: Date,
    /// When slides lapse that it is for, unpaid.
    pub lapses_at: Timestamp,
    /// Whether money is on it: then no clock runs.
    pub has_money: bool,
}

impl Invoice {
    /// Whether a new term makes sense: something is owed, and the invoice counts.
    ///
    /// # Errors
    /// [`BillingRefusal::InvoiceReplaced`], [`BillingRefusal::InvoiceEnded`], [`BillingRefusal::NothingOwed`].
    pub fn may_be_extended(&self) -> Result<(), BillingRefusal> {
        if self.replaced_by.is_some() {
            Err(BillingRefusal::InvoiceReplaced)
        } else if self.end.is_some() {
            Err(BillingRefusal::InvoiceEnded)
        } else if self.owed().is_zero() {
            Err(BillingRefusal::NothingOwed)
        } else {
            Ok(())
        }
    }

    /// Lets it be paid until a later day; a day on which the hospital is closed moves to the next working day. `today` is the day in Tokyo.
    ///
    /// # Errors
    /// The refusals of [`Invoice::may_be_extended`], [`BillingRefusal::TermNotLater`], [`BillingRefusal::TermTooLong`].
    pub fn extend(self, until: Date, today: Date, calendar: &CalendarSettings) -> Result<Self, BillingRefusal> {
        self.may_be_extended()?;
        if until <= self.last_day() || until < today {
            return Err(BillingRefusal::TermNotLater);
        }
        if until > days_after(today, LONGEST_TERM) {
            return Err(BillingRefusal::TermTooLong);
        }
        Ok(self.payable_until(calendar.working_day_from(until)))
    }
}

impl Case {
    /// Whether somebody may extend the term of an invoice of this case now.
    ///
    /// # Errors
    /// [`Refusal::WrongStage`], [`Refusal::Absent`].
    pub fn may_extend_invoice(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::ExtendInvoice, self.creditable())
    }

    /// Notes a new term. The clock of the case, or of the slides that the invoice is for, runs until its end, unless money is there.
    ///
    /// # Errors
    /// As [`Case::may_extend_invoice`].
    pub fn extend_invoice(mut self, by: &CaseAccess, _: &Rules<'_>, _: Timestamp, extended: Extended) -> Result<Change, Refusal> {
        self.may_extend_invoice(by)?;
        let Extended { invoice, last_day, lapses_at, has_money } = extended;
        if !has_money {
            self.re_examination.extend_invoice(invoice, lapses_at);
            if matches!(self.stage, Stage::Written { step: Written::AwaitingPayment { invoice: awaited } } if awaited == invoice) {
                self.expires_at = Some(end_of_day(last_day));
            }
        }
        Ok(self.with_event(EventKind::InvoiceExtended { invoice }))
    }
}
