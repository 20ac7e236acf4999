//! The letters about appointments.

use domain::appointments::{Appointment, AppointmentState, VisitTime};
use domain::calendar::last_day_before;
use domain::case::Case;
use domain::people::LongText;
use persistence::Transaction;

use super::{About, Facts, Letter, Side};
use crate::Error;
use crate::app::read_settings;

/// The name by which a letter refers to a built-in text.
const BUILT_IN: &str = "built_in";

/// The letter about an appointment, as long as it is true.
#[expect(clippy::wildcard_enum_match_arm, reason = "the other letters are about something else")]
pub(super) fn letter(tx: &mut Transaction<'_>, case: &Case, one: &Appointment, about: &About) -> Result<Option<Letter>, Error> {
    use AppointmentState as S;
    let everybody = |reason, facts| Some(Letter { reason, to: Side::Everybody, facts });
    let last_on = one.held_until.map(last_day_before);
    Ok(match about {
        About::Offer { .. } if one.state == S::Offered => {
            let starts = one.offered.iter().map(|time| time.starts_at).collect();
            let facts = Facts { times: vec![("times", starts)], ..Facts::default() };
            last_on.and_then(|day| everybody("appointment_offer", facts.day("last_on", day)))
        }
        About::Reserved { .. } if one.state == S::Reserved => {
            last_on.zip(one.time.as_ref()).and_then(|(day, time)| everybody("appointment_reserved", at(time).day("last_on", day)))
        }
        About::Confirmed { .. } if one.state == S::Confirmed => {
            let facts = booked(tx, case, one)?;
            everybody("appointment_confirmed", prepared(tx, facts)?)
        }
        About::Moved { .. } if one.state == S::Confirmed => {
            let facts = booked(tx, case, one)?;
            everybody("appointment_moved", prepared(tx, facts)?)
        }
        About::Tomorrow { starts_at, .. }
            if one.state == S::Confirmed && one.time.as_ref().is_some_and(|time| time.starts_at == *starts_at) =>
        {
            let facts = booked(tx, case, one)?;
            everybody("appointment_tomorrow", prepared(tx, facts)?)
        }
        About::PhysicianChanged { .. } if one.state == S::Confirmed => everybody("physician_changed", booked(tx, case, one)?),
        About::AppointmentCancelled { .. } => match one.state {
            S::CancelledByHospital | S::BrokenOff => everybody("appointment_cancelled_by_us", Facts::default()),
            S::CancelledByApplicant => everybody("appointment_cancelled", Facts::default()),
            S::Offered | S::Reserved | S::Confirmed | S::Arrived | S::Held | S::NotAttended | S::Moved | S::Lapsed | S::Withdrawn => None,
        },
        // An offer beside a visit that stands takes nothing away.
        About::AppointmentLapsed { .. } if one.moves.is_none() => everybody("appointment_lapsed", Facts::default()),
        _ => None,
    })
}

fn at(time: &VisitTime) -> Facts {
    Facts { times: vec![("time", vec![time.starts_at])], ..Facts::default() }
}

/// When, and with whom.
fn booked(tx: &mut Transaction<'_>, case: &Case, one: &Appointment) -> Result<Facts, Error> {
    let Some(time) = &one.time else { return Ok(Facts::default()) };
    let name = persistence::users::get(tx, time.physician)?.profile.name;
    let english = name.shown().to_owned();
    let japanese = name.native().map_or_else(|| english.clone(), str::to_owned);
    // The letter brings the entry for the reader's calendar.
    let facts = Facts { both: vec![("physician", [english, japanese])], ..at(time) };
    let room = one.room.as_ref().map(ToString::to_string).unwrap_or_default();
    let entry = facts.text("entry_uid", &case.id()).text("entry_sequence", &case.appointment_changes()).text("entry_room", &room);
    let entry = entry.text("entry_changed_at", &one.changed_at());
    Ok(entry.text("entry_starts_at", &time.starts_at).text("entry_ends_at", &time.ends_at()))
}

/// Where to come, and how to prepare: the hospital's own texts, or the built-in ones.
fn prepared(tx: &mut Transaction<'_>, mut facts: Facts) -> Result<Facts, Error> {
    let settings = read_settings(tx)?;
    let own = |text: &Option<LongText>| text.as_ref().map_or_else(|| BUILT_IN.to_owned(), ToString::to_string);
    let texts = &settings.values.visits;
    facts.both.extend([
        ("place", [own(&texts.place), own(&texts.place_ja)]),
        ("to_bring", [own(&texts.to_bring), own(&texts.to_bring_ja)]),
        ("to_be_discussed", [own(&texts.to_be_discussed), own(&texts.to_be_discussed_ja)]),
    ]);
    Ok(facts)
}
