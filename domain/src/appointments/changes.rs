//! A confirmed appointment is moved, taken over by another physician, or cancelled; or the visit does not take place.

use jiff::{SignedDuration, Timestamp};

use super::{Appointment, AppointmentChange, AppointmentState, ChangeReason, ChangedBy, DateTurn, Notice, VisitTime};
use crate::access::{CaseAccess, Operation};
use crate::calendar::days_between;
use crate::case::{CancelReason, Case, CaseStage, Change, Ending, EventKind, Refusal, Rules, Stage, Visit};
use crate::ids::{AppointmentId, UserId};
use crate::money::Yen;
use crate::people::ShortText;
use crate::visit::Attempt;
use jiff::civil::Date;

/// Where a visit is booked.
const SCHEDULED: &[CaseStage] = &[CaseStage::Scheduled];

/// What follows from a visit that did not take place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAttended {
    /// The attempts to reach somebody.
    pub attempts: Vec<Attempt>,
    /// Whether the case ends; else another date is arranged.
    pub ends: bool,
    /// What goes back of a visit that was paid in advance, by the policy.
    pub refund: Yen,
}

impl Appointment {
    /// Its time as it was before a change.
    pub(super) fn changed(&self, notice: Notice, by: UserId, at: Timestamp) -> Option<AppointmentChange> {
        self.time.clone().map(|before| AppointmentChange { before, notice, by, at })
    }

    /// It is at another time of the same length, and remembers the one before. `is_unchanged` says which times are no change.
    fn move_to(
        &mut self,
        time: VisitTime,
        is_unchanged: impl Fn(&VisitTime, &VisitTime) -> bool,
        (notice, by, at): (Notice, UserId, Timestamp),
    ) -> Result<(), Refusal> {
        let before = self.time.as_ref().ok_or(Refusal::NoAppointment)?;
        if before.half_hours != time.half_hours {
            return Err(Refusal::OfferDiffers);
        }
        if is_unchanged(before, &time) {
            return Err(Refusal::AppointmentUnchanged);
        }
        let change = self.changed(notice, by, at);
        self.changes.extend(change);
        self.time = Some(time);
        Ok(())
    }

    /// A visit that nobody attended is not moved.
    pub(super) fn check_not_missed(&self, now: Timestamp) -> Result<(), Refusal> {
        let has_begun = self.time.as_ref().is_some_and(|time| time.starts_at <= now);
        if has_begun && self.visit.arrivals.is_empty() { Err(Refusal::VisitTimeIsPast) } else { Ok(()) }
    }

    /// Whether it may be moved by whoever wants it: before its beginning; by those who visit, a few times without the desk's reason, until the working day
    /// before it (R23).
    pub(super) fn check_move(&self, notice: &Notice, rules: &Rules<'_>, now: Timestamp) -> Result<(), Refusal> {
        let Some(time) = &self.time else { return Err(Refusal::NoAppointment) };
        if notice.notified_on > rules.today {
            return Err(Refusal::NoticeInFuture);
        }
        self.check_not_missed(now)?;
        let last_free_day = rules.settings.calendar.working_day_before(time.day());
        let is_beyond =
            self.moves_by_applicant() >= usize::from(rules.settings.appointments.free_moves) || notice.notified_on > last_free_day;
        if notice.by == ChangedBy::Applicant && is_beyond && notice.text.is_none() { Err(Refusal::MoveNeedsReason) } else { Ok(()) }
    }
}

impl Case {
    pub(crate) fn may_change_appointment(&self, by: &CaseAccess, operation: Operation) -> Result<(), Refusal> {
        self.may_arrange(by, operation, SCHEDULED)
    }

    fn booked_as(&mut self, id: AppointmentId) -> Result<&mut Appointment, Refusal> {
        self.booked_mut().filter(|one| one.id == id).ok_or(Refusal::NoAppointment)
    }

    /// The visit is at another time.
    ///
    /// # Errors
    /// [`Refusal::MoveNeedsReason`] if those who visit have moved it often enough, or so late.
    pub fn reschedule(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        id: AppointmentId,
        time: VisitTime,
        notice: Notice,
    ) -> Result<Change, Refusal> {
        self.may_change_appointment(by, Operation::RescheduleAppointment)?;
        self.not_held()?;
        self.check_attested(rules)?;
        let booked = self.booked_as(id)?;
        booked.check_move(&notice, rules, now)?;
        let wanted_by = notice.by;
        booked.move_to(time, |before, time| before == time, (notice, by.user, now))?;
        self.withdraw_open_offer(now);
        // What the family wished is answered by it.
        self.visiting.date_turn = DateTurn::Applicant;
        Ok(self.with_event(EventKind::AppointmentMoved { appointment: id, wanted_by }))
    }

    /// Another physician of the department receives on the same day.
    pub fn substitute_physician(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        id: AppointmentId,
        time: VisitTime,
        text: Option<ShortText>,
    ) -> Result<Change, Refusal> {
        self.may_change_appointment(by, Operation::SubstitutePhysician)?;
        let booked = self.booked_as(id)?;
        if booked.time.as_ref().is_some_and(|before| before.day() != time.day()) {
            return Err(Refusal::NotTheSameDay);
        }
        let notice = Notice { text, ..Notice::of_today(ChangedBy::Hospital, ChangeReason::PhysicianAbsent, rules) };
        booked.move_to(time, |before, time| before.physicians().eq(time.physicians()), (notice, by.user, now))?;
        Ok(self.with_event(EventKind::PhysicianSubstituted { appointment: id }))
    }

