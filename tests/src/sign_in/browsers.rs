//! Pages of other origins: what a browser lets them do, and tokens in cookies for pages of the API's own site.

use domain::access::Role;
use serde_json::json;

use crate::support::app::{App, OTHER_PORTAL, PASSWORD, PORTAL};
use crate::support::http::Answer;

const STRANGER: &str = "https://elsewhere.test";

fn preflight(app: &App, origin: &str, method: &str, headers: &str) -> Answer {
    let request = app.anonymous().request("OPTIONS", "/v1/cases").header("origin", origin);
    request.header("access-control-request-method", method).header("access-control-request-headers", headers).send()
}

#[test]
fn a_preflight_of_a_listed_origin_is_answered_before_sign_in() {
    let app = App::start();
    let wanted = "authorization, content-type, if-match, if-none-match, idempotency-key, accept-language, traceparent";
    for (origin, credentials) in [(PORTAL, Some("true")), (OTHER_PORTAL, None)] {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let answer = preflight(&app, origin, method, wanted).expect(200);
            assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
            assert_eq!(answer.header("access-control-allow-credentials"), credentials, "{origin}");
            assert_eq!(answer.header("access-control-max-age"), Some("7200"));
            assert!(answer.header("access-control-allow-methods").unwrap().contains(method));
            for header in wanted.split(", ") {
                assert!(answer.header("access-control-allow-headers").unwrap().contains(header), "{header}");
            }
        }
    }
}

#[test]
fn a_preflight_of_an_unlisted_origin_gives_no_leave() {
    let app = App::start();
    for origin in [STRANGER, "null", "https://portal.second-opinion.test.evil.test", "http://portal.second-opinion.test"] {
        let answer = preflight(&app, origin, "POST", "authorization");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{origin}");
        assert_eq!(answer.header("access-control-allow-credentials"), None, "{origin}");
    }
    let listed = preflight(&app, PORTAL, "POST", "x-forwarded-for");
    assert!(listed.status >= 400 || listed.header("access-control-allow-origin").is_none(), "a header that nobody may send");
}

#[test]
fn refusals_and_answers_are_readable_for_listed_origins_alone() {
    let app = App::start();
    let get = |origin: Option<&str>, path: &str| {
        let request = app.anonymous().get(path);
        origin.map_or_else(|| app.anonymous().get(path), |origin| request.header("origin", origin)).send()
    };
    let exposed = "ETag, Location, Request-Id, Retry-After, Idempotent-Replayed, Content-Disposition, Content-Range, Accept-Ranges, RateLimit, RateLimit-Policy";
    for (path, status) in [("/v1/catalogue", 200), ("/v1/cases", 401), ("/v1/nothing", 404), ("/v1/catalogue?colour=red", 400)] {
        for (origin, credentials) in [(PORTAL, Some("true")), (OTHER_PORTAL, None)] {
            let answer = get(Some(origin), path);
            assert_eq!(answer.status, status, "{path}");
            assert_eq!(answer.header("access-control-allow-origin"), Some(origin), "{path}");
            assert_eq!(answer.header("access-control-allow-credentials"), credentials, "{path}");
            assert_eq!(answer.header("access-control-expose-headers"), Some(exposed), "{path}");
            assert!(answer.header("vary").unwrap().contains("Origin"), "{path}");
        }
        for origin in [Some(STRANGER), None] {
            let answer = get(origin, path);
            assert_eq!(answer.status, status, "{path}");
            assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
            assert_eq!(answer.header("access-control-expose-headers"), None, "{path}");
        }
    }
}

/// The value of a cookie that an answer sets, with its attributes.
fn set_cookie(answer: &Answer, name: &str) -> Option<(String, String)> {
    let line = answer.headers.iter().find(|(header, value)| header.eq_ignore_ascii_case("set-cookie") && value.starts_with(name))?;
    let (pair, attributes) = line.1.split_once("; ").unwrap();
    Some((pair.split_once('=').unwrap().1.to_owned(), attributes.to_owned()))
}

fn sign_in_by_cookie(app: &App, origin: Option<&str>, cookie: Option<&str>) -> Answer {
    let body = json!({ "email": "mei@example.org", "password": PASSWORD, "session_mode": "cookie" });
    let mut request = app.anonymous().post("/v1/sessions").from(&app.fresh_source()).json(&body);
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    request.send()
}

fn by_cookie(app: &App, path: &str, origin: Option<&str>, cookie: &str) -> Answer {
    let request = app.anonymous().post(path).header("cookie", cookie).json(&json!({}));
    origin
        .map_or_else(|| app.anonymous().post(path).header("cookie", cookie).json(&json!({})), |origin| request.header("origin", origin))
        .send()
}

