//! Messages, internal notes and the timeline.

use jiff::SignedDuration;
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

/// All entries of a list, page by page.
fn all_pages(app: &App, path: &str) -> Vec<Value> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.coordinator().get(&format!("{path}?limit=2{cursor}")).send().expect(200).json();
        found.extend(page["data"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next_cursor"].as_str() else { return found };
        cursor = format!("&cursor={next}");
    }
}

#[test]
fn a_clock_that_is_set_back_between_two_starts_changes_no_order() {
    let mut app = App::start();
    let case = Case::blank(&app).id;
    let messages = format!("/v1/cases/{case}/messages");
    let write = |app: &App, text: &str| {
        for list in ["messages", "internal-notes"] {
            app.coordinator().post(&format!("/v1/cases/{case}/{list}")).json(&json!({ "text": text })).send().expect(201);
        }
    };
    for text in ["one", "two", "three"] {
        write(&app, text);
        app.clock.advance(SignedDuration::from_mins(1));
    }
    let seen = app.coordinator().get(&format!("{messages}?limit=2")).send().expect(200).text("/next_cursor");
    app.after(SignedDuration::from_mins(-10));
    app.restart();
    for text in ["four", "five"] {
        write(&app, text);
    }
    for list in ["messages", "internal-notes"] {
        let listed = json!({ "data": all_pages(&app, &format!("/v1/cases/{case}/{list}")) });
        assert_eq!(texts(&listed), ["one", "two", "three", "four", "five"], "{list}");
    }
    let later = app.coordinator().get(&format!("{messages}?cursor={seen}")).send().expect(200).json();
    assert_eq!(texts(&later), ["three", "four", "five"], "whoever goes on from a cursor misses nothing");
    let opened = Case::blank(&app).id;
    let newest = app.coordinator().get("/v1/cases?limit=1").send().expect(200).text("/data/0/id");
    assert_eq!(newest, opened, "the newest case stands first");
}
