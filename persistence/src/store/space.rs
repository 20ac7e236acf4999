//! Free space on the disk of an embedded database. It is kept for what must go on when the disk runs full: the trail, and signing in and out.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a look at the disk is good for.
const GOOD_FOR: Duration = Duration::from_millis(100);

/// How much must be free for writes to be taken, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpaceLimits {
    /// Below this only what is essential is written.
    pub ordinary: u64,
    /// Below this nothing is written.
    pub essential: u64,
}

impl Default for SpaceLimits {
    fn default() -> Self {
        Self { ordinary: 256 << 20, essential: 64 << 20 }
    }
}

/// The purpose of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Importance {
    /// It can wait for a larger disk.
    Ordinary,
    /// Without it nobody can be served: the trail, and signing in and out.
    Essential,
}

/// The disk of an embedded database; of a server's nothing is known here.
pub(crate) struct Space {
    place: Option<PathBuf>,
    limits: SpaceLimits,
    free: AtomicU64,
    looked_at: Mutex<Option<Instant>>,
    /// The level that was logged last.
    said: AtomicU8,
}

/// The room on the disk. A change of the level is logged, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    Everything = 0,
    Essential = 1,
    Nothing = 2,
}

impl Space {
    pub(crate) fn new(place: Option<&Path>, limits: SpaceLimits) -> Self {
        Self {
            place: place.map(Path::to_owned),
            limits,
            free: AtomicU64::new(u64::MAX),
            looked_at: Mutex::default(),
            said: AtomicU8::new(Room::Everything.code()),
        }
    }

    /// Whether there is room for a write.
    pub(crate) fn has_room(&self, importance: Importance) -> bool {
        let room = self.room();
        match importance {
            Importance::Ordinary => room == Room::Everything,
            Importance::Essential => room != Room::Nothing,
        }
    }

    fn room(&self) -> Room {
        let Some(place) = &self.place else { return Room::Everything };
        let mut looked_at = self.looked_at.lock().unwrap_or_else(PoisonError::into_inner);
        if looked_at.is_none_or(|at| at.elapsed() >= GOOD_FOR) {
            *looked_at = Some(Instant::now());
            // A disk that cannot be asked is judged by its writes.
            let free = rustix::fs::statvfs(place).map_or(u64::MAX, |disk| disk.f_bavail.saturating_mul(disk.f_frsize));
            self.free.store(free, Ordering::Relaxed);
        }
        let free = self.free.load(Ordering::Relaxed);
        let room = if free < self.limits.essential {
            Room::Nothing
        } else if free < self.limits.ordinary {
            Room::Essential
        } else {
            Room::Everything
        };
        if self.said.swap(room.code(), Ordering::Relaxed) != room.code() {
            let free = free >> 20;
            match room {
                Room::Everything => tracing::info!(free_mib = free, "the disk has room again: everything is written"),
                Room::Essential => tracing::error!(free_mib = free, "the disk runs full: only the trail and sign-ins are written"),
                Room::Nothing => tracing::error!(free_mib = free, "the disk is full: nothing is written"),
            }
        }
        room
    }
}

impl Room {
    const fn code(self) -> u8 {
        match self {
            Self::Everything => 0,
            Self::Essential => 1,
            Self::Nothing => 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(ordinary: u64, essential: u64) -> (bool, bool) {
        let space = Space::new(Some(Path::new("/")), SpaceLimits { ordinary, essential });
        (space.has_room(Importance::Ordinary), space.has_room(Importance::Essential))
    }

    #[test]
    fn what_is_essential_is_written_longer_than_the_rest() {
        assert_eq!(room(0, 0), (true, true));
        assert_eq!(room(u64::MAX, 0), (false, true));
        assert_eq!(room(u64::MAX, u64::MAX), (false, false));
    }

    #[test]
    fn of_another_machines_disk_nothing_is_known() {
        let space = Space::new(None, SpaceLimits { ordinary: u64::MAX, essential: u64::MAX });
        assert!(space.has_room(Importance::Ordinary));
    }
}
