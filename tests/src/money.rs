//! From the accepted estimate to the payment that starts the work.

use serde_json::{Value, json};

use crate::support::app::{App, Person};
use crate::support::given::{Case, transfer};
use crate::support::http::Answer;

/// A case of a written opinion that `who` submitted and the hospital accepted.
fn accepted(app: &App, who: &Person<'_>) -> String {
    let case = Case::opened_by(app, who);
    case.step(who, "submit").expect(200);
    case.to_triage();
    case.accept();
    case.id
}

fn accept_estimate(app: &App, who: &Person<'_>, case: &str, payer: &str) -> Answer {
    Case { app, id: case.to_owned() }.accept_estimate(who, payer)
}

fn issue(app: &App, case: &str) -> Answer {
    app.accountant().post(&format!("/v1/cases/{case}/invoices")).key(&format!("issue-{case}")).send()
}

/// An applicant's invoice of 110,000 yen: its case and its address.
fn invoiced(app: &App) -> (String, String) {
    let case = accepted(app, &app.applicant());
    accept_estimate(app, &app.applicant(), &case, "applicant").expect(200);
    let invoice = issue(app, &case).expect(201);
    (case, invoice.header("location").unwrap().to_owned())
}

fn pay(app: &App, invoice: &str, payment: &Value) -> Answer {
    app.accountant().post(&format!("{invoice}/payments")).key_of("pay", payment).json(payment).send()
}

#[test]
fn the_payment_of_the_invoice_starts_the_work_and_the_opinion_is_due_in_seven_to_ten_days() {
    let app = App::start();
    let case = accepted(&app, &app.applicant());
    accept_estimate(&app, &app.applicant(), &case, "applicant").expect(200);
    let issued = issue(&app, &case).expect(201);
    let invoice = issued.json();
    assert_eq!((invoice["number"].as_str(), invoice["status"].as_str()), (Some("INV-000001"), Some("issued")));
    let amounts: Vec<&Value> = ["total", "net", "tax", "owed", "received"].map(|key| &invoice[key]["amount"]).to_vec();
    assert_eq!(amounts, [&json!(110_000), &json!(100_000), &json!(10_000), &json!(110_000), &json!(0)]);
    assert_eq!(
        (invoice["bank"]["swift"].as_str(), invoice["issuer"]["registration_number"].as_str()),
        (Some("EXAMJPJT"), Some("T8000000000001"))
    );
    assert_eq!((invoice["issued_on"].as_str(), invoice["due_on"].as_str()), (Some("2026-11-24"), Some("2026-12-24")));
    let place = issued.header("location").unwrap().to_owned();
    let stage = |who: Person<'_>| who.get(&format!("/v1/cases/{case}")).send().expect(200).json();
    assert_eq!(stage(app.applicant())["stage"], "awaiting_payment");

    let receipt = pay(&app, &place, &transfer("TT-1", 110_000)).expect(201).json();
    assert_eq!((receipt["outcome"].as_str(), receipt["next_step"].as_str()), (Some("paid"), Some("none")));
    assert_eq!((&receipt["difference"], &receipt["late"], &receipt["invoice"]["status"]), (&json!(null), &json!(false), &json!("paid")));
    let paid = stage(app.applicant());
    assert_eq!(paid["stage"], "writing");
    assert_eq!((paid["due_from_on"].as_str(), paid["due_to_on"].as_str()), (Some("2026-12-01"), Some("2026-12-04")));
}

