//! What waits for a second administrator.

use actix_web::{get, post};
use application::people::approvals::{self, PendingRoles};
use domain::access::may;
use domain::ids::{ApprovalId, UserId};
use domain::people::{EmailAddress, PersonName};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::users::{User, reply};
use crate::document::schemas;
use crate::http::authorized::Authorized;
use crate::http::body::{Path, Query};
use crate::http::page::{self, PageParams};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::sign_in::views::AssignedRole;
use crate::values::NameOfPerson;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(list_pending_approvals).service(approve_roles);
}

/// Roles of a person that wait for a second administrator.
#[derive(Serialize, ToSchema)]
pub(crate) struct PendingApproval {
    /// The request.
    #[schema(value_type = schemas::ApprovalKey)]
    id: ApprovalId,
    /// Whose roles.
    #[schema(value_type = schemas::UserKey)]
    user_id: UserId,
    /// The person's name.
    #[schema(value_type = NameOfPerson)]
    user_name: PersonName,
    /// The name that the person signs in with.
    #[schema(value_type = schemas::Email)]
    user_email: EmailAddress,
    /// Who asked; null for the command line.
    #[schema(value_type = Option<schemas::UserKey>)]
    requested_by: Option<UserId>,
    /// The name of whoever asked; null for the command line.
    #[schema(value_type = Option<NameOfPerson>)]
    requested_by_name: Option<PersonName>,
    /// When.
    #[schema(value_type = schemas::Moment)]
    requested_at: Timestamp,
    /// The roles that the person holds.
    roles: Vec<AssignedRole>,
    /// The roles that were asked for.
    pending_roles: Vec<AssignedRole>,
    /// Whether the caller may approve it: whoever asked, and the person concerned, may not.
    #[schema(example = true)]
    may_approve: bool,
}

impl PendingApproval {
    fn shown(pending: &PendingRoles, caller: UserId) -> Self {
        Self {
            id: pending.id,
            user_id: pending.account.id,
            user_name: pending.account.name.clone(),
            user_email: pending.account.email.clone(),
            requested_by: pending.requested_by,
            requested_by_name: pending.requested_by_name.clone(),
            requested_at: pending.requested_at,
            roles: pending.account.roles.iter().map(AssignedRole::from).collect(),
            pending_roles: pending.roles.iter().map(AssignedRole::from).collect(),
            may_approve: pending.requested_by != Some(caller) && pending.account.id != caller,
        }
    }
}

/// A page of what waits for a second administrator.
#[derive(Serialize, ToSchema)]
pub(crate) struct PendingApprovalList {
    /// The requests, newest first.
    data: Vec<PendingApproval>,
    /// Whether there is a next page.
    #[schema(example = false)]
    has_more: bool,
    /// Where the next page begins.
    #[schema(example = json!(null))]
    next_cursor: Option<String>,
}

/// List what waits for a second administrator
///
/// Roles that see what is clinical in cases of others, and the role of an administrator, that one administrator asked for. Newest first.
#[utoipa::path(tag = "people", params(PageParams), responses((status = 200, description = "A page of requests.", body = PendingApprovalList)))]
#[get("/v1/approvals")]
pub(crate) async fn list_pending_approvals(caller: Authorized<may::ListPendingApprovals>, Query(wanted): Query<PageParams>) -> Answer {
    let after = page::read(wanted.cursor.as_deref(), &wanted)?;
    caller
        .act(move |work| {
            let me = work.user()?;
            let found = approvals::list_pending_approvals(work, after, wanted.limit)?;
            let page = page::cut(found, wanted.limit, &wanted, |one| one.id);
            let data = page.entries.iter().map(|one| PendingApproval::shown(one, me)).collect();
            Reply::ok(&PendingApprovalList { data, has_more: page.has_more, next_cursor: page.next_cursor })
        })
        .await
}

/// Approve roles
///
/// Gives the roles that another administrator asked for. Whoever asked, and the person concerned, cannot approve. Every session of the
/// person ends, and the person is told by letter.
#[utoipa::path(
    tag = "people",
    params(("approval_id" = inline(schemas::ApprovalKey), Path, description = "The request.")),
    responses((status = 200, description = "The account.", body = User))
)]
#[post("/v1/approvals/{approval_id}/approve-roles")]
pub(crate) async fn approve_roles(caller: Authorized<may::ApproveRoles>, Path(id): Path<ApprovalId>) -> Answer {
    caller.act(move |work| reply(&approvals::approve_roles(work, id)?)).await
}
