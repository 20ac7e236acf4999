//! Several people at once: without `If-Match` nobody is refused for coming second, with it exactly one comes first.

use std::sync::Mutex;

use domain::ids::CaseId;
use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::given::{Case, LETTER, transfer};
use crate::support::http::Answer;
use crate::support::postgres;

/// How many clients come at once.
const CLIENTS: usize = 8;

/// Sends a request of each client at the same moment.
fn at_once(send: impl Fn(usize) -> Answer + Sync) -> Vec<Answer> {
    let start = std::sync::Barrier::new(CLIENTS);
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let (send, start) = (&send, &start);
                scope.spawn(move || {
                    start.wait();
                    send(number)
                })
            })
            .collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    })
}

fn statuses(answers: &[Answer]) -> Vec<u16> {
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    statuses
}

fn data(list: &Value) -> &Vec<Value> {
    list["data"].as_array().unwrap()
}

#[test]
fn messages_that_are_posted_at_once_all_arrive_in_one_order() {
    let app = App::start();
    let case = Case::blank(&app);
    let people = [app.applicant(), app.coordinator()];
    for round in 0..3 {
        let post = |number: usize| {
            let text = json!({ "text": format!("Message {round}-{number}") });
            people[number % 2].post(&case.path("messages")).json(&text).send()
        };
        assert_eq!(statuses(&at_once(post)), [201; CLIENTS]);
    }
    let listed = |limit: usize| {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = app.coordinator().get(&case.path(&format!("messages?limit={limit}{cursor}"))).send().expect(200).json();
            found.extend(data(&page).iter().map(|message| message["text"].as_str().unwrap().to_owned()));
            let Some(next) = page["next_cursor"].as_str() else { return found };
            cursor = format!("&cursor={next}");
        }
    };
    let all = listed(100);
    assert_eq!(all.len(), 3 * CLIENTS);
    assert_eq!(listed(5), all, "pages have the order of the whole");
    assert_eq!(case.told(&app.applicant(), "message_posted").len(), 3 * CLIENTS);
}

#[test]
fn files_that_are_handed_in_at_once_are_all_taken() {
    let app = App::start();
    let case = Case::draft(&app);
    // One person sends four files at a time.
    let people = [app.applicant(), app.coordinator()];
    let upload = |number: usize| case.upload(&people[number % 2], &format!("letter-{number}.pdf"), LETTER, &[("item", "referral_letter")]);
    let answers = at_once(upload);
    assert_eq!(statuses(&answers), [201; CLIENTS]);
    let documents = people[0].get(&case.path("documents")).send().expect(200).json();
    assert_eq!(data(&documents).len(), CLIENTS);
}

#[test]
fn items_that_are_checked_at_once_are_all_checked() {
    let app = App::start();
    let case = Case::draft(&app);
    for item in ["referral_letter", "blood_test"] {
        case.upload(&app.applicant(), "letter.pdf", LETTER, &[("item", item)]).expect(201);
    }
    case.step(&app.applicant(), "submit").expect(200);
    let desk = app.coordinator();
    let items = ["referral_letter", "blood_test", "application_form"];
    let answers = at_once(|number| case.step(&desk, &format!("checklist/{}/verify", items[number % items.len()])));
    assert_eq!(statuses(&answers), [200; CLIENTS]);
    let list = desk.get(&case.path("checklist")).send().expect(200).json();
    for item in items {
        let found = list["entries"].as_array().unwrap().iter().find(|one| one["item"] == item).unwrap();
        assert_eq!(found["state"], "verified", "{item}");
    }
}

#[test]
fn payments_that_are_recorded_at_once_are_all_booked() {
    let app = App::start();
    let case = Case::accepted(&app);
    case.accept_estimate(&app.applicant(), "applicant").expect(200);
    let invoice = case.issue_invoice();
    let accountant = app.accountant();
    let pay = |number: usize| {
        let body = transfer(&format!("TT-{number}"), 10_000);
        accountant.post(&format!("{invoice}/payments")).key(&format!("pay-{number}")).json(&body).send()
    };
    assert_eq!(statuses(&at_once(pay)), [201; CLIENTS]);
    let shown = accountant.get(&invoice).send().expect(200).json();
    assert_eq!(shown["received"]["amount"], 80_000);
    assert_eq!(shown["payments"].as_array().unwrap().len(), CLIENTS);
}

#[test]
fn of_changes_that_name_one_version_exactly_one_succeeds() {
    let app = App::start();
    let case = Case::draft(&app);
    let applicant = app.applicant();
    let etag = applicant.get(&case.path("")).send().expect(200).etag();
    let change = |number: usize| {
        let body = json!({ "application": { "questions": [format!("Question {number}?")] } });
        applicant.patch(&case.path("")).if_match(&etag).json(&body).send()
    };
    let answers = at_once(change);
    assert_eq!(statuses(&answers), [[200].as_slice(), &[412; CLIENTS - 1]].concat());
    let post =
        |number: usize| applicant.post(&case.path("messages")).if_match(&etag).json(&json!({ "text": format!("Message {number}") })).send();
    assert_eq!(statuses(&at_once(post)), [412; CLIENTS], "the change has raised the version");
}

