//! The events of a case. Each is recorded once; its audience only shrinks.

mod kinds;

pub use kinds::EventKind;

use crate::access::Audience;

/// An event with its audience.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The kind.
    pub kind: EventKind,
    /// For whom.
    pub audience: Audience,
}

impl EventKind {
    /// The names of its details that only the hospital's people read: reasons that stay inside.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others have no reasons that stay inside")]
    pub const fn internal_details(&self) -> &'static [&'static str] {
        match self {
            Self::CaseDeclined { code } if code.is_internal() => &["code"],
            Self::CaseCancelled { reason, .. } if reason.is_internal() => &["reason", "silent"],
            _ => &[],
        }
    }
}

macro_rules! events {
    ($($(#[$doc:meta])* $variant:ident = $name:literal $({ $($(#[$fdoc:meta])* $field:ident: $type:ty),* $(,)? })?,)*) => {
        /// The kinds of events. The names are an open list.
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(tag = "event")]
        pub enum EventKind {
            $($(#[$doc])* #[serde(rename = $name)] $variant $({ $($(#[$fdoc])* $field: $type),* })?,)*
        }

        impl EventKind {
            /// Every name.
            pub const NAMES: &[&'static str] = &[$($name,)*];

            /// The stable name.
            pub const fn as_str(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $name,)* }
            }
        }
    };
}
use events;
