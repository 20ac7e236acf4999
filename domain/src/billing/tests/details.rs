//! What single fields say: balances, versions, last days, and what a corrected invoice takes over.

use super::*;
use crate::billing::fees::FeeCode;
use crate::billing::tests::credit::{new_credit, new_invoice, paper};
use crate::billing::tests::refunds::{act, payee, request};
use crate::calendar::CalendarSettings;

const BIOPSY: FeeCode = FeeCode::PathologyBiopsySlide;
const OPINION: FeeCode = FeeCode::WrittenOpinion;

fn pay(invoice: Invoice, reference: &str, amount: i64, number: u128) -> Invoice {
    let id = PaymentId::from_uuid(Uuid::from_u128(number));
    let payment = Payment { id, ..transfer(reference, amount, 0) };
    invoice.record_payment(payment, false, 0, TODAY, refund(number)).unwrap().invoice
}

fn slides(count: u16) -> Invoice {
    issue(Some(ReExamination { biopsy_slides: count, resected_specimens: 0 }))
}

#[test]
fn balances_and_postings_sum_to_what_they_are() {
    let books = Books::of([(Account::Bank, 300), (Account::Receivable, -100)]);
    assert_eq!(books.sum(), 200, "something is wrong with them, and they say so");
    let postings = [Posting { account: Account::Bank, amount: 300 }, Posting { account: Account::Cash, amount: -100 }];
    assert_eq!(Posting::sum(&postings), 200);
}

#[test]
fn the_desk_decides_on_a_short_payment_thirty_days_after_its_last_day_and_on_nothing_else() {
    let short = pay(issue(None), "A", 60_000, 1);
    assert_eq!(short.decision_due_on(30), Some(date(2027, 1, 22)), "thirty days after 23 December");
    assert_eq!(issue(None).decision_due_on(30), None, "nothing was paid");
    assert_eq!(pay(short.clone(), "B", 50_000, 2).decision_due_on(30), None, "nothing is owed");
    assert_eq!(short.clone().perform(TODAY).decision_due_on(30), None, "a claim");
    let ended = short.end(
        refund(3),
        MoneyEnd { reason: RefundReason::Declined, percent_back: 100, charges_borne_by: ChargeBearer::Hospital },
        now(),
    );
    assert_eq!(ended.decision_due_on(30), None);
}

#[test]
fn each_outcome_of_a_payment_says_what_comes_next_and_whether_it_settles() {
    let yen = super::yen(1);
    let outcomes = [
        (Outcome::Partial { remaining: yen }, "ask_payer_for_the_rest", false),
        (Outcome::Paid, "none", true),
        (Outcome::PaidWithShortfall { difference: yen }, "check_the_difference", true),
        (Outcome::Overpaid { excess: yen }, "agree_with_payer_on_the_excess", true),
        (Outcome::LateDuplicate { excess: yen }, "give_back_to_payer", true),
        (Outcome::AfterEnd { excess: yen }, "give_back_to_payer", true),
    ];
    for (outcome, next, settles) in outcomes {
        assert_eq!((outcome.next_step(), outcome.settles()), (next, settles), "{outcome:?}");
    }
}

#[test]
fn an_estimate_keeps_its_acceptance_and_its_closing() {
    let json = serde_json::json!({ "at": now(), "by": null, "payer": "applicant", "recipient": "Jane Example", "signed_on": null });
    let acceptance: EstimateAcceptance = serde_json::from_value(json).unwrap();
    let estimate = super::estimate::written();
    let accepted = estimate.clone().accept(acceptance.clone());
    assert_eq!((accepted.accepted, accepted.closed), (Some(acceptance), None));
    let closed = estimate.close(EstimateClosing::Superseded { at: now() });
    assert_eq!(closed.closed, Some(EstimateClosing::Superseded { at: now() }));
}

