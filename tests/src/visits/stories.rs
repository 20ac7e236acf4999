//! Days of visits as they go, by the numbers of the stories they were written down under.

use domain::access::{Membership, Role};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{TODAY, amounts, hours};
use crate::support::app::App;
use crate::support::appointments::{afternoons, notice, received, talk, time, visitor};
use crate::support::books::{books, expected};
use crate::support::given::Case;
use crate::support::visits::{on_paper, represented};

const SPOUSE: (&str, &str) = ("Kai Tanaka", "spouse");
const FRIEND: (&str, &str) = ("Kim Lee", "friend");

/// An accepted visit of these people, on a day at three in the afternoon.
fn scheduled<'a>(app: &'a App, visitors: &[(&str, &str)], day: &str) -> Case<'a> {
    let case = Case::with_visitors(app, visitors);
    case.to_triage();
    case.accept();
    case.agree(&json!({}));
    afternoons(app, &app.physician(), &[day]);
    case.book(&time(day, "15:00", &app.physician())).expect(201);
    case
}

/// The codes of people who cannot be received, by their place.
fn refused(case: &Case<'_>, people: &[Value]) -> Vec<(String, String)> {
    let problem = case.arrive(people).expect_problem(409, "cannot_be_received").json();
    let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    problem["errors"].as_array().unwrap().iter().map(|one| (text(one, "pointer"), text(one, "code"))).collect()
}

fn outside(id: &str, reason: &str) -> Value {
    json!({ "person": "representative", "representative_id": id, "outcome": "outside", "reason": reason })
}

/// Story 1.3: the spouse is received; the friend's consent blocks the friend alone.
#[test]
fn a_spouse_is_heard_while_a_friend_waits_outside_and_a_brother_comes_along() {
    let app = App::start();
    let case = scheduled(&app, &[SPOUSE, FRIEND], TODAY);
    let ids = case.visitors();
    let consent = case.consent_for(&[&ids[1]]);
    // Withdrawn a minute before: it counts from the next request.
    case.step_with(&app.applicant(), &format!("consents/{consent}/withdraw"), &json!({})).expect(200);
    let mut friend = visitor(&ids[1]);
    friend["original_seen"] = json!(true);
    assert_eq!(refused(&case, &[visitor(&ids[0]), friend]), [("/people/1".to_owned(), "consent_missing".to_owned())]);
    let brother = json!({
        "person": "unannounced", "name": { "alphabetic": "Ren Tanaka" }, "relation": "sibling", "outcome": "received",
        "identity": { "kind": "passport", "ends_with": "12" },
    });
    let arrived = case.arrive(&[visitor(&ids[0]), outside(&ids[1], "consent_withdrawn"), brother]).expect(200).json();
    let people: Vec<&Value> = arrived["people"].as_array().unwrap().iter().map(|one| &one["outcome"]).collect();
    assert_eq!(people, ["received", "outside", "received"]);
    hours(&app, 4);
    let mut held = talk(TODAY, "15:00", "15:25", 1);
    held["took_place"]["representative_ids"] = json!([ids[0], ids[1]]);
    let stray = case.record(&app.physician(), &held).expect_problem(422, "not_received");
    assert_eq!(stray.pointers(), ["/took_place/representative_ids/1"], "who was not received was not in the room");
    held["took_place"]["representative_ids"] = json!([ids[0]]);
    case.record(&app.physician(), &held).expect(200);
    assert_eq!(amounts(&case.pay_at_the_counter(TODAY).expect(201).json()), [33_000, 30_000, 3_000]);
}

