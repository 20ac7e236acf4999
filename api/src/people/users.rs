//! Accounts.

use actix_web::{get, patch, post};
use application::Error;
use application::people::users::{self, Account, AccountPatch, NewAccount, ProfilePatch, Status};
use domain::access::{Role, RoleAssignment, Roles, may};
use domain::ids::UserId;
use domain::patch::present;
use domain::people::PersonNamePatch;
use domain::people::{EmailAddress, LanguageTag, PersonName, PhoneNumber};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::authorized::Authorized;
use crate::http::body::{Body, Path, Query};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::page::{self, Page};
use crate::wire::roles::AccountStatus;
use crate::wire::roles::AssignedRole;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(create_user).service(list_users).service(get_user).service(update_user);
}

/// An account to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateUser {
    /// The name to sign in with.
    email: EmailAddress,
    /// The person's name.
    name: PersonName,
    /// The language of letters.
    language: LanguageTag,
    /// The roles. Applicants and agencies hold no role of the hospital's. Every role but applicant,
    /// accountant and auditor waits for another administrator: see `pending_roles` and `approveRoles`.
    #[schema(value_type = Vec<RoleAssignment>, min_items = 1, max_items = 40)]
    roles: Roles,
}

/// A change of an account: JSON merge patch.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserPatch {
    /// The forms of the person's name that change; null takes one away.
    #[serde(default)]
    #[schema(required = false, nullable = false)]
    name: Option<PersonNamePatch>,
    /// The telephone number; null for none.
    #[serde(default, deserialize_with = "present")]
    phone: Option<Option<PhoneNumber>>,
    /// The language of letters.
    #[serde(default)]
    #[schema(required = false, nullable = false)]
    language: Option<LanguageTag>,
    /// The roles, all of them. Every session of the person ends. Every role but applicant, accountant and auditor waits
    /// for another administrator, unless the person holds it already. Nobody gives themselves a role.
    #[serde(default)]
    #[schema(value_type = Vec<RoleAssignment>, required = false, min_items = 1, max_items = 40)]
    roles: Option<Roles>,
    /// Whether the person is shut out. Every session of the person ends.
    #[serde(default)]
    #[schema(required = false, nullable = false)]
    disabled: Option<bool>,
}

/// A page of them.
pub(crate) type UserList = Page<User>;

/// An account as administrators see it.
#[derive(Serialize, ToSchema)]
pub(crate) struct User {
    /// The person.
    id: UserId,
    /// The name to sign in with.
    email: EmailAddress,
    /// The person's name.
    name: PersonName,
    /// The telephone number.
    phone: Option<PhoneNumber>,
    /// The language of letters.
    language: LanguageTag,
    /// The roles.
    roles: Vec<AssignedRole>,
    /// Roles that were asked for, and that a second administrator has to approve.
    pending_roles: Vec<AssignedRole>,
    /// Whether the person can sign in.
    #[schema(value_type = AccountStatus)]
    status: &'static str,
    /// Counts the changes.
    #[schema(minimum = 1)]
    version: u64,
    /// When it was made.
    created_at: Timestamp,
    /// When it last changed.
    updated_at: Timestamp,
}

impl From<&Account> for User {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id,
            email: account.email.clone(),
            name: account.name.clone(),
            phone: account.phone.clone(),
            language: account.language.clone(),
            roles: account.roles.iter().map(AssignedRole::from).collect(),
            pending_roles: account.pending_roles.iter().map(AssignedRole::from).collect(),
            status: account.status.as_str(),
            version: account.version,
            created_at: account.created_at,
            updated_at: account.updated_at,
        }
    }
}

/// Which accounts.
#[derive(Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UsersWanted {
    /// With this role.
    #[param(inline)]
    role: Option<Role>,
    /// In this state.
    #[param(value_type = Option<AccountStatus>, inline)]
    status: Option<String>,
    /// How many at most.
    #[param(minimum = 1, maximum = 100, default = 25)]
    #[serde(default = "page::default_limit")]
    limit: u32,
    /// Where the page begins: `next_cursor` of the page before.
    cursor: Option<String>,
}

pub(super) fn reply(account: &Account) -> Result<Reply, Error> {
    Ok(Reply::ok(&User::from(account))?.revised(account.revision()))
}

/// Make an account
///
/// For a member of staff, of an agency, or an applicant. The person gets a letter with a code for the first password.
#[utoipa::path(tag = "people", request_body = CreateUser, responses((status = 201, description = "The account.", body = User)))]
#[post("/v1/users")]
pub(crate) async fn create_user(caller: Authorized<may::CreateUser>, body: Body<CreateUser>) -> Answer {
    caller
        .act_on(body, |work, body| {
            let new = NewAccount {
                email: body.email.clone(),
                name: body.name.clone(),
                language: body.language.clone(),
                roles: body.roles.clone(),
            };
            let account = users::create_user(work, &new)?;
            Ok(Reply::created(format!("/v1/users/{}", account.id), &User::from(&account))?.revised(account.revision()))
        })
        .await
}

/// List accounts
///
/// Newest first.
#[utoipa::path(tag = "people", params(UsersWanted), responses((status = 200, description = "A page of accounts.", body = UserList)))]
#[get("/v1/users")]
pub(crate) async fn list_users(caller: Authorized<may::ListUsers>, Query(wanted): Query<UsersWanted>) -> Answer {
    let after = page::read(wanted.cursor.as_deref(), &wanted)?;
    let status: Option<Status> = wanted.status.as_deref().and_then(|name| name.parse().ok());
    caller
        .act(move |work| {
            let found = users::list_users(work, wanted.role, status, after, wanted.limit)?;
            let page = page::cut(found, wanted.limit, &wanted, |account| account.id).shown(User::from);
            Reply::ok(&page)
        })
        .await
}

/// Read an account
///
/// With its roles and whether the person can sign in.
#[utoipa::path(
    tag = "people",
    responses((status = 200, description = "The account.", body = User))
)]
#[get("/v1/users/{user_id}")]
pub(crate) async fn get_user(caller: Authorized<may::GetUser>, Path(id): Path<UserId>) -> Answer {
    caller.act(move |work| reply(&users::get_user(work, id)?)).await
}

/// Change an account
///
/// JSON merge patch. Other roles, and being shut out, end every session of the person at once. Nobody shuts themselves out.
#[utoipa::path(
    tag = "people",
    request_body(content = UserPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The account.", body = User))
)]
#[patch("/v1/users/{user_id}")]
pub(crate) async fn update_user(caller: Authorized<may::UpdateUser>, Path(id): Path<UserId>, body: Body<UserPatch>) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let patch = AccountPatch {
                profile: ProfilePatch { name: body.name.clone(), phone: body.phone.clone(), language: body.language.clone() },
                roles: body.roles.clone(),
                disabled: body.disabled,
            };
            reply(&users::update_user(work, id, &patch)?)
        })
        .await
}
