//! Who may ever learn of what happened.

use serde::{Deserialize, Serialize};

use super::{Relation, Relations};

/// Who may ever learn of something. A set that only shrinks: the patient is never in it while they do not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Audience(u8);

impl Audience {
    /// The applicant and those who visit for the patient.
    pub const APPLICANT: Self = Self(1);
    /// The patient's own account.
    pub const PATIENT: Self = Self(2);
    /// The agency that refers.
    pub const AGENCY: Self = Self(4);
    /// The hospital's people with a clinical or desk relation.
    pub const STAFF: Self = Self(8);
    /// Billing.
    pub const BILLING: Self = Self(16);

    /// The audiences that people in these relations belong to. The pathology desk has its slides, not the timeline.
    pub fn of(relations: Relations) -> Self {
        relations.iter().fold(Self(0), |found, relation| {
            found.and(match relation {
                Relation::Applicant | Relation::Representative => Self::APPLICANT,
                Relation::Patient => Self::PATIENT,
                Relation::Agency => Self::AGENCY,
                Relation::Responsible | Relation::Receiving | Relation::Department | Relation::Desk => Self::STAFF,
                Relation::Billing => Self::BILLING,
                Relation::Pathology => Self(0),
            })
        })
    }

    /// Both audiences together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// This audience without another.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether they have anybody in common.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The set as bits, for the database.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The set from its bits.
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits & 31)
    }
}
