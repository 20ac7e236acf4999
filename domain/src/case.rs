//! A case: one application for a second opinion, from its draft to its end.
//!
//! A transition takes the case and returns the changed case with what happened, or a [`Refusal`]. The relation is checked first: a caller
//! without it gets [`Refusal::Absent`].

mod allowed;
mod audience;
mod clock;
mod end;
mod event;
mod hold;
mod people;
mod refusal;
mod reopen;
mod stage;
mod summary;
mod view;

pub use end::CancelledMoney;
pub use event::{Event, EventKind};
pub use refusal::{Fact, Refusal};
pub use reopen::InvoiceAtReopening;
pub use stage::{CancelReason, CaseStage, Ending, Intake, PaidWork, Stage, Visit, VisitKind, Written};
pub use summary::CaseSummary;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::access::{CaseAccess, Operation};
use crate::appointments::Visiting;
use crate::calendar::today_in_tokyo;
use crate::change_of_kind::KindProposal;
use crate::consents::Consent;
use crate::ids::{AgencyId, CaseId, DepartmentId, EstimateId, InvoiceId, UserId};
use crate::intake::Application;
use crate::intake::items::{ItemCode, ItemRecord};
use crate::intake::requests::OpenRequest;
use crate::invariant::InvariantViolation;
use crate::pathology::ReExaminationRecord;
use crate::people::{LongText, ShortText};
use crate::settings::HospitalSettings;
use crate::uninformed::UninformedRecord;
use crate::visitors::FormerRepresentative;
use crate::wire::wire_enum;

/// What the rules of a case read beside the case.
#[derive(Debug)]
pub struct Rules<'a> {
    /// The settings in force.
    pub settings: &'a HospitalSettings,
    /// Today, in Tokyo.
    pub today: Date,
}

impl<'a> Rules<'a> {
    /// The rules of these settings at an instant.
    pub fn at(settings: &'a HospitalSettings, now: Timestamp) -> Self {
        Self { settings, today: today_in_tokyo(now) }
    }
}

wire_enum! {
    /// By which way a case reached the hospital.
    CaseRoute {
        /// An applicant opened it.
        Applicant = "applicant",
        /// An agency refers the patient.
        Agency = "agency",
        /// The desk wrote down a paper application.
        Desk = "desk",
    }
}

wire_enum! {
    /// Who does the next step.
    WaitingOn grows {
        /// The applicant, or the agency.
        Applicant = "applicant",
        /// International Services.
        Desk = "desk",
        /// The chief or the director.
        Department = "department",
        /// The physician assigned.
        Physician = "physician",
        /// Billing.
        Accountant = "accountant",
        /// The pathology desk.
        Pathology = "pathology",
        /// Nobody: it is over, or on its way.
        Nobody = "nobody",
    }
}

wire_enum! {
    /// Why the clocks stand still.
    HoldReason grows {
        /// Information was asked for after acceptance.
        Information = "information",
        /// Slides or their report are outstanding.
        Slides = "slides",
        /// The applicant asked for it.
        Applicant = "applicant",
        /// The department asked for it.
        Department = "department",
        /// Anything else.
        Other = "other",
    }
}

/// A hold: since when, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Why.
    pub reason: HoldReason,
    /// In words, for the hospital's people.
    pub text: Option<ShortText>,
    /// Since when.
    pub since: Timestamp,
}

/// The newest estimate of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseEstimate {
    /// The estimate.
    pub id: EstimateId,
    /// The instant from which it cannot be accepted any longer. A hold moves it.
    pub valid_until: Timestamp,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// Whether a visit is paid in advance by it.
    #[serde(default)]
    pub is_prepaid: bool,
}

/// A case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    pub(crate) id: CaseId,
    pub(crate) number: String,
    pub(crate) route: CaseRoute,
    pub(crate) opened_by: UserId,
    pub(crate) opened_at: Timestamp,
    pub(crate) agency: Option<AgencyId>,
    pub(crate) department: Option<DepartmentId>,
    pub(crate) responsible: Option<UserId>,
    pub(crate) application: Application,
    pub(crate) items: BTreeMap<ItemCode, ItemRecord>,
    pub(crate) open_requests: Vec<OpenRequest>,
    /// Whether information was ever asked for.
    pub(crate) ever_asked: bool,
    pub(crate) estimate: Option<CaseEstimate>,
    pub(crate) hold: Option<Hold>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) submitted_at: Option<Timestamp>,
    pub(crate) accepted_at: Option<Timestamp>,
    pub(crate) overdue_noted_at: Option<Timestamp>,
    pub(crate) was_ever_uninformed: bool,
    /// What the hospital decided about the claim that the patient does not know.
    #[serde(default)]
    pub(crate) uninformed: UninformedRecord,
    /// The patient's death, once the desk has recorded it.
    #[serde(default)]
    pub(crate) death: Option<Death>,
    /// The times that the opinion was sent by post, in order.
    #[serde(default)]
    pub(crate) sent: Vec<OpinionSent>,
    /// The register of consents, in the order of their registration.
    #[serde(default)]
    pub(crate) consents: Vec<Consent>,
    /// Those who do not visit any longer.
    #[serde(default)]
    pub(crate) former_representatives: Vec<FormerRepresentative>,
    /// The visit: its appointments, what took place, and what of it is invoiced.
    #[serde(default)]
    pub(crate) visiting: Visiting,
    /// Another service that the desk proposes.
    #[serde(default)]
    pub(crate) kind_proposal: Option<KindProposal>,
    /// The main invoice of a written opinion while the case is reviewed again by another department.
    #[serde(default)]
    pub(crate) kept_invoice: Option<InvoiceId>,
    /// The earlier case of the same patient that this one goes on from.
    #[serde(default)]
    pub(crate) follows: Option<CaseId>,
    /// What is noted about the re-examination of slides.
    #[serde(default)]
    pub(crate) re_examination: ReExaminationRecord,
    pub(crate) stage: Stage,
}

