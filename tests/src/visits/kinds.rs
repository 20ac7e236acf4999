//! Another service for the same case, and another department, to the yen (stories 1.10 and 1.11).

use serde_json::{Value, json};

use super::{THURSDAY, amounts, hours};
use crate::support::app::App;
use crate::support::appointments::{afternoons, received, talk, time, visitor};
use crate::support::books::{balance, books, expected};
use crate::support::given::{Case, acceptance};

const VISIT: &str = "representative_consultation";
const WRITTEN: &str = "written_opinion";

/// The desk proposes another service, and the applicant agrees with what it needs of the application.
fn change(case: &Case<'_>, kind: &str, application: &Value) -> Value {
    let proposal = json!({ "kind": kind, "text": "It fits better." });
    case.step_with(&case.app.coordinator(), "kind-proposal", &proposal).expect(200);
    case.step_with(&case.app.applicant(), "kind-proposal/agree", &json!({ "kind": kind, "application": application })).expect(200).json()
}

/// The case is reviewed again and accepted.
fn review(case: &Case<'_>) {
    case.to_triage();
    case.accept();
}

/// A spouse who visits.
fn spouse() -> Value {
    json!({ "representatives": [{ "name": { "alphabetic": "Erik Tanaka" }, "relation": "spouse" }] })
}

/// A written opinion that is paid and being written.
fn paid_opinion(app: &App) -> Case<'_> {
    let case = Case::accepted(app);
    case.to_writing();
    case
}

/// The newest estimates of the case, as the applicant sees them: their states, the newest first.
fn estimates(case: &Case<'_>) -> Vec<String> {
    let list = case.app.applicant().get(&case.path("estimates")).send().expect(200).json();
    list["data"].as_array().unwrap().iter().map(|one| one["status"].as_str().unwrap().to_owned()).collect()
}

fn invoices(case: &Case<'_>) -> Vec<Value> {
    let list = case.app.accountant().get(&format!("/v1/invoices?case_id={}", case.id)).send().expect(200).json();
    let read = |one: &Value| case.app.accountant().get(&format!("/v1/invoices/{}", one["id"].as_str().unwrap())).send().expect(200).json();
    list["data"].as_array().unwrap().iter().map(read).collect()
}

#[test]
fn a_paid_opinion_becomes_a_visit_that_its_money_pays_and_77_000_come_back() {
    let app = App::start();
    let case = paid_opinion(&app);
    let changed = change(&case, VISIT, &spouse());
    assert_eq!((&changed["kind"], &changed["stage"], &changed["kind_proposal"]), (&json!(VISIT), &json!("submitted"), &Value::Null));
    assert_eq!(estimates(&case), ["void"]);
    assert_eq!(case.read(&app.accountant())["stage"], "submitted", "billing goes on to see it");
    app.physician().put(&case.path("opinion")).json(&json!({ "content": {} })).send().expect_problem(409, "wrong_stage");
    assert_eq!(books(&app), expected(&[("bank", 110_000), ("advances_received", -110_000)]), "the money stays");
    review(&case);
    let estimate = case.issue_estimate();
    let says = || app.letter("applicant", "estimate")["body"].as_str().unwrap().contains("110,000 yen that you have paid").then_some(());
    assert!(crate::support::wait_until(std::time::Duration::from_secs(10), says).is_some(), "the estimate says what was paid");
    app.applicant().post(&format!("{estimate}/accept")).json(&acceptance("applicant")).send().expect(200);
    assert_eq!(estimates(&case), ["accepted", "void"]);
    assert_eq!(case.refunds(), [77_000], "the rest alone is told");
    assert!(app.letter("applicant", "kind_changed")["body"].as_str().unwrap().contains("stays with your application"));
    assert!(app.letter("applicant", "payment_applied")["body"].as_str().unwrap().contains("33,000 yen"));
    assert!(!app.letters_to("applicant@example.org").contains(&"payment_received".to_owned()), "no money arrived");
    let list = invoices(&case);
    assert_eq!(list.iter().map(|one| one["status"].clone()).collect::<Vec<_>>(), ["paid", "credited"]);
    assert_eq!((amounts(&list[0]), &list[0]["owed"]["amount"]), ([33_000, 30_000, 3_000], &json!(0)));
    let note = list[1]["credit_notes"][0]["id"].as_str().unwrap();
    let note = app.accountant().get(&format!("/v1/credit-notes/{note}")).send().expect(200).json();
    assert_eq!((&note["kind"], amounts(&note)), (&json!("cancellation"), [110_000, 100_000, 10_000]));
    assert_eq!(books(&app), expected(&[("bank", 110_000), ("advances_received", -33_000), ("refunds_payable", -77_000)]));
    afternoons(&app, &app.physician(), &[THURSDAY]);
    case.book(&time(THURSDAY, "15:00", &app.physician())).expect(201);
    assert_eq!(case.stage(), "scheduled", "it is paid");
    hours(&app, 52);
    let erik = case.visitors().remove(0);
    case.arrive(&[visitor(&erik)]).expect(200);
    hours(&app, 1);
    case.record(&app.physician(), &talk(THURSDAY, "15:00", "15:25", 1)).expect(200);
    case.pay_at_the_counter(THURSDAY).expect_problem(409, "nothing_to_invoice");
    case.step_with(&app.coordinator(), "close", &json!({})).expect_problem(409, "money_open");
    let refund = case.refund();
    refund.provide_details(&app.applicant()).expect(200);
    refund.request(&app.accountant()).expect(200);
    refund.approve(&app.director()).expect(200);
    let paid = json!({ "method": "bank_transfer", "paid_on": THURSDAY, "reference": "RT-1" });
    refund.step(&app.accountant(), "paid", &paid).expect(200);
    case.step_with(&app.coordinator(), "close", &json!({})).expect(200);
    assert_eq!(books(&app), expected(&[("bank", 33_000), ("revenue", -30_000), ("consumption_tax", -3_000)]));
}

