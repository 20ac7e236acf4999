//! Wishes, offers and the answer to them.

use jiff::Timestamp;

use super::{
    Appointment, AppointmentState, AppointmentWishes, Booked, ChangeReason, ChangedBy, DateTurn, InterpreterFrom, Notice, VisitTime,
};
use crate::access::{CaseAccess, Operation};
use crate::calendar::{days_after, end_of_day};
use crate::case::{Case, CaseStage, Change, EventKind, Refusal, Rules, Stage};
use crate::ids::{AppointmentId, UserId};
use crate::people::{LongText, ShortText};

/// The most appointments that a case remembers.
const MOST_APPOINTMENTS: usize = 100;
/// Where a visit is arranged, or arranged anew.
const ARRANGED: &[CaseStage] = &[CaseStage::Accepted, CaseStage::Scheduled];

/// The choice of one of the times of an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The offer.
    pub offer: AppointmentId,
    /// Its time, from 0.
    pub place: usize,
    /// Who provides the interpreter.
    pub interpreter: InterpreterFrom,
    /// What those who visit need, if it is more than they said before.
    pub needs: Option<LongText>,
}

impl Case {
    /// What those who visit said last about the days on which they can come.
    pub const fn wishes(&self) -> Option<&AppointmentWishes> {
        self.visiting.wishes.as_ref()
    }

    /// Only a visit is arranged, and only until somebody was received.
    pub(super) fn may_arrange(&self, by: &CaseAccess, operation: Operation, stages: &'static [CaseStage]) -> Result<(), Refusal> {
        self.guard(by, operation, stages)?;
        if !matches!(self.stage, Stage::Visit { .. }) {
            return Err(self.wrong_kind());
        }
        self.not_arrived()
    }

    /// Nobody was received: the visit is not under way.
    pub(crate) fn not_arrived(&self) -> Result<(), Refusal> {
        let has_arrived = self.booked().is_some_and(|one| one.state == AppointmentState::Arrived);
        if has_arrived { Err(Refusal::VisitHasBegun) } else { Ok(()) }
    }

    pub(crate) fn may_propose_wishes(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.may_arrange(by, Operation::ProposeAppointmentWishes, ARRANGED)
    }

    /// Those who visit say when they can come. An open offer is turned down by it, and it is the hospital's turn.
    pub fn propose_wishes(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        wishes: AppointmentWishes,
    ) -> Result<Change, Refusal> {
        self.may_propose_wishes(by)?;
        if let Some(offer) = self.open_offer_mut() {
            let notice = Notice::of_today(ChangedBy::Applicant, ChangeReason::Other, rules);
            offer.finish(AppointmentState::Withdrawn, Some(notice), now);
        }
        self.visiting.wishes = Some(wishes);
        self.turn_to(DateTurn::Hospital, rules, now);
        Ok(self.with_event(EventKind::AppointmentWishesProposed))
    }

    pub(crate) fn may_offer(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.may_arrange(by, Operation::OfferAppointment, ARRANGED)?;
        self.not_held()?;
        self.may_make_another()
    }

    /// Nothing is offered twice, nor beside a time that waits for its payment.
    fn may_make_another(&self) -> Result<(), Refusal> {
        if self.open_offer().is_some() || self.booked().is_some_and(|one| one.state == AppointmentState::Reserved) {
            return Err(Refusal::AppointmentOpen);
        }
        self.remembers_another()
    }

    /// A case does not grow without end.
    pub(super) fn remembers_another(&self) -> Result<(), Refusal> {
        if self.visiting.appointments.len() < MOST_APPOINTMENTS { Ok(()) } else { Err(Refusal::TooManyAppointments) }
    }

