//! Fee schedules and estimates.

use serde_json::json;

use crate::support::app::App;

#[test]
fn the_fee_schedule_in_force_is_published_with_its_day() {
    let app = App::start();
    let list = app.anonymous().get("/v1/fee-schedules").send().expect(200).json();
    assert_eq!((list["data"].as_array().unwrap().len(), &list["has_more"]), (1, &json!(false)));
    assert_eq!(list["data"][0]["effective_on"], "2024-02-26");
    let one = format!("/v1/fee-schedules/{}", list["data"][0]["id"].as_str().unwrap());
    let read = app.anonymous().get(&one).send().expect(200);
    assert_eq!(read.json(), list["data"][0]);
    app.anonymous().get(&one).header("if-none-match", read.etag()).send().expect(304);
    app.anonymous().get("/v1/fee-schedules/fees_01jd8x5k2neht8xg8y7w9zq4rt").send().expect_problem(404, "not_found");
    app.anonymous().get("/v1/fee-schedules/nonsense").send().expect_problem(404, "not_found");
}

#[test]
fn an_estimate_is_the_sum_of_its_lines_at_the_published_prices() {
    let app = App::start();
    let wanted = json!({ "kind": "written_opinion", "re_examination": { "biopsy_slides": 2, "resected_specimens": 1 } });
    let made = app.anonymous().post("/v1/quotes").json(&wanted).send().expect(201);
    let quote = made.json();
    assert_eq!(quote["total"], json!({ "amount": 110_000 + 2 * 5_500 + 11_000, "currency": "JPY" }));
    assert_eq!(quote["tax"]["amount"], 12_000);
    assert_eq!(quote["total_is_minimum"], false);
    let lines: Vec<(&str, u64)> = quote["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (line["code"].as_str().unwrap(), line["amount"]["amount"].as_u64().unwrap()))
        .collect();
    assert_eq!(lines, [("written_opinion", 110_000), ("pathology_biopsy_slide", 11_000), ("pathology_resected_slides", 11_000)]);
    // Thirty days, to the end of the day in Tokyo.
    assert_eq!(quote["expires_at"], "2026-12-24T15:00:00Z");
    let place = made.header("location").unwrap().to_owned();
    let read = app.stranger().get(&place).send().expect(200);
    assert_eq!(read.json(), quote);
    app.anonymous().get(&place).header("if-none-match", read.etag()).send().expect(304);
    let japanese = app.anonymous().get(&place).in_japanese().send().expect(200);
    assert_eq!(japanese.json()["lines"][0]["label"], "書面によるセカンドオピニオン料");
    assert_ne!(japanese.etag(), read.etag());
}

#[test]
fn further_time_makes_the_estimate_a_minimum() {
    let app = App::start();
    let wanted = json!({ "kind": "patient_consultation", "additional_half_hours": 2 });
    let quote = app.anonymous().post("/v1/quotes").json(&wanted).send().expect(201).json();
    assert_eq!((&quote["total"]["amount"], &quote["total_is_minimum"]), (&json!(55_000), &json!(true)));
    let codes = |list: &serde_json::Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|part| part["code"].as_str().unwrap().to_owned()).collect()
    };
    assert!(codes(&quote["included"]).contains(&"conversation".to_owned()));
    assert!(codes(&quote["not_included"]).contains(&"medical_exam".to_owned()));
}

#[test]
fn what_cannot_be_estimated_is_refused_where_it_stands() {
    let app = App::start();
    let refused = |body: serde_json::Value| app.anonymous().post("/v1/quotes").json(&body).send();
    let pointers = |body| refused(body).expect_problem(422, "invalid_fields").pointers();
    assert_eq!(pointers(json!({ "kind": "written_opinion", "additional_half_hours": 1 })), ["/additional_half_hours"]);
    assert_eq!(pointers(json!({ "kind": "patient_consultation", "additional_half_hours": 7 })), ["/additional_half_hours"]);
    let nothing = json!({ "biopsy_slides": 0, "resected_specimens": 0 });
    assert_eq!(pointers(json!({ "kind": "written_opinion", "re_examination": nothing })), ["/re_examination"]);
    assert_eq!(pointers(json!({ "additional_half_hours": -1 })), ["/additional_half_hours", "/kind"]);
    assert_eq!(
        refused(json!({ "kind": "written_opinion", "discount": 1 })).expect_problem(400, "unknown_property").pointers(),
        ["/discount"]
    );
    app.anonymous().get("/v1/quotes/quote_01jd8x5k2neht8xg8y7w9zq4rt").send().expect_problem(404, "not_found");
}

#[test]
fn an_expired_estimate_stays_readable() {
    let app = App::start();
    let made = app.anonymous().post("/v1/quotes").json(&json!({ "kind": "written_opinion" })).send().expect(201);
    app.clock.advance(jiff::SignedDuration::from_hours(40 * 24));
    app.anonymous().get(made.header("location").unwrap()).send().expect(200);
}
