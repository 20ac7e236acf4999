//! The store: jobs in, committed results out; the engine stays hidden.
//!
//! Threads of the store own the connections and take jobs from bounded queues. A full queue answers [`Error::Busy`] at once,
//! a database that is gone answers [`Error::Unavailable`] within the caller's patience.

mod checkpoints;
#[cfg(test)]
mod full_disk;
mod groups;
mod options;
mod outcome;
mod space;
mod task;
mod threads;
mod transaction;
mod worker;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Sender, TrySendError, bounded};
use domain::ids::SessionId;
use jiff::Timestamp;
use r2d2::Pool;
use secrecy::SecretBox;
use tokio::sync::oneshot;

pub use options::{StoreOptions, Synchronous};
pub use space::{Importance, SpaceLimits};
pub use transaction::Transaction;

use crate::audit::{self, Entry};
use crate::connection::{Connection, Connector, Engine, Plans, Target, Use};
use crate::error::{Error, OpenError};
use crate::identifiers;
use crate::migrations;
use crate::sessions::{self, Authenticated};
use crate::vault::Vault;
use crate::vault_steps;
use groups::{Request, Shared};
use outcome::LastWrite;
use space::Space;
use task::Waiting;
use threads::{SharedJourneys, Shares, Stop, maintenance, pool, start, start_shared};
use worker::{Message, Worker};

/// The database. Cheap to clone; all clones share threads and connections.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    vault: Arc<Vault>,
    reads: Sender<Message>,
    writes: Sender<Message>,
    shortcut: Shortcut,
    timeout: Duration,
    space: Space,
    last_write: Arc<LastWrite>,
    newest: Option<Timestamp>,
    closing: AtomicBool,
    threads: Mutex<Vec<(Stop, JoinHandle<()>)>>,
    checkpointer: Mutex<Option<JoinHandle<()>>>,
}

/// How an engine looks up a session and appends to the trail. Each request does both.
enum Shortcut {
    /// `SQLite`: on the caller's own thread, with a reader's connection. Its one writer appends.
    Here(Pool<Connector>),
    /// `PostgreSQL`: together with what other requests wait for.
    Shared(SharedJourneys),
}

/// How many jobs wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Jobs waiting for a reader.
    pub reads_waiting: usize,
    /// Jobs waiting for a writer.
    pub writes_waiting: usize,
}

