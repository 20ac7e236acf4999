//! The settings of appointments and visits.

use serde::{Deserialize, Serialize};

use crate::settings::Faults;

/// The settings of appointments and visits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AppointmentSettings {
    /// Days for which offered times are held.
    pub offer_held_days: u16,
    /// Working days before a visit by which it is paid, if it is paid in advance.
    pub prepaid_due_working_days_before: u16,
    /// How often those who visit move it without the desk's reason.
    pub free_moves: u16,
    /// Minutes after the start from which the desk records that the visit did not take place.
    pub not_attended_after_minutes: u16,
    /// Whether somebody who needs a consent of the patient brings the original.
    pub consent_original_needed: bool,
    /// Days after closing in which treatment at the hospital can still be asked for.
    pub treatment_request_days: u16,
}

impl Default for AppointmentSettings {
    fn default() -> Self {
        Self {
            offer_held_days: 5,
            prepaid_due_working_days_before: 3,
            free_moves: 2,
            not_attended_after_minutes: 30,
            consent_original_needed: true,
            treatment_request_days: 90,
        }
    }
}

impl AppointmentSettings {
    /// The longest wait for somebody who does not come, and the most working days before a visit.
    const MOST: u16 = 60;

    pub(crate) fn check(&self, faults: &mut Faults) {
        faults.days(self.offer_held_days, "/appointments/offer_held_days");
        faults.days(self.treatment_request_days, "/appointments/treatment_request_days");
        let is_within = |value: u16| value <= Self::MOST;
        faults.unless(
            is_within(self.prepaid_due_working_days_before),
            "/appointments/prepaid_due_working_days_before",
            "time_out_of_range",
        );
        faults.unless(is_within(self.free_moves), "/appointments/free_moves", "too_many");
        faults.unless(is_within(self.not_attended_after_minutes), "/appointments/not_attended_after_minutes", "time_out_of_range");
    }
}
