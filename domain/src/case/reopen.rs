//! Reopening: an end that was a mistake, or that the applicant asks back, is taken back for a while.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::access::{CaseAccess, Operation};
use crate::appointments::DateTurn;
use crate::calendar::{after_days, days_after, days_between, end_of_day, today_in_tokyo};
use crate::case::{CancelReason, Case, CaseStage, Change, Ending, EventKind, Intake, Refusal, Rules, Stage, Visit, Written};

/// Every end.
const ENDS: &[CaseStage] = &[CaseStage::Closed, CaseStage::Declined, CaseStage::Cancelled, CaseStage::Expired];

/// The main invoice of a case that is reopened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvoiceAtReopening {
    /// It is as it was before the end, if there is one.
    Restored {
        /// Whether nothing is owed on it.
        is_settled: bool,
        /// Whether there is money on it.
        has_money: bool,
        /// The last day, in Tokyo, on which the rest can be paid.
        payable_until: Date,
    },
    /// Its money was given back already: the work needs a new invoice.
    GivenBack,
}

impl Case {
    pub(crate) fn may_reopen(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::ReopenCase, ENDS)
    }

    /// Takes the end back: the case stands again where it stood before. Where its money has left, it stands where it can be invoiced anew.
    /// Requests for information lapsed with the end, so a case that waited for an answer is checked again. Clocks begin anew.
    ///
    /// # Errors
    /// [`Refusal::ReopeningOver`] later than [`crate::review::ReviewSettings::reopen_days`] after the end.
    pub fn reopen(mut self, by: &CaseAccess, rules: &Rules<'_>, now: Timestamp, invoice: InvoiceAtReopening) -> Result<Change, Refusal> {
        self.may_reopen(by)?;
        let Stage::Ended { before, at, ending, .. } = &self.stage else { return Err(self.wrong_kind()) };
        // The end by a death is taken back with the death: it was another patient's.
        if matches!(ending, Ending::Cancelled { reason: CancelReason::PatientDeceased, .. }) {
            self.death = None;
        }
        let (before, ended_on, today) = ((**before).clone(), today_in_tokyo(*at), today_in_tokyo(now));
        if now > end_of_day(days_after(ended_on, i64::from(rules.settings.review.reopen_days))) {
            return Err(Refusal::ReopeningOver);
        }
        self.stage = match before {
            Stage::Intake { kind, step: Intake::InformationRequested } => Stage::Intake { kind, step: Intake::Submitted },
            Stage::Written { step: Written::AwaitingPayment { .. } | Written::Writing { .. } | Written::InReview { .. } }
                if invoice == InvoiceAtReopening::GivenBack =>
            {
                Stage::Written { step: Written::Accepted }
            }
            // The half hours were free for others since; they are taken again if they still are.
            Stage::Visit { visit, step: Visit::Scheduled { .. } } => Stage::Visit { visit, step: Visit::Accepted },
            before @ (Stage::Intake { .. } | Stage::Visit { .. } | Stage::Written { .. } | Stage::Ended { .. }) => before,
        };
        self.stage.shift_due(days_between(ended_on, today));
        // An estimate that ran out meanwhile holds no longer: the hospital makes another.
        self.estimate = self.estimate.filter(|estimate| estimate.accepted_at.is_some() || estimate.valid_until > now);
        if invoice == InvoiceAtReopening::GivenBack {
            self.visiting.invoice = None;
        }
        if self.arranges_a_visit() {
            self.visiting.date_turn = DateTurn::Hospital;
        }
        self.expires_at = self.clock_at_reopening(rules, now, invoice);
        let mut told = vec![EventKind::CaseReopened];
        if let (Some(id), InvoiceAtReopening::Restored { is_settled: true, .. }) = (self.stage.invoice(), invoice) {
            told.extend(self.start_work_if_awaited(rules, now, id));
        }
        told.extend(self.settle_clocks(rules, now, today));
        Ok(self.with_all(told))
    }

    /// When the reopened case expires, if it is the applicant's turn.
    fn clock_at_reopening(&self, rules: &Rules<'_>, now: Timestamp, invoice: InvoiceAtReopening) -> Option<Timestamp> {
        let settings = rules.settings;
        match (&self.stage, invoice) {
            (Stage::Intake { step: Intake::Draft, .. }, _) => Some(after_days(now, settings.intake.draft_expires_after_days)),
            (Stage::Written { step: Written::Accepted } | Stage::Visit { step: Visit::Accepted, .. }, _) if self.awaits_acceptance() => {
                self.estimate.map(|estimate| estimate.valid_until)
            }
            (
                Stage::Written { step: Written::AwaitingPayment { .. } },
                // With money on it a case never expires.
                InvoiceAtReopening::Restored { is_settled: false, has_money: false, payable_until },
            ) => Some(end_of_day(payable_until)),
            _ => None,
        }
    }
}

impl InvoiceAtReopening {
    /// A case without an invoice.
    pub const NONE: Self = Self::Restored { is_settled: false, has_money: false, payable_until: Date::MAX };
}
