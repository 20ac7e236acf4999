//! Requests and answers of refunds.

mod source;

use application::billing::refunds::{ListedRefund, NewRequest, NewReturn, NewTransfer, RefundForCaller};
use application::{Error, Fault};
use domain::access::Operation;
use domain::billing::{Act, Attempt, ChargeBearer, Payee, PaymentMethod, Raise, RefundReason, RefundState, Settlement};
use domain::ids::{CaseId, InvoiceId, RefundId, UnmatchedPaymentId, UserId};
use domain::money::{Payer, Yen};
use domain::people::{LongText, ShortText};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use source::Source;
use utoipa::ToSchema;

use crate::http::reader::Labels;
use crate::wire::money::Money;
use crate::wire::page::Page;
use crate::wire::texts::Reference;

/// A refund of an invoice, or of money whose invoice is not known. One member of staff asks for it, another approves it, and it ends when the money has left.
#[derive(Serialize, ToSchema)]
pub(crate) struct Refund {
    /// The refund.
    id: RefundId,
    /// The number of its notice, without gaps; null until the money has left.
    number: Option<String>,
    /// The invoice; null for money whose invoice is not known.
    invoice_id: Option<InvoiceId>,
    /// The number of the invoice; null for such money.
    invoice_number: Option<String>,
    /// The case; null for such money.
    case_id: Option<CaseId>,
    /// The number of the case; null for such money.
    case_number: Option<String>,
    /// The payment whose invoice is not known, if the refund sends a part of it back; null for a refund of an invoice.
    unmatched_payment_id: Option<UnmatchedPaymentId>,
    /// Why money is given back.
    reason: RefundReason,
    /// The same in the reader's language.
    reason_label: String,
    /// How far it is.
    state: RefundState,
    /// The same in the reader's language.
    state_label: String,
    /// Counts the changes.
    #[schema(minimum = 1)]
    version: i64,
    /// The amount. Zero where all is kept as a cancellation fee: two persons confirm that, or give more back by a raise.
    amount: Money,
    /// Since when it is due.
    became_due_at: Timestamp,
    /// Who paid the invoice, and receives the refund; null for money whose invoice is not known, which goes to whoever sent it.
    payer: Option<Payer>,
    /// To whom the invoice is addressed, or who sent the money whose invoice is not known, as the bank names them; null if the bank did not.
    recipient: Option<LongText>,
    /// Who bears the charge of sending it.
    charges_borne_by: ChargeBearer,
    /// Where it is sent; null until the payer has said so.
    payee: Option<Payee>,
    /// Who said so or wrote it down; null for those outside the hospital.
    payee_provided_by: Option<UserId>,
    /// When.
    payee_provided_at: Option<Timestamp>,
    /// Whether the money left and came back.
    came_back: bool,
    /// The invoice that it has paid; null unless it was applied to one.
    applied_to_invoice_id: Option<InvoiceId>,
    /// The request to settle it; null for those outside the hospital, and while nobody has asked.
    request: Option<RefundRequest>,
    /// Who approved it; null for those outside the hospital, and until somebody has.
    approved_by: Option<UserId>,
    /// When it was approved.
    approved_at: Option<Timestamp>,
    /// The requests that were sent back; empty for those outside the hospital.
    rejections: Vec<RefundRejection>,
    /// The times that the money left, in order.
    transfers: Vec<RefundTransfer>,
    /// The next operations of the caller on it.
    #[schema(extensions(("x-may-grow" = json!(true))))]
    allowed_actions: Vec<Operation>,
}

/// A request to settle a refund.
#[derive(Serialize, ToSchema)]
pub(crate) struct RefundRequest {
    /// How.
    settlement: Settlement,
    /// The payer's statement, or why somebody else than the payer receives the money.
    evidence: Option<LongText>,
    /// The attempts to reach the payer.
    attempts: Vec<Attempt>,
    /// The invoice that it pays; null unless it is applied to one.
    invoice_id: Option<InvoiceId>,
    /// More that is given back than the policy says; null for nothing. It counts with the approval.
    raise: Option<RefundRaise>,
    /// Who asked.
    asked_by: UserId,
    /// When.
    asked_at: Timestamp,
}

/// A request that was sent back.
#[derive(Serialize, ToSchema)]
pub(crate) struct RefundRejection {
    /// Why.
    reason: LongText,
    /// Who sent it back.
    rejected_by: UserId,
    /// When.
    rejected_at: Timestamp,
}

