//! Payments that are reversed: what they leave on the invoice, and where the case stands then.

use super::*;
use crate::access::Relation;
use crate::calendar::end_of_day;
use crate::case::{CaseStage, HoldReason, WaitingOn};
use crate::tests::fixtures::{advanced, application, at, by, day, invoice, opened, paid, rules};

const LATER: Date = date(2027, 1, 20);

pub(super) fn mistake() -> Reversal {
    let reversed = Act { by: UserId::from_uuid(Uuid::from_u128(1)), at: now() };
    Reversal { reason: "It was another patient's.".parse().unwrap(), reversed }
}

fn pay(invoice: Invoice, number: u128, amount: i64, tolerance: i64) -> Invoice {
    let at = now() + jiff::SignedDuration::from_secs(i64::try_from(number).unwrap());
    let id = PaymentId::from_uuid(Uuid::from_u128(number));
    let payment = Payment { id, recorded_at: at, ..transfer(&number.to_string(), amount, 0) };
    invoice.record_payment(payment, false, tolerance, TODAY, refund(number)).unwrap().invoice
}

fn reverse(invoice: &Invoice, number: u128) -> Result<Invoice, BillingRefusal> {
    invoice.clone().reverse_payment(PaymentId::from_uuid(Uuid::from_u128(number)), mistake(), 0)
}

fn open(invoice: &Invoice) -> Vec<i64> {
    invoice.refunds.iter().filter(|one| one.state.is_open()).map(|one| one.amount.amount()).collect()
}

#[test]
fn a_reversed_payment_leaves_the_books_as_they_were_and_the_paper_of_the_payment_in_place() {
    let before = issue(None);
    let back = reverse(&pay(before.clone(), 1, 110_000, 0), 1).unwrap();
    assert_eq!((back.books(), back.status(), back.owed()), (before.books(), InvoiceStatus::Issued, yen(110_000)));
    assert_eq!((back.payments.len(), back.standing_payments().count()), (1, 0));
    let longer = back.clone().payable_until(LATER);
    assert_eq!((longer.last_day(), longer.due_on), (LATER, before.due_on), "the paper stays");
    assert_eq!(longer.payable_until(before.due_on).last_day(), LATER, "never for shorter");
    assert_eq!(reverse(&back, 1), Err(BillingRefusal::PaymentReversed));
    assert_eq!(reverse(&back, 9), Err(BillingRefusal::PaymentReversed), "there is none");
    let again = pay(back, 2, 110_000, 0);
    assert_eq!((again.is_settled(), again.received()), (true, yen(110_000)));
}

#[test]
fn the_reference_of_a_reversed_payment_can_be_recorded_again() {
    let back = reverse(&pay(issue(None), 1, 110_000, 0), 1).unwrap();
    let again = transfer("1", 101_000, 0);
    assert!(back.record_payment(again, false, 0, TODAY, refund(5)).is_ok(), "a wrong amount was typed");
}

#[test]
fn what_was_paid_too_much_becomes_less() {
    let twice = pay(pay(issue(None), 1, 110_000, 0), 2, 110_000, 0);
    assert_eq!(open(&twice), [110_000]);
    let once = reverse(&twice, 1).unwrap();
    assert_eq!((open(&once), once.status(), once.last_day()), (vec![], InvoiceStatus::Paid, once.due_on));
    let more = pay(issue(None), 1, 112_000, 0);
    assert_eq!(open(&reverse(&more, 1).unwrap()), Vec::<i64>::new());
}

#[test]
fn what_the_hospital_bore_is_owed_again() {
    let borne = pay(issue(None), 1, 107_500, 2_500);
    assert_eq!(borne.shortfall, yen(2_500));
    let back = reverse(&borne, 1).unwrap();
    assert_eq!((back.shortfall, back.owed(), back.books()), (Yen::ZERO, yen(110_000), issue(None).books()));
    // The rest arrived after all, and the bank took it back: as before.
    let whole = pay(borne.clone(), 2, 2_500, 2_500);
    let id = PaymentId::from_uuid(Uuid::from_u128(2));
    let again = whole.reverse_payment(id, mistake(), 2_500).unwrap();
    assert_eq!((again.books(), again.is_settled(), again.shortfall), (borne.books(), true, yen(2_500)));
}

