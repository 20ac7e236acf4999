//! The day of the visit: reception, further half hours, and the consultation.

use jiff::Timestamp;

use super::{
    Arrival, Arrived, AtTheDoor, Consultation, ConsultationEnd, Correction, ExamException, Extension, ExtensionPayer, InterpreterAtVisit,
    OutsideReason, Person, TookPlace, VisitRecord,
};
use crate::access::{CaseAccess, Operation, Relation};
use crate::appointments::{Appointment, AppointmentState, DateTurn, InterpreterFrom};
use crate::calendar::half_hours::HALF_HOUR;
use crate::calendar::today_in_tokyo;
use crate::case::{Case, CaseStage, Change, EventKind, HoldReason, Refusal, Rules, Stage, Visit, VisitKind};
use crate::ids::{AppointmentId, UserId};
use crate::intake::items::ItemState;
use crate::people::LongText;

const SCHEDULED: &[CaseStage] = &[CaseStage::Scheduled];
/// The most arrivals at an appointment.
const MOST_ARRIVALS: usize = 30;
/// The most half hours of a consultation.
const MOST_HALF_HOURS: u8 = 20;
/// The most exams that are noted.
const MOST_EXAMS: usize = 20;

impl Case {
    fn may_at_the_visit(&self, by: &CaseAccess, operation: Operation) -> Result<(), Refusal> {
        self.guard(by, operation, SCHEDULED)
    }

    /// Only missing records or slides may hold the case. [`Case::record_arrival`] checks the day.
    pub(crate) fn may_record_arrival(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.may_at_the_visit(by, Operation::RecordArrival)?;
        match self.hold.as_ref().map(|hold| hold.reason) {
            None | Some(HoldReason::Information | HoldReason::Slides) => Ok(()),
            Some(HoldReason::Applicant | HoldReason::Department | HoldReason::Other) => Err(Refusal::OnHold),
        }
    }

