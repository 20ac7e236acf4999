//! The written opinion: who writes, who signs, who reads, and that a delivered edition never changes.

use domain::access::{Membership, Role};
use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::given::{Case, opinion};

fn in_writing(app: &App) -> Case<'_> {
    let case = Case::accepted(app);
    case.to_writing();
    case
}

fn without(part: &str) -> Value {
    let mut content = opinion();
    content[part] = json!(null);
    content
}

#[test]
fn a_draft_is_written_by_the_responsible_physician_alone_once_the_payment_is_there() {
    let app = App::start();
    let case = Case::accepted(&app);
    case.write(&opinion()).expect_problem(409, "wrong_stage");
    case.to_writing();
    let path = case.path("opinion");
    let draft = json!({ "content": opinion() });
    app.physician().get(&path).send().expect_problem(404, "not_found");
    app.physician().put(&path).if_match("\"1-nothing\"").json(&draft).send().expect_problem(412, "stale");
    for other in [app.other_physician(), app.chief(), app.director(), app.other_chief()] {
        other.put(&path).json(&draft).send().expect_problem(404, "not_found");
    }
    for other in [app.applicant(), app.coordinator(), app.accountant(), app.administrator()] {
        other.put(&path).json(&draft).send().expect_problem(403, "forbidden");
    }
    let written = case.write(&json!({ "history": "Begun." })).expect(200);
    assert_eq!((written.text("/state").as_str(), written.text("/author_id")), ("draft", app.physician().id()));
    let again = app.physician().put(&path).if_match(&written.etag()).json(&draft).send().expect(200);
    app.physician().put(&path).if_match(&written.etag()).json(&draft).send().expect_problem(412, "stale");
    let known = app.physician().get(&path).header("if-none-match", again.etag()).send().expect(304);
    assert!(known.bytes.is_empty());

    for reader in [app.physician(), app.chief(), app.director()] {
        assert_eq!(reader.get(&path).send().expect(200).json()["content"], again.json()["content"]);
    }
    for outsider in [app.applicant(), app.coordinator(), app.other_physician(), app.other_chief(), app.accountant()] {
        outsider.get(&path).send().expect_problem(404, "not_found");
    }
}

#[test]
fn an_opinion_that_lacks_parts_or_is_longer_than_a_page_is_not_submitted() {
    let app = App::start();
    let case = in_writing(&app);
    let submit = |content: &Value| {
        case.write(content).expect(200);
        case.step(&app.physician(), "opinion/submit")
    };
    submit(&json!({})).expect_problem(409, "opinion_incomplete");
    submit(&without("recommendation")).expect_problem(409, "opinion_incomplete");
    let mut silent = opinion();
    silent["answers"] = json!([]);
    submit(&silent).expect_problem(409, "questions_unanswered");
    let mut long = opinion();
    long["options"] = json!("手術\n".repeat(53));
    let refused = submit(&long).expect_problem(409, "opinion_too_long");
    assert!(refused.text("/detail").contains("52"), "{}", refused.text("/detail"));
    case.step_with(&app.coordinator(), "hold", &json!({ "reason": "other", "text": "The physician is away." })).expect(200);
    submit(&opinion()).expect_problem(409, "on_hold");
    case.step(&app.coordinator(), "resume").expect(200);
    assert_eq!(submit(&opinion()).expect(200).text("/state"), "submitted");
    case.write(&opinion()).expect_problem(409, "wrong_stage");

    let wrong = json!({ "content": { "urgency": "now", "language": "no language", "answers": [{ "question": 10, "text": "x".repeat(10_001) }], "mood": 1 } });
    let refused = app.physician().put(&case.path("opinion")).json(&wrong).send().expect_problem(422, "invalid_fields");
    let wanted = ["/content/answers/0/question", "/content/answers/0/text", "/content/language", "/content/mood", "/content/urgency"];
    assert_eq!(refused.pointers(), wanted);
}

#[test]
fn the_chief_or_the_director_of_the_department_signs_and_nobody_else() {
    let app = App::start();
    for who in [App::chief, App::director] {
        let case = in_writing(&app);
        case.write(&opinion()).expect(200);
        case.step(&app.physician(), "opinion/submit").expect(200);
        for (outsider, status) in [(app.physician(), 403), (app.coordinator(), 403), (app.applicant(), 403), (app.other_chief(), 404)] {
            case.step(&outsider, "opinion/deliver").expect(status);
            case.step_with(&outsider, "opinion/return", &json!({ "comment": "No." })).expect(status);
        }
        let leader = who(&app);
        let deliver = || leader.post(&case.path("opinion/deliver")).key("0191-sign").in_japanese().send();
        let answer = deliver().expect(200);
        assert_eq!((answer.text("/signature/signed_by"), answer.text("/signature/department")), (leader.id(), "Breast Surgery".to_owned()));
        assert!(["医長", "部長"].contains(&answer.text("/signature/title").as_str()), "{}", answer.text("/signature/title"));
        assert_eq!(deliver().expect(200).header("idempotent-replayed"), Some("true"));
        case.step(&leader, "opinion/deliver").expect_problem(409, "wrong_stage");
        case.step_with(&leader, "opinion/return", &json!({ "comment": "Too late." })).expect_problem(409, "wrong_stage");
        case.write(&opinion()).expect_problem(409, "wrong_stage");
    }
}

