//! Every operation, who passes its door, and who may run it on a case: one table, read by the handlers, the document and the tests alike.

use super::{Facet, Relation, Relations, Role, Roles};

/// Whom the door of an operation lets in, before anything is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    /// Anybody, signed in or not.
    Public,
    /// Whoever is signed in, with roles or without: what concerns their own account.
    SignedIn,
    /// Whoever holds one of these roles.
    Roles(&'static [Role]),
}

/// Who of those may run it on a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    /// It is no operation on one case.
    NoCase,
    /// Whoever sees this facet of the case.
    Seeing(Facet),
    /// Whoever stands in one of these relations.
    Acting(&'static [Relation]),
}

macro_rules! operations {
    ($($operation:ident $id:literal $scope:literal $door:expr, $within:expr;)*) => {
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

            const fn door(self) -> Door {
                match self { $(Self::$operation => $door,)* }
            }

            const fn within(self) -> Within {
                match self { $(Self::$operation => $within,)* }
            }
        }

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

const PUBLIC: Door = Door::Public;
const SIGNED_IN: Door = Door::SignedIn;
const ADMINISTRATOR: Door = Door::Roles(&[Role::Administrator]);
const AUDITOR: Door = Door::Roles(&[Role::Auditor]);
const APPLICANT: Door = Door::Roles(&[Role::Applicant]);
const DESK: Door = Door::Roles(&[Role::Coordinator]);
/// Those who apply, and the desk for a paper application.
const APPLYING: Door = Door::Roles(&[Role::Applicant, Role::Agency, Role::Coordinator]);
const PAYING: Door = Door::Roles(&[Role::Applicant, Role::Agency]);
const LEADING: Door = Door::Roles(&[Role::Chief, Role::Director]);
const DOCTORS: Door = Door::Roles(&[Role::Physician, Role::Chief, Role::Director]);
const DESK_LEADING: Door = Door::Roles(&[Role::Coordinator, Role::Chief, Role::Director]);
const DESK_DOCTORS: Door = Door::Roles(&[Role::Coordinator, Role::Physician, Role::Chief, Role::Director]);
const BILLING: Door = Door::Roles(&[Role::Accountant]);
const DESK_BILLING: Door = Door::Roles(&[Role::Coordinator, Role::Accountant]);
const INVOICED: Door = Door::Roles(&[Role::Applicant, Role::Agency, Role::Coordinator, Role::Accountant]);
/// Those who write to each other about a case.
const WRITING: Door = Door::Roles(&[Role::Applicant, Role::Agency, Role::Coordinator, Role::Physician, Role::Chief, Role::Director]);
/// Everybody who has to do with cases: not administrators, not auditors.
const CASES: Door = Door::Roles(&[
    Role::Applicant,
    Role::Agency,
    Role::Coordinator,
    Role::Physician,
    Role::Chief,
    Role::Director,
    Role::Accountant,
    Role::Pathologist,
]);

const NO_CASE: Within = Within::NoCase;
const BY_APPLYING: Within = Within::Acting(&[Relation::Applicant, Relation::Agency, Relation::Desk]);
const BY_PAYING: Within = Within::Acting(&[Relation::Applicant, Relation::Agency]);
const BY_DESK: Within = Within::Acting(&[Relation::Desk]);
const BY_DEPARTMENT: Within = Within::Acting(&[Relation::Department]);
const BY_RESPONSIBLE: Within = Within::Acting(&[Relation::Responsible]);
const BY_DESK_DEPARTMENT: Within = Within::Acting(&[Relation::Desk, Relation::Department]);
const BY_DESK_DOCTORS: Within = Within::Acting(&[Relation::Desk, Relation::Responsible, Relation::Department]);
const BY_BILLING: Within = Within::Acting(&[Relation::Billing]);
const BY_DESK_BILLING: Within = Within::Acting(&[Relation::Desk, Relation::Billing]);
const BY_CONCERNED: Within = Within::Acting(&[Relation::Applicant, Relation::Patient]);
const SUMMARY: Within = Within::Seeing(Facet::Summary);
const CLINICAL: Within = Within::Seeing(Facet::Clinical);
const INVOICES: Within = Within::Seeing(Facet::Invoices);
const MESSAGES: Within = Within::Seeing(Facet::Messages);
const NOTES: Within = Within::Seeing(Facet::InternalNotes);
const OPINION: Within = Within::Seeing(Facet::DeliveredOpinion);
const TIMELINE: Within = Within::Seeing(Facet::Timeline);

operations! {
    // The catalogue.
    GetCatalogue                "getCatalogue"                "catalogue:read"     PUBLIC, NO_CASE;
    ListFeeSchedules            "listFeeSchedules"            "catalogue:read"     PUBLIC, NO_CASE;
    GetFeeSchedule              "getFeeSchedule"              "catalogue:read"     PUBLIC, NO_CASE;
    CreateQuote                 "createQuote"                 "quotes:write"       PUBLIC, NO_CASE;
    GetQuote                    "getQuote"                    "quotes:read"        PUBLIC, NO_CASE;
    ListDepartments             "listDepartments"             "catalogue:read"     PUBLIC, NO_CASE;
    ListProblems                "listProblems"                "catalogue:read"     PUBLIC, NO_CASE;
    GetProblem                  "getProblem"                  "catalogue:read"     PUBLIC, NO_CASE;
    // Sign-in.
    RegisterApplicant           "registerApplicant"           "account:write"      PUBLIC, NO_CASE;
    ResendVerification          "resendVerification"          "account:write"      PUBLIC, NO_CASE;
    VerifyEmail                 "verifyEmail"                 "account:write"      PUBLIC, NO_CASE;
    CreateSession               "createSession"               "account:write"      PUBLIC, NO_CASE;
    RefreshSession              "refreshSession"              "account:write"      PUBLIC, NO_CASE;
    SignOut                     "signOut"                     "account:write"      PUBLIC, NO_CASE;
    DeleteSession               "deleteSession"               "account:write"      SIGNED_IN, NO_CASE;
    ListSessions                "listSessions"                "account:read"       SIGNED_IN, NO_CASE;
    EndSession                  "endSession"                  "account:write"      SIGNED_IN, NO_CASE;
    EndOtherSessions            "endOtherSessions"            "account:write"      SIGNED_IN, NO_CASE;
    GetMe                       "getMe"                       "account:read"       SIGNED_IN, NO_CASE;
    UpdateMe                    "updateMe"                    "account:write"      SIGNED_IN, NO_CASE;
    RequestEmailChange          "requestEmailChange"          "account:write"      SIGNED_IN, NO_CASE;
    ConfirmEmailChange          "confirmEmailChange"          "account:write"      SIGNED_IN, NO_CASE;
    ChangePassword              "changePassword"              "account:write"      SIGNED_IN, NO_CASE;
    RequestPasswordReset        "requestPasswordReset"        "account:write"      PUBLIC, NO_CASE;
    ResetPassword               "resetPassword"               "account:write"      PUBLIC, NO_CASE;
    // People and settings.
    CreateUser                  "createUser"                  "users:write"        ADMINISTRATOR, NO_CASE;
    ListUsers                   "listUsers"                   "users:read"         ADMINISTRATOR, NO_CASE;
    GetUser                     "getUser"                     "users:read"         ADMINISTRATOR, NO_CASE;
    UpdateUser                  "updateUser"                  "users:write"        ADMINISTRATOR, NO_CASE;
    ListPendingApprovals        "listPendingApprovals"        "users:read"         ADMINISTRATOR, NO_CASE;
    ApproveRoles                "approveRoles"                "users:write"        ADMINISTRATOR, NO_CASE;
    CreateDepartment            "createDepartment"            "departments:write"  ADMINISTRATOR, NO_CASE;
    UpdateDepartment            "updateDepartment"            "departments:write"  ADMINISTRATOR, NO_CASE;
    CreateAgency                "createAgency"                "agencies:write"     ADMINISTRATOR, NO_CASE;
    ListAgencies                "listAgencies"                "agencies:read"      ADMINISTRATOR, NO_CASE;
    GetAgency                   "getAgency"                   "agencies:read"      ADMINISTRATOR, NO_CASE;
    UpdateAgency                "updateAgency"                "agencies:write"     ADMINISTRATOR, NO_CASE;
    GetSettings                 "getSettings"                 "settings:read"      ADMINISTRATOR, NO_CASE;
    UpdateSettings              "updateSettings"              "settings:write"     ADMINISTRATOR, NO_CASE;
    // The life of a case.
    CreateCase                  "createCase"                  "cases:write"        APPLYING, NO_CASE;
    ListCases                   "listCases"                   "cases:read"         CASES, NO_CASE;
    CountCases                  "countCases"                  "cases:read"         CASES, NO_CASE;
    GetCase                     "getCase"                     "cases:read"         CASES, SUMMARY;
    UpdateCase                  "updateCase"                  "cases:write"        APPLYING, BY_APPLYING;
    SubmitCase                  "submitCase"                  "cases:write"        APPLYING, BY_APPLYING;
    StartTriage                 "startTriage"                 "triage:write"       DESK, BY_DESK;
    ReassignCase                "reassignCase"                "triage:write"       DESK_LEADING, BY_DESK_DEPARTMENT;
    AssignPhysician             "assignPhysician"             "triage:write"       DESK_LEADING, BY_DESK_DEPARTMENT;
    AcceptCase                  "acceptCase"                  "decisions:write"    LEADING, BY_DEPARTMENT;
    DeclineCase                 "declineCase"                 "decisions:write"    DESK_LEADING, BY_DESK_DEPARTMENT;
    AcceptQuote                 "acceptQuote"                 "quotes:write"       PAYING, BY_PAYING;
    HoldCase                    "holdCase"                    "triage:write"       DESK_LEADING, BY_DESK_DEPARTMENT;
    ResumeCase                  "resumeCase"                  "triage:write"       DESK_LEADING, BY_DESK_DEPARTMENT;
    CancelCase                  "cancelCase"                  "cases:write"        APPLYING, BY_APPLYING;
    CloseCase                   "closeCase"                   "triage:write"       DESK, BY_DESK;
    InviteToCase                "inviteToCase"                "cases:write"        APPLYING, BY_APPLYING;
    AcceptInvitation            "acceptInvitation"            "cases:write"        APPLICANT, NO_CASE;
    // Required items.
    GetChecklist                "getChecklist"                "items:read"         CASES, CLINICAL;
    VerifyItem                  "verifyItem"                  "items:write"        DESK, BY_DESK;
    RejectItem                  "rejectItem"                  "items:write"        DESK, BY_DESK;
    WaiveItem                   "waiveItem"                   "items:write"        DESK, BY_DESK;
    RequestInformation          "requestInformation"          "requests:write"     DESK_DOCTORS, BY_DESK_DOCTORS;
    ListInformationRequests     "listInformationRequests"     "requests:read"      CASES, CLINICAL;
    WithdrawInformationRequest  "withdrawInformationRequest"  "requests:write"     DESK_DOCTORS, BY_DESK_DOCTORS;
    AnswerInformationRequest    "answerInformationRequest"    "requests:answer"    APPLYING, BY_APPLYING;
    // Treatment so far.
    AddTreatmentEntry           "addTreatmentEntry"           "treatment:write"    APPLYING, BY_APPLYING;
    ListTreatmentEntries        "listTreatmentEntries"        "treatment:read"     CASES, CLINICAL;
    UpdateTreatmentEntry        "updateTreatmentEntry"        "treatment:write"    APPLYING, BY_APPLYING;
    DeleteTreatmentEntry        "deleteTreatmentEntry"        "treatment:write"    APPLYING, BY_APPLYING;
    // Documents.
    UploadDocument              "uploadDocument"              "documents:write"    APPLYING, BY_APPLYING;
    ListDocuments               "listDocuments"               "documents:read"     CASES, CLINICAL;
    GetDocument                 "getDocument"                 "documents:read"     CASES, CLINICAL;
    UpdateDocument              "updateDocument"              "documents:write"    APPLYING, BY_APPLYING;
    DownloadDocument            "downloadDocument"            "documents:read"     CASES, CLINICAL;
    DeleteDocument              "deleteDocument"              "documents:write"    APPLYING, BY_APPLYING;
    // Money.
    IssueInvoice                "issueInvoice"                "invoices:write"     DESK_BILLING, BY_DESK_BILLING;
    GetInvoice                  "getInvoice"                  "invoices:read"      INVOICED, INVOICES;
    ListInvoices                "listInvoices"                "invoices:read"      INVOICED, NO_CASE;
    RecordPayment               "recordPayment"               "payments:write"     BILLING, BY_BILLING;
    // The written opinion.
    DraftOpinion                "draftOpinion"                "opinions:write"     DOCTORS, BY_RESPONSIBLE;
    SubmitOpinion               "submitOpinion"               "opinions:write"     DOCTORS, BY_RESPONSIBLE;
    ReturnOpinion               "returnOpinion"               "opinions:sign"      LEADING, BY_DEPARTMENT;
    DeliverOpinion              "deliverOpinion"              "opinions:sign"      LEADING, BY_DEPARTMENT;
    GetOpinion                  "getOpinion"                  "opinions:read"      CASES, OPINION;
    AddOpinionAddendum          "addOpinionAddendum"          "opinions:sign"      LEADING, BY_DEPARTMENT;
    // Messages and what happened.
    PostMessage                 "postMessage"                 "messages:write"     WRITING, MESSAGES;
    ListMessages                "listMessages"                "messages:read"      WRITING, MESSAGES;
    AddInternalNote             "addInternalNote"             "notes:write"        DESK_DOCTORS, NOTES;
    ListInternalNotes           "listInternalNotes"           "notes:read"         DESK_DOCTORS, NOTES;
    ListTimeline                "listTimeline"                "cases:read"         CASES, TIMELINE;
    // The audit trail.
    ListAuditEntries            "listAuditEntries"            "audit:read"         AUDITOR, NO_CASE;
    ListMyAccesses              "listMyAccesses"              "audit:own"          APPLICANT, BY_CONCERNED;
}

impl Operation {
    /// The operation with this `operationId`.
    pub fn from_operation_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|operation| operation.operation_id() == id)
    }

    /// Whether it only asks, and leaves nothing behind but its trail: the verbs of the contract say so.
    pub fn only_reads(self) -> bool {
        ["get", "list", "count", "download"].iter().any(|verb| self.operation_id().starts_with(verb))
    }

    /// Whether anybody may run it, signed in or not.
    pub const fn is_public(self) -> bool {
        matches!(self.door(), Door::Public)
    }

    /// Whether it gives people their authority: its refusals stand in the trail, whatever their reason.
    pub const fn is_about_authority(self) -> bool {
        matches!(self, Self::CreateUser | Self::UpdateUser | Self::ApproveRoles) || self.is_about_signing_in()
    }

    /// Whether it signs people in or out, or proves who they are: its refusals stand in the trail, whatever their reason.
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

    /// The roles that pass its door; none for a public operation.
    pub const fn roles(self) -> &'static [Role] {
        match self.door() {
            Door::Public => &[],
            Door::SignedIn => Role::ALL,
            Door::Roles(roles) => roles,
        }
    }

    /// Whether somebody with these roles passes its door.
    pub fn is_open_to(self, roles: &Roles) -> bool {
        match self.door() {
            Door::Public | Door::SignedIn => true,
            Door::Roles(open) => open.iter().any(|role| roles.has(*role)),
        }
    }

    /// Whether somebody in these relations to a case may run it there.
    pub fn is_within(self, relations: Relations) -> bool {
        match self.within() {
            Within::NoCase => true,
            Within::Seeing(facet) => relations.may_see(facet),
            Within::Acting(by) => relations.contains_any(by),
        }
    }

    /// Whether it runs on one case.
    pub fn is_on_case(self) -> bool {
        self.within() != Within::NoCase
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operation_stands_in_the_table_once() {
        let mut ids: Vec<&str> = Operation::ALL.iter().map(|operation| operation.operation_id()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), Operation::ALL.len());
    }

    #[test]
    fn what_only_reads_writes_nothing() {
        for operation in Operation::ALL.iter().filter(|operation| operation.only_reads()) {
            assert!(operation.scope().ends_with(":read") || operation.scope() == "audit:own", "{}", operation.operation_id());
        }
        assert!(!Operation::SubmitCase.only_reads() && !Operation::CreateQuote.only_reads());
    }

    #[test]
    fn clinical_content_is_never_reached_by_rank() {
        let clinical =
            [Facet::Contacts, Facet::Clinical, Facet::OpinionDraft, Facet::DeliveredOpinion, Facet::Messages, Facet::InternalNotes];
        for facet in clinical {
            assert!(!Relation::Billing.facets().contains(&facet), "billing sees {facet}");
        }
        for operation in Operation::ALL.iter().filter(|operation| operation.is_on_case()) {
            for role in [Role::Administrator, Role::Auditor] {
                assert!(!operation.roles().contains(&role), "{} is open to {role}", operation.operation_id());
            }
        }
    }

    #[test]
    fn drafts_of_an_opinion_are_seen_by_the_responsible_and_the_department_only() {
        let seen: Vec<Relation> = Relation::ALL.iter().copied().filter(|one| one.facets().contains(&Facet::OpinionDraft)).collect();
        assert_eq!(seen, [Relation::Responsible, Relation::Department]);
    }

    #[test]
    fn every_role_that_passes_a_door_to_a_case_can_have_a_relation_that_acts_there() {
        for operation in Operation::ALL.iter().filter(|operation| operation.is_on_case()) {
            assert!(Relation::ALL.iter().any(|one| operation.is_within(Relations::of(&[*one]))), "{operation:?}");
            assert!(!operation.is_within(Relations::NONE), "{operation:?} runs without a relation");
        }
    }
}
