//! Family before the patient (story 1.4): nothing reaches the patient, and no lie is told.

use domain::access::{Membership, Operation, Role};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::permissions::{hidden_from_the_patient, visits_alone, visits_scene};
use crate::support::app::App;
use crate::support::given::{Case, LETTER, acceptance};
use crate::support::visits::represented;

const DAUGHTER: (&str, &str) = ("Kai Tanaka", "child");

/// A draft of the daughter's, in which she said that her father does not know.
fn claimed(app: &App) -> Case<'_> {
    let case = Case::represented_by(app, &app.applicant(), &[DAUGHTER]);
    case.step_with(&app.applicant(), "patient-uninformed/claim", &json!({})).expect(200);
    case
}

#[test]
fn the_department_stands_behind_it_before_the_case_is_accepted() {
    let app = App::start();
    let (desk, chief) = (app.coordinator(), app.chief());
    let case = claimed(&app);
    case.step(&app.applicant(), "submit").expect(200);
    case.to_triage();
    let accept = json!({ "responsible_id": app.physician().id() });
    case.step_with(&chief, "accept", &accept).expect_problem(409, "attestation_missing");
    let state = |who: &crate::support::app::Person<'_>| case.read(who)["patient_uninformed"]["state"].clone();
    assert_eq!((state(&desk), state(&app.applicant())), (json!("claimed"), json!(null)), "the hospital's view is the hospital's");
    assert_eq!(case.read(&app.applicant())["application"]["patient_uninformed"], json!(true), "her own words");
    let line =
        |who: &crate::support::app::Person<'_>| who.get("/v1/cases").send().expect(200).json()["data"][0]["patient_uninformed"].clone();
    assert_eq!((line(&desk), line(&chief), line(&app.applicant())), (json!(true), json!(true), json!(null)));
    case.step_with(&chief, "patient-uninformed/attest", &json!({ "approved": false, "note": "Not without a word." })).expect(200);
    case.step_with(&chief, "accept", &accept).expect_problem(409, "attestation_missing");
    case.step_with(&desk, "decline", &json!({ "reason": "patient_must_be_told", "text": "We are unable to accept." })).expect(200);
    assert_eq!(case.read(&app.applicant())["ending"]["reason"], json!(null), "the reason stays inside");
    let told = |who: &crate::support::app::Person<'_>| case.told(who, "case_declined")[0]["details"].clone();
    assert_eq!((told(&app.applicant()), told(&desk)), (json!({}), json!({ "code": "patient_must_be_told" })));
    let other = claimed(&app);
    other.step(&app.applicant(), "submit").expect(200);
    other.to_triage();
    let attested = other.step_with(&chief, "patient-uninformed/attest", &json!({ "approved": true })).expect(200).json();
    assert_eq!(
        (&attested["patient_uninformed"]["state"], &attested["patient_uninformed"]["review_on"]),
        (&json!("attested"), &json!("2026-12-24"))
    );
    other.step_with(&chief, "accept", &accept).expect(200);
    assert_eq!(other.told(&app.applicant(), "patient_uninformed_attested").len(), 0, "only staff");
}

