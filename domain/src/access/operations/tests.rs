//! Tests of the table of operations.

use super::*;
use crate::access::{Relation, Section};

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
