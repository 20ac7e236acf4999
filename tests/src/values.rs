//! Values that people and programs send, and what is made of them: the right value for each that was once read wrong.

use application::people::NewAccount;
use domain::access::{Role, RoleAssignment, Roles};
use serde_json::{Value, json};

use crate::support::app::{App, PASSWORD};
use crate::support::given::{Case, application};
use crate::support::http::Answer;

/// Changes one part of an application.
fn changed(app: &App, case: &Case<'_>, patch: &Value) -> Answer {
    let etag = app.applicant().get(&case.path("")).send().expect(200).etag();
    app.applicant().patch(&case.path("")).if_match(&etag).json(&json!({ "application": patch })).send()
}

/// The code of the fault at a pointer.
fn code_at(answer: &Answer, pointer: &str) -> String {
    let body = answer.json();
    let fault = body["errors"].as_array().unwrap().iter().find(|fault| fault["pointer"] == pointer);
    fault.unwrap_or_else(|| panic!("{pointer}: {body:#}"))["code"].as_str().unwrap().to_owned()
}

#[test]
fn a_birth_date_is_a_full_date_of_somebody_who_may_be_alive() {
    let app = App::start();
    let case = Case::draft(&app);
    for bad in ["1948-07-11T15:00:00+00:00", "19480712", "-009999-01-01"] {
        let refused = changed(&app, &case, &json!({ "patient": { "birth_on": bad } })).expect_problem(422, "invalid_fields");
        assert_eq!(code_at(&refused, "/application/patient/birth_on"), "format", "{bad}");
    }
    for bad in ["2999-01-01", "2026-11-26", "1879-12-31"] {
        let refused = changed(&app, &case, &json!({ "patient": { "birth_on": bad } })).expect_problem(422, "birth_date_impossible");
        assert_eq!(code_at(&refused, "/application/patient/birth_on"), "impossible_date", "{bad}");
    }
    for good in ["2026-11-24", "1880-01-01", "2024-02-29"] {
        changed(&app, &case, &json!({ "patient": { "birth_on": good } })).expect(200);
    }
}

#[test]
fn a_telephone_number_is_not_refused_for_the_age_of_a_numbering_plan() {
    let app = App::start();
    let case = Case::draft(&app);
    for good in ["+962711691520", "+8619912345678", "+2348012345678"] {
        changed(&app, &case, &json!({ "patient": { "phone": good } })).expect(200);
    }
    for bad in ["+99999999999", "0312345678", "+81", "+81 3 1234 5678"] {
        changed(&app, &case, &json!({ "patient": { "phone": bad } })).expect_problem(422, "invalid_fields");
    }
}

#[test]
fn a_line_shows_something_and_hides_nothing() {
    let app = App::start();
    let case = Case::draft(&app);
    for bad in ["\u{200B}", "\u{3164}", "\u{2800}", "Mei \u{202E}akanaT", "\u{2066}Mei\u{2069}", "Mei\u{FEFF}"] {
        let refused = changed(&app, &case, &json!({ "patient": { "name": { "alphabetic": bad } } })).expect_problem(422, "invalid_fields");
        assert_eq!(code_at(&refused, "/application/patient/name/alphabetic"), "unreadable_characters", "{bad:?}");
    }
    for good in ["می\u{200C}خواهم", "क्\u{200D}ष", "辻\u{E0100}"] {
        changed(&app, &case, &json!({ "patient": { "name": { "native": good } } })).expect(200);
    }
    let blank = app.applicant().post(&case.path("messages")).json(&json!({ "text": "\u{200B}\u{2800}" })).send();
    assert_eq!(code_at(&blank.expect_problem(422, "invalid_fields"), "/text"), "unreadable_characters");
}

#[test]
fn a_language_is_one_that_people_speak() {
    let app = App::start();
    let case = Case::draft(&app);
    for bad in ["french", "xx", "qqq-Latn"] {
        changed(&app, &case, &json!({ "patient": { "language": bad } })).expect_problem(422, "invalid_fields");
    }
    for good in ["fr", "zh-Hant", "yue", "fil"] {
        changed(&app, &case, &json!({ "patient": { "language": good } })).expect(200);
    }
}

#[test]
fn the_other_person_is_not_the_patient() {
    let app = App::start();
    let same = |fields: &[&str]| {
        let mut form = application();
        for field in fields {
            form["contact_person"][field] = form["patient"][field].clone();
        }
        let opened = app.applicant().post("/v1/cases").json(&json!({ "kind": "written_opinion", "application": form })).send().expect(201);
        app.applicant().post(&format!("/v1/cases/{}/submit", opened.text("/id"))).send()
    };
    let refused = same(&["email"]).expect_problem(409, "contact_is_patient");
    assert_eq!(refused.pointers(), ["/application/contact_person/email"]);
    let refused = same(&["name", "phone"]).expect_problem(409, "contact_is_patient");
    assert_eq!(refused.pointers(), ["/application/contact_person/name", "/application/contact_person/phone"]);
    // A family may share a telephone, and a son his father's name.
    same(&["phone"]).expect(200);
    same(&["name"]).expect(200);
}

