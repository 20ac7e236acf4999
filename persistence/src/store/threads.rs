//! The threads of the store, and the connections that they own.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Sender, bounded};
use r2d2::Pool;

use super::appender::{self, Append};
use super::worker::{Message, Worker};
use super::{StoreOptions, Synchronous};
use crate::connection::{Connector, Engine, Target, Use};
use crate::error::OpenError;
use crate::vault::Vault;

/// How a thread is told to end, at the latest by an instant.
pub(super) type Stop = Box<dyn Fn(Instant) + Send>;

/// Opens connections for work besides the serving of requests.
pub(super) fn maintenance(url: &str) -> Result<Connector, OpenError> {
    Ok(Connector { target: Target::parse(url)?, usage: Use::Write, synchronous: Synchronous::Full, statement_timeout: Duration::ZERO })
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

/// Starts the audit appender with its one connection, and gives the way to it.
pub(super) fn start_appender(
    threads: &mut Vec<(Stop, JoinHandle<()>)>,
    connector: &Connector,
    vault: &Arc<Vault>,
    options: &StoreOptions,
) -> Result<Sender<Append>, OpenError> {
    let (rows, for_appender) = bounded(options.queue.max(1));
    // It takes no jobs from a queue of its own: the appender hands it each commit.
    let (_, queue) = bounded(1);
    let worker = Worker { queue, pool: pool(connector.clone(), 1, options), vault: Arc::clone(vault), checkpoints: None, last_write: None };
    let timeout = options.timeout;
    let thread = std::thread::Builder::new()
        .name("db-append".to_owned())
        .spawn(move || appender::run(&worker, &for_appender, timeout))
        .map_err(|e| OpenError::Threads(e.to_string()))?;
    let stop = rows.clone();
    threads.push((Box::new(move |deadline| drop(stop.send_deadline(Append::Stop, deadline))), thread));
    Ok(rows)
}

/// How the connections of a database are shared out: `PostgreSQL` has as many as the setting says, one of them the appender's.
pub(super) struct Shares {
    pub(super) readers: u32,
    pub(super) writers: u32,
}

impl Shares {
    pub(super) fn of(engine: Engine, connections: u32) -> Self {
        match engine {
            Engine::Sqlite => Self { readers: connections.max(1), writers: 1 },
            Engine::Postgres => {
                let writers = (connections / 2).max(1);
                Self { readers: connections.saturating_sub(writers + 1).max(1), writers }
            }
        }
    }
}
