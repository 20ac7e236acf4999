//! Whom people ask.

use serde::{Deserialize, Serialize};

use super::Faults;

/// How to reach International Services.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    /// The desk's name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Telephone number, E.164.
    pub phone: String,
    /// When somebody answers.
    pub hours: String,
}

impl Default for Contact {
    fn default() -> Self {
        let text = str::to_owned;
        Self {
            name: text("International Services"),
            email: text("international@hospital.example"),
            phone: text("+81312345678"),
            hours: text("Monday to Friday, 9:00-17:00 (Asia/Tokyo)"),
        }
    }
}

impl Contact {
    pub(super) fn check(&self, faults: &mut Faults) {
        faults.unless(self.email.parse::<crate::people::EmailAddress>().is_ok(), "/contact/email", "format");
        faults.unless(self.phone.parse::<crate::people::PhoneNumber>().is_ok(), "/contact/phone", "format");
    }
}
