//! Values that several features show: names, addresses, money. Where the domain's own type is the value, these are schemas only: one for
//! what goes in, in which fields may be absent, and one for what comes out, in which every key is present.

use domain::money::Yen;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::document::schemas;

/// A person's name. At least one of the forms is given. What is absent or null is not filled in.
#[derive(ToSchema)]
#[schema(as = PersonNameInput)]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) struct NameInput {
    /// In letters of the Latin alphabet, as in the passport.
    #[schema(example = "Mei Tanaka")]
    alphabetic: Option<schemas::Line>,
    /// In its native script.
    #[schema(example = "田中 芽衣")]
    native: Option<schemas::Line>,
    /// In kana.
    #[schema(example = "タナカ メイ")]
    kana: Option<schemas::Line>,
}

/// A person's name. At least one of the forms is given.
#[derive(ToSchema)]
#[schema(as = PersonName)]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) struct NameOfPerson {
    /// In letters of the Latin alphabet, as in the passport.
    #[schema(example = "Mei Tanaka")]
    alphabetic: Option<schemas::Line>,
    /// In its native script.
    #[schema(example = "田中 芽衣")]
    native: Option<schemas::Line>,
    /// In kana.
    #[schema(example = "タナカ メイ")]
    kana: Option<schemas::Line>,
}

/// A postal address. Its country is the country of residence. What is absent or null is not filled in.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) struct PostalAddressInput {
    /// Street, building, room: up to five lines.
    #[schema(max_items = 5, example = json!(["1-2-3 Hongo"]))]
    lines: Option<Vec<schemas::Line>>,
    /// City or town.
    #[schema(example = "Tokyo")]
    city: Option<schemas::Line>,
    /// State, province, prefecture.
    #[schema(example = "Tokyo")]
    region: Option<schemas::Line>,
    /// Postal code, where the country has one.
    #[schema(example = "113-0033")]
    postal_code: Option<schemas::Line>,
    /// The country; a new address needs it.
    #[schema(required = false)]
    country: schemas::CountryCode,
}

/// A postal address. Its country is the country of residence.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) struct PostalAddress {
    /// Street, building, room: up to five lines.
    #[schema(max_items = 5, example = json!(["1-2-3 Hongo"]))]
    lines: Vec<schemas::Line>,
    /// City or town.
    #[schema(example = "Tokyo")]
    city: Option<schemas::Line>,
    /// State, province, prefecture.
    #[schema(example = "Tokyo")]
    region: Option<schemas::Line>,
    /// Postal code, where the country has one.
    #[schema(example = "113-0033")]
    postal_code: Option<schemas::Line>,
    /// The country.
    country: schemas::CountryCode,
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
