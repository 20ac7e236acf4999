//! The books of an invoice, to the yen, and what must hold of them whatever happens.

use proptest::prelude::*;

use super::*;
use crate::billing::fees::FeeCode;

fn paid(reference: &str, amount: i64) -> Invoice {
    issue(None).record_payment(transfer(reference, amount, 0), false, 0, TODAY, refund(1)).unwrap().invoice
}

fn act(number: u128) -> Act {
    Act { by: UserId::from_uuid(Uuid::from_u128(number)), at: now() }
}

fn ended(invoice: Invoice, reason: RefundReason, percent_back: u8) -> Invoice {
    let charges_borne_by = ChargeBearer::Hospital;
    invoice.end(refund(2), MoneyEnd { reason, percent_back, charges_borne_by }, now())
}

fn open_refunds(invoice: &Invoice) -> Vec<(RefundReason, i64)> {
    invoice.refunds.iter().filter(|one| one.state.is_open()).map(|one| (one.reason, one.amount.amount())).collect()
}

#[test]
fn a_payment_is_an_advance_until_the_service_is_performed() {
    let advance = paid("A", 110_000);
    assert_eq!(balances(&advance), [(Account::AdvancesReceived, -110_000), (Account::Bank, 110_000)]);
    let performed = advance.perform(TODAY);
    assert_eq!(balances(&performed), [(Account::Bank, 110_000), (Account::Revenue, -100_000), (Account::ConsumptionTax, -10_000)]);
    assert!(performed.is_finished());
}

/// Story: short by charges, then overpaid.
#[test]
fn a_short_and_an_excessive_payment_are_booked_where_they_belong() {
    let short = paid("A", 107_500);
    assert_eq!(
        balances(&short),
        [(Account::Receivable, 2_500), (Account::AdvancesBilled, -2_500), (Account::AdvancesReceived, -107_500), (Account::Bank, 107_500)]
    );
    let over = short.clone().record_payment(transfer("B", 4_500, 0), false, 0, TODAY, refund(3)).unwrap().invoice;
    let postings = short.books().postings_to(&over.books());
    let expected = [
        (Account::Receivable, -2_500),
        (Account::AdvancesBilled, 2_500),
        (Account::AdvancesReceived, -2_500),
        (Account::Overpayments, -2_000),
        (Account::Bank, 4_500),
    ];
    assert_eq!(postings, expected.map(|(account, amount)| Posting { account, amount }));
    assert_eq!(open_refunds(&over), [(RefundReason::Overpaid, 2_000)]);
    assert!(!over.perform(TODAY).is_finished(), "2,000 yen are somebody's");
}

#[test]
fn a_decline_gives_back_what_arrived_and_lets_the_rest_lapse() {
    let declined = ended(paid("A", 110_000), RefundReason::Declined, 100);
    assert_eq!(balances(&declined), [(Account::RefundsPayable, -110_000), (Account::Bank, 110_000)]);
    assert_eq!((declined.status(), open_refunds(&declined)), (InvoiceStatus::Credited, vec![(RefundReason::Declined, 110_000)]));
    let part = ended(paid("A", 107_500), RefundReason::Cancelled, 100);
    assert_eq!(balances(&part), [(Account::RefundsPayable, -107_500), (Account::Bank, 107_500)]);
    let unpaid = ended(issue(None), RefundReason::Cancelled, 100);
    assert_eq!((balances(&unpaid), unpaid.status(), unpaid.owed()), (vec![], InvoiceStatus::Lapsed, Yen::ZERO));
    assert_eq!(ended(declined.clone(), RefundReason::Cancelled, 0), declined, "it ends once");
}

#[test]
fn money_that_never_arrived_is_not_given_back() {
    let borne = issue(None).record_payment(transfer("A", 107_500, 2_500), false, 2_500, TODAY, refund(1)).unwrap().invoice;
    assert_eq!(borne.books().balance(Account::BankCharges), 2_500);
    let declined = ended(borne, RefundReason::Declined, 100);
    assert_eq!(balances(&declined), [(Account::RefundsPayable, -107_500), (Account::Bank, 107_500)]);
}

