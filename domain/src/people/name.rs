//! Names of people.

use serde::{Deserialize, Serialize};

use super::{InvalidValue, ShortText};

/// A person's name: an alphabetic form as in the passport, and optionally the native script and kana. Any part may be absent, not all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(try_from = "Parts")]
pub struct PersonName {
    /// In letters of the Latin alphabet, as in the passport.
    alphabetic: Option<ShortText>,
    /// In its native script.
    native: Option<ShortText>,
    /// In kana.
    kana: Option<ShortText>,
}

#[derive(Deserialize)]
struct Parts {
    #[serde(default)]
    alphabetic: Option<ShortText>,
    #[serde(default)]
    native: Option<ShortText>,
    #[serde(default)]
    kana: Option<ShortText>,
}

impl TryFrom<Parts> for PersonName {
    type Error = InvalidValue;

    fn try_from(parts: Parts) -> Result<Self, InvalidValue> {
        let Parts { alphabetic, native, kana } = parts;
        if alphabetic.is_none() && native.is_none() && kana.is_none() {
            return Err(InvalidValue { what: "a name", why: "required" });
        }
        Ok(Self { alphabetic, native, kana })
    }
}

impl PersonName {
    /// A name of these forms.
    ///
    /// # Errors
    /// A form that is no line of text, or no form at all.
    pub fn new(alphabetic: Option<String>, native: Option<String>, kana: Option<String>) -> Result<Self, InvalidValue> {
        let parse = |part: Option<String>| part.map(ShortText::try_from).transpose();
        Self::try_from(Parts { alphabetic: parse(alphabetic)?, native: parse(native)?, kana: parse(kana)? })
    }

    /// In letters of the Latin alphabet, as in the passport.
    pub fn alphabetic(&self) -> Option<&str> {
        self.alphabetic.as_ref().map(ShortText::as_str)
    }

    /// In its native script.
    pub fn native(&self) -> Option<&str> {
        self.native.as_ref().map(ShortText::as_str)
    }

    /// In kana.
    pub fn kana(&self) -> Option<&str> {
        self.kana.as_ref().map(ShortText::as_str)
    }

    /// The form that staff read first: alphabetic, else native, else kana.
    pub fn shown(&self) -> &str {
        self.alphabetic().or_else(|| self.native()).or_else(|| self.kana()).unwrap_or_default()
    }

    /// Every form that there is, for search.
    pub fn forms(&self) -> impl Iterator<Item = &str> {
        [self.alphabetic(), self.native(), self.kana()].into_iter().flatten()
    }
}
