//! A client that writes, remembers what was acknowledged, and afterwards asks whether it is still so.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::http::{Answer, Ask, Connection};
use crate::people::application;
use crate::random::Random;

/// A case as its acknowledgements say it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its id.
    pub id: String,
    /// Counts its changes.
    pub version: i64,
    /// Whether it was submitted.
    pub submitted: bool,
    /// What its application asks.
    pub question: String,
    /// What was written, in order.
    pub messages: Vec<String>,
    touched: bool,
}

/// A request that was answered with success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledged {
    /// The id of the request; the audit trail has it too.
    pub request: String,
    /// What was done, as `operationId`.
    pub operation: &'static str,
    /// The case; also of the repetition of a request that had opened it.
    pub case: String,
}

/// The first answer to a key.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The key.
    pub key: String,
    /// The path.
    pub path: String,
    /// What was sent.
    pub body: String,
    /// The status.
    pub status: u16,
    /// What was answered.
    pub answer: Vec<u8>,
}

#[derive(Clone, Debug)]
enum What {
    Create(String),
    Update { question: String, etag: String },
    Submit,
    Message(String),
}

/// A change that is under way until it is acknowledged.
#[derive(Clone, Debug)]
struct Step {
    number: u64,
    attempts: u32,
    what: What,
    case: usize,
}

/// A client with an account and cases of its own.
#[derive(Debug)]
pub struct Writer {
    name: String,
    /// The servers that it asks, each request one of them.
    servers: Vec<(SocketAddr, Option<Connection>)>,
    authorization: String,
    random: Random,
    numbers: u64,
    under_way: Option<Step>,
    /// Whether it submits cases: each submission wakes the mailer, which writes beside the answers.
    pub submits: bool,
    /// Its cases.
    pub cases: Vec<Known>,
    /// Everything that was acknowledged.
    pub acknowledged: Vec<Acknowledged>,
    /// The answers to its keys.
    pub kept: Vec<Kept>,
    /// How many changes had to be asked for again because their answer was lost.
    pub repeated: u64,
    /// How many answers were 500 or above.
    pub server_errors: u64,
    /// What is not as it was acknowledged.
    pub faults: Vec<String>,
}

impl Writer {
    /// A client called `name`, signed in.
    pub fn new(name: &str, address: SocketAddr, authorization: String, seed: u64) -> Self {
        Self {
            name: name.to_owned(),
            servers: vec![(address, None)],
            authorization,
            random: Random::new(seed),
            numbers: 0,
            under_way: None,
            submits: true,
            cases: Vec::new(),
            acknowledged: Vec::new(),
            kept: Vec::new(),
            repeated: 0,
            server_errors: 0,
            faults: Vec::new(),
        }
    }

    /// Asks another server of the same database as well.
    #[must_use]
    pub fn asking_also(mut self, address: SocketAddr) -> Self {
        self.servers.push((address, None));
        self
    }

    /// Signed in anew.
    pub fn renew(&mut self, authorization: String) {
        self.authorization = authorization;
    }