#[test]
fn a_share_that_is_kept_is_a_cancellation_fee_rounded_down() {
    let cancelled = ended(paid("A", 110_000), RefundReason::Cancelled, 50);
    assert_eq!(
        balances(&cancelled),
        [(Account::RefundsPayable, -55_000), (Account::Bank, 110_000), (Account::CancellationIncome, -55_000)]
    );
    let odd = ended(paid("A", 33_333), RefundReason::Cancelled, 50);
    assert_eq!((odd.kept(), open_refunds(&odd)), (yen(16_666), vec![(RefundReason::Cancelled, 16_667)]));
    let all = ended(paid("A", 110_000), RefundReason::Cancelled, 0);
    assert_eq!((all.kept(), open_refunds(&all)), (yen(110_000), vec![(RefundReason::Cancelled, 0)]));
}

#[test]
fn what_was_performed_stays_owed_after_the_end() {
    let performed = paid("A", 107_500).perform(TODAY);
    let ended = ended(performed.clone(), RefundReason::Cancelled, 100);
    assert_eq!(ended.books(), performed.books());
    assert_eq!((ended.owed(), ended.status()), (yen(2_500), InvoiceStatus::PartlyPaid));
}

#[test]
fn a_payment_after_the_end_is_an_overpayment_and_a_lapsed_invoice_can_be_owed_again() {
    let lapsed = ended(issue(None), RefundReason::Cancelled, 100);
    let late = lapsed.clone().record_payment(transfer("A", 110_000, 0), false, 0, TODAY, refund(3)).unwrap();
    assert_eq!(late.outcome, Outcome::AfterEnd { excess: yen(110_000) });
    assert_eq!(balances(&late.invoice), [(Account::Overpayments, -110_000), (Account::Bank, 110_000)]);
    assert_eq!(open_refunds(&late.invoice), [(RefundReason::AfterEnd, 110_000)]);
    let revived = lapsed.revive().unwrap();
    assert_eq!((revived.owed(), revived.status()), (yen(110_000), InvoiceStatus::Issued));
    for other in [revived, ended(paid("A", 1), RefundReason::Cancelled, 100)] {
        assert_eq!(other.revive().unwrap_err(), BillingRefusal::NotLapsed);
    }
}

#[test]
fn slides_that_nobody_examined_are_given_back_whole() {
    let slides = issue(Some(ReExamination { biopsy_slides: 1, resected_specimens: 1 }));
    let paid = slides.record_payment(transfer("A", 126_500, 0), false, 0, TODAY, refund(1)).unwrap().invoice;
    let cancelled = ended(paid, RefundReason::Cancelled, 50);
    assert_eq!((cancelled.kept(), open_refunds(&cancelled)), (yen(55_000), vec![(RefundReason::Cancelled, 71_500)]));
}

#[test]
fn the_rest_that_the_hospital_bore_is_paid_when_it_arrives_after_all() {
    let borne = issue(None).record_payment(transfer("A", 107_500, 1_500), false, 2_500, TODAY, refund(1)).unwrap().invoice;
    let rest = |amount| borne.clone().record_payment(transfer("B", amount, 0), false, 0, TODAY, refund(2)).unwrap();
    let whole = rest(2_500);
    assert_eq!((whole.outcome, whole.invoice.shortfall), (Outcome::Paid, Yen::ZERO));
    assert_eq!(balances(&whole.invoice), [(Account::AdvancesReceived, -110_000), (Account::Bank, 110_000)]);
    let part = rest(2_000).invoice;
    assert_eq!((part.shortfall, part.shortfall_charge, part.excess()), (yen(500), yen(500), Yen::ZERO));
    let more = rest(3_000);
    assert_eq!((more.outcome, open_refunds(&more.invoice)), (Outcome::Overpaid { excess: yen(500) }, vec![(RefundReason::Overpaid, 500)]));
}

