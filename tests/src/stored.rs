//! Rows that were damaged, or written by another version of the program: they hurt nobody but themselves, and `check` names them.

use serde_json::{Value, json};

use crate::support::app::{App, Person};
use crate::support::given::Case;

fn numbers(who: &Person<'_>, query: &str) -> Vec<String> {
    let list = who.get(&format!("/v1/cases{query}")).send().expect(200).json();
    list["data"].as_array().unwrap().iter().map(|line| line["number"].as_str().unwrap().to_owned()).collect()
}

fn faults(app: &App) -> Vec<String> {
    app.wait(app.hospital.examine_rows(|_, _| ())).unwrap()
}

/// Writes a column of the case with this number.
fn change(app: &App, number: &str, column_is: &str) {
    app.execute(&format!("UPDATE cases SET {column_is} WHERE number = '{number}'"));
}

fn number(app: &App, case: &Case<'_>) -> String {
    app.coordinator().get(&case.path("")).send().expect(200).text("/number")
}

#[test]
fn a_wrong_derived_column_is_named_and_mended_by_the_next_change() {
    let app = App::start();
    let case = Case::draft(&app);
    let number = number(&app, &case);
    assert_eq!(faults(&app), Vec::<String>::new());
    change(&app, &number, "waiting_on = 'nobody'");
    assert_eq!(faults(&app), [format!("corrupt: cases.columns in clear of {}", case.id)]);
    assert_eq!(numbers(&app.applicant(), ""), std::slice::from_ref(&number));
    let shown = app.applicant().get(&case.path("")).send().expect(200).json();
    assert_eq!(shown["waiting_on"], "applicant", "it is computed again");
    case.step(&app.applicant(), "submit").expect(200);
    assert_eq!(faults(&app), Vec::<String>::new());
}

#[test]
fn a_case_whose_authority_was_changed_outside_is_shown_to_nobody() {
    let app = App::start();
    let (case, other) = (Case::draft(&app), Case::draft(&app));
    let (changed, kept) = (number(&app, &case), number(&app, &other));
    change(&app, &changed, "patient_uninformed = (1 = 1)");
    app.applicant().get(&case.path("")).send().expect_problem(500, "internal");
    assert_eq!(numbers(&app.applicant(), ""), [kept]);
    assert_eq!(faults(&app).len(), 1);
}

#[test]
fn a_case_that_cannot_be_opened_is_left_out_of_lists_and_pages_go_on_behind_it() {
    let app = App::start();
    let cases = [Case::draft(&app), Case::draft(&app), Case::draft(&app), Case::draft(&app)];
    let all: Vec<String> = cases.iter().rev().map(|case| number(&app, case)).collect();
    app.execute(&format!(
        "UPDATE cases SET (body_sealed, summary_sealed) = (SELECT body_sealed, summary_sealed FROM cases WHERE number = '{}') \
         WHERE number IN ('{}', '{}')",
        all[3], all[1], all[2]
    ));
    let applicant = app.applicant();
    let mut paged = Vec::new();
    let mut next = "/v1/cases?limit=1".to_owned();
    loop {
        let page = applicant.get(&next).send().expect(200).json();
        paged.extend(page["data"].as_array().unwrap().iter().map(|line| line["number"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(cursor) if page["has_more"] == true => next = format!("/v1/cases?limit=1&cursor={cursor}"),
            _ => break,
        }
    }
    assert_eq!(paged, [all[0].clone(), all[3].clone()]);
    applicant.get(&cases[1].path("")).send().expect_problem(500, "internal");
    let named = faults(&app);
    assert_eq!(named.len(), 2, "{named:?}");
    for case in &cases[1..3] {
        assert!(named.iter().any(|fault| fault.contains("cases.body_sealed") && fault.contains(&case.id)), "{named:?}");
    }
}

#[test]
fn a_line_of_a_list_follows_from_its_case_and_check_names_one_that_does_not() {
    let app = App::start();
    let case = Case::draft(&app);
    let (number, applicant) = (number(&app, &case), app.applicant());
    let listed = |app: &App| app.applicant().get("/v1/cases").send().expect(200).json()["data"][0].clone();
    app.execute("CREATE TABLE earlier AS SELECT summary_sealed FROM cases");
    case.step(&applicant, "submit").expect(200);
    let line = listed(&app);
    assert_eq!((&line["number"], &line["stage"]), (&json!(number), &json!("submitted")));
    // A line that is of the case and older than it.
    app.execute("UPDATE cases SET summary_sealed = (SELECT summary_sealed FROM earlier)");
    assert_eq!(listed(&app)["stage"], "draft");
    assert_eq!(faults(&app), [format!("corrupt: cases.summary_sealed of {}", case.id)]);
    // An earlier version stored no line. Then the list opens the case.
    app.execute("UPDATE cases SET summary_sealed = NULL");
    assert_eq!((listed(&app), faults(&app)), (line.clone(), Vec::new()));
    // The next change stores it.
    case.step_with(&app.coordinator(), "hold", &json!({ "reason": "other" })).expect(200);
    assert_eq!(listed(&app)["hold_reason"], "other");
    assert_eq!(app.one_text("SELECT CAST(count(*) AS text) FROM cases WHERE summary_sealed IS NULL"), "0");
}

#[test]
fn a_person_who_cannot_be_read_is_left_out_and_everybody_else_signs_in() {
    let app = App::start();
    let administrator = app.administrator();
    let damaged = app.applicant().id();
    Case::draft(&app);
    numbers(&app.coordinator(), "");
    let before = administrator.get("/v1/users").send().expect(200).json()["data"].as_array().unwrap().len();
    app.execute("UPDATE users SET profile_sealed = email_sealed WHERE id IN (SELECT user_id FROM case_members)");
    assert_eq!(numbers(&app.coordinator(), "").len(), 1, "a worklist shows the case without the name");
    let after = administrator.get("/v1/users").send().expect(200).json()["data"].as_array().unwrap().len();
    assert_eq!(after, before - 1);
    assert!(faults(&app).iter().any(|fault| fault.contains("users.profile_sealed") && fault.contains(&damaged)));
}

#[test]
fn a_setting_of_a_newer_version_disturbs_nobody_and_is_kept() {
    let app = App::start();
    let entered = app.administrator().get("/v1/settings").send().expect(200);
    let mut values: Value = entered.json();
    values.as_object_mut().unwrap().remove("version");
    values["billing"]["postage"] = json!(1_500);
    values["colour"] = json!("red");
    let newer = json!({ "form": 900, "value": values }).to_string().replace('\'', "''");
    app.execute(&format!("UPDATE settings SET body = '{newer}'"));
    app.hospital.forget_settings();
    let seen = app.administrator().get("/v1/settings").send().expect(200);
    assert_eq!((&seen.json()["colour"], &seen.json()["billing"]["postage"]), (&Value::Null, &Value::Null));
    let patch = json!({ "billing": { "quote_valid_days": 14 } });
    app.administrator().patch("/v1/settings").if_match(&seen.etag()).json(&patch).send().expect(200);
    let stored: Value = serde_json::from_str(&app.one_text("SELECT body FROM settings")).unwrap();
    assert_eq!((&stored["form"], &stored["value"]["colour"]), (&json!(900), &json!("red")));
    assert_eq!(stored["value"]["billing"]["postage"], 1_500);
    assert_eq!(stored["value"]["billing"]["quote_valid_days"], 14);
}
