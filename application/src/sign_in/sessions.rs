//! Sessions: signing in, refreshing, signing out.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::access::{Operation, Roles};
use domain::ids::{SessionId, UserId};
use domain::people::EmailAddress;
use jiff::{SignedDuration, Timestamp};
use persistence::Transaction;
use persistence::sessions::Session;
use persistence::users::{User, UserStatus};
use secrecy::SecretString;

use super::codes::{hash_of, secret};
use super::throttle::SIGN_IN;
use super::tokens::{ACCESS_TOKEN_LIFE, Grant};
use crate::{Act, Ask, Error, Hospital};

/// How long a session lives at most, for applicants and agencies.
const LIFE: SignedDuration = SignedDuration::from_hours(24 * 30);
/// How long a session of the hospital's staff lives at most: a working day.
const LIFE_OF_STAFF: SignedDuration = SignedDuration::from_hours(12);
/// How long after a refresh the token before it is taken once more, because the answer may have been lost on the way.
const LOST_ANSWER: SignedDuration = SignedDuration::from_mins(1);

/// What signing in gives.
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
    /// For the next refresh, once.
    pub refresh_token: String,
    /// The scopes of the person's roles.
    pub scope: String,
}

/// What came of a refresh within its transaction. A reuse must be committed, so it is no error yet.
enum Refreshed {
    Done(Box<(Session, Roles, String)>),
    Refused,
}

impl Hospital {
    /// Signs a person in. A wrong password, an unknown address, a locked one and an account that may not sign in
    /// give the same answer after the same work.
    pub async fn create_session(
        self: &Arc<Self>,
        ask: Ask,
        email: EmailAddress,
        password: SecretString,
        client: String,
    ) -> Result<SignedIn, Error> {
        let now = self.clock.now();
        let throttling = self.throttling;
        let asked = email.clone();
        let found = self
            .store
            .read(move |tx| {
                let locked = throttling && SIGN_IN.is_locked(tx, &asked, now)?;
                let user = persistence::users::find_by_email(tx, &asked)?;
                Ok::<_, Error>(user.filter(|user| !locked && user.status == UserStatus::Active))
            })
            .await?;
        let stored = found.as_ref().and_then(|user| user.password_hash.clone());
        let right = self.passwords.verify(&password, stored.clone()).await?;
        let Some(user) = found.filter(|_| right) else {
            let failed = self.store.write(move |tx| if throttling { SIGN_IN.count(tx, &email, now).map(drop) } else { Ok(()) });
            failed.await?;
            self.perform(ask, |_| Err::<(), _>(Error::Unauthenticated("sign_in_refused"))).await?;
            return Err(Error::Unauthenticated("sign_in_refused"));
        };
        let rehashed = match stored {
            Some(stored) if self.passwords.is_outdated(&stored) => Some(self.passwords.hash(&password).await?),
            _ => None,
        };
        let opened = self
            .perform(ask, move |act| {
                let mut user = persistence::users::get(act.tx, user.id)?;
                if throttling {
                    SIGN_IN.clear(act.tx, &user.email)?;
                }
                if let Some(hash) = &rehashed {
                    user.password_hash = Some(hash.clone());
                    persistence::users::save(act.tx, &user)?;
                }
                open_session(act, &user, &client)
            })
            .await?;
        self.signed_in(&opened.0, &opened.1, opened.2, now)
    }

    /// Exchanges a refresh token for new tokens. A token that was exchanged before ends its session, save one retry
    /// soon after, when the answer may have been lost.
    pub async fn refresh_session(self: &Arc<Self>, ask: Ask, refresh_token: String) -> Result<SignedIn, Error> {
        let now = self.clock.now();
        let refreshed = self.perform(ask, move |act| refresh(act, &refresh_token)).await?;
        match refreshed {
            Refreshed::Done(done) => {
                let (session, roles, token) = *done;
                self.signed_in(&session, &roles, token, now)
            }
            Refreshed::Refused => Err(Error::Unauthenticated("refresh_refused")),
        }
    }

