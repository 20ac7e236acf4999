//! Roles that see clinical content, and the role of an administrator, are given by two persons.

use domain::access::Role;
use serde_json::{Value, json};

use crate::support::app::{App, Person};
use crate::support::http::Answer;

/// The roles that two persons give, each with its place.
fn of_two_persons(app: &App) -> Vec<Value> {
    let department = app.department("Breast Surgery").to_string();
    vec![
        json!({ "role": "coordinator" }),
        json!({ "role": "physician", "department_id": department }),
        json!({ "role": "chief", "department_id": department }),
        json!({ "role": "director", "department_id": department }),
        json!({ "role": "pathologist" }),
        json!({ "role": "administrator" }),
    ]
}

fn create(by: &Person<'_>, name: &str, roles: &Value) -> Answer {
    let body = json!({ "email": format!("{name}@example.org"), "name": { "alphabetic": name }, "language": "en", "roles": roles });
    by.post("/v1/users").json(&body).send()
}

fn patch(by: &Person<'_>, user: &str, roles: &Value) -> Answer {
    by.patch(&format!("/v1/users/{user}")).if_match("*").json(&json!({ "roles": roles })).send()
}

fn second(app: &App) -> Person<'_> {
    app.person("second", Role::Administrator)
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["role"].as_str().unwrap()).collect()
}

#[test]
fn a_role_of_two_persons_is_pending_until_another_administrator_approves() {
    let app = App::start();
    let (admin, other) = (app.administrator(), second(&app));
    for (number, role) in of_two_persons(&app).into_iter().enumerate() {
        let name = format!("made-{number}");
        let made = create(&admin, &name, &json!([role, { "role": "auditor" }])).expect(201);
        let id = made.text("/id");
        assert_eq!(names(&made.json()["roles"]), ["auditor"]);
        assert_eq!(names(&made.json()["pending_roles"]), [role["role"].as_str().unwrap()]);
        let waiting = admin.get("/v1/approvals").send().expect(200);
        assert_eq!((waiting.text("/data/0/user_id"), waiting.json()["data"][0]["may_approve"].clone()), (id.clone(), json!(false)));
        let approve = format!("/v1/approvals/{}/approve-roles", waiting.text("/data/0/id"));
        admin.post(&approve).send().expect_problem(409, "second_person_needed");
        app.auditor().post(&approve).send().expect_problem(403, "forbidden");
        let approved = other.post(&approve).send().expect(200);
        assert!(names(&approved.json()["roles"]).contains(&role["role"].as_str().unwrap()));
        assert_eq!(approved.json()["pending_roles"], json!([]));
        other.post(&approve).send().expect_problem(409, "approval_not_pending");
        assert_eq!(app.letters_to(&format!("{name}@example.org")), ["roles_approved", "welcome"]);
    }
    assert_eq!(app.letters_to("second@example.org").iter().filter(|reason| *reason == "roles_requested").count(), 6);
}

#[test]
fn a_pending_role_opens_nothing() {
    let app = App::start();
    let id = app.add("reader", Role::Auditor).to_string();
    patch(&app.administrator(), &id, &json!([{ "role": "auditor" }, { "role": "coordinator" }])).expect(200);
    let reader = app.adopt("reader");
    reader.get("/v1/cases").send().expect_problem(403, "forbidden");
    assert_eq!(names(&reader.get("/v1/me").send().expect(200).json()["pending_roles"]), ["coordinator"]);
    second(&app).approve_roles_of(&id);
    reader.get("/v1/audit-entries").send().expect_problem(401, "session_ended");
    let token = app.sign_in("reader").expect(201).text("/access_token");
    app.anonymous().get("/v1/cases").bearer(&token).send().expect(200);
}

#[test]
fn roles_that_one_person_gives_are_given_at_once_and_taking_away_takes_one() {
    let app = App::start();
    let admin = app.administrator();
    let made = create(&admin, "clerk", &json!([{ "role": "accountant" }])).expect(201);
    assert_eq!((names(&made.json()["roles"]), made.json()["pending_roles"].clone()), (vec!["accountant"], json!([])));
    let desk = app.coordinator().id();
    let changed = patch(&admin, &desk, &json!([{ "role": "coordinator" }, { "role": "accountant" }])).expect(200).json();
    assert_eq!((names(&changed["roles"]).len(), &changed["pending_roles"]), (2, &json!([])), "a role that is held stays");
    let less = patch(&admin, &desk, &json!([{ "role": "accountant" }])).expect(200).json();
    assert_eq!(names(&less["roles"]), ["accountant"]);
    let back = patch(&admin, &desk, &json!([{ "role": "coordinator" }])).expect(200).json();
    assert_eq!(
        (&back["roles"], names(&back["pending_roles"])),
        (&json!([]), vec!["coordinator"]),
        "a role that was taken away is asked for anew"
    );
}

