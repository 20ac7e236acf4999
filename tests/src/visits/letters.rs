//! What is written to a family about its visit.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{THURSDAY, TODAY, hours};
use crate::support::app::App;
use crate::support::appointments::{afternoons, notice, time};
use crate::support::given::Case;

/// The body of the newest letter to the applicant.
fn body(app: &App, reason: &str) -> String {
    app.letter("applicant", reason)["body"].as_str().unwrap().to_owned()
}

fn says(text: &str, all: &[&str]) {
    for one in all {
        assert!(text.contains(one), "“{one}” is not in: {text}");
    }
}

#[test]
fn an_offer_a_confirmation_a_move_a_substitute_and_a_cancellation_are_told() {
    let app = App::start();
    let case = Case::visit(&app, &json!({}));
    let (physician, colleague) = (app.physician(), app.colleague());
    afternoons(&app, &physician, &["2026-12-10", "2026-12-11"]);
    afternoons(&app, &colleague, &["2026-12-11"]);
    let offer = case.offer(&[time("2026-12-10", "15:00", &physician), time("2026-12-11", "16:00", &physician)]);
    says(&body(&app, "appointment_offer"), &["10 December 2026, 15:00", "11 December 2026, 16:00", "by 29 November 2026"]);
    case.choose(&app.applicant(), &offer, 0).expect(200);
    let confirmed = body(&app, "appointment_confirmed");
    says(&confirmed, &["10 December 2026, 15:00", "fifteen minutes before", "identity document", "options of treatment"]);
    let moved = json!({ "time": time("2026-12-11", "15:30", &physician), "notice": notice("applicant", TODAY) });
    case.change(&offer, "reschedule", &moved).expect(200);
    says(&body(&app, "appointment_moved"), &["11 December 2026, 15:30"]);
    case.change(&offer, "substitute", &json!({ "time": time("2026-12-11", "17:00", &colleague) })).expect(200);
    says(&body(&app, "physician_changed"), &["11 December 2026, 17:00"]);
    case.change(&offer, "cancel", &json!({ "notice": notice("hospital", TODAY) })).expect(200);
    says(&body(&app, "appointment_cancelled_by_us"), &["costs you nothing", "everything that you have paid is given back"]);
}

#[test]
fn the_hospitals_own_texts_stand_in_the_confirmation() {
    let app = App::start();
    let own = json!({ "visits": { "place": "North gate, first floor.", "place_ja": "北口1階です。" } });
    app.administrator().patch("/v1/settings").if_match("*").json(&own).send().expect(200);
    let case = Case::visit(&app, &json!({}));
    afternoons(&app, &app.physician(), &[THURSDAY]);
    case.book(&time(THURSDAY, "15:00", &app.physician())).expect(201);
    says(&body(&app, "appointment_confirmed"), &["North gate, first floor.", "identity document"]);
}

#[test]
fn a_reservation_its_end_and_a_visit_that_did_not_take_place_are_told_and_nothing_after_a_death() {
    let app = App::start();
    let case = Case::visit(&app, &json!({ "payment": "prepaid" }));
    afternoons(&app, &app.physician(), &["2026-12-10"]);
    let offer = case.offer(&[time("2026-12-10", "15:00", &app.physician())]);
    case.choose(&app.applicant(), &offer, 0).expect(200);
    says(&body(&app, "appointment_reserved"), &["10 December 2026, 15:00", "by 7 December 2026"]);
    let visit = Case::visit(&app, &json!({}));
    afternoons(&app, &app.physician(), &[TODAY]);
    let missed = visit.book(&time(TODAY, "15:00", &app.physician())).expect(201).text("/id");
    hours(&app, 4);
    let attempt = json!({ "attempted_at": "2026-11-24T15:10:00+09:00", "how": "Telephone" });
    visit.change(&missed, "not-attended", &json!({ "attempts": [attempt], "ends_case": true })).expect(200);
    let told = body(&app, "visit_did_not_take_place");
    assert!(!told.contains("did not come"), "nobody knows why: {told}");
    let dead = Case::visit(&app, &json!({}));
    dead.offer(&[time("2026-12-10", "16:00", &app.physician())]);
    app.letter("applicant", "appointment_offer");
    dead.step_with(&app.coordinator(), "patient-death", &json!({ "told_by": "The son." })).expect(200);
    app.after(SignedDuration::from_hours(14 * 24));
    crate::scheduler::run(&app);
    says(&body(&app, "appointment_lapsed"), &["tell us when you can come"]);
    let written = app.letters_to("applicant@example.org");
    assert_eq!(written.iter().filter(|reason| *reason == "appointment_lapsed").count(), 1);
    assert_eq!(app.letter("applicant", "appointment_lapsed")["code"], Value::Null);
}

/// The day before, at ten in the morning; a visit that was moved or cancelled has none at its old time.
#[test]
fn the_day_before_a_visit_those_who_come_are_reminded_of_it() {
    let app = App::start();
    let (moved, cancelled) = (Case::visit(&app, &json!({})), Case::visit(&app, &json!({})));
    afternoons(&app, &app.physician(), &["2026-12-10", "2026-12-11"]);
    let id = moved.book(&time("2026-12-10", "15:00", &app.physician())).expect(201).text("/id");
    let other = cancelled.book(&time("2026-12-10", "16:00", &app.physician())).expect(201).text("/id");
    let later = json!({ "time": time("2026-12-11", "15:30", &app.physician()), "notice": notice("applicant", TODAY) });
    moved.change(&id, "reschedule", &later).expect(200);
    cancelled.change(&other, "cancel", &json!({ "notice": notice("hospital", TODAY) })).expect(200);
    // Noon of the ninth, in Tokyo: the letters of the tenth would have left.
    hours(&app, 15 * 24);
    crate::scheduler::run(&app);
    assert!(!app.letters_to("applicant@example.org").contains(&"appointment_tomorrow".to_owned()));
    hours(&app, 24);
    crate::scheduler::run(&app);
    // Letters that were planned long before leave with the next that is written.
    assert_eq!(app.letters_to("applicant@example.org").iter().filter(|reason| *reason == "appointment_tomorrow").count(), 1);
    says(&body(&app, "appointment_tomorrow"), &["11 December 2026, 15:30", "identity document"]);
}
