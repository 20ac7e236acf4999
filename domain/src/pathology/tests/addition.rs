//! Slides beside those that were agreed on: their estimate, their invoice, and what becomes of them.

use super::*;

#[test]
fn an_addition_is_estimated_agreed_invoiced_paid_and_then_counts() {
    let proposed = propose(at(WRITTEN, CaseStage::Writing), slides(2, 1), true).unwrap().case;
    let estimated = estimate(proposed.clone());
    assert_eq!((estimated.waiting_on(), estimated.expires_at()), (WaitingOn::Applicant, None), "the case itself waits for nobody");
    assert_eq!(estimated.estimate().map(|main| main.id), Some(id(4)), "the main estimate stays");
    let agreed = agree(proposed);
    assert_eq!(agreed.waiting_on(), WaitingOn::Accountant);
    assert_eq!(propose(agreed.clone(), slides(1, 0), false).unwrap_err(), Refusal::AdditionAgreed);
    let again = agreed.clone().issue_estimate(&by(Relation::Desk), id(45), day(60));
    assert_eq!(again.unwrap_err(), Refusal::EstimateAlreadyAccepted);
    let invoiced = agreed.invoice_addition(&by(Relation::Billing), supplementary().1, day(30)).unwrap().case;
    assert_eq!((invoiced.stage().name(), invoiced.waiting_on()), (CaseStage::Writing, WaitingOn::Applicant));
    assert_eq!(invoiced.application().re_examination, None, "unpaid slides do not count");
    let part = pay(invoiced, standing(slides(2, 1), false, true), day(7));
    let addition = part.case.re_examination().addition.clone().unwrap();
    assert_eq!((names(&part), addition.lapses_at()), (vec!["payment_recorded"], None), "money stops the clock");
    let paid = pay(part.case, standing(slides(2, 1), true, true), day(8));
    assert_eq!(names(&paid), ["payment_recorded", "re_examination_changed"]);
    assert_eq!((paid.case.slides_asked_for(), &paid.case.re_examination().addition), (slides(2, 1), &None));
    assert_eq!(paid.case.hold_now().map(|hold| hold.reason), Some(HoldReason::Slides), "the slides are on their way");
    let before = due(&paid.case).unwrap();
    let complete = report_verified(count(paid.case, slides(2, 1), day(12)).case, day(12));
    assert_eq!(due(&complete), Some(before.shifted(7)), "held from the fifth day to the twelfth");
    let reported = find(complete, None).unwrap();
    assert_eq!(names(&reported), ["findings_recorded"]);
    assert_eq!(reported.events[0].audience, Audience::STAFF);
}

#[test]
fn nobody_waits_for_slides_that_the_physician_does_not_wait_for() {
    let case = invoiced(propose(at(WRITTEN, CaseStage::Writing), slides(1, 0), false).unwrap().case);
    let paid = pay(case, standing(slides(1, 0), true, true), day(7)).case;
    assert!(paid.hold_now().is_none() && paid.re_examination().is_not_awaited);
    let submitted = paid.submit_opinion(&by(Relation::Responsible), &rules(), day(8), &submission());
    assert_eq!(submitted.unwrap_err(), Refusal::FindingsMissing, "but what was paid is reported");
    let mixed = asking(slides(1, 0), CaseStage::Writing);
    let mixed = invoiced(propose(mixed, slides(1, 0), false).unwrap().case);
    let paid = pay(mixed, standing(slides(1, 0), true, true), day(7)).case;
    assert_eq!(paid.hold_now().map(|hold| hold.reason), Some(HoldReason::Slides), "the first ones are still waited for");
}

#[test]
fn an_addition_lapses_at_its_time_and_the_work_goes_on() {
    let lapse = |case: Case, when| case.lapse_addition(&rules(), when);
    let proposed = propose(at(WRITTEN, CaseStage::Writing), slides(2, 1), true).unwrap().case;
    assert_eq!(lapse(proposed.clone(), day(900)).unwrap_err(), Refusal::NotDue, "the hospital's turn has no clock");
    let unanswered = estimate(proposed.clone());
    assert_eq!(lapse(unanswered.clone(), day(59)).unwrap_err(), Refusal::NotDue);
    let lapsed = lapse(unanswered, day(60)).unwrap();
    assert_eq!(names(&lapsed), ["re_examination_lapsed", "case_resumed"]);
    assert!(lapsed.case.re_examination().addition.is_none() && lapsed.case.hold_now().is_none());
    let unpaid = invoiced(proposed);
    assert_eq!(lapse(unpaid.clone(), day(29)).unwrap_err(), Refusal::NotDue);
    assert_eq!(names(&lapse(unpaid.clone(), day(30)).unwrap()), ["re_examination_lapsed", "case_resumed"]);
    let part = pay(unpaid, standing(slides(2, 1), false, true), day(7)).case;
    assert_eq!(lapse(part, day(900)).unwrap_err(), Refusal::NotDue);
    assert_eq!(lapse(at(WRITTEN, CaseStage::Writing), day(900)).unwrap_err(), Refusal::NotDue);
}