#[test]
fn nobody_gives_themselves_a_role_or_approves_their_own() {
    let app = App::start();
    let (admin, other) = (app.administrator(), second(&app));
    for role in [json!({ "role": "coordinator" }), json!({ "role": "auditor" }), json!({ "role": "accountant" })] {
        let refused = patch(&admin, &admin.id(), &json!([{ "role": "administrator" }, role])).expect_problem(422, "invalid_fields");
        assert_eq!(refused.pointers(), ["/roles"]);
    }
    patch(&other, &admin.id(), &json!([{ "role": "administrator" }, { "role": "coordinator" }])).expect(200);
    let waiting = admin.get("/v1/approvals").send().expect(200).text("/data/0/id");
    admin.post(&format!("/v1/approvals/{waiting}/approve-roles")).send().expect_problem(409, "second_person_needed");
    other.post(&format!("/v1/approvals/{waiting}/approve-roles")).send().expect_problem(409, "second_person_needed");
    app.person("third", Role::Administrator).post(&format!("/v1/approvals/{waiting}/approve-roles")).send().expect(200);
}

#[test]
fn an_administrator_of_ones_own_making_is_no_second_person() {
    let app = App::start();
    let admin = app.administrator();
    let made = create(&admin, "puppet", &json!([{ "role": "administrator" }])).expect(201);
    assert_eq!((made.json()["roles"].clone(), names(&made.json()["pending_roles"])), (json!([]), vec!["administrator"]));
    let code = app.letter("puppet", "welcome")["code"].clone();
    let chosen = json!({ "code": code, "password": crate::support::app::PASSWORD });
    app.anonymous().post("/v1/password-resets/confirm").json(&chosen).send().expect(200);
    let token = app.sign_in("puppet").expect(201).text("/access_token");
    app.anonymous().get("/v1/approvals").bearer(&token).send().expect_problem(403, "forbidden");
}

#[test]
fn a_new_request_takes_the_place_of_the_one_that_waited() {
    let app = App::start();
    let (admin, other) = (app.administrator(), second(&app));
    let id = create(&admin, "somebody", &json!([{ "role": "coordinator" }])).expect(201).text("/id");
    let first = other.get("/v1/approvals").send().expect(200).text("/data/0/id");
    patch(&other, &id, &json!([{ "role": "pathologist" }])).expect(200);
    other.post(&format!("/v1/approvals/{first}/approve-roles")).send().expect_problem(409, "approval_not_pending");
    let waiting = other.get("/v1/approvals").send().expect(200).json();
    assert_eq!((waiting["data"].as_array().unwrap().len(), names(&waiting["data"][0]["pending_roles"])), (1, vec!["pathologist"]));
    patch(&other, &id, &json!([{ "role": "auditor" }])).expect(200);
    assert_eq!(other.get("/v1/approvals").send().expect(200).json()["data"], json!([]), "what nobody wants any longer waits no more");
}

#[test]
fn of_two_administrators_who_approve_at_once_one_does() {
    let app = App::start();
    let id = create(&app.administrator(), "somebody", &json!([{ "role": "coordinator" }])).expect(201).text("/id");
    let both = [second(&app), app.person("third", Role::Administrator)];
    let waiting = both[0].get("/v1/approvals").send().expect(200).text("/data/0/id");
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let path = format!("/v1/approvals/{waiting}/approve-roles");
        let all: Vec<_> = both
            .iter()
            .map(|admin| (admin, path.clone()))
            .map(|(admin, path)| scope.spawn(move || admin.post(&path).send().status))
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let account = app.administrator().get(&format!("/v1/users/{id}")).send().expect(200).json();
    assert_eq!(names(&account["roles"]), ["coordinator"]);
}

#[test]
fn the_trail_names_the_roles_before_and_after() {
    let app = App::start();
    let id = app.add("somebody", Role::Auditor).to_string();
    patch(&app.administrator(), &id, &json!([{ "role": "auditor" }, { "role": "coordinator" }])).expect(200);
    second(&app).approve_roles_of(&id);
    let entry = |operation: &str| {
        let found = app.auditor().get(&format!("/v1/audit-entries?operation={operation}&limit=1")).send().expect(200).json();
        found["data"][0].clone()
    };
    let asked = entry("updateUser");
    assert_eq!(asked["actor_id"], app.administrator().id());
    let change = |entry: &Value, part: &str| names(&entry["role_change"][part]).into_iter().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(
        (change(&asked, "before"), change(&asked, "after"), change(&asked, "requested")),
        (vec!["auditor".to_owned()], vec!["auditor".to_owned()], vec!["coordinator".to_owned()])
    );
    let approved = entry("approveRoles");
    assert_eq!(approved["actor_id"], second(&app).id());
    assert_eq!(
        (change(&approved, "before"), change(&approved, "after")),
        (vec!["auditor".to_owned()], vec!["coordinator".to_owned(), "auditor".to_owned()])
    );
}

#[test]
fn staff_of_an_agency_see_its_patients_and_need_a_second_person_too() {
    let app = App::start();
    let agency = app.agency_named("Sakura Medical Travel").to_string();
    let made = create(&app.administrator(), "mine", &json!([{ "role": "agency", "agency_id": agency }])).expect(201);
    assert_eq!((made.json()["roles"].clone(), names(&made.json()["pending_roles"])), (json!([]), vec!["agency"]));
    second(&app).approve_roles_of(&made.text("/id"));
}

