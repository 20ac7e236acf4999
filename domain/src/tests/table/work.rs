//! Money, the opinion, the ends.

use crate::billing::{Credited, Reversed};
use crate::case::CancelledMoney;
use crate::case::{CaseStage as S, Death, InvoiceAtReopening, OpinionSent};
use Relation::{Agency, Applicant, Billing, Department, Desk, Patient, Responsible};

use super::*;

const ALL_STAY: &[(S, S)] = &[
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
        name: "record_payment",
        operation: Some(Operation::RecordPayment),
        who: &[Billing],
        leads: &[
            (S::Scheduled, S::Scheduled),
            (S::Consulted, S::Consulted),
            (S::Accepted, S::Accepted),
            (S::AwaitingPayment, S::Writing),
            (S::Writing, S::Writing),
            (S::InReview, S::InReview),
            (S::Delivered, S::Delivered),
            (S::Closed, S::Closed),
            (S::Declined, S::Declined),
            (S::Cancelled, S::Cancelled),
            (S::Expired, S::Expired),
        ],
        refused: &[],
        run: |case, by| case.record_payment(by, &rules(), now(), paid(true)),
    },
    Row {
        name: "reverse_payment",
        operation: Some(Operation::ReversePayment),
        who: &[Billing],
        // Work that is not delivered waits for its payment again.
        leads: &[
            (S::Scheduled, S::Scheduled),
            (S::Consulted, S::Consulted),
            (S::Accepted, S::Accepted),
            (S::AwaitingPayment, S::AwaitingPayment),
            (S::Writing, S::AwaitingPayment),
            (S::InReview, S::AwaitingPayment),
            (S::Delivered, S::Delivered),
            (S::Closed, S::Closed),
            (S::Declined, S::Declined),
            (S::Cancelled, S::Cancelled),
            (S::Expired, S::Expired),
        ],
        refused: &[],
        run: |case, by| {
            let reversed = Reversed {
                invoice: invoice(),
                payment: id(6),
                is_settled: false,
                settled_on: None,
                has_money: false,
                payable_until: due_on(),
            };
            case.reverse_payment(by, &rules(), now(), reversed)
        },
    },
    Row {
        name: "submit_opinion",
        operation: Some(Operation::SubmitOpinion),
        who: &[Responsible],
        leads: &[(S::Writing, S::InReview)],
        refused: &[],
        run: |case, by| case.submit_opinion(by, &rules(), now(), &submission()),
    },
    Row {
        name: "return_opinion",
        operation: Some(Operation::ReturnOpinion),
        who: &[Department],
        leads: &[(S::InReview, S::Writing)],
        refused: &[],
        run: |case, by| case.return_opinion(by, &rules(), now()),
    },
    Row {
        name: "deliver_opinion",
        operation: Some(Operation::DeliverOpinion),
        who: &[Department],
        leads: &[(S::InReview, S::Delivered)],
        refused: &[],
        run: |case, by| case.deliver_opinion(by, &rules(), now(), Signed { by: by.user, has_reader: true }),
    },
    Row {
        name: "close",
        operation: Some(Operation::CloseCase),
        who: &[Desk],
        leads: &[(S::Delivered, S::Closed)],
        refused: &[(S::Consulted, "nothing_invoiced")],
        run: |case, by| case.close(by, &rules(), now(), true, true, true),
    },
    Row {
        name: "record_death",
        operation: Some(Operation::RecordPatientDeath),
        who: &[Desk],
        leads: &[
            (S::Scheduled, S::Cancelled),
            (S::Consulted, S::Consulted),
            (S::Draft, S::Cancelled),
            (S::Submitted, S::Cancelled),
            (S::InformationRequested, S::Cancelled),
            (S::InTriage, S::Cancelled),
            (S::Accepted, S::Cancelled),
            (S::AwaitingPayment, S::Cancelled),
            (S::Writing, S::Cancelled),
            (S::InReview, S::Cancelled),
            (S::Delivered, S::Delivered),
            (S::Closed, S::Closed),
            (S::Declined, S::Declined),
            (S::Cancelled, S::Cancelled),
            (S::Expired, S::Expired),
        ],
        refused: &[],
        run: |case, by| {
            let death = Death { on: None, told_by: text("the son"), recorded_at: now(), recorded_by: by.user };
            case.record_death(by, &rules(), now(), death, crate::money::Yen::ZERO)
        },
    },
    Row {
        name: "withdraw_death",
        operation: None,
        who: &[Desk],
        leads: ALL_STAY,
        refused: &[],
        run: |mut case, by| {
            case.death = Some(Death { on: None, told_by: text("the son"), recorded_at: now(), recorded_by: by.user });
            case.withdraw_death(by, &rules(), now())
        },
    },
    Row {
        name: "cancel",
        operation: Some(Operation::CancelCase),
        who: &[Applicant, Agency, Patient, Desk],
        leads: &[
            (S::Scheduled, S::Cancelled),
            (S::Draft, S::Cancelled),
            (S::Submitted, S::Cancelled),
            (S::InformationRequested, S::Cancelled),
            (S::InTriage, S::Cancelled),
            (S::Accepted, S::Cancelled),
            (S::AwaitingPayment, S::Cancelled),
            (S::Writing, S::Cancelled),
            (S::InReview, S::Cancelled),
        ],
        refused: &[],
        run: |case, by| case.cancel(by, &rules(), now(), CancelReason::Withdrawn, None, CancelledMoney::UNPAID),
    },
];

