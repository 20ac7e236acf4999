//! Money that goes back: the stories of the desk and of billing, to the yen.

use domain::access::Role;
use serde_json::json;

use crate::support::app::{App, Person};
use crate::support::books::{books, expected};
use crate::support::given::{Case, Refund, refund_details, refund_paid, refund_returned, transfer};

fn expect_balances(app: &App, accounts: &[(&str, i64)]) {
    assert_eq!(books(app), expected(accounts));
}

/// How many refunds are owed, and their sum.
fn due(app: &App) -> (i64, i64) {
    let due = app.accountant().get("/v1/refunds/due").send().expect(200).json();
    let amounts: Vec<i64> = due["data"].as_array().unwrap().iter().map(|one| one["amount"]["amount"].as_i64().unwrap()).collect();
    (i64::try_from(amounts.len()).unwrap(), amounts.iter().sum())
}

/// A case that was declined after its payment, with the refund.
fn declined(app: &App) -> (Case<'_>, Refund<'_>) {
    let (case, invoice) = Case::invoiced(app);
    case.pay(&invoice, "TT-1", 110_000).expect(201);
    case.decline();
    let refund = case.refund();
    (case, refund)
}

fn second_accountant(app: &App) -> Person<'_> {
    app.person("second-accountant", Role::Accountant)
}

/// Story 1.5: a transfer arrives short by its charges, the next one brings too much.
#[test]
fn a_transfer_that_was_short_and_one_that_was_too_much_are_settled_to_the_yen() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    expect_balances(&app, &[("receivable", 110_000), ("advances_billed", -110_000)]);
    case.pay(&invoice, "TT-1", 107_500).expect(201);
    let short = [("receivable", 2_500), ("advances_billed", -2_500), ("advances_received", -107_500), ("bank", 107_500)];
    expect_balances(&app, &short);
    assert_eq!(case.stage(), "awaiting_payment");
    case.pay(&invoice, "TT-2", 4_500).expect(201);
    expect_balances(&app, &[("advances_received", -110_000), ("overpayments", -2_000), ("bank", 112_000)]);
    assert_eq!((case.stage().as_str(), due(&app)), ("writing", (1, 2_000)));
    case.to_delivery();
    let performed = [("overpayments", -2_000), ("bank", 112_000), ("revenue", -100_000), ("consumption_tax", -10_000)];
    expect_balances(&app, &performed);
    case.step_with(&app.coordinator(), "close", &json!({})).expect_problem(409, "money_open");

    let refund = case.refund();
    refund.provide_details(&app.applicant()).expect(200);
    refund.request(&app.accountant()).expect(200);
    let asked = [("refunds_payable", -2_000), ("bank", 112_000), ("revenue", -100_000), ("consumption_tax", -10_000)];
    expect_balances(&app, &asked);
    refund.approve(&second_accountant(&app)).expect(200);
    case.step_with(&app.coordinator(), "close", &json!({})).expect_problem(409, "money_open");
    let paid = refund.record_paid(&app.accountant()).expect(200).json();
    assert_eq!((paid["number"].as_str(), paid["state"].as_str()), (Some("RF-000001"), Some("paid")));
    expect_balances(&app, &[("bank", 110_000), ("revenue", -100_000), ("consumption_tax", -10_000)]);
    assert_eq!(due(&app), (0, 0));
    case.step_with(&app.coordinator(), "close", &json!({})).expect(200);
    let after = [app.accountant().get(&invoice).send().expect(200).json()];
    let amounts = ["owed", "excess", "given_back", "received"].map(|key| after[0][key]["amount"].as_i64().unwrap());
    assert_eq!(amounts, [0, 0, 2_000, 112_000]);
}

