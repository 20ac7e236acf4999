//! Those who visit for the patient, and what the patient signed (stories 1.2, 1.3 and 1.20, as far as the door).

use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::given::{Case, LETTER};
use crate::support::visits::{on_paper, represented};

const FRIEND: (&str, &str) = ("Kim Lee", "friend");
const SPOUSE: (&str, &str) = ("Kai Tanaka", "spouse");

/// The line of the patient's consent in the checklist, as the applicant reads it.
fn consent_line(case: &Case<'_>) -> Option<Value> {
    let list = case.app.applicant().get(&case.path("checklist")).send().expect(200).json();
    list["entries"].as_array().unwrap().iter().find(|line| line["item"] == "patient_consent").cloned()
}

fn start_triage(case: &Case<'_>) -> crate::support::http::Answer {
    let department = case.app.department("Breast Surgery").to_string();
    case.step_with(&case.app.coordinator(), "start-triage", &json!({ "department_id": department }))
}

/// Story 1.2: a friend without the patient's consent.
#[test]
fn a_friend_is_received_with_a_consent_that_the_patient_signed() {
    let app = App::start();
    let (applicant, desk) = (app.applicant(), app.coordinator());
    let case = Case::with_visitors(&app, &[FRIEND]);
    app.letter("applicant", "consent_needed");
    let friend = case.visitors().remove(0);
    let line = consent_line(&case).unwrap();
    assert_eq!((&line["state"], &line["blocks"], &line["representative_ids"]), (&json!("missing"), &json!("triage"), &json!([friend])));
    case.step(&desk, "checklist/application_form/verify").expect(200);
    start_triage(&case).expect_problem(409, "no_visitor_can_be_received");
    // The form names the friend.
    let form = applicant.get(&case.path("consent-form?language=ja")).send().expect(200);
    assert_eq!(form.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(form.header("content-security-policy"), Some("default-src 'none'; style-src 'unsafe-inline'"));
    assert_eq!(form.header("content-language"), Some("ja"));
    let page = String::from_utf8(form.bytes).unwrap();
    for word in ["代理相談に関する同意書", "Kim Lee", "Mei Tanaka", "1961-04-12"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    // The brother signed.
    let by_brother = json!({ "kind": "representative_consultation", "signer": "other", "representative_ids": [friend], "on_paper": true });
    let problem = case.register_consent(&desk, &by_brother).expect_problem(422, "signer_not_allowed").json();
    assert_eq!(problem["errors"][0]["pointer"], "/signer");
    // In a language that nobody translates: the form says what it says.
    let copy = case.upload(&applicant, "consent.pdf", LETTER, &[("item", "patient_consent"), ("language", "zh")]).expect(201).text("/id");
    let letter = case.upload(&applicant, "letter.pdf", LETTER, &[("item", "referral_letter"), ("language", "en")]).expect(201).text("/id");
    let mut paper = on_paper(&[&friend]);
    paper["on_paper"] = json!(false);
    case.register_consent(&applicant, &paper).expect_problem(422, "copy_missing");
    paper["document_id"] = json!("doc_01jd8x5k2neht8xg8y7w9zq4rt");
    let problem = case.register_consent(&applicant, &paper).expect_problem(422, "invalid_fields").json();
    assert_eq!(problem["errors"][0]["pointer"], "/document_id");
    paper["document_id"] = json!(letter);
    let problem = case.register_consent(&applicant, &paper).expect_problem(422, "invalid_fields").json();
    assert_eq!(problem["errors"][0]["code"], "no_consent_document");
    paper["document_id"] = json!(copy);
    let first = case.register_consent(&applicant, &paper).expect(201);
    assert_eq!((first.text("/state"), first.text("/representative_ids/0")), ("registered".to_owned(), friend.clone()));
    start_triage(&case).expect_problem(409, "no_visitor_can_be_received");
    // The desk sees that it is the brother's hand.
    let refused = json!({ "outcome": "refused", "reason": "not_signed_by_patient", "text": "It is the brother's signature." });
    let checked = case.check_consent(&first.text("/id"), &refused).expect(200);
    assert_eq!((checked.text("/state"), checked.text("/refusal")), ("refused".to_owned(), "not_signed_by_patient".to_owned()));
    let line = consent_line(&case).unwrap();
    assert_eq!((&line["state"], &line["reason"]), (&json!("rejected"), &json!("It is the brother's signature.")));
    assert_eq!((&line["consent_refusal"], &line["next"]), (&json!("not_signed_by_patient"), &json!("applicant")));
    let letter = app.letter("applicant", "consent_again");
    let body = letter["body"].as_str().unwrap();
    assert!(body.contains("it is not signed by the patient. It is the brother's signature."), "{body}");
    // The patient's own.
    case.consent_for(&[&friend]);
    assert_eq!(consent_line(&case).unwrap()["state"], "verified");
    start_triage(&case).expect(200);
    let register = applicant.get(&case.path("consents")).send().expect(200).json();
    let states: Vec<&Value> = register["data"].as_array().unwrap().iter().map(|one| &one["state"]).collect();
    assert_eq!(states, ["refused", "verified"]);
    assert_eq!(register["data"][1]["valid_until_on"], "2027-11-20", "a year from the signature");
}

/// Story 1.3: a spouse and a friend together.
#[test]
fn the_consent_of_one_visitor_blocks_that_visitor_alone() {
    let app = App::start();
    let desk = app.coordinator();
    let case = Case::with_visitors(&app, &[SPOUSE, FRIEND]);
    let ids = case.visitors();
    let line = consent_line(&case).unwrap();
    assert_eq!((&line["blocks"], &line["representative_ids"]), (&json!("reception"), &json!([ids[1]])));
    let people = app.applicant().get(&case.path("representatives")).send().expect(200).json();
    let states: Vec<_> = people["data"].as_array().unwrap().iter().map(|one| (&one["is_family"], &one["consent_state"])).collect();
    assert_eq!(states, [(&json!(true), &json!(null)), (&json!(false), &json!("missing"))]);
    case.to_triage();
    case.accept();
    // A brother whom nobody announced; then the spouse does not come after all.
    let brother = json!({ "representative": { "name": { "alphabetic": "Ren Tanaka" }, "relation": "sibling" } });
    case.step_with(&app.applicant(), "representatives", &brother).expect_problem(409, "wrong_stage");
    let problem = case.step_with(&desk, "representatives", &brother).expect_problem(422, "invalid_fields").json();
    assert_eq!(problem["errors"][0]["pointer"], "/reason");
    let mut with_reason = brother.clone();
    with_reason["reason"] = json!("He travels with them.");
    let added = case.step_with(&desk, "representatives", &with_reason).expect(201);
    let ended = case.step_with(&desk, &format!("representatives/{}/end", ids[0]), &json!({ "reason": "He is ill." })).expect(200);
    assert_eq!((ended.text("/state"), ended.json()["ended_at"].is_string()), ("ended".to_owned(), true));
    let notes = desk.get(&case.path("internal-notes")).send().expect(200).json();
    assert_eq!(notes["data"].as_array().unwrap().len(), 2, "the reasons are kept");
    assert_eq!(case.visitors(), [ids[1].clone(), added.text("/id")]);
    let found = desk.get("/v1/cases?words=Ren").send().expect(200);
    assert_eq!(found.text("/data/0/id"), case.id, "by the name of somebody who was added");
}

/// Story 1.20: a minor whose mother signs for her.
#[test]
fn a_legal_representative_signs_for_a_minor_and_only_they_do() {
    let app = App::start();
    let (applicant, desk) = (app.applicant(), app.coordinator());
    let mut form = represented(&[FRIEND]);
    form["patient"]["legal_representative"] = json!({ "name": { "alphabetic": "Yuko Tanaka" }, "relation": "parent", "ground": "minor" });
    let body = json!({ "kind": "representative_consultation", "application": form });
    let case = Case { app: &app, id: applicant.post("/v1/cases").json(&body).send().expect(201).text("/id") };
    case.step(&applicant, "submit").expect(200);
    let friend = case.visitors().remove(0);
    case.register_consent(&desk, &on_paper(&[&friend])).expect_problem(422, "signer_not_allowed");
    let mut by_mother = on_paper(&[&friend]);
    by_mother["signer"] = json!("legal_representative");
    let consent = case.register_consent(&desk, &by_mother).expect(201).text("/id");
    let right = json!({ "outcome": "verified" });
    case.check_consent(&consent, &right).expect_problem(409, "evidence_missing");
    let proven = |evidence: &str| {
        let mother = json!({ "name": { "alphabetic": "Yuko Tanaka" }, "relation": "parent", "ground": "minor", "evidence": evidence });
        json!({ "application": { "patient": { "legal_representative": mother } }, "reason": "The birth certificate was shown." })
    };
    case.step_with(&desk, "correct-contacts", &proven("Birth certificate")).expect(200);
    case.check_consent(&consent, &right).expect(200);
    let page = String::from_utf8(desk.get(&case.path("consent-form")).send().expect(200).bytes).unwrap();
    assert!(page.contains("Yuko Tanaka: Minor"), "{page}");
}

#[test]
fn a_withdrawn_consent_counts_from_the_next_request() {
    let app = App::start();
    let case = Case::opened_by(&app, &app.agency());
    app.join(&case.id, "patient", domain::access::Membership::Patient);
    case.step(&app.agency(), "submit").expect(200);
    case.to_triage();
    case.accept();
    case.accept_estimate(&app.agency(), "agency").expect(200);
    let invoice = case.issue_invoice();
    case.pay(&invoice, "TT-1", 110_000).expect(201);
    case.to_delivery();
    let consent = case.disclose_to_agency();
    app.agency().get(&case.path("opinion")).send().expect(200);
    let patient = app.person("patient", domain::access::Role::Applicant);
    let withdrawn = case.step_with(&patient, &format!("consents/{consent}/withdraw"), &json!({ "text": "I changed my mind." })).expect(200);
    assert_eq!(withdrawn.text("/state"), "withdrawn");
    app.agency().get(&case.path("opinion")).send().expect_problem(404, "not_found");
    case.check_consent(&consent, &json!({ "outcome": "verified" })).expect_problem(409, "consent_not_open");
    case.step_with(&patient, &format!("consents/{consent}/withdraw"), &json!({})).expect_problem(409, "consent_not_open");
}

#[test]
fn the_form_is_printed_in_every_language_that_the_hospital_has_added() {
    let app = App::start();
    let applicant = app.applicant();
    let case = Case::with_visitors(&app, &[("<b>Kim & Lee</b>", "friend")]);
    let english = applicant.get(&case.path("consent-form")).send().expect(200);
    assert_eq!(english.header("content-language"), Some("en"), "the patient's language");
    let page = String::from_utf8(english.bytes).unwrap();
    assert!(page.contains("&#60;b&#62;Kim &#38; Lee&#60;/b&#62;") && !page.contains("<b>"), "{page}");
    assert!(page.contains("代理相談に関する同意書"), "the hospital's people read Japanese");
    applicant.get(&case.path("consent-form?language=zh")).send().expect_problem(400, "invalid_parameters");
    let mut form: Value = serde_json::from_str(include_str!("../../api/messages/consent-forms/en.json")).unwrap();
    (form["language"], form["title"]) = (json!("zh"), json!("代理咨询第二诊疗意见同意书"));
    let admin = app.administrator();
    let etag = admin.get("/v1/settings").send().expect(200).etag();
    let twice = json!({ "consents": { "forms": [form, form] } });
    admin.patch("/v1/settings").if_match(&etag).json(&twice).send().expect_problem(422, "invalid_fields");
    admin.patch("/v1/settings").if_match(&etag).json(&json!({ "consents": { "forms": [form] } })).send().expect(200);
    let chinese = applicant.get(&case.path("consent-form?language=zh-CN")).send().expect(200);
    assert_eq!(chinese.header("content-language"), Some("zh"));
    assert!(String::from_utf8(chinese.bytes).unwrap().contains("代理咨询第二诊疗意见同意书"));
    applicant.get(&case.path("consent-form?language=zh-Hant")).send().expect_problem(400, "invalid_parameters");
    let languages = app.anonymous().get("/v1/catalogue").send().expect(200).json()["consent_form_languages"].clone();
    assert_eq!(languages, json!(["zh", "en", "ja"]));
    let etag = admin.get("/v1/settings").send().expect(200).etag();
    admin.patch("/v1/settings").if_match(&etag).json(&json!({ "consents": { "valid_days": 180 } })).send().expect(200);
    let page = String::from_utf8(applicant.get(&case.path("consent-form")).send().expect(200).bytes).unwrap();
    assert!(page.contains("holds for 180 days") && page.contains("署名日から180日間"), "{page}");
    let family = Case::with_visitors(&app, &[SPOUSE]);
    applicant.get(&family.path("consent-form")).send().expect_problem(409, "no_consent_needed");
    let own = Case::submitted(&app);
    applicant.get(&own.path("consent-form")).send().expect_problem(409, "no_consent_needed");
}

#[test]
fn a_visitor_is_corrected_on_the_version_that_was_read() {
    let app = App::start();
    let desk = app.coordinator();
    let case = Case::with_visitors(&app, &[FRIEND]);
    let friend = case.visitors().remove(0);
    let consent = case.consent_for(&[&friend]);
    let list = desk.get(&case.path("representatives")).send().expect(200);
    let path = case.path(&format!("representatives/{friend}"));
    let phone = json!({ "representative": { "phone": "+6567325780" }, "reason": "A digit was wrong." });
    desk.patch(&path).json(&phone).send().expect_problem(428, "if_match_required");
    let corrected = desk.patch(&path).if_match(&list.etag()).json(&phone).send().expect(200);
    assert_eq!((corrected.text("/phone"), corrected.text("/consent_state")), ("+6567325780".to_owned(), "verified".to_owned()));
    let name = json!({ "representative": { "name": { "alphabetic": "Kim Li" } }, "reason": "As in the passport." });
    desk.patch(&path).if_match(&list.etag()).json(&name).send().expect_problem(412, "stale");
    let renamed = desk.patch(&path).if_match(&corrected.etag()).json(&name).send().expect(200);
    assert_eq!(renamed.text("/consent_state"), "provided", "the paper names another name");
    let register = desk.get(&case.path("consents")).send().expect(200).json();
    assert_eq!((&register["data"][0]["id"], &register["data"][0]["state"]), (&json!(consent), &json!("registered")));
    assert_eq!(case.told(&app.applicant(), "representative_changed").len(), 2);
}

#[test]
fn people_in_the_form_keep_their_identifiers() {
    let app = App::start();
    let applicant = app.applicant();
    let case = Case::represented_by(&app, &applicant, &[SPOUSE]);
    let spouse = case.visitors().remove(0);
    let list = |people: Value| json!({ "application": { "representatives": people } });
    let both = list(json!([
        { "id": spouse, "name": { "alphabetic": "Kai Tanaka" }, "relation": "spouse" },
        { "name": { "alphabetic": "Kim Lee" }, "relation": "friend" },
    ]));
    applicant.patch(&case.path("")).if_match("*").json(&both).send().expect(200);
    let ids = case.visitors();
    assert_eq!((ids.len(), &ids[0]), (2, &spouse));
    let unknown = list(json!([{ "id": "rep_01jd8x5k2neht8xg8y7w9zq4rt", "name": { "alphabetic": "Kim Lee" } }]));
    let problem = applicant.patch(&case.path("")).if_match("*").json(&unknown).send().expect_problem(422, "person_not_in_form").json();
    assert_eq!(problem["errors"][0]["pointer"], "/application/representatives/0/id");
    case.step_with(&applicant, &format!("representatives/{}/end", ids[1]), &json!({})).expect(200);
    assert_eq!(case.visitors(), std::slice::from_ref(&spouse));
    case.step(&applicant, "submit").expect(200);
    case.step_with(&applicant, &format!("representatives/{spouse}/end"), &json!({})).expect_problem(409, "last_representative");
}
