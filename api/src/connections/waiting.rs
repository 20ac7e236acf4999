//! How long the other side of a connection was waited for.

use std::pin::Pin;
use std::task::Context;

use tokio::time::{Duration, Instant, Sleep, sleep_until};

/// How long the other side was waited for, and what came of it.
#[derive(Default)]
pub(super) struct Waiting {
    /// Since when it is waited for.
    pub(super) since: Option<Instant>,
    /// How long it was waited for before, within the window.
    so_far: Duration,
    /// Bytes within the window.
    passed: u64,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Waiting {
    /// Some bytes passed.
    pub(super) fn passed(&mut self, bytes: usize, now: Instant) {
        if let Some(since) = self.since.take() {
            self.so_far += now.saturating_duration_since(since);
        }
        self.passed = self.passed.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }

    /// When the window of waiting ends, if nothing passes before.
    pub(super) fn end_of(&mut self, window: Duration, now: Instant) -> Instant {
        let since = *self.since.get_or_insert(now);
        since + window.saturating_sub(self.so_far)
    }

    /// Ends a window that is over; says whether too little passed in it.
    pub(super) fn is_too_slow(&mut self, window: Duration, rate: u64, now: Instant) -> bool {
        if now < self.end_of(window, now) {
            return false;
        }
        let too_slow = self.passed < rate.saturating_mul(window.as_secs());
        *self = Self { timer: self.timer.take(), ..Self::default() };
        too_slow
    }

    /// Begins anew.
    pub(super) fn reset(&mut self) {
        (self.since, self.so_far, self.passed) = (None, Duration::ZERO, 0);
    }

    /// Wakes the task at `deadline` or before: whoever wakes too early looks again.
    pub(super) fn wake_at(&mut self, deadline: Instant, cx: &mut Context<'_>) {
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if timer.deadline() > deadline || timer.is_elapsed() {
            timer.as_mut().reset(deadline);
        }
        while timer.as_mut().poll(cx).is_ready() {
            let next = deadline.max(Instant::now() + Duration::from_millis(1));
            timer.as_mut().reset(next);
        }
    }
}
