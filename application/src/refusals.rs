//! Refusals that leave no row of their own: asking too often, no session, no operation. They are counted per source and minute, so that a
//! flood of them is one row, and the audit trail cannot be filled by strangers.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use domain::access::may;
use jiff::Timestamp;
use persistence::Importance;
use serde_json::json;

use crate::sign_in::Source;
use crate::work::SystemActor;
use crate::{App, Error, Permitted};

/// How many sources are told apart; what comes from further ones is counted together.
const MOST_SOURCES: usize = 10_000;

/// The name under which further sources are counted.
const OTHERS: &str = "others";

/// How often each refusal happened, by source and by the minute in which it happened.
#[derive(Default)]
pub(crate) struct Refusals(Mutex<HashMap<Origin, Counts>>);

/// A minute, and where the requests came from.
type Origin = (Timestamp, String);

/// How often each code.
type Counts = BTreeMap<&'static str, u64>;

impl Refusals {
    fn count(&self, minute: Timestamp, source: Option<Source>, code: &'static str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut key = (minute, source.map_or_else(|| OTHERS.to_owned(), Source::counted_as));
        if all.len() >= MOST_SOURCES && !all.contains_key(&key) {
            OTHERS.clone_into(&mut key.1);
        }
        *all.entry(key).or_default().entry(code).or_default() += 1;
    }

    /// Takes out what was counted before `now`'s minute, or all of it.
    fn take(&self, before: Option<Timestamp>) -> Vec<(Origin, Counts)> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = |minute: &Timestamp| before.is_none_or(|before| *minute < before);
        let mut taken: Vec<(Origin, Counts)> = all.extract_if(|(minute, _), _| is_over(minute)).collect();
        taken.sort();
        taken
    }

    /// Puts back what could not be written.
    fn put_back(&self, counted: Vec<(Origin, Counts)>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, codes) in counted {
            let kept = all.entry(key).or_default();
            for (code, count) in codes {
                *kept.entry(code).or_default() += count;
            }
        }
    }
}

/// The minute of an instant.
fn minute_of(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second().div_euclid(60).saturating_mul(60)).unwrap_or(at)
}

impl App {
    /// Counts a refusal that leaves no row of its own.
    pub fn count_refusal(&self, source: Option<Source>, code: &'static str) {
        self.refusals.count(minute_of(self.clock.now()), source, code);
    }

    /// Writes the counts of the minutes that are over, or at the end of the program all of them: one row for each source and minute.
    ///
    /// # Errors
    /// Those of the database; what was counted is kept, and written the next time.
    pub async fn write_refusals(&self, is_end: bool) -> Result<usize, Error> {
        let now = self.clock.now();
        let counted = self.refusals.take((!is_end).then(|| minute_of(now)));
        if counted.is_empty() {
            return Ok(0);
        }
        let context = Permitted::<may::CountRefusals>::by_system(SystemActor::Scheduler).context;
        let rows: Vec<_> = counted
            .iter()
            .map(|((minute, source), codes)| {
                let facts = json!({ "source": source, "since": minute.to_string(), "refusals": codes });
                crate::work::counted(&context, now, facts)
            })
            .collect();
        let written =
            self.store.write_as(Importance::Essential, move |tx| rows.iter().try_for_each(|row| persistence::audit::insert(tx, row))).await;
        match written {
            Ok(()) => Ok(counted.len()),
            Err(error) => {
                // A commit in doubt is not written twice.
                if error != persistence::Error::Unavailable {
                    self.refusals.put_back(counted);
                }
                Err(error.into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_counted_by_source_and_minute() {
        let refusals = Refusals::default();
        let minute = |n: i64| Timestamp::from_second(n * 60).unwrap();
        for _ in 0..3 {
            refusals.count(minute(1), None, "not_signed_in");
        }
        refusals.count(minute(1), None, "too_many_requests");
        refusals.count(minute(2), None, "not_signed_in");
        let taken = refusals.take(Some(minute(2)));
        assert_eq!(taken.len(), 1);
        assert_eq!(taken[0].1, BTreeMap::from([("not_signed_in", 3), ("too_many_requests", 1)]));
        refusals.put_back(taken);
        assert_eq!(refusals.take(None).len(), 2);
        assert!(refusals.take(None).is_empty());
    }

    #[test]
    fn more_sources_than_can_be_told_apart_are_counted_together() {
        let refusals = Refusals::default();
        for n in 0..MOST_SOURCES + 50 {
            let address = std::net::Ipv4Addr::from(u32::try_from(n).unwrap() + 0x0A00_0000);
            refusals.count(Timestamp::UNIX_EPOCH, Some(Source::new(address.into())), "not_found");
        }
        let taken = refusals.take(None);
        assert_eq!(taken.len(), MOST_SOURCES + 1);
        assert_eq!(taken.iter().map(|(_, codes)| codes["not_found"]).sum::<u64>(), u64::try_from(MOST_SOURCES + 50).unwrap());
    }
}
