//! The days on which the hospital is closed: weekends, national holidays, 29 December to 3 January, and what it adds itself.

use jiff::civil::{Date, Weekday, date};

use super::days_after;
use crate::wire::wire_enum;

/// A national holiday of Japan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// The day.
    pub on: Date,
    /// Its name in Japanese.
    pub ja: &'static str,
    /// Its name in English.
    pub en: &'static str,
}

const fn day(year: i16, month: i8, day: i8, ja: &'static str, en: &'static str) -> Holiday {
    Holiday { on: date(year, month, day), ja, en }
}

/// The national holidays from 2024 to 2030, by date (law: 国民の祝日に関する法律, with its substitute and citizens' holidays). The equinoxes
/// of years to come are astronomy's: the government announces each in the February before.
pub const HOLIDAYS: &[Holiday] = &[
    day(2024, 1, 1, "元日", "New Year's Day"),
    day(2024, 1, 8, "成人の日", "Coming of Age Day"),
    day(2024, 2, 11, "建国記念の日", "National Foundation Day"),
    day(2024, 2, 12, "振替休日", "Substitute Holiday"),
    day(2024, 2, 23, "天皇誕生日", "The Emperor's Birthday"),
    day(2024, 3, 20, "春分の日", "Vernal Equinox Day"),
    day(2024, 4, 29, "昭和の日", "Showa Day"),
    day(2024, 5, 3, "憲法記念日", "Constitution Memorial Day"),
    day(2024, 5, 4, "みどりの日", "Greenery Day"),
    day(2024, 5, 5, "こどもの日", "Children's Day"),
    day(2024, 5, 6, "振替休日", "Substitute Holiday"),
    day(2024, 7, 15, "海の日", "Marine Day"),
    day(2024, 8, 11, "山の日", "Mountain Day"),
    day(2024, 8, 12, "振替休日", "Substitute Holiday"),
    day(2024, 9, 16, "敬老の日", "Respect for the Aged Day"),
    day(2024, 9, 22, "秋分の日", "Autumnal Equinox Day"),
    day(2024, 9, 23, "振替休日", "Substitute Holiday"),
    day(2024, 10, 14, "スポーツの日", "Sports Day"),
    day(2024, 11, 3, "文化の日", "Culture Day"),
    day(2024, 11, 4, "振替休日", "Substitute Holiday"),
    day(2024, 11, 23, "勤労感謝の日", "Labour Thanksgiving Day"),
    day(2025, 1, 1, "元日", "New Year's Day"),
    day(2025, 1, 13, "成人の日", "Coming of Age Day"),
    day(2025, 2, 11, "建国記念の日", "National Foundation Day"),
    day(2025, 2, 23, "天皇誕生日", "The Emperor's Birthday"),
    day(2025, 2, 24, "振替休日", "Substitute Holiday"),
    day(2025, 3, 20, "春分の日", "Vernal Equinox Day"),
    day(2025, 4, 29, "昭和の日", "Showa Day"),
    day(2025, 5, 3, "憲法記念日", "Constitution Memorial Day"),
    day(2025, 5, 4, "みどりの日", "Greenery Day"),
    day(2025, 5, 5, "こどもの日", "Children's Day"),
    day(2025, 5, 6, "振替休日", "Substitute Holiday"),
    day(2025, 7, 21, "海の日", "Marine Day"),
    day(2025, 8, 11, "山の日", "Mountain Day"),
    day(2025, 9, 15, "敬老の日", "Respect for the Aged Day"),
    day(2025, 9, 23, "秋分の日", "Autumnal Equinox Day"),
    day(2025, 10, 13, "スポーツの日", "Sports Day"),
    day(2025, 11, 3, "文化の日", "Culture Day"),
    day(2025, 11, 23, "勤労感謝の日", "Labour Thanksgiving Day"),
    day(2025, 11, 24, "振替休日", "Substitute Holiday"),
    day(2026, 1, 1, "元日", "New Year's Day"),
    day(2026, 1, 12, "成人の日", "Coming of Age Day"),
    day(2026, 2, 11, "建国記念の日", "National Foundation Day"),
    day(2026, 2, 23, "天皇誕生日", "The Emperor's Birthday"),
    day(2026, 3, 20, "春分の日", "Vernal Equinox Day"),
    day(2026, 4, 29, "昭和の日", "Showa Day"),
    day(2026, 5, 3, "憲法記念日", "Constitution Memorial Day"),
    day(2026, 5, 4, "みどりの日", "Greenery Day"),
    day(2026, 5, 5, "こどもの日", "Children's Day"),
    day(2026, 5, 6, "振替休日", "Substitute Holiday"),
    day(2026, 7, 20, "海の日", "Marine Day"),
    day(2026, 8, 11, "山の日", "Mountain Day"),
    day(2026, 9, 21, "敬老の日", "Respect for the Aged Day"),
    day(2026, 9, 22, "国民の休日", "Citizens' Holiday"),
    day(2026, 9, 23, "秋分の日", "Autumnal Equinox Day"),
    day(2026, 10, 12, "スポーツの日", "Sports Day"),
    day(2026, 11, 3, "文化の日", "Culture Day"),
    day(2026, 11, 23, "勤労感謝の日", "Labour Thanksgiving Day"),
    day(2027, 1, 1, "元日", "New Year's Day"),
    day(2027, 1, 11, "成人の日", "Coming of Age Day"),
    day(2027, 2, 11, "建国記念の日", "National Foundation Day"),
    day(2027, 2, 23, "天皇誕生日", "The Emperor's Birthday"),
    day(2027, 3, 21, "春分の日", "Vernal Equinox Day"),
    day(2027, 3, 22, "振替休日", "Substitute Holiday"),
    day(2027, 4, 29, "昭和の日", "Showa Day"),
    day(2027, 5, 3, "憲法記念日", "Constitution Memorial Day"),
    day(2027, 5, 4, "みどりの日", "Greenery Day"),
    day(2027, 5, 5, "こどもの日", "Children's Day"),
    day(2027, 7, 19, "海の日", "Marine Day"),
    day(2027, 8, 11, "山の日", "Mountain Day"),
    day(2027, 9, 20, "敬老の日", "Respect for the Aged Day"),
    day(2027, 9, 23, "秋分の日", "Autumnal Equinox Day"),
    day(2027, 10, 11, "スポーツの日", "Sports Day"),
    day(2027, 11, 3, "文化の日", "Culture Day"),
    day(2027, 11, 23, "勤労感謝の日", "Labour Thanksgiving Day"),
    day(2028, 1, 1, "元日", "New Year's Day"),
    day(2028, 1, 10, "成人の日", "Coming of Age Day"),
    day(2028, 2, 11, "建国記念の日", "National Foundation Day"),
    day(2028, 2, 23, "天皇誕生日", "The Emperor's Birthday"),
    day(2028, 3, 20, "春分の日", "Vernal Equinox Day"),
    day(2028, 4, 29, "昭和の日", "Showa Day"),
    day(2028, 5, 3, "憲法記念日", "Constitution Memorial Day"),
    day(2028, 5, 4, "みどりの日", "Greenery Day"),
    day(2028, 5, 5, "こどもの日", "Children's Day"),
    day(2028, 7, 17, "海の日", "Marine Day"),
    day(2028, 8, 11, "山の日", "Mountain Day"),
    day(2028, 9, 18, "敬老の日", "Respect for the Aged Day"),
    day(2028, 9, 22, "秋分の日", "Autumnal Equinox Day"),
    day(2028, 10, 9, "スポーツの日", "Sports Day"),
    day(2028, 11, 3, "文化の日", "Culture Day"),
    day(2028, 11, 23, "勤労感謝の日", "Labour Thanksgiving Day"),
    day(2029, 1, 1, "元日", "New Year's Day"),
    day(2029, 1, 8, "成人の日", "Coming of Age Day"),
    day(2029, 2, 11, "建国記念の日", "National Foundation Day"),
    day(2029, 2, 12, "振替休日", "Substitute Holiday"),
    day(2029, 2, 23, "天皇誕生日", "The Emperor's Birthday"),
    day(2029, 3, 20, "春分の日", "Vernal Equinox Day"),
    day(2029, 4, 29, "昭和の日", "Showa Day"),
    day(2029, 4, 30, "振替休日", "Substitute Holiday"),
    day(2029, 5, 3, "憲法記念日", "Constitution Memorial Day"),
    day(2029, 5, 4, "みどりの日", "Greenery Day"),
    day(2029, 5, 5, "こどもの日", "Children's Day"),
    day(2029, 7, 16, "海の日", "Marine Day"),
    day(2029, 8, 11, "山の日", "Mountain Day"),
    day(2029, 9, 17, "敬老の日", "Respect for the Aged Day"),
    day(2029, 9, 23, "秋分の日", "Autumnal Equinox Day"),
    day(2029, 9, 24, "振替休日", "Substitute Holiday"),
    day(2029, 10, 8, "スポーツの日", "Sports Day"),
    day(2029, 11, 3, "文化の日", "Culture Day"),
    day(2029, 11, 23, "勤労感謝の日", "Labour Thanksgiving Day"),
    day(2030, 1, 1, "元日", "New Year's Day"),
    day(2030, 1, 14, "成人の日", "Coming of Age Day"),
    day(2030, 2, 11, "建国記念の日", "National Foundation Day"),
    day(2030, 2, 23, "天皇誕生日", "The Emperor's Birthday"),
    day(2030, 3, 20, "春分の日", "Vernal Equinox Day"),
    day(2030, 4, 29, "昭和の日", "Showa Day"),
    day(2030, 5, 3, "憲法記念日", "Constitution Memorial Day"),
    day(2030, 5, 4, "みどりの日", "Greenery Day"),
    day(2030, 5, 5, "こどもの日", "Children's Day"),
    day(2030, 5, 6, "振替休日", "Substitute Holiday"),
    day(2030, 7, 15, "海の日", "Marine Day"),
    day(2030, 8, 11, "山の日", "Mountain Day"),
    day(2030, 8, 12, "振替休日", "Substitute Holiday"),
    day(2030, 9, 16, "敬老の日", "Respect for the Aged Day"),
    day(2030, 9, 23, "秋分の日", "Autumnal Equinox Day"),
    day(2030, 10, 14, "スポーツの日", "Sports Day"),
    day(2030, 11, 3, "文化の日", "Culture Day"),
    day(2030, 11, 4, "振替休日", "Substitute Holiday"),
    day(2030, 11, 23, "勤労感謝の日", "Labour Thanksgiving Day"),
];

