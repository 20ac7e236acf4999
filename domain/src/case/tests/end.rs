//! Holds, expiry, cancellation, closing.

use crate::case::CancelledMoney;
use jiff::{SignedDuration, Timestamp};

use crate::case::WaitingOn as W;
use crate::service::ServiceKind;
use crate::tests::fixtures::*;

use crate::access::{Relation, Relations};
use crate::billing::{CancellationPolicy, Paid};
use crate::calendar::end_of_day;
use crate::money::Yen;

const WRITTEN: ServiceKind = ServiceKind::WrittenOpinion;
const FEE: i64 = 110_000;

fn cancel(case: Case, relation: Relation, reason: CancelReason) -> Result<Change, Refusal> {
    case.cancel(&by(relation), &rules(), now(), reason, None, CancelledMoney { refund: Yen::new(FEE).unwrap(), ..CancelledMoney::UNPAID })
}

fn expire(case: &Case, at: Timestamp) -> Result<Change, Refusal> {
    case.clone().expire(&rules(), at, false)
}

fn refund(decided: &Change) -> Option<i64> {
    decided.events.iter().find_map(|event| if let EventKind::RefundOpened { amount } = event.kind { Some(amount.amount()) } else { None })
}

#[test]
fn each_waiting_stage_expires_after_its_own_time_and_not_a_second_earlier() {
    for (stage, end) in [
        (CaseStage::Draft, day(90)),
        (CaseStage::InformationRequested, day(31)),
        (CaseStage::Accepted, day(62)),
        (CaseStage::AwaitingPayment, end_of_day(due_on())),
    ] {
        let case = asked(at(WRITTEN, stage));
        assert_eq!(case.expires_at(), Some(end), "{stage}");
        assert_eq!(expire(&case, end - SignedDuration::from_secs(1)).unwrap_err(), Refusal::NotDue);
        assert_eq!(expire(&case, end).unwrap().case.stage().name(), CaseStage::Expired);
    }
}

#[test]
fn a_case_with_money_on_it_never_expires() {
    let waiting = at(WRITTEN, CaseStage::AwaitingPayment);
    let part = waiting.clone().record_payment(&by(Relation::Billing), &rules(), day(4), paid(false)).unwrap().case;
    assert_eq!((part.stage().name(), part.expires_at()), (CaseStage::AwaitingPayment, None), "its clock stops with the payment");
    // Release 0.1 let the clock of such a case run.
    let stopped = waiting.expire(&rules(), day(1000), true).unwrap();
    assert_eq!((stopped.case.stage().name(), stopped.case.expires_at()), (CaseStage::AwaitingPayment, None));
    assert!(stopped.events.is_empty());
}

/// Rule R26: after the payment an agency alone does not end what the patient can speak for.
#[test]
fn an_agency_alone_ends_no_paid_work_of_a_patient_with_an_account() {
    let case = || at(WRITTEN, CaseStage::Writing);
    let end = |relations: &[Relation], is_paid: bool, patient_has_account: bool| {
        let money = CancelledMoney { is_paid, patient_has_account, ..CancelledMoney::UNPAID };
        let by = CaseAccess { relations: Relations::of(relations), ..by(Relation::Agency) };
        case().cancel(&by, &rules(), now(), CancelReason::Withdrawn, None, money).map(|change| change.case.stage().name())
    };
    let (agency, cancelled) = (&[Relation::Agency][..], Ok(CaseStage::Cancelled));
    assert_eq!(end(agency, true, true), Err(Refusal::PatientMustAgree));
    assert_eq!(end(agency, false, true), cancelled, "nothing is paid");
    assert_eq!(end(agency, true, false), cancelled, "the patient cannot say so here");
    assert_eq!(end(&[Relation::Desk], true, true), cancelled);
    assert_eq!(end(&[Relation::Agency, Relation::Desk], true, true), cancelled, "somebody who works at the desk, too");
}

#[test]
fn a_payment_that_was_in_time_brings_an_expired_case_back_whenever_it_is_recorded() {
    let expired = || expire(&at(WRITTEN, CaseStage::AwaitingPayment), day(1000)).unwrap().case;
    let record = |paid: Paid| expired().record_payment(&by(Relation::Billing), &rules(), day(1001), paid).unwrap();
    let names = |change: &Change| change.events.iter().map(|event| event.kind.as_str()).collect::<Vec<_>>();
    let back = record(paid(true));
    assert_eq!(back.case.stage().name(), CaseStage::Writing);
    assert_eq!(names(&back), ["payment_recorded", "case_reopened", "writing_started"]);
    let part = record(paid(false));
    assert_eq!((part.case.stage().name(), part.case.expires_at()), (CaseStage::AwaitingPayment, None));
    let late = record(Paid { in_time: false, ..paid(true) });
    assert_eq!((late.case.stage().name(), names(&late)), (CaseStage::Expired, vec!["payment_recorded"]));
    let other = record(Paid { invoice: id(99), ..paid(true) });
    assert_eq!(other.case.stage().name(), CaseStage::Expired, "of another invoice");
    let cancelled = cancel(at(WRITTEN, CaseStage::AwaitingPayment), Relation::Applicant, CancelReason::Withdrawn).unwrap().case;
    assert!(!cancelled.is_revived_by(invoice()), "somebody ended it");
}

