//! The fees of a second opinion (seed: “Fees for a second opinion (tax included)”, “Fees for pathological diagnosis”).

mod quote;
mod refusal;

pub use quote::{Coverage, MOST_SLIDES, Pricing, Quote, QuoteLine, QuoteRequest};
pub use refusal::FeeRefusal;

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use crate::ids::FeeScheduleId;
use crate::money::Yen;
use crate::service::ServiceKind;
use crate::wire::wire_enum;

wire_enum! {
    /// The service or article that is charged for.
    FeeCode grows {
        /// The first half hour in person.
        ConsultationFirst30Min = "consultation_first_30_min",
        /// Every further half hour, agreed on before each extension.
        ConsultationAdditional30Min = "consultation_additional_30_min",
        /// An opinion in written format.
        WrittenOpinion = "written_opinion",
        /// A biopsy slide, stained.
        PathologyBiopsySlide = "pathology_biopsy_slide",
        /// The slides of a resected specimen, stained.
        PathologyResectedSlides = "pathology_resected_slides",
    }
}

wire_enum! {
    /// The unit of a price.
    FeeUnit {
        /// Thirty minutes.
        HalfHour = "half_hour",
        /// A case.
        Case = "case",
        /// A slide.
        Slide = "slide",
        /// A specimen, however many slides it is.
        Specimen = "specimen",
    }
}

/// A price of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeLine {
    /// The service or article that is charged for.
    pub code: FeeCode,
    /// The price of one unit, tax included.
    pub price: Yen,
    /// The unit.
    pub unit: FeeUnit,
    /// Whether it may be more (seed: “11,000 yen ~”).
    pub is_minimum: bool,
}

/// A version of the prices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeSchedule {
    /// The identifier.
    pub id: FeeScheduleId,
    /// The first day, in Tokyo, on which it is in force.
    pub effective_on: Date,
    /// The prices.
    pub lines: Vec<FeeLine>,
}

/// The published prices.
const PUBLISHED: [FeeLine; 5] = [
    FeeLine { code: FeeCode::ConsultationFirst30Min, price: Yen::stated(33_000), unit: FeeUnit::HalfHour, is_minimum: false },
    FeeLine { code: FeeCode::ConsultationAdditional30Min, price: Yen::stated(11_000), unit: FeeUnit::HalfHour, is_minimum: true },
    FeeLine { code: FeeCode::WrittenOpinion, price: Yen::stated(110_000), unit: FeeUnit::Case, is_minimum: false },
    FeeLine { code: FeeCode::PathologyBiopsySlide, price: Yen::stated(5_500), unit: FeeUnit::Slide, is_minimum: false },
    FeeLine { code: FeeCode::PathologyResectedSlides, price: Yen::stated(11_000), unit: FeeUnit::Specimen, is_minimum: false },
];

impl FeeCode {
    /// Whether it is a half hour of a visit.
    pub const fn is_consultation(self) -> bool {
        match self {
            Self::ConsultationFirst30Min | Self::ConsultationAdditional30Min => true,
            Self::PathologyBiopsySlide | Self::PathologyResectedSlides | Self::WrittenOpinion => false,
        }
    }

    /// Whether it is a re-examination of slides.
    pub const fn is_pathology(self) -> bool {
        match self {
            Self::PathologyBiopsySlide | Self::PathologyResectedSlides => true,
            Self::ConsultationFirst30Min | Self::ConsultationAdditional30Min | Self::WrittenOpinion => false,
        }
    }
}

/// The codes that may be charged for a service.
pub const fn codes_of(kind: ServiceKind) -> &'static [FeeCode] {
    use FeeCode::{ConsultationAdditional30Min, ConsultationFirst30Min, PathologyBiopsySlide, PathologyResectedSlides, WrittenOpinion};
    match kind {
        ServiceKind::PatientConsultation | ServiceKind::RepresentativeConsultation => {
            &[ConsultationFirst30Min, ConsultationAdditional30Min, PathologyBiopsySlide, PathologyResectedSlides]
        }
        ServiceKind::WrittenOpinion => &[WrittenOpinion, PathologyBiopsySlide, PathologyResectedSlides],
    }
}

impl FeeSchedule {
    /// The published schedule (seed: “Update : 2024-02-26”).
    pub fn seed(id: FeeScheduleId) -> Self {
        Self { id, effective_on: date(2024, 2, 26), lines: PUBLISHED.to_vec() }
    }

    /// The line of a code.
    pub fn line(&self, code: FeeCode) -> Option<&FeeLine> {
        self.lines.iter().find(|line| line.code == code)
    }

    /// The price of a code, tax included.
    pub fn price(&self, code: FeeCode) -> Option<Yen> {
        self.line(code).map(|line| line.price)
    }

    /// The schedule that is in force on a day: the one that took effect last. Of two from the same day, the later made.
    pub fn in_force(schedules: &[Self], on: Date) -> Option<&Self> {
        schedules.iter().filter(|schedule| schedule.effective_on <= on).max_by_key(|schedule| (schedule.effective_on, schedule.id))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn seed(number: u128) -> FeeSchedule {
        FeeSchedule::seed(FeeScheduleId::from_uuid(Uuid::from_u128(number)))
    }

    #[test]
    fn every_code_has_its_published_price_and_only_the_additional_half_hour_is_a_minimum() {
        let schedule = seed(1);
        let prices: Vec<_> = FeeCode::ALL.iter().map(|code| schedule.price(*code).unwrap().amount()).collect();
        assert_eq!(prices, [33_000, 11_000, 110_000, 5_500, 11_000]);
        let minimums: Vec<_> = schedule.lines.iter().filter(|line| line.is_minimum).map(|line| line.code).collect();
        assert_eq!(minimums, [FeeCode::ConsultationAdditional30Min]);
    }

    #[test]
    fn the_schedule_in_force_is_the_last_that_took_effect() {
        let later = FeeSchedule { effective_on: date(2027, 4, 1), ..seed(2) };
        let both = [later, seed(1)];
        assert_eq!(FeeSchedule::in_force(&both, date(2024, 2, 25)), None);
        assert_eq!(FeeSchedule::in_force(&both, date(2027, 3, 31)), Some(&seed(1)));
        assert_eq!(FeeSchedule::in_force(&both, date(2027, 4, 1)).map(|one| one.id), Some(seed(2).id));
    }

    #[test]
    fn a_schedule_reads_back_as_it_was_written() {
        let text = serde_json::to_string(&seed(1)).unwrap();
        assert_eq!(serde_json::from_str::<FeeSchedule>(&text).unwrap(), seed(1));
    }
}
