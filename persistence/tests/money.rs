//! Prices, estimates, invoices, payments, the books.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use domain::billing::fees::{FeeSchedule, Quote, QuoteRequest};
use domain::billing::{
    Account, Act, BankAccount, BillingSettings, Invoice, InvoiceStatus, Issuer, Issuing, Payee, Payment, PaymentMethod, Posting,
    RefundRequest, RefundStep, Settlement,
};
use domain::ids::{CaseId, InvoiceId};
use domain::money::Payer;
use domain::money::Yen;
use domain::service::ServiceKind;
use domain::settings::HospitalSettings;
use jiff::civil::date;
use persistence::invoices::refunds::{self, ListedRefund, ListedSource, RefundPlace};
use persistence::invoices::{self, InvoiceFilter};
use persistence::ledger::Booking;
use persistence::{Error, Page, Store, TABLES, cases, fee_schedules, ledger, quotes};
use support::cases::{alone, applicant, application, opened, store_with_people};
use support::{Database, id, now, write};

fn quote(number: u128) -> Quote {
    let wanted = QuoteRequest { kind: ServiceKind::WrittenOpinion, additional_half_hours: 0, re_examination: None };
    Quote::calculate(id(number), &FeeSchedule::seed(id(1)), wanted, &HospitalSettings::default(), now()).unwrap()
}

fn prepared(database: &Database) -> (Store, CaseId) {
    let store = store_with_people(database);
    let case = opened(1, &applicant(1), application()).case;
    let case_id = case.id();
    write(&store, move |tx| {
        cases::insert(tx, alone(&case), now())?;
        fee_schedules::insert(tx, &FeeSchedule::seed(id(1)), now())?;
        quotes::insert(tx, &quote(1))
    })
    .unwrap();
    (store, case_id)
}

#[test]
fn prices_and_estimates_come_back_as_written() {
    let database = Database::new();
    let (store, _) = prepared(&database);
    let seed = FeeSchedule::seed(id(1));
    assert_eq!(write(&store, |tx| fee_schedules::get(tx, id(1))).as_ref(), Ok(&seed));
    let twin = write(&store, |tx| fee_schedules::insert(tx, &FeeSchedule::seed(id(2)), now()));
    assert!(twin.as_ref().is_err_and(|error| error.is_duplicate("fee_schedules.effective_on")), "{twin:?}");
    let later = FeeSchedule { effective_on: date(2027, 4, 1), ..FeeSchedule::seed(id(2)) };
    let new = later.clone();
    write(&store, move |tx| fee_schedules::insert(tx, &new, now())).unwrap();
    assert_eq!(write(&store, fee_schedules::list), Ok(vec![later, seed]));
    assert_eq!(write(&store, |tx| quotes::get(tx, id(1))), Ok(quote(1)));
    assert_eq!(write(&store, |tx| quotes::get(tx, id(2))), Err(Error::NotFound));
}

/// A hospital that can issue invoices; what they say is of no matter here.
fn settings() -> HospitalSettings {
    let bank = BankAccount { number: "1234567".to_owned(), ..BankAccount::default() };
    let issuer = Issuer { name: "Hospital".to_owned(), ..Issuer::default() };
    HospitalSettings { billing: BillingSettings { bank, issuer, ..BillingSettings::default() }, ..HospitalSettings::default() }
}

fn issue(store: &Store, case: CaseId, number: u128) -> Result<Invoice, Error> {
    write(store, move |tx| {
        let issuing = Issuing {
            third_party: None,
            id: id(number),
            case,
            number: invoices::next_number(tx)?,
            recipient: "Canary Payer".parse().unwrap(),
            payer: Payer::Applicant,
        };
        let invoice = Invoice::issue(issuing, &quote(1).pricing, &settings(), now()).unwrap();
        invoices::insert(tx, &invoice, &booking())?;
        if number == 13 { Err(Error::Stale) } else { Ok(invoice) }
    })
}

fn booking() -> Booking {
    Booking { booked_on: date(2026, 11, 23), operation: "recordPayment", by: Some(id(1)), department: None, at: now() }
}

fn payment(number: u128, amount: i64) -> Payment {
    Payment {
        id: id(number),
        method: PaymentMethod::BankTransfer,
        reference: format!("ref {number}").parse().unwrap(),
        remitter: Some("Canary Payer".parse().unwrap()),
        received_on: date(2026, 11, 23),
        amount: Yen::new(amount).unwrap(),
        bank_charge: Yen::ZERO,
        recorded_by: id(1),
        recorded_at: now(),
        reversed: None,
        source: None,
        refund: None,
        receipts: Vec::new(),
    }
}

#[test]
fn invoices_are_numbered_without_gaps() {
    let database = Database::new();
    let (store, case) = prepared(&database);
    let numbers: Vec<Option<u64>> =
        [11, 12, 13, 14].into_iter().map(|number| issue(&store, case, number).ok().map(|it| it.number.number())).collect();
    assert_eq!(numbers, [Some(1), Some(2), None, Some(3)], "one that fails gives its number back");
    let listed = write(&store, |tx| invoices::list(tx, InvoiceFilter::default(), Page::first(2))).unwrap();
    assert_eq!(listed.iter().map(|invoice| invoice.id).collect::<Vec<InvoiceId>>(), [id(14), id(12)]);
}

