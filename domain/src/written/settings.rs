//! The settings of the written opinion.

use serde::{Deserialize, Serialize};

use crate::settings::Faults;

/// The settings of the written opinion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OpinionSettings {
    /// First calendar day, counted from the payment, on which an opinion is due (seed: “approximately 7~10 days”).
    pub due_from_days: u16,
    /// Last calendar day on which it is due.
    pub due_to_days: u16,
}

impl Default for OpinionSettings {
    fn default() -> Self {
        Self { due_from_days: 7, due_to_days: 10 }
    }
}

impl OpinionSettings {
    pub(crate) fn check(&self, faults: &mut Faults) {
        faults.days(self.due_from_days, "/opinions/due_from_days");
        faults.days(self.due_to_days, "/opinions/due_to_days");
        faults.unless(self.due_from_days <= self.due_to_days, "/opinions/due_to_days", "before_the_first_day");
    }
}
