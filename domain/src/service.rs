//! The three services (seed: “Second opinion consultation for a patient”, “… with a person who visits hospital on behalf of the patient”,
//! “Second opinion in written format”).

use crate::wire::wire_enum;

wire_enum! {
    /// The service that is applied for.
    ServiceKind {
        /// The patient visits.
        PatientConsultation = "patient_consultation",
        /// A family member, friend or other person visits for a patient who does not live in Japan.
        RepresentativeConsultation = "representative_consultation",
        /// A one-page document for patients without family or friends in Japan.
        WrittenOpinion = "written_opinion",
    }
}
