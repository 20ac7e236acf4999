//! The patient dies: silence at every stage, and money by the policy (story 1.15, R28).

use serde_json::json;

use crate::support::app::App;
use crate::support::books::{books, expected};
use crate::support::given::{Case, refund_details};
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

/// Story 1.15, written: two persons give more back than the policy says.
#[test]
fn two_persons_give_the_family_everything_back() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    case.pay(&invoice, "TT-1", 110_000).expect(201);
    record(&case).expect(200);
    let refund = case.refund();
    refund.step(&app.coordinator(), "details", &refund_details()).expect(200);
    let raise = |amount: i64| {
        let raise = json!({ "amount": { "amount": amount, "currency": "JPY" }, "reason": "The patient has died." });
        json!({ "settlement": "pay_out", "raise": raise })
    };
    let above = refund.step(&app.accountant(), "request", &raise(55_001)).expect_problem(422, "invalid_fields");
    assert_eq!(above.pointers(), ["/raise/amount"]);
    let asked = refund.step(&app.accountant(), "request", &raise(55_000)).expect(200).json();
    assert_eq!((&asked["amount"]["amount"], &asked["request"]["raise"]["amount"]["amount"]), (&json!(55_000), &json!(55_000)));
    assert_eq!(refund.approve(&app.director()).expect(200).json()["amount"]["amount"], 110_000);
    assert_eq!(books(&app), expected(&[("bank", 110_000), ("refunds_payable", -110_000)]));
    refund.record_paid(&app.accountant()).expect(200);
    assert_eq!(books(&app), expected(&[]));
    let paper = app.accountant().get(&invoice).send().expect(200).json();
    assert_eq!((&paper["cancellation_fee"]["amount"], &paper["cancellation_fee_papers"]), (&json!(0), &json!([])));
}

/// Story 1.15, written, by the policy: the fee has a paper of its own, outside the scope of tax.
#[test]
fn the_fee_that_is_kept_has_a_paper_of_its_own() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    case.pay(&invoice, "TT-1", 110_000).expect(201);
    record(&case).expect(200);
    let paper = || app.accountant().get(&invoice).send().expect(200).json()["cancellation_fee_papers"].clone();
    assert_eq!(paper(), json!([]), "until the refund is approved the case may be reopened");
    let refund = case.refund();
    refund.step(&app.coordinator(), "details", &refund_details()).expect(200);
    refund.request(&app.accountant()).expect(200);
    refund.approve(&app.director()).expect(200);
    let amount = json!({ "amount": 55_000, "currency": "JPY" });
    let fee = json!({ "number": "FEE-000001", "issued_on": "2026-11-24", "amount": amount, "voided_at": null });
    assert_eq!(paper(), json!([fee]));
    refund.record_paid(&app.accountant()).expect(200);
    assert_eq!(books(&app), expected(&[("bank", 55_000), ("cancellation_income", -55_000)]));
}
