//! The review for acceptance.

use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::given::{Case, JAPANESE_REPORT};

#[test]
fn the_desk_checks_a_department_reviews_and_its_chief_accepts() {
    let app = App::start();
    let case = Case::submitted(&app);
    let (desk, department) = (app.coordinator(), app.department("Breast Surgery").to_string());
    let start = |case: &Case<'_>| case.step_with(&desk, "start-triage", &json!({ "department_id": department }));
    let early = start(&case).expect_problem(409, "items_unverified");
    assert!(early.text("/detail").contains("Application form"), "{}", early.text("/detail"));
    case.step(&desk, "checklist/application_form/verify").expect(200);
    start(&case).expect(200);
    assert_eq!(case.stage(), "in_triage");
    start(&case).expect_problem(409, "wrong_stage");

    let responsible = |id: String| json!({ "responsible_id": id });
    let stranger = case.step_with(&app.chief(), "accept", &responsible(app.other_chief().id()));
    assert_eq!(stranger.expect_problem(422, "invalid_fields").pointers(), ["/responsible_id"]);
    case.step_with(&app.other_chief(), "accept", &responsible(app.physician().id())).expect_problem(404, "not_found");
    let accepted = case.step_with(&app.chief(), "accept", &responsible(app.physician().id())).expect(200).json();
    assert_eq!((accepted["stage"].as_str(), accepted["responsible_id"].as_str()), (Some("accepted"), Some(app.physician().id().as_str())));
    app.physician().get(&case.path("")).send().expect(200);
    app.other_physician().get(&case.path("")).send().expect_problem(404, "not_found");
}

#[test]
fn what_nobody_here_reads_is_translated_or_set_aside() {
    let app = App::start();
    let case = Case::draft(&app);
    let me = app.applicant();
    let letter = include_bytes!("../files/referral-letter.pdf");
    let thai = case.upload(&me, "letter.pdf", letter, &[("item", "referral_letter"), ("language", "th")]).expect(201).text("/id");
    case.upload(&me, "report.pdf", JAPANESE_REPORT, &[("item", "exam_reports"), ("language", "ja")]).expect(201);
    case.step(&me, "submit").expect(200);
    let (desk, department) = (app.coordinator(), app.department("Breast Surgery").to_string());
    case.step(&desk, "checklist/application_form/verify").expect(200);
    let refused = case.step_with(&desk, "start-triage", &json!({ "department_id": department }));
    refused.expect_problem(409, "documents_untranslated");
    let fields = [("item", "referral_letter"), ("language", "en"), ("translation_of", thai.as_str())];
    case.upload(&me, "letter-en.pdf", letter, &fields).expect(201);
    case.step_with(&desk, "start-triage", &json!({ "department_id": department })).expect(200);
}

#[test]
fn the_review_moves_to_another_department_and_a_physician_is_named_with_a_reason() {
    let app = App::start();
    let case = Case::in_triage(&app);
    let urology = app.department("Urology").to_string();
    app.other_chief().get(&case.path("")).send().expect_problem(404, "not_found");
    let body = json!({ "department_id": urology, "reason": "The tumour is of the bladder." });
    case.step_with(&app.chief(), "reassign", &body).expect(200);
    app.chief().get(&case.path("")).send().expect_problem(404, "not_found");
    let own = json!({ "physician_id": app.other_chief().id(), "reason": "Knows the disease." });
    case.step_with(&app.other_chief(), "assign-physician", &own).expect(200);
    let unknown = json!({ "department_id": "dept_01jd8x5k2neht8xg8y7w9zq4rt", "reason": "x" });
    let refused = case.step_with(&app.coordinator(), "reassign", &unknown).expect_problem(422, "invalid_fields");
    assert_eq!(refused.pointers(), ["/department_id"]);
}

#[test]
fn whoever_is_declined_is_told_why_and_whom_to_ask() {
    let app = App::start();
    let case = Case::in_triage(&app);
    let body = json!({ "reason": "outside_specialty", "text": "Please ask a hospital for this disease.", "internal_note": "Not ours." });
    case.step_with(&app.coordinator(), "decline", &body).expect_problem(422, "reason_is_the_departments");
    case.step_with(&app.chief(), "decline", &body).expect(200);
    let seen = case.read(&app.applicant());
    assert_eq!(seen["stage"], "declined");
    assert_eq!(seen["ending"]["text"], "Please ask a hospital for this disease.");
    assert_eq!(seen["ending"]["contact"]["name"], "International Services");
    assert!(!seen.to_string().contains("Not ours."), "the note stays inside");
    assert_eq!(seen["allowed_actions"].as_array().unwrap().iter().filter(|action| *action == "submitCase").count(), 0);
}

