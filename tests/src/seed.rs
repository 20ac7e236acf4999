//! The published page, sentence by sentence: each test is named by the number of its sentence and shows that it is true of the system.
//! Sentences that other tests show at length are shown here once more, in short.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::appointments::{afternoons, received, talk, time};
use crate::support::given::{Case, application};
use crate::support::visits::represented;

/// The tests' first day.
const TODAY: &str = "2026-11-24";

fn catalogue(app: &App) -> Value {
    app.anonymous().get("/v1/catalogue").send().expect(200).json()
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap()).collect()
}

fn service(catalogue: &Value, kind: &str) -> Value {
    catalogue["services"].as_array().unwrap().iter().find(|one| one["kind"] == kind).unwrap().clone()
}

/// The codes of the advice in the checklist of a draft.
fn advice_of(app: &App, kind: &str, form: &Value) -> Vec<String> {
    let applicant = app.applicant();
    let body = json!({ "kind": kind, "application": form });
    let id = applicant.post("/v1/cases").json(&body).send().expect(201).text("/id");
    let list = applicant.get(&format!("/v1/cases/{id}/checklist")).send().expect(200).json();
    list["advice"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect()
}

/// “A second opinion is an opportunity for patients to make more informed decisions …”
#[test]
fn s01_what_a_second_opinion_is() {
    let app = App::start();
    let english = catalogue(&app);
    let told = texts(&english["notices"]);
    assert!(told[0].contains("decide about their treatment with more information") && told[0].contains("besides those"), "{told:?}");
    let japanese = app.anonymous().get("/v1/catalogue").in_japanese().send().expect(200).json();
    assert!(texts(&japanese["notices"])[0].contains("選択肢"), "{japanese:#}");
}

/// “If you would like to receive treatment at our hospital, you can ask the physician during the consultation.”
#[test]
fn s03_treatment_here_is_asked_for_during_the_consultation() {
    let told = catalogue(&App::start());
    assert!(texts(&told["notices"]).iter().any(|text| text.contains("you can ask the physician during the consultation")));
}

/// “In that case, you can discuss further details of your treatment plans with the physician.”
#[test]
fn s04_treatment_plans_are_discussed_then() {
    let told = catalogue(&App::start());
    assert!(texts(&told["notices"]).iter().any(|text| text.contains("further details of your treatment plans")));
}

/// “A physician from the appropriate department will talk with you …”
#[test]
fn s02_a_physician_of_the_department_talks_with_the_visitors() {
    let app = App::start();
    let case = Case::visit(&app, &json!({}));
    let elsewhere = json!({ "time": time(TODAY, "15:00", &app.accountant()), "interpreter": "not_needed" });
    case.step_with(&app.coordinator(), "appointments", &elsewhere).expect_problem(422, "invalid_fields");
    assert_eq!(visited(&app).stage(), "consulted");
}

/// “For patients who live overseas and wish to receive treatment at our hospital, we usually offer the first appointment as a second opinion
/// consultation.”
#[test]
fn s08_the_first_appointment_is_a_second_opinion_consultation() {
    let app = App::start();
    let case = Case::visit(&app, &json!({}));
    afternoons(&app, &app.physician(), &[TODAY]);
    let offer = case.offer(&[time(TODAY, "15:00", &app.physician())]);
    assert_eq!(case.choose(&app.applicant(), &offer, 0).expect(200).json()["state"], "confirmed");
    assert_eq!(case.read(&app.applicant())["kind"], "patient_consultation");
}

/// “Usually no medical exam will be performed during the second opinion consultation.”
#[test]
fn s07_usually_no_exam() {
    let app = App::start();
    for (kind, form) in [("patient_consultation", application()), ("representative_consultation", represented(&[("Kai", "spouse")]))] {
        assert!(advice_of(&app, kind, &form).contains(&"usually_no_exam".to_owned()), "{kind}");
    }
    assert!(!advice_of(&app, "written_opinion", &application()).contains(&"usually_no_exam".to_owned()));
    // One that took place all the same is an exception with a reason, for the hospital's people alone.
    let case = visited(&app);
    let exam = json!({ "what": "An ultrasound.", "reason": "Acute pain." });
    case.step_with(&app.physician(), "visit/exams", &exam).expect(200);
    assert_eq!(case.read(&app.coordinator())["exam_exceptions"][0]["reason"], "Acute pain.");
    assert_eq!(case.read(&app.applicant())["exam_exceptions"], json!([]));
}

/// “Things to be discussed at the first consultation.”
#[test]
fn s09_things_to_be_discussed_are_told_and_the_hospital_may_say_them_in_its_words() {
    let app = App::start();
    assert!(catalogue(&app)["visit"]["to_be_discussed"].as_str().unwrap().contains("current treatment"));
    let admin = app.administrator();
    let etag = admin.get("/v1/settings").send().expect(200).etag();
    let patch = |visits: Value| admin.patch("/v1/settings").if_match(&etag).json(&json!({ "visits": visits })).send();
    let one_language = patch(json!({ "to_be_discussed": "Your illness." })).expect_problem(422, "invalid_fields");
    assert_eq!(one_language.pointers(), ["/visits/to_be_discussed_ja"]);
    patch(json!({ "to_be_discussed": "Your illness.", "to_be_discussed_ja": "ご病気について" })).expect(200);
    assert_eq!(catalogue(&app)["visit"]["to_be_discussed"], "Your illness.");
    let japanese = app.anonymous().get("/v1/catalogue").in_japanese().send().expect(200).json();
    assert_eq!(japanese["visit"]["to_be_discussed"], "ご病気について");
}

/// “Family members and friends can also visit our hospital … on behalf of a patient who does not live in Japan.”
#[test]
fn s10_family_and_friends_apply_for_a_patient_who_does_not_live_in_japan() {
    let app = App::start();
    let applicant = app.applicant();
    for relation in ["spouse", "friend"] {
        Case::with_visitors(&app, &[("Kim Lee", relation)]);
    }
    let mut here = represented(&[("Kim Lee", "friend")]);
    here["patient"]["address"]["country"] = json!("JP");
    let body = json!({ "kind": "representative_consultation", "application": here });
    let id = applicant.post("/v1/cases").json(&body).send().expect(201).text("/id");
    applicant.post(&format!("/v1/cases/{id}/submit")).send().expect_problem(409, "patient_lives_in_japan");
}

/// “If non-family member comes …, we ask him/her to provide a consent form signed by the patient.”
#[test]
fn s11_who_is_not_family_needs_a_consent_that_the_patient_signed() {
    let app = App::start();
    let case = Case::with_visitors(&app, &[("Kim Lee", "friend")]);
    let friend = case.visitors().remove(0);
    case.step(&app.coordinator(), "checklist/application_form/verify").expect(200);
    let department = json!({ "department_id": app.department("Breast Surgery").to_string() });
    case.step_with(&app.coordinator(), "start-triage", &department).expect_problem(409, "no_visitor_can_be_received");
    app.applicant().get(&case.path("consent-form")).send().expect(200);
    case.consent_for(&[&friend]);
    case.step_with(&app.coordinator(), "start-triage", &department).expect(200);
}

/// “If a patient lives abroad, it is recommended to have someone living in Japan visit our hospital … at first.”
#[test]
fn s12_someone_in_japan_first_is_advice_for_a_patient_who_lives_abroad() {
    let app = App::start();
    let first = "someone_in_japan_should_visit_first".to_owned();
    assert!(advice_of(&app, "patient_consultation", &application()).contains(&first));
    let mut here = application();
    here["patient"]["address"]["country"] = json!("JP");
    assert!(!advice_of(&app, "patient_consultation", &here).contains(&first));
    let told = service(&catalogue(&app), "patient_consultation");
    assert!(texts(&told["advice"]).iter().any(|text| text.contains("before the patient actually travels to Japan for treatment")));
}

/// “… available for family members who want to know the patient's condition first, before the patient knows.”
#[test]
fn s13_family_may_come_before_the_patient_knows() {
    let app = App::start();
    let claim = |visitor| {
        let case = Case::represented_by(&app, &app.applicant(), &[visitor]);
        case.step_with(&app.applicant(), "patient-uninformed/claim", &json!({}))
    };
    claim(("Kai Tanaka", "child")).expect(200);
    claim(("Kim Lee", "friend")).expect_problem(409, "uninformed_not_allowed");
}

/// “After receiving your application …, we will send you our bank account information.”
#[test]
fn s16_the_bank_account_is_sent() {
    let app = App::start();
    let (_, _) = Case::invoiced(&app);
    let letter = app.letter("applicant", "bank_account");
    assert!(letter["body"].as_str().unwrap().contains("Example Bank"), "{letter:#}");
}

/// “Fees for a second opinion (tax included)”, “11,000 yen ~”.
#[test]
fn s20_and_s22_the_fees_include_the_tax_and_say_where_they_are_a_minimum() {
    let app = App::start();
    let told = catalogue(&app);
    assert_eq!(told["fee_schedule"]["tax_included"], true);
    let fees: Vec<&str> = told["fee_schedule"]["fees"].as_array().unwrap().iter().map(|fee| fee["price_text"].as_str().unwrap()).collect();
    assert_eq!(
        fees,
        [
            "33,000 yen, tax included",
            "from 11,000 yen, tax included",
            "110,000 yen, tax included",
            "5,500 yen, tax included",
            "11,000 yen, tax included"
        ]
    );
    let japanese = app.anonymous().get("/v1/catalogue").in_japanese().send().expect(200).json();
    assert_eq!(japanese["fee_schedule"]["fees"][1]["price_text"], "11,000円(税込)~");
}

/// “In person: 33,000 yen for 30 minutes.”
#[test]
fn s21_half_an_hour_in_person_costs_33_000_yen() {
    let app = App::start();
    let invoice = visited(&app).pay_at_the_counter(TODAY).expect(201).json();
    assert_eq!((&invoice["total"]["amount"], &invoice["tax"]["amount"]), (&json!(33_000), &json!(3_000)));
}

/// A case whose patient was received and heard for half an hour, today.
fn visited(app: &App) -> Case<'_> {
    let case = Case::visit(app, &json!({}));
    afternoons(app, &app.physician(), &[TODAY]);
    case.book(&time(TODAY, "15:00", &app.physician())).expect(201);
    case.arrive(&[received("patient")]).expect(200);
    app.after(SignedDuration::from_hours(4));
    case.record(&app.physician(), &talk(TODAY, "15:00", "15:25", 1)).expect(200);
    case
}
