//! Why no estimate is made.

/// Why no estimate is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeeRefusal {
    /// A re-examination of no slides.
    #[error("no_slides")]
    NoSlides,
    /// More biopsy slides than one case has.
    #[error("too_many_slides")]
    TooManySlides,
    /// More resected specimens than one case has.
    #[error("too_many_specimens")]
    TooManySpecimens,
    /// Additional time is for visits only.
    #[error("half_hours_are_for_visits")]
    HalfHoursAreForVisits,
    /// More additional time than one visit has.
    #[error("too_many_half_hours")]
    TooManyHalfHours,
    /// The schedule has no price for this.
    #[error("price_missing")]
    PriceMissing,
    /// The schedule is not in force yet.
    #[error("schedule_not_in_force")]
    ScheduleNotInForce,
    /// The sum is out of bounds.
    #[error("amount_out_of_range")]
    AmountOutOfRange,
}

impl FeeRefusal {
    /// Every refusal.
    pub const ALL: &[Self] = &[
        Self::NoSlides,
        Self::TooManySlides,
        Self::TooManySpecimens,
        Self::HalfHoursAreForVisits,
        Self::TooManyHalfHours,
        Self::PriceMissing,
        Self::ScheduleNotInForce,
        Self::AmountOutOfRange,
    ];

    /// Every code.
    pub const CODES: &[&'static str] = &[
        Self::NoSlides.code(),
        Self::TooManySlides.code(),
        Self::TooManySpecimens.code(),
        Self::HalfHoursAreForVisits.code(),
        Self::TooManyHalfHours.code(),
        Self::PriceMissing.code(),
        Self::ScheduleNotInForce.code(),
        Self::AmountOutOfRange.code(),
    ];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoSlides => "no_slides",
            Self::TooManySlides => "too_many_slides",
            Self::TooManySpecimens => "too_many_specimens",
            Self::HalfHoursAreForVisits => "half_hours_are_for_visits",
            Self::TooManyHalfHours => "too_many_half_hours",
            Self::PriceMissing => "price_missing",
            Self::ScheduleNotInForce => "schedule_not_in_force",
            Self::AmountOutOfRange => "amount_out_of_range",
        }
    }

    /// The field of what is wanted that is at fault, as a JSON Pointer.
    pub const fn pointer(self) -> Option<&'static str> {
        match self {
            Self::NoSlides => Some("/re_examination"),
            Self::TooManySlides => Some("/re_examination/biopsy_slides"),
            Self::TooManySpecimens => Some("/re_examination/resected_specimens"),
            Self::HalfHoursAreForVisits | Self::TooManyHalfHours => Some("/additional_half_hours"),
            Self::PriceMissing | Self::ScheduleNotInForce | Self::AmountOutOfRange => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_its_own_code_and_says_it() {
        let said: Vec<String> = FeeRefusal::ALL.iter().map(ToString::to_string).collect();
        assert_eq!(said, FeeRefusal::CODES);
    }
}