#[test]
fn credit_notes_name_no_line_of_which_nothing_is_taken_and_their_taxes_add_up() {
    let first = pay(slides(3), "A", 126_500, 1).credit(new_credit(7, &[(BIOPSY, 1), (OPINION, 0)])).unwrap();
    assert_eq!(first.credits[0].lines.iter().map(|line| line.quantity).collect::<Vec<_>>(), [1], "no line of nothing");
    let mut odd = slides(3);
    // 126,511 yen with an odd price: each note's tax is the tax before less the tax that remains.
    (odd.lines[1].unit_price, odd.lines[1].amount) = (yen(5_507), yen(16_521));
    (odd.total, odd.tax, odd.net) = (yen(126_521), yen(11_501), yen(115_020));
    let twice = odd.credit(new_credit(7, &[(BIOPSY, 1)])).unwrap().credit(new_credit(8, &[(BIOPSY, 2)])).unwrap();
    let taxes: i64 = twice.credits.iter().map(|note| note.tax.amount()).sum();
    assert_eq!((taxes, twice.credits[1].lines.len()), (1_501, 1), "together exactly the tax of the slides");
    let whole = twice.credit(new_credit(9, &[(OPINION, 1)])).unwrap();
    assert_eq!(whole.credits[2].lines.len(), 1);
    assert_eq!(whole.credits.iter().map(|note| note.tax.amount()).sum::<i64>(), 11_501, "in the end the invoice's own");
}

#[test]
fn the_credit_note_of_an_end_leaves_out_what_was_credited_before() {
    let less = pay(slides(1), "A", 115_500, 1).credit(new_credit(7, &[(BIOPSY, 1)])).unwrap();
    let how = MoneyEnd { reason: RefundReason::Declined, percent_back: 100, charges_borne_by: ChargeBearer::Hospital };
    let asked = less
        .end(refund(3), how, now())
        .step_refund(refund(3), RefundStep::ProvideDetails(payee(true), act(3)), TODAY)
        .and_then(|one| one.step_refund(refund(3), RefundStep::Request(request(Settlement::PayOut, act(1))), TODAY));
    let ended = asked.and_then(|one| one.step_refund(refund(3), RefundStep::Approve(act(2), Some(paper(9)), None), TODAY)).unwrap();
    let codes: Vec<FeeCode> = ended.credit_note(paper(9).id).unwrap().lines.iter().map(|line| line.code).collect();
    assert_eq!(codes, [OPINION]);
}

#[test]
fn money_that_was_about_to_go_back_is_kept_as_far_as_it_is_owed_again() {
    let credited = pay(pay(slides(4), "A", 100_000, 1), "B", 32_000, 2).credit(new_credit(7, &[(BIOPSY, 1)])).unwrap();
    let twice = credited.credit(new_credit(8, &[(BIOPSY, 1)])).unwrap();
    let open =
        |invoice: &Invoice| -> Vec<(i64, RefundState)> { invoice.refunds.iter().map(|one| (one.amount.amount(), one.state)).collect() };
    assert_eq!(open(&twice), [(5_500, RefundState::Due), (5_500, RefundState::Due)]);
    let versions = |invoice: &Invoice| invoice.refunds.iter().map(|one| one.version).collect::<Vec<_>>();
    assert_eq!(versions(&twice), [1, 1]);
    let small = PaymentId::from_uuid(Uuid::from_u128(2));
    let kept = twice.reverse_payment(small, super::reversal::mistake(), 0).unwrap();
    assert_eq!(open(&kept), [(5_500, RefundState::Withdrawn), (5_500, RefundState::Withdrawn)], "32,000 are owed again");
    assert_eq!((versions(&kept), kept.owed()), (vec![2, 2], yen(21_000)));
}

