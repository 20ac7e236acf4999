//! Whether the time of a refused sign-in tells what kind of account there is. It measures, so the step `timing` runs it alone.

use std::time::{Duration, Instant};

use application::AppOptions;
use application::sign_in::passwords::{Cost, Passwords};
use domain::access::Role;
use jiff::SignedDuration;
use serde_json::json;

use crate::support::app::{App, opening};
use crate::support::database::Database;

/// How many tries of each kind.
const TRIES: usize = 40;
/// By how much the medians may differ.
const MOST: Duration = Duration::from_millis(3);

const KINDS: [&str; 5] = ["unknown", "wrong", "unverified", "invited", "disabled"];

/// The medians of the kinds.
fn measure(passwords: fn(Cost, usize) -> Result<Passwords, application::Error>) -> Vec<(&'static str, Duration)> {
    let clock = application::Clock::frozen("2026-11-24T03:00:00Z".parse().unwrap());
    let opening = move |database: &Database, clock: &application::Clock| AppOptions {
        passwords: passwords(Cost::STANDARD, 1).unwrap(),
        ..opening(database, clock)
    };
    let app = App::on(Database::fresh(), clock, opening);
    // Of each kind several accounts, so that no address is locked.
    for number in 0..TRIES.div_ceil(8) {
        let name = |kind: &str| format!("{kind}-{number}");
        app.add(&name("wrong"), Role::Applicant);
        let disabled = app.add(&name("disabled"), Role::Applicant);
        let shut = json!({ "disabled": true });
        app.administrator().patch(&format!("/v1/users/{disabled}")).if_match("*").json(&shut).send().expect(200);
        let (email, language) = (format!("{}@example.org", name("invited")), "en");
        let invited = json!({ "email": email, "name": { "alphabetic": "X" }, "language": language, "roles": [{ "role": "applicant" }] });
        app.administrator().post("/v1/users").json(&invited).send().expect(201);
        let email = format!("{}@example.org", name("unverified"));
        let unverified =
            json!({ "email": email, "password": "plum tree in the rain", "language": language, "name": { "alphabetic": "X" } });
        app.anonymous().post("/v1/registrations").json(&unverified).send().expect(202);
    }
    app.letters_to("nobody@example.org");
    let mut times = KINDS.map(|kind| (kind, Vec::new()));
    let mut alike = None;
    // On a machine that is busy elsewhere the medians of forty tries jump: then forty more are added, four times at most.
    for _ in 0..5 {
        try_each(&app, &mut times, &mut alike);
        if spread(&medians(&times)) <= MOST {
            break;
        }
        app.clock.advance(SignedDuration::from_mins(16));
    }
    medians(&times)
}

/// An answer without what differs between any two answers.
type Shown = (u16, Vec<(String, String)>, String);

/// The times of each kind.
type Times = [(&'static str, Vec<Duration>)];

/// Forty tries of each kind, in turn; all their answers must be alike.
fn try_each(app: &App, times: &mut Times, alike: &mut Option<Shown>) {
    for number in 0..TRIES {
        // In an order that has no pattern: what the server does every fifth of a second must not always meet the same kind.
        let round = times[0].1.len();
        times.sort_by_key(|(kind, _)| application::digest(format!("{round} {kind}").as_bytes()));
        for (kind, times) in times.iter_mut() {
            let begun = Instant::now();
            let answer = app.try_to_sign_in(&format!("{kind}-{}@example.org", number / 8), "not the right password");
            times.push(begun.elapsed());
            let shown = answer.expect_problem(401, "sign_in_refused").normalised("-");
            assert_eq!(*alike.get_or_insert_with(|| shown.clone()), shown, "{kind}");
        }
    }
}

fn medians(times: &Times) -> Vec<(&'static str, Duration)> {
    let median = |(kind, times): &(&'static str, Vec<Duration>)| {
        let mut times = times.clone();
        times.sort_unstable();
        (*kind, times[times.len() / 2])
    };
    times.iter().map(median).collect()
}

fn spread(medians: &[(&str, Duration)]) -> Duration {
    let all = || medians.iter().map(|(_, median)| *median);
    all().max().unwrap().saturating_sub(all().min().unwrap())
}

#[test]
#[ignore = "it measures time: the step `timing` of the test command runs it alone"]
fn refused_sign_ins_take_the_same_time_whatever_account_there_is() {
    let medians = measure(Passwords::new);
    println!("  · medians of {TRIES} tries: {medians:?}");
    assert!(spread(&medians) <= MOST, "{medians:?}");
}

#[test]
#[ignore = "it measures time: the step `timing` of the test command runs it alone"]
fn without_the_decoy_the_same_measurement_tells_unknown_accounts() {
    let medians = measure(Passwords::without_decoy);
    println!("  · control without the decoy: {medians:?}");
    assert!(spread(&medians) > MOST, "the measurement cannot fail: {medians:?}");
}