/// Money that left for a refund.
#[derive(Serialize, ToSchema)]
pub(crate) struct RefundTransfer {
    /// By which way.
    method: PaymentMethod,
    /// The day, in Tokyo, on which it left.
    paid_on: Date,
    /// The bank's, the terminal's or the receipt's reference: the payee finds the money by it.
    #[schema(value_type = Reference)]
    reference: ShortText,
    /// The charge that the hospital bore beside the amount; null for those outside the hospital.
    bank_charge: Option<Money>,
    /// Who recorded it; null for those outside the hospital.
    recorded_by: Option<UserId>,
    /// When it was recorded.
    recorded_at: Timestamp,
    /// The day, in Tokyo, on which it came back; null if it did not.
    returned_on: Option<Date>,
    /// The amount that came back; null for those outside the hospital.
    returned_amount: Option<Money>,
    /// Why it came back, as the bank says.
    returned_reason: Option<ShortText>,
}

/// A refund as lists show it.
#[derive(Serialize, ToSchema)]
pub(crate) struct RefundSummary {
    /// The refund.
    id: RefundId,
    /// The invoice; null for money whose invoice is not known.
    invoice_id: Option<InvoiceId>,
    /// The number of the invoice; null for such money.
    invoice_number: Option<String>,
    /// The case; null for such money.
    case_id: Option<CaseId>,
    /// The number of the case; null for such money.
    case_number: Option<String>,
    /// The payment whose invoice is not known, if the refund sends a part of it back; null for a refund of an invoice.
    unmatched_payment_id: Option<UnmatchedPaymentId>,
    /// Why money is given back.
    reason: RefundReason,
    /// The same in the reader's language.
    reason_label: String,
    /// How far it is.
    state: RefundState,
    /// The same in the reader's language.
    state_label: String,
    /// The amount.
    amount: Money,
    /// Since when it is due.
    became_due_at: Timestamp,
    /// Who paid the invoice, and receives the refund; null for money whose invoice is not known, which goes to whoever sent it.
    payer: Option<Payer>,
    /// To whom the invoice is addressed, or who sent the money whose invoice is not known, as the bank names them; null if the bank did not.
    recipient: Option<LongText>,
    /// Whether nobody has said yet where the money goes.
    payee_missing: bool,
    /// Whether the money left and came back.
    came_back: bool,
}

/// A page of refunds.
pub(crate) type RefundSummaryList = Page<RefundSummary>;

/// Where a refund is sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProvideRefundDetails {
    /// The account, and whose it is.
    pub(crate) payee: Payee,
}

/// A request that a refund be settled.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestRefund {
    /// How.
    settlement: Settlement,
    /// The payer's statement that gives the refund up, or why somebody else than the payer receives the money, or why it pays an invoice of another
    /// case: what was seen, and by whom. Needed in these cases.
    #[serde(default)]
    evidence: Option<LongText>,
    /// The attempts to reach the payer: at least two for an unclaimed refund.
    #[serde(default)]
    #[schema(max_items = 20)]
    attempts: Vec<Attempt>,
    /// The invoice that it pays, of this case or another; needed exactly where it is applied to an invoice.
    #[serde(default)]
    invoice_id: Option<InvoiceId>,
    /// More that is given back than the policy says, out of the cancellation fee; absent or null for nothing. It counts with the approval.
    #[serde(default)]
    raise: Option<RefundRaise>,
}

/// More that is given back than the policy says, out of the cancellation fee.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefundRaise {
    /// How much more.
    amount: Money,
    /// Why.
    reason: LongText,
}

/// Why a request is sent back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RejectRefund {
    /// Why.
    pub(crate) reason: LongText,
}

/// Money that left for a refund.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordRefundPaid {
    /// By which way.
    method: PaymentMethod,
    /// The day, in Tokyo, on which it left.
    paid_on: Date,
    /// The bank's, the terminal's or the receipt's reference.
    #[schema(value_type = Reference)]
    reference: ShortText,
    /// The charge that the hospital bore beside the amount; absent or null for nothing. Where the payee bears it, it is taken from the amount
    /// and not given here.
    #[serde(default)]
    bank_charge: Option<Money>,
}

/// Money that came back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordRefundReturned {
    /// The day, in Tokyo, on which it came back.
    returned_on: Date,
    /// The amount that arrived: banks keep the difference.
    arrived: Money,
    /// Why it came back, as the bank says.
    reason: ShortText,
}

