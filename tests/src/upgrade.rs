//! Databases that earlier releases wrote, brought up to date: nothing is lost, and what later rules judge otherwise is handled as said.

mod estimates;
mod steps;

use std::io::Read as _;
use std::path::Path;

use application::Clock;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::ids::CaseId;
use jiff::{SignedDuration, Timestamp};
use persistence::{Store, StoreOptions};
use secrecy::SecretBox;
use serde_json::{Value, json};

use crate::support::app::{App, PASSWORD, opening_of};
use crate::support::database::Database;
use crate::support::postgres;

/// Who is in a stored database.
struct Stored {
    told: Value,
    clock: Clock,
}

fn options(database: &Database, clock: &Clock, told: &Value) -> StoreOptions {
    let key = STANDARD.decode(text(told, "master_key")).unwrap();
    StoreOptions::new(database.url(), SecretBox::new(Box::new(key.try_into().unwrap())), clock.now())
}

/// The database of a release, as it wrote it, below its own migrations.
fn restored(release: &str, last_migration: &str) -> (Database, Stored) {
    let engine = if postgres::asked_for() { "postgres" } else { "sqlite" };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fixtures = root.join("fixtures").join(release);
    let database = Database::empty();
    let mut migrations: Vec<_> =
        std::fs::read_dir(root.join("../persistence/migrations").join(engine)).unwrap().map(|entry| entry.unwrap().path()).collect();
    migrations.sort();
    for migration in migrations.iter().take_while(|path| path.file_name().unwrap().to_str().unwrap() <= last_migration) {
        database.execute(&std::fs::read_to_string(migration.join("up.sql")).unwrap());
    }
    database.execute("CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)");
    let file = std::fs::File::open(fixtures.join(format!("{engine}.sql.gz"))).unwrap();
    let mut rows = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut rows).unwrap();
    let relaxed = if engine == "sqlite" { "PRAGMA foreign_keys = OFF;" } else { "SET session_replication_role = replica;" };
    database.execute(&format!("{relaxed} BEGIN; {rows} COMMIT;"));
    let told = std::fs::read(fixtures.join(format!("{engine}.json"))).or_else(|_| unpacked(&fixtures.join("told.json.gz"))).unwrap();
    let told: Value = serde_json::from_slice(&told).unwrap();
    let now: Timestamp = told["now"].as_str().unwrap().parse().unwrap();
    let clock = Clock::frozen(now + SignedDuration::from_mins(1));
    (database, Stored { told, clock })
}

fn unpacked(file: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(std::fs::File::open(file)?).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A server on a stored database, which its start brings up to date.
fn started(database: Database, stored: &Stored) -> App {
    let opening = |database: &Database, clock: &Clock| {
        opening_of(Store::open(StoreOptions { auto_migrate: true, ..options(database, clock, &stored.told) }).unwrap(), clock)
    };
    App::on(database, stored.clock.clone(), opening)
}

/// A server on the database of release 0.1, which its start brings up to date.
fn upgraded() -> (App, Vec<Value>) {
    let (database, stored) = restored("0.1", "0005_operations");
    (started(database, &stored), stored.told["people"].as_array().unwrap().clone())
}

fn of_kind<'a>(people: &'a [Value], kind: &str) -> Vec<&'a Value> {
    people.iter().filter(|person| person["kind"] == kind).collect()
}

fn noted<'a>(people: &'a [Value], note: &str) -> &'a Value {
    people.iter().find(|person| person["note"] == note).unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

/// The code of a letter that release 0.1 sent.
fn code<'a>(people: &'a [Value], to: &str, reason: &str) -> &'a Value {
    &of_kind(people, "letter").into_iter().find(|letter| letter["to"] == to && letter["reason"] == reason).unwrap()["code"]
}

fn signed_in(app: &App, email: &str) -> String {
    app.try_to_sign_in(email, PASSWORD).expect(201).text("/access_token")
}

