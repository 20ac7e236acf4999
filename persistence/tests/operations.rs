//! Settings, audit trail, idempotency keys, jobs, throttles.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use domain::ids::JobId;
use jiff::{SignedDuration, Timestamp};
use persistence::audit::{self, AuditFilter, Entry, Outcome};
use persistence::idempotency::{self, Kept};
use persistence::jobs::{self, Claimed, NewJob};
use persistence::throttles::Allowance;
use persistence::{Error, Page, settings, throttles};
use support::{Database, entry, id, now, write};

fn later(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

#[test]
fn settings_begin_as_defaults_and_keep_their_version() {
    let database = Database::new();
    let store = database.store();
    let first = write(&store, settings::get).unwrap();
    assert_eq!((first.version, first.updated_at), (0, None));
    let new = first.settings.clone();
    let again = new.clone();
    assert_eq!(write(&store, move |tx| settings::save(tx, &new, 0, now())), Ok(1));
    assert_eq!(write(&store, move |tx| settings::save(tx, &again, 0, now())), Err(Error::Stale));
    let stored = write(&store, settings::get).unwrap();
    assert_eq!((stored.version, stored.updated_at), (1, Some(now())));
    let new = stored.settings.clone();
    assert_eq!(write(&store, move |tx| settings::save(tx, &new, 1, later(1))), Ok(2));
    assert_eq!(write(&store, settings::get).unwrap().settings, first.settings);
}

#[test]
fn the_audit_trail_is_read_newest_first_and_by_case() {
    let database = Database::new();
    let store = database.store();
    write(&store, |tx| {
        for number in 1..=4 {
            audit::insert(tx, &entry(number, (number % 2 == 0).then(|| id(7))))?;
        }
        audit::insert(tx, &Entry { actor: None, outcome: Outcome::Refused, details: serde_json::Value::Null, ..entry(5, None) })
    })
    .unwrap();
    let list = |filter: AuditFilter, page| write(&store, move |tx| audit::list(tx, &filter, page)).unwrap();
    let all = list(AuditFilter::default(), Page::first(3));
    assert_eq!(all.iter().map(|stored| stored.entry.id).collect::<Vec<_>>(), [id(5), id(4), id(3)]);
    assert_eq!(all[1].entry, entry(4, Some(id(7))));
    let rest = list(AuditFilter::default(), Page { after: Some(all[2].seq), limit: 9 });
    assert_eq!(rest.iter().map(|stored| stored.entry.id).collect::<Vec<_>>(), [id(2), id(1)]);
    let of_case = list(AuditFilter { case: Some(id(7)), ..AuditFilter::default() }, Page::first(9));
    assert_eq!(of_case.len(), 2);
    let refused = list(
        AuditFilter { outcome: Some(Outcome::Refused), since: Some(later(5)), until: Some(later(6)), ..AuditFilter::default() },
        Page::first(9),
    );
    assert_eq!(refused.len(), 1);
    let by_actor =
        list(AuditFilter { actor: Some(id(1)), operation: Some("getCase".to_owned()), ..AuditFilter::default() }, Page::first(9));
    assert_eq!(by_actor.len(), 4);
}

#[test]
fn an_answer_is_kept_once_until_it_runs_out() {
    let database = Database::new();
    let store = database.store();
    let kept = Kept { fingerprint: vec![1], status: 201, body: b"{\"name\":\"canary\"}".to_vec() };
    let keep = |kept: &Kept, at: Timestamp, until: Timestamp| {
        let kept = kept.clone();
        write(&store, move |tx| idempotency::insert(tx, &[5; 32], &kept, at, until))
    };
    let find = |at: Timestamp| write(&store, move |tx| idempotency::find(tx, &[5; 32], at));
    assert_eq!(keep(&kept, now(), later(10)), Ok(()));
    let twin = keep(&kept, now(), later(10));
    assert!(twin.as_ref().is_err_and(|error| error.is_duplicate("idempotency_keys.key_hash")), "{twin:?}");
    assert_eq!(find(later(9)), Ok(Some(kept)));
    assert_eq!(find(later(10)), Ok(None), "run out");
    let other = Kept { fingerprint: vec![2], status: 200, body: Vec::new() };
    assert_eq!(keep(&other, later(11), later(20)), Ok(()), "what has run out gives way");
    assert_eq!(find(later(12)), Ok(Some(other)));
    assert_eq!(write(&store, |tx| idempotency::sweep(tx, later(20), 9)), Ok(1));
    let raw = database.raw(&store);
    assert!(!raw.windows(6).any(|window| window == b"canary"));
}

fn job(number: u128, name: &'static str, only_key: Option<&str>) -> NewJob {
    NewJob {
        id: id(number),
        name,
        only_key: only_key.map(str::to_owned),
        case: Some(id(7)),
        payload: serde_json::json!({ "number": number.to_string() }),
        created_at: now(),
        due_at: now(),
    }
}

#[test]
fn a_job_is_claimed_by_one_until_it_is_done_failed_or_silenced() {
    let database = Database::new();
    let store = database.store();
    let three = [job(1, "send", None), job(2, "send", None), job(3, "send", None)];
    assert_eq!(write(&store, move |tx| jobs::insert(tx, &three)), Ok(3));
    let claim = |at: Timestamp| write(&store, move |tx| jobs::claim(tx, &["send"], at, 2)).unwrap();
    assert_eq!(write(&store, |tx| jobs::has_due(tx, &["sweep"], now())), Ok(false), "another kind");
    let first = claim(now());
    assert_eq!(first.len(), 2);
    assert_eq!(claim(now()).len(), 1, "the others are taken");
    assert_eq!(claim(now()), vec![]);
    let ids: Vec<JobId> = first.iter().map(|job| job.id).collect();
    let failed = ids[1];
    write(&store, move |tx| {
        jobs::done(tx, ids[0])?;
        jobs::failed(tx, ids[1], "internal", now(), Some(later(1)))
    })
    .unwrap();
    let again = claim(later(1));
    assert_eq!(again, [Claimed { attempts: 1, ..first[1].clone() }]);
    let listed = write(&store, |tx| jobs::list_failed(tx, Page::first(9))).unwrap();
    assert_eq!(listed.iter().map(|job| (job.id, job.failure.as_str(), job.attempts)).collect::<Vec<_>>(), [(failed, "internal", 1)]);
    assert_eq!(write(&store, |tx| jobs::silence(tx, "send", id(7))), Ok(2));
    assert_eq!(claim(later(60)), vec![], "silenced");
}

#[test]
fn of_jobs_with_one_key_there_is_one_and_it_may_come_again() {
    let database = Database::new();
    let store = database.store();
    let two = [job(1, "sweep", Some("answers")), job(2, "sweep", Some("quotes"))];
    let again = [job(3, "sweep", Some("answers"))];
    assert_eq!(write(&store, move |tx| jobs::insert(tx, &two)), Ok(2));
    assert_eq!(write(&store, move |tx| jobs::insert(tx, &again)), Ok(0));
    let claimed = write(&store, |tx| jobs::claim(tx, &["sweep"], now(), 9)).unwrap();
    let first = claimed[0].id;
    write(&store, move |tx| jobs::failed(tx, first, "internal", now(), None)).unwrap();
    assert_eq!(write(&store, move |tx| jobs::retry(tx, first, later(1))).map(|job| job.due_at), Ok(Some(later(1))));
    // It is being tried: nobody takes it away.
    assert_eq!(write(&store, |tx| jobs::claim(tx, &["sweep"], later(1), 9)).unwrap().len(), 1);
    assert_eq!(write(&store, move |tx| jobs::retry(tx, first, later(1))).map(|job| job.due_at), Ok(Some(later(3))));
    assert_eq!(write(&store, |tx| jobs::claim(tx, &["sweep"], later(1), 9)), Ok(vec![]));
    write(&store, move |tx| jobs::done_until(tx, first, later(60))).unwrap();
    assert_eq!(write(&store, |tx| jobs::list_failed(tx, Page::first(9))), Ok(vec![]));
    assert_eq!(write(&store, move |tx| jobs::retry(tx, first, later(1))).map(drop), Err(Error::NotFound), "it did not fail");
    assert_eq!(write(&store, |tx| jobs::has_due(tx, &["sweep"], later(60))), Ok(true));
}

#[test]
fn a_job_that_cannot_be_read_keeps_no_other_from_being_done() {
    let database = Database::new();
    let store = database.store();
    let both = [job(1, "broken", None), job(2, "whole", None)];
    write(&store, move |tx| jobs::insert(tx, &both)).unwrap();
    database.sql("UPDATE jobs SET payload_sealed = (SELECT payload_sealed FROM jobs WHERE name = 'whole') WHERE name = 'broken'");
    let claimed = write(&store, |tx| jobs::claim(tx, &["broken", "whole"], now(), 9)).unwrap();
    assert_eq!(claimed.iter().filter(|job| job.payload.is_ok()).map(|job| job.name.as_str()).collect::<Vec<_>>(), ["whole"]);
    assert!(claimed.iter().any(|job| matches!(job.payload, Err(Error::Corrupt { column: "payload_sealed", .. }))));
}

#[test]
fn a_count_begins_anew_after_its_window() {
    let database = Database::new();
    let store = database.store();
    let allowance = Allowance { most: 3, window: SignedDuration::from_mins(10) };
    let hit = |at: Timestamp| write(&store, move |tx| throttles::hit(tx, b"k", at, allowance)).unwrap();
    assert_eq!(hit(now()).count, 1);
    let second = hit(later(9));
    assert_eq!((second.count, second.window_start), (2, now()));
    let third = hit(later(10));
    assert_eq!((third.count, third.window_start), (1, later(10)));
    assert_eq!((hit(later(11)).count, hit(later(11)).count), (2, 3));
    assert_eq!(hit(later(11)).locked_for(allowance, later(11)), Some(SignedDuration::from_mins(10)), "the fourth begins a lock");
    let during = hit(later(20));
    assert_eq!((during.count, during.window_start), (4, later(11)), "what is tried during a lock is not counted");
    assert_eq!(during.locked_for(allowance, later(20)), Some(SignedDuration::from_mins(1)));
    assert_eq!(during.locked_for(allowance, later(21)), None);
    assert_eq!((hit(later(21)).count, hit(later(21)).count), (1, 2), "after it counting begins anew");
    for _ in 0..4 {
        hit(later(60 * 24 * 400));
    }
    assert_eq!(hit(later(22)).count, 1, "what a clock counted that was far ahead is of no use");
    write(&store, |tx| throttles::clear(tx, b"k")).unwrap();
    assert_eq!(write(&store, |tx| throttles::find(tx, b"k")), Ok(None));
}