#[test]
fn a_fee_is_not_kept_when_the_case_goes_on() {
    let cancelled = ended(paid("A", 110_000), RefundReason::Cancelled, 50);
    let released = cancelled.release_fee(refund(4), now());
    assert_eq!(balances(&released), [(Account::RefundsPayable, -110_000), (Account::Bank, 110_000)]);
    assert_eq!(open_refunds(&released), [(RefundReason::Cancelled, 55_000), (RefundReason::Cancelled, 55_000)]);
    assert_eq!(released.clone().release_fee(refund(5), now()), released, "once");
}

#[test]
fn money_that_came_after_the_end_pays_the_reopened_invoice_even_if_somebody_asked_for_it_back() {
    let late = ended(issue(None), RefundReason::Cancelled, 100);
    let late = late.record_payment(transfer("A", 110_000, 0), false, 0, TODAY, refund(3)).unwrap().invoice;
    let details = late.step_refund(refund(3), RefundStep::ProvideDetails(super::refunds::payee(true), act(3)), TODAY).unwrap();
    let asked = super::refunds::request(Settlement::PayOut, act(1));
    let asked = details.step_refund(refund(3), RefundStep::Request(asked), TODAY).unwrap();
    let back = asked.reopen(TODAY).unwrap();
    assert_eq!((back.is_settled(), back.status(), open_refunds(&back)), (true, InvoiceStatus::Paid, vec![]));
}

#[test]
fn an_end_that_is_taken_back_leaves_the_books_as_they_were() {
    let until = date(2027, 1, 5);
    for (before, percent) in [(paid("A", 110_000), 50), (paid("A", 110_000), 0), (paid("A", 107_500), 100), (issue(None), 100)] {
        let back = ended(before.clone(), RefundReason::Cancelled, percent).reopen(until).unwrap();
        assert_eq!((back.books(), back.status(), open_refunds(&back)), (before.books(), before.status(), vec![]));
        let last_day = if before.is_settled() { before.due_on } else { until };
        assert_eq!((back.last_day(), back.due_on), (last_day, before.due_on), "the paper stays as it is");
    }
    assert_eq!(paid("A", 1).reopen(until), Ok(paid("A", 1)), "it did not end");
    let late = ended(issue(None), RefundReason::Cancelled, 100);
    let late = late.record_payment(transfer("A", 110_500, 0), false, 0, TODAY, refund(3)).unwrap().invoice;
    let back = late.reopen(until).unwrap();
    assert_eq!((back.is_settled(), open_refunds(&back)), (true, vec![(RefundReason::AfterEnd, 500)]), "what came since pays it");
}

#[test]
fn an_end_whose_refund_is_approved_is_not_taken_back() {
    let steps = [
        RefundStep::ProvideDetails(super::refunds::payee(true), act(3)),
        RefundStep::Request(super::refunds::request(Settlement::PayOut, act(1))),
        RefundStep::Approve(act(2), None, None),
        RefundStep::RecordPaid(RefundNumber::new(1).unwrap(), super::refunds::paid(0)),
    ];
    let mut invoice = ended(paid("A", 110_000), RefundReason::Declined, 100);
    for (taken, step) in (1..).zip(steps) {
        invoice = invoice.step_refund(refund(2), step, TODAY).unwrap();
        let reopened = invoice.clone().reopen(TODAY);
        assert_eq!(reopened.is_ok(), taken <= 2, "after {taken} steps: {reopened:?}");
    }
    assert_eq!(invoice.clone().perform(TODAY), invoice, "a later invoice charges for its services");
}

#[test]
fn an_invoice_that_gave_back_more_than_it_received_is_refused() {
    let mut declined = ended(paid("A", 110_000), RefundReason::Declined, 100);
    assert_eq!(declined.clone().restore(), Ok(declined.clone()));
    declined.refunds[0].amount = yen(110_001);
    assert!(declined.restore().is_err());
    let mut performed = ended(issue(None), RefundReason::Cancelled, 100);
    performed.lines[0].performed_on = Some(TODAY);
    assert!(performed.restore().is_err(), "a lapsed line was not performed");
}