#[test]
fn whoever_works_for_two_agencies_says_for_which() {
    let app = App::start();
    let agencies = [app.agency_named("Sakura Medical Travel"), app.agency_named("Other Agency")].map(|id| id.to_string());
    let roles = agencies.iter().map(|id| RoleAssignment::new(Role::Agency, None, Some(id.parse().unwrap())).unwrap()).collect();
    let account = NewAccount {
        email: "two-agencies@example.org".parse().unwrap(),
        name: domain::people::PersonName::new(Some("Two".into()), None, None).unwrap(),
        language: "en".parse().unwrap(),
        roles: Roles::new(roles).unwrap(),
    };
    app.wait(app.hospital.add_user(account, PASSWORD.into())).unwrap();
    let token = app.sign_in("two-agencies").expect(201).text("/access_token");
    let open = |body: Value| app.anonymous().post("/v1/cases").bearer(&token).json(&body).send();
    let refused = open(json!({ "kind": "written_opinion" })).expect_problem(422, "agency_not_named");
    assert_eq!(refused.pointers(), ["/agency_id"]);
    let named = open(json!({ "kind": "written_opinion", "agency_id": agencies[1] })).expect(201);
    assert_eq!(named.json()["agency_id"], json!(agencies[1]));
}

#[test]
fn a_number_without_a_fraction_is_an_integer() {
    let app = App::start();
    let quote = |half_hours: &str| {
        let body = format!("{{\"kind\":\"patient_consultation\",\"additional_half_hours\":{half_hours}}}");
        app.anonymous().post("/v1/quotes").bytes("application/json", body.into_bytes()).send()
    };
    assert_eq!(quote("1.0").expect(201).json()["total"], quote("1").expect(201).json()["total"]);
    quote("1e0").expect(201);
    quote("1.5").expect_problem(422, "invalid_fields");
}

#[test]
fn a_language_that_is_not_wanted_is_not_spoken() {
    let app = App::start();
    let title = |languages: &str| app.anonymous().get("/v1/cases").header("accept-language", languages).send().text("/title");
    let (english, japanese) = (title("en"), title("ja"));
    assert_ne!(english, japanese);
    for (wish, expected) in [
        ("ja;q=0, de", &english),
        ("de, ja;q=0.1", &japanese),
        ("ja;q=0.5, en;q=0.4", &japanese),
        ("en;q=0, ja;q=0", &english),
        ("fr", &english),
        ("ja-JP, en", &japanese),
    ] {
        assert_eq!(&title(wish), expected, "{wish}");
    }
}

#[test]
fn a_precondition_may_stand_on_several_lines() {
    let app = App::start();
    let case = Case::draft(&app);
    let etag = app.applicant().get(&case.path("")).send().expect(200).etag();
    let change = |lines: &[&str]| {
        let mut raw = crate::support::raw::Raw::connect(&app);
        let body = "{\"application\":{\"questions\":[\"Why?\"]}}";
        let preconditions = lines.iter().fold(String::new(), |head, line| head + "If-Match: " + line + "\r\n");
        raw.send(&format!(
            "PATCH {} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer {}\r\n{preconditions}\
             Content-Type: application/merge-patch+json\r\nContent-Length: {}\r\n\r\n{body}",
            case.path(""),
            app.applicant().token(),
            body.len(),
        ));
        String::from_utf8_lossy(&raw.read_to_end()).lines().next().unwrap_or_default().to_owned()
    };
    assert!(change(&["\"0-0\"", "\"0-1\""]).starts_with("HTTP/1.1 412"));
    assert!(change(&["\"0-0\"", &etag]).starts_with("HTTP/1.1 200"));
}

#[test]
fn the_end_of_the_year_9999_is_a_bound_and_an_offset_of_25_hours_is_none() {
    let app = App::start();
    let list = |bound: &str| app.auditor().get(&format!("/v1/audit-entries?until_at={bound}")).send();
    assert!(!list("9999-12-31T23:59:59Z").expect(200).json()["data"].as_array().unwrap().is_empty());
    for bad in ["2026-11-24T03:00:00%2B25:00", "2026-11-24", "20261124T030000Z"] {
        assert_eq!(list(bad).expect_problem(400, "invalid_parameters").pointers(), ["/query/until_at"], "{bad}");
    }
}

#[test]
fn a_change_that_changes_nothing_raises_no_version_and_tells_nobody() {
    let app = App::start();
    let case = Case::draft(&app);
    let before = app.applicant().get(&case.path("")).send().expect(200);
    for same in [json!({}), json!({ "questions": ["Is surgery still an option?"] }), json!({ "patient": { "language": "en" } })] {
        let answer = changed(&app, &case, &same).expect(200);
        assert_eq!((answer.etag(), &answer.json()["version"]), (before.etag(), &before.json()["version"]), "{same}");
    }
    assert!(case.told(&app.coordinator(), "application_changed").is_empty());
    let nothing = app.applicant().patch(&case.path("")).if_match(&before.etag()).json(&json!({})).send().expect(200);
    assert_eq!(nothing.etag(), before.etag());
    let null = app.applicant().patch(&case.path("")).if_match(&before.etag()).json(&json!({ "application": null })).send();
    assert_eq!(null.expect_problem(422, "invalid_fields").pointers(), ["/application"]);
}
