//! Who may what, written down by hand from the rules of the product. An operation without a row does not compile.

use domain::access::Operation;

/// What a cell of the table says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// `y`: it succeeds.
    Succeeds,
    /// `-`: 403, by the role alone.
    Forbidden,
    /// `.`: 404, as if there were no such case.
    Hidden,
    /// `0`: 401.
    NotSignedIn,
}

impl Expected {
    pub fn of(cell: char) -> Self {
        match cell {
            'y' => Self::Succeeds,
            '-' => Self::Forbidden,
            '.' => Self::Hidden,
            '0' => Self::NotSignedIn,
            other => panic!("“{other}” says nothing"),
        }
    }
}

const EVERYBODY: &str = "y yyyyyy y yyyyyy yy yy";
const SIGNED_IN: &str = "0 yyyyyy y yyyyyy yy yy";
const ADMINISTRATOR: &str = "0 ------ - ------ -- y-";
const DESK: &str = "0 ------ y ------ -- --";
/// Those who apply, on their own cases, and the desk.
const APPLYING: &str = "0 y...y. y ------ -- --";
const LEADING: &str = "0 ------ - --y.y. -- --";
const DESK_LEADING: &str = "0 ------ y --y.y. -- --";
const DESK_DOCTORS: &str = "0 ------ y y.y.y. -- --";
/// Everybody who reads the clinical part of the case.
const CLINICAL: &str = "0 y.yyy. y y.y.y. .. --";
/// Those who write to each other.
const WRITING: &str = "0 y.yyy. y y.y.y. -- --";
/// Everybody who has to do with cases, on no case in particular.
const WORKING: &str = "0 yyyyyy y yyyyyy yy --";

