//! The line of a case in lists.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Case, CaseStage, HoldReason, WaitingOn};
use crate::access::CaseFacts;
use crate::ids::{AgencyId, CaseId, DepartmentId, UserId};
use crate::service::ServiceKind;

/// The line of a case in lists, with the facts that relate a caller to the case. It is derived from the case and stored beside it, so that
/// no list opens whole cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseSummary {
    /// The case.
    pub id: CaseId,
    /// The number that people say, `2026-000123`.
    pub number: String,
    /// The service.
    pub kind: ServiceKind,
    /// Where it stands.
    pub stage: CaseStage,
    /// Who does the next step.
    pub waiting_on: WaitingOn,
    /// Why the clocks stand still, if they do.
    pub hold_reason: Option<HoldReason>,
    /// The patient's name as it is shown. Only for those who see contacts.
    pub patient_name: Option<String>,
    /// The agency that refers.
    pub agency: Option<AgencyId>,
    /// The department.
    pub department: Option<DepartmentId>,
    /// The physician assigned.
    pub responsible: Option<UserId>,
    /// The physicians of its visit.
    #[serde(default)]
    pub receiving: Vec<UserId>,
    /// Whether it was accepted, now or before.
    pub accepted: bool,
    /// Whether a re-examination of slides is asked for.
    pub slides_requested: bool,
    /// Whether the patient does not know yet.
    pub patient_uninformed: bool,
    /// The last day on which the opinion is due, in Tokyo.
    pub due_to_on: Option<Date>,
    /// When the opinion is late; only while it is being written or reviewed.
    pub due_at: Option<Timestamp>,
    /// When the case expires if nobody does anything.
    pub expires_at: Option<Timestamp>,
    /// When the visit takes place, or took place.
    #[serde(default)]
    pub visit_at: Option<Timestamp>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was first submitted.
    pub submitted_at: Option<Timestamp>,
}

impl CaseSummary {
    /// The facts that decide about relations to the case, without the caller's own part.
    pub const fn facts(&self) -> CaseFacts {
        CaseFacts {
            member: None,
            agency: self.agency,
            responsible: self.responsible,
            receiving: false,
            department: self.department,
            accepted: self.accepted,
            slides_requested: self.slides_requested,
            patient_uninformed: self.patient_uninformed,
        }
    }

    /// Whether the opinion is late. Nothing is late while the clocks stand still.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.hold_reason.is_none() && self.due_at.is_some_and(|due| due < now)
    }
}

impl Case {
    /// Its line in lists.
    pub fn summary(&self) -> CaseSummary {
        let facts = self.facts();
        CaseSummary {
            id: self.id,
            number: self.number.clone(),
            kind: self.kind(),
            stage: self.stage.name(),
            waiting_on: self.waiting_on(),
            hold_reason: self.hold.as_ref().map(|hold| hold.reason),
            patient_name: self.application.patient.name.as_ref().map(|name| name.shown().to_owned()),
            agency: facts.agency,
            department: facts.department,
            responsible: facts.responsible,
            receiving: self.receiving(),
            accepted: facts.accepted,
            slides_requested: facts.slides_requested,
            patient_uninformed: facts.patient_uninformed,
            due_to_on: self.stage.work().and_then(|work| work.due).map(|due| due.to_on),
            due_at: self.due_at(),
            expires_at: self.expires_at,
            visit_at: self.visit_at(),
            opened_at: self.opened_at,
            submitted_at: self.submitted_at,
        }
    }
}
