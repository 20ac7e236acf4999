//! Estimate, invoice, payment, and the clock that the payment starts.

use jiff::civil::date;

use crate::access::Relation;
use crate::calendar::DueWindow;
use crate::intake::items::ItemState;
use crate::intake::requests::{Answers, Asked, InformationRequest};
use crate::pathology::{SlideCount, Supplement};
use crate::service::ServiceKind;
use jiff::Timestamp;

use crate::tests::fixtures::*;

const WRITTEN: ServiceKind = ServiceKind::WrittenOpinion;

fn pay(case: Case, paid: Paid) -> Result<Change, Refusal> {
    case.record_payment(&by(Relation::Billing), &rules(), day(4), paid)
}

fn due(case: &Case) -> Option<DueWindow> {
    case.stage().work().and_then(|work| work.due)
}

/// Paid on the fourth of November, seven to ten days.
const WINDOW: DueWindow = DueWindow { from_on: date(2026, 11, 11), to_on: date(2026, 11, 14) };

fn with_slides() -> Case {
    let slides = ReExamination { biopsy_slides: 2, resected_specimens: 1 };
    advanced(opened(WRITTEN, Application { re_examination: Some(slides), ..application() }), CaseStage::AwaitingPayment)
}

fn verify(case: Case, item: ItemCode, when: Timestamp) -> Change {
    if item == ItemCode::PathologySlides {
        let count = SlideCount { slides: case.slides_asked_for(), note: None, by: id(40), at: when };
        return case.confirm_slides(&by(Relation::Pathology), &rules(), when, count).unwrap();
    }
    let there = if case.item_state(item) == ItemState::Missing { provided(case, item) } else { case };
    there.verify_item(&by(Relation::Desk), &rules(), when, item).unwrap()
}

fn names(decided: &Change) -> Vec<&'static str> {
    decided.events.iter().map(|event| event.kind.as_str()).collect()
}

#[test]
fn an_invoice_follows_an_accepted_estimate() {
    let refused = at(WRITTEN, CaseStage::Accepted).issue_invoice(&by(Relation::Desk), &rules(), now(), invoice(), due_on());
    assert_eq!(refused.unwrap_err(), Refusal::EstimateNotAccepted);
    let waiting = estimated(at(WRITTEN, CaseStage::Accepted)).issue_invoice(&by(Relation::Desk), &rules(), now(), invoice(), due_on());
    assert_eq!(waiting.unwrap_err(), Refusal::EstimateNotAccepted, "an estimate that nobody has accepted");
}

#[test]
fn the_payment_starts_the_work_and_the_due_window_counts_from_its_date() {
    let decided = pay(at(WRITTEN, CaseStage::AwaitingPayment), paid(true)).unwrap();
    assert_eq!(names(&decided), ["payment_recorded", "writing_started"]);
    assert_eq!((due(&decided.case), decided.case.waiting_on()), (Some(WINDOW), WaitingOn::Physician));
    assert_eq!(decided.case.due_at(), Some("2026-11-14T15:00:00Z".parse().unwrap()), "the end of the last day in Tokyo");
}

#[test]
fn a_part_of_the_payment_does_not_start_the_work() {
    let decided = pay(at(WRITTEN, CaseStage::AwaitingPayment), paid(false)).unwrap();
    assert_eq!((decided.case.stage().name(), names(&decided)), (CaseStage::AwaitingPayment, vec!["payment_recorded"]));
    let other = Paid { invoice: id(99), ..paid(true) };
    let decided = pay(at(WRITTEN, CaseStage::AwaitingPayment), other).unwrap();
    assert_eq!(
        (decided.case.stage().name(), names(&decided)),
        (CaseStage::AwaitingPayment, vec!["payment_recorded"]),
        "of another invoice"
    );
}

#[test]
fn slides_that_come_after_the_payment_hold_the_case_and_start_the_due_window() {
    let held = pay(with_slides(), paid(true)).unwrap();
    assert_eq!(names(&held), ["payment_recorded", "writing_started", "case_held"]);
    assert_eq!((due(&held.case), held.case.waiting_on()), (None, WaitingOn::Applicant));
    assert!(matches!(held.case.clone().resume(&by(Relation::Desk), &rules(), now()), Err(Refusal::ItemsUnverified { .. })));
    let report = verify(held.case, ItemCode::PathologyReport, day(6));
    assert!(report.case.hold_now().is_some(), "the slides are still on their way");
    let complete = verify(report.case, ItemCode::PathologySlides, day(8));
    assert_eq!(names(&complete), ["slides_counted", "case_resumed", "writing_started"]);
    assert_eq!(
        due(&complete.case),
        Some(DueWindow { from_on: date(2026, 11, 16), to_on: date(2026, 11, 19) }),
        "the ninth, and seven to ten days"
    );
}