    /// People are at the reception: each is received, or waits outside, and why. It may be recorded again, as often as people come.
    ///
    /// # Errors
    /// [`Refusal::CannotBeReceived`] names those who cannot be received as they stand.
    pub fn record_arrival(mut self, by: &CaseAccess, rules: &Rules<'_>, now: Timestamp, arrival: Arrival) -> Result<Change, Refusal> {
        self.may_record_arrival(by)?;
        self.check_attested(rules)?;
        let booked = self.booked().ok_or(Refusal::NoAppointment)?;
        if booked.time.as_ref().is_none_or(|time| time.day() != rules.today) {
            return Err(Refusal::NotTheDay);
        }
        if booked.visit.arrivals.len() >= MOST_ARRIVALS {
            return Err(Refusal::TooManyArrivals);
        }
        let faults: Vec<(usize, &'static str)> = arrival
            .people
            .iter()
            .enumerate()
            .filter_map(|(place, one)| Some((place, self.fault_at_the_door(one, &arrival, rules)?)))
            .collect();
        if !faults.is_empty() {
            return Err(Refusal::CannotBeReceived { people: faults });
        }
        let received = arrival.people.iter().filter(|one| one.is_received()).count();
        let booked = self.booked_mut().ok_or(Refusal::NoAppointment)?;
        booked.visit.arrivals.push(arrival);
        booked.state = if received > 0 { AppointmentState::Arrived } else { AppointmentState::Confirmed };
        let appointment = booked.id;
        if received > 0 {
            self.withdraw_open_offer(now);
        }
        Ok(self.with_event(EventKind::ArrivalRecorded { appointment, received: u8::try_from(received).unwrap_or(u8::MAX) }))
    }

    /// Why somebody cannot be recorded so.
    fn fault_at_the_door(&self, one: &Arrived, arrival: &Arrival, rules: &Rules<'_>) -> Option<&'static str> {
        let is_named = one.person == Person::Representative;
        let named = one.representative.and_then(|id| self.representative(id));
        let is_visited_by_others = matches!(self.stage, Stage::Visit { visit: VisitKind::Representative, .. });
        let has_patient = arrival.people.iter().any(|one| one.person == Person::Patient && one.is_received());
        if is_named != one.representative.is_some() || (is_named && named.is_none()) {
            return Some("unknown_reference");
        }
        if matches!(one.person, Person::Unannounced | Person::Companion) && one.name.is_none() {
            return Some("name_missing");
        }
        if one.outcome == AtTheDoor::Outside {
            return one.reason.is_none().then_some("reason_missing");
        }
        if one.reason.is_some() {
            return Some("reason_of_nobody");
        }
        match one.person {
            Person::Patient if is_visited_by_others => return Some("patient_does_not_visit"),
            Person::Representative | Person::Unannounced if !is_visited_by_others => return Some("patient_visits"),
            Person::Companion if !has_patient => return Some("patient_not_there"),
            Person::Patient | Person::Representative | Person::Unannounced | Person::Companion => {}
        }
        if one.identity.is_none() && one.person != Person::Companion {
            return Some(OutsideReason::IdentityNotShown.as_str());
        }
        if one.person == Person::Unannounced {
            // Family needs no consent where they would need none if they were named; a stranger was never named on one.
            let is_family = one.relation.is_some_and(crate::people::RelationToPatient::is_family);
            return self.needs_consent(is_family, rules).then_some(OutsideReason::NotNamed.as_str());
        }
        let consent = named.and_then(|named| self.consent_for(named, rules))?;
        if consent != ItemState::Verified {
            return Some(OutsideReason::ConsentMissing.as_str());
        }
        let lacks_original = rules.settings.appointments.consent_original_needed && !one.original_seen;
        lacks_original.then_some(OutsideReason::OriginalMissing.as_str())
    }

    pub(crate) fn may_agree_extension(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.may_at_the_visit(by, Operation::AgreeExtension)?;
        self.has_received()
    }

    pub(super) fn has_received(&self) -> Result<(), Refusal> {
        if self.booked().is_some_and(|one| one.state == AppointmentState::Arrived) { Ok(()) } else { Err(Refusal::NobodyReceived) }
    }

    /// The end of the half hours that are agreed on, if the consultation began at `began_at`; by the calendar otherwise.
    fn agreed_until(booked: &Appointment, began_at: Option<Timestamp>) -> Timestamp {
        let by_the_calendar = booked.time.as_ref().map_or(Timestamp::MIN, crate::appointments::VisitTime::ends_at);
        let lasts = HALF_HOUR * i32::from(booked.agreed());
        began_at.and_then(|began| began.checked_add(lasts).ok()).unwrap_or(by_the_calendar)
    }

    /// One more half hour, before it begins; its place in the calendar is taken (R15). `began_at` says when the consultation began, if that was later than
    /// planned.
    ///
    /// # Errors
    /// [`Refusal::ExtensionTooLate`] once that half hour has begun.
    pub fn agree_extension(
        mut self,
        by: &CaseAccess,
        _: &Rules<'_>,
        now: Timestamp,
        (payer, recipient): (ExtensionPayer, Option<LongText>),
        began_at: Option<Timestamp>,
    ) -> Result<Change, Refusal> {
        self.may_agree_extension(by)?;
        let booked = self.booked_mut().ok_or(Refusal::NoAppointment)?;
        let starts_at = booked.time.as_ref().map_or(Timestamp::MAX, |time| time.starts_at);
        if began_at.is_some_and(|began| began > now || began < starts_at) {
            return Err(Refusal::BeginningImpossible);
        }
        if now >= Self::agreed_until(booked, began_at) {
            return Err(Refusal::ExtensionTooLate);
        }
        if booked.agreed() >= MOST_HALF_HOURS {
            return Err(Refusal::TooManyHalfHours);
        }
        // They are one invoice.
        let other =
            booked.visit.extensions.iter().filter(|one| one.payer == ExtensionPayer::Visitor).find_map(|one| one.recipient.as_ref());
        if payer == ExtensionPayer::Visitor && other.is_some_and(|other| Some(other) != recipient.as_ref()) {
            return Err(Refusal::AnotherRecipient);
        }
        let appointment = booked.id;
        if let Some(time) = booked.time.as_mut() {
            let begins_at = time.ends_at();
            time.half_hours += 1;
            booked.visit.extensions.push(Extension { begins_at, payer, recipient, agreed_at: now, by: by.user });
        }
        Ok(self.with_event(EventKind::ExtensionAgreed { appointment }))
    }

    pub(crate) fn may_record_consultation(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.may_at_the_visit(by, Operation::RecordConsultation)?;
        self.has_received()
    }

    /// Notes the consultation. One that the hospital broke off did not take place: another date is arranged, and nothing is charged.
    pub fn record_consultation(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        end: ConsultationEnd,
    ) -> Result<Change, Refusal> {
        self.may_record_consultation(by)?;
        let booked = self.booked_mut().ok_or(Refusal::NoAppointment)?;
        let appointment = booked.id;
        let took_place = match end {
            ConsultationEnd::Held(took_place) => took_place,
            ConsultationEnd::BrokenOff { .. } => {
                booked.finish(AppointmentState::BrokenOff, None, now);
                self.unschedule(DateTurn::Hospital, rules, now);
                return Ok(self.with_event(EventKind::ConsultationBrokenOff { appointment }));
            }
        };
        check(booked, &took_place, now)?;
        booked.visit.consultation = Some(Consultation { took_place, by: by.user, at: now, confirmed_by: physician(by) });
        booked.state = AppointmentState::Held;
        if let Stage::Visit { step, .. } = &mut self.stage {
            *step = Visit::Consulted { appointment };
        }
        // Nothing is waited for any longer.
        self.hold = None;
        self.open_requests.clear();
        self.expires_at = None;
        Ok(self.with_event(EventKind::ConsultationRecorded { appointment }))
    }

    pub(crate) fn may_correct_consultation(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::CorrectConsultation, &[CaseStage::Consulted])
    }

    fn held_mut(&mut self) -> Result<&mut Appointment, Refusal> {
        let held = |one: &&mut Appointment| one.state == AppointmentState::Held;
        self.visiting.appointments.iter_mut().rev().find(held).ok_or(Refusal::NoAppointment)
    }

    /// Corrects what was recorded of the consultation; a physician confirms by it what the desk recorded. Without anything in its place the record was a
    /// mistake: the visit is to come. `is_charged` says whether an invoice charges for it.
    ///
    /// # Errors
    /// [`Refusal::ConsultationCharged`] if the record is taken back while an invoice charges for it.
    pub fn correct_consultation(
        mut self,
        by: &CaseAccess,
        _: &Rules<'_>,
        now: Timestamp,
        (new, reason): (Option<TookPlace>, LongText),
        is_charged: bool,
    ) -> Result<Change, Refusal> {
        self.may_correct_consultation(by)?;
        if new.is_none() && is_charged {
            return Err(Refusal::ConsultationCharged);
        }
        let held = self.held_mut()?;
        let appointment = held.id;
        let before = held.visit.consultation.take().ok_or(Refusal::NoAppointment)?;
        held.visit.corrections.push(Correction { before, reason, by: by.user, at: now });
        if let Some(took_place) = new {
            check(held, &took_place, now)?;
            held.visit.consultation = Some(Consultation { took_place, by: by.user, at: now, confirmed_by: physician(by) });
            return Ok(self.with_event(EventKind::ConsultationCorrected { appointment }));
        }
        held.state = AppointmentState::Arrived;
        if let Stage::Visit { step, .. } = &mut self.stage {
            *step = Visit::Scheduled { appointment };
        }
        Ok(self.with_event(EventKind::ConsultationCorrected { appointment }))
    }

    pub(crate) fn may_record_exam(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::RecordExamException, &[CaseStage::Scheduled, CaseStage::Consulted])?;
        if self.stage.name() == CaseStage::Scheduled { self.has_received() } else { Ok(()) }
    }

