//! The caller's own account: name, telephone, language and address.

use domain::access::Role;
use serde_json::{Value, json};

use crate::support::app::{App, PASSWORD, Person};
use crate::support::http::Answer;

fn ask(person: &Person<'_>, new: &str) -> Answer {
    person.post("/v1/me/email-change").json(&json!({ "new_email": new, "current_password": PASSWORD })).send()
}

fn confirm(person: &Person<'_>, code: &Value) -> Answer {
    person.post("/v1/me/email-change/confirm").json(&json!({ "code": code })).send()
}

#[test]
fn an_address_changes_by_a_code_to_the_new_one_and_both_are_told() {
    let app = App::start();
    let mei = app.applicant();
    ask(&mei, "new@example.org").expect(202);
    let code = app.letter("new", "change_email")["code"].clone();
    assert_eq!(mei.get("/v1/me").send().expect(200).text("/email"), "applicant@example.org", "nothing has changed yet");
    let reset = json!({ "email": "applicant@example.org" });
    app.anonymous().post("/v1/password-resets").json(&reset).send().expect(202);
    let old_code = app.letter("applicant", "reset_password")["code"].clone();
    assert_eq!(confirm(&mei, &code).expect(200).text("/email"), "new@example.org");
    confirm(&mei, &code).expect_problem(409, "code_refused");
    app.try_to_sign_in("applicant@example.org", PASSWORD).expect_problem(401, "sign_in_refused");
    app.try_to_sign_in("new@example.org", PASSWORD).expect(201);
    let confirmed = json!({ "code": old_code, "password": "a lantern over the quiet river" });
    app.anonymous().post("/v1/password-resets/confirm").json(&confirmed).send().expect_problem(409, "code_refused");
    assert_eq!(app.letters_to("applicant@example.org"), ["email_change_requested", "email_changed", "new_device", "reset_password"]);
    assert_eq!(app.letters_to("new@example.org"), ["change_email", "email_changed", "new_device"]);
}

#[test]
fn a_code_that_went_to_a_mistyped_address_is_of_no_use_there() {
    let app = App::start();
    ask(&app.applicant(), "typo@example.org").expect(202);
    let code = app.letter("typo", "change_email")["code"].clone();
    confirm(&app.stranger(), &code).expect_problem(409, "code_refused");
    confirm(&app.applicant(), &code).expect(200);
}

#[test]
fn a_wrong_password_changes_no_address() {
    let app = App::start();
    let body = json!({ "new_email": "new@example.org", "current_password": "not the right password" });
    let refused = app.applicant().post("/v1/me/email-change").json(&body).send().expect_problem(422, "invalid_fields");
    assert_eq!(refused.pointers(), ["/current_password"]);
    assert_eq!(app.letters_to("new@example.org"), Vec::<String>::new());
}

#[test]
fn a_taken_address_answers_as_a_free_one_and_only_its_owner_is_told() {
    let app = App::start();
    app.add("kai", Role::Applicant);
    let mei = app.applicant();
    assert_eq!(ask(&mei, "kai@example.org").expect(202).normalised("-"), ask(&mei, "free@example.org").expect(202).normalised("-"));
    assert_eq!(app.letters_to("kai@example.org"), ["already_registered"]);
}

#[test]
fn what_becomes_of_a_code_does_not_tell_whether_an_address_is_taken() {
    for target in ["kai@example.org", "free@example.org"] {
        let app = App::start();
        app.add("kai", Role::Applicant);
        let mei = app.applicant();
        ask(&mei, "mine@example.org").expect(202);
        let code = app.letter("mine", "change_email")["code"].clone();
        ask(&mei, target).expect(202);
        confirm(&mei, &code).expect_problem(409, "code_refused");
    }
}

#[test]
fn an_address_changes_to_another_one() {
    let app = App::start();
    let refused = ask(&app.applicant(), "APPLICANT@Example.org").expect_problem(422, "invalid_fields");
    assert_eq!(refused.text("/errors/0/code"), "email_unchanged");
}

#[test]
fn an_address_that_was_taken_meanwhile_is_refused() {
    let app = App::start();
    let mei = app.applicant();
    ask(&mei, "wanted@example.org").expect(202);
    let code = app.letter("wanted", "change_email")["code"].clone();
    app.add("wanted", Role::Applicant);
    confirm(&mei, &code).expect_problem(409, "code_refused");
    assert_eq!(mei.get("/v1/me").send().expect(200).text("/email"), "applicant@example.org");
}

#[test]
fn of_two_accounts_that_take_one_address_at_once_one_gets_it() {
    let app = App::start();
    let people = [app.applicant(), app.stranger()];
    let mut codes: Vec<Value> = Vec::new();
    for person in &people {
        ask(person, "wanted@example.org").expect(202);
        let next = app.another_code("wanted", "change_email", &codes);
        codes.push(next);
    }
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let all: Vec<_> = people.iter().zip(&codes).map(|(person, code)| scope.spawn(move || confirm(person, code).status)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[test]
fn a_person_changes_name_telephone_and_language() {
    let app = App::start();
    let mei = app.applicant();
    let before = mei.get("/v1/me").send().expect(200);
    assert_eq!((before.text("/name/alphabetic"), before.text("/email")), ("applicant".to_owned(), "applicant@example.org".to_owned()));
    let patch = json!({ "name": { "native": "田中 芽衣" }, "phone": "+81312345678", "language": "ja" });
    mei.patch("/v1/me").json(&patch).send().expect_problem(428, "if_match_required");
    let after = mei.patch("/v1/me").if_match(&before.etag()).json(&patch).send().expect(200);
    assert_eq!(
        (after.text("/name/native"), after.text("/phone"), after.text("/language")),
        ("田中 芽衣".into(), "+81312345678".into(), "ja".into())
    );
    mei.patch("/v1/me").if_match(&before.etag()).json(&patch).send().expect_problem(412, "stale");
    let again = mei.patch("/v1/me").if_match(&after.etag()).json(&patch).send().expect(200);
    assert_eq!(again.json(), after.json(), "what changes nothing changes no version");
    let nameless = json!({ "name": { "alphabetic": null, "native": null, "kana": null } });
    assert_eq!(mei.patch("/v1/me").if_match("*").json(&nameless).send().expect_problem(422, "invalid_fields").pointers(), ["/name"]);
    let smuggled = json!({ "roles": [{ "role": "administrator" }], "email": "other@example.org" });
    assert!(matches!(mei.patch("/v1/me").if_match("*").json(&smuggled).send().status, 400 | 422));
}
