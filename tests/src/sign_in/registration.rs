//! A registration touches only what it made, and holds no address before it is proved.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::app::{App, PASSWORD};
use crate::support::http::Answer;

const OTHER_PASSWORD: &str = "a lantern over the quiet river";

fn register(app: &App, name: &str, password: &str) -> Answer {
    let body = json!({ "email": "mei@example.org", "password": password, "language": "en", "name": { "alphabetic": name } });
    app.anonymous().post("/v1/registrations").json(&body).send().expect(202)
}

/// Registers; gives the identifier of the registration.
fn registered(app: &App, name: &str, password: &str) -> String {
    register(app, name, password).text("/registration_id")
}

fn verify(app: &App, registration: &str, code: &Value) -> Answer {
    let body = json!({ "registration_id": registration, "code": code });
    app.anonymous().post("/v1/registrations/verify").json(&body).send()
}

#[test]
fn name_and_password_are_those_of_the_registration_whose_code_is_redeemed() {
    let app = App::start();
    let own = registered(&app, "Mei Tanaka", PASSWORD);
    let own_code = app.letter("mei", "verify_email")["code"].clone();
    app.clock.advance(SignedDuration::from_secs(1));
    let strangers = registered(&app, "A Stranger", OTHER_PASSWORD);
    let strangers_code = app.another_code("mei", "verify_email", std::slice::from_ref(&own_code));
    verify(&app, &own, &strangers_code).expect_problem(409, "code_refused");
    verify(&app, &strangers, &own_code).expect_problem(409, "code_refused");
    verify(&app, &own, &json!(format!("  {}.\n", own_code.as_str().unwrap()))).expect(204);
    app.try_to_sign_in("mei@example.org", OTHER_PASSWORD).expect_problem(401, "sign_in_refused");
    let token = app.try_to_sign_in("mei@example.org", PASSWORD).expect(201).text("/access_token");
    let me = app.anonymous().get("/v1/me").bearer(&token).send().expect(200);
    assert_eq!((me.text("/name/alphabetic"), me.text("/email")), ("Mei Tanaka".to_owned(), "mei@example.org".to_owned()));
    verify(&app, &strangers, &strangers_code).expect_problem(409, "code_refused");
}

#[test]
fn a_stranger_of_one_source_leaves_the_owner_letters() {
    let app = App::start();
    let register_from = |source: &str| {
        let body = json!({ "email": "mei@example.org", "password": PASSWORD, "language": "en", "name": { "alphabetic": "X" } });
        app.anonymous().post("/v1/registrations").from(source).json(&body).send().expect(202).text("/registration_id")
    };
    for _ in 0..20 {
        register_from("203.0.113.7");
    }
    assert_eq!(app.letters_to("mei@example.org"), ["verify_email"; 5]);
    register_from("198.51.100.1");
    assert_eq!(app.letters_to("mei@example.org"), ["verify_email"; 6]);
}

#[test]
fn registrations_from_one_source_have_a_limit() {
    let app = App::start();
    let register_from = |source: &str, number: usize| {
        let body = json!({ "email": format!("mei-{number}@example.org"), "password": "short but refused", "language": "en", "name": { "alphabetic": "X" } });
        app.anonymous().post("/v1/registrations").from(source).json(&body).send()
    };
    for number in 0..30 {
        assert_ne!(register_from("203.0.113.7", number).status, 429);
    }
    register_from("203.0.113.7", 30).expect_problem(429, "too_many_requests");
    assert_ne!(register_from("198.51.100.1", 31).status, 429);
}

#[test]
fn registering_an_invited_persons_address_changes_nothing_of_theirs() {
    let app = App::start();
    let body = json!({
        "email": "mei@example.org", "name": { "alphabetic": "Mei Tanaka" }, "language": "ja", "roles": [{ "role": "auditor" }],
    });
    let made = app.administrator().post("/v1/users").json(&body).send().expect(201);
    assert_eq!(made.text("/status"), "invited");
    let code = app.letter("mei", "welcome")["code"].clone();
    register(&app, "A Stranger", OTHER_PASSWORD);
    let account = app.administrator().get(&format!("/v1/users/{}", made.text("/id"))).send().expect(200);
    assert_eq!(account.json(), made.json());
    assert_eq!(app.letters_to("mei@example.org"), ["welcome", "welcome"], "the owner gets the code again, and no other");
    app.try_to_sign_in("mei@example.org", OTHER_PASSWORD).expect_problem(401, "sign_in_refused");
    let chosen = json!({ "code": code, "password": PASSWORD });
    app.anonymous().post("/v1/password-resets/confirm").json(&chosen).send().expect(200);
    app.try_to_sign_in("mei@example.org", OTHER_PASSWORD).expect_problem(401, "sign_in_refused");
    app.try_to_sign_in("mei@example.org", PASSWORD).expect(201);
}

