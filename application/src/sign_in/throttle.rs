//! Counting tries and letters, in the database: the counts hold for all servers together and outlive a restart.
//!
//! A try is counted before anything is hashed, so that tries at the same time count as well. Over a limit every try is refused, right or
//! wrong, known address or not.

use domain::ids::UserId;
use domain::people::EmailAddress;
use jiff::{SignedDuration, Timestamp};
use persistence::Transaction;
use persistence::throttles::Allowance;
use uuid::Uuid;

use super::Source;
use crate::Error;

/// How often something may be tried.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    name: &'static str,
    allowance: Allowance,
}

const fn limit(name: &'static str, most: i32, window: SignedDuration) -> Limit {
    Limit { name, allowance: Allowance { most, window } }
}

const QUARTER: SignedDuration = SignedDuration::from_mins(15);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Tries to sign in to one address, from devices that it does not know.
const SIGN_IN_TO_ADDRESS: Limit = limit("sign-in address", 10, QUARTER);
/// Tries to sign in from one source. A hospital's whole staff may share one.
const SIGN_IN_FROM_SOURCE: Limit = limit("sign-in source", 300, QUARTER);
/// Tries to sign in from one known device.
const SIGN_IN_FROM_DEVICE: Limit = limit("sign-in device", 10, QUARTER);
/// Tries of a signed-in person to give their password once more.
pub(crate) const PASSWORD_CHECKS: Limit = limit("password checks", 10, QUARTER);
/// Registrations from one source: each costs the estimator and a hash.
pub(crate) const REGISTRATIONS: Limit = limit("registrations", 30, QUARTER);

/// Invitations to a case, to one address: whoever has many cases must not send a stranger many letters.
pub(crate) const INVITATIONS_TO_ADDRESS: Limit = limit("invitations to an address", 10, DAY);
/// Invitations that one person sends.
pub(crate) const INVITATIONS_OF_PERSON: Limit = limit("invitations of a person", 50, DAY);

/// Letters of a kind, to one address and from one source: strangers of one source leave the owner some of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Letters {
    to_address: Limit,
    from_source: Limit,
}

/// Letters with a code for a new password.
pub(crate) const RESET_LETTERS: Letters =
    Letters { to_address: limit("reset letters", 10, HOUR), from_source: limit("reset letters from a source", 5, HOUR) };
/// Letters that answer a registration.
pub(crate) const REGISTRATION_LETTERS: Letters =
    Letters { to_address: limit("registration letters", 10, HOUR), from_source: limit("registration letters from a source", 5, HOUR) };
/// Letters that answer a change of address.
pub(crate) const ADDRESS_LETTERS: Letters =
    Letters { to_address: limit("address letters", 10, HOUR), from_source: limit("address letters from a source", 5, HOUR) };

impl Letters {
    /// Counts a letter; says whether it is within the limits.
    pub(crate) fn allow(
        self,
        tx: &mut Transaction<'_>,
        address: &EmailAddress,
        source: Option<Source>,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let address = address.canonical();
        let from = format!("{address}\0{}", counted_as(source));
        // What the source may not any more is not counted for the address.
        let refused =
            self.from_source.count(tx, from.as_bytes(), now)?.is_some() || self.to_address.count(tx, address.as_bytes(), now)?.is_some();
        Ok(!refused)
    }
}

fn counted_as(source: Option<Source>) -> String {
    source.map(Source::counted_as).unwrap_or_default()
}

/// That something was tried too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany {
    /// The seconds after which the next try makes sense.
    pub(crate) seconds: u32,
    /// Whether this try began the lock; it leaves a row in the trail, those after it do not.
    pub(crate) begins: bool,
}

impl Limit {
    /// The counter's key: a keyed digest, so that the table tells no address.
    fn key(self, tx: &Transaction<'_>, of: &[u8]) -> Vec<u8> {
        tx.vault().fingerprint(&[b"throttle\0", self.name.as_bytes(), b"\0", of].concat())
    }

