//! Roles, and for which department or agency a person holds them.

use serde::{Deserialize, Serialize};

use crate::ids::{AgencyId, DepartmentId};
use crate::wire::wire_enum;

wire_enum! {
    /// A role.
    Role grows {
        /// A patient, or someone applying for a patient.
        Applicant = "applicant",
        /// Staff of a partner agency.
        Agency = "agency",
        /// International Services.
        Coordinator = "coordinator",
        /// Doctor.
        Physician = "physician",
        /// Chief physician of a department (医長).
        Chief = "chief",
        /// Director of a department (部長).
        Director = "director",
        /// Billing.
        Accountant = "accountant",
        /// Pathology desk.
        Pathologist = "pathologist",
        /// System administrator.
        Administrator = "administrator",
        /// Auditor.
        Auditor = "auditor",
    }
}

impl Role {
    /// The roles of doctors, who hold them for a department.
    pub const DOCTORS: [Self; 3] = [Self::Physician, Self::Chief, Self::Director];

    /// Whether the role is the hospital's own.
    pub const fn is_staff(self) -> bool {
        !matches!(self, Self::Applicant | Self::Agency)
    }

    /// Whether two persons give the role: one asks, another approves. So it is for the roles that see what is clinical in cases of others,
    /// and for administrators: one who could make another alone would be both persons.
    pub const fn needs_second_person(self) -> bool {
        !matches!(self, Self::Applicant | Self::Accountant | Self::Auditor)
    }

    /// Whether the role is held for a department.
    pub const fn needs_department(self) -> bool {
        matches!(self, Self::Physician | Self::Chief | Self::Director)
    }

    /// Whether the role is held for an agency.
    pub const fn needs_agency(self) -> bool {
        matches!(self, Self::Agency)
    }
}

/// Why an assignment, or a set of them, makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoleRefusal {
    /// The role is held for a department; none, or an agency, was named.
    #[error("a role: role_needs_department")]
    DepartmentNeeded,
    /// The role is held for an agency; none, or a department, was named.
    #[error("a role: role_needs_agency")]
    AgencyNeeded,
    /// The role is held for the whole hospital.
    #[error("a role: role_needs_nothing")]
    NothingNeeded,
    /// Applicants and agencies hold no role of the hospital's.
    #[error("roles: roles_mixed")]
    Mixed,
    /// There is no role at all.
    #[error("roles: required")]
    Empty,
}

impl RoleRefusal {
    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::DepartmentNeeded => "role_needs_department",
            Self::AgencyNeeded => "role_needs_agency",
            Self::NothingNeeded => "role_needs_nothing",
            Self::Mixed => "roles_mixed",
            Self::Empty => "too_short",
        }
    }
}

/// A role, and for which department or agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(try_from = "Parts")]
pub struct RoleAssignment {
    /// The role.
    role: Role,
    /// The department of a physician, chief or director.
    #[serde(rename = "department_id")]
    department: Option<DepartmentId>,
    /// The agency of an agency's staff.
    #[serde(rename = "agency_id")]
    agency: Option<AgencyId>,
}

#[derive(Deserialize)]
struct Parts {
    role: Role,
    #[serde(default)]
    department_id: Option<DepartmentId>,
    #[serde(default)]
    agency_id: Option<AgencyId>,
}

impl TryFrom<Parts> for RoleAssignment {
    type Error = RoleRefusal;

    fn try_from(parts: Parts) -> Result<Self, RoleRefusal> {
        Self::new(parts.role, parts.department_id, parts.agency_id)
    }
}

impl RoleAssignment {
    /// An assignment.
    ///
    /// # Errors
    /// A department or agency that the role needs and does not have, or has and does not need.
    pub fn new(role: Role, department: Option<DepartmentId>, agency: Option<AgencyId>) -> Result<Self, RoleRefusal> {
        match (department, agency) {
            (Some(_), None) if role.needs_department() => {}
            (None, Some(_)) if role.needs_agency() => {}
            (None, None) if !role.needs_department() && !role.needs_agency() => {}
            _ if role.needs_department() => return Err(RoleRefusal::DepartmentNeeded),
            _ if role.needs_agency() => return Err(RoleRefusal::AgencyNeeded),
            _ => return Err(RoleRefusal::NothingNeeded),
        }
        Ok(Self { role, department, agency })
    }

    /// The role.
    pub const fn role(&self) -> Role {
        self.role
    }

    /// The department that it is held for.
    pub const fn department(&self) -> Option<DepartmentId> {
        self.department
    }

    /// The agency that it is held for.
    pub const fn agency(&self) -> Option<AgencyId> {
        self.agency
    }
}

