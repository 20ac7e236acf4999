//! The days that the hospital closes besides weekends, holidays and the turn of the year.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::closed_days::{is_working_day, working_day_from};
use super::days_after;
use super::half_hours::HalfHourTime;
use crate::ids::DepartmentId;
use crate::people::ShortText;
use crate::settings::Faults;

/// The most days that a hospital keeps.
pub const MOST_CLOSED_DAYS: usize = 500;

/// A day on which the hospital, or one of its departments, receives nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ClosedDay {
    /// The day, in Tokyo.
    pub closed_on: Date,
    /// The department that receives nobody; absent or null for the whole hospital.
    #[serde(default)]
    pub department_id: Option<DepartmentId>,
    /// Why, in words for everybody.
    pub text: ShortText,
    /// The same in Japanese.
    pub text_ja: ShortText,
}

/// The settings of the calendar. They have an operation of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CalendarSettings {
    /// The earliest time at which anybody is received, in Tokyo.
    pub opens: HalfHourTime,
    /// The time by which everybody has left.
    pub closes: HalfHourTime,
    /// The days, by date.
    pub closed_days: Vec<ClosedDay>,
}

impl Default for CalendarSettings {
    fn default() -> Self {
        Self { opens: HalfHourTime::EIGHT, closes: HalfHourTime::SIX_PM, closed_days: Vec::new() }
    }
}

impl CalendarSettings {
    /// Whether a department receives people on a day: neither it nor the hospital is closed.
    pub fn is_open(&self, department: DepartmentId, date: Date) -> bool {
        let is_closed = |day: &ClosedDay| day.closed_on == date && day.department_id.is_none_or(|own| own == department);
        is_working_day(date, &[]) && !self.closed_days.iter().any(is_closed)
    }

    /// A day if the hospital works on it, else the next one on which it does.
    pub fn working_day_from(&self, date: Date) -> Date {
        let closed: Vec<Date> = self.closed_days.iter().filter(|day| day.department_id.is_none()).map(|day| day.closed_on).collect();
        working_day_from(date, &closed)
    }

    /// The last working day before a day.
    pub fn working_day_before(&self, date: Date) -> Date {
        let is_closed = |day: Date| self.closed_days.iter().any(|one| one.department_id.is_none() && one.closed_on == day);
        let mut day = days_after(date, -1);
        // At the beginning of time, the day itself.
        while day > Date::MIN && (!is_working_day(day, &[]) || is_closed(day)) {
            day = days_after(day, -1);
        }
        day
    }

    /// The places of the days that stand before already, for the same department or for the hospital.
    pub fn repeated_days(closed_days: &[ClosedDay]) -> Vec<usize> {
        let same = |one: &ClosedDay, other: &ClosedDay| one.closed_on == other.closed_on && one.department_id == other.department_id;
        let is_again = |(place, day): &(usize, &ClosedDay)| closed_days.iter().take(*place).any(|other| same(other, day));
        closed_days.iter().enumerate().filter(is_again).map(|(place, _)| place).collect()
    }

    pub(crate) fn check(&self, faults: &mut Faults) {
        faults.unless(self.opens < self.closes, "/calendar/closes", "ends_before_it_begins");
        faults.unless(self.closed_days.len() <= MOST_CLOSED_DAYS, "/calendar/closed_days", "too_long");
        faults.unless(Self::repeated_days(&self.closed_days).is_empty(), "/calendar/closed_days", "repeated");
    }
}
