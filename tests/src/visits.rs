//! Visits, to the yen: from the days that a family proposes to the consultation, its invoice and the end of the case.

mod changes;
mod family;
mod kinds;
mod letters;
mod mistakes;
mod races;
mod stories;
mod treatment;

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::scheduler::run;
use crate::support::app::App;
use crate::support::appointments::{afternoons, notice, received, talk, time, visitor};
use crate::support::books::{balance, books, expected};
use crate::support::given::Case;

/// The tests' first day, and the day of most visits here.
const TODAY: &str = "2026-11-24";
const THURSDAY: &str = "2026-11-26";

/// A visit today at three in the afternoon, with the patient at the reception.
fn received_today<'a>(app: &'a App, estimate: &Value) -> Case<'a> {
    let case = Case::visit(app, estimate);
    afternoons(app, &app.physician(), &[TODAY, THURSDAY]);
    case.book(&time(TODAY, "15:00", &app.physician())).expect(201);
    case.arrive(&[received("patient")]).expect(200);
    case
}

fn hours(app: &App, hours: i64) {
    app.after(SignedDuration::from_hours(hours));
}

fn amounts(invoice: &Value) -> [i64; 3] {
    ["total", "net", "tax"].map(|name| invoice[name]["amount"].as_i64().unwrap())
}

#[test]
fn a_family_proposes_days_and_chooses_an_offered_time_and_the_visit_is_closed() {
    let app = App::start();
    let case = Case::visit(&app, &json!({}));
    afternoons(&app, &app.physician(), &[THURSDAY]);
    assert_eq!(case.read(&app.applicant())["waiting_on"], "applicant");
    let wishes = json!({ "days": [THURSDAY], "needs": "A wheelchair.", "interpreter": "not_needed" });
    let asked = case.step_with(&app.applicant(), "appointment-wishes", &wishes).expect(200).json();
    assert_eq!((&asked["waiting_on"], &asked["expires_at"]), (&json!("desk"), &Value::Null));
    let physician = app.physician();
    let offer = case.offer(&[time(THURSDAY, "15:00", &physician), time(THURSDAY, "16:00", &physician)]);
    let offered = case.appointment(&app.applicant(), &offer);
    assert_eq!(
        (&offered["state"], &offered["held_until_at"]),
        (&json!("offered"), &json!("2026-11-26T06:00:00Z")),
        "not beyond its beginning"
    );
    assert_eq!(offered["allowed_actions"], json!(["acceptAppointmentOffer"]));
    let free = app.applicant().get(&format!("/v1/slots?from_on={THURSDAY}&until_on={THURSDAY}")).send().expect(200).json();
    assert_eq!(free["data"].as_array().unwrap().len(), 4, "two of six are held");
    let chosen = case.choose(&app.applicant(), &offer, 1).expect(200).json();
    assert_eq!((&chosen["state"], &chosen["time"]["starts_at"]), (&json!("confirmed"), &json!("2026-11-26T07:00:00Z")));
    assert_eq!(chosen["needs"], "A wheelchair.");
    let scheduled = case.read(&app.accountant());
    assert_eq!(
        (&scheduled["stage"], &scheduled["visit_at"]),
        (&json!("scheduled"), &json!("2026-11-26T07:00:00Z")),
        "billing sees the date"
    );
    app.accountant().get(&case.path("appointments")).send().expect_problem(404, "not_found");
    hours(&app, 52);
    case.arrive(&[received("patient"), json!({ "person": "companion", "name": { "alphabetic": "Lars" }, "outcome": "received" })])
        .expect(200);
    hours(&app, 1);
    let held = case.record(&app.physician(), &talk(THURSDAY, "16:00", "16:25", 1)).expect(200).json();
    assert_eq!((&held["state"], &held["consultation"]["charged_half_hours"]), (&json!("held"), &json!(1)));
    assert_eq!(case.stage(), "consulted");
    assert_eq!(case.told(&app.applicant(), "consultation_recorded").len(), 1);
    case.step_with(&app.coordinator(), "close", &json!({})).expect_problem(409, "nothing_invoiced");
    let invoice = case.pay_at_the_counter(THURSDAY).expect(201).json();
    assert_eq!((amounts(&invoice), &invoice["status"]), ([33_000, 30_000, 3_000], &json!("paid")));
    let receipt = invoice["payments"][0]["receipt"]["id"].as_str().unwrap();
    let receipt = app.applicant().get(&format!("/v1/receipts/{receipt}")).send().expect(200).json();
    assert_eq!(receipt["purpose"], "service", "the invoice is the receipt");
    case.step_with(&app.coordinator(), "close", &json!({})).expect(200);
    assert_eq!(books(&app), expected(&[("card", 33_000), ("revenue", -30_000), ("consumption_tax", -3_000)]));
}

