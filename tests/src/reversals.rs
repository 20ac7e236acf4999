//! A payment that was recorded by mistake, or that the bank took back.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::books::{books, expected};
use crate::support::given::{Case, opinion, transfer};
use crate::support::http::Answer;

fn reverse(app: &App, invoice: &str, payment: &str, body: &Value) -> Answer {
    app.accountant().post(&format!("{invoice}/payments/{payment}/reverse")).key_of(payment, body).json(body).send()
}

fn mistake() -> Value {
    json!({ "reason": "It was another patient's." })
}

/// The reversal of a payment that belongs on another invoice, or is another payment.
fn replaced(invoice: &str, payment: &Value) -> Value {
    json!({
        "reason": "It was another patient's.",
        "replacement": { "invoice_id": invoice.rsplit('/').next().unwrap(), "payment": payment },
    })
}

fn read(app: &App, invoice: &str) -> Value {
    app.accountant().get(invoice).send().expect(200).json()
}

/// Story 1.19: the payment of one patient stood on the invoice of another, and the physician has begun.
#[test]
fn a_payment_on_the_wrong_invoice_moves_to_the_right_one_with_its_day() {
    let app = App::start();
    let ((wrong, on_wrong), (right, on_right)) = (Case::invoiced(&app), Case::invoiced(&app));
    let payment = wrong.pay(&on_wrong, "TT-1", 110_000).expect(201).text("/payment/id");
    wrong.write(&opinion()).expect(200);
    wrong.step(&app.physician(), "opinion/submit").expect(200);
    app.after(SignedDuration::from_hours(24 * 40));
    app.wait(app.hospital.run_due()).unwrap();
    assert_eq!((wrong.stage().as_str(), right.stage().as_str()), ("in_review", "expired"));
    let before = books(&app);

    let done = reverse(&app, &on_wrong, &payment, &replaced(&on_right, &transfer("TT-1", 110_000))).expect(200).json();
    assert_eq!(wrong.stage(), "awaiting_payment");
    assert_eq!(right.stage(), "writing", "it was received in time");
    let seen = right.read(&app.applicant());
    assert_eq!((&seen["due_from_on"], &seen["due_to_on"]), (&json!("2026-12-01"), &json!("2026-12-04")), "counted from the true day");
    assert_eq!((&done["replacement"]["outcome"], &done["replacement"]["late"]), (&json!("paid"), &json!(false)));
    assert_eq!(done["payment"]["reversal"]["reason"], "It was another patient's.");
    let invoice = read(&app, &on_wrong);
    assert_eq!(
        (&invoice["status"], &invoice["owed"]["amount"], &invoice["received"]["amount"]),
        (&json!("issued"), &json!(110_000), &json!(0))
    );
    assert_eq!(invoice["extended_due_on"], "2027-02-02", "thirty days at least");
    assert_eq!(wrong.read(&app.applicant())["expires_at"], "2027-02-02T15:00:00Z");
    // What stood on the wrong invoice stands in the trail of its case, with the other invoice.
    let trail = app.auditor().get(&format!("/v1/audit-entries?operation=reversePayment&case_id={}", wrong.id)).send().expect(200).json();
    assert_eq!(trail["data"].as_array().unwrap().len(), 1);
    assert!(trail["data"][0].to_string().contains(on_right.rsplit('/').next().unwrap()), "{trail}");
    let mut after = before;
    // The lapse of the other invoice is taken back, and its payment stands where the first one stood.
    after.insert("receivable".to_owned(), 110_000);
    after.insert("advances_billed".to_owned(), -110_000);
    assert_eq!(books(&app), after);

    // The draft was kept, and goes on after the payment.
    wrong.write(&opinion()).expect_problem(409, "wrong_stage");
    wrong.pay(&on_wrong, "TT-2", 110_000).expect(201);
    let draft = app.physician().get(&wrong.path("opinion")).send().expect(200).json();
    assert!(draft.to_string().contains("another patient"), "the author reads why it came back");
    wrong.to_delivery();
    reverse(&app, &on_wrong, &payment, &mistake()).expect_problem(409, "payment_reversed");
    let seen = app.applicant().get(&on_wrong).send().expect(200).json();
    let reversal = &seen["payments"][0]["reversal"];
    assert!(reversal["reversed_at"].is_string() && reversal["reason"].is_null() && reversal["reversed_by"].is_null(), "{reversal}");
}

