//! The entry of a visit for the calendar of those who visit (RFC 5545). It names nobody and no disease: calendars are shared.

use domain::appointments::{Appointment, AppointmentState};
use domain::case::Case;
use domain::people::ShortText;
use domain::settings::HospitalSettings;
use ics::properties::{Description, DtEnd, DtStart, Location, Sequence, Status, Summary};
use ics::{Event, ICalendar, escape_text};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::catalogue::views::CatalogueVisit;
use crate::http::messages::{Language, Messages};

/// The program that writes it, as RFC 5545 asks for it.
const PRODUCT: &str = "-//second-opinion//appointments//EN";

/// The content of an entry.
pub(crate) struct Entry<'a> {
    /// The same for the visit of a case, however often it is moved.
    pub(crate) uid: &'a str,
    /// Counts what became of it: a calendar keeps the newest.
    pub(crate) sequence: usize,
    /// Whether it does not take place.
    pub(crate) is_cancelled: bool,
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
    /// The room; empty if it is not known.
    pub(crate) room: &'a str,
    /// Things to bring.
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
        event.push(if self.is_cancelled { Status::cancelled() } else { Status::confirmed() });
        event.push(Summary::new(escape_text(summary)));
        event.push(Location::new(escape_text(format!("{} {}", self.place, self.room).trim_end().to_owned())));
        event.push(Description::new(escape_text(self.to_bring)));
        let mut calendar = ICalendar::new("2.0", PRODUCT);
        calendar.add_event(event);
        Some(calendar.to_string())
    }
}

/// The entry of an appointment of a case. `None` while no time is fixed, and once another appointment stands in its place.
pub(super) fn of(
    appointment: &Appointment,
    case: &Case,
    settings: &HospitalSettings,
    (messages, language): (&Messages, Language),
) -> Option<String> {
    use AppointmentState as S;
    let is_cancelled = match appointment.state {
        S::Confirmed | S::Arrived | S::Held => false,
        S::CancelledByApplicant | S::CancelledByHospital | S::NotAttended | S::BrokenOff if case.visit().is_none() => true,
        S::CancelledByApplicant
        | S::CancelledByHospital
        | S::NotAttended
        | S::BrokenOff
        | S::Offered
        | S::Reserved
        | S::Moved
        | S::Lapsed
        | S::Withdrawn => return None,
    };
    let time = appointment.time.as_ref()?;
    let CatalogueVisit { place, to_bring, .. } = CatalogueVisit::of(&settings.visits, messages, language);
    let entry = Entry {
        uid: &case.id().to_string(),
        sequence: case.appointment_changes(),
        is_cancelled,
        case: case.number(),
        starts_at: time.starts_at,
        ends_at: time.ends_at(),
        changed_at: appointment.changed_at(),
        place: &place,
        room: appointment.room.as_ref().map_or("", ShortText::as_str),
        to_bring: &to_bring,
    };
    entry.file(messages, language)
}

fn in_utc(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}
