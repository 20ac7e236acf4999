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
    /// Why a case is declined.
    DeclineReason {
        OutsideSpecialty, DepartmentUnavailable, NoRecords, UntranslatedRecords, NoConsent, PatientDeceased, TreatmentFinished, Litigation,
        FeeOrBenefitDispute, ComplaintAboutPhysician, TransferWish, CurrentPhysicianObjects, NoCancerDiagnosis, Duplicate, Other,
    }
    /// Why a case is cancelled.
    CancelCode { Withdrawn, PatientDeceased, ConditionWorsened, HospitalReason, Duplicate }
    /// Why the clocks of a case stand still.
    HoldCode { Information, Slides, Applicant, Department, Other }
    /// How much an item is needed.
    ItemLevel { Required, RequiredIf, Recommended, IfAvailable }
    /// Why an item applies to a case.
    WhyItApplies {
        EveryCase, VisitorIsNotFamily, HospitalAsksFamily, AgencyReceives, ReExaminationRequested, MedicalInformation, AskedFor,
    }
    /// Where an item stands.
    ChecklistItemState { Missing, Provided, Verified, Rejected, Unavailable, SetAside, Waived }
    /// What cannot happen while an item is not verified.
    BlockedStep { Nothing, Triage, Delivery, DueWindow }
}
