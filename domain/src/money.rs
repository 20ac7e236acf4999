//! Yen: whole numbers, never negative, never floating.

use crate::wire::wire_enum;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::people::InvalidValue;

/// The consumption tax within every price, in percent (law: Consumption Tax Act; seed: “Fees … (tax included)”).
pub const TAX_RATE_PERCENT: u8 = 10;

/// An amount of yen, 0 to 1,000,000,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Yen(i64);

/// A price with tax, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tax {
    /// Without tax.
    pub net: Yen,
    /// The tax, rounded down.
    pub tax: Yen,
}

impl Yen {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The largest amount: far above any fee, far below any overflow.
    pub const MAX: Self = Self(1_000_000_000);

    /// An amount within the bounds.
    pub const fn new(amount: i64) -> Result<Self, InvalidValue> {
        if amount < 0 || amount > Self::MAX.0 {
            return Err(InvalidValue { what: "an amount of yen", why: "amount_out_of_range" });
        }
        Ok(Self(amount))
    }

    /// An amount that the source itself states, for constants: one outside the bounds does not compile there.
    pub(crate) const fn stated(amount: i64) -> Self {
        assert!(0 <= amount && amount <= Self::MAX.0, "an amount of yen");
        Self(amount)
    }

    /// The number of yen.
    pub const fn amount(self) -> i64 {
        self.0
    }

    /// Whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, within the bounds.
    pub const fn plus(self, other: Self) -> Result<Self, InvalidValue> {
        // Two amounts within the bounds cannot overflow.
        Self::new(self.0 + other.0)
    }

    /// The product, within the bounds.
    pub fn times(self, quantity: u32) -> Result<Self, InvalidValue> {
        // 10^9 times 2^32 is less than 2^63.
        Self::new(self.0 * i64::from(quantity))
    }

    /// The sum of many, within the bounds.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, InvalidValue> {
        amounts.into_iter().try_fold(Self::ZERO, Self::plus)
    }

    /// The tax within a price that includes tax at [`TAX_RATE_PERCENT`]. For totals: tax is worked out once for each rate and invoice.
    pub const fn tax_included(self) -> Tax {
        let tax = self.0 * 10 / 110;
        Tax { net: Self(self.0 - tax), tax: Self(tax) }
    }
}

impl TryFrom<i64> for Yen {
    type Error = InvalidValue;

    fn try_from(amount: i64) -> Result<Self, InvalidValue> {
        Self::new(amount)
    }
}

impl From<Yen> for i64 {
    fn from(yen: Yen) -> Self {
        yen.0
    }
}

impl fmt::Display for Yen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

wire_enum! {
    /// Who pays.
    Payer grows {
        /// The applicant.
        Applicant = "applicant",
        /// The agency.
        Agency = "agency",
        /// The patient, with an account of their own.
        Patient = "patient",
        /// A third party, such as a company. The one who accepted the estimate stands in for it.
        Other = "other",
    }
}

/// An amount of no less than nothing as people write it: with a comma after each three digits.
pub fn grouped(amount: i64) -> String {
    let digits = amount.to_string();
    let is_parted = |index: usize| index > 0 && (digits.len() - index).is_multiple_of(3);
    digits.chars().enumerate().flat_map(|(index, digit)| [is_parted(index).then_some(','), Some(digit)]).flatten().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn yen(amount: i64) -> Yen {
        Yen::new(amount).unwrap()
    }

    #[test]
    fn the_published_prices_come_apart_without_a_remainder() {
        assert_eq!(yen(33_000).tax_included(), Tax { net: yen(30_000), tax: yen(3_000) });
        assert_eq!(yen(110_000).tax_included(), Tax { net: yen(100_000), tax: yen(10_000) });
    }

    #[test]
    fn an_amount_outside_the_bounds_cannot_be_made_nor_read() {
        assert!(Yen::new(-1).is_err());
        assert!(Yen::new(1_000_000_001).is_err());
        assert!(Yen::MAX.plus(yen(1)).is_err());
        assert!(Yen::MAX.times(u32::MAX).is_err());
        assert!(serde_json::from_str::<Yen>("-1").is_err());
        assert!(serde_json::from_str::<Yen>("1.5").is_err());
        assert_eq!(serde_json::to_string(&yen(33_000)).unwrap(), "33000");
    }

    #[test]
    fn a_stated_price_is_the_number_that_is_written() {
        assert_eq!(Yen::stated(110_000), yen(110_000));
        assert_eq!(Yen::stated(0), Yen::ZERO);
    }

    proptest! {
        #[test]
        fn net_and_tax_are_the_total_and_the_tax_is_rounded_down(amount in 0_i64..=1_000_000_000) {
            let Tax { net, tax } = yen(amount).tax_included();
            prop_assert_eq!(net.plus(tax), Ok(yen(amount)));
            prop_assert!(tax.amount() * 11 <= amount && amount < (tax.amount() + 1) * 11);
        }

        #[test]
        fn what_is_computed_stays_within_the_bounds(left in 0_i64..=1_000_000_000, right in 0_i64..=1_000_000_000, quantity: u32) {
            let within = |result: Result<Yen, InvalidValue>| result.is_ok_and(|yen| yen <= Yen::MAX);
            prop_assert_eq!(within(yen(left).plus(yen(right))), left + right <= 1_000_000_000);
            prop_assert_eq!(within(yen(left).times(quantity)), left * i64::from(quantity) <= 1_000_000_000);
        }
    }
}