#[test]
fn a_delivered_opinion_is_read_by_those_whom_it_concerns_and_keeps_its_editions() {
    let app = App::start();
    let case = in_writing(&app);
    app.join(&case.id, "patient", Membership::Patient);
    case.to_delivery();
    let path = case.path("opinion");
    let first = app.applicant().get(&path).send().expect(200).json();
    assert_eq!((&first["state"], &first["edition"], &first["earlier_editions"]), (&json!("delivered"), &json!(1), &json!([])));
    app.person("patient", Role::Applicant).get(&path).send().expect(200);
    for outsider in [app.stranger(), app.other_physician(), app.other_chief(), app.accountant(), app.pathologist(), app.agency()] {
        outsider.get(&path).send().expect_problem(404, "not_found");
    }
    for by_role in [app.administrator(), app.auditor()] {
        by_role.get(&path).send().expect_problem(403, "forbidden");
    }

    let amend = |content: &Value| case.step_with(&app.chief(), "opinion/addenda", &json!({ "content": content }));
    amend(&without("recommendation")).expect_problem(409, "opinion_incomplete");
    let mut silent = opinion();
    silent["answers"] = json!([]);
    amend(&silent).expect_problem(409, "questions_unanswered");
    case.step_with(&app.physician(), "opinion/addenda", &json!({ "content": opinion() })).expect_problem(403, "forbidden");
    let mut better = opinion();
    better["further_tests"] = json!("MRI and a bone scan.");
    amend(&better).expect(200);
    let second = app.applicant().get(&path).send().expect(200).json();
    assert_eq!((&second["edition"], second["content"]["further_tests"].as_str()), (&json!(2), Some("MRI and a bone scan.")));
    let earlier = &second["earlier_editions"][0];
    assert_eq!((&earlier["id"], &earlier["content"], &earlier["signature"]), (&first["id"], &first["content"], &first["signature"]));
}

#[test]
fn an_agency_gets_the_opinion_only_with_the_patients_consent() {
    let app = App::start();
    let case = Case::opened_by(&app, &app.agency());
    app.join(&case.id, "applicant", Membership::Applicant);
    case.step(&app.agency(), "submit").expect(200);
    case.to_triage();
    case.accept();
    case.to_writing();
    case.write(&opinion()).expect(200);
    case.step(&app.physician(), "opinion/submit").expect(200);
    // The agency's consent never blocks the patient's own opinion (R26).
    case.step(&app.chief(), "opinion/deliver").expect(200);
    app.applicant().get(&case.path("opinion")).send().expect(200);
    assert_eq!(case.read(&app.agency())["stage"], "delivered", "the agency sees that much");
    app.agency().get(&case.path("opinion")).send().expect_problem(404, "not_found");
    assert_eq!(case.read(&app.agency())["opinion_id"], json!(null));
    let consent = case.disclose_to_agency();
    app.agency().get(&case.path("opinion")).send().expect(200);
    app.other_agency().get(&case.path("opinion")).send().expect_problem(404, "not_found");
    // The consent turns out to be another patient's: with the next request the agency reads nothing any longer.
    let reason = json!({ "reason": "Signed by another patient." });
    case.step_with(&app.coordinator(), "checklist/application_form/reject", &reason).expect_problem(409, "wrong_stage");
    let refused = json!({ "outcome": "refused", "reason": "not_signed_by_patient" });
    case.step_with(&app.coordinator(), &format!("consents/{consent}/verify"), &refused).expect(200);
    app.agency().get(&case.path("opinion")).send().expect_problem(404, "not_found");
    assert_eq!(case.read(&app.agency())["opinion_id"], json!(null));
    case.disclose_to_agency();
    app.agency().get(&case.path("opinion")).send().expect(200);
    app.applicant().get(&case.path("opinion")).send().expect(200);
}

