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
    assert_eq!(made.text("/status"), "invited");
    assert_eq!((made.json()["roles"].clone(), made.text("/pending_roles/0/role")), (json!([]), "chief".to_owned()));
    app.person("second-administrator", Role::Administrator).approve_roles_of(&made.text("/id"));
    app.sign_in("abe").expect_problem(401, "sign_in_refused");
    let letter = app.letter("abe", "welcome");
    let chosen = json!({ "code": letter["code"], "password": "plum tree in the rain" });
    app.anonymous().post("/v1/password-resets/confirm").json(&chosen).send().expect(200);
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
    let listed = app.anonymous().get("/v1/departments").send().expect(200);
    assert!(closed.etag().starts_with(listed.text("/data/0/etag").trim_end_matches('"')), "the version, for If-Match");
    assert_eq!(listed.json()["data"][0]["accepting"], false);
    admin.patch(&one).if_match(&made.etag()).json(&json!({ "accepting": true })).send().expect_problem(412, "stale");
    admin.patch(&one).if_match(&listed.text("/data/0/etag")).json(&json!({ "name_en": "Breast Care" })).send().expect(200);
    let nowhere = admin.patch("/v1/departments/dept_01jd8x5k2neht8xg8y7w9zq4rt").if_match("*").json(&json!({})).send();
    nowhere.expect_problem(404, "not_found");

    let body = json!({ "name": "Sakura Medical Travel", "contact": { "email": "desk@sakura.example" } });
    let agency = admin.post("/v1/agencies").json(&body).send().expect(201);
    let one = agency.header("location").unwrap();
    let with_name = admin.patch(one).if_match(&agency.etag()).json(&json!({ "contact": { "name": "Lin Wei" } })).send().expect(200);
    let contact = with_name.json()["contact"].clone();
    assert_eq!(contact, json!({ "name": "Lin Wei", "email": "desk@sakura.example", "phone": null }), "objects merge");
    let without = admin.patch(one).if_match(&with_name.etag()).json(&json!({ "contact": { "name": null } })).send().expect(200);
    assert_eq!(without.json()["contact"]["name"], json!(null));
    admin.patch(one).if_match(&with_name.etag()).json(&json!({ "name": "Ume" })).send().expect_problem(412, "stale");
    let wrong = json!({ "name": null, "contact": { "email": "nobody", "phone": "12" }, "active": "yes" });
    let refused = admin.patch(one).if_match("*").json(&wrong).send().expect_problem(422, "invalid_fields");
    assert_eq!(refused.pointers(), ["/active", "/contact/email", "/contact/phone", "/name"], "every fault of a merge patch at once");
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
    assert_eq!(
        (before.json()["opinions"]["due_from_days"].clone(), before.json()["opinions"]["due_to_days"].clone()),
        (json!(7), json!(10))
    );
    let wrong = json!({
        "opinions": { "due_to_days": 3 },
        "billing": { "issuer": { "registration_number": "T1234567890123" } },
        "contact": { "hours": null }
    });
    let refused = admin.patch("/v1/settings").if_match(&before.etag()).json(&wrong).send().expect_problem(422, "invalid_fields");
    assert_eq!(refused.pointers(), ["/billing/issuer/registration_number", "/opinions/due_to_days"]);
    let patch = json!({ "intake": { "patient_fields": ["name"], "contact_person_fields": ["name"] } });
    let changed = admin.patch("/v1/settings").if_match(&before.etag()).json(&patch).send().expect(200);
    admin.patch("/v1/settings").if_match(&before.etag()).json(&patch).send().expect_problem(412, "stale");
    let short = json!({ "kind": "written_opinion", "application": {
        "patient": { "name": { "alphabetic": "Mei" } }, "contact_person": { "name": { "alphabetic": "Kai" } },
        "questions": ["Why?"], "has_family_or_friend_in_japan": false,
    } });
    let case = app.applicant().post("/v1/cases").json(&short).send().expect(201).text("/id");
    app.applicant().post(&format!("/v1/cases/{case}/submit")).send().expect(200);
    let back =
        admin.patch("/v1/settings").if_match(&changed.etag()).json(&json!({ "intake": { "patient_fields": null } })).send().expect(200);
    assert!(back.json()["intake"]["patient_fields"].as_array().unwrap().len() > 1, "null puts the default back in force");
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
    let backwards = "/v1/audit-entries?since_at=2026-11-24T00:00:00Z&until_at=2026-11-23T00:00:00Z";
    let wrong = app.auditor().get(backwards).send().expect_problem(400, "invalid_parameters");
    assert_eq!(wrong.pointers(), ["/query/until_at"]);
    let refused = trail(&format!("case_id={}&outcome=refused", case.id));
    assert_eq!(refused["data"][0]["actor_id"], app.stranger().id());
    assert!(!refused.to_string().contains("Tanaka"), "ids and codes only");

    let mine = app.applicant().get(&case.path("accesses")).send().expect(200).json();
    assert_eq!(
        mine["data"].as_array().unwrap().iter().find(|one| one["operation"] == "getCase").unwrap()["actor_roles"],
        json!(["coordinator"])
    );
    let seen: Vec<&Value> = mine["data"].as_array().unwrap().iter().filter(|access| access["operation"] == "getCase").collect();
    assert_eq!(seen.iter().map(|access| access["actor_id"].as_str().unwrap()).collect::<Vec<_>>(), [reader.id()]);
    app.person("guest", Role::Applicant).get(&case.path("accesses")).send().expect_problem(404, "not_found");
}

