//! Requests for treatment at the hospital.

use super::*;
use crate::access::Relation::{Applicant, Department, Desk, Receiving, Responsible};
use crate::case::WaitingOn;
use crate::service::ServiceKind::{PatientConsultation, RepresentativeConsultation, WrittenOpinion};
use crate::tests::fixtures::*;

fn wish() -> LongText {
    text("We wish treatment here.")
}

#[test]
fn treatment_is_asked_for_from_the_arrival_until_some_weeks_after_closing() {
    let arrived = received(booked(quoted(at(PatientConsultation, CaseStage::Accepted)), visit_time(-1)), hours(-1));
    let asked = arrived.request_treatment(&by(Applicant), &rules(), now(), wish()).unwrap().case;
    assert!(asked.awaits_treatment_answer());
    assert_eq!(asked.waiting_on(), WaitingOn::Department, "at the visit, too");
    assert_eq!(asked.clone().request_treatment(&by(Receiving), &rules(), now(), wish()).map(drop), Err(Refusal::TreatmentRequestOpen));
    let closed = at(PatientConsultation, CaseStage::Closed);
    let on = |days| {
        let later = day(days);
        closed.clone().request_treatment(&by(Applicant), &Rules { today: today_in_tokyo(later), ..rules() }, later, wish())
    };
    assert!(on(5 + 90).is_ok());
    assert_eq!(on(5 + 91).map(drop), Err(Refusal::TreatmentRequestTooLate));
    assert_eq!(on(90).unwrap().case.waiting_on(), WaitingOn::Department, "somebody answers after the end, too");
    let written = at(WrittenOpinion, CaseStage::Closed).request_treatment(&by(Applicant), &rules(), now(), wish());
    assert_eq!(written.map(drop), Err(Refusal::WrongKind { is: WrittenOpinion }));
}

#[test]
fn nobody_is_treated_who_does_not_know() {
    let mut form = application();
    form.patient_uninformed = true;
    let visit = advanced(opened(RepresentativeConsultation, form), CaseStage::Consulted);
    let refused = visit.request_treatment(&by(Applicant), &rules(), now(), text("Treat him."));
    assert_eq!(refused.map(drop), Err(Refusal::PatientUninformed));
}

#[test]
fn an_unanswered_request_keeps_the_case_open() {
    let held = at(PatientConsultation, CaseStage::Consulted).invoice_visit(&by(Desk), id(5), true, true).unwrap().case;
    assert_eq!(held.may_answer_treatment_request(&by(Desk)), Err(Refusal::NoTreatmentRequest));
    let asked = held.request_treatment(&by(Responsible), &rules(), now(), wish()).unwrap().case;
    assert_eq!(asked.waiting_on(), WaitingOn::Department);
    let none = asked.clone().answer_treatment_request(&by(Desk), &rules(), now(), (TreatmentDecision::Possible, wish()), true);
    assert_eq!(none.map(drop), Err(Refusal::NothingAnswered));
    let close = |case: Case| case.close(&by(Desk), &rules(), now(), true, true, true).map(drop);
    assert_eq!(close(asked.clone()), Err(Refusal::TreatmentRequestOpen));
    let decision = TreatmentDecision::MoreNeeded;
    let answered =
        asked.answer_treatment_request(&by(Department), &rules(), now(), (decision, text("Please send the images.")), false).unwrap();
    assert_eq!(answered.events[0].kind, EventKind::TreatmentAnswered);
    let answer = answered.case.treatment_requests()[0].answer.as_ref().unwrap();
    assert_eq!((answer.decision, answer.by), (decision, by(Department).user));
    assert_eq!(close(answered.case.clone()), Ok(()));
    let again = |case: &Case, is_correction| {
        case.clone().answer_treatment_request(&by(Desk), &rules(), now(), (TreatmentDecision::NotPossible, wish()), is_correction)
    };
    assert_eq!(again(&answered.case, false).map(drop), Err(Refusal::TreatmentAnswered));
    let corrected = again(&answered.case, true).unwrap().case;
    let request = &corrected.treatment_requests()[0];
    assert_eq!((request.answer.as_ref().unwrap().decision, request.corrected[0].decision), (TreatmentDecision::NotPossible, decision));
    let mut again = answered.case;
    for place in 1..=MOST_REQUESTS {
        let asked = again.clone().request_treatment(&by(Applicant), &rules(), now(), text("And surgery?"));
        assert_eq!(asked.is_ok(), place < MOST_REQUESTS, "one after the other, up to a bound");
        let Ok(asked) = asked else { break };
        again = asked.case.answer_treatment_request(&by(Desk), &rules(), now(), (TreatmentDecision::Possible, wish()), false).unwrap().case;
    }
    assert_eq!(again.treatment_requests().len(), MOST_REQUESTS);
}
