//! Changes as a JSON Merge Patch (RFC 7396) with types: what is absent stays, `null` empties, objects merge, lists are replaced whole.

use serde::{Deserialize, Deserializer};

/// A change to one field: `None` leaves it, `Some(None)` empties it, `Some(Some(…))` sets or merges it.
pub type FieldChange<T> = Option<Option<T>>;

/// For `serde`: a field that is given, `null` too, is a change.
pub fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<FieldChange<T>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

macro_rules! patch {
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$fdoc])* #[serde(default, deserialize_with = "crate::patch::present")] pub $field: Option<Option<$type>>,)* }
    };
}
pub(crate) use patch;

/// Puts a change into a field.
pub(crate) fn set<T>(field: &mut Option<T>, change: FieldChange<T>) {
    if let Some(value) = change {
        *field = value;
    }
}
