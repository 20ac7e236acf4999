//! Every operation, the roles that may run it, and the relations that may run it on a case: one table, read by the handlers, the document and the tests alike.

mod columns;
#[cfg(test)]
mod tests;

use super::{Relations, Role, Roles};
#[allow(clippy::wildcard_imports, reason = "the columns exist for this table alone")]
use columns::*;
pub use columns::{Access, Idempotency, Precondition};

macro_rules! operations {
    ($($operation:ident $id:literal $scope:literal
        $roles:expr, $relations:expr, $access:expr, $key:expr, $precondition:expr $(, other_than $first:ident)?;)*) => {
        /// An operation of the API. Its name is the `operationId`, the handler and the use case alike.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Operation { $(#[doc = concat!("`", $id, "`")] $operation,)* }

        impl Operation {
            /// All of them, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$operation,)*];

            /// The `operationId` of the document.
            pub const fn operation_id(self) -> &'static str {
                match self { $(Self::$operation => $id,)* }
            }

            /// `resource:action`.
            pub const fn scope(self) -> &'static str {
                match self { $(Self::$operation => $scope,)* }
            }

            const fn role_rule(self) -> RoleRule {
                match self { $(Self::$operation => $roles,)* }
            }

            const fn relation_rule(self) -> RelationRule {
                match self { $(Self::$operation => $relations,)* }
            }

            /// Whether it changes anything.
            pub const fn access(self) -> Access {
                match self { $(Self::$operation => $access,)* }
            }

            /// The effect of an `Idempotency-Key`.
            pub const fn idempotency(self) -> Idempotency {
                match self { $(Self::$operation => $key,)* }
            }

            /// The effect of `If-Match`.
            pub const fn precondition(self) -> Precondition {
                match self { $(Self::$operation => $precondition,)* }
            }

            /// The operation that must have been run by another person: two persons decide together.
            pub fn other_than(self) -> Option<Self> {
                match self { $(Self::$operation => [$(Self::$first)?].first().copied(),)* }
            }
        }

        impl serde::Serialize for Operation {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.operation_id())
            }
        }

        #[cfg(feature = "schema")]
        crate::schema::describe_choices!(Operation, [$($id),*], ["An operation of the API, by its `operationId`."], ["grows"]);

        /// One type for each operation, to stand in a handler's signature.
        pub mod may {
            use super::Operation;
            use crate::access::Permission;
            $(
                #[doc = concat!("The permission to run `", $id, "`.")]
                #[derive(Clone, Copy, Debug)]
                pub struct $operation;

                impl Permission for $operation {
                    const OPERATION: Operation = Operation::$operation;
                }
            )*
        }
    };
}

