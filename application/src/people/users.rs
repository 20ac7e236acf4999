//! Accounts: made by an administrator or from the command line, changed, disabled.

use std::sync::Arc;

use domain::access::{Role, RoleAssignment, Roles};
use domain::case::NamePatch;
use domain::ids::UserId;
use domain::people::{EmailAddress, LanguageTag, PersonName, PhoneNumber};
use jiff::Timestamp;
use persistence::Transaction;
use persistence::codes::Purpose;
use persistence::users::{Profile, User, UserFilter, UserStatus};
use secrecy::SecretString;

use crate::letters::{self, Reason};
use crate::sign_in::codes::{self, NewCode};
use crate::sign_in::recovery::WELCOME_LIFE;
use crate::{Act, Error, Fault, Hospital, Revision, act, audit};

pub use persistence::users::UserStatus as Status;

/// What an account is made with.
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

/// What of an account changes; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct AccountPatch {
    /// The forms of the person's name that change.
    pub name: Option<NamePatch>,
    /// The telephone number, or that there is none.
    pub phone: Option<Option<PhoneNumber>>,
    /// The language of letters.
    pub language: Option<LanguageTag>,
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
    /// The revision, the same for every administrator.
    pub fn revision(&self) -> Revision {
        Revision::shared(&self.id.to_string(), self.version)
    }
}

impl From<User> for Account {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            email: user.email,
            name: user.profile.name,
            phone: user.profile.phone,
            language: user.language,
            roles: user.roles,
            status: user.status,
            created_at: user.created_at,
            updated_at: user.updated_at,
            version: u64::try_from(user.version).unwrap_or(0),
        }
    }
}

impl Hospital {
    /// Adds an account that can sign in at once, from the command line or the demo: whoever calls owns the machine.
    ///
    /// # Errors
    /// A fault of the password, or `Duplicate` for a known address.
    pub async fn add_user(self: &Arc<Self>, account: NewAccount, password: SecretString) -> Result<UserId, Error> {
        let hash = self.passwords.hash(&password).await?;
        let now = self.clock.now();
        self.store
            .write(move |tx| {
                let mut user = new_user(&account, crate::clock::fresh(now), now);
                user.password_hash = Some(hash.clone());
                user.status = UserStatus::Active;
                user.email_verified_at = Some(now);
                persistence::users::insert(tx, &user)?;
                audit::note_of_the_system(tx, "createUser", "command line", (user.id, None), now)?;
                Ok(user.id)
            })
            .await
    }
}

fn new_user(account: &NewAccount, id: UserId, now: Timestamp) -> User {
    User {
        id,
        email: account.email.clone(),
        profile: Profile { name: account.name.clone(), phone: None },
        password_hash: None,
        status: UserStatus::Unverified,
        language: account.language.clone(),
        roles: account.roles.clone(),
        epoch: 1,
        email_verified_at: None,
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

/// Makes an account and sends its owner a code for the first password.
///
/// # Errors
/// Roles that name a department or agency that does not exist; an address that has an account.
pub fn create_user(act: &mut Act<'_, '_>, account: &NewAccount) -> Result<Account, Error> {
    check_places(act.tx, &account.roles)?;
    if persistence::users::find_by_email(act.tx, &account.email)?.is_some() {
        return Err(Error::invalid("/email", "email_taken"));
    }
    let user = new_user(account, act.fresh(), act.now);
    persistence::users::insert(act.tx, &user)?;
    act.touched(user.id);
    let code = codes::issue(
        act.tx,
        NewCode { purpose: Purpose::AccountInvitation, user: Some(user.id), case: None, email: None, payload: None, life: WELCOME_LIFE },
        act.now,
    )?;
    letters::send(act, Reason::Welcome, &user.email, &user.language, Some(&code.text))?;
    Ok(user.into())
}

/// One account.
pub fn get_user(act: &mut Act<'_, '_>, id: UserId) -> Result<Account, Error> {
    act.touched(id);
    Ok(persistence::users::get(act.tx, id).map_err(act::absent)?.into())
}

/// A page of accounts, newest first; one more than `limit` if there is a next page.
pub fn list_users(
    act: &mut Act<'_, '_>,
    role: Option<Role>,
    status: Option<UserStatus>,
    after: Option<UserId>,
    limit: u32,
) -> Result<Vec<Account>, Error> {
    let page = persistence::Page { after, limit: limit.saturating_add(1) };
    let users = persistence::users::list(act.tx, &UserFilter { role, status, ..UserFilter::default() }, page)?;
    for user in &users {
        act.touched(user.id);
    }
    Ok(users.into_iter().map(Account::from).collect())
}

/// Changes an account. Other roles, and being disabled, end every session of the person at once.
///
/// # Errors
/// `/disabled` when administrators would lock themselves out.
pub fn update_user(act: &mut Act<'_, '_>, id: UserId, patch: &AccountPatch) -> Result<Account, Error> {
    let mut user = persistence::users::get(act.tx, id).map_err(act::absent)?;
    act.touched(id);
    act.expect(&Account::from(user.clone()).revision())?;
    let himself = act.user()? == id;
    if himself && (patch.disabled == Some(true) || patch.roles.as_ref().is_some_and(|roles| !roles.has(Role::Administrator))) {
        return Err(Error::invalid(if patch.disabled == Some(true) { "/disabled" } else { "/roles" }, "not_oneself"));
    }
    let authority_before = (user.status, user.roles.clone());
    if let Some(name) = &patch.name {
        let merged = name.clone().applied_to(Some(&user.profile.name));
        user.profile.name = merged.map_err(|_| Error::invalid("/name", "name_needed"))?;
    }
    if let Some(phone) = &patch.phone {
        user.profile.phone.clone_from(phone);
    }
    if let Some(language) = &patch.language {
        user.language = language.clone();
    }
    if let Some(roles) = &patch.roles {
        check_places(act.tx, roles)?;
        user.roles = roles.clone();
    }
    match patch.disabled {
        Some(true) => user.status = UserStatus::Disabled,
        Some(false) if user.status == UserStatus::Disabled => {
            user.status = if user.email_verified_at.is_some() { UserStatus::Active } else { UserStatus::Unverified };
        }
        Some(false) | None => {}
    }
    if authority_before != (user.status, user.roles.clone()) {
        user.epoch = user.epoch.saturating_add(1);
        persistence::sessions::revoke_all(act.tx, id, None, act.now)?;
    }
    user.updated_at = act.now;
    persistence::users::save(act.tx, &user)?;
    user.version = user.version.saturating_add(1);
    Ok(user.into())
}

/// Every role's department and agency must exist.
fn check_places(tx: &mut Transaction<'_>, roles: &Roles) -> Result<(), Error> {
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
