//! Money whose invoice is not known: checked, matched in parts, taken back, reversed.

use super::*;
use crate::billing::tests::refunds::act;
use crate::billing::tests::reversal::mistake;
use crate::ids::UnmatchedPaymentId;

fn received(amount: i64) -> UnmatchedPayment {
    UnmatchedPayment {
        id: UnmatchedPaymentId::from_uuid(Uuid::nil()),
        method: PaymentMethod::BankTransfer,
        reference: "tt-2026 0042".parse().unwrap(),
        remitter: None,
        received_on: TODAY,
        amount: yen(amount),
        bank_charge: yen(500),
        is_another: false,
        refund: None,
        recorded_by: act(1).by,
        recorded_at: now(),
        allocations: Vec::new(),
        reversed: None,
        version: 1,
    }
}

fn part(number: u128, amount: i64) -> Allocation {
    let payment = PaymentId::from_uuid(Uuid::from_u128(number));
    Allocation { invoice: InvoiceId::from_uuid(Uuid::from_u128(number)), payment, amount: yen(amount), matched: act(1), returned_at: None }
}

fn book(payment: &UnmatchedPayment) -> (i64, i64) {
    let books = payment.books();
    assert_eq!(books.sum(), 0, "{books:?}");
    (books.balance(Account::Bank), books.balance(Account::UnmatchedReceipts))
}

#[test]
fn what_cannot_have_arrived_is_refused() {
    assert_eq!(received(1).check(TODAY), Ok(()));
    let refused = |payment: UnmatchedPayment| payment.check(TODAY).unwrap_err();
    assert_eq!(refused(received(0)), [BillingRefusal::ZeroAmount]);
    let on = |received_on| UnmatchedPayment { received_on, ..received(1) };
    assert_eq!(refused(on(date(2026, 11, 24))), [BillingRefusal::ReceivedInFuture]);
    let earliest = TODAY.saturating_sub(jiff::Span::new().days(crate::billing::payment::EARLIEST));
    assert_eq!(on(earliest).check(TODAY), Ok(()));
    assert_eq!(refused(on(earliest.saturating_sub(jiff::Span::new().days(1)))), [BillingRefusal::ReceivedTooEarly]);
    let cash = UnmatchedPayment { method: PaymentMethod::Cash, ..received(1) };
    assert_eq!(refused(cash.clone()), [BillingRefusal::BankChargeWithoutTransfer]);
    assert_eq!(UnmatchedPayment { bank_charge: Yen::ZERO, ..cash }.check(TODAY), Ok(()));
}

#[test]
fn one_transfer_pays_several_invoices_and_its_rest_stays_unmatched() {
    let whole = received(330_000);
    assert_eq!((whole.rest(), book(&whole)), (yen(330_000), (330_000, -330_000)));
    let two = whole.allocate(part(1, 110_000)).unwrap().allocate(part(2, 110_000)).unwrap();
    assert_eq!((two.rest(), book(&two)), (yen(110_000), (110_000, -110_000)), "what is matched is booked by its invoice");
    assert_eq!(two.clone().allocate(part(3, 110_001)).unwrap_err(), BillingRefusal::MoreThanUnmatched);
    assert_eq!(two.clone().allocate(part(3, 0)).unwrap_err(), BillingRefusal::ZeroAmount);
    let all = two.allocate(part(3, 110_000)).unwrap();
    assert_eq!((all.rest(), book(&all)), (Yen::ZERO, (0, 0)));
    assert_eq!(all.clone().restore(), Ok(all));
}

#[test]
fn a_wrong_match_is_taken_back_once_and_by_its_own_payment() {
    let matched = received(220_000).allocate(part(1, 100_000)).unwrap().allocate(part(2, 120_000)).unwrap();
    let payment = PaymentId::from_uuid(Uuid::from_u128(2));
    let back = matched.take_back(payment, now()).unwrap();
    assert_eq!((back.rest(), back.allocations[0].returned_at, back.allocations[1].returned_at), (yen(120_000), None, Some(now())));
    assert_eq!(back.take_back(payment, now()).unwrap_err(), BillingRefusal::PaymentReversed);
}

#[test]
fn only_money_of_which_nothing_is_matched_is_reversed() {
    let matched = received(10).allocate(part(1, 5)).unwrap();
    assert_eq!(matched.clone().reverse(mistake()).unwrap_err(), BillingRefusal::PaymentMatched);
    let reversed = received(10).reverse(mistake()).unwrap();
    assert_eq!((reversed.rest(), book(&reversed)), (Yen::ZERO, (0, 0)));
    assert_eq!(reversed.clone().reverse(mistake()).unwrap_err(), BillingRefusal::PaymentReversed);
    assert_eq!(reversed.clone().allocate(part(1, 5)).unwrap_err(), BillingRefusal::PaymentReversed);
    assert_eq!(reversed.clone().restore(), Ok(reversed));
}

#[test]
fn stored_money_that_cannot_be_is_refused() {
    let mut more = received(10).allocate(part(1, 5)).unwrap();
    more.amount = yen(4);
    assert!(more.restore().is_err(), "more matched than arrived");
    let mut both = received(10).allocate(part(1, 5)).unwrap();
    both.reversed = Some(mistake());
    assert!(both.clone().restore().is_err(), "reversed and matched");
    both.amount = yen(4);
    assert!(both.restore().is_err());
}

#[test]
fn references_are_compared_without_width_case_and_blanks() {
    let other = UnmatchedPayment { reference: "TT-2026\u{3000}0042".parse().unwrap(), ..received(1) };
    assert_eq!(received(1).reference_key(), other.reference_key());
    let another = UnmatchedPayment { reference: "TT-2026 0043".parse().unwrap(), ..received(1) };
    assert_ne!(received(1).reference_key(), another.reference_key());
}
