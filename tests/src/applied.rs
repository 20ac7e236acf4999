//! Refunds that pay another invoice, by two persons, and how that is taken back.

use serde_json::json;

use crate::support::app::App;
use crate::support::books::{books, expected};
use crate::support::given::Case;

fn applied(invoice: &str, evidence: Option<&str>) -> serde_json::Value {
    json!({ "settlement": "apply_to_invoice", "invoice_id": invoice.rsplit('/').next().unwrap(), "evidence": evidence })
}

/// R8: money that was paid too much on one invoice pays another, by two persons.
#[test]
fn an_overpayment_pays_an_invoice_of_another_case() {
    let app = App::start();
    let ((over, first), (short, second)) = (Case::invoiced(&app), Case::invoiced(&app));
    over.pay(&first, "TT-1", 112_500).expect(201);
    short.pay(&second, "TT-2", 107_500).expect(201);
    let refund = over.refund();
    let billing = app.accountant();
    refund.step(&billing, "request", &json!({ "settlement": "apply_to_invoice" })).expect_problem(422, "invalid_fields");
    refund.step(&billing, "request", &applied(&first, None)).expect_problem(422, "invalid_fields");
    refund.step(&billing, "request", &applied("invoice_01jd8x5k2neht8xg8y7w9zq4rt", None)).expect_problem(422, "invalid_fields");
    let unsaid = refund.step(&billing, "request", &applied(&second, None)).expect_problem(422, "invalid_fields");
    assert_eq!(unsaid.pointers(), ["/evidence"], "another case needs a word of the payer");
    refund.step(&billing, "request", &applied(&second, Some("E-mail of the family."))).expect(200);
    assert_eq!(short.stage(), "awaiting_payment", "nothing counts before the second person");
    let done = refund.approve(&app.director()).expect(200).json();
    assert_eq!(
        (&done["state"], &done["request"]["invoice_id"]),
        (&json!("applied_to_invoice"), &json!(second.rsplit('/').next().unwrap()))
    );
    assert_eq!((over.stage(), short.stage()), ("writing".into(), "writing".into()));
    assert_eq!(books(&app), expected(&[("bank", 220_000), ("advances_received", -220_000)]));
    let paid = billing.get(&second).send().expect(200).json();
    let payment = &paid["payments"][1];
    assert_eq!((&payment["amount"]["amount"], &payment["reference"]), (&json!(2_500), &json!("INV-000001/1")));

    assert_eq!((&payment["refund_id"], &payment["receipt"]), (&json!(refund.id), &json!(null)), "no money moved, and it has its receipt");
    let seen = refund.read(&app.applicant());
    assert_eq!(seen["applied_to_invoice_id"], second.rsplit('/').next().unwrap());
    assert_eq!(over.told(&app.applicant(), "refund_applied").len(), 1);

    // It was the wrong invoice: the match is taken back, and then the refund is due again.
    let back = format!("{second}/payments/{}/reverse", payment["id"].as_str().unwrap());
    billing.post(&back).key("back").json(&json!({ "reason": "The wrong case." })).send().expect(200);
    assert_eq!(short.stage(), "awaiting_payment");
    let unmatched = billing.get("/v1/unmatched-payments").send().expect(200).json()["data"][0].clone();
    assert_eq!(unmatched["refund_id"], refund.id.as_str());
    let part =
        json!({ "allocations": [{ "invoice_id": second.rsplit('/').next().unwrap(), "amount": { "amount": 2_500, "currency": "JPY" } }] });
    let other = format!("/v1/unmatched-payments/{}/match", unmatched["id"].as_str().unwrap());
    billing.post(&other).key("match").json(&part).send().expect_problem(409, "money_of_a_refund");
    let path = format!("/v1/unmatched-payments/{}/reverse", unmatched["id"].as_str().unwrap());
    billing.post(&path).key("reverse").json(&json!({ "reason": "The wrong case." })).send().expect(200);
    assert_eq!(refund.read(&billing)["state"], "due");
    let balances =
        [("bank", 220_000), ("advances_received", -217_500), ("overpayments", -2_500), ("receivable", 2_500), ("advances_billed", -2_500)];
    assert_eq!(books(&app), expected(&balances));
}

#[test]
fn the_refund_of_a_cancelled_case_pays_its_new_invoice() {
    let app = App::start();
    let (case, first) = Case::invoiced(&app);
    case.pay(&first, "TT-1", 110_000).expect(201);
    case.decline();
    let refund = case.refund();
    refund.provide_details(&app.applicant()).expect(200);
    refund.request(&app.coordinator()).expect(200);
    refund.approve(&app.director()).expect(200);
    case.step_with(&app.coordinator(), "reopen", &json!({ "reason": "A second look." })).expect(200);
    assert_eq!(case.stage(), "accepted", "the credit note is in the payer's hands");
    let second = app.accountant().post(&case.path("invoices")).key("again").send().expect(201).header("location").unwrap().to_owned();
    refund.step(&app.accountant(), "reject", &json!({ "reason": "It stays here." })).expect(200);
    refund.step(&app.accountant(), "request", &applied(&second, None)).expect(200);
    refund.approve(&app.director()).expect(200);
    assert_eq!(case.stage(), "writing");
    assert_eq!(books(&app), expected(&[("bank", 110_000), ("advances_received", -110_000)]));
    let third = refund.step(&app.accountant(), "reject", &json!({ "reason": "No." }));
    third.expect_problem(409, "refund_wrong_state");
}

/// Only what is owed on the other invoice is applied; the rest stays due to its payer.
#[test]
fn a_refund_that_is_larger_than_what_is_owed_is_parted() {
    let app = App::start();
    let ((over, first), (short, second)) = (Case::invoiced(&app), Case::invoiced(&app));
    over.pay(&first, "TT-1", 120_000).expect(201);
    short.pay(&second, "TT-2", 107_500).expect(201);
    let refund = over.refund();
    let billing = app.accountant();
    refund.step(&billing, "request", &applied(&second, Some("E-mail of the family."))).expect(200);
    assert_eq!(refund.approve(&app.director()).expect(200).json()["amount"]["amount"], 2_500);
    let rest = over.refund();
    assert_eq!((&rest.read(&billing)["amount"]["amount"], &rest.read(&billing)["state"]), (&json!(7_500), &json!("due")));
    assert_eq!(books(&app), expected(&[("bank", 227_500), ("advances_received", -220_000), ("overpayments", -7_500)]));
}

#[test]
fn a_target_that_was_settled_meanwhile_is_named_and_the_request_sent_back() {
    let app = App::start();
    let ((over, first), (short, second)) = (Case::invoiced(&app), Case::invoiced(&app));
    over.pay(&first, "TT-1", 120_000).expect(201);
    let refund = over.refund();
    refund.step(&app.accountant(), "request", &applied(&second, Some("E-mail of the family."))).expect(200);
    short.pay(&second, "TT-2", 110_000).expect(201);
    refund.approve(&app.director()).expect_problem(409, "refund_target_not_open");
    refund.step(&app.coordinator(), "reject", &json!({ "reason": "It is paid by now." })).expect(200);
}
