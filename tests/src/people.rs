//! Users, departments, agencies and settings, kept by administrators; and the trail that auditors read.

use domain::access::Role;
use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::given::Case;

#[test]
fn an_administrator_makes_an_account_and_its_owner_chooses_the_password() {
    let app = App::start();
    let admin = app.administrator();
    let department = app.department("Breast Surgery").to_string();
    let body = json!({
        "email": "abe@example.org", "name": { "alphabetic": "Haruto Abe" }, "language": "ja",
        "roles": [{ "role": "chief", "department_id": department }],
    });
    let made = admin.post("/v1/users").json(&body).send().expect(201);
    assert_eq!(made.text("/status"), "unverified");
    app.sign_in("abe").expect_problem(401, "sign_in_refused");
    let letter = app.letter("abe", "welcome");
    let chosen = json!({ "code": letter["code"], "password": "plum tree in the rain" });
    app.anonymous().post("/v1/password-resets/confirm").json(&chosen).send().expect(204);
    app.sign_in("abe").expect(201);
    let again = admin.post("/v1/users").json(&body).send().expect_problem(422, "invalid_fields");
    assert_eq!(again.pointers(), ["/email"]);
    let chiefs = admin.get("/v1/users?role=chief").send().expect(200).json();
    assert_eq!(chiefs["data"].as_array().unwrap().len(), 1);
}

#[test]
fn roles_that_make_no_sense_are_named() {
    let app = App::start();
    let refused = |roles: Value| {
        let body = json!({ "email": "x@example.org", "name": { "alphabetic": "X" }, "language": "en", "roles": roles });
        app.administrator().post("/v1/users").json(&body).send().expect(422).pointers()
    };
    assert_eq!(refused(json!([{ "role": "chief" }, { "role": "coordinator" }, { "role": "agency" }])), ["/roles/0", "/roles/2"]);
    assert_eq!(refused(json!([{ "role": "applicant" }, { "role": "coordinator" }])), ["/roles"]);
    let nowhere = json!([{ "role": "chief", "department_id": "dept_01jd8x5k2neht8xg8y7w9zq4rt" }]);
    assert_eq!(refused(nowhere), ["/roles/0/department_id"]);
    assert_eq!(refused(json!([])), ["/roles"]);
}

#[test]
fn whoever_is_shut_out_is_out_with_the_next_request() {
    let app = App::start();
    let desk = app.coordinator();
    let account = format!("/v1/users/{}", desk.id());
    let etag = app.administrator().get(&account).send().expect(200).etag();
    let out = app.administrator().patch(&account).if_match(&etag).json(&json!({ "disabled": true })).send().expect(200);
    desk.get("/v1/cases").send().expect_problem(401, "session_ended");
    app.sign_in("coordinator").expect_problem(401, "sign_in_refused");
    app.administrator().patch(&account).if_match(&out.etag()).json(&json!({ "disabled": false })).send().expect(200);
    app.sign_in("coordinator").expect(201);
    let myself = format!("/v1/users/{}", app.administrator().id());
    let etag = app.administrator().get(&myself).send().expect(200).etag();
    let refused = app.administrator().patch(&myself).if_match(&etag).json(&json!({ "disabled": true })).send();
    assert_eq!(refused.expect_problem(422, "invalid_fields").pointers(), ["/disabled"]);
}

#[test]
fn another_role_is_held_from_the_next_sign_in_on() {
    let app = App::start();
    let desk = app.coordinator();
    let account = format!("/v1/users/{}", desk.id());
    let etag = app.administrator().get(&account).send().expect(200).etag();
    let body = json!({ "roles": [{ "role": "auditor" }] });
    app.administrator().patch(&account).if_match(&etag).json(&body).send().expect(200);
    desk.get("/v1/cases").send().expect_problem(401, "session_ended");
    let token = app.sign_in("coordinator").expect(201).text("/access_token");
    app.anonymous().get("/v1/cases").bearer(&token).send().expect_problem(403, "forbidden");
    app.anonymous().get("/v1/audit-entries").bearer(&token).send().expect(200);
}

