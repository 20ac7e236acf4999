//! Passwords that change: by their owner, or by a code when the old one is lost.

use std::sync::Arc;

use domain::access::may;
use domain::people::EmailAddress;
use jiff::SignedDuration;
use persistence::Importance;
use persistence::codes::{Code, Purpose};
use persistence::users::{User, UserStatus};
use persistence::{Transaction, devices};
use secrecy::SecretString;

use super::codes::{self, NewCode};
use super::sessions::{SignedIn, meet_device, open_session};
use super::strength::Known;
use super::throttle::{self, PASSWORD_CHECKS, RESET_LETTERS, TooMany};
use crate::emails::{self, Reason};
use crate::error::{Conflict, Unauthenticated};
use crate::{App, Error, Permitted, RequestContext, UnitOfWork, Work};

/// How long a code for a new password is good for.
const RESET_LIFE: SignedDuration = SignedDuration::from_hours(1);
/// How long the code of an account that an administrator made is good for.
const WELCOME_LIFE: SignedDuration = SignedDuration::from_hours(24 * 7);

impl App {
    /// Changes the caller's password. Every session ends and every device is forgotten; the caller gets new ones in the answer. `in_cookie`
    /// says where the refresh token goes; if nobody says so, where it was.
    ///
    /// # Errors
    /// `/current_password` is wrong, or a fault of the new one.
    pub async fn change_password(
        self: &Arc<Self>,
        permitted: Permitted<may::ChangePassword>,
        current: SecretString,
        new: SecretString,
        in_cookie: Option<bool>,
    ) -> Result<(SignedIn, bool), Error> {
        let now = self.clock.now();
        let user = self.check_own_password(&permitted.context, &current).await?;
        let settings = self.settings().await?.values;
        let known = Known::of_hospital(&settings).with_person(&user.email, Some(&user.profile.name));
        if let Some(fault) = self.passwords.fault_of(&new, known).await? {
            return Err(Error::invalid("/new_password", fault));
        }
        if self.passwords.verify(&new, user.password_hash.clone(), permitted.context.source).await?.right {
            return Err(Error::invalid("/new_password", "password_unchanged"));
        }
        let hash = self.passwords.hash(&new, permitted.context.source).await?;
        let checked = user.password_hash;
        let opened = self
            .perform(permitted.with(move |work| {
                let own = work.own_account_with_password(checked.as_deref())?;
                let session = work.caller()?.session;
                let before = persistence::sessions::find(work.tx, session)?.ok_or(Error::Unauthenticated(Unauthenticated::SessionEnded))?;
                let user = set_password(work, own, &hash)?;
                let mut opened = open_session(work, &user, &before.client, in_cookie.unwrap_or(before.in_cookie))?;
                opened.device_token = Some(meet_device(work, user.id)?);
                Ok(opened)
            }))
            .await?;
        let in_cookie = opened.session.in_cookie;
        Ok((self.signed_in(opened, now)?, in_cookie))
    }

    /// The caller, who gave their password once more. Tries count on the person alone: strangers cannot lock the owner out of this.
    ///
    /// # Errors
    /// `/current_password` is wrong, or [`Error::Throttled`].
    pub(crate) async fn check_own_password(self: &Arc<Self>, context: &RequestContext, password: &SecretString) -> Result<User, Error> {
        let (now, throttling) = (self.clock.now(), self.throttling);
        let id = context.actor.caller()?.who.user;
        let (user, refused) = self
            .store
            .write_as(Importance::Essential, move |tx| {
                let refused = if throttling { PASSWORD_CHECKS.count(tx, id.uuid().as_bytes(), now)? } else { None };
                Ok::<_, Error>((persistence::users::get(tx, id)?, refused))
            })
            .await?;
        if let Some(TooMany { seconds, begins }) = refused {
            let error = Error::Throttled(seconds);
            if begins {
                // The first of them leaves a row; those after it are counted.
                self.record(context, Some(error.code()), false).await?;
            }
            return Err(error);
        }
        if !self.passwords.verify(password, user.password_hash.clone(), context.source).await?.right {
            return Err(Error::invalid("/current_password", "password_wrong"));
        }
        self.store.write_as(Importance::Essential, move |tx| PASSWORD_CHECKS.clear_user(tx, id)).await?;
        Ok(user)
    }