#[test]
fn a_claim_comes_too_late_once_something_has_reached_the_patient() {
    let app = App::start();
    let applicant = app.applicant();
    let claim = |case: &Case<'_>| case.step_with(&applicant, "patient-uninformed/claim", &json!({}));
    let joined = Case::represented_by(&app, &applicant, &[DAUGHTER]);
    app.join(&joined.id, "patient", Membership::Patient);
    claim(&joined).expect_problem(409, "patient_has_joined");
    let ticked = json!({ "application": { "patient_uninformed": true } });
    applicant.patch(&joined.path("")).if_match("*").json(&ticked).send().expect_problem(409, "patient_has_joined");
    let invited = Case::represented_by(&app, &applicant, &[DAUGHTER]);
    let invitation = json!({ "email": "father@example.org", "relation": "patient" });
    invited.step_with(&applicant, "invitations", &invitation).expect(202);
    claim(&invited).expect_problem(409, "patient_was_invited");
    let at_the_address = Case::represented_by(&app, &applicant, &[DAUGHTER]);
    let invitation = json!({ "email": "mei.tanaka@example.org", "relation": "representative" });
    at_the_address.step_with(&applicant, "invitations", &invitation).expect(202);
    claim(&at_the_address).expect_problem(409, "patient_was_invited");
    // The patient's own account opened it.
    let own = app.person("mei.tanaka", Role::Applicant);
    let body = json!({ "kind": "representative_consultation", "application": represented(&[DAUGHTER]) });
    let opened = Case { app: &app, id: own.post("/v1/cases").json(&body).send().expect(201).text("/id") };
    opened.step_with(&own, "patient-uninformed/claim", &json!({})).expect_problem(409, "address_is_the_patients");
    let mut with_tick = body.clone();
    with_tick["application"]["patient_uninformed"] = json!(true);
    own.post("/v1/cases").json(&with_tick).send().expect_problem(409, "address_is_the_patients");
    applicant.post("/v1/cases").json(&with_tick).send().expect(201);
    app.agency().post("/v1/cases").json(&with_tick).send().expect_problem(409, "uninformed_with_agency");
}

#[test]
fn an_agency_takes_part_by_a_decision_of_counsel_that_the_desk_records() {
    let app = App::start();
    let desk = app.coordinator();
    let case = Case::represented_by(&app, &app.agency(), &[DAUGHTER]);
    let decision = json!({ "counsel_decision": { "decided_by": "Ms. Abe", "decided_on": "2026-11-20", "reference": "L-12" } });
    case.step_with(&desk, "patient-uninformed/claim", &decision).expect_problem(409, "uninformed_with_agency");
    let admin = app.administrator();
    let etag = admin.get("/v1/settings").send().expect(200).etag();
    admin.patch("/v1/settings").if_match(&etag).json(&json!({ "intake": { "uninformed_with_agency": true } })).send().expect(200);
    case.step_with(&desk, "patient-uninformed/claim", &json!({})).expect_problem(422, "counsel_decision_missing");
    case.step_with(&app.agency(), "patient-uninformed/claim", &json!({})).expect_problem(409, "uninformed_with_agency");
    case.step_with(&app.agency(), "patient-uninformed/claim", &decision).expect_problem(422, "counsel_is_the_desks");
    let to_come = json!({ "counsel_decision": { "decided_by": "Ms. Abe", "decided_on": "2026-11-25", "reference": "L-12" } });
    case.step_with(&desk, "patient-uninformed/claim", &to_come).expect_problem(422, "invalid_fields");
    case.step_with(&desk, "patient-uninformed/claim", &decision).expect(200);
    assert_eq!(case.told(&app.agency(), "patient_uninformed_claimed").len(), 1);
    let seen = case.read(&desk);
    assert_eq!(seen["patient_uninformed"]["counsel_decision"]["reference"], "L-12", "whoever attests sees it");
    let list = desk.get(&case.path("checklist")).send().expect(200).json();
    let items: Vec<&str> = list["entries"].as_array().unwrap().iter().map(|line| line["item"].as_str().unwrap()).collect();
    assert!(!items.contains(&"agency_disclosure_consent"), "who does not know cannot sign: {items:?}");
}