    /// The hospital offers times and holds them for a while: it is the applicant's turn. Beside an appointment that stands, `moves` says who wants another
    /// time, and why.
    ///
    /// # Errors
    /// [`Refusal::NoticeMissing`] beside an appointment that stands, [`Refusal::NothingToMove`] without one.
    pub fn offer_appointment(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        id: AppointmentId,
        offered: Vec<VisitTime>,
        (room, moves): (Option<ShortText>, Option<Notice>),
    ) -> Result<Change, Refusal> {
        self.may_offer(by)?;
        self.check_attested(rules)?;
        match (self.booked(), &moves) {
            (Some(_), None) => return Err(Refusal::NoticeMissing),
            (None, Some(_)) => return Err(Refusal::NothingToMove),
            (Some(booked), Some(notice)) => booked.check_move(notice, rules, now)?,
            (None, None) => {}
        }
        // No time is held beyond its own beginning.
        let first = offered.iter().map(|time| time.starts_at).min().unwrap_or(Timestamp::MAX);
        let last = end_of_day(days_after(rules.today, i64::from(rules.settings.appointments.offer_held_days)));
        let new = self.new_appointment(id, by.user, now, room);
        self.visiting.appointments.push(Appointment { offered, moves, held_until: Some(last.min(first)), ..new });
        self.turn_to(DateTurn::Applicant, rules, now);
        Ok(self.with_event(EventKind::AppointmentOffered { appointment: id }))
    }

    /// An appointment that is offered or booked now, with the needs that those who visit have said.
    pub(super) fn new_appointment(&self, id: AppointmentId, by: UserId, now: Timestamp, room: Option<ShortText>) -> Appointment {
        let needs = self.visiting.wishes.as_ref().and_then(|wishes| wishes.needs.clone());
        Appointment { needs, ..Appointment::new(id, by, now, room) }
    }

    /// An offer that waits for an answer is an offer no longer.
    pub(crate) fn withdraw_open_offer(&mut self, now: Timestamp) {
        if let Some(offer) = self.open_offer_mut() {
            offer.finish(AppointmentState::Withdrawn, None, now);
        }
    }

    fn has_open_offer(&self) -> Result<(), Refusal> {
        if self.open_offer().is_some() { Ok(()) } else { Err(Refusal::NoOffer) }
    }

    pub(crate) fn may_withdraw_offer(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.may_arrange(by, Operation::WithdrawAppointmentOffer, ARRANGED)?;
        self.has_open_offer()
    }

    /// The hospital takes its offer back: its turn again.
    pub fn withdraw_offer(mut self, by: &CaseAccess, rules: &Rules<'_>, now: Timestamp, id: AppointmentId) -> Result<Change, Refusal> {
        self.may_withdraw_offer(by)?;
        let offer = self.open_offer_mut().filter(|offer| offer.id == id).ok_or(Refusal::NoOffer)?;
        offer.finish(AppointmentState::Withdrawn, None, now);
        self.turn_to(DateTurn::Hospital, rules, now);
        Ok(self.with_event(EventKind::AppointmentOfferWithdrawn { appointment: id }))
    }

    pub(crate) fn may_accept_offer(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.may_arrange(by, Operation::AcceptAppointmentOffer, ARRANGED)?;
        self.not_held()?;
        self.has_open_offer()?;
        self.has_agreed_price()
    }

    /// A price is agreed on: without one nothing is booked.
    pub(super) fn has_agreed_price(&self) -> Result<(), Refusal> {
        if self.accepted_estimate().is_some() { Ok(()) } else { Err(Refusal::EstimateNotAccepted) }
    }

    /// Those who visit choose one of the times. What is paid in advance is reserved until it is paid. A time that is chosen beside an appointment takes its
    /// place.
    ///
    /// # Errors
    /// [`Refusal::OfferLapsed`], [`Refusal::ChoiceUnknown`], and those of a booking.
    pub fn accept_offer(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        choice: Choice,
        how: Booked,
    ) -> Result<Change, Refusal> {
        self.may_accept_offer(by)?;
        let Choice { offer: id, place, interpreter, needs } = choice;
        let offer = self.open_offer().filter(|offer| offer.id == id).ok_or(Refusal::NoOffer)?;
        if offer.held_until.is_none_or(|until| until <= now) {
            return Err(Refusal::OfferLapsed);
        }
        let time = offer.offered.get(place).cloned().ok_or(Refusal::ChoiceUnknown)?;
        if time.half_hours != how.half_hours {
            return Err(Refusal::OfferDiffers);
        }
        let moves = offer.moves.clone();
        if let (Some(booked), Some(_)) = (self.booked(), &moves) {
            // Since the offer was made, its time may have come.
            booked.check_not_missed(now)?;
        }
        let interpreter = self.bookable_with(rules, interpreter)?;
        if let Some(offer) = self.open_offer_mut() {
            offer.needs = needs.or_else(|| offer.needs.take());
        }
        let Some(notice) = moves else { return self.take(id, rules, time, interpreter, how) };
        let booked = self.booked_mut().ok_or(Refusal::NoAppointment)?;
        let mut changes = booked.changes.clone();
        changes.extend(booked.changed(notice.clone(), by.user, now));
        booked.finish(AppointmentState::Moved, Some(notice.clone()), now);
        let room = booked.room.clone();
        if let Some(offer) = self.open_offer_mut() {
            offer.changes = changes;
            offer.room = offer.room.take().or(room);
        }
        self.confirm(id, time, interpreter);
        Ok(self.with_event(EventKind::AppointmentMoved { appointment: id, wanted_by: notice.by }))
    }