#[test]
fn what_two_persons_bore_is_borne_again() {
    let borne = super::write_off::written_off(&pay(issue(None), 1, 107_500, 0), 7, WriteOffReason::BankCharges).unwrap();
    let back = reverse(&pay(borne.clone(), 2, 2_500, 0), 2).unwrap();
    assert_eq!((back.books(), back.is_settled()), (borne.books(), true));
    assert_eq!(reverse(&back, 1).unwrap().owed(), yen(110_000), "they bore the rest of a transfer that is gone");
}

#[test]
fn a_payment_whose_refund_is_approved_is_not_reversed() {
    let mut invoice = pay(pay(issue(None), 1, 110_000, 0), 2, 110_000, 0);
    let steps = [
        RefundStep::ProvideDetails(super::refunds::payee(true), mistake().reversed),
        RefundStep::Request(super::refunds::request(Settlement::PayOut, mistake().reversed)),
        RefundStep::Approve(Act { by: UserId::from_uuid(Uuid::from_u128(2)), at: now() }, None, None),
    ];
    for (taken, step) in (1..).zip(steps) {
        invoice = invoice.step_refund(refund(2), step, TODAY).unwrap();
        let reversed = reverse(&invoice, 2);
        assert_eq!(reversed.is_ok(), taken <= 2, "after {taken} steps: {reversed:?}");
        if let Ok(reversed) = reversed {
            assert_eq!((open(&reversed), reversed.status()), (vec![], InvoiceStatus::Paid), "a request is withdrawn");
        }
    }
    assert_eq!(reverse(&invoice, 2), Err(BillingRefusal::RefundApproved));
    let other = reverse(&invoice, 1).unwrap();
    assert_eq!((other.owed(), open(&other)), (yen(110_000), vec![110_000]), "the refund of the other payment goes on");
}

#[test]
fn the_end_of_a_case_has_decided_on_what_was_paid_before() {
    let end = MoneyEnd { reason: RefundReason::Declined, percent_back: 100, charges_borne_by: ChargeBearer::Hospital };
    let declined = pay(issue(None), 1, 110_000, 0).end(refund(8), end, now() + jiff::SignedDuration::from_secs(5));
    assert_eq!(reverse(&declined, 1), Err(BillingRefusal::PaymentBeforeEnd));
    let over = pay(issue(None), 1, 115_000, 0);
    let twice = pay(over, 2, 5_000, 0).end(refund(8), end, now() + jiff::SignedDuration::from_secs(5));
    assert_eq!(open(&twice), [5_000, 5_000, 110_000]);
    assert_eq!(open(&reverse(&twice, 2).unwrap()), [5_000, 110_000], "on an excess the end decided nothing");
    let late = pay(declined.clone(), 9, 50_000, 0);
    assert_eq!(open(&late), [110_000, 50_000]);
    let back = reverse(&late, 9).unwrap();
    assert_eq!((open(&back), back.books()), (vec![110_000], declined.books()));
}

#[test]
fn work_that_is_not_paid_any_longer_waits_for_its_payment() {
    for stage in [CaseStage::Writing, CaseStage::InReview] {
        let reversed = |is_settled, has_money| Reversed {
            invoice: invoice(),
            payment: PaymentId::from_uuid(Uuid::from_u128(6)),
            is_settled,
            settled_on: None,
            has_money,
            payable_until: LATER,
        };
        let run =
            |reversed| at(ServiceKind::WrittenOpinion, stage).reverse_payment(&by(Relation::Billing), &rules(), day(6), reversed).unwrap();
        let back = run(reversed(false, false));
        let told: Vec<_> = back.events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(told, ["payment_reversed", "writing_stopped"]);
        assert_eq!((back.case.stage().name(), back.case.waiting_on()), (CaseStage::AwaitingPayment, WaitingOn::Applicant));
        assert_eq!(back.case.expires_at(), Some(end_of_day(LATER)));
        assert_eq!(run(reversed(false, true)).case.expires_at(), None, "with money on it it never expires");
        assert_eq!(run(reversed(true, true)).case.stage().name(), stage, "something else has paid it");
        let other = Reversed { invoice: InvoiceId::from_uuid(Uuid::from_u128(99)), ..reversed(false, false) };
        assert_eq!(run(other).case.stage().name(), stage, "of another invoice");
        let again = back.case.record_payment(&by(Relation::Billing), &rules(), day(7), paid(true)).unwrap().case;
        assert_eq!(again.stage().name(), CaseStage::Writing);
    }
}

