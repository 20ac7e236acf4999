//! Handlers of the audit trail.

use actix_web::get;
use application::Fault;
use application::audit::{self, AuditFilter};
use domain::access::{Operation, may};
use domain::ids::{CaseId, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use validator::{Validate, ValidationError};

use super::views::{AuditEntry, AuditEntryList, AuditOutcome, CaseAccess, CaseAccessList};
use crate::http::authorized::Authorized;
use crate::http::body::{Path, Query, agree, disagreement};
use crate::http::problem::{Code, Problem};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::http::times;
use crate::wire::page::{self, PageParams};

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(list_audit_entries).service(list_my_accesses);
}

/// Which entries.
#[derive(Deserialize, Serialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
#[validate(schema(function = "ends_after_it_begins"))]
pub(crate) struct AuditWanted {
    /// By this person.
    #[param(inline)]
    actor_id: Option<UserId>,
    /// About this case.
    #[param(inline)]
    case_id: Option<CaseId>,
    /// Of this `operationId`.
    #[param(min_length = 1, max_length = 60, pattern = "^[A-Za-z]+$")]
    operation: Option<String>,
    /// That ended so.
    #[param(value_type = Option<AuditOutcome>, inline)]
    outcome: Option<String>,
    /// At this instant or later.
    #[serde(default, deserialize_with = "times::bound")]
    #[param(inline)]
    since_at: Option<Timestamp>,
    /// Before this instant.
    #[serde(default, deserialize_with = "times::bound")]
    #[param(inline)]
    until_at: Option<Timestamp>,
    /// How many at most.
    #[param(minimum = 1, maximum = 100, default = 25)]
    #[serde(default = "page::default_limit")]
    limit: u32,
    /// Where the page begins: `next_cursor` of the page before.
    cursor: Option<String>,
}

fn ends_after_it_begins(wanted: &AuditWanted) -> Result<(), ValidationError> {
    match (wanted.since_at, wanted.until_at) {
        (Some(since), Some(until)) if until < since => Err(disagreement("/until_at", "ends_before_it_begins")),
        _ => Ok(()),
    }
}

/// Read the audit trail
///
/// Who read or changed what, and what was refused; newest first. Ids and codes only.
#[utoipa::path(tag = "audit", params(AuditWanted), responses((status = 200, description = "A page of entries.", body = AuditEntryList)))]
#[get("/v1/audit-entries")]
pub(crate) async fn list_audit_entries(caller: Authorized<may::ListAuditEntries>, Query(wanted): Query<AuditWanted>) -> Answer {
    agree(&wanted, "/query")?;
    if let Some(operation) = &wanted.operation
        && Operation::from_operation_id(operation).is_none()
    {
        return Err(Problem::of(Code::InvalidParameters).with_faults(vec![Fault::at("/query/operation", "not_a_choice")]));
    }
    let after = page::read(wanted.cursor.as_deref(), &wanted)?;
    let filter = AuditFilter {
        actor: wanted.actor_id,
        case: wanted.case_id,
        operation: wanted.operation.clone(),
        outcome: wanted.outcome.as_deref().and_then(|name| name.parse().ok()),
        since: wanted.since_at,
        until: wanted.until_at,
        without: &[],
    };
    caller
        .act(move |work| {
            let found = audit::list_audit_entries(work, &filter, after, wanted.limit)?;
            let page = page::cut(found, wanted.limit, &wanted, |stored| stored.seq).shown(AuditEntry::from);
            Reply::ok(&page)
        })
        .await
}

/// See who looked at my case
///
/// Every reading and every change of the case, newest first.
#[utoipa::path(
    tag = "audit",
    params(PageParams),
    responses((status = 200, description = "A page of accesses.", body = CaseAccessList))
)]
#[get("/v1/cases/{case_id}/accesses")]
pub(crate) async fn list_my_accesses(
    caller: Authorized<may::ListMyAccesses>,
    Path(case): Path<CaseId>,
    Query(query): Query<PageParams>,
) -> Answer {
    let filters = case.to_string();
    let after = page::read(query.cursor.as_deref(), &filters)?;
    caller
        .act(move |work| {
            let found = audit::list_my_accesses(work, case, after, query.limit)?;
            let page = page::cut(found, query.limit, &filters, |access| access.stored.seq).shown(CaseAccess::from);
            Reply::ok(&page)
        })
        .await
}
