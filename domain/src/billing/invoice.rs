//! An invoice (law: qualified invoice, Consumption Tax Act art. 57-4: issuer and registration number, date, description, total and tax
//! for the rate, recipient). Once issued, its paper never changes. Payments, the performance of its lines, the end of its case and refunds
//! stand beside it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    BankAccount, BillingRefusal, CreditNote, FeePaper, InvoiceEnd, InvoiceNumber, Issuer, Payment, Refund, RefundState, ThirdParty,
    WriteOff,
};
use crate::billing::fees::{FeeCode, Pricing, QuoteLine};
use crate::calendar::{days_after, today_in_tokyo};
use crate::ids::{CaseId, InvoiceId};
use crate::invariant::InvariantViolation;
use crate::money::Payer;
use crate::money::{TAX_RATE_PERCENT, Tax, Yen};
use crate::people::LongText;
use crate::settings::HospitalSettings;
use crate::wire::wire_enum;

wire_enum! {
    /// How far an invoice is paid.
    InvoiceStatus grows {
        /// Nothing was paid.
        Issued = "issued",
        /// Something is still owed.
        PartlyPaid = "partly_paid",
        /// Nothing is owed.
        Paid = "paid",
        /// More was paid than was owed.
        Overpaid = "overpaid",
        /// What was still owed is a bad debt.
        WrittenOff = "written_off",
        /// The case ended unpaid: nothing is to be paid any longer.
        Lapsed = "lapsed",
        /// The case ended after it was paid: its services are cancelled. Or all of it was credited.
        Credited = "credited",
    }
}

/// A line of an invoice. It says what is charged for, and nothing clinical.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceLine {
    /// The service or article that is charged for.
    pub code: FeeCode,
    /// How many units.
    pub quantity: u32,
    /// The price of one, tax included.
    pub unit_price: Yen,
    /// The price of all, tax included.
    pub amount: Yen,
    /// The day, in Tokyo, on which it was performed. Revenue is booked then, not with the invoice.
    #[serde(default)]
    pub performed_on: Option<Date>,
}

/// An invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// The identifier.
    pub id: InvoiceId,
    /// The case that it is for.
    pub case: CaseId,
    /// The number.
    pub number: InvoiceNumber,
    /// The day, in Tokyo, on which it was issued.
    pub issued_on: Date,
    /// Who issued it, as they were then.
    pub issuer: Issuer,
    /// To whom, name and address.
    pub recipient: LongText,
    /// Who pays, or stands in for the third party that pays: never [`Payer::Other`].
    pub payer: Payer,
    /// The third party that pays.
    #[serde(default)]
    pub third_party: Option<ThirdParty>,
    /// The lines.
    pub lines: Vec<InvoiceLine>,
    /// Their sum, tax included.
    pub total: Yen,
    /// The tax within the total, rounded down once.
    pub tax: Yen,
    /// The total without tax.
    pub net: Yen,
    /// The rate of the tax.
    pub tax_rate_percent: u8,
    /// Where to pay (seed: “we will send you our bank account information”).
    pub bank: BankAccount,
    /// The last day, in Tokyo, on which it can be paid in time.
    pub due_on: Date,
    /// A later last day: the case was reopened. The paper of the invoice stays as it is.
    #[serde(default)]
    pub payable_until: Option<Date>,
    /// The payments, in the order of their recording.
    pub payments: Vec<Payment>,
    /// The amount that was missing when the invoice came to count as paid.
    pub shortfall: Yen,
    /// The part of it that a payment explains as a bank charge.
    #[serde(default)]
    pub shortfall_charge: Yen,
    /// The bad debt: the amount that was written off and has not arrived since.
    #[serde(default)]
    pub bad_debt: Yen,
    /// What somebody asked to write off, in order.
    #[serde(default)]
    pub write_offs: Vec<WriteOff>,
    /// The end of its case, if that came before the services were performed.
    #[serde(default)]
    pub end: Option<InvoiceEnd>,
    /// What is given back, in the order in which it became due.
    #[serde(default)]
    pub refunds: Vec<Refund>,
    /// The papers of the cancellation fee, in the order of their numbers; the last that is not void holds.
    #[serde(default)]
    pub fee_papers: Vec<FeePaper>,
    /// The credit notes, in the order of their numbers.
    #[serde(default)]
    pub credits: Vec<CreditNote>,
    /// The invoice in whose place this one was issued.
    #[serde(default)]
    pub replaces: Option<InvoiceId>,
    /// The invoice that was issued in the place of this one.
    #[serde(default)]
    pub replaced_by: Option<InvoiceId>,
    /// Whether it is for half hours that those who visit pay themselves.
    #[serde(default)]
    pub is_visitors: bool,
    /// The version; who stores it counts.
    pub version: i64,
}

