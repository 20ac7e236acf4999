//! The re-examination of slides: the stories of the desk and of pathology, to the yen.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::papers::with_slides;
use crate::support::app::{App, Person};
use crate::support::books::{books, expected};
use crate::support::given::{Case, LETTER, acceptance, opinion};
use crate::support::http::Answer;

fn writing(app: &App) -> Case<'_> {
    let case = Case::accepted(app);
    case.to_writing();
    case
}

/// The first day on which the opinion is due.
fn due(case: &Case<'_>) -> Value {
    case.read(&case.app.applicant())["due_from_on"].clone()
}

fn run_due(app: &App) {
    app.wait(app.hospital.run_due()).unwrap();
}

fn slides(biopsy_slides: u16, resected_specimens: u16) -> Value {
    json!({ "biopsy_slides": biopsy_slides, "resected_specimens": resected_specimens })
}

fn change(case: &Case<'_>, wanted: &Value) -> Answer {
    case.step_with(&case.app.coordinator(), "re-examination/change", &json!({ "slides": wanted, "reason": "The family asks." }))
}

fn propose(case: &Case<'_>, wanted: &Value, waits: bool) -> Answer {
    let body = json!({ "slides": wanted, "opinion_waits": waits, "reason": "The grade of the tumour is open." });
    case.step_with(&case.app.physician(), "re-examination/propose", &body)
}

fn find(case: &Case<'_>) -> Answer {
    case.step_with(&case.app.pathologist(), "re-examination/findings", &json!({ "findings": "Grade 2. We agree with the first report." }))
}

fn read(case: &Case<'_>) -> Value {
    case.app.coordinator().get(&case.path("re-examination")).send().expect(200).json()
}

fn verify_report(case: &Case<'_>) {
    case.step(&case.app.coordinator(), "checklist/pathology_report/verify").expect(200);
}

fn credit(app: &App, invoice: &str, lines: &Value) -> Answer {
    let body = json!({ "lines": lines, "reason": "Fewer slides are examined than were announced." });
    app.accountant().post(&format!("{invoice}/credit-notes")).key_of(invoice, &body).json(&body).send()
}

/// The opinion with what the page says about the slides.
fn with_findings() -> Value {
    let mut content = opinion();
    content["slide_findings"] = json!("The slides show a carcinoma of grade 2.");
    content
}

fn deliver(case: &Case<'_>) {
    case.write(&with_findings()).expect(200);
    case.step(&case.app.physician(), "opinion/submit").expect(200);
    case.step(&case.app.chief(), "opinion/deliver").expect(200);
}

fn give_back(case: &Case<'_>) {
    let app = case.app;
    let refund = case.refund();
    refund.provide_details(&app.applicant()).expect(200);
    refund.request(&app.coordinator()).expect(200);
    refund.approve(&app.director()).expect(200);
    refund.record_paid(&app.accountant()).expect(200);
}

/// The estimate of the proposed slides, accepted, and where their invoice stands.
fn agree(case: &Case<'_>) -> String {
    let app = case.app;
    let estimate = case.issue_estimate();
    app.applicant().post(&format!("{estimate}/accept")).json(&acceptance("applicant")).send().expect(200);
    let invoice = app.accountant().post(&case.path("invoices")).key(&estimate).send().expect(201);
    invoice.header("location").unwrap().to_owned()
}

/// Story 1.6 A: three slides and a specimen are paid, two slides and the specimen come.
#[test]
fn the_slide_that_does_not_come_is_withdrawn_credited_and_given_back() {
    let app = App::start();
    let (case, invoice) = with_slides(&app);
    case.pay(&invoice, "TT-1", 137_500).expect(201);
    assert_eq!((case.read(&app.applicant())["hold"]["reason"].clone(), due(&case)), (json!("slides"), json!(null)));
    let counted = case.count_slides(2, 1).expect(200).json();
    assert_eq!((&counted["counted"]["slides"], &counted["requested"]), (&slides(2, 1), &slides(3, 1)));
    let letter = app.letter("applicant", "slides_differ");
    assert!(letter["body"].as_str().unwrap().contains("You asked for 3 and 1."), "{letter}");
    verify_report(&case);
    find(&case).expect_problem(409, "items_unverified");
    assert_eq!(change(&case, &slides(2, 1)).expect(200).json()["to_credit"], slides(1, 0));
    assert_eq!(case.read(&app.applicant())["hold"], json!(null));
    assert_eq!(due(&case), json!("2026-12-01"), "counted from the day on which everything was there");
    assert_eq!(case.read(&app.coordinator())["waiting_on"], "accountant");
    find(&case).expect_problem(409, "credit_note_missing");
    credit(&app, &invoice, &json!([{ "code": "pathology_biopsy_slide", "quantity": 1 }])).expect(201);
    assert_eq!(case.read(&app.coordinator())["waiting_on"], "pathology");
    give_back(&case);
    find(&case).expect(200);
    let performed = [("bank", 132_000), ("advances_received", -110_000), ("revenue", -20_000), ("consumption_tax", -2_000)];
    assert_eq!(books(&app), expected(&performed));
    deliver(&case);
    assert_eq!(books(&app), expected(&[("bank", 132_000), ("revenue", -120_000), ("consumption_tax", -12_000)]));
}

