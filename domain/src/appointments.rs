//! Appointments: when a visit takes place, with whom, and who interprets. A case has one visit; appointments that came to nothing stay in its record.

mod booking;
mod changes;
mod offers;
mod settings;
#[cfg(test)]
mod tests;
mod turn;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use booking::Booked;
pub use changes::NotAttended;
pub use offers::Choice;
pub use settings::AppointmentSettings;
pub use turn::DateTurn;

use crate::calendar::half_hours::{HALF_HOUR, begins_half_hour};
use crate::calendar::today_in_tokyo;
use crate::case::Rules;
use crate::ids::{AppointmentId, DepartmentId, InvoiceId, UserId};
use crate::people::{LanguageTag, LongText, ShortText};
use crate::visit::{ExamException, TreatmentRequest, VisitRecord};
use crate::wire::wire_enum;

/// The most days that those who visit like best.
pub const MOST_WISHED_DAYS: usize = 3;
/// The most times in one offer.
pub const MOST_OFFERED: usize = 3;
/// The most physicians who receive together.
pub const MOST_PHYSICIANS: usize = 4;

wire_enum! {
    /// Where an appointment stands.
    AppointmentState grows {
        /// The hospital offers times; nobody has chosen.
        Offered = "offered",
        /// A time is chosen and not paid: it is kept until its payment is due.
        Reserved = "reserved",
        /// It takes place.
        Confirmed = "confirmed",
        /// Somebody was received.
        Arrived = "arrived",
        /// The consultation took place.
        Held = "held",
        /// The visit did not take place.
        NotAttended = "not_attended",
        /// The hospital broke the consultation off: it did not take place.
        BrokenOff = "broken_off",
        /// Another appointment stands in its place.
        Moved = "moved",
        /// Cancelled by those who visit, or who apply for them.
        CancelledByApplicant = "cancelled_by_applicant",
        /// Cancelled by the hospital.
        CancelledByHospital = "cancelled_by_hospital",
        /// Nobody chose, or paid, in time.
        Lapsed = "lapsed",
        /// The hospital took the offer back, or those who visit asked for other days.
        Withdrawn = "withdrawn",
    }
}

wire_enum! {
    /// Who wants a change of an appointment.
    ChangedBy {
        /// Those who visit, or who apply for them.
        Applicant = "applicant",
        /// The hospital: nothing is charged.
        Hospital = "hospital",
    }
}

wire_enum! {
    /// Why an appointment is changed.
    ChangeReason grows {
        /// A flight.
        Flight = "flight",
        /// A visa.
        Visa = "visa",
        /// Somebody's health.
        Health = "health",
        /// No interpreter.
        Interpreter = "interpreter",
        /// The physician cannot come.
        PhysicianAbsent = "physician_absent",
        /// Another reason.
        Other = "other",
    }
}

wire_enum! {
    /// Who provides the interpreter.
    InterpreterFrom grows {
        /// Nobody: the conversation is in Japanese or English.
        NotNeeded = "not_needed",
        /// The hospital.
        Hospital = "hospital",
        /// Those who visit, or their agency.
        Brought = "brought",
        /// Somebody interprets by telephone.
        Telephone = "telephone",
    }
}

/// The visit of a case, from its arrangement to its invoice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Visiting {
    /// Whose turn it is to say days.
    pub(crate) date_turn: DateTurn,
    /// What those who visit said last about the days on which they can come.
    pub(crate) wishes: Option<AppointmentWishes>,
    /// The appointments, in the order of their making.
    pub(crate) appointments: Vec<Appointment>,
    /// The exams that took place although a second opinion has none.
    pub(crate) exams: Vec<ExamException>,
    /// What those who visited wish of the hospital beyond the second opinion.
    pub(crate) treatment_requests: Vec<TreatmentRequest>,
    /// The invoice of the accepted estimate.
    pub(crate) invoice: Option<InvoiceId>,
    /// Whether everything that took place is invoiced.
    pub(crate) is_invoiced: bool,
}

/// A time for a visit: half hours of one physician, or of several together, one after another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitTime {
    /// When it begins.
    pub starts_at: Timestamp,
    /// Half hours.
    pub half_hours: u8,
    /// The physician of the appointment.
    pub physician: UserId,
    /// Physicians who are present, too; the price is the same.
    pub also: Vec<UserId>,
}

impl VisitTime {
    /// Every half hour that it takes, of each physician, in the order of time.
    pub fn half_hours(&self) -> impl Iterator<Item = HeldHalfHour> + '_ {
        let starts = (0..i32::from(self.half_hours)).filter_map(|place| self.starts_at.checked_add(HALF_HOUR * place).ok());
        starts.flat_map(move |starts_at| self.physicians().map(move |physician| HeldHalfHour { starts_at, physician }))
    }

    /// Everybody who receives.
    pub fn physicians(&self) -> impl Iterator<Item = UserId> + '_ {
        std::iter::once(self.physician).chain(self.also.iter().copied())
    }

    /// When it ends.
    pub fn ends_at(&self) -> Timestamp {
        self.starts_at.saturating_add(HALF_HOUR * i32::from(self.half_hours)).unwrap_or(Timestamp::MAX)
    }

    /// The day, in Tokyo.
    pub fn day(&self) -> Date {
        today_in_tokyo(self.starts_at)
    }

    /// Why nobody can be received at this time, whoever is free: it is past, no half hour begins then, or its day is closed.
    pub fn fault(&self, rules: &Rules<'_>, department: Option<DepartmentId>, now: Timestamp) -> Option<&'static str> {
        if !begins_half_hour(self.starts_at) {
            return Some("half_hour");
        }
        if self.starts_at <= now {
            return Some("in_past");
        }
        let is_open = department.is_some_and(|department| rules.settings.calendar.is_open(department, self.day()));
        if is_open { None } else { Some("closed_day") }
    }
}

