//! Accountants who write papers and money at once, remember every number that was acknowledged, and what must be true of them afterwards.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use crate::http::{Answer, Ask, Connection};
use crate::random::Random;

/// Somebody who is signed in.
#[derive(Debug)]
pub struct Caller {
    address: SocketAddr,
    authorization: String,
    connection: Option<Connection>,
}

impl Caller {
    /// Somebody with this value of the header `Authorization`.
    pub const fn new(address: SocketAddr, authorization: String) -> Self {
        Self { address, authorization, connection: None }
    }

    /// One request; nothing if there was no whole answer.
    pub fn ask(&mut self, method: &str, path: &str, key: &str, body: &str) -> Option<Answer> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::open(self.address).ok()?,
        };
        let headers = [("Authorization", self.authorization.as_str()), ("Idempotency-Key", key)];
        let headers = if key.is_empty() { &headers[..1] } else { &headers[..] };
        let answer = connection.ask(Ask { method, path, headers, body }).ok()?;
        self.connection = Some(connection);
        Some(answer)
    }

    /// A request that must be done.
    pub fn must(&mut self, method: &str, path: &str, key: &str, body: &Value) -> anyhow::Result<Answer> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = self.ask(method, path, key, &body).with_context(|| format!("{method} {path}: no answer"))?;
        if answer.is_done() { Ok(answer) } else { bail!("{method} {path}: {}", answer.story()) }
    }

    /// Every entry of a list; `path` ends with `?` or `&`.
    pub fn all(&mut self, path: &str) -> anyhow::Result<Vec<Value>> {
        let (mut entries, mut next) = (Vec::new(), format!("{path}limit=100"));
        loop {
            let mut page = self.must("GET", &next, "", &Value::Null)?.json();
            let data = page["data"].as_array_mut().with_context(|| format!("{next} is no list"))?;
            entries.append(data);
            let Some(cursor) = page["next_cursor"].as_str() else { return Ok(entries) };
            next = format!("{path}limit=100&cursor={cursor}");
        }
    }
}

/// The numbers that were acknowledged, by series.
pub type Numbers = BTreeMap<String, Vec<u64>>;

/// An invoice of a case, as its accountant knows it.
#[derive(Clone, Debug)]
struct Billed {
    case: String,
    /// None while everything is credited.
    invoice: Option<String>,
    /// What its first line charges for.
    code: String,
    payments: Vec<String>,
}

#[derive(Clone, Debug)]
enum What {
    Issue,
    Reissue,
    Pay,
    Reverse(String),
    Credit,
    RecordUnmatched,
    Match,
    Return,
}

/// A request that is under way until it is acknowledged.
#[derive(Clone, Debug)]
struct Step {
    key: String,
    path: String,
    body: String,
    attempts: u32,
    what: What,
    place: usize,
}

/// An accountant with cases of their own.
#[derive(Debug)]
pub struct Accountant {
    name: String,
    caller: Caller,
    random: Random,
    steps: u64,
    billed: Vec<Billed>,
    unmatched: Option<String>,
    under_way: Option<Step>,
    /// The numbers that were acknowledged.
    pub numbers: Numbers,
    /// How many requests were acknowledged.
    pub done: u64,
    /// How many had to be asked for again because their answer was lost.
    pub repeated: u64,
    /// What was refused, though nothing speaks against it.
    pub faults: Vec<String>,
}

impl Accountant {
    /// An accountant of these cases, none of which has an invoice yet.
    pub fn new(name: &str, caller: Caller, cases: &[String], seed: u64) -> Self {
        let billed =
            cases.iter().map(|case| Billed { case: case.clone(), invoice: None, code: String::new(), payments: Vec::new() }).collect();
        Self {
            name: name.to_owned(),
            caller,
            random: Random::new(seed),
            steps: 0,
            billed,
            unmatched: None,
            under_way: None,
            numbers: Numbers::new(),
            done: 0,
            repeated: 0,
            faults: Vec::new(),
        }
    }

