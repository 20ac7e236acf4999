//! Consents: a register of what the patient has signed, and of what became of it. A withdrawal, or the end of the period, counts from the next
//! request.

mod settings;
mod steps;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{ConsentId, DocumentId, RepresentativeId, UserId};
use crate::people::{LanguageTag, ShortText};
use crate::wire::wire_enum;

pub use settings::{ConsentForm, ConsentSettings};

wire_enum! {
    /// What a consent allows.
    ConsentKind grows {
        /// That people who are named hear about the patient in their place (seed: “a consent form signed by the patient”).
        RepresentativeConsultation = "representative_consultation",
        /// That the agency reads the opinion and what the doctors write (law).
        AgencyDisclosure = "agency_disclosure",
    }
}

wire_enum! {
    /// Who signed a consent.
    ConsentSigner {
        /// The patient.
        Patient = "patient",
        /// Who signs for the patient by law; named in the patient's data.
        LegalRepresentative = "legal_representative",
        /// Anybody else: no consent.
        Other = "other",
    }
}

wire_enum! {
    /// Where a consent stands.
    ConsentState {
        /// Handed in, not checked.
        Registered = "registered",
        /// Checked, and right.
        Verified = "verified",
        /// To be sent again.
        Refused = "refused",
        /// Taken back by the patient's side.
        Withdrawn = "withdrawn",
        /// Its period is over.
        Ended = "ended",
    }
}

wire_enum! {
    /// Why a consent must be sent again.
    ConsentRefusal grows {
        /// The signature is not the patient's.
        NotSignedByPatient = "not_signed_by_patient",
        /// There is no signature.
        SignatureMissing = "signature_missing",
        /// There is no date.
        DateMissing = "date_missing",
        /// Somebody who visits is not named on it.
        VisitorNotNamed = "visitor_not_named",
        /// The form is of an earlier version.
        FormOutdated = "form_outdated",
        /// It cannot be read.
        Illegible = "illegible",
        /// Its period is over.
        PeriodOver = "period_over",
    }
}

wire_enum! {
    /// What the desk finds.
    ConsentOutcome {
        /// It is right.
        Verified = "verified",
        /// It must be sent again.
        Refused = "refused",
    }
}

/// What the desk found when it looked at a consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "found", rename_all = "snake_case")]
pub enum ConsentFinding {
    /// It is right.
    Verified,
    /// It must be sent again.
    Refused {
        /// Why.
        reason: ConsentRefusal,
        /// In words, for the applicant.
        text: Option<ShortText>,
    },
}

/// The days that the desk reads on the paper, where they are others than those that were handed in with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DatesRead {
    /// The day of the signature.
    pub signed_on: Option<Date>,
    /// The last day on which it holds.
    pub valid_until_on: Option<Date>,
}

/// The desk's check of a consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentCheck {
    /// What it found.
    pub finding: ConsentFinding,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// A consent that was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentWithdrawal {
    /// In words.
    pub text: Option<ShortText>,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// The paper of a consent, as somebody hands it in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentPaper {
    /// What it allows.
    pub kind: ConsentKind,
    /// Who signed it.
    pub signer: ConsentSigner,
    /// The people whom it names; none for [`ConsentKind::AgencyDisclosure`].
    pub representatives: Vec<RepresentativeId>,
    /// The day of the signature, as it stands on the paper.
    pub signed_on: Option<Date>,
    /// The last day on which it holds, in Tokyo.
    pub valid_until_on: Option<Date>,
    /// The language of the form.
    pub language: Option<LanguageTag>,
    /// The version of the form.
    pub form_version: Option<ShortText>,
    /// The copy that was uploaded.
    pub document: Option<DocumentId>,
    /// Whether the desk holds the paper itself.
    pub on_paper: bool,
}

/// A consent in the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The identifier.
    pub id: ConsentId,
    /// The paper.
    pub paper: ConsentPaper,
    /// Who handed it in.
    pub registered_by: UserId,
    /// When.
    pub registered_at: Timestamp,
    /// The desk's last check.
    pub check: Option<ConsentCheck>,
    /// Whether it was taken back.
    pub withdrawn: Option<ConsentWithdrawal>,
}

impl Consent {
    /// Where it stands on a day, in Tokyo.
    pub fn state_on(&self, today: Date) -> ConsentState {
        if self.withdrawn.is_some() {
            return ConsentState::Withdrawn;
        }
        match self.check.as_ref().map(|check| &check.finding) {
            Some(ConsentFinding::Refused { .. }) => ConsentState::Refused,
            _ if self.paper.valid_until_on.is_some_and(|last| last < today) => ConsentState::Ended,
            Some(ConsentFinding::Verified) => ConsentState::Verified,
            None => ConsentState::Registered,
        }
    }

    /// Whether the patient knows of the case by it: the desk found the signature right, or has found nothing against it.
    pub fn tells_of_a_signature(&self) -> bool {
        match self.check.as_ref().map(|check| &check.finding) {
            Some(ConsentFinding::Verified) => true,
            Some(ConsentFinding::Refused { reason, .. }) => {
                !matches!(reason, ConsentRefusal::NotSignedByPatient | ConsentRefusal::SignatureMissing) && self.withdrawn.is_none()
            }
            None => self.withdrawn.is_none(),
        }
    }

    /// Whether it names somebody who visits.
    pub fn names(&self, representative: RepresentativeId) -> bool {
        self.paper.kind == ConsentKind::RepresentativeConsultation && self.paper.representatives.contains(&representative)
    }

    /// Why it must be sent again, if it must.
    pub fn refusal(&self) -> Option<(ConsentRefusal, Option<&ShortText>)> {
        match self.check.as_ref().map(|check| &check.finding) {
            Some(ConsentFinding::Refused { reason, text }) => Some((*reason, text.as_ref())),
            Some(ConsentFinding::Verified) | None => None,
        }
    }
}
