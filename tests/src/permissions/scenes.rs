//! For each operation, a case at a stage where it may run: referred by an agency, joined by applicant, patient and representative.

use domain::access::{Membership, Operation, Role};
use serde_json::json;

use super::appointments::{self, is_on_appointments};
use super::visits::{self, is_on_visitors};
use crate::support::app::App;
use crate::support::given::{Case, LETTER, acceptance, opinion};
use crate::support::visits::another_kind;

/// The part after its prefix of the identifier of a paper that does not exist.
pub const NOBODYS_PAPER: &str = "01jd8x5k2neht8xg8y7w9zq4rt";

/// A case with all that operations ask for.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    pub case: String,
    pub invoice: String,
    pub refund: String,
    pub estimate: String,
    pub payment: String,
    pub write_off: String,
    /// The credit note or the receipt that the operation reads.
    pub paper: String,
    pub invoice_etag: String,
    pub document: String,
    pub document_etag: String,
    pub entry: String,
    pub entry_etag: String,
    pub information_request: String,
    pub visitor: String,
    pub consent: String,
    pub appointment: String,
    pub physician: String,
    pub etag: String,
    pub price: i64,
}

/// How far the case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Until {
    Nothing,
    Draft,
    Submitted,
    Asked,
    Checked,
    InTriage,
    Accepted,
    Held,
    /// The desk proposes another service.
    AnotherKind,
    Estimated,
    Agreed,
    Invoiced,
    PartlyPaid,
    WriteOffRequested,
    Writing,
    Drafted,
    InReview,
    Delivered,
    // Declined after its payment.
    RefundDue,
    RefundRequested,
    RefundApproved,
    RefundPaid,
}