impl Store {
    /// Opens the database, makes or unwraps its keys, and starts the threads.
    ///
    /// # Errors
    /// A wrong URL or master key, an unreachable or unsafe database, or one that needs migration.
    #[expect(clippy::needless_pass_by_value, reason = "the master key is given away, so that no copy outlives the opening")]
    pub fn open(options: StoreOptions) -> Result<Self, OpenError> {
        let connector = Connector {
            target: Target::parse(&options.url)?,
            usage: Use::Write,
            plans: Plans::ByValue,
            synchronous: options.synchronous,
            statement_timeout: options.timeout,
        };
        let mut connection = connector.open()?;
        let mut pending = migrations::pending(&mut connection)?;
        if pending.is_empty() {
            pending = vault_steps::pending(&mut connection)?;
        }
        if !pending.is_empty() && !options.auto_migrate {
            return Err(OpenError::NeedsMigration(pending));
        }
        let (vault, _) = bring_up_to_date(&connector, connection, &options)?;
        let vault = Arc::new(vault);
        let newest = identifiers::after_newest(&mut Transaction::new(&mut connector.open()?, &vault))
            .map_err(|e| OpenError::Unreachable(e.to_string()))?;
        let (space, last_write) = (Space::new(connector.target.directory().as_deref(), options.space), Arc::new(LastWrite::default()));
        let (to_readers, for_readers) = bounded(options.queue.max(1));
        let (to_writers, for_writers) = bounded(options.queue.max(1));
        let engine = connector.target.engine();
        let Shares { readers, writers, reading: reading_threads } = Shares::of(engine, options.pool_size);
        let reader = Connector { usage: Use::Read, ..connector.clone() };
        let mut threads = Vec::new();
        let reading = Worker {
            queue: for_readers,
            pool: pool(reader, readers, &options),
            vault: Arc::clone(&vault),
            checkpoints: None,
            last_write: None,
        };
        let readers_pool = reading.pool.clone();
        start(&mut threads, &to_readers, reading, reading_threads, "read", Worker::read)?;
        let (wake, checkpointer) = match engine {
            Engine::Sqlite => checkpoints::start(&connector).map(|(wake, thread)| (Some(wake), Some(thread)))?,
            Engine::Postgres => (None, None),
        };
        let shortcut = match engine {
            Engine::Sqlite => Shortcut::Here(readers_pool),
            Engine::Postgres => Shortcut::Shared(start_shared(&mut threads, &connector, readers_pool, &vault, &options)?),
        };
        let pool = pool(connector, writers, &options);
        let writing =
            Worker { queue: for_writers, pool, vault: Arc::clone(&vault), checkpoints: wake, last_write: Some(Arc::clone(&last_write)) };
        let write = match engine {
            Engine::Sqlite => Worker::write_groups,
            Engine::Postgres => Worker::write_each,
        };
        start(&mut threads, &to_writers, writing, writers, "write", write)?;
        let inner = Inner {
            engine,
            vault,
            reads: to_readers,
            writes: to_writers,
            shortcut,
            timeout: options.timeout,
            space,
            last_write,
            newest,
            closing: AtomicBool::new(false),
            threads: Mutex::new(threads),
            checkpointer: Mutex::new(checkpointer),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Runs the migrations that the database lacks and names them. Some take the keys of the vault, so it takes the master key.
    ///
    /// # Errors
    /// A wrong URL or master key, an unreachable or unsafe database, or a migration that failed; then it has changed nothing.
    pub fn migrate(options: &StoreOptions) -> Result<Vec<String>, OpenError> {
        let connector = maintenance(&options.url)?;
        let connection = connector.open()?;
        bring_up_to_date(&connector, connection, options).map(|(_, done)| done)
    }

    /// Wraps the data keys by another master key. Servers that run go on with the keys that they hold; from their next start on they need
    /// the new one.
    ///
    /// # Errors
    /// [`OpenError::WrongMasterKey`] if `old` is not the master key in force; nothing has changed then.
    pub fn change_master_key(url: &str, old: &SecretBox<[u8; 32]>, new: &SecretBox<[u8; 32]>) -> Result<(), OpenError> {
        let mut connection = maintenance(url)?.open()?;
        let pending = migrations::pending(&mut connection)?;
        if !pending.is_empty() {
            return Err(OpenError::NeedsMigration(pending));
        }
        Vault::change_master_key(&mut connection, old, new)
    }

    /// The instant after the newest identifier that was stored when the database was opened: new ones are made from here on.
    pub fn newest(&self) -> Option<Timestamp> {
        self.inner.newest
    }

    /// The kind of database.
    pub fn engine(&self) -> Engine {
        self.inner.engine
    }

    /// The keys.
    pub fn vault(&self) -> &Vault {
        &self.inner.vault
    }

    /// How many jobs wait.
    pub fn load(&self) -> Load {
        Load { reads_waiting: self.inner.reads.len(), writes_waiting: self.inner.writes.len() }
    }

    /// Runs a job that only asks; the database refuses writes. It may run more than once. On `PostgreSQL` each of its
    /// statements sees the newest committed rows; on `SQLite` they all see the same.
    pub async fn read<T, E, J>(&self, job: J) -> Result<T, E>
    where
        J: Fn(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.wait(self.submit(&self.inner.reads, job)?).await
    }

    /// Runs a job in a transaction that commits if the job is content and rolls back if it is not; the answer leaves after
    /// the commit. The job may run more than once, so it changes nothing outside.
    pub async fn write<T, E, J>(&self, job: J) -> Result<T, E>
    where
        J: Fn(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.write_as(Importance::Ordinary, job).await
    }

    /// [`Store::write`] for what may be more important than the rest when the disk runs full.
    ///
    /// # Errors
    /// [`Error::DiskFull`] if there is no room for it.
    pub async fn write_as<T, E, J>(&self, importance: Importance, job: J) -> Result<T, E>
    where
        J: Fn(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        if !self.inner.space.has_room(importance) {
            return Err(E::from(Error::DiskFull));
        }
        self.wait(self.submit(&self.inner.writes, job)?).await
    }

    /// Appends a row to the audit trail: committed, with those of other requests, when this returns.
    ///
    /// # Errors
    /// [`Error::Unavailable`] also if it may have been written: it must not be tried again.
    pub async fn append(&self, entry: Entry) -> Result<(), Error> {
        match &self.inner.shortcut {
            Shortcut::Shared(shared) => self.share(&shared.rows, entry).await,
            Shortcut::Here(_) => self.write_as(Importance::Essential, move |tx| audit::insert(tx, &entry)).await,
        }
    }

    /// A session with its user and the user's roles, as it is now. Where the database is a file in this machine it is looked up on the caller's own thread: the
    /// journey to another one takes longer than the answer. On `PostgreSQL` one journey finds the sessions of all requests that wait.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn find_session(&self, id: SessionId) -> Result<Option<Authenticated>, Error> {
        match &self.inner.shortcut {
            Shortcut::Shared(shared) => self.share(&shared.sessions, id).await?,
            Shortcut::Here(pool) => match self.find_session_here(pool, id) {
                Some(found) => found,
                None => self.read(move |tx| sessions::find_authenticated(tx, id)).await,
            },
        }
    }

    /// Looks a session up on the caller's own thread; nothing if no connection is idle.
    fn find_session_here(&self, pool: &Pool<Connector>, id: SessionId) -> Option<Result<Option<Authenticated>, Error>> {
        if self.inner.closing.load(Ordering::SeqCst) {
            return None;
        }
        let mut pooled = pool.try_get()?;
        let mut tx = Transaction::new(&mut pooled.connection, &self.inner.vault);
        let found = sessions::find_authenticated(&mut tx, id);
        if tx.fault().is_some() {
            pooled.broken = true;
            return None;
        }
        Some(found)
    }

    async fn share<S: Shared>(&self, journey: &Sender<Request<S>>, item: S::Item) -> Result<S::Answer, Error> {
        if self.inner.closing.load(Ordering::SeqCst) {
            return Err(Error::Unavailable);
        }
        let (reply, answer) = oneshot::channel();
        match journey.try_send(Request::One(Box::new(item), reply)) {
            Ok(()) => self.wait(answer).await,
            Err(TrySendError::Full(_)) => Err(Error::Busy),
            Err(TrySendError::Disconnected(_)) => Err(Error::Unavailable),
        }
    }

    /// [`Store::read`] for callers without an async runtime.
    pub fn read_blocking<T, E, J>(&self, job: J) -> Result<T, E>
    where
        J: Fn(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.submit(&self.inner.reads, job)?.blocking_recv().unwrap_or_else(|_| Err(E::from(Error::Unavailable)))
    }

    /// [`Store::write`] for callers without an async runtime.
    pub fn write_blocking<T, E, J>(&self, job: J) -> Result<T, E>
    where
        J: Fn(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.submit(&self.inner.writes, job)?.blocking_recv().unwrap_or_else(|_| Err(E::from(Error::Unavailable)))
    }

    /// Whether the database can be written to: as the last write shows, or, if that was long ago or failed, a write of this moment.
    pub async fn ready(&self) -> Result<(), Error> {
        if !self.inner.space.has_room(Importance::Ordinary) {
            return Err(Error::DiskFull);
        }
        if self.inner.last_write.was_good_lately() && !self.inner.closing.load(Ordering::SeqCst) {
            return Ok(());
        }
        self.write(|tx| with_connection!(tx, |c| diesel::connection::SimpleConnection::batch_execute(c, "SELECT 1"))).await
    }

    /// Finishes the jobs already accepted, refuses new ones, and ends the threads. Blocks until they have ended, or for twice
    /// the patience and a second: a thread may hang in a silent network.
    pub fn shutdown(&self) {
        self.inner.closing.store(true, Ordering::SeqCst);
        let threads = std::mem::take(&mut *self.inner.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let deadline = Instant::now() + self.inner.timeout * 2 + Duration::from_secs(1);
        for (stop, _) in &threads {
            // Waits while the queue is full: whatever was accepted is done first.
            stop(deadline);
        }
        // The checkpointer ends with the last writer.
        let checkpointer = self.inner.checkpointer.lock().unwrap_or_else(PoisonError::into_inner).take();
        for thread in threads.into_iter().map(|(_, thread)| thread).chain(checkpointer) {
            while !thread.is_finished() && Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(2));
            }
            if thread.is_finished() {
                let _ = thread.join();
            }
        }
    }

