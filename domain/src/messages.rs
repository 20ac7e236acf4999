//! Messages between the applicant's side and the hospital, and notes among the hospital's people.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::access::Audience;
use crate::access::{Relation, Relations};
use crate::ids::{CaseId, MessageId, NoteId, UserId};
use crate::people::LongText;

/// A message. Its audience is fixed when it is written: what a family wrote before the patient knew is never opened to the patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The identifier.
    pub id: MessageId,
    /// The case.
    pub case: CaseId,
    /// Who wrote it.
    pub author: UserId,
    /// In which relation to the case.
    pub relation: Relation,
    /// Who may ever read it.
    pub audience: Audience,
    /// The text.
    pub text: LongText,
    /// When it was written.
    pub at: Timestamp,
}

impl Message {
    /// Whether somebody in these relations reads it.
    pub fn is_open_to(&self, relations: Relations) -> bool {
        self.audience.meets(Audience::of(relations))
    }
}

/// A note that never leaves the hospital.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InternalNote {
    /// The identifier.
    pub id: NoteId,
    /// The case.
    pub case: CaseId,
    /// Who wrote it.
    pub author: UserId,
    /// The text.
    pub text: LongText,
    /// When it was written.
    pub at: Timestamp,
}
