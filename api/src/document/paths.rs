//! Path parameters: each name of a template means one thing everywhere.

use anyhow::Context as _;
use domain::ids::{
    AgencyId, AppointmentId, ApprovalId, CaseId, ConsentId, CreditNoteId, DepartmentId, DocumentId, EstimateId, FeeScheduleId,
    InformationRequestId, InvoiceId, JobId, PaymentId, QuoteId, ReceiptId, RefundId, RepresentativeId, SessionId, TermsId,
    TreatmentEntryId, UnmatchedPaymentId, UserId, WriteOffId,
};
use domain::intake::items::ItemCode;
use serde_json::{Map, Value, json};
use utoipa::openapi::{OpenApi, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// The parameters that templates name.
struct Named {
    parameter: &'static str,
    schema: fn() -> (String, RefOr<Schema>),
    description: &'static str,
}

const fn named<T: ToSchema + PartialSchema>(parameter: &'static str, description: &'static str) -> Named {
    Named { parameter, schema: || (T::name().into_owned(), T::schema()), description }
}

const NAMED: [Named; 26] = [
    named::<AgencyId>("agency_id", "The agency."),
    named::<AppointmentId>("appointment_id", "The appointment."),
    named::<ApprovalId>("approval_id", "The request."),
    named::<CaseId>("case_id", "The case."),
    named::<String>("code", "The stable name of the problem."),
    named::<ConsentId>("consent_id", "The consent."),
    named::<CreditNoteId>("credit_note_id", "The credit note."),
    named::<DepartmentId>("department_id", "The department."),
    named::<DocumentId>("document_id", "The document."),
    named::<EstimateId>("estimate_id", "The estimate."),
    named::<FeeScheduleId>("fee_schedule_id", "The fee schedule."),
    named::<InformationRequestId>("information_request_id", "The request."),
    named::<InvoiceId>("invoice_id", "The invoice."),
    named::<RefundId>("refund_id", "The refund."),
    named::<ItemCode>("item_code", "The item."),
    named::<JobId>("job_id", "The job."),
    named::<PaymentId>("payment_id", "The payment."),
    named::<QuoteId>("quote_id", "The price calculation."),
    named::<ReceiptId>("receipt_id", "The receipt."),
    named::<RepresentativeId>("representative_id", "Somebody who visits for the patient."),
    named::<SessionId>("session_id", "The session."),
    named::<TermsId>("terms_id", "The version."),
    named::<TreatmentEntryId>("treatment_entry_id", "The entry."),
    named::<UnmatchedPaymentId>("unmatched_payment_id", "The unmatched payment."),
    named::<WriteOffId>("write_off_id", "The write-off."),
    named::<UserId>("user_id", "The person."),
];

/// Describes the schemas of the parameters that templates name.
pub(super) fn describe(collected: &mut OpenApi) {
    let schemas = &mut collected.components.get_or_insert_default().schemas;
    schemas.extend(NAMED.iter().map(|named| (named.schema)()).filter(|(name, _)| name != "String"));
}

/// The parameters of a template, in its order.
pub(super) fn of_template(path: &str) -> anyhow::Result<Vec<Value>> {
    let parts = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    parts
        .map(|name| {
            let known = NAMED.iter().find(|known| known.parameter == name);
            let known = known.with_context(|| format!("{{{name}}} is not among the path parameters of api/src/document/paths.rs"))?;
            let (schema, _) = (known.schema)();
            let schema = match schema.as_str() {
                "String" => json!({ "type": "string" }),
                name => json!({ "$ref": format!("#/components/schemas/{name}") }),
            };
            let mut parameter = Map::new();
            parameter.insert("name".into(), json!(name));
            parameter.insert("in".into(), json!("path"));
            parameter.insert("required".into(), json!(true));
            parameter.insert("description".into(), json!(known.description));
            parameter.insert("schema".into(), schema);
            Ok(Value::Object(parameter))
        })
        .collect()
}
