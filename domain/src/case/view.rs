//! Questions that a case answers about itself.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Case, CaseEstimate, CaseRoute, CaseStage, Death, Hold, HoldReason, Intake, OpinionSent, Stage, Visit, WaitingOn, Written};
use crate::access::{CaseAccess, CaseFacts, Relation, Relations, Section};
use crate::appointments::DateTurn;
use crate::ids::{AgencyId, CaseId, DepartmentId, EstimateId, InvoiceId, OpinionId, UserId};
use crate::intake::Application;
use crate::intake::items::{ItemCode, ItemRecord, ItemState};
use crate::intake::requests::OpenRequest;
use crate::people::ShortText;
use crate::service::ServiceKind;

impl Case {
    /// The identifier.
    pub const fn id(&self) -> CaseId {
        self.id
    }

    /// The number that people say, `2026-000123`.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// By which way it reached the hospital.
    pub const fn route(&self) -> CaseRoute {
        self.route
    }

    /// Who opened it.
    pub const fn opened_by(&self) -> UserId {
        self.opened_by
    }

    /// When it was opened.
    pub const fn opened_at(&self) -> Timestamp {
        self.opened_at
    }

    /// The agency that refers.
    pub const fn agency(&self) -> Option<AgencyId> {
        self.agency
    }

    /// The department.
    pub const fn department(&self) -> Option<DepartmentId> {
        self.department
    }

    /// The physician assigned.
    pub const fn responsible(&self) -> Option<UserId> {
        self.responsible
    }

    /// The application form.
    pub const fn application(&self) -> &Application {
        &self.application
    }

    /// The stage with its data.
    pub const fn stage(&self) -> &Stage {
        &self.stage
    }

    /// The service.
    pub const fn kind(&self) -> ServiceKind {
        self.stage.kind()
    }

    /// The hold, if the clocks stand still.
    pub const fn hold_now(&self) -> Option<&Hold> {
        self.hold.as_ref()
    }

    /// When it expires if nobody does anything.
    pub const fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    /// When the opinion is late: the end of the last day of the due window.
    pub fn due_at(&self) -> Option<Timestamp> {
        if !matches!(self.stage.name(), CaseStage::Writing | CaseStage::InReview) {
            return None;
        }
        self.stage.work().and_then(|work| work.due).map(|due| crate::calendar::end_of_day(due.to_on))
    }

    /// When it was first submitted.
    pub const fn submitted_at(&self) -> Option<Timestamp> {
        self.submitted_at
    }

    /// When it was accepted.
    pub const fn accepted_at(&self) -> Option<Timestamp> {
        self.accepted_at
    }

    /// When it was found overdue.
    pub const fn overdue_noted_at(&self) -> Option<Timestamp> {
        self.overdue_noted_at
    }

    /// The newest estimate.
    pub const fn estimate(&self) -> Option<&CaseEstimate> {
        self.estimate.as_ref()
    }

    /// The accepted estimate.
    pub fn accepted_estimate(&self) -> Option<EstimateId> {
        self.estimate.filter(|estimate| estimate.accepted_at.is_some()).map(|estimate| estimate.id)
    }

    /// Whether the case waits for the payer to accept an estimate.
    pub fn awaits_acceptance(&self) -> bool {
        self.stage.name() == CaseStage::Accepted && self.estimate.is_some_and(|estimate| estimate.accepted_at.is_none())
    }

    /// The invoice of the accepted estimate.
    pub fn invoice(&self) -> Option<InvoiceId> {
        self.stage.invoice().or(self.visiting.invoice).or(self.kept_invoice)
    }

    /// The opinion, once it is delivered.
    pub fn delivered_opinion(&self) -> Option<OpinionId> {
        self.stage.delivered_opinion()
    }

    /// The application as somebody may see it: what family wrote while the patient did not know stays closed to the patient.
    pub fn application_for(&self, by: &CaseAccess) -> Application {
        if self.is_history_closed_to(by) {
            return Application { patient: self.application.patient.clone(), ..Application::default() };
        }
        self.application.clone()
    }