#[test]
fn partial_over_and_late_payments_each_say_what_comes_next() {
    let app = App::start();
    let (case, invoice) = invoiced(&app);
    let told = |receipt: Answer| {
        let receipt = receipt.expect(201).json();
        let text = |key: &str| receipt[key].as_str().unwrap().to_owned();
        (
            text("outcome"),
            text("next_step"),
            receipt["difference"]["amount"].as_i64(),
            receipt["invoice"]["status"].as_str().unwrap().to_owned(),
        )
    };
    let expected = |outcome: &str, next: &str, difference: i64, status: &str| {
        (outcome.to_owned(), next.to_owned(), Some(difference), status.to_owned())
    };
    let short = pay(&app, &invoice, &transfer("TT-1", 109_999));
    assert_eq!(told(short), expected("partial", "ask_payer_for_the_rest", 1, "partly_paid"));
    let stage = app.applicant().get(&format!("/v1/cases/{case}")).send().expect(200).text("/stage");
    assert_eq!(stage, "awaiting_payment", "one yen is missing, and nothing is tolerated by default");
    let over = pay(&app, &invoice, &transfer("TT-2", 5_001));
    assert_eq!(told(over), expected("overpaid", "agree_with_payer_on_the_excess", 5_000, "overpaid"));
    let again = pay(&app, &invoice, &transfer("TT-3", 110_000));
    assert_eq!(told(again), expected("late_duplicate", "give_back_to_payer", 110_000, "overpaid"));
    let read = app.accountant().get(&invoice).send().expect(200).json();
    assert_eq!(
        (&read["received"]["amount"], &read["owed"]["amount"], &read["excess"]["amount"]),
        (&json!(225_000), &json!(0), &json!(115_000))
    );
    assert_eq!(read["payments"].as_array().unwrap().len(), 3);
}

#[test]
fn no_invoice_goes_out_before_the_hospital_has_said_who_issues_it_and_where_to_pay() {
    let app = App::start();
    let case = accepted(&app, &app.applicant());
    accept_estimate(&app, &app.applicant(), &case, "applicant").expect(200);
    let enter = |settings: Value| app.administrator().patch("/v1/settings").if_match("*").json(&settings).send();
    let entered = app.administrator().get("/v1/settings").send().expect(200).json();
    for part in ["bank", "issuer"] {
        enter(json!({ "billing": { part: null } })).expect(200);
        issue(&app, &case).expect_problem(409, "invoicing_not_set_up");
        enter(json!({ "billing": { part: entered["billing"][part] } })).expect(200);
    }
    let half = enter(json!({ "billing": { "bank": { "number": "" }, "issuer": { "name": "" } } })).expect_problem(422, "invalid_fields");
    assert_eq!(half.pointers(), ["/billing/bank/number", "/billing/issuer/name"]);
    issue(&app, &case).expect(201);
}

#[test]
fn nothing_is_booked_twice() {
    let app = App::start();
    let (_, invoice) = invoiced(&app);
    let payments = format!("{invoice}/payments");
    let billing = app.accountant();
    let missing = billing.post(&payments).json(&transfer("TT-1", 50_000)).send();
    assert_eq!(missing.expect_problem(400, "idempotency_key_required").pointers(), ["/header/idempotency-key"]);
    let first = billing.post(&payments).key("k1").json(&transfer("TT-1", 50_000)).send().expect(201);
    let repeated = billing.post(&payments).key("k1").json(&transfer("TT-1", 50_000)).send().expect(201);
    assert_eq!((repeated.header("idempotent-replayed"), repeated.json()), (Some("true"), first.json()));
    billing.post(&payments).key("k1").json(&transfer("TT-2", 50_000)).send().expect_problem(422, "idempotency_key_reused");
    billing.post(&payments).key("k2").json(&transfer(" TT-1 ", 1)).send().expect_problem(409, "duplicate_reference");
    let mut cash = transfer("TT-1", 1_000);
    cash["method"] = json!("cash");
    billing.post(&payments).key("k3").if_match(&first.etag()).json(&cash).send().expect(201);
    billing.post(&payments).key("k4").if_match(&first.etag()).json(&transfer("TT-4", 1)).send().expect_problem(412, "stale");
    let read = billing.get(&invoice).send().expect(200).json();
    assert_eq!((&read["received"]["amount"], read["payments"].as_array().unwrap().len()), (&json!(51_000), 2));
}

