//! Which spellings are one address and which are another: the same answer for reset, registration, sign-in, lock, `createUser` and change
//! of address.

use serde_json::json;

use crate::support::app::{App, PASSWORD};

/// An address, and other spellings of it: forms of the domain, and case.
const SAME: [(&str, &str); 6] = [
    ("mei@hospital.example", "MEI@Hospital.Example"),
    ("mei@hospital.example", "mei@ｈｏｓｐｉｔａｌ.example"),
    ("mei@hospital.example", "mei@hoſpital.example"),
    ("mei@hospital.example", "mei@hospital。example"),
    ("mei@höspital.example", "mei@xn--hspital-90a.example"),
    ("mei@例え.jp", "mei@xn--r8jz45g.jp"),
];

/// An address, and another that a search index takes for the same: accents, case without a one-to-one form, kana, sound marks.
const APART: [(&str, &str); 6] = [
    ("boss@hospital.example", "boss@höspital.example"),
    ("boss@strasse.example", "boss@straße.example"),
    ("boss@ぱん.jp", "boss@パン.jp"),
    ("boss@パン.jp", "boss@ハン.jp"),
    ("boss@ian.example", "boss@ıan.example"),
    ("boss@hospital.example", "boss@hospital.example.org"),
];

/// Local parts that are not ASCII: no account has them, and they are nobody's.
const REFUSED: [&str; 5] =
    ["böss@hospital.example", "ｂoss@hospital.example", "boſs@hospital.example", "ﬀ@hospital.example", "メイ@hospital.example"];

fn register(app: &App, email: &str) -> crate::support::http::Answer {
    let body = json!({ "email": email, "password": PASSWORD, "language": "en", "name": { "alphabetic": "Somebody" } });
    app.anonymous().post("/v1/registrations").json(&body).send()
}

fn reset(app: &App, email: &str) {
    app.anonymous().post("/v1/password-resets").json(&json!({ "email": email })).send().expect(202);
}

fn create(app: &App, email: &str) -> crate::support::http::Answer {
    let body = json!({ "email": email, "name": { "alphabetic": "X" }, "language": "en", "roles": [{ "role": "applicant" }] });
    app.administrator().post("/v1/users").json(&body).send()
}

#[test]
fn every_spelling_of_an_address_is_one_account_and_letters_go_to_the_stored_one() {
    for (stored, spelled) in SAME {
        let app = App::start();
        app.add_address(stored);
        app.try_to_sign_in(spelled, PASSWORD).expect(201);
        reset(&app, spelled);
        register(&app, spelled).expect(202);
        assert_eq!(create(&app, spelled).expect_problem(422, "invalid_fields").pointers(), ["/email"], "{spelled}");
        let change = json!({ "new_email": spelled, "current_password": PASSWORD });
        app.stranger().post("/v1/me/email-change").json(&change).send().expect(202);
        assert_eq!(app.letters_to(stored), ["already_registered", "already_registered", "new_device", "reset_password"], "{spelled}");
        assert_eq!(app.letters_to(spelled), Vec::<String>::new(), "{spelled}");
    }
}

#[test]
fn tries_under_any_spelling_count_for_one_address() {
    for (stored, spelled) in SAME {
        let app = App::start();
        app.add_address(stored);
        for number in 0..10 {
            app.try_to_sign_in(if number % 2 == 0 { spelled } else { stored }, "not the right password")
                .expect_problem(401, "sign_in_refused");
        }
        app.try_to_sign_in(stored, PASSWORD).expect_problem(429, "too_many_requests");
        app.try_to_sign_in(spelled, PASSWORD).expect_problem(429, "too_many_requests");
    }
}

#[test]
fn an_address_that_only_looks_alike_is_another() {
    for (stored, other) in APART {
        let app = App::start();
        app.add_address(stored);
        reset(&app, other);
        app.try_to_sign_in(other, PASSWORD).expect_problem(401, "sign_in_refused");
        for _ in 0..12 {
            app.try_to_sign_in(other, "not the right password");
        }
        app.try_to_sign_in(stored, PASSWORD).expect(201);
        register(&app, other).expect(202);
        let change = json!({ "new_email": other, "current_password": PASSWORD });
        app.stranger().post("/v1/me/email-change").json(&change).send().expect(202);
        assert_eq!(app.letters_to(other), ["change_email", "verify_email"], "{other} gets its own letters alone");
        assert_eq!(app.letters_to(stored), ["new_device"], "{stored} hears nothing of {other}");
        create(&app, other).expect(201);
    }
}

#[test]
fn a_local_part_with_other_letters_names_no_account() {
    let app = App::start();
    app.add_address("boss@hospital.example");
    for other in REFUSED {
        reset(&app, other);
        assert_eq!(register(&app, other).expect_problem(422, "invalid_fields").pointers(), ["/email"], "{other}");
        assert_eq!(create(&app, other).expect_problem(422, "invalid_fields").pointers(), ["/email"], "{other}");
        let change = json!({ "new_email": other, "current_password": PASSWORD });
        let refused = app.stranger().post("/v1/me/email-change").json(&change).send().expect_problem(422, "invalid_fields");
        assert_eq!(refused.pointers(), ["/new_email"], "{other}");
        app.try_to_sign_in(other, PASSWORD).expect_problem(401, "sign_in_refused");
        assert_eq!(app.letters_to(other), Vec::<String>::new());
    }
    assert_eq!(app.letters_to("boss@hospital.example"), Vec::<String>::new());
}

#[test]
fn what_is_no_domain_is_refused() {
    let app = App::start();
    for wrong in ["mei@hospital.example.", "mei@hos_pital.example", "mei@-hospital.example", "mei@℀.com", "mei@a..example", "mei@hospital"]
    {
        assert_eq!(register(&app, wrong).expect_problem(422, "invalid_fields").pointers(), ["/email"], "{wrong}");
    }
}
