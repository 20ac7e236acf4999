//! The calendar: who receives people when, which of it is free, and the days on which nobody does.

use serde_json::{Value, json};

use crate::support::app::{App, Person};
use crate::support::http::Answer;

/// The hours of the physician of Breast Surgery on these days.
fn hours(app: &App, days: &[&str], begins: &str, ends: &str) -> Value {
    json!({
        "physician_id": app.physician().id(), "department_id": app.department("Breast Surgery").to_string(), "days": days,
        "begins": begins, "ends": ends,
    })
}

fn enter(who: &Person<'_>, hours: &Value) -> Answer {
    who.post("/v1/availabilities").json(hours).send()
}

/// When the free half hours of a list begin, in the hospital's time.
fn free(app: &App, query: &str) -> Vec<String> {
    let (mut found, mut next) = (Vec::new(), String::new());
    loop {
        let page = app.applicant().get(&format!("/v1/slots?{query}{next}")).send().expect(200).json();
        found.extend(page["data"].as_array().unwrap().iter().map(|slot| slot["hospital_at"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else { return found };
        next = format!("&cursor={cursor}");
    }
}

#[test]
fn the_desk_enters_times_in_bulk_and_each_half_hour_once() {
    let app = App::start();
    let desk = app.coordinator();
    let afternoon = hours(&app, &["2027-01-14", "2027-01-15"], "15:00", "17:00");
    let entered = enter(&desk, &afternoon).expect(201).json();
    assert_eq!(entered, json!({ "created_count": 8, "kept_count": 0 }));
    let longer = enter(&desk, &hours(&app, &["2027-01-15"], "14:30", "17:00")).expect(201).json();
    assert_eq!(longer, json!({ "created_count": 1, "kept_count": 4 }));
    let listed = desk.get("/v1/availabilities?from_on=2027-01-15&until_on=2027-01-15").send().expect(200).json();
    assert_eq!((listed["data"].as_array().unwrap().len(), &listed["data"][0]["hospital_at"]), (5, &json!("2027-01-15T14:30:00+09:00")));
    let deleted = desk.post("/v1/availabilities/delete").json(&hours(&app, &["2027-01-15"], "14:00", "15:30")).send().expect(200).json();
    assert_eq!(deleted, json!({ "deleted_count": 2 }));
    assert_eq!(free(&app, "from_on=2027-01-15&until_on=2027-01-15").len(), 3);
}

#[test]
fn a_department_keeps_its_own_calendar_and_no_other() {
    let app = App::start();
    let own = hours(&app, &["2027-01-14"], "15:00", "16:00");
    enter(&app.chief(), &own).expect(201);
    enter(&app.other_chief(), &own).expect_problem(404, "not_found");
    app.other_chief().post("/v1/availabilities/delete").json(&own).send().expect_problem(404, "not_found");
    let mut elsewhere = own.clone();
    elsewhere["department_id"] = json!(app.department("Urology").to_string());
    let problem = enter(&app.coordinator(), &elsewhere).expect_problem(422, "invalid_fields").json();
    assert_eq!(
        (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
        (&json!("/physician_id"), &json!("not_of_this_department"))
    );
    elsewhere["department_id"] = json!("dept_01jd8x5k2neht8xg8y7w9zq4rt");
    assert_eq!(enter(&app.coordinator(), &elsewhere).expect_problem(422, "invalid_fields").pointers(), ["/department_id"]);
}

#[test]
fn times_that_cannot_be_kept_are_refused_each_by_its_place() {
    let app = App::start();
    // A Saturday, a holiday, the turn of the year, yesterday, a day whose holidays nobody knows.
    let days = ["2027-01-16", "2027-01-11", "2026-12-30", "2026-11-23", "2031-02-03", "2027-01-14"];
    let problem = enter(&app.coordinator(), &hours(&app, &days, "16:00", "15:00")).expect_problem(422, "invalid_fields").json();
    let faults: Vec<String> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| format!("{} {}", fault["pointer"].as_str().unwrap(), fault["code"].as_str().unwrap()))
        .collect();
    assert_eq!(
        faults,
        [
            "/ends ends_before_it_begins",
            "/days/0 closed_day",
            "/days/1 closed_day",
            "/days/2 closed_day",
            "/days/3 in_past",
            "/days/4 beyond_calendar"
        ]
    );
    for (begins, ends) in [("15:15", "16:00"), ("15:00", "24:00"), ("3 pm", "16:00")] {
        enter(&app.coordinator(), &hours(&app, &["2027-01-14"], begins, ends)).expect_problem(422, "invalid_fields");
    }
    // Two in the morning, for two in the afternoon.
    let early = enter(&app.coordinator(), &hours(&app, &["2027-01-14"], "02:00", "04:00")).expect_problem(422, "invalid_fields");
    assert_eq!(early.pointers(), ["/begins"]);
    let late = enter(&app.coordinator(), &hours(&app, &["2027-01-14"], "17:00", "18:30")).expect_problem(422, "invalid_fields");
    assert_eq!(late.pointers(), ["/ends"]);
    let twice = hours(&app, &["2027-01-14", "2027-01-14"], "15:00", "16:00");
    assert_eq!(enter(&app.coordinator(), &twice).expect_problem(422, "invalid_fields").pointers(), ["/days/1"]);
}

/// Golden Week, the turn of the year and a leap day, page by page.
#[test]
fn free_times_come_in_order_over_every_boundary() {
    let app = App::start();
    let days = ["2026-12-28", "2027-01-04", "2027-04-28", "2027-04-30", "2027-05-06", "2028-02-29"];
    assert_eq!(enter(&app.coordinator(), &hours(&app, &days, "08:30", "09:30")).expect(201).json()["created_count"], 12);
    assert_eq!(
        free(&app, "from_on=2026-12-28&until_on=2027-01-04&limit=1"),
        ["2026-12-28T08:30:00+09:00", "2026-12-28T09:00:00+09:00", "2027-01-04T08:30:00+09:00", "2027-01-04T09:00:00+09:00"]
    );
    let golden_week = free(&app, "from_on=2027-04-28&until_on=2027-05-06&limit=2");
    assert_eq!(
        golden_week.iter().map(|at| &at[..10]).collect::<Vec<_>>(),
        ["2027-04-28", "2027-04-28", "2027-04-30", "2027-04-30", "2027-05-06", "2027-05-06"]
    );
    assert_eq!(free(&app, "from_on=2028-02-29&until_on=2028-02-29"), ["2028-02-29T08:30:00+09:00", "2028-02-29T09:00:00+09:00"]);
    let page = app.applicant().get("/v1/slots?from_on=2028-02-29&until_on=2028-02-29&time_zone=America/New_York").send().expect(200).json();
    assert_eq!(page["data"][0]["starts_at"], "2028-02-28T23:30:00Z");
    assert_eq!(page["data"][0]["reader_at"], "2028-02-28T18:30:00-05:00", "the evening before, in New York");
    app.applicant().get("/v1/slots?time_zone=Mars/Olympus").send().expect_problem(400, "invalid_parameters");
    app.applicant().get("/v1/slots?from_on=2027-01-01&until_on=2027-04-04").send().expect_problem(400, "invalid_parameters");
    app.applicant().get("/v1/slots?from_on=2027-01-02&until_on=2027-01-01").send().expect_problem(400, "invalid_parameters");
}

#[test]
fn what_has_begun_is_not_free() {
    let app = App::start();
    // Noon in Tokyo, 24 November.
    enter(&app.coordinator(), &hours(&app, &["2026-11-24"], "11:30", "13:00")).expect(201);
    assert_eq!(free(&app, ""), ["2026-11-24T12:00:00+09:00", "2026-11-24T12:30:00+09:00"]);
    let listed = app.physician().get("/v1/availabilities").send().expect(200).json();
    assert_eq!(listed["data"].as_array().unwrap().len(), 3, "the hospital sees all");
}

#[test]
fn the_half_hours_of_a_physician_who_has_left_are_not_free() {
    let app = App::start();
    enter(&app.coordinator(), &hours(&app, &["2027-01-14"], "15:00", "15:30")).expect(201);
    assert_eq!(free(&app, "from_on=2027-01-14&until_on=2027-01-14").len(), 1);
    let account = format!("/v1/users/{}", app.physician().id());
    let known = app.administrator().get(&account).send().expect(200).etag();
    app.administrator().patch(&account).if_match(&known).json(&json!({ "disabled": true })).send().expect(200);
    assert_eq!(free(&app, "from_on=2027-01-14&until_on=2027-01-14").len(), 0);
    let listed = app.coordinator().get("/v1/availabilities?from_on=2027-01-14&until_on=2027-01-14").send().expect(200).json();
    assert_eq!(listed["data"].as_array().unwrap().len(), 1, "the desk still sees what was entered");
}

#[test]
fn on_a_day_that_the_hospital_or_a_department_closes_nothing_is_free() {
    let app = App::start();
    let desk = app.coordinator();
    let days = ["2027-01-13", "2027-01-14", "2027-01-15"];
    enter(&desk, &hours(&app, &days, "15:00", "15:30")).expect(201);
    let closed = |on: &str, department: Option<&str>| json!({ "closed_on": on, "department_id": department, "text": "Anniversary", "text_ja": "開院記念日" });
    let own = app.department("Breast Surgery").to_string();
    let other = app.department("Urology").to_string();
    let known = app.anonymous().get("/v1/closed-days?from_on=2027-01-13&until_on=2027-01-15").send().expect(200);
    assert_eq!(known.json()["days"], json!([]));
    let body = json!({ "closed_days": [closed("2027-01-15", Some(&other)), closed("2027-01-14", Some(&own)), closed("2027-01-13", None)] });
    desk.put("/v1/closed-days").json(&body).send().expect_problem(428, "if_match_required");
    let changed = desk.put("/v1/closed-days").if_match(&known.etag()).json(&body).send().expect(200);
    desk.put("/v1/closed-days").if_match(&known.etag()).json(&body).send().expect_problem(412, "stale");
    let later = app.anonymous().get("/v1/closed-days?from_on=2028-01-01&until_on=2028-01-02").send().expect(200).json();
    assert_eq!(later["own_days"].as_array().unwrap().len(), 3, "whoever replaces them sees all");
    let listed = desk.get("/v1/availabilities?from_on=2027-01-13&until_on=2027-01-15").send().expect(200).json();
    let closed_since: Vec<&Value> = listed["data"].as_array().unwrap().iter().map(|one| &one["is_closed"]).collect();
    assert_eq!(closed_since, [&json!(true), &json!(true), &json!(false)]);
    assert_eq!(free(&app, "from_on=2027-01-13&until_on=2027-01-15"), ["2027-01-15T15:00:00+09:00"], "Urology's day is Urology's");
    let told = app.anonymous().get("/v1/closed-days?from_on=2027-01-11&until_on=2027-01-14").send().expect(200).json();
    let told: Vec<(&str, &str)> =
        told["days"].as_array().unwrap().iter().map(|day| (day["closed_on"].as_str().unwrap(), day["kind"].as_str().unwrap())).collect();
    assert_eq!(told, [("2027-01-11", "holiday"), ("2027-01-13", "own"), ("2027-01-14", "own")]);
    enter(&desk, &hours(&app, &["2027-01-14"], "16:00", "16:30")).expect_problem(422, "invalid_fields");
    let twice = json!({ "closed_days": [closed("2027-01-13", None), closed("2027-01-13", None), closed("2027-01-12", Some("dept_01jd8x5k2neht8xg8y7w9zq4rt"))] });
    let problem = desk.put("/v1/closed-days").if_match(&changed.etag()).json(&twice).send().expect_problem(422, "invalid_fields");
    assert_eq!(problem.pointers(), ["/closed_days/1/closed_on", "/closed_days/2/department_id"]);
}
