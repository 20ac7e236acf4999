//! What the operations on appointments take.

use application::appointments::{NewBooking, NewOffer, NewWishes, NotAttendedVisit, WantedTime};
use domain::appointments::{ChangeReason, ChangedBy, Choice, InterpreterFrom, Notice};
use domain::ids::{AppointmentId, UserId};
use domain::people::{LongText, ShortText};
use domain::visit::Attempt;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;

/// The days on which those who visit can come.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProposeAppointmentWishes {
    /// The days that they like best, in Tokyo, the best first. Needed unless the travel is given.
    #[serde(default)]
    #[schema(required = false, max_items = 3)]
    days: Vec<Date>,
    /// The first day of their travel.
    #[serde(default)]
    from_on: Option<Date>,
    /// The last day of their travel.
    #[serde(default)]
    until_on: Option<Date>,
    /// Who provides the interpreter, as they see it.
    #[serde(default)]
    interpreter: Option<InterpreterFrom>,
    /// What the hospital must know, such as a wheelchair.
    #[serde(default)]
    needs: Option<LongText>,
}

impl ProposeAppointmentWishes {
    pub(super) fn wishes(&self) -> NewWishes {
        NewWishes {
            days: self.days.clone(),
            from_on: self.from_on,
            until_on: self.until_on,
            interpreter: self.interpreter,
            needs: self.needs.clone(),
        }
    }
}

/// A free time.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VisitTimeWanted {
    /// When it begins: a full or a half hour.
    starts_at: Timestamp,
    /// The physician.
    physician_id: UserId,
    /// Physicians who are present, too.
    #[serde(default)]
    #[schema(required = false, max_items = 3)]
    also_physician_ids: Vec<UserId>,
}

impl VisitTimeWanted {
    fn time(&self) -> WantedTime {
        WantedTime { starts_at: self.starts_at, physician: self.physician_id, also: self.also_physician_ids.clone() }
    }
}

/// Who wants a change, why, and since when the hospital knows.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppointmentNotice {
    /// Who wants it.
    by: ChangedBy,
    /// Why.
    reason: ChangeReason,
    /// In words, for the hospital's people.
    #[serde(default)]
    text: Option<ShortText>,
    /// The day, in Tokyo, on which the notice arrived: the cancellation policy counts from it.
    notified_on: Date,
}

impl AppointmentNotice {
    fn notice(&self) -> Notice {
        Notice { by: self.by, reason: self.reason, text: self.text.clone(), notified_on: self.notified_on }
    }
}

/// Times that the hospital offers.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferAppointment {
    /// The times.
    #[schema(min_items = 1, max_items = 3)]
    times: Vec<VisitTimeWanted>,
    /// The room.
    #[serde(default)]
    room: Option<ShortText>,
    /// Who wants another time than the one that stands; needed beside a confirmed appointment, and only there.
    #[serde(default)]
    notice: Option<AppointmentNotice>,
}

impl OfferAppointment {
    pub(super) fn offer(&self) -> NewOffer {
        NewOffer {
            times: self.times.iter().map(VisitTimeWanted::time).collect(),
            room: self.room.clone(),
            notice: self.notice.as_ref().map(AppointmentNotice::notice),
        }
    }
}

/// The choice of an offered time.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptAppointmentOffer {
    /// Which of the times, from 0.
    #[schema(minimum = 0, maximum = 2)]
    choice: u8,
    /// Who provides the interpreter; `not_needed` for a conversation in Japanese or English.
    interpreter: InterpreterFrom,
    /// What those who visit need, if it is more than they said before.
    #[serde(default)]
    needs: Option<LongText>,
}

impl AcceptAppointmentOffer {
    pub(super) fn choice(&self, offer: AppointmentId) -> Choice {
        Choice { offer, place: usize::from(self.choice), interpreter: self.interpreter, needs: self.needs.clone() }
    }
}

/// A time that the desk books.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BookAppointment {
    /// The time.
    time: VisitTimeWanted,
    /// Who provides the interpreter; `not_needed` for a conversation in Japanese or English.
    interpreter: InterpreterFrom,
    /// The room.
    #[serde(default)]
    room: Option<ShortText>,
}

impl BookAppointment {
    pub(super) fn booking(&self) -> NewBooking {
        NewBooking { time: self.time.time(), interpreter: self.interpreter, room: self.room.clone() }
    }
}

/// Another time.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RescheduleAppointment {
    /// The time.
    time: VisitTimeWanted,
    /// Who wants it, and why.
    notice: AppointmentNotice,
}

impl RescheduleAppointment {
    pub(super) fn time(&self) -> WantedTime {
        self.time.time()
    }

    pub(super) fn notice(&self) -> Notice {
        self.notice.notice()
    }
}

/// Why an appointment is cancelled.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CancelAppointment {
    /// Who wants it, and why.
    notice: AppointmentNotice,
}

impl CancelAppointment {
    pub(super) fn notice(&self) -> Notice {
        self.notice.notice()
    }
}

/// Another physician.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubstitutePhysician {
    /// The time, on the same day.
    time: VisitTimeWanted,
    /// In words, for the hospital's people.
    #[serde(default)]
    text: Option<ShortText>,
}

impl SubstitutePhysician {
    pub(super) fn time(&self) -> WantedTime {
        self.time.time()
    }

    pub(super) fn text(&self) -> Option<&ShortText> {
        self.text.as_ref()
    }
}

/// An attempt to reach those who did not come.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContactAttempt {
    /// When.
    attempted_at: Timestamp,
    /// How: by telephone, by mail.
    how: ShortText,
}

/// A visit that did not take place.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MarkNotAttended {
    /// The attempts to reach those who did not come.
    #[schema(min_items = 1, max_items = 10)]
    attempts: Vec<ContactAttempt>,
    /// Whether the case ends; else another date is arranged.
    ends_case: bool,
}

impl MarkNotAttended {
    pub(super) fn visit(&self) -> NotAttendedVisit {
        let attempts = self.attempts.iter().map(|one| Attempt { at: one.attempted_at, how: one.how.clone() }).collect();
        NotAttendedVisit { attempts, ends: self.ends_case }
    }
}