#[test]
fn a_wrong_amount_is_corrected_in_one_step_and_no_stage_flickers() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    let short = case.pay(&invoice, "TT-1", 101_000).expect(201).text("/payment/id");
    let fixed = reverse(&app, &invoice, &short, &replaced(&invoice, &transfer("TT-1", 110_000))).expect(200).json();
    assert_eq!((&fixed["invoice"]["status"], &fixed["replacement"]["outcome"]), (&json!("paid"), &json!("paid")));
    assert_eq!(case.stage(), "writing");
    // Once more, in writing: too much was typed, and the right amount settles it, too.
    let typed = fixed["replacement"]["payment"]["id"].as_str().unwrap();
    reverse(&app, &invoice, typed, &replaced(&invoice, &transfer("TT-1", 112_000))).expect(200);
    assert_eq!(case.stage(), "writing");
    assert_eq!(case.told(&app.applicant(), "writing_stopped").len(), 0);
    assert_eq!(case.told(&app.applicant(), "writing_started").len(), 1);
    assert_eq!(books(&app), expected(&[("bank", 112_000), ("advances_received", -110_000), ("overpayments", -2_000)]));
    let one = read(&app, &invoice);
    assert_eq!((one["payments"].as_array().unwrap().len(), &one["excess"]["amount"]), (3, &json!(2_000)));
}

#[test]
fn a_transfer_that_the_bank_took_back_stops_the_work_or_leaves_a_claim() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    let payment = case.pay(&invoice, "TT-1", 110_000).expect(201).text("/payment/id");
    reverse(&app, &invoice, &payment, &mistake()).expect(200);
    assert_eq!(case.stage(), "awaiting_payment");
    assert_eq!(case.told(&app.physician(), "writing_stopped").len(), 1, "the physician is told");
    assert_eq!(books(&app), expected(&[("receivable", 110_000), ("advances_billed", -110_000)]));
    let again = case.pay(&invoice, "tt 1", 110_000).expect(201).text("/payment/id");
    case.to_delivery();
    reverse(&app, &invoice, &again, &mistake()).expect(200);
    assert_eq!(case.stage(), "delivered", "what was delivered stays");
    assert_eq!(books(&app), expected(&[("receivable", 110_000), ("revenue", -100_000), ("consumption_tax", -10_000)]));
    case.step_with(&app.coordinator(), "close", &json!({})).expect_problem(409, "money_open");
}

#[test]
fn what_the_end_or_a_second_person_has_decided_is_not_reversed() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    let first = case.pay(&invoice, "TT-1", 110_000).expect(201).text("/payment/id");
    let twice = case.pay(&invoice, "TT-2", 110_000).expect(201).text("/payment/id");
    let refund = case.refund();
    refund.provide_details(&app.applicant()).expect(200);
    refund.request(&app.coordinator()).expect(200);
    refund.approve(&app.director()).expect(200);
    reverse(&app, &invoice, &twice, &mistake()).expect_problem(409, "refund_already_approved");
    case.decline();
    reverse(&app, &invoice, &first, &mistake()).expect_problem(409, "payment_before_end");
    let other = app.accountant().post(&format!("{invoice}/payments/pay_01jd8x5k2neht8xg8y7w9zq4rt/reverse"));
    other.key("unknown").json(&mistake()).send().expect_problem(404, "not_found");
}

#[test]
fn a_request_for_money_that_was_never_there_is_withdrawn_with_its_payment() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    case.pay(&invoice, "TT-1", 110_000).expect(201);
    let twice = case.pay(&invoice, "TT-2", 110_000).expect(201).text("/payment/id");
    let refund = case.refund();
    refund.provide_details(&app.applicant()).expect(200);
    refund.request(&app.coordinator()).expect(200);
    reverse(&app, &invoice, &twice, &mistake()).expect(200);
    assert_eq!(refund.read(&app.accountant())["state"], "withdrawn");
    let pending = app.accountant().get("/v1/refunds/due").send().expect(200).json();
    assert_eq!(pending["data"], json!([]));
    assert_eq!(books(&app), expected(&[("bank", 110_000), ("advances_received", -110_000)]));
    assert_eq!(case.stage(), "writing");
}