#[test]
fn ninety_minutes_cost_55_000_and_one_extension_with_85_minutes_on_the_clock_44_000() {
    for (extensions, talk, total) in [
        (2, talk(TODAY, "15:00", "16:25", 3), [55_000, 50_000, 5_000]),
        (1, talk(TODAY, "15:00", "16:25", 2), [44_000, 40_000, 4_000]),
        (0, talk(TODAY, "15:00", "15:31", 1), [33_000, 30_000, 3_000]),
    ] {
        let app = App::start();
        let case = received_today(&app, &json!({}));
        for _ in 0..extensions {
            case.extend(&app.physician()).expect(200);
        }
        hours(&app, 5);
        case.record(&app.physician(), &talk).expect(200);
        let invoice = case.pay_at_the_counter(TODAY).expect(201).json();
        assert_eq!(amounts(&invoice), total);
        assert_eq!(balance(&app, "revenue"), -total[1]);
        let again = case.pay_at_the_counter(THURSDAY);
        again.expect_problem(409, "nothing_to_invoice");
    }
}

#[test]
fn a_half_hour_that_the_next_patient_has_is_taken_and_one_in_nobodys_calendar_too() {
    let app = App::start();
    let case = received_today(&app, &json!({}));
    let next = Case::visit(&app, &json!({}));
    let physician = app.physician();
    next.book(&time(TODAY, "15:00", &physician)).expect_problem(409, "slot_taken");
    next.book(&time(TODAY, "16:00", &physician)).expect(201);
    case.extend(&physician).expect(200);
    case.extend(&physician).expect_problem(409, "slot_taken");
    let late = Case::visit(&app, &json!({}));
    late.book(&time(TODAY, "17:30", &physician)).expect(201);
    late.arrive(&[received("patient")]).expect(200);
    late.extend(&physician).expect_problem(409, "slot_taken");
    let offer = json!({ "times": [time(TODAY, "16:30", &physician), time(TODAY, "16:00", &physician)] });
    let other = Case::visit(&app, &json!({}));
    let refused = other.step_with(&app.coordinator(), "appointment-offers", &offer).expect_problem(409, "slot_taken");
    assert_eq!(refused.pointers(), ["/times/1/starts_at"]);
}

