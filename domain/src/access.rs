//! Who may do what. A role lets a caller run an operation (403); the relation to a case decides whether there is a case at all (404).

mod audience;
mod operations;
mod permission;
mod relation;
mod role;
mod section;
mod session_limits;

pub use audience::Audience;
pub use operations::{Access, Idempotency, Operation, Precondition, may};
pub use permission::Permission;
pub use relation::{Caller, CaseAccess, CaseFacts, Membership, Relation, Relations, relations, relations_to_no_case};
pub use role::{Role, RoleAssignment, RoleRefusal, Roles};
pub use section::Section;
pub use session_limits::SessionLimits;

#[cfg(test)]
mod tests;
