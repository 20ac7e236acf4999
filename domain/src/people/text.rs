//! Plain texts that people write.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{InvalidValue, as_text};

/// One line: 1 to 200 characters, no control characters, not only blanks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ShortText(String);

/// Text of several lines: 1 to 10,000 characters, no control characters but line ends and tabs, not only blanks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LongText(String);

fn check(text: &str, what: &'static str, longest: usize, allowed: &[char]) -> Result<String, InvalidValue> {
    let fault = |why| Err(InvalidValue { what, why });
    if text.trim().is_empty() {
        return fault("too_short");
    }
    if text.chars().count() > longest {
        return fault("too_long");
    }
    if text.chars().any(|letter| letter.is_control() && !allowed.contains(&letter)) {
        return fault("control_character");
    }
    Ok(text.to_owned())
}

impl FromStr for ShortText {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        check(text, "a line of text", 200, &[]).map(Self)
    }
}

impl FromStr for LongText {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        check(text, "a text", 10_000, &['\n', '\r', '\t']).map(Self)
    }
}

impl ShortText {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl LongText {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ShortText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for LongText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

as_text!(ShortText);
as_text!(LongText);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line_of_something() {
        assert!("Referral letter".parse::<ShortText>().is_ok());
        assert!("  ".parse::<ShortText>().is_err());
        assert!("two\nlines".parse::<ShortText>().is_err());
        assert!("あ".repeat(200).parse::<ShortText>().is_ok(), "characters, not bytes");
        assert!("a".repeat(201).parse::<ShortText>().is_err());
    }

    #[test]
    fn a_text_has_lines_but_no_control_characters() {
        assert!("two\nlines".parse::<LongText>().is_ok());
        assert!("nul\0".parse::<LongText>().is_err());
    }
}