#[test]
fn the_same_reference_written_in_another_way_is_the_same_until_somebody_says_that_it_is_another_payment() {
    let app = App::start();
    let (_, invoice) = invoiced(&app);
    pay(&app, &invoice, &transfer("TT-0001", 10_000)).expect(201);
    for same in ["ＴＴ－０００１", "tt0001", "TT 0001", "TT‐00\u{200b}01", "ＴＴ—0001"] {
        pay(&app, &invoice, &transfer(same, 10_000)).expect_problem(409, "duplicate_reference");
    }
    pay(&app, &invoice, &transfer("TT-0002", 10_000)).expect(201);
    let mut another = transfer("tt 0001", 10_000);
    another["is_another_payment"] = json!(true);
    pay(&app, &invoice, &another).expect(201);
    let read = app.accountant().get(&invoice).send().expect(200).json();
    assert_eq!((&read["received"]["amount"], read["payments"].as_array().unwrap().len()), (&json!(30_000), 3));
}

#[test]
fn a_payment_that_cannot_be_is_refused_where_it_stands() {
    let app = App::start();
    let (_, invoice) = invoiced(&app);
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut payment = transfer("TT-1", 110_000);
        change(&mut payment);
        pay(&app, &invoice, &payment).expect_problem(422, "invalid_fields").pointers()
    };
    assert_eq!(refused(&|payment| payment["amount"]["amount"] = json!(0)), ["/amount"]);
    assert_eq!(refused(&|payment| payment["amount"]["amount"] = json!(-1)), ["/amount/amount"]);
    assert_eq!(refused(&|payment| payment["amount"]["amount"] = json!(1.5)), ["/amount/amount"]);
    assert_eq!(refused(&|payment| payment["amount"]["currency"] = json!("USD")), ["/amount/currency"]);
    assert_eq!(refused(&|payment| payment["received_on"] = json!("2026-11-25")), ["/received_on"]);
    let charge = json!({ "amount": 1_000, "currency": "JPY" });
    assert_eq!(
        refused(&|payment| {
            payment["method"] = json!("card");
            payment["bank_charge"] = charge.clone();
        }),
        ["/bank_charge"]
    );
    let missing = "/v1/invoices/inv_01jd8x5k2neht8xg8y7w9zq4rt";
    pay(&app, missing, &transfer("TT-1", 1)).expect_problem(404, "not_found");
}

#[test]
fn an_invoice_is_seen_by_its_payer_and_by_billing_and_by_nobody_else() {
    let app = App::start();
    let (_, invoice) = invoiced(&app);
    pay(&app, &invoice, &transfer("TT-1", 10_000)).expect(201);
    let payment = |who: Person<'_>| who.get(&invoice).send().expect(200).json()["payments"][0].clone();
    assert_eq!(payment(app.accountant())["remitter"], "MEI TANAKA");
    let mine = payment(app.applicant());
    assert_eq!((&mine["remitter"], &mine["recorded_by"], &mine["amount"]["amount"]), (&json!(null), &json!(null), &json!(10_000)));
    for outsider in [app.stranger(), app.agency()] {
        outsider.get(&invoice).send().expect_problem(404, "not_found");
        assert_eq!(outsider.get("/v1/invoices").send().expect(200).json()["data"], json!([]));
    }
    for role in [app.physician(), app.chief(), app.pathologist(), app.administrator(), app.auditor()] {
        role.get(&invoice).send().expect_problem(403, "forbidden");
    }
    for other in [app.applicant(), app.coordinator()] {
        other.post(&format!("{invoice}/payments")).key("k").json(&transfer("TT-9", 1)).send().expect_problem(403, "forbidden");
    }
    let in_japanese = app.applicant().get(&invoice).in_japanese().send().expect(200);
    let etag = app.applicant().get(&invoice).send().expect(200).etag();
    assert_ne!(in_japanese.etag(), etag);
    app.applicant().get(&invoice).header("if-none-match", etag).send().expect(304);
}

