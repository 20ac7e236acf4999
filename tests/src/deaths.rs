//! The patient dies: silence at every stage, and money by the policy (story 1.15, R28).

use serde_json::json;

use crate::support::app::App;
use crate::support::books::{books, expected};
use crate::support::given::Case;
use crate::support::http::Answer;

fn record(case: &Case<'_>) -> Answer {
    let told = json!({ "died_on": "2026-11-20", "told_by": "The son, by telephone." });
    case.step_with(&case.app.coordinator(), "patient-death", &told)
}

#[test]
fn work_that_is_not_delivered_ends_by_the_policy_and_nothing_is_sent_any_more() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    case.pay(&invoice, "TT-1", 110_000).expect(201);
    app.letter("applicant", "payment_confirmed_with_dates");
    let before = app.letters_to("applicant@example.org");
    let ended = record(&case).expect(200).json();
    assert_eq!((&ended["stage"], &ended["ending"]["reason"]), (&json!("cancelled"), &json!("patient_deceased")));
    assert_eq!(ended["patient_death"]["died_on"], "2026-11-20");
    assert_eq!(case.refund().read(&app.accountant())["amount"]["amount"], 55_000, "half of it: the opinion was being written");
    assert_eq!(
        books(&app),
        expected(&[("bank", 110_000), ("refunds_payable", -55_000), ("cancellation_income", -55_000)]),
        "the fee is outside the scope of tax"
    );
    assert_eq!(app.letters_to("applicant@example.org"), before, "silence, and no question where the money goes");
    let seen = case.read(&app.applicant());
    assert_eq!((&seen["patient_death"], &seen["ending"]["reason"]), (&json!(null), &json!(null)), "the hospital's record");
    let accesses = app.applicant().get(&case.path("accesses?limit=100")).send().expect(200).json();
    assert!(!accesses.to_string().contains("recordPatientDeath"), "{accesses}");
    assert_eq!(case.told(&app.applicant(), "patient_death_recorded").len(), 0);
    assert_eq!(case.told(&app.coordinator(), "patient_death_recorded").len(), 1);
    let accountant = case.read(&app.accountant());
    assert_eq!(
        (&accountant["patient_death"]["died_on"], &accountant["patient_death"]["told_by"]),
        (&json!("2026-11-20"), &json!(null)),
        "no dunning, and no words"
    );
    record(&case).expect_problem(409, "death_already_recorded");

    // It was another patient's: everything is as it was.
    case.step_with(&app.coordinator(), "reopen", &json!({ "reason": "It was another patient." })).expect(200);
    assert_eq!((case.stage().as_str(), case.read(&app.coordinator())["patient_death"].clone()), ("writing", json!(null)));
    assert_eq!(books(&app), expected(&[("bank", 110_000), ("advances_received", -110_000)]));
    case.to_delivery();
    app.letter("applicant", "delivered");
}

#[test]
fn what_was_delivered_or_has_ended_stays_and_falls_silent() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    case.pay(&invoice, "TT-1", 110_000).expect(201);
    case.to_delivery();
    app.letter("applicant", "delivered");
    let before = app.letters_to("applicant@example.org");
    assert_eq!(record(&case).expect(200).json()["stage"], "delivered");
    assert_eq!(case.refunds(), Vec::<i64>::new());
    case.step_with(&app.coordinator(), "close", &json!({})).expect(200);
    assert_eq!(app.letters_to("applicant@example.org"), before);
    // A mistaken closing that is taken back leaves the death as it is.
    case.step_with(&app.coordinator(), "reopen", &json!({ "reason": "Slides are missing." })).expect(200);
    assert_eq!(case.read(&app.coordinator())["patient_death"]["died_on"], "2026-11-20");
    // It was another patient's: letters go out again.
    let reason = json!({ "reason": "It was another patient of the same name." });
    let back = case.step_with(&app.coordinator(), "patient-death/withdraw", &reason).expect(200).json();
    assert_eq!((&back["patient_death"], &back["stage"]), (&json!(null), &json!("delivered")));
    let accesses = app.applicant().get(&case.path("accesses?limit=100")).send().expect(200).json();
    assert!(!accesses.to_string().contains("PatientDeath"), "{accesses}");
    case.step_with(&app.coordinator(), "patient-death/withdraw", &reason).expect_problem(409, "no_death_recorded");
    case.step_with(&app.coordinator(), "close", &json!({})).expect(200);
    app.letter("applicant", "closed");
    assert_eq!(record(&case).expect(200).json()["stage"], "closed");
}

#[test]
fn an_applicant_does_not_record_it_and_the_day_is_one_that_can_be() {
    let app = App::start();
    let case = Case::submitted(&app);
    let told = json!({ "died_on": "2026-11-25", "told_by": "The son." });
    let problem = case.step_with(&app.coordinator(), "patient-death", &told).expect_problem(422, "invalid_fields").json();
    assert_eq!((&problem["errors"][0]["code"], &problem["errors"][0]["pointer"]), (&json!("died_in_future"), &json!("/died_on")));
    let told = json!({ "died_on": "1961-04-11", "told_by": "The son." });
    let problem = case.step_with(&app.coordinator(), "patient-death", &told).expect_problem(422, "invalid_fields").json();
    assert_eq!(problem["errors"][0]["code"], "died_before_birth");
    case.step_with(&app.applicant(), "patient-death", &json!({ "told_by": "Me." })).expect_problem(403, "forbidden");
    assert_eq!(case.stage(), "submitted");
}