operations! {
    // The catalogue.
    GetCatalogue                "getCatalogue"                "catalogue:read"     PUBLIC, NO_CASE, READS, NO_KEY, NO_MATCH;
    GetVocabulary               "getVocabulary"               "catalogue:read"     PUBLIC, NO_CASE, READS, NO_KEY, NO_MATCH;
    ListFeeSchedules            "listFeeSchedules"            "catalogue:read"     PUBLIC, NO_CASE, READS, NO_KEY, NO_MATCH;
    GetFeeSchedule              "getFeeSchedule"              "catalogue:read"     PUBLIC, NO_CASE, READS, NO_KEY, NO_MATCH;
    CreateQuote                 "createQuote"                 "quotes:write"       PUBLIC, NO_CASE, WRITES, NO_KEY, NO_MATCH;
    GetQuote                    "getQuote"                    "quotes:read"        PUBLIC, NO_CASE, READS, NO_KEY, NO_MATCH;
    ListTerms                   "listTerms"                   "catalogue:read"     PUBLIC, NO_CASE, READS, NO_KEY, NO_MATCH;
    GetTerms                    "getTerms"                    "catalogue:read"     PUBLIC, NO_CASE, READS, NO_KEY, NO_MATCH;
    ListDepartments             "listDepartments"             "catalogue:read"     PUBLIC, NO_CASE, READS, NO_KEY, NO_MATCH;
    ListProblems                "listProblems"                "catalogue:read"     PUBLIC, NO_CASE, READS, NO_KEY, NO_MATCH;
    GetProblem                  "getProblem"                  "catalogue:read"     PUBLIC, NO_CASE, READS, NO_KEY, NO_MATCH;
    // Sign-in.
    RegisterApplicant           "registerApplicant"           "account:write"      PUBLIC, NO_CASE, WRITES, NO_KEY, NO_MATCH;
    ResendVerification          "resendVerification"          "account:write"      PUBLIC, NO_CASE, WRITES, NO_KEY, NO_MATCH;
    VerifyEmail                 "verifyEmail"                 "account:write"      PUBLIC, NO_CASE, WRITES, NO_KEY, NO_MATCH;
    CreateSession               "createSession"               "account:write"      PUBLIC, NO_CASE, WRITES, NO_KEY, NO_MATCH;
    RefreshSession              "refreshSession"              "account:write"      PUBLIC, NO_CASE, WRITES, NO_KEY, NO_MATCH;
    SignOut                     "signOut"                     "account:write"      PUBLIC, NO_CASE, WRITES, NO_KEY, NO_MATCH;
    DeleteSession               "deleteSession"               "account:write"      SIGNED_IN, NO_CASE, WRITES, NO_KEY, NO_MATCH;
    ListSessions                "listSessions"                "account:read"       SIGNED_IN, NO_CASE, READS, NO_KEY, NO_MATCH;
    EndSession                  "endSession"                  "account:write"      SIGNED_IN, NO_CASE, WRITES, NO_KEY, NO_MATCH;
    EndOtherSessions            "endOtherSessions"            "account:write"      SIGNED_IN, NO_CASE, WRITES, NO_KEY, NO_MATCH;
    GetMe                       "getMe"                       "account:read"       SIGNED_IN, NO_CASE, READS, NO_KEY, NO_MATCH;
    UpdateMe                    "updateMe"                    "account:write"      SIGNED_IN, NO_CASE, WRITES, KEY_KEPT, MATCH_REQUIRED;
    RequestEmailChange          "requestEmailChange"          "account:write"      SIGNED_IN, NO_CASE, WRITES, NO_KEY, NO_MATCH;
    ConfirmEmailChange          "confirmEmailChange"          "account:write"      SIGNED_IN, NO_CASE, WRITES, NO_KEY, NO_MATCH;
    ChangePassword              "changePassword"              "account:write"      SIGNED_IN, NO_CASE, WRITES, NO_KEY, NO_MATCH;
    RequestPasswordReset        "requestPasswordReset"        "account:write"      PUBLIC, NO_CASE, WRITES, NO_KEY, NO_MATCH;
    ResetPassword               "resetPassword"               "account:write"      PUBLIC, NO_CASE, WRITES, NO_KEY, NO_MATCH;
    // People and settings.
    CreateUser                  "createUser"                  "users:write"        ADMINISTRATOR, NO_CASE, WRITES, KEY_KEPT, NO_MATCH;
    ListUsers                   "listUsers"                   "users:read"         ADMINISTRATOR, NO_CASE, READS, NO_KEY, NO_MATCH;
    GetUser                     "getUser"                     "users:read"         ADMINISTRATOR, NO_CASE, READS, NO_KEY, NO_MATCH;
    UpdateUser                  "updateUser"                  "users:write"        ADMINISTRATOR, NO_CASE, WRITES, KEY_KEPT, MATCH_REQUIRED;
    ListPendingApprovals        "listPendingApprovals"        "users:read"         ADMINISTRATOR, NO_CASE, READS, NO_KEY, NO_MATCH;
    ApproveRoles                "approveRoles"                "users:write"        ADMINISTRATOR, NO_CASE, WRITES, KEY_KEPT, MATCH_OPTIONAL, other_than UpdateUser;
    CreateDepartment            "createDepartment"            "departments:write"  ADMINISTRATOR, NO_CASE, WRITES, KEY_KEPT, NO_MATCH;
    UpdateDepartment            "updateDepartment"            "departments:write"  ADMINISTRATOR, NO_CASE, WRITES, KEY_KEPT, MATCH_REQUIRED;
    CreateAgency                "createAgency"                "agencies:write"     ADMINISTRATOR, NO_CASE, WRITES, KEY_KEPT, NO_MATCH;
    ListAgencies                "listAgencies"                "agencies:read"      ADMINISTRATOR, NO_CASE, READS, NO_KEY, NO_MATCH;
    GetAgency                   "getAgency"                   "agencies:read"      ADMINISTRATOR, NO_CASE, READS, NO_KEY, NO_MATCH;
    UpdateAgency                "updateAgency"                "agencies:write"     ADMINISTRATOR, NO_CASE, WRITES, KEY_KEPT, MATCH_REQUIRED;
    GetSettings                 "getSettings"                 "settings:read"      ADMINISTRATOR, NO_CASE, READS, NO_KEY, NO_MATCH;
    UpdateSettings              "updateSettings"              "settings:write"     ADMINISTRATOR, NO_CASE, WRITES, KEY_KEPT, MATCH_REQUIRED;
    CreateTerms                 "createTerms"                 "settings:write"     ADMINISTRATOR, NO_CASE, WRITES, KEY_KEPT, NO_MATCH;
    ListFailedJobs              "listFailedJobs"              "jobs:read"          ADMINISTRATOR, NO_CASE, READS, NO_KEY, NO_MATCH;
    RetryJob                    "retryJob"                    "jobs:write"         ADMINISTRATOR, NO_CASE, WRITES, KEY_KEPT, NO_MATCH;
    // The life of a case.
    CreateCase                  "createCase"                  "cases:write"        APPLYING, NO_CASE, WRITES, KEY_KEPT, NO_MATCH;
    ListCases                   "listCases"                   "cases:read"         CASES, NO_CASE, READS, NO_KEY, NO_MATCH;
    CountCases                  "countCases"                  "cases:read"         CASES, NO_CASE, READS, NO_KEY, NO_MATCH;
    GetCase                     "getCase"                     "cases:read"         CASES, SUMMARY, READS, NO_KEY, NO_MATCH;
    UpdateCase                  "updateCase"                  "cases:write"        APPLYING, BY_APPLYING, WRITES, KEY_KEPT, MATCH_REQUIRED;
    CorrectContacts             "correctContacts"             "cases:write"        DESK, BY_DESK, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    SubmitCase                  "submitCase"                  "cases:write"        APPLYING, BY_APPLYING, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    StartTriage                 "startTriage"                 "triage:write"       DESK, BY_DESK, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    ReassignCase                "reassignCase"                "triage:write"       DESK_LEADING, BY_DESK_DEPARTMENT, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    AssignPhysician             "assignPhysician"             "triage:write"       DESK_LEADING, BY_DESK_DEPARTMENT, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    AcceptCase                  "acceptCase"                  "decisions:write"    LEADING, BY_DEPARTMENT, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    DeclineCase                 "declineCase"                 "decisions:write"    DESK_LEADING, BY_DESK_DEPARTMENT, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    ProposeCaseKind             "proposeCaseKind"             "triage:write"       DESK, BY_DESK, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    AgreeCaseKind               "agreeCaseKind"               "cases:write"        APPLYING, BY_OWN, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    WithdrawCaseKindProposal    "withdrawCaseKindProposal"    "cases:write"        APPLYING, BY_OWN, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    HoldCase                    "holdCase"                    "triage:write"       DESK_LEADING, BY_DESK_DEPARTMENT, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    ResumeCase                  "resumeCase"                  "triage:write"       DESK_LEADING, BY_DESK_DEPARTMENT, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    CancelCase                  "cancelCase"                  "cases:write"        APPLYING, BY_OWN, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    RecordPatientDeath          "recordPatientDeath"          "triage:write"       DESK, BY_DESK, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    WithdrawPatientDeath        "withdrawPatientDeath"        "triage:write"       DESK, BY_DESK, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    CloseCase                   "closeCase"                   "triage:write"       DESK, BY_DESK, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    ReopenCase                  "reopenCase"                  "triage:write"       DESK, BY_DESK, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    InviteToCase                "inviteToCase"                "cases:write"        APPLYING, BY_APPLYING, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    AcceptInvitation            "acceptInvitation"            "cases:write"        APPLICANT, NO_CASE, WRITES, KEY_KEPT, NO_MATCH;
    // Required items.
    GetChecklist                "getChecklist"                "items:read"         CASES, CLINICAL, READS, NO_KEY, NO_MATCH;
    VerifyItem                  "verifyItem"                  "items:write"        DESK, BY_DESK, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    RejectItem                  "rejectItem"                  "items:write"        DESK, BY_DESK, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    WaiveItem                   "waiveItem"                   "items:write"        DESK, BY_DESK, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    RequestInformation          "requestInformation"          "requests:write"     DESK_DOCTORS, BY_DESK_DOCTORS, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    ListInformationRequests     "listInformationRequests"     "requests:read"      CASES, CLINICAL, READS, NO_KEY, NO_MATCH;
    WithdrawInformationRequest  "withdrawInformationRequest"  "requests:write"     DESK_DOCTORS, BY_DESK_DOCTORS, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    AnswerInformationRequest    "answerInformationRequest"    "requests:answer"    APPLYING, BY_APPLYING, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    // Those who visit for the patient, and what the patient signed.
    ListRepresentatives         "listRepresentatives"         "visitors:read"      CASES, CONTACTS, READS, NO_KEY, NO_MATCH;
    AddRepresentative           "addRepresentative"           "visitors:write"     APPLYING, BY_APPLYING, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    UpdateRepresentative        "updateRepresentative"        "visitors:write"     APPLYING, BY_APPLYING, WRITES, KEY_KEPT, MATCH_REQUIRED;
    EndRepresentative           "endRepresentative"           "visitors:write"     APPLYING, BY_APPLYING, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    ClaimPatientUninformed      "claimPatientUninformed"      "uninformed:claim"   APPLYING, BY_APPLYING, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    AttestPatientUninformed     "attestPatientUninformed"     "uninformed:attest"  LEADING, BY_DEPARTMENT, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    EndPatientUninformed        "endPatientUninformed"        "uninformed:end"     DESK_DOCTORS, BY_DESK_DOCTORS, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    ListConsents                "listConsents"                "consents:read"      CASES, CONTACTS, READS, NO_KEY, NO_MATCH;
    RegisterConsent             "registerConsent"             "consents:write"     APPLYING, BY_APPLYING, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    VerifyConsent               "verifyConsent"               "consents:verify"    DESK, BY_DESK, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    WithdrawConsent             "withdrawConsent"             "consents:withdraw"  APPLYING, BY_OWN, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    GetConsentForm              "getConsentForm"              "consents:read"      CASES, CONTACTS, READS, NO_KEY, NO_MATCH;
    // Appointments and the visit.
    ProposeAppointmentWishes    "proposeAppointmentWishes"    "appointments:wish"  APPLYING, BY_OWN, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    OfferAppointment            "offerAppointment"            "appointments:write" DESK, BY_DESK, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    WithdrawAppointmentOffer    "withdrawAppointmentOffer"    "appointments:write" DESK, BY_DESK, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    AcceptAppointmentOffer      "acceptAppointmentOffer"      "appointments:accept" APPLYING, BY_OWN, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    BookAppointment             "bookAppointment"             "appointments:write" DESK, BY_DESK, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    RescheduleAppointment       "rescheduleAppointment"       "appointments:write" DESK, BY_DESK, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    CancelAppointment           "cancelAppointment"           "appointments:write" DESK, BY_DESK, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    SubstitutePhysician         "substitutePhysician"         "appointments:substitute" DESK_LEADING, BY_DESK_DEPARTMENT, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    MarkNotAttended             "markNotAttended"             "appointments:write" DESK, BY_DESK, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    ListAppointments            "listAppointments"            "appointments:read"  CASES, CONTACTS, READS, NO_KEY, NO_MATCH;
    GetAppointment              "getAppointment"              "appointments:read"  CASES, CONTACTS, READS, NO_KEY, NO_MATCH;
    GetCalendarEntry            "getCalendarEntry"            "appointments:read"  CASES, CONTACTS, READS, NO_KEY, NO_MATCH;
    RecordArrival               "recordArrival"               "visits:receive"     DESK, BY_DESK, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    AgreeExtension              "agreeExtension"              "visits:write"       DESK_DOCTORS, BY_DESK_RECEIVING, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    RecordConsultation          "recordConsultation"          "visits:write"       DESK_DOCTORS, BY_DESK_RECEIVING, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    CorrectConsultation         "correctConsultation"         "visits:write"       DESK_DOCTORS, BY_DESK_RECEIVING, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    RecordExamException         "recordExamException"         "visits:examine"     DOCTORS, BY_RECEIVING, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    RequestTreatment            "requestTreatment"            "visits:wish"        REQUESTING, BY_VISITING, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    AnswerTreatmentRequest      "answerTreatmentRequest"      "decisions:answer"   DESK_LEADING, BY_DESK_DEPARTMENT, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    // The calendar.
    GetClosedDays               "getClosedDays"               "calendar:read"      PUBLIC, NO_CASE, READS, NO_KEY, NO_MATCH;
    UpdateClosedDays            "updateClosedDays"            "calendar:write"     DESK_ADMINISTRATOR, NO_CASE, WRITES, KEY_KEPT, MATCH_REQUIRED;
    CreateAvailability          "createAvailability"          "calendar:write"     DESK_LEADING, NO_CASE, WRITES, KEY_KEPT, NO_MATCH;
    DeleteAvailability          "deleteAvailability"          "calendar:write"     DESK_LEADING, NO_CASE, WRITES, KEY_KEPT, NO_MATCH;
    ListAvailability            "listAvailability"            "calendar:read"      DESK_DOCTORS, NO_CASE, READS, NO_KEY, NO_MATCH;
    ListPhysicians              "listPhysicians"              "slots:read"         WRITING, NO_CASE, READS, NO_KEY, NO_MATCH;
    ListSlots                   "listSlots"                   "slots:read"         WRITING, NO_CASE, READS, NO_KEY, NO_MATCH;
    // Treatment so far.
    AddTreatmentEntry           "addTreatmentEntry"           "treatment:write"    APPLYING, BY_APPLYING, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    GetTreatmentEntry           "getTreatmentEntry"           "treatment:read"     CASES, CLINICAL, READS, NO_KEY, NO_MATCH;
    ListTreatmentEntries        "listTreatmentEntries"        "treatment:read"     CASES, CLINICAL, READS, NO_KEY, NO_MATCH;
    UpdateTreatmentEntry        "updateTreatmentEntry"        "treatment:write"    APPLYING, BY_APPLYING, WRITES, KEY_KEPT, MATCH_REQUIRED;
    DeleteTreatmentEntry        "deleteTreatmentEntry"        "treatment:write"    APPLYING, BY_APPLYING, WRITES, KEY_KEPT, MATCH_REQUIRED;
    // Documents.
    UploadDocument              "uploadDocument"              "documents:write"    APPLYING, BY_APPLYING, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    ListDocuments               "listDocuments"               "documents:read"     CASES, DOCUMENTS, READS, NO_KEY, NO_MATCH;
    GetDocument                 "getDocument"                 "documents:read"     CASES, DOCUMENTS, READS, NO_KEY, NO_MATCH;
    UpdateDocument              "updateDocument"              "documents:write"    APPLYING, BY_APPLYING, WRITES, KEY_KEPT, MATCH_REQUIRED;
    DownloadDocument            "downloadDocument"            "documents:read"     CASES, DOCUMENTS, READS, NO_KEY, NO_MATCH;
    DeleteDocument              "deleteDocument"              "documents:write"    APPLYING, BY_APPLYING, WRITES, KEY_KEPT, MATCH_REQUIRED;
    // Estimates.
    IssueEstimate               "issueEstimate"               "estimates:write"    DESK, BY_DESK, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    ListEstimates               "listEstimates"               "estimates:read"     INVOICED, BY_PAYING, READS, NO_KEY, NO_MATCH;
    GetEstimate                 "getEstimate"                 "estimates:read"     INVOICED, BY_PAYING, READS, NO_KEY, NO_MATCH;
    AcceptEstimate              "acceptEstimate"              "estimates:accept"   APPLYING, BY_OWN, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    WithdrawEstimate            "withdrawEstimate"            "estimates:write"    DESK, BY_DESK, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    // Money.
    IssueInvoice                "issueInvoice"                "invoices:write"     DESK_BILLING, BY_DESK_BILLING, WRITES, KEY_REQUIRED, MATCH_OPTIONAL;
    IssuePaidInvoice            "issuePaidInvoice"            "payments:write"     BILLING, BY_BILLING, WRITES, KEY_REQUIRED, MATCH_OPTIONAL;
    GetInvoice                  "getInvoice"                  "invoices:read"      REFUNDED, BY_REFUNDED, READS, NO_KEY, NO_MATCH;
    ListInvoices                "listInvoices"                "invoices:read"      INVOICED, NO_CASE, READS, NO_KEY, NO_MATCH;
    ListReceivables             "listReceivables"             "invoices:read"      DESK_BILLING, NO_CASE, READS, NO_KEY, NO_MATCH;
    ListPayments                "listPayments"                "payments:read"      DESK_BILLING, NO_CASE, READS, NO_KEY, NO_MATCH;
    RecordPayment               "recordPayment"               "payments:write"     BILLING, BY_BILLING, WRITES, KEY_REQUIRED, MATCH_OPTIONAL;
    ReversePayment              "reversePayment"              "payments:write"     BILLING, BY_BILLING, WRITES, KEY_REQUIRED, MATCH_OPTIONAL;
    RecordUnmatchedPayment      "recordUnmatchedPayment"      "payments:write"     BILLING, NO_CASE, WRITES, KEY_REQUIRED, NO_MATCH;
    ListUnmatchedPayments       "listUnmatchedPayments"       "payments:read"      DESK_BILLING, NO_CASE, READS, NO_KEY, NO_MATCH;
    GetUnmatchedPayment         "getUnmatchedPayment"         "payments:read"      DESK_BILLING, NO_CASE, READS, NO_KEY, NO_MATCH;
    MatchPayment                "matchPayment"                "payments:write"     BILLING, BY_BILLING, WRITES, KEY_REQUIRED, MATCH_OPTIONAL;
    ReturnUnmatchedPayment      "returnUnmatchedPayment"      "payments:write"     BILLING, NO_CASE, WRITES, KEY_REQUIRED, MATCH_OPTIONAL;
    ReverseUnmatchedPayment     "reverseUnmatchedPayment"     "payments:write"     BILLING, NO_CASE, WRITES, KEY_REQUIRED, MATCH_OPTIONAL;
    IssueCreditNote             "issueCreditNote"             "invoices:write"     BILLING, BY_BILLING, WRITES, KEY_REQUIRED, MATCH_OPTIONAL;
    GetCreditNote               "getCreditNote"               "invoices:read"      INVOICED, BY_PAYING, READS, NO_KEY, NO_MATCH;
    ExtendInvoice               "extendInvoice"               "invoices:write"     DESK_BILLING, BY_DESK_BILLING, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    ReissueInvoice              "reissueInvoice"              "invoices:write"     BILLING, BY_BILLING, WRITES, KEY_REQUIRED, MATCH_OPTIONAL;
    GetReceipt                  "getReceipt"                  "payments:read"      INVOICED, BY_PAYING, READS, NO_KEY, NO_MATCH;
    PrintReceipt                "printReceipt"                "payments:print"      INVOICED, BY_PAYING, WRITES, KEY_REQUIRED, NO_MATCH;
    WriteOffInvoice             "writeOffInvoice"             "invoices:write"     BILLING, BY_BILLING, WRITES, KEY_REQUIRED, MATCH_OPTIONAL;
    ApproveWriteOff             "approveWriteOff"             "invoices:approve"   APPROVING, BY_APPROVING, WRITES, KEY_REQUIRED, MATCH_REQUIRED, other_than WriteOffInvoice;
    RejectWriteOff              "rejectWriteOff"              "invoices:approve"   APPROVING, BY_APPROVING, WRITES, KEY_REQUIRED, MATCH_OPTIONAL;
    GetTrialBalance             "getTrialBalance"             "ledger:read"        BILLING, NO_CASE, READS, NO_KEY, NO_MATCH;
    // Refunds.
    ListRefunds                 "listRefunds"                 "refunds:read"       REFUNDED, NO_CASE, READS, NO_KEY, NO_MATCH;
    ListRefundsDue              "listRefundsDue"              "refunds:read"       DESK_BILLING, NO_CASE, READS, NO_KEY, NO_MATCH;
    GetRefund                   "getRefund"                   "refunds:read"       REFUNDED, BY_REFUNDED, READS, NO_KEY, NO_MATCH;
    ProvideRefundDetails        "provideRefundDetails"        "refunds:details"    APPLYING, BY_OWN, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    RequestRefund               "requestRefund"               "refunds:write"      DESK_BILLING, BY_DESK_BILLING, WRITES, KEY_REQUIRED, MATCH_OPTIONAL;
    ApproveRefund               "approveRefund"               "refunds:approve"    APPROVING, BY_APPROVING, WRITES, KEY_REQUIRED, MATCH_REQUIRED, other_than RequestRefund;
    RejectRefund                "rejectRefund"                "refunds:approve"    REJECTING, BY_REJECTING, WRITES, KEY_REQUIRED, MATCH_OPTIONAL;
    RecordRefundPaid            "recordRefundPaid"            "refunds:write"      BILLING, BY_BILLING, WRITES, KEY_REQUIRED, MATCH_OPTIONAL;
    RecordRefundReturned        "recordRefundReturned"        "refunds:write"      BILLING, BY_BILLING, WRITES, KEY_REQUIRED, MATCH_OPTIONAL;
    // The re-examination of slides.
    GetReExamination            "getReExamination"            "slides:read"        CASES, SUMMARY, READS, NO_KEY, NO_MATCH;
    ProposeReExamination        "proposeReExamination"        "slides:propose"     DOCTORS, BY_DOCTORS, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    ChangeReExamination         "changeReExamination"         "slides:change"      DESK, BY_DESK, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    ConfirmSlides               "confirmSlides"               "slides:write"       PATHOLOGIST, BY_PATHOLOGY, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    RecordFindings              "recordFindings"              "slides:write"       PATHOLOGIST, BY_PATHOLOGY, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    // The written opinion.
    DraftOpinion                "draftOpinion"                "opinions:write"     DOCTORS, BY_RESPONSIBLE, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    SubmitOpinion               "submitOpinion"               "opinions:write"     DOCTORS, BY_RESPONSIBLE, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    ReturnOpinion               "returnOpinion"               "opinions:sign"      LEADING, BY_DEPARTMENT, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    RecordOpinionSent           "recordOpinionSent"           "triage:write"       DESK, BY_DESK, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    DeliverOpinion              "deliverOpinion"              "opinions:sign"      LEADING, BY_DEPARTMENT, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    GetOpinion                  "getOpinion"                  "opinions:read"      CASES, OPINION, READS, NO_KEY, NO_MATCH;
    AddOpinionAddendum          "addOpinionAddendum"          "opinions:sign"      LEADING, BY_DEPARTMENT, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    // Messages and what happened.
    PostMessage                 "postMessage"                 "messages:write"     WRITING, MESSAGES, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    ListMessages                "listMessages"                "messages:read"      WRITING, MESSAGES, READS, NO_KEY, NO_MATCH;
    AddInternalNote             "addInternalNote"             "notes:write"        DESK_DOCTORS, NOTES, WRITES, KEY_KEPT, MATCH_OPTIONAL;
    ListInternalNotes           "listInternalNotes"           "notes:read"         DESK_DOCTORS, NOTES, READS, NO_KEY, NO_MATCH;
    ListTimeline                "listTimeline"                "cases:read"         CASES, TIMELINE, READS, NO_KEY, NO_MATCH;
    // The audit trail.
    ListAuditEntries            "listAuditEntries"            "audit:read"         AUDITOR, NO_CASE, READS, NO_KEY, NO_MATCH;
    ListMyAccesses              "listMyAccesses"              "audit:own"          APPLICANT, BY_CONCERNED, READS, NO_KEY, NO_MATCH;
    // What the program does by itself.
    ExpireCase                  "expireCase"                  "cases:write"        SYSTEM, NO_CASE, WRITES, NO_KEY, NO_MATCH;
    LapseReExamination          "lapseReExamination"          "cases:write"        SYSTEM, NO_CASE, WRITES, NO_KEY, NO_MATCH;
    LapseAppointment            "lapseAppointment"            "cases:write"        SYSTEM, NO_CASE, WRITES, NO_KEY, NO_MATCH;
    NoteCaseOverdue             "noteCaseOverdue"             "cases:write"        SYSTEM, NO_CASE, WRITES, NO_KEY, NO_MATCH;
    RemoveEmptyDraft            "removeEmptyDraft"            "cases:write"        SYSTEM, NO_CASE, WRITES, NO_KEY, NO_MATCH;
    CountRefusals               "countRefusals"               "audit:write"        SYSTEM, NO_CASE, WRITES, NO_KEY, NO_MATCH;
}