/// Every field that takes an address, a name or a telephone, with the patient's.
#[test]
fn the_patients_own_addresses_are_refused_wherever_one_is_taken() {
    let app = App::start();
    let (applicant, desk) = (app.applicant(), app.coordinator());
    let case = claimed(&app);
    let own = "Mei.Tanaka@EXAMPLE.org";
    for relation in ["applicant", "patient", "representative"] {
        let invitation = json!({ "email": own, "relation": relation });
        let problem = case.step_with(&applicant, "invitations", &invitation);
        assert_eq!(problem.status, 409, "{relation}");
    }
    let patch = |body: Value| applicant.patch(&case.path("")).if_match("*").json(&json!({ "application": body })).send();
    patch(json!({ "contact_person": { "phone": "+6567325778" } })).expect_problem(409, "contact_is_patient");
    let visitor = json!([{ "name": { "alphabetic": "Kai Tanaka" }, "relation": "child", "phone": "+6567325778" }]);
    patch(json!({ "representatives": visitor })).expect_problem(422, "phone_is_the_patients");
    let added = json!({ "representative": { "name": { "alphabetic": "Jo Tan" }, "relation": "sibling", "phone": "+6567325778" } });
    case.step_with(&applicant, "representatives", &added).expect_problem(422, "phone_is_the_patients");
    // The applicant's own address becomes the patient's.
    patch(json!({ "patient": { "email": "applicant@example.org" } })).expect_problem(409, "address_is_the_patients");
    case.step(&applicant, "submit").expect(200);
    let contacts = json!({ "application": { "patient": { "email": "applicant@example.org" } }, "reason": "A slip." });
    case.step_with(&desk, "correct-contacts", &contacts).expect_problem(409, "address_is_the_patients");
    case.to_triage();
    case.step_with(&app.chief(), "patient-uninformed/attest", &json!({ "approved": true })).expect(200);
    case.accept();
    let estimate = case.issue_estimate();
    let accept = |change: Value| {
        let mut body = acceptance("applicant");
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        applicant.post(&format!("{estimate}/accept")).json(&body).send()
    };
    let problem = accept(json!({ "recipient": "TANAKA Mei\n12 Orchard Road" })).expect_problem(422, "invalid_fields");
    assert_eq!(problem.pointers(), ["/recipient"]);
    let party = json!({ "payer": "other", "recipient": "ACME GmbH", "third_party": { "email": own } });
    assert_eq!(accept(party).expect_problem(422, "invalid_fields").pointers(), ["/third_party/email"]);
    accept(json!({ "recipient": "Kai Tanaka\n12 Orchard Road" })).expect(200);
}

/// Nobody writes to a patient who does not know, or telephones: neither is asked for.
#[test]
fn an_application_for_a_patient_who_does_not_know_needs_no_way_to_reach_them() {
    let app = App::start();
    let case = claimed(&app);
    let without = json!({ "application": { "patient": { "email": null, "phone": null } } });
    app.applicant().patch(&case.path("")).if_match("*").json(&without).send().expect(200);
    case.step(&app.applicant(), "submit").expect(200);
    let known = Case::represented_by(&app, &app.applicant(), &[DAUGHTER]);
    app.applicant().patch(&known.path("")).if_match("*").json(&without).send().expect(200);
    known.step(&app.applicant(), "submit").expect_problem(409, "contact_incomplete");
}

/// Nobody who has the patient's address gets a letter about the case, in whatever way they came to it.
#[test]
fn no_letter_goes_to_the_patients_address() {
    let app = App::start();
    let case = claimed(&app);
    // By a way that there is not: an account with the patient's address is part of the case.
    app.person("mei.tanaka", Role::Applicant);
    app.join(&case.id, "mei.tanaka", Membership::Applicant);
    case.step(&app.applicant(), "submit").expect(200);
    app.letter("applicant", "received");
    assert_eq!(app.letters_to("mei.tanaka@example.org"), ["new_device"], "of the account's own sign-in, and nothing of the case");
}

/// Every operation on a case, as the patient's account: byte for byte as if there were no such case.
#[test]
fn for_the_patients_account_there_is_no_such_case() {
    let app = App::start();
    let scene = visits_scene(&app);
    let on_a_case = Operation::offered().filter(|operation| operation.is_on_case() && visits_alone(*operation));
    let seen: Vec<String> = on_a_case.filter_map(|operation| hidden_from_the_patient(&app, operation, &scene)).collect();
    assert_eq!(seen, Vec::<String>::new());
    // Every list, count and search is that of somebody who has no case at all.
    let (patient, nobody) = (app.person("patient", Role::Applicant), app.person("nobody", Role::Applicant));
    for list in ["/v1/cases", "/v1/cases?words=Tanaka", "/v1/cases/counts", "/v1/invoices", "/v1/refunds", "/v1/cases?stage=in_triage"] {
        let (theirs, empty) = (patient.get(list).send().expect(200), nobody.get(list).send().expect(200));
        assert_eq!(theirs.bytes, empty.bytes, "{list}");
    }
}

