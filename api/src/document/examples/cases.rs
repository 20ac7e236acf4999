//! Examples of cases, what belongs to them, and what is said in them.

use application::demo::ids::{self, in_case};
use domain::ids::{CaseKey, ConsentKey, DocumentKey, InformationRequestKey, RepresentativeKey, TreatmentEntryKey};
use serde_json::json;

use super::{Example, example};

/// An example about the case of a patient of the demo.
pub(super) fn about(operation: &'static str, patient: &str) -> Example {
    let case = in_case::<CaseKey>(patient, 1).map(|case| case.to_string());
    example(operation).with("case_id", case.unwrap_or_default())
}

pub(super) fn all() -> Vec<Example> {
    [life(), items(), visitors(), documents(), talk()].into_iter().flatten().collect()
}

fn life() -> Vec<Example> {
    vec![
        example("createCase").by("mei.tanaka").body(json!({
            "kind": "written_opinion",
            "application": {
                "patient": {
                    "name": { "alphabetic": "Hiro Tanaka" }, "birth_on": "1958-09-30", "language": "en",
                    "address": { "lines": ["4 Orchard Road"], "city": "Singapore", "country": "SG" },
                },
                "questions": ["Would a second operation help?"],
            },
        })),
        example("listCases").by("coordinator"),
        example("countCases").by("coordinator"),
        about("getCase", "Luis Romero").by("coordinator"),
        about("updateCase", "Mei Tanaka")
            .by("mei.tanaka")
            .version(3)
            .body(json!({ "application": { "current_physician": "Dr. Lee, City Hospital" } })),
        about("correctContacts", "Grace Okafor").by("coordinator").body(json!({
            "application": { "patient": { "phone": "+6567325780" } }, "reason": "A digit of the telephone number was wrong.",
        })),
        about("submitCase", "Mei Tanaka").by("mei.tanaka"),
        about("cancelCase", "Anna Schmidt").by("mei.tanaka").body(json!({ "reason": "withdrawn" })),
        about("recordPatientDeath", "Ivan Petrov")
            .by("coordinator")
            .body(json!({ "died_on": "2026-11-20", "told_by": "The daughter, by telephone." })),
        about("withdrawPatientDeath", "Irene Costa")
            .by("coordinator")
            .body(json!({ "reason": "It was another patient of the same name." })),
        about("closeCase", "John Baker").by("coordinator").body(json!({})),
        about("listMyAccesses", "Mei Tanaka").by("mei.tanaka"),
        about("inviteToCase", "Mei Tanaka")
            .by("mei.tanaka")
            .body(json!({ "email": "kenji.tanaka@demo.example", "relation": "representative" })),
        example("acceptInvitation").by("omar.haddad").body(json!({ "code": ids::INVITATION_CODE })),
    ]
}

fn items() -> Vec<Example> {
    let request = in_case::<InformationRequestKey>("Nguyen Lan", 1).map(|id| id.to_string()).unwrap_or_default();
    vec![
        about("getChecklist", "Luis Romero").by("coordinator"),
        about("verifyItem", "Anna Schmidt").by("coordinator").with("item_code", "referral_letter"),
        about("rejectItem", "Anna Schmidt")
            .by("coordinator")
            .with("item_code", "referral_letter")
            .body(json!({ "reason": "The second page is missing." })),
        about("waiveItem", "Anna Schmidt")
            .by("coordinator")
            .with("item_code", "blood_test")
            .body(json!({ "reason": "Not needed for these questions." })),
        about("listInformationRequests", "Nguyen Lan").by("coordinator"),
        about("requestInformation", "Luis Romero")
            .by("coordinator")
            .body(json!({ "items": ["exam_reports"], "questions": ["Which medicines do you take now?"] })),
        about("answerInformationRequest", "Nguyen Lan").by("mei.tanaka").with("information_request_id", &request).body(json!({
            "items": [{ "item": "blood_test", "cannot_provide": "The clinic has closed." }], "answers": ["Since spring."],
        })),
        about("withdrawInformationRequest", "Nguyen Lan").by("coordinator").with("information_request_id", &request),
    ]
}

