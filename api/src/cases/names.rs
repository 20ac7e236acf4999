//! Closed lists of the contract: states, kinds, roles. The document's schemas of enums whose values are the domain's.

use utoipa::ToSchema;

macro_rules! closed {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(ToSchema)]
        #[schema(rename_all = "snake_case")]
        #[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
        pub(crate) enum $name { $($variant),* }
    )*};
}

pub(crate) use closed;

closed! {
    /// The service that is applied for (seed: the three forms of a second opinion).
    ServiceName { PatientConsultation, RepresentativeConsultation, WrittenOpinion }
    /// Where a case stands in its life.
    CaseStage {
        Draft, Submitted, InformationRequested, InTriage, Accepted, Scheduled, Consulted, AwaitingPayment, Writing, InReview, Delivered,
        Closed, Declined, Cancelled, Expired,
    }
    /// Who does the next step.
    NextParty { Applicant, Desk, Department, Physician, Accountant, Pathology, Nobody }
    /// How a person stands to the patient. A friend is not family.
    PatientRelation { Spouse, Parent, Child, Sibling, Grandparent, Grandchild, OtherFamily, Friend, Colleague, Caregiver, Other }
    /// How a case reached the hospital.
    CaseRoute { Applicant, Agency, Desk }
    /// A role of the hospital's people, of applicants and of agencies.
    RoleName { Applicant, Agency, Coordinator, Physician, Chief, Director, Accountant, Pathologist, Administrator, Auditor }
}
