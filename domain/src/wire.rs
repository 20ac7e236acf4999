//! Closed lists with one name on the wire, in the database and in the code.

/// Makes an enum whose variants have the given names on the wire. A list with the word `grows` may get more names within a version of the API.
macro_rules! wire_enum {
    ($(#[doc = $doc:literal])* $name:ident $($grows:ident)? { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name on the wire and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::people::InvalidValue;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)*
                    _ => Err($crate::people::InvalidValue { what: stringify!($name), why: "not_a_choice" }),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        #[cfg(feature = "schema")]
        $crate::schema::describe_choices!($name, [$($text),*], [$($doc),*], [$(stringify!($grows))?]);
    };
}
pub(crate) use wire_enum;
