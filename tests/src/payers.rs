//! Those who pay beside the applicant and the agency: a third party, such as a company, and the patient.

use domain::access::Membership;
use serde_json::{Value, json};

use crate::support::app::{App, Person};
use crate::support::given::{Case, acceptance, refund_details};

fn company() -> Value {
    let mut body = acceptance("other");
    body["recipient"] = json!("ACME GmbH\nExample Street 1, Hamburg");
    body["third_party"] = json!({ "reference": "PO-4711", "email": "invoices@acme.example" });
    body
}

fn accept(who: &Person<'_>, estimate: &str, body: &Value) -> crate::support::http::Answer {
    who.post(&format!("{estimate}/accept")).json(body).send()
}

fn invoices(who: &Person<'_>, query: &str) -> usize {
    who.get(&format!("/v1/invoices{query}")).send().expect(200).json()["data"].as_array().unwrap().len()
}

/// Story 1.16: a company pays, and the applicant stands in for it.
#[test]
fn a_company_pays_and_the_applicant_stands_in_for_it() {
    let app = App::start();
    let case = Case::accepted(&app);
    let accepted = accept(&app.applicant(), &case.issue_estimate(), &company()).expect(200).json();
    assert_eq!(
        (&accepted["acceptance"]["payer"], &accepted["acceptance"]["third_party"]["email"]),
        (&json!("other"), &json!("invoices@acme.example"))
    );
    let place = case.issue_invoice();
    let invoice = app.applicant().get(&place).send().expect(200).json();
    assert_eq!((&invoice["payer"], &invoice["payer_reference"]), (&json!("other"), &json!("PO-4711")));
    let paper = invoice.to_string();
    assert!(!paper.contains("Mei Tan") && !paper.contains("patient"), "no patient's name, nothing clinical: {paper}");
    let letter = app.letter("applicant", "bank_account");
    assert!(letter["body"].as_str().unwrap().contains("110,000 yen"), "who stands in is told where to pay");
    let billing = app.accountant();
    assert_eq!(["?payer=other", "?payer=applicant", ""].map(|query| invoices(&billing, query)), [1, 0, 1]);
    case.pay(&place, "ACME", 110_000).expect(201);
    assert_eq!(case.stage(), "writing");
    case.decline();
    let refund = case.refund();
    refund.step(&app.applicant(), "details", &refund_details()).expect(200);
    assert_eq!(refund.read(&app.applicant())["payer"], "other");
    let bare = refund.request(&app.accountant()).expect_problem(422, "invalid_fields");
    assert_eq!(bare.pointers(), ["/evidence"], "who stands in does not prove whose account it is");
}

#[test]
fn a_third_party_is_named_exactly_where_it_pays() {
    let app = App::start();
    let case = Case::accepted(&app);
    let estimate = case.issue_estimate();
    let mut mine = acceptance("applicant");
    mine["third_party"] = json!({ "reference": "PO-4711" });
    let refused = accept(&app.applicant(), &estimate, &mine).expect_problem(422, "invalid_fields");
    assert_eq!(refused.pointers(), ["/third_party"]);
    accept(&app.applicant(), &estimate, &acceptance("other")).expect(200);
    let place = case.issue_invoice();
    let read = |place: &str| app.accountant().get(place).send().expect(200).json();
    assert_eq!((&read(&place)["payer"], &read(&place)["payer_reference"]), (&json!("other"), &json!(null)));
    let body = json!({ "recipient": "ACME GmbH", "third_party": { "reference": "PO-1" }, "reason": "The company has a number for it." });
    let corrected = app.accountant().post(&format!("{place}/reissue")).key("reissue").json(&body).send().expect(201).json();
    assert_eq!((&corrected["payer"], &corrected["payer_reference"]), (&json!("other"), &json!("PO-1")));
}

#[test]
fn the_agency_stands_in_for_a_company_and_the_applicant_sees_that_it_is_paid() {
    let app = App::start();
    let case = Case::opened_by(&app, &app.agency());
    app.join(&case.id, "applicant", Membership::Applicant);
    case.step(&app.agency(), "submit").expect(200);
    case.to_triage();
    case.accept();
    accept(&app.agency(), &case.issue_estimate(), &company()).expect(200);
    let place = case.issue_invoice();
    app.agency().get(&place).send().expect(200);
    app.applicant().get(&place).send().expect_problem(404, "not_found");
    assert_eq!((invoices(&app.agency(), ""), invoices(&app.applicant(), "")), (1, 0));
    assert_eq!(app.letters_to("applicant@example.org").iter().filter(|reason| *reason == "bank_account").count(), 0);
}

#[test]
fn a_patient_with_an_account_pays_sees_the_money_and_is_told() {
    let app = App::start();
    let case = Case::accepted(&app);
    app.join(&case.id, "patient", Membership::Patient);
    let patient = app.adopt("patient");
    let estimate = case.issue_estimate();
    accept(&patient, &estimate, &acceptance("applicant")).expect_problem(422, "payer_unknown");
    accept(&app.applicant(), &estimate, &acceptance("patient")).expect_problem(422, "payer_unknown");
    patient.get(&estimate).send().expect(200);
    accept(&patient, &estimate, &acceptance("patient")).expect(200);
    let place = case.issue_invoice();
    assert_eq!(patient.get(&place).send().expect(200).json()["payer"], "patient");
    app.applicant().get(&place).send().expect_problem(404, "not_found");
    assert_eq!((invoices(&patient, ""), invoices(&app.applicant(), ""), invoices(&app.accountant(), "?payer=patient")), (1, 0, 1));
    app.letter("patient", "bank_account");
    case.pay(&place, "TT-1", 110_000).expect(201);
    app.letter("patient", "payment_confirmed_with_dates");
    case.decline();
    let refund = case.refund();
    refund.step(&app.applicant(), "details", &refund_details()).expect_problem(404, "not_found");
    refund.step(&patient, "details", &refund_details()).expect(200);
}

#[test]
fn an_estimate_that_another_side_accepted_is_hidden_from_the_patient() {
    let app = App::start();
    let case = Case::accepted(&app);
    app.join(&case.id, "patient", Membership::Patient);
    let patient = app.adopt("patient");
    let estimate = case.issue_estimate();
    patient.get(&estimate).send().expect(200);
    accept(&app.applicant(), &estimate, &acceptance("applicant")).expect(200);
    patient.get(&estimate).send().expect_problem(404, "not_found");
    let listed = patient.get(&case.path("estimates")).send().expect(200).json();
    assert_eq!(listed["data"], json!([]));
}
