//! The thread for bodies that take long to understand. It is one: such work is done one after the other, so that neither those who are
//! served meanwhile nor the memory of the server feel how many send it.

use std::sync::LazyLock;

use crossbeam_channel::{Sender, bounded};
use tokio::sync::oneshot;

use super::problem::{Code, Problem};

/// How many threads there are: one keeps both cores and memory for the others.
const THREADS: usize = 1;
/// How many bodies may wait for them.
const WAITING: usize = 64;

type Job = Box<dyn FnOnce() + Send>;

static JOBS: LazyLock<Sender<Job>> = LazyLock::new(|| {
    let (send, receive) = bounded::<Job>(WAITING);
    for number in 1..=THREADS {
        let jobs = receive.clone();
        let work = move || {
            for job in &jobs {
                // The answer is lost with the panic, and the caller told; the thread goes on with the next.
                let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
            }
        };
        if let Err(error) = std::thread::Builder::new().name(format!("heavy-{number}")).spawn(work) {
            tracing::error!(%error, "a thread for large bodies could not be started");
        }
    }
    send
});

/// Does `work` on one of the threads.
///
/// # Errors
/// `unavailable` if too many wait already.
pub(crate) async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let busy = || Problem::of(Code::Unavailable).retry_after(1);
    let (send, receive) = oneshot::channel();
    let job = Box::new(move || {
        // Whoever asked may have gone: then there is nothing to do.
        if !send.is_closed() {
            let _ = send.send(work());
        }
    });
    JOBS.try_send(job).map_err(|_| busy())?;
    receive.await.map_err(|_| busy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_is_done_elsewhere() {
        let here = std::thread::current().id();
        let there = run(|| std::thread::current().id()).await.unwrap();
        assert_ne!(here, there);
    }

    #[tokio::test]
    async fn work_that_panics_is_not_the_end_of_its_thread() {
        for _ in 0..THREADS * 2 {
            assert!(run(|| panic!("meant")).await.is_err());
        }
        assert!(run(|| ()).await.is_ok());
    }
}
