//! Accounts: made by an administrator or from the command line, changed, disabled.

use std::sync::Arc;

use domain::access::{Role, RoleAssignment, Roles, may};
use domain::ids::UserId;
use domain::people::PersonNamePatch;
use domain::people::{EmailAddress, LanguageTag, PersonName, PhoneNumber};
use jiff::Timestamp;
use persistence::Transaction;
use persistence::users::{Profile, User, UserFilter, UserStatus};
use secrecy::SecretString;
use serde_json::json;

use super::approvals;
use crate::sign_in::recovery::send_welcome;
use crate::sign_in::strength::Known;
use crate::{App, Error, Fault, Permitted, Revision, SystemActor, UnitOfWork, Work, work};

pub use persistence::users::UserStatus as Status;

/// The content of a new account.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The name to sign in with.
    pub email: EmailAddress,
    /// The person's name.
    pub name: PersonName,
    /// The language of letters.
    pub language: LanguageTag,
    /// The roles.
    pub roles: Roles,
}

/// A change of an account that its owner may make, too. `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
pub struct ProfilePatch {
    /// The forms of the person's name that change.
    pub name: Option<PersonNamePatch>,
    /// The telephone number, or that there is none.
    pub phone: Option<Option<PhoneNumber>>,
    /// The language of letters.
    pub language: Option<LanguageTag>,
}

impl ProfilePatch {
    /// Changes an account.
    ///
    /// # Errors
    /// `/name` if no form of the name would be left.
    pub(crate) fn apply_to(&self, user: &mut User) -> Result<(), Error> {
        if let Some(name) = &self.name {
            let merged = name.clone().applied_to(Some(&user.profile.name));
            user.profile.name = merged.map_err(|_| Error::invalid("/name", "name_needed"))?;
        }
        if let Some(phone) = &self.phone {
            user.profile.phone.clone_from(phone);
        }
        if let Some(language) = &self.language {
            user.language = language.clone();
        }
        Ok(())
    }
}

/// A change of an account. `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
pub struct AccountPatch {
    /// The part that its owner may change, too.
    pub profile: ProfilePatch,
    /// The roles, all of them.
    pub roles: Option<Roles>,
    /// Whether the person may sign in.
    pub disabled: Option<bool>,
}

/// An account as administrators see it.
#[derive(Clone, Debug)]
pub struct Account {
    /// The person.
    pub id: UserId,
    /// The name to sign in with.
    pub email: EmailAddress,
    /// The person's name.
    pub name: PersonName,
    /// The telephone number.
    pub phone: Option<PhoneNumber>,
    /// The language of letters.
    pub language: LanguageTag,
    /// The roles.
    pub roles: Roles,
    /// The roles that were asked for and that a second person has to approve.
    pub pending_roles: Vec<RoleAssignment>,
    /// Whether the person can sign in.
    pub status: UserStatus,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts the changes.
    pub version: u64,
}

impl Account {
    /// The revision, the same for every administrator and for its owner.
    pub fn revision(&self) -> Revision {
        Revision::from(self.version)
    }

    /// The revision of an account as it is stored.
    pub(crate) fn revision_of(user: &User) -> Revision {
        Revision::of(user.version)
    }

    /// An account with the roles that wait for a second person.
    pub(crate) fn with_pending_roles(tx: &mut Transaction<'_>, user: User) -> Result<Self, Error> {
        let pending_roles = approvals::pending_roles(tx, user.id)?;
        Ok(Self {
            id: user.id,
            email: user.email,
            name: user.profile.name,
            phone: user.profile.phone,
            language: user.language,
            roles: user.roles,
            pending_roles,
            status: user.status,
            created_at: user.created_at,
            updated_at: user.updated_at,
            version: u64::try_from(user.version).unwrap_or(0),
        })
    }
}

impl App {
    /// Adds an account that can sign in at once, with its roles: for the demo and for tests, which own their database.
    ///
    /// # Errors
    /// `Duplicate` for a known address.
    pub async fn add_user(self: &Arc<Self>, account: NewAccount, password: SecretString) -> Result<UserId, Error> {
        let hash = self.passwords.hash(&password, None).await?;
        self.perform(Permitted::<may::CreateUser>::by_system(SystemActor::CommandLine).with(move |work| {
            let user = active_user(&account, &hash, work.fresh(), work.now);
            persistence::users::insert(work.tx, &user)?;
            note_roles(work, &user, &[]);
            Ok(user.id)
        }))
        .await
    }

