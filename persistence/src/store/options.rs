//! How a store is opened.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretBox;

use super::SpaceLimits;

/// How hard `SQLite` syncs. Everything but [`Synchronous::Full`] can lose acknowledged writes when the power fails; the weaker
/// mode exists so that the test which counts syncs can be seen to fail.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Synchronous {
    /// Every commit reaches the disk before it is acknowledged.
    Full,
    /// Commits reach the disk at checkpoints only.
    Normal,
}

/// How a store is opened.
pub struct StoreOptions {
    /// `sqlite:<path of a file>` or `postgres://…`.
    pub url: String,
    /// The key that wraps the data keys; 32 bytes.
    pub master_key: SecretBox<[u8; 32]>,
    /// The present instant, to stamp data keys made at the first opening.
    pub now: Timestamp,
    /// Threads that read; on `PostgreSQL` as many again that write (`SQLite` has one writer).
    pub pool_size: u32,
    /// How many jobs may wait for a reader, and as many for a writer, before the next is refused as busy.
    pub queue: usize,
    /// How long a job may take, waiting included, before its caller is told that the database is unavailable.
    pub timeout: Duration,
    /// Whether missing migrations run at once instead of refusing.
    pub auto_migrate: bool,
    /// How much of the disk of an embedded database must be free.
    pub space: SpaceLimits,
    #[doc(hidden)]
    pub synchronous: Synchronous,
}

impl StoreOptions {
    /// The usual settings: four readers, 1,024 waiting jobs, two seconds of patience, no migration.
    pub fn new(url: impl Into<String>, master_key: SecretBox<[u8; 32]>, now: Timestamp) -> Self {
        Self {
            url: url.into(),
            master_key,
            now,
            pool_size: 4,
            queue: 1024,
            timeout: Duration::from_secs(2),
            auto_migrate: false,
            space: SpaceLimits::default(),
            synchronous: Synchronous::Full,
        }
    }
}

impl fmt::Debug for StoreOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL may hold a password.
        f.debug_struct("StoreOptions").field("pool_size", &self.pool_size).field("queue", &self.queue).finish_non_exhaustive()
    }
}
