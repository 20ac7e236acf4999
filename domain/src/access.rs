//! Who may do what. Roles open the door of an operation (403); the relation to a case decides whether there is a case at all (404).

mod audience;
mod section;
mod operations;
mod permission;
mod relation;
mod role;
mod session_limits;

pub use audience::Audience;
pub use section::Section;
pub use operations::{Access, Idempotency, Operation, Precondition, may};
pub use permission::Permission;
pub use relation::{Caller, CaseFacts, Membership, Relation, Relations, CaseAccess, relations};
pub use role::{Role, RoleAssignment, RoleRefusal, Roles};
pub use session_limits::SessionLimits;
