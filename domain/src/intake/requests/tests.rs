//! Required items: asked for, handed in, checked, answered.

use crate::access::Relation;
use crate::intake::items::{Advice, BlockedStep, IntakeSettings, ItemLevel, ItemState, WhyItApplies, checklist};
use crate::intake::requests::{Answers, Asked, InformationRequest, ItemAnswer};
use crate::service::ServiceKind;
use crate::tests::fixtures::*;

const WRITTEN: ServiceKind = ServiceKind::WrittenOpinion;

fn asked(items: &[ItemCode], questions: &[&str]) -> Asked {
    Asked { items: items.to_vec(), questions: questions.iter().map(|one| text(one)).collect() }
}

fn ask(case: Case, items: &[ItemCode], questions: &[&str]) -> Result<Change, Refusal> {
    case.request_information(&by(Relation::Desk), &rules(), now(), id(70), &asked(items, questions))
}

/// Answers the request for these items and questions.
fn answer(case: Case, asked: Asked, items: &[(ItemCode, Option<&str>)], answers: &[&str]) -> Result<Change, Refusal> {
    let request = InformationRequest::ask(id(70), case.id(), asked, by(Relation::Desk).user, now());
    let items = items.iter().map(|(item, why)| ItemAnswer { item: *item, cannot_provide: why.map(text) }).collect();
    let answers = Answers { items, answers: answers.iter().map(|one| text(one)).collect() };
    case.answer_information_request(&by(Relation::Applicant), &rules(), now(), &request, &answers)
}

fn the_letter() -> Asked {
    asked(&[ItemCode::ReferralLetter], &["Since when?"])
}

fn asked_for_the_letter() -> Case {
    ask(at(WRITTEN, CaseStage::Submitted), &[ItemCode::ReferralLetter], &["Since when?"]).unwrap().case
}

fn with_slides() -> Application {
    Application { re_examination: Some(ReExamination { biopsy_slides: 3, resected_specimens: 0 }), ..application() }
}

#[test]
fn a_request_names_something_that_applies() {
    assert_eq!(ask(at(WRITTEN, CaseStage::Submitted), &[], &[]).unwrap_err(), Refusal::NothingAsked);
    let item = ItemCode::PathologySlides;
    assert_eq!(ask(at(WRITTEN, CaseStage::Submitted), &[item], &[]).unwrap_err(), Refusal::ItemNotApplicable { item });
}

#[test]
fn a_recommended_item_blocks_once_it_is_asked_for_and_no_longer_when_it_is_answered() {
    let rule = rules();
    let blocks =
        |case: &Case| checklist(case, &rule).find(ItemCode::ReferralLetter).map(|entry| (entry.level, entry.why, entry.blocks)).unwrap();
    assert_eq!(
        blocks(&at(WRITTEN, CaseStage::Submitted)),
        (ItemLevel::Recommended, WhyItApplies::MedicalInformation, BlockedStep::Nothing)
    );
    let waits = asked_for_the_letter();
    assert_eq!(blocks(&waits), (ItemLevel::Recommended, WhyItApplies::AskedFor, BlockedStep::Triage));
    let answered = answer(waits, the_letter(), &[(ItemCode::ReferralLetter, Some("my physician refuses"))], &["2024"]).unwrap().case;
    assert_eq!(answered.stage().name(), CaseStage::Submitted);
    assert_eq!(answered.item_state(ItemCode::ReferralLetter), ItemState::Unavailable);
    assert_eq!(blocks(&answered).2, BlockedStep::Nothing);
}

