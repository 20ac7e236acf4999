//! Dates as patients remember them: a year, a month, a day.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::people::{InvalidValue, as_text};

/// A date that may lack its day, or its month and day: `2021`, `2021-03`, `2021-03-05`. Ordered; the vaguer one first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartialDate {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
}

const FAULT: InvalidValue = InvalidValue { what: "a date, a month or a year", why: "format" };

/// So many digits and nothing else.
fn digits<T: FromStr>(text: &str, many: usize) -> Result<T, InvalidValue> {
    if text.len() != many || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(FAULT);
    }
    text.parse().map_err(|_| FAULT)
}

impl FromStr for PartialDate {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let mut parts = text.split('-');
        let year: i16 = digits(parts.next().unwrap_or_default(), 4)?;
        let month = parts.next().map(|part| digits::<i8>(part, 2)).transpose()?;
        let day = parts.next().map(|part| digits::<i8>(part, 2)).transpose()?;
        if parts.next().is_some() || !(1900..=2199).contains(&year) {
            return Err(FAULT);
        }
        Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).map_err(|_| FAULT)?;
        Ok(Self { year, month, day })
    }
}

impl PartialDate {
    /// The year.
    pub const fn year(self) -> i16 {
        self.year
    }

    /// The month, from 1.
    pub const fn month(self) -> Option<i8> {
        self.month
    }

    /// The day, from 1.
    pub const fn day(self) -> Option<i8> {
        self.day
    }

    /// The first day that it may be.
    pub fn earliest(self) -> Date {
        Date::new(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1)).unwrap_or(Date::MIN)
    }

    /// The last day that it may be.
    pub fn latest(self) -> Date {
        match (self.month, self.day) {
            (Some(_), Some(_)) => self.earliest(),
            (Some(_), None) => self.earliest().last_of_month(),
            (None, _) => self.earliest().last_of_year(),
        }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        for part in [self.month, self.day].into_iter().flatten() {
            write!(f, "-{part:02}")?;
        }
        Ok(())
    }
}

as_text!(PartialDate);

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for PartialDate {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        const PATTERN: &str = "^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$";
        crate::schema::text("partial-date", PATTERN, "A year (1900 to 2199), a month or a day.")
    }
}

#[cfg(feature = "schema")]
impl utoipa::ToSchema for PartialDate {}

/// From when until when; either may be unknown, or the treatment goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = TreatmentPeriod))]
#[serde(try_from = "Parts")]
pub struct Period {
    /// When it began.
    from: Option<PartialDate>,
    /// When it ended.
    to: Option<PartialDate>,
}

#[derive(Deserialize)]
struct Parts {
    #[serde(default)]
    from: Option<PartialDate>,
    #[serde(default)]
    to: Option<PartialDate>,
}

impl TryFrom<Parts> for Period {
    type Error = InvalidValue;

    fn try_from(parts: Parts) -> Result<Self, InvalidValue> {
        Self::new(parts.from, parts.to)
    }
}

impl Period {
    /// A period.
    ///
    /// # Errors
    /// An end that is certainly before the beginning, or neither of them.
    pub fn new(from: Option<PartialDate>, to: Option<PartialDate>) -> Result<Self, InvalidValue> {
        match (from, to) {
            (None, None) => Err(InvalidValue { what: "a period", why: "required" }),
            (Some(from), Some(to)) if from.earliest() > to.latest() => Err(InvalidValue { what: "a period", why: "ends_before_it_begins" }),
            (from, to) => Ok(Self { from, to }),
        }
    }

    /// When it began.
    pub const fn from(self) -> Option<PartialDate> {
        self.from
    }

    /// When it ended.
    pub const fn to(self) -> Option<PartialDate> {
        self.to
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> PartialDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_date_may_lack_its_day_or_its_month() {
        for good in ["2021", "2021-03", "2021-03-05", "2024-02-29"] {
            assert_eq!(date(good).to_string(), good);
        }
        for bad in
            ["", "21", "2021-3", "2021-13", "2021-02-29", "2021-03-05-01", "2021-", "2021/03", "1899", "+2021", "2021-00", "2021-03-5"]
        {
            assert!(bad.parse::<PartialDate>().is_err(), "{bad}");
        }
    }

    #[test]
    fn dates_are_in_order_the_vague_before_the_exact() {
        let mut dates = [date("2021-03-05"), date("2022"), date("2021"), date("2021-03")];
        dates.sort_unstable();
        assert_eq!(dates.map(|one| one.to_string()), ["2021", "2021-03", "2021-03-05", "2022"]);
        assert_eq!(date("2024-02").latest(), jiff::civil::date(2024, 2, 29));
        assert_eq!(date("2021").latest(), jiff::civil::date(2021, 12, 31));
    }

    #[test]
    fn a_period_does_not_end_before_it_begins() {
        assert!(Period::new(Some(date("2021-06")), Some(date("2021"))).is_ok(), "the year may end later");
        assert!(Period::new(Some(date("2021-06")), Some(date("2021-05-31"))).is_err());
        assert!(Period::new(None, None).is_err());
        assert!(serde_json::from_str::<Period>(r#"{"from":"2022","to":"2021"}"#).is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_stumble(text in "[-0-9a-z あ]{0,12}") {
            if let Ok(date) = text.parse::<PartialDate>() {
                prop_assert_eq!(date.to_string(), text);
                prop_assert!(date.earliest() <= date.latest());
            }
        }
    }
}
