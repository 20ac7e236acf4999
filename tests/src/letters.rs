//! Letters about a case: who is told what, when, in which language, and what nobody is told.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::app::{App, Person};
use crate::support::given::{Case, acceptance, transfer};

const APPLICANT: &str = "applicant@example.org";

/// The letters to the applicant about cases, without those of signing in.
fn told(app: &App) -> Vec<String> {
    let of_sign_in = ["new_device", "welcome", "verify_email", "reset_password"];
    app.letters_to(APPLICANT).into_iter().filter(|reason| !of_sign_in.contains(&reason.as_str())).collect()
}

/// [`Case::invoiced`], at the pace of people: each letter leaves before the next step.
fn invoiced(app: &App) -> (Case<'_>, String) {
    let case = Case::accepted(app);
    accept_estimate(&case, &app.applicant(), "applicant");
    let invoice = case.issue_invoice();
    app.letter("applicant", "bank_account");
    (case, invoice)
}

/// The payer reads the letter and accepts the estimate.
fn accept_estimate(case: &Case<'_>, payer: &Person<'_>, name: &str) {
    let estimate = case.issue_estimate();
    case.app.letter(name, "estimate");
    payer.post(&format!("{estimate}/accept")).json(&acceptance(name)).send().expect(200);
}

fn hours(number: i64) -> SignedDuration {
    SignedDuration::from_hours(number)
}

fn run_due(app: &App) {
    app.wait(app.hospital.run_due()).unwrap();
}

fn body(letter: &Value) -> &str {
    letter["body"].as_str().unwrap()
}

/// Story 1.5 (seed: “we will send you our bank account information”).
#[test]
fn the_payer_is_told_where_to_pay_what_is_missing_what_is_confirmed_and_what_comes_back() {
    let app = App::start();
    let (case, invoice) = invoiced(&app);
    let number = case.read(&app.applicant())["number"].as_str().unwrap().to_owned();
    assert_eq!(told(&app), ["bank_account", "estimate", "received"]);
    let estimate = app.letter("applicant", "estimate");
    assert!(body(&estimate).contains("110,000 yen"), "{estimate}");
    let account = app.letter("applicant", "bank_account");
    for said in ["Dear applicant,", "110,000 yen", "EXAMJPJT", &number, "OUR", "International Services", "24 December 2026"] {
        assert!(body(&account).contains(said), "{said}: {account}");
    }
    assert!(account["subject"].as_str().unwrap().contains(&number));
    case.pay(&invoice, "TT-1", 107_500).expect(201);
    let short = app.letter("applicant", "payment_short");
    assert!(body(&short).contains("107,500 yen have arrived") && body(&short).contains("2,500 yen"), "{short}");
    case.pay(&invoice, "TT-2", 4_500).expect(201);
    let confirmed = app.letter("applicant", "payment_confirmed_with_dates");
    assert!(body(&confirmed).contains("between 1 December 2026 and 4 December 2026"), "{confirmed}");
    assert!(body(&app.letter("applicant", "refund_details")).contains("2,000 yen"));
    case.to_delivery();
    let refund = case.refund();
    refund.provide_details(&app.applicant()).expect(200);
    refund.request(&app.coordinator()).expect(200);
    refund.approve(&app.director()).expect(200);
    refund.record_paid(&app.accountant()).expect(200);
    case.step_with(&app.coordinator(), "close", &json!({})).expect(200);
    let all = [
        "bank_account",
        "closed",
        "delivered",
        "estimate",
        "payment_confirmed_with_dates",
        "payment_short",
        "received",
        "refund_details",
        "refund_paid",
    ];
    assert_eq!(told(&app), all, "each once");
    assert_eq!(app.letters_to("agency@example.org"), Vec::<String>::new(), "an agency that is not on the case");
}

