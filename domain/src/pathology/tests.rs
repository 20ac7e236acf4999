//! The re-examination of slides, from the proposal to the findings.

use jiff::Timestamp;

use crate::access::Relation;
use crate::calendar::DueWindow;
use crate::ids::{EstimateId, InvoiceId};
use crate::intake::items::ItemState;
use crate::pathology::{Findings, Proposal, ReExaminationChange, SlideCount, Supplement};
use crate::service::ServiceKind;
use crate::tests::fixtures::*;

const WRITTEN: ServiceKind = ServiceKind::WrittenOpinion;

const fn slides(biopsy_slides: u16, resected_specimens: u16) -> ReExamination {
    ReExamination { biopsy_slides, resected_specimens }
}

fn asking(asked: ReExamination, stage: CaseStage) -> Case {
    advanced(opened(WRITTEN, Application { re_examination: asked.asked(), ..application() }), stage)
}

fn names(decided: &Change) -> Vec<&'static str> {
    decided.events.iter().map(|event| event.kind.as_str()).collect()
}

fn propose(case: Case, slides: ReExamination, is_awaited: bool) -> Result<Change, Refusal> {
    case.propose_re_examination(&by(Relation::Responsible), &rules(), day(5), Proposal { slides, is_awaited })
}

fn change(case: Case, slides: ReExamination, charged: ReExamination, when: Timestamp) -> Result<Change, Refusal> {
    let change = ReExaminationChange { slides, is_awaited: false, charged };
    case.change_re_examination(&by(Relation::Desk), &rules(), when, change)
}

fn count(case: Case, slides: ReExamination, when: Timestamp) -> Change {
    let count = SlideCount { slides, note: None, by: id(40), at: when };
    case.confirm_slides(&by(Relation::Pathology), &rules(), when, count).unwrap()
}

fn find(case: Case, correction: Option<&str>) -> Result<Change, Refusal> {
    let findings = Findings { text: text("No tumour."), correction: correction.map(text), by: id(40), at: day(9) };
    case.record_findings(&by(Relation::Pathology), &rules(), day(9), findings)
}

fn report_verified(case: Case, when: Timestamp) -> Case {
    case.verify_item(&by(Relation::Desk), &rules(), when, ItemCode::PathologyReport).unwrap().case
}

/// The estimate of an addition, and its invoice.
fn supplementary() -> (EstimateId, InvoiceId) {
    (id(44), id(55))
}

fn estimate(case: Case) -> Case {
    case.issue_estimate(&by(Relation::Desk), supplementary().0, day(60)).unwrap().case
}

fn agree(case: Case) -> Case {
    let consent = Consent { estimate: supplementary().0, payer: Payer::Applicant };
    estimate(case).accept_estimate(&by(Relation::Applicant), day(6), consent).unwrap().case
}

fn invoiced(case: Case) -> Case {
    agree(case).invoice_addition(&by(Relation::Billing), supplementary().1, day(30)).unwrap().case
}

/// The invoice of the addition, as it stands.
fn standing(slides: ReExamination, is_settled: bool, has_money: bool) -> Supplement {
    Supplement { invoice: supplementary().1, slides, is_settled, has_money }
}

fn pay(case: Case, supplement: Supplement, when: Timestamp) -> Change {
    let paid = Paid { invoice: supplement.invoice, supplement, in_full: supplement.is_settled, ..paid(false) };
    case.record_payment(&by(Relation::Billing), &rules(), when, paid).unwrap()
}

fn due(case: &Case) -> Option<DueWindow> {
    case.stage().work().and_then(|work| work.due)
}

#[test]
fn slides_are_added_taken_away_and_compared_one_kind_at_a_time() {
    let (more, less) = (slides(3, 1), slides(1, 2));
    assert_eq!((more.plus(less), more.beyond(less), more.in_common(less)), (slides(4, 3), slides(2, 0), slides(1, 1)));
    assert_eq!((less.beyond(more), ReExamination::NONE.asked(), slides(0, 1).asked()), (slides(0, 1), None, Some(slides(0, 1))));
    assert!(ReExamination::NONE.is_none() && !slides(1, 0).is_none() && !slides(0, 1).is_none());
}

