//! People: names, contacts, languages, and the parties of an application.

mod email;
mod name;
mod parties;
mod patch;
mod phone;
mod place;
mod text;

pub use email::EmailAddress;
pub use name::PersonName;
pub use parties::{ContactPerson, LegalGround, LegalRepresentative, PartyField, Patient, RelationToPatient};
pub use patch::{PersonNamePatch, PostalAddressPatch};
pub use phone::PhoneNumber;
pub use place::{CountryCode, LanguageTag, PostalAddress};
pub use text::{LongText, ShortText, is_blank, is_readable_line, is_readable_text};

/// A text that is not the value that was asked for. It never repeats the text: that may be personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {why}")]
pub struct InvalidValue {
    /// Which kind of value was asked for.
    pub what: &'static str,
    /// Which rule the text breaks, as a stable code.
    pub why: &'static str,
}

/// Text forms of a value: parsed by `FromStr`, stored and shown as the text.
macro_rules! as_text {
    ($name:ident) => {
        impl TryFrom<String> for $name {
            type Error = $crate::people::InvalidValue;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }
    };
}
pub(crate) use as_text;