    /// Records an exam. A second opinion includes none (seed), so there is a reason.
    pub fn record_exam(
        mut self,
        by: &CaseAccess,
        _: &Rules<'_>,
        now: Timestamp,
        what: LongText,
        reason: LongText,
    ) -> Result<Change, Refusal> {
        self.may_record_exam(by)?;
        if self.visiting.exams.len() >= MOST_EXAMS {
            return Err(Refusal::TooManyExams);
        }
        self.visiting.exams.push(ExamException { what, reason, by: by.user, at: now });
        Ok(self.with_event(EventKind::ExamRecorded))
    }

    /// The exams that took place, in order.
    pub fn exams(&self) -> &[ExamException] {
        &self.visiting.exams
    }

    /// The appointment by its identifier.
    pub fn appointment(&self, id: AppointmentId) -> Option<&Appointment> {
        self.visiting.appointments.iter().find(|one| one.id == id)
    }

    /// The consultation, once it took place.
    pub fn consultation(&self) -> Option<&Consultation> {
        self.visiting.appointments.iter().rev().find_map(|one| one.visit.consultation.as_ref())
    }

    /// Whether the day of the visit is over and nobody recorded what became of it (R32).
    pub fn lacks_outcome(&self, now: Timestamp) -> bool {
        let is_over = |one: &Appointment| one.time.as_ref().is_some_and(|time| time.day() < today_in_tokyo(now));
        self.stage.name() == CaseStage::Scheduled && self.booked().is_some_and(is_over)
    }
}

