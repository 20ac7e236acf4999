//! An invoice (law: qualified invoice, Consumption Tax Act art. 57-4: issuer and registration number, date, description, total and tax
//! for the rate, recipient). Once issued it changes by payments only; a correction is a new document.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Account, BankAccount, BillingRefusal, Issuer, Payment, Posting};
use crate::billing::fees::{FeeCode, Quote};
use crate::calendar::{days_after, today_in_tokyo};
use crate::ids::{CaseId, InvoiceId};
use crate::invariant::InvariantViolation;
use crate::money::Payer;
use crate::money::{TAX_RATE_PERCENT, Tax, Yen};
use crate::people::{InvalidValue, LongText, as_text};
use crate::settings::HospitalSettings;
use crate::wire::wire_enum;

/// The number of an invoice, without gaps: `INV-000123`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InvoiceNumber(u64);

wire_enum! {
    /// How far an invoice is paid.
    InvoiceStatus {
        /// Nothing was paid.
        Issued = "issued",
        /// Something is still owed.
        PartlyPaid = "partly_paid",
        /// Nothing is owed.
        Paid = "paid",
        /// More was paid than was owed.
        Overpaid = "overpaid",
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
    /// Who pays.
    pub payer: Payer,
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
    /// The payments, in the order of their recording.
    pub payments: Vec<Payment>,
    /// The amount that was missing when the invoice came to count as paid.
    pub shortfall: Yen,
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
    /// Who pays.
    pub payer: Payer,
}

/// An invoice that was issued, and what is booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// The invoice.
    pub invoice: Invoice,
    /// The postings.
    pub postings: Vec<Posting>,
}

impl InvoiceNumber {
    /// A number, from 1.
    pub const fn new(number: u64) -> Result<Self, InvalidValue> {
        if number == 0 { Err(Self::INVALID) } else { Ok(Self(number)) }
    }

    /// The number alone.
    pub const fn number(self) -> u64 {
        self.0
    }

    const INVALID: InvalidValue = InvalidValue { what: "an invoice number", why: "format" };
}

impl fmt::Display for InvoiceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "INV-{:06}", self.0)
    }
}

impl FromStr for InvoiceNumber {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let digits = text.strip_prefix("INV-").ok_or(Self::INVALID)?;
        let number = Self::new(digits.parse().map_err(|_| Self::INVALID)?)?;
        // One way to write each number.
        if number.to_string() == text { Ok(number) } else { Err(Self::INVALID) }
    }
}

as_text!(InvoiceNumber);

impl Invoice {
    /// Issues the invoice of an accepted estimate; it is due after [`super::BillingSettings::payment_expires_after_days`] days.
    pub fn issue(issuing: Issuing, quote: &Quote, settings: &HospitalSettings, now: Timestamp) -> Result<Issued, BillingRefusal> {
        let Issuing { id, case, number, recipient, payer } = issuing;
        if !settings.billing.can_invoice() {
            return Err(BillingRefusal::NotSetUp);
        }
        if quote.total.is_zero() {
            return Err(BillingRefusal::NothingToPay);
        }
        let issued_on = today_in_tokyo(now);
        let total = quote.total;
        let Tax { net, tax } = total.tax_included();
        let line = |line: &crate::billing::fees::QuoteLine| InvoiceLine {
            code: line.code,
            quantity: line.quantity,
            unit_price: line.unit_price,
            amount: line.amount,
        };
        let invoice = Self {
            id,
            case,
            number,
            issued_on,
            issuer: settings.billing.issuer.clone(),
            recipient,
            payer,
            lines: quote.lines.iter().map(line).collect(),
            total,
            tax,
            net,
            tax_rate_percent: TAX_RATE_PERCENT,
            bank: settings.billing.bank.clone(),
            due_on: days_after(issued_on, i64::from(settings.billing.payment_expires_after_days)),
            payments: Vec::new(),
            shortfall: Yen::ZERO,
            version: 1,
        };
        let postings =
            vec![Posting::debit(Account::Receivable, total), Posting::credit(Account::Revenue, net), Posting::credit(Account::Tax, tax)];
        Ok(Issued { invoice, postings })
    }

    /// The only door for stored data: what cannot be an invoice is refused.
    pub fn restore(self) -> Result<Self, InvariantViolation> {
        let hold = |holds: bool, what: &'static str| if holds { Ok(()) } else { Err(InvariantViolation(what)) };
        hold(Yen::sum(self.lines.iter().map(|line| line.amount)) == Ok(self.total), "lines that are not the total")?;
        hold(self.lines.iter().all(|line| line.unit_price.times(line.quantity) == Ok(line.amount)), "a line that is not its price")?;
        hold(self.net.plus(self.tax) == Ok(self.total), "net and tax that are not the total")?;
        hold(Yen::sum(self.payments.iter().map(|payment| payment.amount)).is_ok(), "payments out of bounds")?;
        hold(self.shortfall <= self.total, "a shortfall above the total")?;
        Ok(self)
    }

    /// The sum of all payments.
    pub fn received(&self) -> Yen {
        Yen::sum(self.payments.iter().map(|payment| payment.amount)).unwrap_or(Yen::MAX)
    }

    /// The amount still owed.
    pub fn owed(&self) -> Yen {
        let open = self.total.amount() - self.shortfall.amount() - self.received().amount();
        Yen::new(open).unwrap_or(Yen::ZERO)
    }

    /// The amount paid too much.
    pub fn excess(&self) -> Yen {
        let over = self.received().amount() + self.shortfall.amount() - self.total.amount();
        Yen::new(over).unwrap_or(Yen::ZERO)
    }

    /// Whether nothing is owed any longer.
    pub fn is_settled(&self) -> bool {
        self.owed().is_zero()
    }

    /// How far it is paid.
    pub fn status(&self) -> InvoiceStatus {
        if self.payments.is_empty() {
            InvoiceStatus::Issued
        } else if !self.is_settled() {
            InvoiceStatus::PartlyPaid
        } else if self.excess().is_zero() {
            InvoiceStatus::Paid
        } else {
            InvoiceStatus::Overpaid
        }
    }
}
