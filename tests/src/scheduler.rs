//! What happens when nobody does anything: cases expire, opinions are overdue, and what was kept for a while is forgotten.

use application::scheduler::Round;
use jiff::SignedDuration;
use serde_json::json;

use crate::support::app::App;
use crate::support::given::{Case, transfer};

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

pub(crate) fn run(app: &App) -> Round {
    let round = app.wait(app.hospital.run_due()).unwrap();
    assert!(round.failed.is_empty(), "{:?}", round.failed);
    round
}

#[test]
fn a_draft_that_nobody_submits_expires_in_its_time_and_the_trail_says_that_the_system_did_it() {
    let app = App::start();
    let case = Case::draft(&app);
    app.after(days(90) - SignedDuration::from_secs(1));
    assert_eq!(run(&app).expired, 0, "not a second earlier");
    app.after(SignedDuration::from_secs(1));
    assert_eq!(run(&app).expired, 1);
    assert_eq!(run(&app).expired, 0, "once");
    assert_eq!(case.read(&app.applicant())["stage"], "expired");
    let told = case.told(&app.applicant(), "case_expired");
    assert_eq!((told.len(), &told[0]["actor_id"]), (1, &json!(null)));
    let path = format!("/v1/audit-entries?case_id={}&operation=expireCase", case.id);
    let trail = app.auditor().get(&path).send().expect(200).json();
    let entry = &trail["data"][0];
    assert_eq!((trail["data"].as_array().unwrap().len(), &entry["actor_id"]), (1, &json!(null)));
    assert_eq!((entry["outcome"].as_str(), entry["subjects"][0].as_str()), (Some("done"), Some(case.id.as_str())));
    let seen = app.applicant().get(&case.path("accesses")).send().expect(200).json();
    assert!(seen["data"].as_array().unwrap().iter().any(|one| one["operation"] == "expireCase" && one["actor_roles"] == json!([])));
}

#[test]
fn a_case_with_money_on_it_never_expires() {
    let app = App::start();
    let case = Case::accepted(&app);
    case.accept_estimate(&app.applicant(), "applicant").expect(200);
    let invoice = case.issue_invoice();
    case.pay(&invoice, "TT-1", 60_000).expect(201);
    app.after(days(400));
    assert_eq!(run(&app).expired, 0);
    assert_eq!(case.stage(), "awaiting_payment");
}

#[test]
fn a_payment_in_time_brings_an_expired_case_back_whenever_it_is_recorded() {
    let app = App::start();
    let expired = || {
        let case = Case::accepted(&app);
        case.accept_estimate(&app.applicant(), "applicant").expect(200);
        let invoice = case.issue_invoice();
        (case, invoice)
    };
    let (in_time, late) = (expired(), expired());
    // The invoice of 24 November names 24 December.
    app.after(days(31));
    assert_eq!(run(&app).expired, 2);
    let read = app.accountant().get(&in_time.1).send().expect(200).json();
    assert_eq!((read["status"].as_str(), read["owed"]["amount"].as_i64()), (Some("lapsed"), Some(0)));
    let pay = |(case, invoice): &(Case<'_>, String), received_on: &str| {
        let mut body = transfer("TT-1", 110_000);
        body["received_on"] = json!(received_on);
        app.accountant().post(&format!("{invoice}/payments")).key_of(&case.id, &body).json(&body).send().expect(201).json()
    };
    let receipt = pay(&in_time, "2026-12-24");
    assert_eq!((receipt["outcome"].as_str(), &receipt["late"]), (Some("paid"), &json!(false)));
    let case = in_time.0.read(&app.applicant());
    assert_eq!((case["stage"].as_str(), case["due_from_on"].as_str()), (Some("writing"), Some("2026-12-31")), "counted from the 24th");
    assert_eq!(in_time.0.told(&app.applicant(), "case_reopened").len(), 1);
    let receipt = pay(&late, "2026-12-25");
    assert_eq!((receipt["outcome"].as_str(), &receipt["late"]), (Some("after_end"), &json!(true)));
    assert_eq!(late.0.stage(), "expired");
    let due = app.accountant().get("/v1/refunds/due").send().expect(200).json();
    let (amounts, reason) = (&due["data"][0]["amount"]["amount"], &due["data"][0]["reason"]);
    assert_eq!((due["data"].as_array().unwrap().len(), amounts, reason), (1, &json!(110_000), &json!("after_end")));
}

#[test]
fn a_last_day_on_which_the_hospital_is_closed_moves_to_the_next_working_day() {
    let app = App::start();
    // Two days on, thirty days end on 26 December 2026, a Saturday; four days on, in the days before the new year.
    for (more, due_on, last) in [(2, "2026-12-28", 32), (2, "2026-12-28", 30), (1, "2027-01-04", 36)] {
        app.after(days(more));
        let case = Case::accepted(&app);
        case.accept_estimate(&app.applicant(), "applicant").expect(200);
        let invoice = app.accountant().get(&case.issue_invoice()).send().expect(200);
        assert_eq!(invoice.text("/due_on"), due_on, "{last}");
    }
}

