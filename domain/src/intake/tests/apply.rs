//! Opening, filling in, submitting.

use crate::access::{Caller, Relation, Role, RoleAssignment, Roles};
use crate::intake::items::IntakeSettings;
use crate::intake::items::ItemState;
use crate::people::PartyField;
use crate::service::ServiceKind;
use crate::tests::fixtures::*;

fn submit(kind: ServiceKind, change: impl FnOnce(&mut Application)) -> Result<Change, Refusal> {
    let mut application = application();
    change(&mut application);
    opened(kind, application).submit(&by(Relation::Applicant), &rules(), now())
}

fn update(case: Case, by: &CaseAccess, json: &str) -> Result<Change, Refusal> {
    case.update(by, &rules(), now(), patch(json), &mut || id(60))
}

const WRITTEN: ServiceKind = ServiceKind::WrittenOpinion;
const VISIT: ServiceKind = ServiceKind::RepresentativeConsultation;

#[test]
fn a_case_without_a_contact_person_cannot_be_submitted() {
    let refusal = submit(WRITTEN, |form| form.contact_person = crate::people::ContactPerson::default()).unwrap_err();
    assert_eq!(lacking(&refusal), (vec![], HospitalSettings::default().intake.contact_person_fields));
    let pointers: Vec<String> = refusal.pointers().into_iter().map(|(pointer, _)| pointer).collect();
    assert!(pointers.contains(&"/application/contact_person/email".to_owned()), "{pointers:?}");
}

#[test]
fn every_missing_field_is_named_at_once() {
    let refusal = submit(WRITTEN, |form| {
        form.patient.birth_on = None;
        form.patient.email = None;
        form.contact_person.phone = None;
    });
    assert_eq!(lacking(&refusal.unwrap_err()), (vec![PartyField::BirthOn, PartyField::Email], vec![PartyField::Phone]));
}

#[test]
fn a_hospital_may_ask_for_fewer_fields() {
    let settings = HospitalSettings {
        intake: IntakeSettings { contact_person_fields: vec![PartyField::Name], ..IntakeSettings::default() },
        ..HospitalSettings::default()
    };
    let mut form = application();
    form.contact_person.email = None;
    let submitted = opened(WRITTEN, form).submit(&by(Relation::Applicant), &Rules::at(&settings, now()), now());
    assert!(submitted.is_ok());
}

#[test]
fn a_written_opinion_needs_a_question() {
    assert_eq!(submit(WRITTEN, |form| form.questions.clear()).unwrap_err(), Refusal::NoQuestion);
    assert!(submit(VISIT, |form| form.questions.clear()).is_ok(), "a consultation does not");
}

#[test]
fn a_written_opinion_is_for_patients_without_family_or_friends_in_japan() {
    assert_eq!(submit(WRITTEN, |form| form.has_family_or_friend_in_japan = Some(true)).unwrap_err(), Refusal::FamilyInJapanDeclared);
    assert_eq!(submit(WRITTEN, |form| form.has_family_or_friend_in_japan = None).unwrap_err(), Refusal::FamilyInJapanNotDeclared);
}

#[test]
fn the_desk_may_offer_a_written_opinion_all_the_same_and_nobody_else() {
    let json = r#"{"has_family_or_friend_in_japan":true,"written_offered_because":"cannot travel"}"#;
    assert_eq!(update(draft(WRITTEN), &by(Relation::Applicant), json).unwrap_err(), Refusal::OfferIsTheDesks);
    let offered = update(draft(WRITTEN), &by(Relation::Desk), json).unwrap().case;
    assert!(offered.submit(&by(Relation::Applicant), &rules(), now()).is_ok());
    let opening = Opening {
        id: id(1),
        number: "2026-000001".into(),
        kind: WRITTEN,
        application: Application { written_offered_because: Some(text("I wish it")), ..application() },
        agency: None,
        follows: None,
    };
    assert_eq!(Case::open(opening, &caller(Role::Applicant), &rules(), now()).unwrap_err(), Refusal::OfferIsTheDesks);
}

#[test]
fn somebody_visits_for_a_patient_who_lives_abroad_and_says_how_they_are_related() {
    assert_eq!(submit(VISIT, |form| form.representatives.clear()).unwrap_err(), Refusal::RepresentativeMissing);
    let unstated = submit(VISIT, |form| form.representatives[0].relation = None).unwrap_err();
    assert_eq!(unstated, Refusal::RelationshipMissing { representatives: vec![0] });
    assert_eq!(unstated.pointers(), [("/application/representatives/0/relation".to_owned(), "required")]);
    let in_japan = submit(VISIT, |form| form.patient.address.as_mut().unwrap().country = text("JP"));
    assert_eq!(in_japan.unwrap_err(), Refusal::PatientLivesInJapan);
    let here = submit(ServiceKind::PatientConsultation, |form| form.patient.address.as_mut().unwrap().country = text("JP"));
    assert!(here.is_ok(), "a patient who lives here may come");
}

