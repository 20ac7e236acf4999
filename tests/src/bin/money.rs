//! Thirty-two accountants issue, correct and credit invoices and move money at once, while the server is killed at random moments, and
//! PostgreSQL's own processes, too. Afterwards no number of a paper is lacking or given twice, the ledger sums to zero, and each account equals
//! its list to the yen. Then it shows that the same check finds what is wrong in a falsified record.
//!
//! `money [--long] [--kills N] [--seed N] [--database sqlite|postgres|both]`; the server is `$BINARY`.

#![allow(clippy::indexing_slicing, reason = "a proof that stumbles shall fall")]

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, bail};
use proof::billing::{Accountant, Accounts, Caller, Numbers, accounts, gaps, note};
use proof::kills::{self, Plan};
use proof::people::{self, application};
use proof::postgres::Postgres;
use proof::random::Random;
use proof::server::{Server, Setup};
use serde_json::{Value, json};

/// Accountants who write at once.
const WRITERS: usize = 32;
/// Cases of each.
const CASES: usize = 2;
/// Series of which every number was acknowledged.
const SERIES: [&str; 3] = ["INV", "CN", "RCT"];

fn main() -> ExitCode {
    kills::run("money", 8, 60, series)
}

/// One series of kills on one database, and the check of what it leaves.
fn series(name: &str, setup: &Setup, postgres: Option<&Postgres>, plan: Plan) -> anyhow::Result<()> {
    // The demo's people and settings; its cases stay as they are.
    people::fill_with_demo(setup)?;
    let emails: Vec<String> = (0..WRITERS).map(|number| format!("accountant-{number}@example.org")).collect();
    for email in &emails {
        people::add(setup, email, "accountant")?;
    }
    let mut server = setup.start()?;
    let signed_in = |email: &str| anyhow::Ok(Caller::new(server.address, people::sign_in(server.address, email)?));
    let before = issued(&mut signed_in("coordinator@demo.example")?)?;
    let mut cases = Vec::new();
    for number in 0..WRITERS * CASES {
        cases.push(accepted(&signed_in, number)?);
    }
    let mut writers = Vec::new();
    for (number, email) in emails.iter().enumerate() {
        let own = &cases[number * CASES..(number + 1) * CASES];
        let seed = plan.seed ^ (u64::try_from(number)? << 32);
        writers.push(Accountant::new(&format!("accountant-{number}"), signed_in(email)?, own, seed));
    }
    let mut random = Random::new(plan.seed);
    let mut crashed = 0;
    for _ in 0..plan.kills {
        let killed = postgres.filter(|_| random.below(3) == 0);
        crashed += u32::from(killed.is_some());
        server = round(setup, server, killed, &mut writers, random.below(600))?;
        each(&mut writers, Accountant::finish);
        let faults: Vec<&str> = writers.iter().flat_map(|writer| &writer.faults).map(String::as_str).collect();
        if !faults.is_empty() {
            bail!("{name}: {} faults:\n{}", faults.len(), faults.join("\n"));
        }
    }
    let mut desk = Caller::new(server.address, people::sign_in(server.address, "coordinator@demo.example")?);
    let mut acknowledged = before;
    for (series, numbers) in writers.iter().flat_map(|writer| &writer.numbers) {
        // The numbers of credit notes of corrected invoices are on their invoices, not in the answers.
        if series != "CN" {
            acknowledged.entry(series.clone()).or_default().extend(numbers);
        }
    }
    let there = issued(&mut desk)?;
    acknowledged.insert("CN".to_owned(), there["CN"].clone());
    let books = accounts(&mut Caller::new(server.address, people::sign_in(server.address, &emails[0])?))?;
    server.kill()?;
    let wrong = wrong(&acknowledged, &there, &writers, &books);
    if !wrong.is_empty() {
        bail!("{name}: {} faults:\n{}", wrong.len(), wrong.iter().take(20).cloned().collect::<Vec<_>>().join("\n"));
    }
    let examined = setup.run(&["check"], &[])?;
    let (done, repeated): (u64, u64) = writers.iter().fold((0, 0), |(done, again), one| (done + one.done, again + one.repeated));
    println!(
        "  · {name}: {WRITERS} accountants, {} kills of the server{}, {done} acknowledged requests, {repeated} asked for again; {}: no number \
         lacks or stands twice, each account equals its list, `check` finds nothing in {} lines",
        plan.kills,
        if crashed > 0 { format!(", {crashed} of PostgreSQL's processes") } else { String::new() },
        SERIES.map(|series| format!("{} {series}", acknowledged[series].len())).join(", "),
        examined.lines().count(),
    );
    control(name, &acknowledged, &there, &writers, &books)
}

/// Everything that is wrong with the numbers and the books.
fn wrong(acknowledged: &Numbers, there: &Numbers, writers: &[Accountant], books: &Accounts) -> Vec<String> {
    let mut wrong = gaps(acknowledged);
    wrong.extend(
        SERIES.iter().filter(|series| acknowledged[**series].iter().min() != Some(&1)).map(|series| format!("{series} begins late")),
    );
    let noted = writers.iter().flat_map(|writer| writer.numbers.get("CN").into_iter().flatten());
    wrong.extend(noted.filter(|number| !there["CN"].contains(number)).map(|number| format!("CN {number} was acknowledged and is lost")));
    let [mut invoices, mut found] = [acknowledged, there].map(|numbers| numbers["INV"].clone());
    invoices.sort_unstable();
    found.sort_unstable();
    if invoices != found {
        wrong.push(format!("{} invoices were acknowledged, {} are there", invoices.len(), found.len()));
    }
    wrong.extend(books.faults());
    wrong
}

