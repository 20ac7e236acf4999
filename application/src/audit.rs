//! The audit trail as auditors read it, and as applicants and patients read it of their own case.

use domain::access::{Operation, Role, may};
use domain::ids::{CaseId, UserId};
use persistence::Page;

use crate::{Error, UnitOfWork};

pub use persistence::audit::{AuditFilter, Outcome, StoredEntry};

/// A page of the trail, newest first; one more than `limit` if there is a next page.
pub fn list_audit_entries(
    work: &mut UnitOfWork<'_, '_, may::ListAuditEntries>,
    filter: &AuditFilter,
    after: Option<i64>,
    limit: u32,
) -> Result<Vec<StoredEntry>, Error> {
    let found = persistence::audit::list(work.tx, filter, Page { after, limit: limit.saturating_add(1) })?;
    work.audit_page(&found, limit, |stored| stored.entry.id);
    Ok(found)
}

/// Nobody outside is told of a death, and no patient that there was something to know: not by the list of accesses either.
const UNTOLD: &[&str] = &[
    Operation::RecordPatientDeath.operation_id(),
    Operation::WithdrawPatientDeath.operation_id(),
    Operation::ClaimPatientUninformed.operation_id(),
    Operation::AttestPatientUninformed.operation_id(),
    Operation::EndPatientUninformed.operation_id(),
];

/// That somebody read or changed a case, and in which roles they are here.
#[derive(Clone, Debug)]
pub struct Access {
    /// The entry of the trail.
    pub stored: StoredEntry,
    /// The roles of whoever it was; none for the system.
    pub roles: Vec<Role>,
}

/// A page of who read or changed one case, newest first; refused attempts are the auditors' affair.
pub fn list_my_accesses(
    work: &mut UnitOfWork<'_, '_, may::ListMyAccesses>,
    case: CaseId,
    after: Option<i64>,
    limit: u32,
) -> Result<Vec<Access>, Error> {
    let loaded = work.case(case)?;
    let since = loaded.case.opened_to(&loaded.access);
    let filter = AuditFilter { case: Some(case), outcome: Some(Outcome::Done), without: UNTOLD, since, ..AuditFilter::default() };
    let found = persistence::audit::list(work.tx, &filter, Page { after, limit: limit.saturating_add(1) })?;
    work.audit_page(&found, limit, |stored| stored.entry.id);
    let mut actors: Vec<UserId> = found.iter().filter_map(|stored| stored.entry.actor).collect();
    actors.sort_unstable();
    actors.dedup();
    let roles = persistence::users::roles_of(work.tx, &actors)?;
    let held_by = |actor: Option<UserId>| roles.iter().filter(|(user, _)| Some(*user) == actor).map(|(_, role)| *role).collect();
    Ok(found.into_iter().map(|stored| Access { roles: held_by(stored.entry.actor), stored }).collect())
}
