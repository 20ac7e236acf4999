//! Requests and answers of registration and sign-in.

use application::sign_in::sessions::SignedIn;
use domain::ids::{RegistrationId, SessionId, UserId};
use domain::people::{EmailAddress, LanguageTag, PersonName};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::texts;

/// The content of a registration.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegisterApplicant {
    /// The address that a code is sent to; later the name to sign in with.
    pub(crate) email: EmailAddress,
    /// The password.
    #[schema(value_type = texts::NewPasswordText)]
    pub(crate) password: SecretString,
    /// The applicant's own name.
    pub(crate) name: PersonName,
    /// The language of letters.
    pub(crate) language: LanguageTag,
}

/// The code of a letter, and the registration that it was sent for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerifyEmail {
    /// The registration, as `registerApplicant` named it: a code alone could be that of a stranger, who registered this address with a
    /// password of theirs.
    pub(crate) registration_id: RegistrationId,
    /// The code.
    #[schema(min_length = 20, max_length = 100)]
    pub(crate) code: String,
}

/// The content of a sign-in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateSession {
    /// The verified address.
    pub(crate) email: EmailAddress,
    /// The password.
    #[schema(value_type = texts::PasswordText)]
    pub(crate) password: SecretString,
    /// The client program, for the list of sessions and the audit trail; `portal` if it is left out.
    #[serde(default = "portal")]
    #[schema(required = false, min_length = 1, max_length = 40, pattern = "^[a-z0-9-]+$")]
    pub(crate) client_id: String,
    /// The `device_token` of an earlier sign-in to this account from this device: strangers' tries do not lock it out, and no letter
    /// tells of a new device.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 20, max_length = 100)]
    pub(crate) device_token: Option<SecretString>,
    /// Where the tokens go; `token` if it is left out.
    #[serde(default)]
    #[schema(required = false)]
    pub(crate) session_mode: SessionMode,
}

fn portal() -> String {
    "portal".to_owned()
}

/// Where the tokens of a session go: into the body, or, for a browser's page of the API's own site, into cookies that no script reads. In
/// cookie mode the page sends `createSession`, `refreshSession`, `signOut`, `deleteSession`, `changePassword` and `resetPassword` with
/// `credentials: "include"`; without it the browser drops the cookies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(rename_all = "snake_case")]
pub(crate) enum SessionMode {
    /// The refresh token and the device token stand in the body.
    #[default]
    Token,
    /// Both are cookies (`HttpOnly; Secure; SameSite=Strict`); the setting `cookie-origins` names the origins that may.
    Cookie,
}

/// A refresh token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshSession {
    /// The refresh token of the last answer; null or left out if it is in the cookie.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 20, max_length = 100)]
    pub(crate) refresh_token: Option<SecretString>,
}

/// A session with its tokens.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionTokens {
    /// The session.
    session_id: SessionId,
    /// The person.
    user_id: UserId,
    /// The token for `Authorization: Bearer …`.
    access_token: String,
    /// Always `Bearer`.
    token_type: String,
    /// Seconds until the access token expires.
    #[schema(minimum = 0)]
    expires_in: i64,
    /// For the next `refreshSession`, once. Keep it secret. Null if it is in the cookie.
    refresh_token: Option<String>,
    /// For the next `createSession` from this device; good for 180 days, for this account alone. Keep it secret. Null if it is in the
    /// cookie, and where nobody signed in anew.
    device_token: Option<String>,
    /// The scopes of the person's roles, parted by spaces.
    scope: String,
}

impl SessionTokens {
    /// The tokens as the body shows them: those that are in cookies are not.
    pub(crate) fn shown(signed_in: SignedIn, mode: SessionMode) -> Self {
        let in_body = |token| Some(token).filter(|_| mode == SessionMode::Token);
        Self {
            session_id: signed_in.session,
            user_id: signed_in.user,
            access_token: signed_in.access_token,
            token_type: "Bearer".to_owned(),
            expires_in: signed_in.expires_in,
            refresh_token: in_body(signed_in.refresh_token),
            device_token: signed_in.device_token.and_then(in_body),
            scope: signed_in.scope,
        }
    }
}

/// The old and the new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangePassword {
    /// The password so far.
    #[schema(value_type = texts::PasswordText)]
    pub(crate) current_password: SecretString,
    /// The password from now on.
    #[schema(value_type = texts::NewPasswordText)]
    pub(crate) new_password: SecretString,
    /// Where the tokens of the new session go; if it is left out, where those of the present session are.
    #[serde(default)]
    #[schema(required = false, nullable = false)]
    pub(crate) session_mode: Option<SessionMode>,
}

/// The address of an account whose password is lost.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestPasswordReset {
    /// The address.
    pub(crate) email: EmailAddress,
}

/// A code and the password that it sets.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResetPassword {
    /// The code of the letter.
    #[schema(min_length = 20, max_length = 100)]
    pub(crate) code: String,
    /// The password from now on.
    #[schema(value_type = texts::NewPasswordText)]
    pub(crate) password: SecretString,
    /// Where the device token goes; `token` if it is left out.
    #[serde(default)]
    #[schema(required = false)]
    pub(crate) session_mode: SessionMode,
}

/// That a password was set.
#[derive(Serialize, ToSchema)]
pub(crate) struct PasswordSet {
    /// For the next `createSession` from this device: tries of strangers, which may have locked the address, do not count there. Null if it
    /// is in the cookie.
    pub(crate) device_token: Option<String>,
}

/// That a letter is on its way, if the address calls for one.
#[derive(Serialize, ToSchema)]
pub(crate) struct LetterAnnounced {
    /// The next step, in the caller's language.
    pub(crate) next_step: String,
}

/// That a registration was taken, and that a letter is on its way, if the address calls for one.
#[derive(Serialize, ToSchema)]
pub(crate) struct RegistrationTaken {
    /// The registration, for `resendVerification`. An address that has an account gets one that leads nowhere.
    pub(crate) registration_id: RegistrationId,
    /// The next step, in the caller's language.
    pub(crate) next_step: String,
}

/// A registration whose letter did not arrive.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResendVerification {
    /// The registration.
    pub(crate) registration_id: RegistrationId,
}
