//! Requests of one person that another approves: roles that see clinical content, and the role of an administrator.

use std::sync::Arc;

use domain::access::{Role, RoleAssignment, Roles, may};
use domain::ids::{ApprovalId, UserId};
use domain::people::{EmailAddress, PersonName};
use jiff::Timestamp;
use persistence::approvals::{Approval, ApprovalKind, ApprovalState};
use persistence::users::{User, UserStatus};
use persistence::{Page, Transaction};
use serde_json::json;

use super::users::{Account, check_places};
use crate::emails::{self, Reason};
use crate::error::Conflict;
use crate::{App, Error, Permitted, SystemActor, UnitOfWork, Work, work};

/// Roles of a person that wait for a second person.
#[derive(Clone, Debug)]
pub struct PendingRoles {
    /// The request.
    pub id: ApprovalId,
    /// Whose roles.
    pub account: Account,
    /// Who asked; `None` for the command line.
    pub requested_by: Option<UserId>,
    /// The name of whoever asked.
    pub requested_by_name: Option<PersonName>,
    /// When.
    pub requested_at: Timestamp,
    /// The roles.
    pub roles: Vec<RoleAssignment>,
}

fn roles_in(approval: &Approval) -> Result<Vec<RoleAssignment>, Error> {
    serde_json::from_value(approval.content.clone()).map_err(|_| Error::Internal("an approval cannot be read"))
}

/// The roles that wait for a second person to give them to this one.
pub(crate) fn pending_roles(tx: &mut Transaction<'_>, user: UserId) -> Result<Vec<RoleAssignment>, Error> {
    let found = persistence::approvals::find_pending(tx, ApprovalKind::Roles, user.uuid())?;
    found.as_ref().map_or_else(|| Ok(Vec::new()), roles_in)
}

/// Puts a request in the place of the one that is pending for this person, if there is one. The same request stays as it is; an empty one
/// takes the pending one back. Says whether there is a new one.
pub(crate) fn request_roles(work: &mut Work<'_, '_>, user: UserId, by: Option<UserId>, roles: &[RoleAssignment]) -> Result<bool, Error> {
    let now = work.now;
    if let Some(pending) = persistence::approvals::find_pending(work.tx, ApprovalKind::Roles, user.uuid())? {
        if roles_in(&pending)? == roles {
            return Ok(false);
        }
        persistence::approvals::decide(work.tx, pending.id, ApprovalState::Withdrawn, by, now)?;
    }
    if roles.is_empty() {
        return Ok(false);
    }
    let approval = Approval {
        id: work.fresh(),
        kind: ApprovalKind::Roles,
        subject: user.uuid(),
        requested_by: by,
        requested_at: now,
        content: json!(roles),
        state: ApprovalState::Pending,
        decided_by: None,
        decided_at: None,
    };
    persistence::approvals::insert(work.tx, &approval)?;
    Ok(true)
}

/// Asks for roles in the caller's name, notes the change in the trail, and writes to the administrators who may approve.
pub(crate) fn ask_for_roles(work: &mut Work<'_, '_>, user: &User, before: &Roles, requested: &[RoleAssignment]) -> Result<(), Error> {
    let me = work.user()?;
    work.note("roles_before", json!(before));
    work.note("roles_after", json!(user.roles));
    work.note("roles_requested", json!(requested));
    if !request_roles(work, user.id, Some(me), requested)? {
        return Ok(());
    }
    let administrators = persistence::users::active_with_role(work.tx, Role::Administrator)?;
    for other in administrators.iter().filter(|other| other.id != me && other.id != user.id) {
        emails::send(work, Reason::RolesRequested, &other.email, &other.language, None)?;
    }
    Ok(())
}

/// A page of what waits for a second person, newest first; one more than `limit` if there is a next page.
pub fn list_pending_approvals(
    work: &mut UnitOfWork<'_, '_, may::ListPendingApprovals>,
    after: Option<ApprovalId>,
    limit: u32,
) -> Result<Vec<PendingRoles>, Error> {
    let found = persistence::approvals::list_pending(work.tx, ApprovalKind::Roles, Page { after, limit: limit.saturating_add(1) })?;
    work.audit_page(&found, limit, |approval| approval.id);
    let mut pending = Vec::with_capacity(found.len());
    for approval in found {
        let user = persistence::users::get(work.tx, UserId::from_uuid(approval.subject))?;
        let account = Account::with_pending_roles(work.tx, user)?;
        let roles = roles_in(&approval)?;
        let Approval { id, requested_by, requested_at, .. } = approval;
        let asked = requested_by.map(|by| persistence::users::names(work.tx, &[by])).transpose()?;
        let requested_by_name = asked.and_then(|names| names.into_iter().next()).map(|(_, name)| name);
        pending.push(PendingRoles { id, account, requested_by, requested_by_name, requested_at, roles });
    }
    Ok(pending)
}

