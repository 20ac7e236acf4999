//! Cases brought to a stage the way people bring them there: over HTTP, by the right person each time.

use serde_json::{Value, json};

use super::app::{App, Person};
use super::http::Answer;

/// The letter of a physician abroad, a small PDF.
pub const LETTER: &[u8] = include_bytes!("../../files/referral-letter.pdf");
/// A report in Japanese, a small PDF.
pub const JAPANESE_REPORT: &[u8] = include_bytes!("../../files/pathology-report-ja.pdf");

/// A complete application for a written opinion.
pub fn application() -> Value {
    json!({
        "patient": {
            "name": { "alphabetic": "Mei Tanaka", "native": "田中 芽衣" }, "birth_on": "1961-04-12",
            "address": { "lines": ["12 Orchard Road"], "city": "Singapore", "postal_code": "238823", "country": "SG" },
            "phone": "+6567325778", "email": "mei.tanaka@example.org", "language": "en",
        },
        "contact_person": {
            "name": { "alphabetic": "Kai Tanaka" }, "relation": "child",
            "address": { "lines": ["12 Orchard Road"], "city": "Singapore", "postal_code": "238823", "country": "SG" },
            "phone": "+6567325779", "email": "kai.tanaka@example.org",
        },
        "questions": ["Is surgery still an option?"],
        "wishes_treatment_here": false,
        "has_family_or_friend_in_japan": false,
        "language": "en",
    })
}

/// A case of the tests, by its id.
pub struct Case<'a> {
    pub app: &'a App,
    pub id: String,
}

impl<'a> Case<'a> {
    /// A complete draft of the applicant's.
    pub fn draft(app: &'a App) -> Self {
        Self::opened_by(app, &app.applicant())
    }

    /// A draft of the applicant's in which nothing is filled in.
    pub fn blank(app: &'a App) -> Self {
        Self { app, id: app.applicant().post("/v1/cases").json(&json!({ "kind": "written_opinion" })).send().expect(201).text("/id") }
    }

    /// A complete draft of whoever opens it.
    pub fn opened_by(app: &'a App, who: &Person<'_>) -> Self {
        let body = json!({ "kind": "written_opinion", "application": application() });
        Self { app, id: who.post("/v1/cases").json(&body).send().expect(201).text("/id") }
    }

    pub fn submitted(app: &'a App) -> Self {
        let case = Self::draft(app);
        case.step(&app.applicant(), "submit").expect(200);
        case
    }

    /// Under review by Breast Surgery.
    pub fn in_triage(app: &'a App) -> Self {
        let case = Self::submitted(app);
        case.to_triage();
        case
    }

    /// Accepted by the chief, with the physician responsible.
    pub fn accepted(app: &'a App) -> Self {
        let case = Self::in_triage(app);
        case.accept();
        case
    }

    pub fn path(&self, rest: &str) -> String {
        if rest.is_empty() { format!("/v1/cases/{}", self.id) } else { format!("/v1/cases/{}/{rest}", self.id) }
    }

    /// Reads the case as somebody sees it.
    pub fn read(&self, who: &Person<'_>) -> Value {
        who.get(&self.path("")).send().expect(200).json()
    }

    /// Where it stands, as the desk sees it.
    pub fn stage(&self) -> String {
        self.read(&self.app.coordinator())["stage"].as_str().unwrap().to_owned()
    }

    /// The events of this name that the timeline tells `who`.
    pub fn told(&self, who: &Person<'_>, event: &str) -> Vec<Value> {
        let timeline = who.get(&self.path("timeline?limit=100")).send().expect(200).json();
        timeline["data"].as_array().unwrap().iter().filter(|one| one["event"] == event).cloned().collect()
    }

    /// What was given back, as the timeline tells the applicant.
    pub fn refunds(&self) -> Vec<i64> {
        let opened = self.told(&self.app.applicant(), "refund_opened");
        opened.iter().map(|one| one["details"]["amount"].as_i64().unwrap()).collect()
    }

    /// A step without a body.
    pub fn step(&self, who: &Person<'_>, action: &str) -> Answer {
        who.post(&self.path(action)).send()
    }

    /// A step with a body.
    pub fn step_with(&self, who: &Person<'_>, action: &str, body: &Value) -> Answer {
        who.post(&self.path(action)).json(body).send()
    }

