//! An end that is taken back: where the case stands then, and until when.

use crate::case::CancelledMoney;
use jiff::civil::date;

use crate::access::Relation;
use crate::calendar::end_of_day;
use crate::case::InvoiceAtReopening;
use crate::intake::ReExamination;
use crate::service::ServiceKind;
use crate::tests::fixtures::*;

const WRITTEN: ServiceKind = ServiceKind::WrittenOpinion;
const UNPAID: InvoiceAtReopening = InvoiceAtReopening::Restored { is_settled: false, has_money: false, payable_until: date(2026, 12, 28) };
const SETTLED: InvoiceAtReopening = InvoiceAtReopening::Restored { is_settled: true, has_money: true, payable_until: date(2026, 12, 28) };

fn cancelled(case: Case) -> Case {
    case.cancel(&by(Relation::Desk), &rules(), day(6), CancelReason::Withdrawn, None, CancelledMoney::UNPAID).unwrap().case
}

fn reopened(case: Case, invoice: InvoiceAtReopening) -> Change {
    case.reopen(&by(Relation::Desk), &rules(), day(9), invoice).unwrap()
}

fn names(change: &Change) -> Vec<&'static str> {
    change.events.iter().map(|event| event.kind.as_str()).collect()
}

#[test]
fn a_case_stands_again_where_it_stood_before_its_end() {
    for stage in [CaseStage::Draft, CaseStage::Submitted, CaseStage::InTriage, CaseStage::Accepted, CaseStage::AwaitingPayment] {
        let back = reopened(cancelled(at(WRITTEN, stage)), UNPAID);
        assert_eq!((back.case.stage().name(), names(&back)), (stage, vec!["case_reopened"]), "{stage}");
        assert!(back.case.clone().restore().is_ok(), "{stage}");
        assert_eq!(back.case.expires_at().is_some(), back.case.waiting_on() == WaitingOn::Applicant, "{stage}");
    }
    let asked = reopened(cancelled(at(WRITTEN, CaseStage::InformationRequested)), UNPAID).case;
    assert_eq!((asked.stage().name(), asked.open_requests()), (CaseStage::Submitted, &[][..]), "its requests lapsed");
}

#[test]
fn clocks_begin_anew() {
    let expires = |stage| reopened(cancelled(at(WRITTEN, stage)), UNPAID).case.expires_at();
    assert_eq!(expires(CaseStage::Draft), Some(day(9 + 90)));
    assert_eq!(expires(CaseStage::Accepted), None, "the hospital makes the estimate");
    assert_eq!(expires(CaseStage::AwaitingPayment), Some(end_of_day(date(2026, 12, 28))));
    assert_eq!(reopened(cancelled(quoted(at(WRITTEN, CaseStage::Accepted))), UNPAID).case.expires_at(), None, "the hospital's turn");
    let part = InvoiceAtReopening::Restored { is_settled: false, has_money: true, payable_until: date(2026, 12, 28) };
    let part = reopened(cancelled(at(WRITTEN, CaseStage::AwaitingPayment)), part).case;
    assert_eq!((part.stage().name(), part.expires_at()), (CaseStage::AwaitingPayment, None), "with money on it it never expires");
    let asked = || cancelled(estimated(at(WRITTEN, CaseStage::Accepted)));
    assert_eq!(reopened(asked(), UNPAID).case.expires_at(), Some(day(62)), "its estimate still holds");
}

#[test]
fn an_estimate_that_ran_out_meanwhile_is_made_anew() {
    let waiting = estimated(at(WRITTEN, CaseStage::Accepted));
    let ended = waiting.cancel(&by(Relation::Desk), &rules(), day(50), CancelReason::Withdrawn, None, CancelledMoney::UNPAID).unwrap().case;
    let back = ended.reopen(&by(Relation::Desk), &rules(), day(63), UNPAID).unwrap().case;
    assert_eq!((back.estimate(), back.expires_at(), back.waiting_on()), (None, None, WaitingOn::Desk));
}

#[test]
fn work_that_was_under_way_goes_on_and_is_due_as_much_later() {
    let before = at(WRITTEN, CaseStage::Writing);
    let due = before.stage().work().and_then(|work| work.due).unwrap();
    let back = reopened(cancelled(before), SETTLED).case;
    assert_eq!(back.stage().work().and_then(|work| work.due), Some(due.shifted(3)));
    let slides = Application { re_examination: Some(ReExamination { biopsy_slides: 1, resected_specimens: 0 }), ..application() };
    let held = reopened(cancelled(advanced(opened(WRITTEN, slides), CaseStage::Writing)), SETTLED).case;
    assert_eq!(held.hold_now().map(|hold| hold.reason), Some(HoldReason::Slides), "it still waits for them");
}

#[test]
fn money_that_came_after_the_end_starts_the_work() {
    let back = reopened(cancelled(at(WRITTEN, CaseStage::AwaitingPayment)), SETTLED);
    assert_eq!((back.case.stage().name(), names(&back)), (CaseStage::Writing, vec!["case_reopened", "writing_started"]));
    assert_eq!(back.case.expires_at(), None);
}

#[test]
fn where_the_money_has_left_the_case_waits_for_a_new_invoice() {
    for stage in [CaseStage::AwaitingPayment, CaseStage::Writing, CaseStage::InReview] {
        let back = reopened(cancelled(at(WRITTEN, stage)), InvoiceAtReopening::GivenBack).case;
        assert_eq!(
            (back.stage().name(), back.expires_at(), back.waiting_on()),
            (CaseStage::Accepted, None, WaitingOn::Accountant),
            "{stage}"
        );
        assert!(back.issue_invoice(&by(Relation::Billing), &rules(), day(9), id(77), due_on()).is_ok(), "{stage}");
    }
}

#[test]
fn a_case_is_reopened_for_thirty_days() {
    let ended = cancelled(at(WRITTEN, CaseStage::Submitted));
    let reopen = |when| ended.clone().reopen(&by(Relation::Desk), &rules(), when, UNPAID);
    // It ended on 7 November in Tokyo.
    let last = end_of_day(date(2026, 12, 7));
    assert!(reopen(last).is_ok());
    assert_eq!(reopen(last + jiff::SignedDuration::from_secs(1)).unwrap_err(), Refusal::ReopeningOver);
}

#[test]
fn a_death_that_was_recorded_by_mistake_is_no_longer_silent() {
    let ended = at(WRITTEN, CaseStage::Writing);
    let ended =
        ended.cancel(&by(Relation::Desk), &rules(), day(6), CancelReason::PatientDeceased, None, CancelledMoney::UNPAID).unwrap().case;
    assert!(ended.is_silenced());
    assert!(!reopened(ended, SETTLED).case.is_silenced());
}

#[test]
fn an_estimate_that_runs_out_at_the_very_instant_holds_no_longer() {
    let ended = estimated(at(WRITTEN, CaseStage::Accepted));
    let cancelled = |case: Case| {
        let by = by(Relation::Desk);
        case.cancel(&by, &rules(), day(60), CancelReason::Withdrawn, None, crate::case::CancelledMoney::UNPAID).unwrap().case
    };
    let reopened = |when| {
        let reopened = cancelled(ended.clone()).reopen(&by(Relation::Desk), &rules(), when, InvoiceAtReopening::NONE);
        reopened.unwrap().case.estimate().is_some()
    };
    let last = day(62) - jiff::SignedDuration::from_secs(1);
    assert_eq!((reopened(last), reopened(day(62))), (true, false));
}
