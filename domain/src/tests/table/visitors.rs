//! Those who visit for the patient, and consents.

use crate::case::CaseStage as S;
use crate::intake::RepresentativeForm;
use crate::uninformed::PatientsSide;
use Relation::{Agency, Applicant, Department, Desk, Patient, Responsible};

use super::*;

/// Where the desk says who visits; others only before the review.
const NAMED: &[(S, S)] = &[
    (S::Scheduled, S::Scheduled),
    (S::Draft, S::Draft),
    (S::Submitted, S::Submitted),
    (S::InformationRequested, S::InformationRequested),
    (S::InTriage, S::InTriage),
    (S::Accepted, S::Accepted),
];
/// Where the data of those who visit are corrected.
const CORRECTED: &[(S, S)] = &[
    (S::Draft, S::Draft),
    (S::Submitted, S::Submitted),
    (S::InformationRequested, S::InformationRequested),
    (S::InTriage, S::InTriage),
    (S::Accepted, S::Accepted),
    (S::Scheduled, S::Scheduled),
    (S::Consulted, S::Consulted),
];
const EVERYWHERE: &[(S, S)] = &[
    (S::Scheduled, S::Scheduled),
    (S::Consulted, S::Consulted),
    (S::Closed, S::Closed),
    (S::Draft, S::Draft),
    (S::Submitted, S::Submitted),
    (S::InformationRequested, S::InformationRequested),
    (S::InTriage, S::InTriage),
    (S::Accepted, S::Accepted),
    (S::Declined, S::Declined),
    (S::Cancelled, S::Cancelled),
    (S::Expired, S::Expired),
];

fn kim() -> RepresentativeForm {
    serde_json::from_str(r#"{"name":{"alphabetic":"Kim Lee"},"relation":"colleague"}"#).unwrap()
}

/// The rows.
pub(super) const ROWS: &[Row] = &[
    Row {
        name: "add_representative",
        operation: Some(Operation::AddRepresentative),
        who: &[Desk, Applicant, Agency],
        leads: NAMED,
        refused: &[(S::Consulted, "visit_is_over")],
        run: |case, by| case.add_representative(by, &rules(), now(), kim().named(id(60))),
    },
    Row {
        name: "update_representative",
        operation: Some(Operation::UpdateRepresentative),
        who: &[Desk, Applicant, Agency],
        leads: CORRECTED,
        refused: &[],
        run: |case, by| {
            let phone = serde_json::from_str(r#"{"phone":"+6531632008"}"#).unwrap();
            case.update_representative(by, &rules(), now(), id(53), phone)
        },
    },
    Row {
        name: "end_representative",
        operation: Some(Operation::EndRepresentative),
        who: &[Desk, Applicant, Agency],
        leads: &[(S::Draft, S::Draft)],
        refused: &[
            (S::Scheduled, "last_representative"),
            (S::Consulted, "visit_is_over"),
            (S::Submitted, "last_representative"),
            (S::InformationRequested, "last_representative"),
            (S::InTriage, "last_representative"),
            (S::Accepted, "last_representative"),
        ],
        run: |case, by| case.end_representative(by, &rules(), now(), id(53)),
    },
    Row {
        name: "register_consent",
        operation: Some(Operation::RegisterConsent),
        who: &[Desk, Applicant, Agency],
        leads: EVERYWHERE,
        refused: &[],
        run: |case, by| {
            let copy =
                ConsentPaper { document: Some(id(3)), on_paper: false, ..paper(ConsentKind::RepresentativeConsultation, vec![id(53)]) };
            case.register_consent(by, &rules(), now(), id(50), copy)
        },
    },
    Row {
        name: "claim_uninformed",
        operation: Some(Operation::ClaimPatientUninformed),
        who: &[Desk, Applicant, Agency],
        leads: NAMED,
        refused: &[],
        run: |case, by| case.claim_uninformed(by, &rules(), PatientsSide::default(), None),
    },
    Row {
        name: "attest_uninformed",
        operation: Some(Operation::AttestPatientUninformed),
        who: &[Department],
        leads: &[],
        refused: &[(S::Scheduled, "not_uninformed"), (S::InTriage, "not_uninformed"), (S::Accepted, "not_uninformed")],
        run: |case, by| case.attest_uninformed(by, &rules(), now(), true, None),
    },
    Row {
        name: "end_uninformed",
        operation: Some(Operation::EndPatientUninformed),
        who: &[Desk, Responsible, Department],
        leads: &[],
        refused: &[
            (S::Scheduled, "not_uninformed"),
            (S::Consulted, "not_uninformed"),
            (S::Closed, "not_uninformed"),
            (S::Draft, "not_uninformed"),
            (S::Submitted, "not_uninformed"),
            (S::InformationRequested, "not_uninformed"),
            (S::InTriage, "not_uninformed"),
            (S::Accepted, "not_uninformed"),
            (S::Declined, "not_uninformed"),
            (S::Cancelled, "not_uninformed"),
            (S::Expired, "not_uninformed"),
        ],
        run: |case, by| case.end_uninformed(by, &rules(), now(), Some(text("Dr. Sato"))),
    },
    Row {
        name: "verify_consent",
        operation: None,
        who: &[Desk],
        leads: EVERYWHERE,
        refused: &[],
        run: |case, by| {
            let registered = consented(case, ConsentKind::RepresentativeConsultation, vec![id(53)]);
            registered.verify_consent(by, &rules(), now(), id(50), ConsentFinding::Verified, DatesRead::default())
        },
    },
    Row {
        name: "withdraw_consent",
        operation: None,
        who: &[Desk, Applicant, Agency, Patient],
        leads: EVERYWHERE,
        refused: &[],
        run: |case, by| {
            let registered = consented(case, ConsentKind::RepresentativeConsultation, vec![id(53)]);
            registered.withdraw_consent(by, &rules(), now(), id(50), None)
        },
    },
];
