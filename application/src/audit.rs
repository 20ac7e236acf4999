//! The audit trail as auditors read it, and as applicants and patients read it of their own case.

use domain::ids::CaseId;
use persistence::Page;
use persistence::audit::{AuditFilter, StoredEntry};

use crate::{Act, Error};

pub use persistence::audit::Outcome;

/// A page of the trail, newest first; one more than `limit` if there is a next page.
pub fn list_audit_entries(act: &mut Act<'_, '_>, filter: &AuditFilter, after: Option<i64>, limit: u32) -> Result<Vec<StoredEntry>, Error> {
    Ok(persistence::audit::list(act.tx, filter, Page { after, limit: limit.saturating_add(1) })?)
}

/// A page of who read or changed one case, newest first; refused attempts are the auditors' affair.
pub fn list_my_accesses(act: &mut Act<'_, '_>, case: CaseId, after: Option<i64>, limit: u32) -> Result<Vec<StoredEntry>, Error> {
    act.load_case(case)?;
    let filter = AuditFilter { case: Some(case), outcome: Some(Outcome::Done), ..AuditFilter::default() };
    Ok(persistence::audit::list(act.tx, &filter, Page { after, limit: limit.saturating_add(1) })?)
}