#[test]
fn the_trail_is_read_by_time_and_page_by_page() {
    let app = App::start();
    let case = Case::draft(&app);
    let (me, noon) = (app.applicant(), app.clock.now());
    case.read(&me);
    app.after(jiff::SignedDuration::from_hours(1));
    let later = app.clock.now();
    for _ in 0..3 {
        case.read(&app.applicant());
    }
    let auditor = app.auditor();
    let trail = |query: &str| auditor.get(&format!("/v1/audit-entries?case_id={}&{query}", case.id)).send();
    let reads = |query: &str| trail(&format!("operation=getCase&{query}")).expect(200).json()["data"].as_array().unwrap().len();
    assert_eq!((reads(&format!("until_at={later}")), reads(&format!("since_at={later}"))), (1, 3));
    assert_eq!((reads(&format!("since_at={noon}&until_at={noon}")), reads("outcome=failed"), reads("outcome=done")), (0, 0, 4));

    let first = trail("operation=getCase&limit=3").expect(200).json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = trail(&format!("operation=getCase&limit=3&cursor={cursor}")).expect(200).json();
    assert_eq!((first["data"].as_array().unwrap().len(), rest["data"].as_array().unwrap().len()), (3, 1));
    assert_eq!((&rest["has_more"], rest["data"][0]["occurred_at"].as_str()), (&json!(false), Some(noon.to_string().as_str())));
    let other = trail(&format!("operation=listMessages&cursor={cursor}")).expect_problem(400, "invalid_parameters");
    assert_eq!(other.pointers(), ["/query/cursor"], "a cursor belongs to its filters");
    let wrong = trail("outcome=maybe&since_at=yesterday&actor_id=case_1&who=me").expect_problem(400, "invalid_parameters");
    assert_eq!(wrong.pointers(), ["/query/actor_id", "/query/outcome", "/query/since_at", "/query/who"]);
    app.administrator().get("/v1/audit-entries").send().expect_problem(403, "forbidden");

    let mine = app.applicant().get(&case.path("accesses?limit=1")).send().expect(200).json();
    assert_eq!((mine["data"].as_array().unwrap().len(), &mine["has_more"]), (1, &json!(true)));
    app.coordinator().get(&case.path("accesses")).send().expect_problem(403, "forbidden");
}

