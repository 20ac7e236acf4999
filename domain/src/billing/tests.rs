use jiff::Timestamp;

mod books;
mod credit;
mod details;
mod estimate;
mod refunds;
mod reversal;
mod steps;
mod term;
mod unmatched;
mod upgrade;
mod write_off;

use jiff::civil::{Date, date};
use uuid::Uuid;

use super::*;
use crate::billing::fees::{FeeSchedule, Pricing, QuoteRequest};
use crate::billing::{BankAccount, BillingSettings, Issuer};
use crate::ids::{CaseId, FeeScheduleId, InvoiceId, PaymentId, RefundId, UserId};
use crate::intake::ReExamination;
use crate::money::Payer;
use crate::money::Yen;
use crate::service::ServiceKind;
use crate::settings::HospitalSettings;

const TODAY: Date = date(2026, 11, 23);

fn now() -> Timestamp {
    "2026-11-23T02:00:00Z".parse().unwrap()
}

fn yen(amount: i64) -> Yen {
    Yen::new(amount).unwrap()
}

fn settings() -> HospitalSettings {
    let text = str::to_owned;
    let bank = BankAccount {
        bank: text("Example Bank"),
        branch: text("Head Office"),
        swift: text("EXAMJPJT"),
        number: text("1234567"),
        holder: text("Example Hospital"),
    };
    let issuer =
        Issuer { name: text("Example Hospital"), address: text("1-1-1 Example, Tokyo"), registration_number: text("T8000000000001") };
    HospitalSettings { billing: BillingSettings { bank, issuer, ..BillingSettings::default() }, ..HospitalSettings::default() }
}

fn issue(re_examination: Option<ReExamination>) -> Invoice {
    let settings = settings();
    let schedule = FeeSchedule::seed(FeeScheduleId::from_uuid(Uuid::nil()));
    let wanted = QuoteRequest { kind: ServiceKind::WrittenOpinion, additional_half_hours: 0, re_examination };
    let pricing = Pricing::calculate(&schedule, wanted, now()).unwrap();
    let issuing = Issuing {
        third_party: None,
        id: InvoiceId::from_uuid(Uuid::nil()),
        case: CaseId::from_uuid(Uuid::nil()),
        number: InvoiceNumber::new(123).unwrap(),
        recipient: "Jane Example\n1 Example Street".parse().unwrap(),
        payer: Payer::Applicant,
    };
    Invoice::issue(issuing, &pricing, &settings, now()).unwrap()
}

fn transfer(reference: &str, amount: i64, bank_charge: i64) -> Payment {
    Payment {
        id: PaymentId::from_uuid(Uuid::nil()),
        method: PaymentMethod::BankTransfer,
        reference: reference.parse().unwrap(),
        remitter: Some("JANE EXAMPLE".parse().unwrap()),
        received_on: TODAY,
        amount: yen(amount),
        bank_charge: yen(bank_charge),
        recorded_by: UserId::from_uuid(Uuid::nil()),
        recorded_at: now(),
        reversed: None,
        source: None,
        refund: None,
        receipts: Vec::new(),
    }
}

/// The balances of an invoice's books that are not zero, in the order of the accounts.
fn balances(invoice: &Invoice) -> Vec<(Account, i64)> {
    let books = invoice.books();
    assert_eq!(books.sum(), 0, "{books:?}");
    Account::ALL.iter().map(|account| (*account, books.balance(*account))).filter(|(_, amount)| *amount != 0).collect()
}

fn refund(number: u128) -> RefundId {
    RefundId::from_uuid(Uuid::from_u128(number))
}

#[test]
fn an_invoice_is_qualified_and_books_what_is_owed() {
    let invoice = issue(None);
    assert_eq!((invoice.total, invoice.net, invoice.tax, invoice.tax_rate_percent), (yen(110_000), yen(100_000), yen(10_000), 10));
    assert_eq!((invoice.issued_on, invoice.due_on), (TODAY, date(2026, 12, 23)));
    assert_eq!(invoice.issuer.registration_number, "T8000000000001");
    assert_eq!((invoice.status(), invoice.owed()), (InvoiceStatus::Issued, yen(110_000)));
    assert_eq!(balances(&invoice), [(Account::Receivable, 110_000), (Account::AdvancesBilled, -110_000)]);
    assert_eq!(invoice.clone().restore(), Ok(invoice));
}

#[test]
fn an_invoice_number_is_written_in_one_way() {
    let number = InvoiceNumber::new(123).unwrap();
    assert_eq!(serde_json::to_string(&number).unwrap(), "\"INV-000123\"");
    assert_eq!("INV-000123".parse(), Ok(number));
    assert_eq!("INV-1234567".parse::<InvoiceNumber>().unwrap().number(), 1_234_567);
    for wrong in ["INV-123", "INV-+00123", "000123", "INV-000000", "INV-"] {
        assert!(wrong.parse::<InvoiceNumber>().is_err(), "{wrong}");
    }
}

