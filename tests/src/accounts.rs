//! Whatever people do with money, over HTTP: the ledger sums to zero, each account equals its list, numbers of invoices and credit notes have
//! no gap, receipts are unique, and no stage disagrees with its money.

use std::collections::BTreeMap;

use domain::access::Role;
use proof::billing::LISTS;
use proof::random::Random;
use serde_json::{Value, json};

use crate::support::app::{App, Person};
use crate::support::books::books;
use crate::support::given::{Case, acceptance, opinion, refund_details, transfer};
use crate::support::http::Answer;

/// How many cases, and how many operations: more in the long form.
fn size() -> (usize, usize) {
    if std::env::var("LONG").is_ok_and(|long| long == "1") { (50, 2_000) } else { (6, 250) }
}

/// The story of a run, from a seed that a failure names.
struct Story<'a> {
    app: &'a App,
    random: Random,
    cases: Vec<Case<'a>>,
    /// Numbers keys and references.
    step: usize,
    /// Operations that succeeded, by their names.
    done: BTreeMap<&'static str, usize>,
    /// Those that were refused, with the problem.
    refused: BTreeMap<String, usize>,
    accountants: [Person<'a>; 2],
}

const AMOUNTS: [i64; 8] = [1, 2_500, 27_500, 60_000, 107_500, 110_000, 112_000, 220_000];

fn all(who: &Person<'_>, path: &str) -> Vec<Value> {
    let (mut entries, mut next) = (Vec::new(), format!("{path}limit=100"));
    loop {
        let page = who.get(&next).send().expect(200).json();
        entries.extend(page["data"].as_array().unwrap().iter().cloned());
        let Some(cursor) = page["next_cursor"].as_str() else { return entries };
        next = format!("{path}limit=100&cursor={cursor}");
    }
}

fn yen(value: &Value) -> i64 {
    value["amount"].as_i64().unwrap()
}

impl<'a> Story<'a> {
    fn amount(&mut self) -> i64 {
        AMOUNTS[self.random.place(AMOUNTS.len())]
    }