#[test]
fn everybody_signs_in_with_the_password_they_had() {
    let (app, people) = upgraded();
    for local in [
        "mei.tanaka",
        "omar.haddad",
        "lin.agency",
        "coordinator",
        "physician",
        "physician.urology",
        "chief",
        "chief.urology",
        "director",
        "accountant",
        "pathologist",
        "administrator",
        "auditor",
    ] {
        signed_in(&app, &format!("{local}@demo.example"));
    }
    let younger = noted(&people, "the same mailbox, younger");
    for person in of_kind(&people, "active").into_iter().filter(|person| *person != younger) {
        app.try_to_sign_in(text(person, "email"), text(person, "password")).expect(201);
    }
    app.try_to_sign_in("UPPER.case@mail.example", PASSWORD).expect(201);
    app.try_to_sign_in("mÉi@mail.example", PASSWORD).expect_problem(401, "sign_in_refused");
    app.try_to_sign_in("wide@mail.example", PASSWORD).expect_problem(401, "sign_in_refused");
    app.try_to_sign_in("disabled@mail.example", PASSWORD).expect_problem(401, "sign_in_refused");
}

#[test]
fn a_password_that_was_hashed_as_sent_is_hashed_anew_in_normal_form() {
    let (app, people) = upgraded();
    let person = noted(&people, "password in NFD");
    let (email, decomposed) = (text(person, "email"), text(person, "password"));
    let composed = "un prûnier sous la pluie d'été";
    assert_ne!(decomposed, composed);
    app.try_to_sign_in(email, composed).expect_problem(401, "sign_in_refused");
    app.try_to_sign_in(email, decomposed).expect(201);
    app.try_to_sign_in(email, composed).expect(201);
}

#[test]
fn sessions_and_codes_for_passwords_of_release_0_1_end() {
    let (app, people) = upgraded();
    for session in of_kind(&people, "session") {
        let stale = app.anonymous().get("/v1/me").bearer(text(session, "access_token")).send();
        assert_eq!(stale.status, 401);
        let body = json!({ "refresh_token": session["refresh_token"] });
        app.anonymous().post("/v1/sessions/refresh").json(&body).send().expect_problem(401, "refresh_refused");
    }
    let body = json!({ "code": code(&people, "accountant@demo.example", "reset_password"), "password": "a lantern over the quiet river" });
    app.anonymous().post("/v1/password-resets/confirm").json(&body).send().expect_problem(409, "code_refused");
}

#[test]
fn of_two_accounts_with_one_address_the_older_keeps_it_and_the_other_is_shut_out_named_and_told() {
    let (app, people) = upgraded();
    let (older, younger) = (noted(&people, "unicode domain, older"), noted(&people, "the same mailbox, younger"));
    for spelled in [text(older, "email"), text(younger, "email")] {
        let token = signed_in(&app, spelled);
        assert_eq!(app.anonymous().get("/v1/me").bearer(&token).send().expect(200).text("/id"), text(older, "id"));
    }
    let shut_out = app.wait(app.hospital.accounts_without_address()).unwrap();
    assert_eq!(shut_out.iter().map(ToString::to_string).collect::<Vec<_>>(), [text(younger, "id")]);
    let letter = app.letter_to(text(younger, "email"), "address_shared");
    assert!(letter["subject"].as_str().unwrap().contains("アカウント"), "in the person's language");
    let admin = signed_in(&app, "administrator@demo.example");
    let account = format!("/v1/users/{}", text(younger, "id"));
    assert_eq!(app.anonymous().get(&account).bearer(&admin).send().expect(200).text("/status"), "disabled");
    let enable = app.anonymous().patch(&account).bearer(&admin).if_match("*").json(&json!({ "disabled": false }));
    assert_eq!(enable.send().expect_problem(422, "invalid_fields").pointers(), ["/disabled"], "the address is not free");
}

#[test]
fn letters_that_release_0_1_had_not_sent_leave_with_what_they_say() {
    let (app, people) = upgraded();
    let letters = of_kind(&people, "letter");
    assert_eq!(letters.len(), 5);
    for letter in letters {
        let left = app.letter_to(text(letter, "to"), text(letter, "reason"));
        assert_eq!(left["code"], letter["code"], "{letter}");
    }
}

