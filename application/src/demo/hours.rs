//! The times in which the physicians of the demo receive people.

use std::sync::Arc;

use domain::access::{Permission as _, Role, may};
use domain::calendar::closed_days::is_working_day;
use domain::calendar::{days_after, today_in_tokyo};
use jiff::civil::Date;
use serde_json::json;

use super::people::People;
use super::read;
use crate::calendar::{self, Hours};
use crate::{Actor, App, Error, Permitted, RequestContext};

/// Days ahead of which the working days are entered.
const DAYS_AHEAD: i64 = 60;

/// Enters two hours of each working afternoon from a week from now on.
pub(super) async fn enter(app: &Arc<App>, people: &People) -> Result<(), Error> {
    let today = today_in_tokyo(app.clock.now());
    let days: Vec<Date> = (7..DAYS_AHEAD).map(|count| days_after(today, count)).filter(|day| is_working_day(*day, &[])).collect();
    let desk = people.caller(app, Role::Coordinator)?;
    for physician in people.of_department(Role::Physician) {
        let days = Vec::clone(&days);
        let hours = Hours { physician, department: people.department, days, begin: read(&json!("15:00"))?, end: read(&json!("17:00"))? };
        let permitted = Permitted::new(RequestContext::new(may::CreateAvailability::OPERATION, Actor::User(desk.clone()), "demo"));
        app.perform(permitted.with(move |work| calendar::create_availability(work, &hours).map(drop))).await?;
    }
    Ok(())
}