impl Refund {
    pub(crate) fn of(refund_for_caller: &RefundForCaller, labels: Labels<'_>) -> Self {
        let RefundForCaller { refund, source, .. } = refund_for_caller;
        let source = Source::of(source);
        let inside = refund_for_caller.is_of_the_hospital();
        let request = refund.request.as_ref().map(|request| RefundRequest {
            settlement: request.settlement,
            evidence: request.evidence.clone(),
            attempts: request.attempts.clone(),
            invoice_id: request.invoice,
            raise: request.raise.as_ref().map(|raise| RefundRaise { amount: raise.by.into(), reason: raise.reason.clone() }),
            asked_by: request.asked.by,
            asked_at: request.asked.at,
        });
        let rejection = |rejection: &domain::billing::Rejection| RefundRejection {
            reason: rejection.reason.clone(),
            rejected_by: rejection.rejected.by,
            rejected_at: rejection.rejected.at,
        };
        let acted = |act: Option<Act>| act.filter(|_| inside);
        Self {
            id: refund.id,
            number: refund.number.map(|number| number.to_string()),
            invoice_id: source.invoice_id,
            invoice_number: source.invoice_number,
            case_id: source.case_id,
            case_number: source.case_number,
            unmatched_payment_id: source.unmatched_payment_id,
            reason: refund.reason,
            reason_label: labels.messages.label(labels.language, "refund_reason", refund.reason.as_str()),
            state: refund.state,
            state_label: labels.messages.label(labels.language, "refund_state", refund.state.as_str()),
            version: refund.version,
            amount: refund.amount.into(),
            became_due_at: refund.due_since,
            payer: source.payer,
            recipient: source.recipient,
            charges_borne_by: refund.charges_borne_by,
            payee: refund.payee.clone(),
            payee_provided_by: acted(refund.payee_provided).map(|act| act.by),
            payee_provided_at: refund.payee_provided.map(|act| act.at),
            came_back: refund.came_back(),
            applied_to_invoice_id: refund
                .request
                .as_ref()
                .and_then(|request| request.invoice)
                .filter(|_| refund.state == RefundState::Applied),
            request: request.filter(|_| inside),
            approved_by: acted(refund.approved).map(|act| act.by),
            approved_at: refund.approved.map(|act| act.at),
            rejections: if inside { refund.rejections.iter().map(rejection).collect() } else { Vec::new() },
            transfers: refund.transfers.iter().map(|transfer| RefundTransfer::of(transfer, inside)).collect(),
            allowed_actions: refund_for_caller.allowed_actions(),
        }
    }
}

impl RefundTransfer {
    fn of(transfer: &domain::billing::Transfer, inside: bool) -> Self {
        let returned = transfer.returned.as_ref();
        Self {
            method: transfer.method,
            paid_on: transfer.paid_on,
            reference: transfer.reference.clone(),
            bank_charge: inside.then(|| transfer.bank_charge.into()),
            recorded_by: inside.then_some(transfer.recorded.by),
            recorded_at: transfer.recorded.at,
            returned_on: returned.map(|returned| returned.on),
            returned_amount: returned.filter(|_| inside).map(|returned| returned.arrived.into()),
            returned_reason: returned.map(|returned| returned.reason.clone()),
        }
    }
}

impl RefundSummary {
    pub(crate) fn of(listed: &ListedRefund, labels: Labels<'_>) -> Self {
        let ListedRefund { refund, source } = listed;
        let source = Source::of_listed(source);
        Self {
            id: refund.id,
            invoice_id: source.invoice_id,
            invoice_number: source.invoice_number,
            case_id: source.case_id,
            case_number: source.case_number,
            unmatched_payment_id: source.unmatched_payment_id,
            reason: refund.reason,
            reason_label: labels.messages.label(labels.language, "refund_reason", refund.reason.as_str()),
            state: refund.state,
            state_label: labels.messages.label(labels.language, "refund_state", refund.state.as_str()),
            amount: refund.amount.into(),
            became_due_at: refund.due_since,
            payer: source.payer,
            recipient: source.recipient,
            payee_missing: refund.payee.is_none() && !refund.amount.is_zero(),
            came_back: refund.came_back(),
        }
    }
}

impl RequestRefund {
    pub(crate) fn request(&self) -> Result<NewRequest, Error> {
        let raise = match &self.raise {
            Some(raise) => Some(Raise { by: yen(raise.amount, "/raise/amount")?, reason: raise.reason.clone() }),
            None => None,
        };
        Ok(NewRequest {
            settlement: self.settlement,
            evidence: self.evidence.clone(),
            attempts: self.attempts.clone(),
            invoice: self.invoice_id,
            raise,
        })
    }
}

impl RecordRefundPaid {
    /// The transfer; an amount that is none was refused by its schema.
    pub(crate) fn transfer(&self) -> Result<NewTransfer, Error> {
        Ok(NewTransfer {
            method: self.method,
            paid_on: self.paid_on,
            reference: self.reference.clone(),
            bank_charge: self.bank_charge.map_or(Ok(Yen::ZERO), |charge| yen(charge, "/bank_charge"))?,
        })
    }
}

impl RecordRefundReturned {
    /// The return; an amount that is none was refused by its schema.
    pub(crate) fn returned(&self) -> Result<NewReturn, Error> {
        Ok(NewReturn { on: self.returned_on, arrived: yen(self.arrived, "/arrived")?, reason: self.reason.clone() })
    }
}

/// An amount within the bounds.
pub(super) fn yen(money: Money, pointer: &'static str) -> Result<Yen, Error> {
    Yen::new(money.amount).map_err(|_| Error::Invalid(vec![Fault::at(pointer, "amount_out_of_range")]))
}
