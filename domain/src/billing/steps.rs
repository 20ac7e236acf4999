//! The invoice is issued, the payment confirmed.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::access::{CaseAccess, Operation};
use crate::calendar::{end_of_day, today_in_tokyo};
use crate::case::{Case, CaseStage, Change, Ending, EventKind, PaidWork, Refusal, Rules, Stage, Written};
use crate::ids::{InvoiceId, PaymentId, UserId};
use crate::money::Yen;
use crate::pathology::Supplement;

/// A payment that was recorded on the invoice of this case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    /// The invoice.
    pub invoice: InvoiceId,
    /// The payment.
    pub payment: PaymentId,
    /// The day on which it was received.
    pub received_on: Date,
    /// Whether nothing is owed any longer.
    pub in_full: bool,
    /// Whether it was received by the invoice's last day.
    pub in_time: bool,
    /// The part that was paid too much: a refund of it was opened.
    pub excess: Yen,
    /// The invoice as it stands now, for an addition to the re-examination.
    pub supplement: Supplement,
}

/// Stages in which payments may be recorded: too late ones, too.
pub(super) const PAYABLE: &[CaseStage] = &[
    // A case that was reopened after its money had left.
    CaseStage::Accepted,
    CaseStage::Scheduled,
    CaseStage::Consulted,
    CaseStage::AwaitingPayment,
    CaseStage::Writing,
    CaseStage::InReview,
    CaseStage::Delivered,
    CaseStage::Closed,
    CaseStage::Declined,
    CaseStage::Cancelled,
    CaseStage::Expired,
];

impl Case {
    pub(crate) fn may_issue_invoice(&self, by: &CaseAccess) -> Result<(), Refusal> {
        if let Some(addition) = self.re_examination.addition.as_ref().filter(|_| self.invoice().is_some()) {
            self.may_invoice_addition(by)?;
            return if addition.is_agreed() { self.addition_not_invoiced(addition) } else { Err(Refusal::EstimateNotAccepted) };
        }
        if matches!(self.stage, Stage::Visit { .. }) {
            return self.may_invoice_visit(by);
        }
        self.guard(by, Operation::IssueInvoice, &[CaseStage::Accepted])?;
        self.not_held()?;
        if self.accepted_estimate().is_none() { Err(Refusal::EstimateNotAccepted) } else { Ok(()) }
    }

    /// Notes the invoice that was issued (seed: “we will send you our bank account information”). Unpaid, the case expires at the end of
    /// the last day that the invoice names.
    pub fn issue_invoice(
        mut self,
        by: &CaseAccess,
        _: &Rules<'_>,
        _: Timestamp,
        invoice: InvoiceId,
        due_on: Date,
    ) -> Result<Change, Refusal> {
        self.may_issue_invoice(by)?;
        if !matches!(self.stage, Stage::Written { .. }) {
            return Err(self.wrong_kind());
        }
        self.stage = Stage::Written { step: Written::AwaitingPayment { invoice } };
        self.expires_at = Some(end_of_day(due_on));
        Ok(self.with_event(EventKind::InvoiceIssued { invoice }))
    }

    pub(crate) fn may_record_payment(&self, by: &CaseAccess) -> Result<(), Refusal> {
        // Of a case that is reviewed again, as another service or by another department, money may still come.
        let is_reviewed_again = self.accepted_at.is_some() && matches!(self.stage, Stage::Intake { .. });
        if is_reviewed_again { self.authorize(by, Operation::RecordPayment) } else { self.guard(by, Operation::RecordPayment, PAYABLE) }
    }

    /// Whether a payment of its invoice that was received in time brings this case back: it expired unpaid.
    pub fn is_revived_by(&self, invoice: InvoiceId) -> bool {
        matches!(&self.stage, Stage::Ended { before, ending: Ending::Expired, .. }
            if matches!(**before, Stage::Written { step: Written::AwaitingPayment { invoice: expected } } if expected == invoice))
    }

