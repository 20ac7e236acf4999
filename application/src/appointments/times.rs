//! Times of visits in the calendar: whether they can be had, and how a case takes them.

use domain::appointments::{HeldHalfHour, VisitTime};
use domain::case::{Case, Refusal};
use domain::ids::DepartmentId;
use persistence::taken;

use crate::{Error, Fault, Work, review};

/// Refuses times that the calendar does not have, by their place: `pointer` says where each stands in the body.
///
/// # Errors
/// Every fault; [`Refusal::SlotTaken`] names those that somebody else has.
pub(super) fn check(work: &mut Work<'_, '_>, case: &Case, times: &[VisitTime], pointer: impl Fn(usize) -> String) -> Result<(), Error> {
    let (now, mut faults) = (work.now, Vec::new());
    for (place, time) in times.iter().enumerate() {
        let at = pointer(place);
        let is_again = times.iter().take(place).any(|other| other.starts_at == time.starts_at && other.physician == time.physician);
        let code = if is_again { Some("repeated") } else { time.fault(&work.rules(), case.department(), now) };
        if let Some(code) = code {
            faults.push(Fault::at(format!("{at}/starts_at"), code));
        }
        let before = faults.len();
        check_physicians(work, case, time, &at, &mut faults)?;
        let is_there = match case.department() {
            Some(department) if code.is_none() && faults.len() == before => is_in_calendar(work, department, time)?,
            Some(_) | None => true,
        };
        if !is_there {
            faults.push(Fault::at(format!("{at}/starts_at"), "not_in_calendar"));
        }
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let mut refused = Vec::new();
    for (place, time) in times.iter().enumerate() {
        let half_hours: Vec<HeldHalfHour> = time.half_hours().collect();
        if taken::is_any_taken(work.tx, case.id(), &half_hours, now)? {
            refused.push(format!("{}/starts_at", pointer(place)));
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(Error::Refused(Refusal::SlotTaken { pointers: refused })) }
}

/// Those who receive are doctors of the department, each once.
fn check_physicians(work: &mut Work<'_, '_>, case: &Case, time: &VisitTime, at: &str, faults: &mut Vec<Fault>) -> Result<(), Error> {
    let named: Vec<_> = time.physicians().collect();
    for (place, physician) in named.iter().enumerate() {
        let at = if place == 0 { format!("{at}/physician_id") } else { format!("{at}/also_physician_ids/{}", place - 1) };
        if named.iter().take(place).any(|other| other == physician) {
            faults.push(Fault::at(at, "repeated"));
        } else if let Some(department) = case.department()
            && !review::is_doctor_of(work, *physician, department)?
        {
            faults.push(Fault::at(at, "not_of_this_department"));
        }
    }
    Ok(())
}

/// Whether every half hour is in the calendar of everybody who receives.
pub(crate) fn is_in_calendar(work: &mut Work<'_, '_>, department: DepartmentId, time: &VisitTime) -> Result<bool, Error> {
    for physician in time.physicians() {
        let wanted: Vec<_> = time.half_hours().filter(|one| one.physician == physician).map(|one| one.starts_at).collect();
        if persistence::availability::find(work.tx, department, physician, &wanted)?.len() < wanted.len() {
            return Ok(false);
        }
    }
    Ok(true)
}
