//! The calendar: closed days, the half hours of the physicians, and those that are free.

mod closed_days;
mod half_hours;

use application::Fault;
use domain::calendar::{days_after, days_between};
use jiff::civil::Date;

use crate::http::problem::{Code, Problem};
use crate::http::routes::Routes;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.configure(closed_days::configure).configure(half_hours::configure);
}

/// The first and the last day that are asked for: from today, and so many days, where nothing is said.
pub(crate) fn days_wanted(from: Option<Date>, until: Option<Date>, today: Date, usual: i64, most: i64) -> Result<(Date, Date), Problem> {
    let from = from.unwrap_or(today);
    let until = until.unwrap_or_else(|| days_after(from, usual));
    if (0..most).contains(&days_between(from, until)) {
        Ok((from, until))
    } else {
        let code = if until < from { "ends_before_it_begins" } else { "too_many_days" };
        Err(Problem::of(Code::InvalidParameters).with_faults(vec![Fault::at("/query/until_on", code)]))
    }
}
