//! Required items (seed: “Required Items for Application”): what each is, why it applies, where it stands, what it blocks.

mod checklist;
mod requirements;
mod settings;
mod steps;

pub use checklist::{Advice, BlockedStep, Checklist, ChecklistEntry, ItemLevel, WhyItApplies, checklist};
pub use requirements::{Requirement, advice, requirements};
pub use settings::IntakeSettings;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::consents::ConsentKind;
use crate::ids::UserId;
use crate::people::ShortText;
use crate::wire::wire_enum;

wire_enum! {
    /// A required item.
    ItemCode grows {
        /// The application itself, complete.
        ApplicationForm = "application_form",
        /// Signed by the patient, when a visitor is not family.
        PatientConsent = "patient_consent",
        /// Signed by the patient, before an agency receives an opinion (law).
        AgencyDisclosureConsent = "agency_disclosure_consent",
        /// By the current physician; or a document with the treatment history.
        ReferralLetter = "referral_letter",
        /// Exams, surgery, chemotherapy, radiation.
        TreatmentHistory = "treatment_history",
        /// CT, MRI, PET-CT, endoscopy, ultrasonography; DICOM preferred.
        DiagnosticImages = "diagnostic_images",
        /// Those that belong to the images.
        ExamReports = "exam_reports",
        /// The latest.
        BloodTest = "blood_test",
        /// Pertinent to the diagnosis, if any.
        ScreeningResults = "screening_results",
        /// Glass, stained; for a re-examination.
        PathologySlides = "pathology_slides",
        /// Turned in with the slides.
        PathologyReport = "pathology_report",
    }
}

wire_enum! {
    /// Where an item stands.
    ItemState {
        /// Not handed in.
        Missing = "missing",
        /// Handed in, not checked.
        Provided = "provided",
        /// Checked, and right.
        Verified = "verified",
        /// To be sent again.
        Rejected = "rejected",
        /// The applicant cannot provide it.
        Unavailable = "unavailable",
        /// Looked at, but not relied on.
        SetAside = "set_aside",
        /// Need not be handed in; never a required one.
        Waived = "waived",
    }
}

impl ItemCode {
    /// The kind of consent that the item is; consents have a register of their own.
    pub const fn consent(self) -> Option<ConsentKind> {
        match self {
            Self::PatientConsent => Some(ConsentKind::RepresentativeConsultation),
            Self::AgencyDisclosureConsent => Some(ConsentKind::AgencyDisclosure),
            Self::ApplicationForm
            | Self::ReferralLetter
            | Self::TreatmentHistory
            | Self::DiagnosticImages
            | Self::ExamReports
            | Self::BloodTest
            | Self::ScreeningResults
            | Self::PathologySlides
            | Self::PathologyReport => None,
        }
    }
}

/// The stored state of an item: absence means [`ItemState::Missing`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemRecord {
    /// Where it stands.
    pub state: ItemState,
    /// Why, in words for the applicant.
    pub reason: Option<ShortText>,
    /// Who brought it there.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}
