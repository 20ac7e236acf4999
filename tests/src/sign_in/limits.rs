//! How often one may try: counted before the hash, per address, source and device, alike for everybody.

use domain::access::Role;
use jiff::SignedDuration;
use serde_json::json;

use crate::support::app::{App, PASSWORD};
use crate::support::http::{Answer, Request};

const WRONG: &str = "not the right password";

fn with_device(app: &App, email: &str, password: &str, device: &str) -> Answer {
    let body = json!({ "email": email, "password": password, "device_token": device });
    app.anonymous().post("/v1/sessions").from(&app.fresh_source()).json(&body).send()
}

fn from_source(app: &App, source: &str, email: &str, password: &str) -> Answer {
    app.anonymous().post("/v1/sessions").from(source).json(&json!({ "email": email, "password": password })).send()
}

#[test]
fn over_the_limit_known_and_unknown_right_and_wrong_are_answered_alike() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    for email in ["mei@example.org", "nobody@example.org"] {
        for _ in 0..10 {
            app.try_to_sign_in(email, WRONG).expect_problem(401, "sign_in_refused");
        }
    }
    let known = app.try_to_sign_in("mei@example.org", WRONG).expect_problem(429, "too_many_requests");
    assert_eq!(known.header("retry-after"), Some("900"));
    let unknown = app.try_to_sign_in("nobody@example.org", WRONG);
    let right = app.try_to_sign_in("mei@example.org", PASSWORD);
    assert_eq!(known.normalised("-"), unknown.normalised("-"));
    assert_eq!(known.normalised("-"), right.normalised("-"), "the right password is not told");
}

#[test]
fn tries_during_a_lock_do_not_make_it_longer_and_it_ends_when_it_said() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    for _ in 0..11 {
        app.try_to_sign_in("mei@example.org", WRONG);
    }
    for minutes in [5, 5] {
        app.clock.advance(SignedDuration::from_mins(minutes));
        app.try_to_sign_in("mei@example.org", PASSWORD).expect_problem(429, "too_many_requests");
    }
    app.clock.advance(SignedDuration::from_secs(299));
    let last = app.try_to_sign_in("mei@example.org", PASSWORD).expect_problem(429, "too_many_requests");
    assert_eq!(last.header("retry-after"), Some("1"));
    app.clock.advance(SignedDuration::from_secs(1));
    app.try_to_sign_in("mei@example.org", PASSWORD).expect(201);
}

#[test]
fn of_guesses_at_once_no_more_are_judged_than_of_guesses_in_turn() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..30).map(|_| scope.spawn(|| app.try_to_sign_in("mei@example.org", WRONG).status)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let judged = statuses.iter().filter(|status| **status == 401).count();
    let refused = statuses.iter().filter(|status| **status == 429).count();
    assert_eq!((judged, refused), (10, 20), "{statuses:?}");
}

#[test]
fn strangers_cannot_lock_a_person_out_of_the_device_they_use() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    app.add("kai", Role::Applicant);
    let device = app.sign_in("mei").expect(201).text("/device_token");
    let others = app.sign_in("kai").expect(201).text("/device_token");
    for _ in 0..11 {
        app.try_to_sign_in("mei@example.org", WRONG);
    }
    app.try_to_sign_in("mei@example.org", PASSWORD).expect_problem(429, "too_many_requests");
    with_device(&app, "mei@example.org", PASSWORD, &others).expect_problem(429, "too_many_requests");
    with_device(&app, "mei@example.org", PASSWORD, "bm8gZGV2aWNlIGhhcyB0aGlzIHRva2Vu").expect_problem(429, "too_many_requests");
    let again = with_device(&app, "mei@example.org", PASSWORD, &device).expect(201);
    assert_eq!(again.text("/device_token"), device, "a known device keeps its token");
    app.try_to_sign_in("mei@example.org", PASSWORD).expect(201);
    assert_eq!(app.letters_to("mei@example.org"), ["new_device", "new_device"], "the sign-in from the known device is no news");
}

#[test]
fn a_stolen_device_has_its_own_limit() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let device = app.sign_in("mei").expect(201).text("/device_token");
    for _ in 0..10 {
        with_device(&app, "mei@example.org", WRONG, &device).expect_problem(401, "sign_in_refused");
    }
    with_device(&app, "mei@example.org", PASSWORD, &device).expect_problem(429, "too_many_requests");
    app.try_to_sign_in("mei@example.org", PASSWORD).expect(201);
}

#[test]
fn a_device_is_known_for_180_days() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let device = app.sign_in("mei").expect(201).text("/device_token");
    app.clock.advance(SignedDuration::from_hours(179 * 24));
    with_device(&app, "mei@example.org", PASSWORD, &device).expect(201);
    app.clock.advance(SignedDuration::from_hours(180 * 24));
    let after = with_device(&app, "mei@example.org", PASSWORD, &device).expect(201);
    assert_ne!(after.text("/device_token"), device);
}

#[test]
fn a_source_has_a_limit_over_all_addresses_and_locks_nobody_elses_account() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    // An IPv6 client has 64 bits to itself.
    let attacker = |number: u32| format!("2001:db8:1:2::{number:x}");
    std::thread::scope(|scope| {
        for part in 0..4_u32 {
            let app = &app;
            scope.spawn(move || {
                for number in (part..300).step_by(4) {
                    from_source(app, &attacker(number), &format!("guess-{number}@example.org"), WRONG)
                        .expect_problem(401, "sign_in_refused");
                }
            });
        }
    });
    from_source(&app, &attacker(999), "mei@example.org", PASSWORD).expect_problem(429, "too_many_requests");
    for _ in 0..12 {
        from_source(&app, &attacker(1), "mei@example.org", WRONG).expect_problem(429, "too_many_requests");
    }
    from_source(&app, "2001:db8:1:3::1", "mei@example.org", PASSWORD).expect(201);
}

