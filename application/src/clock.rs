//! The clock and the source of identifiers: the two named places where the system's time and randomness are read.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use domain::ids::{Id, IdKind};
use jiff::{SignedDuration, Timestamp};

use crate::series::Series;

/// Tells the time: the system's, or one that a test freezes and advances.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The system's clock.
    System,
    /// A clock that stands still until it is advanced; microseconds since the Unix epoch.
    Frozen(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `at`.
    pub fn frozen(at: Timestamp) -> Self {
        Self::Frozen(Arc::new(AtomicI64::new(at.as_microsecond())))
    }

    /// The present instant, cut to microseconds: what both databases keep.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => {
                #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
                let now = Timestamp::now();
                Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
            }
            Self::Frozen(at) => Timestamp::from_microsecond(at.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH),
        }
    }

    /// Moves a frozen clock on; the system's clock takes no orders and stays as it is.
    pub fn advance(&self, by: SignedDuration) {
        if let Self::Frozen(at) = self {
            let microseconds = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
            at.fetch_add(microseconds, Ordering::SeqCst);
        }
    }
}

/// The source of identifiers. Their instants never go back, although the clock may.
#[derive(Debug)]
pub(crate) struct Ids {
    latest: Mutex<Timestamp>,
    /// The demo's identifiers are the same in every demo.
    demo: Mutex<Option<Series>>,
}

impl Ids {
    /// Begins at `from`, the instant after the newest identifier that is stored.
    pub(crate) fn from(from: Option<Timestamp>) -> Self {
        Self { latest: Mutex::new(from.unwrap_or(Timestamp::UNIX_EPOCH)), demo: Mutex::new(None) }
    }

    /// A fresh identifier.
    pub(crate) fn fresh<K: IdKind>(&self, now: Timestamp) -> Id<K> {
        if let Some(series) = self.demo.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            return series.next();
        }
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        *latest = now.max(*latest);
        fresh(*latest)
    }

    /// From now on identifiers are those of a series of the demo, or fresh ones again.
    pub(crate) fn number(&self, series: Option<Series>) {
        *self.demo.lock().unwrap_or_else(PoisonError::into_inner) = series;
    }
}

/// A fresh identifier, sortable by the time of its making (`UUIDv7`, RFC 9562).
pub fn fresh<K: IdKind>(now: Timestamp) -> Id<K> {
    Id::from_uuid(persistence::fresh(now))
}

/// The instant that is `by` after `now`.
///
/// # Errors
/// [`Error::Internal`](crate::Error::Internal) beyond the year 9999.
pub(crate) fn after(now: Timestamp, by: SignedDuration) -> Result<Timestamp, crate::Error> {
    now.checked_add(by).map_err(|_| crate::Error::Internal("the clock is out of range"))
}

/// The instant that is `by` before `now`.
///
/// # Errors
/// [`Error::Internal`](crate::Error::Internal) before the year -9999.
pub(crate) fn before(now: Timestamp, by: SignedDuration) -> Result<Timestamp, crate::Error> {
    now.checked_sub(by).map_err(|_| crate::Error::Internal("the clock is out of range"))
}

/// Random bytes for codes and tokens, from the operating system.
pub fn random<const N: usize>() -> Result<[u8; N], crate::Error> {
    let mut bytes = [0_u8; N];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| crate::Error::Internal("the system gives no random bytes"))?;
    Ok(bytes)
}
