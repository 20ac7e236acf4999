//! The settings of what an application needs.

use serde::{Deserialize, Serialize};

use crate::people::PartyField;
use crate::settings::Faults;

/// The settings of the application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "settings")]
pub struct IntakeSettings {
    /// Fields of the patient that an application needs (seed: “all contact information for the patient”).
    pub patient_fields: Vec<PartyField>,
    /// Fields of the other person that an application needs (seed: “and 1 other person”).
    pub contact_person_fields: Vec<PartyField>,
    /// Days after which a draft expires.
    pub draft_expires_after_days: u16,
    /// Days after which an unanswered request for information expires.
    pub information_expires_after_days: u16,
    /// Whether family, too, needs the patient's consent.
    pub family_needs_consent: bool,
    /// Whether the claim that the patient does not know needs the department's attestation.
    pub uninformed_needs_attestation: bool,
    /// Whether family may come before the patient knows (seed).
    pub uninformed_offered: bool,
    /// Whether they may also do so through an agency, by a decision of counsel.
    pub uninformed_with_agency: bool,
    /// Days after which the department looks again at a claim that it approved.
    pub attestation_review_days: u16,
    /// Whether applicants are told that usually no exam is performed (seed).
    pub usually_no_exam: bool,
}

impl Default for IntakeSettings {
    fn default() -> Self {
        use PartyField::{Address, BirthOn, Country, Email, Language, Name, Phone, Relation};
        Self {
            patient_fields: vec![Name, BirthOn, Address, Country, Phone, Email, Language],
            contact_person_fields: vec![Name, Relation, Address, Phone, Email],
            draft_expires_after_days: 90,
            information_expires_after_days: 30,
            family_needs_consent: false,
            uninformed_needs_attestation: true,
            uninformed_offered: true,
            uninformed_with_agency: false,
            attestation_review_days: 30,
            usually_no_exam: true,
        }
    }
}

impl IntakeSettings {
    pub(crate) fn check(&self, faults: &mut Faults) {
        faults.unless(self.patient_fields.contains(&PartyField::Name), "/intake/patient_fields", "name_needed");
        faults.unless(self.contact_person_fields.contains(&PartyField::Name), "/intake/contact_person_fields", "name_needed");
        faults.days(self.draft_expires_after_days, "/intake/draft_expires_after_days");
        faults.days(self.attestation_review_days, "/intake/attestation_review_days");
        faults.days(self.information_expires_after_days, "/intake/information_expires_after_days");
    }
}