#[test]
fn a_success_clears_the_account_and_not_the_source() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let source = app.fresh_source();
    for round in 0..30 {
        for _ in 0..9 {
            from_source(&app, &source, "mei@example.org", WRONG).expect_problem(401, "sign_in_refused");
        }
        assert_eq!(from_source(&app, &source, "mei@example.org", PASSWORD).status, 201, "round {round}");
    }
    from_source(&app, &source, "mei@example.org", PASSWORD).expect_problem(429, "too_many_requests");
}

#[test]
fn a_forwarding_header_counts_only_from_a_trusted_proxy() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let token = app.sign_in("mei").expect(201).text("/access_token");
    let sessions = app.anonymous().get("/v1/sessions").bearer(&token).send().expect(200);
    assert!(sessions.text("/data/0/source").starts_with("10."), "the tests' own machine is a trusted proxy");
    let disagree = app.anonymous().post("/v1/sessions").from("203.0.113.7").header("forwarded", "for=198.51.100.1");
    let opened = disagree.json(&json!({ "email": "mei@example.org", "password": PASSWORD })).send().expect(201).text("/access_token");
    let sessions = app.anonymous().get("/v1/sessions").bearer(&opened).send().expect(200);
    assert_eq!(sessions.text("/data/0/source"), "127.0.0.1", "two headers that disagree are both ignored");
}

#[test]
fn counts_hold_for_all_servers() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    app.with_second_server(|second| {
        let at = |base: &str| {
            let request = Request::new(app.agent(), "POST", format!("{base}/v1/sessions")).from(&app.fresh_source());
            request.json(&json!({ "email": "mei@example.org", "password": WRONG })).send()
        };
        for _ in 0..5 {
            at(&app.base).expect_problem(401, "sign_in_refused");
            at(second).expect_problem(401, "sign_in_refused");
        }
        at(&app.base).expect_problem(429, "too_many_requests");
        at(second).expect_problem(429, "too_many_requests");
    });
}

#[test]
fn strangers_tries_do_not_keep_the_owner_from_changing_the_password() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let token = app.sign_in("mei").expect(201).text("/access_token");
    for _ in 0..11 {
        app.try_to_sign_in("mei@example.org", WRONG);
    }
    let change = |current: &str| {
        let body = json!({ "current_password": current, "new_password": "a lantern over the quiet river" });
        app.anonymous().post("/v1/me/password").bearer(&token).json(&body).send()
    };
    change(WRONG).expect_problem(422, "invalid_fields");
    change(PASSWORD).expect(200);
}

#[test]
fn whoever_found_an_open_session_has_ten_tries_at_its_password() {
    let app = App::start();
    let mei = app.applicant();
    let change = |current: &str| {
        let body = json!({ "current_password": current, "new_password": "a lantern over the quiet river" });
        mei.post("/v1/me/password").json(&body).send()
    };
    for _ in 0..10 {
        change(WRONG).expect_problem(422, "invalid_fields");
    }
    change(PASSWORD).expect_problem(429, "too_many_requests");
    let email = json!({ "new_email": "thief@example.org", "current_password": PASSWORD });
    mei.post("/v1/me/email-change").json(&email).send().expect_problem(429, "too_many_requests");
}

#[test]
fn the_way_back_stays_open_while_an_address_is_locked() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let registration = json!({ "email": "mei@example.org", "password": PASSWORD, "language": "en", "name": { "alphabetic": "X" } });
    for _ in 0..11 {
        app.try_to_sign_in("mei@example.org", WRONG);
        app.anonymous().post("/v1/registrations").json(&registration).send().expect(202);
    }
    app.anonymous().post("/v1/password-resets").json(&json!({ "email": "mei@example.org" })).send().expect(202);
    let code = app.letter("mei", "reset_password")["code"].clone();
    let body = json!({ "code": code, "password": "a lantern over the quiet river" });
    let device = app.anonymous().post("/v1/password-resets/confirm").json(&body).send().expect(200).text("/device_token");
    // The stranger locks the address again at once: the device that chose the password is known.
    for _ in 0..11 {
        app.try_to_sign_in("mei@example.org", WRONG);
    }
    app.try_to_sign_in("mei@example.org", "a lantern over the quiet river").expect_problem(429, "too_many_requests");
    with_device(&app, "mei@example.org", "a lantern over the quiet river", &device).expect(201);
    let letters = app.letters_to("mei@example.org");
    assert_eq!(letters.iter().filter(|reason| *reason == "already_registered").count(), 5, "at most five letters of a kind in an hour");
}

#[test]
fn a_reset_that_a_stranger_asks_for_does_not_void_the_owners_code() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let ask = || app.anonymous().post("/v1/password-resets").json(&json!({ "email": "mei@example.org" })).send().expect(202);
    ask();
    let code = app.letter("mei", "reset_password")["code"].clone();
    ask();
    let body = json!({ "code": code, "password": "a lantern over the quiet river" });
    app.anonymous().post("/v1/password-resets/confirm").json(&body).send().expect(200);
}