#[test]
fn a_visit_that_was_paid_in_advance_becomes_an_opinion_that_needs_77_000_more() {
    let app = App::start();
    let case = Case::visit(&app, &json!({ "payment": "prepaid" }));
    let invoice = case.issue_invoice();
    case.pay(&invoice, "TT-1", 33_000).expect(201);
    afternoons(&app, &app.physician(), &[THURSDAY]);
    let appointment = case.book(&time(THURSDAY, "15:00", &app.physician())).expect(201).text("/id");
    let changed = change(&case, WRITTEN, &json!({ "has_family_or_friend_in_japan": false }));
    assert_eq!((&changed["kind"], &changed["stage"], &changed["visit_at"]), (&json!(WRITTEN), &json!("submitted"), &Value::Null));
    assert_eq!(case.appointment(&app.applicant(), &appointment)["state"], "cancelled_by_hospital");
    let other = Case::visit(&app, &json!({}));
    other.book(&time(THURSDAY, "15:00", &app.physician())).expect(201);
    assert_eq!(case.refunds(), Vec::<i64>::new(), "free of charge, and the money stays");
    review(&case);
    case.agree(&json!({}));
    assert_eq!(case.stage(), "awaiting_payment");
    let new = &invoices(&case)[0];
    assert_eq!((amounts(new), &new["status"], &new["owed"]["amount"]), ([110_000, 100_000, 10_000], &json!("partly_paid"), &json!(77_000)));
    assert_eq!(
        books(&app),
        expected(&[("bank", 33_000), ("receivable", 77_000), ("advances_billed", -77_000), ("advances_received", -33_000)])
    );
    let new = format!("/v1/invoices/{}", new["id"].as_str().unwrap());
    case.pay(&new, "TT-2", 77_000).expect(201);
    assert_eq!(case.stage(), "writing");
    assert_eq!(books(&app), expected(&[("bank", 110_000), ("advances_received", -110_000)]));
}

#[test]
fn nothing_is_demanded_any_longer_for_the_service_that_it_was() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    change(&case, VISIT, &spouse());
    let credited = app.accountant().get(&invoice).send().expect(200).json();
    assert_eq!((&credited["status"], &credited["owed"]["amount"]), (&json!("credited"), &json!(0)));
    assert!(books(&app).is_empty());
    // A transfer that was on its way comes all the same, and goes back.
    case.pay(&invoice, "TT-1", 110_000).expect(201);
    assert_eq!(books(&app), expected(&[("bank", 110_000), ("overpayments", -110_000)]));
    review(&case);
    case.agree(&json!({}));
    afternoons(&app, &app.physician(), &[THURSDAY]);
    case.book(&time(THURSDAY, "15:00", &app.physician())).expect(201);
    assert_eq!((case.stage(), invoices(&case).len()), ("scheduled".to_owned(), 1), "paid on the day, as it was agreed");
}

#[test]
fn a_part_payment_pays_the_new_service_too() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    case.pay(&invoice, "TT-1", 107_500).expect(201);
    change(&case, VISIT, &spouse());
    assert_eq!(balance(&app, "advances_received"), -107_500);
    review(&case);
    case.agree(&json!({}));
    assert_eq!(case.refunds(), [74_500]);
    assert_eq!(books(&app), expected(&[("bank", 107_500), ("advances_received", -33_000), ("refunds_payable", -74_500)]));
}

#[test]
fn money_of_another_payer_goes_back_to_that_payer() {
    let app = App::start();
    let case = paid_opinion(&app);
    change(&case, VISIT, &spouse());
    review(&case);
    let mut by_company = acceptance("other");
    by_company["third_party"] = json!({ "reference": "PO-1" });
    let estimate = case.issue_estimate();
    app.applicant().post(&format!("{estimate}/accept")).json(&by_company).send().expect(200);
    assert_eq!(case.refunds(), [110_000]);
    let new = &invoices(&case)[0];
    assert_eq!((&new["payer"], &new["owed"]["amount"]), (&json!("other"), &json!(33_000)));
}

