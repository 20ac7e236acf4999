//! Appointments, the visit, and its invoice.

use crate::appointments::{AppointmentWishes, ChangeReason, ChangedBy, Choice, NotAttended, Notice};
use crate::billing::Credited;
use crate::case::CaseStage as S;
use crate::case::InvoiceAtReopening;
use crate::money::Yen;
use crate::visit::{ExtensionPayer, TreatmentDecision};
use Relation::{Agency, Applicant, Billing, Desk, Patient, Receiving, Representative, Responsible};

use super::*;

/// Those whose visit it is, and the desk.
const OWN: &[Relation] = &[Desk, Applicant, Agency, Patient];
const ARRANGED: &[(S, S)] = &[(S::Accepted, S::Accepted), (S::Scheduled, S::Scheduled)];
const STAYS_WHERE_CREDITED: &[(S, S)] =
    &[(S::Accepted, S::Accepted), (S::Scheduled, S::Scheduled), (S::Consulted, S::Consulted), (S::Closed, S::Closed)];

const NOTHING_IS_WISHED: &[(S, &str)] = &[
    (S::Draft, "no_treatment_request"),
    (S::Submitted, "no_treatment_request"),
    (S::InformationRequested, "no_treatment_request"),
    (S::InTriage, "no_treatment_request"),
    (S::Accepted, "no_treatment_request"),
    (S::Scheduled, "no_treatment_request"),
    (S::Consulted, "no_treatment_request"),
    (S::Closed, "no_treatment_request"),
    (S::Declined, "no_treatment_request"),
    (S::Cancelled, "no_treatment_request"),
    (S::Expired, "no_treatment_request"),
];

fn notice(by: ChangedBy) -> Notice {
    let notified_on = rules().today;
    Notice { by, reason: ChangeReason::Other, text: Some(text("By telephone.")), notified_on }
}

fn wishes(by: &CaseAccess) -> AppointmentWishes {
    let days = vec![rules().today];
    AppointmentWishes { days, from_on: None, until_on: None, interpreter: None, needs: None, by: by.user, at: now() }
}

