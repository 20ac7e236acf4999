//! The hospital's days: Asia/Tokyo, calendar days and due windows.

pub mod closed_days;
pub mod half_hours;
mod settings;

pub use settings::{CalendarSettings, ClosedDay, MOST_CLOSED_DAYS};

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Span, Timestamp};
use serde::{Deserialize, Serialize};

/// Asia/Tokyo. Japan has kept one offset, nine hours ahead of UTC, since 1951: no table of zones is needed.
pub const TOKYO: Offset = Offset::constant(9);

/// The date in Tokyo at an instant.
pub fn today_in_tokyo(now: Timestamp) -> Date {
    TOKYO.to_datetime(now).date()
}

/// `date` and `days` calendar days. At the end of representable time, the last day.
pub fn days_after(date: Date, days: i64) -> Date {
    date.saturating_add(Span::new().days(days.clamp(-3_000_000, 3_000_000)))
}

/// The instant at which a date ends in Tokyo.
pub fn end_of_day(date: Date) -> Timestamp {
    let next = days_after(date, 1);
    TimeZone::fixed(TOKYO).to_timestamp(next.at(0, 0, 0, 0)).unwrap_or(Timestamp::MAX)
}

/// Days before a case expires on which those who can still act are warned.
const WARNINGS: [i64; 2] = [7, 2];
/// The hour, in Tokyo, at which a warning leaves.
const WARNED_AT: i8 = 9;

/// The last day, in Tokyo, of something that ends at an instant.
pub fn last_day_before(end: Timestamp) -> Date {
    today_in_tokyo(end.saturating_sub(SignedDuration::from_secs(1)).unwrap_or(end))
}

/// When the warnings leave before something that ends at an instant, the earliest first.
pub fn warnings_before(end: Timestamp) -> [Timestamp; 2] {
    WARNINGS.map(|days| at_hour_in_tokyo(days_after(last_day_before(end), -days), WARNED_AT))
}

/// The instant at which an hour, 0 to 23, begins on a date in Tokyo.
pub fn at_hour_in_tokyo(date: Date, hour: i8) -> Timestamp {
    TimeZone::fixed(TOKYO).to_timestamp(date.at(hour, 0, 0, 0)).unwrap_or(Timestamp::MAX)
}

/// Calendar days from one date to another; negative if the other is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// The days between which something is promised, both included (seed: “approximately 7~10 days”).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueWindow {
    /// The first day.
    pub from_on: Date,
    /// The last day.
    pub to_on: Date,
}

impl DueWindow {
    /// The window that is counted from a date, in calendar days.
    pub fn counted_from(date: Date, from_days: u16, to_days: u16) -> Self {
        Self { from_on: days_after(date, i64::from(from_days)), to_on: days_after(date, i64::from(to_days)) }
    }

    /// The same window, later.
    #[must_use]
    pub fn shifted(self, days: i64) -> Self {
        Self { from_on: days_after(self.from_on, days), to_on: days_after(self.to_on, days) }
    }
}

/// The instant so many days after another.
pub fn after_days(now: Timestamp, days: u16) -> Timestamp {
    now.saturating_add(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_day_begins_in_tokyo_nine_hours_before_it_does_in_utc() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(today_in_tokyo(at("2026-11-23T14:59:59Z")), date(2026, 11, 23));
        assert_eq!(today_in_tokyo(at("2026-11-23T15:00:00Z")), date(2026, 11, 24));
        assert_eq!(end_of_day(date(2026, 11, 23)), at("2026-11-23T15:00:00Z"));
    }

    #[test]
    fn warnings_leave_at_nine_in_tokyo_seven_and_two_days_before_the_last_day() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let end = end_of_day(date(2026, 12, 24));
        assert_eq!(last_day_before(end), date(2026, 12, 24));
        assert_eq!(warnings_before(end), [at("2026-12-17T00:00:00Z"), at("2026-12-22T00:00:00Z")]);
    }

    #[test]
    fn an_opinion_paid_on_the_first_is_due_from_the_eighth_to_the_eleventh() {
        let window = DueWindow::counted_from(date(2026, 12, 1), 7, 10);
        assert_eq!((window.from_on, window.to_on), (date(2026, 12, 8), date(2026, 12, 11)));
        assert_eq!(days_between(date(2026, 12, 30), date(2027, 1, 2)), 3);
        assert_eq!(window.shifted(3).to_on, date(2026, 12, 14));
    }
}
