//! E-mail addresses, and the one form in which they are compared.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::InvalidValue;

/// An e-mail address (RFC 5321, RFC 6531): a local part and a domain, without comments, literals or display names; at most 254 octets.
///
/// It is kept as it was written, and compared in its canonical form: two addresses are one exactly if both parts of
/// [`EmailAddress::canonical`] are equal. An address that comes in is parsed by [`FromStr`]. One that is read back is held
/// against its outline only: release 0.1 took domains that IDNA refuses, and what is stored must stay readable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(description = "An e-mail address (RFC 5321), at most 254 characters.", format = Email, max_length = 254))]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

const NO_ADDRESS: InvalidValue = InvalidValue { what: "an e-mail address", why: "format" };

impl FromStr for EmailAddress {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let address = Self::try_from(text.to_owned())?;
        let domain = a_labels(address.domain()).ok_or(NO_ADDRESS)?;
        let strict = email_address::Options::default().with_required_tld().without_domain_literal().without_display_text();
        // The domain is judged as mail systems see it: `例え。jp` has its dot only after the mapping.
        let on_the_wire = format!("{}@{domain}", address.local_part());
        let parsed = email_address::EmailAddress::parse_with_options(&on_the_wire, strict);
        if text.len() > 254 || on_the_wire.len() > 254 || text.contains(['"', '(', ')']) || parsed.is_err() {
            return Err(NO_ADDRESS);
        }
        Ok(address)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, InvalidValue> {
        match text.rsplit_once('@') {
            Some((local, domain)) if !local.is_empty() && !domain.is_empty() => Ok(Self(text)),
            _ => Err(NO_ADDRESS),
        }
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

impl EmailAddress {
    /// The address as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the last `@`, as written.
    pub fn local_part(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// The part after the last `@`, as written.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The one form in which addresses are compared, local part and domain apart.
    ///
    /// The local part is compared in lower case if it is ASCII, else byte for byte (only accounts of release 0.1 have such
    /// names). The domain is compared as A-labels (UTS 46, strict, STD3): width, case and compatibility forms of a domain
    /// are one address, accents are another. A domain that IDNA refuses is compared in lower case.
    pub fn canonical(&self) -> String {
        let local = self.local_part();
        let local = if local.is_ascii() { local.to_ascii_lowercase() } else { local.to_owned() };
        let domain = a_labels(self.domain()).unwrap_or_else(|| self.domain().to_lowercase());
        format!("{local}@{domain}")
    }

    /// Whether both are the address of one mailbox.
    pub fn is_same_mailbox(&self, other: &Self) -> bool {
        self.canonical() == other.canonical()
    }

    /// Whether an account may be made with this address: its local part is ASCII.
    pub fn can_name_an_account(&self) -> bool {
        self.local_part().is_ascii()
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The domain as the DNS has it (RFC 5890): mapped by UTS 46, strict, without a trailing dot.
fn a_labels(domain: &str) -> Option<String> {
    idna::domain_to_ascii_strict(domain).ok().filter(|labels| !labels.is_empty() && !labels.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> EmailAddress {
        text.parse().unwrap_or_else(|_| panic!("{text} is refused"))
    }

    #[test]
    fn addresses_are_plain_ones() {
        for good in ["mei.tanaka@example.org", "a+b@sub.example.co.jp", "mei@例え.jp", "mei@例え。jp", "méi@example.org"] {
            assert!(good.parse::<EmailAddress>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "mei",
            "mei@",
            "@example.org",
            "mei@localhost",
            "Mei <mei@example.org>",
            "mei@[127.0.0.1]",
            "\"a b\"@example.org",
            "mei@example.org.",
            "mei@exa_mple.org",
            "mei@-example.org",
            "mei@℀.com",
            "mei@exa\u{202e}mple.org",
            "mei@example..org",
        ] {
            assert!(bad.parse::<EmailAddress>().is_err(), "{bad}");
        }
    }

    /// The classes that a search index folds: a domain's forms are one address, accents and other letters are another.
    #[test]
    fn forms_of_a_domain_are_one_mailbox_and_accents_another() {
        let same = [
            ("mei@hospital.example", "MEI@Hospital.Example"),
            ("mei@hospital.example", "mei@ｈｏｓｐｉｔａｌ.example"),
            ("mei@hospital.example", "mei@hoſpital.example"),
            ("mei@hospital.example", "mei@hospital．example"),
            ("mei@例え.jp", "mei@xn--r8jz45g.jp"),
            ("mei@ﾊﾟﾝ.jp", "mei@パン.jp"),
            ("mei@höspital.example", "mei@ho\u{308}spital.example"),
        ];
        for (one, other) in same {
            assert!(address(one).is_same_mailbox(&address(other)), "{one} is {other}");
        }
        let apart = [
            ("boss@hospital.example", "boss@höspital.example"),
            ("mei@straße.example", "mei@strasse.example"),
            ("mei@パン.jp", "mei@ぱん.jp"),
            ("mei@パン.jp", "mei@ハン.jp"),
            ("mei@example.org", "méi@example.org"),
            ("mei@example.org", "ｍei@example.org"),
            ("méi@example.org", "mÉi@example.org"),
            ("mei@example.org", "mei+a@example.org"),
            ("ıan@example.org", "ian@example.org"),
        ];
        for (one, other) in apart {
            assert!(!address(one).is_same_mailbox(&address(other)), "{one} is not {other}");
        }
    }

    #[test]
    fn an_account_has_an_ascii_local_part() {
        assert!(address("mei@例え.jp").can_name_an_account());
        for other in ["méi@example.org", "ｍei@example.org", "メイ@example.org", "İ@example.org"] {
            assert!(!address(other).can_name_an_account(), "{other}");
        }
    }

    #[test]
    fn what_was_stored_stays_readable() {
        let stored: EmailAddress = serde_json::from_str("\"mei@exa_mple.org\"").unwrap();
        assert_eq!(stored.canonical(), "mei@exa_mple.org");
        assert!(serde_json::from_str::<EmailAddress>("\"nobody\"").is_err());
    }
}