    /// Adds an account that can sign in at once, from the command line. The command line is one person: a role that two persons give
    /// waits for an administrator, save that of the first administrator. Says which roles wait.
    ///
    /// # Errors
    /// Faults of the address or the password, or `Duplicate` for a known address.
    pub async fn add_user_from_command_line(
        self: &Arc<Self>,
        account: NewAccount,
        password: SecretString,
    ) -> Result<(UserId, Vec<RoleAssignment>), Error> {
        let settings = self.settings().await?.values;
        let known = Known::of_hospital(&settings).with_person(&account.email, Some(&account.name));
        if !account.email.can_name_an_account() {
            return Err(Error::invalid("/email", "local_part_not_ascii"));
        }
        if let Some(fault) = self.passwords.fault_of(&password, known).await? {
            return Err(Error::invalid("/password", fault));
        }
        let hash = self.passwords.hash(&password, None).await?;
        self.perform(Permitted::<may::CreateUser>::by_system(SystemActor::CommandLine).with(move |work| {
            let now = work.now;
            let first = persistence::users::active_with_role(work.tx, Role::Administrator)?.is_empty();
            let split = Split::of(&Roles::none(), &account.roles, |role| first && role == Role::Administrator);
            let mut user = active_user(&account, &hash, work.fresh(), now);
            user.roles = split.granted;
            persistence::users::insert(work.tx, &user)?;
            approvals::request_roles(work, user.id, None, &split.requested)?;
            note_roles(work, &user, &split.requested);
            Ok((user.id, split.requested))
        }))
        .await
    }
}

/// Names in the trail a new account and its roles.
fn note_roles(work: &mut Work<'_, '_>, user: &User, requested: &[RoleAssignment]) {
    work.audit_subject(user.id);
    work.note("roles_before", json!([]));
    work.note("roles_after", json!(user.roles));
    work.note("roles_requested", json!(requested));
}

fn active_user(account: &NewAccount, hash: &str, id: UserId, now: Timestamp) -> User {
    User { password_hash: Some(hash.to_owned()), status: UserStatus::Active, email_verified_at: Some(now), ..new_user(account, id, now) }
}

