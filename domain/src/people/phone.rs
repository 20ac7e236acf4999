//! Telephone numbers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::InvalidValue;

/// A telephone number in E.164: `+`, country code, number.
///
/// A number that comes in must begin with the code of a country. Whether that country's plan has such a number is not asked: plans grow faster
/// than lists of them, and a telephone number is required. One that is read back is held against its form only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(utoipa::ToSchema),
    schema(
        description = "A telephone number in E.164: `+`, country code, number, such as +81312345678.",
        format = "phone",
        pattern = r"^\+[1-9][0-9]{6,14}$"
    )
)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

const NO_NUMBER: InvalidValue = InvalidValue { what: "a telephone number", why: "format" };

impl FromStr for PhoneNumber {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let number = Self::try_from(text.to_owned())?;
        // Country codes have one to three digits, and none is the beginning of another (ITU-T E.164).
        let code = |digits: usize| text.get(1..=digits).filter(|code| !code.starts_with('0'))?.parse::<u16>().ok();
        let is_known = (1..=3).filter_map(code).any(|code| phonenumber::metadata::DATABASE.by_code(&code).is_some());
        if is_known { Ok(number) } else { Err(NO_NUMBER) }
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, InvalidValue> {
        let digits = text.strip_prefix('+').unwrap_or_default();
        let plain = (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if plain { Ok(Self(text)) } else { Err(NO_NUMBER) }
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> Self {
        number.0
    }
}

impl PhoneNumber {
    /// The number in E.164.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_a_country() {
        for good in ["+81312345678", "+442079460018", "+8613812345678", "+962711691520", "+810000000000"] {
            assert!(good.parse::<PhoneNumber>().is_ok(), "{good}");
        }
        for bad in ["0335420111", "+81", "+1-212-555-0100", "+99999999999", "+0123456789", "+21012345678"] {
            assert!(bad.parse::<PhoneNumber>().is_err(), "{bad}");
        }
        let read_back = |json: &str| serde_json::from_str::<PhoneNumber>(json);
        assert!(read_back("\"+810000000000\"").is_ok(), "its plan may have changed since");
        assert!(read_back("\"0335420111\"").is_err());
    }
}
