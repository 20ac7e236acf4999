//! Whatever is sent, the answer is a clear problem: what was wrong, where, in the caller's language. Never a 5xx, and nothing is changed.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::http::Answer;

/// Sends a body as it stands to `createCase`.
fn create(app: &App, body: &str) -> Answer {
    app.applicant().post("/v1/cases").bytes("application/json", body.as_bytes().to_vec()).send()
}

#[test]
fn what_is_no_json_is_told_where_it_ends_to_be_json() {
    let app = App::start();
    let answer = create(&app, "{\n  \"kind\": \"written_opinion\",,\n}").expect_problem(400, "malformed_json");
    assert!(answer.text("/detail").contains("line 2"), "{}", answer.text("/detail"));
    for body in ["", "{", "nul", "{\"kind\": \"\\ud800\"}", "{\"kind\": 1e999999}", "\u{feff}{}"] {
        create(&app, body).expect_problem(400, "malformed_json");
    }
    let latin1 = app.applicant().post("/v1/cases").bytes("application/json", vec![b'{', b'"', 0xe9, b'"', b':', b'1', b'}']);
    latin1.send().expect_problem(400, "malformed_json");
}

#[test]
fn every_wrong_field_is_named_at_once() {
    let app = App::start();
    let body = json!({
        "kind": "by_telephone",
        "application": {
            "patient": { "email": "no address", "phone": "12", "country_of_residence": "Japan", "born_on": "1961-02-30" },
            "questions": [""]
        }
    });
    let answer = create(&app, &body.to_string()).expect_problem(422, "invalid_fields");
    let mut pointers = answer.pointers();
    pointers.dedup();
    let wanted = [
        "/application/patient/born_on",
        "/application/patient/country_of_residence",
        "/application/patient/email",
        "/application/patient/phone",
        "/application/questions/0",
        "/kind",
    ];
    assert_eq!(pointers, wanted);
    let listed = app.applicant().get("/v1/cases").send();
    assert!(listed.status != 200 || listed.json()["data"] == json!([]), "nothing was opened");
}

#[test]
fn faults_are_told_in_english_and_in_japanese() {
    let app = App::start();
    let send = |japanese: bool| {
        let request = app.applicant().post("/v1/cases").json(&json!({}));
        let request = if japanese { request.in_japanese() } else { request };
        request.send().expect_problem(422, "invalid_fields")
    };
    let (english, japanese) = (send(false), send(true));
    assert_eq!(english.pointers(), ["/kind"]);
    assert_eq!(english.text("/errors/0/detail"), "This is required.");
    assert_eq!(japanese.text("/errors/0/detail"), "必須項目です。");
    assert_ne!(english.text("/title"), japanese.text("/title"));
    assert_eq!(english.json()["code"], japanese.json()["code"], "codes have no language");
}