/// Story 1.6 B: nothing comes.
#[test]
fn a_re_examination_that_is_withdrawn_is_credited_and_the_work_goes_on() {
    let app = App::start();
    let (case, invoice) = with_slides(&app);
    case.pay(&invoice, "TT-1", 137_500).expect(201);
    let withdrawn = change(&case, &slides(0, 0)).expect(200).json();
    assert_eq!((&withdrawn["requested"], &withdrawn["to_credit"]), (&json!(null), &slides(3, 1)));
    assert_eq!(due(&case), json!("2026-12-01"));
    app.pathologist().get(&case.path("")).send().expect(404);
    let lines = json!([{ "code": "pathology_biopsy_slide", "quantity": 3 }, { "code": "pathology_resected_slides", "quantity": 1 }]);
    let note = credit(&app, &invoice, &lines).expect(201).json();
    assert_eq!((&note["total"]["amount"], &note["tax"]["amount"]), (&json!(27_500), &json!(2_500)));
    give_back(&case);
    case.write(&opinion()).expect(200);
    case.step(&app.physician(), "opinion/submit").expect(200);
    case.step(&app.chief(), "opinion/deliver").expect(200);
    assert_eq!(books(&app), expected(&[("bank", 110_000), ("revenue", -100_000), ("consumption_tax", -10_000)]));
}

/// Story 1.25: the physician proposes slides while writing.
#[test]
fn slides_that_a_physician_proposes_are_estimated_paid_counted_reported_and_delivered() {
    let app = App::start();
    let case = writing(&app);
    let before = due(&case);
    let proposed = propose(&case, &slides(2, 1), true).expect(200).json();
    assert_eq!((&proposed["proposed"]["waiting_on"], &proposed["requested"]), (&json!("desk"), &json!(null)));
    assert_eq!(case.read(&app.applicant())["hold"]["reason"], "slides");
    let estimate = case.issue_estimate();
    let read_estimate = app.applicant().get(&estimate).send().expect(200).json();
    assert_eq!((&read_estimate["total"]["amount"], &read_estimate["tax"]["amount"]), (&json!(22_000), &json!(2_000)));
    assert_eq!((&read_estimate["is_supplementary"], &read_estimate["status"]), (&json!(true), &json!("issued")));
    let letter = app.letter("applicant", "re_examination_proposed");
    assert!(letter["body"].as_str().unwrap().contains("22,000 yen"), "{letter}");
    app.applicant().post(&format!("{estimate}/accept")).json(&acceptance("applicant")).send().expect(200);
    assert_eq!(app.applicant().get(&estimate).send().expect(200).json()["status"], "accepted");
    let invoice = app.accountant().post(&case.path("invoices")).key("slides").send().expect(201);
    let invoice = invoice.header("location").unwrap().to_owned();
    assert_eq!((case.stage(), case.read(&app.coordinator())["waiting_on"].clone()), ("writing".into(), json!("applicant")));
    let billed = [("bank", 110_000), ("advances_received", -110_000), ("receivable", 22_000), ("advances_billed", -22_000)];
    assert_eq!(books(&app), expected(&billed));
    case.pay(&invoice, "TT-2", 22_000).expect(201);
    assert_eq!(read(&case)["requested"], slides(2, 1));
    app.after(SignedDuration::from_hours(24 * 3));
    case.count_slides(2, 1).expect(200);
    verify_report(&case);
    assert_eq!(case.read(&app.applicant())["hold"], json!(null));
    assert_ne!(due(&case), before, "as much later as the slides took");
    case.write(&with_findings()).expect(200);
    case.step(&app.physician(), "opinion/submit").expect_problem(409, "findings_missing");
    find(&case).expect(200);
    let reported = [("bank", 132_000), ("advances_received", -110_000), ("revenue", -20_000), ("consumption_tax", -2_000)];
    assert_eq!(books(&app), expected(&reported));
    deliver(&case);
    assert_eq!(books(&app), expected(&[("bank", 132_000), ("revenue", -120_000), ("consumption_tax", -12_000)]));
    let slides = json!({ "slides": "Returned by courier." });
    case.step_with(&app.coordinator(), "close", &json!({})).expect_problem(409, "slides_open");
    case.step_with(&app.coordinator(), "close", &slides).expect(200);
}

