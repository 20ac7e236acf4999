//! Invoices of release 0.1 with what is known of their cases: nothing is owed that was not.

use jiff::SignedDuration;

use super::*;

fn paid(reference: &str, amount: i64, at: Timestamp) -> Payment {
    Payment { recorded_at: at, ..transfer(reference, amount, 0) }
}

fn with_payments(payments: Vec<Payment>) -> Invoice {
    // Release 0.1 knew no refunds.
    Invoice { payments, ..issue(None) }
}

fn upgraded(invoice: Invoice, case: CaseBefore) -> Invoice {
    let mut ids = (1_u128..).map(refund);
    let upgraded = invoice.upgraded(case, || ids.next().unwrap());
    assert_eq!(upgraded.clone().restore(), Ok(upgraded.clone()));
    upgraded
}

fn ended(announced: i64) -> CaseBefore {
    CaseBefore { delivered_on: None, end: Some(EndBefore { at: now(), how: MoneyEnd::UNPAID, announced: yen(announced) }) }
}

fn refunds(invoice: &Invoice) -> Vec<(RefundReason, i64)> {
    invoice.refunds.iter().map(|one| (one.reason, one.amount.amount())).collect()
}

#[test]
fn a_case_under_way_has_an_advance_and_a_delivered_one_revenue() {
    let invoice = with_payments(vec![paid("A", 110_000, now())]);
    assert_eq!(
        balances(&upgraded(invoice.clone(), CaseBefore::default())),
        [(Account::AdvancesReceived, -110_000), (Account::Bank, 110_000)]
    );
    let delivered = upgraded(invoice, CaseBefore { delivered_on: Some(TODAY), end: None });
    assert_eq!(balances(&delivered), [(Account::Bank, 110_000), (Account::Revenue, -100_000), (Account::ConsumptionTax, -10_000)]);
    assert!(delivered.is_finished());
}

#[test]
fn an_overpayment_becomes_a_refund_that_is_due() {
    let over = upgraded(with_payments(vec![paid("A", 112_000, now())]), CaseBefore::default());
    assert_eq!(refunds(&over), [(RefundReason::Overpaid, 2_000)]);
}

#[test]
fn an_end_gives_back_what_was_announced_and_keeps_the_rest() {
    let before = now() - SignedDuration::from_hours(1);
    let half = upgraded(with_payments(vec![paid("A", 110_000, before)]), ended(55_000));
    assert_eq!((half.kept(), refunds(&half)), (yen(55_000), vec![(RefundReason::Cancelled, 55_000)]));
    let over = upgraded(with_payments(vec![paid("A", 110_700, before)]), ended(55_700));
    assert_eq!((over.kept(), refunds(&over)), (yen(55_000), vec![(RefundReason::Overpaid, 700), (RefundReason::Cancelled, 55_000)]));
    let late = with_payments(vec![paid("A", 60_000, before), paid("B", 50_000, now() + SignedDuration::from_hours(1))]);
    let late = upgraded(late, ended(60_000));
    assert_eq!(refunds(&late), [(RefundReason::Cancelled, 60_000), (RefundReason::AfterEnd, 50_000)]);
    let unpaid = upgraded(with_payments(vec![]), ended(0));
    assert_eq!((unpaid.status(), balances(&unpaid)), (InvoiceStatus::Lapsed, vec![]));
}
