//! How a person stands to a case.

use serde::{Deserialize, Serialize};

use super::{Role, Roles, Section};
use crate::ids::{AgencyId, DepartmentId, UserId};
use crate::wire::wire_enum;

wire_enum! {
    /// A relation to a case.
    Relation {
        /// Opened it, or was handed it.
        Applicant = "applicant",
        /// The patient's own account, invited.
        Patient = "patient",
        /// Visits for the patient, invited.
        Representative = "representative",
        /// Staff of the agency that refers.
        Agency = "agency",
        /// The physician assigned.
        Responsible = "responsible",
        /// A physician of its visit, from the booking until it is closed.
        Receiving = "receiving",
        /// Chief or director of its department.
        Department = "department",
        /// International Services.
        Desk = "desk",
        /// The pathology desk, once slides are asked for.
        Pathology = "pathology",
        /// Billing, once the case was accepted.
        Billing = "billing",
    }
}

wire_enum! {
    /// How an account joined a case: by opening it, or by an accepted invitation. Never because an address matches.
    Membership {
        /// Opened it, or was handed it.
        Applicant = "applicant",
        /// The patient's own account.
        Patient = "patient",
        /// Visits for the patient.
        Representative = "representative",
    }
}

/// A set of relations; empty for a stranger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Relations(u16);

impl Relations {
    /// No relation: for this person there is no case.
    pub const NONE: Self = Self(0);

    /// These relations.
    pub fn of(relations: &[Relation]) -> Self {
        relations.iter().fold(Self::NONE, |set, relation| set.with(*relation))
    }

    fn bit(relation: Relation) -> u16 {
        Relation::ALL.iter().position(|one| *one == relation).map_or(0, |place| 1 << place)
    }

    /// These and one more.
    #[must_use]
    pub fn with(self, relation: Relation) -> Self {
        Self(self.0 | Self::bit(relation))
    }

    /// Whether the relation is among them.
    pub fn contains(self, relation: Relation) -> bool {
        self.0 & Self::bit(relation) != 0
    }

    /// Whether one of these is among them.
    pub fn contains_any(self, relations: &[Relation]) -> bool {
        relations.iter().any(|relation| self.contains(*relation))
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The relations, in order.
    pub fn iter(self) -> impl Iterator<Item = Relation> {
        Relation::ALL.iter().copied().filter(move |relation| self.contains(*relation))
    }

    /// Whether one of them sees the section.
    pub fn may_see(self, section: Section) -> bool {
        self.iter().any(|relation| relation.sections().contains(&section))
    }
}

/// A signed-in person with their roles, and the settings that widen them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The person.
    pub user: UserId,
    /// The roles that they hold at this moment.
    pub roles: Roles,
    /// The setting `director_any_department`: a director has a director's powers in every department.
    pub director_any_department: bool,
}

impl Caller {
    /// Whether they lead every department.
    pub fn leads_everywhere(&self) -> bool {
        self.director_any_department && self.roles.has(Role::Director)
    }

    /// Whether they lead a department.
    pub fn leads(&self, department: DepartmentId) -> bool {
        self.roles.has_in(&[Role::Chief, Role::Director], department) || self.leads_everywhere()
    }
}

/// The facts of a case that decide about relations to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct CaseFacts {
    /// How the caller's account joined it.
    pub member: Option<Membership>,
    /// The agency that refers.
    pub agency: Option<AgencyId>,
    /// The physician assigned.
    pub responsible: Option<UserId>,
    /// Whether the caller is a physician of its visit.
    pub receiving: bool,
    /// The department.
    pub department: Option<DepartmentId>,
    /// Whether it was accepted, now or before.
    pub accepted: bool,
    /// Whether a re-examination of slides is asked for.
    pub slides_requested: bool,
    /// Whether the patient does not know yet.
    pub patient_uninformed: bool,
}

/// A person as one case sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseAccess {
    /// The person.
    pub user: UserId,
    /// Their relations to the case.
    pub relations: Relations,
}

/// The relations of a caller to money that belongs to no case yet: it is the affair of those who find its case, and of those who send it back.
pub fn relations_to_no_case(caller: &Caller) -> Relations {
    let mut found = Relations::NONE;
    if caller.roles.has(Role::Coordinator) {
        found = found.with(Relation::Desk);
    }
    if caller.roles.has(Role::Accountant) {
        found = found.with(Relation::Billing);
    }
    if caller.leads_everywhere() {
        found = found.with(Relation::Department);
    }
    found
}

/// The relations of a caller to a case with these facts.
pub fn relations(caller: &Caller, facts: &CaseFacts) -> Relations {
    let roles = &caller.roles;
    let mut found = Relations::NONE;
    if roles.has(Role::Applicant) {
        match facts.member {
            Some(Membership::Applicant) => found = found.with(Relation::Applicant),
            Some(Membership::Representative) => found = found.with(Relation::Representative),
            // Nothing reaches the patient's account while the patient does not know (seed: family who want to know first).
            Some(Membership::Patient) if !facts.patient_uninformed => found = found.with(Relation::Patient),
            Some(Membership::Patient) | None => {}
        }
    }
    if facts.agency.is_some_and(|agency| roles.works_for(agency)) {
        found = found.with(Relation::Agency);
    }
    if roles.has(Role::Coordinator) {
        found = found.with(Relation::Desk);
    }
    let is_doctor = Role::DOCTORS.iter().any(|role| roles.has(*role));
    if is_doctor && facts.responsible == Some(caller.user) {
        found = found.with(Relation::Responsible);
    }
    if is_doctor && facts.receiving {
        found = found.with(Relation::Receiving);
    }
    if facts.department.is_some_and(|department| caller.leads(department)) {
        found = found.with(Relation::Department);
    }
    if roles.has(Role::Pathologist) && facts.slides_requested {
        found = found.with(Relation::Pathology);
    }
    if roles.has(Role::Accountant) && facts.accepted {
        found = found.with(Relation::Billing);
    }
    found
}
