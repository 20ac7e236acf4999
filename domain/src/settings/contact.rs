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
    /// The desk's name in Japanese.
    pub name_ja: String,
    /// When somebody answers, in Japanese.
    pub hours_ja: String,
    /// Where applicants and agencies sign in: letters lead there. Empty if there is no such page.
    pub portal_url: String,
}

impl Default for Contact {
    fn default() -> Self {
        let text = str::to_owned;
        Self {
            name: text("International Services"),
            email: text("international@hospital.example"),
            phone: text("+81312345678"),
            hours: text("Monday to Friday, 9:00-17:00 (Asia/Tokyo)"),
            name_ja: text("国際診療担当"),
            hours_ja: text("月曜日~金曜日 9:00~17:00(日本時間)"),
            portal_url: String::new(),
        }
    }
}

impl Contact {
    pub(super) fn check(&self, faults: &mut Faults) {
        faults.unless(self.email.parse::<crate::people::EmailAddress>().is_ok(), "/contact/email", "format");
        faults.unless(self.portal_url.is_empty() || is_link(&self.portal_url), "/contact/portal_url", "link");
        faults.unless(self.phone.parse::<crate::people::PhoneNumber>().is_ok(), "/contact/phone", "format");
    }
}

/// Whether this is an address that a browser opens safely: `https`, or this machine alone.
fn is_link(text: &str) -> bool {
    let places = ["https://", "http://localhost", "http://127.0.0.1"];
    let rest = places.iter().find_map(|place| text.strip_prefix(place));
    let is_plain = |sign: char| sign.is_ascii_graphic() && !matches!(sign, '<' | '>' | '"' | '\\' | '`' | '{' | '}' | '|' | '^');
    rest.is_some_and(|rest| (!rest.is_empty() || !text.starts_with("https")) && text.len() <= 200) && text.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_one_that_a_browser_opens_safely() {
        for good in ["https://portal.example/cases", "http://localhost:5173", "http://127.0.0.1:8080/"] {
            assert!(is_link(good), "{good}");
        }
        for bad in
            ["https://", "http://portal.example", "javascript:alert(1)", "portal.example", "https://a b", "https://a\nb", "https://a/<b>"]
        {
            assert!(!is_link(bad), "{bad}");
        }
    }
}