#[test]
fn two_of_three_slides_come_one_is_withdrawn_and_the_due_window_counts_from_then() {
    let waiting = asking(slides(3, 1), CaseStage::Writing);
    assert_eq!((waiting.hold_now().map(|hold| hold.reason), due(&waiting)), (Some(HoldReason::Slides), None));
    let here = count(report_verified(waiting, day(5)), slides(2, 1), day(6));
    assert_eq!(names(&here), ["slides_counted"]);
    assert_eq!(here.events[0].kind, EventKind::SlidesCounted { differ: true });
    assert_eq!((here.case.item_state(ItemCode::PathologySlides), here.case.waiting_on()), (ItemState::Missing, WaitingOn::Applicant));
    let fewer = change(here.case, slides(2, 1), slides(3, 1), day(8)).unwrap();
    assert_eq!(names(&fewer), ["re_examination_changed", "case_resumed", "writing_started"]);
    let from = crate::calendar::today_in_tokyo(day(8));
    assert_eq!(due(&fewer.case), Some(DueWindow::counted_from(from, 7, 10)));
    assert_eq!((fewer.case.re_examination().to_credit, fewer.case.waiting_on()), (slides(1, 0), WaitingOn::Accountant));
    assert_eq!(find(fewer.case.clone(), None).unwrap_err(), Refusal::CreditNoteMissing);
}

#[test]
fn a_withdrawn_re_examination_lets_the_work_go_on() {
    let waiting = asking(slides(3, 1), CaseStage::Writing);
    let without = change(waiting, ReExamination::NONE, slides(3, 1), day(7)).unwrap();
    assert_eq!(names(&without), ["re_examination_changed", "case_resumed", "writing_started"]);
    assert_eq!((without.case.application().re_examination, without.case.re_examination().to_credit), (None, slides(3, 1)));
    assert!(!without.case.facts().slides_requested, "nothing came, so pathology has nothing to do with it");
    let delivered = |case: Case| {
        let submitted = case.submit_opinion(&by(Relation::Responsible), &rules(), day(8), &submission()).unwrap().case;
        submitted.deliver_opinion(&by(Relation::Department), &rules(), day(8), Signed { by: id(9), has_reader: true })
    };
    assert_eq!(delivered(without.case.clone()).unwrap_err(), Refusal::CreditNoteMissing);
    let mut credited = without.case;
    credited.re_examination.to_credit = ReExamination::NONE;
    assert!(delivered(credited).is_ok());
}

#[test]
fn slides_that_lie_here_keep_pathology_on_the_case() {
    let here = count(asking(slides(2, 0), CaseStage::Writing), slides(1, 0), day(5)).case;
    let without = change(here, ReExamination::NONE, ReExamination::NONE, day(6)).unwrap().case;
    assert!(without.facts().slides_requested && without.has_slides_here());
    assert!(!asking(slides(2, 0), CaseStage::Writing).has_slides_here());
    assert!(!count(asking(slides(2, 0), CaseStage::Writing), ReExamination::NONE, day(5)).case.has_slides_here());
}

#[test]
fn a_proposal_of_the_physician_holds_the_opinion_only_if_it_says_so() {
    let writing = at(WRITTEN, CaseStage::Writing);
    let (holds, goes_on) = (propose(writing.clone(), slides(2, 1), true).unwrap(), propose(writing, slides(2, 1), false).unwrap());
    assert_eq!(names(&holds), ["re_examination_proposed", "case_held"]);
    assert_eq!(names(&goes_on), ["re_examination_proposed"]);
    assert_eq!((holds.case.waiting_on(), goes_on.case.waiting_on()), (WaitingOn::Desk, WaitingOn::Desk));
    assert!(holds.case.facts().slides_requested);
}

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
        day(60),
        Consent { estimate: supplementary().0, payer: Payer::Applicant },
    );
    assert_eq!(late.unwrap_err(), Refusal::EstimateExpired);
}

#[test]
fn before_the_main_estimate_is_accepted_slides_simply_change() {
    let accepted = estimated(asking(slides(3, 0), CaseStage::Accepted));
    let changed = change(accepted.clone(), slides(1, 1), ReExamination::NONE, day(4)).unwrap();
    assert_eq!(names(&changed), ["re_examination_changed", "estimate_withdrawn"]);
    assert_eq!((changed.case.slides_asked_for(), changed.case.estimate(), changed.case.expires_at()), (slides(1, 1), None, None));
    assert_eq!(change(accepted.clone(), slides(3, 0), ReExamination::NONE, day(4)).unwrap_err(), Refusal::ReExaminationUnchanged);
    let proposed = propose(accepted, slides(1, 0), false).unwrap().case;
    let next = proposed.issue_estimate(&by(Relation::Desk), id(45), day(60)).unwrap().case;
    assert_eq!((next.slides_asked_for(), &next.re_examination().addition), (slides(4, 0), &None), "part of the main estimate");
}

#[test]
fn more_and_fewer_at_once_are_a_credit_and_an_addition() {
    let writing = asking(slides(3, 0), CaseStage::Writing);
    let mixed = change(writing, slides(1, 2), slides(3, 0), day(5)).unwrap().case;
    let record = mixed.re_examination();
    assert_eq!((mixed.slides_asked_for(), record.to_credit), (slides(1, 0), slides(2, 0)));
    assert_eq!(record.addition.as_ref().map(|addition| addition.slides), Some(slides(0, 2)));
}

