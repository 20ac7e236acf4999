//! Dates and instants as RFC 3339 writes them, and in no other form of ISO 8601: a form that is read by guessing is read wrong one day.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use serde::{Deserialize as _, Deserializer};

/// Whether a text is a `full-date`.
pub(crate) fn is_date(text: &str) -> bool {
    has_form(text, b"dddd-dd-dd") && text.parse::<Date>().is_ok()
}

/// Whether a text is a `date-time`.
pub(crate) fn is_instant(text: &str) -> bool {
    let (Some(date), Some(rest)) = (text.get(..10), text.get(10..)) else { return false };
    let Some(time) = rest.strip_prefix(['T', 't']) else { return false };
    let Some((clock, rest)) = time.split_at_checked(8) else { return false };
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => {
            let after = fraction.trim_start_matches(|digit: char| digit.is_ascii_digit());
            if after.len() == fraction.len() {
                return false;
            }
            after
        }
        None => rest,
    };
    let zone = match rest {
        "Z" | "z" => true,
        offset => has_form(offset, b"sdd:dd") && offset.get(1..).is_some_and(|time| format!("{time}:00").parse::<Time>().is_ok()),
    };
    // A leap second stands at the end of a minute; it is read as the second before it.
    is_date(date) && has_form(clock, b"dd:dd:dd") && clock.parse::<Time>().is_ok() && zone
}

/// Whether a text has this form: `d` stands for a digit, `s` for a sign, everything else for itself.
fn has_form(text: &str, form: &[u8]) -> bool {
    let fits = |(byte, form): (u8, &u8)| match form {
        b'd' => byte.is_ascii_digit(),
        b's' => byte == b'+' || byte == b'-',
        other => byte == *other,
    };
    text.len() == form.len() && text.bytes().zip(form).all(fits)
}

/// Reads a bound of a search. The end of the year 9999 is later than everything that can be asked for, and so is what the clock cannot count.
pub(crate) fn bound<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    let beyond = if text.starts_with("0000") { Timestamp::MIN } else { Timestamp::MAX };
    Ok(Some(text.parse().unwrap_or(beyond)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_a_full_date() {
        assert!(is_date("1948-07-11") && is_date("2024-02-29"));
        for bad in
            ["19480711", "1948-07-11T15:00:00+00:00", "-009999-01-01", "1948-7-1", "1948-02-30", "1948-07-11 ", "2023-02-29", "1948-W28-7"]
        {
            assert!(!is_date(bad), "{bad}");
        }
    }

    #[test]
    fn an_instant_is_a_date_time() {
        for good in ["2026-11-24T03:00:00Z", "9999-12-31T23:59:59Z", "2026-11-24t03:00:00.123456789+09:00", "2026-11-24T03:00:00-00:00"] {
            assert!(is_instant(good), "{good}");
        }
        for bad in [
            "2026-11-24T03:00:00+25:00",
            "2026-11-24T03:00:00+09:60",
            "2026-11-24T03:00:00",
            "2026-11-24 03:00:00Z",
            "2026-11-24T03:00Z",
            "20261124T030000Z",
            "2026-11-24T24:00:00Z",
            "2026-11-24T03:00:00.Z",
            "2026-11-24T03:00:00Z[UTC]",
            "2026-11-24T03:00:00+0900",
        ] {
            assert!(!is_instant(bad), "{bad}");
        }
    }
}
