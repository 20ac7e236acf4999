//! Sessions: signing in, looking at one's sessions, ending them.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::access::{Operation, Roles, may};
use domain::ids::{SessionId, UserId};
use domain::people::EmailAddress;
use jiff::{SignedDuration, Timestamp};
use persistence::Importance;
use persistence::Page;
use persistence::devices::Device;
use persistence::sessions::{OpenSince, Session};
use persistence::users::{User, UserStatus};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::codes::{hash_of, secret};
use super::throttle::{TooMany, Try};
use super::tokens::{ACCESS_TOKEN_LIFE, Grant};
use crate::emails::{self, Reason};
use crate::error::Unauthenticated;
use crate::{App, Error, Permitted, RequestContext, UnitOfWork, Work, clock};

/// How long a device is known after the last sign-in from it.
pub const DEVICE_LIFE: SignedDuration = SignedDuration::from_hours(180 * 24);
/// How many devices of an account are known.
const MOST_DEVICES: u32 = 20;

/// The content of a sign-in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The address of the account.
    pub email: EmailAddress,
    /// The password.
    pub password: SecretString,
    /// The client program.
    pub client: String,
    /// The token of a device that the person signed in from before.
    pub device_token: Option<SecretString>,
    /// Whether the refresh token goes into a cookie.
    pub in_cookie: bool,
    /// The refresh token that the client holds: its session ends, and the new one takes its place.
    pub replaces: Option<SecretString>,
}

/// The result of a sign-in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The session.
    pub session: SessionId,
    /// The person.
    pub user: UserId,
    /// A short-lived bearer token.
    pub access_token: String,
    /// Seconds until it expires.
    pub expires_in: i64,
    /// For the next refresh.
    pub refresh_token: String,
    /// Seconds until the refresh token expires, if it is not exchanged before.
    pub refresh_expires_in: i64,
    /// The token of the device, for the next sign-in; only signing in gives one.
    pub device_token: Option<String>,
    /// The scopes of the person's roles.
    pub scope: String,
}

/// A session that was opened or refreshed, with the tokens that are shown once.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) session: Session,
    pub(crate) roles: Roles,
    pub(crate) refresh_token: String,
    pub(crate) device_token: Option<String>,
}

/// A session as its owner sees it.
#[derive(Clone, Debug)]
pub struct OwnSession {
    /// The session.
    pub session: Session,
    /// Whether it is the one that asks.
    pub current: bool,
}

impl App {
    /// Signs a person in. A wrong password, an unknown address and an account that may not sign in give the same answer after the same
    /// work; over a limit of tries all of them, and the right password, are refused alike before any work.
    ///
    /// # Errors
    /// `sign_in_refused`, or [`Error::Throttled`].
    pub async fn create_session(self: &Arc<Self>, permitted: Permitted<may::CreateSession>, sign_in: SignIn) -> Result<SignedIn, Error> {
        let now = self.clock.now();
        let (user, device, refused) = self.count_try(&permitted.context, &sign_in, now).await?;
        if let Some(TooMany { seconds, begins }) = refused {
            if begins {
                // The first of them leaves a row; a flood leaves no more.
                let id = user.map(|user| user.id);
                self.note_sign_in_refused(permitted, id, sign_in.client, "too_many_requests").await?;
            }
            return Err(Error::Throttled(seconds));
        }
        let candidate = user.clone().filter(|user| user.status == UserStatus::Active);
        let stored = candidate.as_ref().and_then(|user| user.password_hash.clone());
        let verified = self.passwords.verify(&sign_in.password, stored.clone(), permitted.context.source).await?;
        let (Some(candidate), Some(stored), true) = (candidate, stored, verified.right) else {
            self.note_sign_in_refused(permitted, user.map(|user| user.id), sign_in.client, "sign_in_refused").await?;
            return Err(Error::Unauthenticated(Unauthenticated::SignInRefused));
        };
        let outdated = verified.in_old_form || self.passwords.is_outdated(&stored);
        let rehashed = if outdated { Some(self.passwords.hash(&sign_in.password, permitted.context.source).await?) } else { None };
        let opened = self
            .perform(permitted.with(move |work| {
                let user = persistence::users::get(work.tx, candidate.id)?;
                work.audit_subject(user.id);
                work.note("client", sign_in.client.clone());
                // Shut out, or given another password, while the old one was checked.
                if user.status != UserStatus::Active || user.password_hash.as_ref() != Some(&stored) {
                    work.refuse("sign_in_refused");
                    return Ok(None);
                }
                if let Some(hash) = &rehashed {
                    persistence::users::replace_password_hash(work.tx, user.id, &stored, hash)?;
                }
                enter(work, &user, &sign_in, device.clone()).map(Some)
            }))
            .await?;
        self.signed_in(opened.ok_or(Error::Unauthenticated(Unauthenticated::SignInRefused))?, now)
    }