/// Story 1.25: refused, unanswered or unpaid, the slides fall away, never the opinion.
#[test]
fn slides_that_nobody_agrees_to_or_pays_fall_away_and_the_opinion_does_not() {
    let app = App::start();
    let unanswered = writing(&app);
    propose(&unanswered, &slides(2, 0), true).expect(200);
    unanswered.issue_estimate();
    let unpaid = writing(&app);
    propose(&unpaid, &slides(2, 0), true).expect(200);
    let invoice = agree(&unpaid);
    let short = writing(&app);
    propose(&short, &slides(2, 0), true).expect(200);
    let part = agree(&short);
    short.pay(&part, "TT-3", 5_000).expect(201);
    // The last day of the invoice is Thursday, 24 December; of the estimate, 23 January.
    let due = app.accountant().get(&invoice).send().expect(200).text("/due_on");
    assert_eq!(due, "2026-12-24");
    app.after(SignedDuration::from_hours(24 * 31) - SignedDuration::from_secs(1));
    run_due(&app);
    assert_eq!(read(&unpaid)["proposed"]["invoice_id"], invoice.rsplit('/').next().unwrap(), "a payment may still be recorded");
    app.after(SignedDuration::from_secs(1));
    run_due(&app);
    assert_eq!(read(&unpaid)["proposed"], json!(null));
    assert_eq!(app.accountant().get(&invoice).send().expect(200).text("/status"), "lapsed");
    assert_eq!((unpaid.stage(), unpaid.read(&app.applicant())["hold"].clone()), ("writing".into(), json!(null)));
    app.letter("applicant", "re_examination_lapsed");
    app.after(SignedDuration::from_hours(24 * 31));
    run_due(&app);
    assert_eq!(read(&unanswered)["proposed"], json!(null));
    assert_eq!(unanswered.stage(), "writing");
    assert_eq!(read(&short)["proposed"]["expires_at"], json!(null), "money stops the clock");
    let withdrawn = change(&short, &slides(0, 0)).expect(200).json();
    assert_eq!((&withdrawn["proposed"], short.refunds()), (&json!(null), vec![5_000]));
    for case in [&unpaid, &unanswered] {
        case.to_delivery();
    }
}

#[test]
fn late_money_for_slides_that_fell_away_is_an_overpayment() {
    let app = App::start();
    let case = writing(&app);
    propose(&case, &slides(1, 0), false).expect(200);
    let invoice = agree(&case);
    change(&case, &slides(0, 0)).expect(200);
    assert_eq!(app.accountant().get(&invoice).send().expect(200).text("/status"), "lapsed");
    case.pay(&invoice, "TT-2", 5_500).expect(201);
    assert_eq!(read(&case)["requested"], json!(null));
    assert_eq!(books(&app), expected(&[("bank", 115_500), ("advances_received", -110_000), ("overpayments", -5_500)]));
}

#[test]
fn a_case_that_ends_gives_the_slides_back_whole_and_a_reopened_one_has_them_again() {
    let app = App::start();
    let case = writing(&app);
    propose(&case, &slides(2, 0), true).expect(200);
    let invoice = agree(&case);
    case.pay(&invoice, "TT-2", 11_000).expect(201);
    case.step_with(&app.applicant(), "cancel", &json!({ "reason": "withdrawn" })).expect(200);
    assert_eq!(case.refunds(), [66_000], "half of the opinion, and slides that nobody examined");
    let reason = json!({ "reason": "The family wishes to go on." });
    case.step_with(&app.coordinator(), "reopen", &reason).expect(200);
    assert_eq!((case.stage(), read(&case)["requested"].clone()), ("writing".into(), slides(2, 0)));
    assert_eq!(books(&app), expected(&[("bank", 121_000), ("advances_received", -121_000)]));
    assert_eq!(app.accountant().get(&invoice).send().expect(200).text("/status"), "paid");
}

