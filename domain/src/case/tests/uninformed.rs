//! Family who want to know before the patient knows (seed): nothing reaches the patient, and no lie is told.

use crate::access::{Caller, Membership, Relation, Relations, Role, relations};
use crate::case::CancelledMoney;
use crate::intake::items::IntakeSettings;
use crate::money::Yen;
use crate::service::ServiceKind;
use crate::tests::fixtures::*;

const KIND: ServiceKind = ServiceKind::RepresentativeConsultation;

fn claimed() -> Application {
    Application { patient_uninformed: true, ..application() }
}

#[test]
fn only_family_may_claim_it_and_only_in_the_patients_place() {
    let open = |kind, form: Application| {
        let opening = Opening { id: id(1), number: "2026-000001".into(), kind, application: form, agency: None, follows: None };
        Case::open(opening, &caller(Role::Applicant), &rules(), now()).map(drop)
    };
    assert!(open(KIND, claimed()).is_ok());
    assert_eq!(open(ServiceKind::PatientConsultation, claimed()), Err(Refusal::UninformedNotAllowed));
    assert_eq!(open(ServiceKind::WrittenOpinion, claimed()), Err(Refusal::UninformedNotAllowed));
    let mut friend = claimed();
    friend.representatives[0].relation = Some(text("friend"));
    assert_eq!(open(KIND, friend), Err(Refusal::UninformedNotAllowed));
}

#[test]
fn family_who_come_first_need_no_consent_that_the_patient_cannot_give() {
    let strict = HospitalSettings {
        intake: IntakeSettings { family_needs_consent: true, ..IntakeSettings::default() },
        ..HospitalSettings::default()
    };
    let list = crate::intake::items::checklist(&opened(KIND, claimed()), &Rules::at(&strict, now()));
    assert!(list.find(ItemCode::PatientConsent).is_none());
}

#[test]
fn nothing_that_happens_is_ever_told_to_the_patient() {
    let patient = by(Relation::Patient).relations;
    let mut told = 0;
    let mut check = |decided: Change| {
        for event in &decided.events {
            assert!(!event.audience.meets(Audience::of(patient)), "{event:?}");
            told += 1;
        }
        decided.case
    };
    let opening = Opening { id: id(1), number: "2026-000001".into(), kind: KIND, application: claimed(), agency: None, follows: None };
    let (desk, applicant, department) = (by(Relation::Desk), by(Relation::Applicant), by(Relation::Department));
    let rules = rules();
    let mut case = check(Case::open(opening, &caller(Role::Applicant), &rules, day(0)).unwrap());
    case = check(case.submit(&applicant, &rules, day(1)).unwrap());
    case = check(case.verify_item(&desk, &rules, day(1), ItemCode::ApplicationForm).unwrap());
    case = check(case.add_document(&applicant, &rules, day(1), id(3), Some(ItemCode::BloodTest)).unwrap());
    case = check(case.post_message(&applicant, &rules, day(1), id(40)).unwrap());
    case = check(case.start_triage(&desk, &rules, day(2), id(1), &[], &[]).unwrap());
    case = check(case.attest_uninformed(&department, &rules, day(2), true, None).unwrap());
    case = check(case.accept(&department, &rules, day(2), id(9), None).unwrap());
    case = check(case.issue_estimate(&desk, id(4), day(62)).unwrap());
    case = check(case.accept_estimate(&applicant, &rules, day(3), consent(Payer::Applicant)).unwrap());
    check(
        case.cancel(
            &applicant,
            &rules,
            day(4),
            CancelReason::Withdrawn,
            None,
            CancelledMoney { refund: Yen::new(33_000).unwrap(), ..CancelledMoney::UNPAID },
        )
        .unwrap(),
    );
    assert!(told >= 10, "{told}");
}

#[test]
fn at_no_stage_does_the_patients_account_have_a_relation_to_the_case() {
    let patient = Caller { user: id(300), ..caller(Role::Applicant) };
    for stage in stages_of(KIND) {
        let mut facts = advanced(opened(KIND, claimed()), stage).facts();
        facts.member = Some(Membership::Patient);
        assert_eq!(relations(&patient, &facts), Relations::NONE, "{stage}");
    }
}

#[test]
fn the_patient_is_not_invited() {
    let case = opened(KIND, claimed());
    assert_eq!(
        case.check_invitation(&by(Relation::Applicant), Membership::Patient, &text("somebody@example.org")),
        Err(Refusal::UninformedNotAllowed)
    );
    assert!(case.check_invitation(&by(Relation::Applicant), Membership::Representative, &text("somebody@example.org")).is_ok());
    let late = case.accept_invitation(&rules(), now(), Membership::Patient, &text("somebody@example.org"));
    assert_eq!(late.unwrap_err(), Refusal::Absent, "an invitation from before opens nothing, and says nothing");
}

#[test]
fn the_applicant_does_not_take_the_claim_back_once_it_was_submitted() {
    let taken_back = advanced(opened(KIND, claimed()), CaseStage::InformationRequested).update(
        &by(Relation::Applicant),
        &rules(),
        now(),
        patch(r#"{"patient_uninformed":false}"#),
        &mut || id(60),
    );
    assert_eq!(taken_back.unwrap_err(), Refusal::UninformedNotAllowed);
}

#[test]
fn a_patient_who_was_told_later_never_reads_what_the_family_wrote_before() {
    let draft = opened(KIND, claimed());
    let told = draft.update(&by(Relation::Applicant), &rules(), now(), patch(r#"{"patient_uninformed":false}"#), &mut || id(60)).unwrap();
    assert!(told.case.was_ever_uninformed() && !told.case.is_patient_uninformed());
    assert!(told.events[0].audience.meets(Audience::PATIENT));
    let seen = told.case.application_for(&by(Relation::Patient));
    assert!(seen.questions.is_empty() && seen.representatives.is_empty(), "what family wrote stays theirs");
}
