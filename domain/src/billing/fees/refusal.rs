//! Why something cannot be priced.

/// Why something cannot be priced.
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
    /// Further half hours are of visits only.
    #[error("half_hour_price_is_for_visits")]
    HalfHourPriceIsForVisits,
    /// A written opinion is always paid before.
    #[error("payment_is_for_visits")]
    PaymentIsForVisits,
    /// A half hour below the published minimum.
    #[error("price_below_minimum")]
    BelowMinimum,
    /// A price above the published one without a reason.
    #[error("price_needs_reason")]
    ReasonMissing,
    /// A reason without a price above the published one.
    #[error("nothing_raised")]
    NothingRaised,
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
        Self::HalfHourPriceIsForVisits,
        Self::PaymentIsForVisits,
        Self::BelowMinimum,
        Self::ReasonMissing,
        Self::NothingRaised,
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
        Self::HalfHourPriceIsForVisits.code(),
        Self::PaymentIsForVisits.code(),
        Self::BelowMinimum.code(),
        Self::ReasonMissing.code(),
        Self::NothingRaised.code(),
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
            Self::HalfHourPriceIsForVisits => "half_hour_price_is_for_visits",
            Self::PaymentIsForVisits => "payment_is_for_visits",
            Self::BelowMinimum => "price_below_minimum",
            Self::ReasonMissing => "price_needs_reason",
            Self::NothingRaised => "nothing_raised",
        }
    }

    /// The field of what is wanted that is at fault, as a JSON Pointer.
    pub const fn pointer(self) -> Option<&'static str> {
        match self {
            Self::NoSlides => Some("/re_examination"),
            Self::TooManySlides => Some("/re_examination/biopsy_slides"),
            Self::TooManySpecimens => Some("/re_examination/resected_specimens"),
            Self::HalfHoursAreForVisits | Self::TooManyHalfHours => Some("/additional_half_hours"),
            Self::HalfHourPriceIsForVisits | Self::BelowMinimum => Some("/half_hour_price"),
            Self::PaymentIsForVisits => Some("/payment"),
            Self::ReasonMissing | Self::NothingRaised => Some("/raised_because"),
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
