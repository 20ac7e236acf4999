//! The kinds of events, each with its details.

use super::events;
use crate::appointments::ChangedBy;
use crate::calendar::DueWindow;
use crate::case::{CancelReason, HoldReason};
use crate::consents::ConsentRefusal;
use crate::ids::{
    AgencyId, AppointmentId, ConsentId, CreditNoteId, DepartmentId, DocumentId, EstimateId, InformationRequestId, InvoiceId, MessageId,
    OpinionId, PaymentId, QuoteId, RepresentativeId, TreatmentEntryId, UserId,
};
use crate::intake::items::ItemCode;
use crate::money::Yen;
use crate::people::ShortText;
use crate::review::DeclineCode;
use crate::service::ServiceKind;

events! {
    /// A draft was opened.
    CaseOpened = "case_opened" {
        /// The service.
        kind: ServiceKind,
        /// The agency that refers.
        agency: Option<AgencyId>,
    },
    /// The application was changed.
    ApplicationChanged = "application_changed",
    /// The desk corrected the contacts of the patient or of the other person.
    ContactsCorrected = "contacts_corrected",
    /// The application was submitted.
    CaseSubmitted = "case_submitted",
    /// The hospital asked for information.
    InformationRequested = "information_requested" {
        /// The request.
        request: InformationRequestId,
    },
    /// A request was answered.
    InformationAnswered = "information_answered" {
        /// The request.
        request: InformationRequestId,
    },
    /// A request was withdrawn.
    InformationRequestWithdrawn = "information_request_withdrawn" {
        /// The request.
        request: InformationRequestId,
    },
    /// A required item was handed in.
    ItemProvided = "item_provided" {
        /// The item.
        item: ItemCode,
    },
    /// A required item was checked and is right.
    ItemVerified = "item_verified" {
        /// The item.
        item: ItemCode,
    },
    /// A required item must be sent again.
    ItemRejected = "item_rejected" {
        /// The item.
        item: ItemCode,
    },
    /// An item need not be handed in.
    ItemWaived = "item_waived" {
        /// The item.
        item: ItemCode,
    },
    /// A document was uploaded.
    DocumentUploaded = "document_uploaded" {
        /// The document.
        document: DocumentId,
    },
    /// A document was deleted.
    DocumentDeleted = "document_deleted" {
        /// The document.
        document: DocumentId,
    },
    /// The treatment history was changed.
    TreatmentRecorded = "treatment_recorded" {
        /// The entry.
        entry: TreatmentEntryId,
    },
    /// The review for acceptance began.
    TriageStarted = "triage_started" {
        /// The department.
        department: DepartmentId,
    },
    /// Another department took over.
    CaseReassigned = "case_reassigned" {
        /// The department.
        department: DepartmentId,
        /// Why.
        reason: Option<ShortText>,
    },
    /// A physician was assigned.
    PhysicianAssigned = "physician_assigned" {
        /// The physician.
        physician: UserId,
        /// Why.
        reason: Option<ShortText>,
    },
    /// The hospital accepted.
    CaseAccepted = "case_accepted",
    /// The hospital declined.
    CaseDeclined = "case_declined" {
        /// Why.
        code: DeclineCode,
    },
    /// The applicant accepted an estimate of their own making. Release 0.1 told this.
    QuoteAccepted = "quote_accepted" {
        /// The estimate.
        quote: QuoteId,
    },
    /// The hospital made an estimate.
    EstimateIssued = "estimate_issued" {
        /// The estimate.
        estimate: EstimateId,
    },
    /// The payer accepted the estimate.
    EstimateAccepted = "estimate_accepted" {
        /// The estimate.
        estimate: EstimateId,
    },
    /// The hospital took the estimate back.
    EstimateWithdrawn = "estimate_withdrawn" {
        /// The estimate.
        estimate: EstimateId,
    },
    /// The invoice was issued.
    InvoiceIssued = "invoice_issued" {
        /// The invoice.
        invoice: InvoiceId,
    },
    /// A payment was recorded.
    PaymentRecorded = "payment_recorded" {
        /// The invoice.
        invoice: InvoiceId,
        /// The payment.
        payment: PaymentId,
    },
    /// A physician proposes that more slides be examined again.
    ReExaminationProposed = "re_examination_proposed",
    /// Other slides are to be examined again than before, or none.
    ReExaminationChanged = "re_examination_changed",
    /// Proposed slides will not be examined: nobody agreed, or paid, in time.
    ReExaminationLapsed = "re_examination_lapsed",
    /// Pathology counted the slides that arrived.
    SlidesCounted = "slides_counted" {
        /// Whether they are others than those that are asked for.
        differ: bool,
    },
    /// Pathology recorded its findings.
    FindingsRecorded = "findings_recorded",
    /// The physician may begin.
    WritingStarted = "writing_started" {
        /// When the opinion is due, if that is counted already.
        due: Option<DueWindow>,
    },
    /// The opinion was submitted for review.
    OpinionSubmitted = "opinion_submitted" {
        /// The opinion.
        opinion: OpinionId,
    },
    /// The opinion was returned to its author.
    OpinionReturned = "opinion_returned" {
        /// The opinion.
        opinion: OpinionId,
    },
    /// The opinion was delivered.
    OpinionDelivered = "opinion_delivered" {
        /// The opinion.
        opinion: OpinionId,
    },
    /// The opinion was sent by post.
    OpinionSent = "opinion_sent",
    /// An addendum was added.
    OpinionAddendumAdded = "opinion_addendum_added" {
        /// The opinion.
        opinion: OpinionId,
    },
    /// The clocks stand still.
    CaseHeld = "case_held" {
        /// Why.
        reason: HoldReason,
    },
    /// The clocks go on.
    CaseResumed = "case_resumed",
    /// A payment was reversed: it was a mistake, or the bank took it back.
    PaymentReversed = "payment_reversed" {
        /// The invoice.
        invoice: InvoiceId,
        /// The payment.
        payment: PaymentId,
    },
    /// A credit note was issued: something that was invoiced is not demanded any longer.
    InvoiceCredited = "invoice_credited" {
        /// The invoice.
        invoice: InvoiceId,
        /// The credit note.
        credit_note: CreditNoteId,
    },
    /// A corrected invoice was issued in the place of another.
    InvoiceReissued = "invoice_reissued" {
        /// The corrected invoice.
        invoice: InvoiceId,
        /// The invoice in whose place it stands.
        replaces: InvoiceId,
    },
    /// The hospital waits longer for the payment of an invoice.
    InvoiceExtended = "invoice_extended" {
        /// The invoice.
        invoice: InvoiceId,
    },
    /// The patient has died.
    PatientDeathRecorded = "patient_death_recorded",
    /// The record of the patient's death was taken back.
    PatientDeathWithdrawn = "patient_death_withdrawn",
    /// The work waits for its payment again.
    WritingStopped = "writing_stopped",
    /// A refund of what was paid is due.
    RefundOpened = "refund_opened" {
        /// The amount that is given back.
        amount: Yen,
    },
    /// A refund came back: it is due again.
    RefundReturned = "refund_returned" {
        /// The amount that is given back.
        amount: Yen,
    },
    /// A refund has paid another invoice.
    RefundApplied = "refund_applied" {
        /// The amount that is applied.
        amount: Yen,
    },
    /// A refund has left.
    RefundPaid = "refund_paid" {
        /// The amount that is given back.
        amount: Yen,
    },
    /// Slides must be sent back.
    SlideReturnOpened = "slide_return_opened",
    /// The case was cancelled.
    CaseCancelled = "case_cancelled" {
        /// Why.
        reason: CancelReason,
        /// Whether every automatic message falls silent.
        silent: bool,
    },
    /// Nobody did anything for too long.
    CaseExpired = "case_expired",
    /// An ended case goes on.
    CaseReopened = "case_reopened",
    /// The opinion is overdue.
    CaseOverdue = "case_overdue",
    /// The case was closed.
    CaseClosed = "case_closed",
    /// Somebody joined by an accepted invitation.
    MemberJoined = "member_joined",
    /// Somebody visits for the patient.
    RepresentativeAdded = "representative_added" {
        /// Who.
        representative: RepresentativeId,
    },
    /// The data of somebody who visits were corrected.
    RepresentativeChanged = "representative_changed" {
        /// Who.
        representative: RepresentativeId,
    },
    /// Somebody does not visit any longer.
    RepresentativeEnded = "representative_ended" {
        /// Who.
        representative: RepresentativeId,
    },
    /// A consent was handed in.
    ConsentRegistered = "consent_registered" {
        /// The consent.
        consent: ConsentId,
    },
    /// A consent was checked and is right.
    ConsentVerified = "consent_verified" {
        /// The consent.
        consent: ConsentId,
    },
    /// A consent must be sent again.
    ConsentRefused = "consent_refused" {
        /// The consent.
        consent: ConsentId,
        /// Why.
        reason: ConsentRefusal,
    },
    /// A consent was taken back.
    ConsentWithdrawn = "consent_withdrawn" {
        /// The consent.
        consent: ConsentId,
    },
    /// The family says that the patient does not know.
    PatientUninformedClaimed = "patient_uninformed_claimed",
    /// The department decided about it.
    PatientUninformedAttested = "patient_uninformed_attested" {
        /// Whether it approves.
        approved: bool,
    },
    /// A physician confirmed that the patient knows.
    PatientUninformedEnded = "patient_uninformed_ended",
    /// Those who visit said when they can come.
    AppointmentWishesProposed = "appointment_wishes_proposed",
    /// The hospital offered times.
    AppointmentOffered = "appointment_offered" { /** The appointment. */ appointment: AppointmentId },
    /// The hospital took its offer back.
    AppointmentOfferWithdrawn = "appointment_offer_withdrawn" { /** The appointment. */ appointment: AppointmentId },
    /// Nobody chose, or paid, in time.
    AppointmentLapsed = "appointment_lapsed" { /** The appointment. */ appointment: AppointmentId },
    /// A time is chosen, and kept until it is paid.
    AppointmentReserved = "appointment_reserved" { /** The appointment. */ appointment: AppointmentId },
    /// A time is fixed.
    AppointmentConfirmed = "appointment_confirmed" { /** The appointment. */ appointment: AppointmentId },
    /// The visit is at another time.
    AppointmentMoved = "appointment_moved" {
        /// The appointment.
        appointment: AppointmentId,
        /// Who wanted it.
        wanted_by: ChangedBy,
    },
    /// Another physician receives.
    PhysicianSubstituted = "physician_substituted" { /** The appointment. */ appointment: AppointmentId },
    /// The appointment was cancelled; the case goes on.
    AppointmentCancelled = "appointment_cancelled" {
        /// The appointment.
        appointment: AppointmentId,
        /// Who wanted it.
        wanted_by: ChangedBy,
    },
    /// The visit did not take place.
    VisitNotHeld = "visit_not_held" { /** The appointment. */ appointment: AppointmentId },
    /// People came.
    ArrivalRecorded = "arrival_recorded" {
        /// The appointment.
        appointment: AppointmentId,
        /// How many of them were received.
        received: u8,
    },
    /// A further half hour was agreed on.
    ExtensionAgreed = "extension_agreed" { /** The appointment. */ appointment: AppointmentId },
    /// The consultation took place.
    ConsultationRecorded = "consultation_recorded" { /** The appointment. */ appointment: AppointmentId },
    /// The record of the consultation was corrected.
    ConsultationCorrected = "consultation_corrected" { /** The appointment. */ appointment: AppointmentId },
    /// The hospital broke the consultation off.
    ConsultationBrokenOff = "consultation_broken_off" { /** The appointment. */ appointment: AppointmentId },
    /// An exam took place, as an exception.
    ExamRecorded = "exam_recorded",
    /// Another department looks at an accepted case.
    ReviewedAgain = "reviewed_again",
    /// Those who visited wish treatment at the hospital.
    TreatmentRequested = "treatment_requested",
    /// The hospital said whether it treats them.
    TreatmentAnswered = "treatment_answered",
    /// The desk proposes another service.
    KindProposed = "kind_proposed" {
        /// The service.
        kind: ServiceKind,
    },
    /// Another service is not proposed any longer, or not wished.
    KindProposalWithdrawn = "kind_proposal_withdrawn" {
        /// The service.
        kind: ServiceKind,
    },
    /// The case is one of another service now.
    KindChanged = "kind_changed" {
        /// The service that it was.
        from: ServiceKind,
        /// The service that it is.
        kind: ServiceKind,
    },
    /// A message was written.
    MessagePosted = "message_posted" {
        /// The message.
        message: MessageId,
    },
}
