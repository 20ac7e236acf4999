//! The half hours of the physicians: handlers, requests and answers.

use actix_web::{get, post};
use application::calendar::{self, HalfHour, HalfHours, Hours, Place};
use application::{App, Fault};
use domain::access::may;
use domain::calendar::half_hours::HalfHourTime;
use domain::calendar::{TOKYO, days_after, end_of_day, today_in_tokyo};
use domain::ids::{AvailabilityId, DepartmentId, UserId};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::days_wanted;
use crate::http::authorized::Authorized;
use crate::http::body::{Body, MoreFaults, Query, repeated};
use crate::http::problem::{Code, Problem};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::page::{self, Page};

pub(super) fn configure(routes: &mut Routes<'_>) {
    routes.service(create_availability).service(delete_availability).service(list_availability).service(list_slots);
}

/// The longest time, in days, that half hours are listed for at once.
const MOST_DAYS_LISTED: i64 = 93;

/// The half hours of a physician on some days.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AvailabilityHours {
    /// Who receives people.
    physician_id: UserId,
    /// For which department.
    department_id: DepartmentId,
    /// The days, in Tokyo.
    #[schema(min_items = 1, max_items = 100)]
    days: Vec<Date>,
    /// When the first half hour of each day begins.
    begins: HalfHourTime,
    /// When the last one ends.
    ends: HalfHourTime,
}

/// Each day stands once.
#[derive(Debug)]
pub(crate) struct NoDayTwice;

impl MoreFaults<AvailabilityHours> for NoDayTwice {
    fn of(body: &AvailabilityHours) -> Vec<Fault> {
        repeated(&body.days, |place| format!("/days/{place}"))
    }
}

impl From<&AvailabilityHours> for Hours {
    fn from(body: &AvailabilityHours) -> Self {
        let AvailabilityHours { physician_id, department_id, days, begins, ends } = body;
        Self { physician: *physician_id, department: *department_id, days: days.clone(), begin: *begins, end: *ends }
    }
}

/// How many half hours were entered.
#[derive(Serialize, ToSchema)]
pub(crate) struct AvailabilityEntered {
    /// Those that are new.
    #[schema(minimum = 0)]
    created_count: usize,
    /// Those that were there already.
    #[schema(minimum = 0)]
    kept_count: usize,
}

/// How many half hours were taken out.
#[derive(Serialize, ToSchema)]
pub(crate) struct AvailabilityDeleted {
    /// Those that were there.
    #[schema(minimum = 0)]
    deleted_count: usize,
}

/// Which half hours.
#[derive(Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AvailabilityWanted {
    /// Of this department.
    #[param(inline)]
    department_id: Option<DepartmentId>,
    /// Of this physician.
    #[param(inline)]
    physician_id: Option<UserId>,
    /// From this day on, in Tokyo; absent: today.
    from_on: Option<Date>,
    /// Until the end of this day; absent: 30 days later. At most 93 days.
    until_on: Option<Date>,
    /// How many at most.
    #[param(minimum = 1, maximum = 100, default = 25)]
    #[serde(default = "page::default_limit")]
    limit: u32,
    /// Where the page begins: `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Which free half hours.
#[derive(Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SlotsWanted {
    /// Of this department.
    #[param(inline)]
    department_id: Option<DepartmentId>,
    /// Of this physician.
    #[param(inline)]
    physician_id: Option<UserId>,
    /// From this day on, in Tokyo; absent: today.
    from_on: Option<Date>,
    /// Until the end of this day; absent: 30 days later. At most 93 days.
    until_on: Option<Date>,
    /// The reader's time zone by its name in the IANA database, such as `America/New_York`: `reader_at` is told in it.
    #[param(max_length = 60)]
    time_zone: Option<String>,
    /// How many at most.
    #[param(minimum = 1, maximum = 100, default = 25)]
    #[serde(default = "page::default_limit")]
    limit: u32,
    /// Where the page begins: `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A page of them.
