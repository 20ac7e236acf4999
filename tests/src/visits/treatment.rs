//! Requests for treatment at the hospital, from the visit to some weeks after it (rule R37).

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{THURSDAY, TODAY, hours, received_today};
use crate::support::app::{App, Person};
use crate::support::appointments::{afternoons, by_card, received, talk, time};
use crate::support::given::Case;
use domain::access::{Membership, Role};

fn wish(case: &Case<'_>, who: &Person<'_>) -> crate::support::http::Answer {
    case.step_with(who, "treatment-requests", &json!({ "text": "We would like the operation here." }))
}

fn answer(case: &Case<'_>, who: &Person<'_>) -> crate::support::http::Answer {
    case.step_with(who, "treatment-requests/answer", &json!({ "decision": "possible", "text": "A coordinator will write to you." }))
}

#[test]
fn a_request_is_made_at_the_visit_answered_by_the_department_and_told() {
    let app = App::start();
    let case = Case::visit(&app, &json!({}));
    wish(&case, &app.applicant()).expect_problem(409, "wrong_stage");
    afternoons(&app, &app.physician(), &[TODAY]);
    case.book(&time(TODAY, "15:00", &app.physician())).expect(201);
    wish(&case, &app.applicant()).expect_problem(409, "nobody_received");
    case.arrive(&[received("patient")]).expect(200);
    wish(&case, &app.physician()).expect(200);
    wish(&case, &app.applicant()).expect_problem(409, "treatment_request_open");
    hours(&app, 4);
    case.record(&app.physician(), &talk(TODAY, "15:00", "15:25", 1)).expect(200);
    case.pay_at_the_counter(TODAY).expect(201);
    assert_eq!(case.read(&app.coordinator())["waiting_on"], "department");
    case.step_with(&app.coordinator(), "close", &json!({})).expect_problem(409, "treatment_request_open");
    answer(&case, &app.chief()).expect(200);
    let seen = case.read(&app.applicant())["treatment_requests"][0].clone();
    assert_eq!((&seen["answer"]["decision"], &seen["text"]), (&json!("possible"), &json!("We would like the operation here.")));
    assert!(app.letter("applicant", "treatment_answer")["body"].as_str().unwrap().contains("read the answer"));
    answer(&case, &app.chief()).expect_problem(409, "treatment_answered");
    let corrected = json!({ "decision": "more_needed", "text": "Please send the images first.", "is_correction": true });
    let corrected = case.step_with(&app.chief(), "treatment-requests/answer", &corrected).expect(200).json();
    assert_eq!(corrected["treatment_requests"][0]["answer"]["decision"], "more_needed");
    assert_eq!(case.read(&app.accountant())["treatment_requests"], json!([]), "billing reads nothing of it");
    case.step_with(&app.coordinator(), "close", &json!({})).expect(200);
}

#[test]
fn after_closing_there_are_ninety_days() {
    let app = App::start();
    let case = received_today(&app, &json!({}));
    hours(&app, 4);
    case.record(&app.physician(), &talk(TODAY, "15:00", "15:25", 1)).expect(200);
    case.pay_at_the_counter(TODAY).expect(201);
    case.step_with(&app.coordinator(), "close", &json!({})).expect(200);
    app.after(SignedDuration::from_hours(90 * 24));
    assert_eq!(wish(&case, &app.applicant()).expect(200).text("/waiting_on"), "department");
    answer(&case, &app.coordinator()).expect(200);
    app.after(SignedDuration::from_hours(24));
    wish(&case, &app.applicant()).expect_problem(409, "treatment_request_too_late");
}

/// What is wished is clinical: an agency reads it with the patient's consent.
#[test]
fn an_agency_reads_it_only_with_the_patients_consent() {
    let app = App::start();
    let case = Case::visit_opened_by(&app, &app.agency());
    app.join(&case.id, "patient", Membership::Patient);
    case.step(&app.agency(), "submit").expect(200);
    case.to_triage();
    case.accept();
    case.accept_estimate(&app.agency(), "agency").expect(200);
    afternoons(&app, &app.physician(), &[TODAY]);
    case.book(&time(TODAY, "15:00", &app.physician())).expect(201);
    case.arrive(&[received("patient")]).expect(200);
    let patient = app.person("patient", Role::Applicant);
    wish(&case, &patient).expect(200);
    let read = |who: &Person<'_>| case.read(who)["treatment_requests"].as_array().unwrap().len();
    assert_eq!((read(&patient), read(&app.agency()), case.told(&app.agency(), "treatment_requested").len()), (1, 0, 0));
    case.disclose_to_agency();
    assert_eq!((read(&app.agency()), case.told(&app.agency(), "treatment_requested").len()), (1, 0));
}

/// The second opinion goes on without it: the request is the case's own, and a new talk is a new case (stories 1.23).
#[test]
fn a_further_talk_is_a_new_case_that_follows_the_first_and_costs_its_own_fee() {
    let app = App::start();
    let case = received_today(&app, &json!({}));
    hours(&app, 4);
    case.record(&app.physician(), &talk(TODAY, "15:00", "15:25", 1)).expect(200);
    case.record(&app.physician(), &talk(TODAY, "15:30", "15:55", 1)).expect_problem(409, "wrong_stage");
    case.book(&time(THURSDAY, "15:00", &app.physician())).expect_problem(409, "wrong_stage");
    let first = case.pay_at_the_counter(TODAY).expect(201).json();
    let follow = |who: &Person<'_>| {
        let body = json!({ "kind": "patient_consultation", "follows_id": case.id, "application": { "questions": ["And now?"] } });
        who.post("/v1/cases").json(&body).send()
    };
    let open = Case::visit(&app, &json!({}));
    let early = json!({ "kind": "patient_consultation", "follows_id": open.id });
    app.applicant().post("/v1/cases").json(&early).send().expect_problem(409, "earlier_case_open");
    follow(&app.person("stranger", Role::Applicant)).expect_problem(422, "invalid_fields");
    let second = follow(&app.applicant()).expect(201).json();
    let before = case.read(&app.applicant())["application"].clone();
    for taken_over in ["patient", "contact_person", "language", "current_physician"] {
        assert_eq!(second["application"][taken_over], before[taken_over], "{taken_over}");
    }
    assert_eq!((&second["follows_id"], &second["application"]["questions"]), (&json!(case.id), &json!(["And now?"])));
    let second = Case { app: &app, id: second["id"].as_str().unwrap().to_owned() };
    second.step(&app.applicant(), "submit").expect(200);
    second.to_triage();
    second.accept();
    second.agree(&json!({}));
    second.book(&time(THURSDAY, "15:00", &app.physician())).expect(201);
    hours(&app, 47);
    second.arrive(&[received("patient")]).expect(200);
    hours(&app, 1);
    second.record(&app.physician(), &talk(THURSDAY, "15:00", "15:25", 1)).expect(200);
    let body = by_card(THURSDAY);
    let paid = app.accountant().post(&second.path("paid-invoices")).key_of(&second.id, &body).json(&body).send().expect(201).json();
    let totals: Vec<&Value> = [&first, &paid].into_iter().map(|one| &one["total"]["amount"]).collect();
    assert_eq!(totals, [33_000, 33_000]);
}