#[test]
fn a_hold_of_the_desk_stops_the_clock_of_an_addition_and_one_for_slides_does_not() {
    let goes_on = estimate(propose(at(WRITTEN, CaseStage::Writing), slides(2, 1), false).unwrap().case);
    let held = goes_on.hold(&by(Relation::Desk), &rules(), day(10), HoldReason::Applicant, None).unwrap().case;
    assert_eq!(held.clone().lapse_addition(&rules(), day(60)).unwrap_err(), Refusal::NotDue);
    assert_eq!(held.clone().issue_estimate(&by(Relation::Desk), id(45), day(60)).unwrap_err(), Refusal::OnHold);
    let resumed = held.resume(&by(Relation::Desk), &rules(), day(13)).unwrap().case;
    assert_eq!(resumed.re_examination().addition.as_ref().unwrap().lapses_at(), Some(day(63)));
}

#[test]
fn an_addition_can_be_taken_back_at_each_of_its_steps() {
    let proposed = propose(at(WRITTEN, CaseStage::Writing), slides(2, 1), true).unwrap().case;
    for standing in [proposed.clone(), estimate(proposed.clone()), agree(proposed.clone()), invoiced(proposed)] {
        let without = change(standing.clone(), ReExamination::NONE, ReExamination::NONE, day(7)).unwrap();
        assert_eq!(names(&without), ["re_examination_changed", "case_resumed"]);
        assert!(without.case.re_examination().addition.is_none());
        assert_eq!(change(standing, slides(2, 1), ReExamination::NONE, day(7)).unwrap_err(), Refusal::ReExaminationUnchanged);
    }
}

#[test]
fn the_estimate_of_an_addition_is_withdrawn_alone() {
    let estimated = estimate(propose(at(WRITTEN, CaseStage::Writing), slides(2, 1), true).unwrap().case);
    let other = estimated.clone().withdraw_estimate(&by(Relation::Desk), id(4));
    assert_eq!(other.unwrap_err(), Refusal::EstimateSuperseded, "the main one is accepted");
    let withdrawn = estimated.withdraw_estimate(&by(Relation::Desk), supplementary().0).unwrap();
    assert_eq!((names(&withdrawn), withdrawn.case.waiting_on()), (vec!["estimate_withdrawn"], WaitingOn::Desk));
    assert_eq!(withdrawn.case.accepted_estimate(), Some(id(4)));
    let late = estimate(withdrawn.case).accept_estimate(
        &by(Relation::Applicant),
        &rules(),
        day(60),
        Consent { estimate: supplementary().0, payer: Payer::Applicant, is_prepaid: false },
    );
    assert_eq!(late.unwrap_err(), Refusal::EstimateExpired);
}

#[test]
fn a_second_invoice_or_estimate_says_what_is_missing() {
    let writing = at(WRITTEN, CaseStage::Writing);
    let estimate_again = |case: &Case| case.clone().issue_estimate(&by(Relation::Desk), id(45), day(60)).unwrap_err();
    assert_eq!(estimate_again(&writing), Refusal::EstimateAlreadyAccepted, "nothing is proposed");
    let proposed = propose(writing, slides(1, 0), false).unwrap().case;
    assert_eq!(proposed.check(Operation::IssueInvoice, &by(Relation::Billing)), Err(Refusal::EstimateNotAccepted));
    assert_eq!(estimate(proposed.clone()).check(Operation::IssueInvoice, &by(Relation::Billing)), Err(Refusal::EstimateNotAccepted));
    assert_eq!(agree(proposed.clone()).check(Operation::IssueInvoice, &by(Relation::Billing)), Ok(()));
    assert!(invoiced(proposed).check(Operation::IssueInvoice, &by(Relation::Billing)).is_err(), "once");
}

#[test]
fn an_invoice_of_which_nothing_is_left_brings_no_slides() {
    let case = invoiced(propose(at(WRITTEN, CaseStage::Writing), slides(1, 0), true).unwrap().case);
    let told = case.clone().settle_invoice(id(9), &rules(), day(7), standing(ReExamination::NONE, true, false));
    assert_eq!(names(&told), ["re_examination_lapsed", "case_resumed"]);
    let fewer = case.settle_invoice(id(9), &rules(), day(7), Supplement { slides: slides(1, 0), ..standing(slides(1, 0), true, false) });
    assert_eq!((names(&fewer), fewer.case.slides_asked_for()), (vec!["re_examination_changed"], slides(1, 0)));
}

#[test]
fn a_delivery_lets_unpaid_slides_fall_away() {
    let proposed = invoiced(propose(at(WRITTEN, CaseStage::InReview), slides(1, 0), false).unwrap().case);
    let signed = Signed { by: id(9), has_reader: true };
    let delivered = proposed.deliver_opinion(&by(Relation::Department), &rules(), day(9), signed).unwrap();
    assert_eq!(names(&delivered), ["opinion_delivered", "re_examination_lapsed"]);
    assert!(delivered.case.re_examination().addition.is_none());
}

