//! The audit trail as it is shown: ids and codes only, never names or texts.

use application::audit::{Access, StoredEntry};
use domain::access::{Role, RoleAssignment};
use domain::ids::{AuditEntryId, CaseId, SessionId, UserId};
use jiff::Timestamp;
use serde::{Deserialize as _, Serialize};
use utoipa::ToSchema;

use crate::wire::page::Page;
use crate::wire::roles::AccountStatus;
use crate::wire::roles::AssignedRole;

/// How it ended.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "a schema of the document; the value itself is another type")]
pub(crate) enum AuditOutcome {
    Done,
    Replayed,
    Refused,
    Failed,
}

/// A page of them.
pub(crate) type AuditEntryList = Page<AuditEntry>;

/// An entry of the audit trail.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditEntry {
    /// The entry.
    id: AuditEntryId,
    /// When.
    occurred_at: Timestamp,
    /// Who; null for anonymous callers and the system.
    actor_id: Option<UserId>,
    /// In which session.
    session_id: Option<SessionId>,
    /// The operation, by its `operationId`; some are the program's own, such as `expireCase` and `countRefusals`. Open list.
    #[schema(extensions(("x-may-grow" = json!(true))))]
    operation: String,
    /// The case that is concerned.
    case_id: Option<CaseId>,
    /// The things that were read or changed, by id.
    subjects: Vec<String>,
    /// How it ended.
    #[schema(value_type = AuditOutcome)]
    outcome: &'static str,
    /// The request; `clock` for what the system does when its time has come, `command line` for what came from there.
    request_id: String,
    /// The code of the problem that refused it. Open list.
    #[schema(extensions(("x-may-grow" = json!(true))))]
    problem_code: Option<String>,
    /// The client program, of a sign-in.
    client_id: Option<String>,
    /// The network address, of all that concerns signing in, and of refusals that are counted.
    source: Option<String>,
    /// How often each refusal without a row of its own happened: those of `countRefusals`, of one source in one minute.
    refusals: Vec<CountedRefusal>,
    /// The roles before and after, if they changed.
    role_change: Option<RoleChange>,
    /// Whether a person was shut out, or let in again.
    status_change: Option<StatusChange>,
}

/// How often something was refused.
#[derive(Serialize, ToSchema)]
pub(crate) struct CountedRefusal {
    /// The code of the problem. Open list.
    #[schema(extensions(("x-may-grow" = json!(true))))]
    problem_code: String,
    /// How often.
    count: u64,
}

impl CountedRefusal {
    fn all(stored: &StoredEntry) -> Vec<Self> {
        let counted = stored.entry.details.get("refusals").and_then(serde_json::Value::as_object);
        let counts = counted.into_iter().flatten().filter_map(|(code, count)| Some((code.clone(), count.as_u64()?)));
        counts.map(|(problem_code, count)| Self { problem_code, count }).collect()
    }
}

/// A change of the status of a person's account.
#[derive(Serialize, ToSchema)]
pub(crate) struct StatusChange {
    /// The status before.
    #[schema(value_type = AccountStatus)]
    before: String,
    /// The status after.
    #[schema(value_type = AccountStatus)]
    after: String,
}

/// A change of a person's roles.
#[derive(Serialize, ToSchema)]
pub(crate) struct RoleChange {
    /// The roles before.
    before: Vec<AssignedRole>,
    /// The roles after.
    after: Vec<AssignedRole>,
    /// The roles that were asked for, and that a second administrator has to approve.
    requested: Vec<AssignedRole>,
}

impl RoleChange {
    fn of(stored: &StoredEntry) -> Option<Self> {
        let details = &stored.entry.details;
        let roles = |name: &str| {
            let listed: Vec<RoleAssignment> = details.get(name).and_then(|value| Vec::deserialize(value).ok()).unwrap_or_default();
            listed.iter().map(AssignedRole::from).collect()
        };
        details.get("roles_after")?;
        Some(Self { before: roles("roles_before"), after: roles("roles_after"), requested: roles("roles_requested") })
    }
}

impl From<&StoredEntry> for AuditEntry {
    fn from(stored: &StoredEntry) -> Self {
        let entry = &stored.entry;
        Self {
            id: entry.id,
            occurred_at: entry.at,
            actor_id: entry.actor,
            session_id: entry.session,
            operation: entry.operation.clone(),
            case_id: entry.case,
            subjects: subjects(stored),
            outcome: entry.outcome.as_str(),
            request_id: entry.request_id.clone(),
            problem_code: detail(stored, "code"),
            client_id: detail(stored, "client"),
            source: detail(stored, "source"),
            refusals: CountedRefusal::all(stored),
            role_change: RoleChange::of(stored),
            status_change: detail(stored, "status_before")
                .zip(detail(stored, "status_after"))
                .map(|(before, after)| StatusChange { before, after }),
        }
    }
}

fn detail(stored: &StoredEntry, name: &str) -> Option<String> {
    stored.entry.details.get(name).and_then(serde_json::Value::as_str).map(str::to_owned)
}

/// One subject stands in its own column, several in the details.
fn subjects(stored: &StoredEntry) -> Vec<String> {
    let several = stored.entry.details.get("subjects").and_then(serde_json::Value::as_array);
    match several {
        Some(several) => several.iter().filter_map(|subject| subject.as_str().map(str::to_owned)).collect(),
        None => stored.entry.subject_id.iter().cloned().collect(),
    }
}

/// A page of them.
pub(crate) type CaseAccessList = Page<CaseAccess>;

/// That somebody read or changed a case.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseAccess {
    /// The entry of the audit trail.
    id: AuditEntryId,
    /// When.
    occurred_at: Timestamp,
    /// Who; null for the system.
    actor_id: Option<UserId>,
    /// The roles that they hold now; none for the system.
    actor_roles: Vec<Role>,
    /// The operation, by its `operationId`; some are the program's own, such as `expireCase` and `countRefusals`. Open list.
    #[schema(extensions(("x-may-grow" = json!(true))))]
    operation: String,
}

impl From<&Access> for CaseAccess {
    fn from(access: &Access) -> Self {
        let entry = &access.stored.entry;
        Self {
            id: entry.id,
            occurred_at: entry.at,
            actor_id: entry.actor,
            actor_roles: access.roles.clone(),
            operation: entry.operation.clone(),
        }
    }
}
