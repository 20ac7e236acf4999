//! The settings of consents: how long one holds, and the form in the languages that the hospital has added.

use serde::{Deserialize, Serialize};

use crate::people::{LanguageTag, LongText, ShortText};
use crate::settings::Faults;

/// The most languages that a hospital adds.
const MOST_LANGUAGES: usize = 50;

/// The settings of consents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConsentSettings {
    /// Days from its signature for which a consent holds that names no last day.
    pub valid_days: u16,
    /// The form in further languages. English and Japanese are built in; an entry for them replaces the built-in text.
    pub forms: Vec<ConsentForm>,
}

/// The consent form in one language: its texts, in the order of the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConsentForm {
    /// The language.
    pub language: LanguageTag,
    /// The version of this text, such as `2026-11`.
    pub version: ShortText,
    /// “Consent to a second opinion by a representative”.
    pub title: ShortText,
    /// “Consent to disclosure to an agency”.
    pub agency_title: ShortText,
    /// “Patient: name, date of birth, contact details”.
    pub patient: ShortText,
    /// “Representatives: name, relation, identity document”.
    pub representatives: ShortText,
    /// “Agency”.
    pub agency: ShortText,
    /// “Purpose and scope”, and what it is.
    pub purpose: LongText,
    /// “Purpose and scope” of the consent to disclosure: that the hospital gives the opinion to the agency.
    pub agency_purpose: LongText,
    /// “What may be told”, diagnosis and prognosis included.
    pub may_be_told: LongText,
    /// “Records, images, slides”: use, return, disposal.
    pub records: LongText,
    /// “Others who may receive”: agency, interpreter, current physician.
    pub recipients: LongText,
    /// “Provision outside Japan”: country, its regime, safeguards.
    pub abroad: LongText,
    /// “Understandings”: not treatment, fees, no recording.
    pub understandings: LongText,
    /// “Validity and withdrawal”; `{days}` stands for the days for which a consent holds that names no last day (setting `valid_days`).
    pub validity: LongText,
    /// “Patient's signature and date, in their own hand”.
    pub signature: ShortText,
    /// “If the patient cannot sign: legal representative, ground, evidence”.
    pub legal_representative: ShortText,
    /// “Statement of the translator, if it was read in another language”.
    pub translator: ShortText,
    /// “For the hospital: copy received, original seen, identity checked, by whom”.
    pub hospital_use: ShortText,
}

impl Default for ConsentSettings {
    fn default() -> Self {
        Self { valid_days: 365, forms: Vec::new() }
    }
}

impl ConsentSettings {
    pub(crate) fn check(&self, faults: &mut Faults) {
        faults.days(self.valid_days, "/consents/valid_days");
        faults.unless(self.forms.len() <= MOST_LANGUAGES, "/consents/forms", "too_long");
        let is_again = |place: usize, form: &ConsentForm| {
            self.forms.iter().take(place).any(|other| other.language.as_str().eq_ignore_ascii_case(form.language.as_str()))
        };
        faults.unless(self.forms.iter().all(|form| form.language.is_known()), "/consents/forms", "format");
        faults.unless(!self.forms.iter().enumerate().any(|(place, form)| is_again(place, form)), "/consents/forms", "repeated");
    }

    /// The form in a language: of the very tag, or else of its first subtag alone, in the script that is usual for it.
    pub fn form_in(&self, language: &LanguageTag) -> Option<&ConsentForm> {
        let exact = self.forms.iter().find(|form| form.language.as_str().eq_ignore_ascii_case(language.as_str()));
        // A language without a region or a script stands for its regions, not for another script.
        let is_plain = |form: &&ConsentForm| form.language.as_str().eq_ignore_ascii_case(&language.primary());
        exact.or_else(|| self.forms.iter().find(is_plain).filter(|_| !language.names_script()))
    }
}
