//! Half hours: the unit in which the hospital receives people. Each begins at a full or a half hour in Tokyo, and so everywhere on a full or a half hour
//! of UTC.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::TOKYO;
use crate::people::InvalidValue;

/// The length of a half hour.
pub const HALF_HOUR: SignedDuration = SignedDuration::from_mins(30);

/// A time of the day at which half hours begin and end, in Tokyo: `09:00`, `15:30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HalfHourTime(Time);

impl HalfHourTime {
    /// Eight in the morning.
    pub const EIGHT: Self = Self(Time::constant(8, 0, 0, 0));
    /// Six in the evening.
    pub const SIX_PM: Self = Self(Time::constant(18, 0, 0, 0));

    /// The instant at which it is this time on a date in Tokyo.
    pub fn on(self, date: Date) -> Timestamp {
        TimeZone::fixed(TOKYO).to_timestamp(date.to_datetime(self.0)).unwrap_or(Timestamp::MAX)
    }
}

impl FromStr for HalfHourTime {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let read = || {
            let (hour, minute) = text.split_once(':')?;
            let is_in_digits = hour.len() == 2 && hour.bytes().all(|digit| digit.is_ascii_digit());
            let minute = match minute {
                "00" => 0,
                "30" => 30,
                _ => return None,
            };
            let hour = hour.parse().ok().filter(|_| is_in_digits)?;
            Time::new(hour, minute, 0, 0).ok().map(Self)
        };
        read().ok_or(InvalidValue { what: "a full or a half hour", why: "format" })
    }
}

impl TryFrom<String> for HalfHourTime {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, InvalidValue> {
        text.parse()
    }
}

impl From<HalfHourTime> for String {
    fn from(time: HalfHourTime) -> Self {
        time.to_string()
    }
}

impl fmt::Display for HalfHourTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for HalfHourTime {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        crate::schema::text("half-hour", "^([01][0-9]|2[0-3]):(00|30)$", "A full or a half hour of the day, in Tokyo: `15:30`.")
    }
}

#[cfg(feature = "schema")]
impl utoipa::ToSchema for HalfHourTime {
    fn name() -> std::borrow::Cow<'static, str> {
        std::borrow::Cow::Borrowed("HalfHourTime")
    }
}

/// Whether a half hour begins at an instant.
pub fn begins_half_hour(at: Timestamp) -> bool {
    at.as_second().rem_euclid(HALF_HOUR.as_secs()) == 0 && at.subsec_nanosecond() == 0
}

/// The beginnings of the half hours of a day between two times, the earliest first; none if the second is not later.
pub fn half_hours_of(date: Date, begin: HalfHourTime, end: HalfHourTime) -> Vec<Timestamp> {
    let end = end.on(date);
    let next = |at: &Timestamp| at.checked_add(HALF_HOUR).ok();
    std::iter::successors(Some(begin.on(date)), next).take_while(|at| *at < end).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::calendar::today_in_tokyo;

    fn time(text: &str) -> HalfHourTime {
        text.parse().unwrap()
    }

    fn beginnings(on: Date, begin: &str, end: &str) -> Vec<String> {
        half_hours_of(on, time(begin), time(end)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_time_is_a_full_or_a_half_hour() {
        for good in ["00:00", "09:30", "23:30"] {
            assert_eq!(time(good).to_string(), good);
        }
        for bad in ["9:00", "09:15", "24:00", "09:00:00", "+9:00", "0900", "", "09:3", "aa:00"] {
            assert!(bad.parse::<HalfHourTime>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_half_hours_of_an_afternoon_in_tokyo() {
        assert_eq!(
            beginnings(date(2027, 1, 14), "15:00", "16:30"),
            ["2027-01-14T06:00:00Z", "2027-01-14T06:30:00Z", "2027-01-14T07:00:00Z"]
        );
        assert_eq!(beginnings(date(2027, 1, 1), "00:00", "00:30"), ["2026-12-31T15:00:00Z"], "the year begins earlier here");
        assert_eq!(beginnings(date(2028, 2, 29), "08:30", "09:30"), ["2028-02-28T23:30:00Z", "2028-02-29T00:00:00Z"], "a leap day");
        assert_eq!(beginnings(date(2027, 1, 14), "15:00", "15:00"), Vec::<String>::new());
        assert_eq!(beginnings(date(2027, 1, 14), "16:00", "15:00"), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn every_half_hour_of_a_day_is_on_that_day_and_follows_the_one_before(days in 0_i64..2_000, first in 0_i8..48, last in 0_i8..48) {
            let on = crate::calendar::days_after(date(2026, 1, 1), days);
            let at = |half: i8| HalfHourTime(Time::constant(half / 2, half % 2 * 30, 0, 0));
            let found = half_hours_of(on, at(first), at(last));
            prop_assert_eq!(found.len(), usize::try_from((last - first).max(0)).unwrap());
            prop_assert!(found.iter().all(|one| begins_half_hour(*one) && today_in_tokyo(*one) == on));
            prop_assert!(found.windows(2).all(|pair| pair[1].duration_since(pair[0]) == HALF_HOUR));
            prop_assert!(found.iter().all(|one| !begins_half_hour(*one + SignedDuration::from_mins(15))));
        }
    }
}
