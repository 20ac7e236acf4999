//! The settings of estimates, invoices and payments.

use serde::{Deserialize, Serialize};

use crate::settings::Faults;
use crate::wire::wire_enum;

wire_enum! {
    /// When a consultation is paid.
    ConsultationPayment {
        /// On the day of the visit.
        OnTheDay = "on_the_day",
        /// Before the visit.
        Prepaid = "prepaid",
    }
}

/// The settings of estimates, invoices and payments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BillingSettings {
    /// Days for which a price calculation holds.
    pub quote_valid_days: u16,
    /// Days after which an unpaid invoice lets the case expire.
    pub payment_expires_after_days: u16,
    /// Yen by which a payment may fall short and still count as paid; the difference is booked.
    pub short_payment_tolerance: i64,
    /// The most, in yen, that the hospital bears for banks on one invoice, by the decision of two persons.
    pub bank_charge_limit: i64,
    /// Days after its last day within which the desk decides on a part payment that stayed short.
    pub short_decision_days: u16,
    /// When a consultation is paid.
    pub consultation_payment: ConsultationPayment,
    /// The bank account for transfers (seed: “we will send you our bank account information”).
    pub bank: BankAccount,
    /// Who issues invoices.
    pub issuer: Issuer,
}

/// A bank account for transfers; empty until an administrator has entered it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BankAccount {
    /// The bank.
    pub bank: String,
    /// The branch.
    pub branch: String,
    /// SWIFT/BIC (ISO 9362), which transfers from abroad need.
    pub swift: String,
    /// The account number.
    pub number: String,
    /// The holder.
    pub holder: String,
}

/// Who issues invoices (qualified invoice: name and registration number); empty until an administrator has entered it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Issuer {
    /// The hospital's name.
    pub name: String,
    /// Its address.
    pub address: String,
    /// `T` and thirteen digits.
    pub registration_number: String,
}

impl Default for BillingSettings {
    fn default() -> Self {
        Self {
            quote_valid_days: 30,
            payment_expires_after_days: 30,
            short_payment_tolerance: 0,
            bank_charge_limit: 5_000,
            short_decision_days: 30,
            consultation_payment: ConsultationPayment::OnTheDay,
            bank: BankAccount::default(),
            issuer: Issuer::default(),
        }
    }
}

impl BillingSettings {
    /// Whether an invoice would say who issues it and where to pay.
    pub fn can_invoice(&self) -> bool {
        self.bank != BankAccount::default() && self.issuer != Issuer::default()
    }

    pub(crate) fn check(&self, faults: &mut Faults) {
        faults.days(self.quote_valid_days, "/billing/quote_valid_days");
        faults.days(self.payment_expires_after_days, "/billing/payment_expires_after_days");
        faults.days(self.short_decision_days, "/billing/short_decision_days");
        faults.unless((0..=100_000).contains(&self.short_payment_tolerance), "/billing/short_payment_tolerance", "amount_out_of_range");
        faults.unless((0..=100_000).contains(&self.bank_charge_limit), "/billing/bank_charge_limit", "amount_out_of_range");
        // All of it, or nothing yet: half an account would be printed on invoices.
        if self.bank != BankAccount::default() {
            faults.said(&self.bank.bank, "/billing/bank/bank");
            faults.said(&self.bank.branch, "/billing/bank/branch");
            faults.unless(is_bic(&self.bank.swift), "/billing/bank/swift", "format");
            faults.said(&self.bank.number, "/billing/bank/number");
            faults.said(&self.bank.holder, "/billing/bank/holder");
        }
        if self.issuer != Issuer::default() {
            faults.said(&self.issuer.name, "/billing/issuer/name");
            faults.said(&self.issuer.address, "/billing/issuer/address");
            let number = &self.issuer.registration_number;
            faults.unless(is_registration_number(number), "/billing/issuer/registration_number", "registration_number");
        }
    }
}

/// Whether this is a BIC: four letters or digits for the institution, the country, two for the place, three or none for the branch.
pub(super) fn is_bic(text: &str) -> bool {
    let places = text.as_bytes();
    matches!(places.len(), 8 | 11)
        && places.iter().all(|place| place.is_ascii_uppercase() || place.is_ascii_digit())
        && places.get(4..6).is_some_and(|country| country.iter().all(u8::is_ascii_uppercase))
}

/// Whether this is `T` and a corporate number: twelve digits after a check digit, 9 − (Σ digit × (1 or 2, from the right)) mod 9.
/// Source: ordinance on the designation of corporate numbers (法人番号の指定等に関する省令).
fn is_registration_number(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('T') else { return false };
    if digits.len() != 13 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let mut values = digits.bytes().map(|byte| u32::from(byte - b'0'));
    let check = values.next().unwrap_or(0);
    let rest: Vec<u32> = values.collect();
    let sum: u32 = rest.iter().rev().enumerate().map(|(place, digit)| if place % 2 == 0 { *digit } else { digit * 2 }).sum();
    check == 9 - sum % 9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bic_has_eight_or_eleven_places_and_a_country() {
        for good in ["EXAMJPJT", "EXAMJPJTXXX", "E5A0JP2T123"] {
            assert!(is_bic(good), "{good}");
        }
        for bad in ["", "EXAMJPJ", "EXAMJPJTX", "EXAM1PJT", "examjpjt", "EXAMJPJTXXé", "日本銀行"] {
            assert!(!is_bic(bad), "{bad}");
        }
    }

    #[test]
    fn a_registration_number_carries_its_check_digit() {
        // The published example of the National Tax Agency: 7000012050002.
        assert!(is_registration_number("T7000012050002"));
        assert!(!is_registration_number("T7000012050003"));
        assert!(!is_registration_number("7000012050002"));
    }
}
