//! What a refusal says: where the fault is, what is expected, and every fault once.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::given::{Case, transfer};

#[test]
fn a_fault_says_the_form_or_the_limit_that_is_expected() {
    let app = App::start();
    let me = app.applicant();
    let body = json!({
        "kind": "written_opinion",
        "application": {
            "patient": { "phone": "0335420111", "birth_on": "12.4.1961", "email": "mei", "language": "english" },
            "questions": [&"a".repeat(10_001)],
        },
        "agency_id": "sakura",
    });
    let answer = me.post("/v1/cases").json(&body).send().expect(422).json();
    let detail = |pointer: &str| {
        let faults = answer["errors"].as_array().unwrap();
        faults.iter().find(|fault| fault["pointer"] == pointer).unwrap_or_else(|| panic!("{pointer}: {answer:#}"))["detail"].to_string()
    };
    for (pointer, expected) in [
        ("/application/patient/phone", "+81312345678"),
        ("/application/patient/birth_on", "2026-03-05"),
        ("/application/patient/email", "mei.tanaka@example.org"),
        ("/application/patient/language", "zh-Hant"),
        ("/application/questions/0", "at most 10000"),
        ("/agency_id", "identifier of this kind"),
    ] {
        assert!(detail(pointer).contains(expected), "{pointer}: {}", detail(pointer));
    }
}

#[test]
fn a_refusal_names_states_and_items_as_people_do() {
    let app = App::start();
    let case = Case::draft(&app);
    let close = |japanese: bool| {
        let request = app.coordinator().post(&case.path("close")).json(&json!({}));
        let request = if japanese { request.in_japanese() } else { request };
        request.send().expect_problem(409, "wrong_stage").text("/detail")
    };
    let (english, japanese) = (close(false), close(true));
    assert!(english.contains("“Draft”") && english.contains("Opinion delivered"), "{english}");
    assert!(japanese.contains("下書き"), "{japanese}");
    assert!(!english.contains('_') && !japanese.contains('_'), "{english} {japanese}");
}

#[test]
fn a_list_that_names_one_thing_twice_is_refused_where_it_does() {
    let app = App::start();
    let case = Case::submitted(&app);
    let desk = app.coordinator();
    let twice = json!({ "items": ["exam_reports", "blood_test", "exam_reports"] });
    let asked = case.step_with(&desk, "information-requests", &twice).expect_problem(422, "invalid_fields");
    assert_eq!(asked.pointers(), ["/items/2"]);
    let wrong = json!({ "items": ["nonsense", "blood_test"] });
    assert_eq!(case.step_with(&desk, "information-requests", &wrong).expect_problem(422, "invalid_fields").pointers(), ["/items/0"]);
    let id = case.step_with(&desk, "information-requests", &json!({ "items": ["blood_test"] })).expect(201).text("/id");
    let answer = json!({ "items": [{ "item": "blood_test", "cannot_provide": "a" }, { "item": "blood_test", "cannot_provide": "b" }] });
    let answered = case.step_with(&app.applicant(), &format!("information-requests/{id}/answer"), &answer);
    assert_eq!(answered.expect_problem(422, "invalid_fields").pointers(), ["/items/1/item"]);
    let set_aside = json!({ "department_id": app.department("Breast Surgery").to_string(), "set_aside": [
        { "item": "exam_reports", "reason": "a" }, { "item": "exam_reports", "reason": "b" },
    ] });
    let started = case.step_with(&desk, "start-triage", &set_aside).expect_problem(422, "invalid_fields");
    assert_eq!(started.pointers(), ["/set_aside/1/item"]);
}

#[test]
fn a_union_names_its_tag_and_an_empty_text_is_one_fault() {
    let app = App::start();
    let case = Case::draft(&app);
    let add = |treatment: Value| case.step_with(&app.applicant(), "treatment-entries", &json!({ "treatment": treatment }));
    assert_eq!(add(json!({ "type": "nope", "date": 7 })).expect_problem(422, "invalid_fields").pointers(), ["/treatment/type"]);
    let empty = add(json!({ "type": "exam" })).expect_problem(422, "invalid_fields").json();
    assert_eq!(empty["errors"][0]["code"], "nothing_given");
    let message = case.step_with(&app.applicant(), "messages", &json!({ "text": "" })).expect_problem(422, "invalid_fields").json();
    assert_eq!((&message["error_count"], &message["errors"][0]["code"]), (&json!(1), &json!("too_short")));
    for hidden in ["Do \u{202E}tonot\u{202C} operate", "a\u{E0041}"] {
        let refused = case.step_with(&app.applicant(), "messages", &json!({ "text": hidden })).expect_problem(422, "invalid_fields");
        assert_eq!(refused.json()["errors"][0]["code"], "unreadable_characters");
    }
}

