//! Authority that is looked at again where it is used: within the transaction that changes accounts.

use domain::ids::{SessionId, UserId};
use persistence::users::{User, UserStatus};

use super::{Work, absent};
use crate::Error;
use crate::error::Unauthenticated;

impl Work<'_, '_> {
    /// The caller's account, which nobody else changes until this transaction ends.
    ///
    /// # Errors
    /// `session_ended` if the session, the account or its authority ended since the request began.
    pub(crate) fn own_account(&mut self) -> Result<User, Error> {
        let me = self.user()?;
        self.accounts(me).map(|(own, _)| own)
    }

    /// The caller's account, as [`Work::own_account`], if its password still is the one that was checked before the transaction began.
    ///
    /// # Errors
    /// `session_ended` as well if somebody else changed the password meanwhile.
    pub(crate) fn own_account_with_password(&mut self, checked: Option<&str>) -> Result<User, Error> {
        let own = self.own_account()?;
        if own.password_hash.as_deref() == checked { Ok(own) } else { Err(Error::Unauthenticated(Unauthenticated::SessionEnded)) }
    }

    /// Ends every session of a person, save one, and names each in the trail; says how many.
    pub(crate) fn end_sessions(&mut self, user: UserId, except: Option<SessionId>) -> Result<usize, Error> {
        let ended = persistence::sessions::revoke_all(self.tx, user, except, self.now)?;
        for session in &ended {
            self.audit_subject(*session);
        }
        Ok(ended.len())
    }

    /// The caller's account and another, which nobody else changes until this transaction ends. Of two administrators who shut each other
    /// out at the same time, the second finds that they may no longer.
    ///
    /// # Errors
    /// `session_ended` as [`Work::own_account`]; [`Error::Absent`] if there is no other.
    pub(crate) fn accounts(&mut self, other: UserId) -> Result<(User, User), Error> {
        let caller = self.caller()?.clone();
        let me = caller.who.user;
        // In one order, so that two who lock each other do not wait for each other.
        let (own, other) = if other < me {
            let other = persistence::users::lock(self.tx, other).map_err(absent)?;
            (persistence::users::lock(self.tx, me)?, other)
        } else {
            let own = persistence::users::lock(self.tx, me)?;
            let other = if other == me { own.clone() } else { persistence::users::lock(self.tx, other).map_err(absent)? };
            (own, other)
        };
        let session = persistence::sessions::find(self.tx, caller.session)?;
        let holds = session.is_some_and(|session| session.revoked_at.is_none() && session.epoch == own.epoch);
        if !holds || own.status != UserStatus::Active {
            return Err(Error::Unauthenticated(Unauthenticated::SessionEnded));
        }
        Ok((own, other))
    }
}
