//! Who came: received, or outside, and why.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::VisitRecord;
use crate::ids::{RepresentativeId, UserId};
use crate::people::{PersonName, RelationToPatient, ShortText};
use crate::wire::wire_enum;

wire_enum! {
    /// Who came.
    Person grows {
        /// The patient.
        Patient = "patient",
        /// Somebody who is named in the application.
        Representative = "representative",
        /// Somebody whom nobody announced and who visits for the patient.
        Unannounced = "unannounced",
        /// Somebody who accompanies the patient, on the patient's word.
        Companion = "companion",
    }
}

wire_enum! {
    /// Whether somebody was received.
    AtTheDoor {
        /// They take part in the consultation.
        Received = "received",
        /// They wait in another room.
        Outside = "outside",
    }
}

wire_enum! {
    /// Why somebody who came was not received.
    OutsideReason grows {
        /// They did not show who they are.
        IdentityNotShown = "identity_not_shown",
        /// No consent of the patient names them.
        ConsentMissing = "consent_missing",
        /// They did not bring the original of the consent.
        OriginalMissing = "original_missing",
        /// The patient took the consent back.
        ConsentWithdrawn = "consent_withdrawn",
        /// Nobody named them before.
        NotNamed = "not_named",
        /// They wish to wait outside, or another reason.
        Other = "other",
    }
}

wire_enum! {
    /// A document that shows who somebody is.
    IdentityKind grows {
        /// A passport.
        Passport = "passport",
        /// A residence card.
        ResidenceCard = "residence_card",
        /// Another document.
        Other = "other",
    }
}

wire_enum! {
    /// How the conversation is interpreted.
    InterpreterAtVisit grows {
        /// By the interpreter who was expected.
        Present = "present",
        /// By another, or by telephone.
        Replaced = "replaced",
        /// The physician went on without.
        WentOnWithout = "went_on_without",
        /// It needs nobody.
        NotNeeded = "not_needed",
    }
}

/// The document that was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SeenIdentity {
    /// What it is.
    pub kind: IdentityKind,
    /// Its last letters and digits, never all of them.
    #[serde(default)]
    pub ends_with: Option<ShortText>,
}

/// Somebody who came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrived {
    /// Who.
    pub person: Person,
    /// Which of those who are named.
    pub representative: Option<RepresentativeId>,
    /// The name of somebody who is not named.
    pub name: Option<PersonName>,
    /// How they stand to the patient.
    pub relation: Option<RelationToPatient>,
    /// The document that was seen.
    pub identity: Option<SeenIdentity>,
    /// Whether the original of the patient's consent was seen.
    pub original_seen: bool,
    /// Whether they were received.
    pub outcome: AtTheDoor,
    /// Why they were not.
    pub reason: Option<OutsideReason>,
    /// In words.
    pub text: Option<ShortText>,
}

impl Arrived {
    /// Whether they take part.
    pub fn is_received(&self) -> bool {
        self.outcome == AtTheDoor::Received
    }
}

/// An arrival, as often as needed on the day of the appointment. It says all who are there then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// Who is there.
    pub people: Vec<Arrived>,
    /// How the conversation is interpreted; `None`: that is not known yet.
    pub interpreter: Option<InterpreterAtVisit>,
    /// When.
    pub at: Timestamp,
    /// Who recorded it.
    pub by: UserId,
}

impl VisitRecord {
    /// Those who were received at the last arrival.
    pub fn received(&self) -> impl Iterator<Item = &Arrived> {
        self.arrivals.last().into_iter().flat_map(|arrival| &arrival.people).filter(|one| one.is_received())
    }

    /// Whether one of those who are named was received.
    pub fn has_received(&self, id: RepresentativeId) -> bool {
        self.received().any(|one| one.representative == Some(id))
    }
}
