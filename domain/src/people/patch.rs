//! Changes to names and addresses.

use super::{CountryCode, InvalidValue, PersonName, PostalAddress, ShortText};
use crate::patch::{FieldChange, patch, set};

patch! {
    /// Changes to a name.
    PersonNamePatch {
        /// In letters of the Latin alphabet.
        alphabetic: ShortText,
        /// In its native script.
        native: ShortText,
        /// In kana.
        kana: ShortText,
    }
}

patch! {
    /// Changes to an address.
    PostalAddressPatch {
        /// Street, building, room: up to five lines.
        #[cfg_attr(feature = "schema", schema(max_items = 5))]
        lines: Vec<ShortText>,
        /// City or town.
        city: ShortText,
        /// State, province, prefecture.
        region: ShortText,
        /// Postal code.
        postal_code: ShortText,
        /// The country; an address without one cannot be.
        country: CountryCode,
    }
}

impl PersonNamePatch {
    /// The name with these changes.
    ///
    /// # Errors
    /// A name of which no form is left.
    pub fn applied_to(self, old: Option<&PersonName>) -> Result<PersonName, InvalidValue> {
        let had = |form: fn(&PersonName) -> Option<&str>| old.and_then(form).map(str::to_owned);
        let now = |change: FieldChange<ShortText>, before: Option<String>| change.map_or(before, |form| form.map(String::from));
        PersonName::new(
            now(self.alphabetic, had(PersonName::alphabetic)),
            now(self.native, had(PersonName::native)),
            now(self.kana, had(PersonName::kana)),
        )
    }
}

impl PostalAddressPatch {
    /// The address with these changes; nothing for one without a country.
    pub fn applied_to(self, old: Option<&PostalAddress>) -> Option<PostalAddress> {
        let country = match self.country {
            Some(country) => country?,
            None => old?.country,
        };
        let mut new = old.cloned().unwrap_or(PostalAddress { lines: Vec::new(), city: None, region: None, postal_code: None, country });
        new.country = country;
        if let Some(lines) = self.lines {
            new.lines = lines.unwrap_or_default();
        }
        set(&mut new.city, self.city);
        set(&mut new.region, self.region);
        set(&mut new.postal_code, self.postal_code);
        Some(new)
    }
}