/// The patient's death, as it was told to the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Death {
    /// The day, if it is known.
    pub on: Option<Date>,
    /// Who told it.
    pub told_by: ShortText,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// By whom.
    pub recorded_by: UserId,
}

/// An opinion that was sent by post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpinionSent {
    /// To whom, name and address.
    pub to: LongText,
    /// The day, in Tokyo.
    pub on: Date,
    /// The carrier.
    pub carrier: ShortText,
    /// The carrier's number, by which the parcel is found.
    pub tracking: Option<ShortText>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// By whom.
    pub recorded_by: UserId,
}

/// A changed case, and what happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The case as it is now.
    pub case: Case,
    /// The events, in order.
    pub events: Vec<Event>,
}

impl Case {
    /// Whether it is a draft into which nobody has entered anything.
    pub fn is_empty_draft(&self) -> bool {
        matches!(self.stage, Stage::Intake { step: Intake::Draft, .. }) && self.application == Application::default()
    }

    /// Checks a stored case. It is called after every read.
    pub fn restore(self) -> Result<Self, InvariantViolation> {
        let hold = |holds: bool, what: &'static str| if holds { Ok(()) } else { Err(InvariantViolation(what)) };
        let stage = self.stage.name();
        let accepted = matches!(self.stage, Stage::Visit { .. } | Stage::Written { .. });
        hold(!accepted || self.accepted_at.is_some(), "accepted without a date of acceptance")?;
        hold(!accepted || (self.department.is_some() && self.responsible.is_some()), "accepted without a department or a physician")?;
        hold(stage == CaseStage::Draft || stage.is_ended() || self.submitted_at.is_some(), "submitted without a date")?;
        hold(stage != CaseStage::InTriage || self.department.is_some(), "in triage without a department")?;
        hold(!stage.is_ended() || (self.hold.is_none() && self.expires_at.is_none()), "ended with a clock that runs")?;
        hold(self.stage.work().is_none() || self.accepted_estimate().is_some(), "paid without an accepted estimate")?;
        hold(stage != CaseStage::Scheduled || self.booked().is_some_and(|one| one.time.is_some()), "scheduled without an appointment")?;
        hold(stage != CaseStage::Consulted || self.consultation().is_some(), "consulted without a consultation")?;
        hold(self.hold.is_none() || stage::HOLDABLE.contains(&stage), "a hold where no clock runs")?;
        if let Stage::Ended { kind, from, before, .. } = &self.stage {
            hold(before.name() == *from && before.kind() == *kind && !from.is_ended(), "an end that does not fit what was before")?;
        }
        hold(!self.application.patient_uninformed || self.was_ever_uninformed, "uninformed without a mark of it")?;
        Ok(self)
    }

    /// The case, without events.
    pub fn unchanged(self) -> Change {
        Change { case: self, events: Vec::new() }
    }

    /// The case as it is now, and what happened.
    pub(crate) fn with_event(self, kind: EventKind) -> Change {
        let audience = self.audience_of(&kind);
        Change { case: self, events: vec![Event { kind, audience }] }
    }

    /// Checks the relation of the caller, then the stage. Callers check the hold after it.
    pub(crate) fn guard(&self, by: &CaseAccess, operation: Operation, stages: &'static [CaseStage]) -> Result<(), Refusal> {
        self.authorize(by, operation)?;
        self.at(stages)
    }

    #[expect(clippy::unused_self, reason = "a question to the case, like the others")]
    pub(crate) fn authorize(&self, by: &CaseAccess, operation: Operation) -> Result<(), Refusal> {
        if operation.is_within(by.relations) { Ok(()) } else { Err(Refusal::Absent) }
    }

    pub(crate) fn at(&self, stages: &'static [CaseStage]) -> Result<(), Refusal> {
        let is = self.stage.name();
        if stages.contains(&is) { Ok(()) } else { Err(Refusal::WrongStage { is, needs: stages }) }
    }

    pub(crate) fn not_held(&self) -> Result<(), Refusal> {
        if self.hold.is_some() { Err(Refusal::OnHold) } else { Ok(()) }
    }
}

impl Change {
    /// One more thing that happened.
    #[must_use]
    pub(crate) fn with_event(mut self, kind: EventKind) -> Self {
        let audience = self.case.audience_of(&kind);
        self.events.push(Event { kind, audience });
        self
    }
}

#[cfg(test)]
mod tests;
