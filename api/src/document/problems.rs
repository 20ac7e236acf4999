//! The one schema of every refusal.

use serde::Serialize;
use utoipa::ToSchema;

/// A refusal in the form of RFC 9457.
#[derive(Serialize, ToSchema)]
pub(crate) struct Problem {
    /// The address of this problem's description on this server.
    #[schema(format = "uri-reference")]
    pub(crate) r#type: String,
    /// The event, in a few words, in the caller's language.
    pub(crate) title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub(crate) status: u16,
    /// The cause and the remedy, in the caller's language.
    pub(crate) detail: String,
    /// The path of the request.
    #[schema(format = "uri-reference")]
    pub(crate) instance: String,
    /// A stable name of the problem. Open list: `GET /v1/problems` has them all, and more may come.
    #[schema(extensions(("x-may-grow" = json!(true))))]
    pub(crate) code: String,
    /// The id of the request, as in its `Request-Id`.
    pub(crate) request_id: String,
    /// The fields at fault, all of them up to a hundred; empty if no single field is.
    #[schema(max_items = 100)]
    pub(crate) errors: Vec<ProblemFault>,
    /// How many faults there are; entries of a list far beyond its limit count one each.
    #[schema(minimum = 0)]
    pub(crate) error_count: usize,
}

/// One field at fault.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProblemFault {
    /// JSON Pointer (RFC 6901) into the body; parameters are `/query/<name>` and `/header/<name>`.
    pub(crate) pointer: String,
    /// A stable name of the rule. Open list.
    #[schema(extensions(("x-may-grow" = json!(true))))]
    pub(crate) code: String,
    /// The fault of the field, in the caller's language.
    pub(crate) detail: String,
}
