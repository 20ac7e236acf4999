//! The steps of a refund, and the states from which each is taken.

use jiff::civil::Date;

use super::{
    Act, Attempt, ChargeBearer, NewRefund, Payee, Refund, RefundNumber, RefundRequest, RefundState, Rejection, Returned, Settlement,
    Transfer,
};
use crate::billing::refusal::none_of;
use crate::billing::settings::is_bic;
use crate::billing::{BillingRefusal, CreditNoteIdentity, FeeNumber, Invoice, PaymentMethod};
use crate::calendar::today_in_tokyo;
use crate::ids::RefundId;
use crate::money::Yen;

/// How often somebody tries to reach a payer before a refund counts as unclaimed.
const ATTEMPTS: usize = 2;

/// A step of a refund.
#[derive(Clone, Debug)]
pub enum RefundStep {
    /// The payer says where the money goes.
    ProvideDetails(Payee, Act),
    /// A member of staff asks that it be settled.
    Request(RefundRequest),
    /// Another approves it. The papers are used if [`Invoice::needs_credit_note`] and [`Invoice::needs_fee_paper`].
    Approve(Act, Option<CreditNoteIdentity>, Option<FeeNumber>),
    /// Another sends it back.
    Reject(Rejection),
    /// The money has left; the number is used if the refund has none.
    RecordPaid(RefundNumber, Transfer),
    /// The money came back.
    RecordReturned(Returned),
}

impl Invoice {
    /// Takes a step of a refund. `today` is the day in Tokyo.
    ///
    /// # Errors
    /// Everything that cannot be about the step, or one refusal for how the refund stands.
    pub fn step_refund(mut self, id: RefundId, step: RefundStep, today: Date) -> Result<Self, Vec<BillingRefusal>> {
        let one = |refusal: BillingRefusal| vec![refusal];
        if let RefundStep::Request(request) = &step {
            self.check_raise(id, request).map_err(one)?;
            // A third party has no account here: whoever stands in for it does not prove whose account it is.
            let is_sent = self.refund(id).is_some_and(|refund| !refund.is_of_nothing(request));
            if is_sent && self.third_party.is_some() && request.settlement == Settlement::PayOut && request.evidence.is_none() {
                return Err(one(BillingRefusal::EvidenceMissing));
            }
        }
        let refund = self.refunds.iter_mut().find(|refund| refund.id == id).ok_or_else(|| one(BillingRefusal::RefundState))?;
        match &step {
            RefundStep::Approve(by, paper, fee) => {
                let (by, paper, fee) = (*by, *paper, *fee);
                refund.take(step, today)?;
                self.raise(id, true);
                self.paper_the_fee(fee, by.at);
                if let Some(paper) = paper {
                    self.credit_the_end(paper, by).map_err(one)?;
                }
            }
            RefundStep::Reject(rejection) if refund.state == RefundState::Approved => {
                let at = rejection.rejected.at;
                self.raise(id, false);
                self.paper_the_fee(None, at);
                if let Some(refund) = self.refunds.iter_mut().find(|refund| refund.id == id) {
                    refund.take(step, today)?;
                }
            }
            RefundStep::ProvideDetails(..)
            | RefundStep::Request(_)
            | RefundStep::Reject(_)
            | RefundStep::RecordPaid(..)
            | RefundStep::RecordReturned(_) => refund.take(step, today)?,
        }
        // Money that comes back to the invoice pays what is owed first.
        self.reduce_excess();
        Ok(self)
    }
}

impl Refund {
    /// Takes a step, wherever the money is from.
    pub(in crate::billing) fn take(&mut self, step: RefundStep, today: Date) -> Result<(), Vec<BillingRefusal>> {
        let one = |refusal: BillingRefusal| vec![refusal];
        match step {
            RefundStep::ProvideDetails(payee, by) => self.provide_details(payee, by).map_err(one)?,
            RefundStep::Request(request) => self.ask(request, today).map_err(one)?,
            RefundStep::Approve(by, ..) => self.approve(by).map_err(one)?,
            RefundStep::Reject(rejection) => self.reject(rejection).map_err(one)?,
            RefundStep::RecordPaid(number, transfer) => self.record_paid(number, transfer, today)?,
            RefundStep::RecordReturned(returned) => self.record_returned(returned, today)?,
        }
        self.version += 1;
        Ok(())
    }

