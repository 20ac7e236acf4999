//! The main job, from registration to the closed case, with a wrong turn at each stage.

use serde_json::{Value, json};

use crate::support::app::{App, PASSWORD};
use crate::support::given::{Case, JAPANESE_REPORT, LETTER, acceptance, application, opinion};

const TRANSLATION: &[u8] = include_bytes!("../files/pathology-report-en.pdf");

#[test]
fn an_application_becomes_a_delivered_opinion() {
    let app = App::start();
    register(&app, "mei");
    let case = apply(&app);
    review(&app, &case);
    pay(&app, &case);
    write(&app, &case);
    close(&app, &case);
    the_story_is_told(&app, &case);
}

fn register(app: &App, name: &str) {
    let body = json!({
        "email": format!("{name}@example.org"), "password": PASSWORD, "language": "en", "name": { "alphabetic": "Mei Tanaka" },
    });
    let registered = app.anonymous().post("/v1/registrations").json(&body).send().expect(202);
    app.sign_in(name).expect_problem(401, "sign_in_refused");
    let code = app.letter(name, "verify_email")["code"].clone();
    app.anonymous()
        .post("/v1/registrations/verify")
        .json(&json!({ "registration_id": registered.text("/registration_id"), "code": code }))
        .send()
        .expect(204);
    app.adopt(name);
}

/// An application that lacks its contact person is not taken; with real files it is.
fn apply(app: &App) -> Case<'_> {
    let me = app.adopt("mei");
    let mut form = application();
    form.as_object_mut().unwrap().remove("contact_person");
    let opened = me.post("/v1/cases").json(&json!({ "kind": "written_opinion", "application": form })).send().expect(201);
    let case = Case { app, id: opened.text("/id") };
    let refused = case.step(&me, "submit").expect_problem(409, "contact_incomplete");
    assert!(refused.pointers().iter().all(|pointer| pointer.starts_with("/application/contact_person")), "{:?}", refused.pointers());
    let patch = json!({ "application": { "contact_person": application()["contact_person"] } });
    me.patch(&case.path("")).if_match(&opened.etag()).json(&patch).send().expect(200);

    let digest = "0".repeat(64);
    let damaged = case.upload(&me, "letter.pdf", LETTER, &[("item", "referral_letter"), ("sha256", &digest)]);
    damaged.expect_problem(422, "invalid_fields");
    case.upload(&me, "letter.pdf", LETTER, &[("item", "referral_letter"), ("language", "en")]).expect(201);
    let report = case.upload(&me, "病理.pdf", JAPANESE_REPORT, &[("item", "exam_reports"), ("language", "ja")]).expect(201).text("/id");
    let fields = [("item", "exam_reports"), ("language", "en"), ("translation_of", report.as_str())];
    case.upload(&me, "pathology.pdf", TRANSLATION, &fields).expect(201);
    let history =
        json!({ "treatment": { "type": "chemotherapy", "duration": { "from": "2026-04", "to": "2026-07" }, "medications": ["AC"] } });
    case.step_with(&me, "treatment-entries", &history).expect(201);
    assert_eq!(case.step(&me, "submit").expect(200).text("/stage"), "submitted");
    case
}

/// The desk checks, the department decides; nobody else, and not before everything is verified.
fn review(app: &App, case: &Case<'_>) {
    let department = json!({ "department_id": app.department("Breast Surgery").to_string() });
    case.step_with(&app.physician(), "start-triage", &department).expect_problem(403, "forbidden");
    case.step_with(&app.coordinator(), "start-triage", &department).expect_problem(409, "items_unverified");
    for item in ["application_form", "referral_letter", "exam_reports", "treatment_history"] {
        case.step(&app.coordinator(), &format!("checklist/{item}/verify")).expect(200);
    }
    case.step_with(&app.coordinator(), "start-triage", &department).expect(200);
    let responsible = json!({ "responsible_id": app.physician().id() });
    case.step_with(&app.coordinator(), "accept", &responsible).expect_problem(403, "forbidden");
    case.step_with(&app.other_chief(), "accept", &responsible).expect_problem(404, "not_found");
    assert_eq!(case.step_with(&app.chief(), "accept", &responsible).expect(200).text("/stage"), "accepted");
    let letters = app.physician().get(&case.path("documents")).send().expect(200).json();
    let letter = &letters["data"][0];
    let bytes = app.physician().get(&case.path(&format!("documents/{}/content", letter["id"].as_str().unwrap()))).send().expect(200);
    assert_eq!(bytes.bytes, LETTER, "byte for byte");
}

/// 110,000 yen, in two parts, and not before the estimate is accepted.
fn pay(app: &App, case: &Case<'_>) {
    let early = app.accountant().post(&case.path("invoices")).key("too-early").send();
    early.expect_problem(409, "estimate_not_accepted");
    let place = case.issue_estimate();
    let estimate = app.adopt("mei").get(&place).send().expect(200).json();
    assert_eq!(estimate["total"], json!({ "amount": 110_000, "currency": "JPY" }));
    let answer = |acceptance: &Value| app.adopt("mei").post(&format!("{place}/accept")).json(acceptance).send();
    let mut terms = acceptance("applicant");
    terms["terms_version"] = json!("1999");
    answer(&terms).expect_problem(422, "terms_mismatch");
    answer(&acceptance("applicant")).expect(200);

    let place = case.issue_invoice();
    let invoice = app.adopt("mei").get(&place).send().expect(200).json();
    assert_eq!((invoice["total"]["amount"].clone(), invoice["tax"]["amount"].clone()), (json!(110_000), json!(10_000)));
    assert!(invoice["bank"]["number"].is_string(), "the bank account is on it");
    case.pay(&place, "TT-1", 60_000).expect(201);
    assert_eq!(case.stage(), "awaiting_payment", "a part does not start the work");
    let again = app.accountant().post(&format!("{place}/payments")).key("again");
    again.json(&crate::support::given::transfer("TT-1", 60_000)).send().expect_problem(409, "duplicate_reference");
    case.write(&opinion()).expect_problem(409, "wrong_stage");
    case.pay(&place, "TT-2", 50_000).expect(201);
    let paid = case.read(&app.adopt("mei"));
    assert_eq!(paid["stage"], "writing");
    let due = (paid["due_from_on"].as_str(), paid["due_to_on"].as_str());
    assert_eq!(due, (Some("2026-12-01"), Some("2026-12-04")), "7 to 10 days after 24 November, in Tokyo");
}