wire_enum! {
    /// Why the hospital is closed on a day that is no weekend.
    ClosedDayKind grows {
        /// A national holiday.
        Holiday = "holiday",
        /// From 29 December to 3 January.
        TurnOfTheYear = "turn_of_the_year",
        /// A day of the hospital, or of a department.
        Own = "own",
    }
}

/// The last day that [`HOLIDAYS`] knows; later days count as working days but for weekends and the turn of the year.
pub const HOLIDAYS_KNOWN_TO: Date = date(2030, 12, 31);

/// The national holiday on a day.
pub fn holiday_on(date: Date) -> Option<&'static Holiday> {
    let place = HOLIDAYS.binary_search_by_key(&date, |holiday| holiday.on).ok()?;
    HOLIDAYS.get(place)
}

/// Whether a day lies between 29 December and 3 January.
pub fn is_turn_of_the_year(date: Date) -> bool {
    matches!((date.month(), date.day()), (12, 29..=31) | (1, 1..=3))
}

/// Whether the hospital works on a day; `closed` are the days that it adds to weekends, holidays and the turn of the year.
pub fn is_working_day(date: Date, closed: &[Date]) -> bool {
    let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    !weekend && !is_turn_of_the_year(date) && holiday_on(date).is_none() && !closed.contains(&date)
}

