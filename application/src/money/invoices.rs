//! Invoices: issued from an accepted estimate, read, listed, paid.

use domain::access::Relation;
use domain::billing::{BillingRefusal, Invoice, InvoiceStatus, Issuing, Outcome, Payment, PaymentMethod};
use domain::calendar::today_in_tokyo;
use domain::case::{Paid, Payer, StageName};
use domain::ids::{CaseId, InvoiceId};
use domain::money::Yen;
use domain::people::ShortText;
use jiff::civil::Date;
use persistence::invoices::InvoiceFilter;
use persistence::{Page, invoices, ledger};

use crate::{Act, Error, Loaded, Revision, act};

pub use persistence::invoices::Listed;

/// An invoice with the case that it is for, as its caller stands to it.
#[derive(Clone, Debug)]
pub struct Billed {
    /// The invoice.
    pub invoice: Invoice,
    /// Its case.
    pub case: Loaded,
}

/// A payment that was recorded, and what it did.
#[derive(Clone, Debug)]
pub struct Received {
    /// The invoice with the payment, and its case.
    pub billed: Billed,
    /// What the payment did to the invoice.
    pub outcome: Outcome,
    /// Whether it was received after the day on which it was due.
    pub late: bool,
}

/// A payment as it is written down.
#[derive(Clone, Debug)]
pub struct NewPayment {
    /// By which way.
    pub method: PaymentMethod,
    /// The bank's, the terminal's or the receipt's reference.
    pub reference: ShortText,
    /// Who sent it, as the bank names them.
    pub remitter: Option<ShortText>,
    /// The day, in Tokyo, on which it was received.
    pub received_on: Date,
    /// What arrived.
    pub amount: Yen,
    /// What banks kept on its way, as far as it is known.
    pub bank_charge: Yen,
}

/// Which invoices are listed; `None` does not restrict.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wished {
    /// Those of this case.
    pub case: Option<CaseId>,
    /// Those paid so far.
    pub status: Option<InvoiceStatus>,
    /// Those paid by this side.
    pub payer: Option<Payer>,
}

impl Billed {
    /// The revision of the invoice as this caller sees it.
    pub fn revision(&self) -> Revision {
        revision(&self.invoice, &self.case)
    }
}

impl Received {
    /// What is to be done next, as a code.
    pub fn next_step(&self) -> &'static str {
        // Money that comes for a case that ended before its work began was paid for nothing.
        let stage = self.billed.case.case.stage().name();
        let in_vain = matches!(stage, StageName::Declined | StageName::Cancelled | StageName::Expired);
        if in_vain { "give_back_to_payer" } else { self.outcome.next_step() }
    }
}

fn revision(invoice: &Invoice, case: &Loaded) -> Revision {
    Revision::of(&invoice.id.to_string(), u64::try_from(invoice.version).unwrap_or(0), case.standing.relations)
}

/// Issues the invoice of a written opinion from the accepted estimate: number, postings and the case's next stage together.
pub fn issue_invoice(act: &mut Act<'_, '_>, case: CaseId) -> Result<Billed, Error> {
    let loaded = act.load_case_to_change(case)?;
    let id: InvoiceId = act.fresh();
    let decided = loaded.case.clone().issue_invoice(&loaded.standing, &act.rules(), act.now, id)?;
    let accepted = loaded.case.quote().ok_or(Error::Internal("an invoice without an accepted estimate"))?;
    let quote = persistence::quotes::get(act.tx, accepted.quote)?;
    let (recipient, payer) = (accepted.recipient.clone(), accepted.payer);
    let number = invoices::next_number(act.tx)?;
    let issued =
        domain::billing::Invoice::issue(Issuing { id, case, number, recipient, payer }, &quote, act.settings, act.now).map_err(refused)?;
    invoices::insert(act.tx, &issued.invoice, act.now)?;
    ledger::post(act.tx, Some(case), Some(id), &issued.postings, act.now)?;
    act.touched(id);
    let case = act.save_case(loaded, decided)?;
    Ok(Billed { invoice: issued.invoice, case })
}

/// One invoice. Whoever has no relation to its case that sees invoices finds none.
pub fn get_invoice(act: &mut Act<'_, '_>, id: InvoiceId) -> Result<Billed, Error> {
    let invoice = invoices::get(act.tx, id).map_err(act::absent)?;
    let case = act.load_case(invoice.case)?;
    act.touched(id);
    Ok(Billed { invoice, case })
}

/// A page of the invoices that the caller may see, newest first; one more than `limit` if there is a next page.
pub fn list_invoices(act: &mut Act<'_, '_>, wished: Wished, after: Option<InvoiceId>, limit: u32) -> Result<Vec<Listed>, Error> {
    let who = act.caller()?.who.clone();
    let filter = InvoiceFilter { case: wished.case, status: wished.status, payer: wished.payer };
    let page = Page { after, limit: limit.saturating_add(1) };
    Ok(invoices::list_visible(act.tx, &who, filter, page)?)
}

/// Records a payment. The one that settles the invoice starts the physician's work.
pub fn record_payment(act: &mut Act<'_, '_>, id: InvoiceId, new: &NewPayment) -> Result<Received, Error> {
    let Billed { invoice, case } = get_invoice(act, id)?;
    act.expect(&revision(&invoice, &case))?;
    let expected = invoice.version;
    let late = new.received_on > invoice.due_on;
    let payment = Payment {
        id: act.fresh(),
        method: new.method,
        reference: new.reference.clone(),
        remitter: new.remitter.clone(),
        received_on: new.received_on,
        amount: new.amount,
        bank_charge: new.bank_charge,
        recorded_by: act.user()?,
        recorded_at: act.now,
    };
    let payment_id = payment.id;
    let tolerance = act.settings.short_payment_tolerance;
    let recorded = invoice.record_payment(payment, tolerance, today_in_tokyo(act.now)).map_err(refused)?;
    let paid = Paid { invoice: id, payment: payment_id, received_on: new.received_on, in_full: recorded.outcome.settles() };
    let decided = case.case.clone().record_payment(&case.standing, &act.rules(), act.now, paid)?;
    let version = invoices::save_payment(act.tx, &recorded.invoice, expected, act.now)?;
    ledger::post(act.tx, Some(recorded.invoice.case), Some(id), &recorded.postings, act.now)?;
    act.touched(payment_id);
    let case = act.save_case(case, decided)?;
    let invoice = Invoice { version, ..recorded.invoice };
    Ok(Received { billed: Billed { invoice, case }, outcome: recorded.outcome, late })
}

fn refused(refusal: BillingRefusal) -> Error {
    match refusal {
        BillingRefusal::DuplicateReference => Error::Conflict("duplicate_reference"),
        BillingRefusal::NotSetUp
        | BillingRefusal::NothingToPay
        | BillingRefusal::ZeroAmount
        | BillingRefusal::ReceivedInFuture
        | BillingRefusal::BankChargeWithoutTransfer
        | BillingRefusal::AmountOutOfRange => match refusal.pointer() {
            Some(pointer) => Error::invalid(pointer, refusal.code()),
            None => Error::Conflict(refusal.code()),
        },
    }
}

/// Whether a caller in these relations is of the hospital: who sent and who recorded a payment is the hospital's affair.
pub fn is_of_the_hospital(case: &Loaded) -> bool {
    case.standing.relations.contains_any(&[Relation::Desk, Relation::Billing])
}