    /// Hands in a file, for an item or for none.
    pub fn upload(&self, who: &Person<'_>, name: &str, bytes: &[u8], fields: &[(&str, &str)]) -> Answer {
        who.post(&self.path("documents")).form(name, bytes, fields).send()
    }

    pub fn to_triage(&self) {
        let desk = self.app.coordinator();
        self.step(&desk, "checklist/application_form/verify").expect(200);
        let department = self.app.department("Breast Surgery").to_string();
        self.step_with(&desk, "start-triage", &json!({ "department_id": department })).expect(200);
    }

    /// Pathology counts the slides that arrived.
    pub fn count_slides(&self, biopsy_slides: u16, resected_specimens: u16) -> Answer {
        let slides = json!({ "biopsy_slides": biopsy_slides, "resected_specimens": resected_specimens });
        self.step_with(&self.app.pathologist(), "re-examination/count", &json!({ "slides": slides }))
    }

    pub fn accept(&self) {
        let body = json!({ "responsible_id": self.app.physician().id() });
        self.step_with(&self.app.chief(), "accept", &body).expect(200);
    }

    /// The desk makes the estimate; where it stands.
    pub fn issue_estimate(&self) -> String {
        let issued = self.step_with(&self.app.coordinator(), "estimates", &json!({})).expect(201);
        issued.header("location").unwrap().to_owned()
    }

    /// The desk makes the estimate, and the payer answers it.
    pub fn accept_estimate(&self, who: &Person<'_>, payer: &str) -> Answer {
        let estimate = self.issue_estimate();
        who.post(&format!("{estimate}/accept")).json(&acceptance(payer)).send()
    }

    /// One that awaits the payment of its invoice, and where the invoice stands.
    pub fn invoiced(app: &'a App) -> (Self, String) {
        let case = Self::accepted(app);
        case.accept_estimate(&app.applicant(), "applicant").expect(200);
        let invoice = case.issue_invoice();
        (case, invoice)
    }

    /// Issues the invoice; where it stands.
    pub fn issue_invoice(&self) -> String {
        let issued = self.app.accountant().post(&self.path("invoices")).key(&format!("issue-{}", self.id)).send().expect(201);
        issued.header("location").unwrap().to_owned()
    }

    /// Records a transfer on an invoice.
    pub fn pay(&self, invoice: &str, reference: &str, amount: i64) -> Answer {
        let body = transfer(reference, amount);
        self.app.accountant().post(&format!("{invoice}/payments")).key_of(&self.id, &body).json(&body).send()
    }

    /// An accountant asks that what is owed on an invoice be written off.
    pub fn write_off(&self, invoice: &str, reason: &str) -> Answer {
        let body = json!({ "reason": reason, "text": "The banks kept it." });
        self.app.accountant().post(&format!("{invoice}/write-offs")).key_of(invoice, &body).json(&body).send()
    }

    /// The chief declines it.
    pub fn decline(&self) {
        let body = json!({ "reason": "outside_specialty", "text": "This disease is outside our specialty." });
        self.step_with(&self.app.chief(), "decline", &body).expect(200);
    }

    /// The newest refund of the case.
    pub fn refund(&self) -> Refund<'a> {
        let list = self.app.accountant().get(&format!("/v1/refunds?case_id={}", self.id)).send().expect(200);
        Refund { app: self.app, id: list.text("/data/0/id") }
    }

    /// Takes an accepted case to the physician's desk: estimate, invoice, payment.
    pub fn to_writing(&self) {
        self.accept_estimate(&self.app.applicant(), "applicant").expect(200);
        let invoice = self.issue_invoice();
        self.pay(&invoice, "TT-1", 110_000).expect(201);
    }

    /// Writes the draft of the opinion.
    pub fn write(&self, content: &Value) -> Answer {
        self.app.physician().put(&self.path("opinion")).json(&json!({ "content": content })).send()
    }

    /// Takes a case from the physician's desk to its delivery.
    pub fn to_delivery(&self) {
        self.write(&opinion()).expect(200);
        self.step(&self.app.physician(), "opinion/submit").expect(200);
        self.step(&self.app.chief(), "opinion/deliver").expect(200);
    }
}

/// A refund of the tests, by its id.
pub struct Refund<'a> {
    pub app: &'a App,
    pub id: String,
}

