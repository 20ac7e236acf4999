//! Counting attempts, in the database: the counters outlive a restart and hold for all servers together.

use domain::people::EmailAddress;
use jiff::{SignedDuration, Timestamp};
use persistence::Transaction;

use crate::Error;

/// How many attempts within the window lock, and for how long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    pub(crate) name: &'static str,
    pub(crate) attempts: i64,
    pub(crate) window: SignedDuration,
}

/// Failed sign-ins of one address.
pub(crate) const SIGN_IN: Limit = Limit { name: "sign-in", attempts: 10, window: SignedDuration::from_mins(15) };
/// Letters with codes to one address.
pub(crate) const LETTERS: Limit = Limit { name: "letters", attempts: 5, window: SignedDuration::from_hours(1) };

impl Limit {
    /// The counter's key: a digest, so that the table tells no address.
    fn key(self, email: &EmailAddress) -> Vec<u8> {
        super::codes::hash_of(&format!("{}\n{}", self.name, email.normalised()))
    }

    /// Whether attempts for this address are locked out at `now`.
    pub(crate) fn is_locked(self, tx: &mut Transaction<'_>, email: &EmailAddress, now: Timestamp) -> Result<bool, Error> {
        let found = persistence::throttles::find(tx, &self.key(email))?;
        Ok(found.and_then(|throttle| throttle.locked_until).is_some_and(|until| until > now))
    }

    /// Counts an attempt; the one that reaches the limit locks for a window. Says whether it is within the limit.
    pub(crate) fn count(self, tx: &mut Transaction<'_>, email: &EmailAddress, now: Timestamp) -> Result<bool, Error> {
        let key = self.key(email);
        let throttle = persistence::throttles::hit(tx, &key, now, self.window)?;
        if i64::from(throttle.count) >= self.attempts {
            let until = now.checked_add(self.window).map_err(|_| Error::Internal("the clock is out of range"))?;
            persistence::throttles::lock(tx, &key, until)?;
        }
        Ok(i64::from(throttle.count) <= self.attempts)
    }

    /// Forgets the attempts.
    pub(crate) fn clear(self, tx: &mut Transaction<'_>, email: &EmailAddress) -> Result<(), Error> {
        Ok(persistence::throttles::clear(tx, &self.key(email))?)
    }
}