/// The roles of a person. Permissions are their union; `applicant` and `agency` exclude the hospital's roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<RoleAssignment>", into = "Vec<RoleAssignment>")]
pub struct Roles(Vec<RoleAssignment>);

impl Roles {
    /// The roles of a person.
    ///
    /// # Errors
    /// None at all, or a mixture of inside and outside.
    pub fn new(mut assignments: Vec<RoleAssignment>) -> Result<Self, RoleRefusal> {
        assignments.sort_unstable();
        assignments.dedup();
        if assignments.is_empty() {
            return Err(RoleRefusal::Empty);
        }
        let staff = assignments.iter().filter(|assignment| assignment.role.is_staff()).count();
        if staff != 0 && staff != assignments.len() {
            return Err(RoleRefusal::Mixed);
        }
        Ok(Self(assignments))
    }

    /// No role at all: what is left of a person whose agency was closed.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// These assignments with `more`.
    ///
    /// # Errors
    /// None at all, or a mixture of inside and outside.
    pub fn with(&self, more: &[RoleAssignment]) -> Result<Self, RoleRefusal> {
        Self::new(self.0.iter().chain(more).copied().collect())
    }

    /// The assignments, in order.
    pub fn assignments(&self) -> &[RoleAssignment] {
        &self.0
    }

    /// The assignments, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, RoleAssignment> {
        self.0.iter()
    }

    /// Whether the person holds the role, wherever.
    pub fn has(&self, role: Role) -> bool {
        self.0.iter().any(|assignment| assignment.role == role)
    }

    /// Whether the person belongs to the hospital.
    pub fn are_staff(&self) -> bool {
        self.0.iter().any(|assignment| assignment.role.is_staff())
    }

    /// Whether the person holds one of the roles for this department.
    pub fn has_in(&self, roles: &[Role], department: DepartmentId) -> bool {
        self.0.iter().any(|assignment| roles.contains(&assignment.role) && assignment.department == Some(department))
    }

    /// The departments in which the person holds a role.
    pub fn departments(&self, role: Role) -> impl Iterator<Item = DepartmentId> {
        self.0.iter().filter(move |assignment| assignment.role == role).filter_map(|assignment| assignment.department)
    }

    /// Whether the person works for this agency.
    pub fn works_for(&self, agency: AgencyId) -> bool {
        self.0.iter().any(|assignment| assignment.agency == Some(agency))
    }

    /// The departments for which the person is chief or director.
    pub fn leads(&self) -> impl Iterator<Item = DepartmentId> {
        self.0.iter().filter(|assignment| matches!(assignment.role, Role::Chief | Role::Director)).filter_map(RoleAssignment::department)
    }

    /// The agencies that the person works for.
    pub fn agencies(&self) -> impl Iterator<Item = AgencyId> {
        self.0.iter().filter_map(RoleAssignment::agency)
    }
}

impl<'a> IntoIterator for &'a Roles {
    type Item = &'a RoleAssignment;
    type IntoIter = std::slice::Iter<'a, RoleAssignment>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl TryFrom<Vec<RoleAssignment>> for Roles {
    type Error = RoleRefusal;

    fn try_from(assignments: Vec<RoleAssignment>) -> Result<Self, RoleRefusal> {
        Self::new(assignments)
    }
}

impl From<Roles> for Vec<RoleAssignment> {
    fn from(roles: Roles) -> Self {
        roles.0
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_chief_is_chief_of_a_department_and_an_applicant_of_nothing() {
        let department = DepartmentId::from_uuid(Uuid::nil());
        assert!(RoleAssignment::new(Role::Chief, Some(department), None).is_ok());
        assert_eq!(RoleAssignment::new(Role::Chief, None, None), Err(RoleRefusal::DepartmentNeeded));
        assert_eq!(RoleAssignment::new(Role::Applicant, Some(department), None), Err(RoleRefusal::NothingNeeded));
        assert_eq!(RoleAssignment::new(Role::Agency, None, None), Err(RoleRefusal::AgencyNeeded));
    }

    #[test]
    fn nobody_stands_on_both_sides() {
        let applicant = RoleAssignment::new(Role::Applicant, None, None).unwrap();
        let auditor = RoleAssignment::new(Role::Auditor, None, None).unwrap();
        assert_eq!(Roles::new(vec![applicant, auditor]), Err(RoleRefusal::Mixed));
        assert_eq!(Roles::new(vec![]), Err(RoleRefusal::Empty));
        assert!(Roles::new(vec![auditor, auditor]).is_ok_and(|roles| roles.assignments().len() == 1));
    }
}