#[test]
fn nothing_expires_while_it_is_the_hospitals_turn() {
    for (kind, stage) in everywhere() {
        let case = at(kind, stage);
        let applicants = case.waiting_on() == WaitingOn::Applicant;
        assert_eq!(case.expires_at().is_some(), applicants, "{stage} of {kind}");
    }
    let (waiting, agreed) = (asked(at(WRITTEN, CaseStage::Accepted)), quoted(at(WRITTEN, CaseStage::Accepted)));
    assert_eq!((waiting.expires_at().is_some(), agreed.expires_at()), (true, None));
}

#[test]
fn a_hold_stops_the_clock_and_gives_back_the_time() {
    let held =
        estimated(at(WRITTEN, CaseStage::Accepted)).hold(&by(Relation::Desk), &rules(), day(10), HoldReason::Applicant, None).unwrap().case;
    assert_eq!(expire(&held, day(1000)).unwrap_err(), Refusal::OnHold);
    let resumed = held.resume(&by(Relation::Desk), &rules(), day(25)).unwrap().case;
    assert_eq!(resumed.expires_at(), Some(day(62 + 15)));
    let writing =
        at(WRITTEN, CaseStage::Writing).hold(&by(Relation::Department), &rules(), day(5), HoldReason::Department, None).unwrap().case;
    assert_eq!(writing.clone().note_overdue(&rules(), day(100)).unwrap_err(), Refusal::OnHold);
    let late = writing.due_at().unwrap();
    let resumed = writing.resume(&by(Relation::Department), &rules(), day(7)).unwrap().case;
    assert_eq!(resumed.due_at(), Some(late + SignedDuration::from_hours(48)));
}

#[test]
fn a_cancellation_gives_back_the_share_of_the_policy() {
    let percent = |stage, reason| CancellationPolicy::default().percent_back(stage, reason);
    for (stage, share) in
        [(CaseStage::AwaitingPayment, 100), (CaseStage::Writing, 50), (CaseStage::InReview, 50), (CaseStage::Delivered, 0)]
    {
        for reason in CancelReason::ALL {
            let share = if reason.is_the_hospitals() { 100 } else { share };
            assert_eq!(percent(stage, *reason), share, "{stage}, {reason}");
        }
    }
    let decided = cancel(at(WRITTEN, CaseStage::Writing), Relation::Applicant, CancelReason::Withdrawn).unwrap();
    assert_eq!(refund(&decided), Some(FEE), "the amount is the invoices' to say");
}

#[test]
fn what_was_delivered_is_not_cancelled() {
    let refused = cancel(at(WRITTEN, CaseStage::Delivered), Relation::Desk, CancelReason::HospitalReason).unwrap_err();
    assert!(matches!(refused, Refusal::WrongStage { .. }), "{refused:?}");
}

#[test]
fn the_applicant_does_not_speak_for_the_hospital() {
    for reason in [CancelReason::HospitalReason, CancelReason::Duplicate] {
        assert_eq!(cancel(draft(WRITTEN), Relation::Applicant, reason).unwrap_err(), Refusal::ReasonIsTheHospitals);
    }
}

#[test]
fn a_death_silences_every_automatic_message() {
    let slides = Application { re_examination: Some(ReExamination { biopsy_slides: 1, resected_specimens: 0 }), ..application() };
    let decided =
        cancel(advanced(opened(WRITTEN, slides), CaseStage::Writing), Relation::Applicant, CancelReason::PatientDeceased).unwrap();
    let outside = Audience::APPLICANT.and(Audience::PATIENT).and(Audience::AGENCY);
    assert!(decided.events.len() >= 3, "cancelled, refund, return of slides");
    assert!(decided.events.iter().all(|event| !event.audience.meets(outside)), "{:?}", decided.events);
    assert!(decided.case.is_silenced());
    let late = decided.case.clone().record_payment(&by(Relation::Billing), &rules(), now(), paid(true)).unwrap();
    assert!(late.events.iter().all(|event| !event.audience.meets(outside)));
    let letter = decided.case.post_message(&by(Relation::Desk), &rules(), now(), id(40)).unwrap();
    assert!(letter.events[0].audience.meets(Audience::APPLICANT), "a person may still write to the family");
}