    fn at(&self, needs: &[RefundState]) -> Result<(), BillingRefusal> {
        if needs.contains(&self.state) { Ok(()) } else { Err(BillingRefusal::RefundState) }
    }

    fn provide_details(&mut self, payee: Payee, by: Act) -> Result<(), BillingRefusal> {
        self.at(&[RefundState::Due, RefundState::Unclaimed])?;
        if payee.swift.as_ref().is_some_and(|swift| !is_bic(swift.as_str())) {
            return Err(BillingRefusal::SwiftInvalid);
        }
        self.payee = Some(payee);
        self.payee_provided = Some(by);
        // Whoever is heard of again is paid.
        self.state = RefundState::Due;
        Ok(())
    }

    fn ask(&mut self, request: RefundRequest, today: Date) -> Result<(), BillingRefusal> {
        self.at(&[RefundState::Due, RefundState::Unclaimed])?;
        if self.is_of_nothing(&request) && request.settlement != Settlement::PayOut {
            return Err(BillingRefusal::NothingGoesBack);
        }
        match request.settlement {
            Settlement::PayOut if self.is_of_nothing(&request) => {}
            Settlement::PayOut => match &self.payee {
                None => return Err(BillingRefusal::PayeeMissing),
                Some(payee) if !payee.is_payer && request.evidence.is_none() => return Err(BillingRefusal::EvidenceMissing),
                Some(_) => {}
            },
            Settlement::ApplyToInvoice if request.invoice.is_none() => return Err(BillingRefusal::InvoiceNotNamed),
            Settlement::GivenUpByPayer if request.evidence.is_none() => return Err(BillingRefusal::EvidenceMissing),
            Settlement::Unclaimed if request.different_attempts() < ATTEMPTS => return Err(BillingRefusal::AttemptsMissing),
            Settlement::ApplyToInvoice | Settlement::GivenUpByPayer | Settlement::Unclaimed => {}
        }
        if request.invoice.is_some() && request.settlement != Settlement::ApplyToInvoice {
            return Err(BillingRefusal::InvoiceNotPaid);
        }
        if request.attempts.iter().any(|attempt| attempt.tried_on > today) {
            return Err(BillingRefusal::AttemptInFuture);
        }
        if request.attempts.iter().any(|attempt| attempt.tried_on < today_in_tokyo(self.due_since)) {
            return Err(BillingRefusal::AttemptBeforeDue);
        }
        self.request = Some(request);
        self.approved = None;
        self.state = RefundState::Requested;
        Ok(())
    }

    /// Whether nothing goes back by this request: all is kept, and it is not raised.
    fn is_of_nothing(&self, request: &RefundRequest) -> bool {
        self.amount.is_zero() && request.raised_by().is_zero()
    }

    fn approve(&mut self, by: Act) -> Result<(), BillingRefusal> {
        self.at(&[RefundState::Requested])?;
        if self.is_prepared_by(by.by) {
            return Err(BillingRefusal::SecondPersonNeeded);
        }
        let request = self.request.as_ref().ok_or(BillingRefusal::RefundState)?;
        self.state = match request.settlement {
            Settlement::PayOut if self.is_of_nothing(request) => RefundState::Withdrawn,
            Settlement::PayOut => RefundState::Approved,
            Settlement::ApplyToInvoice => RefundState::Applied,
            Settlement::GivenUpByPayer => RefundState::GivenUp,
            Settlement::Unclaimed => RefundState::Unclaimed,
        };
        self.approved = Some(by);
        Ok(())
    }

    fn reject(&mut self, rejection: Rejection) -> Result<(), BillingRefusal> {
        // Until the money has left, an approval is taken back in the same way.
        self.at(&[RefundState::Requested, RefundState::Approved])?;
        self.rejections.push(rejection);
        self.request = None;
        self.approved = None;
        self.state = RefundState::Due;
        Ok(())
    }

