//! The review for acceptance: started, handed on, decided.

use crate::access::{Relation, Relations};
use crate::intake::items::BlockedStep;
use crate::intake::items::ItemState;
use crate::money::Yen;
use crate::service::ServiceKind;
use crate::tests::fixtures::*;

const WRITTEN: ServiceKind = ServiceKind::WrittenOpinion;

fn checked() -> Case {
    verified(at(WRITTEN, CaseStage::Submitted), BlockedStep::Triage)
}

fn start(case: Case, documents: &[DocumentFact], set_aside: &[(ItemCode, ShortText)]) -> Result<Change, Refusal> {
    case.start_triage(&by(Relation::Desk), &rules(), now(), id(1), documents, set_aside)
}

fn decline(case: Case, relation: Relation, code: DeclineCode) -> Result<Change, Refusal> {
    case.decline(&by(relation), &rules(), now(), declined(code))
}

#[test]
fn the_review_starts_when_required_items_are_verified() {
    let refused = start(at(WRITTEN, CaseStage::Submitted), &[], &[]).unwrap_err();
    assert_eq!(refused, Refusal::ItemsUnverified { items: vec![ItemCode::ApplicationForm] });
    let started = start(checked(), &[], &[]).unwrap().case;
    assert_eq!((started.department(), started.waiting_on()), (Some(id(1)), WaitingOn::Department));
}

#[test]
fn a_visitor_outside_the_family_brings_the_patients_consent_before_the_review() {
    let mut form = application();
    form.representatives[0].relation = Some(text("friend"));
    let case = advanced(opened(ServiceKind::RepresentativeConsultation, form), CaseStage::Submitted);
    let refused = start(case, &[], &[]).unwrap_err();
    assert_eq!(refused, Refusal::ItemsUnverified { items: vec![ItemCode::ApplicationForm, ItemCode::PatientConsent] });
}

#[test]
fn documents_that_are_relied_on_are_readable_or_set_aside_with_a_reason() {
    let item = ItemCode::ReferralLetter;
    let russian = DocumentFact { item, is_readable: false };
    let refused = start(checked(), &[russian, russian], &[]).unwrap_err();
    assert_eq!(refused, Refusal::DocumentsUntranslated { items: vec![item] });
    assert!(start(checked(), &[DocumentFact { item, is_readable: true }], &[]).is_ok());
    let aside = start(checked(), &[russian], &[(item, text("no translation in time"))]).unwrap().case;
    assert_eq!(aside.item_state(item), ItemState::SetAside);
    let form = ItemCode::ApplicationForm;
    assert_eq!(start(checked(), &[], &[(form, text("no"))]).unwrap_err(), Refusal::ItemIsRequired { item: form });
}

#[test]
fn a_held_case_is_neither_reviewed_nor_accepted() {
    let held = |case: Case| case.hold(&by(Relation::Desk), &rules(), now(), HoldReason::Other, None).unwrap().case;
    assert_eq!(start(held(checked()), &[], &[]).unwrap_err(), Refusal::OnHold);
    let accepted = held(at(WRITTEN, CaseStage::InTriage)).accept(&by(Relation::Department), &rules(), now(), id(9), None);
    assert_eq!(accepted.unwrap_err(), Refusal::OnHold);
}

#[test]
fn another_department_names_its_own_physician() {
    let assigned = at(WRITTEN, CaseStage::InTriage).assign_physician(&by(Relation::Desk), &rules(), now(), id(9), text("first free"));
    let moved = assigned.unwrap().case.reassign(&by(Relation::Department), &rules(), now(), id(2), text("not ours")).unwrap();
    assert_eq!((moved.case.department(), moved.case.responsible()), (Some(id(2)), None));
    assert_eq!(moved.events[0].audience, Audience::STAFF, "reasons among colleagues stay there");
}

#[test]
fn the_desk_declines_for_administrative_reasons_only() {
    let case = || at(WRITTEN, CaseStage::InTriage);
    assert_eq!(decline(case(), Relation::Desk, DeclineCode::OutsideSpecialty).unwrap_err(), Refusal::ReasonIsTheDepartments);
    assert!(decline(case(), Relation::Desk, DeclineCode::Litigation).is_ok());
    assert!(decline(case(), Relation::Department, DeclineCode::OutsideSpecialty).is_ok());
}

#[test]
fn a_reason_that_the_hospital_does_not_use_declines_nobody() {
    for code in DeclineCode::ALL.iter().filter(|code| !code.is_on_by_default()) {
        assert_eq!(
            decline(at(WRITTEN, CaseStage::InTriage), Relation::Department, *code).unwrap_err(),
            Refusal::ReasonNotAllowed,
            "{code}"
        );
    }
    assert!(!DeclineCode::ALL.iter().any(|code| code.as_str().contains("nationality")), "nationality is never a reason");
}

#[test]
fn records_are_asked_for_before_they_are_called_missing() {
    assert_eq!(decline(at(WRITTEN, CaseStage::InTriage), Relation::Department, DeclineCode::NoRecords).unwrap_err(), Refusal::AskFirst);
    assert!(decline(at(WRITTEN, CaseStage::InformationRequested), Relation::Department, DeclineCode::NoRecords).is_ok());
}

#[test]
fn declining_gives_back_everything_that_was_paid() {
    let paid = Yen::new(110_000).unwrap();
    let declined = Decline { refund: paid, ..declined(DeclineCode::DepartmentUnavailable) };
    let decided = at(WRITTEN, CaseStage::Writing).decline(&by(Relation::Department), &rules(), now(), declined).unwrap();
    let refund = decided.events.iter().find(|event| event.kind == EventKind::RefundOpened { amount: paid });
    assert!(refund.is_some_and(|event| event.audience.meets(Audience::BILLING) && !event.audience.meets(Audience::PATIENT)));
}

#[test]
fn a_director_who_is_responsible_too_has_both_powers() {
    let both = CaseAccess { user: id(9), relations: Relations::of(&[Relation::Department, Relation::Responsible]) };
    let review = at(WRITTEN, CaseStage::Writing).submit_opinion(&both, &rules(), now(), &submission()).unwrap().case;
    let delivered = review.deliver_opinion(&both, &rules(), now(), Signed { by: both.user, has_reader: true });
    assert!(delivered.is_ok(), "the author may be the one who signs");
}