#[test]
fn of_two_administrators_who_shut_each_other_out_at_once_one_stays() {
    for _ in 0..3 {
        let app = App::start();
        let both = [app.administrator(), second(&app)];
        let ids = [both[0].id(), both[1].id()];
        let mut statuses: Vec<u16> = std::thread::scope(|scope| {
            let shut = |by: usize| {
                let other = format!("/v1/users/{}", ids[1 - by]);
                both[by].patch(&other).if_match("*").json(&json!({ "disabled": true })).send().status
            };
            let all: Vec<_> = (0..2).map(|by| scope.spawn(move || shut(by))).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401]);
    }
}

#[test]
fn nobody_is_given_a_role_while_they_are_shut_out() {
    let app = App::start();
    let id = create(&app.administrator(), "leaver", &json!([{ "role": "coordinator" }])).expect(201).text("/id");
    let waiting = second(&app).get("/v1/approvals").send().expect(200);
    assert_eq!(
        (waiting.text("/data/0/user_email"), waiting.text("/data/0/requested_by_name/alphabetic")),
        ("leaver@example.org".into(), "administrator".into())
    );
    app.administrator().patch(&format!("/v1/users/{id}")).if_match("*").json(&json!({ "disabled": true })).send().expect(200);
    let approve = format!("/v1/approvals/{}/approve-roles", waiting.text("/data/0/id"));
    second(&app).post(&approve).send().expect_problem(409, "approval_not_pending");
    assert_eq!(second(&app).get("/v1/approvals").send().expect(200).json()["data"], json!([]));
}

#[test]
fn the_trail_tells_of_refusals_and_of_being_shut_out() {
    let app = App::start();
    let admin = app.administrator();
    let made = create(&admin, "somebody", &json!([{ "role": "coordinator" }])).expect(201).text("/id");
    let waiting = admin.get("/v1/approvals").send().expect(200).text("/data/0/id");
    admin.post(&format!("/v1/approvals/{waiting}/approve-roles")).send().expect_problem(409, "second_person_needed");
    patch(&admin, &admin.id(), &json!([{ "role": "administrator" }, { "role": "auditor" }])).expect_problem(422, "invalid_fields");
    admin.patch(&format!("/v1/users/{made}")).if_match("*").json(&json!({ "disabled": true })).send().expect(200);
    let entries = |operation: &str| {
        let found = app.auditor().get(&format!("/v1/audit-entries?operation={operation}")).send().expect(200).json();
        found["data"].as_array().unwrap().clone()
    };
    let own = &entries("approveRoles")[0];
    assert_eq!(
        (&own["outcome"], &own["problem_code"], &own["actor_id"]),
        (&json!("refused"), &json!("second_person_needed"), &json!(admin.id()))
    );
    assert_eq!(own["subjects"], json!([made, waiting]));
    let [shut, oneself, ..] = &entries("updateUser")[..] else { panic!("two entries") };
    assert_eq!(
        (&oneself["outcome"], &oneself["problem_code"], &oneself["subjects"]),
        (&json!("refused"), &json!("invalid_fields"), &json!([admin.id()]))
    );
    assert_eq!((&shut["outcome"], &shut["status_change"]), (&json!("done"), &json!({ "before": "invited", "after": "disabled" })));
}

#[test]
fn an_account_made_or_changed_by_eight_at_once_answers_alike_on_both_engines() {
    let app = App::start();
    let admin = app.administrator();
    let at_once = |work: &(dyn Fn() -> u16 + Sync)| -> Vec<u16> {
        std::thread::scope(|scope| {
            let all: Vec<_> = (0..8).map(|_| scope.spawn(work)).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        })
    };
    let mut made = at_once(&|| create(&admin, "same", &json!([{ "role": "auditor" }])).status);
    made.sort_unstable();
    assert_eq!(made, [201, 422, 422, 422, 422, 422, 422, 422]);
    let id = admin.get("/v1/users?role=auditor").send().expect(200).text("/data/0/id");
    assert_eq!(at_once(&|| patch(&admin, &id, &json!([{ "role": "auditor" }, { "role": "coordinator" }])).status), [200; 8]);
    let etag = admin.get(&format!("/v1/users/{id}")).send().expect(200).etag();
    let version = admin.get(&format!("/v1/users/{id}")).send().expect(200).json()["version"].clone();
    let mut languages =
        at_once(&|| admin.patch(&format!("/v1/users/{id}")).if_match(&etag).json(&json!({ "language": "ja" })).send().status);
    languages.sort_unstable();
    assert_eq!(languages, [200, 412, 412, 412, 412, 412, 412, 412]);
    let again = admin.patch(&format!("/v1/users/{id}")).if_match("*").json(&json!({ "language": "ja" })).send().expect(200).json();
    assert_eq!(again["version"].as_u64(), version.as_u64().map(|version| version + 1), "what changes nothing changes no version");
}