/// The stage at which an operation may run.
#[expect(clippy::match_same_arms, reason = "a table, in the order of a case's life")]
fn until(operation: Operation) -> Until {
    use Operation as O;
    match operation {
        O::AddRepresentative | O::UpdateRepresentative | O::EndRepresentative => Until::Submitted,
        O::ClaimPatientUninformed | O::AttestPatientUninformed | O::EndPatientUninformed => Until::InTriage,
        O::RegisterConsent | O::VerifyConsent | O::WithdrawConsent => Until::Accepted,
        O::ListRepresentatives | O::ListConsents | O::GetConsentForm => Until::Accepted,
        O::UpdateCase | O::SubmitCase | O::CancelCase | O::InviteToCase | O::AddTreatmentEntry | O::UpdateTreatmentEntry => Until::Draft,
        O::DeleteTreatmentEntry | O::UploadDocument | O::UpdateDocument | O::DeleteDocument => Until::Draft,
        O::VerifyItem | O::RejectItem | O::WaiveItem => Until::Submitted,
        O::AnswerInformationRequest => Until::Asked,
        O::StartTriage => Until::Checked,
        O::ReassignCase | O::AcceptCase | O::DeclineCase => Until::InTriage,
        O::AssignPhysician | O::IssueEstimate | O::HoldCase | O::RequestInformation => Until::Accepted,
        O::ProposeCaseKind => Until::Accepted,
        O::AgreeCaseKind | O::WithdrawCaseKindProposal => Until::AnotherKind,
        O::ResumeCase => Until::Held,
        O::ListEstimates | O::GetEstimate | O::AcceptEstimate | O::WithdrawEstimate => Until::Estimated,
        O::IssueInvoice => Until::Agreed,
        O::GetInvoice | O::RecordPayment | O::IssueCreditNote | O::ReissueInvoice | O::ExtendInvoice => Until::Invoiced,
        O::GetReceipt | O::PrintReceipt => Until::Delivered,
        O::GetCreditNote => Until::RefundApproved,
        O::WriteOffInvoice => Until::PartlyPaid,
        O::ApproveWriteOff | O::RejectWriteOff => Until::WriteOffRequested,
        O::ReopenCase => Until::RefundDue,
        O::GetRefund | O::ProvideRefundDetails | O::RequestRefund => Until::RefundDue,
        O::ApproveRefund | O::RejectRefund => Until::RefundRequested,
        O::RecordRefundPaid => Until::RefundApproved,
        O::RecordRefundReturned => Until::RefundPaid,
        O::DraftOpinion | O::WithdrawInformationRequest | O::ReversePayment => Until::Writing,
        O::SubmitOpinion => Until::Drafted,
        O::ReturnOpinion | O::DeliverOpinion => Until::InReview,
        O::CloseCase | O::GetOpinion | O::AddOpinionAddendum | O::RecordOpinionSent => Until::Delivered,
        O::RecordPatientDeath | O::WithdrawPatientDeath | O::CorrectContacts => Until::Accepted,
        // Reading goes on at any stage; at this one everybody has a relation who can have one.
        O::GetCase | O::GetChecklist | O::ListInformationRequests | O::ListTreatmentEntries | O::ListDocuments => Until::Accepted,
        O::GetTreatmentEntry | O::GetReExamination => Until::Accepted,
        O::ProposeReExamination | O::ChangeReExamination | O::ConfirmSlides => Until::Accepted,
        O::RecordFindings => Until::Writing,
        O::GetDocument | O::DownloadDocument | O::PostMessage | O::ListMessages | O::AddInternalNote => Until::Accepted,
        O::ListInternalNotes | O::ListTimeline | O::ListMyAccesses => Until::Accepted,
        O::GetClosedDays | O::UpdateClosedDays | O::CreateAvailability | O::DeleteAvailability => Until::Nothing,
        O::ListAvailability | O::ListSlots | O::ListPhysicians => Until::Nothing,
        O::ListTerms | O::GetTerms | O::CreateTerms => Until::Nothing,
        O::GetVocabulary
        | O::GetCatalogue
        | O::ListFeeSchedules
        | O::GetFeeSchedule
        | O::CreateQuote
        | O::GetQuote
        | O::ListDepartments => Until::Nothing,
        O::ListProblems | O::GetProblem | O::RegisterApplicant | O::VerifyEmail | O::CreateSession => Until::Nothing,
        O::ResendVerification | O::RefreshSession | O::SignOut | O::DeleteSession | O::ListSessions | O::EndSession => Until::Nothing,
        O::EndOtherSessions | O::GetMe | O::UpdateMe | O::RequestEmailChange | O::ConfirmEmailChange => Until::Nothing,
        O::ChangePassword | O::RequestPasswordReset | O::ListPendingApprovals | O::ApproveRoles => Until::Nothing,
        O::ResetPassword | O::CreateUser | O::ListUsers | O::GetUser | O::UpdateUser | O::CreateDepartment => Until::Nothing,
        O::UpdateDepartment | O::CreateAgency | O::ListAgencies | O::GetAgency | O::UpdateAgency => Until::Nothing,
        O::GetSettings | O::UpdateSettings | O::CreateCase | O::ListCases | O::CountCases => Until::Nothing,
        O::ListFailedJobs | O::RetryJob => Until::Nothing,
        O::AcceptInvitation | O::ListInvoices | O::ListAuditEntries => Until::Nothing,
        O::ListPayments | O::RecordUnmatchedPayment | O::ListUnmatchedPayments | O::GetUnmatchedPayment => Until::Nothing,
        O::MatchPayment | O::ReturnUnmatchedPayment | O::ReverseUnmatchedPayment => Until::Nothing,
        O::ListReceivables | O::GetTrialBalance | O::ListRefunds | O::ListRefundsDue => Until::Nothing,
        // They have scenes of their own.
        O::ProposeAppointmentWishes | O::OfferAppointment | O::WithdrawAppointmentOffer | O::AcceptAppointmentOffer => Until::Accepted,
        O::BookAppointment | O::RescheduleAppointment | O::CancelAppointment | O::SubstitutePhysician => Until::Accepted,
        O::MarkNotAttended | O::ListAppointments | O::GetAppointment | O::GetCalendarEntry => Until::Accepted,
        O::RecordArrival | O::AgreeExtension => Until::Accepted,
        O::RecordConsultation | O::CorrectConsultation | O::RecordExamException | O::IssuePaidInvoice => Until::Accepted,
        O::RequestTreatment | O::AnswerTreatmentRequest => Until::Accepted,
        // They are not offered.
        O::LapseAppointment => Until::Nothing,
        O::ExpireCase | O::LapseReExamination | O::NoteCaseOverdue | O::RemoveEmptyDraft | O::CountRefusals => Until::Nothing,
    }
}

impl Scene {
    pub fn of(app: &App, operation: Operation) -> Self {
        if visits::is_on_claim(operation) {
            return visits::claimed(app, operation);
        }
        if is_on_appointments(operation) {
            return appointments::opened(app, operation);
        }
        let until = until(operation);
        if until == Until::Nothing {
            return Self::default();
        }
        let case = if is_on_visitors(operation) { visits::opened(app) } else { Case::opened_by(app, &app.agency()) };
        for (name, membership) in
            [("applicant", Membership::Applicant), ("patient", Membership::Patient), ("representative", Membership::Representative)]
        {
            app.join(&case.id, name, membership);
        }
        let mut scene = Self { case: case.id.clone(), ..Self::default() };
        scene.hand_in(&case);
        if is_on_visitors(operation) {
            visits::name(&mut scene, &case);
        }
        let has_slides = matches!(operation, Operation::ConfirmSlides | Operation::RecordFindings);
        if has_slides {
            let slides = json!({ "application": { "re_examination": { "biopsy_slides": 2, "resected_specimens": 0 } } });
            app.agency().patch(&case.path("")).if_match("*").json(&slides).send().expect(200);
        }
        scene.price = if has_slides { 121_000 } else { 110_000 };
        scene.advance(&case, until);
        if operation == Operation::RecordFindings {
            case.count_slides(2, 0).expect(200);
            case.step(&app.coordinator(), "checklist/pathology_report/verify").expect(200);
        }
        if operation == Operation::WithdrawPatientDeath {
            let told = json!({ "told_by": "The son." });
            case.step_with(&app.coordinator(), "patient-death", &told).expect(200);
        }
        scene.etag = app.coordinator().get(&case.path("")).send().expect(200).etag();
        scene
    }

