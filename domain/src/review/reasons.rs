//! Reasons for which a case ends early. Nationality is never one (law).

use crate::wire::wire_enum;

wire_enum! {
    /// Why the hospital declines.
    DeclineCode grows {
        /// Outside the hospital's specialty.
        OutsideSpecialty = "outside_specialty",
        /// No department or physician can take it.
        DepartmentUnavailable = "department_unavailable",
        /// The records do not suffice for an opinion.
        NoRecords = "no_records",
        /// No records in Japanese or English.
        UntranslatedRecords = "untranslated_records",
        /// A required consent cannot be had.
        NoConsent = "no_consent",
        /// The patient has died.
        PatientDeceased = "patient_deceased",
        /// A judgement of past treatment is asked for.
        TreatmentFinished = "treatment_finished",
        /// Litigation or malpractice.
        Litigation = "litigation",
        /// Fees or benefits.
        FeeOrBenefitDispute = "fee_or_benefit_dispute",
        /// A complaint about a physician.
        ComplaintAboutPhysician = "complaint_about_physician",
        /// Only a transfer is wished.
        TransferWish = "transfer_wish",
        /// The current physician objects.
        CurrentPhysicianObjects = "current_physician_objects",
        /// No cancer was diagnosed: screening is the way.
        NoCancerDiagnosis = "no_cancer_diagnosis",
        /// The same patient applied twice; said internally only.
        Duplicate = "duplicate",
        /// The patient would have to be told first; said internally only.
        PatientMustBeTold = "patient_must_be_told",
        /// Anything else, in words.
        Other = "other",
    }
}

impl DeclineCode {
    /// Whether a hospital that decides nothing uses it. The two that other hospitals know are off: this service is for people who wish
    /// treatment here (seed).
    pub const fn is_on_by_default(self) -> bool {
        !matches!(self, Self::TransferWish | Self::CurrentPhysicianObjects | Self::TreatmentFinished | Self::NoCancerDiagnosis)
    }

    /// Whether the desk may use it without the department: reasons that ask for no medical judgement.
    pub const fn is_administrative(self) -> bool {
        matches!(
            self,
            Self::UntranslatedRecords
                | Self::NoConsent
                | Self::PatientDeceased
                | Self::Litigation
                | Self::FeeOrBenefitDispute
                | Self::Duplicate
                | Self::PatientMustBeTold
        )
    }

    /// Whether only the hospital's people read the code. The applicant reads the text.
    pub const fn is_internal(self) -> bool {
        matches!(self, Self::PatientDeceased | Self::Litigation | Self::ComplaintAboutPhysician | Self::Duplicate | Self::PatientMustBeTold)
    }

    /// Whether records must have been asked for at least once before.
    pub const fn needs_a_request_before(self) -> bool {
        matches!(self, Self::NoRecords | Self::UntranslatedRecords)
    }
}
