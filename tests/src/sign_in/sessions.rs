//! Sessions as their owners see and end them, and the limits at which they end by themselves.

use domain::access::Role;
use jiff::SignedDuration;
use serde_json::json;

use crate::support::app::{App, PASSWORD};
use crate::support::http::Answer;

struct Session<'a> {
    app: &'a App,
    id: String,
    token: String,
    refresh: String,
}

impl Session<'_> {
    fn me(&self) -> Answer {
        self.app.anonymous().get("/v1/me").bearer(&self.token).send()
    }

    fn refresh(&self) -> Answer {
        self.app.anonymous().post("/v1/sessions/refresh").json(&json!({ "refresh_token": self.refresh })).send()
    }
}

fn open<'a>(app: &'a App, name: &str, client: &str) -> Session<'a> {
    let body = json!({ "email": format!("{name}@example.org"), "password": PASSWORD, "client_id": client });
    let answer = app.anonymous().post("/v1/sessions").from("203.0.113.7").json(&body).send().expect(201);
    Session { app, id: answer.text("/session_id"), token: answer.text("/access_token"), refresh: answer.text("/refresh_token") }
}

#[test]
fn a_person_sees_their_own_sessions_and_ends_one() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let phone = open(&app, "mei", "phone");
    app.clock.advance(SignedDuration::from_mins(1));
    let portal = open(&app, "mei", "portal");
    let strangers = app.stranger().get("/v1/sessions").send().expect(200).text("/data/0/id");
    let listed = app.anonymous().get("/v1/sessions").bearer(&portal.token).send().expect(200).json();
    let shown: Vec<_> = listed["data"].as_array().unwrap().iter().map(|one| (one["client_id"].clone(), one["current"].clone())).collect();
    assert_eq!(shown, [(json!("portal"), json!(true)), (json!("phone"), json!(false))]);
    assert_eq!(listed["data"][1]["source"], "203.0.113.7");
    assert_eq!(listed["data"][1]["first_seen_at"], "2026-11-24T03:00:00Z");
    let first = app.anonymous().get("/v1/sessions?limit=1").bearer(&portal.token).send().expect(200);
    let next = format!("/v1/sessions?limit=1&cursor={}", first.text("/next_cursor"));
    let second = app.anonymous().get(&next).bearer(&portal.token).send().expect(200).json();
    assert_eq!((&second["data"][0]["id"], &second["has_more"]), (&json!(phone.id), &json!(false)));

    let end = |id: &str| app.anonymous().delete(&format!("/v1/sessions/{id}")).bearer(&portal.token).send();
    let hidden = end(&strangers).expect_problem(404, "not_found");
    let absent = end("session_01jd8x5k2neht8xg8y7w9zq4rt").expect_problem(404, "not_found");
    assert_eq!(hidden.normalised(&strangers), absent.normalised("session_01jd8x5k2neht8xg8y7w9zq4rt"));
    end(&phone.id).expect(204);
    end(&phone.id).expect(204);
    phone.me().expect_problem(401, "session_ended");
    phone.refresh().expect_problem(401, "refresh_refused");
    portal.me().expect(200);
}

#[test]
fn every_sign_in_has_tokens_of_its_own() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let opened: Vec<_> = (0..3).map(|_| app.sign_in("mei").expect(201)).collect();
    for name in ["/session_id", "/access_token", "/refresh_token", "/device_token"] {
        let mut tokens: Vec<String> = opened.iter().map(|answer| answer.text(name)).collect();
        tokens.sort();
        tokens.dedup();
        assert_eq!(tokens.len(), 3, "{name}");
    }
    for name in ["/refresh_token", "/device_token"] {
        assert_eq!(opened[0].text(name).len(), 43, "{name}: 256 bits in base64url");
    }
}

#[test]
fn a_session_starts_with_a_password_alone() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let registration = json!({ "email": "kai@example.org", "password": PASSWORD, "language": "en", "name": { "alphabetic": "Kai" } });
    let sent = app.anonymous().post("/v1/registrations").json(&registration).send().expect(202);
    let verified = json!({ "registration_id": sent.text("/registration_id"), "code": app.letter("kai", "verify_email")["code"] });
    app.anonymous().post("/v1/password-resets").json(&json!({ "email": "mei@example.org" })).send().expect(202);
    let reset = json!({ "code": app.letter("mei", "reset_password")["code"], "password": "a lantern over the quiet river" });
    for (path, body) in [("/v1/registrations/verify", verified), ("/v1/password-resets/confirm", reset)] {
        let answer = app.anonymous().post(path).json(&body).send();
        assert!(answer.status < 300 && answer.header("set-cookie").is_none(), "{path}");
        assert!(!String::from_utf8_lossy(&answer.bytes).contains("access_token"), "{path} opens no session");
    }
}