/// A half hour of a physician.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeldHalfHour {
    /// When it begins.
    pub starts_at: Timestamp,
    /// Whose.
    pub physician: UserId,
}

/// A half hour that a case takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TakenHalfHour {
    /// Which.
    pub half_hour: HeldHalfHour,
    /// Until when it is held; `None`: for good.
    pub held_until: Option<Timestamp>,
}

/// The days on which those who visit can come, and what they need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentWishes {
    /// The days that they like best, the best first.
    pub days: Vec<Date>,
    /// The first day of their travel.
    pub from_on: Option<Date>,
    /// The last day of their travel.
    pub until_on: Option<Date>,
    /// Who provides the interpreter, as they see it.
    pub interpreter: Option<InterpreterFrom>,
    /// What the hospital must know: a wheelchair, oxygen.
    pub needs: Option<LongText>,
    /// Who wrote it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// The interpreter of an appointment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interpreter {
    /// Who provides them.
    pub from: InterpreterFrom,
    /// The language of the conversation.
    pub language: LanguageTag,
}

/// Who wants a change of an appointment, why, and since when the hospital knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Who.
    pub by: ChangedBy,
    /// Why.
    pub reason: ChangeReason,
    /// In words, for the hospital's people.
    pub text: Option<ShortText>,
    /// The day, in Tokyo, on which the notice arrived: the policy counts from it.
    pub notified_on: Date,
}

impl Notice {
    /// A notice that arrives now, without words.
    const fn of_today(by: ChangedBy, reason: ChangeReason, rules: &Rules<'_>) -> Self {
        Self { by, reason, text: None, notified_on: rules.today }
    }
}

/// A move or a substitution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentChange {
    /// The time before.
    pub before: VisitTime,
    /// Who wanted it, and why.
    pub notice: Notice,
    /// Who recorded it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// How an appointment came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentEnd {
    /// Who wanted it, and why; `None`: the clock, or the end of the case.
    pub notice: Option<Notice>,
    /// When it was recorded.
    pub at: Timestamp,
}

/// An appointment of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// The identifier.
    pub id: AppointmentId,
    /// Where it stands.
    pub state: AppointmentState,
    /// The times that were offered.
    pub offered: Vec<VisitTime>,
    /// Who wants another time than the one that stands; of an offer beside a confirmed appointment.
    #[serde(default)]
    pub moves: Option<Notice>,
    /// The time that was chosen.
    pub time: Option<VisitTime>,
    /// Until when its half hours are held: those of an offer until somebody chooses, those of a reservation until it is paid.
    pub held_until: Option<Timestamp>,
    /// The interpreter.
    pub interpreter: Option<Interpreter>,
    /// The room.
    pub room: Option<ShortText>,
    /// What those who visit need.
    pub needs: Option<LongText>,
    /// Moves and substitutions, in order.
    pub changes: Vec<AppointmentChange>,
    /// How it came to nothing.
    pub end: Option<AppointmentEnd>,
    /// What took place.
    #[serde(default)]
    pub visit: VisitRecord,
    /// When the hospital offered or booked it.
    pub made_at: Timestamp,
    /// Who did.
    pub made_by: UserId,
}

impl Appointment {
    /// An appointment that was offered or booked now.
    fn new(id: AppointmentId, made_by: UserId, made_at: Timestamp, room: Option<ShortText>) -> Self {
        Self {
            id,
            state: AppointmentState::Offered,
            offered: Vec::new(),
            moves: None,
            time: None,
            held_until: None,
            interpreter: None,
            room,
            needs: None,
            changes: Vec::new(),
            end: None,
            visit: VisitRecord::default(),
            made_at,
            made_by,
        }
    }

    /// Whether a time is chosen, and the visit is to come or under way.
    pub const fn is_booked(&self) -> bool {
        matches!(self.state, AppointmentState::Reserved | AppointmentState::Confirmed | AppointmentState::Arrived)
    }

    /// Whether it holds half hours that nobody else is to have.
    pub const fn is_open(&self) -> bool {
        matches!(self.state, AppointmentState::Offered) || self.is_booked()
    }

    /// Every half hour that it holds, in order, each once: of an offer all that are offered, then those of the time that was chosen. Those of a consultation
    /// that took place stay taken.
    pub fn held(&self) -> Vec<HeldHalfHour> {
        let mut held: Vec<HeldHalfHour> = match (self.state, &self.time) {
            (AppointmentState::Offered, _) => self.offered.iter().flat_map(VisitTime::half_hours).collect(),
            (_, Some(time)) if self.is_booked() || self.state == AppointmentState::Held => time.half_hours().collect(),
            _ => Vec::new(),
        };
        held.sort_unstable();
        held.dedup();
        held
    }

    /// When it was made, moved last, or came to nothing.
    pub fn changed_at(&self) -> Timestamp {
        let ended = self.end.as_ref().map(|end| end.at);
        ended.or(self.changes.last().map(|change| change.at)).unwrap_or(self.made_at)
    }

    /// How often those who visit have moved it.
    pub fn moves_by_applicant(&self) -> usize {
        self.changes.iter().filter(|change| change.notice.by == ChangedBy::Applicant).count()
    }

    /// It came to nothing.
    pub(crate) fn finish(&mut self, state: AppointmentState, notice: Option<Notice>, at: Timestamp) {
        (self.state, self.held_until, self.end) = (state, None, Some(AppointmentEnd { notice, at }));
    }
}
