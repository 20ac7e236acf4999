//! Invoices of release 0.1, which booked revenue with the invoice and knew neither performance, nor ends, nor refunds.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Invoice, MoneyEnd, RefundReason};
use crate::ids::RefundId;
use crate::money::Yen;

/// The case of an invoice that release 0.1 wrote.
#[derive(Clone, Copy, Debug, Default)]
pub struct CaseBefore {
    /// The day, in Tokyo, on which its opinion was delivered.
    pub delivered_on: Option<Date>,
    /// Its end, unless it was closed.
    pub end: Option<EndBefore>,
}

/// The end of a case in release 0.1.
#[derive(Clone, Copy, Debug)]
pub struct EndBefore {
    /// When.
    pub at: Timestamp,
    /// How. The share is not looked at: the event of the refund says how much is given back.
    pub how: MoneyEnd,
    /// The amount of the refund that was announced.
    pub announced: Yen,
}

impl Invoice {
    /// The invoice with what is known of its case. Nothing is owed that was not, and what was announced is given back.
    #[must_use]
    pub fn upgraded(mut self, case: CaseBefore, mut fresh: impl FnMut() -> RefundId) -> Self {
        if let Some(on) = case.delivered_on {
            self = self.perform(on);
        }
        let last = |invoice: &Self| invoice.payments.last().map_or(Timestamp::UNIX_EPOCH, |payment| payment.recorded_at);
        let Some(end) = case.end else {
            let at = last(&self);
            self.update_excess(fresh(), RefundReason::Overpaid, at);
            return self;
        };
        let (before, after) = std::mem::take(&mut self.payments).into_iter().partition(|payment| payment.recorded_at <= end.at);
        self.payments = before;
        let at = last(&self);
        self.update_excess(fresh(), RefundReason::Overpaid, at);
        let share = end.announced.amount() - self.excess().amount();
        self = self.end_keeping(|arrived| (arrived - share).clamp(0, arrived), fresh(), end.how, end.at);
        // What was decided before this release waits for nobody.
        self.refunds.retain(|refund| !refund.amount.is_zero());
        self.payments.extend::<Vec<_>>(after);
        let at = last(&self);
        self.update_excess(fresh(), RefundReason::AfterEnd, at);
        self
    }
}