#[test]
fn a_request_that_is_taken_back_counts_as_a_change() {
    let asked = pay(issue(None), "A", 112_000, 1)
        .step_refund(refund(1), RefundStep::ProvideDetails(payee(true), act(3)), TODAY)
        .and_then(|one| one.step_refund(refund(1), RefundStep::Request(request(Settlement::PayOut, act(1))), TODAY))
        .unwrap();
    let one = asked.refund(refund(1)).unwrap();
    assert_eq!((one.version, one.is_prepared_by(act(1).by), one.is_prepared_by(act(3).by)), (3, true, true));
    assert!(!one.is_prepared_by(act(2).by), "the second person is another");
    assert!(!one.came_back());
    let mut taken = one.clone();
    taken.take_request_back(RefundState::Due);
    assert_eq!(taken.version, 4);
    taken.lessen(500);
    assert_eq!((taken.version, taken.amount), (5, yen(1_500)));
}

#[test]
fn money_that_left_and_came_back_says_so_until_it_leaves_again() {
    let steps = [
        RefundStep::ProvideDetails(payee(true), act(3)),
        RefundStep::Request(request(Settlement::PayOut, act(1))),
        RefundStep::Approve(act(2), None, None),
        RefundStep::RecordPaid(RefundNumber::new(1).unwrap(), super::refunds::paid(0)),
    ];
    let take = |invoice: Invoice, step: &RefundStep| invoice.step_refund(refund(1), step.clone(), TODAY).unwrap();
    let gone = steps.iter().fold(pay(issue(None), "A", 112_000, 1), take);
    assert!(!gone.refund(refund(1)).unwrap().came_back());
    let back = take(gone, &RefundStep::RecordReturned(super::refunds::returned(1_500)));
    assert!(back.refund(refund(1)).unwrap().came_back());
    let again = steps.iter().fold(back, take);
    assert!(!again.refund(refund(1)).unwrap().came_back());
}

#[test]
fn a_corrected_invoice_has_its_own_paper_and_the_last_day_of_the_first() {
    let first = issue(None).payable_until(date(2027, 2, 1));
    let later = Act { at: "2026-11-30T02:00:00Z".parse().unwrap(), ..act(1) };
    let bank = BankAccount { number: "7654321".to_owned(), ..settings().billing.bank };
    let issuer = Issuer { name: "Example Hospital East".to_owned(), ..settings().billing.issuer };
    let third_party = Some(ThirdParty::default());
    let how = Reissue { by: later, bank: bank.clone(), issuer: issuer.clone(), third_party, ..new_invoice(77, 0) };
    let first = Invoice { version: 7, ..first };
    let (old, new) = first.reissue(how).unwrap();
    assert_eq!((new.issued_on, new.due_on, new.payable_until), (date(2026, 11, 30), date(2027, 2, 1), None));
    assert_eq!((new.recipient.to_string(), new.bank.clone()), ("Jane Example-Smith\n1 Example Street".to_owned(), bank));
    assert_eq!((new.replaces, new.replaced_by, old.replaced_by), (Some(old.id), None, Some(new.id)));
    assert_eq!((new.version, new.number, new.id), (1, InvoiceNumber::new(77).unwrap(), InvoiceId::from_uuid(Uuid::from_u128(77))));
    assert_eq!((old.number, &new.issuer), (InvoiceNumber::new(123).unwrap(), &issuer));
    assert_eq!(new.third_party, Some(ThirdParty::default()), "a company pays from now on");
    let (middle, last) = new.reissue(new_invoice(78, 0)).unwrap();
    assert_eq!((middle.replaced_by, last.replaced_by, last.replaces), (Some(last.id), None, Some(middle.id)));
    assert_eq!(last.third_party, Some(ThirdParty::default()), "nothing of this changes");
}

#[test]
fn money_that_came_with_the_end_was_decided_on_by_it() {
    let paid = pay(issue(None), "A", 110_000, 1);
    let how = MoneyEnd { reason: RefundReason::Cancelled, percent_back: 0, charges_borne_by: ChargeBearer::Payee };
    // The payment was recorded at the very instant of the end.
    let ended = paid.end(refund(3), how, now());
    let reversed = ended.reverse_payment(PaymentId::from_uuid(Uuid::from_u128(1)), super::reversal::mistake(), 0);
    assert_eq!(reversed.unwrap_err(), BillingRefusal::PaymentBeforeEnd);
    let later = pay(issue(None).end(refund(3), how, now()), "B", 5_000, 4);
    let after = later.reverse_payment(PaymentId::from_uuid(Uuid::from_u128(4)), super::reversal::mistake(), 0).unwrap();
    assert_eq!(after.received(), Yen::ZERO, "nobody has decided about this money");
}