pub(crate) type AvailabilityHalfHourList = Page<AvailabilityHalfHour>;
/// A page of them.
pub(crate) type FreeSlotList = Page<FreeSlot>;

/// A half hour in which a physician receives people.
#[derive(Serialize, ToSchema)]
pub(crate) struct AvailabilityHalfHour {
    /// The half hour.
    id: AvailabilityId,
    /// Who receives people.
    physician_id: UserId,
    /// For which department.
    department_id: DepartmentId,
    /// When it begins.
    starts_at: Timestamp,
    /// The same in the hospital's time, nine hours ahead of UTC.
    #[schema(value_type = String, format = DateTime)]
    hospital_at: String,
    /// Whether the hospital or the department is closed on that day since: nobody is received then.
    is_closed: bool,
}

/// A half hour that is free.
#[derive(Serialize, ToSchema)]
pub(crate) struct FreeSlot {
    /// Who would receive people.
    physician_id: UserId,
    /// For which department.
    department_id: DepartmentId,
    /// When it begins.
    starts_at: Timestamp,
    /// The same in the hospital's time, nine hours ahead of UTC.
    #[schema(value_type = String, format = DateTime)]
    hospital_at: String,
    /// The same in the reader's time zone, with the offset of that day; null if the request names no zone.
    #[schema(value_type = Option<String>, format = DateTime)]
    reader_at: Option<String>,
}

/// An instant with the offset that a zone has at that instant (RFC 3339).
fn told_in(zone: &TimeZone, at: Timestamp) -> String {
    at.display_with_offset(zone.to_offset(at)).to_string()
}

fn in_hospital(at: Timestamp) -> String {
    at.display_with_offset(TOKYO).to_string()
}

impl AvailabilityHalfHour {
    fn of(one: &HalfHour, is_closed: bool) -> Self {
        let HalfHour { id, physician, department, starts_at } = *one;
        Self { id, physician_id: physician, department_id: department, starts_at, hospital_at: in_hospital(starts_at), is_closed }
    }
}

impl FreeSlot {
    fn of(one: &HalfHour, zone: Option<&TimeZone>) -> Self {
        let HalfHour { physician, department, starts_at, .. } = *one;
        let reader_at = zone.map(|zone| told_in(zone, starts_at));
        Self { physician_id: physician, department_id: department, starts_at, hospital_at: in_hospital(starts_at), reader_at }
    }
}

/// Enter available times
///
/// The half hours of a physician on some days, by the desk or the department. Those that are there already stay. Closed days and days in the past are refused.
#[utoipa::path(
    tag = "calendar",
    request_body = AvailabilityHours,
    responses((status = 201, description = "How many.", body = AvailabilityEntered))
)]
#[post("/v1/availabilities")]
pub(crate) async fn create_availability(caller: Authorized<may::CreateAvailability>, body: Body<AvailabilityHours, NoDayTwice>) -> Answer {
    caller
        .act_on(body, |work, body| {
            let entered = calendar::create_availability(work, &body.into())?;
            let shown = AvailabilityEntered { created_count: entered.created, kept_count: entered.kept };
            Reply::created("/v1/availabilities".to_owned(), &shown)
        })
        .await
}

/// Delete available times
///
/// Half hours of a physician on some days, by the desk or the department: nobody is received then.
#[utoipa::path(
    tag = "calendar",
    request_body = AvailabilityHours,
    responses((status = 200, description = "How many.", body = AvailabilityDeleted))
)]
#[post("/v1/availabilities/delete")]
pub(crate) async fn delete_availability(caller: Authorized<may::DeleteAvailability>, body: Body<AvailabilityHours, NoDayTwice>) -> Answer {
    caller
        .act_on(body, |work, body| {
            let deleted_count = calendar::delete_availability(work, &body.into())?;
            Reply::ok(&AvailabilityDeleted { deleted_count })
        })
        .await
}

