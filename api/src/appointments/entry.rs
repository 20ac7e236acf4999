//! The entry of a visit for the calendar of those who visit (RFC 5545). It names nobody and no disease: calendars are shared.

use domain::appointments::{Appointment, AppointmentState};
use domain::settings::HospitalSettings;
use ics::properties::{Description, DtEnd, DtStart, Location, Sequence, Status, Summary};
use ics::{Event, ICalendar, escape_text};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::http::messages::{Language, Messages};

/// The program that writes it, as RFC 5545 asks for it.
const PRODUCT: &str = "-//second-opinion//appointments//EN";

/// What an entry tells.
pub(crate) struct Entry<'a> {
    /// The same for one appointment, however often it is moved.
    pub(crate) uid: &'a str,
    /// Counts the changes: a calendar keeps the newest.
    pub(crate) sequence: usize,
    /// The number of the case.
    pub(crate) case: &'a str,
    /// When it begins.
    pub(crate) starts_at: Timestamp,
    /// When it ends.
    pub(crate) ends_at: Timestamp,
    /// When the appointment was made, or changed last.
    pub(crate) changed_at: Timestamp,
    /// Where to come.
    pub(crate) place: &'a str,
    /// What to bring.
    pub(crate) to_bring: &'a str,
}

impl Entry<'_> {
    /// The entry as a file; `None` without its texts.
    pub(crate) fn file(&self, messages: &Messages, language: Language) -> Option<String> {
        let summary = messages.find(language, "calendar_entry-summary", &[("case", self.case)])?;
        let mut event = Event::new(self.uid, in_utc(self.changed_at));
        event.push(DtStart::new(in_utc(self.starts_at)));
        event.push(DtEnd::new(in_utc(self.ends_at)));
        event.push(Sequence::new(self.sequence.to_string()));
        event.push(Status::confirmed());
        event.push(Summary::new(escape_text(summary)));
        event.push(Location::new(escape_text(self.place)));
        event.push(Description::new(escape_text(self.to_bring)));
        let mut calendar = ICalendar::new("2.0", PRODUCT);
        calendar.add_event(event);
        Some(calendar.to_string())
    }
}

/// The entry of an appointment; `None` while no time is fixed.
pub(super) fn of(
    appointment: &Appointment,
    case: &str,
    settings: &HospitalSettings,
    (messages, language): (&Messages, Language),
) -> Option<String> {
    let is_fixed = matches!(appointment.state, AppointmentState::Confirmed | AppointmentState::Arrived | AppointmentState::Held);
    let time = appointment.time.as_ref().filter(|_| is_fixed)?;
    let texts = &settings.visits;
    let (place, to_bring) = match language {
        Language::Japanese => (&texts.place_ja, &texts.to_bring_ja),
        Language::English => (&texts.place, &texts.to_bring),
    };
    let own = |text: &Option<domain::people::LongText>, built_in: &str| match text {
        Some(text) => Some(text.to_string()),
        None => messages.find(language, built_in, &[]),
    };
    let (place, to_bring) = (own(place, "visit-place")?, own(to_bring, "visit-to_bring")?);
    let (starts_at, ends_at) = (time.starts_at, time.ends_at());
    let (uid, sequence) = (appointment.id.to_string(), appointment.changes.len());
    let changed_at = appointment.changed_at();
    Entry { uid: &uid, sequence, case, starts_at, ends_at, changed_at, place: &place, to_bring: &to_bring }.file(messages, language)
}

fn in_utc(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}
