//! Later work that fails: it keeps no other waiting, is tried again, and administrators see it.

use domain::ids::JobId;
use jiff::SignedDuration;
use persistence::jobs::{self, NewJob};
use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::given::Case;

/// A letter that cannot be sent: its content is no letter's. It has failed once.
pub(crate) fn failed(app: &App) -> JobId {
    let now = app.clock.now();
    let id = JobId::from_uuid(persistence::fresh(now));
    let job = NewJob { id, name: "send_email", only_key: None, case: None, payload: json!({}), created_at: now, due_at: now };
    app.hospital
        .store()
        .write_blocking(move |tx| {
            jobs::insert(tx, std::slice::from_ref(&job))?;
            jobs::failed(tx, id, "internal", now, None)
        })
        .unwrap();
    id
}

fn listed(app: &App) -> Vec<Value> {
    app.administrator().get("/v1/failed-jobs").send().expect(200).json()["data"].as_array().unwrap().clone()
}

#[test]
fn a_job_that_fails_is_shown_tried_again_and_given_up_after_a_day() {
    let app = App::start();
    let (damaged, other) = (Case::draft(&app), Case::draft(&app));
    let numbers = [&damaged, &other].map(|case| case.read(&app.applicant())["number"].as_str().unwrap().to_owned());
    app.execute(&format!(
        "UPDATE cases SET body_sealed = (SELECT body_sealed FROM cases WHERE number = '{}') WHERE number = '{}'",
        numbers[1], numbers[0]
    ));
    app.after(SignedDuration::from_hours(24 * 90));
    let round = app.wait(app.hospital.run_due()).unwrap();
    assert_eq!((round.expired, round.failed.len()), (1, 1), "the other case expires all the same");
    let first = listed(&app);
    assert_eq!(first.len(), 1);
    assert_eq!((first[0]["name"].as_str(), first[0]["label"].as_str()), (Some("expire_case"), Some("Let a case expire")));
    assert_eq!((first[0]["case_id"].as_str(), &first[0]["attempts"]), (Some(damaged.id.as_str()), &json!(1)));
    assert!(first[0]["next_attempt_at"].is_string());
    assert_eq!(app.wait(app.hospital.run_due()).unwrap().failed.len(), 0, "not before its time");
    for attempt in 2..=12 {
        app.after(SignedDuration::from_hours(6));
        assert_eq!(app.wait(app.hospital.run_due()).unwrap().failed.len(), 1);
        assert_eq!(listed(&app)[0]["attempts"], attempt);
    }
    assert_eq!(listed(&app)[0]["next_attempt_at"], Value::Null, "given up");
    app.after(SignedDuration::from_hours(24 * 30));
    assert!(app.wait(app.hospital.run_due()).unwrap().failed.is_empty());

    let id = listed(&app)[0]["id"].as_str().unwrap().to_owned();
    let retried = app.administrator().post(&format!("/v1/failed-jobs/{id}/retry")).send().expect(200).json();
    assert_eq!(&retried["attempts"], &json!(0));
    assert!(retried["next_attempt_at"].is_string());
    assert_eq!(app.wait(app.hospital.run_due()).unwrap().failed.len(), 1, "it is tried, and fails");
}

#[test]
fn a_job_that_is_done_or_never_was_is_not_tried_again() {
    let app = App::start();
    let unknown = JobId::from_uuid(persistence::fresh(app.clock.now()));
    app.administrator().post(&format!("/v1/failed-jobs/{unknown}/retry")).send().expect_problem(404, "not_found");
    let id = failed(&app);
    assert_eq!(listed(&app).len(), 1);
    app.hospital.store().write_blocking(move |tx| jobs::done(tx, id)).unwrap();
    app.administrator().post(&format!("/v1/failed-jobs/{id}/retry")).send().expect_problem(404, "not_found");
}

#[test]
fn kinds_that_only_a_newer_version_knows_are_left_to_it() {
    let app = App::start();
    let now = app.clock.now();
    let id = JobId::from_uuid(persistence::fresh(now));
    let job = NewJob { id, name: "call_webhook", only_key: None, case: None, payload: json!({}), created_at: now, due_at: now };
    app.hospital.store().write_blocking(move |tx| jobs::insert(tx, std::slice::from_ref(&job))).unwrap();
    assert!(app.wait(app.hospital.run_due()).unwrap().failed.is_empty());
    let there = app.hospital.store().read_blocking(move |tx| jobs::has_due(tx, &["call_webhook"], now));
    assert_eq!(there, Ok(true));
}