/// What was written before the claim is closed like what was written after it.
#[test]
fn a_claim_closes_what_was_before_it() {
    let app = App::start();
    let case = Case::represented_by(&app, &app.applicant(), &[DAUGHTER]);
    case.step_with(&app.applicant(), "messages", &json!({ "text": "Before." })).expect(201);
    case.upload(&app.applicant(), "letter.pdf", LETTER, &[("language", "en")]).expect(201);
    let tick = |uninformed: bool| {
        let body = json!({ "application": { "patient_uninformed": uninformed } });
        app.applicant().patch(&case.path("")).if_match("*").json(&body).send().expect(200);
    };
    tick(true);
    tick(false);
    app.join(&case.id, "patient", Membership::Patient);
    let patient = app.person("patient", Role::Applicant);
    for list in ["messages", "documents", "timeline"] {
        let seen = patient.get(&case.path(list)).send().expect(200).json();
        let events: Vec<&Value> = seen["data"].as_array().unwrap().iter().filter(|one| one["event"] != "application_changed").collect();
        assert_eq!(events, Vec::<&Value>::new(), "{list}");
    }
    let other = Case::represented_by(&app, &app.applicant(), &[DAUGHTER]);
    for uninformed in [true, false, true] {
        let body = json!({ "application": { "patient_uninformed": uninformed } });
        app.applicant().patch(&other.path("")).if_match("*").json(&body).send().expect(200);
    }
    let again = other.read(&app.coordinator())["patient_uninformed"].clone();
    assert_eq!((&again["state"], &again["ended_at"]), (&json!("claimed"), &json!(null)), "a new claim has no end");
    let own = app.applicant().get(&case.path("messages")).send().expect(200).json();
    assert_eq!(own["data"][0]["text"], "Before.", "the family reads its own");
    let faults = app.wait(app.hospital.examine_rows(|_, _| ())).unwrap();
    assert_eq!(faults, Vec::<String>::new());
}

/// What a physician confirms opens what comes later, and nothing of before.
#[test]
fn once_the_patient_knows_later_events_are_theirs_and_earlier_ones_are_not() {
    let app = App::start();
    let case = claimed(&app);
    case.step(&app.applicant(), "submit").expect(200);
    let text = json!({ "text": "Please do not tell him." });
    case.step_with(&app.applicant(), "messages", &text).expect(201);
    case.upload(&app.applicant(), "letter.pdf", LETTER, &[("language", "en")]).expect(201);
    case.to_triage();
    app.after(SignedDuration::from_hours(1));
    let told = json!({ "reason": "The family told him on Sunday." });
    case.step_with(&app.coordinator(), "patient-uninformed/end", &told).expect_problem(422, "physician_not_named");
    let by_desk = json!({ "reason": "The family told him on Sunday.", "confirmed_by": "Dr. Sato" });
    let ended = case.step_with(&app.coordinator(), "patient-uninformed/end", &by_desk).expect(200).json();
    assert_eq!(
        (&ended["patient_uninformed"]["state"], &ended["patient_uninformed"]["confirmed_by"]),
        (&json!("ended"), &json!("Dr. Sato"))
    );
    case.step_with(&app.coordinator(), "patient-uninformed/end", &by_desk).expect_problem(409, "not_uninformed");
    app.join(&case.id, "patient", Membership::Patient);
    let patient = app.person("patient", Role::Applicant);
    let seen = case.read(&patient);
    assert_eq!((&seen["patient_uninformed"], &seen["application"]["questions"]), (&json!(null), &json!([])));
    assert_eq!(seen["application"]["patient_uninformed"], json!(false));
    let list = |path: &str| patient.get(&case.path(path)).send().expect(200).json()["data"].clone();
    assert_eq!((list("messages"), list("timeline"), list("representatives")), (json!([]), json!([]), json!([])));
    assert_eq!(list("documents"), json!([]));
    let accesses = list("accesses");
    let operations: Vec<&str> = accesses.as_array().unwrap().iter().map(|one| one["operation"].as_str().unwrap()).collect();
    assert!(
        operations.iter().all(|one| ["getCase", "listMessages", "listTimeline", "listRepresentatives", "listDocuments"].contains(one)),
        "{operations:?}"
    );
    case.step_with(&app.coordinator(), "messages", &json!({ "text": "Welcome." })).expect(201);
    assert_eq!((list("messages")[0]["text"].clone(), list("timeline")[0]["event"].clone()), (json!("Welcome."), json!("message_posted")));
}