#[test]
fn a_credit_note_over_the_slides_settles_what_is_to_be_credited() {
    let fewer = change(asking(slides(3, 1), CaseStage::Writing), slides(2, 1), slides(3, 1), day(5)).unwrap().case;
    let credited = |charged| crate::billing::Credited {
        invoice: invoice(),
        note: id(90),
        is_settled: true,
        is_credited_whole: false,
        refund: crate::money::Yen::ZERO,
        supplement: supplement(true),
        charged,
    };
    let credit = |charged| fewer.clone().credit_invoice(&by(Relation::Billing), &rules(), day(6), credited(charged)).unwrap().case;
    assert_eq!(credit(slides(3, 1)).re_examination().to_credit, slides(1, 0), "another line was credited");
    assert!(credit(slides(2, 1)).re_examination().to_credit.is_none());
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
fn findings_need_complete_slides_their_report_and_no_open_addition() {
    assert_eq!(find(at(WRITTEN, CaseStage::Writing), None).unwrap_err(), Refusal::NoReExamination);
    let waiting = asking(slides(1, 0), CaseStage::Writing);
    let lacks = |items: &[ItemCode]| Refusal::ItemsUnverified { items: items.to_vec() };
    assert_eq!(find(waiting.clone(), None).unwrap_err(), lacks(&[ItemCode::PathologySlides, ItemCode::PathologyReport]));
    let counted = count(waiting, slides(1, 0), day(6)).case;
    assert_eq!(find(counted.clone(), None).unwrap_err(), lacks(&[ItemCode::PathologyReport]));
    let complete = report_verified(counted, day(6));
    let more = propose(complete.clone(), slides(1, 0), false).unwrap().case;
    assert_eq!(find(more, None).unwrap_err(), Refusal::AdditionOpen);
    let reported = find(complete, None).unwrap().case;
    assert_eq!(find(reported.clone(), None).unwrap_err(), Refusal::FindingsRecorded);
    let corrected = find(reported.clone(), Some("Another slide.")).unwrap().case;
    assert_eq!(corrected.re_examination().findings.len(), 2, "the first stay");
    assert_eq!(propose(reported.clone(), slides(1, 0), false).unwrap_err(), Refusal::FindingsRecorded);
    assert_eq!(change(reported.clone(), slides(2, 0), slides(1, 0), day(9)).unwrap_err(), Refusal::FindingsRecorded);
    let again = SlideCount { slides: slides(1, 0), note: None, by: id(40), at: day(9) };
    assert_eq!(reported.confirm_slides(&by(Relation::Pathology), &rules(), day(9), again).unwrap_err(), Refusal::FindingsRecorded);
}

#[test]
fn a_verified_count_is_compared_again_when_more_slides_are_asked_for() {
    let here = asking(slides(1, 0), CaseStage::Writing);
    let here = report_verified(count(here, slides(1, 0), day(5)).case, day(5));
    let more = invoiced(propose(here, slides(1, 0), true).unwrap().case);
    let paid = pay(more, standing(slides(1, 0), true, true), day(7)).case;
    assert_eq!(paid.item_state(ItemCode::PathologySlides), ItemState::Missing);
    let mut old = asking(slides(1, 0), CaseStage::Writing);
    let verified = crate::intake::items::ItemRecord { state: ItemState::Verified, reason: None, by: id(9), at: day(4) };
    old.items.insert(ItemCode::PathologySlides, verified);
    let fewer = change(asking_more(&old), slides(1, 0), ReExamination::NONE, day(5)).unwrap().case;
    assert_eq!(fewer.item_state(ItemCode::PathologySlides), ItemState::Verified, "release 0.1 verified them by hand");
    let more = invoiced(propose(report_verified(old, day(5)), slides(1, 0), true).unwrap().case);
    let paid = pay(more, standing(slides(1, 0), true, true), day(7)).case;
    assert_eq!(paid.item_state(ItemCode::PathologySlides), ItemState::Missing, "those of then are not all");
}

/// The same, asking for one more slide.
fn asking_more(case: &Case) -> Case {
    let mut more = case.clone();
    more.application.re_examination = Some(slides(2, 0));
    more
}

#[test]
fn nobody_verifies_slides_by_hand() {
    let waiting = asking(slides(1, 0), CaseStage::Writing);
    let by_hand = waiting.verify_item(&by(Relation::Desk), &rules(), day(5), ItemCode::PathologySlides);
    assert_eq!(by_hand.unwrap_err(), Refusal::SlidesAreCounted);
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
        let consent = Consent { estimate: supplementary().0, payer: Payer::Applicant };
        assert_eq!(estimated.clone().accept_estimate(&by(relation), day(6), consent).unwrap_err(), Refusal::Absent);
        assert_eq!(estimated.clone().withdraw_estimate(&by(relation), supplementary().0).unwrap_err(), Refusal::Absent);
    }
}
