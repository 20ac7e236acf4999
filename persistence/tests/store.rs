//! The store: commits in groups, undoes one job alone, and says honestly when it cannot.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use jiff::SignedDuration;
use persistence::{Engine, Error, OpenError, Store, Synchronous, Transaction, throttles, users};
use support::{Database, id, key, now, someone};

fn hit(tx: &mut Transaction<'_>, key: &[u8]) -> Result<i32, Error> {
    throttles::hit(tx, key, now(), persistence::throttles::Allowance { most: i32::MAX, window: SignedDuration::from_hours(1) })
        .map(|throttle| throttle.count)
}

fn count(store: &Store, key: &'static [u8]) -> i32 {
    store.read_blocking(move |tx| throttles::find(tx, key)).unwrap().map_or(0, |throttle| throttle.count)
}

#[tokio::test]
async fn what_is_written_is_read() {
    let database = Database::new();
    let store = database.store();
    assert_eq!(store.write(|tx| hit(tx, b"a")).await, Ok(1));
    assert_eq!(store.write(|tx| hit(tx, b"a")).await, Ok(2));
    let found = store.read(|tx| throttles::find(tx, b"a")).await.unwrap().unwrap();
    assert_eq!((found.count, found.window_start), (2, now()));
    assert_eq!(store.ready().await, Ok(()));
}

#[tokio::test]
async fn a_reader_cannot_write() {
    let database = Database::new();
    let store = database.store();
    assert!(store.read(|tx| hit(tx, b"a")).await.is_err());
    assert_eq!(count_async(&store, b"a").await, 0);
}

async fn count_async(store: &Store, key: &'static [u8]) -> i32 {
    store.read(move |tx| throttles::find(tx, key)).await.unwrap().map_or(0, |throttle| throttle.count)
}

