//! Requests with an idempotency key that are under way in this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;

use crate::Error;

/// How long the repetition of a request waits for the first one.
const WAIT: Duration = Duration::from_secs(2);

/// Requests with an idempotency key that are under way in this process.
#[derive(Default)]
pub(crate) struct InFlight(Mutex<HashMap<Slot, Weak<tokio::sync::Mutex<()>>>>);

/// The digest of caller, operation and key.
pub(crate) type Slot = Arc<[u8]>;

impl InFlight {
    /// Waits until no other request with this key is under way; the key is taken until the guard is dropped.
    pub(crate) async fn take(&self, slot: &Slot) -> Result<OwnedMutexGuard<()>, Error> {
        let turn = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let held = all.get(slot).and_then(Weak::upgrade);
            held.unwrap_or_else(|| {
                all.retain(|_, one| one.strong_count() > 0);
                let fresh = Arc::new(tokio::sync::Mutex::new(()));
                all.insert(Arc::clone(slot), Arc::downgrade(&fresh));
                fresh
            })
        };
        tokio::time::timeout(WAIT, turn.lock_owned()).await.map_err(|_| Error::InFlight)
    }
}