#[test]
fn before_an_estimate_is_accepted_slides_change_with_the_estimate() {
    let app = App::start();
    let case = Case::in_triage(&app);
    case.accept();
    change(&case, &slides(0, 0)).expect_problem(409, "re_examination_unchanged");
    change(&case, &slides(1, 0)).expect(200);
    let first = case.issue_estimate();
    propose(&case, &slides(1, 1), false).expect(200);
    let second = case.issue_estimate();
    let total = |estimate: &str| app.applicant().get(estimate).send().expect(200).json()["total"]["amount"].clone();
    assert_eq!((total(&first), total(&second)), (json!(115_500), json!(132_000)));
    change(&case, &slides(0, 1)).expect(200);
    let withdrawn = app.applicant().get(&second).send().expect(200).json();
    assert_eq!((&withdrawn["status"], &withdrawn["withdrawn_because"]), (&json!("withdrawn"), &json!("The family asks.")));
    case.accept_estimate(&app.applicant(), "applicant").expect(200);
    change(&case, &slides(0, 0)).expect(200);
    let invoice = app.accountant().get(&case.issue_invoice()).send().expect(200).json();
    assert_eq!((&invoice["total"]["amount"], invoice["lines"].as_array().map(Vec::len)), (&json!(110_000), Some(1)), "fewer than agreed");
}

/// What each side sees (table 1.26): counts for everybody, findings for the physicians and pathology, the patient for pathology.
#[test]
fn each_side_sees_its_part_of_the_slides() {
    let app = App::start();
    let (case, invoice) = with_slides(&app);
    case.upload(&app.applicant(), "report.pdf", LETTER, &[("item", "pathology_report"), ("language", "en")]).expect(201);
    case.upload(&app.applicant(), "letter.pdf", LETTER, &[("item", "referral_letter"), ("language", "en")]).expect(201);
    case.pay(&invoice, "TT-1", 137_500).expect(201);
    case.count_slides(3, 1).expect(200);
    verify_report(&case);
    find(&case).expect(200);
    let seen = |person: &Person<'_>| person.get(&case.path("re-examination")).send().expect(200).json();
    let (applicant, physician, billing, pathology) =
        (seen(&app.applicant()), seen(&app.physician()), seen(&app.accountant()), seen(&app.pathologist()));
    for view in [&applicant, &physician, &billing, &pathology] {
        assert_eq!((&view["counted"]["slides"], &view["is_reported"]), (&slides(3, 1), &json!(true)));
    }
    let findings = |view: &Value| view["findings"].as_array().map(Vec::len);
    assert_eq!([&applicant, &physician, &billing, &pathology].map(findings), [Some(0), Some(1), Some(0), Some(1)]);
    assert_eq!((&billing["patient"], &applicant["counted"]["counted_by"]), (&json!(null), &json!(null)));
    assert!(pathology["patient"]["name"]["alphabetic"].is_string() && pathology["patient"]["birth_on"].is_string(), "{pathology}");
    let documents = app.pathologist().get(&case.path("documents")).send().expect(200).json();
    let names: Vec<&Value> = documents["data"].as_array().unwrap().iter().map(|one| &one["item"]).collect();
    assert_eq!(names, [&json!("pathology_report")], "the report of the slides, and no other document");
    let all = app.coordinator().get(&case.path("documents")).send().expect(200).json();
    for document in all["data"].as_array().unwrap() {
        let path = case.path(&format!("documents/{}/content", document["id"].as_str().unwrap()));
        let expected = if document["item"] == "pathology_report" { 200 } else { 404 };
        app.pathologist().get(&path).send().expect(expected);
    }
    assert_eq!(case.told(&app.applicant(), "findings_recorded").len(), 0);
}

