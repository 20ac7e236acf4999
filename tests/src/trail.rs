//! The audit trail after every kind of ending: exactly one row for each request, and it says what became of it.

use domain::access::Role;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::app::{App, PASSWORD};
use crate::support::given::{Case, LETTER};
use crate::support::http::{Answer, Request};

/// The rows of a request, found by its id.
fn rows(app: &App, answer: &Answer) -> Vec<Value> {
    let id = answer.header("request-id").unwrap();
    let all = app.auditor().get("/v1/audit-entries?limit=100").send().expect(200).json();
    all["data"].as_array().unwrap().iter().filter(|row| row["request_id"] == id).cloned().collect()
}

/// The one row of a request: operation, outcome and code.
#[track_caller]
fn row(app: &App, answer: &Answer) -> Value {
    let found = rows(app, answer);
    assert_eq!(found.len(), 1, "{}: {found:#?}", answer.request);
    found.into_iter().next().unwrap()
}

/// Sends a request and reads its one row.
#[track_caller]
fn left_by(app: &App, request: Request<'_>, status: u16) -> (String, String, String) {
    let answer = request.send().expect(status);
    let row = row(app, &answer);
    let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
    (text("operation"), text("outcome"), text("problem_code"))
}

fn is(operation: &str, outcome: &str, code: &str) -> (String, String, String) {
    (operation.to_owned(), outcome.to_owned(), code.to_owned())
}

#[test]
fn what_is_done_and_what_is_read_leaves_one_row() {
    let app = App::start();
    let case = Case::draft(&app);
    let applicant = app.applicant();
    let document = case.upload(&applicant, "letter.pdf", LETTER, &[]);
    assert_eq!(row(&app, &document)["outcome"], "done");
    let document = document.text("/id");
    assert_eq!(left_by(&app, applicant.get(&case.path("")), 200), is("getCase", "done", ""));
    assert_eq!(left_by(&app, applicant.get("/v1/me"), 200), is("getMe", "done", ""));
    assert_eq!(left_by(&app, applicant.get("/v1/catalogue"), 200), is("getCatalogue", "done", ""));
    assert_eq!(left_by(&app, applicant.post(&case.path("submit")), 200), is("submitCase", "done", ""));
    let content = case.path(&format!("documents/{document}/content"));
    assert_eq!(left_by(&app, applicant.get(&content), 200), is("downloadDocument", "done", ""));
    assert!(rows(&app, &app.anonymous().get("/v1/catalogue").send().expect(200)).is_empty(), "nobody is signed in");
}

#[test]
fn a_replay_leaves_one_row_that_says_so() {
    let app = App::start();
    let case = Case::blank(&app);
    let applicant = app.applicant();
    let post = || applicant.post(&case.path("messages")).key("say-it-once").json(&json!({ "text": "Hello" }));
    assert_eq!(left_by(&app, post(), 201), is("postMessage", "done", ""));
    assert_eq!(left_by(&app, post(), 201), is("postMessage", "replayed", ""));
    let other = applicant.post(&case.path("messages")).key("say-it-once").json(&json!({ "text": "Bye" }));
    assert_eq!(left_by(&app, other, 422), is("postMessage", "refused", "idempotency_key_reused"));
}

#[test]
fn every_refusal_leaves_one_row_with_its_code() {
    let app = App::start();
    let case = Case::blank(&app);
    let (applicant, desk) = (app.applicant(), app.coordinator());
    let (one, verify) = (case.path(""), case.path("checklist/application_form/verify"));
    let etag = applicant.get(&one).send().expect(200).etag();
    let body = json!({ "application": { "questions": ["Why?"] } });
    let cases = [
        (applicant.get("/v1/users"), 403, is("listUsers", "refused", "forbidden")),
        (app.stranger().get(&one), 404, is("getCase", "refused", "not_found")),
        (app.stranger().post(&case.path("submit")), 404, is("submitCase", "refused", "not_found")),
        (desk.post(&verify), 409, is("verifyItem", "refused", "wrong_stage")),
        (applicant.post(&case.path("submit")).key("k"), 409, is("submitCase", "refused", "contact_incomplete")),
        (applicant.post(&case.path("submit")).key("k").if_match("*"), 409, is("submitCase", "refused", "contact_incomplete")),
        (applicant.patch(&one).json(&body), 428, is("updateCase", "refused", "if_match_required")),
        (applicant.patch(&one).if_match("\"0-0\"").json(&body), 412, is("updateCase", "refused", "stale")),
        (applicant.patch(&one).if_match(&etag).json(&json!({ "unknown": 1 })), 400, is("updateCase", "refused", "unknown_property")),
        (applicant.post("/v1/cases").json(&json!({ "kind": "surgery" })), 422, is("createCase", "refused", "invalid_fields")),
        (applicant.post("/v1/cases").bytes("application/json", b"{".to_vec()), 400, is("createCase", "refused", "malformed_json")),
        (applicant.post("/v1/cases").bytes("text/plain", b"{}".to_vec()), 415, is("createCase", "refused", "unsupported_media_type")),
        (applicant.get(&case.path("messages?colour=red")), 400, is("listMessages", "refused", "invalid_parameters")),
        (applicant.post(&case.path("documents")).form("a.txt", b"no kind", &[]), 415, is("uploadDocument", "refused", "unsupported_file")),
        (app.accountant().post(&case.path("invoices")), 400, is("issueInvoice", "refused", "idempotency_key_required")),
    ];
    for (request, status, expected) in cases {
        let answer = request.send();
        let code = answer.json()["code"].as_str().unwrap_or_default().to_owned();
        assert_eq!((answer.status, code.as_str()), (status, expected.2.as_str()), "{}", answer.request);
        let row = row(&app, &answer);
        assert_eq!(
            (&row["operation"], &row["outcome"], &row["problem_code"]),
            (&json!(expected.0), &json!(expected.1), &json!(expected.2))
        );
        assert!(row["actor_id"].is_string(), "{row:#}");
    }
}