#[test]
fn an_invoice_knows_whether_money_is_on_it_and_since_when_it_is_settled() {
    let short = pay(issue(None), "A", 60_000, 1);
    assert_eq!((issue(None).has_money(), short.has_money(), short.settled_on()), (false, true, None));
    let later = Payment { id: PaymentId::from_uuid(Uuid::from_u128(2)), received_on: date(2026, 11, 20), ..transfer("B", 50_000, 0) };
    let settled = short.record_payment(later, false, 0, TODAY, refund(2)).unwrap().invoice;
    assert_eq!(settled.settled_on(), Some(TODAY), "the later of the two days");
    let gone = RefundStep::RecordPaid(RefundNumber::new(1).unwrap(), super::refunds::paid(0));
    let how = MoneyEnd { reason: RefundReason::Declined, percent_back: 100, charges_borne_by: ChargeBearer::Hospital };
    let steps = [
        RefundStep::ProvideDetails(payee(true), act(3)),
        RefundStep::Request(request(Settlement::PayOut, act(1))),
        RefundStep::Approve(act(2), Some(paper(9)), None),
        gone,
    ];
    let back = steps.into_iter().fold(settled.end(refund(3), how, now()), |one, step| one.step_refund(refund(3), step, TODAY).unwrap());
    assert!(!back.has_money(), "all of it has left");
}

#[test]
fn a_last_day_moves_later_and_never_to_where_it_is() {
    let same = issue(None).payable_until(date(2026, 12, 23));
    assert_eq!(same.payable_until, None);
    let later = issue(None).payable_until(date(2026, 12, 24));
    assert_eq!((later.payable_until, later.payable_until(date(2026, 12, 1)).last_day()), (Some(date(2026, 12, 24)), date(2026, 12, 24)));
}

#[test]
fn a_rest_that_was_borne_is_borne_again_only_while_the_case_goes_on_and_by_decision() {
    let short = |amount: i64| {
        let invoice = pay(issue(None), "A", 55_000, 1);
        let payment = Payment { id: PaymentId::from_uuid(Uuid::from_u128(2)), ..transfer("B", amount, 0) };
        invoice.record_payment(payment, false, 2_500, TODAY, refund(2)).unwrap().invoice
    };
    let more = pay(short(53_000), "C", 55_000, 4);
    let again = more.clone().reverse_payment(PaymentId::from_uuid(Uuid::from_u128(4)), super::reversal::mistake(), 2_500).unwrap();
    assert_eq!((again.shortfall, again.owed()), (yen(2_000), Yen::ZERO), "within the tolerance");
    let strict = more.reverse_payment(PaymentId::from_uuid(Uuid::from_u128(4)), super::reversal::mistake(), 0).unwrap();
    assert_eq!((strict.shortfall, strict.owed()), (Yen::ZERO, yen(2_000)));
    let how = MoneyEnd { reason: RefundReason::Declined, percent_back: 100, charges_borne_by: ChargeBearer::Hospital };
    let lapsed = pay(issue(None).end(refund(3), how, now()), "D", 109_000, 5);
    let gone = lapsed.reverse_payment(PaymentId::from_uuid(Uuid::from_u128(5)), super::reversal::mistake(), 2_500).unwrap();
    assert_eq!(gone.shortfall, Yen::ZERO, "after the end nothing is borne");
    // Bank charges that two persons bore are borne again; what they decided for another reason is not.
    let written = super::write_off::written_off(&pay(issue(None), "E", 107_500, 6), 60, WriteOffReason::BankCharges).unwrap();
    let doubled = pay(written, "F", 107_500, 7);
    let back = doubled.reverse_payment(PaymentId::from_uuid(Uuid::from_u128(7)), super::reversal::mistake(), 0).unwrap();
    assert_eq!((back.shortfall, back.is_settled()), (yen(2_500), true));
}