#[test]
fn two_parts_pay_an_invoice() {
    let first = issue(None).record_payment(transfer("A", 60_000, 0), false, 0, TODAY, refund(1)).unwrap();
    assert_eq!(first.outcome, Outcome::Partial { remaining: yen(50_000) });
    assert_eq!(first.invoice.status(), InvoiceStatus::PartlyPaid);
    let second = first.invoice.record_payment(transfer("B", 50_000, 0), false, 0, TODAY, refund(1)).unwrap();
    assert_eq!(second.outcome, Outcome::Paid);
    assert_eq!(second.invoice.status(), InvoiceStatus::Paid);
}

#[test]
fn without_a_tolerance_a_bank_charge_leaves_something_owed() {
    let recorded = issue(None).record_payment(transfer("A", 108_500, 1_500), false, 0, TODAY, refund(1)).unwrap();
    assert_eq!(recorded.outcome, Outcome::Partial { remaining: yen(1_500) });
}

#[test]
fn what_is_missing_within_the_tolerance_is_booked_and_not_hidden() {
    let recorded = issue(None).record_payment(transfer("A", 108_300, 1_500), false, 2_000, TODAY, refund(1)).unwrap();
    assert_eq!(recorded.outcome, Outcome::PaidWithShortfall { difference: yen(1_700) });
    assert_eq!(
        balances(&recorded.invoice),
        [(Account::AdvancesReceived, -110_000), (Account::Bank, 108_300), (Account::BankCharges, 1_500), (Account::Shortfall, 200),]
    );
    assert_eq!((recorded.invoice.status(), recorded.invoice.owed()), (InvoiceStatus::Paid, Yen::ZERO));
}

#[test]
fn too_much_and_twice_are_told_apart() {
    let over = issue(None).record_payment(transfer("A", 115_000, 0), false, 0, TODAY, refund(1)).unwrap();
    assert_eq!(over.outcome, Outcome::Overpaid { excess: yen(5_000) });
    assert_eq!(over.invoice.books().balance(Account::Overpayments), -5_000);
    let twice = over.invoice.record_payment(transfer("B", 110_000, 0), false, 0, TODAY, refund(1)).unwrap();
    assert_eq!(twice.outcome, Outcome::LateDuplicate { excess: yen(110_000) });
    assert_eq!((twice.invoice.status(), twice.invoice.excess()), (InvoiceStatus::Overpaid, yen(115_000)));
}

#[test]
fn a_payment_that_cannot_be_is_refused_with_its_field() {
    let invoice = issue(None).record_payment(transfer("A", 1, 0), false, 0, TODAY, refund(1)).unwrap().invoice;
    let refused = |payment: Payment| invoice.clone().record_payment(payment, false, 0, TODAY, refund(1)).unwrap_err();
    assert_eq!(refused(transfer("A", 5, 0)), [BillingRefusal::DuplicateReference]);
    for same in [" A ", "a", "Ａ", "-A", "A\u{200b}", "ａ－"] {
        assert_eq!(refused(transfer(same, 5, 0)), [BillingRefusal::DuplicateReference], "{same}");
    }
    assert!(
        invoice.clone().record_payment(transfer("A", 5, 0), true, 0, TODAY, refund(1)).is_ok(),
        "another payment with the same reference"
    );
    assert_eq!(refused(transfer("B", 0, 0)), [BillingRefusal::ZeroAmount]);
    assert_eq!(refused(transfer("B", 1_000_000_000, 0)), [BillingRefusal::AmountOutOfRange]);
    assert_eq!(refused(Payment { received_on: date(2026, 11, 24), ..transfer("B", 5, 0) }), [BillingRefusal::ReceivedInFuture]);
    assert_eq!(refused(Payment { method: PaymentMethod::Cash, ..transfer("B", 5, 1) }), [BillingRefusal::BankChargeWithoutTransfer]);
    assert_eq!(refused(transfer("A", 5, 0))[0].pointer(), Some("/reference"));
    let all = Payment { method: PaymentMethod::Cash, received_on: date(2026, 11, 24), ..transfer("B", 0, 1) };
    assert_eq!(refused(all), [BillingRefusal::ZeroAmount, BillingRefusal::ReceivedInFuture, BillingRefusal::BankChargeWithoutTransfer]);
    assert!(
        invoice.record_payment(Payment { method: PaymentMethod::Card, ..transfer("A", 5, 0) }, false, 0, TODAY, refund(1)).is_ok(),
        "another method"
    );
}

#[test]
fn every_refusal_and_every_outcome_says_its_code() {
    let said: Vec<String> = BillingRefusal::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(said, BillingRefusal::CODES);
    let all = [
        Outcome::Partial { remaining: yen(1) },
        Outcome::Paid,
        Outcome::PaidWithShortfall { difference: yen(1) },
        Outcome::Overpaid { excess: yen(1) },
        Outcome::LateDuplicate { excess: yen(1) },
        Outcome::AfterEnd { excess: yen(1) },
    ];
    for outcome in all {
        assert_eq!(serde_json::to_value(outcome).unwrap()["outcome"], outcome.as_str());
        assert!(!outcome.next_step().is_empty());
    }
}

#[test]
fn a_stored_invoice_whose_lines_are_not_its_total_is_refused() {
    let invoice = Invoice { total: yen(1), ..issue(None) };
    assert!(invoice.restore().is_err());
}
