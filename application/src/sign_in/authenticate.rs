//! From an access token to a caller: the token, the session and the person are all looked at, for each request.

use domain::access;
use domain::ids::SessionId;
use jiff::{SignedDuration, Timestamp};
use persistence::Importance;
use persistence::users::UserStatus;

use crate::error::Unauthenticated;
use crate::{App, Caller, Error};

/// How exactly it is known when a session was last used: a write for each request would cost more than the answer.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(5);

impl App {
    /// Who holds this access token, with the authority that they have at this moment.
    ///
    /// A session that was ended or has come to a limit, a person who was disabled, and a password or role that was changed since the
    /// token was issued refuse it at once.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] with `token_invalid`, `token_expired` or `session_ended`.
    pub async fn authenticate(&self, token: &str) -> Result<Caller, Error> {
        let now = self.clock.now();
        let claims = self.tokens.read(token, now)?;
        let found = self.store.find_session(claims.sid).await?;
        let ended = Error::Unauthenticated(Unauthenticated::SessionEnded);
        let Some(found) = found else { return Err(ended) };
        let epochs_agree = i64::from(found.user_epoch) == claims.epoch && found.session_epoch == found.user_epoch;
        let alive = found.revoked_at.is_none() && found.expires_at > now && found.status == UserStatus::Active;
        let settings = self.settings().await?;
        let limits = settings.values.sessions;
        let too_old = limits.have_passed(&found.roles, found.created_at, found.last_seen_at, now);
        if found.user != claims.sub || !epochs_agree || !alive || too_old {
            return Err(ended);
        }
        if now.duration_since(found.last_seen_at) >= SEEN_EVERY {
            self.note_use(found.session, now).await?;
        }
        Ok(Caller {
            who: access::Caller {
                user: found.user,
                roles: found.roles,
                director_any_department: settings.values.review.director_any_department,
            },
            session: found.session,
            language: found.language.to_string(),
        })
    }

    async fn note_use(&self, session: SessionId, now: Timestamp) -> Result<(), Error> {
        self.store.write_as(Importance::Essential, move |tx| persistence::sessions::seen(tx, session, None, now).map_err(Error::from)).await
    }
}
