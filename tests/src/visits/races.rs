//! More families than half hours: each half hour is booked once, and whoever finds none is told so.

use std::collections::BTreeSet;
use std::sync::Mutex;

use serde_json::json;

use crate::support::app::App;
use crate::support::appointments::{afternoons, time};
use crate::support::given::Case;

/// How many clients come at once.
const CLIENTS: usize = 8;
/// The days on which six half hours each are free.
const DAYS: [&str; 5] = ["2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04", "2026-12-07"];
const HOURS: [&str; 6] = ["15:00", "15:30", "16:00", "16:30", "17:00", "17:30"];
/// How many cases there are for the thirty half hours.
const CASES: usize = 42;

#[test]
fn of_42_families_with_8_clients_30_get_a_half_hour_each_and_12_none() {
    let app = App::start();
    let physician = app.physician();
    afternoons(&app, &physician, &DAYS);
    let slots: Vec<_> = DAYS.iter().flat_map(|day| HOURS.map(|hour| time(day, hour, &physician))).collect();
    let cases: Vec<String> = (0..CASES).map(|_| Case::visit(&app, &json!({})).id).collect();
    let waiting = Mutex::new(cases.iter().enumerate().collect::<Vec<_>>());
    let (booked, refused) = (Mutex::new(Vec::new()), Mutex::new(0));
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                loop {
                    let Some((number, id)) = waiting.lock().unwrap().pop() else { return };
                    let case = Case { app: &app, id: id.clone() };
                    // Every other family is offered the time and chooses it; the rest is booked at once. Each begins at another half hour.
                    let mut found = None;
                    for place in 0..slots.len() {
                        let slot = &slots[(number / 2 + place) % slots.len()];
                        if number % 2 == 0 {
                            let offer = case.step_with(&app.coordinator(), "appointment-offers", &json!({ "times": [slot] }));
                            if offer.status == 201 {
                                found = Some(case.choose(&app.applicant(), &offer.text("/id"), 0).expect(200).text("/time/starts_at"));
                                break;
                            }
                            offer.expect_problem(409, "slot_taken");
                        } else {
                            let booking = case.book(slot);
                            if booking.status == 201 {
                                found = Some(booking.text("/time/starts_at"));
                                break;
                            }
                            booking.expect_problem(409, "slot_taken");
                        }
                    }
                    match found {
                        Some(starts_at) => booked.lock().unwrap().push(starts_at),
                        None => *refused.lock().unwrap() += 1,
                    }
                }
            });
        }
    });
    let booked = booked.into_inner().unwrap();
    assert_eq!((booked.len(), refused.into_inner().unwrap()), (slots.len(), CASES - slots.len()));
    assert_eq!(booked.iter().collect::<BTreeSet<_>>().len(), booked.len(), "no half hour twice");
    assert_eq!(app.one_text("SELECT CAST(count(*) AS text) FROM taken_half_hours"), slots.len().to_string());
    assert_eq!(app.wait(app.hospital.examine_rows(|_, _| {})).unwrap(), Vec::<String>::new(), "each row is what the cases say");
}
