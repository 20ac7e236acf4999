//! More families than half hours, and a server that is killed meanwhile, and PostgreSQL's own processes, too. Some book at once, some choose from an offer, some
//! have an offer taken back first, some reserve and pay. Afterwards each half hour is booked once, whoever found none was told so, and `check` finds nothing.
//!
//! `visits [--long] [--kills N] [--seed N] [--database sqlite|postgres|both]`; the server is `$BINARY`. The long form is 64 clients, 700 cases and 500 half hours.

#![allow(clippy::indexing_slicing, reason = "a proof that stumbles shall fall")]

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use proof::billing::Caller;
use proof::http::Answer;
use proof::kills::{self, Plan};
use proof::people::{self, application};
use proof::postgres::Postgres;
use proof::random::Random;
use proof::server::{Server, Setup};
use serde_json::{Value, json};

/// The kills of the usual form, and of the long one.
const KILLS: (u32, u32) = (4, 20);
/// Half hours of a day, from nine to two.
const OF_A_DAY: usize = 10;
/// How long nobody may wait for an answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// How many of each.
#[derive(Clone, Copy)]
struct Size {
    clients: usize,
    cases: usize,
    days: usize,
}

const USUAL: Size = Size { clients: 16, cases: 84, days: 6 };
const LONG: Size = Size { clients: 64, cases: 700, days: 50 };

fn main() -> ExitCode {
    kills::run("visits", KILLS.0, KILLS.1, series)
}

/// A case that is accepted; with its invoice if it is paid in advance.
struct Family {
    case: String,
    invoice: Option<String>,
}

/// What the clients share.
struct Hospital {
    address: SocketAddr,
    tokens: [String; 3],
    physician: String,
    /// The beginnings of the half hours.
    slots: Vec<String>,
    /// Half hours that somebody was told are taken: nobody else need ask, until the next round.
    known: Vec<Mutex<bool>>,
    repeated: AtomicU64,
}

const DESK: usize = 0;
const CHIEF: usize = 1;
const ACCOUNTANT: usize = 2;

impl Hospital {
    fn caller(&self, who: usize) -> Caller {
        Caller::new(self.address, self.tokens[who].clone())
    }