/// Holds the row of a case locked while `work` runs: a transaction that reads it for a change and does not end.
fn while_locked<T>(app: &App, case: &str, work: impl FnOnce() -> T) -> T {
    let id: CaseId = case.parse().unwrap();
    let (locked, is_locked) = std::sync::mpsc::channel();
    let (release, released) = std::sync::mpsc::channel::<()>();
    let released = Mutex::new(released);
    let store = app.hospital.store().clone();
    std::thread::scope(|scope| {
        let held = scope.spawn(move || {
            store.write_blocking(move |tx| {
                persistence::cases::lock(tx, id)?;
                locked.send(()).unwrap();
                // It ends when the sender is gone.
                let _ = released.lock().unwrap().recv();
                Ok::<_, persistence::Error>(())
            })
        });
        is_locked.recv().unwrap();
        let done = work();
        drop(release);
        held.join().unwrap().unwrap();
        done
    })
}

/// On `PostgreSQL` only: `SQLite` locks no rows, and its one writer is held as a whole.
#[test]
fn on_postgres_a_stranger_waits_for_no_lock_and_takes_none() {
    if !postgres::asked_for() {
        return;
    }
    let app = App::start();
    let case = Case::draft(&app);
    let (stranger, applicant, desk) = (app.stranger(), app.applicant(), app.coordinator());
    while_locked(&app, &case.id, || {
        stranger.post(&case.path("submit")).send().expect_problem(404, "not_found");
        stranger.post(&case.path("messages")).json(&json!({ "text": "Hello" })).send().expect_problem(404, "not_found");
        let read = applicant.get(&case.path("")).send();
        read.expect(200);
    });
    // Nor by way of an invoice of that case which a refund is to pay.
    let ((target, to_pay), (own, paid)) = (Case::invoiced(&app), Case::invoiced(&app));
    own.pay(&paid, "TT-1", 112_500).expect(201);
    let refund = own.refund();
    let request = json!({ "settlement": "apply_to_invoice", "invoice_id": to_pay.rsplit('/').next(), "evidence": "A letter." });
    refund.step(&app.accountant(), "request", &request).expect(200);
    let director = app.person("other-director", domain::access::Role::Director);
    while_locked(&app, &target.id, || refund.approve(&director).expect_problem(404, "not_found"));
    // And whoever has the right waits, and then succeeds.
    std::thread::scope(|scope| {
        let post = || desk.post(&case.path("messages")).json(&json!({ "text": "Hello" })).send();
        let waiting = while_locked(&app, &case.id, || scope.spawn(post));
        waiting.join().unwrap().expect(201);
    });
}

/// On `PostgreSQL` only: on `SQLite` nobody commits while a transaction is held open.
#[test]
fn on_postgres_a_list_that_is_read_by_cursor_skips_nothing_while_others_commit() {
    if !postgres::asked_for() {
        return;
    }
    let app = App::start();
    let (held, other) = (Case::blank(&app), Case::blank(&app));
    let desk = app.coordinator();
    let write = |case: &Case<'_>, number: usize| {
        desk.post(&case.path("messages")).json(&json!({ "text": format!("{number}") })).send().expect(201);
    };
    let read = |cursor: &str| desk.get(&other.path(&format!("messages?limit=7{cursor}"))).send().expect(200).json();
    let (mut seen, mut cursor): (Vec<String>, String) = (Vec::new(), String::new());
    let mut go_on = |seen: &mut Vec<String>| loop {
        let page = read(&cursor);
        seen.extend(data(&page).iter().map(|one| one["text"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return,
        }
    };
    while_locked(&app, &held.id, || {
        for number in 0..100 {
            write(&other, number);
            Case::blank(&app);
        }
    });
    go_on(&mut seen);
    assert_eq!(seen, (0..100).map(|number| number.to_string()).collect::<Vec<_>>());
    let (mut cases, mut cursor): (Vec<String>, String) = (Vec::new(), String::new());
    loop {
        let page = desk.get(&format!("/v1/cases?limit=9{cursor}")).send().expect(200).json();
        cases.extend(data(&page).iter().map(|one| one["id"].as_str().unwrap().to_owned()));
        Case::blank(&app);
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(cases.len(), 102, "what was there when the reading began, and nothing twice");
    let mut sorted = cases.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.len(), cases.len());
    assert!(cases.contains(&held.id) && cases.contains(&other.id));
}
