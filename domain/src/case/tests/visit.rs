//! Consultations: booked, received, held.

use super::super::fixtures::*;
use super::super::*;
use crate::access::Relation;

const PATIENT: ServiceKind = ServiceKind::PatientConsultation;
const FREE: Booking = Booking { is_free: true, interpreter_settled: false };

fn book(case: Case, booking: Booking) -> Result<Decided, Refusal> {
    case.book_appointment(&by(Relation::Desk), &rules(), now(), appointment(), booking)
}

fn arrive(case: Case, identities_seen: bool, original_consent_seen: bool) -> Result<Decided, Refusal> {
    case.record_arrival(&by(Relation::Desk), &rules(), now(), Arrival { identities_seen, original_consent_seen })
}

#[test]
fn a_visit_is_booked_when_the_estimate_is_accepted_and_the_time_is_free() {
    assert_eq!(book(at(PATIENT, StageName::Accepted), FREE).unwrap_err(), Refusal::QuoteNotAccepted);
    let ready = quoted(at(PATIENT, StageName::Accepted));
    assert_eq!(book(ready.clone(), Booking { is_free: false, ..FREE }).unwrap_err(), Refusal::SlotNotFree);
    assert_eq!(book(ready, FREE).unwrap().case.stage().name(), StageName::Scheduled);
}

#[test]
fn interpreting_is_settled_where_the_language_is_neither_japanese_nor_english() {
    let form = Application { language: Some(text("ru")), ..application() };
    let ready = || quoted(advanced(opened(PATIENT, form.clone()), StageName::Accepted));
    assert_eq!(book(ready(), FREE).unwrap_err(), Refusal::InterpreterNotSettled);
    assert!(book(ready(), Booking { interpreter_settled: true, ..FREE }).is_ok());
}

#[test]
fn without_the_consent_where_it_is_needed_there_is_no_consultation() {
    let mut form = application();
    form.representatives[0].relation = Some(text("friend"));
    let kind = ServiceKind::RepresentativeConsultation;
    let scheduled = || advanced(opened(kind, form.clone()), StageName::Scheduled);
    assert_eq!(arrive(scheduled(), true, false).unwrap_err(), Refusal::ConsentNotVerified);
    assert!(arrive(scheduled(), true, true).is_ok());
    assert!(arrive(at(kind, StageName::Scheduled), true, false).is_ok(), "family need none");
    assert_eq!(arrive(scheduled(), false, true).unwrap_err(), Refusal::IdentityNotSeen);
}

#[test]
fn missing_slides_never_stop_a_visit() {
    let slides = Application { re_examination: Some(ReExamination { biopsy_slides: 1, resected_specimens: 0 }), ..application() };
    let consulted = advanced(opened(PATIENT, slides), StageName::Consulted);
    assert_eq!((consulted.stage().name(), consulted.hold_now()), (StageName::Consulted, None));
}

#[test]
fn a_consultation_ends_after_it_began() {
    let arrived = arrive(at(PATIENT, StageName::Scheduled), true, true).unwrap().case;
    let backwards = Consultation { ended_at: day(3), ..consultation() };
    assert_eq!(arrived.record_consultation(&by(Relation::Responsible), &rules(), now(), backwards).unwrap_err(), Refusal::TimesMixedUp);
}

#[test]
fn a_moved_visit_is_a_new_arrival() {
    let arrived = arrive(at(PATIENT, StageName::Scheduled), true, true).unwrap().case;
    let moved =
        arrived.reschedule_appointment(&by(Relation::Desk), &rules(), now(), appointment(), FREE, text("delayed flight")).unwrap().case;
    assert_eq!(moved.record_consultation(&by(Relation::Responsible), &rules(), now(), consultation()).unwrap_err(), Refusal::NotArrived);
}

#[test]
fn a_missed_visit_is_followed_up_before_it_is_noted() {
    let missed = |attempts, ends| at(PATIENT, StageName::Scheduled).mark_not_attended(&by(Relation::Desk), &rules(), now(), attempts, ends);
    assert_eq!(missed(0, false).unwrap_err(), Refusal::ContactNotAttempted);
    assert_eq!(missed(1, false).unwrap().case.stage().name(), StageName::Accepted);
    let ended = missed(2, true).unwrap();
    assert_eq!(ended.case.stage().name(), StageName::Cancelled);
    assert!(ended.case.restore().is_ok());
}