    /// Asks until there is an answer that counts: the same key each time, so that it has one effect.
    fn ask(&self, who: usize, path: &str, key: &str, body: &Value) -> anyhow::Result<Answer> {
        let mut caller = self.caller(who);
        let (begun, body) = (Instant::now(), if body.is_null() { String::new() } else { body.to_string() });
        loop {
            match caller.ask("POST", path, key, &body) {
                Some(answer) if answer.status < 500 && !answer.text("/code").starts_with("idempotency") => return Ok(answer),
                Some(_) | None => {}
            }
            self.repeated.fetch_add(1, Ordering::Relaxed);
            if begun.elapsed() > PATIENCE {
                bail!("{path} was not answered within a minute");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn done(&self, who: usize, path: &str, key: &str, body: &Value) -> anyhow::Result<Answer> {
        let answer = self.ask(who, path, key, body)?;
        if answer.is_done() { Ok(answer) } else { bail!("{path}: {}", answer.story()) }
    }

    /// A visit that is accepted, with an accepted estimate; every third is paid in advance.
    fn family(&self, number: usize, department: &str) -> anyhow::Result<Family> {
        let nothing = Value::Null;
        let post = |who: usize, path: &str, body: &Value| self.done(who, path, &format!("family-{number}-{}", path.len()), body);
        let new = json!({ "kind": "patient_consultation", "application": application("Is surgery still an option?") });
        let case = post(DESK, "/v1/cases", &new)?.text("/id");
        let path = |rest: &str| format!("/v1/cases/{case}/{rest}");
        post(DESK, &path("submit"), &nothing)?;
        post(DESK, &path("checklist/application_form/verify"), &nothing)?;
        post(DESK, &path("start-triage"), &json!({ "department_id": department }))?;
        post(CHIEF, &path("accept"), &json!({ "responsible_id": self.physician }))?;
        let is_prepaid = number % 3 == 2;
        let estimate = post(DESK, &path("estimates"), &json!({ "payment": if is_prepaid { "prepaid" } else { "on_the_day" } }))?;
        let signed_on = domain::calendar::today_in_tokyo(application::Clock::System.now());
        let acceptance = json!({
            "terms_version": estimate.text("/terms_version"), "payer": "applicant", "recipient": "Mei Tanaka", "signed_on": signed_on,
        });
        post(DESK, &format!("/v1/estimates/{}/accept", estimate.text("/id")), &acceptance)?;
        let invoice = if is_prepaid { Some(post(ACCOUNTANT, &path("invoices"), &nothing)?.text("/id")) } else { None };
        Ok(Family { case, invoice })
    }

    /// Finds a half hour for a family; none if all are taken. `round` makes the keys of another try.
    fn find(&self, family: &Family, number: usize, round: u32, random: &mut Random) -> anyhow::Result<Option<usize>> {
        let first = random.place(self.slots.len());
        for place in (0..self.slots.len()).map(|step| (first + step) % self.slots.len()) {
            if *locked(&self.known[place]) {
                continue;
            }
            if self.take(family, number, &format!("visit-{number}-{round}-{place}"), place)? {
                return Ok(Some(place));
            }
            *locked(&self.known[place]) = true;
        }
        Ok(None)
    }

    /// Takes a half hour, each family in its own way; `false` if somebody else has it.
    fn take(&self, family: &Family, number: usize, key: &str, place: usize) -> anyhow::Result<bool> {
        let path = |rest: &str| format!("/v1/cases/{}/{rest}", family.case);
        let time = json!({ "starts_at": self.slots[place], "physician_id": self.physician });
        let is_taken = |answer: &Answer| {
            if answer.is_done() {
                return Ok(false);
            }
            if answer.text("/code") == "slot_taken" { Ok(true) } else { bail!("{key}: {}", answer.story()) }
        };
        if number % 3 == 1 {
            let offer = self.ask(DESK, &path("appointment-offers"), &format!("{key}-offer"), &json!({ "times": [time] }))?;
            if is_taken(&offer)? {
                return Ok(false);
            }
            let offer = path(&format!("appointments/{}", offer.text("/id")));
            if number.is_multiple_of(2) {
                self.done(DESK, &format!("{offer}/withdraw"), &format!("{key}-back"), &Value::Null)?;
            } else {
                let choice = json!({ "choice": 0, "interpreter": "not_needed" });
                self.done(DESK, &format!("{offer}/accept"), &format!("{key}-choice"), &choice)?;
                return Ok(true);
            }
        }
        let booking = json!({ "time": time, "interpreter": "not_needed" });
        if is_taken(&self.ask(DESK, &path("appointments"), &format!("{key}-book"), &booking)?)? {
            return Ok(false);
        }
        if let Some(invoice) = &family.invoice {
            let received_on = domain::calendar::today_in_tokyo(application::Clock::System.now());
            let payment = json!({
                "method": "bank_transfer", "reference": format!("TT {number:06}"), "received_on": received_on,
                "amount": { "amount": 33_000, "currency": "JPY" },
            });
            self.done(ACCOUNTANT, &format!("/v1/invoices/{invoice}/payments"), &format!("{key}-pay"), &payment)?;
        }
        Ok(true)
    }
}

/// One series of kills on one database, and the check of what it leaves.
fn series(name: &str, setup: &Setup, postgres: Option<&Postgres>, plan: Plan) -> anyhow::Result<()> {
    let size = if plan.kills >= KILLS.1 { LONG } else { USUAL };
    people::fill_with_demo(setup)?;
    let first = setup.start()?;
    let address = first.address;
    let mut server = Some(first);
    let signed_in = |email: &str| people::sign_in(address, email);
    let tokens = [signed_in("coordinator@demo.example")?, signed_in("chief@demo.example")?, signed_in("accountant@demo.example")?];
    let me = |email: &str| Caller::new(address, signed_in(email)?).must("GET", "/v1/me", "", &Value::Null);
    let physician = me("physician@demo.example")?.text("/id");
    let department = me("chief@demo.example")?.text("/roles/0/department_id");
    let slots = open(&mut Caller::new(address, tokens[DESK].clone()), &physician, &department, size.days)?;
    let known = slots.iter().map(|_| Mutex::new(false)).collect();
    let hospital = Hospital { address, tokens, physician, slots, known, repeated: AtomicU64::new(0) };
    let families = all(size.clients, size.cases, &|number| hospital.family(number, &department))?;
    let found: Vec<Mutex<Option<usize>>> = families.iter().map(|_| Mutex::new(None)).collect();
    let (mut random, mut kills, mut crashed) = (Random::new(plan.seed), 0, 0);
    let mut round = 0;
    loop {
        round += 1;
        // A half hour that was offered and given back is free again: whoever found none tries again, until none is left or everybody has one.
        hospital.known.iter().for_each(|one| *locked(one) = false);
        let before = booked(&found).len();
        let finished = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            let clients = scope.spawn(|| {
                let seek = |number: usize| {
                    let mut place = locked(&found[number]);
                    if place.is_none() {
                        let mut random = Random::new(plan.seed ^ u64::try_from(number)?);
                        *place = hospital.find(&families[number], number, round, &mut random)?;
                    }
                    anyhow::Ok(())
                };
                let done = all(size.clients, families.len(), &seek).map(drop);
                finished.store(1, Ordering::Relaxed);
                done
            });
            while finished.load(Ordering::Relaxed) == 0 && kills < plan.kills {
                std::thread::sleep(Duration::from_millis(150 + random.below(400)));
                let process = postgres.filter(|_| random.below(3) == 0);
                crashed += u32::from(process.is_some());
                if let Some(postgres) = process {
                    postgres.kill()?;
                }
                server.take().map_or(Ok(()), Server::kill)?;
                if let Some(postgres) = process {
                    postgres.again()?;
                }
                server = Some(setup.start()?);
                kills += 1;
            }
            clients.join().map_err(|_| anyhow::anyhow!("a client panicked"))??;
            anyhow::Ok(())
        })?;
        if booked(&found).len() == before || booked(&found).len() == hospital.slots.len() {
            break;
        }
    }
    // Whoever found none is told so by every half hour.
    let without: Vec<usize> = (0..families.len()).filter(|number| locked(&found[*number]).is_none()).collect();
    let refused = all(size.clients, without.len(), &|index| {
        let number = without[index];
        let place = number % hospital.slots.len();
        Ok(u32::from(!hospital.take(&families[number], number, &format!("last-{number}"), place)?))
    })?;
    let booked = booked(&found);
    let wrong = faults(&hospital, &families, &booked, refused.iter().sum(), &found)?;
    if !wrong.is_empty() {
        bail!("{name}: {} faults:\n{}", wrong.len(), wrong.join("\n"));
    }
    let mut twice = booked.clone();
    twice.push(booked[0]);
    if faults(&hospital, &families, &twice, refused.iter().sum(), &found)?.is_empty() {
        bail!("{name}: the control: a half hour that is booked twice was not found");
    }
    server.take().map_or(Ok(()), Server::kill)?;
    let examined = setup.run(&["check"], &[])?;
    println!(
        "  · {name}: {} clients, {} cases, {kills} kills of the server{}, {} requests asked for again: {} half hours booked, each once, {} families \
         were refused, `check` finds nothing in {} lines; the control, a half hour twice, was found out",
        size.clients,
        families.len(),
        if crashed > 0 { format!(", {crashed} of PostgreSQL's processes") } else { String::new() },
        hospital.repeated.load(Ordering::Relaxed),
        booked.len(),
        refused.len(),
        examined.lines().count(),
    );
    Ok(())
}

/// The places of the half hours that were acknowledged.
fn booked(found: &[Mutex<Option<usize>>]) -> Vec<usize> {
    found.iter().filter_map(|one| *locked(one)).collect()
}

/// What is wrong: a half hour twice or not at all, a family with a visit that is not scheduled then, one that was not refused.
fn faults(
    hospital: &Hospital,
    families: &[Family],
    booked: &[usize],
    refused: u32,
    found: &[Mutex<Option<usize>>],
) -> anyhow::Result<Vec<String>> {
    let mut wrong = Vec::new();
    let each: BTreeSet<&usize> = booked.iter().collect();
    if each.len() != booked.len() {
        wrong.push(format!("{} bookings of {} half hours", booked.len(), each.len()));
    }
    if each.len() != hospital.slots.len().min(families.len()) {
        wrong.push(format!("{} of {} half hours are booked", each.len(), hospital.slots.len()));
    }
    if usize::try_from(refused)? != families.len() - each.len() {
        wrong.push(format!("{refused} were refused of {}", families.len() - each.len()));
    }
    let mut desk = hospital.caller(DESK);
    for (number, (family, place)) in families.iter().zip(found).enumerate() {
        let case = desk.must("GET", &format!("/v1/cases/{}", family.case), "", &Value::Null)?;
        let place = *locked(place);
        let (stage, at) = (case.text("/stage"), case.text("/visit_at"));
        let instant = |text: &str| text.parse::<jiff::Timestamp>().ok();
        let is_right = match place {
            Some(place) => stage == "scheduled" && instant(&at) == instant(&hospital.slots[place]),
            None => stage == "accepted",
        };
        if !is_right {
            wrong.push(format!("family {number} with {place:?} is {stage} at {at}"));
        }
    }
    Ok(wrong)
}

/// Enters the physician's half hours on so many open days; gives their beginnings.
fn open(desk: &mut Caller, physician: &str, department: &str, days: usize) -> anyhow::Result<Vec<String>> {
    let (mut slots, mut entered) = (Vec::new(), 0);
    let today = domain::calendar::today_in_tokyo(application::Clock::System.now());
    // Well beyond the last day on which a visit is paid in advance.
    for ahead in 20..200 {
        let day = domain::calendar::days_after(today, ahead);
        let hours = json!({
            "physician_id": physician, "department_id": department, "days": [day.to_string()], "begins": "09:00", "ends": "14:00",
        });
        let body = hours.to_string();
        let answer = desk.ask("POST", "/v1/availabilities", &format!("open-{day}"), &body).context("no answer")?;
        // Another day: this one is closed.
        if !answer.is_done() {
            continue;
        }
        slots.extend((0..OF_A_DAY).map(|half| format!("{day}T{:02}:{:02}:00+09:00", 9 + half / 2, 30 * (half % 2))));
        entered += 1;
        if entered == days {
            return Ok(slots);
        }
    }
    bail!("{entered} days are open, and {days} are needed")
}

/// What the clients share; one that panicked has left it whole.
fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does a job for each number, so many at once; the results in the order of the numbers.
fn all<T: Send>(at_once: usize, count: usize, job: &(dyn Fn(usize) -> anyhow::Result<T> + Sync)) -> anyhow::Result<Vec<T>> {
    let (next, results) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..at_once)
            .map(|_| {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= count {
                            return anyhow::Ok(());
                        }
                        let result = job(number)?;
                        locked(&results).push((number, result));
                    }
                })
            })
            .collect();
        for worker in workers {
            worker.join().map_err(|_| anyhow::anyhow!("a worker panicked"))??;
        }
        anyhow::Ok(())
    })?;
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(number, _)| *number);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}
