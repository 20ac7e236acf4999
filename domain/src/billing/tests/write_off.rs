//! What is owed and will not arrive: borne for banks, or a bad debt.

use super::*;
use crate::ids::WriteOffId;

const LIMIT: i64 = 5_000;

fn act(number: u128) -> Act {
    Act { by: UserId::from_uuid(Uuid::from_u128(number)), at: now() }
}

fn woff(number: u128) -> WriteOffId {
    WriteOffId::from_uuid(Uuid::from_u128(number))
}

fn ask(invoice: &Invoice, number: u128, reason: WriteOffReason) -> Result<Invoice, BillingRefusal> {
    let text = "The banks kept it.".parse().unwrap();
    invoice.clone().request_write_off(NewWriteOff { id: woff(number), reason, text, requested: act(1) }, LIMIT)
}

/// Asked for and approved.
pub(super) fn written_off(invoice: &Invoice, number: u128, reason: WriteOffReason) -> Result<Invoice, BillingRefusal> {
    ask(invoice, number, reason)?.approve_write_off(woff(number), act(2))
}

fn pay(invoice: Invoice, reference: &str, amount: i64) -> Invoice {
    invoice.record_payment(transfer(reference, amount, 0), false, 0, TODAY, refund(1)).unwrap().invoice
}

/// Story 1.5: 2,500 yen of the transfer stayed with the banks.
#[test]
fn what_banks_kept_counts_as_paid_and_is_not_given_back() {
    let short = pay(issue(None), "A", 107_500);
    let asked = ask(&short, 7, WriteOffReason::BankCharges).unwrap();
    assert_eq!((asked.books(), asked.owed()), (short.books(), yen(2_500)), "nothing is booked before the second person");
    assert_eq!(asked.clone().approve_write_off(woff(7), act(1)).unwrap_err(), BillingRefusal::SecondPersonNeeded);
    let borne = asked.approve_write_off(woff(7), act(2)).unwrap();
    assert_eq!((borne.status(), borne.is_settled()), (InvoiceStatus::Paid, true));
    let expected = [(Account::AdvancesReceived, -110_000), (Account::Bank, 107_500), (Account::BankCharges, 2_500)];
    assert_eq!(balances(&borne), expected);
    assert_eq!((borne.total, borne.tax), (yen(110_000), yen(10_000)), "the price and its tax stay");
    let end = MoneyEnd { reason: RefundReason::Declined, percent_back: 100, charges_borne_by: ChargeBearer::Hospital };
    let declined = borne.clone().end(refund(3), end, now());
    assert_eq!(balances(&declined), [(Account::RefundsPayable, -107_500), (Account::Bank, 107_500)]);
    let arrived = pay(borne, "B", 2_500);
    assert_eq!((arrived.shortfall, arrived.excess()), (Yen::ZERO, Yen::ZERO), "it arrives after all");
}

#[test]
fn before_the_service_only_what_banks_keep_is_written_off_and_only_up_to_the_limit() {
    let refused = |invoice: &Invoice, reason| ask(invoice, 7, reason).unwrap_err();
    let short = pay(issue(None), "A", 107_500);
    assert_eq!(refused(&short, WriteOffReason::Uncollectible), BillingRefusal::NotPerformed);
    let more = pay(issue(None), "A", 104_999);
    assert_eq!(refused(&more, WriteOffReason::BankCharges), BillingRefusal::AboveBankChargeLimit);
    let cash = Payment { method: PaymentMethod::Cash, ..transfer("A", 107_500, 0) };
    let cash = issue(None).record_payment(cash, false, 0, TODAY, refund(1)).unwrap().invoice;
    assert_eq!(refused(&cash, WriteOffReason::BankCharges), BillingRefusal::WithoutTransfer);
    assert_eq!(refused(&pay(issue(None), "A", 110_000), WriteOffReason::BankCharges), BillingRefusal::NothingOwed);
}

#[test]
fn a_claim_for_what_was_performed_is_a_bad_debt_until_it_arrives() {
    let owed = pay(issue(None), "A", 10_000).perform(TODAY);
    let written_off = written_off(&owed, 7, WriteOffReason::Uncollectible).unwrap();
    assert_eq!((written_off.status(), written_off.is_finished()), (InvoiceStatus::WrittenOff, true));
    let books = [(Account::Bank, 10_000), (Account::Revenue, -100_000), (Account::ConsumptionTax, -10_000), (Account::BadDebts, 100_000)];
    assert_eq!(balances(&written_off), books);
    let part = pay(written_off.clone(), "B", 40_000);
    assert_eq!((part.bad_debt, part.owed(), part.excess()), (yen(60_000), Yen::ZERO, Yen::ZERO));
    let whole = pay(written_off, "B", 100_001);
    assert_eq!((whole.bad_debt, whole.excess(), whole.status()), (Yen::ZERO, yen(1), InvoiceStatus::Overpaid));
    assert!(whole.restore().is_ok());
}

#[test]
fn a_write_off_is_decided_once_and_for_the_amount_that_was_asked_for() {
    let short = pay(issue(None), "A", 107_500);
    let asked = ask(&short, 7, WriteOffReason::BankCharges).unwrap();
    assert_eq!(ask(&asked, 8, WriteOffReason::BankCharges).unwrap_err(), BillingRefusal::WriteOffPending);
    let paid_since = pay(asked.clone(), "B", 500);
    assert_eq!(paid_since.clone().approve_write_off(woff(7), act(2)).unwrap_err(), BillingRefusal::WriteOffOutdated);
    let rejected = paid_since.reject_write_off(woff(7), act(2), "Another amount.".parse().unwrap()).unwrap();
    assert_eq!((rejected.owed(), rejected.pending_write_off()), (yen(2_000), None));
    assert_eq!(rejected.clone().approve_write_off(woff(7), act(2)).unwrap_err(), BillingRefusal::WriteOffDecided);
    assert!(written_off(&rejected, 8, WriteOffReason::BankCharges).unwrap().is_settled());
    let approved = asked.approve_write_off(woff(7), act(2)).unwrap();
    assert_eq!(approved.reject_write_off(woff(7), act(1), "Late.".parse().unwrap()).unwrap_err(), BillingRefusal::WriteOffDecided);
}

#[test]
fn a_write_off_is_offered_where_one_of_its_reasons_holds() {
    let short = issue(None).record_payment(transfer("A", 107_500, 2_500), false, 0, TODAY, refund(1)).unwrap().invoice;
    assert!(short.may_be_written_off(2_500) && !short.may_be_written_off(2_499));
    assert!(!issue(None).may_be_written_off(200_000), "no transfer arrived, and nothing is performed");
    assert!(issue(None).perform(TODAY).may_be_written_off(0), "a claim that cannot be collected");
    let asked = ask(&short, 7, WriteOffReason::BankCharges).unwrap();
    assert!(!asked.may_be_written_off(2_500), "one waits for a second person");
}
