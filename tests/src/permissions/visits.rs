//! Scenes and requests of those who visit for the patient.

use domain::access::{Membership, Operation};
use serde_json::json;

use super::people::Who;
use super::scenes::Scene;
use crate::support::app::{App, Person};
use crate::support::given::{Case, LETTER};
use crate::support::http::Request;
use crate::support::visits::{another_kind, on_paper};

/// Whether the operation is about those who visit, or what the patient signed.
pub fn is_on_visitors(operation: Operation) -> bool {
    use Operation as O;
    matches!(
        operation,
        O::ListRepresentatives
            | O::AddRepresentative
            | O::UpdateRepresentative
            | O::EndRepresentative
            | O::ListConsents
            | O::RegisterConsent
            | O::VerifyConsent
            | O::WithdrawConsent
            | O::GetConsentForm
    )
}

/// A case of the agency's in which a friend and a spouse visit for the patient.
pub fn opened(app: &App) -> Case<'_> {
    Case::represented_by(app, &app.agency(), &[("Kim Lee", "friend"), ("Kai Tanaka", "spouse")])
}

/// The people and the consent of the case.
pub fn name(scene: &mut Scene, case: &Case<'_>) {
    scene.visitor.clone_from(&case.visitors()[0]);
    let copy = case.upload(&case.app.agency(), "consent.pdf", LETTER, &[("item", "patient_consent"), ("language", "en")]);
    scene.document = copy.expect(201).text("/id");
    scene.consent = case.register_consent(&case.app.coordinator(), &on_paper(&[&scene.visitor])).expect(201).text("/id");
}

pub fn on_visitors<'a>(operation: Operation, scene: &Scene, person: &Person<'a>, case: &str) -> Request<'a> {
    use Operation as O;
    let one = format!("{case}/representatives/{}", scene.visitor);
    let consent = format!("{case}/consents/{}", scene.consent);
    let reason = "The family asks.";
    match operation {
        O::ListRepresentatives => person.get(&format!("{case}/representatives")),
        O::AddRepresentative => {
            let kim = json!({ "name": { "alphabetic": "Jo Tan" }, "relation": "sibling" });
            person.post(&format!("{case}/representatives")).json(&json!({ "representative": kim, "reason": reason }))
        }
        O::UpdateRepresentative => {
            let phone = json!({ "representative": { "phone": "+6567325780" }, "reason": reason });
            person.patch(&one).if_match("*").json(&phone)
        }
        O::EndRepresentative => person.post(&format!("{one}/end")).json(&json!({ "reason": reason })),
        O::ListConsents => person.get(&format!("{case}/consents")),
        O::RegisterConsent => {
            let mut paper = on_paper(&[&scene.visitor]);
            paper["on_paper"] = json!(false);
            paper["document_id"] = json!(scene.document);
            person.post(&format!("{case}/consents")).json(&paper)
        }
        O::VerifyConsent => person.post(&format!("{consent}/verify")).json(&json!({ "outcome": "verified" })),
        O::WithdrawConsent => person.post(&format!("{consent}/withdraw")).json(&json!({})),
        _ => person.get(&format!("{case}/consent-form")),
    }
}

/// Whether the operation is about a patient who does not know.
pub fn is_on_claim(operation: Operation) -> bool {
    use Operation as O;
    matches!(operation, O::ClaimPatientUninformed | O::AttestPatientUninformed | O::EndPatientUninformed)
}

/// A case of the family's, under review once the claim was made. The patient's account joined by a way that there is not.
pub fn claimed(app: &App, operation: Operation) -> Scene {
    let case = Case::represented_by(app, &app.applicant(), &[("Kai Tanaka", "spouse")]);
    app.join(&case.id, "representative", Membership::Representative);
    if operation != Operation::ClaimPatientUninformed {
        case.step_with(&app.applicant(), "patient-uninformed/claim", &json!({})).expect(200);
        case.step(&app.applicant(), "submit").expect(200);
        case.to_triage();
        let physician = json!({ "physician_id": app.physician().id(), "reason": "She knows the family." });
        case.step_with(&app.chief(), "assign-physician", &physician).expect(200);
        app.join(&case.id, "patient", Membership::Patient);
    }
    let document = case.upload(&app.applicant(), "letter.pdf", LETTER, &[("language", "en")]).expect(201);
    let entry = json!({ "treatment": { "type": "exam", "name": "CT of the chest" } });
    let entry = case.step_with(&app.applicant(), "treatment-entries", &entry).expect(201);
    Scene {
        case: case.id.clone(),
        document: document.text("/id"),
        document_etag: document.etag(),
        entry: entry.text("/id"),
        entry_etag: entry.etag(),
        visitor: case.visitors().remove(0),
        consent: "consent_01jd8x5k2neht8xg8y7w9zq4rt".to_owned(),
        information_request: "ireq_01jd8x5k2neht8xg8y7w9zq4rt".to_owned(),
        ..Scene::default()
    }
}

pub fn on_claim<'a>(operation: Operation, who: Who, person: &Person<'a>, place: &str) -> Request<'a> {
    use Operation as O;
    match operation {
        O::ClaimPatientUninformed => person.post(&format!("{place}/claim")).json(&json!({})),
        O::AttestPatientUninformed => person.post(&format!("{place}/attest")).json(&json!({ "approved": true })),
        _ => {
            let mut end = json!({ "reason": "She was told yesterday." });
            if who == Who::Coordinator {
                end["confirmed_by"] = json!("Dr. Sato");
            }
            person.post(&format!("{place}/end")).json(&end)
        }
    }
}

/// Whether the operation is about another service for the case.
pub fn is_on_kinds(operation: Operation) -> bool {
    matches!(operation, Operation::ProposeCaseKind | Operation::AgreeCaseKind | Operation::WithdrawCaseKindProposal)
}

pub fn on_kinds<'a>(operation: Operation, person: &Person<'a>, case: &str) -> Request<'a> {
    let post = |rest: &str| person.post(&format!("/v1/cases/{case}/kind-proposal{rest}"));
    match operation {
        Operation::ProposeCaseKind => post("").json(&another_kind()),
        Operation::AgreeCaseKind => post("/agree").json(&json!({ "kind": "patient_consultation" })),
        _ => post("/withdraw"),
    }
}
