//! The estimate: made by the desk, read with the terms, accepted by the one who pays.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::app::{App, Person};
use crate::support::books::{books, expected};
use crate::support::given::{Case, Refund, acceptance, application, new_terms};
use crate::support::http::Answer;

fn accept(who: &Person<'_>, estimate: &str, body: &Value) -> Answer {
    who.post(&format!("{estimate}/accept")).json(body).send()
}

fn read(who: &Person<'_>, estimate: &str) -> Value {
    who.get(estimate).send().expect(200).json()
}

fn withdraw(app: &App, estimate: &str) -> Answer {
    app.coordinator().post(&format!("{estimate}/withdraw")).json(&json!({ "reason": "A visit instead." })).send()
}

/// An accepted case of a visit.
fn visit(app: &App) -> Case<'_> {
    let body = json!({ "kind": "patient_consultation", "application": application() });
    let case = Case { app, id: app.applicant().post("/v1/cases").json(&body).send().expect(201).text("/id") };
    case.step(&app.applicant(), "submit").expect(200);
    case.to_triage();
    case.accept();
    case
}

#[test]
fn the_applicant_reads_prices_terms_and_policy_and_accepts_them() {
    let app = App::start();
    let case = Case::accepted(&app);
    let seen = case.read(&app.applicant());
    assert_eq!((&seen["waiting_on"], &seen["expires_at"], &seen["estimate_id"]), (&json!("desk"), &Value::Null, &Value::Null));
    let place = case.issue_estimate();
    let estimate = read(&app.applicant(), &place);
    assert_eq!(
        (&estimate["number"], &estimate["status"], &estimate["payment"]),
        (&json!("EST-000001"), &json!("issued"), &json!("prepaid"))
    );
    assert_eq!((&estimate["total"]["amount"], &estimate["tax"]["amount"]), (&json!(110_000), &json!(10_000)));
    assert_eq!((&estimate["issued_by"], &estimate["acceptance"]), (&Value::Null, &Value::Null), "who issued it is the hospital's affair");
    assert!(read(&app.coordinator(), &place)["issued_by"].is_string());
    assert_eq!(estimate["expires_at"], "2027-01-23T15:00:00Z", "the end of the sixtieth day in Tokyo");
    assert_eq!(estimate["cancellation_policy"]["during_work_percent"], 50);
    let terms = format!("/v1/terms/{}", estimate["terms_id"].as_str().unwrap());
    let terms = app.anonymous().get(&terms).send().expect(200).json();
    assert_eq!(terms["version"], estimate["terms_version"]);
    assert!(terms["text_en"].as_str().unwrap().len() > 500 && terms["text_ja"].as_str().unwrap().contains("全額返金"));
    let seen = case.read(&app.applicant());
    assert_eq!((&seen["waiting_on"], &seen["expires_at"]), (&json!("applicant"), &estimate["expires_at"]));
    assert!(seen["allowed_actions"].as_array().unwrap().contains(&json!("acceptEstimate")));

    let accepted = accept(&app.applicant(), &place, &acceptance("applicant")).expect(200).json();
    assert_eq!((&accepted["status"], &accepted["acceptance"]["payer"]), (&json!("accepted"), &json!("applicant")));
    let seen = case.read(&app.applicant());
    assert_eq!((&seen["waiting_on"], &seen["expires_at"], &seen["estimate_id"]), (&json!("accountant"), &Value::Null, &estimate["id"]));
    case.issue_invoice();
}

