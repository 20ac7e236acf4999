//! Ends that are taken back: the stage, the money and the clock stand as they stood before, or where the money has left.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::given::{Case, opinion};
use crate::support::http::Answer;

fn days(number: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * number)
}

fn reopen(case: &Case<'_>) -> Answer {
    case.step_with(&case.app.coordinator(), "reopen", &json!({ "reason": "The family wishes to go on." }))
}

/// The refunds that are owed, the longest due first.
fn due(app: &App) -> Vec<i64> {
    let due = app.accountant().get("/v1/refunds/due").send().expect(200).json();
    due["data"].as_array().unwrap().iter().map(|one| one["amount"]["amount"].as_i64().unwrap()).collect()
}

fn balances(app: &App) -> Value {
    app.accountant().get("/v1/ledger/trial-balance").send().expect(200).json()["accounts"].clone()
}

/// The wrong case was declined, and a refund was asked for already.
#[test]
fn a_decline_that_was_a_mistake_leaves_no_trace_in_the_books() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    case.pay(&invoice, "TT-1", 110_000).expect(201);
    let before = balances(&app);
    case.decline();
    let refund = case.refund();
    refund.provide_details(&app.applicant()).expect(200);
    refund.request(&app.accountant()).expect(200);
    let back = reopen(&case).expect(200).json();
    assert_eq!((back["stage"].as_str(), balances(&app)), (Some("writing"), before));
    assert_eq!(refund.read(&app.accountant())["state"], "withdrawn");
    refund.approve(&app.director()).expect_problem(409, "refund_wrong_state");
    let read = app.accountant().get(&invoice).send().expect(200).json();
    assert_eq!((read["status"].as_str(), &read["extended_due_on"]), (Some("paid"), &json!(null)));
    let notes = app.coordinator().get(&case.path("internal-notes")).send().expect(200).json();
    assert_eq!(notes["data"][0]["text"], "The family wishes to go on.");
    assert_eq!(case.told(&app.applicant(), "case_reopened").len(), 1);
    // A second decline opens a refund of its own, and its request finds no other that is pending.
    case.decline();
    let again = case.refund();
    again.provide_details(&app.applicant()).expect(200);
    again.request(&app.accountant()).expect(200);
    again.approve(&app.director()).expect(200);
}

/// The money has left: a new invoice, and the author's draft comes back.
#[test]
fn where_the_refund_is_approved_the_case_needs_a_new_invoice() {
    let app = App::start();
    let (case, first) = Case::invoiced(&app);
    case.pay(&first, "TT-1", 110_000).expect(201);
    case.write(&opinion()).expect(200);
    case.step(&app.physician(), "opinion/submit").expect(200);
    case.decline();
    let refund = case.refund();
    refund.provide_details(&app.applicant()).expect(200);
    refund.request(&app.accountant()).expect(200);
    refund.approve(&app.director()).expect(200);
    assert_eq!(reopen(&case).expect(200).text("/stage"), "accepted");
    refund.record_paid(&app.accountant()).expect(200);
    let second = app.accountant().post(&case.path("invoices")).key("second").send().expect(201);
    assert_eq!(second.text("/number"), "INV-000002");
    let second = second.header("location").unwrap().to_owned();
    case.pay(&second, "TT-2", 110_000).expect(201);
    case.to_delivery();
    let status = |invoice: &str| app.accountant().get(invoice).send().expect(200).text("/status");
    assert_eq!((status(&first).as_str(), status(&second).as_str()), ("credited", "paid"));
    let balance = balances(&app);
    let amount = |account: &str, side: &str| {
        balance.as_array().unwrap().iter().find(|line| line["account"] == account).unwrap()[side].as_i64().unwrap()
    };
    assert_eq!((amount("bank", "debit"), amount("revenue", "credit"), amount("consumption_tax", "credit")), (110_000, 100_000, 10_000));
    case.step_with(&app.coordinator(), "close", &json!({})).expect(200);
    // Closed too early is put right in the same way.
    assert_eq!(reopen(&case).expect(200).text("/stage"), "delivered");
    case.step_with(&app.coordinator(), "close", &json!({})).expect(200);
}