/// List available times
///
/// As they were entered, the earliest first; closed days and what has begun included.
#[utoipa::path(
    tag = "calendar",
    params(AvailabilityWanted),
    responses((status = 200, description = "A page of half hours.", body = AvailabilityHalfHourList))
)]
#[get("/v1/availabilities")]
pub(crate) async fn list_availability(caller: Authorized<may::ListAvailability>, Query(wanted): Query<AvailabilityWanted>) -> Answer {
    let which = half_hours(caller.app(), wanted.department_id, wanted.physician_id, (wanted.from_on, wanted.until_on))?;
    let after: Option<Place> = page::read(wanted.cursor.as_deref(), &wanted)?;
    caller
        .act(move |work| {
            let found = calendar::list_availability(work, &which, after, wanted.limit)?;
            Reply::ok(
                &page::cut(found, wanted.limit, &wanted, HalfHour::place)
                    .shown(|one| AvailabilityHalfHour::of(one, !calendar::is_open(work, one))),
            )
        })
        .await
}

/// List free times
///
/// The half hours that are free, the earliest first, in the hospital's time and in the reader's. A longer visit needs half hours that follow one another.
#[utoipa::path(
    tag = "calendar",
    params(SlotsWanted),
    responses((status = 200, description = "A page of half hours.", body = FreeSlotList))
)]
#[get("/v1/slots")]
pub(crate) async fn list_slots(caller: Authorized<may::ListSlots>, Query(wanted): Query<SlotsWanted>) -> Answer {
    let which = half_hours(caller.app(), wanted.department_id, wanted.physician_id, (wanted.from_on, wanted.until_on))?;
    let unknown = |_| Problem::of(Code::InvalidParameters).with_faults(vec![Fault::at("/query/time_zone", "not_a_choice")]);
    let zone = wanted.time_zone.as_deref().map(TimeZone::get).transpose().map_err(unknown)?;
    let after: Option<Place> = page::read(wanted.cursor.as_deref(), &wanted)?;
    caller
        .act(move |work| {
            let found = calendar::list_slots(work, &which, after, wanted.limit)?;
            let page = page::cut(found, wanted.limit, &wanted, HalfHour::place);
            Reply::ok(&page.shown(|one| FreeSlot::of(one, zone.as_ref())))
        })
        .await
}

/// The half hours that are asked for: from today, and for 30 days, where nothing is said.
fn half_hours(
    app: &App,
    department: Option<DepartmentId>,
    physician: Option<UserId>,
    (from, until): (Option<Date>, Option<Date>),
) -> Result<HalfHours, Problem> {
    let (from, until) = days_wanted(from, until, today_in_tokyo(app.clock().now()), 30, MOST_DAYS_LISTED)?;
    Ok(HalfHours { department, physician, from: end_of_day(days_after(from, -1)), until: end_of_day(until), free_at: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_reader_in_new_york_reads_the_offset_of_the_day_on_which_clocks_change() {
        let zone = TimeZone::get("America/New_York").unwrap();
        // 14 March 2027, 02:00: clocks go forward. 7 November 2027, 02:00: they go back.
        let cases = [
            ("2027-03-12T06:00:00Z", "2027-03-12T01:00:00-05:00", "2027-03-12T15:00:00+09:00"),
            ("2027-03-14T06:30:00Z", "2027-03-14T01:30:00-05:00", "2027-03-14T15:30:00+09:00"),
            ("2027-03-14T07:00:00Z", "2027-03-14T03:00:00-04:00", "2027-03-14T16:00:00+09:00"),
            ("2027-11-07T05:30:00Z", "2027-11-07T01:30:00-04:00", "2027-11-07T14:30:00+09:00"),
            ("2027-11-07T06:30:00Z", "2027-11-07T01:30:00-05:00", "2027-11-07T15:30:00+09:00"),
        ];
        for (utc, there, here) in cases {
            assert_eq!((told_in(&zone, at(utc)).as_str(), in_hospital(at(utc)).as_str()), (there, here), "{utc}");
        }
    }
}