#[expect(clippy::match_same_arms, clippy::too_many_lines, reason = "a table, in the order of the operations")]
/// The row of an operation: one cell for each of [`super::people::Who::ALL`].
pub fn row(operation: Operation) -> &'static str {
    use Operation as O;
    //  anonymous
    //  | applicant, stranger, patient, representative, agency, other agency
    //  | |      coordinator
    //  | |      | physician responsible, other physician, chief, other chief, director, other director
    //  | |      | |      accountant, pathologist
    //  | |      | |      |  administrator, auditor
    match operation {
        O::GetCatalogue
        | O::GetVocabulary
        | O::ListFeeSchedules
        | O::GetFeeSchedule
        | O::CreateQuote
        | O::GetQuote
        | O::ListTerms
        | O::GetTerms
        | O::ListDepartments
        | O::GetClosedDays
        | O::ListProblems
        | O::GetProblem
        | O::RegisterApplicant
        | O::ResendVerification
        | O::VerifyEmail
        | O::CreateSession
        | O::RefreshSession
        | O::SignOut
        | O::RequestPasswordReset
        | O::ResetPassword => EVERYBODY,
        O::DeleteSession | O::ListSessions | O::EndSession | O::EndOtherSessions => SIGNED_IN,
        O::GetMe | O::UpdateMe | O::RequestEmailChange | O::ConfirmEmailChange | O::ChangePassword => SIGNED_IN,
        O::CreateUser
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
        | O::GetSettings
        | O::UpdateSettings
        | O::CreateTerms
        | O::ListFailedJobs
        | O::RetryJob => ADMINISTRATOR,
        O::UpdateClosedDays => "0 ------ y ------ -- y-",
        // A chief and a director of their own department.
        O::CreateAvailability | O::DeleteAvailability => "0 ------ y --y.y. -- --",
        O::ListAvailability => "0 ------ y yyyyyy -- --",
        O::ListSlots | O::ListPhysicians => "0 yyyyyy y yyyyyy -- --",
        O::CreateCase => "0 yyyyyy y ------ -- --",
        O::ListCases | O::CountCases => WORKING,
        O::GetCase => "0 y.yyy. y y.y.y. y. --",
        O::UpdateCase | O::SubmitCase | O::InviteToCase | O::AnswerInformationRequest => APPLYING,
        // The patient, too, says that the opinion is not wanted any longer.
        O::CancelCase => "0 y.y.y. y ------ -- --",
        O::RecordPatientDeath | O::WithdrawPatientDeath | O::RecordOpinionSent => DESK,
        O::AddTreatmentEntry | O::UpdateTreatmentEntry | O::DeleteTreatmentEntry => APPLYING,
        O::UploadDocument | O::UpdateDocument | O::DeleteDocument => APPLYING,
        O::CorrectContacts | O::StartTriage | O::CloseCase | O::ReopenCase | O::VerifyItem | O::RejectItem | O::WaiveItem => DESK,
        O::ReassignCase | O::AssignPhysician | O::DeclineCase | O::HoldCase | O::ResumeCase => DESK_LEADING,
        O::AcceptCase | O::ReturnOpinion | O::DeliverOpinion | O::AddOpinionAddendum => LEADING,
        O::IssueEstimate | O::WithdrawEstimate => DESK,
        // A patient with an account may pay, too.
        O::AcceptEstimate => "0 y.y.y. y ------ -- --",
        O::ListEstimates | O::GetEstimate => "0 y.y.y. y ------ y- --",
        O::AcceptInvitation => "0 yyyy-- - ------ -- --",
        O::GetChecklist | O::ListInformationRequests | O::ListTreatmentEntries | O::GetTreatmentEntry => CLINICAL,
        O::ListRepresentatives | O::ListConsents | O::GetConsentForm => CLINICAL,
        O::AddRepresentative | O::UpdateRepresentative | O::EndRepresentative | O::RegisterConsent => APPLYING,
        // By the family: it is no case of an agency.
        O::ClaimPatientUninformed => "0 y..... y ------ -- --",
        O::AttestPatientUninformed => LEADING,
        O::EndPatientUninformed => DESK_DOCTORS,
        O::VerifyConsent => DESK,
        O::WithdrawConsent => "0 y.y.y. y ------ -- --",
        O::ListDocuments | O::GetDocument | O::DownloadDocument | O::GetOpinion => CLINICAL,
        O::ListAppointments | O::GetAppointment | O::GetCalendarEntry => CLINICAL,
        O::ProposeAppointmentWishes | O::AcceptAppointmentOffer => "0 y.y.y. y ------ -- --",
        O::OfferAppointment | O::WithdrawAppointmentOffer | O::BookAppointment | O::RescheduleAppointment => DESK,
        O::CancelAppointment | O::MarkNotAttended | O::RecordArrival => DESK,
        O::SubstitutePhysician => DESK_LEADING,
        // A chief or a director as such was not in the room.
        O::AgreeExtension | O::RecordConsultation | O::CorrectConsultation => "0 ------ y y..... -- --",
        O::RecordExamException => "0 ------ - y..... -- --",
        // Those who were there, and who hear them; an agency was not.
        O::RequestTreatment => "0 y.yy-- y y..... -- --",
        O::AnswerTreatmentRequest => DESK_LEADING,
        O::ProposeCaseKind => DESK,
        O::AgreeCaseKind | O::WithdrawCaseKindProposal => "0 y.y.y. y ------ -- --",
        O::IssuePaidInvoice => "0 ------ - ------ y- --",
        O::RequestInformation | O::WithdrawInformationRequest | O::AddInternalNote | O::ListInternalNotes => DESK_DOCTORS,
        O::IssueInvoice => "0 ------ y ------ y- --",
        // An agency that is not the payer sees no money.
        O::GetInvoice => "0 y..... y ----y. y- --",
        O::RecordUnmatchedPayment | O::MatchPayment => "0 ------ - ------ y- --",
        O::ReturnUnmatchedPayment | O::ReverseUnmatchedPayment => "0 ------ - ------ y- --",
        O::ListPayments | O::ListUnmatchedPayments | O::GetUnmatchedPayment => "0 ------ y ------ y- --",
        O::IssueCreditNote | O::ReissueInvoice => "0 ------ - ------ y- --",
        O::GetCreditNote | O::GetReceipt | O::PrintReceipt => "0 y..... y ------ y- --",
        O::WriteOffInvoice => "0 ------ - ------ y- --",
        O::ApproveWriteOff | O::RejectWriteOff => "0 ------ - ----y. y- --",
        O::ListInvoices => "0 yyyyyy y ------ y- --",
        O::RecordPayment | O::ReversePayment => "0 ------ - ------ y- --",
        O::GetTrialBalance => "0 ------ - ------ y- --",
        O::ListRefunds => "0 yyyyyy y ----yy y- --",
        O::ListReceivables => "0 ------ y ------ y- --",
        O::ListRefundsDue => "0 ------ y ------ y- --",
        O::GetRefund => "0 y..... y ----y. y- --",
        O::ProvideRefundDetails => "0 y..... y ------ -- --",
        O::RequestRefund | O::ExtendInvoice => "0 ------ y ------ y- --",
        O::ApproveRefund => "0 ------ - ----y. y- --",
        O::RejectRefund => "0 ------ y ----y. y- --",
        O::RecordRefundPaid | O::RecordRefundReturned => "0 ------ - ------ y- --",
        // A physician drafts what is assigned to them; a chief or director as such does not.
        O::DraftOpinion | O::SubmitOpinion => "0 ------ - y..... -- --",
        O::GetReExamination => "0 y.yyy. y y.y.y. y. --",
        O::ProposeReExamination => "0 ------ - y.y.y. -- --",
        O::ChangeReExamination => DESK,
        O::ConfirmSlides | O::RecordFindings => "0 ------ - ------ -y --",
        O::PostMessage | O::ListMessages => WRITING,
        O::ListTimeline => CLINICAL,
        O::ListAuditEntries => "0 ------ - ------ -- -y",
        // Nobody: the program runs it by itself.
        O::ExpireCase | O::LapseAppointment | O::LapseReExamination | O::NoteCaseOverdue | O::RemoveEmptyDraft | O::CountRefusals => {
            unreachable!("{operation:?} is not offered")
        }
        O::ListMyAccesses => "0 y.y.-- - ------ -- --",
    }
}
