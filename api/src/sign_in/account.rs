//! Handlers of the caller's own account.

use actix_web::{HttpRequest, get, patch, post};
use application::Error;
use application::people::users::{Account, ProfilePatch};
use application::sign_in::{account, email_change};
use domain::access::may;
use domain::ids::UserId;
use domain::patch::present;
use domain::people::PersonNamePatch;
use domain::people::{EmailAddress, LanguageTag, PersonName, PhoneNumber};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::routes::letter_announced;
use super::views::LetterAnnounced;
use crate::http::authorized::Authorized;
use crate::http::body::Body;
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::roles::AssignedRole;
use crate::wire::texts;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(get_me).service(update_me).service(request_email_change).service(confirm_email_change);
}

/// The person who calls.
#[derive(Serialize, ToSchema)]
pub(crate) struct Me {
    /// The person.
    id: UserId,
    /// The name to sign in with; letters go there.
    email: EmailAddress,
    /// The person's name.
    name: PersonName,
    /// The telephone number.
    phone: Option<PhoneNumber>,
    /// The language of letters.
    language: LanguageTag,
    /// The roles with the department or agency that they hold for.
    roles: Vec<AssignedRole>,
    /// Roles that were asked for, and that a second administrator has to approve.
    pending_roles: Vec<AssignedRole>,
    /// Counts the changes.
    #[schema(minimum = 1)]
    version: u64,
}

impl From<&Account> for Me {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id,
            email: account.email.clone(),
            name: account.name.clone(),
            phone: account.phone.clone(),
            language: account.language.clone(),
            roles: account.roles.iter().map(AssignedRole::from).collect(),
            pending_roles: account.pending_roles.iter().map(AssignedRole::from).collect(),
            version: account.version,
        }
    }
}

/// A change of the caller's own account: JSON merge patch.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MePatch {
    /// The forms of the name that change; null takes one away.
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
}

/// Another address for the caller's account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestEmailChange {
    /// The address from now on; its part before the @ is ASCII.
    new_email: EmailAddress,
    /// The caller's password.
    #[schema(value_type = texts::PasswordText)]
    current_password: SecretString,
}

/// The code that was sent to the new address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfirmEmailChange {
    /// The code.
    #[schema(min_length = 20, max_length = 100)]
    code: String,
}

fn reply(account: &Account) -> Result<Reply, Error> {
    Ok(Reply::ok(&Me::from(account))?.revised(account.revision()))
}

/// Who I am
///
/// The caller's account and roles, as they stand now.
#[utoipa::path(tag = "sign-in", responses((status = 200, description = "The caller.", body = Me)))]
#[get("/v1/me")]
pub(crate) async fn get_me(caller: Authorized<may::GetMe>) -> Answer {
    caller.act(|work| reply(&account::get_me(work)?)).await
}

/// Change my account
///
/// JSON merge patch of name, telephone and language. A change that changes nothing leaves the version as it is.
#[utoipa::path(
    tag = "sign-in",
    request_body(content = MePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The caller.", body = Me))
)]
#[patch("/v1/me")]
pub(crate) async fn update_me(caller: Authorized<may::UpdateMe>, body: Body<MePatch>) -> Answer {
    caller
        .act_on(body, |work, body| {
            let patch = ProfilePatch { name: body.name.clone(), phone: body.phone.clone(), language: body.language.clone() };
            reply(&account::update_me(work, &patch)?)
        })
        .await
}

/// Ask for another address
///
/// Sends a code to the new address and a notice to the old one. The answer is the same for a new address that has an account: only its
/// owner learns of it, by letter.
#[utoipa::path(
    tag = "sign-in", request_body = RequestEmailChange,
    responses(
        (status = 202, description = "A letter is on its way.", body = LetterAnnounced),
        (status = 429, description = "Too many tries; see `Retry-After`.")
    )
)]
#[post("/v1/me/email-change")]
pub(crate) async fn request_email_change(
    caller: Authorized<may::RequestEmailChange>,
    body: Body<RequestEmailChange>,
    request: HttpRequest,
) -> Answer {
    let RequestEmailChange { new_email, current_password } = body.into_value();
    caller.app().request_email_change(caller.permitted(), new_email, current_password).await?;
    Ok(letter_announced(&caller, &request))
}

/// Confirm another address
///
/// By the code of the letter. From now on the person signs in with the new address. Every other open code is void, and both addresses are
/// told.
#[utoipa::path(tag = "sign-in", request_body = ConfirmEmailChange, responses((status = 200, description = "The caller.", body = Me)))]
#[post("/v1/me/email-change/confirm")]
pub(crate) async fn confirm_email_change(caller: Authorized<may::ConfirmEmailChange>, body: Body<ConfirmEmailChange>) -> Answer {
    let code = body.into_value().code;
    let account = caller.perform(move |work| email_change::confirm_email_change(work, &code)).await?;
    Ok(reply(&account)?.into_response(caller.conditions(), false))
}
