//! Refunds: due → requested → approved → paid. Two persons decide, and a refund ends when the money has left.

mod steps;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{BillingRefusal, Invoice, PaymentMethod, Raise, RefundNumber};
use crate::ids::{InvoiceId, RefundId, UserId};
use crate::money::Yen;
use crate::people::{CountryCode, LongText, ShortText};
use crate::wire::wire_enum;
pub use steps::RefundStep;

wire_enum! {
    /// Why money is given back.
    RefundReason grows {
        /// The hospital declined the case.
        Declined = "declined",
        /// The case was cancelled.
        Cancelled = "cancelled",
        /// More was paid than was owed.
        Overpaid = "overpaid",
        /// It was paid after the case had ended.
        AfterEnd = "after_end",
        /// What had been invoiced and paid was credited.
        Credited = "credited",
        /// The hospital does not know what it was paid for.
        Unmatched = "unmatched",
    }
}

wire_enum! {
    /// How far a refund is.
    RefundState grows {
        /// Nobody has asked for it.
        Due = "due",
        /// One member of staff asked for it.
        Requested = "requested",
        /// Another approved it; the money can leave.
        Approved = "approved",
        /// The money has left.
        Paid = "paid",
        /// It paid another invoice.
        Applied = "applied_to_invoice",
        /// The payer gave it up.
        GivenUp = "given_up_by_payer",
        /// The payer could not be reached; the money stays owed.
        Unclaimed = "unclaimed",
        /// There is nothing to give back any longer.
        Withdrawn = "withdrawn",
    }
}

wire_enum! {
    /// How a refund is settled.
    Settlement grows {
        /// The money is sent to the payee.
        PayOut = "pay_out",
        /// It pays another invoice.
        ApplyToInvoice = "apply_to_invoice",
        /// The payer gives it up, in writing.
        GivenUpByPayer = "given_up_by_payer",
        /// The payer cannot be reached.
        Unclaimed = "unclaimed",
    }
}

wire_enum! {
    /// Who bears the charge of sending a refund.
    ChargeBearer {
        /// The hospital: the reason is the hospital's.
        Hospital = "hospital",
        /// The payee: the charge is taken from the amount.
        Payee = "payee",
    }
}

/// Where a refund is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Payee {
    /// The holder of the account.
    pub holder: ShortText,
    /// Whether the holder is the payer of the invoice.
    pub is_payer: bool,
    /// The bank.
    pub bank: ShortText,
    /// Its country.
    pub bank_country: CountryCode,
    /// SWIFT/BIC (ISO 9362), which transfers abroad need.
    pub swift: Option<ShortText>,
    /// The account number or the IBAN.
    pub account: ShortText,
}

/// A person's act on a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// An attempt to reach the payer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Attempt {
    /// The day, in Tokyo.
    pub tried_on: Date,
    /// By which way, and with what result.
    pub how: ShortText,
}

/// The request of one member of staff that a refund be settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundRequest {
    /// How.
    pub settlement: Settlement,
    /// The payer's statement, or why somebody else than the payer receives the money.
    pub evidence: Option<LongText>,
    /// The attempts to reach the payer.
    pub attempts: Vec<Attempt>,
    /// The invoice that it pays.
    #[serde(default)]
    pub invoice: Option<InvoiceId>,
    /// More that is given back than the policy says.
    #[serde(default)]
    pub raise: Option<Raise>,
    /// Who asked, and when.
    pub asked: Act,
}

/// A request that was sent back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// Why.
    pub reason: LongText,
    /// Who, and when.
    pub rejected: Act,
}

/// Money that left for a refund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// By which way.
    pub method: PaymentMethod,
    /// The day, in Tokyo, on which it left.
    pub paid_on: Date,
    /// The bank's, the terminal's or the receipt's reference.
    pub reference: ShortText,
    /// The charge that the hospital bore beside the amount.
    pub bank_charge: Yen,
    /// Who recorded it, and when.
    pub recorded: Act,
    /// Its return, if it came back.
    pub returned: Option<Returned>,
}

/// Money that came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// The day, in Tokyo.
    pub on: Date,
    /// The amount that arrived; banks keep the difference.
    pub arrived: Yen,
    /// Why, as the bank says.
    pub reason: ShortText,
    /// Who recorded it, and when.
    pub recorded: Act,
}

/// A refund: of an invoice, or of money whose invoice is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// The identifier.
    pub id: RefundId,
    /// Why.
    pub reason: RefundReason,
    /// The amount.
    pub amount: Yen,
    /// Since when it is due.
    pub due_since: Timestamp,
    /// Who bears the charge of sending it.
    pub charges_borne_by: ChargeBearer,
    /// How far it is.
    pub state: RefundState,
    /// Where it is sent, once the payer has said so.
    pub payee: Option<Payee>,
    /// Who said so or wrote it down, and when.
    pub payee_provided: Option<Act>,
    /// The last request, if there is one.
    pub request: Option<RefundRequest>,
    /// Who approved it, and when.
    pub approved: Option<Act>,
    /// The requests that were sent back, in order.
    pub rejections: Vec<Rejection>,
    /// The number of its notice, once the money has left.
    pub number: Option<RefundNumber>,
    /// The times that money left, in order.
    pub transfers: Vec<Transfer>,
    /// Counts the changes.
    pub version: i64,
}

/// A refund as it becomes due.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewRefund {
    pub(super) id: RefundId,
    pub(super) reason: RefundReason,
    pub(super) amount: Yen,
    pub(super) at: Timestamp,
    pub(super) charges_borne_by: ChargeBearer,
}

impl RefundState {
    /// Whether something must still be done before the case can be closed. An unclaimed refund stays owed and blocks nothing.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Due | Self::Requested | Self::Approved => true,
            Self::Paid | Self::Applied | Self::GivenUp | Self::Unclaimed | Self::Withdrawn => false,
        }
    }
}

