//! Money whose invoice is not known: recorded, matched with one invoice or several, and taken back (story 1.16).

use domain::access::Role;
use serde_json::{Value, json};

use crate::support::app::{App, Person};
use crate::support::books::{balance, books, books_on, expected};
use crate::support::given::{Case, Refund, refund_details, refund_returned, transfer};
use crate::support::http::Answer;

/// Records a transfer whose invoice is not known.
fn record(app: &App, reference: &str, amount: i64) -> Answer {
    let body = transfer(reference, amount);
    app.accountant().post("/v1/unmatched-payments").key_of("unmatched", &body).json(&body).send()
}

fn arrived(app: &App, reference: &str, amount: i64) -> String {
    record(app, reference, amount).expect(201).header("location").unwrap().to_owned()
}

fn part(invoice: &str, amount: i64) -> Value {
    json!({ "invoice_id": invoice.rsplit('/').next().unwrap(), "amount": { "amount": amount, "currency": "JPY" } })
}

fn match_with(who: &Person<'_>, payment: &str, parts: &[Value]) -> Answer {
    let body = json!({ "allocations": parts });
    who.post(&format!("{payment}/match")).key_of(payment, &body).json(&body).send()
}

fn reverse(app: &App, path: &str, body: &Value) -> Answer {
    app.accountant().post(&format!("{path}/reverse")).key_of(path, body).json(body).send()
}

fn read(app: &App, path: &str) -> Value {
    app.accountant().get(path).send().expect(200).json()
}

/// What the list of unmatched payments says is left.
fn listed(app: &App) -> i64 {
    let list = read(app, "/v1/unmatched-payments?limit=100");
    list["data"].as_array().unwrap().iter().map(|one| one["rest"]["amount"].as_i64().unwrap()).sum()
}

/// One transfer for three cases, and a rest.
#[test]
fn one_transfer_pays_several_invoices_and_its_rest_stays_unmatched() {
    let app = App::start();
    let [(first, one), (second, two), (third, three)] = [0, 1, 2].map(|_| Case::invoiced(&app));
    let payment = arrived(&app, "ACME GMBH 330000", 330_000);
    assert_eq!((balance(&app, "bank"), balance(&app, "unmatched_receipts"), listed(&app)), (330_000, -330_000, 330_000));
    let done =
        match_with(&app.accountant(), &payment, &[part(&one, 110_000), part(&two, 110_000), part(&three, 100_000)]).expect(200).json();
    let outcomes: Vec<&str> = done["payments"].as_array().unwrap().iter().map(|one| one["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["paid", "paid", "partial"]);
    assert_eq!([first.stage(), second.stage(), third.stage()], ["writing", "writing", "awaiting_payment"]);
    assert_eq!(done["unmatched_payment"]["rest"]["amount"], 10_000);
    let all = [
        ("receivable", 10_000),
        ("advances_billed", -10_000),
        ("advances_received", -320_000),
        ("unmatched_receipts", -10_000),
        ("bank", 330_000),
    ];
    assert_eq!(books(&app), expected(&all));
    let rest = match_with(&app.accountant(), &payment, &[part(&three, 10_000)]).expect(200).json();
    assert_eq!((&rest["payments"][0]["outcome"], third.stage().as_str()), (&json!("paid"), "writing"));
    assert_eq!((listed(&app), balance(&app, "unmatched_receipts")), (0, 0));
    let paid = read(&app, &three);
    assert_eq!(paid["payments"].as_array().unwrap().len(), 2, "of one transfer");
    assert!(paid["payments"][1]["receipt"]["number"].is_string(), "each part has its receipt");
    match_with(&app.accountant(), &payment, &[part(&three, 1)]).expect_problem(422, "invalid_fields");
}

/// It counts from the day on which it was received.
#[test]
fn a_match_brings_an_expired_case_back_if_the_money_was_in_time() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    let payment = arrived(&app, "TT-1", 110_000);
    app.after(jiff::SignedDuration::from_hours(24 * 40));
    app.wait(app.hospital.run_due()).unwrap();
    assert_eq!(case.stage(), "expired");
    let done = match_with(&app.accountant(), &payment, &[part(&invoice, 110_000)]).expect(200).json();
    assert_eq!((&done["payments"][0]["late"], case.stage().as_str()), (&json!(false), "writing"));
    let on = |day: &str| read(&app, &format!("/v1/ledger/trial-balance?balance_on={day}"));
    let bank = on("2026-11-24")["accounts"].as_array().unwrap().iter().find(|one| one["account"] == "bank").unwrap()["debit"].clone();
    assert_eq!(bank, 110_000, "the bank has it since that day");
}

#[test]
fn what_cannot_be_matched_is_refused_and_nothing_is_written() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    let payment = arrived(&app, "TT-1", 110_000);
    let refused = |parts: &[Value], pointer: &str, code: &str| {
        let problem = match_with(&app.accountant(), &payment, parts).expect_problem(422, "invalid_fields").json();
        assert_eq!((&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]), (&json!(pointer), &json!(code)), "{problem}");
    };
    refused(&[part(&invoice, 60_000), part(&invoice, 60_000)], "/allocations", "more_than_unmatched");
    refused(&[part("inv_01jd8x5k2neht8xg8y7w9zq4rt", 1)], "/allocations/0/invoice_id", "unknown_reference");
    refused(&[part(&invoice, 1), part(&invoice, 0)], "/allocations/1/amount", "zero_amount");
    assert_eq!((case.stage().as_str(), read(&app, &invoice)["payments"].clone()), ("awaiting_payment", json!([])));
    record(&app, "tt 1", 5).expect_problem(409, "duplicate_reference");
    case.pay(&invoice, "TT-2", 50_000).expect(201);
    record(&app, "TT-2", 5).expect_problem(409, "duplicate_reference");
    let mut again = transfer("TT-2", 5);
    again["is_another_payment"] = json!(true);
    app.accountant().post("/v1/unmatched-payments").key("again").json(&again).send().expect(201);
    app.coordinator().get("/v1/unmatched-payments").send().expect(200);
    let mut old = transfer("TT-8", 5);
    old["received_on"] = json!("1900-01-01");
    let problem = app.accountant().post("/v1/unmatched-payments").key("old").json(&old).send().expect_problem(422, "invalid_fields").json();
    assert_eq!(problem["errors"][0]["code"], "received_too_early");
    app.applicant().get(&payment).send().expect_problem(403, "forbidden");
}