/// A day if the hospital works on it, else the next one on which it does. At the end of time, the day itself.
pub fn working_day_from(date: Date, closed: &[Date]) -> Date {
    if is_working_day(date, closed) { date } else { next_working_day(date, closed).unwrap_or(date) }
}

/// The first working day after a day; none if time ends before.
pub fn next_working_day(date: Date, closed: &[Date]) -> Option<Date> {
    // Every closed stretch is finite, and so is the list of closed days.
    let mut next = date;
    loop {
        let after = days_after(next, 1);
        if after == next {
            return None;
        }
        if is_working_day(after, closed) {
            return Some(after);
        }
        next = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days_are_what_they_are() {
        let works = |year, month, day| is_working_day(date(year, month, day), &[]);
        assert!(works(2024, 2, 26), "the Monday on which the page was published");
        assert!(!works(2024, 2, 23), "the Emperor's birthday, a Friday");
        assert!(!works(2026, 11, 23), "Labour Thanksgiving Day, a Monday");
        assert!(!works(2025, 5, 6), "the substitute for Greenery Day, a Sunday");
        assert!(!works(2026, 9, 22), "between two holidays");
        assert!(!works(2024, 12, 29) && !works(2024, 12, 30) && !works(2025, 1, 3) && works(2025, 1, 6));
        assert!(!works(2026, 11, 21), "a Saturday");
    }

    #[test]
    fn the_next_working_day_leaves_out_what_is_closed() {
        let next = |from, closed: &[Date]| next_working_day(from, closed);
        assert_eq!(next(date(2026, 11, 20), &[]), Some(date(2026, 11, 24)));
        assert_eq!(next(date(2026, 11, 20), &[date(2026, 11, 24)]), Some(date(2026, 11, 25)));
        assert_eq!(next(date(2026, 12, 28), &[]), Some(date(2027, 1, 4)));
        assert_eq!(next(date(2026, 5, 2), &[]), Some(date(2026, 5, 7)));
        assert_eq!(next(Date::MAX, &[]), None);
    }

    #[test]
    fn the_holidays_stand_in_order_and_sixteen_in_each_year_are_named() {
        assert!(HOLIDAYS.is_sorted_by(|left, right| left.on < right.on));
        for year in 2024..=2030 {
            let named = HOLIDAYS.iter().filter(|one| one.on.year() == year && one.ja != "振替休日" && one.ja != "国民の休日");
            assert_eq!(named.count(), 16, "{year}");
        }
    }

    #[test]
    fn every_holiday_on_a_sunday_has_its_substitute() {
        for sunday in HOLIDAYS.iter().filter(|one| one.on.weekday() == Weekday::Sunday) {
            let mut next = days_after(sunday.on, 1);
            while holiday_on(next).is_some_and(|one| one.ja != "振替休日") {
                next = days_after(next, 1);
            }
            assert_eq!(holiday_on(next).map(|one| one.ja), Some("振替休日"), "{}", sunday.on);
        }
    }
}
