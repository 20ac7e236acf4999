//! Further half hours, agreed on before they begin (R15).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::VisitRecord;
use crate::ids::UserId;
use crate::people::LongText;
use crate::wire::wire_enum;

wire_enum! {
    /// Who pays a further half hour.
    ExtensionPayer {
        /// Whoever accepted the estimate.
        Payer = "payer",
        /// Those who visit, on the day.
        Visitor = "visitor",
    }
}

/// A further half hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// The beginning of the half hour that it takes in the calendar.
    pub begins_at: Timestamp,
    /// Who pays.
    pub payer: ExtensionPayer,
    /// To whom its invoice is addressed if those who visit pay.
    pub recipient: Option<LongText>,
    /// When it was agreed on.
    pub agreed_at: Timestamp,
    /// Who recorded it.
    pub by: UserId,
}

impl VisitRecord {
    /// The further half hours that somebody pays.
    pub fn extensions_paid_by(&self, payer: ExtensionPayer) -> usize {
        self.extensions.iter().filter(|one| one.payer == payer).count()
    }
}
