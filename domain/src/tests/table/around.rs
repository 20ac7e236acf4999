//! Transitions that do not move the stage: holds, documents, messages.

use crate::case::CaseStage as S;
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

/// The rows.
pub(super) const ROWS: &[Row] = &[
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
