//! What is owed and will not arrive: written off by two persons.

use domain::access::Role;
use serde_json::{Value, json};

use crate::support::app::{App, Person};
use crate::support::books::balance;
use crate::support::given::{Case, opinion};
use crate::support::http::Answer;

/// A case whose payment is short, and its invoice.
fn short(app: &App, paid: i64) -> (Case<'_>, String) {
    let (case, invoice) = Case::invoiced(app);
    case.pay(&invoice, "TT-1", paid).expect(201);
    (case, invoice)
}

fn pending(asked: &Answer) -> (String, String) {
    let last = asked.json()["write_offs"].as_array().unwrap().last().unwrap().clone();
    (last["id"].as_str().unwrap().to_owned(), asked.etag())
}

fn approve(who: &Person<'_>, invoice: &str, (write_off, etag): &(String, String)) -> Answer {
    let request = who.post(&format!("{invoice}/write-offs/{write_off}/approve")).key(&format!("approve-{write_off}"));
    request.if_match(etag).send()
}

fn reject(who: &Person<'_>, invoice: &str, write_off: &str) -> Answer {
    let body = json!({ "reason": "Please ask the payer first." });
    who.post(&format!("{invoice}/write-offs/{write_off}/reject")).key(&format!("reject-{write_off}")).json(&body).send()
}

/// Story 1.5: the rest is borne as a bank charge, and the physician starts.
#[test]
fn two_persons_bear_what_the_banks_kept_and_the_work_starts() {
    let app = App::start();
    let (case, invoice) = short(&app, 107_500);
    let asked = case.write_off(&invoice, "bank_charges").expect(201);
    let request = pending(&asked);
    assert_eq!(case.stage(), "awaiting_payment", "nothing happens before the second person");
    assert_eq!((balance(&app, "receivable"), balance(&app, "bank_charges")), (2_500, 0));
    approve(&app.accountant(), &invoice, &request).expect_problem(409, "second_person_needed");
    approve(&app.coordinator(), &invoice, &request).expect_problem(403, "forbidden");
    let other = app.person("second-accountant", Role::Accountant);
    let approved = approve(&other, &invoice, &request).expect(200).json();
    assert_eq!(
        (&approved["status"], &approved["owed"]["amount"], &approved["write_offs"][0]["state"]),
        (&json!("paid"), &json!(0), &json!("approved"))
    );
    assert_eq!(case.stage(), "writing");
    assert_eq!((balance(&app, "receivable"), balance(&app, "bank_charges"), balance(&app, "advances_received")), (0, 2_500, -110_000));
    let seen = app.applicant().get(&invoice).send().expect(200).json();
    assert_eq!(
        (&seen["write_offs"], &seen["total"]["amount"]),
        (&json!([]), &json!(110_000)),
        "the price stays; who decided is the hospital's affair"
    );
    case.decline();
    assert_eq!(case.refunds(), [107_500], "never more than arrived");
}

#[test]
fn a_director_approves_what_somebody_asked_and_reads_the_invoice_for_it() {
    let app = App::start();
    let (case, invoice) = short(&app, 107_500);
    let request = pending(&case.write_off(&invoice, "bank_charges").expect(201));
    let director = app.director();
    let read = director.get(&invoice).send().expect(200);
    assert_eq!(read.json()["write_offs"][0]["requested_by"], json!(app.accountant().id()));
    let stale = director.post(&format!("{invoice}/write-offs/{}/approve", request.0)).key("without").send();
    stale.expect_problem(428, "if_match_required");
    approve(&director, &invoice, &(request.0, read.etag())).expect(200);
    assert_eq!(case.stage(), "writing");
}

#[test]
fn a_write_off_is_refused_taken_back_or_outdated() {
    let app = App::start();
    let (case, invoice) = short(&app, 104_000);
    let fault = case.write_off(&invoice, "bank_charges").expect_problem(422, "invalid_fields");
    assert_eq!(fault.pointers(), ["/reason"], "above 5,000 yen");
    assert_eq!(case.write_off(&invoice, "uncollectible").expect_problem(422, "invalid_fields").pointers(), ["/reason"]);
    case.pay(&invoice, "TT-2", 3_500).expect(201);
    let first = app.accountant().post(&format!("{invoice}/write-offs")).key("first");
    let body = json!({ "reason": "bank_charges", "text": "Kept by the banks." });
    let request = pending(&first.json(&body).send().expect(201));
    let again = app.accountant().post(&format!("{invoice}/write-offs")).key("again").json(&body).send();
    again.expect_problem(409, "write_off_pending");
    case.pay(&invoice, "TT-3", 500).expect(201);
    let director = app.director();
    let now = director.get(&invoice).send().expect(200).etag();
    approve(&director, &invoice, &request).expect_problem(412, "stale");
    approve(&director, &invoice, &(request.0.clone(), now)).expect_problem(409, "write_off_outdated");
    let rejected = reject(&app.accountant(), &invoice, &request.0).expect(200).json();
    assert_eq!(rejected["write_offs"][0]["rejected_because"], "Please ask the payer first.");
    reject(&director, &invoice, &request.0).expect_problem(409, "write_off_decided");
    assert_eq!(case.stage(), "awaiting_payment");
}

