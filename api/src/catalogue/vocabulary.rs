//! The words of the interface: every list of names with its labels, so that a portal need not translate them.

use actix_web::get;
use domain::access::{Membership, Operation, Relation, Role, may};
use domain::appointments::{AppointmentState, ChangeReason, ChangedBy, InterpreterFrom};
use domain::billing::fees::{Coverage, FeeCode, FeeUnit};
use domain::billing::{
    Account, ChargeBearer, ConsultationPayment, CreditNoteKind, EstimateStatus, InvoiceStatus, PaymentMethod, ReceiptPurpose, RefundReason,
    RefundState, Settlement, WriteOffReason, WriteOffState,
};
use domain::calendar::closed_days::ClosedDayKind;
use domain::case::{CancelReason, CaseRoute, CaseStage, EventKind, HoldReason, WaitingOn};
use domain::consents::{ConsentKind, ConsentOutcome, ConsentRefusal, ConsentSigner, ConsentState};
use domain::documents::MediaKind;
use domain::intake::items::{Advice, BlockedStep, ItemCode, ItemLevel, ItemState, WhyItApplies};
use domain::intake::requests::InformationRequestState;
use domain::intake::treatment::TreatmentKind;
use domain::money::Payer;
use domain::people::{LegalGround, PartyField, RelationToPatient};
use domain::review::DeclineCode;
use domain::service::ServiceKind;
use domain::uninformed::UninformedState;
use domain::visit::{
    AtTheDoor, ExtensionPayer, IdentityKind, InterpreterAtVisit, NotChargedReason, OutsideReason, Person, TreatmentDecision,
};
use domain::visitors::RepresentativeState;
use domain::written::{OpinionStage, OpinionUrgency};
use serde::Serialize;
use utoipa::ToSchema;

use super::routes::FRESH_FOR;
use crate::http::authorized::Authorized;
use crate::http::messages::{Language, Messages};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;

pub(super) fn configure(routes: &mut Routes<'_>) {
    routes.service(get_vocabulary);
}

/// The lists of names that the interface uses, with their labels.
#[derive(Serialize, ToSchema)]
pub(crate) struct Vocabulary {
    /// The lists, by name.
    lists: Vec<VocabularyList>,
}

/// A list of names.
#[derive(Serialize, ToSchema)]
pub(crate) struct VocabularyList {
    /// The name of the list: that of its schema, where it has one. `EventKind` names what `TimelineEvent.event` says, `TreatmentKind` the
    /// `type` of a treatment.
    name: &'static str,
    /// Whether it may get more names within a version of the interface: be ready for names that are not in the list.
    may_grow: bool,
    /// The names.
    values: Vec<VocabularyValue>,
}

/// A name with its labels.
#[derive(Serialize, ToSchema)]
pub(crate) struct VocabularyValue {
    /// The name, as it stands in requests and answers.
    value: &'static str,
    /// The label in English.
    en: String,
    /// The label in Japanese.
    ja: String,
}

/// A list, with the section of the message files that its labels stand in.
struct List {
    name: &'static str,
    section: &'static str,
    may_grow: bool,
    values: Vec<&'static str>,
}

macro_rules! lists {
    ($($name:ident in $section:literal $($grows:ident)?;)*) => {
        vec![$(List {
            name: stringify!($name),
            section: $section,
            may_grow: [$(stringify!($grows))?].contains(&"grows"),
            values: $name::ALL.iter().map(|one| one.as_str()).collect(),
        },)*]
    };
}

