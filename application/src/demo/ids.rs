//! The demo's identifiers. They are the same in every demo, so that examples can name them.

use domain::ids::{Id, IdKind};

use crate::series::of_series;

/// The series of people and places.
pub(super) const HOUSE: u64 = 1;
/// The series of what is left half done.
pub(super) const HALF_DONE: u64 = 2;
/// The series of money whose invoice is not known.
pub(super) const UNMATCHED: u64 = 3;
/// The series of the first case; each case has its own.
pub(super) const FIRST_CASE: u64 = 10;

/// The place of the refund in a case that was declined after its payment: the payment set the first identifier aside.
pub const REFUND: u64 = 2;

/// The code that proves the address of a registration.
pub const REGISTRATION_CODE: &str = "demo-registration-0001";
/// The code that joins an account to a case.
pub const INVITATION_CODE: &str = "demo-invitation-0001";
/// The code that sets a new password.
pub const PASSWORD_CODE: &str = "demo-password-reset-0001";
/// The code that gives an account another address.
pub const EMAIL_CODE: &str = "demo-email-change-0001";

/// The `place`-th identifier of its kind among people and places, from 1.
pub fn in_house<K: IdKind>(place: u64) -> Id<K> {
    of_series(HOUSE, place)
}

/// The `place`-th identifier of its kind among what is left half done, from 1.
pub fn half_done<K: IdKind>(place: u64) -> Id<K> {
    of_series(HALF_DONE, place)
}

/// The `place`-th identifier of its kind of money whose invoice is not known, from 1.
pub fn unmatched<K: IdKind>(place: u64) -> Id<K> {
    of_series(UNMATCHED, place)
}

/// The `place`-th identifier of its kind in the case of a patient, from 1; nothing for somebody who has no case in the demo.
pub fn in_case<K: IdKind>(patient: &str, place: u64) -> Option<Id<K>> {
    let number = u64::try_from(super::cases::place_of(patient)?).ok()?;
    Some(of_series(FIRST_CASE + number, place))
}