/// Nobody has paid anything on the new invoice: its last day holds.
#[test]
fn an_opinion_that_nobody_has_paid_waits_until_the_last_day_of_its_invoice() {
    let app = App::start();
    let case = Case::visit(&app, &json!({ "payment": "prepaid" }));
    let invoice = case.issue_invoice();
    case.pay(&invoice, "TT-1", 33_000).expect(201);
    change(&case, WRITTEN, &json!({ "has_family_or_friend_in_japan": false }));
    review(&case);
    let mut by_company = acceptance("other");
    by_company["third_party"] = json!({ "reference": "PO-1" });
    let estimate = case.issue_estimate();
    app.applicant().post(&format!("{estimate}/accept")).json(&by_company).send().expect(200);
    assert_eq!((case.refunds(), case.stage()), (vec![33_000], "awaiting_payment".to_owned()));
    assert!(case.read(&app.coordinator())["expires_at"].is_string());
}

#[test]
fn what_was_paid_goes_back_whole_if_the_department_declines_the_new_service() {
    let app = App::start();
    let case = paid_opinion(&app);
    change(&case, VISIT, &spouse());
    case.to_triage();
    case.decline();
    assert_eq!(case.refunds(), [110_000]);
    assert_eq!(books(&app), expected(&[("bank", 110_000), ("refunds_payable", -110_000)]));
}

#[test]
fn between_the_visits_the_appointment_stays_also_at_the_door() {
    let app = App::start();
    let case = Case::visit(&app, &json!({}));
    afternoons(&app, &app.physician(), &["2026-11-24"]);
    let appointment = case.book(&time("2026-11-24", "15:00", &app.physician())).expect(201).text("/id");
    case.arrive(&[json!({
        "person": "patient", "outcome": "outside", "reason": "other", "text": "Ill in the hotel.",
    })])
    .expect(200);
    let changed = change(&case, VISIT, &spouse());
    assert_eq!((&changed["kind"], &changed["stage"]), (&json!(VISIT), &json!("scheduled")));
    let erik = case.visitors().remove(0);
    case.arrive(&[received("patient")]).expect_problem(409, "cannot_be_received");
    case.arrive(&[visitor(&erik)]).expect(200);
    let refused = json!({ "kind": "patient_consultation", "text": "Back again." });
    case.step_with(&app.coordinator(), "kind-proposal", &refused).expect_problem(409, "visit_has_begun");
    hours(&app, 4);
    case.record(&app.physician(), &talk("2026-11-24", "15:00", "15:25", 1)).expect(200);
    assert_eq!(case.appointment(&app.applicant(), &appointment)["state"], "held");
    assert_eq!(amounts(&case.pay_at_the_counter("2026-11-24").expect(201).json()), [33_000, 30_000, 3_000]);
}

#[test]
fn a_proposal_is_told_and_turned_down_and_nobody_agrees_to_another() {
    let app = App::start();
    let case = Case::accepted(&app);
    let proposal = json!({ "kind": VISIT, "text": "Somebody could visit us in your place." });
    case.step_with(&app.coordinator(), "kind-proposal", &proposal).expect(200);
    let seen = case.read(&app.applicant());
    assert_eq!((&seen["kind_proposal"]["kind"], &seen["waiting_on"]), (&json!(VISIT), &json!("applicant")));
    assert!(seen["expires_at"].is_string(), "silence ends it");
    let letter = app.letter("applicant", "kind_proposed");
    assert!(letter["body"].as_str().unwrap().contains("Somebody could visit us in your place."), "{letter}");
    case.step_with(&app.applicant(), "kind-proposal/agree", &json!({ "kind": "patient_consultation" }))
        .expect_problem(409, "kind_proposal_replaced");
    case.step_with(&app.applicant(), "kind-proposal/agree", &json!({ "kind": VISIT, "application": { "representatives": [] } }))
        .expect_problem(409, "representative_missing");
    case.step(&app.applicant(), "kind-proposal/withdraw").expect(200);
    assert_eq!(case.read(&app.applicant())["waiting_on"], "desk");
    case.step_with(&app.applicant(), "kind-proposal/agree", &json!({ "kind": VISIT })).expect_problem(409, "no_kind_proposal");
}

#[test]
fn another_department_goes_on_where_the_money_stands() {
    let app = App::start();
    let case = paid_opinion(&app);
    let thoracic = app.department("Thoracic Surgery").to_string();
    let body = json!({ "department_id": thoracic, "reason": "It is the lung." });
    case.step_with(&app.coordinator(), "reassign", &body).expect(200);
    assert!(app.letter("applicant", "reviewed_again")["body"].as_str().unwrap().contains("Another department"));
    let away = case.read(&app.accountant());
    assert_eq!((&away["stage"], away["invoice_id"].is_string()), (&json!("in_triage"), true));
    app.chief().get(&case.path("")).send().expect_problem(404, "not_found");
    let back = json!({ "department_id": app.department("Breast Surgery").to_string(), "reason": "It is not." });
    case.step_with(&app.coordinator(), "reassign", &back).expect(200);
    app.after(jiff::SignedDuration::from_hours(24));
    case.accept();
    let again = case.read(&app.applicant());
    assert_eq!((&again["stage"], &again["due_from_on"]), (&json!("writing"), &json!("2026-12-02")), "due counts from the acceptance");
    assert_eq!(books(&app), expected(&[("bank", 110_000), ("advances_received", -110_000)]));
}
