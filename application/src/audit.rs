//! The audit trail as auditors read it, and as applicants and patients read it of their own case.

use domain::access::Role;
use domain::ids::{AuditEntryId, CaseId, Id, IdKind, UserId};
use jiff::Timestamp;
use persistence::audit::{AuditFilter, Entry, StoredEntry};
use persistence::{Page, Transaction};

use crate::{Act, Error, clock};

pub use persistence::audit::Outcome;

/// Notes what was done without a caller: by the clock, or on the command line. `source` stands for the request.
pub(crate) fn note_of_the_system<K: IdKind>(
    tx: &mut Transaction<'_>,
    operation: &str,
    source: &str,
    (subject, case): (Id<K>, Option<CaseId>),
    details: serde_json::Value,
    now: Timestamp,
) -> Result<(), Error> {
    let id: AuditEntryId = clock::fresh(now);
    let entry = Entry {
        id,
        at: now,
        actor: None,
        session: None,
        operation: operation.to_owned(),
        subject_kind: Some(K::PREFIX.to_owned()),
        subject_id: Some(subject.to_string()),
        case,
        outcome: Outcome::Done,
        request_id: source.to_owned(),
        details,
    };
    Ok(persistence::audit::insert(tx, &entry)?)
}

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