impl Operation {
    /// The operation with this `operationId`.
    pub fn from_operation_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|operation| operation.operation_id() == id)
    }

    /// The operations that the API offers; the others are run by the program itself.
    pub fn offered() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|operation| operation.is_offered())
    }

    /// Whether the API offers it.
    pub const fn is_offered(self) -> bool {
        !matches!(self.role_rule(), RoleRule::System)
    }

    /// Whether anybody may run it, signed in or not.
    pub const fn is_public(self) -> bool {
        matches!(self.role_rule(), RoleRule::Public)
    }

    /// Whether it signs people in or out, or proves who they are: its requests have a row in the trail although nobody is signed in yet,
    /// with the source that they came from.
    pub const fn is_about_signing_in(self) -> bool {
        matches!(
            self,
            Self::RegisterApplicant
                | Self::ResendVerification
                | Self::VerifyEmail
                | Self::CreateSession
                | Self::RefreshSession
                | Self::SignOut
                | Self::DeleteSession
                | Self::EndSession
                | Self::EndOtherSessions
                | Self::RequestEmailChange
                | Self::ConfirmEmailChange
                | Self::ChangePassword
                | Self::RequestPasswordReset
                | Self::ResetPassword
        )
    }

    /// Whether it is let through to the last of the disk: people who work must be able to sign in and out, whoever must be kept out must
    /// be kept out at once, and whoever can make room must be able to.
    pub const fn goes_on_when_the_disk_is_full(self) -> bool {
        matches!(
            self,
            Self::CreateSession
                | Self::RefreshSession
                | Self::SignOut
                | Self::DeleteSession
                | Self::EndSession
                | Self::EndOtherSessions
                | Self::ChangePassword
                | Self::RequestPasswordReset
                | Self::ResetPassword
                | Self::UpdateUser
                | Self::UpdateAgency
                | Self::DeleteDocument
        )
    }

    /// The roles that may run it; none for a public operation.
    pub const fn roles(self) -> &'static [Role] {
        match self.role_rule() {
            RoleRule::Public | RoleRule::System => &[],
            RoleRule::SignedIn => Role::ALL,
            RoleRule::Roles(roles) => roles,
        }
    }

    /// Whether somebody with these roles may run it.
    pub fn is_open_to(self, roles: &Roles) -> bool {
        match self.role_rule() {
            RoleRule::System => false,
            RoleRule::Public | RoleRule::SignedIn => true,
            RoleRule::Roles(open) => open.iter().any(|role| roles.has(*role)),
        }
    }

    /// Whether somebody in these relations to a case may run it there.
    pub fn is_within(self, relations: Relations) -> bool {
        match self.relation_rule() {
            RelationRule::NoCase => true,
            RelationRule::Seeing(section) => relations.may_see(section),
            RelationRule::Acting(by) => relations.contains_any(by),
        }
    }

    /// Whether it runs on one case.
    pub fn is_on_case(self) -> bool {
        self.relation_rule() != RelationRule::NoCase
    }
}
