//! The revision of a resource as one audience sees it: what a caller must still hold to change it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::access::Relations;

/// One version of one resource, for one audience. Two callers with different relations see different
/// representations, so their revisions differ although the version is the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision(String);

impl Revision {
    /// The revision `version` of `subject` (its identifier as text), as seen through `relations`.
    pub fn of(subject: &str, version: u64, relations: Relations) -> Self {
        Self::seen_as(subject, version, &format!("{relations:?}"))
    }

    /// The revision of something that every caller who may read it sees alike.
    pub fn shared(subject: &str, version: u64) -> Self {
        Self::seen_as(subject, version, "")
    }

    /// The revision as seen by an audience named in words.
    pub fn seen_as(subject: &str, version: u64, audience: &str) -> Self {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, format!("{subject}\n{audience}").as_bytes());
        let mark = URL_SAFE_NO_PAD.encode(digest.as_ref().get(..6).unwrap_or_default());
        Self(format!("{version}-{mark}"))
    }

    /// The revision as text: letters, digits, `-` and `_`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What the caller expects to change: any version, or one of those named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Whatever stands (`If-Match: *`).
    Any,
    /// One of these revisions.
    OneOf(Vec<String>),
}

impl Expected {
    /// Whether `revision` is among the expected ones.
    pub fn allows(&self, revision: &Revision) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(named) => named.iter().any(|one| one == revision.as_str()),
        }
    }
}
