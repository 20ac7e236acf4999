//! The columns of the table of operations, and the values that stand in them.

use crate::access::{Relation, Role, Section};

/// Whether an operation changes anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It only reads: it runs where nothing can be written.
    Reads,
    /// It writes, in one transaction with its audit row.
    Writes,
}

/// The effect of an `Idempotency-Key` on an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idempotency {
    /// The answer is kept under the key, if the caller sends one.
    Kept,
    /// As `Kept`, and a request without a key is refused: the operation moves money.
    Required,
    /// A key is not looked at: the operation only reads, or its answer must not be kept (tokens, passwords).
    None,
}

/// The effect of `If-Match` on an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// A request without it is refused (RFC 6585, 428).
    Required,
    /// It is compared if the caller sends it.
    Optional,
    /// There is nothing that could have a version.
    None,
}

/// Whom the door of an operation lets in, before anything is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RoleRule {
    /// Nobody: the program itself runs it.
    System,
    /// Anybody, signed in or not.
    Public,
    /// Whoever is signed in, with roles or without: what concerns their own account.
    SignedIn,
    /// Whoever holds one of these roles.
    Roles(&'static [Role]),
}

/// Who of those may run it on a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RelationRule {
    /// It is no operation on one case.
    NoCase,
    /// Whoever sees this section of the case.
    Seeing(Section),
    /// Whoever stands in one of these relations.
    Acting(&'static [Relation]),
}

pub(super) const SYSTEM: RoleRule = RoleRule::System;
pub(super) const PUBLIC: RoleRule = RoleRule::Public;
pub(super) const SIGNED_IN: RoleRule = RoleRule::SignedIn;
pub(super) const ADMINISTRATOR: RoleRule = RoleRule::Roles(&[Role::Administrator]);
pub(super) const AUDITOR: RoleRule = RoleRule::Roles(&[Role::Auditor]);
pub(super) const APPLICANT: RoleRule = RoleRule::Roles(&[Role::Applicant]);
pub(super) const DESK: RoleRule = RoleRule::Roles(&[Role::Coordinator]);
/// Those who apply, and the desk for a paper application.
pub(super) const APPLYING: RoleRule = RoleRule::Roles(&[Role::Applicant, Role::Agency, Role::Coordinator]);
pub(super) const DESK_ADMINISTRATOR: RoleRule = RoleRule::Roles(&[Role::Coordinator, Role::Administrator]);
pub(super) const LEADING: RoleRule = RoleRule::Roles(&[Role::Chief, Role::Director]);
pub(super) const DOCTORS: RoleRule = RoleRule::Roles(&Role::DOCTORS);
pub(super) const PATHOLOGIST: RoleRule = RoleRule::Roles(&[Role::Pathologist]);
pub(super) const DESK_LEADING: RoleRule = RoleRule::Roles(&[Role::Coordinator, Role::Chief, Role::Director]);
pub(super) const DESK_DOCTORS: RoleRule = RoleRule::Roles(&[Role::Coordinator, Role::Physician, Role::Chief, Role::Director]);
pub(super) const BILLING: RoleRule = RoleRule::Roles(&[Role::Accountant]);
pub(super) const DESK_BILLING: RoleRule = RoleRule::Roles(&[Role::Coordinator, Role::Accountant]);
pub(super) const INVOICED: RoleRule = RoleRule::Roles(&[Role::Applicant, Role::Agency, Role::Coordinator, Role::Accountant]);
/// Those who see refunds: the payers, those who send them, and the directors who approve them.
pub(super) const REFUNDED: RoleRule =
    RoleRule::Roles(&[Role::Applicant, Role::Agency, Role::Coordinator, Role::Accountant, Role::Director]);
/// The second person of a refund: another accountant, or a director of the department.
pub(super) const APPROVING: RoleRule = RoleRule::Roles(&[Role::Accountant, Role::Director]);
/// The second person, and the desk that takes its own request back.
pub(super) const REJECTING: RoleRule = RoleRule::Roles(&[Role::Coordinator, Role::Accountant, Role::Director]);
/// Those who visited, and who note it on their word.
pub(super) const REQUESTING: RoleRule =
    RoleRule::Roles(&[Role::Applicant, Role::Coordinator, Role::Physician, Role::Chief, Role::Director]);
/// Those who write to each other about a case.
pub(super) const WRITING: RoleRule =
    RoleRule::Roles(&[Role::Applicant, Role::Agency, Role::Coordinator, Role::Physician, Role::Chief, Role::Director]);
/// Everybody who has to do with cases: not administrators, not auditors.
pub(super) const CASES: RoleRule = RoleRule::Roles(&[
    Role::Applicant,
    Role::Agency,
    Role::Coordinator,
    Role::Physician,
    Role::Chief,
    Role::Director,
    Role::Accountant,
    Role::Pathologist,
]);