    /// Notes a payment. The one that settles the invoice starts the work (seed: “When we confirm your payment, one of our physicians
    /// will start”); the due window counts from the later of payment and complete slides. A part of it stops the clock: a case with money
    /// on it never expires. One that was received in time brings an expired case back, whenever it is recorded.
    pub fn record_payment(mut self, by: &CaseAccess, rules: &Rules<'_>, now: Timestamp, paid: Paid) -> Result<Change, Refusal> {
        self.may_record_payment(by)?;
        let Paid { invoice, payment, received_on, in_full, in_time, excess, supplement } = paid;
        let mut told = vec![EventKind::PaymentRecorded { invoice, payment }];
        if !excess.is_zero() {
            told.push(EventKind::RefundOpened { amount: excess });
        }
        if in_time && self.is_revived_by(invoice) {
            self.stage = Stage::Written { step: Written::AwaitingPayment { invoice } };
            told.push(EventKind::CaseReopened);
        }
        told.extend(self.note_supplement(supplement, by.user, rules, now));
        told.extend(self.confirm_if_settled(invoice, in_full, now));
        if self.stage.name() == CaseStage::Accepted {
            // With money on it a case never expires.
            self.expires_at = None;
        }
        let Stage::Written { step: Written::AwaitingPayment { invoice: expected } } = self.stage else {
            return Ok(self.with_all(told));
        };
        // Of an invoice that ended before: the money is an overpayment.
        if expected != invoice {
            return Ok(self.with_all(told));
        }
        self.expires_at = None;
        if in_full {
            told.extend(self.start_writing(rules, now, invoice, received_on));
        }
        Ok(self.with_all(told))
    }

    /// Notes that a refund has left.
    pub fn note_refund_paid(self, amount: Yen) -> Change {
        self.with_event(EventKind::RefundPaid { amount })
    }

    /// Notes that a refund has paid another invoice.
    pub fn note_refund_applied(self, amount: Yen) -> Change {
        self.with_event(EventKind::RefundApplied { amount })
    }

    /// Notes that a refund that had paid another invoice is due again.
    pub fn note_refund_due_again(self, amount: Yen) -> Change {
        self.with_event(EventKind::RefundOpened { amount })
    }

    /// Notes that a refund came back.
    pub fn note_refund_returned(self, amount: Yen) -> Change {
        self.with_event(EventKind::RefundReturned { amount })
    }

    /// Notes that the invoice was settled in another way than by a payment: money that was about to be given back pays it.
    pub fn settle_invoice(mut self, by: UserId, rules: &Rules<'_>, now: Timestamp, supplement: Supplement) -> Change {
        let mut told = self.note_supplement(supplement, by, rules, now);
        told.extend(self.start_work_if_awaited(rules, now, supplement.invoice));
        told.extend(self.confirm_if_settled(supplement.invoice, true, now));
        self.with_all(told)
    }

    /// Starts the work if the case waits for the payment of this invoice, which is settled.
    pub(crate) fn start_work_if_awaited(&mut self, rules: &Rules<'_>, now: Timestamp, invoice: InvoiceId) -> Vec<EventKind> {
        let waits = matches!(self.stage, Stage::Written { step: Written::AwaitingPayment { invoice: expected } } if expected == invoice);
        if waits { self.start_writing(rules, now, invoice, today_in_tokyo(now)) } else { Vec::new() }
    }

    /// Starts the work that is paid.
    fn start_writing(&mut self, rules: &Rules<'_>, now: Timestamp, invoice: InvoiceId, paid_on: Date) -> Vec<EventKind> {
        self.expires_at = None;
        self.stage = Stage::Written { step: Written::Writing { work: PaidWork { invoice, paid_on, due: None } } };
        let mut told = self.settle_clocks(rules, now, paid_on);
        if !told.iter().any(|kind| matches!(kind, EventKind::WritingStarted { .. })) {
            told.insert(0, EventKind::WritingStarted { due: None });
        }
        told
    }
}
