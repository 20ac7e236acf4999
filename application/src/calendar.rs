//! The calendar: the days on which the hospital is closed, the half hours in which physicians receive people, and those that are free.

use domain::access::{Role, may};
use domain::calendar::closed_days::HOLIDAYS_KNOWN_TO;
use domain::calendar::half_hours::{HalfHourTime, half_hours_of};
use domain::calendar::{CalendarSettings, ClosedDay, today_in_tokyo};
use domain::ids::{DepartmentId, UserId};
use domain::settings::HospitalSettings;
use jiff::civil::Date;
use persistence::Page;

use crate::app::read_settings;
use crate::{Conflict, Error, Fault, Settings, UnitOfWork, Work, review, settings};

pub use persistence::availability::{HalfHour, HalfHours, Place};

/// The half hours of a physician on some days.
#[derive(Clone, Debug)]
pub struct Hours {
    /// Who.
    pub physician: UserId,
    /// For which department.
    pub department: DepartmentId,
    /// The days, in Tokyo.
    pub days: Vec<Date>,
    /// When the first half hour of each day begins.
    pub begin: HalfHourTime,
    /// When the last one ends.
    pub end: HalfHourTime,
}

/// How many half hours were entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entered {
    /// Those that are new.
    pub created: usize,
    /// Those that were there already.
    pub kept: usize,
}

/// Replaces the days on which the hospital, or a department, is closed besides weekends, holidays and the turn of the year.
///
/// # Errors
/// `unknown_reference` for a department that does not exist, `repeated` for a day that stands twice.
pub fn update_closed_days(work: &mut UnitOfWork<'_, '_, may::UpdateClosedDays>, days: &[ClosedDay]) -> Result<Settings, Error> {
    work.audit_subject("settings");
    let before = read_settings(work.tx)?;
    work.expect(settings::revision(&before))?;
    let repeated = CalendarSettings::repeated_days(days).into_iter();
    let mut faults: Vec<Fault> = repeated.map(|place| Fault::at(format!("/closed_days/{place}/closed_on"), "repeated")).collect();
    faults.extend(settings::unknown_departments(work, days, "/closed_days")?);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let mut values: HospitalSettings = (*before.values).clone();
    values.calendar.closed_days = days.to_vec();
    values.calendar.closed_days.sort_by_key(|day| (day.closed_on, day.department_id));
    settings::save(work, before, values)
}

/// Enters half hours in which a physician receives people. Those that are there already stay.
///
/// # Errors
/// Every fault of the hours, by its place.
pub fn create_availability(work: &mut UnitOfWork<'_, '_, may::CreateAvailability>, hours: &Hours) -> Result<Entered, Error> {
    check(work, hours)?;
    let starts = hours.days.iter().flat_map(|day| half_hours_of(*day, hours.begin, hours.end));
    let (physician, department) = (hours.physician, hours.department);
    let new: Vec<HalfHour> = starts.map(|starts_at| HalfHour { id: work.fresh(), physician, department, starts_at }).collect();
    let now = work.now;
    let created = persistence::availability::insert(work.tx, &new, now)?;
    note(work, hours, created);
    Ok(Entered { created, kept: new.len().saturating_sub(created) })
}

/// Takes half hours of a physician out of the calendar, and says how many there were.
///
/// # Errors
/// [`Error::Absent`] for a department that is not the caller's, `unknown_reference` for one that does not exist; `half_hours_taken` if a case has one of them.
pub fn delete_availability(work: &mut UnitOfWork<'_, '_, may::DeleteAvailability>, hours: &Hours) -> Result<usize, Error> {
    check_department(work, hours.department)?;
    let (mut deleted, now) = (0, work.now);
    for day in &hours.days {
        let span = (hours.begin.on(*day), hours.end.on(*day));
        deleted += persistence::availability::delete(work.tx, hours.department, hours.physician, span, now)?;
        let which =
            HalfHours { department: Some(hours.department), physician: Some(hours.physician), from: span.0, until: span.1, free_at: None };
        if !persistence::availability::list(work.tx, &which, Page::first(1))?.is_empty() {
            return Err(Error::Conflict(Conflict::HalfHoursTaken));
        }
    }
    note(work, hours, deleted);
    Ok(deleted)
}