/// Story 1.7: declined after payment; the hospital bears the charge.
#[test]
fn a_case_that_is_declined_after_its_payment_gives_everything_back() {
    let app = App::start();
    let (case, refund) = declined(&app);
    assert_eq!((case.stage().as_str(), due(&app)), ("declined", (1, 110_000)));
    let line = app.accountant().get("/v1/refunds/due").send().expect(200).json()["data"][0].clone();
    assert_eq!(
        (&line["payee_missing"], &line["reason"], &line["recipient"]),
        (&json!(true), &json!("declined"), &json!("Mei Tanaka\n12 Orchard Road, Singapore"))
    );
    expect_balances(&app, &[("refunds_payable", -110_000), ("bank", 110_000)]);
    refund.request(&app.accountant()).expect_problem(409, "payee_missing");
    refund.provide_details(&app.applicant()).expect(200);
    refund.request(&app.coordinator()).expect(200);
    refund.approve(&app.director()).expect(200);
    let mut paid = refund_paid();
    paid["bank_charge"] = json!({ "amount": 4_000, "currency": "JPY" });
    refund.step(&app.accountant(), "paid", &paid).expect(200);
    expect_balances(&app, &[("bank", -4_000), ("bank_charges", 4_000)]);
    assert_eq!(due(&app), (0, 0));
    let seen = refund.read(&app.applicant());
    assert_eq!((seen["state"].as_str(), &seen["request"], &seen["approved_by"]), (Some("paid"), &json!(null), &json!(null)));
    assert_eq!((&seen["transfers"][0]["reference"], &seen["transfers"][0]["bank_charge"]), (&json!("RT-1"), &json!(null)));
}

/// Story 1.15, written: half is kept, as the policy says.
#[test]
fn a_cancellation_while_the_opinion_is_written_keeps_half_as_a_fee() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    case.pay(&invoice, "TT-1", 110_000).expect(201);
    case.step_with(&app.applicant(), "cancel", &json!({ "reason": "patient_deceased" })).expect(200);
    expect_balances(&app, &[("refunds_payable", -55_000), ("bank", 110_000), ("cancellation_income", -55_000)]);
    let read = app.accountant().get(&invoice).send().expect(200).json();
    assert_eq!((read["status"].as_str(), read["cancellation_fee"]["amount"].as_i64()), (Some("credited"), Some(55_000)));
    assert_eq!(case.refund().read(&app.accountant())["charges_borne_by"], "payee");
}

/// An end without money, and money after the end.
#[test]
fn an_unpaid_invoice_lapses_with_its_case_and_money_that_comes_later_is_owed_back() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    case.step_with(&app.applicant(), "cancel", &json!({ "reason": "withdrawn" })).expect(200);
    expect_balances(&app, &[]);
    assert_eq!(app.accountant().get(&invoice).send().expect(200).text("/status"), "lapsed");
    case.pay(&invoice, "TT-1", 110_000).expect(201);
    expect_balances(&app, &[("overpayments", -110_000), ("bank", 110_000)]);
    assert_eq!(due(&app), (1, 110_000));
    assert_eq!(case.refund().read(&app.accountant())["reason"], "after_end");
}

#[test]
fn the_second_person_is_never_who_asked() {
    let app = App::start();
    let (_, refund) = declined(&app);
    refund.provide_details(&app.applicant()).expect(200);
    refund.request(&app.accountant()).expect(200);
    let actions = |who: &Person<'_>| refund.read(who)["allowed_actions"].clone();
    assert_eq!(actions(&app.accountant()), json!(["rejectRefund"]));
    refund.approve(&app.accountant()).expect_problem(409, "second_person_needed");
    assert_eq!(actions(&second_accountant(&app)), json!(["approveRefund", "rejectRefund"]));
    let blind = app.director().post(&format!("/v1/refunds/{}/approve", refund.id)).key("blind").send();
    blind.expect_problem(428, "if_match_required");
    assert_eq!(actions(&app.director()), json!(["approveRefund", "rejectRefund"]));
    assert_eq!(actions(&app.applicant()), json!([]));
    let reason = json!({ "reason": "The holder is somebody else." });
    let back = refund.step(&second_accountant(&app), "reject", &reason).expect(200).json();
    assert_eq!((back["state"].as_str(), &back["rejections"][0]["reason"]), (Some("due"), &reason["reason"]));
    assert_eq!(actions(&app.applicant()), json!(["provideRefundDetails"]));
    // Whoever asked takes the own request back, and may then approve what another asks.
    refund.request(&app.accountant()).expect(200);
    refund.step(&app.accountant(), "reject", &reason).expect(200);
    refund.request(&second_accountant(&app)).expect(200);
    refund.approve(&app.accountant()).expect(200);
    // Until the money has left, the approval is taken back.
    refund.step(&app.director(), "reject", &reason).expect(200);
    // Whoever wrote down where the money goes is no second person either.
    refund.provide_details(&app.coordinator()).expect(200);
    let read = refund.read(&app.accountant());
    assert_eq!(read["payee_provided_by"], json!(app.coordinator().id()));
    assert_eq!((&read["request"], &read["approved_by"]), (&json!(null), &json!(null)));
}