#[test]
fn what_is_paid_in_advance_is_reserved_confirmed_by_its_payment_and_performed_with_the_consultation() {
    let app = App::start();
    let case = Case::visit(&app, &json!({ "payment": "prepaid" }));
    afternoons(&app, &app.physician(), &["2026-12-10"]);
    let offer = case.offer(&[time("2026-12-10", "15:00", &app.physician())]);
    let reserved = case.choose(&app.applicant(), &offer, 0).expect(200).json();
    assert_eq!(
        (&reserved["state"], &reserved["held_until_at"]),
        (&json!("reserved"), &json!("2026-12-07T15:00:00Z")),
        "Monday, three working days before"
    );
    assert_eq!((case.stage(), case.read(&app.applicant())["waiting_on"].clone()), ("accepted".to_owned(), json!("applicant")));
    let invoice = case.issue_invoice();
    case.pay(&invoice, "TT-1", 33_000).expect(201);
    assert_eq!(case.stage(), "scheduled");
    assert_eq!(case.appointment(&app.applicant(), &offer)["state"], "confirmed");
    assert_eq!(books(&app), expected(&[("bank", 33_000), ("advances_received", -33_000)]));
    hours(&app, 16 * 24 + 3);
    case.arrive(&[received("patient")]).expect(200);
    for _ in 0..2 {
        case.extend(&app.physician()).expect(200);
    }
    hours(&app, 3);
    case.record(&app.physician(), &talk("2026-12-10", "15:00", "16:25", 3)).expect(200);
    let rest = case.pay_at_the_counter("2026-12-10").expect(201).json();
    assert_eq!(amounts(&rest), [22_000, 20_000, 2_000], "the two half hours that were agreed on that day");
    assert_eq!(books(&app), expected(&[("bank", 33_000), ("card", 22_000), ("revenue", -50_000), ("consumption_tax", -5_000)]));
}

#[test]
fn what_was_paid_in_advance_and_did_not_begin_is_credited() {
    let app = App::start();
    let case = Case::visit(&app, &json!({ "payment": "prepaid", "additional_half_hours": 2 }));
    let invoice = case.issue_invoice();
    case.pay(&invoice, "TT-1", 55_000).expect(201);
    afternoons(&app, &app.physician(), &[TODAY]);
    case.book(&time(TODAY, "15:00", &app.physician())).expect(201);
    case.arrive(&[received("patient")]).expect(200);
    hours(&app, 5);
    case.record(&app.physician(), &talk(TODAY, "15:00", "16:00", 2)).expect(200);
    let paid = app.accountant().get(&invoice).send().expect(200).json();
    let note = paid["credit_notes"][0]["id"].as_str().unwrap();
    let note = app.accountant().get(&format!("/v1/credit-notes/{note}")).send().expect(200).json();
    assert_eq!(amounts(&note), [11_000, 10_000, 1_000]);
    assert_eq!(case.refunds(), [11_000]);
    assert_eq!(books(&app), expected(&[("bank", 55_000), ("refunds_payable", -11_000), ("revenue", -40_000), ("consumption_tax", -4_000)]));
    case.pay_at_the_counter(TODAY).expect_problem(409, "nothing_to_invoice");
}

#[test]
fn a_raised_price_holds_for_further_half_hours() {
    let app = App::start();
    let estimate = json!({ "half_hour_price": { "amount": 16_500, "currency": "JPY" }, "raised_because": "Two specialists." });
    let case = received_today(&app, &estimate);
    case.extend(&app.physician()).expect(200);
    hours(&app, 5);
    case.record(&app.physician(), &talk(TODAY, "15:00", "15:55", 2)).expect(200);
    assert_eq!(amounts(&case.pay_at_the_counter(TODAY).expect(201).json()), [49_500, 45_000, 4_500]);
}

#[test]
fn nobody_chose_in_time_and_the_half_hours_are_free_again() {
    let app = App::start();
    let (first, second) = (Case::visit(&app, &json!({})), Case::visit(&app, &json!({})));
    afternoons(&app, &app.physician(), &["2026-12-10"]);
    let at_three = time("2026-12-10", "15:00", &app.physician());
    let offer = first.offer(std::slice::from_ref(&at_three));
    second.book(&at_three).expect_problem(409, "slot_taken");
    app.after(SignedDuration::from_hours(6 * 24));
    assert_eq!(first.appointment(&app.applicant(), &offer)["state"], "lapsed", "before the clock comes round");
    second.book(&at_three).expect(201);
    first.choose(&app.applicant(), &offer, 0).expect_problem(409, "offer_lapsed");
    run(&app);
    assert_eq!(first.told(&app.applicant(), "appointment_lapsed").len(), 1);
    assert_eq!(first.read(&app.applicant())["waiting_on"], "applicant");
    assert_eq!(second.stage(), "scheduled", "what was taken over stays");
}

