//! The numbers of documents: a prefix and at least six digits, in one way of writing.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::people::{InvalidValue, as_text};

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal, $what:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(u64);

        impl $name {
            const INVALID: InvalidValue = InvalidValue { what: $what, why: "format" };

            /// A number, from 1.
            pub const fn new(number: u64) -> Result<Self, InvalidValue> {
                if number == 0 { Err(Self::INVALID) } else { Ok(Self(number)) }
            }

            /// The number alone.
            pub const fn number(self) -> u64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "-{:06}"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidValue;

            fn from_str(text: &str) -> Result<Self, InvalidValue> {
                let digits = text.strip_prefix(concat!($prefix, "-")).ok_or(Self::INVALID)?;
                let number = Self::new(digits.parse().map_err(|_| Self::INVALID)?)?;
                // One way to write each number.
                if number.to_string() == text { Ok(number) } else { Err(Self::INVALID) }
            }
        }

        as_text!($name);
    )*};
}

numbers! {
    /// The number of an estimate: `EST-000123`.
    EstimateNumber = "EST", "an estimate number";
    /// The number of an invoice, without gaps: `INV-000123`.
    InvoiceNumber = "INV", "an invoice number";
    /// The number of a credit note, without gaps: `CN-000123`.
    CreditNoteNumber = "CN", "a credit note number";
    /// The number of the paper of a cancellation fee, without gaps: `FEE-000123`.
    FeeNumber = "FEE", "the number of a cancellation fee";
    /// The number of a receipt, without gaps: `RCT-000123`.
    ReceiptNumber = "RCT", "a receipt number";
    /// The number of a paid refund, without gaps: `RF-000123`.
    RefundNumber = "RF", "a refund number";
}