/// Something that happens to an invoice.
#[derive(Clone, Debug)]
enum Happens {
    Payment { method: PaymentMethod, amount: i64, charge: i64 },
    Performed,
    Ended { declined: bool, percent_back: u8 },
    Revived,
    Reopened,
    Reversed { which: usize },
    WrittenOff { reason: WriteOffReason },
    Credited { code: FeeCode, quantity: u32 },
    Reissued,
    Refund { which: usize, step: u8, charge: i64 },
}

fn happens() -> impl Strategy<Value = Happens> {
    let method = || proptest::sample::select(PaymentMethod::ALL);
    prop_oneof![
        5 => (method(), 0_i64..=90_000, 0_i64..=3_000).prop_map(|(method, amount, charge)| Happens::Payment { method, amount, charge }),
        1 => Just(Happens::Performed),
        1 => (any::<bool>(), 0_u8..=100).prop_map(|(declined, percent_back)| Happens::Ended { declined, percent_back }),
        1 => Just(Happens::Revived),
        1 => Just(Happens::Reopened),
        2 => (0_usize..6).prop_map(|which| Happens::Reversed { which }),
        2 => proptest::sample::select(WriteOffReason::ALL).prop_map(|reason| Happens::WrittenOff { reason }),
        2 => (proptest::sample::select(FeeCode::ALL), 0_u32..=20).prop_map(|(code, quantity)| Happens::Credited { code, quantity }),
        1 => Just(Happens::Reissued),
        8 => (0_usize..6, 0_u8..10, 0_i64..=2_000).prop_map(|(which, step, charge)| Happens::Refund { which, step, charge }),
    ]
}

/// The invoice afterwards; as it was if it refuses.
fn after(invoice: &Invoice, index: u128, happens: &Happens, tolerance: i64) -> Invoice {
    let before = invoice.clone();
    match happens {
        Happens::Payment { method, amount, charge } => {
            let bank_charge = if *method == PaymentMethod::BankTransfer { *charge } else { 0 };
            let payment = Payment { method: *method, ..transfer(&index.to_string(), *amount, bank_charge) };
            before.record_payment(payment, false, tolerance, TODAY, refund(index)).map_or(invoice.clone(), |done| done.invoice)
        }
        Happens::Performed if invoice.end.is_none() => before.perform(TODAY),
        Happens::Performed => before,
        Happens::Ended { declined, percent_back } => {
            let reason = if *declined { RefundReason::Declined } else { RefundReason::Cancelled };
            let charges_borne_by = if *declined { ChargeBearer::Hospital } else { ChargeBearer::Payee };
            before.end(refund(index), MoneyEnd { reason, percent_back: *percent_back, charges_borne_by }, now())
        }
        Happens::Reopened => before.reopen(TODAY).unwrap_or_else(|_| invoice.clone().release_fee(refund(index), now())),
        Happens::Reversed { which } => {
            let Some(payment) = invoice.payments.get(*which) else { return before };
            before.reverse_payment(payment.id, super::reversal::mistake(), tolerance).unwrap_or(invoice.clone())
        }
        Happens::WrittenOff { reason } => super::write_off::written_off(&before, index, *reason).unwrap_or(before),
        Happens::Credited { code, quantity } => {
            before.credit(super::credit::new_credit(index, &[(*code, *quantity)])).unwrap_or(invoice.clone())
        }
        Happens::Reissued => {
            let Ok((old, new)) = before.reissue(super::credit::new_invoice(index, invoice.payments.len())) else { return invoice.clone() };
            assert_eq!((old.books(), new.books()), (Books::default(), invoice.books()), "no account changes");
            new
        }
        Happens::Revived => before.revive().unwrap_or(invoice.clone()),
        Happens::Refund { which, step, charge } => {
            let Some(one) = invoice.refunds.get(*which) else { return before };
            let raise = (*charge > 1_000).then(|| Raise { by: yen(charge * 10), reason: "The family is in need.".parse().unwrap() });
            let charge = if one.charges_borne_by == ChargeBearer::Hospital { *charge } else { 0 };
            let asked = |settlement| {
                let raise = raise.clone().filter(|_| settlement == Settlement::PayOut);
                RefundStep::Request(RefundRequest { raise, ..super::refunds::request(settlement, act(1)) })
            };
            let step = match step {
                0 => RefundStep::ProvideDetails(super::refunds::payee(true), act(3)),
                1 => asked(Settlement::PayOut),
                2 => asked(Settlement::GivenUpByPayer),
                3 => asked(Settlement::Unclaimed),
                8 => asked(Settlement::ApplyToInvoice),
                9 => return before.unapply(one.id).unwrap_or(invoice.clone()),
                4 => RefundStep::Approve(
                    act(2),
                    invoice.needs_credit_note(one.id).then(|| super::credit::paper(index)),
                    invoice.needs_fee_paper(one.id).then(|| FeeNumber::new(1).unwrap()),
                ),
                5 => RefundStep::Reject(Rejection { reason: "No.".parse().unwrap(), rejected: act(2) }),
                6 => RefundStep::RecordPaid(RefundNumber::new(1).unwrap(), super::refunds::paid(charge)),
                _ => RefundStep::RecordReturned(super::refunds::returned(one.amount.amount() / 2)),
            };
            before.step_refund(one.id, step, TODAY).unwrap_or(invoice.clone())
        }
    }
}