fn new_user(account: &NewAccount, id: UserId, now: Timestamp) -> User {
    User {
        id,
        email: account.email.clone(),
        holds_address: true,
        profile: Profile { name: account.name.clone(), phone: None },
        password_hash: None,
        status: UserStatus::Invited,
        language: account.language.clone(),
        roles: account.roles.clone(),
        epoch: 1,
        email_verified_at: None,
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

/// Makes an account and sends its owner a code for the first password. Roles that two persons give wait for another administrator.
///
/// # Errors
/// Roles that name a department or agency that does not exist; an address that has an account, or cannot name one.
pub fn create_user(work: &mut UnitOfWork<'_, '_, may::CreateUser>, account: &NewAccount) -> Result<Account, Error> {
    work.own_account()?;
    check_places(work.tx, &account.roles)?;
    if !account.email.can_name_an_account() {
        return Err(Error::invalid("/email", "local_part_not_ascii"));
    }
    if persistence::users::find_by_address(work.tx, &account.email)?.is_some() {
        return Err(Error::invalid("/email", "email_taken"));
    }
    let split = Split::of(&Roles::none(), &account.roles, |_| false);
    let mut user = new_user(account, work.fresh(), work.now);
    user.roles = split.granted.clone();
    match persistence::users::insert(work.tx, &user) {
        // Somebody else made it at the same time.
        Err(error) if error.is_duplicate("users.address_digest") => return Err(Error::invalid("/email", "email_taken")),
        inserted => inserted?,
    }
    send_welcome(work, &user)?;
    approvals::ask_for_roles(work, &user, &Roles::none(), &split.requested)?;
    Account::with_pending_roles(work.tx, user)
}

/// The wanted roles: those that are given at once, and those that wait for a second person.
struct Split {
    granted: Roles,
    requested: Vec<RoleAssignment>,
}

impl Split {
    /// Roles that are held stay, and those that one person gives are given; the others wait, save those that `alone` allows.
    fn of(held: &Roles, wanted: &Roles, alone: impl Fn(Role) -> bool) -> Self {
        let at_once = |one: &RoleAssignment| held.assignments().contains(one) || !one.role().needs_second_person() || alone(one.role());
        let (granted, requested): (Vec<_>, Vec<_>) = wanted.iter().copied().partition(at_once);
        Self { granted: Roles::new(granted).unwrap_or(Roles::none()), requested }
    }
}

/// One account.
pub fn get_user(work: &mut UnitOfWork<'_, '_, may::GetUser>, id: UserId) -> Result<Account, Error> {
    work.audit_subject(id);
    let user = persistence::users::get(work.tx, id).map_err(work::absent)?;
    Account::with_pending_roles(work.tx, user)
}

/// A page of accounts, newest first; one more than `limit` if there is a next page.
pub fn list_users(
    work: &mut UnitOfWork<'_, '_, may::ListUsers>,
    role: Option<Role>,
    status: Option<UserStatus>,
    after: Option<UserId>,
    limit: u32,
) -> Result<Vec<Account>, Error> {
    let page = persistence::Page { after, limit: limit.saturating_add(1) };
    let users = persistence::users::list(work.tx, &UserFilter { role, status, ..UserFilter::default() }, page)?;
    work.audit_page(&users, limit, |user| user.id);
    users.into_iter().map(|user| Account::with_pending_roles(work.tx, user)).collect()
}

/// Changes an account. Other roles, and being disabled, end every session of the person at once. Roles that two persons give wait for
/// another administrator; those that are taken away go at once, and a request that waited gives way to what is wanted now.
///
/// # Errors
/// `/disabled` or `/roles` when administrators would lock themselves out, or give themselves a role.
pub fn update_user(work: &mut UnitOfWork<'_, '_, may::UpdateUser>, id: UserId, patch: &AccountPatch) -> Result<Account, Error> {
    let now = work.now;
    work.audit_subject(id);
    let (own, stored) = work.accounts(id)?;
    work.expect(Account::revision_of(&stored))?;
    let mut user = stored.clone();
    if own.id == id {
        check_own_authority(&stored, patch)?;
    }
    patch.profile.apply_to(&mut user)?;
    if let Some(wanted) = &patch.roles {
        check_places(work.tx, wanted)?;
        let split = Split::of(&stored.roles, wanted, |_| false);
        user.roles = split.granted;
        approvals::ask_for_roles(work, &user, &stored.roles, &split.requested)?;
    }
    match patch.disabled {
        Some(true) => {
            user.status = UserStatus::Disabled;
            // Nobody is given a role while they are shut out.
            approvals::request_roles(work, id, Some(own.id), &[])?;
        }
        Some(false) if user.status == UserStatus::Disabled => {
            // An account that lost its address to an older one gets it back only if that is free again.
            user.holds_address = true;
            user.status = if user.password_hash.is_some() { UserStatus::Active } else { UserStatus::Invited };
        }
        Some(false) | None => {}
    }
    if user == stored {
        return Account::with_pending_roles(work.tx, user);
    }
    if stored.status != user.status {
        work.note("status_before", stored.status.as_str());
        work.note("status_after", user.status.as_str());
    }
    if (stored.status, &stored.roles) != (user.status, &user.roles) {
        user.epoch = user.epoch.saturating_add(1);
        work.end_sessions(id, None)?;
    }
    user.updated_at = now;
    match persistence::users::save(work.tx, &user) {
        Err(error) if error.is_duplicate("users.address_digest") => return Err(Error::invalid("/disabled", "email_taken")),
        saved => saved?,
    }
    user.version = user.version.saturating_add(1);
    Account::with_pending_roles(work.tx, user)
}

/// Nobody shuts themselves out, lays down the role by which they act, or gives themselves a role.
fn check_own_authority(stored: &User, patch: &AccountPatch) -> Result<(), Error> {
    if patch.disabled == Some(true) {
        return Err(Error::invalid("/disabled", "not_oneself"));
    }
    let Some(wanted) = &patch.roles else { return Ok(()) };
    let adds = wanted.iter().any(|one| !stored.roles.assignments().contains(one));
    if adds {
        Err(Error::invalid("/roles", "no_role_for_oneself"))
    } else if !wanted.has(Role::Administrator) {
        Err(Error::invalid("/roles", "not_oneself"))
    } else {
        Ok(())
    }
}

/// Every role's department and agency must exist.
pub(crate) fn check_places(tx: &mut Transaction<'_>, roles: &Roles) -> Result<(), Error> {
    let mut faults = Vec::new();
    for (index, assignment) in roles.iter().enumerate() {
        if let Some(fault) = fault_of_place(tx, assignment)? {
            faults.push(Fault::at(format!("/roles/{index}/{fault}"), "unknown_reference"));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

fn fault_of_place(tx: &mut Transaction<'_>, assignment: &RoleAssignment) -> Result<Option<&'static str>, Error> {
    if let Some(department) = assignment.department()
        && persistence::departments::find(tx, department)?.is_none()
    {
        return Ok(Some("department_id"));
    }
    if let Some(agency) = assignment.agency()
        && persistence::agencies::find(tx, agency)?.is_none()
    {
        return Ok(Some("agency_id"));
    }
    Ok(None)
}
