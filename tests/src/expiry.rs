//! The last day of an invoice: whatever the order of the clock, of the recording and of the day on which money was received, over weekends, the New
//! Year and holidays, and if no server ran for three days (rules R1 and R2).

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde_json::json;

use crate::support::app::App;
use crate::support::books::{books, books_on, expected};
use crate::support::given::{Case, refund_details, refund_paid, transfer};

/// An invoice is issued on the first day, is due on the second, and an expiry is told on the third.
const DAYS: [(&str, &str, &str); 6] = [
    ("2026-11-24", "2026-12-24", "2026-12-25"),
    // A Friday: nobody is at the desk before Monday.
    ("2026-11-25", "2026-12-25", "2026-12-28"),
    // A Saturday; the day after the last day the hospital is closed until the New Year is over.
    ("2026-11-26", "2026-12-28", "2027-01-04"),
    // Within the New Year.
    ("2026-12-01", "2027-01-04", "2027-01-05"),
    // A holiday, and the Golden Week after the last day.
    ("2027-03-30", "2027-04-30", "2027-05-06"),
    // The last day of a month, before a holiday on a Monday.
    ("2026-12-09", "2027-01-08", "2027-01-12"),
];

/// Midnight in Tokyo at which a day begins.
fn begin(day: &str) -> Timestamp {
    let day: Date = day.parse().unwrap();
    day.to_zoned(jiff::tz::TimeZone::get("Asia/Tokyo").unwrap()).unwrap().timestamp()
}

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

fn next(day: &str) -> String {
    (day.parse::<Date>().unwrap() + 1.day()).to_string()
}

/// A hospital at a moment of its story.
struct Story {
    app: App,
}

impl Story {
    fn at(day: &str) -> Self {
        let story = Self { app: App::start() };
        story.go_to(begin(day) + hours(12));
        story
    }

    fn go_to(&self, at: Timestamp) {
        self.app.after(at.duration_since(self.app.clock.now()));
    }

    fn run(&self) -> usize {
        let round = self.app.wait(self.app.hospital.run_due()).unwrap();
        assert!(round.failed.is_empty(), "{:?}", round.failed);
        round.expired
    }

    /// The letters that told an expiry.
    fn told(&self) -> usize {
        self.app.letters_to("applicant@example.org").iter().filter(|reason| *reason == "expired").count()
    }

    fn invoiced(&self, due_on: &str) -> (Case<'_>, String) {
        let (case, invoice) = Case::invoiced(&self.app);
        assert_eq!(self.app.accountant().get(&invoice).send().expect(200).text("/due_on"), due_on);
        (case, invoice)
    }