    fn submit<T, E, J>(&self, queue: &Sender<Message>, job: J) -> Result<oneshot::Receiver<Result<T, E>>, E>
    where
        J: Fn(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        if self.inner.closing.load(Ordering::SeqCst) {
            return Err(E::from(Error::Unavailable));
        }
        let (reply, answer) = oneshot::channel();
        let task = Waiting::new(job, reply, Instant::now() + self.inner.timeout);
        match queue.try_send(Message::Run(Box::new(task))) {
            Ok(()) => Ok(answer),
            Err(TrySendError::Full(_)) => Err(E::from(Error::Busy)),
            Err(TrySendError::Disconnected(_)) => Err(E::from(Error::Unavailable)),
        }
    }

    /// Waits for the answer no longer than the patience, even if the thread hangs in a silent network.
    async fn wait<T, E: From<Error>>(&self, answer: oneshot::Receiver<Result<T, E>>) -> Result<T, E> {
        match tokio::time::timeout(self.inner.timeout, answer).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) | Err(_) => Err(E::from(Error::Unavailable)),
        }
    }
}

/// Runs what is missing: migrations in SQL, then the steps that take the vault, which is opened in between.
fn bring_up_to_date(connector: &Connector, mut connection: Connection, options: &StoreOptions) -> Result<(Vault, Vec<String>), OpenError> {
    let mut done = Vec::new();
    if !migrations::pending(&mut connection)?.is_empty() {
        done = migrations::run(connector)?;
    }
    let vault = Vault::unlock(&mut connection, &options.master_key, options.now)?;
    if !vault_steps::pending(&mut connection)?.is_empty() {
        done.extend(vault_steps::run(&mut connection, &vault, options.now)?);
    }
    crate::forms::next::add_column(&mut connection)?;
    Ok((vault, done))
}
