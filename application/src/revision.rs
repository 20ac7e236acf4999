//! Which version of a resource stands, and which one a caller expects to change.

/// The version of a resource: what a caller must still hold to change it. What else is shown with it (names, labels, messages) does not
/// belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revision(u64);

impl Revision {
    /// A version as the database counts it.
    pub fn of(version: i64) -> Self {
        Self(u64::try_from(version).unwrap_or(0))
    }

    /// The number.
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl From<u64> for Revision {
    fn from(version: u64) -> Self {
        Self(version)
    }
}

/// The versions that the caller expects: any, or one of those named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Whatever stands (`If-Match: *`).
    Any,
    /// One of these versions; none if the caller named nothing that could be one.
    OneOf(Vec<u64>),
}

impl Expected {
    /// Whether `revision` is among the expected ones.
    pub fn allows(&self, revision: Revision) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(named) => named.contains(&revision.0),
        }
    }
}