#[test]
fn a_hospital_can_invoice_once_it_says_who_issues_and_where_to_pay() {
    let both = settings().billing;
    assert!(both.can_invoice());
    assert!(!BillingSettings { bank: BankAccount::default(), ..both.clone() }.can_invoice());
    assert!(!BillingSettings { issuer: Issuer::default(), ..both }.can_invoice());
}

#[test]
fn an_invoice_charges_for_the_slides_that_are_left_on_it() {
    let both = ReExamination { biopsy_slides: 3, resected_specimens: 1 };
    let invoice = issue(Some(both));
    assert_eq!((invoice.charged_slides(), issue(None).charged_slides()), (both, ReExamination::NONE));
    let less = invoice.clone().credit(new_credit(7, &[(BIOPSY, 1)])).unwrap();
    let left = ReExamination { biopsy_slides: 2, resected_specimens: 1 };
    assert_eq!((less.charged_slides(), less.supplement().slides), (left, left));
    let (old, new) = less.reissue(new_invoice(77, 0)).unwrap();
    assert_eq!((old.charged_slides(), new.charged_slides()), (ReExamination::NONE, left));
    let how = MoneyEnd { reason: RefundReason::Declined, percent_back: 100, charges_borne_by: ChargeBearer::Hospital };
    let ended = new.end(refund(3), how, now());
    assert_eq!((ended.charged_slides(), ended.slides()), (ReExamination::NONE, left), "what it charged for before its end");
}

#[test]
fn an_addition_lapses_at_noon_of_the_working_day_after_the_last_day() {
    let at = |due: Date| issue(None).payable_until(due).addition_lapses_at(&CalendarSettings::default());
    assert_eq!(issue(None).addition_lapses_at(&CalendarSettings::default()), "2026-12-24T03:00:00Z".parse().unwrap());
    assert_eq!(at(date(2026, 12, 25)), "2026-12-28T03:00:00Z".parse().unwrap(), "a Friday: Monday at noon");
    assert_eq!(at(date(2026, 12, 28)), "2027-01-04T03:00:00Z".parse().unwrap(), "New Year");
}

#[test]
fn fewer_slides_are_priced_as_they_were_agreed_on() {
    let schedule = FeeSchedule::seed(FeeScheduleId::from_uuid(Uuid::nil()));
    let slides = ReExamination { biopsy_slides: 3, resected_specimens: 1 };
    let wanted = QuoteRequest { kind: ServiceKind::WrittenOpinion, additional_half_hours: 0, re_examination: Some(slides) };
    let priced = Pricing::calculate(&schedule, wanted, now()).unwrap();
    let fewer = |biopsy_slides, resected_specimens| {
        let fewer = priced.clone().for_slides(ReExamination { biopsy_slides, resected_specimens }).unwrap();
        (fewer.total.amount(), fewer.lines.len())
    };
    assert_eq!([fewer(3, 1), fewer(2, 1), fewer(0, 1), fewer(0, 0)], [(137_500, 3), (132_000, 3), (121_000, 2), (110_000, 1)]);
    assert_eq!(fewer(9, 9), (137_500, 3), "never more than were agreed on");
    let alone = Pricing::of_slides(&schedule, wanted, now()).unwrap();
    assert_eq!((alone.total.amount(), alone.lines.len()), (27_500, 2));
    assert_eq!(alone.included, [crate::billing::fees::Coverage::ReExamination]);
}

#[test]
fn a_write_off_knows_who_asked_for_it() {
    let short = pay(issue(None), "A", 107_500, 1);
    let new = NewWriteOff {
        id: crate::ids::WriteOffId::from_uuid(Uuid::nil()),
        reason: WriteOffReason::BankCharges,
        text: "The banks kept it.".parse().unwrap(),
        requested: act(1),
    };
    let asked = short.request_write_off(new, 5_000).unwrap();
    let pending = asked.pending_write_off().unwrap();
    assert!(pending.is_requested_by(act(1).by) && !pending.is_requested_by(act(2).by));
}

