//! Credit notes: what was invoiced and is not demanded any longer. The paper of the invoice stays; the note stands beside it.
//!
//! Before the service was performed no tax is adjusted, because nothing was sold. Afterwards the note is a qualified return invoice (law:
//! Consumption Tax Act art. 57-4, paragraph 3).

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::refund::NewRefund;
use super::{Act, BillingRefusal, ChargeBearer, CreditNoteNumber, Invoice, InvoiceLine, Refund, RefundReason, RefundState};
use crate::access::{CaseAccess, Operation};
use crate::billing::fees::FeeCode;
use crate::calendar::today_in_tokyo;
use crate::case::{Case, CaseStage, Change, EventKind, Refusal, Rules, Stage, Written};
use crate::ids::{CreditNoteId, InvoiceId, RefundId};
use crate::intake::ReExamination;
use crate::money::{Tax, Yen};
use crate::pathology::Supplement;
use crate::people::LongText;
use crate::service::ServiceKind;
use crate::wire::wire_enum;

wire_enum! {
    /// The kind of a credit note.
    CreditNoteKind {
        /// A service that was not performed will not be: nothing was sold, so no tax is adjusted.
        Cancellation = "cancellation",
        /// The invoice was wrong; another stands in its place.
        Correction = "correction",
        /// Of a service that was performed: a qualified return invoice.
        Return = "return",
    }
}

/// The cause of a credit note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditCause {
    /// Somebody decided it.
    Decision,
    /// The end of the case. The invoice itself says what the end took off.
    End,
    /// Another invoice stands in its place.
    Reissue,
}

/// A line of a credit note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditLine {
    /// The service or article.
    pub code: FeeCode,
    /// How many units.
    pub quantity: u32,
    /// The price of one, tax included.
    pub unit_price: Yen,
    /// The price of all, tax included.
    pub amount: Yen,
}

/// A credit note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditNote {
    /// The identifier.
    pub id: CreditNoteId,
    /// The number.
    pub number: CreditNoteNumber,
    /// The kind.
    pub kind: CreditNoteKind,
    /// The cause.
    pub cause: CreditCause,
    /// The day, in Tokyo, on which it was issued: of a return invoice the day of the return.
    pub issued_on: Date,
    /// The lines.
    pub lines: Vec<CreditLine>,
    /// Their sum, tax included.
    pub total: Yen,
    /// The tax of the invoice before, less the tax of what remains: so that no yen of tax is lost by rounding.
    pub tax: Yen,
    /// The total without tax.
    pub net: Yen,
    /// Why, in words that the payer may read.
    pub reason: Option<LongText>,
    /// Who issued it, and when.
    pub issued: Act,
}

/// A credit note as it is asked for.
#[derive(Clone, Debug)]
pub struct NewCredit {
    /// The identifier.
    pub id: CreditNoteId,
    /// The next number.
    pub number: CreditNoteNumber,
    /// What is credited: how many of each line.
    pub lines: Vec<(FeeCode, u32)>,
    /// Why, in words that the payer may read.
    pub reason: LongText,
    /// Who bears the charge of sending what was paid back.
    pub charges_borne_by: ChargeBearer,
    /// The identifier of the refund, if one is opened.
    pub refund: RefundId,
    /// Who, and when.
    pub by: Act,
}

/// Identifier and number of a credit note that is about to be issued.
#[derive(Clone, Copy, Debug)]
pub struct CreditNoteIdentity {
    /// The identifier.
    pub id: CreditNoteId,
    /// The next number.
    pub number: CreditNoteNumber,
}

/// A credit note, as its case sees it.
#[derive(Clone, Copy, Debug)]
pub struct Credited {
    /// The invoice.
    pub invoice: InvoiceId,
    /// The credit note.
    pub note: CreditNoteId,
    /// Whether nothing is owed any longer.
    pub is_settled: bool,
    /// Whether nothing is demanded any longer.
    pub is_credited_whole: bool,
    /// The part that was paid: a refund of it was opened.
    pub refund: Yen,
    /// The invoice as it stands now, for an addition to the re-examination.
    pub supplement: Supplement,
    /// The slides that the invoices of the case charge for now, without that of an addition.
    pub charged: ReExamination,
}

impl InvoiceLine {
    fn credit(&self, quantity: u32) -> Result<CreditLine, BillingRefusal> {
        let amount = self.unit_price.times(quantity).map_err(|_| BillingRefusal::MoreThanInvoiced)?;
        Ok(CreditLine { code: self.code, quantity, unit_price: self.unit_price, amount })
    }
}

