//! Which types are stored, and how older forms of them are brought up to date.

use domain::billing::fees::{FeeSchedule, Quote};
use domain::billing::{Estimate, Invoice, Payment, Terms, UnmatchedPayment};
use domain::case::{Case, CaseSummary, EventKind};
use domain::documents::Document;
use domain::ids::{CaseId, ConsentId, EstimateId, Id, IdKind, QuoteId, RepresentativeId};
use domain::intake::requests::InformationRequest;
use domain::intake::treatment::TreatmentEntry;
use domain::messages::{InternalNote, Message};
use domain::people::EmailAddress;
use domain::settings::HospitalSettings;
use domain::written::Opinion;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::StoredForm;
use crate::users::Profile;

impl StoredForm for CaseSummary {}
impl StoredForm for Document {}
impl StoredForm for EmailAddress {}
impl StoredForm for Estimate {}
impl StoredForm for EventKind {}
impl StoredForm for FeeSchedule {}
impl StoredForm for InformationRequest {}
impl StoredForm for InternalNote {}
impl StoredForm for Message {}
impl StoredForm for Opinion {}
impl StoredForm for Payment {}
impl StoredForm for Profile {}
impl StoredForm for UnmatchedPayment {}
impl StoredForm for Quote {}
impl StoredForm for Terms {}
impl StoredForm for TreatmentEntry {}

/// Form 1 had the requests for information within the case. Form 2 had the acceptance of an estimate that the applicant had made; the step
/// `0014_estimates` makes an estimate of the same identifier from it. Form 3 named people who visit without identifiers, and noted consents as items.
/// Form 4 knew no appointments: where a price was agreed on, the hospital says the days.
impl StoredForm for Case {
    const FORM: u16 = 5;

    fn upcast(from: u16, value: Value) -> Option<Value> {
        let Value::Object(mut case) = value else { return None };
        if case.get("stage").and_then(|stage| stage.get("part")).is_some_and(|part| part == "visit") {
            case.insert("visiting".to_owned(), json!({ "date_turn": "hospital" }));
        }
        if from > 3 {
            return Some(Value::Object(case));
        }
        name_visitors(&mut case)?;
        if from > 2 {
            return Some(Value::Object(case));
        }
        let accepted = case.remove("quote").filter(|quote| !quote.is_null());
        let estimate = accepted.map(|quote| {
            let id: QuoteId = quote.get("quote")?.as_str()?.parse().ok()?;
            let at = quote.get("accepted_at")?;
            Some(json!({ "id": EstimateId::from_uuid(id.uuid()), "valid_until": at, "accepted_at": at }))
        });
        case.insert("estimate".to_owned(), estimate.map_or(Some(Value::Null), |estimate| estimate)?);
        if from > 1 {
            return Some(Value::Object(case));
        }
        let requests = case.remove("requests").and_then(|requests| requests.as_array().cloned()).unwrap_or_default();
        let open = requests.iter().filter(|request| request.get("state").is_some_and(|state| state == "open"));
        let open: Option<Vec<Value>> =
            open.map(|one| Some(json!({ "id": one.get("id")?, "items": one.get("asked")?.get("items")? }))).collect();
        case.insert("open_requests".to_owned(), Value::Array(open?));
        case.insert("ever_asked".to_owned(), Value::Bool(!requests.is_empty()));
        Some(Value::Object(case))
    }
}

/// An identifier of something within a case that had none, always the same: the case's own, with another last byte.
fn within<K: IdKind>(case: &Value, place: usize) -> Option<Id<K>> {
    let case: CaseId = case.as_str()?.parse().ok()?;
    let mut bytes = case.uuid().into_bytes();
    let last = bytes.last_mut()?;
    *last ^= u8::try_from(place.checked_add(1)?).ok()?;
    Some(Id::from_uuid(Uuid::from_bytes(bytes)))
}

/// Gives identifiers to those who visit, and enters consents that were verified as items into the register.
fn name_visitors(case: &mut Map<String, Value>) -> Option<()> {
    let id = case.get("id")?.clone();
    let mut named = Vec::new();
    if let Some(people) = case.get_mut("application")?.get_mut("representatives").and_then(Value::as_array_mut) {
        for (place, one) in people.iter_mut().enumerate() {
            let person: RepresentativeId = within(&id, place)?;
            one.as_object_mut()?.insert("id".to_owned(), json!(person));
            named.push(person);
        }
    }
    let mut consents = Vec::new();
    let items = case.get_mut("items")?.as_object_mut()?;
    let kinds = [("patient_consent", "representative_consultation", named), ("agency_disclosure_consent", "agency_disclosure", Vec::new())];
    for (place, (item, kind, representatives)) in kinds.into_iter().enumerate() {
        let is_verified = items.get(item).is_some_and(|record| record.get("state").is_some_and(|state| state == "verified"));
        let Some(record) = items.get(item).filter(|_| is_verified).cloned() else { continue };
        items.remove(item);
        let (by, at) = (record.get("by")?, record.get("at")?);
        let consent: ConsentId = within(&id, place)?;
        consents.push(json!({
            "id": consent,
            "paper": {
                "kind": kind, "signer": "patient", "representatives": representatives, "signed_on": null, "valid_until_on": null,
                "language": null, "form_version": null, "document": null, "on_paper": false,
            },
            "registered_by": by, "registered_at": at,
            "check": { "finding": { "found": "verified" }, "by": by, "at": at }, "withdrawn": null,
        }));
    }
    case.insert("consents".to_owned(), Value::Array(consents));
    Some(())
}