/// The facts that an invoice needs beside the estimate.
#[derive(Clone, Debug)]
pub struct Issuing {
    /// The identifier.
    pub id: InvoiceId,
    /// The case.
    pub case: CaseId,
    /// The next number.
    pub number: InvoiceNumber,
    /// To whom, name and address.
    pub recipient: LongText,
    /// Who pays, or stands in for the third party that pays.
    pub payer: Payer,
    /// The third party that pays.
    pub third_party: Option<ThirdParty>,
}

impl Invoice {
    /// Issues the invoice of an accepted estimate. It is due after [`super::BillingSettings::payment_expires_after_days`] days; a last day
    /// on which the hospital is closed moves to the next working day.
    pub fn issue(issuing: Issuing, pricing: &Pricing, settings: &HospitalSettings, now: Timestamp) -> Result<Self, BillingRefusal> {
        let Issuing { id, case, number, recipient, payer, third_party } = issuing;
        if !settings.billing.can_invoice() {
            return Err(BillingRefusal::NotSetUp);
        }
        if pricing.total.is_zero() {
            return Err(BillingRefusal::NothingToPay);
        }
        let issued_on = today_in_tokyo(now);
        let total = pricing.total;
        let Tax { net, tax } = total.tax_included();
        let line = |line: &QuoteLine| InvoiceLine {
            code: line.code,
            quantity: line.quantity,
            unit_price: line.unit_price,
            amount: line.amount,
            performed_on: None,
        };
        let last_day = days_after(issued_on, i64::from(settings.billing.payment_expires_after_days));
        Ok(Self {
            id,
            case,
            number,
            issued_on,
            issuer: settings.billing.issuer.clone(),
            recipient,
            payer,
            third_party,
            lines: pricing.lines.iter().map(line).collect(),
            total,
            tax,
            net,
            tax_rate_percent: TAX_RATE_PERCENT,
            bank: settings.billing.bank.clone(),
            due_on: settings.calendar.working_day_from(last_day),
            payable_until: None,
            payments: Vec::new(),
            shortfall: Yen::ZERO,
            shortfall_charge: Yen::ZERO,
            bad_debt: Yen::ZERO,
            write_offs: Vec::new(),
            end: None,
            refunds: Vec::new(),
            fee_papers: Vec::new(),
            credits: Vec::new(),
            replaces: None,
            replaced_by: None,
            is_visitors: false,
            version: 1,
        })
    }

    /// The only door for stored data: what cannot be an invoice is refused.
    pub fn restore(self) -> Result<Self, InvariantViolation> {
        let hold = |holds: bool, what: &'static str| if holds { Ok(()) } else { Err(InvariantViolation(what)) };
        hold(Yen::sum(self.lines.iter().map(|line| line.amount)) == Ok(self.total), "lines that are not the total")?;
        hold(self.lines.iter().all(|line| line.unit_price.times(line.quantity) == Ok(line.amount)), "a line that is not its price")?;
        hold(self.net.plus(self.tax) == Ok(self.total), "net and tax that are not the total")?;
        hold(Yen::sum(self.standing_payments().map(|payment| payment.amount)).is_ok(), "payments out of bounds")?;
        hold(self.credited() <= self.total, "more credited than invoiced")?;
        hold(self.lines.iter().all(|line| self.credited_quantity(line.code) <= line.quantity), "more credited than its line")?;
        hold(self.shortfall <= self.total, "a shortfall above the total")?;
        hold(self.bad_debt <= self.performed(), "a bad debt of what was not performed")?;
        hold(self.shortfall_charge <= self.shortfall, "a bank charge above the shortfall")?;
        hold(self.demanded() >= self.performed().amount(), "more performed than demanded")?;
        hold(self.covered() >= 0, "more given back than was received")?;
        hold(self.books().sum() == 0, "books that do not sum to zero")?;
        Ok(self)
    }

    /// Who pays.
    pub const fn paid_by(&self) -> Payer {
        if self.third_party.is_some() { Payer::Other } else { self.payer }
    }

    /// The sum of the payments that count: without those that were reversed.
    pub fn received(&self) -> Yen {
        Yen::sum(self.standing_payments().map(|payment| payment.amount)).unwrap_or(Yen::MAX)
    }

    /// The amount that is demanded: the total without what was credited and what the case's end took off.
    pub(super) fn demanded(&self) -> i64 {
        let off = self.end.map_or(0, |end| end.lapsed.amount() + end.cancelled.amount());
        self.total.amount() - self.credited().amount() - off
    }

    /// The amount that covers what is demanded: payments, what the hospital bore and what it wrote off, without what was kept or given back.
    pub(super) fn covered(&self) -> i64 {
        let off = self.end.map_or(0, |end| end.kept.amount() + end.shortfall_returned.amount());
        let taken: i64 = self.refunds.iter().map(|refund| refund.taken().amount()).sum();
        self.received().amount() + self.shortfall.amount() + self.bad_debt.amount() - off - taken
    }

    /// The amount of the performed lines, tax included.
    pub fn performed(&self) -> Yen {
        let performed = self.lines.iter().filter(|line| line.performed_on.is_some()).map(|line| self.remaining_amount(line));
        Yen::sum(performed).unwrap_or(Yen::MAX)
    }

