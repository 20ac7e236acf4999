//! The hospital asks, the applicant answers.

use serde_json::json;

use crate::support::app::App;
use crate::support::given::{Case, LETTER};

#[test]
fn everything_that_is_asked_must_be_answered_at_once() {
    let app = App::start();
    let case = Case::submitted(&app);
    let (me, desk) = (app.applicant(), app.coordinator());
    let asked = json!({ "items": ["referral_letter", "blood_test"], "questions": ["Since when do you have this pain?"] });
    let request = case.step_with(&desk, "information-requests", &asked).expect(201).text("/id");
    assert_eq!((case.stage(), case.read(&me)["waiting_on"].clone()), ("information_requested".into(), json!("applicant")));

    let answer = format!("information-requests/{request}/answer");
    let part = json!({ "items": [{ "item": "referral_letter" }], "answers": ["Since May."] });
    let refused = case.step_with(&me, &answer, &part).expect_problem(422, "answers_incomplete");
    assert!(!refused.pointers().is_empty());
    case.upload(&me, "letter.pdf", LETTER, &[("item", "referral_letter"), ("language", "en")]).expect(201);
    let all = json!({
        "items": [{ "item": "referral_letter" }, { "item": "blood_test", "cannot_provide": "The clinic has closed." }],
        "answers": ["Since May."],
    });
    let answered = case.step_with(&me, &answer, &all).expect(200).json();
    assert_eq!((answered["state"].as_str(), answered["questions"][0]["answer"].as_str()), (Some("answered"), Some("Since May.")));
    assert_eq!(case.stage(), "submitted");
    case.step_with(&me, &answer, &all).expect_problem(409, "request_not_open");
    let list = me.get(&case.path("information-requests")).send().expect(200).json();
    assert_eq!(list["data"][0]["items"][1]["cannot_provide"], "The clinic has closed.");
}

#[test]
fn a_request_after_acceptance_holds_the_case_until_it_is_answered_or_withdrawn() {
    let app = App::start();
    let case = Case::accepted(&app);
    let asked = json!({ "questions": ["Which medicines do you take?"] });
    let request = case.step_with(&app.physician(), "information-requests", &asked).expect(201).text("/id");
    assert_eq!(case.read(&app.coordinator())["hold"]["reason"], "information");
    let withdraw = format!("information-requests/{request}/withdraw");
    case.step(&app.applicant(), &withdraw).expect_problem(403, "forbidden");
    assert_eq!(case.step(&app.coordinator(), &withdraw).expect(200).text("/state"), "withdrawn");
    assert_eq!(case.read(&app.coordinator())["hold"], json!(null));
    case.step_with(&app.coordinator(), "information-requests", &json!({})).expect_problem(422, "nothing_asked");
}
