//! Closed days: handlers, requests and answers.

use actix_web::{get, put};
use application::calendar;
use domain::access::may;
use domain::calendar::closed_days::{ClosedDayKind, holiday_on, is_turn_of_the_year};
use domain::calendar::{CalendarSettings, ClosedDay, days_after, days_between, today_in_tokyo};
use domain::ids::DepartmentId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::days_wanted;
use crate::http::authorized::Authorized;
use crate::http::body::{Body, Query};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;

pub(super) fn configure(routes: &mut Routes<'_>) {
    routes.service(get_closed_days).service(update_closed_days);
}

/// The longest time, in days, that closed days are told for at once.
const MOST_DAYS_TOLD: i64 = 400;

/// Between which days.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ClosedDaysWanted {
    /// The first day, in Tokyo; absent: today.
    from_on: Option<Date>,
    /// The last day; absent: a year later. At most 400 days.
    until_on: Option<Date>,
}

/// The days on which the hospital receives nobody, besides Saturdays and Sundays.
#[derive(Serialize, ToSchema)]
pub(crate) struct ClosedDays {
    /// Counts the changes of the settings; a change of the hospital's own days names it.
    #[schema(minimum = 0)]
    version: u64,
    /// The first day that is told.
    from_on: Date,
    /// The last day that is told.
    until_on: Date,
    /// The days, by date.
    days: Vec<DayClosed>,
    /// All own days of the hospital and its departments, whatever is told: a change replaces them.
    own_days: Vec<ClosedDay>,
}

/// A day on which the hospital, or a department, receives nobody.
#[derive(Serialize, ToSchema)]
pub(crate) struct DayClosed {
    /// The day, in Tokyo.
    closed_on: Date,
    /// Why.
    kind: ClosedDayKind,
    /// The department that receives nobody; null for the whole hospital.
    department_id: Option<DepartmentId>,
    /// In words.
    text: String,
    /// The same in Japanese.
    text_ja: String,
}

/// The hospital's own closed days, all of them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateClosedDays {
    /// The days. Weekends, holidays and the turn of the year are known.
    #[schema(max_items = 500)]
    closed_days: Vec<ClosedDay>,
}

impl ClosedDays {
    fn of(settings: &CalendarSettings, version: u64, from_on: Date, until_on: Date) -> Self {
        let mut days = Vec::new();
        for day in (0..=days_between(from_on, until_on)).map(|count| days_after(from_on, count)) {
            let whole = |kind, text: &str, text_ja: &str| DayClosed {
                closed_on: day,
                kind,
                department_id: None,
                text: text.to_owned(),
                text_ja: text_ja.to_owned(),
            };
            if let Some(holiday) = holiday_on(day) {
                days.push(whole(ClosedDayKind::Holiday, holiday.en, holiday.ja));
            } else if is_turn_of_the_year(day) {
                days.push(whole(ClosedDayKind::TurnOfTheYear, "Turn of the year", "年末年始"));
            }
            days.extend(settings.closed_days.iter().filter(|own| own.closed_on == day).map(|own| DayClosed {
                closed_on: day,
                kind: ClosedDayKind::Own,
                department_id: own.department_id,
                text: own.text.to_string(),
                text_ja: own.text_ja.to_string(),
            }));
        }
        Self { version, from_on, until_on, days, own_days: settings.closed_days.clone() }
    }
}

/// Read the closed days
///
/// National holidays of Japan, the turn of the year, and the hospital's own days. Saturdays and Sundays are not listed.
#[utoipa::path(
    tag = "calendar",
    params(ClosedDaysWanted),
    responses((status = 200, description = "The days.", body = ClosedDays))
)]
#[get("/v1/closed-days")]
pub(crate) async fn get_closed_days(anyone: Authorized<may::GetClosedDays>, Query(wanted): Query<ClosedDaysWanted>) -> Answer {
    let today = today_in_tokyo(anyone.app().clock().now());
    let (from, until) = days_wanted(wanted.from_on, wanted.until_on, today, 365, MOST_DAYS_TOLD)?;
    let settings = anyone.app().settings().await?;
    let shown = ClosedDays::of(&settings.values.calendar, settings.version, from, until);
    let revision = application::settings::revision(&settings);
    Ok(Reply::ok(&shown)?.revised(revision).into_response(anyone.conditions(), false))
}

/// Replace the hospital's closed days
///
/// The own days of the hospital and of its departments, all at once. What was entered for such a day is not free any longer.
#[utoipa::path(
    tag = "calendar",
    request_body = UpdateClosedDays,
    responses((status = 200, description = "The days from today on, for a year.", body = ClosedDays))
)]
#[put("/v1/closed-days")]
pub(crate) async fn update_closed_days(caller: Authorized<may::UpdateClosedDays>, body: Body<UpdateClosedDays>) -> Answer {
    let state = caller.state();
    let answer = caller
        .act_on(body, |work, body| {
            let settings = calendar::update_closed_days(work, &body.closed_days)?;
            let today = work.rules().today;
            let shown = ClosedDays::of(&settings.values.calendar, settings.version, today, days_after(today, 365));
            Ok(Reply::ok(&shown)?.revised(application::settings::revision(&settings)))
        })
        .await;
    state.app.forget_settings();
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_of_golden_week_and_of_the_turn_of_the_year_are_told_by_name() {
        let told = |from: &str, until: &str| {
            let days = ClosedDays::of(&CalendarSettings::default(), 0, from.parse().unwrap(), until.parse().unwrap()).days;
            days.into_iter().map(|day| format!("{} {}", day.closed_on, day.text)).collect::<Vec<_>>()
        };
        assert_eq!(
            told("2027-04-28", "2027-05-06"),
            ["2027-04-29 Showa Day", "2027-05-03 Constitution Memorial Day", "2027-05-04 Greenery Day", "2027-05-05 Children's Day"]
        );
        assert_eq!(
            told("2026-12-28", "2027-01-04"),
            [
                "2026-12-29 Turn of the year",
                "2026-12-30 Turn of the year",
                "2026-12-31 Turn of the year",
                "2027-01-01 New Year's Day",
                "2027-01-02 Turn of the year",
                "2027-01-03 Turn of the year"
            ]
        );
    }
}
