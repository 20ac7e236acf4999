//! What a connection may take, before any request is anybody's.

use std::time::Duration;

use api::limits::Limits;
use serde_json::Value;

use crate::support::app::{App, unlimited};
use crate::support::given::{Case, LETTER};
use crate::support::raw::{Raw, head_of};
use crate::support::wait_until;

/// The problem in an answer that no handler made.
#[track_caller]
fn problem(answer: &[u8], status: u16, code: &str) {
    let text = String::from_utf8_lossy(answer).into_owned();
    let head = head_of(answer).to_ascii_lowercase();
    assert!(head.starts_with(&format!("http/1.1 {status} ")), "{text}");
    let body: Value = serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap_or_else(|fault| panic!("{fault}: {text}"));
    assert_eq!((body["status"].as_u64(), body["code"].as_str()), (Some(status.into()), Some(code)), "{text}");
    assert!(head.contains(&format!("request-id: {}", body["request_id"].as_str().unwrap())), "{text}");
    assert!(head.contains("content-type: application/problem+json") && head.contains("connection: close"), "{text}");
    assert!(head.contains("cache-control: no-store"), "{text}");
}

/// Connections that were each used once, and are kept.
fn in_use(app: &App, count: usize) -> Vec<Raw> {
    let open = |_| {
        let mut raw = Raw::connect(app);
        raw.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
        raw.read_answer(true);
        raw
    };
    (0..count).map(open).collect()
}

#[test]
fn what_is_refused_before_it_is_a_request_is_a_problem_too() {
    let app = App::within(Limits { head_timeout: 1, body_timeout: 1, ..unlimited() });
    let told = |sent: &str| {
        let mut raw = Raw::connect(&app);
        raw.try_to_send(sent.as_bytes());
        raw.read_to_end()
    };
    for malformed in [
        "nonsense\r\n\r\n",
        "GET / HTTP/1.1\n\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "POST /v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST /v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    ] {
        problem(&told(malformed), 400, "malformed_request");
    }
    problem(&told(&format!("GET / HTTP/1.1\r\nHost: a\r\nField: {}\r\n\r\n", "x".repeat(80_000))), 431, "head_too_large");
    problem(&told("GET /v1/catalogue HTTP/1.1\r\nHost:"), 408, "request_timeout");
    let slow = "POST /v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 70\r\n\r\n{\"email\":";
    problem(&told(slow), 408, "request_timeout");
    assert_eq!(told(""), b"", "who says nothing is told nothing");
}

#[test]
fn the_second_head_of_a_connection_has_no_more_time_than_the_first() {
    let app = App::within(Limits { head_timeout: 1, ..unlimited() });
    let mut raw = Raw::connect(&app);
    raw.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    assert!(raw.read_answer(true).0.starts_with("http/1.1 200"));
    raw.send("GET /healthz HT");
    problem(&raw.read_to_end(), 408, "request_timeout");
}

#[test]
fn requests_in_one_packet_are_answered_one_by_one_each_framed_by_its_own() {
    let app = App::start();
    let request = |method: &str, body: bool| {
        let body = if body { "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}" } else { "\r\n" };
        let path = if method == "POST" { "/v1/sessions" } else { "/v1/catalogue" };
        format!("{method} {path} HTTP/1.1\r\nHost: a\r\n{body}")
    };
    let chunked =
        "POST /v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
    let get = || (request("GET", false), "200", true);
    let head = || (request("HEAD", false), "200", false);
    let post = || (request("POST", true), "422", true);
    let series = [
        vec![get(), head()],
        vec![head(), get()],
        vec![post(), get(), head(), (chunked.to_owned(), "422", true), head(), get()],
        (0..20).map(|number| if number % 2 == 0 { head() } else { get() }).collect(),
    ];
    for requests in series {
        let mut raw = Raw::connect(&app);
        raw.send(&requests.iter().map(|(text, _, _)| text.as_str()).collect::<String>());
        for (text, status, has_body) in &requests {
            let (head, body) = raw.read_answer(*has_body);
            assert!(head.starts_with(&format!("http/1.1 {status} ")), "{text}: {head}");
            if *has_body {
                serde_json::from_slice::<Value>(&body).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            }
        }
    }
}

#[test]
fn a_request_to_upgrade_to_anything_else_is_served_as_it_is() {
    let app = App::start();
    for protocol in ["h2c", "TLS/1.0", "foo"] {
        let mut raw = Raw::connect(&app);
        raw.send(&format!("GET /v1/catalogue HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: {protocol}\r\n\r\n"));
        let (head, _) = raw.read_answer(true);
        assert!(head.starts_with("http/1.1 200") && !head.contains("upgrade"), "{protocol}: {head}");
        raw.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
        assert!(raw.read_answer(true).0.starts_with("http/1.1 200"), "{protocol}: the connection goes on");
    }
}