#[test]
fn a_part_that_is_reversed_is_unmatched_again_and_a_mistake_goes_away() {
    let app = App::start();
    let ((wrong, on_wrong), (right, on_right)) = (Case::invoiced(&app), Case::invoiced(&app));
    let payment = arrived(&app, "TT-1", 110_000);
    let matched = match_with(&app.accountant(), &payment, &[part(&on_wrong, 110_000)]).expect(200);
    let reason = json!({ "reason": "It was another patient's." });
    reverse(&app, &payment, &reason).expect_problem(409, "payment_matched");
    let on_invoice = format!("{on_wrong}/payments/{}", matched.text("/payments/0/payment/id"));
    let mut replaced = reason.clone();
    replaced["replacement"] = json!({ "invoice_id": on_right.rsplit('/').next().unwrap(), "payment": transfer("TT-1", 110_000) });
    let problem = reverse(&app, &on_invoice, &replaced).expect_problem(422, "invalid_fields").json();
    assert_eq!(problem["errors"][0]["code"], "matched_has_no_replacement");
    reverse(&app, &on_invoice, &reason).expect(200);
    assert_eq!((wrong.stage().as_str(), listed(&app), balance(&app, "bank")), ("awaiting_payment", 110_000, 110_000));
    assert!(read(&app, &payment)["allocations"][0]["returned_at"].is_string());
    match_with(&app.accountant(), &payment, &[part(&on_right, 110_000)]).expect(200);
    assert_eq!((right.stage().as_str(), listed(&app)), ("writing", 0));
    let other = arrived(&app, "TT-9", 7_000);
    assert_eq!(reverse(&app, &other, &reason).expect(200).json()["reversal"]["reason"], "It was another patient's.");
    reverse(&app, &other, &json!({ "reason": "Twice." })).expect_problem(409, "payment_reversed");
    assert_eq!((listed(&app), balance(&app, "bank"), balance(&app, "unmatched_receipts")), (0, 110_000, 0));
}

#[test]
fn of_two_accountants_who_match_the_same_money_at_once_it_is_spent_once() {
    let app = App::start();
    let ((_, one), (_, two)) = (Case::invoiced(&app), Case::invoiced(&app));
    let payment = arrived(&app, "TT-1", 110_000);
    let (first, second) = (app.accountant(), app.person("second-accountant", Role::Accountant));
    let ends = std::thread::scope(|scope| {
        let first = scope.spawn(|| match_with(&first, &payment, &[part(&one, 110_000)]));
        let second = scope.spawn(|| match_with(&second, &payment, &[part(&two, 110_000)]));
        let mut ends = [first.join().unwrap().status, second.join().unwrap().status];
        ends.sort_unstable();
        ends
    });
    assert_eq!(ends, [200, 422]);
    assert_eq!((balance(&app, "bank"), balance(&app, "unmatched_receipts"), balance(&app, "receivable")), (110_000, 0, 110_000));
}