    /// Writes until told to stop; lost connections are made anew.
    pub fn work(&mut self, stop: &AtomicBool) {
        while !stop.load(Ordering::Relaxed) {
            if !self.advance() {
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    }

    /// After a restart: finishes what was under way, and asks whether all that was touched since the last time is as acknowledged;
    /// with `everything`, all cases and all keys.
    pub fn verify(&mut self, everything: bool) {
        // What was kept alive may have died with the server after its last answer: a lost connection is no lost session.
        for (_, connection) in &mut self.servers {
            *connection = None;
        }
        let begun = Instant::now();
        while self.under_way.is_some() && self.faults.is_empty() {
            if !self.advance() {
                std::thread::sleep(Duration::from_millis(20));
            }
            if begun.elapsed() > Duration::from_secs(30) {
                self.faults.push(format!("{}: {:?} was not answered within half a minute", self.name, self.under_way));
            }
        }
        match self.send("GET", "/v1/me", &[], "", "me") {
            Some(answer) if answer.is_done() => {}
            other => self.faults.push(format!("{}: the session was lost: {:?}", self.name, other.map(|answer| answer.story()))),
        }
        for place in 0..self.cases.len() {
            if everything || self.cases[place].touched {
                self.cases[place].touched = false;
                self.look_at(place);
            }
        }
        let kept = self.kept.len();
        for place in if everything { 0 } else { kept.saturating_sub(5) }..kept {
            let kept = self.kept[place].clone();
            if let Some(fault) = self.ask_again(&kept) {
                self.faults.push(fault);
            }
        }
    }

    /// Sends a request once more under its key; says what is wrong with the answer.
    pub fn ask_again(&mut self, kept: &Kept) -> Option<String> {
        self.numbers += 1;
        let request = format!("{}-{}-again", self.name, self.numbers);
        let Some(answer) = self.send("POST", &kept.path, &[("Idempotency-Key", &kept.key)], &kept.body, &request) else {
            return Some(format!("{}: no answer", kept.key));
        };
        let same = answer.status == kept.status && answer.body == kept.answer && answer.header("idempotent-replayed") == Some("true");
        (!same).then(|| format!("{}: the answer to its key is not the first one: {}", kept.key, answer.story()))
    }

    fn look_at(&mut self, place: usize) {
        let known = self.cases[place].clone();
        let Some(answer) = self.read(&known.id) else {
            return self.faults.push(format!("{}: no answer", known.id));
        };
        let body = answer.json();
        let stage = if known.submitted { "submitted" } else { "draft" };
        let seen = (answer.status, body["version"].as_i64(), body["stage"].as_str(), body["application"]["questions"][0].as_str());
        if seen != (200, Some(known.version), Some(stage), Some(known.question.as_str())) {
            self.faults.push(format!("{}: acknowledged as {known:?}, but it is {seen:?}", known.id));
        }
    }

    /// Does the next step, or the one under way. `false` without an answer that counts.
    fn advance(&mut self) -> bool {
        let Some(mut step) = self.under_way.take().or_else(|| self.choose()) else { return false };
        step.attempts += 1;
        if step.attempts == 2 {
            self.repeated += 1;
        }
        let request = format!("{}-{}-{}", self.name, step.number, step.attempts);
        let key = format!("{}-{}", self.name, step.number);
        let case = self.cases.get(step.case).map(|known| known.id.clone()).unwrap_or_default();
        let (method, path, body) = match &step.what {
            What::Create(question) => {
                ("POST", "/v1/cases".to_owned(), json!({ "kind": "written_opinion", "application": application(question) }).to_string())
            }
            What::Update { question, .. } => {
                ("PATCH", format!("/v1/cases/{case}"), json!({ "application": { "questions": [question] } }).to_string())
            }
            What::Submit => ("POST", format!("/v1/cases/{case}/submit"), String::new()),
            What::Message(text) => ("POST", format!("/v1/cases/{case}/messages"), json!({ "text": text }).to_string()),
        };
        let mut headers = vec![("Idempotency-Key", key.as_str())];
        if let What::Update { etag, .. } = &step.what {
            headers.push(("If-Match", etag.as_str()));
        }
        let Some(answer) = self.send(method, &path, &headers, &body, &request) else {
            self.under_way = Some(step);
            return false;
        };
        if answer.is_done() {
            if method == "POST" {
                self.kept.push(Kept { key, path, body, status: answer.status, answer: answer.body.clone() });
            }
            self.acknowledge(&step, &request, &answer);
            return true;
        }
        let in_doubt = answer.status >= 500 || answer.text("/code").starts_with("idempotency");
        if in_doubt {
            self.under_way = Some(step);
            return false;
        }
        let now = self.read(&case).map_or_else(|| "no answer".to_owned(), |answer| answer.story());
        self.faults.push(format!("{request}: {method} {path} with {headers:?} was refused: {}. The case now: {now}", answer.story()));
        true
    }

    fn acknowledge(&mut self, step: &Step, request: &str, answer: &Answer) {
        let operation = match &step.what {
            What::Create(question) => {
                let id = answer.text("/id");
                self.cases.push(Known {
                    id,
                    version: 1,
                    submitted: false,
                    question: question.clone(),
                    messages: Vec::new(),
                    touched: true,
                });
                let case = answer.text("/id");
                self.acknowledged.push(acknowledged(request, "createCase", &case));
                return;
            }
            What::Update { question, .. } => {
                self.cases[step.case].question.clone_from(question);
                "updateCase"
            }
            What::Submit => {
                self.cases[step.case].submitted = true;
                "submitCase"
            }
            What::Message(text) => {
                self.cases[step.case].messages.push(text.clone());
                "postMessage"
            }
        };
        let known = &mut self.cases[step.case];
        // A message leaves the case as it is.
        known.version += i64::from(operation != "postMessage");
        known.touched = true;
        let id = known.id.clone();
        self.acknowledged.push(acknowledged(request, operation, &id));
    }

    fn choose(&mut self) -> Option<Step> {
        self.numbers += 1;
        let number = self.numbers;
        let text = format!("{} asks for the time number {number}: is surgery still an option?", self.name);
        let drafts: Vec<usize> = (0..self.cases.len()).filter(|place| !self.cases[*place].submitted).collect();
        let chance = self.random.below(100);
        let (what, case) = if chance < 35 || drafts.is_empty() {
            (What::Create(text), self.cases.len())
        } else if chance < 60 {
            let place = drafts[self.random.place(drafts.len())];
            let id = self.cases[place].id.clone();
            let answer = self.read(&id)?;
            let (seen, known) = (answer.json()["version"].as_i64(), self.cases[place].version);
            if answer.json()["id"] != id.as_str() || seen != Some(known) {
                self.faults.push(format!(
                    "{}-{number}: the case {id} stands at {known}, and reading it tells: {}",
                    self.name,
                    answer.story()
                ));
                return None;
            }
            (What::Update { question: text, etag: answer.header("etag")?.to_owned() }, place)
        } else if chance < 75 && self.submits {
            (What::Submit, drafts[self.random.place(drafts.len())])
        } else {
            (What::Message(text), self.random.place(self.cases.len()))
        };
        Some(Step { number, attempts: 0, what, case })
    }

    fn read(&mut self, case: &str) -> Option<Answer> {
        self.numbers += 1;
        let request = format!("{}-{}-read", self.name, self.numbers);
        let answer = self.send("GET", &format!("/v1/cases/{case}"), &[], "", &request)?;
        if answer.is_done() {
            self.acknowledged.push(acknowledged(&request, "getCase", case));
        }
        (answer.status < 500).then_some(answer)
    }

    /// One request; nothing if there was no whole answer.
    fn send(&mut self, method: &str, path: &str, more: &[(&str, &str)], body: &str, request: &str) -> Option<Answer> {
        let place = self.random.place(self.servers.len());
        let (address, kept) = &mut self.servers[place];
        let mut connection = match kept.take() {
            Some(connection) => connection,
            None => Connection::open(*address).ok()?,
        };
        let mut headers = vec![("Authorization", self.authorization.as_str()), ("Request-Id", request)];
        headers.extend(more);
        let answer = connection.ask(Ask { method, path, headers: &headers, body }).ok()?;
        self.server_errors += u64::from(answer.status >= 500);
        self.servers[place].1 = Some(connection);
        Some(answer)
    }
}

fn acknowledged(request: &str, operation: &'static str, case: &str) -> Acknowledged {
    Acknowledged { request: request.to_owned(), operation, case: case.to_owned() }
}