#[test]
fn all_other_sessions_end_at_once() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let (one, two, own) = (open(&app, "mei", "a"), open(&app, "mei", "b"), open(&app, "mei", "c"));
    let ended = app.anonymous().post("/v1/sessions/end-others").bearer(&own.token).send().expect(200).json();
    assert_eq!(ended, json!({ "ended": 2 }));
    for other in [one, two] {
        other.me().expect_problem(401, "session_ended");
    }
    own.me().expect(200);
}

#[test]
fn a_session_that_is_not_used_ends_sooner_for_staff_than_for_applicants() {
    for (role, minutes) in [(Role::Coordinator, 60), (Role::Applicant, 14 * 24 * 60)] {
        let app = App::start();
        app.add("somebody", role);
        let idle = open(&app, "somebody", "idle");
        app.clock.advance(SignedDuration::from_mins(minutes) - SignedDuration::from_secs(1));
        let used = open(&app, "somebody", "used");
        app.clock.advance(SignedDuration::from_secs(1));
        idle.refresh().expect_problem(401, "refresh_refused");
        let listed = app.anonymous().get("/v1/sessions").bearer(&used.token).send().expect(200).json();
        assert_eq!(listed["data"].as_array().unwrap().len(), 1, "a session that has ended is not listed");
        used.refresh().expect(200);
    }
}

#[test]
fn a_session_in_use_goes_on_until_the_end_of_its_life() {
    let app = App::start();
    app.add("desk", Role::Coordinator);
    let mut token = open(&app, "desk", "portal").refresh;
    let refresh = |token: &str| app.anonymous().post("/v1/sessions/refresh").json(&json!({ "refresh_token": token })).send();
    for _ in 0..23 {
        app.clock.advance(SignedDuration::from_mins(30));
        token = refresh(&token).expect(200).text("/refresh_token");
    }
    app.clock.advance(SignedDuration::from_mins(30));
    refresh(&token).expect_problem(401, "refresh_refused");
}

#[test]
fn requests_keep_a_session_in_use_and_are_noted_every_five_minutes() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let session = open(&app, "mei", "portal");
    let last_seen = || app.anonymous().get("/v1/sessions").bearer(&session.token).send().expect(200).text("/data/0/last_seen_at");
    app.clock.advance(SignedDuration::from_mins(4));
    assert_eq!(last_seen(), "2026-11-24T03:00:00Z");
    app.clock.advance(SignedDuration::from_mins(1));
    session.me().expect(200);
    assert_eq!(last_seen(), "2026-11-24T03:05:00Z");
}

#[test]
fn the_limits_of_sessions_are_settings_that_hold_at_once() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let session = open(&app, "mei", "portal");
    let admin = app.administrator();
    let etag = admin.get("/v1/settings").send().expect(200).etag();
    let patch = |limits: serde_json::Value| admin.patch("/v1/settings").if_match(&etag).json(&json!({ "sessions": limits })).send();
    let refused = patch(json!({ "staff_idle_minutes": 19, "outside_life_hours": 0 })).expect_problem(422, "invalid_fields");
    assert_eq!(refused.pointers(), ["/sessions/outside_life_hours", "/sessions/staff_idle_minutes"]);
    patch(json!({ "outside_idle_minutes": 20, "outside_life_hours": 1 })).expect(200);
    app.clock.advance(SignedDuration::from_mins(20));
    session.refresh().expect_problem(401, "refresh_refused");
}

#[test]
fn closing_an_agency_ends_its_staffs_sessions_for_good_and_they_can_sign_out() {
    let app = App::start();
    app.add("lin", Role::Agency);
    let before = open(&app, "lin", "portal");
    let agency = format!("/v1/agencies/{}", app.agency_named("Sakura Medical Travel"));
    let admin = app.administrator();
    let set = |active: bool| {
        let etag = admin.get(&agency).send().expect(200).etag();
        admin.patch(&agency).if_match(&etag).json(&json!({ "active": active })).send().expect(200);
    };
    set(false);
    before.me().expect_problem(401, "session_ended");
    before.refresh().expect_problem(401, "refresh_refused");
    let during = open(&app, "lin", "portal");
    assert_eq!(during.me().expect(200).json()["id"], app.anonymous().get("/v1/me").bearer(&during.token).send().json()["id"]);
    app.anonymous().get("/v1/cases").bearer(&during.token).send().expect_problem(403, "forbidden");
    let kept = open(&app, "lin", "portal");
    app.anonymous().get("/v1/sessions").bearer(&during.token).send().expect(200);
    app.anonymous().delete("/v1/sessions/current").bearer(&during.token).send().expect(204);
    set(true);
    kept.me().expect_problem(401, "session_ended");
    before.me().expect_problem(401, "session_ended");
    before.refresh().expect_problem(401, "refresh_refused");
}
