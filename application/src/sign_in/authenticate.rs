//! From an access token to a caller: the token, the session and the person are all looked at, for each request.

use domain::access;
use persistence::users::UserStatus;

use crate::{Caller, Error, Hospital};

impl Hospital {
    /// Who holds this access token, with the authority that they have at this moment.
    ///
    /// A session that was ended, a person who was disabled, and a password or role that was changed since the token was
    /// issued refuse it at once.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] with `token_invalid`, `token_expired` or `session_ended`.
    pub async fn authenticate(&self, token: &str) -> Result<Caller, Error> {
        let now = self.clock.now();
        let claims = self.tokens.read(token, now)?;
        let session = claims.sid;
        let found = self.store.glance(move |tx| persistence::sessions::find_authenticated(tx, session).map_err(Error::from)).await?;
        let ended = Error::Unauthenticated("session_ended");
        let Some(found) = found else { return Err(ended) };
        let epochs_agree = i64::from(found.user_epoch) == claims.epoch && found.session_epoch == found.user_epoch;
        let alive = found.revoked_at.is_none() && found.expires_at > now && found.status == UserStatus::Active;
        if found.user != claims.sub || !epochs_agree || !alive {
            return Err(ended);
        }
        let settings = self.settings().await?;
        Ok(Caller {
            who: access::Caller { user: found.user, roles: found.roles, director_any_department: settings.values.director_any_department },
            session: found.session,
            language: found.language.to_string(),
        })
    }
}
