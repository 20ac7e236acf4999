//! What cancelled, moved and missed visits cost.

use jiff::SignedDuration;
use serde_json::json;

use super::{THURSDAY, TODAY, amounts, hours};
use crate::support::app::App;
use crate::support::appointments::{afternoons, notice, time};
use crate::support::books::{balance, books, expected};
use crate::support::given::Case;

#[test]
fn the_doctor_is_ill_the_same_morning_and_the_family_gets_everything_back() {
    let app = App::start();
    let case = paid_visit(&app, TODAY);
    let appointment = case.booked_id();
    case.change(&appointment, "cancel", &json!({ "notice": notice("hospital", TODAY) })).expect(200);
    assert_eq!((case.stage(), balance(&app, "advances_received")), ("accepted".to_owned(), -33_000), "it stays for another date");
    case.step_with(&app.applicant(), "cancel", &json!({ "reason": "withdrawn" })).expect(200);
    assert_eq!(case.refunds(), [33_000], "because the hospital cancelled last");
    assert_eq!(books(&app), expected(&[("bank", 33_000), ("refunds_payable", -33_000)]));
}

#[test]
fn nobody_comes_to_a_visit_that_was_paid_in_advance_and_the_fee_is_kept_out_of_scope_of_tax() {
    let app = App::start();
    let case = paid_visit(&app, TODAY);
    let appointment = case.booked_id();
    let attempts = json!([{ "attempted_at": "2026-11-24T15:10:00+09:00", "how": "Telephone" }]);
    let mark = |ends: bool| json!({ "attempts": attempts, "ends_case": ends });
    case.change(&appointment, "not-attended", &mark(false)).expect_problem(422, "invalid_fields");
    hours(&app, 4);
    case.change(&appointment, "not-attended", &mark(false)).expect(200);
    assert_eq!(case.stage(), "accepted");
    assert_eq!(books(&app), expected(&[("bank", 33_000), ("cancellation_income", -33_000)]));
    let again = case.issue_invoice_again("again");
    assert_eq!(amounts(&app.accountant().get(&again).send().expect(200).json()), [33_000, 30_000, 3_000], "a new visit costs a new fee");
}

#[test]
fn nobody_comes_to_a_visit_that_is_paid_on_the_day_and_nothing_is_booked() {
    let app = App::start();
    let case = Case::visit(&app, &json!({}));
    afternoons(&app, &app.physician(), &[TODAY]);
    let appointment = case.book(&time(TODAY, "15:00", &app.physician())).expect(201).text("/id");
    hours(&app, 4);
    let attempts = json!([{ "attempted_at": "2026-11-24T15:10:00+09:00", "how": "Telephone" }]);
    case.change(&appointment, "not-attended", &json!({ "attempts": attempts, "ends_case": true })).expect(200);
    let ended = case.read(&app.applicant());
    assert_eq!((&ended["stage"], &ended["ending"]["reason"]), (&json!("cancelled"), &json!("not_attended")));
    assert!(books(&app).is_empty());
}

#[test]
fn three_days_before_half_of_it_goes_back_by_the_day_on_which_the_message_arrived() {
    let app = App::start();
    // The message arrives three days before the visit, the desk works it off a day later.
    let case = paid_visit(&app, "2026-11-27");
    app.after(SignedDuration::from_hours(24));
    let cancel = json!({ "reason": "withdrawn", "notified_on": TODAY });
    case.step_with(&app.applicant(), "cancel", &cancel).expect_problem(422, "invalid_fields");
    case.step_with(&app.coordinator(), "cancel", &cancel).expect(200);
    assert_eq!(case.refunds(), [16_500]);
    assert_eq!(books(&app), expected(&[("bank", 33_000), ("refunds_payable", -16_500), ("cancellation_income", -16_500)]));
}

#[test]
fn a_death_between_payment_and_visit_gives_everything_back_and_frees_the_half_hour() {
    let app = App::start();
    let case = paid_visit(&app, TODAY);
    case.step_with(&app.coordinator(), "patient-death", &json!({ "told_by": "The son." })).expect(200);
    assert_eq!((case.stage(), case.refunds_seen_by_the_desk()), ("cancelled".to_owned(), vec![33_000]));
    let other = Case::visit(&app, &json!({}));
    other.book(&time(TODAY, "15:00", &app.physician())).expect(201);
    case.step_with(&app.coordinator(), "reopen", &json!({ "reason": "Another patient's." })).expect(200);
    assert_eq!(case.stage(), "accepted", "its half hour is another's");
}

#[test]
fn an_end_that_is_taken_back_takes_its_half_hour_again_if_it_is_free() {
    let app = App::start();
    let case = paid_visit(&app, THURSDAY);
    case.step_with(&app.applicant(), "cancel", &json!({ "reason": "withdrawn" })).expect(200);
    case.step_with(&app.coordinator(), "reopen", &json!({ "reason": "A mistake." })).expect(200);
    assert_eq!(case.stage(), "scheduled");
    let other = Case::visit(&app, &json!({}));
    other.book(&time(THURSDAY, "15:00", &app.physician())).expect_problem(409, "slot_taken");
}

/// A visit on a day at three in the afternoon, paid in advance.
fn paid_visit<'a>(app: &'a App, day: &str) -> Case<'a> {
    let case = Case::visit(app, &json!({ "payment": "prepaid" }));
    let invoice = case.issue_invoice();
    case.pay(&invoice, "TT-1", 33_000).expect(201);
    afternoons(app, &app.physician(), &[day]);
    case.book(&time(day, "15:00", &app.physician())).expect(201);
    case
}

impl Case<'_> {
    /// The identifier of the newest appointment.
    fn booked_id(&self) -> String {
        let list = self.app.coordinator().get(&self.path("appointments")).send().expect(200).json();
        list["data"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// Issues a further invoice; where it stands.
    fn issue_invoice_again(&self, key: &str) -> String {
        let issued = self.app.accountant().post(&self.path("invoices")).key(&format!("{key}-{}", self.id)).send().expect(201);
        issued.header("location").unwrap().to_owned()
    }

    fn refunds_seen_by_the_desk(&self) -> Vec<i64> {
        let opened = self.told(&self.app.coordinator(), "refund_opened");
        opened.iter().map(|one| one["details"]["amount"].as_i64().unwrap()).collect()
    }
}