#[test]
fn two_who_approve_at_once_approve_once() {
    let app = App::start();
    for round in 0..3 {
        let (_, refund) = declined(&app);
        refund.provide_details(&app.applicant()).expect(200);
        refund.request(&app.coordinator()).expect(200);
        let approve = |who: &Person<'_>, name: &str| {
            who.post(&format!("/v1/refunds/{}/approve", refund.id)).if_match("*").key(&format!("{name}-{round}")).send().status
        };
        let (one, other) = (app.accountant(), second_accountant(&app));
        let mut statuses = std::thread::scope(|scope| {
            let first = scope.spawn(|| approve(&one, "one"));
            let second = scope.spawn(|| approve(&other, "other"));
            [first.join().unwrap(), second.join().unwrap()]
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
    }
}

#[test]
fn a_refund_that_comes_back_is_due_again_and_what_banks_kept_is_the_hospitals() {
    let app = App::start();
    let (_, refund) = declined(&app);
    refund.provide_details(&app.applicant()).expect(200);
    refund.request(&app.accountant()).expect(200);
    refund.approve(&app.director()).expect(200);
    refund.record_paid(&app.accountant()).expect(200);
    let back = refund.step(&app.accountant(), "returned", &refund_returned(107_500)).expect(200).json();
    assert_eq!((back["state"].as_str(), &back["payee"], &back["number"]), (Some("due"), &json!(null), &json!("RF-000001")));
    expect_balances(&app, &[("refunds_payable", -110_000), ("bank", 107_500), ("bank_charges", 2_500)]);
    refund.step(&app.accountant(), "returned", &refund_returned(107_500)).expect_problem(409, "refund_wrong_state");
}

#[test]
fn a_refund_that_is_given_up_or_unclaimed_ends_at_its_approval() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    case.pay(&invoice, "TT-1", 112_000).expect(201);
    case.to_delivery();
    let refund = case.refund();
    let given_up = json!({ "settlement": "given_up_by_payer", "evidence": "E-mail of 24 November: keep the 2,000 yen." });
    let missing = refund.step(&app.accountant(), "request", &json!({ "settlement": "given_up_by_payer" }));
    assert_eq!(missing.expect_problem(422, "invalid_fields").pointers(), ["/evidence"]);
    refund.step(&app.accountant(), "request", &given_up).expect(200);
    refund.approve(&app.director()).expect(200);
    expect_balances(&app, &[("bank", 112_000), ("revenue", -100_000), ("consumption_tax", -10_000), ("other_income", -2_000)]);
    case.step_with(&app.coordinator(), "close", &json!({})).expect(200);

    let (case, invoice) = Case::invoiced(&app);
    case.pay(&invoice, "TT-2", 110_300).expect(201);
    case.to_delivery();
    let refund = case.refund();
    let attempt = |how: &str| json!({ "tried_on": "2026-11-24", "how": how });
    let once = json!({ "settlement": "unclaimed", "attempts": [attempt("By telephone."), attempt("By telephone.")] });
    assert_eq!(refund.step(&app.accountant(), "request", &once).expect_problem(422, "invalid_fields").pointers(), ["/attempts"]);
    let twice = json!({ "settlement": "unclaimed", "attempts": [attempt("By telephone."), attempt("By e-mail.")] });
    refund.step(&app.accountant(), "request", &twice).expect(200);
    refund.approve(&app.director()).expect(200);
    assert_eq!(due(&app), (1, 300), "it stays owed");
    case.step_with(&app.coordinator(), "close", &json!({})).expect(200);
    assert_eq!(refund.read(&app.applicant())["allowed_actions"], json!(["provideRefundDetails"]), "whoever is heard of again is paid");
}

#[test]
fn somebody_else_than_the_payer_receives_money_with_evidence_only() {
    let app = App::start();
    let (_, refund) = declined(&app);
    let mut details = refund_details();
    details["payee"]["is_payer"] = json!(false);
    details["payee"]["holder"] = json!("Kai Tanaka");
    refund.step(&app.applicant(), "details", &details).expect(200);
    assert_eq!(refund.request(&app.accountant()).expect_problem(422, "invalid_fields").pointers(), ["/evidence"]);
    let with = json!({ "settlement": "pay_out", "evidence": "A letter of attorney, seen by Mr Sato." });
    refund.step(&app.accountant(), "request", &with).expect(200);
}

