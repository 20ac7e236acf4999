//! From the draft to the decision.

use crate::case::CaseStage as S;
use Relation::{Agency, Applicant, Department, Desk, Patient, Responsible};

use super::*;
use crate::intake::ContactsPatch;
use crate::intake::requests::{Answers, Asked, ItemAnswer};

const DOCTORS_DESK: &[Relation] = &[Desk, Responsible, Department];
const WHERE_NOTHING_IS_ASKED: &[(S, &str)] = &[
    (S::Scheduled, "request_not_open"),
    (S::Submitted, "request_not_open"),
    (S::InTriage, "request_not_open"),
    (S::Accepted, "request_not_open"),
    (S::AwaitingPayment, "request_not_open"),
    (S::Writing, "request_not_open"),
    (S::InReview, "request_not_open"),
];

/// The rows.
pub(super) const ROWS: &[Row] = &[
    Row {
        name: "update",
        operation: Some(Operation::UpdateCase),
        who: APPLYING,
        leads: &[(S::Draft, S::Draft), (S::InformationRequested, S::InformationRequested)],
        refused: &[],
        run: |case, by| case.update(by, &rules(), now(), patch(r#"{"wishes_treatment_here":true}"#), &mut || id(60)),
    },
    Row {
        name: "correct_contacts",
        operation: Some(Operation::CorrectContacts),
        who: &[Desk],
        leads: &[
            (S::Scheduled, S::Scheduled),
            (S::Consulted, S::Consulted),
            (S::Submitted, S::Submitted),
            (S::InformationRequested, S::InformationRequested),
            (S::InTriage, S::InTriage),
            (S::Accepted, S::Accepted),
            (S::AwaitingPayment, S::AwaitingPayment),
            (S::Writing, S::Writing),
            (S::InReview, S::InReview),
            (S::Delivered, S::Delivered),
        ],
        refused: &[],
        run: |case, by| case.correct_contacts(by, &rules(), now(), ContactsPatch::default()),
    },
    Row {
        name: "submit",
        operation: Some(Operation::SubmitCase),
        who: APPLYING,
        leads: &[(S::Draft, S::Submitted)],
        refused: &[],
        run: |case, by| case.submit(by, &rules(), now()),
    },
    Row {
        name: "request_information",
        operation: Some(Operation::RequestInformation),
        who: DOCTORS_DESK,
        leads: &[
            (S::Scheduled, S::Scheduled),
            (S::Submitted, S::InformationRequested),
            (S::InformationRequested, S::InformationRequested),
            (S::InTriage, S::InformationRequested),
            (S::Accepted, S::Accepted),
            (S::AwaitingPayment, S::AwaitingPayment),
            (S::Writing, S::Writing),
            (S::InReview, S::InReview),
        ],
        refused: &[],
        run: |case, by| {
            let asked = Asked { items: vec![ItemCode::ReferralLetter], questions: vec![] };
            case.request_information(by, &rules(), now(), id(70), &asked)
        },
    },
    Row {
        name: "answer_information_request",
        operation: Some(Operation::AnswerInformationRequest),
        who: APPLYING,
        leads: &[(S::InformationRequested, S::Submitted)],
        refused: WHERE_NOTHING_IS_ASKED,
        run: |case, by| {
            let cannot = ItemAnswer { item: ItemCode::BloodTest, cannot_provide: Some(text("none was made")) };
            let answers = Answers { items: vec![cannot], answers: vec![text("none")] };
            case.answer_information_request(by, &rules(), now(), &request(), &answers)
        },
    },
    Row {
        name: "withdraw_information_request",
        operation: Some(Operation::WithdrawInformationRequest),
        who: DOCTORS_DESK,
        leads: &[(S::InformationRequested, S::Submitted)],
        refused: WHERE_NOTHING_IS_ASKED,
        run: |case, by| case.withdraw_information_request(by, &rules(), now(), id(7)),
    },
    Row {
        name: "start_triage",
        operation: Some(Operation::StartTriage),
        who: &[Desk],
        leads: &[(S::Submitted, S::InTriage)],
        refused: &[],
        run: |case, by| {
            let ready = if case.stage().name() == S::Submitted { verified(case, crate::intake::items::BlockedStep::Triage) } else { case };
            ready.start_triage(by, &rules(), now(), id(1), &[], &[])
        },
    },
    Row {
        name: "reassign",
        operation: Some(Operation::ReassignCase),
        who: DESK_DEPARTMENT,
        leads: &[
            (S::InTriage, S::InTriage),
            (S::Accepted, S::InTriage),
            (S::Scheduled, S::InTriage),
            (S::AwaitingPayment, S::InTriage),
            (S::Writing, S::InTriage),
        ],
        refused: &[],
        run: |case, by| case.reassign(by, &rules(), now(), id(2), text("thoracic")),
    },
    Row {
        name: "assign_physician",
        operation: Some(Operation::AssignPhysician),
        who: DESK_DEPARTMENT,
        leads: &[
            (S::Scheduled, S::Scheduled),
            (S::InTriage, S::InTriage),
            (S::Accepted, S::Accepted),
            (S::AwaitingPayment, S::AwaitingPayment),
            (S::Writing, S::Writing),
            (S::InReview, S::InReview),
        ],
        refused: &[],
        run: |case, by| case.assign_physician(by, &rules(), now(), id(200), text("on leave")),
    },
    Row {
        name: "accept",
        operation: Some(Operation::AcceptCase),
        who: &[Department],
        leads: &[(S::InTriage, S::Accepted)],
        refused: &[],
        run: |case, by| case.accept(by, &rules(), now(), id(200), None),
    },
    Row {
        name: "decline",
        operation: Some(Operation::DeclineCase),
        who: DESK_DEPARTMENT,
        leads: &[
            (S::Scheduled, S::Declined),
            (S::Submitted, S::Declined),
            (S::InformationRequested, S::Declined),
            (S::InTriage, S::Declined),
            (S::Accepted, S::Declined),
            (S::AwaitingPayment, S::Declined),
            (S::Writing, S::Declined),
            (S::InReview, S::Declined),
        ],
        refused: &[],
        run: |case, by| case.decline(by, &rules(), now(), declined(DeclineCode::Litigation)),
    },
    Row {
        name: "issue_estimate",
        operation: Some(Operation::IssueEstimate),
        who: &[Desk],
        leads: &[(S::Accepted, S::Accepted)],
        // Afterwards an estimate is for more slides, and none are proposed.
        refused: &[
            (S::AwaitingPayment, "estimate_already_accepted"),
            (S::Writing, "estimate_already_accepted"),
            (S::InReview, "estimate_already_accepted"),
        ],
        run: |case, by| case.issue_estimate(by, id(4), day(62)),
    },
    Row {
        name: "accept_estimate",
        operation: Some(Operation::AcceptEstimate),
        who: &[Applicant, Agency, Patient, Desk],
        leads: &[(S::Accepted, S::Accepted)],
        refused: &[],
        run: |case, by| asked(case).accept_estimate(by, &rules(), now(), consent(Payer::Applicant)),
    },
    Row {
        name: "withdraw_estimate",
        operation: Some(Operation::WithdrawEstimate),
        who: &[Desk],
        leads: &[(S::Accepted, S::Accepted)],
        refused: &[],
        run: |case, by| asked(case).withdraw_estimate(by, id(4)),
    },
];
