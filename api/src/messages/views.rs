//! What goes in and out of messages, internal notes and the timeline.

use application::messages::StoredEvent;
use domain::access::Relation;
use domain::ids::{CaseId, EventId, MessageId, NoteId, UserId};
use domain::people::LongText;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::document::schemas;
use crate::http::messages::{Language, Messages};

/// As what somebody speaks.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) enum AuthorRelation {
    Applicant,
    Patient,
    Representative,
    Agency,
    Responsible,
    Department,
    Desk,
    Pathology,
    Billing,
}

/// A message to write.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WriteMessage {
    /// What it says.
    #[schema(value_type = schemas::Paragraphs, example = "When may we expect the opinion?")]
    pub(crate) text: LongText,
}

/// A message. Everybody who shared the case when it was written reads it, and nobody who joins later in ignorance.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseMessage {
    /// The message.
    #[schema(value_type = schemas::MessageKey)]
    id: MessageId,
    /// The case.
    #[schema(value_type = schemas::CaseKey)]
    case_id: CaseId,
    /// Who wrote it.
    #[schema(value_type = schemas::UserKey)]
    author_id: UserId,
    /// As what.
    #[schema(value_type = AuthorRelation)]
    author_relation: Relation,
    /// What it says.
    #[schema(value_type = schemas::Paragraphs, example = "When may we expect the opinion?")]
    text: LongText,
    /// When it was written.
    #[schema(value_type = schemas::Moment)]
    created_at: Timestamp,
    /// What to do in an emergency, in the reader's language: nobody watches messages at night.
    #[schema(example = "Messages are not read at night or on holidays.")]
    emergency_notice: String,
}

impl CaseMessage {
    pub(crate) fn of(message: &domain::messages::Message, emergency_notice: &str) -> Self {
        Self {
            emergency_notice: emergency_notice.to_owned(),
            id: message.id,
            case_id: message.case,
            author_id: message.author,
            author_relation: message.relation,
            text: message.text.clone(),
            created_at: message.at,
        }
    }
}

/// A page of messages.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseMessageList {
    /// What to do in an emergency, in the reader's language: nobody watches messages at night.
    #[schema(example = "Messages are not read at night or on holidays.")]
    pub(crate) emergency_notice: String,
    /// The messages, oldest first.
    pub(crate) data: Vec<CaseMessage>,
    /// Whether there is a next page.
    #[schema(example = false)]
    pub(crate) has_more: bool,
    /// Where the next page begins.
    #[schema(example = json!(null))]
    pub(crate) next_cursor: Option<String>,
}

/// A note to write.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WriteInternalNote {
    /// What it says.
    #[schema(value_type = schemas::Paragraphs, example = "Called the family; they send the slides on Monday.")]
    pub(crate) text: LongText,
}

/// A note among the hospital's people. It never leaves the hospital.
#[derive(Serialize, ToSchema)]
pub(crate) struct InternalNote {
    /// The note.
    #[schema(value_type = schemas::NoteKey)]
    id: NoteId,
    /// The case.
    #[schema(value_type = schemas::CaseKey)]
    case_id: CaseId,
    /// Who wrote it.
    #[schema(value_type = schemas::UserKey)]
    author_id: UserId,
    /// What it says.
    #[schema(value_type = schemas::Paragraphs, example = "Called the family; they send the slides on Monday.")]
    text: LongText,
    /// When it was written.
    #[schema(value_type = schemas::Moment)]
    created_at: Timestamp,
}

impl From<&domain::messages::InternalNote> for InternalNote {
    fn from(note: &domain::messages::InternalNote) -> Self {
        Self { id: note.id, case_id: note.case, author_id: note.author, text: note.text.clone(), created_at: note.at }
    }
}

/// A page of notes.
#[derive(Serialize, ToSchema)]
pub(crate) struct InternalNoteList {
    /// The notes, oldest first.
    pub(crate) data: Vec<InternalNote>,
    /// Whether there is a next page.
    #[schema(example = false)]
    pub(crate) has_more: bool,
    /// Where the next page begins.
    #[schema(example = json!(null))]
    pub(crate) next_cursor: Option<String>,
}

/// Something that happened to a case.
#[derive(Serialize, ToSchema)]
pub(crate) struct TimelineEvent {
    /// The event.
    #[schema(value_type = schemas::EventKey)]
    id: EventId,
    /// What happened. Open list.
    #[schema(example = "case_submitted")]
    event: String,
    /// The same in the reader's language.
    #[schema(example = "The application was submitted")]
    label: String,
    /// Who did it; null for the system itself.
    #[schema(value_type = Option<schemas::UserKey>)]
    actor_id: Option<UserId>,
    /// When.
    #[schema(value_type = schemas::Moment)]
    occurred_at: Timestamp,
    /// What belongs to it, by the kind of event: identifiers, codes, dates, a reason.
    #[schema(value_type = Object, additional_properties, example = json!({ "item": "referral_letter" }))]
    details: Map<String, Value>,
}

impl TimelineEvent {
    pub(crate) fn of(stored: &StoredEvent, messages: &Messages, language: Language) -> Self {
        let name = stored.event.kind.as_str();
        let details = match serde_json::to_value(&stored.event.kind) {
            Ok(Value::Object(mut fields)) => {
                fields.remove("event");
                fields
            }
            Ok(_) | Err(_) => Map::new(),
        };
        Self {
            id: stored.id,
            event: name.to_owned(),
            label: messages.label(language, "event", name),
            actor_id: stored.actor,
            occurred_at: stored.occurred_at,
            details,
        }
    }
}

/// A page of what happened.
#[derive(Serialize, ToSchema)]
pub(crate) struct TimelineEventList {
    /// What happened, oldest first.
    pub(crate) data: Vec<TimelineEvent>,
    /// Whether there is a next page.
    #[schema(example = false)]
    pub(crate) has_more: bool,
    /// Where the next page begins.
    #[schema(example = json!(null))]
    pub(crate) next_cursor: Option<String>,
}
