//! The program itself, as a process: its settings, its log, its stop, and what it says when its database is gone.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use proof::http::once;
use proof::people;
use proof::server::{Setup, binary};
use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::database::Database;
use crate::support::wait_until;

const EMAIL: &str = "mei.tanaka@example.org";

/// The program on a migrated database of its own.
fn setup(database: &Database) -> Setup {
    Setup::new(&binary().unwrap(), database.directory(), database.url()).unwrap()
}

#[test]
fn told_to_stop_the_program_finishes_what_is_under_way_and_its_log_names_requests_and_no_people() {
    let database = Database::fresh();
    let setup = setup(&database).with("LOG", "info").with("LOG_FORMAT", "json");
    people::add(&setup, EMAIL, "applicant").unwrap();
    let server = setup.start().unwrap();
    let (address, process) = (server.address, server.id());
    let authorization = people::sign_in(address, EMAIL).unwrap();
    let body = json!({ "kind": "written_opinion", "application": people::application("Is surgery an option?") }).to_string();
    let (first, rest) = body.split_at(body.len() / 2);
    let mut slow = TcpStream::connect(address).unwrap();
    write!(
        slow,
        "POST /v1/cases HTTP/1.1\r\nHost: test\r\nConnection: close\r\nAuthorization: {authorization}\r\nRequest-Id: under-way\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{first}",
        body.len()
    )
    .unwrap();
    // A request on another connection has been through the same worker or the next: both have seen the first one by now.
    assert_eq!(once(address, "GET", "/healthz", &[], "").unwrap().status, 200);

    let stopped = std::thread::spawn(move || server.stop(process));
    let ready = || once(address, "GET", "/readyz", &[], "").is_ok_and(|answer| answer.status == 200);
    assert!(wait_until(Duration::from_secs(10), || (!ready()).then_some(())).is_some(), "still takes requests");
    slow.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert!(stopped.join().unwrap().unwrap().success());

    let log = std::fs::read_to_string(setup.log()).unwrap();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told = lines.iter().find(|line| line["request_id"] == "under-way").expect("no line of the request");
    assert_eq!((&told["method"], &told["route"], &told["status"]), (&json!("POST"), &json!("/v1/cases"), &json!(201)));
    assert_eq!(lines.last().unwrap()["message"], "stopped");
    for personal in [EMAIL, "Tanaka", "田中", "Orchard", "surgery", people::PASSWORD, authorization.trim_start_matches("Bearer ")] {
        assert!(!log.contains(personal), "the log tells “{personal}”");
    }
}

#[test]
fn a_setting_that_is_wrong_or_missing_is_refused_by_name() {
    let database = Database::fresh();
    let setup = setup(&database);
    let refused = |setup: &Setup, command: &str| setup.run(&[command], &[]).unwrap_err().to_string();
    for (setting, value, told) in [
        ("LISTEN", "nowhere", "listen: “nowhere”"),
        ("DATABASE", "mysql://localhost/cases", "database: give sqlite:FILE or postgres://"),
        ("MASTER_KEY", "c2hvcnQ=", "master key: SECOND_OPINION_MASTER_KEY"),
        ("PASSWORD_COST", "free", "password-cost: “free”"),
        ("PUBLIC_URL", "ftp://example.org", "public-url: “ftp://example.org”"),
        ("MAIL", "smtp", "mail: “smtp”"),
        ("WORKERS", "0", "workers: 0"),
    ] {
        for command in ["check", "serve"] {
            let said = refused(&setup.clone().with(setting, value), command);
            assert!(said.contains(told), "{command} with {setting}={value}: {said}");
        }
    }
    // A setting before the command would hold for nothing.
    for misplaced in
        [["--database", "sqlite:elsewhere.db", "migrate"], ["--listen", "127.0.0.1:1", "serve"], ["--config", "x.toml", "check"]]
    {
        let said = setup.run(&misplaced, &[]).unwrap_err().to_string();
        assert!(said.contains(misplaced[2]) && said.contains(misplaced[0]), "{said}");
    }
    let nobody = setup.program().unwrap().env_remove("SECOND_OPINION_MASTER_KEY").arg("serve").output().unwrap();
    assert!(!nobody.status.success());
    assert!(String::from_utf8_lossy(&nobody.stderr).contains("generate-master-key"), "no secret has a default");
    people::add(&setup, EMAIL, "administrator").unwrap();
    let other = "CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=";
    assert!(refused(&setup.clone().with("MASTER_KEY", other), "check").contains("master key"), "another key opens nothing");
    assert!(setup.run(&["check"], &[]).unwrap().contains("to do: /billing/bank, /billing/issuer, /contact"));
}

