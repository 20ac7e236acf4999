//! The database goes away and comes back.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use persistence::{Error, OpenError, Store, StoreOptions, Transaction, throttles};
use support::{Database, key, now, on_postgres};

fn hit(tx: &mut Transaction<'_>, key: &[u8]) -> Result<i32, Error> {
    throttles::hit(tx, key, now(), persistence::throttles::Allowance { most: i32::MAX, window: SignedDuration::from_hours(1) })
        .map(|throttle| throttle.count)
}

/// A way to the server that can be cut, or fall silent.
struct Proxy {
    address: String,
    cut: Arc<AtomicBool>,
    silent: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Proxy {
    fn before(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (cut, silent) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let open = Arc::new(Mutex::new(Vec::new()));
        let proxy = Self { address, cut: Arc::clone(&cut), silent: Arc::clone(&silent), open: Arc::clone(&open) };
        let server = server.to_owned();
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.unwrap();
                // Held over the question and the answer: a pool opens connections in its own time, and none may slip past a cut.
                let mut open = open.lock().unwrap();
                if cut.load(Ordering::SeqCst) {
                    continue;
                }
                let upstream = TcpStream::connect(&server).unwrap();
                open.extend([client.try_clone().unwrap(), upstream.try_clone().unwrap()]);
                for (from, to) in [
                    (client.try_clone().unwrap(), upstream.try_clone().unwrap()),
                    (upstream.try_clone().unwrap(), client.try_clone().unwrap()),
                ] {
                    let silent = Arc::clone(&silent);
                    std::thread::spawn(move || pass(from, to, &silent));
                }
            }
        });
        proxy
    }

    fn cut(&self) {
        let mut open = self.open.lock().unwrap();
        self.cut.store(true, Ordering::SeqCst);
        for stream in open.drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, silent: &AtomicBool) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(length) = from.read(&mut buffer) {
        while silent.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(10));
        }
        if length == 0 || to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

fn behind_proxy(database: &Database) -> (Proxy, Store) {
    database.store().shutdown();
    let address = database.url.split('@').nth(1).unwrap().split('/').next().unwrap();
    let proxy = Proxy::before(address);
    let store = Store::open(StoreOptions::new(database.url.replace(address, &proxy.address), key(1), now())).unwrap();
    (proxy, store)
}

async fn settles(store: &Store) {
    let started = Instant::now();
    while store.write(|tx| hit(tx, b"after")).await.is_err() {
        assert!(started.elapsed() < Duration::from_secs(10), "no recovery");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    store.read(|tx| throttles::find(tx, b"after")).await.unwrap().unwrap();
}

async fn unavailable_in_time(store: &Store) {
    let started = Instant::now();
    assert_eq!(store.write(|tx| hit(tx, b"a")).await, Err(Error::Unavailable));
    assert!(started.elapsed() < Duration::from_millis(2500), "{:?}", started.elapsed());
    let started = Instant::now();
    assert_eq!(store.read(|tx| throttles::find(tx, b"a")).await, Err(Error::Unavailable));
    assert!(started.elapsed() < Duration::from_millis(2500), "{:?}", started.elapsed());
}

#[tokio::test]
async fn connections_that_died_unnoticed_are_replaced() {
    if !on_postgres() {
        return;
    }
    let database = Database::new();
    let store = database.store();
    store.write(|tx| hit(tx, b"a")).await.unwrap();
    database.lines("SELECT pg_terminate_backend(pid)::text AS line FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
    for count in 2..10 {
        assert_eq!(store.write(|tx| hit(tx, b"a")).await, Ok(count), "nobody notices");
        assert_eq!(store.read(|tx| throttles::find(tx, b"a")).await.unwrap().unwrap().count, count);
    }
}

#[tokio::test]
async fn a_cut_line_is_unavailable_in_time_and_heals() {
    if !on_postgres() {
        return;
    }
    let database = Database::new();
    let (proxy, store) = behind_proxy(&database);
    settles(&store).await;
    proxy.cut();
    unavailable_in_time(&store).await;
    unavailable_in_time(&store).await;
    proxy.cut.store(false, Ordering::SeqCst);
    settles(&store).await;
}

#[tokio::test]
async fn a_silent_line_is_unavailable_in_time_and_heals() {
    if !on_postgres() {
        return;
    }
    let database = Database::new();
    let (proxy, store) = behind_proxy(&database);
    settles(&store).await;
    proxy.silent.store(true, Ordering::SeqCst);
    for _ in 0..2 {
        unavailable_in_time(&store).await;
    }
    proxy.silent.store(false, Ordering::SeqCst);
    settles(&store).await;
}

#[test]
fn a_server_that_could_lose_writes_is_refused() {
    if !on_postgres() {
        return;
    }
    let database = Database::new();
    database.store().shutdown();
    let name = database.url.rsplit('/').next().unwrap();
    database.sql(&format!("ALTER DATABASE {name} SET synchronous_commit = off"));
    let refused = Store::open(database.options()).map(drop);
    assert!(matches!(refused, Err(OpenError::UnsafeServer(why)) if why.contains("synchronous_commit")));
}
