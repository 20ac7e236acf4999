//! The steps of an upgrade: named, done once, and begun anew where they were cut off.

use jiff::{SignedDuration, Timestamp};
use persistence::Store;
use serde_json::Value;

use super::{options, pages, restored, signed_in, started, text};

#[test]
fn bringing_up_to_date_names_what_it_did_and_does_it_once() {
    let (database, stored) = restored("0.1", "0005_operations");
    let done = Store::migrate(&options(&database, &stored.clock, &stored.told)).unwrap();
    let migrations =
        ["0006", "0007", "0008", "0009", "0010", "0011", "0012", "0013", "0014", "0015", "0016", "0017", "0018", "0019", "0020", "0021"];
    let steps = [
        "0006_address_digests",
        "0009_payment_references",
        "0010_letters_as_jobs",
        "0014_terms",
        "0014_estimates",
        "0011_information_requests",
        "0013_books",
        "0014_clocks",
        "0015_receipts",
        "0018_warnings",
    ];
    assert_eq!(done, [&migrations[..], &steps].concat(), "the migrations in SQL, then the steps that take the vault");
    assert_eq!(Store::migrate(&options(&database, &stored.clock, &stored.told)).unwrap(), Vec::<String>::new());
}

#[test]
fn a_step_in_parts_that_was_cut_off_begins_anew_and_does_nothing_twice() {
    let (database, stored) = restored("schema-0008", "0008_order");
    let options = || options(&database, &stored.clock, &stored.told);
    Store::migrate(&options()).unwrap();
    let count = || database.one_text("SELECT CAST(count(*) AS text) FROM information_requests");
    let moved = count();
    assert!(moved.parse::<u32>().unwrap() > 1, "{moved}");
    // As if the program was killed after its parts and before the note that they are done.
    let steps = ["0014_estimates", "0011_information_requests", "0014_clocks", "0015_receipts", "0018_warnings"];
    database.execute(&format!("DELETE FROM vault_steps WHERE name IN ('{}')", steps.join("', '")));
    let count_of = |table: &str| database.one_text(&format!("SELECT CAST(count(*) AS text) FROM {table}"));
    let made = ["estimates", "papers", "jobs"].map(count_of);
    assert!(made.iter().all(|made| made.parse::<u32>().unwrap() > 1), "{made:?}");
    assert_eq!(Store::migrate(&options()).unwrap(), steps);
    assert_eq!((count(), ["estimates", "papers", "jobs"].map(count_of)), (moved, made));
}

/// Rule R1: a case whose clock runs at the upgrade does not expire without a word.
#[test]
fn a_clock_that_runs_at_the_upgrade_warns_as_every_other() {
    let (database, stored) = restored("schema-0008", "0008_order");
    let app = started(database, &stored);
    let token = signed_in(&app, "coordinator@demo.example");
    let get = |path: &str| app.anonymous().get(path).bearer(&token).send().expect(200).json();
    let cases: Vec<Value> =
        pages(&get, "/v1/cases?limit=100").iter().map(|listed| get(&format!("/v1/cases/{}", text(listed, "id")))).collect();
    let ends = cases.iter().filter(|case| case["stage"] == "awaiting_payment").filter_map(|case| case["expires_at"].as_str());
    let ends: Vec<Timestamp> = ends.map(|at| at.parse().unwrap()).collect();
    let last = *ends.iter().max().unwrap();
    let told = || app.letters_to("mei.tanaka@demo.example").iter().filter(|reason| *reason == "expiring").count();
    assert_eq!(told(), 0);
    app.after((last - SignedDuration::from_hours(24)).duration_since(app.clock.now()));
    assert!(told() >= ends.len() * 2, "{ends:?}");
}

#[test]
fn after_the_upgrade_each_payment_has_its_receipt_numbered_in_the_order_of_recording() {
    let (database, stored) = restored("schema-0008", "0008_order");
    let app = started(database, &stored);
    let token = signed_in(&app, "coordinator@demo.example");
    let get = |path: &str| app.anonymous().get(path).bearer(&token).send().expect(200).json();
    let mut receipts = Vec::new();
    for listed in pages(&get, "/v1/invoices?limit=100") {
        for payment in get(&format!("/v1/invoices/{}", text(&listed, "id")))["payments"].as_array().unwrap() {
            receipts.push((text(payment, "recorded_at").to_owned(), text(&payment["receipt"], "number").to_owned()));
        }
    }
    receipts.sort();
    let numbers: Vec<String> = (1..=receipts.len()).map(|number| format!("RCT-{number:06}")).collect();
    assert!(numbers.len() > 1);
    assert_eq!(receipts.into_iter().map(|(_, number)| number).collect::<Vec<_>>(), numbers);
}