#[test]
fn a_header_that_stands_twice_and_a_tag_of_no_version_are_refused() {
    let app = App::start();
    let case = Case::draft(&app);
    let send = |line: &str| {
        let head = format!(
            "PATCH {} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
             Content-Length: 2\r\n{line}\r\n{{}}",
            case.path("").trim_end_matches('/'),
            app.applicant().token()
        );
        let mut stream = TcpStream::connect(app.base.trim_start_matches("http://")).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    let version = case.read(&app.applicant())["version"].as_i64().unwrap();
    assert_eq!(send(&format!("If-Match: \"{version}\"\r\n")), "200");
    assert_eq!(send(&format!("If-Match: \"{version}-0123456789abcdef\"\r\n")), "200", "the digest is not compared");
    for tag in ["\"+1\"", "\"01\"", "\"1-zz\"", "\"1-\"", "W/\"1\"", ""] {
        assert_eq!(send(&format!("If-Match: {tag}\r\n")), "412", "{tag}");
    }
    for tag in ["1", "\"a", "\"1\"\"2\""] {
        assert_eq!(send(&format!("If-Match: {tag}\r\n")), "400", "{tag}");
    }
    assert_eq!(send("If-Match: \"1\"\r\nAuthorization: Bearer x\r\n"), "400");
    assert_eq!(send("If-Match: \"1\"\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\n"), "400");
}

#[test]
fn a_long_body_about_an_invoice_is_read_and_named() {
    let app = App::start();
    let case = Case::accepted(&app);
    case.accept_estimate(&app.applicant(), "applicant");
    let invoice = case.issue_invoice();
    let mut payment = transfer(&"x".repeat(20_000), 110_000);
    let pay = |body: &Value| app.accountant().post(&format!("{invoice}/payments")).key_of("pay", body).json(body).send();
    assert_eq!(pay(&payment).expect_problem(422, "invalid_fields").pointers(), ["/reference"]);
    payment["reference"] = json!("TT-1");
    payment["received_on"] = json!("1926-11-24");
    assert_eq!(pay(&payment).expect_problem(422, "invalid_fields").pointers(), ["/received_on"]);
}

#[test]
fn a_key_stands_for_values_and_not_for_the_way_in_which_they_are_written() {
    let app = App::start();
    let send = |body: &str| app.applicant().post("/v1/cases").key("one").bytes("application/json", body.as_bytes().to_vec()).send();
    let first = send(r#"{"kind":"written_opinion","application":{"wishes_treatment_here":true}}"#).expect(201);
    let again = send("{ \"application\": {\n\"wishes_treatment_here\": true }, \"kind\": \"written_opinion\" }").expect(201);
    assert_eq!((first.text("/id"), again.header("idempotent-replayed")), (again.text("/id"), Some("true")));
    send(r#"{"kind":"written_opinion","application":{"wishes_treatment_here":false}}"#).expect_problem(422, "idempotency_key_reused");
}

#[test]
fn queries_are_text_and_name_operations_that_exist() {
    let app = App::start();
    app.coordinator().get("/v1/cases?words=%ff").send().expect_problem(400, "invalid_parameters");
    app.auditor().get("/v1/audit-entries?operation=zzz").send().expect_problem(400, "invalid_parameters");
    app.auditor().get("/v1/audit-entries?operation=expireCase").send().expect(200);
}

#[test]
fn an_entry_of_the_treatment_history_is_changed_as_it_was_read() {
    let app = App::start();
    let case = Case::draft(&app);
    let me = app.applicant();
    let made = case.step_with(&me, "treatment-entries", &json!({ "treatment": { "type": "surgery", "date": "2025-11" } })).expect(201);
    let place = made.header("location").unwrap().to_owned();
    let read = me.get(&place).send().expect(200);
    let same = json!({ "treatment": read.json()["treatment"] });
    let kept = me.patch(&place).if_match(&read.etag()).json(&same).send().expect(200).json();
    assert_eq!(kept["version"], read.json()["version"], "a change that changes nothing");
    let other = json!({ "treatment": { "type": "exam" } });
    let refused = me.patch(&place).if_match(&read.etag()).json(&other).send().expect_problem(422, "invalid_fields");
    assert_eq!(refused.pointers(), ["/treatment/type"]);
}