/// A page of half hours as they were entered, the earliest first; one more than `limit` if there is a next page.
pub fn list_availability(
    work: &mut UnitOfWork<'_, '_, may::ListAvailability>,
    which: &HalfHours,
    after: Option<Place>,
    limit: u32,
) -> Result<Vec<HalfHour>, Error> {
    let found = persistence::availability::list(work.tx, which, Page { after, limit: limit.saturating_add(1) })?;
    work.audit_page(&found, limit, |one| one.id);
    Ok(found)
}

/// A page of free half hours, the earliest first; one more than `limit` if there is a next page. What has begun is not free, nor is a day on which the hospital or
/// the department is closed, nor the half hours of somebody who is no doctor of the department any longer.
pub fn list_slots(
    work: &mut UnitOfWork<'_, '_, may::ListSlots>,
    which: &HalfHours,
    after: Option<Place>,
    limit: u32,
) -> Result<Vec<HalfHour>, Error> {
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1);
    let which = HalfHours { from: which.from.max(work.now), free_at: Some(work.now), ..*which };
    let (mut free, mut after) = (Vec::new(), after);
    while free.len() < wanted {
        let page = persistence::availability::list(work.tx, &which, Page { after, limit: limit.saturating_add(1) })?;
        let is_last = page.len() < wanted;
        after = page.last().map(HalfHour::place);
        let people = page.iter().map(|one| one.physician).collect();
        let doctors = persistence::availability::doctors_among(work.tx, &people)?;
        free.extend(page.into_iter().filter(|one| is_open(work, one) && doctors.contains(&(one.physician, one.department))));
        if is_last {
            break;
        }
    }
    free.truncate(wanted);
    // What is told of somebody are the times of the physicians.
    work.audit_page(&free, limit, |one| one.physician);
    Ok(free)
}

/// Whether people are received on the day of a half hour.
pub fn is_open(work: &Work<'_, '_>, one: &HalfHour) -> bool {
    work.settings.calendar.is_open(one.department, today_in_tokyo(one.starts_at))
}

fn note(work: &mut Work<'_, '_>, hours: &Hours, count: usize) {
    work.audit_subject(hours.physician);
    work.audit_subject(hours.department);
    work.note("half_hours", count);
}

/// Whether somebody may enter these half hours, and whether the hospital can keep them.
fn check(work: &mut Work<'_, '_>, hours: &Hours) -> Result<(), Error> {
    check_department(work, hours.department)?;
    let mut faults = Vec::new();
    if !review::is_doctor_of(work, hours.physician, hours.department)? {
        faults.push(Fault::at("/physician_id", "not_of_this_department"));
    }
    if hours.end <= hours.begin {
        faults.push(Fault::at("/ends", "ends_before_it_begins"));
    }
    let calendar = &work.settings.calendar;
    if hours.begin < calendar.opens {
        faults.push(Fault::at("/begins", "outside_hours"));
    }
    if hours.end > calendar.closes {
        faults.push(Fault::at("/ends", "outside_hours"));
    }
    let today = work.rules().today;
    for (place, day) in hours.days.iter().enumerate() {
        let code = if *day < today {
            Some("in_past")
        } else if *day > HOLIDAYS_KNOWN_TO {
            Some("beyond_calendar")
        } else if calendar.is_open(hours.department, *day) {
            None
        } else {
            Some("closed_day")
        };
        faults.extend(code.map(|code| Fault::at(format!("/days/{place}"), code)));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// The calendar of a department is its own affair, and the desk's: for others it is not there.
fn check_department(work: &mut Work<'_, '_>, department: DepartmentId) -> Result<(), Error> {
    let who = &work.caller()?.who;
    if !who.leads(department) && !who.roles.has(Role::Coordinator) {
        return Err(Error::Absent);
    }
    match persistence::departments::find(work.tx, department)? {
        Some(_) => Ok(()),
        None => Err(Error::invalid("/department_id", "unknown_reference")),
    }
}