impl Invoice {
    /// The credit notes beside those that say what the end of the case took off.
    fn decided_credits(&self) -> impl Iterator<Item = &CreditNote> {
        self.credits.iter().filter(|note| note.cause != CreditCause::End)
    }

    /// The sum of what was credited, beside what the end of the case took off.
    pub fn credited(&self) -> Yen {
        Yen::sum(self.decided_credits().map(|note| note.total)).unwrap_or(Yen::MAX)
    }

    /// Whether all of it was credited, beside what the end of the case took off.
    pub fn is_credited_whole(&self) -> bool {
        self.credited() == self.total
    }

    /// How many units of a line were credited.
    pub fn credited_quantity(&self, code: FeeCode) -> u32 {
        let lines = self.decided_credits().flat_map(|note| &note.lines).filter(|line| line.code == code);
        lines.fold(0, |sum, line| sum.saturating_add(line.quantity))
    }

    /// How many units of a line are left.
    pub(super) fn remaining(&self, line: &InvoiceLine) -> u32 {
        line.quantity.saturating_sub(self.credited_quantity(line.code))
    }

    /// The price of what is left of a line, tax included.
    pub(super) fn remaining_amount(&self, line: &InvoiceLine) -> Yen {
        line.unit_price.times(self.remaining(line)).unwrap_or(line.amount)
    }

    /// All that is left of the lines that `are`.
    pub(super) fn left_of(&self, are: impl Fn(&InvoiceLine) -> bool) -> Result<Vec<CreditLine>, BillingRefusal> {
        let left = self.lines.iter().filter(|line| are(line) && self.remaining(line) > 0);
        left.map(|line| line.credit(self.remaining(line))).collect()
    }

    /// The credit note with this identifier.
    pub fn credit_note(&self, id: CreditNoteId) -> Option<&CreditNote> {
        self.credits.iter().find(|note| note.id == id)
    }

    /// Credits units of its lines. What was not paid is owed no longer; a rest that the hospital bore or wrote off is borne no longer; what was
    /// paid is given back.
    ///
    /// # Errors
    /// Everything about the lines that cannot be, or one refusal for how the invoice stands.
    pub fn credit(mut self, new: NewCredit) -> Result<Self, Vec<BillingRefusal>> {
        let one = |refusal: BillingRefusal| vec![refusal];
        self.may_be_credited().map_err(one)?;
        let lines = self.credit_lines(&new.lines)?;
        let is_performed = |line: &CreditLine| self.lines.iter().any(|own| own.code == line.code && own.performed_on.is_some());
        let performed = lines.iter().filter(|line| is_performed(line)).count();
        let kind = match performed {
            0 => CreditNoteKind::Cancellation,
            all if all == lines.len() => CreditNoteKind::Return,
            _ => return Err(one(BillingRefusal::CreditMixesPerformed)),
        };
        let NewCredit { id, number, reason, charges_borne_by, refund, by, .. } = new;
        let (cause, reason) = (CreditCause::Decision, Some(reason));
        let note = self.note(CreditNoteIdentity { id, number }, kind, cause, lines, reason, by).map_err(one)?;
        self.take_off(note, refund, charges_borne_by);
        if self.leaves_pathology_alone() { Err(one(BillingRefusal::OnlyPathologyLeft)) } else { Ok(self) }
    }

    /// Adds a credit note. A rest that the hospital bore or wrote off is borne no longer; what was paid becomes a refund.
    pub(super) fn take_off(&mut self, note: CreditNote, refund: RefundId, charges_borne_by: ChargeBearer) {
        let (before, at) = (self.excess().amount(), note.issued.at);
        self.credits.push(note);
        let freed = |invoice: &Self| Yen::new(invoice.excess().amount() - before).unwrap_or_default();
        self.take_back_bad_debt(freed(self));
        self.take_back_shortfall(freed(self));
        let amount = freed(self);
        if !amount.is_zero() {
            self.refunds.push(Refund::new(NewRefund { id: refund, reason: RefundReason::Credited, amount, at, charges_borne_by }));
        }
    }

