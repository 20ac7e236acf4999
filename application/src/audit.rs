//! The audit trail as auditors read it, and as applicants and patients read it of their own case.

use domain::access::Role;
use domain::ids::{CaseId, UserId};
use persistence::Page;
use persistence::audit::{AuditFilter, StoredEntry};

use crate::{Act, Error};

pub use persistence::audit::Outcome;

/// A page of the trail, newest first; one more than `limit` if there is a next page.
pub fn list_audit_entries(act: &mut Act<'_, '_>, filter: &AuditFilter, after: Option<i64>, limit: u32) -> Result<Vec<StoredEntry>, Error> {
    Ok(persistence::audit::list(act.tx, filter, Page { after, limit: limit.saturating_add(1) })?)
}

/// That somebody read or changed a case, and in which roles they are here.
#[derive(Clone, Debug)]
pub struct Access {
    /// The entry of the trail.
    pub stored: StoredEntry,
    /// The roles of whoever it was; none for the system.
    pub roles: Vec<Role>,
}

/// A page of who read or changed one case, newest first; refused attempts are the auditors' affair.
pub fn list_my_accesses(act: &mut Act<'_, '_>, case: CaseId, after: Option<i64>, limit: u32) -> Result<Vec<Access>, Error> {
    act.load_case(case)?;
    let filter = AuditFilter { case: Some(case), outcome: Some(Outcome::Done), ..AuditFilter::default() };
    let found = persistence::audit::list(act.tx, &filter, Page { after, limit: limit.saturating_add(1) })?;
    let mut actors: Vec<UserId> = found.iter().filter_map(|stored| stored.entry.actor).collect();
    actors.sort_unstable();
    actors.dedup();
    let roles = persistence::users::roles_of(act.tx, &actors)?;
    let held_by = |actor: Option<UserId>| roles.iter().filter(|(user, _)| Some(*user) == actor).map(|(_, role)| *role).collect();
    Ok(found.into_iter().map(|stored| Access { roles: held_by(stored.entry.actor), stored }).collect())
}
