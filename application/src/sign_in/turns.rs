//! Whose turn it is: few work at once, and those who wait take turns by where they come from. Whoever sends many waits for their own.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::Source;
use crate::Error;

/// How many of one source may wait.
const MOST_WAITING: usize = 16;
/// Seconds after which one of them is done.
const RETRY_AFTER: u32 = 1;

/// Turns among sources.
#[derive(Debug)]
pub(super) struct Turns {
    at_once: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    working: usize,
    /// Each source with those of it who wait; the first is next.
    waiting: VecDeque<(String, VecDeque<oneshot::Sender<Turn>>)>,
}

/// A turn that somebody has; the next one comes when it is dropped.
#[derive(Debug)]
pub(super) struct Turn(Option<Arc<Turns>>);

impl Turns {
    pub(super) fn new(at_once: usize) -> Arc<Self> {
        Arc::new(Self { at_once: at_once.max(1), state: Mutex::default() })
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// Throttled if too many of the same source wait already, busy if the turn does not come within the patience.
    pub(super) async fn take(self: &Arc<Self>, source: Option<Source>, timeout: Duration) -> Result<Turn, Error> {
        let key = source.map_or_else(String::new, Source::counted_as);
        let waiter = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            if state.working < self.at_once {
                state.working += 1;
                return Ok(Turn(Some(Arc::clone(self))));
            }
            let (send, receive) = oneshot::channel();
            match state.waiting.iter_mut().find(|(source, _)| *source == key) {
                Some((_, own)) => {
                    own.retain(|waiter| !waiter.is_closed());
                    if own.len() >= MOST_WAITING {
                        return Err(Error::Throttled(RETRY_AFTER));
                    }
                    own.push_back(send);
                }
                None => state.waiting.push_back((key, VecDeque::from([send]))),
            }
            receive
        };
        match tokio::time::timeout(timeout, waiter).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(Error::Stored(persistence::Error::Busy)),
        }
    }

    /// Gives a turn that ended to the next who waits.
    fn pass_on(self: &Arc<Self>) {
        loop {
            let next = {
                let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
                let Some((source, mut own)) = state.waiting.pop_front() else {
                    state.working = state.working.saturating_sub(1);
                    return;
                };
                let next = own.pop_front();
                if !own.is_empty() {
                    state.waiting.push_back((source, own));
                }
                next
            };
            match next.map(|waiter| waiter.send(Turn(Some(Arc::clone(self))))) {
                Some(Ok(())) => return,
                // They have gone; what they are not given is not to be passed on twice.
                Some(Err(mut turn)) => turn.0 = None,
                None => {}
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(turns) = self.0.take() {
            turns.pass_on();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Turns {
        fn working(&self) -> usize {
            self.state.lock().unwrap().working
        }
    }

    const LONG: Duration = Duration::from_mins(1);

    fn source(last: u8) -> Source {
        Source::new(std::net::Ipv4Addr::new(203, 0, 113, last).into())
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_sends_many_waits_for_their_own() {
        let turns = Turns::new(1);
        let first = turns.take(Some(source(1)), LONG).await.unwrap();
        let (told, mut done) = tokio::sync::mpsc::unbounded_channel();
        for (number, last) in [(1, 1), (2, 1), (3, 1), (4, 2), (5, 3), (6, 2)] {
            let (turns, told) = (Arc::clone(&turns), told.clone());
            tokio::spawn(async move {
                let turn = turns.take(Some(source(last)), LONG).await.unwrap();
                told.send(number).unwrap();
                drop(turn);
            });
            tokio::task::yield_now().await;
        }
        drop((first, told));
        let mut order = Vec::new();
        while let Some(number) = done.recv().await {
            order.push(number);
        }
        assert_eq!(order, [1, 4, 5, 2, 6, 3]);
        assert_eq!(turns.working(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn of_one_source_so_many_wait_and_no_more() {
        let turns = Turns::new(1);
        let first = turns.take(Some(source(1)), LONG).await.unwrap();
        let waiting: Vec<_> = (0..MOST_WAITING)
            .map(|_| {
                let turns = Arc::clone(&turns);
                tokio::spawn(async move { turns.take(Some(source(1)), LONG).await.map(drop) })
            })
            .collect();
        tokio::task::yield_now().await;
        assert!(matches!(turns.take(Some(source(1)), LONG).await, Err(Error::Throttled(1))));
        let other = Arc::clone(&turns);
        let other = tokio::spawn(async move { other.take(Some(source(2)), LONG).await.map(drop) });
        tokio::task::yield_now().await;
        drop(first);
        other.await.unwrap().unwrap();
        for one in waiting {
            one.await.unwrap().unwrap();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_went_away_keep_nobody_waiting() {
        let turns = Turns::new(1);
        let first = turns.take(Some(source(1)), LONG).await.unwrap();
        let short = turns.take(Some(source(2)), Duration::from_secs(1)).await;
        assert!(matches!(short, Err(Error::Stored(persistence::Error::Busy))));
        drop(first);
        let again = turns.take(Some(source(3)), LONG).await.unwrap();
        drop(again);
        assert_eq!(turns.working(), 0);
    }
}
