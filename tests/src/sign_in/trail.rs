//! What the audit trail says of signing in.

use domain::access::Role;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::app::{App, PASSWORD};

/// The entries of an operation, newest first.
fn entries(app: &App, operation: &str) -> Vec<Value> {
    let found = app.auditor().get(&format!("/v1/audit-entries?operation={operation}&limit=100")).send().expect(200).json();
    found["data"].as_array().unwrap().clone()
}

fn code_of(entry: &Value) -> (&str, &str) {
    (entry["outcome"].as_str().unwrap(), entry["problem_code"].as_str().unwrap_or_default())
}

#[test]
fn sign_ins_name_the_account_the_source_and_the_client() {
    let app = App::start();
    let mei = app.add("mei", Role::Applicant).to_string();
    app.auditor();
    let attempt = |email: &str, password: &str, client: &str| {
        let body = json!({ "email": email, "password": password, "client_id": client });
        app.anonymous().post("/v1/sessions").from("203.0.113.7").json(&body).send()
    };
    let opened = attempt("mei@example.org", PASSWORD, "portal").expect(201);
    attempt("mei@example.org", "not the right password", "phone").expect_problem(401, "sign_in_refused");
    attempt("nobody@example.org", PASSWORD, "phone").expect_problem(401, "sign_in_refused");
    let found = entries(&app, "createSession");
    let [unknown, wrong, right] = &found[..3] else { panic!("{found:?}") };
    assert_eq!((code_of(right), &right["actor_id"], &right["session_id"]), (("done", ""), &json!(mei), &json!(opened.text("/session_id"))));
    assert_eq!((&right["client_id"], &right["source"]), (&json!("portal"), &json!("203.0.113.7")));
    assert_eq!((code_of(wrong), &wrong["subjects"], &wrong["client_id"]), (("refused", "sign_in_refused"), &json!([mei]), &json!("phone")));
    assert_eq!(wrong["actor_id"], json!(null), "whoever tried is not known");
    assert_eq!(
        (code_of(unknown), &unknown["subjects"], &unknown["source"]),
        (("refused", "sign_in_refused"), &json!([]), &json!("203.0.113.7"))
    );
}

#[test]
fn refused_refreshes_and_reuse_are_refusals() {
    let app = App::start();
    let mei = app.add("mei", Role::Applicant).to_string();
    let first = app.sign_in("mei").expect(201);
    let refresh = |token: &str| app.anonymous().post("/v1/sessions/refresh").json(&json!({ "refresh_token": token })).send();
    refresh(&first.text("/refresh_token")).expect(200);
    refresh("dGhpcyB0b2tlbiB3YXMgbWFkZSB1cCBieSBzb21lYm9keQ").expect(401);
    app.clock.advance(SignedDuration::from_secs(31));
    refresh(&first.text("/refresh_token")).expect(401);
    refresh(&first.text("/refresh_token")).expect(401);
    let found = entries(&app, "refreshSession");
    let codes: Vec<_> = found.iter().map(code_of).collect();
    assert_eq!(codes, [("refused", "refresh_refused"), ("refused", "refresh_reused"), ("refused", "refresh_refused"), ("done", "")]);
    assert_eq!((&found[1]["actor_id"], &found[1]["subjects"]), (&json!(mei), &json!([first.text("/session_id")])));
}

#[test]
fn wrong_codes_and_wrong_passwords_leave_a_row() {
    let app = App::start();
    let mei = app.applicant();
    let code = json!({ "code": "a code that nobody was ever sent" });
    let verify = json!({ "registration_id": "reg_01jd8x5k2neht8xg8y7w9zq4rt", "code": code["code"] });
    app.anonymous().post("/v1/registrations/verify").json(&verify).send().expect(409);
    let reset = json!({ "code": code["code"], "password": PASSWORD });
    app.anonymous().post("/v1/password-resets/confirm").json(&reset).send().expect(409);
    mei.post("/v1/me/email-change/confirm").json(&code).send().expect(409);
    let change = json!({ "current_password": "not the right password", "new_password": "a lantern over the quiet river" });
    mei.post("/v1/me/password").json(&change).send().expect(422);
    for (operation, code) in [
        ("verifyEmail", "code_refused"),
        ("resetPassword", "code_refused"),
        ("confirmEmailChange", "code_refused"),
        ("changePassword", "invalid_fields"),
    ] {
        let found = entries(&app, operation);
        assert_eq!(found.iter().map(code_of).collect::<Vec<_>>(), [("refused", code)], "{operation}");
    }
}

#[test]
fn what_concerns_an_account_names_its_person() {
    let app = App::start();
    let mei = app.add("mei", Role::Applicant).to_string();
    app.anonymous().post("/v1/password-resets").json(&json!({ "email": "mei@example.org" })).send().expect(202);
    let code = app.letter("mei", "reset_password")["code"].clone();
    let reset = json!({ "code": code, "password": "a lantern over the quiet river" });
    app.anonymous().post("/v1/password-resets/confirm").json(&reset).send().expect(200);
    assert_eq!(entries(&app, "requestPasswordReset")[0]["subjects"], json!([mei]));
    let done = &entries(&app, "resetPassword")[0];
    assert_eq!((code_of(done), &done["actor_id"], &done["subjects"]), (("done", ""), &json!(mei), &json!([mei])));
}
