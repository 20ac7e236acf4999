//! What somebody wants, at the prices of one schedule.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{FeeCode, FeeRefusal, FeeSchedule, FeeUnit};
use crate::calendar::{days_after, end_of_day, today_in_tokyo};
use crate::ids::{FeeScheduleId, QuoteId};
use crate::intake::ReExamination;
use crate::money::Yen;
use crate::service::ServiceKind;
use crate::settings::HospitalSettings;
use crate::wire::wire_enum;

/// The most additional half hours of one visit.
const MOST_HALF_HOURS: u8 = 6;
/// The most slides, and the most specimens, of one case.
pub const MOST_SLIDES: u16 = 200;

/// The service whose price is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteRequest {
    /// The service.
    pub kind: ServiceKind,
    /// Half hours beyond the first, 0 to 6; each is agreed on before it begins.
    #[serde(default)]
    pub additional_half_hours: u8,
    /// The slides that are to be examined again, 1 to 200 of them, and as many specimens.
    #[serde(default)]
    pub re_examination: Option<ReExamination>,
}

wire_enum! {
    /// The parts that a price includes or excludes.
    Coverage grows {
        /// A physician of the department talks with the visitors.
        Conversation = "conversation",
        /// An opinion of one page.
        OnePageOpinion = "one_page_opinion",
        /// The re-examination of slides.
        ReExamination = "re_examination",
        /// Time beyond what is stated, agreed on before each extension.
        FurtherTime = "further_time",
        /// An exam; usually none is performed.
        MedicalExam = "medical_exam",
        /// Treatment.
        Treatment = "treatment",
        /// Translations of the documents.
        Translation = "translation",
        /// Interpreting during the visit.
        Interpreting = "interpreting",
        /// Sending slides, and sending them back.
        SlideShipping = "slide_shipping",
        /// The banks' charges for a transfer.
        BankCharges = "bank_charges",
    }
}

/// A line: a service at its price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteLine {
    /// The service or article that is charged for.
    pub code: FeeCode,
    /// How many units.
    pub quantity: u32,
    /// The unit.
    pub unit: FeeUnit,
    /// The price of one, tax included.
    pub unit_price: Yen,
    /// The price of all, tax included.
    pub amount: Yen,
    /// Whether it may be more.
    pub is_minimum: bool,
}

/// A service at the prices of one schedule, whatever is published later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pricing {
    /// The schedule.
    pub schedule: FeeScheduleId,
    /// The request.
    pub wanted: QuoteRequest,
    /// The lines.
    pub lines: Vec<QuoteLine>,
    /// Their sum, tax included.
    pub total: Yen,
    /// Whether it may be more.
    pub total_is_minimum: bool,
    /// The parts that are included.
    pub included: Vec<Coverage>,
    /// The parts that are not included.
    pub not_included: Vec<Coverage>,
}

/// A price calculation: what something costs at the fees of a day. It is for nobody's case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The identifier.
    pub id: QuoteId,
    /// The service, as it is wanted.
    pub kind: ServiceKind,
    /// The prices.
    #[serde(flatten)]
    pub pricing: Pricing,
    /// When it was made.
    pub created_at: Timestamp,
    /// The instant from which it does not hold any longer: the end of its last day in Tokyo.
    pub valid_until: Timestamp,
}

impl QuoteRequest {
    fn check(self) -> Result<Self, FeeRefusal> {
        if self.additional_half_hours > 0 && self.kind == ServiceKind::WrittenOpinion {
            return Err(FeeRefusal::HalfHoursAreForVisits);
        }
        if self.additional_half_hours > MOST_HALF_HOURS {
            return Err(FeeRefusal::TooManyHalfHours);
        }
        match self.re_examination {
            Some(ReExamination { biopsy_slides: 0, resected_specimens: 0 }) => Err(FeeRefusal::NoSlides),
            Some(slides) if slides.biopsy_slides > MOST_SLIDES => Err(FeeRefusal::TooManySlides),
            Some(slides) if slides.resected_specimens > MOST_SLIDES => Err(FeeRefusal::TooManySpecimens),
            Some(_) | None => Ok(self),
        }
    }

    /// Each charge, with its quantity.
    fn quantities(self) -> Vec<(FeeCode, u32)> {
        let service = match self.kind {
            ServiceKind::PatientConsultation | ServiceKind::RepresentativeConsultation => FeeCode::ConsultationFirst30Min,
            ServiceKind::WrittenOpinion => FeeCode::WrittenOpinion,
        };
        let slides = self.re_examination.unwrap_or(ReExamination { biopsy_slides: 0, resected_specimens: 0 });
        let all = [
            (service, 1),
            (FeeCode::ConsultationAdditional30Min, u32::from(self.additional_half_hours)),
            (FeeCode::PathologyBiopsySlide, u32::from(slides.biopsy_slides)),
            (FeeCode::PathologyResectedSlides, u32::from(slides.resected_specimens)),
        ];
        all.into_iter().filter(|(_, quantity)| *quantity > 0).collect()
    }