#[test]
fn payments_are_recorded_once_and_the_books_sum_to_zero() {
    let database = Database::new();
    let (store, case) = prepared(&database);
    let invoice = issue(&store, case, 11).unwrap();
    assert_eq!(write(&store, |tx| invoices::get(tx, id(11))).as_ref(), Ok(&invoice));
    let pay = |invoice: &Invoice, payment: Payment| -> Result<i64, Error> {
        let before = invoice.clone();
        let after = before.clone().record_payment(payment, false, 0, date(2026, 11, 23), id(31)).unwrap().invoice;
        write(&store, move |tx| invoices::save(tx, &before, &after, &booking()))
    };
    assert_eq!(pay(&invoice, payment(21, 10_000)), Ok(2));
    assert_eq!(pay(&invoice, payment(22, 10_000)), Err(Error::Stale));
    let partly = write(&store, |tx| invoices::get(tx, id(11))).unwrap();
    assert_eq!((partly.status(), partly.version, partly.payments.len()), (InvoiceStatus::PartlyPaid, 2, 1));
    assert_eq!(pay(&partly, payment(24, 100_000)), Ok(3));
    let filter = InvoiceFilter { case: Some(case), status: Some(InvoiceStatus::Paid), payer: Some(Payer::Applicant) };
    assert_eq!(write(&store, move |tx| invoices::list(tx, filter, Page::first(9))).unwrap().len(), 1);
    let booked = write(&store, |tx| ledger::list(tx, id(11))).unwrap();
    assert_eq!(Posting::sum(&booked), 0);
    let until = |day| write(&store, move |tx| ledger::balances(tx, day)).unwrap();
    let books = until(None);
    assert_eq!(books, write(&store, |tx| invoices::get(tx, id(11))).unwrap().books());
    assert_eq!((books.balance(Account::Bank), books.balance(Account::AdvancesReceived)), (110_000, -110_000));
    assert_eq!(until(Some(date(2026, 11, 23))), books);
    assert_eq!(until(Some(date(2026, 11, 22))).balance(Account::Bank), 0, "it was booked on the day after");
    assert!(!database.raw(&store).windows(6).any(|window| window.eq_ignore_ascii_case(b"canary")));
}

/// The version of the invoice that holds a refund.
fn version_of(listed: &ListedRefund) -> i64 {
    match &listed.source {
        ListedSource::Invoice(invoice, _) => invoice.version,
        ListedSource::Unmatched(payment) => payment.version,
    }
}

#[test]
fn the_row_of_a_refund_follows_its_invoice() {
    let database = Database::new();
    let (store, case) = prepared(&database);
    let before = issue(&store, case, 11).unwrap();
    let paid = before.clone().record_payment(payment(21, 112_000), false, 0, date(2026, 11, 23), id(31)).unwrap().invoice;
    let version = write(&store, move |tx| invoices::save(tx, &before, &paid, &booking())).unwrap();
    assert_eq!(write(&store, |tx| refunds::place_of(tx, id(31))), Ok(RefundPlace::Invoice(id(11))));
    let due = write(&store, |tx| refunds::list_due(tx, Page::first(9))).unwrap();
    let listed: Vec<_> = due.iter().map(|one| (one.refund.id, version_of(one), one.refund.amount.amount())).collect();
    assert_eq!(listed, [(id(31), version, 2_000)]);
    let stored = write(&store, |tx| invoices::get(tx, id(11))).unwrap();
    let act = Act { by: id(1), at: now() };
    let payee = Payee {
        holder: "Canary Payee".parse().unwrap(),
        is_payer: false,
        bank: "Canary Bank".parse().unwrap(),
        bank_country: "SE".parse().unwrap(),
        swift: None,
        account: "Canary 1234".parse().unwrap(),
    };
    let before = stored.clone();
    let stored = stored.step_refund(id(31), RefundStep::ProvideDetails(payee, act), date(2026, 11, 23)).unwrap();
    let (after, version) = (stored.clone(), write(&store, move |tx| invoices::save(tx, &before, &stored, &booking())).unwrap());
    let stored = Invoice { version, ..after };
    let evidence = Some("Seen.".parse().unwrap());
    let request =
        RefundRequest { settlement: Settlement::GivenUpByPayer, evidence, attempts: vec![], invoice: None, raise: None, asked: act };
    let asked = stored.clone().step_refund(id(31), RefundStep::Request(request), date(2026, 11, 23)).unwrap();
    let given_up = asked.step_refund(id(31), RefundStep::Approve(Act { by: id(2), ..act }, None, None), date(2026, 11, 23)).unwrap();
    write(&store, move |tx| invoices::save(tx, &stored, &given_up, &booking())).unwrap();
    let examine = |name: &str| {
        let (_, examine) = TABLES.into_iter().find(|(table, _)| *table == name).unwrap();
        write(&store, move |tx| examine(tx, uuid::Uuid::nil(), 9)).unwrap()
    };
    assert_eq!((examine("refunds").rows, examine("refunds").faults), (1, vec![]));
    database.sql("UPDATE refunds SET amount = 1");
    assert_eq!(examine("refunds").faults.len(), 1, "a row that says something else than its invoice is found");
    database.sql("UPDATE refunds SET amount = 2000");
    assert_eq!(write(&store, |tx| refunds::list_due(tx, Page::first(9))), Ok(vec![]));
    assert_eq!(write(&store, |tx| ledger::balances(tx, None)).unwrap().balance(Account::OtherIncome), -2_000);
    assert!(!database.raw(&store).windows(6).any(|window| window.eq_ignore_ascii_case(b"canary")), "where it goes is sealed");
}
