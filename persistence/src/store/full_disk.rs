//! A full disk: `SQLite` is given no more pages, as if the disk had none.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretBox;

use crate::schema::throttles;
use crate::{Error, Store, StoreOptions, Transaction};

fn pages(store: &Store, limit: u32) {
    store
        .write_blocking(move |tx| with_connection!(tx, |c| c.batch_execute(&format!("PRAGMA max_page_count = {limit}"))))
        .unwrap_or_else(|error: Error| panic!("{error}"));
}

fn large(tx: &mut Transaction<'_>, number: u8) -> Result<(), Error> {
    let row = (
        throttles::key_hash.eq(vec![number; 40_000]),
        throttles::window_start.eq(crate::columns::Bind(Timestamp::UNIX_EPOCH)),
        throttles::hits.eq(1),
    );
    with_connection!(tx, |c| diesel::insert_into(throttles::table).values(row).execute(c))?;
    Ok(())
}

fn small(tx: &mut Transaction<'_>, key: &[u8]) -> Result<i32, Error> {
    crate::throttles::hit(
        tx,
        key,
        Timestamp::UNIX_EPOCH,
        crate::throttles::Allowance { most: i32::MAX, window: SignedDuration::from_hours(1) },
    )
    .map(|throttle| throttle.count)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_writes_serves_reads_and_heals() {
    let directory = tempfile::TempDir::new().unwrap();
    let mut options = StoreOptions::new(
        format!("sqlite:{}", directory.path().join("full.db").display()),
        SecretBox::new(Box::new([1; 32])),
        Timestamp::UNIX_EPOCH,
    );
    options.auto_migrate = true;
    let store = Store::open(options).unwrap();
    let setup = store.clone();
    tokio::task::spawn_blocking(move || {
        assert_eq!(setup.write_blocking(|tx| small(tx, b"before")), Ok(1));
        // As many pages as there are, or the least that SQLite accepts.
        pages(&setup, 1);
    })
    .await
    .unwrap();
    assert_eq!(store.write(|tx| large(tx, 1)).await, Err(Error::DiskFull));
    // In a group, what shares the commit with it is not acknowledged either.
    let slow = store.clone();
    let first = tokio::spawn(async move {
        slow.write(|_| {
            std::thread::sleep(Duration::from_millis(150));
            Ok::<_, Error>(())
        })
        .await
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let jobs: Vec<_> = (2..8_u8)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                store.write(move |tx| if number % 2 == 0 { large(tx, number) } else { small(tx, b"before").map(drop) }).await
            })
        })
        .collect();
    for job in jobs {
        let answer = job.await.unwrap();
        assert!(matches!(answer, Ok(()) | Err(Error::DiskFull | Error::Unavailable)), "{answer:?}");
    }
    first.await.unwrap().unwrap();
    let count = store.read(|tx| crate::throttles::find(tx, b"before")).await.unwrap().unwrap().count;
    let healing = store.clone();
    tokio::task::spawn_blocking(move || pages(&healing, 1_000_000)).await.unwrap();
    assert_eq!(store.write(|tx| large(tx, 9)).await, Ok(()));
    assert_eq!(store.write(|tx| small(tx, b"before")).await, Ok(count + 1), "nothing unacknowledged was kept, nothing acknowledged lost");
}
