//! Requests and answers of fee schedules and price calculations.

use domain::billing::fees::{Coverage, FeeCode, FeeUnit, Pricing, QuoteRequest};
use domain::ids::{FeeScheduleId, QuoteId};
use domain::intake::ReExamination;
use domain::service::ServiceKind;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::messages::{Language, Messages};
use crate::wire::money::Money;
use crate::wire::page::Page;

/// A page of them.
pub(crate) type FeeScheduleList = Page<FeeSchedule>;

/// The prices from one day on, until another schedule takes effect. A quote keeps the schedule that it was made with.
#[derive(Serialize, ToSchema)]
pub(crate) struct FeeSchedule {
    /// The schedule.
    id: FeeScheduleId,
    /// The first day, in Tokyo, on which it is in force.
    effective_on: Date,
    /// Whether the prices include consumption tax: they do.
    tax_included: bool,
    /// The prices.
    fees: Vec<Fee>,
}

/// A price, tax included.
#[derive(Serialize, ToSchema)]
pub(crate) struct Fee {
    /// The service or article that is charged for.
    code: FeeCode,
    /// The same in the reader's language.
    label: String,
    /// The price of one unit, tax included.
    price: Money,
    /// The price in the reader's words, with the tax, and with “from” where it may be more.
    price_text: String,
    /// The unit.
    unit: FeeUnit,
    /// Whether it may be more.
    is_minimum: bool,
}

/// The service whose price is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateQuote {
    /// The service.
    kind: ServiceKind,
    /// Half hours beyond the first, for a visit; each is agreed on before it begins.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 6, default = 0)]
    additional_half_hours: u8,
    /// The slides that are to be examined again; absent or null for none.
    #[serde(default)]
    re_examination: Option<ReExamination>,
}

impl CreateQuote {
    pub(crate) fn wanted(&self) -> QuoteRequest {
        QuoteRequest { kind: self.kind, additional_half_hours: self.additional_half_hours, re_examination: self.re_examination }
    }
}

/// A price calculation. It names nobody; whoever knows its id may read it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Quote {
    /// The price calculation.
    id: QuoteId,
    /// The schedule whose prices it keeps.
    fee_schedule_id: FeeScheduleId,
    /// The service.
    kind: ServiceKind,
    /// Half hours beyond the first.
    #[schema(minimum = 0, maximum = 6)]
    additional_half_hours: u8,
    /// The slides that are to be examined again.
    re_examination: Option<ReExamination>,
    /// The lines.
    lines: Vec<QuoteLine>,
    /// Their sum, tax included.
    total: Money,
    /// The tax within the total, rounded down once.
    tax: Money,
    /// Whether it may be more: then the total is a minimum.
    total_is_minimum: bool,
    /// The parts that are included.
    included: Vec<CoveredPart>,
    /// The parts that are not included: they cost extra or are not offered.
    not_included: Vec<CoveredPart>,
    /// When it was made.
    created_at: Timestamp,
    /// From when on it does not hold any longer: the end of its last day in Tokyo.
    expires_at: Timestamp,
}

/// A line: a service at its price.
#[derive(Serialize, ToSchema)]
pub(crate) struct QuoteLine {
    /// The service or article that is charged for.
    code: FeeCode,
    /// The same in the reader's language.
    label: String,
    /// How many units.
    #[schema(minimum = 1)]
    quantity: u32,
    /// The unit.
    unit: FeeUnit,
    /// The price of one, tax included.
    unit_price: Money,
    /// The price of all, tax included.
    amount: Money,
    /// Whether it may be more.
    is_minimum: bool,
}

/// Something that a price covers, or does not.
#[derive(Serialize, ToSchema)]
pub(crate) struct CoveredPart {
    /// The kind.
    code: Coverage,
    /// The same in the reader's language.
    label: String,
}

/// “from 11,000 yen, tax included”.
fn price_text(line: &domain::billing::fees::FeeLine, messages: &Messages, language: Language) -> String {
    let id = if line.is_minimum { "price-minimum" } else { "price-exact" };
    let amount = domain::money::grouped(line.price.amount());
    messages.find(language, id, &[("amount", &amount)]).unwrap_or(amount)
}

impl FeeSchedule {
    pub(crate) fn of(schedule: &domain::billing::fees::FeeSchedule, messages: &Messages, language: Language) -> Self {
        let fee = |line: &domain::billing::fees::FeeLine| Fee {
            code: line.code,
            label: messages.label(language, "fee", line.code.as_str()),
            price: line.price.into(),
            price_text: price_text(line, messages, language),
            unit: line.unit,
            is_minimum: line.is_minimum,
        };
        Self { id: schedule.id, effective_on: schedule.effective_on, tax_included: true, fees: schedule.lines.iter().map(fee).collect() }
    }
}

impl QuoteLine {
    pub(crate) fn all(pricing: &Pricing, messages: &Messages, language: Language) -> Vec<Self> {
        let line = |line: &domain::billing::fees::QuoteLine| Self {
            code: line.code,
            label: messages.label(language, "fee", line.code.as_str()),
            quantity: line.quantity,
            unit: line.unit,
            unit_price: line.unit_price.into(),
            amount: line.amount.into(),
            is_minimum: line.is_minimum,
        };
        pricing.lines.iter().map(line).collect()
    }
}

impl CoveredPart {
    pub(crate) fn all(parts: &[Coverage], messages: &Messages, language: Language) -> Vec<Self> {
        parts.iter().map(|part| Self { code: *part, label: messages.label(language, "coverage", part.as_str()) }).collect()
    }
}

impl Quote {
    pub(crate) fn of(quote: &domain::billing::fees::Quote, messages: &Messages, language: Language) -> Self {
        let pricing = &quote.pricing;
        Self {
            id: quote.id,
            fee_schedule_id: pricing.schedule,
            kind: quote.kind,
            additional_half_hours: pricing.wanted.additional_half_hours,
            re_examination: pricing.wanted.re_examination,
            lines: QuoteLine::all(pricing, messages, language),
            total: pricing.total.into(),
            tax: pricing.total.tax_included().tax.into(),
            total_is_minimum: pricing.total_is_minimum,
            included: CoveredPart::all(&pricing.included, messages, language),
            not_included: CoveredPart::all(&pricing.not_included, messages, language),
            created_at: quote.created_at,
            expires_at: quote.valid_until,
        }
    }
}
