//! Transitions that do not move the stage: holds, documents, messages.

use crate::case::CaseStage as S;
use crate::change_of_kind::{KindAgreement, KindProposal};
use crate::service::ServiceKind;
use Relation::{Agency, Applicant, Department, Desk, Patient, Receiving, Representative, Responsible};

use super::*;

const STAYS_BEFORE_THE_REVIEW: &[(S, S)] =
    &[(S::Draft, S::Draft), (S::Submitted, S::Submitted), (S::InformationRequested, S::InformationRequested)];
const STAYS_UNTIL_DONE: &[(S, S)] = &[
    (S::Scheduled, S::Scheduled),
    (S::Draft, S::Draft),
    (S::Submitted, S::Submitted),
    (S::InformationRequested, S::InformationRequested),
    (S::InTriage, S::InTriage),
    (S::Accepted, S::Accepted),
    (S::AwaitingPayment, S::AwaitingPayment),
    (S::Writing, S::Writing),
    (S::InReview, S::InReview),
];
const STAYS_WHILE_CHECKED: &[(S, S)] = &[
    (S::Scheduled, S::Scheduled),
    (S::Submitted, S::Submitted),
    (S::InformationRequested, S::InformationRequested),
    (S::InTriage, S::InTriage),
    (S::Accepted, S::Accepted),
    (S::AwaitingPayment, S::AwaitingPayment),
    (S::Writing, S::Writing),
    (S::InReview, S::InReview),
];
const STAYS_EVERYWHERE: &[(S, S)] = &[
    (S::Scheduled, S::Scheduled),
    (S::Consulted, S::Consulted),
    (S::Draft, S::Draft),
    (S::Submitted, S::Submitted),
    (S::InformationRequested, S::InformationRequested),
    (S::InTriage, S::InTriage),
    (S::Accepted, S::Accepted),
    (S::AwaitingPayment, S::AwaitingPayment),
    (S::Writing, S::Writing),
    (S::InReview, S::InReview),
    (S::Delivered, S::Delivered),
    (S::Closed, S::Closed),
    (S::Declined, S::Declined),
    (S::Cancelled, S::Cancelled),
    (S::Expired, S::Expired),
];

const ANOTHER_KIND: &[(S, S)] = &[
    (S::Submitted, S::Submitted),
    (S::InformationRequested, S::InformationRequested),
    (S::InTriage, S::InTriage),
    (S::Accepted, S::Accepted),
    (S::Scheduled, S::Scheduled),
    (S::AwaitingPayment, S::AwaitingPayment),
    (S::Writing, S::Writing),
];
const NO_KIND_PROPOSED: &[(S, &str)] = &[
    (S::Submitted, "no_kind_proposal"),
    (S::InformationRequested, "no_kind_proposal"),
    (S::InTriage, "no_kind_proposal"),
    (S::Accepted, "no_kind_proposal"),
    (S::Scheduled, "no_kind_proposal"),
    (S::AwaitingPayment, "no_kind_proposal"),
    (S::Writing, "no_kind_proposal"),
];

/// Another service than the one of the case.
fn another(case: &Case) -> KindProposal {
    let kind = match case.kind() {
        ServiceKind::PatientConsultation => ServiceKind::RepresentativeConsultation,
        ServiceKind::RepresentativeConsultation | ServiceKind::WrittenOpinion => ServiceKind::PatientConsultation,
    };
    KindProposal { kind, text: text("It fits better."), written_offered_because: None, by: id(9), at: now() }
}

