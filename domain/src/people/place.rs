//! Countries, addresses and languages.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{InvalidValue, ShortText, as_text};

/// A country or region by ISO 3166-1 alpha-2; and XK, which passports and banks use for Kosovo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(value_type = String, format = "country", pattern = "^[A-Z]{2}$"))]
#[serde(try_from = "String", into = "String")]
pub struct CountryCode([u8; 2]);

impl CountryCode {
    /// Japan.
    pub const JAPAN: Self = Self(*b"JP");

    /// The two letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for CountryCode {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let fault = InvalidValue { what: "a country", why: "format" };
        let letters: [u8; 2] = text.as_bytes().try_into().map_err(|_| fault)?;
        let upper = letters.iter().all(u8::is_ascii_uppercase);
        if upper && (text == "XK" || rust_iso3166::from_alpha2(text).is_some()) { Ok(Self(letters)) } else { Err(fault) }
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

as_text!(CountryCode);

/// A language by BCP 47, such as `en`, `ja`, `zh-Hant`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(utoipa::ToSchema),
    schema(format = "language-tag", pattern = r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", max_length = 35)
)]
#[serde(try_from = "String", into = "String")]
pub struct LanguageTag(String);

impl LanguageTag {
    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first subtag, in lower case.
    pub fn primary(&self) -> String {
        self.0.split('-').next().unwrap_or_default().to_lowercase()
    }

    /// Whether it names a script, such as `zh-Hant`, or a region that writes in another than the usual one.
    pub fn names_script(&self) -> bool {
        let is_script = |part: &str| part.len() == 4 && part.bytes().all(|letter| letter.is_ascii_alphabetic());
        let parts = || self.0.split('-').skip(1);
        let writes_otherwise = self.primary() == "zh" && parts().any(|part| ["tw", "hk", "mo"].contains(&part.to_lowercase().as_str()));
        writes_otherwise || parts().any(is_script)
    }

    /// Whether its first subtag is that of a language (ISO 639). It is asked of what comes in; what was stored before stays readable.
    pub fn is_known(&self) -> bool {
        let primary = self.primary();
        isolang::Language::from_639_1(&primary).or_else(|| isolang::Language::from_639_3(&primary)).is_some()
    }

    /// Whether the hospital reads it: Japanese or English (seed: “Documents must be translated into either Japanese or English”).
    pub fn is_read_here(&self) -> bool {
        matches!(self.primary().as_str(), "ja" | "en")
    }
}

impl FromStr for LanguageTag {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let parsed = oxilangtag::LanguageTag::parse(text);
        let plain = text.len() <= 35 && text.split('-').next().is_some_and(|first| (2..=8).contains(&first.len()));
        match parsed {
            Ok(tag) if plain => Ok(Self(tag.into_inner().to_owned())),
            _ => Err(InvalidValue { what: "a language", why: "format" }),
        }
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

as_text!(LanguageTag);

/// A postal address. The country is the country of residence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PostalAddress {
    /// Street, building, room: up to five lines.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_items = 5))]
    pub lines: Vec<ShortText>,
    /// City or town.
    #[serde(default)]
    pub city: Option<ShortText>,
    /// State, province, prefecture.
    #[serde(default)]
    pub region: Option<ShortText>,
    /// Postal code, where the country has one.
    #[serde(default)]
    pub postal_code: Option<ShortText>,
    /// The country.
    pub country: CountryCode,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_those_of_the_list_and_kosovo() {
        for good in ["JP", "CN", "XK"] {
            assert!(good.parse::<CountryCode>().is_ok(), "{good}");
        }
        for bad in ["jp", "ZZ", "JPN", ""] {
            assert!(bad.parse::<CountryCode>().is_err(), "{bad}");
        }
    }

    #[test]
    fn languages_are_tags_and_two_are_read_here() {
        assert!("zh-Hant".parse::<LanguageTag>().is_ok());
        assert!("not a language".parse::<LanguageTag>().is_err());
        for (tag, known) in
            [("en", true), ("zh-Hant", true), ("yue", true), ("fil", true), ("french", false), ("xx", false), ("qqq", false)]
        {
            assert_eq!(tag.parse::<LanguageTag>().unwrap().is_known(), known, "{tag}");
        }
        assert!("en-GB".parse::<LanguageTag>().unwrap().is_read_here());
        assert!(!"ru".parse::<LanguageTag>().unwrap().is_read_here());
    }
}
