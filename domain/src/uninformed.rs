//! Family before the patient (seed: “a second opinion consultation is available for family members who want to know the patient's condition first,
//! before the patient knows”). The claim stands in the application; what the hospital decided about it stands here.

mod steps;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::UserId;
use crate::people::{EmailAddress, ShortText};
use crate::wire::wire_enum;

wire_enum! {
    /// How far the hospital is with the claim that the patient does not know.
    UninformedState grows {
        /// The family says so.
        Claimed = "claimed",
        /// The department approves, until it looks again.
        Attested = "attested",
        /// The department does not approve.
        Refused = "refused",
        /// The department is to look again.
        ReviewDue = "review_due",
        /// The patient knows.
        Ended = "ended",
    }
}

/// The department's decision about the claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attestation {
    /// The last day of an approval, in Tokyo; `None` for a refusal.
    pub review_on: Option<Date>,
    /// Who decided.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// The decision of the hospital's counsel that an agency may know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounselDecision {
    /// Who decided.
    pub decided_by: ShortText,
    /// The day.
    pub decided_on: Date,
    /// Where it is kept.
    pub reference: ShortText,
    /// Who recorded it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// The end of a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UninformedEnd {
    /// The physician who confirmed that the patient knows, where the desk recorded it.
    pub confirmed_by: Option<ShortText>,
    /// Who recorded it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// What the hospital decided about a claim.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UninformedRecord {
    /// The department's last decision.
    pub attestation: Option<Attestation>,
    /// The decision of counsel, in a case of an agency.
    pub counsel: Option<CounselDecision>,
    /// The last end of a claim.
    pub ended: Option<UninformedEnd>,
    /// Addresses that were the patient's before, the newest last.
    pub former_addresses: Vec<EmailAddress>,
    /// Whether somebody was invited as the patient, or at an address of the patient's.
    pub patient_was_invited: bool,
}

/// What of the case has reached the patient's side, or would.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PatientsSide {
    /// The patient's own account takes part.
    pub has_joined: bool,
    /// Somebody was invited as the patient, or at the patient's address.
    pub was_invited: bool,
    /// An account that takes part has the patient's address.
    pub is_addressed: bool,
}