#[test]
fn slides_that_were_there_before_the_payment_hold_nothing() {
    let complete = verify(verify(with_slides(), ItemCode::PathologyReport, day(3)).case, ItemCode::PathologySlides, day(3)).case;
    let decided = pay(complete, paid(true)).unwrap();
    assert_eq!((names(&decided), due(&decided.case)), (vec!["payment_recorded", "writing_started"], Some(WINDOW)));
}

#[test]
fn slides_complete_during_another_hold_start_the_due_window_when_it_ends() {
    let held = with_slides().hold(&by(Relation::Desk), &rules(), day(3), HoldReason::Applicant, None).unwrap().case;
    let waiting = pay(held, paid(true)).unwrap().case;
    let complete = verify(verify(waiting, ItemCode::PathologyReport, day(5)).case, ItemCode::PathologySlides, day(6)).case;
    assert_eq!((due(&complete), complete.hold_now().map(|hold| hold.reason)), (None, Some(HoldReason::Applicant)));
    let resumed = complete.resume(&by(Relation::Desk), &rules(), day(9)).unwrap();
    assert_eq!(names(&resumed), ["case_resumed", "writing_started"]);
    assert_eq!(due(&resumed.case).map(|due| due.from_on), Some(date(2026, 11, 17)), "the tenth and seven days");
}

#[test]
fn rejected_slides_stop_the_clock_and_the_window_moves_by_the_days_held() {
    let complete = verify(verify(with_slides(), ItemCode::PathologyReport, day(3)).case, ItemCode::PathologySlides, day(3)).case;
    let writing = pay(complete, paid(true)).unwrap().case;
    let rejected = writing.reject_item(&by(Relation::Desk), &rules(), day(5), ItemCode::PathologySlides, text("broken")).unwrap();
    assert_eq!(names(&rejected), ["item_rejected", "case_held"]);
    let again = verify(rejected.case, ItemCode::PathologySlides, day(8)).case;
    assert_eq!(due(&again), Some(WINDOW.shifted(3)));
}

#[test]
fn one_hold_follows_the_other_when_two_things_are_outstanding() {
    let held = pay(with_slides(), paid(true)).unwrap().case;
    let asked = Asked { items: vec![], questions: vec![text("Since when?")] };
    let both = held.request_information(&by(Relation::Desk), &rules(), day(5), id(70), &asked).unwrap().case;
    let complete = verify(verify(both, ItemCode::PathologyReport, day(6)).case, ItemCode::PathologySlides, day(6));
    assert_eq!(complete.case.hold_now().map(|hold| hold.reason), Some(HoldReason::Information));
    assert_eq!(complete.events.last().map(|event| event.kind.as_str()), Some("case_held"));
    let answers = Answers { items: vec![], answers: vec![text("2024")] };
    let request = InformationRequest::ask(id(70), id(1), asked, by(Relation::Desk).user, day(5));
    let free = complete.case.answer_information_request(&by(Relation::Applicant), &rules(), day(8), &request, &answers).unwrap().case;
    assert_eq!(
        (free.hold_now(), due(&free).map(|due| due.from_on)),
        (None, Some(date(2026, 11, 16))),
        "counted on the seventh, moved by two"
    );
}

#[test]
fn late_money_is_recorded_and_moves_nothing() {
    for stage in [CaseStage::Expired, CaseStage::Cancelled, CaseStage::Declined, CaseStage::Closed] {
        let decided = pay(at(WRITTEN, stage), paid(true)).unwrap();
        assert_eq!((decided.case.stage().name(), names(&decided)), (stage, vec!["payment_recorded"]));
    }
}

#[test]
fn an_invoice_that_is_settled_without_a_payment_starts_the_work_too() {
    let settled = at(WRITTEN, CaseStage::AwaitingPayment).settle_invoice(id(9), &rules(), day(4), supplement(true));
    assert_eq!((names(&settled), due(&settled.case)), (vec!["writing_started"], Some(WINDOW.shifted(1))), "counted from that day");
    assert_eq!(settled.case.expires_at(), None);
    for (case, invoice) in [(at(WRITTEN, CaseStage::AwaitingPayment), id(99)), (at(WRITTEN, CaseStage::Closed), invoice())] {
        let same = case.clone().settle_invoice(id(9), &rules(), day(4), Supplement { invoice, ..supplement(true) });
        assert_eq!((same.case, same.events.len()), (case, 0));
    }
}
