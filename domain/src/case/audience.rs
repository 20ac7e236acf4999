//! For whom something is told, and when everything automatic falls silent.

use super::{CancelReason, Case, Ending, EventKind, Stage};
use crate::access::Audience;
use crate::review::DeclineCode;

impl Case {
    /// Everybody on the applicant's side and the hospital's people; the patient only while they know.
    pub fn open_audience(&self) -> Audience {
        let all = Audience::APPLICANT.and(Audience::PATIENT).and(Audience::AGENCY).and(Audience::STAFF);
        if self.is_patient_uninformed() { all.without(Audience::PATIENT) } else { all }
    }

    /// Whether every automatic message to the outside has fallen silent: the patient has died.
    pub fn is_silenced(&self) -> bool {
        if self.death.is_some() {
            return true;
        }
        match &self.stage {
            Stage::Ended { ending, .. } => match ending {
                Ending::Declined { code, .. } => *code == DeclineCode::PatientDeceased,
                Ending::Cancelled { reason, .. } => *reason == CancelReason::PatientDeceased,
                Ending::Closed | Ending::Expired => false,
            },
            Stage::Intake { .. } | Stage::Visit { .. } | Stage::Written { .. } => false,
        }
    }

    /// For whom something is told, fixed when it happens.
    pub(super) fn audience_of(&self, kind: &EventKind) -> Audience {
        let inside = Audience::STAFF;
        // After a death people write to people; nothing is told of itself.
        let open = if self.is_silenced() && !matches!(kind, EventKind::MessagePosted { .. }) { inside } else { self.open_audience() };
        let money = open.without(Audience::PATIENT).and(Audience::BILLING);
        match kind {
            EventKind::OpinionSubmitted { .. }
            | EventKind::OpinionReturned { .. }
            | EventKind::CaseReassigned { .. }
            | EventKind::PhysicianAssigned { .. }
            | EventKind::FindingsRecorded
            | EventKind::PatientUninformedAttested { .. }
            | EventKind::ExamRecorded
            | EventKind::ConsultationCorrected { .. }
            | EventKind::CaseOverdue => inside,
            // No line ever tells the patient that there was something to know.
            EventKind::PatientUninformedClaimed | EventKind::PatientUninformedEnded => open.without(Audience::PATIENT),
            // An agency reads of it with the patient's consent alone; the case says it then.
            EventKind::TreatmentRequested | EventKind::TreatmentAnswered => open.without(Audience::AGENCY),
            EventKind::PatientDeathRecorded | EventKind::PatientDeathWithdrawn => inside.and(Audience::BILLING),
            EventKind::QuoteAccepted { .. }
            | EventKind::EstimateIssued { .. }
            | EventKind::EstimateAccepted { .. }
            | EventKind::EstimateWithdrawn { .. }
            | EventKind::InvoiceIssued { .. }
            | EventKind::PaymentRecorded { .. }
            | EventKind::PaymentReversed { .. }
            | EventKind::InvoiceCredited { .. }
            | EventKind::InvoiceReissued { .. }
            | EventKind::InvoiceExtended { .. }
            | EventKind::RefundOpened { .. }
            | EventKind::RefundReturned { .. }
            | EventKind::RefundApplied { .. }
            | EventKind::RefundPaid { .. } => money,
            EventKind::CaseAccepted
            | EventKind::ReExaminationProposed
            | EventKind::ReExaminationChanged
            | EventKind::ReExaminationLapsed
            | EventKind::SlidesCounted { .. }
            | EventKind::CaseDeclined { .. }
            | EventKind::CaseClosed
            | EventKind::CaseExpired
            | EventKind::CaseReopened
            | EventKind::KindChanged { .. }
            | EventKind::ReviewedAgain
            | EventKind::CaseCancelled { .. }
            // Billing waits for them: what is reserved is paid, and what took place is invoiced.
            | EventKind::AppointmentReserved { .. }
            | EventKind::AppointmentConfirmed { .. }
            | EventKind::AppointmentMoved { .. }
            | EventKind::AppointmentCancelled { .. }
            | EventKind::VisitNotHeld { .. }
            | EventKind::ConsultationRecorded { .. }
            | EventKind::ConsultationBrokenOff { .. } => open.and(Audience::BILLING),
            EventKind::CaseOpened { .. }
            | EventKind::ApplicationChanged
            | EventKind::ContactsCorrected
            | EventKind::CaseSubmitted
            | EventKind::InformationRequested { .. }
            | EventKind::InformationAnswered { .. }
            | EventKind::InformationRequestWithdrawn { .. }
            | EventKind::ItemProvided { .. }
            | EventKind::ItemVerified { .. }
            | EventKind::ItemRejected { .. }
            | EventKind::ItemWaived { .. }
            | EventKind::DocumentUploaded { .. }
            | EventKind::DocumentDeleted { .. }
            | EventKind::TreatmentRecorded { .. }
            | EventKind::TriageStarted { .. }
            | EventKind::WritingStarted { .. }
            | EventKind::WritingStopped
            | EventKind::OpinionDelivered { .. }
            | EventKind::OpinionSent
            | EventKind::OpinionAddendumAdded { .. }
            | EventKind::CaseHeld { .. }
            | EventKind::CaseResumed
            | EventKind::SlideReturnOpened
            | EventKind::MemberJoined
            | EventKind::RepresentativeAdded { .. }
            | EventKind::RepresentativeChanged { .. }
            | EventKind::RepresentativeEnded { .. }
            | EventKind::ConsentRegistered { .. }
            | EventKind::ConsentVerified { .. }
            | EventKind::ConsentRefused { .. }
            | EventKind::ConsentWithdrawn { .. }
            | EventKind::AppointmentWishesProposed
            | EventKind::AppointmentOffered { .. }
            | EventKind::AppointmentOfferWithdrawn { .. }
            | EventKind::AppointmentLapsed { .. }
            | EventKind::PhysicianSubstituted { .. }
            | EventKind::ArrivalRecorded { .. }
            | EventKind::ExtensionAgreed { .. }
            | EventKind::KindProposed { .. }
            | EventKind::KindProposalWithdrawn { .. }
            | EventKind::MessagePosted { .. } => open,
        }
    }
}