#[test]
fn a_hold_stops_the_clocks_until_it_is_resumed() {
    let app = App::start();
    let case = Case::accepted(&app);
    case.issue_estimate();
    let before = case.read(&app.applicant())["expires_at"].clone();
    assert_ne!(before, json!(null));
    case.step_with(&app.coordinator(), "hold", &json!({ "reason": "applicant", "text": "They travel." })).expect(200);
    case.step_with(&app.coordinator(), "hold", &json!({ "reason": "slides" })).expect(409);
    app.after(jiff::SignedDuration::from_hours(10 * 24));
    let resumed = case.step(&app.chief(), "resume").expect(200).json();
    assert!(resumed["expires_at"].as_str() > before.as_str(), "the time that it was held is given back");
    case.step(&app.coordinator(), "resume").expect(409);
}

#[test]
fn the_checklist_is_live_and_speaks_the_readers_language() {
    let app = App::start();
    let case = Case::submitted(&app);
    let line = |list: &serde_json::Value, item: &str| {
        let entries = list["entries"].as_array().unwrap();
        entries.iter().find(|entry| entry["item"] == item).unwrap_or(&serde_json::Value::Null).clone()
    };
    let list = app.applicant().get(&case.path("checklist")).in_japanese().send().expect(200).json();
    assert_eq!(line(&list, "application_form")["state"], "provided");
    assert_ne!(line(&list, "referral_letter")["label"], "Referral letter");
    assert!(list["advice"].as_array().unwrap().iter().any(|advice| advice["code"] == "documents_translated"));

    let desk = app.coordinator();
    case.step(&desk, "checklist/referral_letter/verify").expect_problem(409, "item_not_provided");
    case.step_with(&desk, "checklist/application_form/waive", &json!({ "reason": "x" })).expect_problem(422, "item_is_required");
    case.step_with(&desk, "checklist/blood_test/waive", &json!({ "reason": "Not needed." })).expect(200);
    let rejected = case.step_with(&desk, "checklist/application_form/reject", &json!({ "reason": "The address is wrong." })).expect(200);
    assert_eq!(line(&rejected.json(), "application_form")["reason"], "The address is wrong.");
    case.step(&desk, "checklist/no_such_item/verify").expect_problem(404, "not_found");
}

/// After the triage only the desk puts contacts right, with a reason (product 8.2).
#[test]
fn the_desk_corrects_contacts_at_any_stage_and_what_was_checked_stays_checked() {
    let app = App::start();
    let case = Case::accepted(&app);
    let desk = app.coordinator();
    let correct = |application: Value| {
        case.step_with(&desk, "correct-contacts", &json!({ "application": application, "reason": "A digit was wrong." }))
    };
    let done = correct(json!({ "patient": { "phone": "+6567325780" }, "contact_person": { "email": null } }));
    let problem = done.expect(409).json();
    assert_eq!(
        (&problem["code"], &problem["errors"][0]["pointer"]),
        (&json!("contact_incomplete"), &json!("/application/contact_person/email"))
    );
    let before = case.read(&desk);
    let done = correct(json!({ "patient": { "phone": "+6567325780" } })).expect(200).json();
    assert_eq!(done["application"]["patient"]["phone"], "+6567325780");
    assert_eq!(done["application"]["patient"]["name"], before["application"]["patient"]["name"], "what is absent stays");
    let form = desk.get(&case.path("checklist")).send().expect(200).json();
    let state = form["entries"].as_array().unwrap().iter().find(|one| one["item"] == "application_form").unwrap()["state"].clone();
    assert_eq!(state, "verified");
    assert_eq!(case.told(&app.applicant(), "contacts_corrected").len(), 1);
    correct(json!({ "patient": { "phone": "+6567325780" } })).expect(200);
    assert_eq!(case.told(&app.applicant(), "contacts_corrected").len(), 1, "nothing changed");
    let notes = desk.get(&case.path("internal-notes")).send().expect(200).json();
    assert_eq!(notes["data"].as_array().unwrap().len(), 1);
    correct(json!({ "questions": ["Why?"] })).expect(400);
    case.decline();
    correct(json!({ "patient": { "phone": "+6567325781" } })).expect_problem(409, "wrong_stage");
}