/// Holds the writer up, so that the jobs that follow wait and are committed together.
async fn hold_up(store: &Store) -> tokio::task::JoinHandle<Result<(), Error>> {
    let busy = store.clone();
    let handle = tokio::spawn(async move {
        busy.write(|_| {
            std::thread::sleep(Duration::from_millis(200));
            Ok::<_, Error>(())
        })
        .await
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    handle
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_group_a_failing_and_a_panicking_job_undo_only_themselves() {
    let database = Database::new();
    let store = database.store();
    let first = hold_up(&store).await;
    let mut jobs = Vec::new();
    for number in 0..30_u32 {
        let store = store.clone();
        jobs.push(tokio::spawn(async move {
            store
                .write(move |tx| {
                    let count = hit(tx, b"group")?;
                    match number % 3 {
                        1 => Err(Error::Stale),
                        2 => panic!("on purpose"),
                        _ => Ok(count),
                    }
                })
                .await
        }));
    }
    let mut counts = Vec::new();
    for (number, job) in jobs.into_iter().enumerate() {
        match (number % 3, job.await.unwrap()) {
            (0, Ok(count)) => counts.push(count),
            (1, Err(Error::Stale)) | (2, Err(Error::Query(_))) => {}
            (_, other) => panic!("job {number}: {other:?}"),
        }
    }
    first.await.unwrap().unwrap();
    counts.sort_unstable();
    assert_eq!(counts, (1..=10).collect::<Vec<_>>(), "every kept job counted once, in some order");
    assert_eq!(count_async(&store, b"group").await, 10);
    // The writers live on.
    assert_eq!(store.write(|tx| hit(tx, b"group")).await, Ok(11));
}

#[tokio::test]
async fn in_a_group_jobs_that_refuse_before_they_write_leave_the_others() {
    let database = Database::new();
    let store = database.store();
    let first = hold_up(&store).await;
    let mut jobs = Vec::new();
    for number in 0..30_u32 {
        let store = store.clone();
        jobs.push(tokio::spawn(async move {
            store.write(move |tx| if number % 3 == 1 { Err(Error::Stale) } else { hit(tx, b"group") }).await.is_ok()
        }));
    }
    let mut kept = 0;
    for job in jobs {
        kept += i32::from(job.await.unwrap());
    }
    first.await.unwrap().unwrap();
    assert_eq!((kept, count_async(&store, b"group").await), (20, 20));
}

#[tokio::test]
async fn a_part_that_fails_leaves_the_rest() {
    let database = Database::new();
    let store = database.store();
    let after = store
        .write(|tx| {
            hit(tx, b"kept")?;
            let part = tx.attempt(|tx| {
                hit(tx, b"dropped")?;
                Err::<(), _>(Error::NotFound)
            });
            assert_eq!(part, Err(Error::NotFound));
            hit(tx, b"kept")
        })
        .await;
    assert_eq!(after, Ok(2));
    assert_eq!(count_async(&store, b"dropped").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_refuses_at_once() {
    let database = Database::new();
    let mut options = database.options();
    options.queue = 2;
    options.pool_size = 1;
    let store = Store::open(options).unwrap();
    let first = hold_up(&store).await;
    let started = std::time::Instant::now();
    let refused = Arc::new(AtomicU32::new(0));
    let mut jobs = Vec::new();
    for _ in 0..10 {
        let (store, refused) = (store.clone(), Arc::clone(&refused));
        jobs.push(tokio::spawn(async move {
            let asked = std::time::Instant::now();
            if store.write(|tx| hit(tx, b"a")).await == Err(Error::Busy) {
                assert!(asked.elapsed() < Duration::from_millis(100));
                refused.fetch_add(1, Ordering::SeqCst);
            }
        }));
    }
    for job in jobs {
        job.await.unwrap();
    }
    first.await.unwrap().unwrap();
    assert_eq!(refused.load(Ordering::SeqCst), 8, "two waited, the rest was refused");
    assert!(started.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn after_the_shutdown_everything_is_refused_and_everything_accepted_is_done() {
    let database = Database::new();
    let store = database.store();
    let waiting: Vec<_> = (0..20)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.write(|tx| hit(tx, b"a")).await })
        })
        .collect();
    tokio::task::yield_now().await;
    let closing = store.clone();
    tokio::task::spawn_blocking(move || closing.shutdown()).await.unwrap();
    assert_eq!(store.write(|tx| hit(tx, b"a")).await, Err(Error::Unavailable));
    let mut done = 0;
    for job in waiting {
        done += i32::from(job.await.unwrap().is_ok());
    }
    drop(store);
    assert_eq!(count_async(&database.store(), b"a").await, done, "what was acknowledged is there, and nothing else");
}

#[test]
fn a_database_without_its_tables_is_refused() {
    let database = Database::new();
    let mut options = database.options();
    options.auto_migrate = false;
    let Err(OpenError::NeedsMigration(names)) = Store::open(options).map(drop) else { panic!("opened without tables") };
    assert_eq!(names.first().map(String::as_str), Some("0001_people"));
    let done = Store::migrate(&database.options()).unwrap();
    let steps = [
        "0006_address_digests",
        "0009_payment_references",
        "0010_letters_as_jobs",
        "0014_terms",
        "0014_estimates",
        "0011_information_requests",
        "0013_books",
        "0014_clocks",
        "0015_receipts",
        "0018_warnings",
    ];
    assert_eq!(done[names.len()..], steps, "the steps that take the vault come last");
    assert_eq!(Store::migrate(&database.options()).unwrap(), Vec::<String>::new());
    let mut options = database.options();
    options.auto_migrate = false;
    assert!(Store::open(options).is_ok());
}

#[test]
fn a_step_of_the_vault_that_was_not_done_is_done_at_the_next_opening() {
    let database = Database::new();
    drop(database.store());
    database.sql("DELETE FROM vault_steps WHERE name = '0006_address_digests'");
    let mut options = database.options();
    options.auto_migrate = false;
    assert!(matches!(Store::open(options), Err(OpenError::NeedsMigration(names)) if names == ["0006_address_digests"]));
    drop(database.store());
    assert_eq!(Store::migrate(&database.options()).unwrap(), Vec::<String>::new());
}

#[test]
fn another_master_key_does_not_open_the_database() {
    let database = Database::new();
    let public_key = database.store().vault().token_signing().public_key.clone();
    let mut options = database.options();
    options.master_key = key(2);
    assert!(matches!(Store::open(options), Err(OpenError::WrongMasterKey)));
    let again = database.store();
    assert_eq!(again.vault().token_signing().public_key, public_key, "keys are made once");
    assert_eq!(public_key.len(), 32);
}

#[test]
fn another_master_key_takes_the_place_of_the_first_and_what_was_sealed_stays_readable() {
    let database = Database::new();
    let store = database.store();
    let public_key = store.vault().token_signing().public_key.clone();
    assert_eq!(store.write_blocking(|tx| users::insert(tx, &someone(1))), Ok(()));
    let change = |old: u8, new: u8| Store::change_master_key(&database.url, &key(old), &key(new));
    assert!(matches!(change(2, 3), Err(OpenError::WrongMasterKey)));
    change(1, 2).unwrap();
    assert_eq!(store.write_blocking(|tx| users::insert(tx, &someone(2))), Ok(()), "who runs, runs on");
    store.shutdown();
    assert!(matches!(Store::open(database.options()), Err(OpenError::WrongMasterKey)), "the old key opens nothing any longer");
    let mut options = database.options();
    options.master_key = key(2);
    let again = Store::open(options).unwrap();
    assert_eq!(again.vault().token_signing().public_key, public_key);
    for number in [1, 2] {
        let read = again.write_blocking(move |tx| users::get(tx, id(number))).unwrap();
        assert_eq!(read.email, someone(number).email);
    }
}

#[test]
fn urls_that_cannot_work_are_refused() {
    for url in ["", "sqlite:", "sqlite::memory:", "sqlite:file:x?mode=memory", "mysql://x", "test.db"] {
        let options = persistence::StoreOptions::new(url, key(1), now());
        assert!(matches!(Store::open(options), Err(OpenError::Url)), "{url}");
    }
}

#[test]
fn the_weaker_mode_exists_for_the_test_that_counts_syncs() {
    let database = Database::new();
    let mut options = database.options();
    options.synchronous = Synchronous::Normal;
    let store = Store::open(options).unwrap();
    assert_eq!(store.write_blocking(|tx| hit(tx, b"a")), Ok(1));
    assert_eq!(count(&store, b"a"), 1);
}

#[tokio::test]
async fn the_log_is_copied_back_beside_the_writer() {
    let database = Database::new();
    let Some(path) = database.url.strip_prefix("sqlite:") else { return };
    let store = database.store();
    let size = || std::fs::metadata(path).unwrap().len();
    let before = size();
    for number in 0..600_u32 {
        store.write(move |tx| hit(tx, &number.to_be_bytes())).await.unwrap();
    }
    // Far less than the log that the writer itself would copy.
    let started = std::time::Instant::now();
    while size() == before {
        assert!(started.elapsed() < Duration::from_secs(10), "nothing was copied");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[test]
fn the_url_tells_the_engine() {
    let database = Database::new();
    let expected = if support::on_postgres() { Engine::Postgres } else { Engine::Sqlite };
    assert_eq!(database.store().engine(), expected);
}