/// Story 1.8: silence until noon, and a payment that was in time is recorded before.
#[test]
fn an_expiry_is_warned_of_and_told_at_noon_of_the_next_working_day_if_it_still_stands() {
    let app = App::start();
    let ((late, on_late), (lost, _)) = (invoiced(&app), invoiced(&app));
    // Invoices of Tuesday 24 November, due on Thursday 24 December: warnings on the 17th and on the 22nd, at nine in Tokyo.
    let count = |reason: &str| told(&app).iter().filter(|one| *one == reason).count();
    app.after(hours(24 * 22 + 20));
    assert_eq!(count("expiring"), 0);
    app.after(hours(2));
    assert_eq!(count("expiring"), 2, "one for each case");
    app.after(hours(24 * 5));
    assert_eq!(count("expiring"), 4);
    assert!(body(&app.letter("applicant", "expiring")).contains("24 December 2026"));
    app.after(hours(24 * 2 + 15));
    run_due(&app);
    assert_eq!((late.stage().as_str(), lost.stage().as_str()), ("expired", "expired"));
    assert_eq!(count("expired"), 0, "silence until noon");
    let mut payment = transfer("TT-1", 110_000);
    payment["received_on"] = json!("2026-12-24");
    let paid = app.accountant().post(&format!("{on_late}/payments")).key("late").json(&payment).send();
    paid.expect(201);
    assert_eq!(late.stage(), "writing");
    app.after(hours(12));
    assert_eq!(count("expired"), 1, "the other case alone");
    assert_eq!((count("payment_confirmed_with_dates"), count("expiring")), (1, 4));
}

#[test]
fn a_decline_is_told_with_its_text_and_whom_to_ask_and_an_end_after_a_death_is_not() {
    let app = App::start();
    let (case, invoice) = invoiced(&app);
    case.pay(&invoice, "TT-1", 110_000).expect(201);
    case.decline();
    let declined = app.letter("applicant", "declined");
    assert!(body(&declined).contains("This disease is outside our specialty."), "{declined}");
    assert!(body(&declined).contains("+81312345678"), "{declined}");
    assert!(!body(&declined).contains("outside_specialty"), "no code");
    assert!(body(&app.letter("applicant", "refund_details")).contains("110,000 yen"));
    let other = Case::submitted(&app);
    let before = told(&app).len();
    other.step_with(&app.coordinator(), "cancel", &json!({ "reason": "patient_deceased" })).expect(200);
    assert_eq!(told(&app).len(), before, "silence");
    let third = Case::submitted(&app);
    third.step_with(&app.applicant(), "cancel", &json!({ "reason": "withdrawn" })).expect(200);
    assert!(told(&app).contains(&"cancelled".to_owned()));
}

#[test]
fn the_agency_that_refers_and_pays_gets_its_letters_and_nobody_else_does() {
    let app = App::start();
    let agency = app.agency();
    let case = Case::opened_by(&app, &agency);
    case.step(&agency, "submit").expect(200);
    case.to_triage();
    case.disclose_to_agency();
    case.accept();
    accept_estimate(&case, &agency, "agency");
    let invoice = case.issue_invoice();
    app.letter("agency", "bank_account");
    case.pay(&invoice, "TT-1", 110_000).expect(201);
    app.letter("agency", "payment_confirmed_with_dates");
    let seen = app.letters_to("agency@example.org");
    for reason in ["received", "estimate", "bank_account", "payment_confirmed_with_dates"] {
        assert!(seen.contains(&reason.to_owned()), "{reason}: {seen:?}");
    }
    assert_eq!(told(&app), Vec::<String>::new(), "nobody applied but the agency");
    assert_eq!(app.letters_to("other-agency@example.org"), Vec::<String>::new());
}

#[test]
fn a_letter_speaks_the_readers_language_and_leads_to_the_portal() {
    let app = App::start();
    let admin = app.administrator();
    let settings = admin.get("/v1/settings").send().expect(200);
    let change = json!({ "contact": { "portal_url": "https://portal.example/sign-in" } });
    admin.patch("/v1/settings").if_match(&settings.etag()).json(&change).send().expect(200);
    let wrong = json!({ "contact": { "portal_url": "javascript:alert(1)" } });
    admin.patch("/v1/settings").if_match("*").json(&wrong).send().expect_problem(422, "invalid_fields");
    let applicant = app.applicant();
    let me = applicant.get("/v1/me").send().expect(200);
    applicant.patch("/v1/me").if_match(&me.etag()).json(&json!({ "language": "ja" })).send().expect(200);
    let (case, invoice) = invoiced(&app);
    let account = app.letter("applicant", "bank_account");
    for said in ["applicant 様", "110,000円", "2026年12月24日", "国際診療担当", "https://portal.example/sign-in"] {
        assert!(body(&account).contains(said), "{said}: {account}");
    }
    case.pay(&invoice, "TT-1", 112_000).expect(201);
    assert!(body(&app.letter("applicant", "refund_details")).contains("2,000円"));
}