#[test]
fn a_friend_without_the_original_waits_outside_and_the_visit_is_moved_free_of_charge() {
    let app = App::start();
    let case = Case::with_visitors(&app, &[("Kim Lee", "friend")]);
    let friend = case.visitors().remove(0);
    case.consent_for(&[&friend]);
    case.to_triage();
    case.accept();
    case.agree(&json!({}));
    afternoons(&app, &app.physician(), &[TODAY, THURSDAY]);
    let appointment = case.book(&time(TODAY, "15:00", &app.physician())).expect(201).text("/id");
    let refused = case.arrive(&[visitor(&friend)]).expect_problem(409, "cannot_be_received");
    assert_eq!(refused.json()["errors"][0]["code"], "original_missing");
    let mut outside = visitor(&friend);
    (outside["outcome"], outside["reason"]) = (json!("outside"), json!("original_missing"));
    case.arrive(&[outside]).expect(200);
    assert_eq!(case.stage(), "scheduled");
    case.record(&app.physician(), &talk(TODAY, "15:00", "15:25", 1)).expect_problem(409, "nobody_received");
    let moved = json!({ "time": time(THURSDAY, "15:00", &app.physician()), "notice": notice("applicant", TODAY) });
    case.change(&appointment, "reschedule", &moved).expect_problem(422, "move_needs_reason");
    let mut with_reason = moved;
    with_reason["notice"]["text"] = json!("The original was in the hotel.");
    case.change(&appointment, "reschedule", &with_reason).expect(200);
    hours(&app, 52);
    let mut with_original = visitor(&friend);
    with_original["original_seen"] = json!(true);
    case.arrive(&[with_original]).expect(200);
    case.record(&app.physician(), &talk(THURSDAY, "15:00", "15:25", 1)).expect(200);
    assert_eq!(amounts(&case.pay_at_the_counter(THURSDAY).expect(201).json()), [33_000, 30_000, 3_000]);
    let seen = case.appointment(&app.applicant(), &appointment);
    assert_eq!(seen["people"][0]["identity"], Value::Null, "documents are the hospital's affair");
    assert_eq!(case.appointment(&app.coordinator(), &appointment)["people"][0]["identity"]["ends_with"], "47");
}

#[test]
fn a_substitute_sees_the_case_and_whoever_is_substituted_does_not_any_longer() {
    let app = App::start();
    let case = Case::visit(&app, &json!({}));
    let colleague = app.colleague();
    afternoons(&app, &app.physician(), &[TODAY]);
    afternoons(&app, &colleague, &[TODAY]);
    colleague.get(&case.path("")).send().expect_problem(404, "not_found");
    let appointment = case.book(&time(TODAY, "15:00", &app.physician())).expect(201).text("/id");
    let substitute = json!({ "time": time(TODAY, "15:30", &colleague) });
    case.change(&appointment, "substitute", &substitute).expect(200);
    colleague.get(&case.path("")).send().expect(200);
    let listed = colleague.get("/v1/cases").send().expect(200).json();
    assert_eq!(listed["data"][0]["id"], json!(case.id));
    case.arrive(&[received("patient")]).expect(200);
    hours(&app, 5);
    let colleague = app.colleague();
    case.record(&colleague, &talk(TODAY, "15:30", "15:55", 1)).expect(200);
    case.pay_at_the_counter(TODAY).expect(201);
    case.step_with(&app.coordinator(), "close", &json!({})).expect(200);
    colleague.get(&case.path("")).send().expect_problem(404, "not_found");
    assert!(colleague.get("/v1/cases").send().expect(200).json()["data"].as_array().unwrap().is_empty());
}

