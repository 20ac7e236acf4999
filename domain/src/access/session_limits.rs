//! How long sessions last, by kind of role.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Roles;

/// The limits of sessions, by kind of role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionLimits {
    /// Minutes without a refresh or another request after which a session of the hospital's staff ends.
    pub staff_idle_minutes: u32,
    /// Hours after which a session of the hospital's staff ends in any case.
    pub staff_life_hours: u32,
    /// Minutes without a refresh or another request after which a session of an applicant or of an agency's staff ends.
    pub outside_idle_minutes: u32,
    /// Hours after which a session of an applicant or of an agency's staff ends in any case.
    pub outside_life_hours: u32,
}

impl Default for SessionLimits {
    /// Staff: an hour, and a working day. Outside: two weeks, and thirty days.
    fn default() -> Self {
        Self { staff_idle_minutes: 60, staff_life_hours: 12, outside_idle_minutes: 14 * 24 * 60, outside_life_hours: 30 * 24 }
    }
}

/// The longest time, in minutes, that any of the limits may be: a year.
const LONGEST_MINUTES: u32 = 366 * 24 * 60;

impl SessionLimits {
    /// How long a session with these roles may be idle.
    pub fn idle(self, roles: &Roles) -> SignedDuration {
        let minutes = if is_outside(roles) { self.outside_idle_minutes } else { self.staff_idle_minutes };
        SignedDuration::from_mins(i64::from(minutes))
    }

    /// How long a session with these roles may last.
    pub fn life(self, roles: &Roles) -> SignedDuration {
        let hours = if is_outside(roles) { self.outside_life_hours } else { self.staff_life_hours };
        SignedDuration::from_hours(i64::from(hours))
    }

    /// When a session with these roles ends by its age, whatever happens.
    pub fn end_of_life(self, roles: &Roles, created_at: Timestamp) -> Timestamp {
        created_at.checked_add(self.life(roles)).unwrap_or(Timestamp::MAX)
    }

    /// Whether a session with these roles has come to its end at `now`.
    pub fn have_passed(self, roles: &Roles, created_at: Timestamp, last_seen_at: Timestamp, now: Timestamp) -> bool {
        self.end_of_life(roles, created_at) <= now || now.duration_since(last_seen_at) >= self.idle(roles)
    }

    /// The settings that make no sense, as their pointers below `/sessions`.
    pub(crate) fn faults(self) -> Vec<&'static str> {
        let mut faults = Vec::new();
        for (idle, life, pointer_of_idle, pointer_of_life) in [
            (self.staff_idle_minutes, self.staff_life_hours, "/sessions/staff_idle_minutes", "/sessions/staff_life_hours"),
            (self.outside_idle_minutes, self.outside_life_hours, "/sessions/outside_idle_minutes", "/sessions/outside_life_hours"),
        ] {
            // Access tokens live for a quarter of an hour: a shorter limit would end sessions that are in use.
            if !(20..=LONGEST_MINUTES).contains(&idle) {
                faults.push(pointer_of_idle);
            }
            if !(1..=LONGEST_MINUTES / 60).contains(&life) {
                faults.push(pointer_of_life);
            }
        }
        faults
    }
}

/// Whether these are the roles of somebody outside the hospital. Whoever has no role yet is treated as staff: the limits are narrower.
fn is_outside(roles: &Roles) -> bool {
    !roles.assignments().is_empty() && !roles.are_staff()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Role, RoleAssignment};

    #[test]
    fn staff_are_signed_out_sooner_than_applicants() {
        let limits = SessionLimits::default();
        let roles = |role| Roles::new(vec![RoleAssignment::new(role, None, None).unwrap()]).unwrap();
        let start: Timestamp = "2026-11-26T00:00:00Z".parse().unwrap();
        let after = |minutes: i64| start + SignedDuration::from_mins(minutes);
        let staff = roles(Role::Coordinator);
        assert!(!limits.have_passed(&staff, start, start, after(59)));
        assert!(limits.have_passed(&staff, start, start, after(60)), "idle for an hour");
        assert!(limits.have_passed(&staff, start, after(12 * 60 - 1), after(12 * 60)), "after a working day");
        let applicant = roles(Role::Applicant);
        assert!(!limits.have_passed(&applicant, start, start, after(13 * 24 * 60)));
        assert!(limits.have_passed(&applicant, start, after(30 * 24 * 60 - 1), after(30 * 24 * 60)));
    }

    #[test]
    fn limits_shorter_than_an_access_token_are_refused() {
        let limits = SessionLimits { staff_idle_minutes: 15, outside_life_hours: 0, ..SessionLimits::default() };
        assert_eq!(limits.faults(), ["/sessions/staff_idle_minutes", "/sessions/outside_life_hours"]);
        assert_eq!(SessionLimits::default().faults(), Vec::<&str>::new());
        let year = 366 * 24;
        let longest = SessionLimits { staff_idle_minutes: year * 60, staff_life_hours: year, ..SessionLimits::default() };
        assert_eq!(longest.faults(), Vec::<&str>::new(), "a year is the longest");
        let longer = SessionLimits { staff_idle_minutes: year * 60 + 1, staff_life_hours: year + 1, ..longest };
        assert_eq!(longer.faults(), ["/sessions/staff_idle_minutes", "/sessions/staff_life_hours"]);
    }
}
