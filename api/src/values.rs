//! Values that several features show: names, addresses, money. Schemas only where the domain's own type is the value.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::document::schemas;

/// A person's name. At least one of the forms is given.
#[derive(ToSchema)]
#[schema(as = PersonName)]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) struct NameOfPerson {
    /// In letters of the Latin alphabet, as in the passport.
    #[schema(required, value_type = Option<schemas::Line>, example = "Mei Tanaka")]
    alphabetic: Option<String>,
    /// In its native script.
    #[schema(required, value_type = Option<schemas::Line>, example = "田中 芽衣")]
    native: Option<String>,
    /// In kana.
    #[schema(required, value_type = Option<schemas::Line>, example = "タナカ メイ")]
    kana: Option<String>,
}

/// An amount of money.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Money {
    /// Whole minor units of the currency; yen has none, so yen.
    #[schema(minimum = 0, maximum = 1_000_000_000_i64, example = 33_000)]
    pub(crate) amount: i64,
    /// ISO 4217.
    pub(crate) currency: Currency,
}

/// The currency: the hospital's fees are in yen.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) enum Currency {
    /// Japanese yen.
    #[serde(rename = "JPY")]
    Jpy,
}
