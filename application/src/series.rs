//! Identifiers that are the same in every demo: numbered by series and kind.

use std::collections::HashMap;

use domain::ids::{Id, IdKind};
use uuid::Builder;

/// The instant of the first identifier, 1 January 2026 (UTC), in milliseconds: before whatever a server makes afterwards.
const FIRST: u64 = 1_767_225_600_000;

/// How many identifiers of a kind a series has room for.
const ROOM: u64 = 10_000;

/// A row of identifiers: those of one case, or of the people and places.
#[derive(Debug)]
pub(crate) struct Series {
    number: u64,
    /// How many of each kind there are.
    made: HashMap<&'static str, u64>,
}

impl Series {
    /// The series of a number, from its beginning.
    pub(crate) fn new(number: u64) -> Self {
        Self { number, made: HashMap::new() }
    }

    /// The next identifier of its kind.
    pub(crate) fn next<K: IdKind>(&mut self) -> Id<K> {
        let made = self.made.entry(K::PREFIX).or_default();
        *made += 1;
        of_series(self.number, *made)
    }
}

/// The `place`-th identifier of its kind in a series, from 1. Its bytes tell its kind: one table may hold several kinds.
pub(crate) fn of_series<K: IdKind>(series: u64, place: u64) -> Id<K> {
    let mut kind = [0; 10];
    // The first byte is the version's.
    for (byte, letter) in kind.iter_mut().skip(1).zip(K::PREFIX.bytes()) {
        *byte = letter;
    }
    Id::from_uuid(Builder::from_unix_timestamp_millis(FIRST + series * ROOM + place, &kind).into_uuid())
}