    pub(crate) fn signed_in(&self, session: &Session, roles: &Roles, refresh_token: String, now: Timestamp) -> Result<SignedIn, Error> {
        let scope = scope_of(roles);
        let grant = Grant {
            session: session.id,
            user: session.user,
            epoch: i64::from(session.epoch),
            client: session.client.clone(),
            scope: scope.clone(),
            jti: persistence::fresh(now).to_string(),
        };
        let access_token = self.tokens.issue(grant, now)?;
        Ok(SignedIn {
            session: session.id,
            user: session.user,
            access_token,
            expires_in: ACCESS_TOKEN_LIFE.as_secs(),
            refresh_token,
            scope,
        })
    }
}

/// Ends the caller's own session.
pub fn delete_session(act: &mut Act<'_, '_>) -> Result<(), Error> {
    let session = act.caller()?.session;
    act.touched(session);
    Ok(persistence::sessions::revoke(act.tx, session, act.now)?)
}

/// Opens a session for a person whose password was right; returns it with the refresh token.
pub(crate) fn open_session(act: &mut Act<'_, '_>, user: &User, client: &str) -> Result<(Session, Roles, String), Error> {
    let secret = secret()?;
    let life = if user.roles.are_staff() { LIFE_OF_STAFF } else { LIFE };
    let session = Session {
        id: act.fresh(),
        user: user.id,
        refresh_hash: secret.hash,
        previous_hash: None,
        previous_used_at: None,
        epoch: user.epoch,
        created_at: act.now,
        refreshed_at: act.now,
        expires_at: act.now.checked_add(life).map_err(|_| Error::Internal("the clock is out of range"))?,
        revoked_at: None,
        client: client.to_owned(),
    };
    persistence::sessions::insert(act.tx, &session)?;
    act.touched(session.id);
    Ok((session, user.roles.clone(), secret.text))
}

fn refresh(act: &mut Act<'_, '_>, token: &str) -> Result<Refreshed, Error> {
    let presented = hash_of(token);
    let Some(session) = persistence::sessions::find_by_refresh_hash(act.tx, &presented)? else { return Ok(Refreshed::Refused) };
    act.touched(session.id);
    if session.revoked_at.is_some() || session.expires_at <= act.now {
        return Ok(Refreshed::Refused);
    }
    let user = persistence::users::get(act.tx, session.user)?;
    if user.status != UserStatus::Active || user.epoch != session.epoch {
        return Ok(Refreshed::Refused);
    }
    let is_current = session.refresh_hash == presented;
    if !is_current && !may_have_been_lost(&session, act.now) {
        revoke(act.tx, session.id, act.now)?;
        return Ok(Refreshed::Refused);
    }
    let fresh = secret()?;
    let renewed = Session {
        refresh_hash: fresh.hash,
        previous_hash: Some(presented),
        previous_used_at: (!is_current).then_some(act.now),
        refreshed_at: act.now,
        ..session.clone()
    };
    match persistence::sessions::rotate(act.tx, &renewed, &session.refresh_hash) {
        Ok(()) => Ok(Refreshed::Done(Box::new((renewed, user.roles, fresh.text)))),
        Err(persistence::Error::Stale) => Ok(Refreshed::Refused),
        Err(other) => Err(other.into()),
    }
}

fn may_have_been_lost(session: &Session, now: Timestamp) -> bool {
    session.previous_used_at.is_none() && now.duration_since(session.refreshed_at) <= LOST_ANSWER
}

fn revoke(tx: &mut Transaction<'_>, session: SessionId, now: Timestamp) -> Result<(), Error> {
    Ok(persistence::sessions::revoke(tx, session, now)?)
}

/// The scopes that the roles reach, parted by spaces (RFC 6749 §3.3).
fn scope_of(roles: &Roles) -> String {
    let scopes: BTreeSet<&str> = Operation::ALL
        .iter()
        .filter(|operation| !operation.is_public() && operation.is_open_to(roles))
        .map(|operation| operation.scope())
        .collect();
    scopes.into_iter().collect::<Vec<_>>().join(" ")
}
