//! Requests for information: what the hospital asks of the applicant, and what it is answered. A case knows of its open requests what its own
//! rules need; the rest is here.

mod steps;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{CaseId, InformationRequestId, UserId};
use crate::intake::items::ItemCode;
use crate::people::{LongText, ShortText};
use crate::wire::wire_enum;

/// The content of a request: items, recommended ones too, and questions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Items.
    pub items: Vec<ItemCode>,
    /// Questions.
    pub questions: Vec<LongText>,
}

/// The part of an open request that the case keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRequest {
    /// The request.
    pub id: InformationRequestId,
    /// The items that it asks for.
    pub items: Vec<ItemCode>,
}

wire_enum! {
    /// Where a request stands.
    InformationRequestState {
        /// Waiting for its answer.
        Open = "open",
        /// Answered.
        Answered = "answered",
        /// Withdrawn by the hospital, or lapsed with the case.
        Withdrawn = "withdrawn",
    }
}

/// The answer about one item that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemAnswer {
    /// The item.
    pub item: ItemCode,
    /// Why it cannot be provided; `None` says that it was handed in.
    pub cannot_provide: Option<ShortText>,
}

/// The answer to a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// One for each item that was asked for.
    pub items: Vec<ItemAnswer>,
    /// One for each question, in their order.
    pub answers: Vec<LongText>,
}

/// A request for information.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InformationRequest {
    /// The identifier.
    pub id: InformationRequestId,
    /// The case.
    pub case: CaseId,
    /// The content of the request.
    pub asked: Asked,
    /// Who asked.
    pub asked_by: UserId,
    /// When.
    pub asked_at: Timestamp,
    /// Where it stands.
    pub state: InformationRequestState,
    /// The answer.
    pub answer: Option<Answers>,
    /// Who answered or withdrew; `None` also if it lapsed with the case.
    pub settled_by: Option<UserId>,
    /// When.
    pub settled_at: Option<Timestamp>,
}

impl InformationRequest {
    /// A new request.
    pub fn ask(id: InformationRequestId, case: CaseId, asked: Asked, by: UserId, now: Timestamp) -> Self {
        Self {
            id,
            case,
            asked,
            asked_by: by,
            asked_at: now,
            state: InformationRequestState::Open,
            answer: None,
            settled_by: None,
            settled_at: None,
        }
    }

    /// The request with its answer. That the case takes the answer is asked of the case before.
    #[must_use]
    pub fn answered(self, answers: Answers, by: UserId, now: Timestamp) -> Self {
        Self { state: InformationRequestState::Answered, answer: Some(answers), settled_by: Some(by), settled_at: Some(now), ..self }
    }

    /// The request, withdrawn by somebody, or lapsed with the case.
    #[must_use]
    pub fn withdrawn(self, by: Option<UserId>, now: Timestamp) -> Self {
        Self { state: InformationRequestState::Withdrawn, settled_by: by, settled_at: Some(now), ..self }
    }
}
