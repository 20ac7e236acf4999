//! The clocks of what a case waits for beside its own: slides that are proposed, and times that are offered or reserved.

use domain::case::{Case, Change};
use domain::ids::CaseId;
use domain::pathology::Addition;
use serde::{Deserialize, Serialize};

use super::Work;
use crate::Error;
use crate::jobs::Job;

/// Lets slides fall away whose estimate was not accepted, or whose invoice was not paid, in time.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LapseReExamination {
    pub(crate) case: CaseId,
}

impl Job for LapseReExamination {
    const NAME: &'static str = "lapse_re_examination";
}

/// Lets offered times, or a reservation, go that nobody chose, or paid, in time.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LapseAppointment {
    pub(crate) case: CaseId,
}

impl Job for LapseAppointment {
    const NAME: &'static str = "lapse_appointment";
}

/// Writes the jobs that let something of a case fall away, whenever its clock was set.
pub(super) fn plan(work: &mut Work<'_, '_>, before: &Case, change: &Change) -> Result<(), Error> {
    let id = change.case.id();
    if let Some(at) = change.case.appointment_lapses_at().filter(|at| before.appointment_lapses_at() != Some(*at)) {
        work.enqueue_at(&LapseAppointment { case: id }, at)?;
    }
    plan_addition(work, before, change)
}

/// Writes the job that lets an addition fall away, whenever its clock was set.
fn plan_addition(work: &mut Work<'_, '_>, before: &Case, change: &Change) -> Result<(), Error> {
    let clock = |case: &Case| case.re_examination().addition.as_ref().and_then(Addition::lapses_at);
    match clock(&change.case) {
        Some(at) if clock(before) != Some(at) => work.enqueue_at(&LapseReExamination { case: change.case.id() }, at),
        Some(_) | None => Ok(()),
    }
}