    fn coverage(self) -> (Vec<Coverage>, Vec<Coverage>) {
        let mut included = Vec::new();
        let mut not_included = Vec::new();
        match self.kind {
            ServiceKind::PatientConsultation | ServiceKind::RepresentativeConsultation => {
                included.push(Coverage::Conversation);
                not_included.extend([Coverage::FurtherTime, Coverage::MedicalExam, Coverage::Interpreting]);
            }
            ServiceKind::WrittenOpinion => included.push(Coverage::OnePageOpinion),
        }
        if self.re_examination.is_some() {
            included.push(Coverage::ReExamination);
            not_included.push(Coverage::SlideShipping);
        } else {
            not_included.push(Coverage::ReExamination);
        }
        not_included.extend([Coverage::Treatment, Coverage::Translation, Coverage::BankCharges]);
        (included, not_included)
    }
}

impl Pricing {
    /// Works out what something costs at the prices of a schedule.
    pub fn calculate(schedule: &FeeSchedule, wanted: QuoteRequest, now: Timestamp) -> Result<Self, FeeRefusal> {
        Self::of(schedule, wanted, wanted.quantities(), wanted.coverage(), now)
    }

    /// Works out what slides alone cost, beside a service whose price is agreed on.
    pub fn of_slides(schedule: &FeeSchedule, wanted: QuoteRequest, now: Timestamp) -> Result<Self, FeeRefusal> {
        let slides = wanted.quantities().into_iter().filter(|(code, _)| code.is_pathology()).collect();
        let coverage = (vec![Coverage::ReExamination], vec![Coverage::SlideShipping, Coverage::BankCharges]);
        Self::of(schedule, wanted, slides, coverage, now)
    }

    fn of(
        schedule: &FeeSchedule,
        wanted: QuoteRequest,
        quantities: Vec<(FeeCode, u32)>,
        (included, not_included): (Vec<Coverage>, Vec<Coverage>),
        now: Timestamp,
    ) -> Result<Self, FeeRefusal> {
        let wanted = wanted.check()?;
        if schedule.effective_on > today_in_tokyo(now) {
            return Err(FeeRefusal::ScheduleNotInForce);
        }
        let priced = |(code, quantity): (FeeCode, u32)| {
            let line = schedule.line(code).ok_or(FeeRefusal::PriceMissing)?;
            let amount = amount_of(line.price, quantity)?;
            Ok(QuoteLine { code, quantity, unit: line.unit, unit_price: line.price, amount, is_minimum: line.is_minimum })
        };
        let lines = quantities.into_iter().map(priced).collect::<Result<Vec<_>, _>>()?;
        let total = total_of(&lines)?;
        let total_is_minimum = lines.iter().any(|line| line.is_minimum);
        Ok(Self { schedule: schedule.id, wanted, total, total_is_minimum, lines, included, not_included })
    }

    /// The same with every price fixed: an estimate leaves none open. `half_hour` is the price of each further half hour, if it is above
    /// the published minimum; [`Pricing::half_hour`] checks it.
    pub fn fixed(mut self, half_hour: Option<Yen>) -> Result<Self, FeeRefusal> {
        for line in &mut self.lines {
            if let (FeeCode::ConsultationAdditional30Min, Some(price)) = (line.code, half_hour) {
                line.unit_price = price;
            }
            line.is_minimum = false;
        }
        self.total_is_minimum = false;
        self.repriced()
    }

    /// The same, its amounts worked out anew.
    pub(in crate::billing) fn repriced(mut self) -> Result<Self, FeeRefusal> {
        for line in &mut self.lines {
            line.amount = amount_of(line.unit_price, line.quantity)?;
        }
        self.total = total_of(&self.lines)?;
        Ok(self)
    }

    /// The price of each further half hour of a visit: the published minimum, or more.
    ///
    /// # Errors
    /// [`FeeRefusal::BelowMinimum`].
    pub fn half_hour(schedule: &FeeSchedule, raised: Option<Yen>) -> Result<Yen, FeeRefusal> {
        let published = schedule.price(FeeCode::ConsultationAdditional30Min).ok_or(FeeRefusal::PriceMissing)?;
        match raised {
            Some(raised) if raised < published => Err(FeeRefusal::BelowMinimum),
            Some(raised) => Ok(raised),
            None => Ok(published),
        }
    }
}

fn amount_of(price: Yen, quantity: u32) -> Result<Yen, FeeRefusal> {
    price.times(quantity).map_err(|_| FeeRefusal::AmountOutOfRange)
}

fn total_of(lines: &[QuoteLine]) -> Result<Yen, FeeRefusal> {
    Yen::sum(lines.iter().map(|line| line.amount)).map_err(|_| FeeRefusal::AmountOutOfRange)
}

impl Quote {
    /// Works out what something costs; it holds for [`crate::billing::BillingSettings::quote_valid_days`] days.
    pub fn calculate(
        id: QuoteId,
        schedule: &FeeSchedule,
        wanted: QuoteRequest,
        settings: &HospitalSettings,
        now: Timestamp,
    ) -> Result<Self, FeeRefusal> {
        let pricing = Pricing::calculate(schedule, wanted, now)?;
        let last_day = days_after(today_in_tokyo(now), i64::from(settings.billing.quote_valid_days));
        Ok(Self { id, kind: wanted.kind, pricing, created_at: now, valid_until: end_of_day(last_day) })
    }
}

#[cfg(test)]
mod tests;
