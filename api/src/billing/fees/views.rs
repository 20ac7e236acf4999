//! Requests and answers of fee schedules and estimates.

use application::billing::quotes::Acceptance;
use domain::billing::fees::{Coverage, FeeCode, FeeUnit, QuoteRequest};
use domain::ids::{FeeScheduleId, QuoteId};
use domain::intake::ReExamination;
use domain::money::Payer;
use domain::people::LongText;
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

/// An estimate. It names nobody; whoever knows its id may read it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Quote {
    /// The estimate.
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
    /// From when on it does not hold any longer: the end of its last day in Tokyo. Once accepted it holds for the case.
    expires_at: Timestamp,
}

/// A line of an estimate.
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

/// Something that an estimate covers, or does not.
#[derive(Serialize, ToSchema)]
pub(crate) struct CoveredPart {
    /// The kind.
    code: Coverage,
    /// The same in the reader's language.
    label: String,
}

/// The acceptance of an estimate.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptQuote {
    /// The estimate: for the same service and the same slides as the case.
    quote_id: QuoteId,
    /// The version of the terms that are accepted with it: the one in force, which `getCatalogue` names.
    #[schema(min_length = 1, max_length = 40)]
    terms_version: String,
    /// Who pays: the applicant, or the agency if it accepts.
    payer: Payer,
    /// To whom the invoice is addressed: name and address, as they shall stand there.
    recipient: LongText,
}

impl AcceptQuote {
    pub(crate) fn acceptance(&self) -> Acceptance {
        Acceptance { quote: self.quote_id, terms_version: self.terms_version.clone(), payer: self.payer, recipient: self.recipient.clone() }
    }
}

impl FeeSchedule {
    pub(crate) fn of(schedule: &domain::billing::fees::FeeSchedule, messages: &Messages, language: Language) -> Self {
        let fee = |line: &domain::billing::fees::FeeLine| Fee {
            code: line.code,
            label: messages.label(language, "fee", line.code.as_str()),
            price: line.price.into(),
            unit: line.unit,
            is_minimum: line.is_minimum,
        };
        Self { id: schedule.id, effective_on: schedule.effective_on, fees: schedule.lines.iter().map(fee).collect() }
    }
}

impl Quote {
    pub(crate) fn of(quote: &domain::billing::fees::Quote, messages: &Messages, language: Language) -> Self {
        let line = |line: &domain::billing::fees::QuoteLine| QuoteLine {
            code: line.code,
            label: messages.label(language, "fee", line.code.as_str()),
            quantity: line.quantity,
            unit: line.unit,
            unit_price: line.unit_price.into(),
            amount: line.amount.into(),
            is_minimum: line.is_minimum,
        };
        let part = |part: &Coverage| CoveredPart { code: *part, label: messages.label(language, "coverage", part.as_str()) };
        Self {
            id: quote.id,
            fee_schedule_id: quote.schedule,
            kind: quote.kind,
            additional_half_hours: quote.wanted.additional_half_hours,
            re_examination: quote.wanted.re_examination,
            lines: quote.lines.iter().map(line).collect(),
            total: quote.total.into(),
            tax: quote.total.tax_included().tax.into(),
            total_is_minimum: quote.total_is_minimum,
            included: quote.included.iter().map(part).collect(),
            not_included: quote.not_included.iter().map(part).collect(),
            created_at: quote.created_at,
            expires_at: quote.valid_until,
        }
    }
}