#[test]
fn only_the_newest_is_accepted_with_its_own_terms_by_the_one_who_pays() {
    let app = App::start();
    let case = Case::accepted(&app);
    let me = app.applicant();
    let first = case.issue_estimate();
    let mut other_terms = acceptance("applicant");
    other_terms["terms_version"] = json!("2019-01");
    accept(&me, &first, &other_terms).expect_problem(422, "terms_mismatch");
    accept(&me, &first, &acceptance("agency")).expect_problem(422, "payer_unknown");
    accept(&app.stranger(), &first, &acceptance("applicant")).expect_problem(404, "not_found");
    let stale = me.post(&format!("{first}/accept")).if_match("\"7\"").json(&acceptance("applicant")).send();
    stale.expect_problem(412, "stale");
    let mut signed = acceptance("applicant");
    signed["signed_on"] = json!("2026-11-24");
    assert_eq!(accept(&me, &first, &signed).expect_problem(422, "invalid_fields").pointers(), ["/signed_on"]);

    let second = case.issue_estimate();
    accept(&me, &first, &acceptance("applicant")).expect_problem(409, "estimate_superseded");
    assert_eq!(read(&me, &first)["status"], "superseded");
    withdraw(&app, &second).expect(200);
    let taken_back = read(&me, &second);
    assert_eq!((&taken_back["status"], &taken_back["withdrawn_because"]), (&json!("withdrawn"), &json!("A visit instead.")));
    accept(&me, &second, &acceptance("applicant")).expect_problem(409, "estimate_not_issued");
    assert_eq!(case.read(&me)["waiting_on"], "desk");

    let third = case.issue_estimate();
    accept(&me, &third, &acceptance("applicant")).expect(200);
    accept(&me, &third, &acceptance("applicant")).expect_problem(409, "estimate_already_accepted");
    withdraw(&app, &third).expect_problem(409, "estimate_already_accepted");
    let again = case.step_with(&app.coordinator(), "estimates", &json!({}));
    again.expect_problem(409, "estimate_already_accepted");
    let list = me.get(&case.path("estimates")).send().expect(200).json();
    let listed: Vec<&str> = list["data"].as_array().unwrap().iter().map(|one| one["status"].as_str().unwrap()).collect();
    assert_eq!(listed, ["accepted", "withdrawn", "superseded"]);
    for event in ["estimate_issued", "estimate_accepted", "estimate_withdrawn"] {
        assert!(!case.told(&me, event).is_empty(), "{event}");
    }
}

#[test]
fn the_desk_writes_down_what_a_payer_signed_on_paper() {
    let app = App::start();
    let case = Case::accepted(&app);
    let (desk, place) = (app.coordinator(), case.issue_estimate());
    let refused = |signed_on: Option<&str>| {
        let mut body = acceptance("applicant");
        body["signed_on"] = json!(signed_on);
        accept(&desk, &place, &body).expect_problem(422, "invalid_fields").pointers()
    };
    for day in [None, Some("2026-11-25"), Some("2026-11-23")] {
        assert_eq!(refused(day), ["/signed_on"], "{day:?}");
    }
    let mut body = acceptance("applicant");
    body["signed_on"] = json!("2026-11-24");
    let accepted = accept(&desk, &place, &body).expect(200).json();
    assert_eq!(accepted["acceptance"]["signed_on"], "2026-11-24");
}

#[test]
fn an_estimate_that_nobody_answers_ends_the_case() {
    let app = App::start();
    let case = Case::accepted(&app);
    app.after(SignedDuration::from_hours(24 * 100));
    app.wait(app.hospital.run_due()).unwrap();
    assert_eq!(case.stage(), "accepted", "the hospital has made none");
    let place = case.issue_estimate();
    app.after(SignedDuration::from_hours(24 * 61));
    let late = accept(&app.applicant(), &place, &acceptance("applicant"));
    late.expect_problem(409, "estimate_expired");
    assert_eq!(read(&app.applicant(), &place)["status"], "expired");
    app.wait(app.hospital.run_due()).unwrap();
    assert_eq!(case.stage(), "expired");
    case.step_with(&app.coordinator(), "reopen", &json!({ "reason": "They were travelling." })).expect(200);
    assert_eq!(case.read(&app.coordinator())["waiting_on"], "desk", "a new estimate is needed");
    case.accept_estimate(&app.applicant(), "applicant").expect(200);
}

