//! Passwords: one normal form, hard to guess, and every change of one voids what was made for the one before.

use domain::access::Role;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::app::{App, PASSWORD};
use crate::support::http::Answer;

const COMPOSED: &str = "un prunier sous la pluie d'été";
const DECOMPOSED: &str = "un prunier sous la pluie d'e\u{301}te\u{301}";
const FULL_WIDTH: &str = "ｕｎ ｐｒｕｎｉｅｒ ｓｏｕｓ ｌａ ｐｌｕｉｅ ｄ'été";

fn register(app: &App, password: &str) -> Answer {
    let body = json!({
        "email": "wilhelmina.oberstaller@example.org", "password": password, "language": "en",
        "name": { "alphabetic": "Wilhelmina Oberstaller" },
    });
    app.anonymous().post("/v1/registrations").json(&body).send()
}

fn ask_for_reset(app: &App, name: &str) -> Value {
    app.anonymous().post("/v1/password-resets").json(&json!({ "email": format!("{name}@example.org") })).send().expect(202);
    app.letter(name, "reset_password")["code"].clone()
}

fn reset(app: &App, code: &Value, password: &str) -> Answer {
    app.anonymous().post("/v1/password-resets/confirm").json(&json!({ "code": code, "password": password })).send()
}

#[test]
fn a_password_is_one_however_a_keyboard_composes_it() {
    for (chosen, typed) in [(COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED), (COMPOSED, FULL_WIDTH), (FULL_WIDTH, DECOMPOSED)] {
        let app = App::start();
        app.add("mei", Role::Applicant);
        let code = ask_for_reset(&app, "mei");
        reset(&app, &code, chosen).expect(200);
        app.try_to_sign_in("mei@example.org", typed).expect(201);
        app.try_to_sign_in("mei@example.org", "un prunier sous la pluie d'ete").expect_problem(401, "sign_in_refused");
    }
}

#[test]
fn what_is_easy_to_guess_is_refused_wherever_a_password_is_chosen() {
    let app = App::start();
    for (weak, code) in [
        ("fourteen chars", "too_short"),
        ("password password", "password_too_common"),
        ("summer2026summer", "password_too_common"),
        ("Wilhelmina Oberstaller", "password_too_common"),
        ("wilhelmina.oberstaller@example.org", "password_too_common"),
        ("ＷＩＬＨＥＬＭＩＮＡ ｏｂｅｒｓｔａｌｌｅｒ", "password_too_common"),
        ("Example Hospital Example", "password_too_common"),
        ("international services", "password_too_common"),
        ("aaaaaaaaaaaaaaaaaaaaaaa", "password_too_common"),
        ("wilhelmina-oberstaller-1", "password_too_common"),
        ("example.org.wilhelmina", "password_too_common"),
        ("correct horse battery staple", "password_too_common"),
    ] {
        let refused = register(&app, weak).expect_problem(422, "invalid_fields");
        assert_eq!((refused.pointers(), refused.text("/errors/0/code")), (vec!["/password".to_owned()], code.to_owned()), "{weak}");
    }
    register(&app, "plum tree in the rain").expect(202);
    app.add("mei", Role::Applicant);
    let code = ask_for_reset(&app, "mei");
    assert_eq!(reset(&app, &code, "password password").expect_problem(422, "invalid_fields").pointers(), ["/password"]);
    reset(&app, &code, "a lantern over the quiet river").expect(200);
}

#[test]
fn lengths_are_counted_as_sent_and_in_normal_form() {
    let app = App::start();
    let pointers = |password: &str| register(&app, password).expect_problem(422, "invalid_fields").pointers();
    assert_eq!(pointers(&"é".repeat(257)), ["/password"]);
    assert_eq!(pointers(&"e\u{301}".repeat(129)), ["/password"], "258 characters as sent");
    assert_eq!(pointers(&"\u{fdfa}".repeat(16)), ["/password"], "16 characters as sent, 288 in normal form");
    assert_eq!(pointers("e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}"), ["/password"], "16 as sent, 8 in normal form");
}

#[test]
fn a_password_may_be_long_and_does_not_run_out() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let code = ask_for_reset(&app, "mei");
    let long: String = "three herons asleep at noon, ".chars().cycle().take(256).collect();
    reset(&app, &code, &long).expect(200);
    app.clock.advance(SignedDuration::from_hours(5 * 366 * 24));
    app.try_to_sign_in("mei@example.org", &long).expect(201);
}

#[test]
fn accounts_hold_no_hints_and_no_secret_questions() {
    let document: Value = serde_json::from_str(&api::document::text().unwrap()).unwrap();
    let fields = |schema: &str| {
        let properties = document["components"]["schemas"][schema]["properties"].as_object().unwrap();
        let mut names: Vec<String> = properties.keys().cloned().collect();
        names.sort();
        names
    };
    assert_eq!(fields("RegisterApplicant"), ["email", "language", "name", "password"]);
    assert_eq!(fields("CreateUser"), ["email", "language", "name", "roles"]);
    assert_eq!(fields("MePatch"), ["language", "name", "phone"]);
    assert_eq!(fields("RequestPasswordReset"), ["email"]);
    assert_eq!(fields("ResetPassword"), ["code", "password", "session_mode"]);
}