    fn record_paid(&mut self, number: RefundNumber, transfer: Transfer, today: Date) -> Result<(), Vec<BillingRefusal>> {
        self.at(&[RefundState::Approved]).map_err(|refusal| vec![refusal])?;
        none_of([
            (transfer.paid_on > today, BillingRefusal::PaidInFuture),
            (transfer.paid_on < today_in_tokyo(self.due_since), BillingRefusal::PaidBeforeDue),
            (transfer.method != PaymentMethod::BankTransfer && !transfer.bank_charge.is_zero(), BillingRefusal::BankChargeWithoutTransfer),
            (self.charges_borne_by == ChargeBearer::Payee && !transfer.bank_charge.is_zero(), BillingRefusal::BankChargeIsThePayees),
        ])?;
        self.transfers.push(transfer);
        self.number = Some(self.number.unwrap_or(number));
        self.state = RefundState::Paid;
        Ok(())
    }

    fn record_returned(&mut self, returned: Returned, today: Date) -> Result<(), Vec<BillingRefusal>> {
        self.at(&[RefundState::Paid]).map_err(|refusal| vec![refusal])?;
        let amount = self.amount;
        let Some(transfer) = self.transfers.last_mut() else { return Err(vec![BillingRefusal::RefundState]) };
        none_of([
            (returned.on > today, BillingRefusal::ReturnedInFuture),
            (returned.on < transfer.paid_on, BillingRefusal::ReturnedBeforePaid),
            (returned.arrived.is_zero(), BillingRefusal::NothingCameBack),
            (returned.arrived > amount, BillingRefusal::MoreReturnedThanPaid),
        ])?;
        transfer.returned = Some(returned);
        // The account was wrong, or closed: the payer says anew where the money goes.
        self.payee = None;
        self.payee_provided = None;
        self.request = None;
        self.approved = None;
        self.state = RefundState::Due;
        Ok(())
    }
}

impl Invoice {
    /// Parts a refund that pays another invoice: the rest that is not owed there stays due, as a refund of its own.
    #[must_use]
    pub fn split_refund(mut self, id: RefundId, part: Yen, rest: RefundId) -> Self {
        let Some(refund) = self.refunds.iter_mut().find(|refund| refund.id == id && part < refund.amount) else { return self };
        let left = Yen::new(refund.amount.amount() - part.amount()).unwrap_or_default();
        refund.amount = part;
        let Refund { reason, due_since, charges_borne_by, payee, payee_provided, .. } = refund.clone();
        let new = NewRefund { id: rest, reason, amount: left, at: due_since, charges_borne_by };
        self.refunds.push(Refund { payee, payee_provided, ..Refund::new(new) });
        self
    }

    /// Takes back that a refund paid another invoice: it is due again.
    ///
    /// # Errors
    /// [`BillingRefusal::RefundState`] if it paid none.
    pub fn unapply(mut self, id: RefundId) -> Result<Self, BillingRefusal> {
        let refund = self.refunds.iter_mut().find(|refund| refund.id == id && refund.state == RefundState::Applied);
        let refund = refund.ok_or(BillingRefusal::RefundState)?;
        refund.approved = None;
        refund.take_request_back(RefundState::Due);
        self.reduce_excess();
        Ok(self)
    }

    /// The reference of a refund that pays another invoice: the number of this invoice, and the place of the refund, from 1.
    pub fn reference_of(&self, id: RefundId) -> String {
        let place = self.refunds.iter().position(|refund| refund.id == id).map_or(0, |place| place + 1);
        format!("{}/{place}", self.number)
    }
}

impl RefundRequest {
    /// How many of the attempts differ in day or words.
    fn different_attempts(&self) -> usize {
        let is_first = |(place, attempt): &(usize, &Attempt)| !self.attempts.iter().take(*place).any(|earlier| earlier == *attempt);
        self.attempts.iter().enumerate().filter(is_first).count()
    }
}