    pub(crate) fn may_cancel_appointment(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::CancelAppointment, &[CaseStage::Accepted, CaseStage::Scheduled])?;
        if !matches!(self.stage, Stage::Visit { .. }) {
            return Err(self.wrong_kind());
        }
        if self.booked().is_some() { Ok(()) } else { Err(Refusal::NoAppointment) }
    }

    /// The visit is not at this time, and the case goes on; also where somebody was received and the consultation did not begin. `refund` goes back of what
    /// was paid in advance, by the policy; nothing is charged if the hospital cancels.
    pub fn cancel_appointment(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        id: AppointmentId,
        notice: Notice,
        refund: Yen,
    ) -> Result<Change, Refusal> {
        self.may_cancel_appointment(by)?;
        if notice.notified_on > rules.today {
            return Err(Refusal::NoticeInFuture);
        }
        let wanted_by = notice.by;
        let (state, turn) = match wanted_by {
            ChangedBy::Applicant => (AppointmentState::CancelledByApplicant, DateTurn::Applicant),
            ChangedBy::Hospital => (AppointmentState::CancelledByHospital, DateTurn::Hospital),
        };
        self.booked_as(id)?.finish(state, Some(notice), now);
        self.unschedule(turn, rules, now);
        Ok(self.with_event(EventKind::AppointmentCancelled { appointment: id, wanted_by }).with_refund(refund))
    }

    /// The case is arranged anew.
    pub(crate) fn unschedule(&mut self, turn: DateTurn, rules: &Rules<'_>, now: Timestamp) {
        if let Stage::Visit { step: step @ Visit::Scheduled { .. }, .. } = &mut self.stage {
            *step = Visit::Accepted;
        }
        self.withdraw_open_offer(now);
        self.turn_to(turn, rules, now);
    }

    pub(crate) fn may_mark_not_attended(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.may_change_appointment(by, Operation::MarkNotAttended)
    }

    /// The visit did not take place: nobody came whom the hospital could receive.
    ///
    /// # Errors
    /// [`Refusal::TooEarly`] less than half an hour after the start (setting), [`Refusal::NobodyWasCalled`] without an attempt to reach somebody.
    pub fn mark_not_attended(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        id: AppointmentId,
        how: NotAttended,
    ) -> Result<Change, Refusal> {
        self.may_mark_not_attended(by)?;
        let NotAttended { attempts, ends, refund } = how;
        let wait = SignedDuration::from_mins(i64::from(rules.settings.appointments.not_attended_after_minutes));
        let booked = self.booked_as(id)?;
        let starts_at = booked.time.as_ref().map_or(Timestamp::MAX, |time| time.starts_at);
        if starts_at.saturating_add(wait).unwrap_or(Timestamp::MAX) > now {
            return Err(Refusal::TooEarly);
        }
        if attempts.is_empty() {
            return Err(Refusal::NobodyWasCalled);
        }
        booked.visit.attempts = attempts;
        booked.finish(AppointmentState::NotAttended, None, now);
        self.unschedule(DateTurn::Applicant, rules, now);
        let told = EventKind::VisitNotHeld { appointment: id };
        if !ends {
            return Ok(self.with_event(told).with_refund(refund));
        }
        let reason = CancelReason::NotAttended;
        self.end(now, Ending::Cancelled { reason, text: None });
        let told = self.with_all([told, EventKind::CaseCancelled { reason, silent: false }]);
        Ok(told.with_refund(refund).with_slides_returned())
    }

    /// Calendar days in Tokyo between the arrival of a notice and the visit, which the policy counts (R11); none if no visit is booked. A move on the last
    /// working day before a visit, or on its day, is remembered: a later notice counts from the worse of the two days (R23).
    pub fn days_before_visit(&self, notified_on: Date, rules: &Rules<'_>) -> Option<i64> {
        let booked = self.booked()?;
        let now = days_between(notified_on, booked.time.as_ref()?.day());
        let by_applicant = booked.changes.iter().filter(|change| change.notice.by == ChangedBy::Applicant);
        let late =
            by_applicant.filter(|change| change.notice.notified_on >= rules.settings.calendar.working_day_before(change.before.day()));
        late.map(|change| days_between(change.notice.notified_on, change.before.day())).chain([now]).min()
    }

    /// Whether the hospital was the last to cancel, move or substitute: then everything goes back, whoever ends the case (R21).
    pub fn is_changed_by_the_hospital(&self) -> bool {
        let chosen = |one: &&Appointment| one.time.is_some() && one.state != AppointmentState::Moved;
        let Some(last) = self.visiting.appointments.iter().rev().find(chosen) else { return false };
        let is_cancelled = matches!(last.state, AppointmentState::CancelledByHospital | AppointmentState::BrokenOff);
        is_cancelled || (last.is_booked() && last.changes.last().is_some_and(|change| change.notice.by == ChangedBy::Hospital))
    }
}