/// One page, every question, signed by the chief; nobody sees a draft but the responsible and the department.
fn write(app: &App, case: &Case<'_>) {
    case.step(&app.physician(), "opinion/submit").expect_problem(409, "opinion_incomplete");
    let mut long = opinion();
    long["history"] = json!("A long history. ".repeat(400));
    case.write(&long).expect(200);
    let refused = case.step(&app.physician(), "opinion/submit").expect_problem(409, "opinion_too_long");
    assert!(refused.text("/detail").contains("52"), "{}", refused.text("/detail"));
    let mut silent = opinion();
    silent["answers"] = json!([]);
    let stale = app.physician().get(&case.path("opinion")).send().expect(200).etag();
    let rewritten = app.physician().put(&case.path("opinion")).if_match(&stale).json(&json!({ "content": silent })).send().expect(200);
    let lost = app.physician().put(&case.path("opinion")).if_match(&stale).json(&json!({ "content": opinion() })).send();
    lost.expect_problem(412, "stale");
    assert_ne!(rewritten.etag(), stale);
    case.step(&app.physician(), "opinion/submit").expect(409);
    case.write(&opinion()).expect(200);
    app.adopt("mei").get(&case.path("opinion")).send().expect_problem(404, "not_found");
    app.coordinator().get(&case.path("opinion")).send().expect_problem(404, "not_found");
    case.step(&app.physician(), "opinion/submit").expect(200);

    case.step(&app.physician(), "opinion/deliver").expect_problem(403, "forbidden");
    let comment = json!({ "comment": "Please say more about the risks." });
    case.step_with(&app.chief(), "opinion/return", &comment).expect(200);
    case.step(&app.chief(), "opinion/deliver").expect_problem(409, "wrong_stage");
    let returned = app.physician().get(&case.path("opinion")).send().expect(200).json();
    assert_eq!(returned["returns"][0]["comment"], comment["comment"]);
    case.write(&opinion()).expect(200);
    case.step(&app.physician(), "opinion/submit").expect(200);
    case.step_with(&app.coordinator(), "close", &json!({})).expect_problem(409, "wrong_stage");
    case.step(&app.chief(), "opinion/deliver").expect(200);

    let read = app.adopt("mei").get(&case.path("opinion")).send().expect(200).json();
    assert_eq!((read["state"].as_str(), read["signature"]["title"].as_str()), (Some("delivered"), Some("Chief physician")));
    assert_eq!((&read["content"]["answers"], &read["returns"]), (&opinion()["answers"], &json!([])));
    case.write(&opinion()).expect(409);
    let addendum = json!({ "content": opinion() });
    case.step_with(&app.chief(), "opinion/addenda", &addendum).expect(200);
    let amended = app.adopt("mei").get(&case.path("opinion")).send().expect(200).json();
    assert_eq!((&amended["edition"], amended["earlier_editions"].as_array().unwrap().len()), (&json!(2), 1));
}

fn close(app: &App, case: &Case<'_>) {
    case.step_with(&app.chief(), "close", &json!({})).expect_problem(403, "forbidden");
    assert_eq!(case.step_with(&app.coordinator(), "close", &json!({})).expect(200).text("/stage"), "closed");
    let cancel = json!({ "reason": "withdrawn" });
    case.step_with(&app.adopt("mei"), "cancel", &cancel).expect_problem(409, "wrong_stage");
    app.adopt("mei").get(&case.path("opinion")).send().expect(200);
}

/// The applicant's timeline has every step, and no draft of the opinion.
fn the_story_is_told(app: &App, case: &Case<'_>) {
    let timeline = app.adopt("mei").get(&case.path("timeline?limit=100")).send().expect(200).json();
    let events: Vec<&str> = timeline["data"].as_array().unwrap().iter().map(|event| event["event"].as_str().unwrap()).collect();
    let steps = [
        "case_opened",
        "case_submitted",
        "triage_started",
        "case_accepted",
        "estimate_issued",
        "estimate_accepted",
        "invoice_issued",
        "writing_started",
        "opinion_delivered",
        "opinion_addendum_added",
        "case_closed",
    ];
    let told: Vec<&str> = events.iter().copied().filter(|event| steps.contains(event)).collect();
    assert_eq!(told, steps);
    assert!(!events.iter().any(|event| matches!(*event, "opinion_submitted" | "opinion_returned")));
    let inside = app.coordinator().get(&case.path("timeline?limit=100")).send().expect(200).json();
    let submitted = |event: &&Value| event["event"] == "opinion_submitted";
    assert_eq!(inside["data"].as_array().unwrap().iter().filter(submitted).count(), 2);
}
