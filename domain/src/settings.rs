//! What a hospital decides for itself. Every default is the published page's, or customary where the page is silent.

use serde::{Deserialize, Serialize};

use crate::access::SessionLimits;
use crate::case::DeclineCode;
use crate::people::PartyField;
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

/// The settings of the hospital.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub struct HospitalSettings {
    /// Fields of the patient that an application needs (seed: “all contact information for the patient”).
    pub patient_fields: Vec<PartyField>,
    /// Fields of the other person that an application needs (seed: “and 1 other person”).
    pub contact_person_fields: Vec<PartyField>,
    /// Days after which a draft expires.
    pub draft_expires_after_days: u16,
    /// Days after which an unanswered request for information expires.
    pub information_expires_after_days: u16,
    /// Days after which an accepted case expires on which the applicant does nothing.
    pub accepted_expires_after_days: u16,
    /// Days after which an unpaid invoice lets the case expire.
    pub payment_expires_after_days: u16,
    /// First calendar day, counted from the payment, on which an opinion is due (seed: “approximately 7~10 days”).
    pub opinion_due_from_days: u16,
    /// Last calendar day on which it is due.
    pub opinion_due_to_days: u16,
    /// Yen by which a payment may fall short and still count as paid; the difference is booked.
    pub short_payment_tolerance: i64,
    /// When a consultation is paid.
    pub consultation_payment: ConsultationPayment,
    /// Whether a director acts for every department.
    pub director_any_department: bool,
    /// Whether family, too, needs the patient's consent.
    pub family_needs_consent: bool,
    /// Whether the claim that the patient does not know needs the department's attestation.
    pub uninformed_needs_attestation: bool,
    /// Whether applicants are told that usually no exam is performed (seed).
    pub usually_no_exam: bool,
    /// The reasons for which a case may be declined.
    pub decline_reasons: Vec<DeclineCode>,
    /// Days for which an estimate holds.
    pub quote_valid_days: u16,
    /// The version of the terms that an applicant accepts with the estimate.
    pub terms_version: String,
    /// How much of the fee is given back after a cancellation.
    pub cancellation_policy: CancellationPolicy,
    /// How long sessions last.
    pub session_limits: SessionLimits,
    /// The bank account for transfers (seed: “we will send you our bank account information”).
    pub bank: BankAccount,
    /// Who issues invoices.
    pub issuer: Issuer,
    /// International Services, whom a declined applicant may ask (seed).
    pub contact: Contact,
}

/// Percent of the fee that is given back, by how far the case came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CancellationPolicy {
    /// Before the physician starts to write, or the day is booked.
    pub before_work_percent: u8,
    /// While the opinion is written or reviewed, or after booking.
    pub during_work_percent: u8,
    /// After delivery or consultation.
    pub after_work_percent: u8,
}

/// A bank account for transfers; empty until an administrator has entered it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
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
#[serde(deny_unknown_fields, default)]
pub struct Issuer {
    /// The hospital's name.
    pub name: String,
    /// Its address.
    pub address: String,
    /// `T` and thirteen digits.
    pub registration_number: String,
}

/// How to reach International Services.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Contact {
    /// The desk's name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Telephone number, E.164.
    pub phone: String,
    /// When somebody answers.
    pub hours: String,
}

/// A setting that makes no sense: where, and which rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingFault {
    /// JSON Pointer into the settings.
    pub pointer: &'static str,
    /// Stable code of the rule.
    pub code: &'static str,
}

impl Default for HospitalSettings {
    fn default() -> Self {
        use PartyField::{Address, BirthOn, Country, Email, Language, Name, Phone, Relation};
        Self {
            patient_fields: vec![Name, BirthOn, Address, Country, Phone, Email, Language],
            contact_person_fields: vec![Name, Relation, Address, Phone, Email],
            draft_expires_after_days: 90,
            information_expires_after_days: 30,
            accepted_expires_after_days: 60,
            payment_expires_after_days: 30,
            opinion_due_from_days: 7,
            opinion_due_to_days: 10,
            short_payment_tolerance: 0,
            consultation_payment: ConsultationPayment::OnTheDay,
            director_any_department: false,
            family_needs_consent: false,
            uninformed_needs_attestation: true,
            usually_no_exam: true,
            decline_reasons: DeclineCode::ALL.iter().copied().filter(|code| code.is_on_by_default()).collect(),
            quote_valid_days: 30,
            terms_version: "2024-02".to_owned(),
            cancellation_policy: CancellationPolicy::default(),
            session_limits: SessionLimits::default(),
            bank: BankAccount::default(),
            issuer: Issuer::default(),
            contact: Contact::default(),
        }
    }
}

impl Default for CancellationPolicy {
    fn default() -> Self {
        Self { before_work_percent: 100, during_work_percent: 50, after_work_percent: 0 }
    }
}

impl Default for Contact {
    fn default() -> Self {
        let text = str::to_owned;
        Self {
            name: text("International Services"),
            email: text("international@hospital.example"),
            phone: text("+81312345678"),
            hours: text("Monday to Friday, 9:00-17:00 (Asia/Tokyo)"),
        }
    }
}

