//! The clock of slides that are proposed beside those that were agreed on.

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

/// Writes the job that lets an addition fall away, whenever its clock was set.
pub(super) fn plan(work: &mut Work<'_, '_>, before: &Case, change: &Change) -> Result<(), Error> {
    let clock = |case: &Case| case.re_examination().addition.as_ref().and_then(Addition::lapses_at);
    match clock(&change.case) {
        Some(at) if clock(before) != Some(at) => work.enqueue_at(&LapseReExamination { case: change.case.id() }, at),
        Some(_) | None => Ok(()),
    }
}
