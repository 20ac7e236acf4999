//! Whom to ask.

use domain::people::{EmailAddress, PhoneNumber};
use serde::Serialize;
use utoipa::ToSchema;

/// How to reach International Services.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct DeskContact {
    /// The desk's name.
    pub(crate) name: String,
    /// E-mail address.
    #[schema(value_type = EmailAddress)]
    pub(crate) email: String,
    /// Telephone number.
    #[schema(value_type = PhoneNumber)]
    pub(crate) phone: String,
    /// When somebody answers.
    pub(crate) hours: String,
    /// The desk's name in Japanese.
    pub(crate) name_ja: String,
    /// When somebody answers, in Japanese.
    pub(crate) hours_ja: String,
}

impl From<&domain::settings::Contact> for DeskContact {
    fn from(contact: &domain::settings::Contact) -> Self {
        Self {
            name: contact.name.clone(),
            email: contact.email.clone(),
            phone: contact.phone.clone(),
            hours: contact.hours.clone(),
            name_ja: contact.name_ja.clone(),
            hours_ja: contact.hours_ja.clone(),
        }
    }
}
