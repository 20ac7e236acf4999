//! The re-examination of slides.

use crate::case::CaseStage as S;
use crate::pathology::{Findings, Proposal, ReExaminationChange, SlideCount};
use Relation::{Department, Desk, Pathology, Responsible};

use super::*;

const OPEN: &[(S, S)] = &[
    (S::Scheduled, S::Scheduled),
    (S::Consulted, S::Consulted),
    (S::InTriage, S::InTriage),
    (S::Accepted, S::Accepted),
    (S::AwaitingPayment, S::AwaitingPayment),
    (S::Writing, S::Writing),
    (S::InReview, S::InReview),
];

const TWO: ReExamination = ReExamination { biopsy_slides: 2, resected_specimens: 0 };

/// The rows. A change of slides never changes the stage.
pub(super) const ROWS: &[Row] = &[
    Row {
        name: "propose_re_examination",
        operation: Some(Operation::ProposeReExamination),
        who: &[Responsible, Department],
        leads: OPEN,
        refused: &[],
        run: |case, by| case.propose_re_examination(by, &rules(), now(), Proposal { slides: TWO, is_awaited: true }),
    },
    Row {
        name: "change_re_examination",
        operation: Some(Operation::ChangeReExamination),
        who: &[Desk],
        leads: OPEN,
        refused: &[],
        run: |case, by| {
            let change = ReExaminationChange { slides: TWO, is_awaited: None, charged: ReExamination::NONE };
            case.change_re_examination(by, &rules(), now(), change)
        },
    },
    Row {
        name: "confirm_slides",
        operation: Some(Operation::ConfirmSlides),
        who: &[Pathology],
        leads: OPEN,
        refused: &[],
        run: |case, by| case.confirm_slides(by, &rules(), now(), SlideCount { slides: TWO, note: None, by: by.user, at: now() }),
    },
    Row {
        name: "record_findings",
        operation: Some(Operation::RecordFindings),
        who: &[Pathology],
        // Findings are of paid work; the slides of a visit come when it is scheduled.
        leads: &[],
        refused: &[
            (S::Scheduled, "no_re_examination"),
            (S::Consulted, "no_re_examination"),
            (S::Writing, "no_re_examination"),
            (S::InReview, "no_re_examination"),
        ],
        run: |case, by| {
            let findings = Findings { text: text("No tumour."), correction: None, by: by.user, at: now() };
            case.record_findings(by, &rules(), now(), findings, true)
        },
    },
    Row {
        name: "record_findings of slides that are here",
        operation: None,
        who: &[Pathology],
        leads: &[(S::Scheduled, S::Scheduled), (S::Consulted, S::Consulted), (S::Writing, S::Writing), (S::InReview, S::InReview)],
        refused: &[],
        run: |mut case, by| {
            case.application.re_examination = Some(TWO);
            for item in [ItemCode::PathologySlides, ItemCode::PathologyReport] {
                let verified = crate::intake::items::ItemState::Verified;
                let record = crate::intake::items::ItemRecord { state: verified, reason: None, by: by.user, at: now() };
                case.items.insert(item, record);
            }
            let findings = Findings { text: text("No tumour."), correction: None, by: by.user, at: now() };
            case.record_findings(by, &rules(), now(), findings, true)
        },
    },
];
