//! Registration, sessions and passwords.

mod addresses;
mod approvals;
mod browsers;
mod email_change;
mod limits;
mod passwords;
mod refresh;
mod registration;
mod sessions;
mod timing;
mod trail;

use domain::access::Role;
use jiff::SignedDuration;
use serde_json::json;

use crate::support::app::{App, PASSWORD};

#[test]
fn an_applicant_registers_proves_the_address_and_signs_in() {
    let app = App::start();
    let registration = json!({
        "email": "mei@example.org", "password": PASSWORD, "language": "ja",
        "name": { "alphabetic": "Mei Tanaka", "native": "田中 芽衣" },
    });
    let sent = app.anonymous().post("/v1/registrations").json(&registration).send().expect(202);
    app.sign_in("mei").expect_problem(401, "sign_in_refused");

    let letter = app.letter("mei", "verify_email");
    assert!(letter["subject"].as_str().unwrap().contains("メールアドレス"), "the letter is in Japanese");
    let code = json!({ "registration_id": sent.text("/registration_id"), "code": letter["code"] });
    app.anonymous().post("/v1/registrations/verify").json(&code).send().expect(204);
    app.anonymous().post("/v1/registrations/verify").json(&code).send().expect_problem(409, "code_refused");

    let token = app.sign_in("mei").expect(201).text("/access_token");
    let me = app.anonymous().get("/v1/me").bearer(&token).send().expect(200).json();
    assert_eq!(me["roles"], json!([{ "role": "applicant", "department_id": null, "agency_id": null }]));
}

#[cfg(unix)]
#[test]
fn letters_on_disk_are_read_by_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let app = App::start();
    let registration =
        json!({ "email": "mei@example.org", "password": PASSWORD, "language": "en", "name": { "alphabetic": "Mei Tanaka" } });
    app.anonymous().post("/v1/registrations").json(&registration).send().expect(202);
    app.letter("mei", "verify_email");
    for file in std::fs::read_dir(&app.letters).unwrap() {
        assert_eq!(file.unwrap().metadata().unwrap().permissions().mode() & 0o077, 0);
    }
}

#[test]
fn registering_a_known_address_tells_only_its_owner() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let registration =
        json!({ "email": "mei@example.org", "password": "another long password", "language": "en", "name": { "alphabetic": "X" } });
    let known = app.anonymous().post("/v1/registrations").json(&registration).send().expect(202);
    let fresh = registration.to_string().replace("mei@", "kai@");
    let unknown = app.anonymous().post("/v1/registrations").bytes("application/json", fresh.into_bytes()).send().expect(202);
    let id = |answer: &crate::support::http::Answer| answer.normalised(&answer.text("/registration_id"));
    assert_eq!(id(&known), id(&unknown));
    app.letter("mei", "already_registered");
    app.sign_in("mei").expect(201);
}

#[test]
fn signing_out_ends_the_session_at_once() {
    let app = App::start();
    let applicant = app.applicant();
    applicant.get("/v1/me").send().expect(200);
    applicant.delete("/v1/sessions/current").send().expect(204);
    applicant.get("/v1/me").send().expect_problem(401, "session_ended");
}

#[test]
fn an_access_token_expires_after_a_quarter_of_an_hour() {
    let app = App::start();
    let applicant = app.applicant();
    app.clock.advance(SignedDuration::from_mins(15));
    applicant.get("/v1/me").send().expect_problem(401, "token_expired");
}

#[test]
fn a_changed_password_ends_every_other_session() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let other = app.sign_in("mei").expect(201).text("/access_token");
    let token = app.sign_in("mei").expect(201).text("/access_token");
    let change = |current: &str, new: &str| {
        let body = json!({ "current_password": current, "new_password": new });
        app.anonymous().post("/v1/me/password").bearer(&token).json(&body).send()
    };
    assert_eq!(
        change("not my password at all", "a much better one").expect_problem(422, "invalid_fields").pointers(),
        ["/current_password"]
    );
    assert_eq!(change(PASSWORD, "short").expect_problem(422, "invalid_fields").pointers(), ["/new_password"]);
    let renewed = change(PASSWORD, "a much better one").expect(200).text("/access_token");
    app.anonymous().get("/v1/me").bearer(&other).send().expect_problem(401, "session_ended");
    app.anonymous().get("/v1/me").bearer(&token).send().expect_problem(401, "session_ended");
    app.anonymous().get("/v1/me").bearer(&renewed).send().expect(200);
    app.sign_in("mei").expect_problem(401, "sign_in_refused");
}

#[test]
fn a_lost_password_is_reset_by_the_code_of_a_letter() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let before = app.sign_in("mei").expect(201).text("/access_token");
    let ask = |email: &str| app.anonymous().post("/v1/password-resets").json(&json!({ "email": email })).send().expect(202);
    assert_eq!(ask("mei@example.org").normalised("-"), ask("nobody@example.org").normalised("-"));
    let code = app.letter("mei", "reset_password")["code"].clone();
    let reset =
        |password: &str| app.anonymous().post("/v1/password-resets/confirm").json(&json!({ "code": code, "password": password })).send();
    reset("short").expect_problem(422, "invalid_fields");
    reset("rain on the plum tree").expect(200);
    reset("rain on the plum tree").expect_problem(409, "code_refused");
    app.anonymous().get("/v1/me").bearer(&before).send().expect_problem(401, "session_ended");
    app.sign_in("mei").expect_problem(401, "sign_in_refused");
}