#[test]
fn every_change_of_password_voids_open_codes_and_tells_the_owner() {
    let app = App::start();
    let mei = app.applicant();
    let reset_code = ask_for_reset(&app, "applicant");
    let change = json!({ "new_email": "new@example.org", "current_password": PASSWORD });
    mei.post("/v1/me/email-change").json(&change).send().expect(202);
    let email_code = app.letter("new", "change_email")["code"].clone();
    let body = json!({ "current_password": PASSWORD, "new_password": "a lantern over the quiet river" });
    let token = mei.post("/v1/me/password").json(&body).send().expect(200).text("/access_token");
    reset(&app, &reset_code, "three herons asleep at noon").expect_problem(409, "code_refused");
    let confirm = app.anonymous().post("/v1/me/email-change/confirm").bearer(&token).json(&json!({ "code": email_code }));
    confirm.send().expect_problem(409, "code_refused");
    assert!(app.letters_to("applicant@example.org").contains(&"password_changed".to_owned()));

    app.anonymous().post("/v1/password-resets").json(&json!({ "email": "applicant@example.org" })).send().expect(202);
    let second = app.another_code("applicant", "reset_password", &[reset_code]);
    reset(&app, &second, "three herons asleep at noon").expect(200);
    reset(&app, &second, "three herons asleep at dawn").expect_problem(409, "code_refused");
    let letters = app.letters_to("applicant@example.org");
    assert_eq!(letters.iter().filter(|reason| *reason == "password_changed").count(), 2);
}

#[test]
fn after_a_reset_no_device_is_known() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let device = app.sign_in("mei").expect(201).text("/device_token");
    let code = ask_for_reset(&app, "mei");
    reset(&app, &code, "a lantern over the quiet river").expect(200);
    let body = json!({ "email": "mei@example.org", "password": "a lantern over the quiet river", "device_token": device });
    let after = app.anonymous().post("/v1/sessions").json(&body).send().expect(201);
    assert_ne!(after.text("/device_token"), device);
}

#[test]
fn of_two_codes_of_one_person_redeemed_at_once_one_sets_the_password() {
    let app = App::start();
    let body = json!({ "email": "mei@example.org", "name": { "alphabetic": "Mei" }, "language": "en", "roles": [{ "role": "auditor" }] });
    app.administrator().post("/v1/users").json(&body).send().expect(201);
    let first = app.letter("mei", "welcome")["code"].clone();
    app.anonymous().post("/v1/password-resets").json(&json!({ "email": "mei@example.org" })).send().expect(202);
    let codes = [first.clone(), app.another_code("mei", "welcome", &[first])];
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let all: Vec<_> = codes.iter().map(|code| scope.spawn(|| reset(&app, code, "a lantern over the quiet river").status)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

/// The thief has the old password and a session; the owner resets the password at the same moment. The owner's password is the last word.
#[test]
fn a_session_that_ends_while_it_changes_the_password_changes_nothing() {
    for _ in 0..4 {
        let app = App::start();
        app.add("mei", Role::Applicant);
        let thief = app.sign_in("mei").expect(201).text("/access_token");
        let code = ask_for_reset(&app, "mei");
        let body = json!({ "current_password": PASSWORD, "new_password": "a lantern over the quiet river" });
        let (owner, thief) = std::thread::scope(|scope| {
            let owner = scope.spawn(|| reset(&app, &code, "three herons asleep at noon").status);
            let thief = scope.spawn(|| app.anonymous().post("/v1/me/password").bearer(&thief).json(&body).send().status);
            (owner.join().unwrap(), thief.join().unwrap())
        });
        let works = |password: &str| app.try_to_sign_in("mei@example.org", password).status == 201;
        match (owner, thief) {
            (200, 401 | 422) => assert!(works("three herons asleep at noon") && !works("a lantern over the quiet river")),
            // The thief came first: every open code was void, and the owner hears of it by letter.
            (409, 200) => assert!(app.letters_to("mei@example.org").contains(&"password_changed".to_owned())),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn of_eight_changes_of_a_password_at_once_one_is_done() {
    let app = App::start();
    let mei = app.applicant();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let change = |number: usize| {
            let new = format!("three herons asleep at noon, number {number}");
            mei.post("/v1/me/password").json(&json!({ "current_password": PASSWORD, "new_password": new })).send().status
        };
        let all: Vec<_> = (0..8).map(|number| scope.spawn(move || change(number))).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 200 | 401 | 422)), "{statuses:?}");
}

#[test]
fn a_password_changes_to_another_one() {
    let app = App::start();
    let body = json!({ "current_password": PASSWORD, "new_password": PASSWORD });
    let refused = app.applicant().post("/v1/me/password").json(&body).send().expect_problem(422, "invalid_fields");
    assert_eq!(refused.text("/errors/0/code"), "password_unchanged");
}

#[test]
fn a_code_that_was_made_up_is_refused_before_the_password_is_looked_at() {
    let app = App::start();
    reset(&app, &json!("a code that nobody was ever sent"), "password password").expect_problem(409, "code_refused");
}

#[test]
fn a_person_who_was_shut_out_does_not_come_back_by_a_code() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let code = ask_for_reset(&app, "mei");
    let id = app.administrator().get("/v1/users?role=applicant").send().expect(200).text("/data/0/id");
    let account = format!("/v1/users/{id}");
    app.administrator().patch(&account).if_match("*").json(&json!({ "disabled": true })).send().expect(200);
    reset(&app, &code, "a lantern over the quiet river").expect_problem(409, "code_refused");
    app.try_to_sign_in("mei@example.org", "a lantern over the quiet river").expect_problem(401, "sign_in_refused");
}