#[test]
fn everything_that_is_asked_is_answered_at_once() {
    let item = ItemCode::ReferralLetter;
    let refusal = answer(asked_for_the_letter(), the_letter(), &[], &[]).unwrap_err();
    assert_eq!(refusal, Refusal::AnswersIncomplete { items: vec![item], questions: vec![0] });
    let claimed = answer(asked_for_the_letter(), the_letter(), &[(item, None)], &["2024"]).unwrap_err();
    assert_eq!(claimed, Refusal::AnswersIncomplete { items: vec![item], questions: vec![] }, "it was not handed in");
    assert!(answer(provided(asked_for_the_letter(), item), the_letter(), &[(item, None)], &["2024"]).is_ok());
    let more = answer(provided(asked_for_the_letter(), item), the_letter(), &[(item, None)], &["2024", "2025"]).unwrap_err();
    assert_eq!(more.code(), "too_many");
}

#[test]
fn i_cannot_provide_this_is_no_answer_for_a_required_item() {
    let item = ItemCode::PathologyReport;
    let waits = ask(advanced(opened(WRITTEN, with_slides()), CaseStage::Submitted), &[item], &[]).unwrap().case;
    assert_eq!(answer(waits, asked(&[item], &[]), &[(item, Some("lost"))], &[]).unwrap_err(), Refusal::ItemIsRequired { item });
}

#[test]
fn the_case_goes_on_when_the_last_request_is_settled() {
    let twice = at(WRITTEN, CaseStage::InformationRequested);
    let twice = ask(twice, &[], &["Since when?"]).unwrap().case;
    let once = answer(twice, asked(&[], &["Since when?"]), &[], &["2024"]).unwrap().case;
    assert_eq!(once.stage().name(), CaseStage::InformationRequested);
    let none = once.withdraw_information_request(&by(Relation::Desk), &rules(), now(), id(7)).unwrap().case;
    assert_eq!((none.stage().name(), none.expires_at()), (CaseStage::Submitted, None));
    let again = none.withdraw_information_request(&by(Relation::Desk), &rules(), now(), id(7));
    assert_eq!(again.unwrap_err(), Refusal::RequestNotOpen);
}

#[test]
fn after_acceptance_a_request_holds_the_case_and_its_answer_resumes_it() {
    let held = ask(at(WRITTEN, CaseStage::Writing), &[], &["Since when?"]).unwrap();
    let names: Vec<&str> = held.events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(names, ["information_requested", "case_held"]);
    assert_eq!((held.case.stage().name(), held.case.waiting_on()), (CaseStage::Writing, WaitingOn::Applicant));
    assert_eq!(held.case.clone().resume(&by(Relation::Desk), &rules(), now()).unwrap_err(), Refusal::InformationOutstanding);
    let submitted = held.case.clone().submit_opinion(&by(Relation::Responsible), &rules(), now(), &submission());
    assert_eq!(submitted.unwrap_err(), Refusal::OnHold);
    let resumed = answer(held.case, asked(&[], &["Since when?"]), &[], &["2024"]).unwrap();
    assert_eq!(resumed.events.last().map(|event| event.kind.as_str()), Some("case_resumed"));
    assert!(resumed.case.hold_now().is_none());
}

#[test]
fn a_required_item_is_never_waived_and_what_is_not_there_is_not_verified() {
    let submitted = || at(WRITTEN, CaseStage::Submitted);
    let item = ItemCode::ApplicationForm;
    assert_eq!(
        submitted().waive_item(&by(Relation::Desk), &rules(), now(), item, text("no")).unwrap_err(),
        Refusal::ItemIsRequired { item }
    );
    let item = ItemCode::ReferralLetter;
    assert_eq!(submitted().verify_item(&by(Relation::Desk), &rules(), now(), item).unwrap_err(), Refusal::ItemNotProvided { item });
    assert_eq!(
        submitted().reject_item(&by(Relation::Desk), &rules(), now(), item, text("no")).unwrap_err(),
        Refusal::ItemNotProvided { item }
    );
}

#[test]
fn a_rejected_item_is_handed_in_again() {
    let item = ItemCode::BloodTest;
    let rejected =
        provided(at(WRITTEN, CaseStage::Submitted), item).reject_item(&by(Relation::Desk), &rules(), now(), item, text("blurred"));
    let rejected = rejected.unwrap().case;
    assert_eq!(
        (rejected.item_state(item), rejected.item_reason(item).map(ToString::to_string)),
        (ItemState::Rejected, Some("blurred".into()))
    );
    assert_eq!(provided(rejected, item).item_state(item), ItemState::Provided);
}