/// The physician who speaks for a consultation; none if the desk does.
fn physician(by: &CaseAccess) -> Option<UserId> {
    by.relations.contains_any(&[Relation::Receiving, Relation::Responsible]).then_some(by.user)
}

/// Whether this can have taken place at an appointment.
fn check(booked: &Appointment, took_place: &TookPlace, now: Timestamp) -> Result<(), Refusal> {
    let day = booked.time.as_ref().map(crate::appointments::VisitTime::day).ok_or(Refusal::NoAppointment)?;
    if !took_place.has_sensible_times(day, now) {
        return Err(Refusal::TimesImpossible);
    }
    let (agreed, half_hours) = (booked.agreed(), took_place.half_hours);
    if half_hours == 0 || half_hours > agreed || i64::from(half_hours) > took_place.begun() {
        return Err(Refusal::HalfHoursImpossible { agreed, begun: u8::try_from(took_place.begun()).unwrap_or(u8::MAX) });
    }
    if took_place.not_charged.as_ref().is_some_and(|free| free.half_hours == 0 || free.half_hours >= half_hours) {
        return Err(Refusal::FirstIsCharged);
    }
    let record: &VisitRecord = &booked.visit;
    let unknown = took_place.representatives.iter().enumerate().filter(|(_, id)| !record.has_received(**id));
    let unknown: Vec<usize> = unknown.map(|(place, _)| place).collect();
    if !unknown.is_empty() {
        return Err(Refusal::NotReceived { representatives: unknown });
    }
    let expected = booked.interpreter.as_ref().map_or(InterpreterFrom::NotNeeded, |interpreter| interpreter.from);
    let is_unexplained = match took_place.interpreter {
        InterpreterAtVisit::NotNeeded => expected != InterpreterFrom::NotNeeded,
        InterpreterAtVisit::WentOnWithout => took_place.interpreter_text.is_none(),
        InterpreterAtVisit::Present | InterpreterAtVisit::Replaced => false,
    };
    if is_unexplained { Err(Refusal::InterpreterMissing) } else { Ok(()) }
}