#[test]
fn findings_are_corrected_with_a_reason_and_bad_numbers_are_named() {
    let app = App::start();
    let (case, invoice) = with_slides(&app);
    case.pay(&invoice, "TT-1", 137_500).expect(201);
    case.count_slides(201, 1).expect_problem(422, "invalid_fields");
    case.count_slides(3, 1).expect(200);
    case.step(&app.coordinator(), "checklist/pathology_slides/verify").expect_problem(409, "slides_are_counted");
    verify_report(&case);
    let body = |reason: Option<&str>| json!({ "findings": "Grade 3.", "correction_reason": reason });
    let record = |body: &Value| case.step_with(&app.pathologist(), "re-examination/findings", body);
    let early = record(&body(Some("A mistake."))).expect_problem(422, "invalid_fields").json();
    assert_eq!(early["errors"][0]["code"], "nothing_to_correct");
    find(&case).expect(200);
    record(&body(None)).expect_problem(409, "findings_recorded");
    record(&body(Some("The wrong slide was read."))).expect(200);
    let seen = app.physician().get(&case.path("re-examination")).send().expect(200).json();
    assert_eq!((&seen["findings"][0]["text"], &seen["findings"][1]["correction_reason"]), (&json!("Grade 3."), &json!(null)));
    propose(&case, &slides(1, 0), false).expect_problem(409, "findings_recorded");
    let none = json!({ "slides": slides(0, 0), "reason": "None." });
    case.step_with(&app.physician(), "re-examination/propose", &none).expect_problem(422, "invalid_fields");
}

#[test]
fn slides_whose_invoice_was_given_back_are_not_to_be_credited_any_longer() {
    let app = App::start();
    let (case, invoice) = with_slides(&app);
    case.pay(&invoice, "TT-1", 137_500).expect(201);
    change(&case, &slides(2, 1)).expect(200);
    case.step_with(&app.coordinator(), "cancel", &json!({ "reason": "hospital_reason" })).expect(200);
    give_back(&case);
    case.step_with(&app.coordinator(), "reopen", &json!({ "reason": "A mistake." })).expect(200);
    assert_eq!((case.stage(), read(&case)["to_credit"].clone()), ("accepted".into(), json!(null)));
    let again = app.accountant().post(&case.path("invoices")).key("again").send().expect(201).json();
    assert_eq!(again["total"]["amount"], 132_000, "for the slides that are wanted");
}

/// Slides whose payment was taken back are not examined for nothing.
#[test]
fn slides_that_are_not_paid_any_longer_are_not_reported() {
    let app = App::start();
    let case = writing(&app);
    propose(&case, &slides(2, 0), true).expect(200);
    let invoice = agree(&case);
    let paid = case.pay(&invoice, "TT-2", 11_000).expect(201).text("/payment/id");
    case.count_slides(2, 0).expect(200);
    verify_report(&case);
    let reversal = json!({ "reason": "The bank took it back." });
    app.accountant().post(&format!("{invoice}/payments/{paid}/reverse")).key("back").json(&reversal).send().expect(200);
    find(&case).expect_problem(409, "slides_unpaid");
    case.pay(&invoice, "TT-3", 11_000).expect(201);
    find(&case).expect(200);
}

/// A credit note of paid slides takes them back: nothing is examined free of charge.
#[test]
fn slides_that_are_credited_are_not_examined() {
    let app = App::start();
    let case = writing(&app);
    propose(&case, &slides(2, 0), true).expect(200);
    let invoice = agree(&case);
    case.pay(&invoice, "TT-2", 11_000).expect(201);
    credit(&app, &invoice, &json!([{ "code": "pathology_biopsy_slide", "quantity": 2 }])).expect(201);
    assert_eq!((read(&case)["requested"].clone(), case.read(&app.applicant())["hold"].clone()), (json!(null), json!(null)));
    case.to_delivery();
    assert_eq!(books(&app).get("revenue"), Some(&-100_000));
}

/// The findings are paid and kept, so a case that is reopened after its money had left is invoiced for the opinion alone.
#[test]
fn slides_that_were_examined_are_not_invoiced_again_after_a_reopening() {
    let app = App::start();
    let (case, invoice) = with_slides(&app);
    case.pay(&invoice, "TT-1", 137_500).expect(201);
    case.count_slides(3, 1).expect(200);
    verify_report(&case);
    find(&case).expect(200);
    case.step_with(&app.coordinator(), "cancel", &json!({ "reason": "withdrawn" })).expect(200);
    let refund = case.refund();
    refund.provide_details(&app.applicant()).expect(200);
    refund.request(&app.accountant()).expect(200);
    refund.approve(&app.director()).expect(200);
    case.step_with(&app.coordinator(), "reopen", &json!({ "reason": "A slip." })).expect(200);
    assert_eq!(case.stage(), "accepted");
    let again = app.accountant().post(&case.path("invoices")).key("again").send().expect(201).json();
    assert_eq!((&again["total"]["amount"], again["lines"].as_array().unwrap().len()), (&json!(110_000), 1));
}