/// Story 1.4: a daughter is heard, and nothing tells her father.
#[test]
fn a_daughter_is_heard_before_her_father_knows() {
    let app = App::start();
    let case = Case::represented_by(&app, &app.applicant(), &[("Kai Tanaka", "child")]);
    case.step_with(&app.applicant(), "patient-uninformed/claim", &json!({})).expect(200);
    case.step(&app.applicant(), "submit").expect(200);
    case.to_triage();
    case.step_with(&app.chief(), "patient-uninformed/attest", &json!({ "approved": true })).expect(200);
    case.accept();
    // The father has an account, and an application of his own that is answered as if he were alone.
    let father = app.person("mei.tanaka", Role::Applicant);
    let own = Case::opened_by(&app, &father);
    own.step(&father, "submit").expect(200);
    let estimate = case.issue_estimate();
    let accept = |recipient: &str| {
        let body = json!({ "terms_version": "2024-02-26", "payer": "applicant", "recipient": recipient });
        app.applicant().post(&format!("{estimate}/accept")).json(&body).send()
    };
    accept("Mei Tanaka\n12 Orchard Road").expect_problem(422, "invalid_fields");
    accept("Kai Tanaka\n1-1 Chuo, Tokyo").expect(200);
    afternoons(&app, &app.physician(), &[TODAY]);
    case.book(&time(TODAY, "15:00", &app.physician())).expect(201);
    let daughter = case.visitors().remove(0);
    case.arrive(&[visitor(&daughter)]).expect(200);
    hours(&app, 4);
    case.record(&app.physician(), &talk(TODAY, "15:00", "15:25", 1)).expect(200);
    let wish = json!({ "text": "Please treat him here." });
    case.step_with(&app.applicant(), "treatment-requests", &wish).expect_problem(409, "patient_uninformed");
    assert_eq!(amounts(&case.pay_at_the_counter(TODAY).expect(201).json()), [33_000, 30_000, 3_000]);
    case.step_with(&app.coordinator(), "close", &json!({})).expect(200);
    let father = app.person("mei.tanaka", Role::Applicant);
    father.get(&case.path("")).send().expect_problem(404, "not_found");
    let seen = father.get("/v1/cases").send().expect(200).json();
    assert_eq!(seen["data"].as_array().unwrap().iter().map(|one| &one["id"]).collect::<Vec<_>>(), [&json!(own.id)]);
    let letters = app.letters_to("mei.tanaka@example.org");
    assert!(letters.iter().all(|reason| ["new_device", "received"].contains(&reason.as_str())), "{letters:?}");
    // A further case goes on with what he does not know; no other service can.
    let follow = |kind: &str, application: Value| {
        let body = json!({ "kind": kind, "follows_id": case.id, "application": application });
        app.coordinator().post("/v1/cases").json(&body).send()
    };
    follow("written_opinion", json!({})).expect_problem(409, "uninformed_not_allowed");
    follow("representative_consultation", json!({ "patient_uninformed": false })).expect_problem(409, "uninformed_not_allowed");
    let next = Case { app: &app, id: follow("representative_consultation", json!({})).expect(201).text("/id") };
    assert_eq!(next.read(&app.coordinator())["patient_uninformed"]["state"], "claimed");
    let invitation = json!({ "email": "mei.tanaka@example.org", "relation": "patient" });
    next.step_with(&app.coordinator(), "invitations", &invitation).expect_problem(409, "address_is_the_patients");
    let told = json!({ "reason": "He was told.", "confirmed_by": "Dr. Sato" });
    case.step_with(&app.coordinator(), "patient-uninformed/end", &told).expect(200);
    app.join(&case.id, "mei.tanaka", Membership::Patient);
    let timeline = father.get(&case.path("timeline")).send().expect(200).json();
    assert_eq!(timeline["data"], json!([]), "no line tells what there was");
}

/// Story 1.20: a girl of sixteen with her mother; and a friend of the family whose consent the mother signed.
#[test]
fn a_minor_is_received_with_her_mother_and_a_friend_with_the_mothers_signature() {
    let app = App::start();
    let mother = |evidence: Option<&str>| {
        let mut one = json!({ "name": { "alphabetic": "Yuko Tanaka" }, "relation": "parent", "ground": "minor" });
        if let Some(evidence) = evidence {
            one["evidence"] = json!(evidence);
        }
        one
    };
    let mut young = crate::support::given::application();
    (young["patient"]["birth_on"], young["patient"]["legal_representative"]) = (json!("2010-05-01"), mother(None));
    let body = json!({ "kind": "patient_consultation", "application": young });
    let girl = Case { app: &app, id: app.applicant().post("/v1/cases").json(&body).send().expect(201).text("/id") };
    girl.step(&app.applicant(), "submit").expect(200);
    girl.to_triage();
    girl.accept();
    girl.agree(&json!({}));
    afternoons(&app, &app.physician(), &[TODAY]);
    girl.book(&time(TODAY, "15:00", &app.physician())).expect(201);
    let with_her = json!({ "person": "companion", "name": { "alphabetic": "Yuko Tanaka" }, "relation": "parent", "outcome": "received" });
    girl.arrive(&[received("patient"), with_her]).expect(200);
    let mut form = represented(&[FRIEND]);
    form["patient"]["legal_representative"] = mother(None);
    let body = json!({ "kind": "representative_consultation", "application": form });
    let case = Case { app: &app, id: app.applicant().post("/v1/cases").json(&body).send().expect(201).text("/id") };
    case.step(&app.applicant(), "submit").expect(200);
    let friend = case.visitors().remove(0);
    let shown = json!({
        "application": { "patient": { "legal_representative": mother(Some("Birth certificate")) } }, "reason": "It was shown at the desk.",
    });
    case.step_with(&app.coordinator(), "correct-contacts", &shown).expect(200);
    let mut paper = on_paper(&[&friend]);
    paper["signer"] = json!("legal_representative");
    let consent = case.register_consent(&app.coordinator(), &paper).expect(201).text("/id");
    case.check_consent(&consent, &json!({ "outcome": "verified" })).expect(200);
    case.to_triage();
    case.accept();
    case.agree(&json!({}));
    case.book(&time(TODAY, "16:00", &app.physician())).expect(201);
    assert_eq!(refused(&case, &[visitor(&friend)]), [("/people/0/original_seen".to_owned(), "original_missing".to_owned())]);
    let mut seen = visitor(&friend);
    seen["original_seen"] = json!(true);
    case.arrive(&[seen]).expect(200);
    hours(&app, 5);
    for (one, from, to) in [(&girl, "15:00", "15:25"), (&case, "16:00", "16:25")] {
        one.record(&app.physician(), &talk(TODAY, from, to, 1)).expect(200);
        assert_eq!(amounts(&one.pay_at_the_counter(TODAY).expect(201).json()), [33_000, 30_000, 3_000]);
    }
}