/// The numbers of the papers that the invoices show.
fn issued(desk: &mut Caller) -> anyhow::Result<Numbers> {
    let mut numbers = Numbers::new();
    for listed in desk.all("/v1/invoices?")? {
        let path = format!("/v1/invoices/{}", listed["id"].as_str().context("an invoice without an id")?);
        let invoice = desk.must("GET", &path, "", &Value::Null)?.json();
        note(&mut numbers, invoice["number"].as_str().context("an invoice without a number")?);
        let list = |name: &str| invoice[name].as_array().cloned().unwrap_or_default();
        let notes = list("credit_notes");
        let payments = list("payments");
        let receipts = payments.iter().map(|payment| &payment["receipt"]);
        for number in notes.iter().chain(receipts).filter_map(|paper| paper["number"].as_str()) {
            note(&mut numbers, number);
        }
    }
    Ok(numbers)
}

/// A case of the demo's applicant whose estimate is accepted.
fn accepted(signed_in: &dyn Fn(&str) -> anyhow::Result<Caller>, number: usize) -> anyhow::Result<String> {
    let (mut applicant, mut desk) = (signed_in("mei.tanaka@demo.example")?, signed_in("coordinator@demo.example")?);
    let mut chief = signed_in("chief@demo.example")?;
    let nothing = Value::Null;
    let post = |who: &mut Caller, path: &str, body: &Value| who.must("POST", path, &format!("case-{number}-{}", path.len()), body);
    // Every other case is a visit that is paid in advance.
    let (kind, wanted) = match number % 2 {
        0 => ("written_opinion", json!({})),
        _ => ("patient_consultation", json!({ "payment": "prepaid" })),
    };
    let new = json!({ "kind": kind, "application": application("Is surgery still an option?") });
    let case = post(&mut applicant, "/v1/cases", &new)?.text("/id");
    let path = |rest: &str| format!("/v1/cases/{case}/{rest}");
    post(&mut applicant, &path("submit"), &nothing)?;
    post(&mut desk, &path("checklist/application_form/verify"), &nothing)?;
    let department = chief.must("GET", "/v1/me", "", &nothing)?.text("/roles/0/department_id");
    post(&mut desk, &path("start-triage"), &json!({ "department_id": department }))?;
    let mut physician = signed_in("physician@demo.example")?;
    let physician = physician.must("GET", "/v1/me", "", &nothing)?.text("/id");
    post(&mut chief, &path("accept"), &json!({ "responsible_id": physician }))?;
    let estimate = post(&mut desk, &path("estimates"), &wanted)?;
    let terms = estimate.text("/terms_version");
    let acceptance = json!({ "terms_version": terms, "payer": "applicant", "recipient": "Mei Tanaka\n12 Orchard Road, Singapore" });
    post(&mut applicant, &format!("/v1/estimates/{}/accept", estimate.text("/id")), &acceptance)?;
    Ok(case)
}

/// Lets the accountants write for a while, kills in the middle of it, and brings everything up again.
fn round(
    setup: &Setup,
    mut server: Server,
    postgres: Option<&Postgres>,
    writers: &mut [Accountant],
    moment: u64,
) -> anyhow::Result<Server> {
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let workers: Vec<_> = writers.iter_mut().map(|writer| scope.spawn(|| writer.work(&stop))).collect();
        std::thread::sleep(Duration::from_millis(300 + moment));
        let lived = server.lives();
        let killed = postgres.map_or(Ok(0), Postgres::kill).and_then(|_| server.kill());
        stop.store(true, Ordering::Relaxed);
        for worker in workers {
            if worker.join().is_err() {
                bail!("an accountant panicked");
            }
        }
        killed?;
        if !lived {
            bail!("the server died by itself; its log is {}", setup.log().display());
        }
        Ok(())
    })?;
    if let Some(postgres) = postgres {
        postgres.again()?;
    }
    setup.start()
}

fn each(writers: &mut [Accountant], work: impl Fn(&mut Accountant) + Sync) {
    std::thread::scope(|scope| {
        for writer in writers {
            scope.spawn(|| work(writer));
        }
    });
}

/// The check must find what is wrong in a falsified record, or it proves nothing.
fn control(name: &str, acknowledged: &Numbers, there: &Numbers, writers: &[Accountant], books: &Accounts) -> anyhow::Result<()> {
    let mut controls = Vec::new();
    for series in SERIES {
        for (what, change) in [("lacks", 0), ("stands twice", 1)] {
            let mut numbers = acknowledged.clone();
            let drawn = numbers.get_mut(series).with_context(|| format!("no {series}"))?;
            let middle = drawn.len() / 2;
            drawn.sort_unstable();
            if change == 0 {
                drawn.remove(middle);
            } else {
                drawn.push(drawn[middle]);
            }
            controls.push((format!("a number of {series} that {what}"), wrong(&numbers, there, writers, books)));
        }
    }
    let mut other = books.clone();
    other.balances.entry("bank".to_owned()).and_modify(|balance| *balance += 1);
    controls.push(("a yen too much at the bank".to_owned(), wrong(acknowledged, there, writers, &other)));
    for place in 0..books.lists.len() {
        let mut other = books.clone();
        other.lists[place].1 += 1;
        controls.push((format!("a yen too much on the list of {:?}", other.lists[place].0), wrong(acknowledged, there, writers, &other)));
    }
    for (what, found) in &controls {
        if found.is_empty() {
            bail!("{name}: the control: {what} was not found");
        }
    }
    println!("  · {name}: the control: each of {} falsified records was found out", controls.len());
    Ok(())
}
