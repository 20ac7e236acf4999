//! Refresh tokens. Each is exchanged for one successor. Every token of a session is known until the session ends, so one that comes back
//! long after its exchange is known as stolen, whatever happened in between.

use std::sync::Arc;

use domain::access::may;
use jiff::SignedDuration;
use persistence::users::UserStatus;
use secrecy::{ExposeSecret as _, SecretString};

use super::codes::{hash_of, secret};
use super::sessions::{Opened, SignedIn};
use crate::emails::{self, Reason};
use crate::error::Unauthenticated;
use crate::{App, Error, Permitted, UnitOfWork, Work, clock};

/// How long after its first exchange a token is given the same successor again: an answer may be lost, and tabs may ask at once.
const GRACE: SignedDuration = SignedDuration::from_secs(30);

impl App {
    /// Exchanges a refresh token for new tokens. Within half a minute the same token gives the same successor; later it ends the session,
    /// and its owner is told by letter.
    ///
    /// # Errors
    /// `refresh_refused` for a token that is unknown, of a session that has ended, or used again too late: one answer for all.
    pub async fn refresh_session(
        self: &Arc<Self>,
        permitted: Permitted<may::RefreshSession>,
        refresh_token: SecretString,
    ) -> Result<SignedIn, Error> {
        let now = self.clock.now();
        let opened = self.perform(permitted.with(move |work| exchange(work, refresh_token.expose_secret()))).await?;
        self.signed_in(opened.ok_or(Error::Unauthenticated(Unauthenticated::RefreshRefused))?, now)
    }
}

/// Ends the session of a refresh token, whichever of its tokens it is. A token that is unknown changes nothing (RFC 7009, 2.2).
pub fn sign_out(work: &mut UnitOfWork<'_, '_, may::SignOut>, refresh_token: &SecretString) -> Result<(), Error> {
    let now = work.now;
    let Some(token) = persistence::sessions::find_token(work.tx, &hash_of(refresh_token.expose_secret()))? else { return Ok(()) };
    let Some(session) = persistence::sessions::find(work.tx, token.session)? else { return Ok(()) };
    work.acts_as(session.user, Some(session.id));
    work.audit_subject(session.id);
    Ok(persistence::sessions::revoke(work.tx, session.id, now)?)
}

/// The result of an exchange. A refusal is no error here, because the end of a session must be committed.
fn exchange(work: &mut Work<'_, '_>, presented: &str) -> Result<Option<Opened>, Error> {
    let hash = hash_of(presented);
    let Some(found) = persistence::sessions::find_token(work.tx, &hash)? else {
        work.refuse("refresh_refused");
        return Ok(None);
    };
    // Exchanges of one session queue here; what was read before the lock may be old.
    let locked = persistence::sessions::lock(work.tx, found.session)?;
    let (Some(mut session), Some(token)) = (locked, persistence::sessions::find_token(work.tx, &hash)?) else {
        work.refuse("refresh_refused");
        return Ok(None);
    };
    let user = persistence::users::get(work.tx, session.user)?;
    let roles = persistence::users::roles_in_force(work.tx, &user)?;
    work.acts_as(user.id, Some(session.id));
    work.audit_subject(session.id);
    let limits = work.settings.sessions;
    let has_ended = session.revoked_at.is_some()
        || session.expires_at <= work.now
        || limits.have_passed(&roles, session.created_at, session.last_seen_at, work.now);
    if has_ended || user.status != UserStatus::Active || user.epoch != session.epoch {
        work.refuse("refresh_refused");
        return Ok(None);
    }
    let within_grace = |at| work.now.duration_since(at) <= GRACE;
    let refresh_token = match (token.superseded_at, token.successor) {
        (None, _) => {
            let fresh = secret()?;
            persistence::sessions::insert_token(work.tx, session.id, &fresh.hash, work.now)?;
            persistence::sessions::supersede(work.tx, &hash, &fresh.text, work.now)?;
            let given_no_more = clock::before(work.now, GRACE)?;
            persistence::sessions::erase_successors(work.tx, session.id, given_no_more)?;
            fresh.text
        }
        (Some(at), Some(successor)) if within_grace(at) => successor,
        (Some(_), _) => {
            persistence::sessions::revoke(work.tx, session.id, work.now)?;
            emails::send(work, Reason::TokenReused, &user.email, &user.language, None)?;
            work.refuse("refresh_reused");
            return Ok(None);
        }
    };
    let source = work.source().map(|source| source.to_string());
    persistence::sessions::seen(work.tx, session.id, source.as_deref(), work.now)?;
    session.last_seen_at = work.now;
    Ok(Some(Opened { session, roles, refresh_token, device_token: None }))
}
