//! The written opinion, beyond the journey: who reads it, and what never changes.

use serde_json::json;

use crate::support::app::App;
use crate::support::given::{Case, opinion};

#[test]
fn an_agency_gets_the_opinion_only_with_the_patients_consent() {
    let app = App::start();
    let case = Case::opened_by(&app, &app.agency());
    app.join(&case.id, "applicant", domain::access::Membership::Applicant);
    case.step(&app.agency(), "submit").expect(200);
    case.to_triage();
    case.accept();
    case.to_writing();
    case.write(&opinion()).expect(200);
    case.step(&app.physician(), "opinion/submit").expect(200);
    case.step(&app.chief(), "opinion/deliver").expect_problem(409, "disclosure_consent_missing");
    case.step(&app.coordinator(), "checklist/agency_disclosure_consent/verify").expect(200);
    case.step(&app.chief(), "opinion/deliver").expect(200);
    app.agency().get(&case.path("opinion")).send().expect(200);
    app.other_agency().get(&case.path("opinion")).send().expect_problem(404, "not_found");
    app.applicant().get(&case.path("opinion")).send().expect(200);
}

#[test]
fn a_delivered_opinion_answers_with_the_same_bytes_for_ever() {
    let app = App::start();
    let case = Case::accepted(&app);
    case.to_writing();
    case.to_delivery();
    let first = app.applicant().get(&case.path("opinion")).send().expect(200);
    let content = json!({ "content": opinion() });
    app.physician().put(&case.path("opinion")).json(&content).send().expect(409);
    case.step(&app.physician(), "opinion/submit").expect(409);
    case.step_with(&app.chief(), "opinion/return", &json!({ "comment": "Once more." })).expect(409);
    case.step(&app.chief(), "opinion/deliver").expect(409);
    let again = app.applicant().get(&case.path("opinion")).send().expect(200);
    assert_eq!((&first.bytes, first.etag()), (&again.bytes, again.etag()));
    let known = app.applicant().get(&case.path("opinion")).header("if-none-match", first.etag()).send();
    assert_eq!((known.status, known.bytes.len()), (304, 0));
}