    /// Records the whole amount as received on a day: what came of it, whether it counts as late, and where the case stands.
    fn pay(&self, (case, invoice): &(Case<'_>, String), received_on: &str) -> (String, bool, String) {
        let mut body = transfer(&format!("TT {}", case.id), 110_000);
        body["received_on"] = json!(received_on);
        let paid = self.app.accountant().post(&format!("{invoice}/payments")).key(&case.id).json(&body).send().expect(201).json();
        (paid["outcome"].as_str().unwrap().to_owned(), paid["late"].as_bool().unwrap(), case.stage())
    }

    /// [`Story::pay`], by way of money whose invoice was not known.
    fn match_with(&self, (case, invoice): &(Case<'_>, String), received_on: &str) -> (String, bool, String) {
        let mut body = transfer(&format!("UT {}", case.id), 110_000);
        body["received_on"] = json!(received_on);
        let accountant = self.app.accountant();
        let arrived = accountant.post("/v1/unmatched-payments").key(&case.id).json(&body).send().expect(201);
        let part = json!({ "invoice_id": invoice.rsplit('/').next(), "amount": body["amount"] });
        let path = format!("{}/match", arrived.header("location").unwrap());
        let done =
            accountant.post(&path).key(&format!("{}-match", case.id)).json(&json!({ "allocations": [part] })).send().expect(200).json();
        let paid = &done["payments"][0];
        (paid["outcome"].as_str().unwrap().to_owned(), paid["late"].as_bool().unwrap(), case.stage())
    }
}

fn in_time() -> (String, bool, String) {
    ("paid".to_owned(), false, "writing".to_owned())
}

fn too_late() -> (String, bool, String) {
    ("after_end".to_owned(), true, "expired".to_owned())
}

#[test]
fn the_day_on_which_money_was_received_decides_and_not_the_hour_at_which_somebody_recorded_it() {
    for (issued_on, due_on, told_on) in DAYS {
        let story = Story::at(issued_on);
        let cases: Vec<_> = (0..7).map(|_| story.invoiced(due_on)).collect();
        let [on_time, last_hour, night, late_night, after_noon, late_after_noon, never] = &cases[..] else { unreachable!() };
        story.go_to(begin(due_on) + hours(12));
        assert_eq!(story.run(), 0, "{due_on}");
        assert_eq!(story.pay(on_time, issued_on), in_time(), "{due_on}");
        let end = begin(&next(due_on));
        story.go_to(end - SignedDuration::from_secs(1));
        assert_eq!((story.run(), story.pay(last_hour, due_on)), (0, in_time()), "{due_on}: not a second earlier");
        story.go_to(end);
        assert_eq!(story.run(), 5, "{due_on}");
        assert_eq!(story.pay(night, due_on), in_time(), "{due_on}: recorded after its end, before the letter");
        assert_eq!(story.pay(late_night, &next(due_on)), too_late(), "{due_on}");
        story.go_to(begin(told_on) + hours(12) - SignedDuration::from_secs(1));
        assert_eq!((story.run(), story.told()), (0, 0), "{due_on}: silence until noon of {told_on}");
        story.go_to(begin(told_on) + hours(12));
        assert_eq!((story.run(), story.told()), (0, 4), "{due_on}: those that are still expired");
        assert_eq!(story.pay(after_noon, due_on), in_time(), "{due_on}");
        assert_eq!(story.pay(late_after_noon, &next(due_on)), too_late(), "{due_on}");
        assert_eq!((never.0.stage().as_str(), story.told()), ("expired", 4), "{due_on}");
    }
}

#[test]
fn a_server_that_was_off_for_three_days_comes_to_the_same_end() {
    for (issued_on, due_on, _) in DAYS {
        let story = Story::at(issued_on);
        let cases: Vec<_> = (0..6).map(|_| story.invoiced(due_on)).collect();
        let [before_the_round, late_before_the_round, matched, after_the_round, late_after_the_round, never] = &cases[..] else {
            unreachable!()
        };
        story.go_to(begin(&next(due_on)) + hours(24 * 3));
        assert_eq!(story.pay(before_the_round, due_on), in_time(), "{due_on}: the clock has not run yet");
        assert_eq!(story.pay(late_before_the_round, &next(due_on)), too_late(), "{due_on}: the clock has not run yet");
        assert_eq!(story.match_with(matched, &next(due_on)), too_late(), "{due_on}: the clock has not run yet");
        assert_eq!((story.run(), story.run()), (3, 0), "{due_on}: once");
        assert_eq!(story.pay(after_the_round, due_on), in_time(), "{due_on}");
        assert_eq!(story.pay(late_after_the_round, &next(due_on)), too_late(), "{due_on}");
        assert_eq!(never.0.stage(), "expired", "{due_on}");
    }
}

/// A payment in time that was recorded after the end: on no day was money owed that was here.
#[test]
fn the_books_of_past_days_know_no_lapse_of_what_was_paid_in_time() {
    let story = Story::at("2026-11-24");
    let (case, invoice) = story.invoiced("2026-12-24");
    story.go_to(begin("2026-12-25") + hours(9));
    assert_eq!(story.run(), 1);
    story.go_to(begin("2026-12-26"));
    assert_eq!(story.pay(&(case, invoice), "2026-12-24"), in_time());
    for day in ["2026-12-24", "2026-12-25", "2026-12-26"] {
        assert_eq!(books_on(&story.app, day), expected(&[("bank", 110_000), ("advances_received", -110_000)]), "{day}");
    }
}

/// Rule R2: the desk waits longer, and the case expires accordingly later.
#[test]
fn the_desk_gives_a_new_term_and_the_case_expires_with_it() {
    let story = Story::at("2026-11-24");
    let (case, invoice) = story.invoiced("2026-12-24");
    let extend = |due_on: &str| {
        let body = json!({ "due_on": due_on, "reason": "The bank needs longer." });
        story.app.coordinator().post(&format!("{invoice}/extend")).json(&body).send()
    };
    for (due_on, code) in [("2026-12-24", "term_not_later"), ("2026-11-01", "term_not_later"), ("2027-05-24", "term_too_long")] {
        let problem = extend(due_on).expect_problem(422, "invalid_fields").json();
        assert_eq!((&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]), (&json!("/due_on"), &json!(code)), "{due_on}");
    }
    // A Saturday.
    let extended = extend("2027-01-23").expect(200).json();
    assert_eq!((&extended["due_on"], &extended["extended_due_on"]), (&json!("2026-12-24"), &json!("2027-01-25")), "the paper stays");
    let letter = story.app.letter("applicant", "invoice_extended");
    assert!(letter["body"].as_str().unwrap().contains("25 January 2027"), "{letter}");
    assert_eq!(case.told(&story.app.applicant(), "invoice_extended").len(), 1);
    story.go_to(begin("2027-01-25") + hours(23));
    assert_eq!((story.run(), case.stage().as_str()), (0, "awaiting_payment"));
    story.go_to(begin("2027-01-26"));
    assert_eq!(story.run(), 1);
    extend("2027-02-24").expect_problem(409, "invoice_ended");
}

/// Story 1.9 a: a part was paid, then silence. The case never expires; the desk gives a new term, or cancels it with everything back.
#[test]
fn a_part_payment_and_silence_end_by_a_decision_of_the_desk() {
    let story = Story::at("2026-11-24");
    let app = &story.app;
    let (case, invoice) = story.invoiced("2026-12-24");
    case.pay(&invoice, "TT-1", 107_500).expect(201);
    story.go_to(begin("2026-12-26"));
    assert_eq!(story.run(), 0);
    let short = || app.accountant().get("/v1/receivables").send().expect(200).json()["data"][0].clone();
    assert_eq!((&short()["is_overdue"], &short()["decision_due_on"]), (&json!(true), &json!("2027-01-23")));
    let body = json!({ "due_on": "2027-01-15", "reason": "The applicant asks the bank." });
    let offered = app.coordinator().get(&invoice).send().expect(200).json()["allowed_actions"].clone();
    assert!(offered.as_array().unwrap().contains(&json!("extendInvoice")), "{offered}");
    app.coordinator().post(&format!("{invoice}/extend")).json(&body).send().expect(200);
    assert_eq!((&short()["is_overdue"], &short()["decision_due_on"]), (&json!(false), &json!("2027-02-14")));
    story.go_to(begin("2027-02-15"));
    assert_eq!((story.run(), case.stage().as_str()), (0, "awaiting_payment"));
    case.step_with(&app.coordinator(), "cancel", &json!({ "reason": "not_paid" })).expect(200);
    assert_eq!(books(app), expected(&[("bank", 107_500), ("refunds_payable", -107_500)]));
    let refund = case.refund();
    refund.step(&app.coordinator(), "details", &refund_details()).expect(200);
    refund.request(&app.accountant()).expect(200);
    refund.approve(&app.director()).expect(200);
    let note = app.accountant().get(&invoice).send().expect(200).json()["credit_notes"][0].clone();
    assert_eq!((&note["total"]["amount"], &note["kind"]), (&json!(110_000), &json!("cancellation")), "the whole service");
    let mut paid = refund_paid();
    paid["paid_on"] = json!("2027-02-15");
    refund.step(&app.accountant(), "paid", &paid).expect(200);
    assert_eq!(books(app), expected(&[]));
}
