//! The next operations of a caller: asked of the transitions' own checks, so that portals need not copy the rules.

use super::{Case, Refusal};
use crate::access::{Access, CaseAccess, Operation};

impl Case {
    /// Whether this caller may run an operation here and now, as far as the case can say without its body: the check that its transition makes
    /// first. An operation that is not decided here does not compile.
    ///
    /// # Errors
    /// The refusal that the operation would give.
    #[expect(clippy::too_many_lines, reason = "a table: each operation has its place")]
    pub fn check(&self, operation: Operation, by: &CaseAccess) -> Result<(), Refusal> {
        use Operation as O;
        match operation {
            O::UpdateCase => self.may_update(by),
            O::CorrectContacts => self.may_correct_contacts(by),
            O::SubmitCase => self.may_submit(by),
            O::StartTriage => self.may_start_triage(by),
            O::ReassignCase => self.may_reassign(by),
            O::AssignPhysician => self.may_assign_physician(by),
            O::AcceptCase => self.may_accept(by),
            O::DeclineCase => self.may_decline(by),
            O::IssueEstimate => self.may_issue_estimate(by),
            O::AcceptEstimate => self.may_accept_estimate(by),
            O::WithdrawEstimate => self.may_withdraw_estimate(by),
            O::IssueInvoice => self.may_issue_invoice(by),
            O::IssuePaidInvoice => self.may_issue_paid_invoice(by),
            O::RecordPayment => self.may_record_payment(by),
            O::ReversePayment => self.may_reverse_payment(by),
            O::ProposeReExamination => self.may_propose_re_examination(by),
            O::ChangeReExamination => self.may_change_re_examination(by),
            O::ConfirmSlides => self.may_confirm_slides(by),
            O::RecordFindings => self.may_record_findings(by),
            O::DraftOpinion => self.may_draft_opinion(by),
            O::SubmitOpinion => self.may_submit_opinion(by),
            O::ReturnOpinion => self.may_return_opinion(by),
            O::DeliverOpinion => self.may_deliver_opinion(by),
            O::RecordOpinionSent => self.may_record_opinion_sent(by),
            O::AddOpinionAddendum => self.may_add_addendum(by),
            O::ProposeCaseKind => self.may_propose_kind(by),
            O::AgreeCaseKind => self.may_agree_kind(by),
            O::WithdrawCaseKindProposal => self.may_withdraw_kind_proposal(by),
            O::HoldCase => self.may_hold(by),
            O::ResumeCase => self.may_resume(by),
            O::CancelCase => self.may_cancel(by),
            O::CloseCase => self.may_close(by),
            O::RecordPatientDeath => self.may_record_death(by),
            O::WithdrawPatientDeath => self.may_withdraw_death(by),
            O::ReopenCase => self.may_reopen(by),
            O::RequestInformation => self.may_request_information(by),
            O::AnswerInformationRequest => self.may_answer(by),
            O::WithdrawInformationRequest => self.may_withdraw_request(by),
            O::VerifyItem | O::RejectItem => self.may_check(by, operation),
            O::WaiveItem => self.may_waive(by),
            O::AddRepresentative | O::UpdateRepresentative | O::EndRepresentative => self.may_change_representatives(by, operation),
            O::ClaimPatientUninformed => self.may_claim_uninformed(by),
            O::AttestPatientUninformed => self.may_attest_uninformed(by),
            O::EndPatientUninformed => self.may_end_uninformed(by),
            O::RegisterConsent => self.may_register_consent(by),
            O::VerifyConsent => self.may_verify_consent(by),
            O::WithdrawConsent => self.may_withdraw_consent(by),
            O::UploadDocument | O::UpdateDocument | O::UpdateTreatmentEntry | O::AddTreatmentEntry => self.may_hand_in(by, operation),
            O::DeleteDocument | O::DeleteTreatmentEntry => self.may_take_back(by, operation),
            O::ProposeAppointmentWishes => self.may_propose_wishes(by),
            O::OfferAppointment => self.may_offer(by),
            O::WithdrawAppointmentOffer => self.may_withdraw_offer(by),
            O::AcceptAppointmentOffer => self.may_accept_offer(by),
            O::BookAppointment => self.may_book(by),
            O::RescheduleAppointment | O::SubstitutePhysician => self.may_change_appointment(by, operation),
            O::CancelAppointment => self.may_cancel_appointment(by),
            O::MarkNotAttended => self.may_mark_not_attended(by),
            O::RecordArrival => self.may_record_arrival(by),
            O::AgreeExtension => self.may_agree_extension(by),
            O::RecordConsultation => self.may_record_consultation(by),
            O::CorrectConsultation => self.may_correct_consultation(by),
            O::RecordExamException => self.may_record_exam(by),
            O::RequestTreatment => self.may_request_treatment(by),
            O::AnswerTreatmentRequest => self.may_answer_treatment_request(by),
            O::InviteToCase => self.may_invite(by),
            O::PostMessage => self.may_post_message(by),
            // Who may is all that there is to ask.
            O::AddInternalNote
            | O::ListMyAccesses
            | O::GetCase
            | O::GetChecklist
            | O::ListInformationRequests
            | O::ListRepresentatives
            | O::ListConsents
            | O::GetConsentForm
            | O::ListAppointments
            | O::GetAppointment
            | O::GetCalendarEntry
            | O::GetTreatmentEntry
            | O::ListTreatmentEntries
            | O::ListDocuments
            | O::GetDocument
            | O::DownloadDocument
            | O::ListEstimates
            | O::GetEstimate
            | O::GetInvoice
            | O::GetOpinion
            | O::GetReExamination
            | O::ListMessages
            | O::ListInternalNotes
            | O::ListTimeline => self.authorize(by, operation),
            // They run on an invoice, one of its papers or a refund, which says its next steps itself.
            O::IssueCreditNote
            | O::GetCreditNote
            | O::GetReceipt
            | O::PrintReceipt
            | O::ReissueInvoice
            | O::ExtendInvoice
            | O::WriteOffInvoice
            | O::ApproveWriteOff
            | O::RejectWriteOff
            | O::GetRefund
            | O::ProvideRefundDetails
            | O::RequestRefund
            | O::ApproveRefund
            | O::RejectRefund
            | O::RecordRefundPaid
            | O::RecordRefundReturned
            // They do not run on a case.
            | O::ListPayments
            | O::RecordUnmatchedPayment
            | O::ListUnmatchedPayments
            | O::GetUnmatchedPayment
            | O::MatchPayment
            | O::ReturnUnmatchedPayment
            | O::ReverseUnmatchedPayment
            | O::GetCatalogue
            | O::GetVocabulary
            | O::ListFeeSchedules
            | O::GetFeeSchedule
            | O::CreateQuote
            | O::GetQuote
            | O::ListTerms
            | O::GetTerms
            | O::CreateTerms
            | O::ListDepartments
            | O::ListProblems
            | O::GetProblem
            | O::RegisterApplicant
            | O::ResendVerification
            | O::VerifyEmail
            | O::CreateSession
            | O::RefreshSession
            | O::SignOut
            | O::DeleteSession
            | O::ListSessions
            | O::EndSession
            | O::EndOtherSessions
            | O::GetMe
            | O::UpdateMe
            | O::RequestEmailChange
            | O::ConfirmEmailChange
            | O::ChangePassword
            | O::RequestPasswordReset
            | O::ResetPassword
            | O::CreateUser
            | O::ListUsers
            | O::GetUser
            | O::UpdateUser
            | O::ListPendingApprovals
            | O::ApproveRoles
            | O::CreateDepartment
            | O::UpdateDepartment
            | O::CreateAgency
            | O::ListAgencies
            | O::GetAgency
            | O::UpdateAgency
            | O::GetClosedDays
            | O::UpdateClosedDays
            | O::CreateAvailability
            | O::DeleteAvailability
            | O::ListAvailability
            | O::ListSlots
            | O::ListPhysicians
            | O::GetSettings
            | O::UpdateSettings
            | O::ListFailedJobs
            | O::RetryJob
            | O::CreateCase
            | O::ListCases
            | O::CountCases
            | O::AcceptInvitation
            | O::ListInvoices
            | O::ListReceivables
            | O::GetTrialBalance
            | O::ListRefunds
            | O::ListRefundsDue
            | O::ListAuditEntries
            | O::ExpireCase
            | O::LapseReExamination
            | O::LapseAppointment
            | O::NoteCaseOverdue
            | O::RemoveEmptyDraft
            | O::CountRefusals => Err(Refusal::Absent),
        }
    }

    /// The operations on this case that would not be refused for who asks or where the case stands.
    pub fn allowed_actions(&self, by: &CaseAccess) -> Vec<Operation> {
        let is_action = |operation: &Operation| {
            operation.is_on_case() && (operation.access() == Access::Writes || *operation == Operation::ListMyAccesses)
        };
        // Payments are recorded on an invoice. Whether one of them can be reversed, the invoice says.
        let has_place = |operation: &Operation| {
            *operation != Operation::ReversePayment && (*operation != Operation::RecordPayment || self.invoice().is_some())
        };
        let possible = Operation::ALL.iter().copied().filter(is_action).filter(has_place);
        possible.filter(|operation| self.check(*operation, by).is_ok()).collect()
    }

    /// Whether somebody may be invited: while the case is open.
    pub fn may_invite(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.authorize(by, Operation::InviteToCase)?;
        self.not_ended()
    }

    /// Whether messages may be written: on every case, also after its end, for questions remain.
    pub fn may_post_message(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.authorize(by, Operation::PostMessage)
    }

    fn not_ended(&self) -> Result<(), Refusal> {
        let is = self.stage().name();
        if is.is_ended() { Err(Refusal::WrongStage { is, needs: &[] }) } else { Ok(()) }
    }
}