    /// Writes until told to stop; lost connections are made anew.
    pub fn work(&mut self, stop: &AtomicBool) {
        while !stop.load(Ordering::Relaxed) && self.faults.is_empty() {
            if !self.advance() {
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    }

    /// Asks for what is under way until it is answered.
    pub fn finish(&mut self) {
        self.caller.connection = None;
        let begun = Instant::now();
        while self.under_way.is_some() && self.faults.is_empty() {
            if !self.advance() {
                std::thread::sleep(Duration::from_millis(20));
            }
            if begun.elapsed() > Duration::from_secs(30) {
                self.faults.push(format!("{}: {:?} was not answered within half a minute", self.name, self.under_way));
            }
        }
    }

    /// Does the next step, or the one under way. `false` without an answer that counts.
    fn advance(&mut self) -> bool {
        let mut step = self.under_way.take().unwrap_or_else(|| self.choose());
        step.attempts += 1;
        if step.attempts == 2 {
            self.repeated += 1;
        }
        let Some(answer) = self.caller.ask("POST", &step.path, &step.key, &step.body) else {
            self.under_way = Some(step);
            return false;
        };
        if answer.is_done() {
            self.acknowledge(&step, &answer.json());
            return true;
        }
        if answer.status >= 500 || answer.text("/code").starts_with("idempotency") {
            self.under_way = Some(step);
            return false;
        }
        self.faults.push(format!("{}: {} was refused: {}", step.key, step.path, answer.story()));
        true
    }

    fn choose(&mut self) -> Step {
        self.steps += 1;
        let place = self.random.place(self.billed.len());
        let Billed { case, invoice, code, payments } = self.billed[place].clone();
        let (name, number) = (self.name.clone(), self.steps);
        let step = |what: What, path: String, body: &Value| Step {
            key: format!("{name}-{number}"),
            path,
            body: if body.is_null() { String::new() } else { body.to_string() },
            attempts: 0,
            what,
            place,
        };
        let Some(invoice) = invoice else { return step(What::Issue, format!("/v1/cases/{case}/invoices"), &Value::Null) };
        let (id, path) = (invoice.clone(), format!("/v1/invoices/{invoice}"));
        let transfer = |amount: u64| {
            json!({
                "method": "bank_transfer", "reference": format!("{name} {number:06}"), "received_on": today(),
                "amount": { "amount": amount, "currency": "JPY" },
            })
        };
        let reason = json!({ "reason": "A mistake." });
        match (self.random.below(10), payments.last(), self.unmatched.clone()) {
            (0..=3, _, _) => {
                step(What::Reissue, format!("{path}/reissue"), &json!({ "recipient": "Example GmbH", "reason": "The company pays." }))
            }
            (4 | 5, _, _) => step(What::Pay, format!("{path}/payments"), &transfer(100)),
            (6, Some(payment), _) => step(What::Reverse(payment.clone()), format!("{path}/payments/{payment}/reverse"), &reason),
            (7, _, _) => {
                let body = json!({ "lines": [{ "code": code, "quantity": 1 }], "reason": "It is not wanted." });
                step(What::Credit, format!("{path}/credit-notes"), &body)
            }
            (8, _, Some(unmatched)) => {
                step(What::Return, format!("{unmatched}/return"), &json!({ "amount": { "amount": 10, "currency": "JPY" } }))
            }
            (_, _, Some(unmatched)) => {
                let part = json!({ "invoice_id": id, "amount": { "amount": 20, "currency": "JPY" } });
                step(What::Match, format!("{unmatched}/match"), &json!({ "allocations": [part] }))
            }
            (_, _, None) => step(What::RecordUnmatched, "/v1/unmatched-payments".to_owned(), &transfer(1_000_000)),
        }
    }

    fn acknowledge(&mut self, step: &Step, answer: &Value) {
        self.done += 1;
        let text = |pointer: &str| answer.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let billed = &mut self.billed[step.place];
        let mut numbers: Vec<Option<String>> = Vec::new();
        match &step.what {
            What::Issue | What::Reissue => {
                billed.invoice = text("/id");
                billed.code = text("/lines/0/code").unwrap_or_default();
                numbers.push(text("/number"));
                let payments = answer["payments"].as_array().cloned().unwrap_or_default();
                numbers.extend(payments.iter().map(|payment| payment["receipt"]["number"].as_str().map(str::to_owned)));
            }
            What::Pay => {
                billed.payments.extend(text("/payment/id"));
                numbers.push(text("/payment/receipt/number"));
            }
            What::Reverse(payment) => billed.payments.retain(|one| one != payment),
            What::Credit => {
                (billed.invoice, billed.payments) = (None, Vec::new());
                numbers.push(text("/number"));
            }
            What::RecordUnmatched => self.unmatched = text("/id").map(|id| format!("/v1/unmatched-payments/{id}")),
            What::Match => {
                let id = text("/payments/0/payment/id");
                billed.payments.extend(id);
                numbers.push(text("/payments/0/payment/receipt/number"));
            }
            What::Return => {}
        }
        for number in numbers.iter().flatten() {
            note(&mut self.numbers, number);
        }
    }
}

/// Notes a number such as `INV-000012` under its series.
pub fn note(numbers: &mut Numbers, number: &str) {
    let (series, digits) = number.split_once('-').unwrap_or((number, "0"));
    numbers.entry(series.to_owned()).or_default().push(digits.parse().unwrap_or(0));
}

/// Today in Tokyo, as the server counts it.
fn today() -> String {
    domain::calendar::today_in_tokyo(application::Clock::System.now()).to_string()
}

/// What is wrong with the numbers of a series: drawn twice, or left out.
pub fn gaps(numbers: &Numbers) -> Vec<String> {
    let mut wrong = Vec::new();
    for (series, drawn) in numbers {
        let mut drawn = drawn.clone();
        drawn.sort_unstable();
        for pair in drawn.windows(2) {
            match (pair[0], pair[1]) {
                (one, two) if one == two => wrong.push(format!("{series} {one} was given twice")),
                (one, two) if one + 1 != two => wrong.push(format!("{series}: after {one} comes {two}")),
                _ => {}
            }
        }
    }
    wrong
}

/// Balances of accounts with the sums of their lists.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    /// Balances, in yen.
    pub balances: BTreeMap<String, i64>,
    /// The lists that balances must equal, with the accounts that they add up.
    pub lists: Vec<(Vec<&'static str>, i64)>,
}

/// The accounts that equal a list: their names, the list (a path to add parameters to), its amount, and the side, 1 for debit and −1 for credit.
pub const LISTS: [(&[&str], &str, &str, i64); 4] = [
    (&["receivable"], "/v1/receivables?", "owed", 1),
    (&["advances_received"], "/v1/invoices?", "advance", -1),
    (&["unmatched_receipts"], "/v1/unmatched-payments?", "rest", -1),
    (&["overpayments", "refunds_payable"], "/v1/refunds/due?", "amount", -1),
];

/// Reads the trial balance and every list.
pub fn accounts(who: &mut Caller) -> anyhow::Result<Accounts> {
    let sum = |entries: &[Value], name: &str| entries.iter().filter_map(|one| one[name]["amount"].as_i64()).sum::<i64>();
    let trial = who.must("GET", "/v1/ledger/trial-balance", "", &Value::Null)?.json();
    let mut balances = BTreeMap::new();
    for one in trial["accounts"].as_array().context("no trial balance")? {
        let (debit, credit) = (one["debit"].as_i64().unwrap_or_default(), one["credit"].as_i64().unwrap_or_default());
        balances.insert(one["account"].as_str().unwrap_or_default().to_owned(), debit - credit);
    }
    let mut lists = Vec::new();
    for (accounts, path, amount, side) in LISTS {
        lists.push((accounts.to_vec(), side * sum(&who.all(path)?, amount)));
    }
    Ok(Accounts { balances, lists })
}

impl Accounts {
    /// The accounts that differ from their lists, and the sum of all if it is not zero.
    pub fn faults(&self) -> Vec<String> {
        let balance = |account: &&str| self.balances.get(*account).copied().unwrap_or_default();
        let mut wrong = Vec::new();
        let sum: i64 = self.balances.values().sum();
        if sum != 0 {
            wrong.push(format!("the ledger sums to {sum}"));
        }
        for (accounts, listed) in &self.lists {
            let booked: i64 = accounts.iter().map(balance).sum();
            if booked != *listed {
                wrong.push(format!("{accounts:?}: booked {booked}, listed {listed}"));
            }
        }
        wrong
    }
}