impl Refund<'_> {
    /// Reads it as somebody sees it.
    pub fn read(&self, who: &Person<'_>) -> Value {
        who.get(&format!("/v1/refunds/{}", self.id)).send().expect(200).json()
    }

    /// A step with a body.
    pub fn step(&self, who: &Person<'_>, action: &str, body: &Value) -> Answer {
        let version = self.read(&self.app.accountant())["version"].clone();
        let key = format!("{}-{action}-{version}-{body}", self.id).replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
        let key: String = key.chars().take(200).collect();
        who.post(&format!("/v1/refunds/{}/{action}", self.id)).key(&key).json(body).send()
    }

    /// The payer says where the money goes.
    pub fn provide_details(&self, who: &Person<'_>) -> Answer {
        self.step(who, "details", &refund_details())
    }

    /// Somebody asks that it be paid out.
    pub fn request(&self, who: &Person<'_>) -> Answer {
        self.step(who, "request", &json!({ "settlement": "pay_out" }))
    }

    /// Another approves it.
    pub fn approve(&self, who: &Person<'_>) -> Answer {
        let version = self.read(&self.app.accountant())["version"].clone();
        who.post(&format!("/v1/refunds/{}/approve", self.id))
            .if_match(&format!("\"{version}\""))
            .key(&format!("{}-approve-{version}", self.id))
            .send()
    }

    /// The money leaves today.
    pub fn record_paid(&self, who: &Person<'_>) -> Answer {
        self.step(who, "paid", &refund_paid())
    }
}

/// An account of the payer.
pub fn refund_details() -> Value {
    json!({
        "payee": {
            "holder": "Mei Tanaka", "is_payer": true, "bank": "Example Bank", "bank_country": "SG", "swift": "EXAMSGSG",
            "account": "0123456789",
        },
    })
}

/// A transfer of a refund that left today.
pub fn refund_paid() -> Value {
    json!({ "method": "bank_transfer", "paid_on": "2026-11-24", "reference": "RT-1" })
}

/// A refund of which so much came back today.
pub fn refund_returned(amount: i64) -> Value {
    json!({ "returned_on": "2026-11-24", "arrived": { "amount": amount, "currency": "JPY" }, "reason": "The account is closed." })
}

/// A version of the terms, in force from today.
pub fn new_terms(version: &str) -> Value {
    json!({
        "version": version, "effective_on": "2026-11-24", "text_en": "Be on time.", "text_ja": "時間厳守。",
        "cancellation_policy": {
            "before_work_percent": 100, "during_work_percent": 30, "after_work_percent": 0,
            "visit_steps": [{ "days_before": 7, "percent": 100 }, { "days_before": 0, "percent": 0 }],
        },
    })
}

/// The acceptance of an estimate.
pub fn acceptance(payer: &str) -> Value {
    json!({ "terms_version": "2024-02-26", "payer": payer, "recipient": "Mei Tanaka\n12 Orchard Road, Singapore" })
}

/// A transfer that arrived today.
pub fn transfer(reference: &str, amount: i64) -> Value {
    json!({
        "method": "bank_transfer", "reference": reference, "remitter": "MEI TANAKA", "received_on": "2026-11-24",
        "amount": { "amount": amount, "currency": "JPY" },
    })
}

/// A complete opinion of one page, on the case of [`application`].
pub fn opinion() -> Value {
    json!({
        "language": "en",
        "addressee": "Dr. J. Lee, City Hospital",
        "materials_reviewed": [{ "name": "Referral letter", "dated_on": "2026-11-14" }, { "name": "Pathology report", "dated_on": "2026-03" }],
        "materials_not_received": ["CT after systemic treatment"],
        "history": "Invasive ductal carcinoma of the left breast, four cycles of AC with partial response.",
        "diagnosis": "We agree: cT2 N1 M0, hormone receptor positive.",
        "slide_findings": null,
        "answers": [{ "question": 0, "text": "Yes, surgery is an option after systemic treatment." }],
        "options": "Breast-conserving surgery with sentinel node biopsy, or mastectomy.",
        "recommendation": "Breast-conserving surgery, for the response was good.",
        "further_tests": "MRI before surgery.",
        "urgency": "soon",
        "treatment_here": "Possible; please contact International Services.",
    })
}