#[test]
fn what_the_hospital_holds_does_not_expire_and_keeps_no_other_case_waiting() {
    let app = App::start();
    let (held, other) = (Case::accepted(&app), Case::accepted(&app));
    held.issue_estimate();
    other.issue_estimate();
    held.step_with(&app.coordinator(), "hold", &json!({ "reason": "other" })).expect(200);
    app.after(days(61));
    assert_eq!(run(&app).expired, 1);
    assert_eq!((held.stage().as_str(), other.stage().as_str()), ("accepted", "expired"));
    held.step(&app.coordinator(), "resume").expect(200);
    assert_eq!(run(&app).expired, 0, "the time on hold was given back");
    app.after(days(61));
    assert_eq!(run(&app).expired, 1);
}

#[test]
fn an_opinion_is_noted_overdue_once_and_the_applicant_is_not_troubled() {
    let app = App::start();
    let case = Case::accepted(&app);
    case.to_writing();
    app.after(days(10));
    assert_eq!(run(&app).overdue, 0, "the last day of the window");
    app.after(days(1));
    assert_eq!((run(&app).overdue, run(&app).overdue), (1, 0));
    assert_eq!(case.told(&app.coordinator(), "case_overdue").len(), 1);
    assert!(case.told(&app.applicant(), "case_overdue").is_empty());
    assert_eq!(case.stage(), "writing");
}

#[test]
fn several_servers_do_the_clocks_work_together_and_nothing_twice() {
    let app = App::start();
    let cases: Vec<Case<'_>> = (0..12).map(|_| Case::blank(&app)).collect();
    app.after(days(90));
    let (here, there) = (app.hospital.clone(), app.hospital_beside());
    // Two servers at the same moment.
    let (first, second) = app.wait(async { tokio::join!(here.run_due(), there.run_due()) });
    assert_eq!(first.unwrap().expired + second.unwrap().expired, cases.len());
    for case in &cases {
        assert_eq!(case.told(&app.applicant(), "case_expired").len(), 1);
    }
    let late = Case::blank(&app);
    assert_eq!(run(&app).expired + app.wait(there.run_due()).unwrap().expired, 0);
    app.after(days(90));
    assert_eq!(app.wait(there.run_due()).unwrap().expired, 1, "whoever looks first");
    assert_eq!(run(&app).expired, 0);
    assert_eq!(late.stage(), "expired");
    there.store().shutdown();
}

#[test]
fn answers_kept_for_repetitions_and_sessions_that_ended_are_forgotten() {
    let app = App::start();
    let open = |key: &str| app.applicant().post("/v1/cases").key(key).json(&json!({ "kind": "written_opinion" })).send().expect(201);
    let first = open("k1");
    app.after(SignedDuration::from_hours(23));
    run(&app);
    assert_eq!(open("k1").header("idempotent-replayed"), Some("true"), "a day is not over");
    app.after(SignedDuration::from_hours(1));
    assert_eq!(run(&app).forgotten, 1, "the answer to k1");
    assert_ne!(open("k1").text("/id"), first.text("/id"), "the key is free");
    app.after(days(60));
    assert!(run(&app).forgotten > 2, "sessions and the answer");
    assert_eq!(run(&app).forgotten, 0);
}

#[test]
fn what_was_never_used_goes() {
    let app = App::start();
    let me = app.applicant();
    let quote = || app.anonymous().post("/v1/quotes").json(&json!({ "kind": "written_opinion" })).send().expect(201).text("/id");
    let (unused, case) = (quote(), Case::accepted(&app));
    let used = case.accept_estimate(&me, "applicant").expect(200).text("/id");
    let empty = me.post("/v1/cases").json(&json!({ "kind": "written_opinion" })).send().expect(201).text("/id");
    let begun = Case::draft(&app);
    let touched = me.post("/v1/cases").json(&json!({ "kind": "written_opinion" })).send().expect(201).text("/id");
    let body = json!({ "text": "May I send the images first?" });
    me.post(&format!("/v1/cases/{touched}/messages")).json(&body).send().expect(201);
    let is_there = |path: String| app.applicant().get(&path).send().status == 200;
    app.after(SignedDuration::from_hours(24 * 29));
    app.wait(app.hospital.run_due()).unwrap();
    assert!(is_there(format!("/v1/quotes/{unused}")) && is_there(format!("/v1/cases/{empty}")));
    app.after(SignedDuration::from_hours(24 * 10));
    app.wait(app.hospital.run_due()).unwrap();
    assert!(!is_there(format!("/v1/quotes/{unused}")), "it ran out long ago");
    assert!(!is_there(format!("/v1/cases/{empty}")), "nothing was ever entered");
    assert!(is_there(begun.path("")) && is_there(format!("/v1/cases/{touched}")));
    assert!(is_there(format!("/v1/estimates/{used}")), "the invoice refers to it");
    let trail = app.auditor().get(&format!("/v1/audit-entries?operation=removeEmptyDraft&case_id={empty}")).send().expect(200).json();
    assert_eq!(trail["data"].as_array().unwrap().len(), 1);
}
