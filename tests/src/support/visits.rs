//! Cases in which somebody visits, and what the patient signed.

use serde_json::{Value, json};

use super::app::{App, Person};
use super::given::{Case, application};
use super::http::Answer;

/// A complete application by which these people visit for the patient, by name and relation.
pub fn represented(visitors: &[(&str, &str)]) -> Value {
    let mut form = application();
    let people = visitors.iter().map(|(name, relation)| json!({ "name": { "alphabetic": name }, "relation": relation }));
    form["representatives"] = people.collect();
    form
}

/// A consent of the patient's on paper, which the desk holds.
pub fn on_paper(representative_ids: &[&str]) -> Value {
    json!({
        "kind": "representative_consultation", "signer": "patient", "representative_ids": representative_ids, "signed_on": "2026-11-20",
        "on_paper": true,
    })
}

impl<'a> Case<'a> {
    /// A draft of somebody's, by which these people visit for the patient.
    pub fn represented_by(app: &'a App, who: &Person<'_>, visitors: &[(&str, &str)]) -> Self {
        let body = json!({ "kind": "representative_consultation", "application": represented(visitors) });
        Self { app, id: who.post("/v1/cases").json(&body).send().expect(201).text("/id") }
    }

    /// The applicant's submitted application, by which these people visit.
    pub fn with_visitors(app: &'a App, visitors: &[(&str, &str)]) -> Self {
        let case = Self::represented_by(app, &app.applicant(), visitors);
        case.step(&app.applicant(), "submit").expect(200);
        case
    }

    /// The identifiers of those who visit, in the order of the form.
    pub fn visitors(&self) -> Vec<String> {
        let form = &self.read(&self.app.coordinator())["application"]["representatives"];
        form.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    }

    /// Hands a consent in.
    pub fn register_consent(&self, who: &Person<'_>, consent: &Value) -> Answer {
        self.step_with(who, "consents", consent)
    }

    /// What the desk found.
    pub fn check_consent(&self, consent: &str, finding: &Value) -> Answer {
        self.step_with(&self.app.coordinator(), &format!("consents/{consent}/verify"), finding)
    }

    /// The patient's consent for these people came by courier, and is right.
    pub fn consent_for(&self, visitors: &[&str]) -> String {
        let consent = self.register_consent(&self.app.coordinator(), &on_paper(visitors)).expect(201).text("/id");
        self.check_consent(&consent, &json!({ "outcome": "verified" })).expect(200);
        consent
    }

    /// The patient's consent to disclosure came by courier, and is right.
    pub fn disclose_to_agency(&self) -> String {
        let paper = json!({ "kind": "agency_disclosure", "signer": "patient", "signed_on": "2026-11-20", "on_paper": true });
        let consent = self.register_consent(&self.app.coordinator(), &paper).expect(201).text("/id");
        self.check_consent(&consent, &json!({ "outcome": "verified" })).expect(200);
        consent
    }
}

/// The desk's proposal that the patient visits.
pub fn another_kind() -> Value {
    json!({ "kind": "patient_consultation", "text": "A talk would help you more." })
}
