//! Consultations: booked, moved, held, missed.

use jiff::Timestamp;

use crate::access::{Relation, Standing};
use crate::case::{
    Appointment, CancelReason, Case, Consultation, Decided, Ending, EventKind, Refusal, Rules, Stage, StageName, Visit, VisitKind,
};
use crate::people::ShortText;
use crate::required_items::{ItemCode, ItemState, checklist};

/// What the guard of a booking must know, found out elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Booking {
    /// Whether the physician is free on that working day.
    pub is_free: bool,
    /// Whether interpreting is settled, where the language is neither Japanese nor English.
    pub interpreter_settled: bool,
}

/// What was seen when the visitors arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The identity of each visitor.
    pub identities_seen: bool,
    /// The original of the patient's consent, where one is needed.
    pub original_consent_seen: bool,
}

impl Case {
    /// An accepted case without an estimate waits for the applicant; with one, the hospital's turn, nothing expires.
    fn wait_for_quote(&mut self, rules: &Rules<'_>, now: Timestamp) {
        let days = rules.settings.accepted_expires_after_days;
        self.expires_at = self.quote.is_none().then(|| super::apply::after_days(now, days));
    }

    fn desk_at(&self, by: &Standing, stages: &'static [StageName]) -> Result<(), Refusal> {
        if !by.relations.contains(Relation::Desk) {
            return Err(Refusal::Absent);
        }
        self.at(stages)
    }

    fn visit(&self) -> Result<VisitKind, Refusal> {
        match self.stage {
            Stage::Visit { visit, .. } => Ok(visit),
            Stage::Intake { .. } | Stage::Written { .. } | Stage::Ended { .. } => Err(self.wrong_kind()),
        }
    }

    /// Books a visit for an accepted consultation whose estimate was accepted.
    pub fn book_appointment(
        mut self,
        by: &Standing,
        _: &Rules<'_>,
        _: Timestamp,
        appointment: Appointment,
        booking: Booking,
    ) -> Result<Decided, Refusal> {
        self.desk_at(by, &[StageName::Accepted])?;
        self.not_held()?;
        let visit = self.visit()?;
        self.check_booking(&appointment, booking)?;
        self.stage = Stage::Visit { visit, step: Visit::Scheduled { appointment, arrived: false } };
        self.expires_at = None;
        Ok(self.told(EventKind::AppointmentBooked))
    }

    fn check_booking(&self, appointment: &Appointment, booking: Booking) -> Result<(), Refusal> {
        if self.quote.is_none() {
            return Err(Refusal::QuoteNotAccepted);
        }
        if appointment.half_hours == 0 {
            return Err(Refusal::TimesMixedUp);
        }
        if !booking.is_free {
            return Err(Refusal::SlotNotFree);
        }
        let language = self.application.language.as_ref().or(self.application.patient.language.as_ref());
        let needs_interpreter = language.is_some_and(|language| !language.is_read_here());
        if needs_interpreter && !booking.interpreter_settled {
            return Err(Refusal::InterpreterNotSettled);
        }
        Ok(())
    }

    /// Moves a visit.
    pub fn reschedule_appointment(
        mut self,
        by: &Standing,
        _: &Rules<'_>,
        _: Timestamp,
        appointment: Appointment,
        booking: Booking,
        reason: ShortText,
    ) -> Result<Decided, Refusal> {
        self.desk_at(by, &[StageName::Scheduled])?;
        let visit = self.visit()?;
        self.check_booking(&appointment, booking)?;
        self.stage = Stage::Visit { visit, step: Visit::Scheduled { appointment, arrived: false } };
        Ok(self.told(EventKind::AppointmentRescheduled { reason }))
    }

    /// Cancels a visit; the case stays accepted.
    pub fn cancel_appointment(mut self, by: &Standing, rules: &Rules<'_>, now: Timestamp, reason: ShortText) -> Result<Decided, Refusal> {
        self.desk_at(by, &[StageName::Scheduled])?;
        let visit = self.visit()?;
        self.stage = Stage::Visit { visit, step: Visit::Accepted };
        self.wait_for_quote(rules, now);
        Ok(self.told(EventKind::AppointmentCancelled { reason }))
    }

    /// Receives the visitors: the identity of each was seen, and the original consent where one is needed. Missing slides stop nobody.
    pub fn record_arrival(mut self, by: &Standing, rules: &Rules<'_>, _: Timestamp, arrival: Arrival) -> Result<Decided, Refusal> {
        self.desk_at(by, &[StageName::Scheduled])?;
        if !arrival.identities_seen {
            return Err(Refusal::IdentityNotSeen);
        }
        let needed = checklist(&self, rules.settings).find(ItemCode::PatientConsent).is_some();
        let verified = self.item_state(ItemCode::PatientConsent) == ItemState::Verified;
        if needed && !(verified && arrival.original_consent_seen) {
            return Err(Refusal::ConsentNotVerified);
        }
        if let Stage::Visit { step: Visit::Scheduled { arrived, .. }, .. } = &mut self.stage {
            *arrived = true;
        }
        Ok(self.told(EventKind::ArrivalRecorded))
    }

    /// Records that the consultation took place.
    pub fn record_consultation(
        mut self,
        by: &Standing,
        _: &Rules<'_>,
        now: Timestamp,
        consultation: Consultation,
    ) -> Result<Decided, Refusal> {
        if !by.relations.contains(Relation::Responsible) {
            return Err(Refusal::Absent);
        }
        self.at(&[StageName::Scheduled])?;
        let visit = self.visit()?;
        if consultation.ended_at <= consultation.began_at {
            return Err(Refusal::TimesMixedUp);
        }
        match &self.stage {
            Stage::Visit { step: Visit::Scheduled { appointment, arrived: true }, .. } => {
                let appointment = appointment.clone();
                self.stop_waiting(now);
                self.stage = Stage::Visit { visit, step: Visit::Consulted { appointment, consultation } };
                Ok(self.told(EventKind::ConsultationRecorded))
            }
            Stage::Visit { .. } | Stage::Intake { .. } | Stage::Written { .. } | Stage::Ended { .. } => Err(Refusal::NotArrived),
        }
    }

    /// Nobody came: the case goes on, or ends.
    pub fn mark_not_attended(
        mut self,
        by: &Standing,
        rules: &Rules<'_>,
        now: Timestamp,
        attempts: u8,
        ends: bool,
    ) -> Result<Decided, Refusal> {
        self.desk_at(by, &[StageName::Scheduled])?;
        let visit = self.visit()?;
        if attempts == 0 {
            return Err(Refusal::ContactNotAttempted);
        }
        if ends {
            self.end(now, Ending::Cancelled { reason: CancelReason::Withdrawn, text: None });
            return Ok(self.told(EventKind::NotAttended).and(EventKind::CaseCancelled { reason: CancelReason::Withdrawn, silent: false }));
        }
        self.stage = Stage::Visit { visit, step: Visit::Accepted };
        self.wait_for_quote(rules, now);
        Ok(self.told(EventKind::NotAttended))
    }
}