#[test]
fn a_visit_has_a_price_for_each_further_half_hour_and_is_paid_as_agreed() {
    let app = App::start();
    let case = visit(&app);
    let issue = |body: &Value| case.step_with(&app.coordinator(), "estimates", body);
    let yen = |amount: i64| json!({ "amount": amount, "currency": "JPY" });
    let plain = issue(&json!({})).expect(201).json();
    assert_eq!((&plain["total"], &plain["further_half_hour"], &plain["payment"]), (&yen(33_000), &yen(11_000), &json!("on_the_day")));
    let raised = json!({
        "additional_half_hours": 1, "half_hour_price": yen(16_500), "raised_because": "Two physicians.", "payment": "prepaid",
    });
    let raised = issue(&raised).expect(201).json();
    assert_eq!((&raised["total"], &raised["further_half_hour"], &raised["payment"]), (&yen(49_500), &yen(16_500), &json!("prepaid")));
    let at = |body: &Value| issue(body).expect_problem(422, "invalid_fields").pointers();
    assert_eq!(at(&json!({ "half_hour_price": yen(10_000), "raised_because": "Cheap." })), ["/half_hour_price"]);
    assert_eq!(at(&json!({ "half_hour_price": yen(12_000) })), ["/raised_because"]);
    let written = Case::accepted(&app);
    let refused = written.step_with(&app.coordinator(), "estimates", &json!({ "payment": "on_the_day" }));
    assert_eq!(refused.expect_problem(422, "invalid_fields").pointers(), ["/payment"]);
    assert_eq!(written.issue_estimate().len(), "/v1/estimates/estimate_01jd8x5k2neht8xg8y7w9zq4rt".len());
}

#[test]
fn an_agency_reads_the_estimate_until_somebody_else_pays() {
    let app = App::start();
    let case = Case::opened_by(&app, &app.agency());
    case.step(&app.agency(), "submit").expect(200);
    case.to_triage();
    case.disclose_to_agency();
    case.accept();
    app.join(&case.id, "applicant", domain::access::Membership::Applicant);
    let place = case.issue_estimate();
    read(&app.agency(), &place);
    accept(&app.agency(), &place, &acceptance("applicant")).expect_problem(422, "payer_unknown");
    accept(&app.applicant(), &place, &acceptance("applicant")).expect(200);
    assert!(read(&app.applicant(), &place)["acceptance"]["recipient"].is_string());
    app.agency().get(&place).send().expect_problem(404, "not_found");
    let list = app.agency().get(&case.path("estimates")).send().expect(200).json();
    assert_eq!(list["data"], json!([]));
}

#[test]
fn the_policy_that_was_accepted_holds_whatever_is_published_later() {
    let app = App::start();
    let case = Case::accepted(&app);
    case.to_writing();
    app.administrator().post("/v1/terms").json(&new_terms("2026-11-24")).send().expect(201);
    let later = Case::accepted(&app);
    let place = later.issue_estimate();
    let mut body = acceptance("applicant");
    accept(&app.applicant(), &place, &body).expect_problem(422, "terms_mismatch");
    body["terms_version"] = json!("2026-11-24");
    accept(&app.applicant(), &place, &body).expect(200);
    later.pay(&later.issue_invoice(), "TT-2", 110_000).expect(201);
    let withdrawn = json!({ "reason": "withdrawn" });
    for (case, back) in [(&case, 55_000), (&later, 33_000)] {
        case.step_with(&app.applicant(), "cancel", &withdrawn).expect(200);
        assert_eq!(case.refunds(), [back]);
    }
}

/// A case that was cancelled under terms by which nothing goes back once the work has begun, its invoice, and its refund of nothing.
fn cancelled_for_nothing(app: &App) -> (Case<'_>, String, Refund<'_>) {
    let mut terms = new_terms("2026-11-24");
    terms["cancellation_policy"]["during_work_percent"] = json!(0);
    app.administrator().post("/v1/terms").json(&terms).send().expect(201);
    let case = Case::accepted(app);
    let place = case.issue_estimate();
    let mut acceptance = acceptance("applicant");
    acceptance["terms_version"] = json!("2026-11-24");
    accept(&app.applicant(), &place, &acceptance).expect(200);
    let invoice = case.issue_invoice();
    case.pay(&invoice, "TT-1", 110_000).expect(201);
    case.step_with(&app.applicant(), "cancel", &json!({ "reason": "withdrawn" })).expect(200);
    let refund = case.refund();
    (case, invoice, refund)
}