/// The list that each account equals, worked out without the books.
fn lists(invoice: &Invoice) -> [(Account, i64); 5] {
    let sum =
        |wanted: &dyn Fn(&Refund) -> bool| -> i64 { invoice.refunds.iter().filter(|one| wanted(one)).map(|one| one.amount.amount()).sum() };
    let may_be_decided = |one: &Refund| matches!(one.reason, RefundReason::Overpaid | RefundReason::AfterEnd);
    let undecided = |one: &Refund| one.state == RefundState::Due && may_be_decided(one);
    let payable = |one: &Refund| (one.state.is_open() || one.state == RefundState::Unclaimed) && !undecided(one);
    [
        (Account::Receivable, invoice.owed().amount()),
        (Account::Overpayments, -sum(&undecided)),
        (Account::RefundsPayable, -sum(&payable)),
        (Account::BadDebts, invoice.bad_debt.amount()),
        (Account::CancellationIncome, -invoice.end.map_or(0, |end| end.kept.amount())),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_the_books_sum_to_zero_and_each_account_equals_its_list(
        slides in 0_u16..=200,
        tolerance in 0_i64..=5_000,
        story in proptest::collection::vec(happens(), 0..40),
    ) {
        let slides = (slides > 0).then_some(ReExamination { biopsy_slides: slides, resected_specimens: 0 });
        let mut invoice = issue(slides);
        let mut postings = Books::default().postings_to(&invoice.books());
        for (index, happens) in (10_u128..).zip(&story) {
            let next = after(&invoice, index, happens, tolerance);
            let booked = invoice.books().postings_to(&next.books());
            prop_assert_eq!(Posting::sum(&booked), 0, "{:?}", happens);
            postings.extend(booked);
            invoice = next;
            let books = invoice.books();
            for (account, amount) in lists(&invoice) {
                prop_assert_eq!(books.balance(account), amount, "{:?} after {:?}", account, happens);
            }
            let booked = Books::of(postings.iter().map(|posting| (posting.account, posting.amount)));
            prop_assert!(Account::ALL.iter().all(|account| booked.balance(*account) == books.balance(*account)));
            prop_assert!(invoice.fee_paper().is_none_or(|paper| paper.amount == invoice.kept()), "a paper of another fee: {:?}", happens);
            let tax = invoice.performed().tax_included();
            prop_assert_eq!(books.balance(Account::Revenue), -tax.net.amount());
            prop_assert_eq!(books.balance(Account::ConsumptionTax), -tax.tax.amount());
            let arrived: i64 = invoice.standing_payments().map(|payment| payment.amount.amount()).sum();
            let given: i64 = invoice.refunds.iter().filter(|one| one.state != RefundState::Withdrawn).map(|one| one.amount.amount()).sum();
            prop_assert!(given <= arrived, "{given} of {arrived} are given back");
            let text = serde_json::to_string(&invoice).unwrap();
            let stored = serde_json::from_str::<Invoice>(&text).unwrap().restore();
            prop_assert_eq!(stored, Ok(invoice.clone()));
        }
    }
}