#[test]
fn departments_and_agencies_are_kept() {
    let app = App::start();
    let admin = app.administrator();
    let made = admin.post("/v1/departments").json(&json!({ "name_ja": "乳腺外科", "name_en": "Breast Surgery" })).send().expect(201);
    let one = format!("/v1/departments/{}", made.text("/id"));
    admin.patch(&one).json(&json!({ "accepting": false })).send().expect_problem(428, "if_match_required");
    let closed = admin.patch(&one).if_match(&made.etag()).json(&json!({ "accepting": false })).send().expect(200);
    assert_eq!(closed.json()["accepting"], false);

    let body = json!({ "name": "Sakura Medical Travel", "contact": { "email": "desk@sakura.example" } });
    let agency = admin.post("/v1/agencies").json(&body).send().expect(201);
    let one = agency.header("location").unwrap();
    assert_eq!(admin.get(one).send().expect(200).json()["contact"]["email"], "desk@sakura.example");
    assert_eq!(admin.get("/v1/agencies").send().expect(200).json()["data"].as_array().unwrap().len(), 1);
}

#[test]
fn staff_of_a_closed_agency_lose_their_access() {
    let app = App::start();
    let case = Case::opened_by(&app, &app.agency());
    let agency = format!("/v1/agencies/{}", app.agency_named("Sakura Medical Travel"));
    let etag = app.administrator().get(&agency).send().expect(200).etag();
    app.administrator().patch(&agency).if_match(&etag).json(&json!({ "active": false })).send().expect(200);
    let shut = app.agency().get(&case.path("")).send();
    assert!(matches!(shut.status, 401 | 403 | 404), "{}", shut.status);
}

#[test]
fn settings_are_changed_by_merge_patch_and_hold_at_once() {
    let app = App::start();
    let admin = app.administrator();
    let before = admin.get("/v1/settings").send().expect(200);
    assert_eq!((before.json()["opinion_due_from_days"].clone(), before.json()["opinion_due_to_days"].clone()), (json!(7), json!(10)));
    let wrong = json!({ "opinion_due_to_days": 3, "issuer": { "registration_number": "T1234567890123" }, "contact": { "hours": null } });
    let refused = admin.patch("/v1/settings").if_match(&before.etag()).json(&wrong).send().expect_problem(422, "invalid_fields");
    assert_eq!(refused.pointers(), ["/issuer/registration_number", "/opinion_due_to_days"]);
    let patch = json!({ "patient_fields": ["name"], "contact_person_fields": ["name"] });
    let changed = admin.patch("/v1/settings").if_match(&before.etag()).json(&patch).send().expect(200);
    admin.patch("/v1/settings").if_match(&before.etag()).json(&patch).send().expect_problem(412, "stale");
    let short = json!({ "kind": "written_opinion", "application": {
        "patient": { "name": { "alphabetic": "Mei" } }, "contact_person": { "name": { "alphabetic": "Kai" } },
        "questions": ["Why?"], "has_family_or_friend_in_japan": false,
    } });
    let case = app.applicant().post("/v1/cases").json(&short).send().expect(201).text("/id");
    app.applicant().post(&format!("/v1/cases/{case}/submit")).send().expect(200);
    let back = admin.patch("/v1/settings").if_match(&changed.etag()).json(&json!({ "patient_fields": null })).send().expect(200);
    assert!(back.json()["patient_fields"].as_array().unwrap().len() > 1, "null puts the default back in force");
}

#[test]
fn the_trail_tells_who_read_what_and_who_was_refused() {
    let app = App::start();
    let case = Case::draft(&app);
    let reader = app.coordinator();
    case.read(&reader);
    app.stranger().get(&case.path("")).send().expect_problem(404, "not_found");
    let trail = |query: &str| app.auditor().get(&format!("/v1/audit-entries?{query}")).send().expect(200).json();
    let read = trail(&format!("case_id={}&operation=getCase&actor_id={}", case.id, reader.id()));
    assert_eq!(read["data"].as_array().unwrap().len(), 1);
    let refused = trail(&format!("case_id={}&outcome=refused", case.id));
    assert_eq!(refused["data"][0]["actor_id"], app.stranger().id());
    assert!(!refused.to_string().contains("Tanaka"), "ids and codes only");

    let mine = app.applicant().get(&case.path("accesses")).send().expect(200).json();
    let seen: Vec<&Value> = mine["data"].as_array().unwrap().iter().filter(|access| access["operation"] == "getCase").collect();
    assert_eq!(seen.iter().map(|access| access["actor_id"].as_str().unwrap()).collect::<Vec<_>>(), [reader.id()]);
    app.person("guest", Role::Applicant).get(&case.path("accesses")).send().expect_problem(404, "not_found");
}