/// The day sheet: what arrived on a day, by each way.
#[test]
fn payments_are_listed_by_day_and_way_those_that_were_reversed_too() {
    let app = App::start();
    let ((first, one), (_, two)) = (Case::invoiced(&app), Case::invoiced(&app));
    let wrong = first.pay(&one, "TT-1", 50_000).expect(201).text("/payment/id");
    reverse(&app, &format!("{one}/payments/{wrong}"), &json!({ "reason": "A mistake." })).expect(200);
    first.pay(&one, "TT-2", 110_000).expect(201);
    let mut cash = transfer("C-1", 110_000);
    (cash["method"], cash["received_on"]) = (json!("cash"), json!("2026-11-23"));
    app.accountant().post(&format!("{two}/payments")).key("cash").json(&cash).send().expect(201);
    let amounts = |query: &str| -> Vec<(i64, bool)> {
        let list = read(&app, &format!("/v1/payments?{query}"));
        let of = |one: &Value| (one["payment"]["amount"]["amount"].as_i64().unwrap(), one["payment"]["reversal"].is_null());
        list["data"].as_array().unwrap().iter().map(of).collect()
    };
    assert_eq!(amounts(""), [(110_000, true), (110_000, true), (50_000, false)]);
    assert_eq!(amounts("received_on=2026-11-23"), [(110_000, true)]);
    assert_eq!(amounts("method=bank_transfer"), [(110_000, true), (50_000, false)]);
    assert_eq!(amounts("received_on=2026-11-24&method=cash"), []);
    let listed = read(&app, "/v1/payments?limit=1");
    assert_eq!((&listed["data"][0]["invoice_number"], &listed["has_more"]), (&json!("INV-000002"), &json!(true)));
}

/// A part payment that stays short: the desk must decide by a day (R2).
#[test]
fn a_part_payment_that_stays_short_says_by_when_the_desk_decides() {
    let app = App::start();
    let ((short, one), _) = (Case::invoiced(&app), Case::invoiced(&app));
    short.pay(&one, "TT-1", 107_500).expect(201);
    let listed = || -> Vec<(Value, Value)> {
        let list = read(&app, "/v1/receivables?limit=100");
        list["data"].as_array().unwrap().iter().map(|one| (one["is_overdue"].clone(), one["decision_due_on"].clone())).collect()
    };
    // Due on 24 December, and thirty days to decide.
    assert_eq!(listed(), [(json!(false), json!("2027-01-23")), (json!(false), json!(null))]);
    app.after(jiff::SignedDuration::from_hours(24 * 31));
    app.wait(app.hospital.run_due()).unwrap();
    assert_eq!(listed(), [(json!(true), json!("2027-01-23"))], "the other case expired, and nothing is owed on it");
}

/// One transfer that was recorded on an invoice and without one counts once, whichever came first.
#[test]
fn the_same_money_is_not_recorded_twice_in_two_places() {
    let app = App::start();
    let ((case, invoice), (_, other)) = (Case::invoiced(&app), Case::invoiced(&app));
    let payment = arrived(&app, "ONE TRANSFER", 110_000);
    case.pay(&invoice, "one-transfer", 110_000).expect_problem(409, "duplicate_reference");
    let mut again = transfer("ONE TRANSFER", 50_000);
    again["is_another_payment"] = json!(true);
    app.accountant().post(&format!("{invoice}/payments")).key("again").json(&again).send().expect(201);
    match_with(&app.accountant(), &payment, &[part(&invoice, 60_000)]).expect_problem(409, "duplicate_reference");
    // Nor in the place of a payment that is reversed.
    let wrong = case.pay(&invoice, "TT-5", 1_000).expect(201).text("/payment/id");
    let mut replaced = json!({ "reason": "A typing error." });
    replaced["replacement"] = json!({ "invoice_id": other.rsplit('/').next().unwrap(), "payment": transfer("ONE TRANSFER", 1_000) });
    reverse(&app, &format!("{invoice}/payments/{wrong}"), &replaced).expect_problem(409, "duplicate_reference");
    match_with(&app.accountant(), &payment, &[part(&other, 110_000)]).expect(200);
    // Also once nothing of it is left.
    record(&app, "One Transfer", 110_000).expect_problem(409, "duplicate_reference");
    case.pay(&invoice, "one transfer", 10_000).expect_problem(409, "duplicate_reference");
    // The reference of what was reversed is free again, and the list of all keeps it.
    let wrong = arrived(&app, "TT-7", 7_000);
    reverse(&app, &wrong, &json!({ "reason": "A typing error." })).expect(200);
    arrived(&app, "TT-7", 70_000);
    assert_eq!(listed(&app), 70_000);
    assert_eq!(read(&app, "/v1/unmatched-payments?all=true&limit=100")["data"].as_array().unwrap().len(), 3);
}