    fn accountant(&mut self) -> Person<'a> {
        self.accountants[self.random.place(2)].clone()
    }

    /// Sends a request of the story. It may be refused, but only for a reason.
    fn send(&mut self, who: &Person<'_>, name: &'static str, path: &str, body: &Value) -> Answer {
        let request = who.post(path).key(&format!("step-{}-{name}", self.step));
        // Only where two persons decide a version must be named.
        let request = if name.starts_with("approve") { request.if_match("*") } else { request };
        let answer = if body.is_null() { request.send() } else { request.json(body).send() };
        let status = answer.status;
        assert!(status < 300 || [404, 409, 412, 422].contains(&status), "{name}: {status} {}", String::from_utf8_lossy(&answer.bytes));
        if status < 300 {
            *self.done.entry(name).or_default() += 1;
        } else {
            *self.refused.entry(format!("{name}: {}", answer.json()["code"].as_str().unwrap())).or_default() += 1;
        }
        answer
    }

    fn invoices(&self, case: usize) -> Vec<Value> {
        all(&self.accountants[0], &format!("/v1/invoices?case_id={}&", self.cases[case].id))
    }

    /// One of the invoices of a case, the newest most often.
    fn invoice(&mut self, case: usize) -> Option<String> {
        let invoices = self.invoices(case);
        let place = if self.random.below(4) == 0 { self.random.place(invoices.len()) } else { 0 };
        Some(format!("/v1/invoices/{}", invoices.get(place)?["id"].as_str()?))
    }

    fn something_happens(&mut self) {
        self.step += 1;
        let case = self.random.place(self.cases.len());
        let (app, step) = (self.app, self.step);
        let (desk, accountant) = (app.coordinator(), self.accountant());
        let path = self.cases[case].path("");
        match self.random.below(25) {
            0..=3 => {
                let Some(invoice) = self.invoice(case) else { return self.invoice_anew(case) };
                let body = transfer(&format!("TT-{step}"), self.amount());
                self.send(&accountant, "record_payment", &format!("{invoice}/payments"), &body);
            }
            4 | 5 => {
                let Some(invoice) = self.invoice(case) else { return };
                let payments = accountant.get(&invoice).send().expect(200).json()["payments"].as_array().unwrap().clone();
                let Some(payment) = payments.get(self.random.place(payments.len())) else { return };
                let mut body = json!({ "reason": "A mistake." });
                let other = self.random.place(self.cases.len());
                if let (0..=1, Some(target)) = (self.random.below(3), self.invoice(other)) {
                    let id = target.rsplit('/').next().unwrap();
                    body["replacement"] = json!({ "invoice_id": id, "payment": transfer(&format!("RT-{step}"), self.amount()) });
                }
                self.send(
                    &accountant,
                    "reverse_payment",
                    &format!("{invoice}/payments/{}/reverse", payment["id"].as_str().unwrap()),
                    &body,
                );
            }
            6 => {
                let body = transfer(&format!("UT-{step}"), self.amount());
                self.send(&accountant, "record_unmatched", "/v1/unmatched-payments", &body);
            }
            7 | 8 => {
                let open = all(&accountant, "/v1/unmatched-payments?all=true&");
                let (Some(one), Some(invoice)) = (open.get(self.random.place(open.len())), self.invoice(case)) else { return };
                let amount = self.amount().min(yen(&one["rest"]));
                let part = json!({ "invoice_id": invoice.rsplit('/').next().unwrap(), "amount": { "amount": amount, "currency": "JPY" } });
                let path = format!("/v1/unmatched-payments/{}", one["id"].as_str().unwrap());
                match self.random.below(5) {
                    0 => self.send(&accountant, "reverse_unmatched", &format!("{path}/reverse"), &json!({ "reason": "A mistake." })),
                    1 => self.send(&accountant, "send_back", &format!("{path}/return"), &json!({ "amount": part["amount"] })),
                    _ => self.send(&accountant, "match", &format!("{path}/match"), &json!({ "allocations": [part] })),
                };
            }
            9 => {
                let Some(invoice) = self.invoice(case) else { return };
                let lines =
                    [json!({ "code": "pathology_biopsy_slide", "quantity": 1 }), json!({ "code": "written_opinion", "quantity": 1 })];
                let lines = if self.random.below(3) == 0 { &lines[..] } else { &lines[..1] };
                self.send(&accountant, "credit", &format!("{invoice}/credit-notes"), &json!({ "lines": lines, "reason": "Fewer slides." }));
            }
            10 => {
                let Some(invoice) = self.invoice(case) else { return };
                let body = json!({ "recipient": "Example GmbH", "reason": "The company pays." });
                self.send(&accountant, "reissue", &format!("{invoice}/reissue"), &body);
            }
            11 => self.write_off(case),
            12..=15 => self.step_refund(),
            16 => {
                let (who, action, body) = match self.random.below(3) {
                    0 => (app.chief(), "decline", json!({ "reason": "outside_specialty", "text": "Another hospital helps better." })),
                    1 => (desk, "cancel", json!({ "reason": "withdrawn" })),
                    _ => (desk, "patient-death", json!({ "told_by": "The son." })),
                };
                self.send(&who, "end", &format!("{path}/{action}"), &body);
            }
            17 | 18 => {
                self.send(&desk, "reopen", &format!("{path}/reopen"), &json!({ "reason": "A mistake." }));
                self.invoice_anew(case);
            }
            19..=23 => self.step_slides(case),
            _ => self.deliver(case),
        }
    }

    /// Slides are proposed, changed, estimated, agreed on, billed, counted and reported.
    fn step_slides(&mut self, case: usize) {
        let (app, path) = (self.app, self.cases[case].path(""));
        let slides = json!({ "biopsy_slides": self.random.below(4), "resected_specimens": self.random.below(2) });
        let wanted = json!({ "slides": slides, "reason": "Somebody asks.", "opinion_waits": self.random.below(2) == 0 });
        match self.random.below(8) {
            0 | 1 => drop(self.send(&app.physician(), "propose_slides", &format!("{path}/re-examination/propose"), &wanted)),
            2 => drop(self.send(&app.coordinator(), "change_slides", &format!("{path}/re-examination/change"), &wanted)),
            3 | 4 => {
                let issued = self.send(&app.coordinator(), "estimate", &format!("{path}/estimates"), &json!({}));
                if let Some(estimate) = issued.header("location").filter(|_| issued.status == 201) {
                    self.send(&app.applicant(), "accept_estimate", &format!("{estimate}/accept"), &acceptance("applicant"));
                }
            }
            5 | 6 => self.invoice_anew(case),
            _ => {
                let asked = app.pathologist().get(&format!("{path}/re-examination")).send();
                let asked = if asked.status == 200 { asked.json()["requested"].clone() } else { json!(null) };
                if !asked.is_null() {
                    self.send(&app.pathologist(), "count", &format!("{path}/re-examination/count"), &json!({ "slides": asked }));
                    self.send(&app.coordinator(), "verify_report", &format!("{path}/checklist/pathology_report/verify"), &json!(null));
                }
                self.send(&app.pathologist(), "findings", &format!("{path}/re-examination/findings"), &json!({ "findings": "Grade 2." }));
            }
        }
    }

    /// A case that stands where it can be invoiced gets an invoice.
    fn invoice_anew(&mut self, case: usize) {
        let accountant = self.accountant();
        self.send(&accountant, "issue_invoice", &self.cases[case].path("invoices"), &json!(null));
    }

    fn write_off(&mut self, case: usize) {
        let Some(invoice) = self.invoice(case) else { return };
        let reason = ["bank_charges", "uncollectible"][self.random.place(2)];
        let body = json!({ "reason": reason, "text": "It will not arrive." });
        let first = self.accountants[0].clone();
        let asked = self.send(&first, "write_off", &format!("{invoice}/write-offs"), &body);
        if asked.status == 201 {
            let id = asked.json()["write_offs"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
            let second = self.accountants[1].clone();
            self.send(&second, "approve_write_off", &format!("{invoice}/write-offs/{id}/approve"), &json!(null));
        }
    }

    fn step_refund(&mut self) {
        let refunds = all(&self.accountants[0], "/v1/refunds?");
        let Some(refund) = refunds.get(self.random.place(refunds.len())) else { return };
        let path = format!("/v1/refunds/{}", refund["id"].as_str().unwrap());
        let (desk, second) = (self.app.coordinator(), self.accountants[1].clone());
        match (refund["state"].as_str().unwrap(), self.random.below(4)) {
            ("due", _) => {
                self.send(&desk, "refund_details", &format!("{path}/details"), &refund_details());
                let first = self.accountants[0].clone();
                let mut body = json!({ "settlement": "pay_out", "evidence": "The payer's letter." });
                let other = self.random.place(self.cases.len());
                if let (0, Some(target)) = (self.random.below(4), self.invoice(other)) {
                    body["settlement"] = json!("apply_to_invoice");
                    body["invoice_id"] = json!(target.rsplit('/').next().unwrap());
                }
                if self.random.below(3) == 0 {
                    body["raise"] = json!({ "amount": { "amount": self.amount(), "currency": "JPY" }, "reason": "The family is in need." });
                }
                self.send(&first, "request_refund", &format!("{path}/request"), &body);
            }
            ("requested", 0) => drop(self.send(&second, "reject_refund", &format!("{path}/reject"), &json!({ "reason": "No." }))),
            ("requested", _) => drop(self.send(&second, "approve_refund", &format!("{path}/approve"), &json!(null))),
            ("approved", _) => {
                let body = json!({ "method": "bank_transfer", "paid_on": "2026-11-24", "reference": format!("RF-{}", self.step) });
                self.send(&second, "refund_paid", &format!("{path}/paid"), &body);
            }
            ("paid", 0) => {
                let body = json!({
                    "returned_on": "2026-11-24", "arrived": { "amount": 1, "currency": "JPY" }, "reason": "The account is closed.",
                });
                self.send(&second, "refund_returned", &format!("{path}/returned"), &body);
            }
            _ => {}
        }
    }

    fn deliver(&mut self, case: usize) {
        if self.cases[case].stage() == "writing" && self.cases[case].read(&self.app.coordinator())["hold"].is_null() {
            let mut content = opinion();
            content["slide_findings"] = json!("A carcinoma of grade 2.");
            self.cases[case].write(&content).expect(200);
            let path = self.cases[case].path("opinion");
            self.send(&self.app.physician(), "submit", &format!("{path}/submit"), &json!(null));
            self.send(&self.app.chief(), "deliver", &format!("{path}/deliver"), &json!(null));
        }
    }

    /// What must hold at every moment.
    fn check(&self) {
        let who = &self.accountants[0];
        let books = books(self.app);
        let balance = |account: &str| books.get(account).copied().unwrap_or_default();
        let sum = |entries: &[Value], name: &str| -> i64 { entries.iter().map(|one| yen(&one[name])).sum() };
        let seen = format!("step {}: {books:?}", self.step);
        assert_eq!(books.values().sum::<i64>(), 0, "{seen}");
        for (accounts, path, amount, side) in LISTS {
            let booked: i64 = accounts.iter().copied().map(balance).sum();
            assert_eq!(booked, side * sum(&all(who, path), amount), "{accounts:?}: {seen}");
        }
    }

    /// What must hold at the end: papers have no gap, no stage disagrees with its money, and the program finds no fault in the rows.
    fn check_papers(&self) {
        let desk = self.app.coordinator();
        let invoices = all(&self.accountants[0], "/v1/invoices?");
        let (mut papers, mut receipts) = (Vec::new(), Vec::new());
        for listed in &invoices {
            let invoice = desk.get(&format!("/v1/invoices/{}", listed["id"].as_str().unwrap())).send().expect(200).json();
            papers.extend(invoice["credit_notes"].as_array().unwrap().iter().map(|note| note["number"].as_str().unwrap().to_owned()));
            for payment in invoice["payments"].as_array().unwrap() {
                receipts.extend(payment["receipt"]["number"].as_str().map(str::to_owned));
            }
            let arrived: i64 = yen(&invoice["received"]);
            let gone = yen(&invoice["given_back"]) + yen(&invoice["to_give_back"]) + yen(&invoice["given_up"]);
            assert!(gone <= arrived, "refunds never exceed what arrived: {invoice}");
            let case = desk.get(&format!("/v1/cases/{}", invoice["case_id"].as_str().unwrap())).send().expect(200).json();
            if case["invoice_id"] == invoice["id"] {
                let owed = yen(&invoice["owed"]);
                match case["stage"].as_str().unwrap() {
                    "awaiting_payment" => assert!(owed > 0, "it waits for money that is here: {invoice}"),
                    "writing" | "in_review" => assert_eq!(owed, 0, "it is worked on and not paid: {invoice}"),
                    _ => {}
                }
            }
        }
        let numbers = |prefix: &str, found: usize| (1..=found).map(|number| format!("{prefix}-{number:06}")).collect::<Vec<_>>();
        let mut issued: Vec<&str> = invoices.iter().map(|one| one["number"].as_str().unwrap()).collect();
        issued.sort_unstable();
        assert_eq!(issued, numbers("INV", invoices.len()));
        papers.sort_unstable();
        assert_eq!(papers, numbers("CN", papers.len()));
        receipts.sort_unstable();
        let count = receipts.len();
        receipts.dedup();
        assert_eq!(receipts.len(), count, "a receipt is of one payment");
        let faults = self.app.wait(self.app.hospital.examine_rows(|_, _| {})).unwrap();
        assert_eq!(faults, Vec::<String>::new());
    }
}

#[test]
fn whatever_people_do_with_money_each_account_equals_its_list() {
    let (cases, steps) = size();
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_124);
    println!("seed {seed}");
    let app = App::start();
    let accountants = [app.accountant(), app.person("second-accountant", Role::Accountant)];
    let cases =
        (0..cases).map(|number| if number % 2 == 0 { Case::invoiced(&app).0 } else { crate::papers::with_slides(&app).0 }).collect();
    let mut story =
        Story { app: &app, random: Random::new(seed), cases, step: 0, done: BTreeMap::new(), refused: BTreeMap::new(), accountants };
    while story.step < steps {
        story.something_happens();
        story.check();
    }
    story.check_papers();
    println!("{:?}\n{:?}", story.done, story.refused);
    // A story in which hardly anything succeeds would prove nothing.
    assert!(story.done.len() >= 16, "{:?}\n{:?}", story.done, story.refused);
}
