//! What goes wrong around a visit, and is put right.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{THURSDAY, TODAY, hours, received_today};
use crate::scheduler::run;
use crate::support::app::App;
use crate::support::appointments::{afternoons, notice, received, talk, time};
use crate::support::books::{balance, books, expected};
use crate::support::given::Case;

/// A visit on a day at three in the afternoon, paid in advance for so many half hours.
fn prepaid<'a>(app: &'a App, day: &str, half_hours: i64) -> (Case<'a>, String) {
    let case = Case::visit(app, &json!({ "payment": "prepaid", "additional_half_hours": half_hours - 1 }));
    let invoice = case.issue_invoice();
    case.pay(&invoice, "TT-1", 33_000 + 11_000 * (half_hours - 1)).expect(201);
    afternoons(app, &app.physician(), &[day]);
    let appointment = case.book(&time(day, "15:00", &app.physician())).expect(201).text("/id");
    (case, appointment)
}

/// A request that was open at the visit lapses with it.
#[test]
fn what_was_asked_before_the_visit_waits_for_nobody_after_it() {
    let app = App::start();
    let case = Case::visit(&app, &json!({}));
    afternoons(&app, &app.physician(), &[TODAY]);
    case.book(&time(TODAY, "15:00", &app.physician())).expect(201);
    case.step_with(&app.coordinator(), "information-requests", &json!({ "questions": ["Which medicines?"] })).expect(201);
    case.arrive(&[received("patient")]).expect(200);
    hours(&app, 4);
    case.record(&app.physician(), &talk(TODAY, "15:00", "15:25", 1)).expect(200);
    let asked = app.applicant().get(&case.path("information-requests")).send().expect(200).json();
    assert_eq!(asked["data"][0]["state"], "withdrawn");
}

/// Rule R21: whoever ends it, nothing is kept if the hospital changed the appointment last.
#[test]
fn nobody_comes_to_a_visit_that_the_hospital_had_changed_and_nothing_is_kept() {
    let app = App::start();
    let attempt = json!({ "attempted_at": "2026-11-24T15:10:00+09:00", "how": "Telephone" });
    let (case, appointment) = prepaid(&app, TODAY, 1);
    let colleague = app.colleague();
    afternoons(&app, &colleague, &[TODAY]);
    case.change(&appointment, "substitute", &json!({ "time": time(TODAY, "15:00", &colleague) })).expect(200);
    hours(&app, 4);
    case.change(&appointment, "not-attended", &json!({ "attempts": [attempt], "ends_case": false })).expect(200);
    assert_eq!(books(&app), expected(&[("bank", 33_000), ("advances_received", -33_000)]), "it stays for another date");
    case.step_with(&app.applicant(), "cancel", &json!({ "reason": "withdrawn" })).expect(200);
    assert_eq!(case.refunds(), [33_000]);
    let again = App::start();
    let (case, appointment) = prepaid(&again, TODAY, 1);
    let colleague = again.colleague();
    afternoons(&again, &colleague, &[TODAY]);
    case.change(&appointment, "substitute", &json!({ "time": time(TODAY, "15:00", &colleague) })).expect(200);
    hours(&again, 4);
    case.change(&appointment, "not-attended", &json!({ "attempts": [attempt], "ends_case": true })).expect(200);
    assert_eq!((case.stage(), case.refunds()), ("cancelled".to_owned(), vec![33_000]), "and if the case ends with it, it goes back");
    assert_eq!(books(&again), expected(&[("bank", 33_000), ("refunds_payable", -33_000)]));
}