#[test]
fn a_claim_for_a_delivered_opinion_is_a_bad_debt_and_the_case_can_be_closed() {
    let app = App::start();
    let (case, invoice) = short(&app, 110_000);
    case.write(&opinion()).expect(200);
    case.step(&app.physician(), "opinion/submit").expect(200);
    case.step(&app.chief(), "opinion/deliver").expect(200);
    let payment = app.accountant().get(&invoice).send().expect(200).text("/payments/0/id");
    let body = json!({ "reason": "The bank took the transfer back." });
    app.accountant().post(&format!("{invoice}/payments/{payment}/reverse")).key("back").json(&body).send().expect(200);
    case.step_with(&app.coordinator(), "close", &json!({})).expect_problem(409, "money_open");
    let request = pending(&case.write_off(&invoice, "uncollectible").expect(201));
    let approved = approve(&app.director(), &invoice, &request).expect(200).json();
    assert_eq!((&approved["status"], &approved["bad_debt"]["amount"]), (&json!("written_off"), &json!(110_000)));
    assert_eq!((balance(&app, "bad_debts"), balance(&app, "revenue"), balance(&app, "receivable")), (110_000, -100_000, 0));
    case.step_with(&app.coordinator(), "close", &json!({})).expect(200);
    let late = case.pay(&invoice, "TT-9", 110_000).expect(201).json();
    assert_eq!((&late["invoice"]["status"], &late["invoice"]["bad_debt"]["amount"]), (&json!("paid"), &json!(0)), "it arrives after all");
    assert_eq!(balance(&app, "bad_debts"), 0);
}

#[test]
fn what_payers_owe_is_the_account_of_the_same_name() {
    let app = App::start();
    let (_unpaid, paid) = (short(&app, 1), short(&app, 110_000));
    let (part, invoice) = short(&app, 107_500);
    part.write_off(&invoice, "bank_charges").expect(201);
    let list = |path: &str| app.accountant().get(path).send().expect(200).json();
    let first = list("/v1/receivables?limit=1");
    let next = list(&format!("/v1/receivables?limit=1&cursor={}", first["next_cursor"].as_str().unwrap()));
    assert_eq!((&first["has_more"], &next["has_more"]), (&json!(true), &json!(false)));
    let owed: Vec<i64> = [&first, &next].iter().map(|page| page["data"][0]["owed"]["amount"].as_i64().unwrap()).collect();
    assert_eq!(owed, [109_999, 2_500], "the oldest first; what is paid is not on it");
    assert_eq!(owed.iter().sum::<i64>(), balance(&app, "receivable"));
    let (first, next) = (&first["data"][0], &next["data"][0]);
    assert_eq!((&first["awaits_write_off"], &next["awaits_write_off"]), (&json!(false), &json!(true)));
    assert_eq!((&next["performed"]["amount"], &next["due_on"], &next["case_id"]), (&json!(0), &json!("2026-12-24"), &json!(part.id)));
    assert_eq!(list(&paid.1)["status"], "paid");
}

#[test]
fn two_persons_who_approve_at_once_approve_once() {
    let app = App::start();
    let (case, invoice) = short(&app, 107_500);
    let request = pending(&case.write_off(&invoice, "bank_charges").expect(201));
    let (director, other) = (app.director(), app.person("second-accountant", Role::Accountant));
    let send = |who: &Person<'_>, key: &str| {
        who.post(&format!("{invoice}/write-offs/{}/approve", request.0)).key(key).if_match(&request.1).send().status
    };
    let mut answers = std::thread::scope(|scope| {
        let one = scope.spawn(|| send(&director, "one"));
        [send(&other, "two"), one.join().unwrap()]
    });
    answers.sort_unstable();
    assert_eq!(answers, [200, 412]);
    assert_eq!(balance(&app, "bank_charges"), 2_500);
    let told: Vec<Value> = case.told(&app.applicant(), "writing_started");
    assert_eq!(told.len(), 1);
}
