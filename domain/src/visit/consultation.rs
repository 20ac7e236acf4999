//! The consultation: when it began and ended, and what of it is charged (R15).

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{ExtensionPayer, InterpreterAtVisit};
use crate::appointments::Appointment;
use crate::calendar::today_in_tokyo;
use crate::ids::{RepresentativeId, UserId};
use crate::people::{LongText, ShortText};
use crate::wire::wire_enum;

/// The longest consultation that is recorded.
const LONGEST: SignedDuration = SignedDuration::from_hours(12);

wire_enum! {
    /// Why half hours are not charged.
    NotChargedReason grows {
        /// The hospital lost the time.
        HospitalDelay = "hospital_delay",
    }
}

/// Half hours that are not charged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NotCharged {
    /// How many.
    #[cfg_attr(feature = "schema", schema(minimum = 1, maximum = 20))]
    pub half_hours: u8,
    /// Why.
    pub reason: NotChargedReason,
    /// In words.
    #[serde(default)]
    pub text: Option<ShortText>,
}

/// What took place, as a physician or the desk records it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TookPlace {
    /// When it began.
    pub began_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// Half hours that began, by the physician's word.
    pub half_hours: u8,
    /// Of them, those that are not charged.
    pub not_charged: Option<NotCharged>,
    /// Those who visit for the patient and were in the room.
    pub representatives: Vec<RepresentativeId>,
    /// How it was interpreted.
    pub interpreter: InterpreterAtVisit,
    /// What is said of that; needed where the physician went on without an interpreter.
    pub interpreter_text: Option<ShortText>,
    /// Whether treatment at the hospital was talked about.
    pub treatment_discussed: bool,
}

impl TookPlace {
    /// Half hours that began by the clock; the first began with the talk.
    pub fn begun(&self) -> i64 {
        let minutes = self.ended_at.duration_since(self.began_at).as_mins();
        ((minutes + 29) / 30).max(1)
    }

    /// Whether the times make sense: in order, past, on the day of the appointment, and no longer than half a day.
    pub fn has_sensible_times(&self, day: Date, now: Timestamp) -> bool {
        let lasted = self.ended_at.duration_since(self.began_at);
        let is_of_the_day = today_in_tokyo(self.began_at) == day;
        is_of_the_day && self.ended_at <= now && lasted > SignedDuration::ZERO && lasted <= LONGEST
    }

    /// Half hours that are charged: those that began without those that are not charged; the first always is.
    pub fn charged(&self) -> u8 {
        let free = self.not_charged.as_ref().map_or(0, |free| free.half_hours);
        self.half_hours.saturating_sub(free).max(1)
    }
}

/// A consultation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consultation {
    /// What took place.
    pub took_place: TookPlace,
    /// Who recorded it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// The physician who recorded it, or confirmed what the desk recorded.
    pub confirmed_by: Option<UserId>,
}

/// What stood there before it was corrected, or taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// What stood there.
    pub before: Consultation,
    /// Why it was changed.
    pub reason: LongText,
    /// Who changed it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// How a consultation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsultationEnd {
    /// It took place.
    Held(TookPlace),
    /// The hospital broke it off: it did not take place, and nothing is charged.
    BrokenOff {
        /// Why.
        reason: LongText,
    },
}

impl Appointment {
    /// Half hours that were agreed on before they began: those of the estimate, and the extensions.
    pub fn agreed(&self) -> u8 {
        self.time.as_ref().map_or(0, |time| time.half_hours)
    }

    /// Half hours of the consultation that are charged, and of them those that whoever accepted the estimate pays. Those who visit pay the last ones.
    pub fn charged(&self) -> Option<(u8, u8)> {
        let charged = self.visit.consultation.as_ref()?.took_place.charged();
        let by_visitor = u8::try_from(self.visit.extensions_paid_by(ExtensionPayer::Visitor)).unwrap_or(u8::MAX);
        let covered = self.agreed().saturating_sub(by_visitor);
        Some((charged, charged.min(covered)))
    }
}
