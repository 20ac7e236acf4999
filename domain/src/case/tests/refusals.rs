//! The pointers of refusals, and the values that their texts mention.

use crate::case::Fact;
use crate::people::PartyField;
use crate::service::ServiceKind;
use crate::tests::fixtures::*;

#[test]
fn a_refusal_points_at_each_field_with_its_code() {
    let contact = Refusal::ContactIncomplete { patient: vec![PartyField::Phone], contact_person: vec![PartyField::Email] };
    let answers = Refusal::AnswersIncomplete { items: vec![ItemCode::BloodTest, ItemCode::PathologyReport], questions: vec![1] };
    let table: Vec<(Refusal, &[(&str, &str)])> = vec![
        (contact, &[("/application/patient/phone", "required"), ("/application/contact_person/email", "required")]),
        (Refusal::BirthDateImpossible, &[("/application/patient/birth_on", "impossible_date")]),
        (
            Refusal::ContactIsPatient { fields: vec![PartyField::Phone, PartyField::Email] },
            &[("/application/contact_person/phone", "same_as_patient"), ("/application/contact_person/email", "same_as_patient")],
        ),
        (Refusal::AgencyNotNamed, &[("/agency_id", "required")]),
        (Refusal::NoQuestion, &[("/application/questions", "required")]),
        (Refusal::FamilyInJapanNotDeclared, &[("/application/has_family_or_friend_in_japan", "required")]),
        (Refusal::FamilyInJapanDeclared, &[("/application/has_family_or_friend_in_japan", "invalid")]),
        (Refusal::RepresentativeMissing, &[("/application/representatives", "required")]),
        (Refusal::RelationshipMissing { representatives: vec![2] }, &[("/application/representatives/2/relation", "required")]),
        (Refusal::PatientLivesInJapan, &[("/application/patient/address/country", "invalid")]),
        (Refusal::UninformedNotAllowed, &[("/application/patient_uninformed", "invalid")]),
        (Refusal::TooMany { pointer: "/application/questions" }, &[("/application/questions", "too_long")]),
        (Refusal::ChangeNotReadable { pointers: vec!["/kind"] }, &[("/kind", "required")]),
        (Refusal::OfferIsTheDesks, &[("/application/written_offered_because", "invalid")]),
        (answers, &[("/items", "required"), ("/answers/1", "required")]),
        (Refusal::AnswersIncomplete { items: vec![], questions: vec![] }, &[]),
        (Refusal::OpinionIncomplete { parts: vec!["/findings"] }, &[("/findings", "required")]),
        (Refusal::QuestionsUnanswered { questions: vec![0, 3] }, &[("/answers/0", "required"), ("/answers/3", "required")]),
        (Refusal::Absent, &[]),
    ];
    for (refusal, expected) in table {
        let pointers = refusal.pointers();
        let pointers: Vec<(&str, &str)> = pointers.iter().map(|(pointer, code)| (pointer.as_str(), *code)).collect();
        assert_eq!(pointers, expected, "{refusal:?}");
    }
}

#[test]
fn a_refusal_tells_the_values_that_its_text_mentions() {
    let item = ItemCode::BloodTest;
    let one = || vec![("item", Fact::Items(vec![item]))];
    let several = || vec![("items", Fact::Items(vec![item]))];
    let stages: &[CaseStage] = &[CaseStage::Draft, CaseStage::Submitted];
    for (refusal, expected) in [
        (
            Refusal::WrongStage { is: CaseStage::Closed, needs: stages },
            vec![("is", Fact::Stages(vec![CaseStage::Closed])), ("needs", Fact::Stages(stages.to_vec()))],
        ),
        (Refusal::WrongKind { is: ServiceKind::WrittenOpinion }, vec![("is", Fact::Kind(ServiceKind::WrittenOpinion))]),
        (Refusal::ItemsUnverified { items: vec![item] }, several()),
        (Refusal::DocumentsUntranslated { items: vec![item] }, several()),
        (Refusal::ItemNotApplicable { item }, one()),
        (Refusal::ItemNotProvided { item }, one()),
        (Refusal::ItemVerified { item }, one()),
        (Refusal::ItemIsRequired { item }, one()),
        (Refusal::OpinionTooLong { lines: 60, max_lines: 52 }, vec![("lines", Fact::Number(60)), ("max_lines", Fact::Number(52))]),
        (Refusal::OnHold, vec![]),
    ] {
        assert_eq!(refusal.facts(), expected, "{refusal:?}");
    }
}
