//! People who visit for the patient (seed: “Family members and friends can also visit our hospital”): named, corrected, and no longer.

mod settings;
mod steps;
#[cfg(test)]
mod tests;

pub use settings::VisitSettings;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::UserId;
use crate::intake::Representative;
use crate::wire::wire_enum;

wire_enum! {
    /// Where somebody stands who visits for the patient.
    RepresentativeState grows {
        /// Named in the application.
        Named = "named",
        /// Does not visit any longer.
        Ended = "ended",
    }
}

/// Somebody who does not visit any longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerRepresentative {
    /// Who.
    pub representative: Representative,
    /// Who ended it.
    pub ended_by: UserId,
    /// When.
    pub ended_at: Timestamp,
}