fn lists() -> Vec<List> {
    let mut lists = lists! {
        Account in "account" grows;
        Advice in "advice" grows;
        AppointmentState in "appointment_state" grows;
        AtTheDoor in "at_the_door";
        BlockedStep in "blocked_step" grows;
        CancelReason in "cancel_reason" grows;
        CaseRoute in "route";
        CaseStage in "stage";
        ChangeReason in "change_reason" grows;
        ChangedBy in "changed_by";
        ChargeBearer in "charge_bearer";
        ClosedDayKind in "closed_day_kind" grows;
        ConsentKind in "consent_kind" grows;
        ConsentOutcome in "consent_outcome";
        ConsentRefusal in "consent_refusal" grows;
        ConsentSigner in "consent_signer";
        ConsentState in "consent_state";
        ConsultationPayment in "consultation_payment";
        Coverage in "coverage" grows;
        DeclineCode in "decline_reason" grows;
        ExtensionPayer in "extension_payer";
        FeeCode in "fee" grows;
        FeeUnit in "fee_unit";
        HoldReason in "hold_reason" grows;
        IdentityKind in "identity_kind" grows;
        InformationRequestState in "request_state";
        EstimateStatus in "estimate_status" grows;
        InterpreterAtVisit in "interpreter_at_visit" grows;
        InterpreterFrom in "interpreter_from" grows;
        InvoiceStatus in "invoice_status" grows;
        CreditNoteKind in "credit_note_kind";
        ItemCode in "item" grows;
        ItemLevel in "level";
        ItemState in "item_state";
        MediaKind in "media_kind";
        LegalGround in "legal_ground";
        Membership in "membership";
        NotChargedReason in "not_charged_reason" grows;
        OpinionStage in "opinion_stage";
        OpinionUrgency in "urgency";
        OutsideReason in "outside_reason" grows;
        PartyField in "party_field";
        Payer in "payer" grows;
        PaymentMethod in "payment_method";
        Person in "person_at_visit" grows;
        ReceiptPurpose in "receipt_purpose";
        RefundReason in "refund_reason" grows;
        RefundState in "refund_state" grows;
        WriteOffReason in "write_off_reason" grows;
        WriteOffState in "write_off_state" grows;
        Relation in "relation";
        RelationToPatient in "relation_to_patient";
        RepresentativeState in "representative_state" grows;
        Role in "role" grows;
        ServiceKind in "kind";
        Settlement in "settlement" grows;
        TreatmentDecision in "treatment_decision" grows;
        TreatmentKind in "treatment_kind";
        UninformedState in "uninformed_state" grows;
        WaitingOn in "waiting_on" grows;
        WhyItApplies in "why" grows;
    };
    let list = |name, section, values: &[&'static str]| List { name, section, may_grow: false, values: values.to_vec() };
    lists.push(list("AccountStatus", "account_status", &["invited", "active", "disabled"]));
    lists.push(list("AuditOutcome", "audit_outcome", &["done", "replayed", "refused", "failed"]));
    lists.push(list("Currency", "currency", &["JPY"]));
    lists.push(list(
        "PaymentOutcome",
        "payment_outcome",
        &["partial", "paid", "paid_with_shortfall", "overpaid", "late_duplicate", "after_end"],
    ));
    lists.push(list("SessionMode", "session_mode", &["token", "cookie"]));
    let operations = Operation::ALL.iter().map(|operation| operation.operation_id()).collect();
    lists.push(List { name: "Operation", section: "operation", may_grow: true, values: operations });
    lists.push(List { name: "EventKind", section: "event", may_grow: true, values: EventKind::NAMES.to_vec() });
    lists.sort_by_key(|list| list.name);
    lists
}

impl Vocabulary {
    fn of(messages: &Messages) -> Self {
        let value = |section: &str, value: &'static str| VocabularyValue {
            value,
            en: messages.label(Language::English, section, value),
            ja: messages.label(Language::Japanese, section, value),
        };
        let shown = |list: List| VocabularyList {
            name: list.name,
            may_grow: list.may_grow,
            values: list.values.into_iter().map(|one| value(list.section, one)).collect(),
        };
        Self { lists: lists().into_iter().map(shown).collect() }
    }
}

/// Read the vocabulary
///
/// Every list of names that the interface uses (states, reasons, roles, operations), each name with its labels in English and Japanese.
#[utoipa::path(tag = "catalogue", responses((status = 200, description = "The vocabulary.", body = Vocabulary)))]
#[get("/v1/vocabulary")]
pub(crate) async fn get_vocabulary(anyone: Authorized<may::GetVocabulary>) -> Answer {
    Ok(Reply::ok(&Vocabulary::of(anyone.messages()))?.public(FRESH_FOR).into_response(anyone.conditions(), false))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn every_list_of_the_document_is_in_the_vocabulary_with_a_label_for_each_name() {
        let document: Value = serde_json::from_str(crate::document::committed::COMMITTED).unwrap();
        let known = lists();
        let messages = Messages::read().unwrap();
        for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
            let Some(names) = schema.get("enum").or_else(|| schema.get("x-known-values")).and_then(Value::as_array) else { continue };
            let list = known.iter().find(|list| Some(list.name) == name.strip_suffix("Input").or(Some(name)));
            let list = list.unwrap_or_else(|| panic!("{name} is not in the vocabulary"));
            assert_eq!(list.may_grow, schema.get("x-may-grow").is_some(), "{name}");
            for value in names.iter().filter_map(Value::as_str) {
                assert!(list.values.contains(&value), "{name}: {value}");
                for language in Language::ALL {
                    assert!(messages.find(language, &format!("{}-{value}", list.section), &[]).is_some(), "{name}: {value}");
                }
            }
        }
    }
}
