//! The written opinion: one page, in editions. A delivered edition never changes; what is added later is a new one (追補).

mod content;
mod page;
mod settings;
mod steps;

pub use content::{OpinionAnswer, OpinionContent, OpinionUrgency, ReviewedMaterial};
pub use page::{COLUMNS, LINES, PageFit};
pub use settings::OpinionSettings;
pub use steps::{Signed, Submitted};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::case::Refusal;
use crate::ids::{CaseId, OpinionId, UserId};
use crate::people::{LongText, ShortText};
use crate::wire::wire_enum;

wire_enum! {
    /// The name of an opinion's state.
    OpinionStage {
        /// Being written.
        Draft = "draft",
        /// Before the department.
        Submitted = "submitted",
        /// With its addressee; never changes again.
        Delivered = "delivered",
    }
}

/// Where an edition stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum OpinionState {
    /// Being written.
    Draft,
    /// Before the department.
    Submitted {
        /// Since when.
        at: Timestamp,
    },
    /// With its addressee.
    Delivered {
        /// Since when.
        at: Timestamp,
        /// Who signed.
        signature: Signature,
    },
}

/// Who signs: the director or chief physician of the appropriate department (seed), as it stands on the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The person.
    pub by: UserId,
    /// The name on the page.
    pub name: ShortText,
    /// The title on the page.
    pub title: ShortText,
    /// The department on the page.
    pub department: ShortText,
}

/// Why an opinion came back to its author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// Who returned it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// The wanted change.
    pub comment: LongText,
}

/// One edition of a case's opinion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    id: OpinionId,
    case: CaseId,
    edition: u16,
    author: UserId,
    content: OpinionContent,
    state: OpinionState,
    returned: Vec<Returned>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// Why an opinion refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpinionRefusal {
    /// Only a draft changes, or is submitted.
    #[error("opinion_not_draft")]
    NotDraft,
    /// Only what lies before the department is returned or delivered.
    #[error("opinion_not_submitted")]
    NotSubmitted,
    /// An addendum follows a delivered edition.
    #[error("opinion_not_delivered")]
    NotDelivered,
}

impl OpinionRefusal {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotDraft => "opinion_not_draft",
            Self::NotSubmitted => "opinion_not_submitted",
            Self::NotDelivered => "opinion_not_delivered",
        }
    }
}

impl Opinion {
    /// The first edition, as a draft.
    pub fn draft(id: OpinionId, case: CaseId, author: UserId, content: OpinionContent, now: Timestamp) -> Self {
        Self { id, case, edition: 1, author, content, state: OpinionState::Draft, returned: Vec::new(), created_at: now, updated_at: now }
    }

    /// Writes the draft anew; whoever wrote last is its author.
    pub fn rewritten(self, author: UserId, content: OpinionContent, now: Timestamp) -> Result<Self, OpinionRefusal> {
        match self.state {
            OpinionState::Draft => Ok(Self { author, content, updated_at: now, ..self }),
            OpinionState::Submitted { .. } | OpinionState::Delivered { .. } => Err(OpinionRefusal::NotDraft),
        }
    }

    /// Lays the draft before the department. Whether it may go there is the case's to say, by [`Opinion::facts`].
    pub fn submitted(self, now: Timestamp) -> Result<Self, OpinionRefusal> {
        match self.state {
            OpinionState::Draft => Ok(Self { state: OpinionState::Submitted { at: now }, updated_at: now, ..self }),
            OpinionState::Submitted { .. } | OpinionState::Delivered { .. } => Err(OpinionRefusal::NotDraft),
        }
    }

    /// Gives it back to its author.
    pub fn returned(mut self, by: UserId, comment: LongText, now: Timestamp) -> Result<Self, OpinionRefusal> {
        match self.state {
            OpinionState::Submitted { .. } => {
                self.returned.push(Returned { by, at: now, comment });
                Ok(Self { state: OpinionState::Draft, updated_at: now, ..self })
            }
            OpinionState::Draft | OpinionState::Delivered { .. } => Err(OpinionRefusal::NotSubmitted),
        }
    }

    /// Signs and delivers it; from now on it never changes.
    pub fn delivered(self, signature: Signature, now: Timestamp) -> Result<Self, OpinionRefusal> {
        match self.state {
            OpinionState::Submitted { .. } => Ok(Self { state: OpinionState::Delivered { at: now, signature }, updated_at: now, ..self }),
            OpinionState::Draft | OpinionState::Delivered { .. } => Err(OpinionRefusal::NotSubmitted),
        }
    }

    /// The next edition, signed and delivered at once. This one stays as it is.
    pub fn addendum(&self, id: OpinionId, content: OpinionContent, signature: Signature, now: Timestamp) -> Result<Self, OpinionRefusal> {
        match self.state {
            OpinionState::Delivered { .. } => Ok(Self {
                id,
                case: self.case,
                edition: self.edition.saturating_add(1),
                author: signature.by,
                content,
                state: OpinionState::Delivered { at: now, signature },
                returned: Vec::new(),
                created_at: now,
                updated_at: now,
            }),
            OpinionState::Draft | OpinionState::Submitted { .. } => Err(OpinionRefusal::NotDelivered),
        }
    }

    /// The facts about a submitted opinion that the case asks for.
    ///
    /// # Errors
    /// [`Refusal::OpinionIncomplete`] for parts that every opinion has.
    pub fn facts(&self, questions: usize) -> Result<Submitted, Refusal> {
        let parts = self.content.missing_parts();
        if !parts.is_empty() {
            return Err(Refusal::OpinionIncomplete { parts });
        }
        Ok(Submitted {
            opinion: self.id,
            fit: PageFit::of(&self.content),
            unaddressed: self.content.unaddressed(questions),
            findings_in_the_text: self.content.slide_findings.is_some(),
        })
    }

    /// The identifier of this edition.
    pub const fn id(&self) -> OpinionId {
        self.id
    }

    /// The case.
    pub const fn case(&self) -> CaseId {
        self.case
    }

    /// The number of this edition, from 1.
    pub const fn edition(&self) -> u16 {
        self.edition
    }

    /// Who wrote it.
    pub const fn author(&self) -> UserId {
        self.author
    }

    /// The text.
    pub const fn content(&self) -> &OpinionContent {
        &self.content
    }

    /// Where it stands.
    pub const fn state(&self) -> &OpinionState {
        &self.state
    }

    /// The name of its state.
    pub const fn state_name(&self) -> OpinionStage {
        match self.state {
            OpinionState::Draft => OpinionStage::Draft,
            OpinionState::Submitted { .. } => OpinionStage::Submitted,
            OpinionState::Delivered { .. } => OpinionStage::Delivered,
        }
    }

    /// Whether it is with its addressee.
    pub const fn is_delivered(&self) -> bool {
        matches!(self.state, OpinionState::Delivered { .. })
    }

    /// When it was delivered.
    pub const fn delivered_at(&self) -> Option<Timestamp> {
        match self.state {
            OpinionState::Delivered { at, .. } => Some(at),
            OpinionState::Draft | OpinionState::Submitted { .. } => None,
        }
    }

    /// Who signed it.
    pub const fn signature(&self) -> Option<&Signature> {
        match &self.state {
            OpinionState::Delivered { signature, .. } => Some(signature),
            OpinionState::Draft | OpinionState::Submitted { .. } => None,
        }
    }

    /// How often it came back, and why.
    pub fn returns(&self) -> &[Returned] {
        &self.returned
    }

    /// When this edition was begun.
    pub const fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// When it changed last.
    pub const fn updated_at(&self) -> Timestamp {
        self.updated_at
    }
}

#[cfg(test)]
mod tests;
