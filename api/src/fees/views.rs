//! What goes in and out of fee schedules and estimates.

use application::money::quotes::Acceptance;
use domain::case::{Payer, ReExamination};
use domain::fees::{Coverage, FeeUnit, Wanted};
use domain::ids::{FeeScheduleId, QuoteId};
use domain::people::LongText;
use domain::service::ServiceKind;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::cases::application::ReExaminationOfSlides;
use crate::cases::names::{ServiceName, closed};
use crate::document::schemas;
use crate::http::messages::{Language, Messages};
use crate::values::Money;

closed! {
    /// What a price is for one of. A specimen of resected material may be many slides.
    ChargedUnit { HalfHour, Case, Slide, Specimen }
    /// Who pays.
    PayingParty { Applicant, Agency }
}

/// The prices from one day on, until another schedule takes effect. A quote keeps the schedule that it was made with.
#[derive(Serialize, ToSchema)]
pub(crate) struct FeeSchedule {
    /// The schedule.
    #[schema(value_type = schemas::FeeScheduleKey)]
    id: FeeScheduleId,
    /// The first day, in Tokyo, on which it is in force.
    #[schema(value_type = schemas::DateOn, example = "2024-02-26")]
    effective_on: Date,
    /// The prices.
    fees: Vec<Fee>,
}

/// A price, tax included.
#[derive(Serialize, ToSchema)]
pub(crate) struct Fee {
    /// What is charged for. Open list.
    #[schema(example = "written_opinion")]
    code: &'static str,
    /// The same in the reader's language.
    #[schema(example = "Second opinion in written format")]
    label: String,
    /// The price of one unit, tax included.
    price: Money,
    /// The unit.
    #[schema(value_type = ChargedUnit)]
    unit: FeeUnit,
    /// Whether it may be more.
    #[schema(example = false)]
    is_minimum: bool,
}

/// A page of fee schedules.
#[derive(Serialize, ToSchema)]
pub(crate) struct FeeScheduleList {
    /// The schedules, the latest to take effect first.
    pub(crate) data: Vec<FeeSchedule>,
    /// Whether there is a next page.
    #[schema(example = false)]
    pub(crate) has_more: bool,
    /// Where the next page begins.
    #[schema(example = json!(null))]
    pub(crate) next_cursor: Option<String>,
}

/// What somebody wants to know the price of.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateQuote {
    /// The service.
    #[schema(value_type = ServiceName)]
    kind: ServiceKind,
    /// Half hours beyond the first, for a visit; each is agreed on before it begins.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 6, default = 0, example = 0)]
    additional_half_hours: u8,
    /// The slides that are to be examined again; absent or null for none.
    #[serde(default)]
    #[schema(value_type = Option<ReExaminationOfSlides>)]
    re_examination: Option<ReExamination>,
}

impl CreateQuote {
    pub(crate) fn wanted(&self) -> Wanted {
        Wanted { kind: self.kind, additional_half_hours: self.additional_half_hours, re_examination: self.re_examination }
    }
}

/// An estimate. It names nobody; whoever knows its id may read it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Quote {
    /// The estimate.
    #[schema(value_type = schemas::QuoteKey)]
    id: QuoteId,
    /// The schedule whose prices it keeps.
    #[schema(value_type = schemas::FeeScheduleKey)]
    fee_schedule_id: FeeScheduleId,
    /// The service.
    #[schema(value_type = ServiceName)]
    kind: ServiceKind,
    /// Half hours beyond the first.
    #[schema(minimum = 0, maximum = 6, example = 0)]
    additional_half_hours: u8,
    /// The slides that are to be examined again.
    #[schema(value_type = Option<ReExaminationOfSlides>)]
    re_examination: Option<ReExamination>,
    /// The lines.
    lines: Vec<QuoteLine>,
    /// Their sum, tax included.
    total: Money,
    /// The tax within the total, rounded down once.
    tax: Money,
    /// Whether it may be more: then the total is a minimum.
    #[schema(example = false)]
    total_is_minimum: bool,
    /// What is included.
    included: Vec<CoveredPart>,
    /// What is not, and costs extra or is not offered.
    not_included: Vec<CoveredPart>,
    /// When it was made.
    #[schema(value_type = schemas::Moment)]
    created_at: Timestamp,
    /// From when on it does not hold any longer: the end of its last day in Tokyo. Once accepted it holds for the case.
    #[schema(value_type = schemas::Moment)]
    expires_at: Timestamp,
}

/// A line of an estimate.
#[derive(Serialize, ToSchema)]
pub(crate) struct QuoteLine {
    /// What is charged for. Open list.
    #[schema(example = "written_opinion")]
    code: &'static str,
    /// The same in the reader's language.
    #[schema(example = "Second opinion in written format")]
    label: String,
    /// How many units.
    #[schema(minimum = 1, example = 1)]
    quantity: u32,
    /// The unit.
    #[schema(value_type = ChargedUnit)]
    unit: FeeUnit,
    /// The price of one, tax included.
    unit_price: Money,
    /// The price of all, tax included.
    amount: Money,
    /// Whether it may be more.
    #[schema(example = false)]
    is_minimum: bool,
}

/// Something that an estimate covers, or does not.
#[derive(Serialize, ToSchema)]
pub(crate) struct CoveredPart {
    /// What. Open list.
    #[schema(example = "one_page_opinion")]
    code: &'static str,
    /// The same in the reader's language.
    #[schema(example = "An opinion of one page")]
    label: String,
}

/// What an estimate is accepted with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptQuote {
    /// The estimate: for the same service and the same slides as the case.
    #[schema(value_type = schemas::QuoteKey)]
    quote_id: QuoteId,
    /// The version of the terms that are accepted with it: the one in force, which `getCatalogue` names.
    #[schema(min_length = 1, max_length = 40, example = "2024-02")]
    terms_version: String,
    /// Who pays: the applicant, or the agency if it accepts.
    #[schema(value_type = PayingParty)]
    payer: Payer,
    /// To whom the invoice is addressed: name and address, as they shall stand there.
    #[schema(value_type = schemas::Paragraphs, example = "Mei Tanaka\n1-2-3 Hongo, Tokyo")]
    recipient: LongText,
}

impl AcceptQuote {
    pub(crate) fn acceptance(&self) -> Acceptance {
        Acceptance { quote: self.quote_id, terms_version: self.terms_version.clone(), payer: self.payer, recipient: self.recipient.clone() }
    }
}

impl FeeSchedule {
    pub(crate) fn of(schedule: &domain::fees::FeeSchedule, messages: &Messages, language: Language) -> Self {
        let fee = |line: &domain::fees::FeeLine| Fee {
            code: line.code.as_str(),
            label: messages.label(language, "fee", line.code.as_str()),
            price: line.price.into(),
            unit: line.unit,
            is_minimum: line.is_minimum,
        };
        Self { id: schedule.id, effective_on: schedule.effective_on, fees: schedule.lines.iter().map(fee).collect() }
    }
}

impl Quote {
    pub(crate) fn of(quote: &domain::fees::Quote, messages: &Messages, language: Language) -> Self {
        let line = |line: &domain::fees::QuoteLine| QuoteLine {
            code: line.code.as_str(),
            label: messages.label(language, "fee", line.code.as_str()),
            quantity: line.quantity,
            unit: line.unit,
            unit_price: line.unit_price.into(),
            amount: line.amount.into(),
            is_minimum: line.is_minimum,
        };
        let part = |part: &Coverage| CoveredPart { code: part.as_str(), label: messages.label(language, "coverage", part.as_str()) };
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