#[test]
fn a_refusal_names_what_it_is_about() {
    let app = App::start();
    let case = Case::accepted(&app);
    case.accept_estimate(&app.applicant(), "applicant").expect(200);
    let invoice = case.issue_invoice();
    let id = invoice.rsplit('/').next().unwrap();
    let refused = app.stranger().get(&invoice).send().expect(404);
    assert_eq!(row(&app, &refused)["subjects"], json!([id]));
    let refused = app.stranger().get(&case.path("messages")).send().expect(404);
    assert_eq!(row(&app, &refused)["case_id"], json!(case.id));
}

#[test]
fn a_list_names_the_ids_that_it_shows_and_no_other() {
    let app = App::start();
    let ids: Vec<String> = (0..3).map(|_| Case::blank(&app).id).collect();
    let page = app.applicant().get("/v1/cases?limit=2").send().expect(200);
    assert_eq!(row(&app, &page)["subjects"], json!([ids[2], ids[1]]));
    let departments = app.department("Breast Surgery").to_string();
    let shown = app.administrator().get("/v1/users?limit=1").send().expect(200);
    assert_eq!(row(&app, &shown)["subjects"], json!([shown.text("/data/0/id")]), "{departments}");
}

#[test]
fn signing_in_and_failing_to_leaves_one_row() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let attempt = |password: &str| {
        let body = json!({ "email": "mei@example.org", "password": password });
        app.anonymous().post("/v1/sessions").from(&app.fresh_source()).json(&body)
    };
    assert_eq!(left_by(&app, attempt(PASSWORD), 201), is("createSession", "done", ""));
    assert_eq!(left_by(&app, attempt("not the password"), 401), is("createSession", "refused", "sign_in_refused"));
    let incomplete = app.anonymous().post("/v1/sessions").json(&json!({ "email": "mei@example.org" }));
    assert_eq!(left_by(&app, incomplete, 422), is("createSession", "refused", "invalid_fields"));
}

#[test]
fn what_the_program_does_by_itself_leaves_one_row() {
    let app = App::start();
    let case = Case::draft(&app);
    app.after(SignedDuration::from_hours(24 * 91));
    assert_eq!(app.wait(app.hospital.run_due()).unwrap().expired, 1);
    let path = format!("/v1/audit-entries?case_id={}&limit=1", case.id);
    let found = app.auditor().get(&path).send().expect(200).json();
    let row = &found["data"][0];
    assert_eq!((&row["operation"], &row["outcome"], &row["actor_id"]), (&json!("expireCase"), &json!("done"), &json!(null)));
    let made = app.add("made-at-the-command-line", Role::Applicant).to_string();
    let all = app.auditor().get("/v1/audit-entries?operation=createUser&limit=100").send().expect(200).json();
    let named: Vec<&Value> = all["data"].as_array().unwrap().iter().filter(|row| row["subjects"][0] == made.as_str()).collect();
    assert_eq!(named.len(), 1);
}

#[test]
fn a_flood_without_a_session_is_one_row_for_each_source_and_minute() {
    let app = App::start();
    let auditor = app.auditor();
    for _ in 0..20 {
        app.anonymous().get("/v1/cases").from("203.0.113.7").send().expect(401);
        app.anonymous().get("/v1/cases").bearer("made.up.token").from("203.0.113.8").send().expect(401);
    }
    app.anonymous().get("/v1/nothing-here").from("203.0.113.7").send().expect(404);
    app.clock.advance(SignedDuration::from_secs(60));
    app.anonymous().get("/v1/cases").from("203.0.113.7").send().expect(401);
    assert_eq!(app.wait(app.hospital.write_refusals(false)).unwrap(), 2, "the last minute is not over");
    assert_eq!(app.wait(app.hospital.write_refusals(true)).unwrap(), 1);
    let all = auditor.get("/v1/audit-entries?operation=countRefusals").send().expect(200).json();
    let counted: Vec<(&str, Vec<(&str, u64)>)> = all["data"]
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .map(|row| {
            let refusals = row["refusals"].as_array().unwrap().iter();
            let counts = refusals.map(|one| (one["problem_code"].as_str().unwrap(), one["count"].as_u64().unwrap())).collect();
            (row["source"].as_str().unwrap(), counts)
        })
        .collect();
    assert_eq!(
        counted,
        [
            ("203.0.113.7", vec![("not_found", 1), ("not_signed_in", 20)]),
            ("203.0.113.8", vec![("token_invalid", 20)]),
            ("203.0.113.7", vec![("not_signed_in", 1)]),
        ]
    );
    let listed = auditor.get("/v1/audit-entries?limit=100").send().expect(200).json();
    assert!(listed["data"].as_array().unwrap().iter().all(|row| row["operation"] != "listCases"), "no row for each of them");
}