#[test]
fn a_refund_comes_back_with_no_more_than_left() {
    let steps = [
        RefundStep::ProvideDetails(payee(true), act(3)),
        RefundStep::Request(request(Settlement::PayOut, act(1))),
        RefundStep::Approve(act(2), None, None),
        RefundStep::RecordPaid(RefundNumber::new(1).unwrap(), super::refunds::paid(0)),
    ];
    let gone = steps.into_iter().fold(pay(issue(None), "A", 112_000, 1), |one, step| one.step_refund(refund(1), step, TODAY).unwrap());
    let back = |arrived| gone.clone().step_refund(refund(1), RefundStep::RecordReturned(super::refunds::returned(arrived)), TODAY);
    assert!(back(2_000).is_ok(), "all of it");
    assert_eq!(back(2_001).unwrap_err(), [BillingRefusal::MoreReturnedThanPaid]);
}

#[test]
fn a_fault_of_terms_names_its_field_and_its_rule_and_a_version_is_one_however_it_is_written() {
    let places = [
        (TermsFault::InThePast, ("/effective_on", "terms_in_the_past")),
        (TermsFault::PercentOutOfRange("/a"), ("/a", "percent_out_of_range")),
        (TermsFault::PercentRises("/b"), ("/b", "percent_rises")),
        (TermsFault::StepsOutOfOrder, ("/cancellation_policy/visit_steps", "steps_out_of_order")),
    ];
    for (fault, place) in places {
        assert_eq!(fault.place(), place);
    }
    let terms = |version: &str| {
        let seed = Terms::seed(crate::ids::TermsId::from_uuid(Uuid::nil()), CancellationPolicy::default(), now()).unwrap();
        Terms { version: version.parse().unwrap(), ..seed }.version_key()
    };
    assert_eq!(terms("2027-A"), terms("2027 a"));
    assert_ne!(terms("2027-A"), terms("2027-B"));
    let flat =
        CancellationPolicy { before_work_percent: 50, during_work_percent: 50, after_work_percent: 50, ..CancellationPolicy::default() };
    let seed = Terms::seed(crate::ids::TermsId::from_uuid(Uuid::nil()), flat, now()).unwrap();
    assert_eq!(seed.faults(seed.effective_on), [], "the same share all along rises nowhere");
}

#[test]
fn a_corrected_invoice_leaves_out_what_was_credited_whole() {
    let less = slides(2).credit(new_credit(7, &[(BIOPSY, 2)])).unwrap();
    let (_, new) = less.reissue(new_invoice(77, 0)).unwrap();
    assert_eq!(new.lines.iter().map(|line| (line.code, line.quantity)).collect::<Vec<_>>(), [(OPINION, 1)]);
}

#[test]
fn slides_are_performed_alone_and_only_once() {
    let examined = pay(slides(2), "A", 121_000, 1).perform_slides(TODAY);
    assert_eq!(examined.performed(), super::yen(11_000));
    let later = date(2026, 12, 24);
    let delivered = examined.perform(later);
    let days: Vec<_> = delivered.lines.iter().map(|line| (line.code, line.performed_on)).collect();
    assert_eq!(days, [(OPINION, Some(later)), (BIOPSY, Some(TODAY))], "what was performed before keeps its day");
}

#[test]
fn a_payment_is_received_at_most_a_year_before_its_invoice() {
    let on = |days: i64| {
        let received_on = TODAY.saturating_sub(jiff::Span::new().days(days));
        issue(None).record_payment(Payment { received_on, ..transfer("A", 1, 0) }, false, 0, TODAY, refund(1)).map(drop)
    };
    let most = crate::billing::payment::EARLIEST;
    assert_eq!((on(0), on(most)), (Ok(()), Ok(())));
    assert_eq!(on(most + 1).unwrap_err(), [BillingRefusal::ReceivedTooEarly]);
}