/// A claim comes too late while an estimate stands in the patient's name.
#[test]
fn a_claim_waits_until_no_paper_is_in_the_patients_name() {
    let app = App::start();
    let (applicant, desk) = (app.applicant(), app.coordinator());
    let case = Case::with_visitors(&app, &[DAUGHTER]);
    case.to_triage();
    case.accept();
    let estimate = case.issue_estimate();
    let mut in_his_name = acceptance("applicant");
    in_his_name["recipient"] = json!("Mei Tanaka");
    applicant.post(&format!("{estimate}/accept")).json(&in_his_name).send().expect(200);
    case.step_with(&desk, "patient-uninformed/claim", &json!({})).expect_problem(409, "patient_is_on_paper");
}

/// After the claim the patient joins as the patient or not at all, and reads nothing of before by any list.
#[test]
fn a_patient_who_was_told_finds_nothing_of_before_by_any_way() {
    let app = App::start();
    let (applicant, desk) = (app.applicant(), app.coordinator());
    let case = claimed(&app);
    case.step(&applicant, "submit").expect(200);
    let reason = json!({ "reason": "The daughter's handwriting." });
    case.step_with(&desk, "checklist/application_form/reject", &reason).expect(200);
    case.step_with(&desk, "information-requests", &json!({ "questions": ["Before?"] })).expect(201);
    app.after(SignedDuration::from_hours(1));
    let told = json!({ "reason": "The family told him.", "confirmed_by": "Dr. Sato" });
    case.step_with(&app.coordinator(), "patient-uninformed/end", &told).expect(200);
    for relation in ["representative", "applicant"] {
        let invitation = json!({ "email": "mei.tanaka@example.org", "relation": relation });
        case.step_with(&app.applicant(), "invitations", &invitation).expect_problem(409, "address_is_the_patients");
    }
    app.join(&case.id, "patient", Membership::Patient);
    let patient = app.person("patient", Role::Applicant);
    let list = patient.get(&case.path("checklist")).send().expect(200).json();
    let form = &list["entries"][0];
    assert_eq!((&form["item"], &form["state"], &form["reason"]), (&json!("application_form"), &json!("missing"), &json!(null)));
    let own = app.applicant().get(&case.path("checklist")).send().expect(200).json();
    assert_eq!(own["entries"][0]["reason"], "The daughter's handwriting.");
    let asked = |who: &crate::support::app::Person<'_>| {
        who.get(&case.path("information-requests")).send().expect(200).json()["data"].as_array().unwrap().len()
    };
    assert_eq!(asked(&patient), 0);
    case.step_with(&app.coordinator(), "information-requests", &json!({ "questions": ["After?"] })).expect(201);
    assert_eq!((asked(&patient), asked(&app.applicant())), (1, 2), "what comes later is theirs");
    patient.get(&case.path("consent-form")).send().expect_problem(409, "no_consent_needed");
}
