//! Messages, internal notes and the timeline.

use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::given::Case;

fn texts(list: &Value) -> Vec<&str> {
    list["data"].as_array().unwrap().iter().map(|entry| entry["text"].as_str().unwrap()).collect()
}

#[test]
fn both_sides_write_to_each_other_and_both_read() {
    let app = App::start();
    let case = Case::blank(&app).id;
    let messages = format!("/v1/cases/{case}/messages");
    let question = app.applicant().post(&messages).json(&json!({ "text": "Which fee applies?" })).send().expect(201);
    assert_eq!(question.text("/author_relation"), "applicant");
    app.coordinator().post(&messages).json(&json!({ "text": "110,000 yen.\nPlease see the catalogue." })).send().expect(201);
    for reader in [app.applicant(), app.coordinator()] {
        let list = reader.get(&messages).send().expect(200).json();
        assert_eq!(texts(&list), ["Which fee applies?", "110,000 yen.\nPlease see the catalogue."]);
        assert!(list["emergency_notice"].as_str().unwrap().contains("emergency service"), "nobody watches messages at night");
    }
    app.stranger().get(&messages).send().expect_problem(404, "not_found");
    app.auditor().get(&messages).send().expect_problem(403, "forbidden");
}

#[test]
fn what_a_family_wrote_before_the_patient_knew_stays_closed_to_the_patient() {
    let app = App::start();
    let application = json!({ "patient_uninformed": true });
    let opened = json!({ "kind": "representative_consultation", "application": application });
    let case = app.applicant().post("/v1/cases").json(&opened).send().expect(201).text("/id");
    let messages = format!("/v1/cases/{case}/messages");
    app.applicant().post(&messages).json(&json!({ "text": "She does not know yet." })).send().expect(201);
    let invitation = json!({ "email": "stranger@example.org", "relation": "patient" });
    let refused = app.applicant().post(&format!("/v1/cases/{case}/invitations")).json(&invitation).send();
    refused.expect_problem(409, "uninformed_not_allowed");
    let list = app.coordinator().get(&messages).send().expect(200).json();
    assert_eq!(texts(&list), ["She does not know yet."]);
}

#[test]
fn internal_notes_never_leave_the_hospital() {
    let app = App::start();
    let case = Case::blank(&app).id;
    let notes = format!("/v1/cases/{case}/internal-notes");
    app.coordinator().post(&notes).json(&json!({ "text": "Called the family." })).send().expect(201);
    let list = app.coordinator().get(&notes).send().expect(200).json();
    assert_eq!(texts(&list), ["Called the family."]);
    app.applicant().get(&notes).send().expect_problem(403, "forbidden");
    app.applicant().post(&notes).json(&json!({ "text": "Me, too" })).send().expect_problem(403, "forbidden");
    let shown = app.applicant().get(&format!("/v1/cases/{case}/timeline")).send().expect(200).json();
    assert!(!shown.to_string().contains("family"));
}

#[test]
fn the_timeline_tells_what_happened_in_the_readers_language() {
    let app = App::start();
    let case = Case::blank(&app).id;
    app.applicant().post(&format!("/v1/cases/{case}/messages")).json(&json!({ "text": "Hello" })).send().expect(201);
    let timeline = format!("/v1/cases/{case}/timeline");
    let told = app.applicant().get(&timeline).send().expect(200).json();
    let events: Vec<&str> = told["data"].as_array().unwrap().iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["case_opened", "message_posted"]);
    assert_eq!(told["data"][0]["label"], "A draft was opened");
    assert_eq!(told["data"][0]["details"]["kind"], "written_opinion");
    let japanese = app.applicant().get(&timeline).in_japanese().send().expect(200).json();
    assert_eq!(japanese["data"][0]["label"], "下書きが作成されました");
}
