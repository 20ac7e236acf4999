//! Requests and answers of messages, internal notes and the timeline.

use application::messages::StoredEvent;
use domain::access::Relation;
use domain::ids::{CaseId, EventId, MessageId, NoteId, UserId};
use domain::people::LongText;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::http::messages::{Language, Messages};
use crate::wire::page::Page;

/// A message to write.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WriteMessage {
    /// The text.
    pub(crate) text: LongText,
}

/// A message. Everybody who shared the case when it was written reads it, and nobody who joins later in ignorance.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseMessage {
    /// The message.
    id: MessageId,
    /// The case.
    case_id: CaseId,
    /// Who wrote it.
    author_id: UserId,
    /// As what.
    author_relation: Relation,
    /// The text.
    text: LongText,
    /// When it was written.
    created_at: Timestamp,
    /// Advice for an emergency, in the reader's language. Nobody watches messages at night.
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
    /// Advice for an emergency, in the reader's language. Nobody watches messages at night.
    pub(crate) emergency_notice: String,
    /// The messages, oldest first.
    pub(crate) data: Vec<CaseMessage>,
    /// Whether there is a next page.
    pub(crate) has_more: bool,
    /// Where the next page begins.
    pub(crate) next_cursor: Option<String>,
}

/// A note to write.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WriteInternalNote {
    /// The text.
    pub(crate) text: LongText,
}

/// A page of them.
pub(crate) type InternalNoteList = Page<InternalNote>;

/// A note among the hospital's people. It never leaves the hospital.
#[derive(Serialize, ToSchema)]
pub(crate) struct InternalNote {
    /// The note.
    id: NoteId,
    /// The case.
    case_id: CaseId,
    /// Who wrote it.
    author_id: UserId,
    /// The text.
    text: LongText,
    /// When it was written.
    created_at: Timestamp,
}

impl From<&domain::messages::InternalNote> for InternalNote {
    fn from(note: &domain::messages::InternalNote) -> Self {
        Self { id: note.id, case_id: note.case, author_id: note.author, text: note.text.clone(), created_at: note.at }
    }
}

/// A page of them.
pub(crate) type TimelineEventList = Page<TimelineEvent>;

/// Something that happened to a case.
#[derive(Serialize, ToSchema)]
pub(crate) struct TimelineEvent {
    /// The event.
    id: EventId,
    /// The kind of event. Open list.
    #[schema(extensions(("x-may-grow" = json!(true))))]
    event: String,
    /// The same in the reader's language.
    label: String,
    /// Who did it; null for the system itself.
    actor_id: Option<UserId>,
    /// When.
    occurred_at: Timestamp,
    /// Details, by the kind of event: identifiers, codes, dates, a reason.
    #[schema(value_type = Object, additional_properties)]
    details: Map<String, Value>,
}

impl TimelineEvent {
    pub(crate) fn of(stored: &StoredEvent, is_inside: bool, messages: &Messages, language: Language) -> Self {
        let name = stored.event.kind.as_str();
        let details = match serde_json::to_value(&stored.event.kind) {
            Ok(Value::Object(mut fields)) => {
                fields.remove("event");
                if !is_inside {
                    stored.event.kind.internal_details().iter().for_each(|name| drop(fields.remove(*name)));
                }
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