    /// The cancellation fee that the hospital keeps.
    pub fn kept(&self) -> Yen {
        self.end.map_or(Yen::ZERO, |end| end.kept)
    }

    /// The amount still owed.
    pub fn owed(&self) -> Yen {
        Yen::new(self.demanded() - self.covered()).unwrap_or(Yen::ZERO)
    }

    /// The amount paid too much that nobody has decided on.
    pub fn excess(&self) -> Yen {
        Yen::new(self.covered() - self.demanded()).unwrap_or(Yen::ZERO)
    }

    /// The amount of the refunds that are so far, without overpayments that nobody has decided on.
    fn refunds_that(&self, are: impl Fn(RefundState) -> bool) -> Yen {
        let taken = self.refunds.iter().filter(|refund| are(refund.state)).map(Refund::taken);
        Yen::sum(taken).unwrap_or(Yen::MAX)
    }

    /// The amount that has left: sent back, or applied to another invoice.
    pub fn given_back(&self) -> Yen {
        self.refunds_that(|state| matches!(state, RefundState::Paid | RefundState::Applied))
    }

    /// The amount that must still be given back.
    pub fn to_give_back(&self) -> Yen {
        self.refunds_that(|state| state.is_open() || state == RefundState::Unclaimed)
    }

    /// The amount that the payer gave up.
    pub fn given_up(&self) -> Yen {
        self.refunds_that(|state| state == RefundState::GivenUp)
    }

    /// Reduces what the hospital wrote off by money that arrived after all; gives what is left of it.
    pub(super) fn take_back_bad_debt(&mut self, arrived: Yen) -> Yen {
        let recovered = arrived.min(self.bad_debt);
        let less = |before: Yen| Yen::new(before.amount() - recovered.amount()).unwrap_or_default();
        self.bad_debt = less(self.bad_debt);
        less(arrived)
    }

    /// Reduces what the hospital bore by money that arrived after all.
    pub(super) fn take_back_shortfall(&mut self, arrived: Yen) {
        self.shortfall = Yen::new(self.shortfall.amount() - arrived.min(self.shortfall).amount()).unwrap_or_default();
        self.shortfall_charge = self.shortfall_charge.min(self.shortfall);
    }

    /// Whether nothing is owed any longer.
    pub fn is_settled(&self) -> bool {
        self.owed().is_zero()
    }

    /// Whether its money has come to an end: nothing is owed, and nothing is to be given back.
    pub fn is_finished(&self) -> bool {
        self.is_settled() && !self.refunds.iter().any(|refund| refund.state.is_open())
    }

    /// How far it is paid.
    pub fn status(&self) -> InvoiceStatus {
        if self.is_credited_whole() {
            return InvoiceStatus::Credited;
        }
        match self.end {
            Some(end) if !end.cancelled.is_zero() => return InvoiceStatus::Credited,
            Some(end) if !end.lapsed.is_zero() => return InvoiceStatus::Lapsed,
            Some(_) | None => {}
        }
        if self.covered() == 0 {
            InvoiceStatus::Issued
        } else if !self.is_settled() {
            InvoiceStatus::PartlyPaid
        } else if !self.bad_debt.is_zero() {
            InvoiceStatus::WrittenOff
        } else if self.excess().is_zero() {
            InvoiceStatus::Paid
        } else {
            InvoiceStatus::Overpaid
        }
    }

    /// The last day, in Tokyo, on which it can be paid in time.
    pub fn last_day(&self) -> Date {
        self.payable_until.unwrap_or(self.due_on)
    }

    /// The day, in Tokyo, by which the desk decides on a part payment that stayed short, `days` after its last day. None while nothing was
    /// paid, and none for what was performed: that is a claim.
    pub fn decision_due_on(&self, days: u16) -> Option<Date> {
        let is_short = !self.is_settled() && self.has_money() && self.end.is_none() && self.performed().is_zero();
        is_short.then(|| days_after(self.last_day(), i64::from(days)))
    }

    /// Notes that every line was performed on a day in Tokyo. An invoice that ended stays as it is.
    #[must_use]
    pub fn perform(self, on: Date) -> Self {
        self.perform_those(on, |_| true)
    }

    /// Notes that the slides were examined on a day in Tokyo. An invoice that ended stays as it is.
    #[must_use]
    pub fn perform_slides(self, on: Date) -> Self {
        self.perform_those(on, |line| line.code.is_pathology())
    }

    pub(super) fn perform_those(mut self, on: Date, are: impl Fn(&InvoiceLine) -> bool) -> Self {
        // Its services were cancelled or credited; a later invoice charges for them.
        if self.end.is_some() || self.is_credited_whole() {
            return self;
        }
        for line in self.lines.iter_mut().filter(|line| line.performed_on.is_none() && are(line)) {
            line.performed_on = Some(on);
        }
        self
    }
}