#[test]
fn a_registration_that_nobody_had_proved_is_gone_and_holds_nothing() {
    let (app, people) = upgraded();
    let admin = signed_in(&app, "administrator@demo.example");
    let listed = app.anonymous().get("/v1/users?limit=100").bearer(&admin).send().expect(200).json();
    assert!(!listed["data"].as_array().unwrap().iter().any(|user| user["email"] == "unproved@mail.example"));
    refuse_verification(&app, code(&people, "unproved@mail.example", "verify_email"));
    let again = json!({
        "email": "unproved@mail.example", "password": PASSWORD, "language": "en", "name": { "alphabetic": "Unproved Person" },
    });
    app.anonymous().post("/v1/registrations").json(&again).send().expect(202);
    app.letter_to("unproved@mail.example", "verify_email");
}

/// A code of a registration of release 0.1 is refused.
fn refuse_verification(app: &App, code: &Value) {
    let body = json!({ "registration_id": "reg_01jd8x5k2neht8xg8y7w9zq4rt", "code": code });
    app.anonymous().post("/v1/registrations/verify").json(&body).send().expect_problem(409, "code_refused");
}

#[test]
fn an_account_that_an_administrator_made_is_invited_and_what_a_stranger_wrote_over_it_is_gone() {
    let (app, people) = upgraded();
    let admin = signed_in(&app, "administrator@demo.example");
    for person in of_kind(&people, "invited") {
        let account = app.anonymous().get(&format!("/v1/users/{}", text(person, "id"))).bearer(&admin).send().expect(200);
        assert_eq!(account.text("/status"), "invited");
        let chosen = json!({ "code": code(&people, text(person, "email"), "welcome"), "password": PASSWORD });
        if text(person, "email") == "overwritten@hospital.example" {
            refuse_verification(&app, code(&people, "overwritten@hospital.example", "verify_email"));
            app.try_to_sign_in(text(person, "email"), "a lantern over the quiet river").expect_problem(401, "sign_in_refused");
        }
        app.anonymous().post("/v1/password-resets/confirm").json(&chosen).send().expect(200);
        app.try_to_sign_in(text(person, "email"), "a lantern over the quiet river").expect_problem(401, "sign_in_refused");
        app.try_to_sign_in(text(person, "email"), PASSWORD).expect(201);
    }
}