fn visitors() -> Vec<Example> {
    let friend = in_case::<RepresentativeKey>("Wang Fang", 1).map(|id| id.to_string()).unwrap_or_default();
    let consent = in_case::<ConsentKey>("Wang Fang", 1).map(|id| id.to_string()).unwrap_or_default();
    vec![
        about("listRepresentatives", "Wang Fang").by("coordinator"),
        about("addRepresentative", "Wang Fang").by("coordinator").body(json!({
            "representative": { "name": { "alphabetic": "Li Na" }, "relation": "sibling" }, "reason": "The sister comes along.",
        })),
        about("updateRepresentative", "Wang Fang")
            .by("coordinator")
            .with("representative_id", &friend)
            .with("If-Match", "*")
            .body(json!({ "representative": { "phone": "+81312345671" }, "reason": "A digit was wrong." })),
        about("endRepresentative", "Wang Fang")
            .by("coordinator")
            .with("representative_id", &friend)
            .body(json!({ "reason": "He cannot come." })),
        about("claimPatientUninformed", "Omar Haddad").by("coordinator").body(json!({})),
        about("attestPatientUninformed", "Tran Minh")
            .by("chief")
            .body(json!({ "approved": true, "note": "The family wishes to choose the moment. We look at it again in a month." })),
        about("endPatientUninformed", "Tran Minh")
            .by("coordinator")
            .body(json!({ "confirmed_by": "Dr. Sato", "reason": "The family told the patient on Sunday." })),
        about("listConsents", "Wang Fang").by("coordinator"),
        about("registerConsent", "Wang Fang").by("coordinator").body(json!({
            "kind": "representative_consultation", "signer": "patient", "representative_ids": [&friend], "signed_on": "2026-01-05",
            "language": "en", "form_version": "2026-11", "on_paper": true,
        })),
        about("verifyConsent", "Wang Fang")
            .by("coordinator")
            .with("consent_id", &consent)
            .body(json!({ "outcome": "refused", "reason": "illegible", "text": "The second page cannot be read." })),
        about("withdrawConsent", "Wang Fang").by("coordinator").with("consent_id", &consent).body(json!({ "text": "By telephone." })),
        about("getConsentForm", "Wang Fang").by("coordinator"),
    ]
}

fn documents() -> Vec<Example> {
    let document = in_case::<DocumentKey>("Mei Tanaka", 1).map(|id| id.to_string()).unwrap_or_default();
    let entry = in_case::<TreatmentEntryKey>("Mei Tanaka", 1).map(|id| id.to_string()).unwrap_or_default();
    vec![
        about("listDocuments", "Mei Tanaka").by("mei.tanaka"),
        about("uploadDocument", "Mei Tanaka")
            .by("mei.tanaka")
            .body(json!({ "file": "%PDF-1.7", "item": "exam_reports", "language": "en" })),
        about("getDocument", "Mei Tanaka").by("mei.tanaka").with("document_id", &document),
        about("updateDocument", "Mei Tanaka")
            .by("mei.tanaka")
            .with("document_id", &document)
            .version(1)
            .body(json!({ "name": "Letter of Dr. Lee.pdf" })),
        about("deleteDocument", "Mei Tanaka").by("mei.tanaka").with("document_id", &document).version(1),
        about("downloadDocument", "Mei Tanaka").by("mei.tanaka").with("document_id", &document),
        about("listTreatmentEntries", "Mei Tanaka").by("mei.tanaka"),
        about("getTreatmentEntry", "Mei Tanaka").by("mei.tanaka").with("treatment_entry_id", &entry),
        about("addTreatmentEntry", "Mei Tanaka").by("mei.tanaka").body(json!({
            "treatment": {
                "type": "chemotherapy", "duration": { "from": "2026-01", "to": "2026-06" }, "frequency": "Every three weeks",
                "efficacy": "Partial response", "medications": ["Epirubicin", "Cyclophosphamide"],
            },
        })),
        about("updateTreatmentEntry", "Mei Tanaka")
            .by("mei.tanaka")
            .with("treatment_entry_id", &entry)
            .version(1)
            .body(json!({ "treatment": { "pathological_results": "pT2 pN1" } })),
        about("deleteTreatmentEntry", "Mei Tanaka").by("mei.tanaka").with("treatment_entry_id", &entry).version(1),
    ]
}

fn talk() -> Vec<Example> {
    vec![
        about("listMessages", "Luis Romero").by("coordinator"),
        about("postMessage", "Luis Romero").by("mei.tanaka").body(json!({ "text": "When may we expect the opinion?" })),
        about("listInternalNotes", "Luis Romero").by("coordinator"),
        about("addInternalNote", "Luis Romero").by("coordinator").body(json!({ "text": "The family prefers letters in English." })),
        about("listTimeline", "Luis Romero").by("coordinator"),
    ]
}
