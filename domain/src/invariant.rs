//! Invariants of stored data.

/// Stored data that breaks an invariant: no transition makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("stored data breaks an invariant: {0}")]
pub struct InvariantViolation(pub &'static str);