#[test]
fn another_master_key_is_put_in_force_from_the_command_line() {
    let database = Database::fresh();
    let setup = setup(&database);
    people::add(&setup, EMAIL, "administrator").unwrap();
    let file = database.directory().join("new.key");
    std::fs::write(&file, setup.run(&["generate-master-key"], &[]).unwrap()).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let change = || setup.run(&["change-master-key", "--new-master-key-file", file.to_str().unwrap()], &[]);
    assert!(change().unwrap().contains("in force"));
    assert!(change().unwrap_err().to_string().contains("master key"), "the old one is no longer known");
    let renewed = setup.clone().with("MASTER_KEY", std::fs::read_to_string(&file).unwrap().trim());
    let server = renewed.start().unwrap();
    people::sign_in(server.address, EMAIL).unwrap();
    server.kill().unwrap();
}

#[test]
fn the_first_administrator_comes_from_the_command_line() {
    let database = Database::fresh();
    let setup = setup(&database);
    people::add(&setup, EMAIL, "administrator").unwrap();
    let again = people::add(&setup, EMAIL, "administrator").unwrap_err().to_string();
    assert!(again.contains("an account with this address already"), "{again}");
    let add = |email: &str, role: &str, password: &str| {
        let arguments = ["user", "add", "--email", email, "--name", "Riku Kono", "--role", role];
        setup.run(&arguments, &[("SECOND_OPINION_PASSWORD", password)]).unwrap_err().to_string()
    };
    assert!(add("riku@example.org", "administrator", "short").contains("password"));
    assert!(add("riku@example.org", "king", people::PASSWORD).contains("role: “king”"));
    assert!(add("riku@example.org", "chief", people::PASSWORD).contains("through the API"));
    assert!(add("riku", "administrator", people::PASSWORD).contains("email: “riku”"));
    let server = setup.start().unwrap();
    let authorization = people::sign_in(server.address, EMAIL).unwrap();
    let users = once(server.address, "GET", "/v1/users", &[("Authorization", &authorization)], "").unwrap().json();
    assert_eq!(users["data"].as_array().unwrap().len(), 1, "what was refused has made nobody");
    server.kill().unwrap();
}

#[test]
fn the_command_line_is_one_person() {
    let database = Database::fresh();
    let setup = setup(&database);
    people::add(&setup, EMAIL, "administrator").unwrap();
    let add = |email: &str, role: &str| {
        let arguments = ["user", "add", "--email", email, "--name", "Riku Kono", "--role", role];
        setup.run(&arguments, &[("SECOND_OPINION_PASSWORD", people::PASSWORD)]).unwrap()
    };
    let approve = |email: &str| setup.run(&["user", "approve-roles", "--email", email], &[]);
    assert!(!add("clerk@example.org", "accountant").contains("approve"), "one person gives this role");
    assert!(add("desk@example.org", "coordinator").contains("An administrator must approve"));
    let own = approve("desk@example.org").unwrap_err().to_string();
    assert!(own.contains("another administrator must approve"), "what the command line asked for it does not approve: {own}");
    assert!(approve("clerk@example.org").unwrap_err().to_string().contains("no role waits"));

    let server = setup.start().unwrap();
    let authorization = people::sign_in(server.address, EMAIL).unwrap();
    let headers = [("Authorization", authorization.as_str())];
    let waiting = once(server.address, "GET", "/v1/approvals", &headers, "").unwrap();
    let path = format!("/v1/approvals/{}/approve-roles", waiting.text("/data/0/id"));
    assert_eq!(once(server.address, "POST", &path, &headers, "").unwrap().status, 200);
    let body =
        json!({ "email": "new@example.org", "name": { "alphabetic": "New" }, "language": "en", "roles": [{ "role": "pathologist" }] });
    assert_eq!(once(server.address, "POST", "/v1/users", &headers, &body.to_string()).unwrap().status, 201);
    server.kill().unwrap();
    assert!(
        approve("new@example.org").unwrap().contains("approved"),
        "where there is one administrator the command line is the second person"
    );
    assert!(setup.run(&["check"], &[]).unwrap().contains("each holds its address"));
}

#[test]
fn a_server_whose_database_is_gone_lives_says_so_and_asks_to_come_back() {
    let app = App::start();
    let me = app.applicant();
    app.anonymous().get("/readyz").send().expect(200);
    app.hospital.store().shutdown();
    app.anonymous().get("/healthz").send().expect(200);
    app.anonymous().get("/readyz").send().expect(503);
    for answer in [me.get("/v1/cases").send(), me.post("/v1/cases").json(&json!({ "kind": "written_opinion" })).send()] {
        assert!(answer.header("retry-after").is_some());
        answer.expect_problem(503, "unavailable");
    }
}