    /// Whether what the family handed in is closed to this reader: a patient who was told later never sees what was written before.
    pub fn is_history_closed_to(&self, by: &CaseAccess) -> bool {
        self.was_ever_uninformed && by.relations == Relations::of(&[Relation::Patient])
    }

    /// Since when the case is open to a reader to whom its history is closed; `None` for everybody else.
    pub fn opened_to(&self, by: &CaseAccess) -> Option<Timestamp> {
        let ended = self.uninformed.ended.as_ref().map_or(Timestamp::MAX, |end| end.at);
        self.is_history_closed_to(by).then_some(ended)
    }

    /// Whether somebody in these relations may read the delivered opinion: an agency only with the patient's consent (law), which may
    /// be withdrawn at any time.
    pub fn opinion_is_open_to(&self, by: &CaseAccess, today: Date) -> bool {
        let others = by.relations.iter().filter(|relation| *relation != Relation::Agency).fold(Relations::NONE, Relations::with);
        let disclosed = self.is_disclosed_to_agency(today);
        others.may_see(Section::DeliveredOpinion) || (disclosed && by.relations.may_see(Section::DeliveredOpinion))
    }

    /// The requests that wait for an answer.
    pub fn open_requests(&self) -> &[OpenRequest] {
        &self.open_requests
    }

    /// Whether the patient does not know, by the applicant's claim.
    pub const fn is_patient_uninformed(&self) -> bool {
        self.application.patient_uninformed
    }

    /// Whether the patient did not know at some time: what was written then stays closed to them.
    pub const fn was_ever_uninformed(&self) -> bool {
        self.was_ever_uninformed
    }

    /// Where an item stands.
    pub fn item_state(&self, item: ItemCode) -> ItemState {
        self.items.get(&item).map_or(ItemState::Missing, |record| record.state)
    }

    /// Why an item stands there.
    pub fn item_reason(&self, item: ItemCode) -> Option<&ShortText> {
        self.items.get(&item).and_then(|record| record.reason.as_ref())
    }

    /// The stored state of an item.
    pub fn item(&self, item: ItemCode) -> Option<&ItemRecord> {
        self.items.get(&item)
    }

    /// Whether an open request asks for the item.
    pub fn is_asked_for(&self, item: ItemCode) -> bool {
        self.open_requests.iter().any(|request| request.items.contains(&item))
    }

    /// The facts that decide about relations to it, without the caller's own part.
    pub fn facts(&self) -> CaseFacts {
        CaseFacts {
            member: None,
            agency: self.agency,
            responsible: self.responsible,
            receiving: false,
            department: self.department,
            accepted: self.accepted_at.is_some(),
            slides_requested: self.concerns_pathology(),
            patient_uninformed: self.is_patient_uninformed(),
        }
    }

    /// The physicians of its visit, from the booking until the case is closed.
    pub fn receiving(&self) -> Vec<UserId> {
        let is_open = !self.stage.name().is_ended();
        self.visit().filter(|_| is_open).and_then(|one| one.time.as_ref()).map(|time| time.physicians().collect()).unwrap_or_default()
    }

    /// When the visit takes place, or took place; none while no time is fixed.
    pub fn visit_at(&self) -> Option<Timestamp> {
        let is_fixed = matches!(self.stage, Stage::Visit { step: Visit::Scheduled { .. } | Visit::Consulted { .. }, .. });
        self.visit().filter(|_| is_fixed).and_then(|one| one.time.as_ref()).map(|time| time.starts_at)
    }