    /// Counts the try before anything is hashed, and finds the account and its device.
    async fn count_try(
        &self,
        context: &RequestContext,
        sign_in: &SignIn,
        now: Timestamp,
    ) -> Result<(Option<User>, Option<Device>, Option<TooMany>), Error> {
        let (address, source, throttling) = (sign_in.email.clone(), context.source, self.throttling);
        let device_hash = sign_in.device_token.as_ref().map(|token| hash_of(token.expose_secret()));
        self.store
            .write_as(Importance::Essential, move |tx| {
                let user = persistence::users::find_by_address(tx, &address)?;
                let device = match (&user, &device_hash) {
                    (Some(user), Some(hash)) => persistence::devices::find(tx, user.id, hash, now)?,
                    _ => None,
                };
                let counted = Try { address: &address, source, device: device.as_ref().map(|device| device.id) };
                let refused = if throttling { counted.count(tx, now)? } else { None };
                Ok((user, device, refused))
            })
            .await
    }

    /// A sign-in that failed leaves its row in the trail: which account, from where, by which client.
    async fn note_sign_in_refused(
        &self,
        permitted: Permitted<may::CreateSession>,
        user: Option<UserId>,
        client: String,
        code: &'static str,
    ) -> Result<(), Error> {
        self.record_about(&permitted.context, code, user.map(|user| user.to_string()), json!({ "client": client })).await
    }

    pub(crate) fn signed_in(&self, opened: Opened, now: Timestamp) -> Result<SignedIn, Error> {
        let Opened { session, roles, refresh_token, device_token } = opened;
        let scope = scope_of(&roles);
        let grant = Grant {
            session: session.id,
            user: session.user,
            epoch: i64::from(session.epoch),
            client: session.client.clone(),
            scope: scope.clone(),
            jti: persistence::fresh(now).to_string(),
        };
        Ok(SignedIn {
            session: session.id,
            user: session.user,
            access_token: self.tokens.issue(grant, now)?,
            expires_in: ACCESS_TOKEN_LIFE.as_secs(),
            refresh_token,
            refresh_expires_in: session.expires_at.duration_since(now).as_secs(),
            device_token,
            scope,
        })
    }
}

/// Opens the session of a person whose password was right.
fn enter(work: &mut Work<'_, '_>, user: &User, sign_in: &SignIn, device: Option<Device>) -> Result<Opened, Error> {
    let counted = Try { address: &user.email, source: work.source(), device: device.as_ref().map(|device| device.id) };
    counted.succeeded(work.tx)?;
    if let Some(held) = &sign_in.replaces
        && let Some(token) = persistence::sessions::find_token(work.tx, &hash_of(held.expose_secret()))?
    {
        persistence::sessions::revoke(work.tx, token.session, work.now)?;
    }
    let mut opened = open_session(work, user, &sign_in.client, sign_in.in_cookie)?;
    work.acts_as(user.id, Some(opened.session.id));
    if let (Some(device), Some(token)) = (device, &sign_in.device_token) {
        persistence::devices::used(work.tx, device.id, work.now, clock::after(work.now, DEVICE_LIFE)?)?;
        opened.device_token = Some(token.expose_secret().to_owned());
    } else {
        opened.device_token = Some(meet_device(work, user.id)?);
        let at = in_tokyo(work.now);
        let facts = json!({ "client": sign_in.client, "source": work.source().map(|source| source.to_string()), "at": at });
        emails::send_with(work, Reason::NewDevice, &user.email, &user.language, None, facts)?;
    }
    Ok(opened)
}

