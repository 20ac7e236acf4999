//! A time is booked: by a choice, or by the desk; and confirmed by its payment.

use jiff::Timestamp;

use super::{Appointment, AppointmentState, DateTurn, Interpreter, InterpreterFrom, VisitTime};
use crate::access::{CaseAccess, Operation};
use crate::calendar::{CalendarSettings, end_of_day};
use crate::case::{Case, CaseStage, Change, EventKind, Refusal, Rules, Stage, Visit};
use crate::ids::AppointmentId;
use crate::people::{LanguageTag, ShortText};
use jiff::civil::Date;

/// What the accepted estimate and the invoices say about a booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Booked {
    /// Half hours of the estimate.
    pub half_hours: u8,
    /// Whether it is paid in advance and not paid.
    pub must_be_paid: bool,
}

impl Case {
    pub(crate) fn may_book(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.may_arrange(by, Operation::BookAppointment, &[CaseStage::Accepted, CaseStage::Scheduled])?;
        self.not_held()?;
        self.has_agreed_price()?;
        if self.booked().is_some() { Err(Refusal::AppointmentOpen) } else { self.remembers_another() }
    }

    /// The desk books a time without an offer: on the telephone, or on the spot. An offer that waits is taken back by it.
    pub fn book(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        (id, room): (AppointmentId, Option<ShortText>),
        (time, interpreter): (VisitTime, InterpreterFrom),
        how: Booked,
    ) -> Result<Change, Refusal> {
        self.may_book(by)?;
        let interpreter = self.bookable_with(rules, interpreter)?;
        self.withdraw_open_offer(now);
        let new = self.new_appointment(id, by.user, now, room);
        self.visiting.appointments.push(new);
        self.take(id, rules, time, interpreter, how)
    }

    /// The interpreter of a time that is booked now: who interprets is said where somebody must.
    pub(super) fn bookable_with(&self, rules: &Rules<'_>, from: InterpreterFrom) -> Result<Interpreter, Refusal> {
        self.check_attested(rules)?;
        let language = self.application.language.clone().ok_or(Refusal::ConversationLanguageMissing)?;
        if from == InterpreterFrom::NotNeeded && !is_spoken_here(&language) {
            return Err(Refusal::InterpreterNotNamed);
        }
        Ok(Interpreter { from, language })
    }

    /// Takes a time for an appointment: confirmed, or reserved until it is paid.
    pub(super) fn take(
        mut self,
        id: AppointmentId,
        rules: &Rules<'_>,
        time: VisitTime,
        interpreter: Interpreter,
        how: Booked,
    ) -> Result<Change, Refusal> {
        if !how.must_be_paid {
            self.confirm(id, time, interpreter);
            return Ok(self.with_event(EventKind::AppointmentConfirmed { appointment: id }));
        }
        let last_day = last_day_to_pay(&rules.settings.calendar, time.day(), rules.settings.appointments.prepaid_due_working_days_before);
        if last_day < rules.today {
            return Err(Refusal::TooLateToPay);
        }
        if let Some(one) = self.visiting.appointments.iter_mut().find(|one| one.id == id) {
            (one.state, one.held_until) = (AppointmentState::Reserved, Some(end_of_day(last_day)));
            (one.time, one.interpreter) = (Some(time), Some(interpreter));
        }
        // What is reserved ends with its own last day: until then no other clock runs.
        self.visiting.date_turn = DateTurn::Applicant;
        self.expires_at = None;
        Ok(self.with_event(EventKind::AppointmentReserved { appointment: id }))
    }

    /// The appointment stands, and the case is scheduled.
    pub(super) fn confirm(&mut self, id: AppointmentId, time: VisitTime, interpreter: Interpreter) {
        if let Some(one) = self.visiting.appointments.iter_mut().find(|one| one.id == id) {
            (one.state, one.held_until) = (AppointmentState::Confirmed, None);
            (one.time, one.interpreter) = (Some(time), Some(interpreter));
        }
        self.schedule(id);
    }

    /// The visit is paid: what was reserved takes place (R30). A reservation that is over stays over.
    pub(crate) fn confirm_reserved(&mut self, now: Timestamp) -> Option<EventKind> {
        let is_reserved =
            |one: &&mut Appointment| one.state == AppointmentState::Reserved && one.held_until.is_some_and(|until| until > now);
        let one = self.visiting.appointments.iter_mut().rev().find(is_reserved)?;
        let id = one.id;
        (one.state, one.held_until) = (AppointmentState::Confirmed, None);
        self.schedule(id);
        Some(EventKind::AppointmentConfirmed { appointment: id })
    }

    fn schedule(&mut self, appointment: AppointmentId) {
        if let Stage::Visit { step, .. } = &mut self.stage {
            *step = Visit::Scheduled { appointment };
        }
        (self.expires_at, self.visiting.date_turn) = (None, DateTurn::Applicant);
    }
}

/// Languages in which the hospital's own people talk.
pub(crate) fn is_spoken_here(language: &LanguageTag) -> bool {
    let language = language.to_string();
    ["ja", "en"].contains(&language.split('-').next().unwrap_or_default())
}

/// The last day on which a visit can be paid in advance: so many working days before it.
fn last_day_to_pay(calendar: &CalendarSettings, visit: Date, working_days: u16) -> Date {
    let mut day = visit;
    for _ in 0..working_days {
        day = calendar.working_day_before(day);
    }
    day
}