#[test]
fn a_visit_without_an_outcome_is_on_the_desks_list_from_the_next_day_on() {
    let app = App::start();
    let case = Case::visit(&app, &json!({}));
    afternoons(&app, &app.physician(), &[TODAY]);
    case.book(&time(TODAY, "15:00", &app.physician())).expect(201);
    let listed =
        || app.coordinator().get("/v1/cases?visit_without_outcome=true").send().expect(200).json()["data"].as_array().unwrap().len();
    hours(&app, 11);
    assert_eq!(listed(), 0);
    hours(&app, 1);
    assert_eq!(listed(), 1);
}

#[test]
fn two_physicians_receive_together_at_one_price() {
    let app = App::start();
    let case = Case::visit(&app, &json!({}));
    let colleague = app.colleague();
    afternoons(&app, &app.physician(), &[TODAY]);
    afternoons(&app, &colleague, &[TODAY]);
    let mut both = time(TODAY, "15:00", &app.physician());
    both["also_physician_ids"] = json!([colleague.id()]);
    case.book(&both).expect(201);
    colleague.get(&case.path("")).send().expect(200);
    let other = Case::visit(&app, &json!({}));
    other.book(&time(TODAY, "15:00", &colleague)).expect_problem(409, "slot_taken");
    case.arrive(&[received("patient")]).expect(200);
    hours(&app, 4);
    case.record(&app.physician(), &talk(TODAY, "15:00", "15:25", 1)).expect(200);
    assert_eq!(amounts(&case.pay_at_the_counter(TODAY).expect(201).json()), [33_000, 30_000, 3_000]);
}

#[test]
fn half_hours_that_a_case_has_are_not_taken_out_of_the_calendar() {
    let app = App::start();
    let case = Case::visit(&app, &json!({}));
    afternoons(&app, &app.physician(), &[TODAY]);
    let appointment = case.book(&time(TODAY, "15:00", &app.physician())).expect(201).text("/id");
    let hours = json!({
        "physician_id": app.physician().id(), "department_id": app.department("Breast Surgery").to_string(), "days": [TODAY],
        "begins": "15:00", "ends": "18:00",
    });
    let delete = || app.coordinator().post("/v1/availabilities/delete").json(&hours).send();
    delete().expect_problem(409, "half_hours_taken");
    case.change(&appointment, "cancel", &json!({ "notice": notice("hospital", TODAY) })).expect(200);
    assert_eq!(delete().expect(200).json()["deleted_count"], 6, "nothing was lost by the refusal");
}

#[test]
fn times_that_cannot_be_are_named_by_their_place() {
    let app = App::start();
    let case = Case::visit(&app, &json!({}));
    let physician = app.physician();
    afternoons(&app, &physician, &[THURSDAY]);
    let stranger = app.accountant();
    let times = [time(TODAY, "11:00", &physician), time(THURSDAY, "14:30", &physician), time(THURSDAY, "15:00", &stranger)];
    let refused =
        case.step_with(&app.coordinator(), "appointment-offers", &json!({ "times": times })).expect_problem(422, "invalid_fields");
    let errors = refused.json();
    let found: Vec<_> =
        errors["errors"].as_array().unwrap().iter().map(|one| (one["pointer"].as_str().unwrap(), one["code"].as_str().unwrap())).collect();
    let named =
        [("/times/0/starts_at", "in_past"), ("/times/1/starts_at", "not_in_calendar"), ("/times/2/physician_id", "not_of_this_department")];
    assert_eq!(found, named);
    let wishes = json!({ "days": ["2026-11-23", THURSDAY, THURSDAY], "from_on": "2026-12-02", "until_on": "2026-12-01" });
    let refused = case.step_with(&app.applicant(), "appointment-wishes", &wishes).expect_problem(422, "invalid_fields");
    assert_eq!(refused.pointers(), ["/days/0", "/days/2", "/until_on"]);
}
