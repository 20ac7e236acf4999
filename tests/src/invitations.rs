//! Joining a case by invitation.

use domain::access::Role;
use jiff::SignedDuration;
use serde_json::json;

use crate::support::app::App;

fn invited(app: &App, relation: &str) -> (String, String) {
    let me = app.applicant();
    let case = me.post("/v1/cases").json(&json!({ "kind": "representative_consultation" })).send().expect(201).text("/id");
    let body = json!({ "email": "guest@example.org", "relation": relation, "language": "ja" });
    let sent = me.post(&format!("/v1/cases/{case}/invitations")).json(&body).send().expect(202).json();
    assert!(sent.get("code").is_none(), "the code is in the letter alone");
    let letter = app.letter("guest", "invitation");
    (case, letter["code"].as_str().unwrap().to_owned())
}

#[test]
fn a_code_joins_an_account_to_the_case_once() {
    let app = App::start();
    let (case, code) = invited(&app, "representative");
    let guest = app.person("guest", Role::Applicant);
    guest.get(&format!("/v1/cases/{case}")).send().expect_problem(404, "not_found");
    let accepted = guest.post("/v1/invitations/accept").json(&json!({ "code": code })).send().expect(200);
    assert_eq!(accepted.text("/id"), case);
    guest.get(&format!("/v1/cases/{case}")).send().expect(200);
    let again = app.stranger().post("/v1/invitations/accept").json(&json!({ "code": code })).send();
    again.expect_problem(409, "code_refused");
    app.stranger().get(&format!("/v1/cases/{case}")).send().expect_problem(404, "not_found");
}

#[test]
fn an_invitation_grows_old_and_never_changes_who_somebody_is() {
    let app = App::start();
    let (case, code) = invited(&app, "patient");
    let mine = app.applicant().post("/v1/invitations/accept").json(&json!({ "code": code })).send();
    mine.expect_problem(409, "already_joined");
    let kept = app.applicant().get(&format!("/v1/cases/{case}")).send().expect(200).json();
    assert!(kept["allowed_actions"].as_array().unwrap().contains(&json!("submitCase")), "the applicant is the applicant");
    app.after(SignedDuration::from_hours(15 * 24));
    let late = app.person("guest", Role::Applicant).post("/v1/invitations/accept").json(&json!({ "code": code })).send();
    late.expect_problem(409, "code_refused");
}

#[test]
fn nobody_sends_a_stranger_letter_after_letter() {
    let app = App::start();
    let invite = |person: &str, email: &str| {
        let who = app.person(person, Role::Applicant);
        let case = who.post("/v1/cases").json(&json!({ "kind": "representative_consultation" })).send().expect(201).text("/id");
        let body = json!({ "email": email, "relation": "representative", "language": "en" });
        who.post(&format!("/v1/cases/{case}/invitations")).json(&body).send()
    };
    for _ in 0..10 {
        invite("applicant", "guest@example.org").expect(202);
    }
    for person in ["applicant", "stranger"] {
        let refused = invite(person, "Guest@EXAMPLE.org").expect_problem(429, "too_many_requests");
        assert!(refused.header("retry-after").is_some());
    }
    for number in 0..40 {
        invite("applicant", &format!("guest{number}@example.org")).expect(202);
    }
    invite("applicant", "another@example.org").expect_problem(429, "too_many_requests");
    app.after(SignedDuration::from_hours(25));
    invite("applicant", "guest@example.org").expect(202);
}
