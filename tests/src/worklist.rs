//! The worklist and its counts.

use serde_json::{Value, json};

use crate::support::app::{App, Person};
use crate::support::given::Case;

fn ids(who: &Person<'_>, query: &str) -> Vec<String> {
    let list = who.get(&format!("/v1/cases{query}")).send().expect(200).json();
    list["data"].as_array().unwrap().iter().map(|line| line["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn everybody_sees_their_own_cases_newest_first() {
    let app = App::start();
    let (first, second) = (Case::draft(&app), Case::in_triage(&app));
    let agencys = Case::opened_by(&app, &app.agency());
    assert_eq!(ids(&app.applicant(), ""), [second.id.clone(), first.id.clone()]);
    assert_eq!(ids(&app.coordinator(), ""), [agencys.id.clone(), second.id.clone(), first.id.clone()]);
    assert_eq!(ids(&app.agency(), ""), std::slice::from_ref(&agencys.id));
    assert_eq!(ids(&app.chief(), ""), std::slice::from_ref(&second.id));
    for nobody in [app.stranger(), app.other_agency(), app.other_chief(), app.accountant(), app.pathologist(), app.physician()] {
        assert!(ids(&nobody, "").is_empty());
    }
    let counts = app.coordinator().get("/v1/cases/counts").send().expect(200).json();
    assert_eq!(counts["total"], 3);
    assert!(counts["stages"].as_array().unwrap().contains(&json!({ "stage": "in_triage", "count": 1 })));
    assert_eq!(app.stranger().get("/v1/cases/counts").send().expect(200).json(), json!({ "total": 0, "stages": [] }));
}

#[test]
fn the_list_is_narrowed_and_searched() {
    let app = App::start();
    let (draft, reviewed) = (Case::draft(&app), Case::in_triage(&app));
    let desk = app.coordinator();
    let department = app.department("Breast Surgery");
    assert_eq!(ids(&desk, "?stage=draft"), std::slice::from_ref(&draft.id));
    assert_eq!(ids(&desk, "?waiting_on=department"), std::slice::from_ref(&reviewed.id));
    assert_eq!(ids(&desk, &format!("?department_id={department}&kind=written_opinion")), std::slice::from_ref(&reviewed.id));
    assert!(ids(&desk, "?overdue=true").is_empty());
    assert!(ids(&desk, "?held=true").is_empty());
    assert_eq!(ids(&desk, "?words=TANAKA%20mei").len(), 2);
    assert_eq!(ids(&desk, "?words=%E7%94%B0%E4%B8%AD").len(), 2, "in kanji");
    assert!(ids(&desk, "?words=Suzuki").is_empty());
    let number = reviewed.read(&desk)["number"].as_str().unwrap().to_owned();
    assert_eq!(ids(&desk, &format!("?words={number}")), std::slice::from_ref(&reviewed.id));
    let wrong = desk.get("/v1/cases?stage=lost&limit=0&sort=name").send().expect_problem(400, "invalid_parameters");
    assert_eq!(wrong.pointers(), ["/query/limit", "/query/sort", "/query/stage"]);
}

#[test]
fn pages_follow_each_other_and_cursors_are_bound_to_their_filters() {
    let app = App::start();
    let mut opened: Vec<String> = (0..5).map(|_| Case::draft(&app).id).collect();
    opened.reverse();
    let me = app.applicant();
    let (mut seen, mut query) = (Vec::new(), "?limit=2".to_owned());
    loop {
        let page: Value = me.get(&format!("/v1/cases{query}")).send().expect(200).json();
        seen.extend(page["data"].as_array().unwrap().iter().map(|line| line["id"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else {
            assert_eq!(page["has_more"], false);
            break;
        };
        query = format!("?limit=2&cursor={cursor}");
    }
    assert_eq!(seen, opened);
    let other = me.get(&format!("/v1/cases{query}&stage=draft")).send().expect_problem(400, "invalid_parameters");
    assert_eq!(other.pointers(), ["/query/cursor"]);
    me.get("/v1/cases?cursor=nonsense").send().expect_problem(400, "invalid_parameters");
}

#[test]
fn the_desk_finds_what_is_late_held_referred_or_assigned() {
    let app = App::start();
    let (late, held) = (Case::accepted(&app), Case::accepted(&app));
    late.to_writing();
    held.to_writing();
    let referred = Case::opened_by(&app, &app.agency());
    let agency = app.agency_named("Sakura Medical Travel");
    let physician = app.physician().id();
    held.step_with(&app.coordinator(), "hold", &json!({ "reason": "department" })).expect(200);
    assert!(ids(&app.coordinator(), "?overdue=true").is_empty(), "not before the last day is over");

    app.after(jiff::SignedDuration::from_hours(12 * 24));
    let desk = app.coordinator();
    assert_eq!(ids(&desk, "?overdue=true"), std::slice::from_ref(&late.id), "a clock that stands still is not late");
    assert_eq!(ids(&desk, "?held=true"), std::slice::from_ref(&held.id));
    assert_eq!(ids(&desk, "?held=false"), [referred.id.clone(), late.id.clone()]);
    assert_eq!(ids(&desk, &format!("?agency_id={agency}")), std::slice::from_ref(&referred.id));
    assert_eq!(ids(&desk, &format!("?responsible_id={physician}&held=false")), std::slice::from_ref(&late.id));
    assert!(ids(&app.stranger(), &format!("?agency_id={agency}")).is_empty(), "a filter opens nothing");
}

#[test]
fn a_list_that_has_not_changed_is_not_sent_again_and_one_that_has_is() {
    let app = App::start();
    let case = Case::draft(&app);
    let desk = app.coordinator();
    for path in ["/v1/cases", "/v1/cases/counts", &case.path("messages"), &case.path("timeline")] {
        let first = desk.get(path).send().expect(200);
        desk.get(path).header("if-none-match", first.etag()).send().expect(304);
    }
    let (worklist, messages) =
        (desk.get("/v1/cases").send().expect(200).etag(), desk.get(&case.path("messages")).send().expect(200).etag());
    case.step(&app.applicant(), "submit").expect(200);
    app.applicant().post(&case.path("messages")).json(&json!({ "text": "Hello" })).send().expect(201);
    desk.get("/v1/cases").header("if-none-match", worklist).send().expect(200);
    desk.get(&case.path("messages")).header("if-none-match", messages).send().expect(200);
}

#[test]
fn what_is_shown_differently_is_read_again_and_never_refuses_a_change() {
    let app = App::start();
    let case = Case::draft(&app);
    let me = app.applicant();
    let held = me.get(&case.path("")).send().expect(200);
    // Another reader is shown other bytes of the same version.
    let desks = app.coordinator().get(&case.path("")).send().expect(200).etag();
    assert_ne!(desks, held.etag());
    let change = |etag: &str, wish: bool| {
        me.patch(&case.path("")).if_match(etag).json(&json!({ "application": { "wishes_treatment_here": wish } })).send()
    };
    let changed = change(&desks, true).expect(200);
    change(&held.etag(), false).expect_problem(412, "stale");
    change("\"no-version\"", false).expect_problem(412, "stale");
    let version = changed.json()["version"].as_i64().unwrap();
    change(&format!("\"{version}\""), false).expect(200);
}
