//! How a case ends by somebody's will: cancelled, declined after payment, or closed.

use serde_json::json;

use crate::support::app::App;
use crate::support::given::{Case, JAPANESE_REPORT, application, opinion};

/// A case that is paid for, at the physician's desk.
fn paid(app: &App) -> Case<'_> {
    let case = Case::accepted(app);
    case.to_writing();
    case
}

#[test]
fn whoever_withdraws_before_paying_gets_nothing_back_and_ends_the_case() {
    let app = App::start();
    let case = Case::submitted(&app);
    let withdrawn = json!({ "reason": "withdrawn", "text": "Treated at home." });
    case.step_with(&app.stranger(), "cancel", &withdrawn).expect_problem(404, "not_found");
    case.step_with(&app.other_agency(), "cancel", &withdrawn).expect_problem(404, "not_found");
    case.step_with(&app.chief(), "cancel", &withdrawn).expect_problem(403, "forbidden");
    for reason in ["hospital_reason", "duplicate"] {
        case.step_with(&app.applicant(), "cancel", &json!({ "reason": reason })).expect_problem(422, "reason_is_the_hospitals");
    }
    let refused = case.step_with(&app.applicant(), "cancel", &json!({ "reason": "bored" })).expect_problem(422, "invalid_fields");
    assert_eq!(refused.pointers(), ["/reason"]);
    assert_eq!(case.stage(), "submitted", "no refusal has changed anything");

    case.step_with(&app.applicant(), "cancel", &withdrawn).expect(200);
    assert_eq!(case.stage(), "cancelled");
    assert!(case.refunds().is_empty());
    case.step_with(&app.applicant(), "cancel", &withdrawn).expect_problem(409, "wrong_stage");
    case.step_with(&app.coordinator(), "hold", &json!({ "reason": "other" })).expect_problem(409, "wrong_stage");
}

#[test]
fn a_refund_follows_the_policy_and_is_whole_where_the_hospital_ends_it() {
    let app = App::start();
    let decline = json!({ "reason": "outside_specialty", "text": "Please ask a hospital for this disease." });
    let ends = [
        (app.applicant(), "cancel", json!({ "reason": "withdrawn" }), 55_000),
        (app.coordinator(), "cancel", json!({ "reason": "hospital_reason" }), 110_000),
        (app.chief(), "decline", decline, 110_000),
    ];
    for (who, action, body, amount) in ends {
        let case = paid(&app);
        case.step_with(&who, action, &body).expect(200);
        assert_eq!(case.refunds(), [amount], "{action} {body}");
    }
}

#[test]
fn what_was_paid_too_much_comes_back_whatever_the_policy() {
    let app = App::start();
    let case = Case::accepted(&app);
    case.accept_estimate(&app.applicant(), "applicant").expect(200);
    let invoice = case.issue_invoice();
    case.pay(&invoice, "TT-1", 110_700).expect(201);
    case.step_with(&app.applicant(), "cancel", &json!({ "reason": "withdrawn" })).expect(200);
    assert_eq!(case.refunds(), [700, 55_000], "what was too much, and half of the fee");
}

#[test]
fn a_repeated_cancellation_opens_one_refund_and_a_stale_one_none() {
    let app = App::start();
    let case = paid(&app);
    let (desk, body) = (app.coordinator(), json!({ "reason": "condition_worsened" }));
    let seen = desk.get(&case.path("")).send().expect(200).etag();
    case.step_with(&desk, "hold", &json!({ "reason": "other" })).expect(200);
    desk.post(&case.path("cancel")).if_match(&seen).json(&body).send().expect_problem(412, "stale");
    let cancel = || desk.post(&case.path("cancel")).key("0191-cancel").json(&body).send().expect(200);
    let (first, second) = (cancel(), cancel());
    assert_eq!(first.json(), second.json());
    assert_eq!(second.header("idempotent-replayed"), Some("true"));
    assert_eq!(first.json()["hold"], json!(null), "what has ended is not on hold");
    assert_eq!(case.told(&desk, "refund_opened").len(), 1);
}

#[test]
fn a_death_is_told_inside_and_nowhere_else() {
    let app = App::start();
    let case = Case::accepted(&app);
    case.step_with(&app.applicant(), "cancel", &json!({ "reason": "patient_deceased" })).expect(200);
    let inside = case.told(&app.coordinator(), "case_cancelled");
    assert_eq!(inside.len(), 1);
    assert_eq!(inside[0]["details"], json!({ "reason": "patient_deceased", "silent": true }));
    assert!(case.told(&app.applicant(), "case_cancelled").is_empty());
}

#[test]
fn a_case_is_closed_by_the_desk_after_its_delivery_only() {
    let app = App::start();
    let case = paid(&app);
    let nothing = json!({});
    case.step_with(&app.coordinator(), "close", &nothing).expect_problem(409, "wrong_stage");
    case.to_delivery();
    for who in [app.applicant(), app.physician(), app.chief(), app.accountant()] {
        case.step_with(&who, "close", &nothing).expect_problem(403, "forbidden");
    }
    let closed = case.step_with(&app.coordinator(), "close", &nothing).expect(200).json();
    assert_eq!((&closed["stage"], &closed["expires_at"]), (&json!("closed"), &json!(null)));
    case.step_with(&app.coordinator(), "close", &nothing).expect_problem(409, "wrong_stage");
    app.applicant().get(&case.path("opinion")).send().expect(200);
}

#[test]
fn slides_that_were_handed_in_are_accounted_for_before_the_end() {
    let app = App::start();
    let slides = json!({ "biopsy_slides": 1, "resected_specimens": 0 });
    let mut form = application();
    form["re_examination"] = slides;
    let opened = json!({ "kind": "written_opinion", "application": form });
    let case = Case { app: &app, id: app.applicant().post("/v1/cases").json(&opened).send().expect(201).text("/id") };
    case.step(&app.applicant(), "submit").expect(200);
    case.to_triage();
    case.accept();
    case.accept_estimate(&app.applicant(), "applicant").expect(200);
    let invoice = case.issue_invoice();
    case.pay(&invoice, "TT-1", 115_500).expect(201);

    let desk = app.coordinator();
    assert_eq!(case.read(&desk)["hold"]["reason"], "slides");
    case.step(&desk, "resume").expect_problem(409, "items_unverified");
    case.count_slides(1, 0).expect(200);
    assert_eq!(case.read(&desk)["hold"]["reason"], "slides", "glass without its report is not enough");
    case.upload(&app.applicant(), "report.pdf", JAPANESE_REPORT, &[("item", "pathology_report"), ("language", "ja")]).expect(201);
    case.step(&desk, "checklist/pathology_report/verify").expect(200);
    assert_eq!(case.read(&desk)["hold"], json!(null), "the last of them lets the work begin");
    let findings = json!({ "findings": "Invasive ductal carcinoma, as reported." });
    case.step_with(&app.pathologist(), "re-examination/findings", &findings).expect(200);
    let mut content = opinion();
    content["slide_findings"] = json!("Invasive ductal carcinoma, as reported.");
    case.write(&content).expect(200);
    case.step(&app.physician(), "opinion/submit").expect(200);
    case.step(&app.chief(), "opinion/deliver").expect(200);

    case.step_with(&desk, "close", &json!({})).expect_problem(409, "slides_open");
    let gone = json!({ "slides": "Returned by courier on 24 November, EMS 1234." });
    assert_eq!(case.step_with(&desk, "close", &gone).expect(200).text("/stage"), "closed");
    let notes = desk.get(&case.path("internal-notes")).send().expect(200).json();
    assert_eq!(notes["data"][0]["text"], gone["slides"]);
}