#[test]
fn what_was_verified_is_not_taken_away_and_what_was_not_is() {
    let item = ItemCode::BloodTest;
    let there = provided(at(WRITTEN, CaseStage::Submitted), item);
    let gone = there.clone().delete_document(&by(Relation::Applicant), &rules(), now(), id(3), Some(item)).unwrap().case;
    assert_eq!(gone.item_state(item), ItemState::Missing);
    let checked = there.verify_item(&by(Relation::Desk), &rules(), now(), item).unwrap().case;
    let moved = checked.clone().move_document(&by(Relation::Applicant), &rules(), now(), None, Some(item));
    assert!(matches!(moved, Err(Refusal::ItemVerified { .. })), "what is relied on is not moved away");
    let refused = checked.delete_document(&by(Relation::Applicant), &rules(), now(), id(3), Some(item));
    assert_eq!(refused.unwrap_err(), Refusal::ItemVerified { item });
}

#[test]
fn items_apply_by_what_the_case_is() {
    let settings = rules();
    let level = |case: &Case, item| checklist(case, &settings).find(item).map(|entry| entry.level);
    let plain = draft(WRITTEN);
    assert_eq!(level(&plain, ItemCode::ApplicationForm), Some(ItemLevel::Required));
    assert_eq!(level(&plain, ItemCode::PathologySlides), None);
    assert_eq!(level(&plain, ItemCode::AgencyDisclosureConsent), None);
    assert_eq!(level(&plain, ItemCode::DiagnosticImages), Some(ItemLevel::IfAvailable));
    let slides = opened(WRITTEN, with_slides());
    assert_eq!(level(&slides, ItemCode::PathologySlides), Some(ItemLevel::RequiredIf));
    assert_eq!(level(&slides, ItemCode::PathologyReport), Some(ItemLevel::RequiredIf));
    let represented = ServiceKind::RepresentativeConsultation;
    assert_eq!(level(&draft(represented), ItemCode::PatientConsent), None, "family need none");
    let mut form = application();
    form.representatives[0].relation = Some(text("friend"));
    assert_eq!(level(&opened(represented, form), ItemCode::PatientConsent), Some(ItemLevel::RequiredIf), "a friend is not family");
    let strict = HospitalSettings {
        intake: IntakeSettings { family_needs_consent: true, ..IntakeSettings::default() },
        ..HospitalSettings::default()
    };
    assert_eq!(
        checklist(&draft(represented), &Rules::at(&strict, now())).find(ItemCode::PatientConsent).map(|entry| entry.why),
        Some(WhyItApplies::HospitalAsksFamily)
    );
}

#[test]
fn advice_does_not_block() {
    let settings = rules();
    let advice = |case: &Case| checklist(case, &settings).advice;
    assert!(advice(&draft(ServiceKind::PatientConsultation)).contains(&Advice::SomeoneInJapanShouldVisitFirst));
    assert!(!advice(&draft(WRITTEN)).contains(&Advice::SomeoneInJapanShouldVisitFirst));
    let mut here = application();
    here.patient.address.as_mut().unwrap().country = text("JP");
    assert!(!advice(&opened(ServiceKind::PatientConsultation, here)).contains(&Advice::SomeoneInJapanShouldVisitFirst), "nobody travels");
    let unknown = opened(ServiceKind::PatientConsultation, Application::default());
    assert!(!advice(&unknown).contains(&Advice::SomeoneInJapanShouldVisitFirst), "nobody knows where the patient lives");
    let images = provided(draft(WRITTEN), ItemCode::DiagnosticImages);
    assert!(advice(&images).contains(&Advice::ImagesWithoutReport));
    assert!(!advice(&provided(images, ItemCode::ExamReports)).contains(&Advice::ImagesWithoutReport));
}
