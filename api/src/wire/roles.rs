//! Roles and the state of an account, as they are shown.

use domain::access::{Role, RoleAssignment};
use domain::ids::{AgencyId, DepartmentId};
use serde::Serialize;
use utoipa::ToSchema;

/// A role, and for which department or agency.
#[derive(Serialize, ToSchema)]
pub(crate) struct AssignedRole {
    /// The role.
    role: Role,
    /// The department of a physician, chief or director.
    department_id: Option<DepartmentId>,
    /// The agency of an agency's staff.
    agency_id: Option<AgencyId>,
}

impl From<&RoleAssignment> for AssignedRole {
    fn from(assignment: &RoleAssignment) -> Self {
        Self { role: assignment.role(), department_id: assignment.department(), agency_id: assignment.agency() }
    }
}

/// Whether a person can sign in.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) enum AccountStatus {
    Invited,
    Active,
    Disabled,
}
