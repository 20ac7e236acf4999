//! Reading cases: one, a page of the worklist, counts.

use domain::ids::CaseId;

use crate::{Act, Error, Loaded};

/// One case, as the caller may see it.
pub fn get_case(act: &mut Act<'_, '_>, id: CaseId) -> Result<Loaded, Error> {
    act.load_case(id)
}