#[test]
fn the_worklist_of_billing_is_filtered_and_paged() {
    let app = App::start();
    let (case, invoice) = invoiced(&app);
    pay(&app, &invoice, &transfer("TT-1", 110_000)).expect(201);
    let referred = accepted(&app, &app.agency());
    accept_estimate(&app, &app.agency(), &referred, "applicant").expect_problem(422, "payer_unknown");
    accept_estimate(&app, &app.agency(), &referred, "agency").expect(200);
    issue(&app, &referred).expect(201);
    let cases = |who: Person<'_>, query: &str| -> Vec<String> {
        let list = who.get(&format!("/v1/invoices{query}")).send().expect(200).json();
        list["data"].as_array().unwrap().iter().map(|one| one["case_id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(cases(app.accountant(), ""), [referred.as_str(), case.as_str()], "newest first");
    assert_eq!(cases(app.accountant(), "?status=paid"), [case.as_str()]);
    assert_eq!(cases(app.accountant(), "?payer=agency"), [referred.as_str()]);
    assert_eq!(cases(app.accountant(), &format!("?case_id={case}")), [case.as_str()]);
    assert_eq!(cases(app.accountant(), "?status=partly_paid"), Vec::<String>::new());
    assert_eq!(cases(app.applicant(), ""), [case.as_str()]);
    assert_eq!(cases(app.agency(), ""), [referred.as_str()]);
    let wrong = app.accountant().get("/v1/invoices?status=lost").send();
    assert_eq!(wrong.expect_problem(400, "invalid_parameters").pointers(), ["/query/status"]);
    let first = app.accountant().get("/v1/invoices?limit=1").send().expect(200).json();
    assert_eq!((&first["has_more"], first["data"][0]["total"]["amount"].as_i64()), (&json!(true), Some(110_000)));
    let cursor = first["next_cursor"].as_str().unwrap();
    assert_eq!(cases(app.accountant(), &format!("?limit=1&cursor={cursor}")), [case.as_str()]);
    let moved = app.accountant().get(&format!("/v1/invoices?limit=1&status=paid&cursor={cursor}")).send();
    assert_eq!(moved.expect_problem(400, "invalid_parameters").pointers(), ["/query/cursor"]);
    assert!(!first.to_string().contains("surgery"), "nothing clinical");
}

#[test]
fn an_invoice_is_issued_once_from_an_accepted_estimate_by_billing_or_the_desk() {
    let app = App::start();
    let case = accepted(&app, &app.applicant());
    accept_estimate(&app, &app.applicant(), &case, "applicant").expect(200);
    let path = format!("/v1/cases/{case}/invoices");
    app.coordinator().post(&path).send().expect_problem(400, "idempotency_key_required");
    app.applicant().post(&path).key("k").send().expect_problem(403, "forbidden");
    let first = app.coordinator().post(&path).key("k").send().expect(201);
    let repeated = app.coordinator().post(&path).key("k").send().expect(201);
    assert_eq!((repeated.header("idempotent-replayed"), repeated.text("/number")), (Some("true"), first.text("/number")));
    app.coordinator().post(&path).key("l").send().expect_problem(409, "wrong_stage");
    let next = issue_another(&app);
    assert_eq!(next.text("/number"), "INV-000002", "numbers have no gaps, whatever was refused between them");
}

fn issue_another(app: &App) -> Answer {
    let case = accepted(app, &app.applicant());
    accept_estimate(app, &app.applicant(), &case, "applicant").expect(200);
    issue(app, &case).expect(201)
}

#[test]
fn money_that_comes_for_a_cancelled_case_goes_back() {
    let app = App::start();
    let (case, invoice) = invoiced(&app);
    let reason = json!({ "reason": "withdrawn" });
    app.applicant().post(&format!("/v1/cases/{case}/cancel")).json(&reason).send().expect(200);
    let receipt = pay(&app, &invoice, &transfer("TT-1", 110_000)).expect(201);
    assert_eq!((receipt.text("/outcome"), receipt.text("/next_step")), ("after_end".to_owned(), "give_back_to_payer".to_owned()));
    assert_eq!(app.applicant().get(&format!("/v1/cases/{case}")).send().expect(200).text("/stage"), "cancelled");
}
