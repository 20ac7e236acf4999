//! Registration of applicants: an account, and a code that proves its e-mail address.

use std::sync::Arc;

use domain::access::{Role, RoleAssignment, Roles};
use domain::ids::UserId;
use domain::people::{EmailAddress, LanguageTag, PersonName};
use jiff::SignedDuration;
use persistence::codes::Purpose;
use persistence::users::{Profile, User, UserStatus};
use secrecy::SecretString;

use super::codes::{self, NewCode};
use super::passwords::Passwords;
use super::throttle::LETTERS;
use crate::letters::{self, Reason};
use crate::{Act, Ask, Error, Hospital};

/// How long a code that verifies an address is good for.
const CODE_LIFE: SignedDuration = SignedDuration::from_hours(48);

/// What an applicant registers with.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The address that will be verified, and the name to sign in with.
    pub email: EmailAddress,
    /// The password.
    pub password: SecretString,
    /// The person's name.
    pub name: PersonName,
    /// The language of letters.
    pub language: LanguageTag,
}

impl Hospital {
    /// Registers an applicant. The answer is the same whether the address is known or not: only its owner learns more, by letter.
    pub async fn register_applicant(self: &Arc<Self>, ask: Ask, registration: Registration) -> Result<(), Error> {
        if let Some(fault) = Passwords::faults_of(&registration.password) {
            return Err(Error::invalid("/password", fault));
        }
        let hash = self.passwords.hash(&registration.password).await?;
        let throttling = self.throttling;
        self.perform(ask, move |act| register(act, &registration, &hash, throttling)).await
    }
}

fn register(act: &mut Act<'_, '_>, registration: &Registration, hash: &str, throttling: bool) -> Result<(), Error> {
    let Registration { email, name, language, .. } = registration;
    if throttling && !LETTERS.count(act.tx, email, act.now)? {
        return Ok(());
    }
    let profile = Profile { name: name.clone(), phone: None };
    let id = match persistence::users::find_by_email(act.tx, email)? {
        Some(known) if known.status != UserStatus::Unverified => {
            return letters::send(act, Reason::AlreadyRegistered, email, &known.language, None);
        }
        // Nobody has proved this address yet: whoever proves it now decides name and password.
        Some(mut known) => {
            known.profile = profile;
            known.password_hash = Some(hash.to_owned());
            known.language = language.clone();
            known.updated_at = act.now;
            persistence::users::save(act.tx, &known)?;
            codes_expire(act, known.id)?;
            known.id
        }
        None => {
            let user = User {
                id: act.fresh(),
                email: email.clone(),
                profile,
                password_hash: Some(hash.to_owned()),
                status: UserStatus::Unverified,
                language: language.clone(),
                roles: applicant()?,
                epoch: 1,
                email_verified_at: None,
                created_at: act.now,
                updated_at: act.now,
                version: 1,
            };
            persistence::users::insert(act.tx, &user)?;
            user.id
        }
    };
    act.touched(id);
    let code = codes::issue(
        act.tx,
        NewCode { purpose: Purpose::EmailVerification, user: Some(id), case: None, email: None, payload: None, life: CODE_LIFE },
        act.now,
    )?;
    letters::send(act, Reason::VerifyEmail, email, language, Some(&code.text))
}

fn codes_expire(act: &mut Act<'_, '_>, user: UserId) -> Result<(), Error> {
    Ok(persistence::codes::expire_for_user(act.tx, Purpose::EmailVerification, user, act.now)?)
}

/// The roles of somebody who registers: to apply, and nothing else.
fn applicant() -> Result<Roles, Error> {
    let assignment = RoleAssignment::new(Role::Applicant, None, None).map_err(|_| Error::Internal("the applicant's role is refused"))?;
    Roles::new(vec![assignment]).map_err(|_| Error::Internal("the applicant's roles are refused"))
}

/// Proves an address by the code that was sent there; from now on the person may sign in.
///
/// # Errors
/// `code_refused` for a code that is unknown, used or expired.
pub fn verify_email(act: &mut Act<'_, '_>, code: &str) -> Result<(), Error> {
    let code = codes::redeem(act.tx, Purpose::EmailVerification, code, act.now)?;
    let id = code.user.ok_or(Error::Internal("a verification code without a person"))?;
    let mut user = persistence::users::get(act.tx, id)?;
    act.touched(id);
    if user.status == UserStatus::Unverified {
        user.status = UserStatus::Active;
        user.email_verified_at = Some(act.now);
        user.updated_at = act.now;
        persistence::users::save(act.tx, &user)?;
    }
    Ok(())
}