/// The cancellation holds no longer, so its fee is not kept beside the price of the work.
#[test]
fn a_cancellation_fee_is_owed_back_when_the_case_goes_on_with_a_new_invoice() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    case.pay(&invoice, "TT-1", 110_000).expect(201);
    case.step_with(&app.applicant(), "cancel", &json!({ "reason": "withdrawn" })).expect(200);
    let refund = case.refund();
    refund.provide_details(&app.applicant()).expect(200);
    refund.request(&app.accountant()).expect(200);
    refund.approve(&app.director()).expect(200);
    refund.record_paid(&app.accountant()).expect(200);
    assert_eq!(case.told(&app.applicant(), "refund_paid").len(), 1);
    assert_eq!(reopen(&case).expect(200).text("/stage"), "accepted");
    assert_eq!((due(&app), case.refunds()), (vec![55_000], vec![55_000, 55_000]), "both are told");
    // Money that still comes for the invoice before is taken at every stage.
    case.pay(&invoice, "TT-2", 300).expect(201);
    let second = app.accountant().post(&case.path("invoices")).key("second").send().expect(201);
    case.pay(&invoice, "TT-3", 200).expect(201);
    assert_eq!(case.stage(), "awaiting_payment");
    case.pay(second.header("location").unwrap(), "TT-4", 110_000).expect(201);
    assert_eq!(case.stage(), "writing");
    assert_eq!(due(&app), [55_000, 300, 200]);
}

/// Story 1.9 b: nothing was paid, the case expired, the money came two days late.
#[test]
fn an_expired_case_is_taken_up_again_with_its_invoice_and_a_new_last_day() {
    let app = App::start();
    let (unpaid, invoice) = Case::invoiced(&app);
    let (late, late_invoice) = Case::invoiced(&app);
    app.after(days(31));
    app.wait(app.hospital.run_due()).unwrap();
    let mut body = crate::support::given::transfer("TT-1", 110_000);
    body["received_on"] = json!("2026-12-25");
    app.accountant().post(&format!("{late_invoice}/payments")).key("late").json(&body).send().expect(201);
    assert_eq!((unpaid.stage().as_str(), late.stage().as_str()), ("expired", "expired"));

    assert_eq!(reopen(&late).expect(200).text("/stage"), "writing", "what came since pays it");
    assert_eq!(due(&app), Vec::<i64>::new());
    assert_eq!(reopen(&unpaid).expect(200).text("/stage"), "awaiting_payment");
    let read = app.accountant().get(&invoice).send().expect(200).json();
    let told = [&read["number"], &read["status"], &read["due_on"], &read["extended_due_on"]];
    // Thirty days from 25 December are 24 January, a Sunday.
    assert_eq!(told, [&json!("INV-000001"), &json!("issued"), &json!("2026-12-24"), &json!("2027-01-25")]);
    app.after(days(32));
    app.wait(app.hospital.run_due()).unwrap();
    assert_eq!(unpaid.stage(), "expired", "the new last day is one, too");
}

#[test]
fn the_desk_reopens_within_thirty_days_with_a_reason() {
    let app = App::start();
    let case = Case::submitted(&app);
    case.step_with(&app.coordinator(), "reopen", &json!({ "reason": "Why not." })).expect_problem(409, "wrong_stage");
    case.step_with(&app.applicant(), "cancel", &json!({ "reason": "withdrawn" })).expect(200);
    case.step_with(&app.applicant(), "reopen", &json!({ "reason": "Please." })).expect_problem(403, "forbidden");
    let bare = case.step_with(&app.coordinator(), "reopen", &json!({}));
    assert_eq!(bare.expect_problem(422, "invalid_fields").pointers(), ["/reason"]);
    assert!(case.read(&app.coordinator())["allowed_actions"].as_array().unwrap().contains(&json!("reopenCase")));
    app.after(days(32));
    reopen(&case).expect_problem(409, "reopening_over");
    let longer = json!({ "review": { "reopen_days": 60 } });
    app.administrator().patch("/v1/settings").if_match("*").json(&longer).send().expect(200);
    assert_eq!(reopen(&case).expect(200).text("/stage"), "submitted");
}