#[test]
fn an_end_of_which_nothing_goes_back_is_confirmed_by_two_persons_and_can_be_taken_back_until_then() {
    let app = App::start();
    let (case, invoice, refund) = cancelled_for_nothing(&app);
    let letter = app.letter("applicant", "cancelled_without_return");
    assert!(letter["body"].as_str().unwrap().contains("110,000 yen are kept as the cancellation fee; nothing is given back."), "{letter}");
    let kept = [("bank", 110_000), ("cancellation_income", -110_000)];
    assert_eq!(books(&app), expected(&kept));
    let due = app.accountant().get("/v1/refunds/due").send().expect(200).json()["data"][0].clone();
    assert_eq!((&due["amount"]["amount"], &due["payee_missing"]), (&json!(0), &json!(false)));
    case.step_with(&app.coordinator(), "reopen", &json!({ "reason": "A slip." })).expect(200);
    assert_eq!((case.stage().as_str(), &read(&app.applicant(), &invoice)["status"]), ("writing", &json!("paid")), "as it was");
    case.step_with(&app.applicant(), "cancel", &json!({ "reason": "withdrawn" })).expect(200);
    assert_eq!(read(&app.applicant(), &invoice)["credit_notes"], json!([]));
    let again = case.refund();
    assert_ne!(again.id, refund.id);
    again.request(&app.accountant()).expect(200);
    again.approve(&app.director()).expect(200);
    let seen = read(&app.applicant(), &invoice);
    assert_eq!((&seen["credit_notes"][0]["number"], &seen["credit_notes"][0]["kind"]), (&json!("CN-000001"), &json!("cancellation")));
    let paper = &seen["cancellation_fee_papers"][0];
    assert_eq!((&paper["number"], &paper["amount"]["amount"]), (&json!("FEE-000001"), &json!(110_000)));
    assert_eq!(books(&app), expected(&kept));
    assert_eq!(app.accountant().get("/v1/refunds/due").send().expect(200).json()["data"], json!([]));
}

/// After a death two persons give back what the terms would keep (rule R8).
#[test]
fn what_was_kept_whole_is_given_back_by_two_persons() {
    let app = App::start();
    let (_, _, refund) = cancelled_for_nothing(&app);
    refund.provide_details(&app.applicant()).expect(200);
    let raise = json!({ "amount": { "amount": 110_000, "currency": "JPY" }, "reason": "The patient has died." });
    refund.step(&app.accountant(), "request", &json!({ "settlement": "pay_out", "raise": raise })).expect(200);
    assert_eq!(refund.approve(&app.director()).expect(200).json()["amount"]["amount"], 110_000);
    assert_eq!(books(&app), expected(&[("bank", 110_000), ("refunds_payable", -110_000)]));
}

#[test]
fn terms_are_published_once_from_today_on_and_stay_readable() {
    let app = App::start();
    let publish = |body: &Value| app.administrator().post("/v1/terms").json(body).send();
    let mut wrong = new_terms("2026-12");
    wrong["effective_on"] = json!("2026-11-23");
    wrong["cancellation_policy"]["visit_steps"] = json!([{ "days_before": 1, "percent": 50 }]);
    let pointers = publish(&wrong).expect_problem(422, "invalid_fields").pointers();
    assert_eq!(pointers, ["/cancellation_policy/visit_steps", "/effective_on"]);
    let mut future = new_terms("2026-12");
    future["effective_on"] = json!("2026-12-01");
    publish(&future).expect(201);
    for known in ["2026-12", " 2026‐12 ", "２０２６ 12"] {
        future["version"] = json!(known);
        publish(&future).expect_problem(409, "terms_version_taken");
    }
    let catalogue = |language: &str| app.anonymous().get("/v1/catalogue").header("accept-language", language).send().expect(200).json();
    assert_eq!(catalogue("en")["terms"]["version"], "2024-02-26", "the other one is not in force yet");
    let lines = |language: &str| catalogue(language)["terms"]["cancellation_policy"]["lines"].clone();
    let said = lines("en");
    let said: Vec<&str> = said.as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    assert_eq!(said[1], "Written opinion, cancelled while it is written or reviewed: 50 % is given back.");
    assert_eq!(said[3], "Visit paid in advance, cancelled 4 or more days before: 100 % is given back.");
    assert_eq!(said[4], "Visit paid in advance, cancelled 1 to 3 days before: 50 % is given back.");
    assert_eq!(said[5], "Visit paid in advance, cancelled on the day itself or not attended: nothing is given back.");
    assert_eq!(lines("ja")[4], "前払いの来院相談:3日前から1日前までのキャンセルは、料金の50%を返金します。");
    let list = app.anonymous().get("/v1/terms?limit=1").send().expect(200).json();
    assert_eq!((&list["data"][0]["version"], &list["has_more"]), (&json!("2026-12"), &json!(true)));
    app.after(SignedDuration::from_hours(24 * 7));
    assert_eq!(catalogue("en")["terms"]["version"], "2026-12");
}