#[test]
fn an_end_lets_an_addition_fall_away_and_paid_slides_can_be_lost_with_their_money() {
    let proposed = propose(asking(slides(2, 0), CaseStage::Writing), slides(1, 0), true).unwrap().case;
    let cancelled = proposed
        .cancel(&by(Relation::Desk), &rules(), day(6), CancelReason::Withdrawn, None, crate::case::CancelledMoney::UNPAID)
        .unwrap()
        .case;
    assert!(cancelled.re_examination().addition.is_none());
    assert_eq!(cancelled.clone().without_slides(ReExamination::NONE).slides_asked_for(), slides(2, 0));
    assert_eq!(cancelled.without_slides(slides(2, 0)).application().re_examination, None);
}

#[test]
fn the_slides_of_a_visit_count_when_the_payer_agrees() {
    let visit = quoted(at(ServiceKind::PatientConsultation, CaseStage::Accepted));
    let agreed = agree(propose(visit, slides(1, 0), false).unwrap().case);
    assert_eq!((agreed.slides_asked_for(), &agreed.re_examination().addition), (slides(1, 0), &None), "a visit is billed on its day");
}

#[test]
fn a_corrected_invoice_stands_in_the_place_of_the_first() {
    let case = invoiced(propose(at(WRITTEN, CaseStage::Writing), slides(1, 0), true).unwrap().case);
    let reissued = case.reissue_invoice(&by(Relation::Billing), &rules(), day(7), supplementary().1, id(56)).unwrap().case;
    assert!(reissued.re_examination().addition_invoiced_by(supplementary().1).is_none());
    assert!(reissued.re_examination().addition_invoiced_by(id(56)).is_some());
}

#[test]
fn an_addition_whose_last_money_is_reversed_can_be_paid_anew_for_a_while() {
    let case = invoiced(propose(at(WRITTEN, CaseStage::Writing), slides(2, 0), false).unwrap().case);
    let part = pay(case, standing(slides(2, 0), false, true), day(7)).case;
    let reversed = |has_money| crate::billing::Reversed {
        invoice: supplementary().1,
        payment: id(6),
        is_settled: false,
        settled_on: None,
        has_money,
        payable_until: due_on(),
    };
    let clock = |has_money| {
        let decided = part.clone().reverse_payment(&by(Relation::Billing), &rules(), day(8), reversed(has_money)).unwrap();
        assert_eq!(decided.case.stage().name(), CaseStage::Writing, "no stage changes");
        decided.case.re_examination().addition.as_ref().unwrap().lapses_at()
    };
    assert_eq!((clock(true), clock(false)), (None, Some(crate::calendar::end_of_day(due_on()))));
}

#[test]
fn the_invoice_of_another_addition_changes_nothing() {
    let case = invoiced(propose(at(WRITTEN, CaseStage::Writing), slides(1, 0), true).unwrap().case);
    let mut other = case.clone();
    other.re_examination.extend_invoice(id(99), day(90));
    assert_eq!(other, case);
    let foreign = Supplement { invoice: id(99), ..standing(slides(1, 0), true, true) };
    let same = case.clone().settle_invoice(id(9), &rules(), day(7), foreign);
    assert_eq!((same.case, same.events.len()), (case, 0));
}

#[test]
fn the_invoice_of_the_service_comes_before_that_of_an_addition() {
    let accepted = quoted(at(WRITTEN, CaseStage::Accepted));
    let agreed = agree(propose(accepted, slides(1, 0), false).unwrap().case);
    assert!(agreed.addition_to_invoice().is_none(), "the service is not invoiced");
    let both = agreed.clone().issue_invoice(&by(Relation::Billing), &rules(), day(7), invoice(), due_on()).unwrap().case;
    assert!(both.addition_to_invoice().is_some());
    let proposed = propose(at(WRITTEN, CaseStage::Writing), slides(1, 0), false).unwrap().case;
    assert!(proposed.addition_to_invoice().is_none() && estimate(proposed).addition_to_invoice().is_none(), "nobody agreed");
    let done = invoiced(propose(at(WRITTEN, CaseStage::Writing), slides(1, 0), false).unwrap().case);
    assert!(done.addition_to_invoice().is_none(), "once");
}

#[test]
fn nobody_else_decides_on_the_estimate_of_an_addition() {
    let estimated = estimate(propose(at(WRITTEN, CaseStage::Writing), slides(1, 0), false).unwrap().case);
    for relation in [Relation::Responsible, Relation::Billing, Relation::Pathology] {
        let consent = Consent { estimate: supplementary().0, payer: Payer::Applicant, is_prepaid: false };
        assert_eq!(estimated.clone().accept_estimate(&by(relation), &rules(), day(6), consent).unwrap_err(), Refusal::Absent);
        assert_eq!(estimated.clone().withdraw_estimate(&by(relation), supplementary().0).unwrap_err(), Refusal::Absent);
    }
}