#[test]
fn one_source_takes_no_more_places_than_its_own() {
    let app = App::direct(Limits { http_connections_per_source: 3, ..unlimited() });
    let held = in_use(&app, 3);
    assert_eq!(Raw::connect(&app).read_to_end(), b"", "closed at once");
    let mut other = Raw::from_to("127.0.0.2", &app);
    other.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    assert!(other.read_answer(true).0.starts_with("http/1.1 200"), "another source is served");
    drop(held);
    let again = wait_until(Duration::from_secs(5), || {
        let mut raw = Raw::connect(&app);
        raw.try_to_send(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        raw.read_to_end().starts_with(b"HTTP/1.1 200").then_some(())
    });
    assert!(again.is_some(), "the places are free again");
}

#[test]
fn there_are_so_many_places_in_all_also_for_proxies() {
    let app = App::within(Limits { http_connections: 4, ..unlimited() });
    let held = in_use(&app, 4);
    assert_eq!(Raw::connect(&app).read_to_end(), b"");
    drop(held);
}

#[test]
fn whoever_does_not_read_what_they_asked_for_is_cut_off() {
    let app = App::within(Limits { write_timeout: 1, ..unlimited() });
    let (case, me) = (Case::draft(&app), app.applicant());
    let mut bytes = LETTER.to_vec();
    bytes.resize(20 * 1024 * 1024, b'\n');
    let place = format!("{}/content", case.upload(&me, "a.pdf", &bytes, &[]).expect(201).header("location").unwrap());
    let mut raw = Raw::connect(&app);
    raw.send(&format!("GET {place} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\n\r\n", me.token()));
    raw.wait_to_be_cut();
    assert!(raw.read_to_end().len() < bytes.len());
}

#[test]
fn an_idle_connection_is_closed_after_its_time() {
    let app = App::within(Limits { idle_timeout: 1, ..unlimited() });
    let mut raw = Raw::connect(&app);
    raw.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    raw.read_answer(true);
    assert_eq!(raw.read_to_end(), b"");
}

#[test]
fn requests_are_counted_and_the_answer_says_how_they_stand() {
    let limits = Limits { source_rate: 1, source_burst: 5, quote_rate: 1, quote_burst: 2, person_rate: 1, person_burst: 9, ..unlimited() };
    let app = App::within(Limits { costly_rate: 1, costly_burst: 3, ..limits });
    let anonymous = |source: &str| app.anonymous().get("/v1/catalogue").from(source).send();
    let first = anonymous("203.0.113.1").expect(200);
    assert_eq!(first.header("ratelimit-policy"), Some("\"source\";q=5;w=5"));
    assert_eq!(first.header("ratelimit"), Some("\"source\";r=4;t=1"));
    let mut last = first;
    for _ in 0..20 {
        last = anonymous("203.0.113.1");
        if last.status == 429 {
            break;
        }
    }
    let refused = last.expect_problem(429, "rate_limited");
    assert!(refused.header("retry-after").unwrap().parse::<u32>().unwrap() >= 1);
    assert!(refused.header("ratelimit").unwrap().starts_with("\"source\";r=0;"), "{:?}", refused.header("ratelimit"));
    assert!(refused.text("/detail").contains('5'), "{}", refused.text("/detail"));
    let told = anonymous("203.0.113.2").expect(200).json();
    let rates = told["limits"]["rates"].as_array().unwrap();
    let of_sources = rates.iter().find(|rate| rate["policy"] == "source").unwrap();
    assert_eq!((&of_sources["burst"], &of_sources["per_second"]), (&serde_json::json!(5), &serde_json::json!(1)), "what holds here");

    // Bad tokens are a source's, and so are requests that lead nowhere.
    for bad in ["/v1/me", "/v1/nothing", "/docs/index.html"] {
        let source = app.fresh_source();
        let tries = (0..20).map(|_| app.anonymous().get(bad).bearer("no.good.token").from(&source).send().status);
        assert!(tries.into_iter().any(|status| status == 429), "{bad}");
    }
    // Whoever watches over the server is not counted.
    for _ in 0..20 {
        app.anonymous().get("/healthz").from("203.0.113.1").send().expect(200);
    }
    // A person counts as one, wherever they are; a costly request on its own count, too.
    let me = app.applicant();
    let mine = me.get("/v1/me").from("203.0.113.1").send().expect(200);
    assert_eq!(mine.header("ratelimit-policy"), Some("\"person\";q=9;w=9"));
    let statuses: Vec<u16> = (0..6)
        .map(|_| me.post("/v1/cases").from(&app.fresh_source()).json(&serde_json::json!({ "kind": "written_opinion" })).send().status)
        .collect();
    assert!(statuses.starts_with(&[201, 201, 201]) && statuses.contains(&429), "{statuses:?}");
    // Estimates have a count of their own.
    let wanted = serde_json::json!({ "kind": "written_opinion" });
    let quotes: Vec<u16> = (0..4).map(|_| app.anonymous().post("/v1/quotes").from("203.0.113.9").json(&wanted).send().status).collect();
    assert!(quotes.starts_with(&[201, 201]) && quotes.contains(&429), "{quotes:?}");
}