#[test]
fn a_replacement_that_cannot_be_leaves_everything_as_it_was() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    let payment = case.pay(&invoice, "TT-1", 110_000).expect(201).text("/payment/id");
    let before = read(&app, &invoice);
    let nobodys = "/v1/invoices/inv_01jd8x5k2neht8xg8y7w9zq4rt";
    let unknown = reverse(&app, &invoice, &payment, &replaced(nobodys, &transfer("TT-1", 1)));
    assert_eq!(unknown.expect_problem(422, "invalid_fields").pointers(), ["/replacement/invoice_id"]);
    let mut tomorrow = transfer("TT-1", 0);
    tomorrow["received_on"] = json!("2026-11-25");
    let wrong = reverse(&app, &invoice, &payment, &replaced(&invoice, &tomorrow));
    let pointers = wrong.expect_problem(422, "invalid_fields").pointers();
    assert_eq!(pointers, ["/replacement/payment/amount", "/replacement/payment/received_on"]);
    let stale = app.accountant().post(&format!("{invoice}/payments/{payment}/reverse"));
    stale.key("stale").if_match("\"1\"").json(&mistake()).send().expect_problem(412, "stale");
    assert_eq!(read(&app, &invoice), before);
    assert_eq!(case.stage(), "writing");
}

#[test]
fn two_payments_that_change_places_at_once_do_not_wait_for_each_other() {
    let app = App::start();
    for round in 0..4 {
        let ((one, on_one), (other, on_other)) = (Case::invoiced(&app), Case::invoiced(&app));
        let pay = |case: &Case<'_>, invoice: &str, name: &str| {
            case.pay(invoice, &format!("{name}-{round}"), 110_000).expect(201).text("/payment/id")
        };
        let (first, second) = (pay(&one, &on_one, "A"), pay(&other, &on_other, "B"));
        let there = replaced(&on_other, &transfer(&format!("C-{round}"), 110_000));
        let back = replaced(&on_one, &transfer(&format!("D-{round}"), 110_000));
        std::thread::scope(|scope| {
            let moved = scope.spawn(|| reverse(&app, &on_one, &first, &there).expect(200));
            reverse(&app, &on_other, &second, &back).expect(200);
            moved.join().unwrap();
        });
        assert_eq!((one.stage().as_str(), other.stage().as_str()), ("writing", "writing"));
        let expected = json!({ "amount": 110_000, "currency": "JPY" });
        assert_eq!((&read(&app, &on_one)["received"], &read(&app, &on_other)["received"]), (&expected, &expected));
    }
}

#[test]
fn past_balances_of_the_bank_stay_true_when_a_record_is_put_right() {
    let app = App::start();
    let ((wrong, on_wrong), (_right, on_right)) = (Case::invoiced(&app), Case::invoiced(&app));
    let mut early = transfer("TT-1", 110_000);
    early["received_on"] = json!("2026-11-20");
    let paid = app.accountant().post(&format!("{on_wrong}/payments")).key("early").json(&early).send().expect(201);
    let bank = |day: &str| {
        let balance = app.accountant().get(&format!("/v1/ledger/trial-balance?balance_on={day}")).send().expect(200).json();
        let bank = balance["accounts"].as_array().unwrap().iter().find(|one| one["account"] == "bank").cloned().unwrap();
        bank["debit"].as_i64().unwrap() - bank["credit"].as_i64().unwrap()
    };
    reverse(&app, &on_wrong, &paid.text("/payment/id"), &replaced(&on_right, &early)).expect(200);
    assert_eq!([bank("2026-11-19"), bank("2026-11-20"), bank("2026-11-24")], [0, 110_000, 110_000]);
    assert_eq!(wrong.stage(), "awaiting_payment");
}

#[test]
fn a_corrected_part_payment_gives_no_new_last_day_and_a_part_paid_case_reopens_without_a_clock() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    let part = case.pay(&invoice, "TT-1", 50_000).expect(201).text("/payment/id");
    let fixed = reverse(&app, &invoice, &part, &replaced(&invoice, &transfer("TT-1", 49_000))).expect(200).json();
    assert!(fixed["invoice"]["extended_due_on"].is_null(), "{fixed}");
    case.step_with(&app.applicant(), "cancel", &json!({ "reason": "withdrawn" })).expect(200);
    case.step_with(&app.coordinator(), "reopen", &json!({ "reason": "They go on." })).expect(200);
    let seen = case.read(&app.applicant());
    assert_eq!((&seen["stage"], &seen["expires_at"]), (&json!("awaiting_payment"), &Value::Null), "there is money on it");
}