#[test]
fn a_hold_for_slides_is_over_and_comes_back_with_the_payment() {
    let slides =
        crate::intake::Application { re_examination: Some(ReExamination { biopsy_slides: 1, resected_specimens: 0 }), ..application() };
    let held = advanced(opened(ServiceKind::WrittenOpinion, slides), CaseStage::Writing);
    let reason = |case: &crate::case::Case| case.hold_now().map(|hold| hold.reason);
    assert_eq!(reason(&held), Some(HoldReason::Slides));
    let payment = PaymentId::from_uuid(Uuid::from_u128(6));
    let reversed = Reversed { invoice: invoice(), payment, is_settled: false, settled_on: None, has_money: false, payable_until: LATER };
    let back = held.reverse_payment(&by(Relation::Billing), &rules(), day(6), reversed).unwrap().case;
    assert_eq!((reason(&back), back.expires_at()), (None, Some(end_of_day(LATER))));
    let again = back.record_payment(&by(Relation::Billing), &rules(), day(7), paid(true)).unwrap().case;
    assert_eq!(reason(&again), Some(HoldReason::Slides));
}

#[test]
fn the_due_window_follows_the_true_day_of_the_payment() {
    let writing = at(ServiceKind::WrittenOpinion, CaseStage::Writing);
    let due = |case: &crate::case::Case| case.stage().work().and_then(|work| work.due).unwrap();
    let before = due(&writing);
    let corrected = |received: Date| {
        let payment = PaymentId::from_uuid(Uuid::from_u128(6));
        let settled_on = Option::from(received);
        let reversed = Reversed { invoice: invoice(), payment, is_settled: true, settled_on, has_money: true, payable_until: LATER };
        writing.clone().reverse_payment(&by(Relation::Billing), &rules(), day(6), reversed).unwrap()
    };
    let later = corrected(date(2026, 11, 7));
    assert_eq!(due(&later.case), before.shifted(3));
    assert_eq!(later.events.len(), 2, "the new days are told");
    let same = corrected(date(2026, 11, 4));
    assert_eq!((due(&same.case), same.events.len()), (before, 1));
}

#[test]
fn a_delivered_or_ended_case_stays_where_it_is() {
    let payment = PaymentId::from_uuid(Uuid::from_u128(6));
    let reversed = Reversed { invoice: invoice(), payment, is_settled: false, settled_on: None, has_money: false, payable_until: LATER };
    for stage in [CaseStage::Delivered, CaseStage::Closed, CaseStage::Cancelled, CaseStage::Expired] {
        let back = at(ServiceKind::WrittenOpinion, stage).reverse_payment(&by(Relation::Billing), &rules(), day(6), reversed).unwrap();
        assert_eq!((back.case.stage().name(), back.events.len()), (stage, 1));
    }
}

#[test]
fn what_can_be_reversed_is_known_by_trying_it() {
    assert!(!issue(None).has_reversible_payment(), "nothing was paid");
    let paid = issue(None).record_payment(transfer("A", 110_000, 0), false, 0, TODAY, refund(1)).unwrap().invoice;
    assert!(paid.has_reversible_payment());
    let how = MoneyEnd { reason: RefundReason::Cancelled, percent_back: 50, charges_borne_by: ChargeBearer::Payee };
    assert!(!paid.end(refund(2), how, now()).has_reversible_payment(), "the end has decided on it");
}