/// Story 1.17: the agency pays, the patient refuses disclosure and has no account.
#[test]
fn an_opinion_that_nobody_can_read_here_goes_by_post_to_the_patient() {
    let app = App::start();
    let (agency, desk) = (app.agency(), app.coordinator());
    let case = Case::opened_by(&app, &agency);
    case.step(&agency, "submit").expect(200);
    case.to_triage();
    case.accept();
    case.accept_estimate(&agency, "agency").expect(200);
    let invoice = case.issue_invoice();
    case.pay(&invoice, "TT-1", 110_000).expect(201);
    let sent = |on: &str| json!({ "to": "Mei Tanaka\n12 Orchard Road, Singapore", "sent_on": on, "carrier": "EMS" });
    case.step_with(&desk, "opinion/sent", &sent("2026-11-24")).expect_problem(409, "wrong_stage");
    case.to_delivery();
    for (day, code) in [("2026-11-23", "sent_before_delivery"), ("2026-11-25", "sent_in_future")] {
        let problem = case.step_with(&desk, "opinion/sent", &sent(day)).expect_problem(422, "invalid_fields").json();
        assert_eq!((&problem["errors"][0]["code"], &problem["errors"][0]["pointer"]), (&json!(code), &json!("/sent_on")));
    }
    case.step_with(&desk, "close", &json!({})).expect_problem(409, "opinion_not_sent");
    let told = case.step_with(&desk, "opinion/sent", &sent("2026-11-24")).expect(200).json();
    assert_eq!((&told["opinion_sent"][0]["carrier"], &told["opinion_sent"][0]["tracking_number"]), (&json!("EMS"), &json!(null)));
    assert_eq!(case.told(&agency, "opinion_sent").len(), 1);
    assert_eq!(case.read(&app.accountant())["opinion_sent"], json!([]), "billing sees no address");
    case.step_with(&desk, "close", &json!({})).expect(200);
    case.step_with(&desk, "opinion/sent", &sent("2026-11-24")).expect(200);
}

/// Story 1.17: after the payment the agency does not end the patient's opinion alone.
#[test]
fn an_agency_cancels_paid_work_only_with_the_patient() {
    let app = App::start();
    let agency = app.agency();
    let withdrawn = json!({ "reason": "withdrawn" });
    let paid = |joined: bool, reference: &str| {
        let case = Case::opened_by(&app, &agency);
        case.step(&agency, "submit").expect(200);
        if joined {
            app.join(&case.id, "patient", Membership::Patient);
        }
        case.to_triage();
        case.accept();
        case.accept_estimate(&agency, "agency").expect(200);
        let invoice = case.issue_invoice();
        case.pay(&invoice, reference, 110_000).expect(201);
        case
    };
    let case = paid(true, "TT-1");
    case.step_with(&agency, "cancel", &withdrawn).expect_problem(409, "patient_must_agree");
    assert_eq!(case.stage(), "writing");
    case.step_with(&app.person("patient", Role::Applicant), "cancel", &withdrawn).expect(200);
    assert_eq!(case.refund().read(&app.accountant())["amount"]["amount"], 55_000);
    let other = paid(true, "TT-2");
    other.step_with(&app.coordinator(), "cancel", &withdrawn).expect(200);
    paid(false, "TT-3").step_with(&agency, "cancel", &withdrawn).expect(200);
    let unpaid = Case::opened_by(&app, &agency);
    app.join(&unpaid.id, "patient", Membership::Patient);
    unpaid.step_with(&agency, "cancel", &withdrawn).expect(200);
}

#[test]
fn a_delivered_opinion_answers_with_the_same_bytes_for_ever() {
    let app = App::start();
    let case = Case::accepted(&app);
    case.to_writing();
    case.to_delivery();
    let first = app.applicant().get(&case.path("opinion")).send().expect(200);
    let content = json!({ "content": opinion() });
    app.physician().put(&case.path("opinion")).json(&content).send().expect(409);
    case.step(&app.physician(), "opinion/submit").expect(409);
    case.step_with(&app.chief(), "opinion/return", &json!({ "comment": "Once more." })).expect(409);
    case.step(&app.chief(), "opinion/deliver").expect(409);
    let again = app.applicant().get(&case.path("opinion")).send().expect(200);
    assert_eq!((&first.bytes, first.etag()), (&again.bytes, again.etag()));
    let known = app.applicant().get(&case.path("opinion")).header("if-none-match", first.etag()).send();
    assert_eq!((known.status, known.bytes.len()), (304, 0));
    let other_words = app.applicant().get(&case.path("opinion")).in_japanese().header("if-none-match", first.etag()).send().expect(200);
    assert_eq!(other_words.header("content-language"), Some("ja"), "the same edition in another language is another representation");
}