fn send_back(app: &App, path: &str, body: &Value) -> Answer {
    app.accountant().post(&format!("{path}/return")).key_of(path, body).json(body).send()
}

/// The refund of the part that was sent back last.
fn returned<'a>(app: &'a App, payment: &Value) -> Refund<'a> {
    let id = payment["returns"].as_array().unwrap().last().unwrap()["refund_id"].as_str().unwrap().to_owned();
    Refund { app, id }
}

/// Somebody pays the hospital by mistake: two persons send the money back, and each account equals its list at every step.
#[test]
fn money_whose_invoice_nobody_finds_is_sent_back_by_two_persons() {
    let app = App::start();
    let payment = arrived(&app, "ACME GMBH 330000", 330_000);
    let some = json!({ "amount": { "amount": 130_000, "currency": "JPY" } });
    let given = send_back(&app, &payment, &some).expect(200).json();
    let one = &given["returns"][0];
    assert_eq!((&given["rest"]["amount"], &one["amount"]["amount"], &one["state"]), (&json!(200_000), &json!(130_000), &json!("due")));
    assert_eq!(books(&app), expected(&[("bank", 330_000), ("unmatched_receipts", -200_000), ("refunds_payable", -130_000)]));
    let due = read(&app, "/v1/refunds/due")["data"].clone();
    assert_eq!((due.as_array().unwrap().len(), &due[0]["amount"]["amount"], &due[0]["reason"]), (1, &json!(130_000), &json!("unmatched")));
    assert_eq!((&due[0]["case_id"], &due[0]["invoice_id"], &due[0]["payer"]), (&json!(null), &json!(null), &json!(null)));
    assert_eq!(due[0]["unmatched_payment_id"], given["id"]);

    let refund = returned(&app, &given);
    refund.request(&app.accountant()).expect_problem(409, "payee_missing");
    refund.provide_details(&app.coordinator()).expect(200);
    let target = json!({ "settlement": "apply_to_invoice", "invoice_id": Case::invoiced(&app).1.rsplit('/').next() });
    let problem = refund.step(&app.accountant(), "request", &target).expect_problem(422, "invalid_fields").json();
    assert_eq!((&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]), (&json!("/settlement"), &json!("match_instead")));
    refund.request(&app.accountant()).expect(200);
    refund.approve(&app.accountant()).expect_problem(409, "second_person_needed");
    send_back(&app, &payment, &json!({ "amount": { "amount": 200_001, "currency": "JPY" } })).expect_problem(422, "invalid_fields");
    reverse(&app, &payment, &json!({ "reason": "The bank took it back." })).expect_problem(409, "payment_sent_back");
    refund.approve(&app.person("second-accountant", Role::Accountant)).expect(200);
    let paid = refund.record_paid(&app.accountant()).expect(200).json();
    assert_eq!((paid["number"].as_str(), paid["state"].as_str()), (Some("RF-000001"), Some("paid")));
    let left = [("receivable", 110_000), ("advances_billed", -110_000), ("bank", 200_000), ("unmatched_receipts", -200_000)];
    assert_eq!((books(&app), listed(&app)), (expected(&left), 200_000));
    // What nobody has asked for is kept where its invoice is found after all.
    let all = send_back(&app, &payment, &json!({})).expect(200).json();
    assert_eq!((&all["rest"]["amount"], listed(&app)), (&json!(0), 0));
    record(&app, "acme gmbh 330000", 330_000).expect_problem(409, "duplicate_reference");
    send_back(&app, &payment, &json!({ "amount": null })).expect_problem(409, "nothing_left_to_send_back");
    let (case, invoice) = Case::invoiced(&app);
    let done = match_with(&app.accountant(), &payment, &[part(&invoice, 110_000)]).expect(200).json();
    assert_eq!((case.stage().as_str(), &done["unmatched_payment"]["returns"][1]["amount"]["amount"]), ("writing", &json!(90_000)));
    assert_eq!(balance(&app, "refunds_payable"), -90_000);
    assert_eq!(app.wait(app.hospital.examine_rows(|_, _| {})).unwrap(), Vec::<String>::new());
}

