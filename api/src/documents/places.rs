//! How many files one person sends at once: whoever sends slowly keeps nobody else waiting.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::ids::UserId;

use crate::http::problem::{Code, Problem};

/// The places for files that arrive; every person has some of their own.
#[derive(Clone, Debug)]
pub(crate) struct UploadPlaces {
    per_person: u64,
    taken: Arc<Mutex<HashMap<UserId, u64>>>,
}

/// A place that is held while a file arrives.
#[derive(Debug)]
pub(crate) struct UploadPlace {
    places: UploadPlaces,
    person: UserId,
}

impl UploadPlaces {
    pub(crate) fn new(per_person: u64) -> Self {
        Self { per_person, taken: Arc::default() }
    }

    /// A place for a person.
    ///
    /// # Errors
    /// `too_many_uploads` if they hold all of theirs.
    pub(crate) fn take(&self, person: UserId) -> Result<UploadPlace, Problem> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(person).or_default();
        if *count >= self.per_person {
            return Err(Problem::of(Code::TooManyUploads).retry_after(RETRY_AFTER).with("limit", self.per_person.to_string()));
        }
        *count += 1;
        Ok(UploadPlace { places: self.clone(), person })
    }
}

/// Seconds after which one of the files may have arrived.
const RETRY_AFTER: u32 = 5;

impl Drop for UploadPlace {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.person) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                taken.remove(&self.person);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_holds_so_many_places_and_no_more_and_others_theirs() {
        let places = UploadPlaces::new(2);
        let person = |second| application::clock::fresh(jiff::Timestamp::from_second(second).unwrap());
        let (one, other) = (person(1), person(2));
        let first = places.take(one).unwrap();
        let _second = places.take(one).unwrap();
        assert_eq!(places.take(one).unwrap_err().code, "too_many_uploads");
        let _others = places.take(other).unwrap();
        drop(first);
        assert!(places.take(one).is_ok());
    }
}
