//! Money whose invoice is not known: checked, matched in parts, taken back, reversed.

use super::*;
use crate::billing::RefundStep;
use crate::billing::tests::refunds::{act, paid, payee, request, returned};
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
        refunds: Vec::new(),
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

fn refund(number: u128) -> RefundId {
    RefundId::from_uuid(Uuid::from_u128(number))
}

fn take(payment: UnmatchedPayment, steps: &[RefundStep]) -> UnmatchedPayment {
    steps.iter().fold(payment, |payment, step| payment.step_refund(refund(1), step.clone(), TODAY).unwrap())
}

fn to_approval() -> [RefundStep; 3] {
    let asked = request(Settlement::PayOut, act(1));
    [RefundStep::ProvideDetails(payee(true), act(3)), RefundStep::Request(asked), RefundStep::Approve(act(2), None, None)]
}

#[test]
fn money_whose_invoice_nobody_finds_goes_back_by_the_steps_of_a_refund() {
    let whole = received(330_000).allocate(part(1, 110_000)).unwrap();
    let given = whole.clone().give_back(refund(1), yen(200_000), ChargeBearer::Payee, now()).unwrap();
    let payable = |payment: &UnmatchedPayment| payment.books().balance(Account::RefundsPayable);
    assert_eq!((given.rest(), book(&given), payable(&given)), (yen(20_000), (220_000, -20_000), -200_000));
    let one = given.refund(refund(1)).unwrap();
    assert_eq!((one.reason, one.state, one.charges_borne_by), (RefundReason::Unmatched, RefundState::Due, ChargeBearer::Payee));
    assert!(!one.is_of_the_end() && one.is_payable_at_once() && given.refund(refund(2)).is_none());
    let paid = RefundStep::RecordPaid(RefundNumber::new(1).unwrap(), paid(0));
    let gone = take(take(given, &to_approval()), &[paid]);
    assert_eq!((gone.rest(), book(&gone), payable(&gone)), (yen(20_000), (20_000, -20_000), 0));
    let back = take(gone.clone(), &[RefundStep::RecordReturned(returned(198_000))]);
    assert_eq!((book(&back), payable(&back)), ((218_000, -20_000), -200_000));
    let kept = back.clone().allocate(part(2, 20_001)).unwrap();
    assert_eq!((kept.rest(), kept.refund(refund(1)).unwrap().state), (yen(199_999), RefundState::Withdrawn), "its invoice was found");
    assert_eq!((book(&kept), kept.books().balance(Account::BankCharges)), ((197_999, -199_999), 2_000), "what banks kept stays a charge");
    assert_eq!(back.clone().allocate(part(2, 220_001)).unwrap_err(), BillingRefusal::MoreThanUnmatched);
    assert_eq!(gone.clone().reverse(mistake()).unwrap_err(), BillingRefusal::PaymentMatched);
    assert_eq!(gone.clone().restore(), Ok(gone));
    assert_eq!(back.clone().restore(), Ok(back));
}

#[test]
fn what_cannot_go_back_is_refused() {
    let refused = |payment: UnmatchedPayment, amount| payment.give_back(refund(1), yen(amount), ChargeBearer::Payee, now()).unwrap_err();
    assert_eq!(refused(received(10), 0), BillingRefusal::ZeroAmount);
    assert_eq!(refused(received(10), 11), BillingRefusal::MoreThanIsLeft);
    assert_eq!(refused(received(10).allocate(part(1, 10)).unwrap(), 0), BillingRefusal::NothingLeft);
    assert_eq!(refused(received(10).reverse(mistake()).unwrap(), 10), BillingRefusal::PaymentReversed);
    assert_eq!(refused(UnmatchedPayment { refund: Some(refund(2)), ..received(10) }, 10), BillingRefusal::MoneyOfRefund);
    let given = received(10).give_back(refund(1), yen(10), ChargeBearer::Hospital, now()).unwrap();
    let given = take(given, &to_approval()[..1]);
    let ask = |request: RefundRequest| given.clone().step_refund(refund(1), RefundStep::Request(request), TODAY).unwrap_err();
    assert_eq!(ask(request(Settlement::ApplyToInvoice, act(1))), [BillingRefusal::MatchInstead]);
    let raise = Some(Raise { by: yen(1), reason: "More.".parse().unwrap() });
    assert_eq!(ask(RefundRequest { raise, ..request(Settlement::PayOut, act(1)) }), [BillingRefusal::RaiseAboveFee]);
    let other = given.step_refund(refund(2), to_approval()[1].clone(), TODAY);
    assert_eq!(other.unwrap_err(), [BillingRefusal::RefundState]);
}

#[test]
fn money_that_finds_its_invoice_is_kept_until_somebody_has_asked_that_it_goes_back() {
    let given = received(100)
        .give_back(refund(1), yen(60), ChargeBearer::Payee, now())
        .unwrap()
        .give_back(refund(2), yen(30), ChargeBearer::Payee, now())
        .unwrap();
    let states = |payment: &UnmatchedPayment| payment.refunds.iter().map(|one| (one.state, one.amount.amount())).collect::<Vec<_>>();
    let due = RefundState::Due;
    let ten = given.clone().allocate(part(1, 10)).unwrap();
    assert_eq!((states(&ten), ten.rest()), (vec![(due, 60), (due, 30)], Yen::ZERO), "what nobody sends back comes first");
    let some = given.clone().allocate(part(1, 30)).unwrap();
    assert_eq!((states(&some), some.rest()), (vec![(due, 60), (due, 10)], Yen::ZERO));
    let most = given.clone().allocate(part(1, 90)).unwrap();
    assert_eq!(states(&most), [(due, 10), (RefundState::Withdrawn, 30)], "the latest is kept first");
    assert_eq!(given.clone().allocate(part(1, 101)).unwrap_err(), BillingRefusal::MoreThanUnmatched);
    let asked = take(given.clone(), &to_approval()[..2]);
    assert_eq!(asked.clone().allocate(part(1, 41)).unwrap_err(), BillingRefusal::MoreThanUnmatched);
    assert_eq!(asked.clone().allocate(part(1, 40)).unwrap().rest(), Yen::ZERO);
    assert_eq!(asked.clone().reverse(mistake()).unwrap_err(), BillingRefusal::PaymentSentBack);
    let left = take(take(asked, &to_approval()[2..]), &[RefundStep::RecordPaid(RefundNumber::new(1).unwrap(), paid(0))]);
    assert_eq!(left.clone().reverse(mistake()).unwrap_err(), BillingRefusal::PaymentHasLeft);
    let back = take(left, &[RefundStep::RecordReturned(returned(60))]);
    let recalled = back.reverse(mistake()).unwrap();
    assert_eq!((book(&recalled), recalled.clone().restore()), ((0, 0), Ok(recalled)), "the bank of the sender recalls what came back");
    let reversed = given.reverse(mistake()).unwrap();
    assert_eq!((book(&reversed), reversed.clone().restore()), ((0, 0), Ok(reversed)), "the bank took it back: nothing is due");
}

#[test]
fn stored_money_that_cannot_be_is_refused() {
    let mut sent = received(10).give_back(refund(1), yen(10), ChargeBearer::Hospital, now()).unwrap();
    assert_eq!(sent.clone().restore(), Ok(sent.clone()));
    assert_eq!(sent.refunds[0].charges_borne_by, ChargeBearer::Hospital, "as somebody said");
    sent.amount = yen(9);
    assert!(sent.restore().is_err(), "more sent back than arrived");
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