    /// The same scene, but of a case, an estimate, an invoice and a refund that do not exist.
    pub fn renamed(&self, case: &str, estimate: &str, invoice: &str, refund: &str) -> Self {
        let (case, estimate, invoice, refund) = (case.to_owned(), estimate.to_owned(), invoice.to_owned(), refund.to_owned());
        // The kind of the paper is the prefix of its identifier.
        let kind = self.paper.split('_').next().unwrap_or_default();
        let paper = format!("{kind}_{NOBODYS_PAPER}");
        Self { case, invoice, refund, estimate, paper, ..self.clone() }
    }

    pub fn hand_in(&mut self, case: &Case<'_>) {
        let agency = case.app.agency();
        let document = case.upload(&agency, "letter.pdf", LETTER, &[("item", "referral_letter"), ("language", "en")]).expect(201);
        (self.document, self.document_etag) = (document.text("/id"), document.etag());
        let entry = json!({ "treatment": { "type": "exam", "name": "CT of the chest" } });
        let entry = case.step_with(&agency, "treatment-entries", &entry).expect(201);
        (self.entry, self.entry_etag) = (entry.text("/id"), entry.etag());
    }

    /// The desk asks, a director approves, the money leaves.
    fn give_back(&mut self, case: &Case<'_>, until: Until) {
        let app = case.app;
        case.decline();
        let refund = case.refund();
        if until >= Until::RefundRequested {
            refund.provide_details(&app.applicant()).expect(200);
            refund.request(&app.coordinator()).expect(200);
        }
        if until >= Until::RefundApproved {
            refund.approve(&app.director()).expect(200);
            let invoice = app.accountant().get(&format!("/v1/invoices/{}", self.invoice)).send().expect(200);
            self.paper = invoice.text("/credit_notes/0/id");
        }
        if until >= Until::RefundPaid {
            refund.record_paid(&app.accountant()).expect(200);
        }
        self.refund = refund.id;
    }

    fn ask(&mut self, case: &Case<'_>) {
        let asked = json!({ "questions": ["Since when?"] });
        self.information_request = case.step_with(&case.app.coordinator(), "information-requests", &asked).expect(201).text("/id");
    }

    fn advance(&mut self, case: &Case<'_>, until: Until) {
        let app = case.app;
        if until >= Until::Submitted {
            case.step(&app.agency(), "submit").expect(200);
        }
        if until == Until::Asked {
            return self.ask(case);
        }
        if until == Until::Checked {
            case.step(&app.coordinator(), "checklist/application_form/verify").expect(200);
        }
        if until >= Until::InTriage {
            case.to_triage();
            // The patient's consent to disclosure came by courier.
            case.disclose_to_agency();
        }
        if until >= Until::Accepted {
            case.accept();
        }
        if until == Until::Held {
            case.step_with(&app.coordinator(), "hold", &json!({ "reason": "applicant" })).expect(200);
        }
        if until == Until::AnotherKind {
            case.step_with(&app.coordinator(), "kind-proposal", &another_kind()).expect(200);
        }
        if until >= Until::Estimated {
            case.issue_estimate().rsplit('/').next().unwrap().clone_into(&mut self.estimate);
        }
        if until >= Until::Agreed {
            let path = format!("/v1/estimates/{}/accept", self.estimate);
            app.applicant().post(&path).json(&acceptance("applicant")).send().expect(200);
        }
        if until >= Until::Invoiced {
            case.issue_invoice().rsplit('/').next().unwrap().clone_into(&mut self.invoice);
        }
        if until == Until::PartlyPaid || until == Until::WriteOffRequested {
            case.pay(&format!("/v1/invoices/{}", self.invoice), "TT-1", 107_500).expect(201);
        }
        if until == Until::WriteOffRequested {
            // Another accountant asks than the one who approves.
            let asks = app.person("asking-accountant", Role::Accountant);
            let body = json!({ "reason": "bank_charges", "text": "The banks kept it." });
            let asked =
                asks.post(&format!("/v1/invoices/{}/write-offs", self.invoice)).key_of(&self.invoice, &body).json(&body).send().expect(201);
            (self.write_off, self.invoice_etag) = (asked.text("/write_offs/0/id"), asked.etag());
        }
        if until >= Until::Writing {
            let paid = case.pay(&format!("/v1/invoices/{}", self.invoice), "TT-1", self.price).expect(201);
            self.payment = paid.text("/payment/id");
            self.paper = paid.text("/payment/receipt/id");
        }
        if until == Until::Writing {
            self.ask(case);
        }
        if until >= Until::RefundDue {
            return self.give_back(case, until);
        }
        if until >= Until::Drafted {
            case.write(&opinion()).expect(200);
        }
        if until >= Until::InReview {
            case.step(&app.physician(), "opinion/submit").expect(200);
        }
        if until >= Until::Delivered {
            case.step(&app.chief(), "opinion/deliver").expect(200);
        }
    }
}
