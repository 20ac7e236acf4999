//! Why a case refuses.

mod kinds;
mod places;

pub use kinds::Refusal;
pub use places::Fact;

macro_rules! refusals {
    ($($(#[$doc:meta])* $variant:ident = $code:literal $({ $($(#[$fdoc:meta])* $field:ident: $type:ty),* $(,)? })?,)*) => {
        /// Why a case refuses, in the words of the rule.
        #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
        pub enum Refusal {
            $($(#[$doc])* #[error($code)] $variant $({ $($(#[$fdoc])* $field: $type),* })?,)*
        }

        impl Refusal {
            /// Every code.
            pub const CODES: &[&'static str] = &[$($code,)*];

            /// The stable code.
            pub const fn code(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $code,)* }
            }
        }
    };
}
use refusals;
