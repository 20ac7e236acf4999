//! Scenes and requests of those who visit for the patient.

use domain::access::Operation;
use serde_json::json;

use super::scenes::Scene;
use crate::support::app::{App, Person};
use crate::support::given::Case;
use crate::support::http::Request;
use crate::support::visits::on_paper;

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
