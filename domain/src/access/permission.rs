//! Permissions as types: a handler that takes one cannot forget to ask.

use super::Operation;

/// The permission to run one operation; the types are in [`super::may`].
pub trait Permission: Send + Sync + 'static {
    /// The operation.
    const OPERATION: Operation;
}