pub(super) const READS: Access = Access::Reads;
pub(super) const WRITES: Access = Access::Writes;
pub(super) const KEY_KEPT: Idempotency = Idempotency::Kept;
pub(super) const KEY_REQUIRED: Idempotency = Idempotency::Required;
pub(super) const NO_KEY: Idempotency = Idempotency::None;
pub(super) const MATCH_REQUIRED: Precondition = Precondition::Required;
pub(super) const MATCH_OPTIONAL: Precondition = Precondition::Optional;
pub(super) const NO_MATCH: Precondition = Precondition::None;

pub(super) const NO_CASE: RelationRule = RelationRule::NoCase;
pub(super) const BY_APPLYING: RelationRule = RelationRule::Acting(&[Relation::Applicant, Relation::Agency, Relation::Desk]);
/// Those whose case it is, and the desk.
pub(super) const BY_OWN: RelationRule = RelationRule::Acting(&[Relation::Applicant, Relation::Agency, Relation::Patient, Relation::Desk]);
/// Those who visit, or apply, and the hospital's people who hear them.
pub(super) const BY_VISITING: RelationRule = RelationRule::Acting(&[
    Relation::Applicant,
    Relation::Patient,
    Relation::Representative,
    Relation::Receiving,
    Relation::Responsible,
    Relation::Desk,
]);
pub(super) const BY_DESK: RelationRule = RelationRule::Acting(&[Relation::Desk]);
pub(super) const BY_DEPARTMENT: RelationRule = RelationRule::Acting(&[Relation::Department]);
pub(super) const BY_RESPONSIBLE: RelationRule = RelationRule::Acting(&[Relation::Responsible]);
pub(super) const BY_DOCTORS: RelationRule = RelationRule::Acting(&[Relation::Responsible, Relation::Department]);
/// The physicians of a visit.
pub(super) const BY_RECEIVING: RelationRule = RelationRule::Acting(&[Relation::Receiving, Relation::Responsible]);
pub(super) const BY_DESK_RECEIVING: RelationRule = RelationRule::Acting(&[Relation::Desk, Relation::Receiving, Relation::Responsible]);
pub(super) const BY_PATHOLOGY: RelationRule = RelationRule::Acting(&[Relation::Pathology]);
pub(super) const BY_DESK_DEPARTMENT: RelationRule = RelationRule::Acting(&[Relation::Desk, Relation::Department]);
pub(super) const BY_DESK_DOCTORS: RelationRule = RelationRule::Acting(&[Relation::Desk, Relation::Responsible, Relation::Department]);
pub(super) const BY_BILLING: RelationRule = RelationRule::Acting(&[Relation::Billing]);
pub(super) const BY_DESK_BILLING: RelationRule = RelationRule::Acting(&[Relation::Desk, Relation::Billing]);
pub(super) const BY_REFUNDED: RelationRule = RelationRule::Acting(&[
    Relation::Applicant,
    Relation::Agency,
    Relation::Patient,
    Relation::Desk,
    Relation::Billing,
    Relation::Department,
]);
/// Each side that may pay, and the hospital's people who bill it.
pub(super) const BY_PAYING: RelationRule =
    RelationRule::Acting(&[Relation::Applicant, Relation::Agency, Relation::Patient, Relation::Desk, Relation::Billing]);
pub(super) const BY_APPROVING: RelationRule = RelationRule::Acting(&[Relation::Billing, Relation::Department]);
pub(super) const BY_REJECTING: RelationRule = RelationRule::Acting(&[Relation::Desk, Relation::Billing, Relation::Department]);
pub(super) const BY_CONCERNED: RelationRule = RelationRule::Acting(&[Relation::Applicant, Relation::Patient]);
pub(super) const SUMMARY: RelationRule = RelationRule::Seeing(Section::Summary);
/// Whoever sees names and addresses.
pub(super) const CONTACTS: RelationRule = RelationRule::Seeing(Section::Contacts);
pub(super) const CLINICAL: RelationRule = RelationRule::Seeing(Section::Clinical);
/// Whoever sees the clinical part, and pathology, which sees the report of the slides.
pub(super) const DOCUMENTS: RelationRule = RelationRule::Acting(&[
    Relation::Applicant,
    Relation::Patient,
    Relation::Representative,
    Relation::Agency,
    Relation::Responsible,
    Relation::Department,
    Relation::Receiving,
    Relation::Desk,
    Relation::Pathology,
]);
pub(super) const MESSAGES: RelationRule = RelationRule::Seeing(Section::Messages);
pub(super) const NOTES: RelationRule = RelationRule::Seeing(Section::InternalNotes);
pub(super) const OPINION: RelationRule = RelationRule::Seeing(Section::DeliveredOpinion);
pub(super) const TIMELINE: RelationRule = RelationRule::Seeing(Section::Timeline);