/// That money is not sent back after all is of the day on which it is decided; that it was received is of its own day.
#[test]
fn past_days_stay_as_they_were_when_money_that_was_to_go_back_finds_its_invoice() {
    let app = App::start();
    let mut body = transfer("ACME GMBH 10000", 10_000);
    body["received_on"] = json!("2026-11-10");
    let arrived = app.accountant().post("/v1/unmatched-payments").key("early").json(&body).send().expect(201);
    let payment = arrived.header("location").unwrap().to_owned();
    let (_, invoice) = Case::invoiced(&app);
    app.after(jiff::SignedDuration::from_hours(24));
    send_back(&app, &payment, &json!({})).expect(200);
    match_with(&app.accountant(), &payment, &[part(&invoice, 10_000)]).expect(200);
    let then = |account: &str| books_on(&app, "2026-11-15").get(account).copied().unwrap_or_default();
    assert_eq!((then("bank"), then("unmatched_receipts"), then("refunds_payable")), (10_000, 0, 0));
    let paid = read(&app, &invoice)["payments"][0]["id"].as_str().unwrap().to_owned();
    reverse(&app, &format!("{invoice}/payments/{paid}"), &json!({ "reason": "Another family." })).expect(200);
    assert_eq!((then("bank"), then("unmatched_receipts"), then("refunds_payable")), (10_000, -10_000, 0));
    reverse(&app, &payment, &json!({ "reason": "The bank took it back." })).expect(200);
    assert_eq!((then("bank"), then("unmatched_receipts"), then("refunds_payable")), (10_000, -10_000, 0), "what left today was there");
    assert_eq!((balance(&app, "bank"), balance(&app, "unmatched_receipts")), (0, 0));
}

/// Its bank sent the money back to the hospital: it is matched, or reversed, as if nobody had sent it.
#[test]
fn money_that_was_sent_back_and_returned_finds_its_invoice() {
    let app = App::start();
    let payment = arrived(&app, "ACME GMBH 10000", 10_000);
    let refund = returned(&app, &send_back(&app, &payment, &json!({})).expect(200).json());
    refund.provide_details(&app.coordinator()).expect(200);
    refund.request(&app.accountant()).expect(200);
    refund.approve(&app.person("second-accountant", Role::Accountant)).expect(200);
    refund.record_paid(&app.accountant()).expect(200);
    reverse(&app, &payment, &json!({ "reason": "The bank took it back." })).expect_problem(409, "payment_has_left");
    refund.step(&app.accountant(), "returned", &refund_returned(0)).expect_problem(422, "invalid_fields");
    refund.step(&app.accountant(), "returned", &refund_returned(9_000)).expect(200);
    let (_, invoice) = Case::invoiced(&app);
    match_with(&app.accountant(), &payment, &[part(&invoice, 4_000)]).expect(200);
    assert_eq!(refund.read(&app.accountant())["state"], "withdrawn");
    let left = [("unmatched_receipts", -6_000), ("bank", 9_000), ("bank_charges", 1_000)];
    assert_eq!((left.map(|(account, _)| balance(&app, account)), listed(&app)), (left.map(|(_, amount)| amount), 6_000));
    assert_eq!(app.wait(app.hospital.examine_rows(|_, _| {})).unwrap(), Vec::<String>::new());
}

/// Money of no case is the affair of those who find its case and of those who send it back.
#[test]
fn a_refund_of_no_case_is_seen_by_the_desk_and_by_billing_alone() {
    let app = App::start();
    let payment = arrived(&app, "ACME GMBH 10000", 10_000);
    let refund = returned(&app, &send_back(&app, &payment, &json!({})).expect(200).json());
    let path = format!("/v1/refunds/{}", refund.id);
    let listed = |who: &Person<'_>| who.get("/v1/refunds").send().expect(200).json()["data"].as_array().unwrap().len();
    for who in [app.coordinator(), app.accountant()] {
        who.get(&path).send().expect(200);
        assert_eq!(listed(&who), 1);
    }
    for who in [app.applicant(), app.agency(), app.director()] {
        who.get(&path).send().expect_problem(404, "not_found");
        let refused = refund.step(&who, "details", &refund_details());
        assert!([403, 404].contains(&refused.status), "{}", refused.status);
        assert_eq!(listed(&who), 0);
    }
    let of_a_case = format!("/v1/refunds?case_id={}", Case::invoiced(&app).0.id);
    assert_eq!(app.accountant().get(&of_a_case).send().expect(200).json()["data"], json!([]));
}