impl Refund {
    pub(super) const fn new(new: NewRefund) -> Self {
        Self {
            id: new.id,
            reason: new.reason,
            amount: new.amount,
            due_since: new.at,
            charges_borne_by: new.charges_borne_by,
            state: RefundState::Due,
            payee: None,
            payee_provided: None,
            request: None,
            approved: None,
            rejections: Vec::new(),
            number: None,
            transfers: Vec::new(),
            version: 1,
        }
    }

    /// Whether the decision to give back is made already when it becomes due. Money that was paid too much waits for a decision: it may
    /// still pay what is owed.
    pub const fn is_payable_at_once(&self) -> bool {
        match self.reason {
            RefundReason::Declined | RefundReason::Cancelled | RefundReason::Credited | RefundReason::Unmatched => true,
            RefundReason::Overpaid | RefundReason::AfterEnd => false,
        }
    }

    /// Whether the end of the case opened it.
    pub const fn is_of_the_end(&self) -> bool {
        match self.reason {
            RefundReason::Declined | RefundReason::Cancelled => true,
            RefundReason::Overpaid | RefundReason::AfterEnd | RefundReason::Credited | RefundReason::Unmatched => false,
        }
    }

    /// Whether the money still is an overpayment of the invoice: nobody has asked that it be given back. Of money that left and came back it
    /// was decided.
    pub const fn is_undecided(&self) -> bool {
        matches!(self.state, RefundState::Due) && !self.is_payable_at_once() && self.transfers.is_empty()
    }

    /// Whether this person asked for it, or wrote down where it goes: the second person is another.
    pub fn is_prepared_by(&self, user: UserId) -> bool {
        let asked = self.request.as_ref().map(|request| request.asked.by);
        let wrote = self.payee_provided.map(|act| act.by);
        [asked, wrote].contains(&Some(user))
    }

    /// Removes the request and sets the state.
    pub(super) fn take_request_back(&mut self, state: RefundState) {
        self.state = state;
        self.request = None;
        self.version += 1;
    }

    /// There is less to give back by so many yen: if nothing is left, it is withdrawn.
    pub(super) fn lessen(&mut self, by: i64) {
        self.version += 1;
        if by == self.amount.amount() {
            self.state = RefundState::Withdrawn;
        } else {
            self.amount = Yen::new(self.amount.amount() - by).unwrap_or_default();
        }
    }

    /// Whether the money left and came back.
    pub fn came_back(&self) -> bool {
        self.state.is_open() && !self.transfers.is_empty()
    }

    /// The day, in Tokyo, on which the money left for good.
    pub fn paid_on(&self) -> Option<Date> {
        if self.state == RefundState::Paid { self.transfers.last().map(|transfer| transfer.paid_on) } else { None }
    }
}

impl Invoice {
    /// The refund with this identifier.
    pub fn refund(&self, id: RefundId) -> Option<&Refund> {
        self.refunds.iter().find(|refund| refund.id == id)
    }

    /// Keeps the refunds of what was paid too much equal to [`Invoice::excess`]: more opens a refund, less takes the latest back.
    pub(super) fn update_excess(&mut self, id: RefundId, reason: RefundReason, at: Timestamp) {
        let more = self.excess().amount() - self.undecided();
        if more > 0 {
            let amount = Yen::new(more).unwrap_or(Yen::MAX);
            self.refunds.push(Refund::new(NewRefund { id, reason, amount, at, charges_borne_by: ChargeBearer::Payee }));
        } else {
            self.reduce_excess();
        }
    }

    /// Takes back refunds of money that is needed after all, the latest first.
    pub(super) fn reduce_excess(&mut self) {
        // What the hospital wrote off or bore has arrived after all.
        self.take_back_bad_debt(self.excess());
        if self.end.is_none() {
            self.take_back_shortfall(self.excess());
        }
        let mut less = self.undecided() - self.excess().amount();
        for refund in self.refunds.iter_mut().rev().filter(|refund| refund.is_undecided()) {
            if less <= 0 {
                break;
            }
            let taken = less.min(refund.amount.amount());
            less -= taken;
            refund.lessen(taken);
        }
    }

    /// Withdraws the refunds that the end of the case opened.
    ///
    /// # Errors
    /// [`BillingRefusal::RefundApproved`] if one of them is approved, or went further.
    pub(super) fn withdraw_refunds_of_the_end(&mut self) -> Result<(), BillingRefusal> {
        // The credit note of the services is in the payer's hands.
        if self.is_credited_by_the_end() {
            return Err(BillingRefusal::RefundApproved);
        }
        for refund in self.refunds.iter_mut().filter(|refund| refund.is_of_the_end()) {
            match refund.state {
                // The money is still here.
                RefundState::Due | RefundState::Requested | RefundState::Unclaimed | RefundState::GivenUp => {
                    refund.take_request_back(RefundState::Withdrawn);
                }
                RefundState::Withdrawn => {}
                RefundState::Approved | RefundState::Paid | RefundState::Applied => {
                    return Err(BillingRefusal::RefundApproved);
                }
            }
        }
        // Money that came after the end pays what is owed again, unless a second person has approved that it goes back.
        let came_later = |refund: &&mut Refund| refund.reason == RefundReason::AfterEnd && refund.state == RefundState::Requested;
        for refund in self.refunds.iter_mut().filter(came_later) {
            refund.take_request_back(RefundState::Due);
        }
        Ok(())
    }

    /// The amount of the refunds that nobody has decided on.
    pub(super) fn undecided(&self) -> i64 {
        self.refunds.iter().filter(|refund| refund.is_undecided()).map(|refund| refund.amount.amount()).sum()
    }
}