    /// Counts a try; says if it is one too many.
    pub(crate) fn count(self, tx: &mut Transaction<'_>, of: &[u8], now: Timestamp) -> Result<Option<TooMany>, Error> {
        let key = self.key(tx, of);
        let throttle = persistence::throttles::hit(tx, &key, now, self.allowance)?;
        let begins = throttle.window_start == now;
        Ok(throttle.locked_for(self.allowance, now).map(|left| TooMany { seconds: seconds(left), begins }))
    }

    /// Counts a try from a source; says if it is one too many.
    pub(crate) fn count_source(self, tx: &mut Transaction<'_>, source: Option<Source>, now: Timestamp) -> Result<Option<TooMany>, Error> {
        self.count(tx, counted_as(source).as_bytes(), now)
    }

    /// The seconds for which tries are refused, without counting one.
    fn locked_for(self, tx: &mut Transaction<'_>, of: &[u8], now: Timestamp) -> Result<Option<TooMany>, Error> {
        let key = self.key(tx, of);
        let found = persistence::throttles::find(tx, &key)?;
        let left = found.and_then(|throttle| throttle.locked_for(self.allowance, now));
        Ok(left.map(|left| TooMany { seconds: seconds(left), begins: false }))
    }

    fn clear(self, tx: &mut Transaction<'_>, of: &[u8]) -> Result<(), Error> {
        let key = self.key(tx, of);
        Ok(persistence::throttles::clear(tx, &key)?)
    }

    /// Forgets what was counted for a person.
    pub(crate) fn clear_user(self, tx: &mut Transaction<'_>, user: UserId) -> Result<(), Error> {
        self.clear(tx, user.uuid().as_bytes())
    }
}

/// Whole seconds, rounded up: a client that waits so long is let in.
fn seconds(duration: SignedDuration) -> u32 {
    let whole = duration.as_secs().saturating_add(i64::from(duration.subsec_nanos() > 0));
    u32::try_from(whole).unwrap_or(u32::MAX)
}

/// A try to sign in, as it is counted.
pub(crate) struct Try<'a> {
    pub(crate) address: &'a EmailAddress,
    pub(crate) source: Option<Source>,
    /// The device, if it belongs to the account: then the try counts on it alone, so that strangers cannot lock a person out of it.
    pub(crate) device: Option<Uuid>,
}

impl Try<'_> {
    /// Counts the try; says if it is one too many.
    ///
    /// A try that is refused on one count is not counted on the other: a source that is locked locks nobody else's account.
    pub(crate) fn count(&self, tx: &mut Transaction<'_>, now: Timestamp) -> Result<Option<TooMany>, Error> {
        if let Some(device) = self.device {
            return SIGN_IN_FROM_DEVICE.count(tx, device.as_bytes(), now);
        }
        let address = self.address.canonical();
        let source = counted_as(self.source);
        let locked =
            [SIGN_IN_TO_ADDRESS.locked_for(tx, address.as_bytes(), now)?, SIGN_IN_FROM_SOURCE.locked_for(tx, source.as_bytes(), now)?];
        if let Some(longest) = locked.into_iter().flatten().max_by_key(|locked| locked.seconds) {
            return Ok(Some(longest));
        }
        // The source comes first: of many tries at once, those that it refuses count on no account.
        if let Some(refused) = SIGN_IN_FROM_SOURCE.count(tx, source.as_bytes(), now)? {
            return Ok(Some(refused));
        }
        SIGN_IN_TO_ADDRESS.count(tx, address.as_bytes(), now)
    }

    /// A success: what was counted for the account and the device is forgotten, never what was counted for the source.
    pub(crate) fn succeeded(&self, tx: &mut Transaction<'_>) -> Result<(), Error> {
        if let Some(device) = self.device {
            SIGN_IN_FROM_DEVICE.clear(tx, device.as_bytes())?;
        }
        unlock(tx, self.address)
    }
}

/// Forgets the tries to sign in to an address.
pub(crate) fn unlock(tx: &mut Transaction<'_>, address: &EmailAddress) -> Result<(), Error> {
    SIGN_IN_TO_ADDRESS.clear(tx, address.canonical().as_bytes())
}