#[test]
fn without_the_explorer_neither_the_document_nor_its_pages_are_there() {
    let database = Database::fresh();
    let setup = setup(&database);
    let server = setup.start().unwrap();
    let get = |address, path: &str| once(address, "GET", path, &[], "").unwrap();
    let page = get(server.address, "/docs/swagger-initializer.js");
    let told = String::from_utf8_lossy(&page.body).into_owned();
    assert!(page.status == 200 && !told.contains("persistAuthorization\": true") && !told.contains("persistAuthorization: true"), "{told}");
    assert_eq!(get(server.address, "/openapi.json").status, 200);
    drop(server);
    let server = setup.with("EXPLORER", "off").start().unwrap();
    for path in ["/docs", "/docs/", "/docs/index.html", "/openapi.json"] {
        let hidden = get(server.address, path);
        assert_eq!((hidden.status, hidden.text("/code").as_str()), (404, "not_found"), "{path}");
    }
    assert_eq!(get(server.address, "/v1/catalogue").status, 200);
}

#[test]
fn every_answer_says_what_a_browser_may_do_with_it() {
    let database = Database::fresh();
    let setup = setup(&database);
    let server = setup.start().unwrap();
    for (path, policy) in [
        ("/v1/catalogue", "default-src 'none'; frame-ancestors 'none'"),
        ("/v1/nothing", "default-src 'none'; frame-ancestors 'none'"),
        ("/openapi.json", "default-src 'none'; frame-ancestors 'none'"),
        ("/docs/", "frame-ancestors 'none'"),
    ] {
        let answer = once(server.address, "GET", path, &[], "").unwrap();
        assert!(answer.header("content-security-policy").unwrap().contains(policy), "{path}: {:?}", answer.headers);
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
    }
    let packed = once(server.address, "GET", "/openapi.json", &[("Accept-Encoding", "gzip")], "").unwrap();
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed.body.as_slice()).read_to_string(&mut text).unwrap();
    let plain = once(server.address, "GET", "/openapi.json", &[], "").unwrap();
    assert_eq!(text.as_bytes(), plain.body);
    assert!(packed.body.len() * 6 < plain.body.len() && !text.contains("\n  "), "{} of {}", packed.body.len(), plain.body.len());
}

#[test]
fn the_database_and_its_log_are_closed_to_others() {
    let database = Database::fresh();
    let setup = setup(&database);
    let Some(path) = setup.database.strip_prefix("sqlite:").map(str::to_owned) else { return };
    for end in ["", "-wal"] {
        let file = format!("{path}{end}");
        if std::fs::exists(&file).unwrap() {
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        }
    }
    let server = setup.start().unwrap();
    for end in ["", "-wal", "-shm"] {
        let mode = std::fs::metadata(format!("{path}{end}")).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{end}: {mode:o}");
    }
    drop(server);
    let said = setup.with("MAIL", "log").run(&["check"], &[]).unwrap();
    assert!(said.contains("settings  weak: mail is log") && said.contains("settings  weak: throttling is off"), "{said}");
}

/// A proxy that honours `/readyz`: it sends requests while the server says that it is ready, over connections that it keeps.
#[test]
fn a_stop_under_load_breaks_no_request_of_a_proxy_that_asks_whether_the_server_is_ready() {
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
    let database = Database::fresh();
    let setup = setup(&database).with("STOP_DELAY", "1");
    people::add(&setup, EMAIL, "applicant").unwrap();
    let server = setup.start().unwrap();
    let (address, process) = (server.address, server.id());
    let authorization = people::sign_in(address, EMAIL).unwrap();
    let (goes_on, done) = (AtomicBool::new(true), AtomicU64::new(0));
    std::thread::scope(|threads| {
        for number in 0..8 {
            let (goes_on, done, authorization) = (&goes_on, &done, &authorization);
            threads.spawn(move || {
                let mut connection = proof::http::Connection::open(address).unwrap();
                while goes_on.load(Ordering::SeqCst) {
                    let headers = [("Authorization", authorization.as_str())];
                    let body = json!({ "kind": "written_opinion", "application": people::application("Why?") }).to_string();
                    let (method, path, body) = if number % 2 == 0 { ("GET", "/v1/me", "") } else { ("POST", "/v1/cases", body.as_str()) };
                    let answer = connection.ask(proof::http::Ask { method, path, headers: &headers, body });
                    let answer = answer.unwrap_or_else(|fault| panic!("{method} {path} was broken: {fault}"));
                    assert!(answer.is_done(), "{}", answer.story());
                    done.fetch_add(1, Ordering::SeqCst);
                    if answer.header("connection") == Some("close") {
                        connection = proof::http::Connection::open(address).unwrap();
                    }
                }
            });
        }
        let asked = wait_until(Duration::from_secs(10), || (done.load(Ordering::SeqCst) > 100).then_some(()));
        assert!(asked.is_some());
        let stopped = threads.spawn(move || server.stop(process));
        let noticed = wait_until(Duration::from_secs(10), || {
            let answer = once(address, "GET", "/readyz", &[], "").unwrap();
            (answer.status == 503).then_some(())
        });
        assert!(noticed.is_some(), "the server says that it is ready");
        goes_on.store(false, Ordering::SeqCst);
        assert!(stopped.join().unwrap().unwrap().success());
    });
}