#[test]
fn no_other_end_is_silent() {
    assert_eq!(
        cancel(draft(WRITTEN), Relation::Desk, CancelReason::NotAttended),
        Err(Refusal::ReasonNotAllowed),
        "that is recorded by itself"
    );
    for reason in CancelReason::ALL.iter().filter(|reason| **reason != CancelReason::NotAttended) {
        let decided = cancel(draft(WRITTEN), Relation::Desk, *reason).unwrap();
        let dies = *reason == CancelReason::PatientDeceased;
        let told = EventKind::CaseCancelled { reason: *reason, silent: dies };
        assert!(decided.events.iter().any(|event| event.kind == told), "{reason}: {:?}", decided.events);
        assert_eq!(decided.case.is_silenced(), dies, "{reason}");
    }
}

#[test]
fn a_hold_for_slides_goes_on_by_itself_and_names_what_is_outstanding() {
    let slides = Application { re_examination: Some(ReExamination { biopsy_slides: 1, resected_specimens: 0 }), ..application() };
    let held = advanced(opened(WRITTEN, slides), CaseStage::Writing);
    assert_eq!(held.hold_now().map(|hold| hold.reason), Some(HoldReason::Slides));
    let refused = held.resume(&by(Relation::Desk), &rules(), now()).unwrap_err();
    assert_eq!(refused, Refusal::ItemsUnverified { items: vec![ItemCode::PathologySlides, ItemCode::PathologyReport] });
}

#[test]
fn slides_are_sent_back_when_a_case_ends_early() {
    let slides = Application { re_examination: Some(ReExamination { biopsy_slides: 1, resected_specimens: 0 }), ..application() };
    let decided = cancel(opened(WRITTEN, slides), Relation::Applicant, CancelReason::Withdrawn).unwrap();
    assert!(decided.events.iter().any(|event| event.kind == EventKind::SlideReturnOpened));
    let without = cancel(draft(WRITTEN), Relation::Applicant, CancelReason::Withdrawn).unwrap();
    assert!(!without.events.iter().any(|event| event.kind == EventKind::SlideReturnOpened));
}

#[test]
fn a_case_closes_when_money_and_slides_are_settled() {
    let close = |money, slides| at(WRITTEN, CaseStage::Delivered).close(&by(Relation::Desk), &rules(), now(), money, slides, true);
    assert_eq!(close(false, true).unwrap_err(), Refusal::MoneyOpen);
    assert_eq!(close(true, false).unwrap_err(), Refusal::SlidesOpen);
    let closed = close(true, true).unwrap().case;
    assert_eq!((closed.delivered_opinion(), closed.invoice()), (Some(id(8)), Some(invoice())), "what was known stays known");
}

#[test]
fn open_requests_lapse_with_the_case() {
    let ended = cancel(at(WRITTEN, CaseStage::InformationRequested), Relation::Applicant, CancelReason::Withdrawn).unwrap().case;
    assert_eq!(ended.open_requests(), []);
}

#[test]
fn a_case_says_who_does_the_next_step() {
    let next = |stage| at(WRITTEN, stage).waiting_on();
    for (stage, who) in [
        (CaseStage::Draft, W::Applicant),
        (CaseStage::Submitted, W::Desk),
        (CaseStage::InformationRequested, W::Applicant),
        (CaseStage::InTriage, W::Department),
        (CaseStage::Accepted, W::Desk),
        (CaseStage::AwaitingPayment, W::Applicant),
        (CaseStage::Writing, W::Physician),
        (CaseStage::InReview, W::Department),
        (CaseStage::Delivered, W::Desk),
    ] {
        assert_eq!(next(stage), who, "{stage}");
    }
    assert_eq!(asked(at(WRITTEN, CaseStage::Accepted)).waiting_on(), W::Applicant);
    assert_eq!(quoted(at(WRITTEN, CaseStage::Accepted)).waiting_on(), W::Accountant);
}

#[test]
fn holds_that_come_by_themselves_are_not_set_by_hand() {
    for reason in [HoldReason::Information, HoldReason::Slides] {
        let held = at(WRITTEN, CaseStage::Writing).hold(&by(Relation::Desk), &rules(), now(), reason, None);
        assert_eq!(held.unwrap_err(), Refusal::ReasonNotAllowed);
    }
}