    /// Who does the next step.
    #[expect(clippy::match_same_arms, reason = "a table, in the order of a case's life")]
    pub fn waiting_on(&self) -> WaitingOn {
        if let Some(hold) = &self.hold {
            return match hold.reason {
                HoldReason::Information | HoldReason::Applicant => WaitingOn::Applicant,
                HoldReason::Slides if let Some(addition) = self.awaited_addition() => addition.waiting_on(),
                HoldReason::Slides if self.slides_are_on_their_way() => WaitingOn::Applicant,
                HoldReason::Slides if self.item_state(ItemCode::PathologySlides) == ItemState::Verified => WaitingOn::Desk,
                HoldReason::Slides => WaitingOn::Pathology,
                HoldReason::Department => WaitingOn::Department,
                HoldReason::Other => WaitingOn::Desk,
            };
        }
        if self.is_applicants_turn() {
            return WaitingOn::Applicant;
        }
        // What nobody else would look at comes first.
        if let Some(addition) = self.addition_to_estimate()
            && addition.waiting_on() != WaitingOn::Applicant
        {
            return addition.waiting_on();
        }
        if !self.re_examination.to_credit.is_none() && !self.stage.name().is_ended() {
            return WaitingOn::Accountant;
        }
        match &self.stage {
            Stage::Intake { step: Intake::Draft | Intake::InformationRequested, .. } => WaitingOn::Applicant,
            Stage::Intake { step: Intake::Submitted, .. } => WaitingOn::Desk,
            // The department does not stand behind the claim: the desk tells the family.
            Stage::Intake { step: Intake::InTriage, .. } if self.is_attestation_refused() => WaitingOn::Desk,
            Stage::Intake { step: Intake::InTriage, .. } => WaitingOn::Department,
            Stage::Visit { step: Visit::Accepted, .. } | Stage::Written { step: Written::Accepted } if self.estimate.is_none() => {
                WaitingOn::Desk
            }
            // The visit is to come: its day waits for nobody.
            Stage::Visit { step: Visit::Scheduled { .. }, .. } if self.awaits_treatment_answer() => WaitingOn::Department,
            Stage::Visit { step: Visit::Scheduled { .. }, .. } if self.open_offer().is_some() || self.kind_proposal.is_some() => {
                WaitingOn::Applicant
            }
            Stage::Visit { step: Visit::Scheduled { .. }, .. } if self.visiting.date_turn == DateTurn::Applicant => WaitingOn::Nobody,
            Stage::Visit { step: Visit::Scheduled { .. } | Visit::Accepted, .. } => WaitingOn::Desk,
            Stage::Visit { step: Visit::Consulted { .. }, .. } if !self.is_visit_invoiced() => WaitingOn::Accountant,
            Stage::Visit { step: Visit::Consulted { .. }, .. } if self.awaits_treatment_answer() => WaitingOn::Department,
            Stage::Visit { step: Visit::Consulted { .. }, .. } => WaitingOn::Desk,
            Stage::Written { step: Written::Accepted } => WaitingOn::Accountant,
            Stage::Written { step: Written::AwaitingPayment { .. } } => WaitingOn::Applicant,
            Stage::Written { step: Written::Writing { .. } } if self.has_surplus_slides() => WaitingOn::Desk,
            Stage::Written { step: Written::Writing { .. } } if self.lacks_findings() && self.slides_unverified().is_empty() => {
                WaitingOn::Pathology
            }
            Stage::Written { step: Written::Writing { .. } } => WaitingOn::Physician,
            Stage::Written { step: Written::InReview { .. } } => WaitingOn::Department,
            Stage::Written { step: Written::Delivered { .. } } => WaitingOn::Desk,
            Stage::Ended { .. } if self.awaits_treatment_answer() => WaitingOn::Department,
            Stage::Ended { .. } => WaitingOn::Nobody,
        }
    }

    /// Whether slides or their report are not handed in, or must be sent again.
    fn slides_are_on_their_way(&self) -> bool {
        let lacks = |item| matches!(self.item_state(item), ItemState::Missing | ItemState::Rejected);
        lacks(ItemCode::PathologySlides) || lacks(ItemCode::PathologyReport)
    }

    /// The patient's death, if it was recorded.
    pub const fn death(&self) -> Option<&Death> {
        self.death.as_ref()
    }

    /// The earlier case of the same patient that this one goes on from.
    pub const fn follows(&self) -> Option<CaseId> {
        self.follows
    }

    /// The times that the opinion was sent by post, in order.
    pub fn sent(&self) -> &[OpinionSent] {
        &self.sent
    }
}