/// The rows.
pub(super) const ROWS: &[Row] = &[
    Row {
        name: "propose_kind",
        operation: Some(Operation::ProposeCaseKind),
        who: &[Desk],
        leads: ANOTHER_KIND,
        refused: &[],
        run: |case, by| {
            let proposal = another(&case);
            case.propose_kind(by, &rules(), now(), proposal)
        },
    },
    Row {
        name: "agree_kind",
        operation: Some(Operation::AgreeCaseKind),
        who: &[Applicant, Agency, Patient, Desk],
        leads: &[],
        refused: NO_KIND_PROPOSED,
        run: |case, by| {
            let agreed = KindAgreement { kind: ServiceKind::WrittenOpinion, application: ApplicationPatch::default() };
            case.agree_kind(by, &rules(), now(), agreed, &mut || id(77)).map(|changed| changed.change)
        },
    },
    Row {
        name: "withdraw_kind_proposal",
        operation: Some(Operation::WithdrawCaseKindProposal),
        who: &[Applicant, Agency, Patient, Desk],
        leads: &[],
        refused: NO_KIND_PROPOSED,
        run: |case, by| case.withdraw_kind_proposal(by, &rules(), now()),
    },
    Row {
        name: "hold",
        operation: Some(Operation::HoldCase),
        who: DESK_DEPARTMENT,
        leads: STAYS_WHILE_CHECKED,
        refused: &[],
        run: |case, by| case.hold(by, &rules(), now(), HoldReason::Applicant, None),
    },
    Row {
        name: "resume",
        operation: Some(Operation::ResumeCase),
        who: DESK_DEPARTMENT,
        leads: &[],
        refused: &[
            (S::Scheduled, "not_on_hold"),
            (S::Submitted, "not_on_hold"),
            (S::InformationRequested, "not_on_hold"),
            (S::InTriage, "not_on_hold"),
            (S::Accepted, "not_on_hold"),
            (S::AwaitingPayment, "not_on_hold"),
            (S::Writing, "not_on_hold"),
            (S::InReview, "not_on_hold"),
        ],
        run: |case, by| case.resume(by, &rules(), now()),
    },
    Row {
        name: "add_document",
        operation: Some(Operation::UploadDocument),
        who: APPLYING,
        leads: STAYS_UNTIL_DONE,
        refused: &[],
        run: |case, by| case.add_document(by, &rules(), now(), id(30), Some(ItemCode::ReferralLetter)),
    },
    Row {
        name: "move_document",
        operation: Some(Operation::UpdateDocument),
        who: APPLYING,
        leads: STAYS_UNTIL_DONE,
        refused: &[],
        run: |case, by| case.move_document(by, &rules(), now(), Some(ItemCode::ExamReports), None),
    },
    Row {
        name: "delete_document",
        operation: Some(Operation::DeleteDocument),
        who: APPLYING,
        leads: STAYS_BEFORE_THE_REVIEW,
        refused: &[],
        run: |case, by| case.delete_document(by, &rules(), now(), id(30), None),
    },
    Row {
        name: "record_treatment",
        operation: Some(Operation::AddTreatmentEntry),
        who: APPLYING,
        leads: STAYS_UNTIL_DONE,
        refused: &[],
        run: |case, by| case.record_treatment(by, &rules(), now(), Operation::AddTreatmentEntry, id(31)),
    },
    Row {
        name: "delete_treatment",
        operation: Some(Operation::DeleteTreatmentEntry),
        who: APPLYING,
        leads: STAYS_BEFORE_THE_REVIEW,
        refused: &[],
        run: |case, by| case.delete_treatment(by, &rules(), now(), id(31), false),
    },
    Row {
        name: "verify_item",
        operation: Some(Operation::VerifyItem),
        who: &[Desk],
        leads: STAYS_WHILE_CHECKED,
        refused: &[],
        run: |case, by| case.verify_item(by, &rules(), now(), ItemCode::ApplicationForm),
    },
    Row {
        name: "reject_item",
        operation: Some(Operation::RejectItem),
        who: &[Desk],
        leads: STAYS_WHILE_CHECKED,
        refused: &[],
        run: |case, by| case.reject_item(by, &rules(), now(), ItemCode::ApplicationForm, text("not legible")),
    },
    Row {
        name: "waive_item",
        operation: Some(Operation::WaiveItem),
        who: &[Desk],
        leads: STAYS_WHILE_CHECKED,
        refused: &[],
        run: |case, by| case.waive_item(by, &rules(), now(), ItemCode::BloodTest, text("not needed")),
    },
    Row {
        name: "post_message",
        operation: Some(Operation::PostMessage),
        who: &[Applicant, Patient, Representative, Agency, Responsible, Receiving, Department, Desk],
        leads: STAYS_EVERYWHERE,
        refused: &[],
        run: |case, by| case.post_message(by, &rules(), now(), id(40)),
    },
    Row {
        name: "expire",
        operation: None,
        who: Relation::ALL,
        leads: &[
            (S::Draft, S::Expired),
            (S::InformationRequested, S::Expired),
            (S::Accepted, S::Expired),
            (S::AwaitingPayment, S::Expired),
        ],
        refused: &[],
        run: |case, _| asked(case).expire(&rules(), day(1000), false),
    },
];
