//! The demo: people of every role, and cases in all stages.

use application::Error;
use domain::access::Role;
use serde_json::json;

use crate::support::app::App;

#[test]
fn the_demo_has_people_of_every_role_and_cases_in_all_stages() {
    let app = App::bare();
    let people = app.wait(application::demo::fill(&app.hospital)).unwrap();
    for role in Role::ALL {
        let person = people.iter().find(|person| person.role == *role).unwrap_or_else(|| panic!("nobody is {role}"));
        let body = json!({ "email": person.email, "password": person.password });
        app.anonymous().post("/v1/sessions").json(&body).send().expect(201);
    }
    let desk = json!({ "email": "coordinator@demo.example", "password": people[0].password });
    let token = app.anonymous().post("/v1/sessions").json(&desk).send().expect(201).text("/access_token");
    let counts = app.anonymous().get("/v1/cases/counts").bearer(&token).send().expect(200).json();
    let stages: Vec<&str> = counts["stages"].as_array().unwrap().iter().map(|one| one["stage"].as_str().unwrap()).collect();
    for stage in [
        "draft",
        "submitted",
        "information_requested",
        "in_triage",
        "accepted",
        "awaiting_payment",
        "writing",
        "in_review",
        "delivered",
        "closed",
        "declined",
        "cancelled",
    ] {
        assert!(stages.contains(&stage), "no case is {stage}: {stages:?}");
    }
    assert!(counts["total"].as_i64().unwrap() >= 12);
    let faults = app.wait(app.hospital.examine_rows(|_, _| {})).unwrap();
    assert_eq!(faults, Vec::<String>::new(), "each row is what the rules say");
}

#[test]
fn the_demo_never_touches_a_database_with_people_or_settings_in_it() {
    let refused = |app: &App| {
        matches!(app.wait(application::demo::fill(&app.hospital)), Err(Error::Conflict(application::Conflict::DatabaseNotEmpty)))
    };
    let with_people = App::bare();
    with_people.coordinator();
    assert!(refused(&with_people));
    assert!(refused(&App::start()));
}
