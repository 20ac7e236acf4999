//! Whose turn it is while a visit is arranged, and the clock that runs exactly while it is the applicant's (R31).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Appointment, AppointmentState, TakenHalfHour};
use crate::calendar::{days_after, end_of_day, today_in_tokyo};
use crate::case::{Case, CaseStage, Rules, Stage};

/// Who says the next days for a visit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateTurn {
    /// Those who visit: they choose a time, or say when they can come.
    #[default]
    Applicant,
    /// The hospital: it offers times.
    Hospital,
}

impl Case {
    /// The appointments, in the order of their making.
    pub fn appointments(&self) -> &[Appointment] {
        &self.visiting.appointments
    }

    /// Counts what became of its appointments: it only grows.
    pub fn appointment_changes(&self) -> usize {
        let each = |one: &Appointment| 1 + one.changes.len() + usize::from(one.end.is_some());
        self.visiting.appointments.iter().map(each).sum()
    }

    /// The appointment whose time is chosen, until the consultation.
    pub fn booked(&self) -> Option<&Appointment> {
        self.visiting.appointments.iter().rev().find(|one| one.is_booked())
    }

    /// The appointment of the visit: the one that is booked, or that was held.
    pub fn visit(&self) -> Option<&Appointment> {
        self.booked().or_else(|| self.visiting.appointments.iter().rev().find(|one| one.state == AppointmentState::Held))
    }

    pub(crate) fn booked_mut(&mut self) -> Option<&mut Appointment> {
        self.visiting.appointments.iter_mut().rev().find(|one| one.is_booked())
    }

    /// Every half hour that its appointments take, in order, each once.
    pub fn taken(&self) -> Vec<TakenHalfHour> {
        let each = |one: &Appointment| {
            one.held().into_iter().map(|half_hour| TakenHalfHour { half_hour, held_until: one.held_until }).collect::<Vec<_>>()
        };
        let mut taken: Vec<TakenHalfHour> = self.visiting.appointments.iter().flat_map(each).collect();
        // What stands comes before what is only offered beside it.
        taken.sort_unstable();
        taken.dedup_by_key(|one| one.half_hour);
        taken
    }

    /// The offer that waits for an answer.
    pub fn open_offer(&self) -> Option<&Appointment> {
        self.visiting.appointments.iter().rev().find(|one| one.state == AppointmentState::Offered)
    }

    pub(crate) fn open_offer_mut(&mut self) -> Option<&mut Appointment> {
        self.visiting.appointments.iter_mut().rev().find(|one| one.state == AppointmentState::Offered)
    }

    /// Whether the case is an accepted visit whose time is not fixed.
    pub(crate) fn arranges_a_visit(&self) -> bool {
        matches!(self.stage, Stage::Visit { .. }) && self.stage.name() == CaseStage::Accepted
    }

    /// Whether an accepted case waits for the applicant: for their word on the estimate, on another service, on a time, or on the days on which they can come.
    pub(crate) fn is_applicants_turn(&self) -> bool {
        self.awaits_acceptance()
            || self.has_open_kind_proposal()
            || (self.arranges_a_visit() && self.estimate.is_some() && self.visiting.date_turn == DateTurn::Applicant)
    }

    /// Whether an accepted case waits for the applicant's word on another service.
    fn has_open_kind_proposal(&self) -> bool {
        self.stage.name() == CaseStage::Accepted && self.kind_proposal.is_some()
    }

    /// It is somebody's turn now. Silence ends a case while it is the applicant's; what is reserved is kept until it is due, and the clock begins after it.
    pub(crate) fn turn_to(&mut self, turn: DateTurn, rules: &Rules<'_>, now: Timestamp) {
        self.visiting.date_turn = turn;
        self.run_applicants_clock(rules, now);
    }

    /// The clock of an accepted case runs exactly while it is the applicant's turn. An estimate that waits has a last day of its own. What is reserved is
    /// kept until it is due: until then no other clock runs.
    pub(crate) fn run_applicants_clock(&mut self, rules: &Rules<'_>, now: Timestamp) {
        if self.stage.name() != CaseStage::Accepted {
            return;
        }
        let waits = self.estimate.filter(|estimate| estimate.accepted_at.is_none());
        let runs = self.is_applicants_turn() && self.booked().is_none();
        let days = i64::from(rules.settings.review.accepted_expires_after_days);
        let from_now = runs.then(|| end_of_day(days_after(today_in_tokyo(now), days)));
        self.expires_at = waits.map(|estimate| estimate.valid_until).or(from_now);
    }
}
