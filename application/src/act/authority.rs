//! Authority that is looked at again where it is used: within the transaction that changes accounts.

use domain::ids::UserId;
use persistence::users::{User, UserStatus};

use super::{Act, absent};
use crate::Error;

impl Act<'_, '_> {
    /// The caller's account, which nobody else changes until this transaction ends.
    ///
    /// # Errors
    /// `session_ended` if the session, the account or its authority ended since the request began.
    pub(crate) fn own_account(&mut self) -> Result<User, Error> {
        let me = self.user()?;
        self.accounts(me).map(|(own, _)| own)
    }

    /// The caller's account and another, which nobody else changes until this transaction ends. Of two administrators who shut each other
    /// out at the same time, the second finds that they may no longer.
    ///
    /// # Errors
    /// `session_ended` as [`Act::own_account`]; [`Error::Absent`] if there is no other.
    pub(crate) fn accounts(&mut self, other: UserId) -> Result<(User, User), Error> {
        let caller = self.caller()?.clone();
        let me = caller.who.user;
        // In one order, so that two who lock each other do not wait for each other.
        let mut ids = [me, other];
        ids.sort_unstable();
        for id in ids {
            let locked = persistence::users::lock(self.tx, id);
            if id == me {
                locked?
            } else {
                locked.map_err(absent)?
            };
        }
        let own = persistence::users::get(self.tx, me)?;
        let session = persistence::sessions::find(self.tx, caller.session)?;
        let holds = session.is_some_and(|session| session.revoked_at.is_none() && session.epoch == own.epoch);
        if !holds || own.status != UserStatus::Active {
            return Err(Error::Unauthenticated("session_ended"));
        }
        let other = if other == me { own.clone() } else { persistence::users::get(self.tx, other).map_err(absent)? };
        Ok((own, other))
    }
}
