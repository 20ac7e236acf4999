//! The re-examination of slides, from the proposal to the findings.

mod addition;

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
    let change = ReExaminationChange { slides, is_awaited: None, charged };
    case.change_re_examination(&by(Relation::Desk), &rules(), when, change)
}

fn count(case: Case, slides: ReExamination, when: Timestamp) -> Change {
    let count = SlideCount { slides, note: None, by: id(40), at: when };
    case.confirm_slides(&by(Relation::Pathology), &rules(), when, count).unwrap()
}

fn find(case: Case, correction: Option<&str>) -> Result<Change, Refusal> {
    let findings = Findings { text: text("No tumour."), correction: correction.map(text), by: id(40), at: day(9) };
    case.record_findings(&by(Relation::Pathology), &rules(), day(9), findings, true)
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
    let consent = Consent { estimate: supplementary().0, payer: Payer::Applicant, is_prepaid: false };
    estimate(case).accept_estimate(&by(Relation::Applicant), &rules(), day(6), consent).unwrap().case
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
fn slides_that_are_credited_are_not_examined_whatever_was_asked_for() {
    let writing = asking(slides(3, 1), CaseStage::Writing);
    let credited = |invoice, is_credited_whole, charged| crate::billing::Credited {
        invoice,
        note: id(90),
        is_settled: true,
        is_credited_whole,
        refund: crate::money::Yen::ZERO,
        supplement: supplement(true),
        charged,
    };
    let by_billing = by(Relation::Billing);
    let less = writing.clone().credit_invoice(&by_billing, &rules(), day(6), credited(invoice(), false, slides(2, 1))).unwrap();
    assert_eq!(names(&less)[..2], ["invoice_credited", "re_examination_changed"]);
    assert_eq!((less.case.slides_asked_for(), less.case.re_examination().to_credit), (slides(2, 1), ReExamination::NONE));
    let none = writing.clone().credit_invoice(&by_billing, &rules(), day(6), credited(id(55), true, ReExamination::NONE)).unwrap();
    assert_eq!(none.case.application().re_examination, None, "a supplementary invoice, credited whole");
    assert!(none.case.hold_now().is_none(), "the work goes on without them");
    let awaiting = asking(slides(3, 1), CaseStage::AwaitingPayment);
    let anew = awaiting.credit_invoice(&by_billing, &rules(), day(6), credited(invoice(), true, ReExamination::NONE)).unwrap();
    assert_eq!(anew.case.slides_asked_for(), slides(3, 1), "the main invoice: the case is invoiced anew");
    let here = report_verified(count(writing, slides(3, 1), day(6)).case, day(6));
    let reported = find(here, None).unwrap().case;
    let after = reported.credit_invoice(&by_billing, &rules(), day(6), credited(invoice(), false, slides(2, 1))).unwrap();
    assert_eq!(after.case.slides_asked_for(), slides(3, 1), "what was reported stays");
}

#[test]
fn slides_that_are_invoiced_are_asked_for_again_without_another_estimate() {
    let fewer = change(asking(slides(3, 1), CaseStage::Writing), slides(1, 1), slides(3, 1), day(5)).unwrap().case;
    let again = change(fewer, slides(2, 1), slides(3, 1), day(6)).unwrap().case;
    let record = again.re_examination();
    assert_eq!((again.slides_asked_for(), record.to_credit, &record.addition), (slides(2, 1), slides(1, 0), &None));
}

#[test]
fn a_change_keeps_what_the_physician_said_about_waiting() {
    let proposed = propose(at(WRITTEN, CaseStage::Writing), slides(2, 0), true).unwrap().case;
    let less = change(proposed, slides(1, 0), ReExamination::NONE, day(6)).unwrap().case;
    assert!(less.re_examination().addition.as_ref().unwrap().is_awaited && less.hold_now().is_some());
}

#[test]
fn each_who_must_act_is_named() {
    let waiting = asking(slides(1, 0), CaseStage::Writing);
    assert_eq!(waiting.waiting_on(), WaitingOn::Applicant, "the slides are on their way");
    let handed_in = provided(count(waiting, slides(1, 0), day(5)).case, ItemCode::PathologyReport);
    assert_eq!(handed_in.waiting_on(), WaitingOn::Desk, "the report is to be checked");
    let complete = report_verified(handed_in, day(5));
    assert_eq!(complete.waiting_on(), WaitingOn::Pathology, "the findings are missing");
    let surplus = count(complete.clone(), slides(3, 0), day(6)).case;
    assert_eq!(surplus.waiting_on(), WaitingOn::Desk, "more came than were asked for");
    assert_eq!(find(complete, None).unwrap().case.waiting_on(), WaitingOn::Physician);
    let in_review = agree(propose(at(WRITTEN, CaseStage::InReview), slides(1, 0), false).unwrap().case);
    assert_eq!(in_review.waiting_on(), WaitingOn::Accountant);
}

#[test]
fn slides_whose_invoice_is_not_paid_are_not_reported() {
    let complete = report_verified(count(asking(slides(1, 0), CaseStage::Writing), slides(1, 0), day(5)).case, day(5));
    let findings = Findings { text: text("No tumour."), correction: None, by: id(40), at: day(9) };
    let unpaid = complete.record_findings(&by(Relation::Pathology), &rules(), day(9), findings, false);
    assert_eq!(unpaid.unwrap_err(), Refusal::SlidesUnpaid);
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