    /// Nobody chose, or paid, in time: the half hours are free again, and it is the applicant's turn.
    ///
    /// # Errors
    /// [`Refusal::NotDue`] before its time.
    pub fn lapse_appointment(mut self, rules: &Rules<'_>, now: Timestamp) -> Result<Change, Refusal> {
        let is_over = |one: &&mut Appointment| one.is_open() && one.held_until.is_some_and(|until| until <= now);
        let Some(over) = self.visiting.appointments.iter_mut().rev().find(is_over) else { return Err(Refusal::NotDue) };
        let id = over.id;
        over.finish(AppointmentState::Lapsed, None, now);
        self.turn_to(DateTurn::Applicant, rules, now);
        Ok(self.with_event(EventKind::AppointmentLapsed { appointment: id }))
    }

    /// When the next offer or reservation lapses.
    pub fn appointment_lapses_at(&self) -> Option<Timestamp> {
        self.visiting.appointments.iter().filter(|one| one.is_open()).filter_map(|one| one.held_until).min()
    }

    /// The appointment that stood when the case ended, while its time is to come: a case that is reopened takes it again if it is free (R10).
    pub fn appointment_before_the_end(&self, ended_at: Timestamp, now: Timestamp) -> Option<&Appointment> {
        let last = self.visiting.appointments.iter().rev().find(|one| one.time.is_some())?;
        let is_of_the_end = last.end.as_ref().is_some_and(|end| end.at == ended_at && end.notice.is_none());
        let is_to_come = last.time.as_ref().is_some_and(|time| time.starts_at > now);
        Some(last).filter(|_| is_of_the_end && is_to_come && !last.is_open())
    }

    /// The appointment stands again.
    #[must_use]
    pub fn with_appointment_again(mut self, id: AppointmentId) -> Self {
        let found = self.visiting.appointments.iter_mut().find(|one| one.id == id);
        let Some((time, interpreter)) = found.and_then(|one| {
            one.end = None;
            one.time.clone().zip(one.interpreter.clone())
        }) else {
            return self;
        };
        self.confirm(id, time, interpreter);
        self
    }

    /// The hospital cancels what is arranged, because the case is reviewed again: as another service, or by another department.
    pub(crate) fn cancel_for_another_review(&mut self, rules: &Rules<'_>, now: Timestamp) -> Option<EventKind> {
        self.withdraw_open_offer(now);
        let booked = self.booked_mut()?;
        let notice = Notice::of_today(ChangedBy::Hospital, ChangeReason::Other, rules);
        booked.finish(AppointmentState::CancelledByHospital, Some(notice), now);
        Some(EventKind::AppointmentCancelled { appointment: booked.id, wanted_by: ChangedBy::Hospital })
    }

    /// Nothing is arranged any longer: the case ends.
    pub(crate) fn drop_appointments(&mut self, by: Option<ChangedBy>, now: Timestamp) {
        for one in self.visiting.appointments.iter_mut().filter(|one| one.is_open()) {
            let state = match (one.state, by) {
                (AppointmentState::Offered, _) => AppointmentState::Withdrawn,
                (_, Some(ChangedBy::Hospital)) => AppointmentState::CancelledByHospital,
                (_, Some(ChangedBy::Applicant)) => AppointmentState::CancelledByApplicant,
                (_, None) => AppointmentState::Lapsed,
            };
            one.finish(state, None, now);
        }
    }
}