    /// Whether it can still be credited, or another one be issued in its place.
    ///
    /// # Errors
    /// [`BillingRefusal::InvoiceReplaced`], [`BillingRefusal::InvoiceEnded`], [`BillingRefusal::InvoiceCredited`].
    pub fn may_be_credited(&self) -> Result<(), BillingRefusal> {
        if self.replaced_by.is_some() {
            Err(BillingRefusal::InvoiceReplaced)
        } else if self.end.is_some() {
            Err(BillingRefusal::InvoiceEnded)
        } else if self.is_credited_whole() {
            Err(BillingRefusal::InvoiceCredited)
        } else {
            Ok(())
        }
    }

    /// The lines of a credit note; a code that is named twice counts together.
    fn credit_lines(&self, wanted: &[(FeeCode, u32)]) -> Result<Vec<CreditLine>, Vec<BillingRefusal>> {
        let wanted_of =
            |code: FeeCode| wanted.iter().filter(|(one, _)| *one == code).map(|(_, quantity)| u64::from(*quantity)).sum::<u64>();
        super::refusal::none_of([
            (wanted.iter().all(|(_, quantity)| *quantity == 0), BillingRefusal::NothingToCredit),
            (wanted.iter().any(|(code, _)| !self.lines.iter().any(|line| line.code == *code)), BillingRefusal::LineNotInvoiced),
            (self.lines.iter().any(|line| wanted_of(line.code) > u64::from(self.remaining(line))), BillingRefusal::MoreThanInvoiced),
        ])?;
        let quantity = |line: &InvoiceLine| u32::try_from(wanted_of(line.code)).unwrap_or(u32::MAX);
        let lines = self.lines.iter().filter(|line| wanted_of(line.code) > 0).map(|line| line.credit(quantity(line)));
        lines.collect::<Result<_, _>>().map_err(|refusal| vec![refusal])
    }

    fn leaves_pathology_alone(&self) -> bool {
        let has_main = self.lines.iter().any(|line| !line.code.is_pathology());
        let mut left = self.lines.iter().filter(|line| self.remaining(line) > 0).peekable();
        has_main && left.peek().is_some() && left.all(|line| line.code.is_pathology())
    }

    pub(super) fn note(
        &self,
        paper: CreditNoteIdentity,
        kind: CreditNoteKind,
        cause: CreditCause,
        lines: Vec<CreditLine>,
        reason: Option<LongText>,
        issued: Act,
    ) -> Result<CreditNote, BillingRefusal> {
        let out_of_range = |_| BillingRefusal::AmountOutOfRange;
        let total = Yen::sum(lines.iter().map(|line| line.amount)).map_err(out_of_range)?;
        let before = Yen::new(self.total.amount() - self.credited().amount()).map_err(out_of_range)?;
        let remains = Yen::new(before.amount() - total.amount()).map_err(out_of_range)?;
        let (Tax { tax: before, .. }, Tax { tax: remains, .. }) = (before.tax_included(), remains.tax_included());
        let tax = Yen::new(before.amount() - remains.amount()).map_err(out_of_range)?;
        let net = Yen::new(total.amount() - tax.amount()).map_err(out_of_range)?;
        let CreditNoteIdentity { id, number } = paper;
        Ok(CreditNote { id, number, kind, cause, issued_on: today_in_tokyo(issued.at), lines, total, tax, net, reason, issued })
    }

    /// Credits all that is left, because another invoice stands in its place.
    pub(super) fn correction(&self, paper: CreditNoteIdentity, reason: LongText, by: Act) -> Result<CreditNote, BillingRefusal> {
        let lines = self.left_of(|_| true)?;
        self.note(paper, CreditNoteKind::Correction, CreditCause::Reissue, lines, Some(reason), by)
    }

    /// Whether the approval of this refund needs a credit note: the end of the case cancelled the services, and no paper says so yet.
    pub fn needs_credit_note(&self, refund: RefundId) -> bool {
        let is_of_the_end = self.refund(refund).is_some_and(|refund| refund.is_of_the_end() && refund.state == RefundState::Requested);
        is_of_the_end && self.end.is_some() && !self.is_credited_by_the_end()
    }

    /// Whether a credit note says that the end of the case cancelled the services.
    pub(super) fn is_credited_by_the_end(&self) -> bool {
        self.credits.iter().any(|note| note.cause == CreditCause::End)
    }