/// The rows.
pub(super) const ROWS: &[Row] = &[
    Row {
        name: "propose_wishes",
        operation: Some(Operation::ProposeAppointmentWishes),
        who: OWN,
        leads: ARRANGED,
        refused: &[],
        run: |case, by| case.propose_wishes(by, &rules(), now(), wishes(by)),
    },
    Row {
        name: "offer_appointment",
        operation: Some(Operation::OfferAppointment),
        who: &[Desk],
        leads: ARRANGED,
        refused: &[],
        run: |case, by| {
            let moves = case.booked().map(|_| notice(ChangedBy::Hospital));
            case.offer_appointment(by, &rules(), now(), id(71), vec![visit_time(5)], (None, moves))
        },
    },
    Row {
        name: "withdraw_offer",
        operation: Some(Operation::WithdrawAppointmentOffer),
        who: &[Desk],
        leads: &[],
        refused: &[(S::Accepted, "no_offer"), (S::Scheduled, "no_offer")],
        run: |case, by| case.withdraw_offer(by, &rules(), now(), id(71)),
    },
    Row {
        name: "accept_offer",
        operation: Some(Operation::AcceptAppointmentOffer),
        who: OWN,
        leads: &[],
        refused: &[(S::Accepted, "no_offer"), (S::Scheduled, "no_offer")],
        run: |case, by| {
            let choice = Choice { offer: id(71), place: 0, interpreter: InterpreterFrom::NotNeeded, needs: None };
            case.accept_offer(by, &rules(), now(), choice, ON_THE_DAY)
        },
    },
    Row {
        name: "book",
        operation: Some(Operation::BookAppointment),
        who: &[Desk],
        leads: &[],
        refused: &[(S::Accepted, "estimate_not_accepted"), (S::Scheduled, "appointment_open")],
        run: |case, by| case.book(by, &rules(), now(), (id(71), None), (visit_time(4), InterpreterFrom::NotNeeded), ON_THE_DAY),
    },
    Row {
        name: "reschedule",
        operation: Some(Operation::RescheduleAppointment),
        who: &[Desk],
        leads: &[(S::Scheduled, S::Scheduled)],
        refused: &[],
        run: |case, by| case.reschedule(by, &rules(), now(), id(70), visit_time(5), notice(ChangedBy::Hospital)),
    },
    Row {
        name: "substitute_physician",
        operation: Some(Operation::SubstitutePhysician),
        who: DESK_DEPARTMENT,
        leads: &[(S::Scheduled, S::Scheduled)],
        refused: &[],
        run: |case, by| {
            let time = VisitTime { physician: id(90), ..visit_time(3) };
            case.substitute_physician(by, &rules(), now(), id(70), time, None)
        },
    },
    Row {
        name: "cancel_appointment",
        operation: Some(Operation::CancelAppointment),
        who: &[Desk],
        leads: &[(S::Scheduled, S::Accepted)],
        refused: &[(S::Accepted, "no_appointment")],
        run: |case, by| case.cancel_appointment(by, &rules(), now(), id(70), notice(ChangedBy::Hospital), Yen::ZERO),
    },
    Row {
        name: "mark_not_attended",
        operation: Some(Operation::MarkNotAttended),
        who: &[Desk],
        leads: &[],
        refused: &[(S::Scheduled, "too_early")],
        run: |case, by| {
            let how = NotAttended { attempts: Vec::new(), ends: true, refund: Yen::ZERO };
            case.mark_not_attended(by, &rules(), now(), id(70), how)
        },
    },
    Row {
        name: "record_arrival",
        operation: Some(Operation::RecordArrival),
        who: &[Desk],
        leads: &[(S::Scheduled, S::Scheduled)],
        refused: &[],
        run: |case, by| {
            let people = vec![visitor(&case)];
            case.record_arrival(by, &rules(), now(), arrival(people, now()))
        },
    },
    Row {
        name: "agree_extension",
        operation: Some(Operation::AgreeExtension),
        who: &[Desk, Receiving, Responsible],
        leads: &[],
        refused: &[(S::Scheduled, "nobody_received")],
        run: |case, by| case.agree_extension(by, &rules(), now(), (ExtensionPayer::Payer, None), None),
    },
    Row {
        name: "record_consultation",
        operation: Some(Operation::RecordConsultation),
        who: &[Desk, Receiving, Responsible],
        leads: &[],
        refused: &[(S::Scheduled, "nobody_received")],
        run: |case, by| case.record_consultation(by, &rules(), now(), ConsultationEnd::Held(took_place(hours(-1)))),
    },
    Row {
        name: "correct_consultation",
        operation: Some(Operation::CorrectConsultation),
        who: &[Desk, Receiving, Responsible],
        leads: &[(S::Consulted, S::Consulted)],
        refused: &[],
        run: |case, by| case.correct_consultation(by, &rules(), now(), (Some(took_place(hours(-1))), text("A slip.")), true),
    },
    Row {
        name: "take the consultation back",
        operation: Some(Operation::CorrectConsultation),
        who: &[Desk, Receiving, Responsible],
        leads: &[(S::Consulted, S::Scheduled)],
        refused: &[],
        run: |case, by| case.correct_consultation(by, &rules(), now(), (None, text("Another patient's.")), false),
    },
    Row {
        name: "record_exam",
        operation: Some(Operation::RecordExamException),
        who: &[Receiving, Responsible],
        leads: &[(S::Consulted, S::Consulted)],
        refused: &[(S::Scheduled, "nobody_received")],
        run: |case, by| case.record_exam(by, &rules(), now(), text("An ultrasound."), text("Acute pain.")),
    },
    Row {
        name: "request_treatment",
        operation: Some(Operation::RequestTreatment),
        who: &[Desk, Applicant, Patient, Representative, Receiving, Responsible],
        leads: &[(S::Consulted, S::Consulted), (S::Closed, S::Closed)],
        refused: &[(S::Scheduled, "nobody_received")],
        run: |case, by| case.request_treatment(by, &rules(), now(), text("We wish treatment here.")),
    },
    Row {
        name: "answer_treatment_request",
        operation: Some(Operation::AnswerTreatmentRequest),
        who: DESK_DEPARTMENT,
        leads: &[],
        refused: NOTHING_IS_WISHED,
        run: |case, by| case.answer_treatment_request(by, &rules(), now(), (TreatmentDecision::Possible, text("Welcome.")), false),
    },
    Row {
        name: "lapse_appointment",
        operation: None,
        who: Relation::ALL,
        leads: &[],
        refused: &[
            (S::Draft, "not_due"),
            (S::Submitted, "not_due"),
            (S::InformationRequested, "not_due"),
            (S::InTriage, "not_due"),
            (S::Accepted, "not_due"),
            (S::Scheduled, "not_due"),
            (S::Consulted, "not_due"),
            (S::Closed, "not_due"),
            (S::Declined, "not_due"),
            (S::Cancelled, "not_due"),
            (S::Expired, "not_due"),
        ],
        run: |case, _| case.lapse_appointment(&rules(), now()),
    },
    Row {
        name: "invoice_visit",
        operation: Some(Operation::IssueInvoice),
        who: &[Desk, Billing],
        leads: &[(S::Consulted, S::Consulted)],
        refused: &[(S::Accepted, "estimate_not_accepted"), (S::Scheduled, "not_paid_in_advance")],
        run: |case, by| case.invoice_visit(by, invoice(), true, true),
    },
    Row {
        name: "credit_invoice",
        operation: None,
        who: &[Billing],
        leads: STAYS_WHERE_CREDITED,
        refused: &[],
        run: |case, by| {
            let credited = Credited {
                invoice: invoice(),
                note: id(72),
                is_settled: false,
                is_credited_whole: false,
                refund: Yen::ZERO,
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
        leads: STAYS_WHERE_CREDITED,
        refused: &[],
        run: |case, by| case.reissue_invoice(by, &rules(), now(), invoice(), id(73)),
    },
    Row {
        name: "reopen",
        operation: Some(Operation::ReopenCase),
        who: &[Desk],
        leads: &[(S::Closed, S::Consulted), (S::Declined, S::InTriage), (S::Cancelled, S::Draft), (S::Expired, S::Draft)],
        refused: &[],
        run: |case, by| case.reopen(by, &rules(), now(), InvoiceAtReopening::NONE),
    },
];