#[test]
fn a_step_names_everything_that_is_wrong_with_it() {
    let app = App::start();
    let (_, refund) = declined(&app);
    refund.provide_details(&app.applicant()).expect(200);
    refund.request(&app.accountant()).expect(200);
    refund.approve(&app.director()).expect(200);
    let wrong = json!({
        "method": "cash", "paid_on": "2026-11-25", "reference": "RT-1", "bank_charge": { "amount": 1, "currency": "JPY" },
    });
    let refused = refund.step(&app.accountant(), "paid", &wrong).expect_problem(422, "invalid_fields");
    assert_eq!(refused.pointers(), ["/bank_charge", "/paid_on"]);
    let none = refund.step(&app.accountant(), "details", &json!({ "payee": {} }));
    none.expect_problem(403, "forbidden");
    let path = format!("/v1/refunds/{}/paid", refund.id);
    let keyless = app.accountant().post(&path).json(&refund_paid()).send();
    keyless.expect_problem(400, "idempotency_key_required");
    let stale = app.accountant().post(&path).key("k").if_match("\"1\"").json(&refund_paid()).send();
    stale.expect_problem(412, "stale");
    let once = app.accountant().post(&path).key("l").json(&refund_paid()).send().expect(200);
    let twice = app.accountant().post(&path).key("l").json(&refund_paid()).send().expect(200);
    assert_eq!((once.json(), twice.header("idempotent-replayed")), (twice.json(), Some("true")));
}

#[test]
fn lists_of_refunds_are_filtered_paged_and_show_the_payers_their_own() {
    let app = App::start();
    let (first, _) = declined(&app);
    let (second, refund) = declined(&app);
    refund.provide_details(&app.applicant()).expect(200);
    refund.request(&app.accountant()).expect(200);
    let cases = |who: &Person<'_>, query: &str| -> Vec<String> {
        let list = who.get(&format!("/v1/refunds{query}")).send().expect(200).json();
        list["data"].as_array().unwrap().iter().map(|one| one["case_id"].as_str().unwrap().to_owned()).collect()
    };
    let (newer, older) = (second.id.as_str(), first.id.as_str());
    assert_eq!(cases(&app.accountant(), ""), [newer, older]);
    assert_eq!(cases(&app.applicant(), ""), [newer, older]);
    assert_eq!(cases(&app.accountant(), "?state=requested"), [newer]);
    assert_eq!(cases(&app.accountant(), &format!("?case_id={older}")), [older]);
    assert_eq!(cases(&app.accountant(), "?reason=overpaid"), Vec::<String>::new());
    for outsider in [app.stranger(), app.agency(), app.other_agency()] {
        assert_eq!(cases(&outsider, ""), Vec::<String>::new());
    }
    let page = app.accountant().get("/v1/refunds?limit=1").send().expect(200).json();
    let cursor = page["next_cursor"].as_str().unwrap();
    assert_eq!(cases(&app.accountant(), &format!("?limit=1&cursor={cursor}")), [older]);
    let page = app.accountant().get("/v1/refunds/due?limit=1").send().expect(200).json();
    assert_eq!((&page["has_more"], page["data"][0]["case_id"].as_str()), (&json!(true), Some(older)));
    let rest = format!("/v1/refunds/due?limit=1&cursor={}", page["next_cursor"].as_str().unwrap());
    assert_eq!(app.accountant().get(&rest).send().expect(200).text("/data/0/case_id"), newer);
}

#[test]
fn the_trial_balance_of_a_day_counts_a_payment_on_the_day_on_which_it_was_received() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    let mut early = transfer("TT-1", 110_000);
    early["received_on"] = json!("2026-11-20");
    app.accountant().post(&format!("{invoice}/payments")).key_of(&case.id, &early).json(&early).send().expect(201);
    let bank = |on: &str| {
        let balance = app.accountant().get(&format!("/v1/ledger/trial-balance?balance_on={on}")).send().expect(200).json();
        assert_eq!(balance["debit_total"], balance["credit_total"], "{on}");
        balance["accounts"].as_array().unwrap().iter().find(|line| line["account"] == "bank").unwrap()["debit"].as_i64().unwrap()
    };
    assert_eq!((bank("2026-11-19"), bank("2026-11-20")), (0, 110_000));
}
