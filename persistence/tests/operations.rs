//! Settings, audit trail, idempotency keys, outbox, throttles, leases.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use domain::ids::CaseId;
use jiff::{SignedDuration, Timestamp};
use persistence::audit::{self, AuditFilter, Entry, Outcome};
use persistence::idempotency::{self, Kept};
use persistence::outbox::{self, Letter};
use persistence::throttles::Allowance;
use persistence::{Error, Page, leases, settings, throttles};
use support::{Database, id, now, write};
use uuid::Uuid;

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

fn entry(number: u128, case: Option<CaseId>) -> Entry {
    Entry {
        id: id(number),
        at: later(i64::try_from(number).unwrap()),
        actor: Some(id(1)),
        session: Some(id(2)),
        operation: "getCase".to_owned(),
        subject_kind: Some("case".to_owned()),
        subject_id: Some("case_x".to_owned()),
        case,
        outcome: Outcome::Done,
        request_id: "req_1".to_owned(),
        details: serde_json::json!({"ids": ["a", "b"]}),
    }
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

#[test]
fn a_letter_goes_to_one_sender_until_it_is_sent_failed_or_silenced() {
    let database = Database::new();
    let store = database.store();
    let letter = |number: u128| Letter {
        id: Uuid::from_u128(number),
        kind: "verify_email".to_owned(),
        case: Some(id(7)),
        recipient: "person1@example.org".to_owned(),
        payload: serde_json::json!({"code": "123"}),
        created_at: now(),
        attempts: 0,
    };
    write(&store, move |tx| outbox::insert(tx, &[letter(1), letter(2), letter(3)])).unwrap();
    let claim = |at: Timestamp| {
        let claimed = write(&store, move |tx| outbox::claim(tx, at, 2)).unwrap();
        claimed.into_iter().collect::<Result<Vec<Letter>, Error>>().unwrap()
    };
    let mut first = claim(now());
    first.sort_by_key(|letter| letter.id);
    assert_eq!(first.len(), 2);
    assert_eq!(claim(now()).len(), 1, "the others are taken");
    assert_eq!(claim(now()), vec![]);
    let ids: Vec<Uuid> = first.iter().map(|letter| letter.id).collect();
    write(&store, move |tx| {
        outbox::sent(tx, ids[0], now())?;
        outbox::failed(tx, ids[1], later(1))
    })
    .unwrap();
    let again = claim(later(1));
    assert_eq!(again.len(), 1);
    assert_eq!(again[0], Letter { attempts: 1, ..first[1].clone() });
    assert_eq!(write(&store, |tx| outbox::silence(tx, id(7), later(2))), Ok(2));
    assert_eq!(claim(later(60)), vec![], "silenced");
}

#[test]
fn a_letter_that_cannot_be_read_keeps_no_other_from_leaving() {
    let database = Database::new();
    let store = database.store();
    let letter = |number: u128, kind: &str| Letter {
        id: Uuid::from_u128(number),
        kind: kind.to_owned(),
        case: None,
        recipient: "person1@example.org".to_owned(),
        payload: serde_json::json!({}),
        created_at: now(),
        attempts: 0,
    };
    let (broken, whole) = (letter(1, "welcome"), letter(2, "verify_email"));
    let both = [broken, whole.clone()];
    write(&store, move |tx| outbox::insert(tx, &both)).unwrap();
    database.sql("UPDATE outbox SET payload_sealed = recipient_sealed WHERE kind = 'welcome'");
    let claimed = write(&store, |tx| outbox::claim(tx, now(), 9)).unwrap();
    assert_eq!(claimed.len(), 2);
    assert!(claimed.contains(&Ok(whole)));
    assert!(claimed.iter().any(|letter| matches!(letter, Err(Error::Corrupt { column: "payload_sealed", .. }))));
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

#[test]
fn a_lease_has_one_holder() {
    let database = Database::new();
    let store = database.store();
    let take =
        |holder: &'static str, at: Timestamp, until: Timestamp| write(&store, move |tx| leases::take(tx, "clock", holder, at, until));
    assert_eq!(take("a", now(), later(5)), Ok(true));
    assert_eq!(take("b", later(1), later(6)), Ok(false));
    assert_eq!(take("a", later(1), later(6)), Ok(true), "prolonged");
    assert_eq!(take("b", later(6), later(9)), Ok(true), "run out");
    assert_eq!(take("a", later(7), later(9)), Ok(false));
}
