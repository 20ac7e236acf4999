//! The half hours that a case takes with its change, and who receives its visit.

use domain::case::{Case, Refusal};
use persistence::taken;

use super::Work;
use crate::Error;

/// Lets a changed case take its half hours, and notes who receives.
///
/// # Errors
/// [`Refusal::SlotTaken`] if somebody else has one of them: nothing of the change is written then.
pub(super) fn take(work: &mut Work<'_, '_>, before: &Case, after: &Case) -> Result<(), Error> {
    let (id, now) = (after.id(), work.now);
    let (had, has) = (before.taken(), after.taken());
    if had != has && !taken::change(work.tx, id, &had, &has, now)?.is_empty() {
        return Err(Error::Refused(Refusal::SlotTaken { pointers: Vec::new() }));
    }
    let receiving = after.receiving();
    if before.receiving() != receiving {
        taken::set_physicians(work.tx, id, &receiving)?;
    }
    Ok(())
}