#[test]
fn a_correction_downwards_credits_and_one_upwards_is_invoiced_besides() {
    let app = App::start();
    let (case, _) = prepaid(&app, TODAY, 3);
    case.arrive(&[received("patient")]).expect(200);
    hours(&app, 5);
    case.record(&app.physician(), &talk(TODAY, "15:00", "16:25", 3)).expect(200);
    assert_eq!(balance(&app, "revenue"), -50_000);
    let correct = |to: &str, half_hours: u8| {
        let mut correction = talk(TODAY, "15:00", to, half_hours);
        correction["reason"] = json!("The clock was read wrongly.");
        case.step_with(&app.physician(), "visit/consultation/correct", &correction).expect(200);
    };
    correct("15:55", 2);
    assert_eq!((case.refunds(), balance(&app, "revenue")), (vec![11_000], -40_000));
    assert_eq!(case.read(&app.coordinator())["waiting_on"], "desk", "everything is invoiced");
    correct("15:55", 2);
    assert_eq!(case.refunds(), [11_000], "the same again changes nothing");
    correct("16:25", 3);
    assert_eq!(case.read(&app.coordinator())["waiting_on"], "accountant");
    let besides = case.pay_at_the_counter(TODAY).expect(201).json();
    assert_eq!((&besides["total"]["amount"], balance(&app, "revenue")), (&json!(11_000), -50_000));
}

#[test]
fn an_offer_beside_a_visit_that_nobody_attended_moves_it_no_more() {
    let app = App::start();
    let case = Case::visit(&app, &json!({}));
    afternoons(&app, &app.physician(), &[TODAY, THURSDAY]);
    case.book(&time(TODAY, "15:00", &app.physician())).expect(201);
    let offer = json!({ "times": [time(THURSDAY, "15:00", &app.physician())], "notice": notice("applicant", TODAY), });
    let mut offer = offer;
    offer["notice"]["text"] = json!("The flight is late.");
    let offer = case.step_with(&app.coordinator(), "appointment-offers", &offer).expect(201).text("/id");
    hours(&app, 4);
    case.choose(&app.applicant(), &offer, 0).expect_problem(409, "visit_time_is_past");
    // The offer lapses, the appointment stays, and nobody is told that something was taken away.
    app.after(SignedDuration::from_hours(6 * 24));
    run(&app);
    assert_eq!(case.appointment(&app.applicant(), &offer)["state"], "lapsed");
    assert_eq!(case.stage(), "scheduled");
    assert!(!app.letters_to("applicant@example.org").contains(&"appointment_lapsed".to_owned()));
}

#[test]
fn a_move_answers_the_days_that_were_wished() {
    let app = App::start();
    let case = Case::visit(&app, &json!({}));
    afternoons(&app, &app.physician(), &["2026-12-10", "2026-12-17"]);
    let id = case.book(&time("2026-12-10", "15:00", &app.physician())).expect(201).text("/id");
    let waiting = || case.read(&app.coordinator())["waiting_on"].clone();
    case.step_with(&app.applicant(), "appointment-wishes", &json!({ "days": ["2026-12-17"] })).expect(200);
    assert_eq!((waiting(), case.read(&app.coordinator())["appointment_wishes"]["days"].clone()), (json!("desk"), json!(["2026-12-17"])));
    let moved = json!({ "time": time("2026-12-17", "15:00", &app.physician()), "notice": notice("applicant", TODAY) });
    case.change(&id, "reschedule", &moved).expect(200);
    assert_eq!(waiting(), "nobody");
    assert_eq!(case.read(&app.accountant())["appointment_wishes"], Value::Null, "billing needs none of it");
}

/// Further half hours that those who visit pay are one invoice.
#[test]
fn further_half_hours_have_one_recipient() {
    let app = App::start();
    let case = received_today(&app, &json!({}));
    let extend = |recipient: &str| {
        let body = json!({ "payer": "visitor", "recipient": recipient });
        case.step_with(&app.coordinator(), "visit/extensions", &body)
    };
    extend("Kai Tanaka\n1-1 Chuo, Tokyo").expect(200);
    assert_eq!(extend("Somebody else").expect_problem(409, "another_recipient").pointers(), ["/recipient"]);
    extend("Kai Tanaka\n1-1 Chuo, Tokyo").expect(200);
}