#[test]
fn what_the_contract_does_not_know_is_refused() {
    let app = App::start();
    let stray = create(&app, r#"{"kind":"written_opinion","stage":"closed","application":{"patient":{"vip":true}}}"#);
    assert_eq!(stray.expect_problem(400, "unknown_property").pointers(), ["/application/patient/vip", "/stage"]);
    let query = app.applicant().get("/v1/me?verbose=1").send();
    assert_eq!(query.expect_problem(400, "invalid_parameters").pointers(), ["/query/verbose"]);
    app.applicant().get("/v1/nothing").send().expect_problem(404, "not_found");
    app.anonymous().get("/v2/cases").send().expect_problem(404, "not_found");
    let method = app.applicant().request("PUT", "/v1/cases").send().expect_problem(405, "method_not_allowed");
    let allowed = method.header("allow").unwrap();
    assert!(allowed.contains("POST") && !allowed.contains("PUT"), "{allowed}");
    app.applicant().request("TRACE", "/v1/cases").send().expect_problem(405, "method_not_allowed");
}

#[test]
fn wrong_types_are_no_surprise() {
    let app = App::start();
    for (body, pointer) in [
        ("[]", ""),
        ("null", ""),
        (r#""written_opinion""#, ""),
        (r#"{"kind":7}"#, "/kind"),
        (r#"{"kind":null}"#, "/kind"),
        (r#"{"kind":"written_opinion","application":[]}"#, "/application"),
        (r#"{"kind":"written_opinion","application":{"questions":"Why?"}}"#, "/application/questions"),
    ] {
        let answer = create(&app, body).expect_problem(422, "invalid_fields");
        assert_eq!(answer.pointers(), [pointer], "{body}");
    }
}

#[test]
fn texts_that_no_database_keeps_are_refused() {
    let app = App::start();
    for escape in ["\\u0000", "\\u0007", "\\u001b[2J"] {
        let body = format!(r#"{{"kind":"written_opinion","application":{{"questions":["a{escape}b"]}}}}"#);
        let answer = create(&app, &body).expect_problem(422, "invalid_fields");
        assert_eq!(
            (answer.pointers(), answer.text("/errors/0/code")),
            (vec!["/application/questions/0".to_owned()], "control_character".into())
        );
    }
    let name = create(&app, r#"{"kind":"written_opinion","a\u0000b":1}"#);
    name.expect_problem(400, "unknown_property");
    app.applicant().get("/v1/cases/%00").send().expect_problem(404, "not_found");
    app.applicant().get("/v1/cases/case_%ff%fe").send().expect_problem(404, "not_found");
}

#[test]
fn size_and_depth_have_bounds() {
    let app = App::start();
    let wide = format!(r#"{{"kind":"written_opinion","application":{{"questions":["{}"]}}}}"#, "x".repeat(300 * 1024));
    create(&app, &wide).expect_problem(413, "too_large");
    create(&app, &"[".repeat(100_000)).expect_problem(400, "malformed_json");
    // A million levels are more bytes than a body may have.
    create(&app, &format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000))).expect_problem(413, "too_large");
    create(&app, &format!("{}{}", r#"{"a":"#.repeat(40_000), "}".repeat(40_000))).expect_problem(400, "malformed_json");
    app.anonymous().get("/healthz").send().expect(200);
}

/// The work grows with the body, not with its square: in release 0.1 this body held a worker for half a minute.
#[test]
fn a_body_of_nothing_but_faults_is_judged_at_once_and_a_hundred_are_listed() {
    let app = App::start();
    let count = 120_000;
    let body = format!(r#"{{"kind":"written_opinion","application":{{"questions":[{}]}}}}"#, vec!["1"; count].join(","));
    let begun = std::time::Instant::now();
    let refused = create(&app, &body).expect_problem(422, "invalid_fields");
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    let told = refused.json();
    assert_eq!(told["errors"].as_array().unwrap().len(), 100);
    // Too many questions is one more fault.
    assert!(told["error_count"].as_u64().unwrap() > 100_000, "{}", told["error_count"]);
    assert!(refused.bytes.len() < 32 * 1024, "{} bytes", refused.bytes.len());
}

#[test]
fn only_json_is_taken_and_nothing_compressed() {
    let app = App::start();
    let body = json!({ "kind": "written_opinion" }).to_string().into_bytes();
    for media_type in ["text/plain", "application/xml", "application/x-www-form-urlencoded", "application/merge-patch+json", "", "{"] {
        let answer = app.applicant().post("/v1/cases").bytes(media_type, body.clone()).send();
        answer.expect_problem(415, "unsupported_media_type");
    }
    let zipped = app.applicant().post("/v1/cases").bytes("application/json", body.clone()).header("content-encoding", "gzip").send();
    zipped.expect_problem(415, "unsupported_media_type");
    app.applicant().post("/v1/cases").bytes("application/json; charset=utf-8", body).send().expect(201);
}

#[test]
fn json_is_utf_8_and_names_each_member_once() {
    let app = App::start();
    let send = |media_type: &str, body: &str| app.anonymous().post("/v1/quotes").bytes(media_type, body.as_bytes().to_vec()).send();
    let good = r#"{"kind":"written_opinion"}"#;
    for media_type in ["application/json", "application/json; charset=utf-8", "application/json;charset=\"UTF-8\""] {
        send(media_type, good).expect(201);
    }
    for media_type in ["application/json; charset=utf-16", "application/json; charset=iso-8859-1", "application/json; charset="] {
        send(media_type, good).expect_problem(415, "unsupported_media_type");
    }
    for body in
        [r#"{"kind":"written_opinion","kind":"written_opinion"}"#, r#"{"kind":"written_opinion","k\u0069nd":"patient_consultation"}"#]
    {
        send("application/json", body).expect_problem(400, "malformed_json");
    }
    let compressed =
        app.anonymous().post("/v1/quotes").header("content-encoding", "gzip").json(&json!({ "kind": "written_opinion" })).send();
    let detail = compressed.expect_problem(415, "unsupported_media_type").text("/detail");
    assert!(detail.contains("application/json") && !detail.contains('{'), "{detail}");
}

#[test]
fn what_asks_for_a_web_socket_is_answered_and_closed() {
    let app = App::start();
    let address = app.base.trim_start_matches("http://");
    for (method, body) in [("GET", ""), ("POST", r#"{"kind":"written_opinion"}"#)] {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let head = format!(
            "{method} /v1/quotes HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("malformed_request"), "{answer}");
    }
    let other = app.anonymous().get("/v1/catalogue").header("upgrade", "h2c").header("connection", "Upgrade").send();
    assert_eq!(other.status, 200, "other upgrades are ignored");
}

#[test]
fn personal_answers_are_kept_by_nobody() {
    let app = App::start();
    let mei = app.applicant();
    let case = mei.post("/v1/cases").json(&json!({ "kind": "written_opinion" })).send().expect(201).text("/id");
    for path in ["/v1/me", "/v1/sessions", "/v1/cases", &format!("/v1/cases/{case}"), "/v1/nothing"] {
        assert_eq!(mei.get(path).send().header("cache-control"), Some("no-store"), "{path}");
    }
    let held = mei.get("/v1/me").send().expect(200);
    let again = mei.get("/v1/me").header("if-none-match", held.etag()).send().expect(304);
    assert_eq!(again.header("cache-control"), Some("no-store"), "a client that asks for it still saves the way");
    assert!(app.anonymous().get("/v1/catalogue").send().header("cache-control").unwrap().starts_with("public"));
}

#[test]
fn tokens_must_be_ours_and_young() {
    let app = App::start();
    let token = app.applicant().token();
    let with = |header: String| app.anonymous().get("/v1/me").header("authorization", header).send();
    with(format!("Bearer {token}")).expect(200);
    with(format!("bearer {token}")).expect(200);
    app.anonymous().get("/v1/me").send().expect_problem(401, "not_signed_in").header("www-authenticate").unwrap();
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let swap = |text: &str| text.replacen(|letter: char| letter.is_ascii_lowercase(), "A", 1);
    let other_claims = format!("{}.{}.{}", parts[0], swap(&parts[1]), parts[2]);
    parts[2] = swap(&parts[2]);
    // {"alg":"none","typ":"at+jwt"}
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{}.", parts[1]);
    for forged in [parts.join("."), other_claims, unsigned, "x".into(), String::new(), "a.b.c".into()] {
        with(format!("Bearer {forged}")).expect_problem(401, "token_invalid");
    }
    for scheme in [format!("Basic {token}"), token.clone()] {
        with(scheme).expect_problem(401, "token_invalid");
    }
    app.after(SignedDuration::from_mins(16));
    with(format!("Bearer {token}")).expect_problem(401, "token_expired");
}

#[test]
fn a_precondition_that_nothing_can_meet_is_not_met() {
    let app = App::start();
    let opened = app.applicant().post("/v1/cases").json(&json!({ "kind": "written_opinion" })).if_match("\"1-abc\"").send();
    opened.expect_problem(412, "stale");
    app.applicant().get("/v1/me").if_match("\"1-abc\"").send().expect(200);
}

#[test]
fn every_refusal_has_its_words_in_both_languages() {
    let texts = |language: &str| {
        std::fs::read_to_string(format!("{}/../api/messages/{language}/problems.ftl", env!("CARGO_MANIFEST_DIR"))).unwrap()
    };
    for language in ["en", "ja"] {
        let texts = texts(language);
        for code in domain::case::Refusal::CODES {
            let line = format!("problem-{code} = ");
            assert!(*code == "absent" || texts.contains(&line), "{language}: {line}");
        }
    }
}

#[test]
fn a_refusal_never_repeats_what_was_sent() {
    let app = App::start();
    let secret = "Hanako-Yamada-1961";
    let body = json!({ "kind": secret, "application": { "patient": { "email": secret, "born_on": secret } } });
    let answer = create(&app, &body.to_string()).expect_problem(422, "invalid_fields");
    let said: Value = answer.json();
    assert!(!said.to_string().contains(secret), "{said:#}");
}

#[test]
fn everything_that_is_wrong_with_a_body_is_said_at_once_each_with_its_code() {
    let app = App::start();
    let told = |answer: crate::support::http::Answer| -> Vec<(String, String)> {
        let problem = answer.expect(422).json();
        let faults = problem["errors"].as_array().unwrap().iter();
        faults.map(|one| (one["pointer"].as_str().unwrap().to_owned(), one["code"].as_str().unwrap().to_owned())).collect()
    };
    let expected = |faults: &[(&str, &str)]| -> Vec<(String, String)> {
        faults.iter().map(|(pointer, code)| ((*pointer).to_owned(), (*code).to_owned())).collect()
    };
    // What the schema says, what the types say, and what goes beyond both.
    let registration = json!({ "email": "möö@b.example", "password": "short", "name": {}, "language": "french" });
    assert_eq!(
        told(app.anonymous().post("/v1/registrations").json(&registration).send()),
        expected(&[("/language", "format"), ("/password", "too_short"), ("/name", "required")])
    );
    let application = json!({
        "patient": { "name": { "alphabetic": "a\tb", "kana": null }, "address": { "city": "x\ty", "lines": ["a\tb", "fine"] }, "phone": "12" },
        "contact_person": { "address": { "city": "Kyiv" }, "name": {} },
    });
    let mut faults = told(app.applicant().post("/v1/cases").json(&json!({ "kind": "written_opinion", "application": application })).send());
    faults.sort();
    assert_eq!(
        faults,
        expected(&[
            ("/application/contact_person/address/country", "required"),
            ("/application/contact_person/name", "required"),
            ("/application/patient/address/city", "unreadable_characters"),
            ("/application/patient/address/country", "required"),
            ("/application/patient/address/lines/0", "unreadable_characters"),
            ("/application/patient/name/alphabetic", "unreadable_characters"),
            ("/application/patient/phone", "pattern"),
        ])
    );
    let roles = json!([{ "role": "physician" }, { "role": "auditor" }, { "role": "agency" }, { "role": "king" }]);
    let user = json!({ "email": "x@y.example", "name": {}, "language": "en", "roles": roles });
    let mut faults = told(app.administrator().post("/v1/users").json(&user).send());
    faults.sort();
    assert_eq!(
        faults,
        expected(&[
            ("/name", "required"),
            ("/roles/0", "role_needs_department"),
            ("/roles/2", "role_needs_agency"),
            ("/roles/3/role", "not_a_choice"),
        ])
    );
}

#[test]
fn a_change_that_leaves_something_impossible_names_each_place() {
    let app = App::start();
    let case = crate::support::given::Case::blank(&app);
    let change = json!({ "application": { "patient": { "address": { "city": "Kyiv" } }, "contact_person": { "name": { "kana": null } } } });
    let refused = app.applicant().patch(&case.path("")).if_match("*").json(&change).send();
    assert_eq!(
        refused.expect_problem(422, "change_not_readable").pointers(),
        ["/application/contact_person/name", "/application/patient/address/country"]
    );
}
