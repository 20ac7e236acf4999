//! The estimate is accepted, the invoice issued, the payment confirmed.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::access::{CaseAccess, Operation, Relation};
use crate::calendar::after_days;
use crate::case::{AcceptedQuote, Case, CaseStage, Change, EventKind, PaidWork, Refusal, Rules, Stage, Written};
use crate::ids::{InvoiceId, PaymentId};
use crate::money::Payer;

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
}

/// Stages in which payments may be recorded: too late ones, too.
const PAYABLE: &[CaseStage] = &[
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
    pub(crate) fn may_accept_quote(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::AcceptQuote, &[CaseStage::Accepted])?;
        if self.quote.is_some() { Err(Refusal::QuoteAlreadyAccepted) } else { Ok(()) }
    }

    /// Accepts an estimate. That it fits this case is checked by [`crate::billing::fees::Quote::fits`] before.
    pub fn accept_quote(mut self, by: &CaseAccess, rules: &Rules<'_>, now: Timestamp, accepted: AcceptedQuote) -> Result<Change, Refusal> {
        self.may_accept_quote(by)?;
        if accepted.terms_version != rules.settings.billing.terms_version {
            return Err(Refusal::TermsMismatch);
        }
        let through_agency = accepted.payer == Payer::Agency;
        let mismatched = through_agency != by.relations.contains(Relation::Agency);
        if mismatched || (through_agency && self.agency.is_none()) {
            return Err(Refusal::PayerUnknown);
        }
        let quote = accepted.quote;
        self.quote = Some(AcceptedQuote { accepted_at: now, ..accepted });
        // The hospital's turn: nothing expires while it holds the case.
        self.expires_at = None;
        Ok(self.with_event(EventKind::QuoteAccepted { quote }))
    }

    pub(crate) fn may_issue_invoice(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::IssueInvoice, &[CaseStage::Accepted])?;
        self.not_held()?;
        if !matches!(self.stage, Stage::Written { .. }) {
            return Err(self.wrong_kind());
        }
        if self.quote.is_none() { Err(Refusal::QuoteNotAccepted) } else { Ok(()) }
    }

    /// Notes the invoice that was issued (seed: “we will send you our bank account information”).
    pub fn issue_invoice(mut self, by: &CaseAccess, rules: &Rules<'_>, now: Timestamp, invoice: InvoiceId) -> Result<Change, Refusal> {
        self.may_issue_invoice(by)?;
        self.stage = Stage::Written { step: Written::AwaitingPayment { invoice } };
        self.expires_at = Some(after_days(now, rules.settings.billing.payment_expires_after_days));
        Ok(self.with_event(EventKind::InvoiceIssued { invoice }))
    }

    pub(crate) fn may_record_payment(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::RecordPayment, PAYABLE)
    }

    /// Notes a payment. The one that settles the invoice starts the work (seed: “When we confirm your payment, one of our physicians
    /// will start”); the due window counts from the later of payment and complete slides.
    pub fn record_payment(mut self, by: &CaseAccess, rules: &Rules<'_>, now: Timestamp, paid: Paid) -> Result<Change, Refusal> {
        self.may_record_payment(by)?;
        let Paid { invoice, payment, received_on, in_full } = paid;
        let told = EventKind::PaymentRecorded { invoice, payment };
        let Stage::Written { step: Written::AwaitingPayment { invoice: expected } } = self.stage else {
            return Ok(self.with_event(told));
        };
        if expected != invoice {
            return Err(Refusal::InvoiceMismatch);
        }
        if !in_full {
            return Ok(self.with_event(told));
        }
        self.stage = Stage::Written { step: Written::Writing { work: PaidWork { invoice, paid_on: received_on, due: None } } };
        self.expires_at = None;
        let mut followed = self.settle_clocks(rules, now, received_on);
        if !followed.iter().any(|kind| matches!(kind, EventKind::WritingStarted { .. })) {
            followed.insert(0, EventKind::WritingStarted { due: None });
        }
        Ok(self.with_events(told, followed))
    }
}
