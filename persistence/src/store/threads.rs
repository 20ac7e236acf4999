//! The threads of the store, and the connections that they own.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Sender, bounded};
use r2d2::Pool;

use super::groups::{self, Request, Rows, Sessions, Shared};
use super::worker::{Message, Worker};
use super::{StoreOptions, Synchronous};
use crate::connection::{Connector, Engine, Plans, Target, Use};
use crate::error::OpenError;
use crate::vault::Vault;

/// How a thread is told to end, at the latest by an instant.
pub(super) type Stop = Box<dyn Fn(Instant) + Send>;

/// Opens connections for work besides the serving of requests.
pub(super) fn maintenance(url: &str) -> Result<Connector, OpenError> {
    Ok(Connector {
        target: Target::parse(url)?,
        usage: Use::Write,
        plans: Plans::ByValue,
        synchronous: Synchronous::Full,
        statement_timeout: Duration::ZERO,
    })
}

pub(super) fn pool(connector: Connector, size: u32, options: &StoreOptions) -> Pool<Connector> {
    Pool::builder()
        .max_size(size)
        .min_idle(None)
        // Broken connections are known as such when they come back; asking each time would cost a round trip.
        .test_on_check_out(false)
        .max_lifetime(None)
        .idle_timeout(None)
        .connection_timeout(options.timeout.max(Duration::from_millis(100)))
        .error_handler(Box::new(Quiet))
        .build_unchecked(connector)
}

/// Says that a connection failed; the reason only, which holds no credentials.
#[derive(Debug)]
struct Quiet;

impl<E: std::fmt::Display> r2d2::HandleError<E> for Quiet {
    fn handle_error(&self, error: E) {
        tracing::warn!(%error, "no connection to the database");
    }
}

pub(super) fn start(
    threads: &mut Vec<(Stop, JoinHandle<()>)>,
    queue: &Sender<Message>,
    worker: Worker,
    count: u32,
    name: &str,
    run: fn(&Worker),
) -> Result<(), OpenError> {
    let worker = Arc::new(worker);
    for number in 1..=count {
        let worker = Arc::clone(&worker);
        let thread = std::thread::Builder::new()
            .name(format!("db-{name}-{number}"))
            .spawn(move || run(&worker))
            .map_err(|e| OpenError::Threads(e.to_string()))?;
        let queue = queue.clone();
        // A queue that is gone needs no message.
        threads.push((Box::new(move |deadline| drop(queue.send_deadline(Message::Stop, deadline))), thread));
    }
    Ok(())
}

/// The ways to the shared journeys of `PostgreSQL`.
pub(super) struct SharedJourneys {
    pub(super) rows: Sender<Request<Rows>>,
    pub(super) sessions: Sender<Request<Sessions>>,
}

/// Starts the threads of the shared journeys, each with a connection of its own; where there is only one that reads, sessions share it.
pub(super) fn start_shared(
    threads: &mut Vec<(Stop, JoinHandle<()>)>,
    connector: &Connector,
    readers: Pool<Connector>,
    vault: &Arc<Vault>,
    options: &StoreOptions,
) -> Result<SharedJourneys, OpenError> {
    let once = Connector { plans: Plans::Once, ..connector.clone() };
    let alone = Connector { usage: Use::Read, ..once.clone() };
    let readers = if readers.max_size() > 1 { pool(alone, 1, options) } else { readers };
    let sessions = start_group(threads, "db-sessions", readers, vault, options)?;
    let rows = start_group(threads, "db-append", pool(once, 1, options), vault, options)?;
    Ok(SharedJourneys { rows, sessions })
}

/// Starts the thread of a shared journey, and gives the way to it.
fn start_group<S: Shared>(
    threads: &mut Vec<(Stop, JoinHandle<()>)>,
    name: &str,
    pool: Pool<Connector>,
    vault: &Arc<Vault>,
    options: &StoreOptions,
) -> Result<Sender<Request<S>>, OpenError> {
    let (requests, waiting) = bounded(options.queue.max(1));
    // The worker takes no jobs from a queue of its own: it is handed each group.
    let (_, queue) = bounded(1);
    let worker = Worker { queue, pool, vault: Arc::clone(vault), checkpoints: None, last_write: None };
    let timeout = options.timeout;
    let thread = std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || groups::run::<S>(&worker, &waiting, timeout))
        .map_err(|e| OpenError::Threads(e.to_string()))?;
    let stop = requests.clone();
    threads.push((Box::new(move |deadline| drop(stop.send_deadline(Request::Stop, deadline))), thread));
    Ok(requests)
}

/// How the connections of a database are shared out. `PostgreSQL` has as many as the setting says: one of them appends to the trail, and one of the readers' is
/// for sessions, if there are two.
pub(super) struct Shares {
    /// Connections that read.
    pub(super) readers: u32,
    /// Connections that write.
    pub(super) writers: u32,
    /// Threads that read what is not shared.
    pub(super) reading: u32,
}

impl Shares {
    pub(super) fn of(engine: Engine, connections: u32) -> Self {
        match engine {
            Engine::Sqlite => Self { readers: connections.max(1), writers: 1, reading: connections.max(1) },
            Engine::Postgres => {
                let writers = (connections / 2).max(1);
                let readers = connections.saturating_sub(writers + 1).max(1);
                Self { readers, writers, reading: readers.saturating_sub(1).max(1) }
            }
        }
    }
}
