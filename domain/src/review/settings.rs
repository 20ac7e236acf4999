//! The settings of accepting and declining.

use serde::{Deserialize, Serialize};

use super::DeclineCode;
use crate::settings::Faults;

/// The settings of the decision on an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReviewSettings {
    /// Days that an accepted case waits for the applicant: for an estimate, for days of a visit, for a word on another service. Then it expires.
    pub accepted_expires_after_days: u16,
    /// The reasons for which a case may be declined.
    pub decline_reasons: Vec<DeclineCode>,
    /// Whether a director acts for every department.
    pub director_any_department: bool,
    /// Days after its end within which the desk may reopen a case.
    pub reopen_days: u16,
}

impl Default for ReviewSettings {
    fn default() -> Self {
        Self {
            accepted_expires_after_days: 60,
            decline_reasons: DeclineCode::ALL.iter().copied().filter(|code| code.is_on_by_default()).collect(),
            director_any_department: false,
            reopen_days: 30,
        }
    }
}

impl ReviewSettings {
    pub(crate) fn check(&self, faults: &mut Faults) {
        faults.days(self.accepted_expires_after_days, "/review/accepted_expires_after_days");
        faults.days(self.reopen_days, "/review/reopen_days");
    }
}
