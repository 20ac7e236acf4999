//! Values that several features show: names, addresses, money. Where the domain's own type is the value, these are schemas only: one for
//! what goes in, in which fields may be absent, and one for what comes out, in which every key is present.

use domain::money::Yen;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An amount of money.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Money {
    /// Whole minor units of the currency; yen has none, so yen.
    #[schema(minimum = 0, maximum = 1_000_000_000_i64)]
    pub(crate) amount: i64,
    /// ISO 4217.
    pub(crate) currency: Currency,
}

impl From<Yen> for Money {
    fn from(yen: Yen) -> Self {
        Self { amount: yen.amount(), currency: Currency::Jpy }
    }
}

/// The currency: the hospital's fees are in yen.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) enum Currency {
    /// Japanese yen.
    #[serde(rename = "JPY")]
    Jpy,
}
