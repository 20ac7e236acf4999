//! How many connections there may be: in all, and from one source.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use application::sign_in::Source;

/// How often the log says that connections are refused.
const SAID_EVERY: Duration = Duration::from_mins(1);

/// The part of all places that only trusted proxies get: an eighth.
const KEPT_FOR_PROXIES: usize = 8;

/// The places for connections. All threads that serve share them.
#[derive(Debug)]
pub(super) struct Places {
    in_all: usize,
    per_source: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    in_all: usize,
    by_source: HashMap<String, usize>,
    refused: u64,
    said_at: Option<Instant>,
}

/// A place that a connection holds for as long as it is open.
#[derive(Debug)]
pub(crate) struct Place {
    places: Arc<Places>,
    /// `None` for a trusted proxy, whose connections are many people's.
    source: Option<String>,
}

impl Places {
    pub(super) fn new(in_all: usize, per_source: usize) -> Arc<Self> {
        Arc::new(Self { in_all, per_source, taken: Mutex::default() })
    }

    /// A place for a connection of `peer`, if there is one left.
    pub(super) fn take(self: &Arc<Self>, peer: IpAddr, is_proxy: bool) -> Option<Place> {
        let source = (!is_proxy).then(|| Source::new(peer).counted_as());
        let mut taken = self.taken();
        let of_source = source.as_ref().and_then(|source| taken.by_source.get(source)).copied().unwrap_or(0);
        // Some places are kept for those through whom many come.
        let in_all = if is_proxy { self.in_all } else { self.in_all - self.in_all / KEPT_FOR_PROXIES };
        if taken.in_all >= in_all || of_source >= self.per_source {
            taken.say_refused(Instant::now());
            return None;
        }
        taken.in_all += 1;
        if let Some(source) = &source {
            *taken.by_source.entry(source.clone()).or_default() += 1;
        }
        Some(Place { places: Arc::clone(self), source })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    /// One line in the log for a minute of refusals: an attack must not fill the disk.
    fn say_refused(&mut self, now: Instant) {
        self.refused += 1;
        if self.said_at.is_none_or(|said_at| now.duration_since(said_at) >= SAID_EVERY) {
            tracing::warn!(refused = self.refused, open = self.in_all, "connections are closed at once: all places are taken");
            self.said_at = Some(now);
            self.refused = 0;
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        taken.in_all = taken.in_all.saturating_sub(1);
        let Some(source) = &self.source else { return };
        if let Some(count) = taken.by_source.get_mut(source) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                taken.by_source.remove(source);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_source_does_not_take_all_places() {
        let places = Places::new(5, 2);
        let first = places.take(address("203.0.113.1"), false).unwrap();
        let _second = places.take(address("203.0.113.1"), false).unwrap();
        assert!(places.take(address("203.0.113.1"), false).is_none());
        assert!(places.take(address("::ffff:203.0.113.1"), false).is_none(), "it is the same source");
        let _other = places.take(address("203.0.113.2"), false).unwrap();
        drop(first);
        assert!(places.take(address("203.0.113.1"), false).is_some());
    }

    #[test]
    fn an_ipv6_network_is_one_source() {
        let places = Places::new(5, 1);
        let _first = places.take(address("2001:db8::1"), false).unwrap();
        assert!(places.take(address("2001:db8::2"), false).is_none());
        assert!(places.take(address("2001:db8:0:1::1"), false).is_some());
    }

    #[test]
    fn some_places_are_kept_for_proxies() {
        let places = Places::new(16, 1);
        let held: Vec<_> = (1..=20).filter_map(|last| places.take(address(&format!("203.0.113.{last}")), false)).collect();
        assert_eq!(held.len(), 14);
        assert!(places.take(address("10.0.0.1"), true).is_some());
    }

    #[test]
    fn a_proxy_may_take_all_places_and_no_more() {
        let places = Places::new(3, 1);
        let held: Vec<_> = (0..3).map(|_| places.take(address("10.0.0.1"), true).unwrap()).collect();
        assert!(places.take(address("10.0.0.1"), true).is_none());
        drop(held);
        assert!(places.taken().by_source.is_empty());

        assert_eq!(places.taken().in_all, 0);
    }
}
