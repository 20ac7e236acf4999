//! Passwords that change: by their owner, or by a code when the old one is lost.

use std::sync::Arc;

use domain::ids::UserId;
use domain::people::EmailAddress;
use jiff::SignedDuration;
use persistence::codes::Purpose;
use persistence::users::{User, UserStatus};
use secrecy::SecretString;

use super::codes::{self, NewCode};
use super::passwords::Passwords;
use super::sessions::{SignedIn, open_session};
use super::throttle::{LETTERS, SIGN_IN};
use crate::letters::{self, Reason};
use crate::{Act, Ask, Error, Hospital};

/// How long a code for a new password is good for.
const RESET_LIFE: SignedDuration = SignedDuration::from_hours(1);
/// How long the code of an account that an administrator made is good for.
pub(crate) const WELCOME_LIFE: SignedDuration = SignedDuration::from_hours(24 * 7);

impl Hospital {
    /// Changes the caller's password. Every session ends; the caller gets a new one in the answer.
    ///
    /// # Errors
    /// `/current_password` is wrong, or a fault of the new one.
    pub async fn change_password(self: &Arc<Self>, ask: Ask, current: SecretString, new: SecretString) -> Result<SignedIn, Error> {
        let now = self.clock.now();
        let caller = ask.caller.clone().ok_or(Error::Unauthenticated("not_signed_in"))?;
        let id = caller.who.user;
        let user = self.store.read(move |tx| persistence::users::get(tx, id).map_err(Error::from)).await?;
        let throttling = self.throttling;
        let email = user.email.clone();
        let locked = self.store.read(move |tx| if throttling { SIGN_IN.is_locked(tx, &email, now) } else { Ok(false) }).await?;
        let usable = user.password_hash.clone().filter(|_| !locked);
        if !self.passwords.verify(&current, usable).await? {
            let email = user.email.clone();
            let counted = self.store.write(move |tx| if throttling { SIGN_IN.count(tx, &email, now).map(drop) } else { Ok(()) });
            counted.await?;
            return Err(Error::invalid("/current_password", "password_wrong"));
        }
        if let Some(fault) = Passwords::faults_of(&new) {
            return Err(Error::invalid("/new_password", fault));
        }
        let hash = self.passwords.hash(&new).await?;
        let (session, roles, token) = self
            .perform(ask, move |act| {
                let user = set_password(act, id, &hash)?;
                open_session(act, &user, "portal")
            })
            .await?;
        self.signed_in(&session, &roles, token, now)
    }

    /// Sets a new password by a code. Every session of the person ends.
    ///
    /// # Errors
    /// `code_refused`, or a fault of the new password; a refused password leaves the code as it is.
    pub async fn reset_password(self: &Arc<Self>, ask: Ask, code: String, password: SecretString) -> Result<(), Error> {
        if let Some(fault) = Passwords::faults_of(&password) {
            return Err(Error::invalid("/password", fault));
        }
        let hash = self.passwords.hash(&password).await?;
        self.perform(ask, move |act| {
            let redeemed = match codes::redeem(act.tx, Purpose::PasswordReset, &code, act.now) {
                Err(Error::Conflict(_)) => codes::redeem(act.tx, Purpose::AccountInvitation, &code, act.now)?,
                other => other?,
            };
            let id = redeemed.user.ok_or(Error::Internal("a password code without a person"))?;
            let user = set_password(act, id, &hash)?;
            SIGN_IN.clear(act.tx, &user.email)
        })
        .await
    }
}

/// Sends a code for a new password, if there is such an account. The answer is the same in any case.
pub fn request_password_reset(act: &mut Act<'_, '_>, email: &EmailAddress, throttling: bool) -> Result<(), Error> {
    if throttling && !LETTERS.count(act.tx, email, act.now)? {
        return Ok(());
    }
    let Some(user) = persistence::users::find_by_email(act.tx, email)? else { return Ok(()) };
    if user.status != UserStatus::Active {
        return Ok(());
    }
    act.touched(user.id);
    persistence::codes::expire_for_user(act.tx, Purpose::PasswordReset, user.id, act.now)?;
    let code = codes::issue(
        act.tx,
        NewCode { purpose: Purpose::PasswordReset, user: Some(user.id), case: None, email: None, payload: None, life: RESET_LIFE },
        act.now,
    )?;
    letters::send(act, Reason::ResetPassword, email, &user.language, Some(&code.text))
}

/// Sets a password that was hashed, raises the person's epoch and ends every session.
fn set_password(act: &mut Act<'_, '_>, id: UserId, hash: &str) -> Result<User, Error> {
    let mut user = persistence::users::get(act.tx, id)?;
    user.password_hash = Some(hash.to_owned());
    user.epoch = user.epoch.saturating_add(1);
    user.updated_at = act.now;
    if user.status == UserStatus::Unverified {
        // The code came by mail: that proves the address.
        user.status = UserStatus::Active;
        user.email_verified_at = Some(act.now);
    }
    persistence::users::save(act.tx, &user)?;
    persistence::sessions::revoke_all(act.tx, id, None, act.now)?;
    act.touched(id);
    Ok(user)
}
