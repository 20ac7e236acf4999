//! The half hours in which physicians receive people. Nothing in them is personal but who works when.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use domain::access::Role;
use domain::ids::{AvailabilityId, DepartmentId, UserId};
use jiff::Timestamp;

use crate::among::among;
use crate::columns::Bind;
use crate::connection::Connection;
use crate::schema::{availability, role_assignments, taken_half_hours, users};
use crate::users::UserStatus;
use crate::{Error, Page, Transaction};

/// A half hour in which a physician receives people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HalfHour {
    /// The identifier.
    pub id: AvailabilityId,
    /// Who.
    pub physician: UserId,
    /// For which department.
    pub department: DepartmentId,
    /// When it begins.
    pub starts_at: Timestamp,
}

/// Which half hours: all that is given must fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HalfHours {
    /// Of this department.
    pub department: Option<DepartmentId>,
    /// Of this physician.
    pub physician: Option<UserId>,
    /// That begin at this instant or later.
    pub from: Timestamp,
    /// That begin before this instant.
    pub until: Timestamp,
    /// That nobody has at this instant.
    pub free_at: Option<Timestamp>,
}

/// The place of a half hour in lists: by time, then by identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// When it begins.
    pub starts_at: Timestamp,
    /// The identifier.
    pub id: AvailabilityId,
}

/// A text that is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a place in a list of half hours")]
pub struct NoPlace;

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.starts_at, self.id)
    }
}

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let (starts_at, id) = text.split_once(' ').ok_or(NoPlace)?;
        Ok(Self { starts_at: starts_at.parse().map_err(|_| NoPlace)?, id: id.parse().map_err(|_| NoPlace)? })
    }
}

impl HalfHour {
    /// Its place in lists.
    pub const fn place(&self) -> Place {
        Place { starts_at: self.starts_at, id: self.id }
    }
}

#[derive(Insertable)]
#[diesel(table_name = availability)]
struct AvailabilityRow {
    id: Bind<AvailabilityId>,
    physician_id: Bind<UserId>,
    department_id: Bind<DepartmentId>,
    starts_at: Bind<Timestamp>,
    created_at: Bind<Timestamp>,
}

/// Enters half hours and says how many are new: a physician has each once.
pub fn insert(tx: &mut Transaction<'_>, half_hours: &[HalfHour], now: Timestamp) -> Result<usize, Error> {
    let rows = half_hours.iter().map(|one| AvailabilityRow {
        id: Bind(one.id),
        physician_id: Bind(one.physician),
        department_id: Bind(one.department),
        starts_at: Bind(one.starts_at),
        created_at: Bind(now),
    });
    let rows: Vec<AvailabilityRow> = rows.collect();
    tx.usable()?;
    let written = match tx.connection() {
        Connection::Postgres(c) => diesel::insert_into(availability::table).values(&rows).on_conflict_do_nothing().execute(c),
        Connection::Sqlite(c) => rows.iter().try_fold(0, |count, row| {
            diesel::insert_into(availability::table).values(row).on_conflict_do_nothing().execute(c).map(|new| count + new)
        }),
    };
    tx.judged(written)
}

/// A page of half hours, the earliest first.
pub fn list(tx: &mut Transaction<'_>, which: &HalfHours, page: Page<Place>) -> Result<Vec<HalfHour>, Error> {
    let rows: Vec<(AvailabilityId, UserId, DepartmentId, Timestamp)> = with_connection!(tx, |c| {
        let mut query = availability::table
            .filter(availability::starts_at.ge(Bind(which.from)).and(availability::starts_at.lt(Bind(which.until))))
            .order((availability::starts_at, availability::id))
            .limit(i64::from(page.limit))
            .select((availability::id, availability::physician_id, availability::department_id, availability::starts_at))
            .into_boxed();
        if let Some(department) = which.department {
            query = query.filter(availability::department_id.eq(Bind(department)));
        }
        if let Some(physician) = which.physician {
            query = query.filter(availability::physician_id.eq(Bind(physician)));
        }
        if let Some(now) = which.free_at {
            let holds = taken_half_hours::held_until.is_null().or(taken_half_hours::held_until.gt(Some(Bind(now))));
            let same =
                taken_half_hours::physician_id.eq(availability::physician_id).and(taken_half_hours::starts_at.eq(availability::starts_at));
            query = query.filter(not(exists(taken_half_hours::table.filter(same).filter(holds.assume_not_null()))));
        }
        if let Some(after) = page.after {
            let later = availability::starts_at.gt(Bind(after.starts_at));
            let beside = availability::starts_at.eq(Bind(after.starts_at)).and(availability::id.gt(Bind(after.id)));
            // Said twice, so that the index begins where the page does.
            query = query.filter(availability::starts_at.ge(Bind(after.starts_at))).filter(later.or(beside));
        }
        query.load(c)
    })?;
    Ok(rows.into_iter().map(|(id, physician, department, starts_at)| HalfHour { id, physician, department, starts_at }).collect())
}

/// Who of some people is a doctor of which departments now, with an account that is active.
pub fn doctors_among(tx: &mut Transaction<'_>, people: &BTreeSet<UserId>) -> Result<BTreeSet<(UserId, DepartmentId)>, Error> {
    let held = role_assignments::table
        .inner_join(users::table)
        .filter(among(role_assignments::user_id, people.iter().copied().map(Bind)))
        .filter(among(role_assignments::role, Role::DOCTORS.map(Role::as_str)))
        .filter(users::status.eq(UserStatus::Active.as_str()).and(role_assignments::department_id.is_not_null()))
        .select((role_assignments::user_id, role_assignments::department_id.assume_not_null()));
    let found: Vec<(UserId, DepartmentId)> = with_connection!(tx, |c| held.load(c))?;
    Ok(found.into_iter().collect())
}

/// Those of some instants that a physician has in the calendar of a department.
pub fn find(tx: &mut Transaction<'_>, department: DepartmentId, physician: UserId, starts: &[Timestamp]) -> Result<Vec<Timestamp>, Error> {
    let wanted = availability::table
        .filter(availability::physician_id.eq(Bind(physician)).and(availability::department_id.eq(Bind(department))))
        .filter(among(availability::starts_at, starts.iter().copied().map(Bind)))
        .select(availability::starts_at);
    with_connection!(tx, |c| wanted.load(c))
}

/// Takes the half hours of a physician for a department that begin from one instant on and before another out of the calendar, and says how many there were.
/// Those that a case has stay.
pub fn delete(
    tx: &mut Transaction<'_>,
    department: DepartmentId,
    physician: UserId,
    (from, until): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<usize, Error> {
    let target = availability::table
        .filter(availability::physician_id.eq(Bind(physician)).and(availability::department_id.eq(Bind(department))))
        .filter(availability::starts_at.ge(Bind(from)).and(availability::starts_at.lt(Bind(until))));
    // What was held and is held no longer does not keep the half hour.
    let over = taken_half_hours::table
        .filter(taken_half_hours::physician_id.eq(Bind(physician)))
        .filter(taken_half_hours::starts_at.ge(Bind(from)).and(taken_half_hours::starts_at.lt(Bind(until))))
        .filter(taken_half_hours::held_until.le(Some(Bind(now))));
    with_connection!(tx, |c| diesel::delete(over).execute(c))?;
    let same = taken_half_hours::physician_id.eq(availability::physician_id).and(taken_half_hours::starts_at.eq(availability::starts_at));
    let target = target.filter(not(exists(taken_half_hours::table.filter(same))));
    Ok(with_connection!(tx, |c| diesel::delete(target).execute(c))?)
}