/// Gives a device that the account does not know a token.
pub(crate) fn meet_device(work: &mut Work<'_, '_>, user: UserId) -> Result<String, Error> {
    let (secret, now) = (secret()?, work.now);
    let expires_at = clock::after(now, DEVICE_LIFE)?;
    let device = Device { id: persistence::fresh(now), user, token_hash: secret.hash, created_at: now, last_used_at: now, expires_at };
    persistence::devices::insert(work.tx, &device, MOST_DEVICES)?;
    Ok(secret.text)
}

/// Opens a session for a person whose password was right; gives it with the first refresh token.
pub(crate) fn open_session(work: &mut Work<'_, '_>, user: &User, client: &str, in_cookie: bool) -> Result<Opened, Error> {
    let secret = secret()?;
    let roles = persistence::users::roles_in_force(work.tx, user)?;
    let session = Session {
        id: work.fresh(),
        user: user.id,
        epoch: user.epoch,
        created_at: work.now,
        last_seen_at: work.now,
        expires_at: work.settings.sessions.end_of_life(&roles, work.now),
        revoked_at: None,
        client: client.to_owned(),
        in_cookie,
        source: work.source().map(|source| source.to_string()),
    };
    persistence::sessions::insert(work.tx, &session)?;
    persistence::sessions::insert_token(work.tx, session.id, &secret.hash, work.now)?;
    work.audit_subject(session.id);
    Ok(Opened { session, roles, refresh_token: secret.text, device_token: None })
}

/// A page of the caller's sessions that have not ended, newest first; one more than `limit` if there is a next page.
pub fn list_sessions(
    work: &mut UnitOfWork<'_, '_, may::ListSessions>,
    after: Option<SessionId>,
    limit: u32,
) -> Result<Vec<OwnSession>, Error> {
    let caller = work.caller()?.clone();
    let (limits, roles) = (work.settings.sessions, &caller.who.roles);
    let ago = |time| work.now.checked_sub(time).unwrap_or(Timestamp::MIN);
    let since = OpenSince { now: work.now, created_after: ago(limits.life(roles)), seen_after: ago(limits.idle(roles)) };
    let page = Page { after, limit: limit.saturating_add(1) };
    let found = persistence::sessions::list_open(work.tx, caller.who.user, since, page)?;
    let open: Vec<OwnSession> = found.into_iter().map(|session| OwnSession { current: session.id == caller.session, session }).collect();
    work.audit_page(&open, limit, |one| one.session.id);
    Ok(open)
}

/// Ends the caller's own session.
pub fn delete_session(work: &mut UnitOfWork<'_, '_, may::DeleteSession>) -> Result<(), Error> {
    let now = work.now;
    let session = work.caller()?.session;
    work.audit_subject(session);
    Ok(persistence::sessions::revoke(work.tx, session, now)?)
}

/// Ends one of the caller's sessions. One that has ended stays as it is.
///
/// # Errors
/// [`Error::Absent`] for a session that is not the caller's.
pub fn end_session(work: &mut UnitOfWork<'_, '_, may::EndSession>, id: SessionId) -> Result<(), Error> {
    let now = work.now;
    let user = work.user()?;
    let found = persistence::sessions::find(work.tx, id)?.filter(|session| session.user == user).ok_or(Error::Absent)?;
    work.audit_subject(found.id);
    Ok(persistence::sessions::revoke(work.tx, id, now)?)
}

/// Ends every session of the caller but the one that asks; says how many.
pub fn end_other_sessions(work: &mut UnitOfWork<'_, '_, may::EndOtherSessions>) -> Result<usize, Error> {
    let (user, session) = (work.user()?, work.caller()?.session);
    work.audit_subject(user);
    work.end_sessions(user, Some(session))
}

/// An instant as people in the hospital read it.
fn in_tokyo(at: Timestamp) -> String {
    format!("{} (Asia/Tokyo)", domain::calendar::TOKYO.to_datetime(at).strftime("%Y-%m-%d %H:%M"))
}

/// The scopes that the roles reach, parted by spaces (RFC 6749 §3.3).
fn scope_of(roles: &Roles) -> String {
    let scopes: BTreeSet<&str> =
        Operation::offered().filter(|operation| !operation.is_public() && operation.is_open_to(roles)).map(Operation::scope).collect();
    scopes.into_iter().collect::<Vec<_>>().join(" ")
}
