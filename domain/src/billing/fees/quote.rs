//! An estimate: what somebody wants, at the prices of one schedule, and until when it holds.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{FeeCode, FeeRefusal, FeeSchedule, FeeUnit};
use crate::calendar::{days_after, end_of_day, today_in_tokyo};
use crate::case::{Case, Refusal};
use crate::ids::{FeeScheduleId, QuoteId};
use crate::intake::ReExamination;
use crate::money::Yen;
use crate::service::ServiceKind;
use crate::settings::HospitalSettings;
use crate::wire::wire_enum;

/// The most additional half hours of one visit.
const MOST_HALF_HOURS: u8 = 6;
/// The most slides, and the most specimens, of one case.
const MOST_SLIDES: u16 = 200;

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
    /// The parts that an estimate includes or excludes.
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

/// A line of an estimate.
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

/// An estimate. Its prices are those of its schedule, whatever is published later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The identifier.
    pub id: QuoteId,
    /// The schedule.
    pub schedule: FeeScheduleId,
    /// The service, as it is wanted.
    pub kind: ServiceKind,
    /// The request.
    pub wanted: QuoteRequest,
    /// The lines.
    pub lines: Vec<QuoteLine>,
    /// Their sum, tax included.
    pub total: Yen,
    /// Whether it may be more.
    pub total_is_minimum: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// The instant from which it does not hold any longer: the end of its last day in Tokyo.
    pub valid_until: Timestamp,
    /// The parts that are included.
    pub included: Vec<Coverage>,
    /// The parts that are not included.
    pub not_included: Vec<Coverage>,
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

impl Quote {
    /// Works out an estimate; it holds for [`crate::billing::BillingSettings::quote_valid_days`] days.
    pub fn calculate(
        id: QuoteId,
        schedule: &FeeSchedule,
        wanted: QuoteRequest,
        settings: &HospitalSettings,
        now: Timestamp,
    ) -> Result<Self, FeeRefusal> {
        let wanted = wanted.check()?;
        let today = today_in_tokyo(now);
        if schedule.effective_on > today {
            return Err(FeeRefusal::ScheduleNotInForce);
        }
        let priced = |(code, quantity): (FeeCode, u32)| {
            let line = schedule.line(code).ok_or(FeeRefusal::PriceMissing)?;
            let amount = line.price.times(quantity).map_err(|_| FeeRefusal::AmountOutOfRange)?;
            Ok(QuoteLine { code, quantity, unit: line.unit, unit_price: line.price, amount, is_minimum: line.is_minimum })
        };
        let lines = wanted.quantities().into_iter().map(priced).collect::<Result<Vec<_>, _>>()?;
        let total = Yen::sum(lines.iter().map(|line| line.amount)).map_err(|_| FeeRefusal::AmountOutOfRange)?;
        let (included, not_included) = wanted.coverage();
        Ok(Self {
            id,
            schedule: schedule.id,
            kind: wanted.kind,
            wanted,
            total,
            total_is_minimum: lines.iter().any(|line| line.is_minimum),
            lines,
            created_at: now,
            valid_until: end_of_day(days_after(today, i64::from(settings.billing.quote_valid_days))),
            included,
            not_included,
        })
    }

    /// Whether a case may be accepted at this estimate: the same service, the same slides, and in time.
    pub fn fits(&self, case: &Case, now: Timestamp) -> Result<(), Refusal> {
        // A re-examination of nothing is none.
        let slides = case.application().re_examination.filter(|slides| slides.biopsy_slides > 0 || slides.resected_specimens > 0);
        if self.kind != case.kind() || self.wanted.re_examination != slides {
            return Err(Refusal::QuoteMismatch);
        }
        if now >= self.valid_until { Err(Refusal::QuoteExpired) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests;