    /// Issues the credit note of the end: all that was not performed.
    pub(super) fn credit_the_end(&mut self, paper: CreditNoteIdentity, by: Act) -> Result<(), BillingRefusal> {
        let lines = self.left_of(|line| line.performed_on.is_none())?;
        let note = self.note(paper, CreditNoteKind::Cancellation, CreditCause::End, lines, None, by)?;
        self.credits.push(note);
        Ok(())
    }

    /// Keeps money that was about to be given back by a credit note, as far as it is owed again and nobody has approved that it leaves.
    pub(super) fn keep_credited_money(&mut self) {
        let mut owed = self.demanded() - self.covered();
        let waits = |refund: &Refund| refund.reason == RefundReason::Credited && refund.transfers.is_empty();
        let is_open = |refund: &Refund| matches!(refund.state, RefundState::Due | RefundState::Requested);
        for refund in self.refunds.iter_mut().rev().filter(|refund| waits(refund) && is_open(refund)) {
            if owed <= 0 {
                break;
            }
            let kept = owed.min(refund.amount.amount());
            owed -= kept;
            if refund.state == RefundState::Requested {
                refund.take_request_back(RefundState::Due);
            }
            refund.lessen(kept);
        }
    }
}

/// Stages in which an invoice is credited or replaced: every one in which it may stand, but a decline, a cancellation and an expiry, which decide on the money themselves.
pub(super) const CREDITABLE: &[CaseStage] =
    &[CaseStage::AwaitingPayment, CaseStage::Writing, CaseStage::InReview, CaseStage::Delivered, CaseStage::Closed];
/// The same of a visit.
const CREDITABLE_VISITS: &[CaseStage] = &[CaseStage::Accepted, CaseStage::Scheduled, CaseStage::Consulted, CaseStage::Closed];

impl Case {
    /// Whether somebody may credit or correct an invoice of this case now.
    ///
    /// # Errors
    /// [`Refusal::WrongStage`], [`Refusal::Absent`].
    pub fn may_credit_invoice(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::IssueCreditNote, self.creditable())
    }

    /// Where an invoice of this case is credited, replaced, or waited for longer.
    pub(super) fn creditable(&self) -> &'static [CaseStage] {
        if self.kind() == ServiceKind::WrittenOpinion { CREDITABLE } else { CREDITABLE_VISITS }
    }

    /// Notes a credit note. One that leaves the awaited invoice settled starts the work; one that leaves nothing demanded sets the case back,
    /// so that it can be invoiced anew.
    ///
    /// # Errors
    /// [`Refusal::CreditFreesWork`] if nothing would be demanded for work that is under way: such a case is cancelled or declined.
    pub fn credit_invoice(mut self, by: &CaseAccess, rules: &Rules<'_>, now: Timestamp, credited: Credited) -> Result<Change, Refusal> {
        self.may_credit_invoice(by)?;
        let Credited { invoice, note, is_settled, is_credited_whole, refund, supplement, charged } = credited;
        let is_main = self.invoice() == Some(invoice);
        // Slides that are credited are not examined, whatever was asked for.
        let changed = if is_main && is_credited_whole { Vec::new() } else { self.keep_charged_slides(charged, by.user, now) };
        self.re_examination.to_credit = charged.beyond(self.slides_asked_for());
        let mut told = vec![EventKind::InvoiceCredited { invoice, credit_note: note }];
        if !refund.is_zero() {
            told.push(EventKind::RefundOpened { amount: refund });
        }
        match &self.stage {
            Stage::Written { step: Written::Writing { work } | Written::InReview { work, .. } }
                if is_credited_whole && work.invoice == invoice =>
            {
                return Err(Refusal::CreditFreesWork);
            }
            Stage::Written { step: Written::AwaitingPayment { invoice: awaited } } if *awaited == invoice => {
                if is_credited_whole {
                    self.stage = Stage::Written { step: Written::Accepted };
                    self.expires_at = None;
                } else if is_settled {
                    told.extend(self.start_work_if_awaited(rules, now, invoice));
                }
            }
            Stage::Visit { .. } if is_main && is_credited_whole => self.visiting.invoice = None,
            Stage::Visit { .. } => told.extend(self.confirm_if_settled(invoice, is_settled, now)),
            Stage::Intake { .. } | Stage::Written { .. } | Stage::Ended { .. } => {}
        }
        if !changed.is_empty() {
            told.extend(changed);
            told.extend(self.settle_clocks(rules, now, today_in_tokyo(now)));
        }
        told.extend(self.note_supplement(supplement, by.user, rules, now));
        Ok(self.with_all(told))
    }
}