#[test]
fn the_patient_learns_who_looked_at_the_case_and_a_representative_does_not() {
    let app = App::start();
    let case = Case::submitted(&app);
    case.to_triage();
    case.read(&app.chief());
    app.join(&case.id, "patient", domain::access::Membership::Patient);
    app.join(&case.id, "visitor", domain::access::Membership::Representative);
    let seen = app.person("patient", Role::Applicant).get(&case.path("accesses?limit=100")).send().expect(200).json();
    let by_chief = seen["data"].as_array().unwrap().iter().find(|one| one["actor_roles"] == json!(["chief"])).unwrap();
    assert_eq!((&by_chief["operation"], &by_chief["actor_id"]), (&json!("getCase"), &json!(app.chief().id())));
    app.person("visitor", Role::Applicant).get(&case.path("accesses")).send().expect_problem(404, "not_found");
}

#[test]
fn forms_of_a_name_merge_and_the_last_one_stays() {
    let app = App::start();
    let account = format!("/v1/users/{}", app.applicant().id());
    let admin = app.administrator();
    let patch = |body: Value| admin.patch(&account).if_match("*").json(&body).send();
    let both = patch(json!({ "name": { "native": "田中 芽衣" }, "phone": "+81312345678" })).expect(200).json();
    let shown = json!({ "alphabetic": "applicant", "native": "田中 芽衣", "kana": null });
    assert_eq!((&both["name"], &both["phone"]), (&shown, &json!("+81312345678")));
    let native = patch(json!({ "name": { "alphabetic": null }, "phone": null })).expect(200).json();
    assert_eq!((&native["name"]["alphabetic"], &native["phone"]), (&json!(null), &json!(null)));
    assert_eq!(patch(json!({ "name": { "native": null } })).expect_problem(422, "invalid_fields").pointers(), ["/name"]);
    let wrong = json!({ "name": { "native": "x".repeat(201) }, "phone": "12", "language": null, "roles": [{ "department_id": null }] });
    let refused = patch(wrong).expect_problem(422, "invalid_fields");
    assert_eq!(refused.pointers(), ["/language", "/name/native", "/phone", "/roles/0/role"]);
    assert_eq!(patch(json!({ "status": "active" })).expect_problem(400, "unknown_property").pointers(), ["/status"]);
    assert_eq!(admin.get(&account).send().expect(200).json()["version"], 3, "what was refused changed nothing");
}

#[test]
fn settings_that_nobody_knows_or_of_another_type_are_named() {
    let app = App::start();
    let admin = app.administrator();
    let patch = |body: Value| admin.patch("/v1/settings").if_match("*").json(&body).send();
    assert_eq!(
        patch(json!({ "colour": "red", "billing": { "bank": { "moon": 1 } } })).expect_problem(400, "unknown_property").pointers(),
        ["/billing/bank/moon", "/colour"]
    );
    let wrong = json!({
        "intake": { "draft_expires_after_days": "ninety" },
        "review": { "decline_reasons": ["nationality"] },
        "billing": { "quote_valid_days": 0 },
        "contact": { "email": "nobody" },
    });
    let wanted = ["/billing/quote_valid_days", "/contact/email", "/intake/draft_expires_after_days", "/review/decline_reasons/0"];
    assert_eq!(patch(wrong).expect_problem(422, "invalid_fields").pointers(), wanted);
    let merged = patch(json!({ "billing": { "bank": { "branch": "Ginza" } } })).expect(200).json();
    assert_eq!((&merged["billing"]["bank"]["branch"], &merged["billing"]["bank"]["bank"]), (&json!("Ginza"), &json!("Example Bank")));
    admin.patch("/v1/settings").json(&json!({})).send().expect_problem(428, "if_match_required");
    app.coordinator().get("/v1/settings").send().expect_problem(403, "forbidden");
}
