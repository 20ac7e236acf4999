//! The written opinion, as the case sees it.

use crate::access::{Relation, Role};
use crate::intake::items::BlockedStep;
use crate::service::ServiceKind;
use jiff::Timestamp;

use crate::tests::fixtures::*;
use crate::written::PageFit;

const WRITTEN: ServiceKind = ServiceKind::WrittenOpinion;

fn submit(submitted: &Submitted) -> Result<Change, Refusal> {
    at(WRITTEN, CaseStage::Writing).submit_opinion(&by(Relation::Responsible), &rules(), now(), submitted)
}

fn referred(stage: CaseStage) -> Case {
    let opening =
        Opening { id: id(1), number: "2026-000001".into(), kind: WRITTEN, application: application(), agency: None, follows: None };
    advanced(Case::open(opening, &caller(Role::Agency), &rules(), day(0)).unwrap().case, stage)
}

#[test]
fn an_opinion_fits_on_one_page() {
    let long = Submitted { fit: PageFit { lines: 53, max_lines: 52 }, ..submission() };
    assert_eq!(submit(&long).unwrap_err(), Refusal::OpinionTooLong { lines: 53, max_lines: 52 });
    assert!(submit(&Submitted { fit: PageFit { lines: 52, max_lines: 52 }, ..submission() }).is_ok());
}

#[test]
fn an_opinion_addresses_every_question() {
    let refusal = submit(&Submitted { unaddressed: vec![1], ..submission() }).unwrap_err();
    assert_eq!(refusal, Refusal::QuestionsUnanswered { questions: vec![1] });
}

#[test]
fn findings_are_recorded_when_slides_were_to_be_examined() {
    assert!(submit(&Submitted { findings_in_the_text: false, ..submission() }).is_ok(), "nobody asked for it");
    let slides = Application { re_examination: Some(ReExamination { biopsy_slides: 1, resected_specimens: 0 }), ..application() };
    let mut case = advanced(opened(WRITTEN, slides), CaseStage::Writing);
    case = verified(case, BlockedStep::DueWindow);
    let submit = |case: &Case, submitted: Submitted| case.clone().submit_opinion(&by(Relation::Responsible), &rules(), now(), &submitted);
    assert_eq!(submit(&case, submission()).unwrap_err(), Refusal::FindingsMissing, "pathology has not reported");
    let case = reported(case);
    let without = submit(&case, Submitted { findings_in_the_text: false, ..submission() });
    assert_eq!(without.unwrap_err(), Refusal::FindingsMissing, "the page does not speak of them");
    assert!(submit(&case, submission()).is_ok());
}

#[test]
fn drafts_are_told_to_the_hospital_only_and_the_delivery_to_everybody() {
    let submitted = submit(&submission()).unwrap();
    assert_eq!(submitted.events[0].audience, Audience::STAFF);
    let returned = submitted.case.clone().return_opinion(&by(Relation::Department), &rules(), now()).unwrap();
    assert_eq!(returned.events[0].audience, Audience::STAFF);
    let delivered =
        submitted.case.deliver_opinion(&by(Relation::Department), &rules(), now(), Signed { by: id(9), has_reader: true }).unwrap();
    assert!(delivered.events[0].audience.meets(Audience::APPLICANT) && delivered.events[0].audience.meets(Audience::PATIENT));
    assert_eq!(delivered.case.delivered_opinion(), Some(id(8)));
}

#[test]
fn a_returned_opinion_keeps_its_due_window() {
    let before = at(WRITTEN, CaseStage::InReview);
    let after = before.clone().return_opinion(&by(Relation::Department), &rules(), now()).unwrap().case;
    assert_eq!(before.stage().work(), after.stage().work());
}

#[test]
fn an_agency_receives_an_opinion_only_with_the_patients_consent_and_while_it_holds() {
    let review = referred(CaseStage::InReview);
    let deliver = |case: Case| case.deliver_opinion(&by(Relation::Department), &rules(), now(), Signed { by: id(9), has_reader: true });
    let without = deliver(review.clone()).unwrap().case;
    assert!(
        !without.opinion_is_open_to(&by(Relation::Agency), rules().today)
            && without.opinion_is_open_to(&by(Relation::Applicant), rules().today)
    );
    let handed_in = provided(review.clone(), ItemCode::AgencyDisclosureConsent);
    assert!(!deliver(handed_in.clone()).unwrap().case.opinion_is_open_to(&by(Relation::Agency), rules().today), "handed in, not verified");
    let nobody = Signed { by: id(9), has_reader: false };
    let by_post = review.clone().deliver_opinion(&by(Relation::Department), &rules(), now(), nobody).unwrap().case;
    assert_eq!(by_post.stage().name(), CaseStage::Delivered, "by post to the patient's address");
    let mut homeless = review;
    homeless.application.patient.address = None;
    let refused = homeless.deliver_opinion(&by(Relation::Department), &rules(), now(), nobody);
    assert_eq!(refused.unwrap_err(), Refusal::NoWayToDeliver);
    let registered = consented(handed_in, ConsentKind::AgencyDisclosure, vec![]);
    assert!(
        !deliver(registered.clone()).unwrap().case.opinion_is_open_to(&by(Relation::Agency), rules().today),
        "registered, not verified"
    );
    let delivered = deliver(found_right(registered)).unwrap().case;
    let agency = by(Relation::Agency);
    assert!(delivered.opinion_is_open_to(&agency, rules().today));
    let later = crate::calendar::days_after(rules().today, 400);
    assert!(!delivered.opinion_is_open_to(&agency, later), "the period is over");
    let withdrawn = delivered.withdraw_consent(&by(Relation::Patient), &rules(), now(), id(50), None).unwrap().case;
    assert!(!withdrawn.opinion_is_open_to(&agency, rules().today) && withdrawn.opinion_is_open_to(&by(Relation::Applicant), rules().today));
}

#[test]
fn an_opinion_is_late_once_its_last_day_has_ended_and_that_is_noted_once() {
    let writing = at(WRITTEN, CaseStage::Writing);
    let end: Timestamp = "2026-11-14T15:00:00Z".parse().unwrap();
    let before = end - jiff::SignedDuration::from_secs(1);
    assert_eq!(writing.clone().note_overdue(&rules(), before).unwrap_err(), Refusal::NotDue);
    let noted = writing.note_overdue(&rules(), end).unwrap();
    assert_eq!(noted.events[0].audience, Audience::STAFF);
    assert_eq!(noted.case.note_overdue(&rules(), end).unwrap_err(), Refusal::NotDue);
    assert_eq!(at(WRITTEN, CaseStage::Delivered).note_overdue(&rules(), end).unwrap_err(), Refusal::NotDue);
}