#[test]
fn a_correction_of_a_payment_tells_nobody_twice() {
    let app = App::start();
    let (case, invoice) = invoiced(&app);
    let paid = case.pay(&invoice, "TT-1", 110_000).expect(201);
    let wrong = json!({
        "reason": "The reference was typed wrong.",
        "replacement": { "invoice_id": invoice.rsplit('/').next().unwrap(), "payment": transfer("TT-2", 110_000) },
    });
    let path = format!("{invoice}/payments/{}/reverse", paid.text("/payment/id"));
    app.accountant().post(&path).key("again").json(&wrong).send().expect(200);
    assert_eq!(told(&app), ["bank_account", "estimate", "payment_confirmed_with_dates", "received"]);
    let corrected = json!({ "recipient": "Example GmbH", "reason": "The company pays." });
    app.accountant().post(&format!("{invoice}/reissue")).key("reissue").json(&corrected).send().expect(201);
    let letter = app.letter("applicant", "invoice_corrected_paid");
    assert!(body(&letter).contains("Please disregard INV-000001: INV-000002"), "{letter}");
}

/// What changes what the payer was told is told, too.
#[test]
fn a_credit_note_a_return_and_a_reopening_are_told() {
    let app = App::start();
    let (case, invoice) = invoiced(&app);
    let whole = json!({ "lines": [{ "code": "written_opinion", "quantity": 1 }], "reason": "Another invoice follows." });
    app.accountant().post(&format!("{invoice}/credit-notes")).key("credit").json(&whole).send().expect(201);
    assert!(body(&app.letter("applicant", "invoice_cancelled")).contains("Please disregard invoice INV-000001"));
    let again = app.accountant().post(&case.path("invoices")).key("again").send().expect(201);
    let again = again.header("location").unwrap().to_owned();
    case.pay(&again, "TT-1", 110_000).expect(201);
    app.letter("applicant", "payment_confirmed_with_dates");
    // Paid twice: the money goes back, and nothing is confirmed.
    case.pay(&again, "TT-2", 110_000).expect(201);
    app.letter("applicant", "refund_details");
    assert!(!told(&app).iter().any(|reason| reason == "payment_received" || reason == "payment_confirmed"));
    let refund = case.refund();
    refund.provide_details(&app.applicant()).expect(200);
    refund.request(&app.coordinator()).expect(200);
    refund.approve(&app.director()).expect(200);
    refund.record_paid(&app.accountant()).expect(200);
    refund.step(&app.accountant(), "returned", &crate::support::given::refund_returned(109_000)).expect(200);
    let asked = || told(&app).iter().filter(|reason| *reason == "refund_details").count();
    assert_eq!(asked(), 2, "the account was wrong: which is the right one?");
    case.step_with(&app.applicant(), "cancel", &json!({ "reason": "withdrawn" })).expect(200);
    let cancelled = app.letter("applicant", "cancelled_with_fee");
    assert!(body(&cancelled).contains("55,000 yen are kept"), "{cancelled}");
    case.step_with(&app.coordinator(), "reopen", &json!({ "reason": "The family goes on." })).expect(200);
    app.letter("applicant", "reopened");
}

#[test]
fn less_to_pay_is_told_with_the_new_amount() {
    let app = App::start();
    let (_, invoice) = crate::papers::with_slides(&app);
    let slide = json!({ "lines": [{ "code": "pathology_biopsy_slide", "quantity": 1 }], "reason": "It is lost." });
    app.accountant().post(&format!("{invoice}/credit-notes")).key("credit").json(&slide).send().expect(201);
    assert!(body(&app.letter("applicant", "invoice_reduced")).contains("132,000 yen are still to be paid"));
}

/// R26: the patient reads that the opinion is there, the agency that it may not read it.
#[test]
fn the_delivery_is_told_to_the_patient_and_truly_to_the_agency() {
    let app = App::start();
    let agency = app.agency();
    let case = Case::opened_by(&app, &agency);
    case.step(&agency, "submit").expect(200);
    app.join(&case.id, "patient", domain::access::Membership::Patient);
    case.to_triage();
    case.accept();
    accept_estimate(&case, &agency, "agency");
    let invoice = case.issue_invoice();
    case.pay(&invoice, "TT-1", 110_000).expect(201);
    case.to_delivery();
    app.letter("patient", "delivered");
    app.letter("agency", "delivered_to_the_patient");
    let to_the_patient = app.letters_to("patient@example.org");
    assert!(!to_the_patient.iter().any(|reason| reason != "delivered" && reason != "new_device"), "{to_the_patient:?}");
}
