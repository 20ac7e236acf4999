//! Refresh tokens. Each is exchanged for one successor. Every token of a session is known until the session ends, so one that comes back
//! long after its exchange is known as stolen, whatever happened in between.

use std::sync::Arc;

use jiff::SignedDuration;
use persistence::users::UserStatus;
use secrecy::{ExposeSecret as _, SecretString};

use super::codes::{hash_of, secret};
use super::sessions::{Opened, SignedIn};
use crate::letters::{self, Reason};
use crate::{Act, Ask, Error, Hospital, clock};

/// How long after its first exchange a token is given the same successor again: an answer may be lost, and tabs may ask at once.
const GRACE: SignedDuration = SignedDuration::from_secs(30);

impl Hospital {
    /// Exchanges a refresh token for new tokens. Within half a minute the same token gives the same successor; later it ends the session,
    /// and its owner is told by letter.
    ///
    /// # Errors
    /// `refresh_refused` for a token that is unknown, of a session that has ended, or used again too late: one answer for all.
    pub async fn refresh_session(self: &Arc<Self>, ask: Ask, refresh_token: SecretString) -> Result<SignedIn, Error> {
        let now = self.clock.now();
        let opened = self.perform(ask, move |act| exchange(act, refresh_token.expose_secret())).await?;
        self.signed_in(opened.ok_or(Error::Unauthenticated("refresh_refused"))?, now)
    }
}

/// Ends the session of a refresh token, whichever of its tokens it is. A token that is unknown changes nothing (RFC 7009, 2.2).
pub fn sign_out(act: &mut Act<'_, '_>, refresh_token: &SecretString) -> Result<(), Error> {
    let Some(token) = persistence::sessions::find_token(act.tx, &hash_of(refresh_token.expose_secret()))? else { return Ok(()) };
    let Some(session) = persistence::sessions::find(act.tx, token.session)? else { return Ok(()) };
    act.acts_as(session.user, Some(session.id));
    act.touched(session.id);
    Ok(persistence::sessions::revoke(act.tx, session.id, act.now)?)
}

/// What comes of an exchange. That it is refused is no error: the end of a session must be committed.
fn exchange(act: &mut Act<'_, '_>, presented: &str) -> Result<Option<Opened>, Error> {
    let hash = hash_of(presented);
    let Some(found) = persistence::sessions::find_token(act.tx, &hash)? else {
        act.refuse("refresh_refused");
        return Ok(None);
    };
    // Exchanges of one session queue here; what was read before the lock may be old.
    let locked = persistence::sessions::lock(act.tx, found.session)?;
    let (Some(mut session), Some(token)) = (locked, persistence::sessions::find_token(act.tx, &hash)?) else {
        act.refuse("refresh_refused");
        return Ok(None);
    };
    let user = persistence::users::get(act.tx, session.user)?;
    let roles = persistence::users::roles_in_force(act.tx, &user)?;
    act.acts_as(user.id, Some(session.id));
    act.touched(session.id);
    let limits = act.settings.session_limits;
    let has_ended = session.revoked_at.is_some()
        || session.expires_at <= act.now
        || limits.have_passed(&roles, session.created_at, session.last_seen_at, act.now);
    if has_ended || user.status != UserStatus::Active || user.epoch != session.epoch {
        act.refuse("refresh_refused");
        return Ok(None);
    }
    let within_grace = |at| act.now.duration_since(at) <= GRACE;
    let refresh_token = match (token.superseded_at, token.successor) {
        (None, _) => {
            let fresh = secret()?;
            persistence::sessions::insert_token(act.tx, session.id, &fresh.hash, act.now)?;
            persistence::sessions::supersede(act.tx, &hash, &fresh.text, act.now)?;
            let given_no_more = clock::before(act.now, GRACE)?;
            persistence::sessions::erase_successors(act.tx, session.id, given_no_more)?;
            fresh.text
        }
        (Some(at), Some(successor)) if within_grace(at) => successor,
        (Some(_), _) => {
            persistence::sessions::revoke(act.tx, session.id, act.now)?;
            letters::send(act, Reason::TokenReused, &user.email, &user.language, None)?;
            act.refuse("refresh_reused");
            return Ok(None);
        }
    };
    let source = act.source().map(|source| source.to_string());
    persistence::sessions::seen(act.tx, session.id, source.as_deref(), act.now)?;
    session.last_seen_at = act.now;
    Ok(Some(Opened { session, roles, refresh_token, device_token: None }))
}