/// Story 1.21: the interpreter is missing on the day.
#[test]
fn somebody_interprets_by_telephone_or_the_physician_says_why_nobody_does() {
    let app = App::start();
    for (how, words, is_recorded) in [
        ("not_needed", Value::Null, false),
        ("went_on_without", Value::Null, false),
        ("went_on_without", json!("She speaks enough English."), true),
        ("replaced", json!("By telephone."), true),
    ] {
        let case = Case::visit_opened_by(&app, &app.applicant());
        let vietnamese = json!({ "application": { "language": "vi" } });
        app.applicant().patch(&case.path("")).if_match("*").json(&vietnamese).send().expect(200);
        case.step(&app.applicant(), "submit").expect(200);
        case.to_triage();
        case.accept();
        case.agree(&json!({}));
        let receiving = app.person(&format!("receiving-{}", case.id.to_lowercase().replace('_', "-")), Role::Physician);
        let day = app.clock.now().in_tz("Asia/Tokyo").unwrap().date().to_string();
        afternoons(&app, &receiving, &[&day]);
        case.book(&time(&day, "15:00", &receiving)).expect_problem(422, "interpreter_not_named");
        let booking = json!({ "time": time(&day, "15:00", &receiving), "interpreter": "hospital" });
        case.step_with(&app.coordinator(), "appointments", &booking).expect(201);
        case.arrive(&[received("patient")]).expect(200);
        hours(&app, 4);
        let mut held = talk(&day, "15:00", "15:25", 1);
        held["took_place"]["interpreter"] = json!(how);
        held["took_place"]["interpreter_text"] = words;
        let answer = case.record(&app.physician(), &held);
        if is_recorded {
            answer.expect(200);
        } else {
            answer.expect_problem(409, "interpreter_missing");
        }
        app.after(SignedDuration::from_hours(20));
    }
}

/// Story 1.22: a flight and a visa move the visit twice, free of charge.
#[test]
fn a_visit_is_moved_twice_and_a_third_time_with_the_desks_reason() {
    let app = App::start();
    let case = Case::visit(&app, &json!({ "payment": "prepaid" }));
    let invoice = case.issue_invoice();
    case.pay(&invoice, "TT-1", 33_000).expect(201);
    let days = ["2026-12-10", "2026-12-17", "2026-12-18", "2026-12-21"];
    afternoons(&app, &app.physician(), &days);
    let id = case.book(&time(days[0], "15:00", &app.physician())).expect(201).text("/id");
    let to = |day: &str, notice: Value| {
        case.change(&id, "reschedule", &json!({ "time": time(day, "15:00", &app.physician()), "notice": notice }))
    };
    to(days[1], notice("applicant", TODAY)).expect(200);
    to(days[2], notice("applicant", TODAY)).expect(200);
    to(days[3], notice("applicant", TODAY)).expect_problem(422, "move_needs_reason");
    let mut with_reason = notice("applicant", TODAY);
    with_reason["text"] = json!("The embassy was closed.");
    let moved = to(days[3], with_reason).expect(200).json();
    assert_eq!((moved["changes"].as_array().unwrap().len(), &moved["time"]["starts_at"]), (3, &json!("2026-12-21T06:00:00Z")));
    let free = app.applicant().get(&format!("/v1/slots?from_on={}&until_on={}", days[0], days[2])).send().expect(200).json();
    assert_eq!(free["data"].as_array().unwrap().len(), 3 * 6, "each half hour that it left is free again");
    assert_eq!(books(&app), expected(&[("bank", 33_000), ("advances_received", -33_000)]), "no move costs anything");
}