#[test]
fn every_case_is_there_and_readable() {
    let (app, _) = upgraded();
    let desk = signed_in(&app, "coordinator@demo.example");
    let (mut next, mut cases) = ("/v1/cases?limit=100".to_owned(), Vec::new());
    loop {
        let page = app.anonymous().get(&next).bearer(&desk).send().expect(200).json();
        cases.extend(page["data"].as_array().unwrap().iter().map(|case| case["id"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        next = format!("/v1/cases?limit=100&cursor={cursor}");
    }
    assert_eq!(cases.len(), 204);
    for case in cases {
        app.anonymous().get(&format!("/v1/cases/{case}")).bearer(&desk).send().expect(200);
    }
}

#[test]
fn after_the_upgrade_each_account_equals_its_list() {
    for (release, last) in [("0.1", "0005_operations"), ("schema-0008", "0008_order")] {
        let (database, stored) = restored(release, last);
        let app = started(database, &stored);
        let people = stored.told["people"].as_array().unwrap();
        let accountant = people.iter().find(|person| person["role"] == "accountant");
        let token = accountant.map_or_else(
            || signed_in(&app, "accountant@demo.example"),
            |person| app.try_to_sign_in(text(person, "email"), text(person, "password")).expect(201).text("/access_token"),
        );
        let get = |path: &str| app.anonymous().get(path).bearer(&token).send().expect(200).json();
        let invoices: Vec<Value> =
            pages(&get, "/v1/invoices?limit=100").iter().map(|one| get(&format!("/v1/invoices/{}", text(one, "id")))).collect();
        assert!(invoices.len() > 3, "{release}: {}", invoices.len());
        let sum = |key: &str| invoices.iter().map(|invoice| invoice[key]["amount"].as_i64().unwrap()).sum::<i64>();
        let balance = get("/v1/ledger/trial-balance?balance_on=2099-12-31");
        let account = |name: &str| {
            let line = balance["accounts"].as_array().unwrap().iter().find(|line| line["account"] == name).unwrap();
            line["debit"].as_i64().unwrap() - line["credit"].as_i64().unwrap()
        };
        assert_eq!(balance["debit_total"], balance["credit_total"], "{release}");
        assert_eq!(account("receivable"), sum("owed"), "{release}");
        assert_eq!(account("bank") + account("card") + account("cash"), sum("received"), "{release}");
        assert_eq!(account("cancellation_income"), -sum("cancellation_fee"), "{release}");
        let due = pages(&get, "/v1/refunds/due?limit=100");
        let due: i64 = due.iter().map(|one| one["amount"]["amount"].as_i64().unwrap()).sum();
        assert_eq!(account("overpayments") + account("refunds_payable"), -due, "{release}");
        assert_eq!(sum("to_give_back") + sum("excess"), due, "{release}: nothing was paid out yet");
    }
}

/// Every entry of a list.
fn pages(get: &impl Fn(&str) -> Value, path: &str) -> Vec<Value> {
    let (mut entries, mut next) = (Vec::new(), path.to_owned());
    loop {
        let page = get(&next);
        entries.extend(page["data"].as_array().unwrap().iter().cloned());
        let Some(cursor) = page["next_cursor"].as_str() else { return entries };
        next = format!("{path}&cursor={cursor}");
    }
}

#[test]
fn a_case_that_is_none_keeps_no_upgrade_from_ending() {
    let (database, stored) = restored("schema-0008", "0008_order");
    let options = || options(&database, &stored.clock, &stored.told);
    Store::migrate(&options()).unwrap();
    let case: CaseId = stored.told["answers"]["coordinator"]["/v1/cases?limit=100"][1]["data"][0]["id"].as_str().unwrap().parse().unwrap();
    let store = Store::open(options()).unwrap();
    let sealed = store.vault().seal("cases", "body_sealed", case.uuid(), b"{}").unwrap();
    store.shutdown();
    let hex = sealed.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    let (bytes, id) = if postgres::asked_for() {
        (format!("'\\x{hex}'"), format!("'{}'", case.uuid()))
    } else {
        (format!("x'{hex}'"), format!("x'{}'", case.uuid().simple()))
    };
    database.execute(&format!("UPDATE cases SET body_sealed = {bytes} WHERE id = {id}"));
    database.execute("DELETE FROM vault_steps WHERE name = '0011_information_requests'");
    assert_eq!(Store::migrate(&options()).unwrap(), ["0011_information_requests"]);
    let app = started(database, &stored);
    let faults = app.wait(app.hospital.examine_rows(|_, _| ())).unwrap();
    assert_eq!(faults, [format!("corrupt: cases.body_sealed of {case}")]);
}

/// What is different in two answers, as JSON Pointers.
fn differences(before: &Value, now: &Value, pointer: &str, found: &mut Vec<String>) {
    match (before, now) {
        (Value::Object(before), Value::Object(now)) => {
            for key in before.keys().chain(now.keys().filter(|key| !before.contains_key(*key))) {
                let null = Value::Null;
                differences(before.get(key).unwrap_or(&null), now.get(key).unwrap_or(&null), &format!("{pointer}/{key}"), found);
            }
        }
        (Value::Array(before), Value::Array(now)) if before.len() == now.len() => {
            for (place, (before, now)) in before.iter().zip(now).enumerate() {
                differences(before, now, &format!("{pointer}/{place}"), found);
            }
        }
        _ if before == now => {}
        _ => found.push(pointer.to_owned()),
    }
}

#[test]
fn answers_of_the_version_before_are_the_same_after_the_upgrade_save_for_a_named_list() {
    let (database, stored) = restored("schema-0008", "0008_order");
    let app = started(database, &stored);
    let (mut compared, mut found) = (0, Vec::new());
    let people = stored.told["people"].as_array().unwrap();
    for (role, answers) in stored.told["answers"].as_object().unwrap() {
        // The first of several people with one role was asked.
        let person = people.iter().find(|person| person["role"] == *role).unwrap();
        let answers = answers.as_object().unwrap();
        let token = app.try_to_sign_in(text(person, "email"), text(person, "password")).expect(201).text("/access_token");
        for (path, before) in answers {
            let now = app.anonymous().get(path).bearer(&token).send();
            assert_eq!(before[0], now.status, "{path}: {}", now.json());
            // The settings stand by area now: the upgrade of their stored form has a test of its own.
            if path != "/v1/settings" {
                let mut here = Vec::new();
                differences(&before[1], &now.json(), "", &mut here);
                found.extend(here.into_iter().map(|pointer| format!("{path}{pointer}")));
            }
            compared += 1;
        }
    }
    assert!(compared > 500, "{compared}");
    let is_named = |difference: &&String| {
        // The request that was refused then is another one; the limits are this server's; an entity tag begins with the version now.
        let names = ["/request_id", "/etag"];
        // The invoice says what was kept and given back, and was rewritten for that. What was delivered is not cancelled any more.
        let of_invoices = [
            "/version",
            "/bad_debt",
            "/write_offs",
            "/reversal",
            "/cancellation_fee",
            "/to_give_back",
            "/given_back",
            "/given_up",
            "/credit_notes",
            "/credited",
            "/replaces_invoice_id",
            "/replaced_by_invoice_id",
            "/receipt",
            "/advance",
            "/refund_id",
            "/applied_to_invoice_id",
            "/payer_reference",
            "/cancellation_fee_papers",
        ];
        let of_invoice = difference.starts_with("/v1/invoices") && of_invoices.iter().any(|name| difference.ends_with(name));
        // Every end says whom to ask, in two languages.
        let ends = |names: &[&str]| names.iter().any(|name| difference.ends_with(name));
        let of_contact = ends(&["/ending/contact", "/name_ja", "/hours_ja", "/opinion_sent", "/patient_death", "/blocks"]);
        let of_visit =
            ends(&["/visit_at", "/exam_exceptions", "/appointment_wishes", "/treatment_requests", "/kind_proposal", "/follows_id"]);
        // People who visit have identifiers, and the checklist names them; catalogue and advice say more of the published page.
        let of_people = difference.ends_with("/representative_ids")
            || difference.ends_with("/patient_uninformed")
            || (difference.contains("/application/representatives/") && difference.ends_with("/id"));
        let of_page = (difference.contains("/checklist/advice/") && difference.ends_with("/text"))
            || difference.starts_with("/v1/catalogue")
                && ends(&["/price_text", "/tax_included", "/notices", "/visit", "/text", "/consent_form_languages"]);
        let everywhere = of_people
            || of_page
            || of_contact
            || of_visit
            || names.iter().any(|name| difference.ends_with(name))
            || difference.ends_with("/allowed_actions");
        // The hospital makes the estimate now, and the terms are a text.
        let of_estimates =
            ["/quote_id", "/estimate_id", "/waiting_on", "/expires_at", "/v1/catalogue/terms", "/v1/catalogue/terms_version"];
        let of_estimate = of_estimates.iter().any(|name| difference.ends_with(name));
        !of_invoice && !of_estimate && !everywhere && !difference.starts_with("/v1/catalogue/limits")
    };
    assert_eq!(found.iter().filter(is_named).collect::<Vec<_>>(), Vec::<&String>::new());
    let settings = app.wait(app.hospital.settings()).unwrap().values;
    assert_eq!((settings.billing.quote_valid_days, settings.billing.bank.swift.as_str()), (21, "EXAMJPJT"));
}
