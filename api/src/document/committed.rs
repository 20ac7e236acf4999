//! The document as it is in force.

/// The document as it was committed, and as servers show and keep it: what was reviewed is what is in force, and no server spends time
/// and memory on collecting it again. A test holds it equal to [`super::text`].
pub(crate) const COMMITTED: &str = include_str!("../../../openapi/openapi.json");