/// Transitions that only the written opinion has.
pub(super) const WRITTEN: &[Row] = &[
    Row {
        name: "reopen",
        operation: Some(Operation::ReopenCase),
        who: &[Desk],
        leads: &[(S::Closed, S::Delivered), (S::Declined, S::InTriage), (S::Cancelled, S::Draft), (S::Expired, S::Draft)],
        refused: &[],
        run: |case, by| case.reopen(by, &rules(), now(), InvoiceAtReopening::NONE),
    },
    Row {
        name: "issue_invoice",
        operation: Some(Operation::IssueInvoice),
        who: &[Desk, Billing],
        leads: &[(S::Accepted, S::AwaitingPayment)],
        refused: &[],
        run: |case, by| {
            let ready = if case.stage().name() == S::Accepted { quoted(case) } else { case };
            ready.issue_invoice(by, &rules(), now(), invoice(), due_on())
        },
    },
    Row {
        name: "record_opinion_sent",
        operation: Some(Operation::RecordOpinionSent),
        who: &[Desk],
        leads: &[(S::Delivered, S::Delivered), (S::Closed, S::Closed)],
        refused: &[],
        run: |case, by| {
            let to = "Jane Example".parse().unwrap();
            let sent = OpinionSent { to, on: due_on(), carrier: text("EMS"), tracking: None, recorded_at: now(), recorded_by: by.user };
            case.record_opinion_sent(by, &rules(), now(), sent)
        },
    },
    Row {
        name: "credit_invoice",
        operation: None,
        who: &[Billing],
        leads: &[
            (S::AwaitingPayment, S::AwaitingPayment),
            (S::Writing, S::Writing),
            (S::InReview, S::InReview),
            (S::Delivered, S::Delivered),
            (S::Closed, S::Closed),
        ],
        refused: &[],
        run: |case, by| {
            let (invoice, refund) = (invoice(), crate::money::Yen::ZERO);
            let credited = Credited {
                invoice,
                note: id(90),
                is_settled: false,
                is_credited_whole: false,
                refund,
                supplement: supplement(false),
                charged: ReExamination::NONE,
            };
            case.credit_invoice(by, &rules(), now(), credited)
        },
    },
    Row {
        name: "reissue_invoice",
        operation: None,
        who: &[Billing],
        leads: &[
            (S::AwaitingPayment, S::AwaitingPayment),
            (S::Writing, S::Writing),
            (S::InReview, S::InReview),
            (S::Delivered, S::Delivered),
            (S::Closed, S::Closed),
        ],
        refused: &[],
        run: |case, by| case.reissue_invoice(by, &rules(), now(), invoice(), id(91)),
    },
    Row {
        name: "add_opinion_addendum",
        operation: Some(Operation::AddOpinionAddendum),
        who: &[Department],
        leads: &[(S::Delivered, S::Delivered), (S::Closed, S::Closed)],
        refused: &[],
        run: |case, by| case.add_opinion_addendum(by, &rules(), now(), id(80)),
    },
];