#[test]
fn in_cookie_mode_no_script_sees_the_tokens() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let opened = sign_in_by_cookie(&app, Some(PORTAL), None).expect(201);
    assert_eq!((opened.json()["refresh_token"].clone(), opened.json()["device_token"].clone()), (json!(null), json!(null)));
    for (name, life) in [("__Secure-refresh", 30 * 24 * 3600), ("__Secure-device", 180 * 24 * 3600)] {
        let (value, attributes) = set_cookie(&opened, name).unwrap();
        assert!(value.len() >= 43);
        let mut attributes: Vec<&str> = attributes.split("; ").collect();
        attributes.sort_unstable();
        assert_eq!(attributes, ["HttpOnly", &format!("Max-Age={life}"), "Path=/v1/sessions", "SameSite=Strict", "Secure"]);
    }
    let token = opened.text("/access_token");
    // The new session keeps its token where the one before had it.
    let change = json!({ "current_password": PASSWORD, "new_password": "a lantern over the quiet river" });
    let changed = app.anonymous().post("/v1/me/password").bearer(&token).header("origin", PORTAL).json(&change).send().expect(200);
    assert_eq!(changed.json()["refresh_token"], json!(null));
    assert!(set_cookie(&changed, "__Secure-refresh").is_some());
}

#[test]
fn a_cookie_refreshes_and_signs_out_for_the_origins_of_the_setting_alone() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let opened = sign_in_by_cookie(&app, Some(PORTAL), None).expect(201);
    let cookie = format!("__Secure-refresh={}", set_cookie(&opened, "__Secure-refresh").unwrap().0);
    for path in ["/v1/sessions/refresh", "/v1/sessions/sign-out"] {
        for origin in [None, Some(OTHER_PORTAL), Some(STRANGER), Some("null")] {
            by_cookie(&app, path, origin, &cookie).expect_problem(403, "origin_refused");
        }
        let plain =
            app.anonymous().post(path).header("cookie", &cookie).header("origin", PORTAL).bytes("text/plain", b"{}".to_vec()).send();
        plain.expect_problem(415, "unsupported_media_type");
    }
    let refreshed = by_cookie(&app, "/v1/sessions/refresh", Some(PORTAL), &cookie).expect(200);
    assert_eq!(refreshed.json()["refresh_token"], json!(null));
    let next = format!("__Secure-refresh={}", set_cookie(&refreshed, "__Secure-refresh").unwrap().0);
    assert_ne!(next, cookie);
    let gone = by_cookie(&app, "/v1/sessions/sign-out", Some(PORTAL), &next).expect(204);
    let (value, attributes) = set_cookie(&gone, "__Secure-refresh").unwrap();
    assert!(value.is_empty() && attributes.contains("Max-Age=0"), "the browser forgets it");
    by_cookie(&app, "/v1/sessions/refresh", Some(PORTAL), &next).expect_problem(401, "refresh_refused");
    app.anonymous().get("/v1/me").bearer(&refreshed.text("/access_token")).send().expect_problem(401, "session_ended");
}

#[test]
fn without_a_cookie_there_is_nothing_to_refresh() {
    let app = App::start();
    for origin in [PORTAL, OTHER_PORTAL] {
        let request = app.anonymous().post("/v1/sessions/refresh").header("origin", origin).json(&json!({}));
        request.send().expect_problem(401, "refresh_refused");
    }
}

#[test]
fn cookies_are_set_for_the_origins_of_the_setting_alone() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    for origin in [None, Some(OTHER_PORTAL), Some(STRANGER)] {
        let refused = sign_in_by_cookie(&app, origin, None).expect_problem(403, "origin_refused");
        assert_eq!(refused.header("set-cookie"), None);
    }
    let body = json!({ "email": "mei@example.org", "password": PASSWORD });
    let token_mode = app.anonymous().post("/v1/sessions").header("origin", OTHER_PORTAL).json(&body).send().expect(201);
    assert!(token_mode.header("set-cookie").is_none() && !token_mode.text("/refresh_token").is_empty());
}

#[test]
fn a_browser_that_signs_in_again_gives_its_session_back_and_is_a_known_device() {
    let app = App::start();
    app.add("mei", Role::Applicant);
    let first = sign_in_by_cookie(&app, Some(PORTAL), None).expect(201);
    let held = |name: &str| format!("{name}={}", set_cookie(&first, name).unwrap().0);
    let cookies = format!("{}; {}", held("__Secure-refresh"), held("__Secure-device"));
    let second = sign_in_by_cookie(&app, Some(PORTAL), Some(&cookies)).expect(201);
    app.anonymous().get("/v1/me").bearer(&first.text("/access_token")).send().expect_problem(401, "session_ended");
    app.anonymous().get("/v1/me").bearer(&second.text("/access_token")).send().expect(200);
    assert_eq!(app.letters_to("mei@example.org"), ["new_device"], "the second sign-in came from a known device");
}