impl HospitalSettings {
    /// What has no default that would do: JSON Pointers to what an administrator has still to enter before the hospital receives people.
    pub fn not_entered(&self) -> Vec<&'static str> {
        let mut open = Vec::new();
        let mut ask = |is_open: bool, pointer| {
            if is_open {
                open.push(pointer);
            }
        };
        ask(self.bank == BankAccount::default(), "/bank");
        ask(self.issuer == Issuer::default(), "/issuer");
        ask(self.contact == Contact::default(), "/contact");
        open
    }

    /// Whether an invoice would say who issues it and where to pay.
    pub fn can_invoice(&self) -> bool {
        self.bank != BankAccount::default() && self.issuer != Issuer::default()
    }

    /// All faults of the settings; none if they make sense together.
    pub fn faults(&self) -> Vec<SettingFault> {
        let mut faults = Vec::new();
        let mut hold = |holds: bool, pointer: &'static str, code: &'static str| {
            if !holds {
                faults.push(SettingFault { pointer, code });
            }
        };
        for (days, pointer) in [
            (self.draft_expires_after_days, "/draft_expires_after_days"),
            (self.information_expires_after_days, "/information_expires_after_days"),
            (self.accepted_expires_after_days, "/accepted_expires_after_days"),
            (self.payment_expires_after_days, "/payment_expires_after_days"),
            (self.opinion_due_from_days, "/opinion_due_from_days"),
            (self.opinion_due_to_days, "/opinion_due_to_days"),
            (self.quote_valid_days, "/quote_valid_days"),
        ] {
            hold((1..=3650).contains(&days), pointer, "days_out_of_range");
        }
        hold(self.opinion_due_from_days <= self.opinion_due_to_days, "/opinion_due_to_days", "before_the_first_day");
        hold((0..=100_000).contains(&self.short_payment_tolerance), "/short_payment_tolerance", "amount_out_of_range");
        hold(self.patient_fields.contains(&PartyField::Name), "/patient_fields", "name_needed");
        hold(self.contact_person_fields.contains(&PartyField::Name), "/contact_person_fields", "name_needed");
        hold(!self.terms_version.trim().is_empty() && self.terms_version.len() <= 40, "/terms_version", "too_short");
        let said = |text: &str| !text.trim().is_empty();
        // All of it, or nothing yet: half an account would be printed on invoices.
        if self.bank != BankAccount::default() {
            let bank = &self.bank;
            hold(said(&bank.bank), "/bank/bank", "too_short");
            hold(said(&bank.branch), "/bank/branch", "too_short");
            hold(is_bic(&bank.swift), "/bank/swift", "format");
            hold(said(&bank.number), "/bank/number", "too_short");
            hold(said(&bank.holder), "/bank/holder", "too_short");
        }
        if self.issuer != Issuer::default() {
            let issuer = &self.issuer;
            hold(said(&issuer.name), "/issuer/name", "too_short");
            hold(said(&issuer.address), "/issuer/address", "too_short");
            hold(is_registration_number(&issuer.registration_number), "/issuer/registration_number", "registration_number");
        }
        let policy = self.cancellation_policy;
        for (percent, pointer) in [
            (policy.before_work_percent, "/cancellation_policy/before_work_percent"),
            (policy.during_work_percent, "/cancellation_policy/during_work_percent"),
            (policy.after_work_percent, "/cancellation_policy/after_work_percent"),
        ] {
            hold(percent <= 100, pointer, "percent_out_of_range");
        }
        for pointer in self.session_limits.faults() {
            hold(false, pointer, "time_out_of_range");
        }
        hold(self.contact.email.parse::<crate::people::EmailAddress>().is_ok(), "/contact/email", "format");
        hold(self.contact.phone.parse::<crate::people::PhoneNumber>().is_ok(), "/contact/phone", "format");
        faults
    }
}

/// Whether this is a BIC: four letters or digits for the institution, the country, two for the place, three or none for the branch.
fn is_bic(text: &str) -> bool {
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
    fn the_defaults_make_sense_and_are_the_published_figures() {
        let settings = HospitalSettings::default();
        assert_eq!(settings.faults(), []);
        assert_eq!((settings.opinion_due_from_days, settings.opinion_due_to_days), (7, 10));
        assert!(!settings.decline_reasons.contains(&DeclineCode::TransferWish), "this service is for people who wish treatment");
    }

    #[test]
    fn each_fault_is_named() {
        let settings = HospitalSettings {
            opinion_due_from_days: 11,
            short_payment_tolerance: -1,
            issuer: Issuer { registration_number: "T1234567890123".into(), name: "Hospital".into(), ..Issuer::default() },
            bank: BankAccount { swift: "EXAMJPJ".into(), number: " ".into(), ..BankAccount::default() },
            ..HospitalSettings::default()
        };
        let pointers: Vec<&str> = settings.faults().iter().map(|fault| fault.pointer).collect();
        let bank = ["/bank/bank", "/bank/branch", "/bank/swift", "/bank/number", "/bank/holder"];
        let issuer = ["/issuer/address", "/issuer/registration_number"];
        assert_eq!(pointers, [&["/opinion_due_to_days", "/short_payment_tolerance"][..], &bank, &issuer].concat());
    }

    #[test]
    fn what_no_default_can_know_is_to_be_entered() {
        let settings = HospitalSettings::default();
        assert_eq!(settings.not_entered(), ["/bank", "/issuer", "/contact"]);
        assert!(!settings.can_invoice());
    }

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

    #[test]
    fn unknown_settings_are_refused() {
        assert!(serde_json::from_str::<HospitalSettings>(r#"{"colour":"red"}"#).is_err());
        assert_eq!(serde_json::from_str::<HospitalSettings>("{}").unwrap(), HospitalSettings::default());
    }
}
