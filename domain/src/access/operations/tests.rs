//! Tests of the table of operations.

use super::*;
use crate::access::{Relation, RoleAssignment, Section};
use crate::tests::fixtures::id;

const PUBLIC_OPERATIONS: [&str; 20] = [
    "getCatalogue",
    "getVocabulary",
    "listFeeSchedules",
    "getFeeSchedule",
    "createQuote",
    "getQuote",
    "listTerms",
    "getTerms",
    "listDepartments",
    "listProblems",
    "getProblem",
    "registerApplicant",
    "resendVerification",
    "verifyEmail",
    "createSession",
    "refreshSession",
    "signOut",
    "requestPasswordReset",
    "resetPassword",
    "getClosedDays",
];
const SIGNING_IN: [&str; 14] = [
    "registerApplicant",
    "resendVerification",
    "verifyEmail",
    "createSession",
    "refreshSession",
    "signOut",
    "deleteSession",
    "endSession",
    "endOtherSessions",
    "requestEmailChange",
    "confirmEmailChange",
    "changePassword",
    "requestPasswordReset",
    "resetPassword",
];
const ON_A_FULL_DISK: [&str; 12] = [
    "createSession",
    "refreshSession",
    "signOut",
    "deleteSession",
    "endSession",
    "endOtherSessions",
    "changePassword",
    "requestPasswordReset",
    "resetPassword",
    "updateUser",
    "updateAgency",
    "deleteDocument",
];

#[test]
fn each_operation_stands_in_the_table_once() {
    let mut ids: Vec<&str> = Operation::ALL.iter().map(|operation| operation.operation_id()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), Operation::ALL.len());
}

#[test]
fn an_operation_that_reads_has_a_scope_that_reads_and_takes_no_key_and_no_version() {
    for operation in Operation::ALL.iter().filter(|operation| operation.access() == Access::Reads) {
        assert!(operation.scope().ends_with(":read") || operation.scope() == "audit:own", "{}", operation.operation_id());
        assert_eq!((operation.idempotency(), operation.precondition()), (Idempotency::None, Precondition::None), "{operation:?}");
    }
    for operation in Operation::ALL.iter().filter(|operation| operation.access() == Access::Writes) {
        assert!(!operation.scope().ends_with(":read"), "{}", operation.operation_id());
    }
}

#[test]
fn an_operation_of_two_persons_is_open_to_whoever_may_be_the_second() {
    for (second, first) in Operation::ALL.iter().filter_map(|one| Some((*one, one.other_than()?))) {
        assert_ne!(second, first);
        assert!(second.roles().iter().any(|role| first.roles().contains(role)), "{second:?}");
    }
    assert_eq!(Operation::ApproveRoles.other_than(), Some(Operation::UpdateUser));
}

#[test]
fn clinical_content_is_never_reached_by_rank() {
    let clinical =
        [Section::Contacts, Section::Clinical, Section::OpinionDraft, Section::DeliveredOpinion, Section::Messages, Section::InternalNotes];
    for section in clinical {
        assert!(!Relation::Billing.sections().contains(&section), "billing sees {section}");
    }
    for operation in Operation::ALL.iter().filter(|operation| operation.is_on_case()) {
        for role in [Role::Administrator, Role::Auditor] {
            assert!(!operation.roles().contains(&role), "{} is open to {role}", operation.operation_id());
        }
    }
}

#[test]
fn drafts_of_an_opinion_are_seen_by_the_responsible_and_the_department_only() {
    let seen: Vec<Relation> = Relation::ALL.iter().copied().filter(|one| one.sections().contains(&Section::OpinionDraft)).collect();
    assert_eq!(seen, [Relation::Responsible, Relation::Department]);
}

#[test]
fn every_role_that_passes_a_door_to_a_case_can_have_a_relation_that_acts_there() {
    for operation in Operation::ALL.iter().filter(|operation| operation.is_on_case()) {
        assert!(Relation::ALL.iter().any(|one| operation.is_within(Relations::of(&[*one]))), "{operation:?}");
        assert!(!operation.is_within(Relations::NONE), "{operation:?} runs without a relation");
    }
}

#[test]
fn an_operation_is_found_by_its_id_and_only_by_that() {
    for operation in Operation::ALL {
        assert_eq!(Operation::from_operation_id(operation.operation_id()), Some(*operation));
    }
    assert_eq!(Operation::from_operation_id("getcase"), None);
}

#[test]
fn the_program_alone_runs_what_the_api_does_not_offer() {
    let alone = [
        Operation::ExpireCase,
        Operation::LapseAppointment,
        Operation::LapseReExamination,
        Operation::NoteCaseOverdue,
        Operation::RemoveEmptyDraft,
        Operation::CountRefusals,
    ];
    for operation in Operation::ALL {
        assert_eq!(operation.is_offered(), !alone.contains(operation), "{operation:?}");
        for role in Role::ALL {
            let department = role.needs_department().then(|| id(1));
            let agency = role.needs_agency().then(|| id(1));
            let roles = Roles::new(vec![RoleAssignment::new(*role, department, agency).unwrap()]).unwrap();
            let open = operation.is_public() || operation.roles().contains(role);
            assert_eq!(operation.is_open_to(&roles), open && operation.is_offered(), "{operation:?} to {role}");
        }
        assert_eq!(
            operation.is_open_to(&Roles::none()),
            operation.is_offered() && (operation.is_public() || operation.roles() == Role::ALL)
        );
    }
    assert_eq!(Operation::offered().count(), Operation::ALL.len() - alone.len());
}

#[test]
fn the_catalogue_prices_and_the_ways_in_are_open_to_everybody() {
    let public: Vec<&str> = Operation::ALL.iter().filter(|one| one.is_public()).map(|one| one.operation_id()).collect();
    assert_eq!(public, PUBLIC_OPERATIONS);
}

#[test]
fn who_signs_in_or_out_leaves_a_row_and_a_full_disk_lets_in_who_can_make_room() {
    let named = |which: fn(Operation) -> bool| {
        Operation::ALL.iter().copied().filter(|one| which(*one)).map(Operation::operation_id).collect::<Vec<_>>()
    };
    assert_eq!(named(Operation::is_about_signing_in), SIGNING_IN);
    assert_eq!(named(Operation::goes_on_when_the_disk_is_full), ON_A_FULL_DISK);
}
