//! Cases for the tests of this crate, and all transitions at all stages.

pub(crate) mod fixtures;
pub(crate) mod table;