#[test]
fn a_reservation_that_is_over_is_shown_as_lapsed_before_the_clock_comes_round() {
    let app = App::start();
    let case = Case::visit(&app, &json!({ "payment": "prepaid" }));
    afternoons(&app, &app.physician(), &["2026-12-10"]);
    let id = case.book(&time("2026-12-10", "15:00", &app.physician())).expect(201).text("/id");
    assert_eq!(case.appointment(&app.applicant(), &id)["state"], "reserved");
    app.after(SignedDuration::from_hours(14 * 24));
    let over = case.appointment(&app.coordinator(), &id);
    assert_eq!((&over["state"], &over["held_until_at"], &over["allowed_actions"]), (&json!("lapsed"), &Value::Null, &json!([])));
}

/// The visit of a case has one entry for a calendar: it is the same after a move, with a higher number, and says so if the visit does not take place.
#[test]
fn the_visit_has_an_entry_for_a_calendar_in_the_letter_and_by_itself() {
    let app = App::start();
    let case = Case::visit(&app, &json!({}));
    afternoons(&app, &app.physician(), &[THURSDAY, "2026-12-10"]);
    let offer = case.offer(&[time(THURSDAY, "15:00", &app.physician())]);
    let path = case.path(&format!("appointments/{offer}/calendar-entry"));
    app.applicant().get(&path).send().expect_problem(409, "no_appointment");
    case.choose(&app.applicant(), &offer, 0).expect(200);
    let read = |language: &str| {
        let answer = app.applicant().get(&path).header("Accept-Language", language).send().expect(200);
        assert_eq!(answer.header("content-type"), Some("text/calendar; charset=utf-8"));
        String::from_utf8(answer.bytes).unwrap()
    };
    let entry = read("en");
    for line in ["DTSTART:20261126T060000Z", "DTEND:20261126T063000Z", "STATUS:CONFIRMED", "SEQUENCE:1", &format!("UID:{}", case.id)] {
        assert!(entry.contains(&format!("{line}\r\n")), "{line} in {entry}");
    }
    assert!(!entry.contains("Tanaka"), "calendars are shared: {entry}");
    // RFC 5545 advises 75 bytes; the library counts them without the blank that begins a folded line.
    assert!(entry.lines().all(|line| line.len() <= 76), "lines are folded: {entry}");
    let letter = app.letter("applicant", "appointment_confirmed");
    assert_eq!(letter["attachments"][0]["content"], json!(entry), "the letter brings the same");
    assert!(read("ja").contains("SUMMARY:病院のご予約"));
    let moved = json!({ "time": time("2026-12-10", "15:00", &app.physician()), "notice": notice("hospital", TODAY) });
    case.change(&offer, "reschedule", &moved).expect(200);
    let entry = read("en");
    assert!(entry.contains("SEQUENCE:2\r\n") && entry.contains("DTSTART:20261210T060000Z\r\n"), "{entry}");
    case.change(&offer, "cancel", &json!({ "notice": notice("hospital", TODAY) })).expect(200);
    let entry = read("en");
    assert!(entry.contains("SEQUENCE:3\r\n") && entry.contains("STATUS:CANCELLED\r\n"), "{entry}");
    let next = case.book(&time("2026-12-10", "16:00", &app.physician())).expect(201).text("/id");
    app.applicant().get(&path).send().expect_problem(409, "no_appointment");
    let other = case.path(&format!("appointments/{next}/calendar-entry"));
    app.applicant().get(&other).send().expect(200);
}

/// Whom a family meets, and whom the desk may choose, has a name.
#[test]
fn physicians_have_names_for_those_who_arrange_a_visit() {
    let app = App::start();
    let (physician, other) = (app.physician(), app.person("urologist", domain::access::Role::Physician));
    let names = |who: &crate::support::app::Person<'_>, query: &str| {
        let list = who.get(&format!("/v1/physicians{query}")).send().expect(200).json();
        list["data"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let all = names(&app.applicant(), "?limit=100");
    assert!(all.contains(&physician.id()) && all.contains(&other.id()), "{all:?}");
    assert!(!all.contains(&app.coordinator().id()), "doctors alone");
    let department = app.department("Thoracic Surgery").to_string();
    assert!(!names(&app.coordinator(), &format!("?department_id={department}")).contains(&physician.id()));
}