/// Gives roles that another administrator asked for. Every session of the person ends, and the person is told by letter.
///
/// # Errors
/// `second_person_needed` for whoever asked, and for the person concerned; `approval_not_pending` for a request that was decided before.
pub fn approve_roles(work: &mut UnitOfWork<'_, '_, may::ApproveRoles>, id: ApprovalId) -> Result<Account, Error> {
    let approval = persistence::approvals::get(work.tx, id).map_err(work::absent)?;
    let subject = UserId::from_uuid(approval.subject);
    work.audit_subject(subject);
    work.audit_subject(id);
    let (own, before) = work.accounts(subject)?;
    let me = own.id;
    if approval.requested_by == Some(me) || subject == me {
        return Err(Error::Conflict(Conflict::SecondPersonNeeded));
    }
    work.expect(Account::revision_of(&before))?;
    let user = give(work, &approval, before.clone(), Some(me))?;
    work.note("roles_before", json!(before.roles));
    work.note("roles_after", json!(user.roles));
    emails::send(work, Reason::RolesApproved, &user.email, &user.language, None)?;
    Account::with_pending_roles(work.tx, user)
}

/// Gives the roles of a pending request.
fn give(work: &mut Work<'_, '_>, approval: &Approval, mut user: User, by: Option<UserId>) -> Result<User, Error> {
    let decided_before = || Error::Conflict(Conflict::ApprovalNotPending);
    if approval.state != ApprovalState::Pending || user.status == UserStatus::Disabled {
        return Err(decided_before());
    }
    user.roles = user.roles.with(&roles_in(approval)?).map_err(|_| decided_before())?;
    check_places(work.tx, &user.roles)?;
    match persistence::approvals::decide(work.tx, approval.id, ApprovalState::Approved, by, work.now) {
        // Another administrator approved it at the same time.
        Err(persistence::Error::Stale) => return Err(decided_before()),
        decided => decided?,
    }
    user.epoch = user.epoch.saturating_add(1);
    user.updated_at = work.now;
    persistence::users::save(work.tx, &user)?;
    user.version = user.version.saturating_add(1);
    work.end_sessions(user.id, None)?;
    Ok(user)
}

impl App {
    /// Gives roles that an administrator asked for, from the command line. It counts as the second person where there is one
    /// administrator.
    ///
    /// # Errors
    /// [`Error::Absent`] if nothing is pending for the address; `second_person_needed` if there are several administrators, or if the
    /// command line itself asked.
    pub async fn approve_roles_from_command_line(self: &Arc<Self>, address: EmailAddress) -> Result<UserId, Error> {
        self.perform(Permitted::<may::ApproveRoles>::by_system(SystemActor::CommandLine).with(move |work| {
            let user = persistence::users::find_by_address(work.tx, &address)?.ok_or(Error::Absent)?;
            work.audit_subject(user.id);
            let pending = persistence::approvals::find_pending(work.tx, ApprovalKind::Roles, user.id.uuid())?.ok_or(Error::Absent)?;
            work.audit_subject(pending.id);
            let administrators = persistence::users::active_with_role(work.tx, Role::Administrator)?;
            if pending.requested_by.is_none() || administrators.len() > 1 {
                return Err(Error::Conflict(Conflict::SecondPersonNeeded));
            }
            let before = user.roles.clone();
            let user = give(work, &pending, user, None)?;
            emails::send(work, Reason::RolesApproved, &user.email, &user.language, None)?;
            work.note("roles_before", json!(before));
            work.note("roles_after", json!(user.roles));
            Ok(user.id)
        }))
        .await
    }

    /// The accounts that hold no address, because an older account has the same one.
    pub async fn accounts_without_address(&self) -> Result<Vec<UserId>, Error> {
        self.store.read(|tx| persistence::users::without_address(tx).map_err(Error::from)).await
    }
}
