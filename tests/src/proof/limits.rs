//! Limits that a test does not meet by accident.

use api::limits::Limits;

/// Limits that nobody meets: a test makes as many requests in a second as people do in a day.
pub fn unlimited() -> Limits {
    const MANY: u64 = 1_000_000;
    Limits {
        person_rate: MANY,
        person_burst: MANY,
        costly_rate: MANY,
        costly_burst: MANY,
        source_rate: MANY,
        source_burst: MANY,
        quote_rate: MANY,
        quote_burst: MANY,
        stop_delay: 0,
        ..Limits::default()
    }
}