#[test]
fn an_unproved_registration_holds_no_address() {
    let app = App::start();
    let registration = registered(&app, "A Squatter", OTHER_PASSWORD);
    let squatters = app.letter("mei", "verify_email")["code"].clone();
    let body = json!({ "email": "mei@example.org", "name": { "alphabetic": "Mei" }, "language": "en", "roles": [{ "role": "auditor" }] });
    app.administrator().post("/v1/users").json(&body).send().expect(201);
    verify(&app, &registration, &squatters).expect_problem(409, "code_refused");
    app.try_to_sign_in("mei@example.org", OTHER_PASSWORD).expect_problem(401, "sign_in_refused");
}

#[test]
fn an_unproved_registration_cannot_sign_in_or_ask_for_a_password() {
    let app = App::start();
    register(&app, "Mei Tanaka", PASSWORD);
    app.try_to_sign_in("mei@example.org", PASSWORD).expect_problem(401, "sign_in_refused");
    app.anonymous().post("/v1/password-resets").json(&json!({ "email": "mei@example.org" })).send().expect(202);
    assert_eq!(app.letters_to("mei@example.org"), ["verify_email"]);
}

#[test]
fn the_code_of_a_registration_is_sent_again_and_the_one_before_is_void() {
    let app = App::start();
    let registration = register(&app, "Mei Tanaka", PASSWORD).text("/registration_id");
    let before = app.letter("mei", "verify_email")["code"].clone();
    app.clock.advance(SignedDuration::from_hours(47));
    let resend = |id: &str| app.anonymous().post("/v1/registrations/resend").json(&json!({ "registration_id": id })).send().expect(202);
    let real = resend(&registration);
    let made_up = resend("reg_01jd8x5k2neht8xg8y7w9zq4rt");
    assert_eq!(real.normalised("-"), made_up.normalised("-"), "it does not tell whether there is such a registration");
    let again = app.another_code("mei", "verify_email", std::slice::from_ref(&before));
    app.clock.advance(SignedDuration::from_hours(2));
    verify(&app, &registration, &before).expect_problem(409, "code_refused");
    verify(&app, &registration, &again).expect(204);
    app.try_to_sign_in("mei@example.org", PASSWORD).expect(201);
    resend(&registration);
    let letters = app.letters_to("mei@example.org");
    assert_eq!(letters.iter().filter(|reason| *reason == "verify_email").count(), 2, "what was redeemed is not sent again");
}

#[test]
fn of_two_codes_redeemed_at_once_one_makes_the_account() {
    let app = App::start();
    let mut codes = Vec::new();
    for name in ["Mei Tanaka", "A Stranger"] {
        app.clock.advance(SignedDuration::from_secs(1));
        let registration = registered(&app, name, PASSWORD);
        let known: Vec<Value> = codes.iter().map(|(_, code): &(String, Value)| code.clone()).collect();
        codes.push((registration, app.another_code("mei", "verify_email", &known)));
    }
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let all: Vec<_> = codes.iter().map(|(registration, code)| scope.spawn(|| verify(&app, registration, code).status)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409]);
}

#[test]
fn an_invited_person_whose_code_ran_out_gets_another_by_asking_for_a_password() {
    let app = App::start();
    let body = json!({ "email": "mei@example.org", "name": { "alphabetic": "Mei" }, "language": "en", "roles": [{ "role": "auditor" }] });
    app.administrator().post("/v1/users").json(&body).send().expect(201);
    let before = app.letter("mei", "welcome")["code"].clone();
    app.after(SignedDuration::from_hours(8 * 24));
    app.anonymous().post("/v1/password-resets").json(&json!({ "email": "mei@example.org" })).send().expect(202);
    let code = app.another_code("mei", "welcome", &[before]);
    app.anonymous().post("/v1/password-resets/confirm").json(&json!({ "code": code, "password": PASSWORD })).send().expect(200);
    app.try_to_sign_in("mei@example.org", PASSWORD).expect(201);
}