    /// Sets a new password by a code. Every session of the person ends, every other code is void, and no device is known any longer but the
    /// one that asks: it gets a token, so that strangers who lock the address do not lock the owner out. Gives that token.
    ///
    /// A code that is not good is refused before anything is hashed.
    ///
    /// # Errors
    /// `code_refused`, or a fault of the new password; a refused password leaves the code as it is.
    pub async fn reset_password(
        self: &Arc<Self>,
        permitted: Permitted<may::ResetPassword>,
        code: String,
        password: SecretString,
    ) -> Result<String, Error> {
        let (now, presented) = (self.clock.now(), code.clone());
        let owner = self.store.read(move |tx| owner_of(tx, &presented, now)).await?;
        let Some(owner) = owner else {
            return Err(Error::Conflict(Conflict::CodeRefused));
        };
        let settings = self.settings().await?.values;
        let known = Known::of_hospital(&settings).with_person(&owner.email, Some(&owner.profile.name));
        if let Some(fault) = self.passwords.fault_of(&password, known).await? {
            return Err(Error::invalid("/password", fault));
        }
        let hash = self.passwords.hash(&password, permitted.context.source).await?;
        let owner = owner.id;
        self.perform(permitted.with(move |work| {
            let now = work.now;
            work.audit_subject(owner);
            // Two codes of one person queue here; the second finds itself void.
            let locked = persistence::users::lock(work.tx, owner)?;
            let redeemed = match codes::redeem(work.tx, Purpose::PasswordReset, &code, now) {
                Err(Error::Conflict(_)) => codes::redeem(work.tx, Purpose::AccountInvitation, &code, now)?,
                other => other?,
            };
            if redeemed.user != Some(owner) || locked.status == UserStatus::Disabled {
                return Err(Error::Conflict(Conflict::CodeRefused));
            }
            work.acts_as(owner, None);
            let user = set_password(work, locked, &hash)?;
            throttle::unlock(work.tx, &user.email)?;
            meet_device(work, owner)
        }))
        .await
    }
}

/// The person whom a code for a password belongs to, if it is good and the person may set one.
fn owner_of(tx: &mut Transaction<'_>, code: &str, now: jiff::Timestamp) -> Result<Option<User>, Error> {
    let find = |tx: &mut Transaction<'_>, purpose| persistence::codes::find_by_hash(tx, purpose, &codes::hash_of_code(code));
    let found = match find(tx, Purpose::PasswordReset)? {
        Some(found) => Some(found),
        None => find(tx, Purpose::AccountInvitation)?,
    };
    let Some(Code { user: Some(id), .. }) = found.filter(|code| codes::is_good(code, now)) else { return Ok(None) };
    let user = persistence::users::get(tx, id)?;
    Ok(Some(user).filter(|user| user.status != UserStatus::Disabled))
}

/// Sends a code for a new password, if there is such an account. The answer is the same in any case. The letter goes to the stored
/// address, not to the one that was asked for.
pub fn request_password_reset(
    work: &mut UnitOfWork<'_, '_, may::RequestPasswordReset>,
    email: &EmailAddress,
    throttling: bool,
) -> Result<(), Error> {
    let (now, source) = (work.now, work.source());
    let user = persistence::users::find_by_address(work.tx, email)?;
    if throttling && !RESET_LETTERS.allow(work.tx, email, source, now)? {
        if let Some(user) = &user {
            work.audit_subject(user.id);
        }
        work.refuse("too_many_requests");
        return Ok(());
    }
    let Some(user) = user else { return Ok(()) };
    match user.status {
        UserStatus::Disabled => return Ok(()),
        UserStatus::Invited => return send_welcome(work, &user),
        UserStatus::Active => {}
    }
    work.audit_subject(user.id);
    // Codes that were sent before stay good: a stranger who asks must not void the one in the owner's hand.
    let code = issue_for(work, &user, Purpose::PasswordReset, RESET_LIFE)?;
    emails::send(work, Reason::ResetPassword, &user.email, &user.language, Some(&code))
}

/// Sends the owner of an account that an administrator made a code for the first password. Codes sent before stay good.
pub(crate) fn send_welcome(work: &mut Work<'_, '_>, user: &User) -> Result<(), Error> {
    work.audit_subject(user.id);
    let code = issue_for(work, user, Purpose::AccountInvitation, WELCOME_LIFE)?;
    emails::send(work, Reason::Welcome, &user.email, &user.language, Some(&code))
}

fn issue_for(work: &mut Work<'_, '_>, user: &User, purpose: Purpose, life: SignedDuration) -> Result<String, Error> {
    let new = NewCode { purpose, user: Some(user.id), case: None, email: None, payload: None, life };
    Ok(codes::issue(work, new)?.text)
}

/// Sets the password, which was hashed, of an account that is locked: the person's epoch rises, every session ends, every open code is void,
/// no device is known any longer, and the owner is told by letter, save of the first one.
fn set_password(work: &mut Work<'_, '_>, mut user: User, hash: &str) -> Result<User, Error> {
    user.password_hash = Some(hash.to_owned());
    user.epoch = user.epoch.saturating_add(1);
    user.updated_at = work.now;
    let first = user.status == UserStatus::Invited;
    if first {
        // The code came by mail: that proves the address.
        user.status = UserStatus::Active;
        user.email_verified_at = Some(work.now);
    }
    persistence::users::save(work.tx, &user)?;
    user.version = user.version.saturating_add(1);
    work.audit_subject(user.id);
    work.end_sessions(user.id, None)?;
    persistence::codes::expire_all_for_user(work.tx, user.id, work.now)?;
    devices::forget_all(work.tx, user.id)?;
    if !first {
        emails::send(work, Reason::PasswordChanged, &user.email, &user.language, None)?;
    }
    Ok(user)
}
