//! Requests that wait for a second administrator.

use actix_web::{get, post};
use application::people::approvals::{self, PendingRoles};
use domain::access::may;
use domain::ids::{ApprovalId, UserId};
use domain::people::{EmailAddress, PersonName};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::users::{User, reply};
use crate::http::authorized::Authorized;
use crate::http::body::{Path, Query};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::page::{self, Page, PageParams};
use crate::wire::roles::AssignedRole;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(list_pending_approvals).service(approve_roles);
}

/// A page of them.
pub(crate) type PendingApprovalList = Page<PendingApproval>;

/// Roles of a person that wait for a second administrator.
#[derive(Serialize, ToSchema)]
pub(crate) struct PendingApproval {
    /// The request.
    id: ApprovalId,
    /// Whose roles.
    user_id: UserId,
    /// The person's name.
    user_name: PersonName,
    /// The name that the person signs in with.
    user_email: EmailAddress,
    /// Who asked; null for the command line.
    requested_by: Option<UserId>,
    /// The name of whoever asked; null for the command line.
    requested_by_name: Option<PersonName>,
    /// When.
    requested_at: Timestamp,
    /// The roles that the person holds.
    roles: Vec<AssignedRole>,
    /// The roles that were asked for.
    pending_roles: Vec<AssignedRole>,
    /// Whether the caller may approve it: whoever asked, and the person concerned, may not.
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
            let page = page::cut(found, wanted.limit, &wanted, |one| one.id).shown(|one| PendingApproval::shown(one, me));
            Reply::ok(&page)
        })
        .await
}

/// Approve roles
///
/// Gives the roles that another administrator asked for. Whoever asked, and the person concerned, cannot approve. Every session of the
/// person ends, and the person is told by letter.
#[utoipa::path(
    tag = "people",
    responses((status = 200, description = "The account.", body = User))
)]
#[post("/v1/approvals/{approval_id}/approve-roles")]
pub(crate) async fn approve_roles(caller: Authorized<may::ApproveRoles>, Path(id): Path<ApprovalId>) -> Answer {
    caller.act(move |work| reply(&approvals::approve_roles(work, id)?)).await
}