#[test]
fn a_draft_may_be_incomplete_but_not_endless() {
    assert!(opened(WRITTEN, Application::default()).restore().is_ok());
    let questions = vec![text("Why?"); 11];
    let many = ApplicationPatch { questions: Some(Some(questions)), ..ApplicationPatch::default() };
    assert!(matches!(draft(WRITTEN).update(&by(Relation::Applicant), &rules(), now(), many, &mut || id(60)), Err(Refusal::TooMany { .. })));
}

#[test]
fn what_was_submitted_stays_complete() {
    let asked = at(WRITTEN, CaseStage::InformationRequested);
    let emptied = update(asked.clone(), &by(Relation::Applicant), r#"{"contact_person":null}"#).unwrap_err();
    assert_eq!(emptied.code(), "contact_incomplete");
    assert_eq!(update(asked, &by(Relation::Applicant), r#"{"questions":[]}"#).unwrap_err(), Refusal::NoQuestion);
}

#[test]
fn the_desk_corrects_a_submitted_application_and_the_applicant_does_not() {
    let json = r#"{"patient":{"phone":"+6531632009"}}"#;
    assert!(update(at(WRITTEN, CaseStage::Submitted), &by(Relation::Desk), json).is_ok());
    assert_eq!(update(at(WRITTEN, CaseStage::Submitted), &by(Relation::Applicant), json).unwrap_err().code(), "wrong_stage");
}

#[test]
fn a_change_of_what_was_verified_is_checked_anew() {
    let form = ItemCode::ApplicationForm;
    let checked = at(WRITTEN, CaseStage::InformationRequested).verify_item(&by(Relation::Desk), &rules(), now(), form).unwrap().case;
    let same = update(checked.clone(), &by(Relation::Applicant), "{}").unwrap().case;
    assert_eq!(same.item_state(form), ItemState::Verified);
    let changed = update(checked, &by(Relation::Applicant), r#"{"wishes_treatment_here":true}"#).unwrap().case;
    assert_eq!(changed.item_state(form), ItemState::Provided);
}

#[test]
fn a_conversation_has_a_language_and_an_opinion_need_not() {
    assert_eq!(submit(VISIT, |form| form.language = None).unwrap_err(), Refusal::ConversationLanguageMissing);
    assert!(submit(WRITTEN, |form| form.language = None).is_ok());
}

#[test]
fn an_agency_opens_cases_of_its_own_only() {
    let opening = |agency: Option<u128>| Opening {
        id: id(1),
        number: "2026-000001".into(),
        kind: WRITTEN,
        application: application(),
        agency: agency.map(id),
        follows: None,
    };
    let agent = caller(Role::Agency);
    let own = Case::open(opening(None), &agent, &rules(), now()).unwrap().case;
    assert_eq!((own.agency(), own.route()), (Some(id(1)), CaseRoute::Agency));
    assert_eq!(Case::open(opening(Some(2)), &agent, &rules(), now()).unwrap_err(), Refusal::Absent);
    assert_eq!(Case::open(opening(Some(1)), &caller(Role::Applicant), &rules(), now()).unwrap_err(), Refusal::Absent);
    assert!(Case::open(opening(Some(2)), &caller(Role::Coordinator), &rules(), now()).is_ok(), "the desk names one");
    let two = [id(1), id(2)].map(|agency| RoleAssignment::new(Role::Agency, None, Some(agency)).unwrap());
    let both = Caller { roles: Roles::new(two.to_vec()).unwrap(), ..agent };
    assert_eq!(Case::open(opening(Some(2)), &both, &rules(), now()).unwrap().case.agency(), Some(id(2)));
}

#[test]
fn a_rejected_form_is_handed_in_again_by_changing_it() {
    let form = ItemCode::ApplicationForm;
    let asked = at(WRITTEN, CaseStage::InformationRequested);
    let rejected = asked.reject_item(&by(Relation::Desk), &rules(), now(), form, text("the address is not complete")).unwrap().case;
    let changed = update(rejected, &by(Relation::Applicant), r#"{"patient":{"address":{"postal_code":"018990"}}}"#).unwrap().case;
    assert_eq!(changed.item_state(form), ItemState::Provided);
}