/// Form 1 did not say which part of a shortfall was a bank charge: it is what the payment that settled the invoice explains.
impl StoredForm for Invoice {
    const FORM: u16 = 2;

    fn upcast(_: u16, value: Value) -> Option<Value> {
        let Value::Object(mut invoice) = value else { return None };
        let number = |value: Option<&Value>| value.and_then(Value::as_i64);
        let shortfall = number(invoice.get("shortfall"))?;
        let mut open = number(invoice.get("total"))?;
        let mut charge = 0;
        for payment in invoice.get("payments")?.as_array()? {
            open -= number(payment.get("amount"))?;
            if open == shortfall {
                charge = shortfall.min(number(payment.get("bank_charge"))?);
                break;
            }
        }
        invoice.insert("shortfall_charge".to_owned(), Value::from(charge));
        Some(Value::Object(invoice))
    }
}

/// Form 1 had all settings side by side.
impl StoredForm for HospitalSettings {
    const FORM: u16 = 2;

    fn upcast(_: u16, value: Value) -> Option<Value> {
        const AREAS: [(&str, &[&str]); 3] = [
            (
                "intake",
                &[
                    "patient_fields",
                    "contact_person_fields",
                    "draft_expires_after_days",
                    "information_expires_after_days",
                    "family_needs_consent",
                    "uninformed_needs_attestation",
                    "usually_no_exam",
                ],
            ),
            ("review", &["accepted_expires_after_days", "decline_reasons", "director_any_department"]),
            (
                "billing",
                &[
                    "quote_valid_days",
                    "terms_version",
                    "payment_expires_after_days",
                    "short_payment_tolerance",
                    "consultation_payment",
                    "cancellation_policy",
                    "bank",
                    "issuer",
                ],
            ),
        ];
        let Value::Object(mut old) = value else { return None };
        let mut new = Map::new();
        for (area, names) in AREAS {
            let moved = names.iter().filter_map(|name| old.remove(*name).map(|value| ((*name).to_owned(), value)));
            new.insert(area.to_owned(), Value::Object(moved.collect()));
        }
        let due = [("opinion_due_from_days", "due_from_days"), ("opinion_due_to_days", "due_to_days")];
        let moved = due.into_iter().filter_map(|(before, now)| old.remove(before).map(|value| (now.to_owned(), value)));
        new.insert("opinions".to_owned(), Value::Object(moved.collect()));
        for (before, now) in [("session_limits", "sessions"), ("contact", "contact")] {
            if let Some(value) = old.remove(before) {
                new.insert(now.to_owned(), value);
            }
        }
        Some(Value::Object(new))
    }
}

/// A secret word, such as a refresh token.
impl StoredForm for String {}
/// Contents that another layer describes: of letters, codes and approvals, and the contact of an agency.
impl StoredForm for Value {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accepted_visit_of_an_earlier_form_waits_for_the_hospital() {
        let turn = |stage: Value| {
            let Some(Value::Object(new)) = Case::upcast(4, json!({ "stage": stage })) else { panic!("no case") };
            new.get("visiting").map(|visiting| visiting["date_turn"].clone())
        };
        assert_eq!(turn(json!({ "part": "visit", "visit": "patient", "step": { "step": "accepted" } })), Some(json!("hospital")));
        assert_eq!(turn(json!({ "part": "intake", "kind": "patient_consultation", "step": "draft" })), None);
    }

    #[test]
    fn people_who_visit_get_identifiers_and_verified_consents_a_place_in_the_register() {
        let record =
            |state: &str| json!({ "state": state, "reason": null, "by": "user_01jd8x5k2neht8xg8y7w9zq4rt", "at": "2026-11-01T00:00:00Z" });
        let old = json!({
            "id": "case_01jd8x5k2neht8xg8y7w9zq4rt",
            "application": { "representatives": [{ "name": { "alphabetic": "Kim Lee" } }, { "name": { "alphabetic": "Jo Tan" } }] },
            "items": { "patient_consent": record("verified"), "agency_disclosure_consent": record("provided"), "blood_test": record("verified") },
        });
        let Some(Value::Object(new)) = Case::upcast(3, old.clone()) else { panic!("no case") };
        let ids: Vec<RepresentativeId> =
            (0..2).map(|place| new["application"]["representatives"][place]["id"].as_str().unwrap().parse().unwrap()).collect();
        assert_ne!(ids[0], ids[1]);
        let consents = new["consents"].as_array().unwrap();
        assert_eq!(consents.len(), 1, "what was only handed in stays an item");
        let consent: domain::consents::Consent = serde_json::from_value(consents[0].clone()).unwrap();
        assert_eq!(consent.paper.representatives, ids);
        assert_eq!(consent.state_on(jiff::civil::date(2030, 1, 1)), domain::consents::ConsentState::Verified);
        let items: Vec<&String> = new["items"].as_object().unwrap().keys().collect();
        assert_eq!(items, ["agency_disclosure_consent", "blood_test"]);
        assert_eq!(Case::upcast(3, old), Some(Value::Object(new)), "always the same identifiers");
    }
}
