//! Lists come in pages: after a key, so many rows.

/// Which rows of a list: those after `after` in the list's order, `limit` at most. To learn whether more follow, ask for
/// one more than is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page<K> {
    /// The key of the last row already seen; `None` starts at the beginning.
    pub after: Option<K>,
    /// How many rows at most.
    pub limit: u32,
}

impl<K> Page<K> {
    /// The first `limit` rows.
    pub fn first(limit: u32) -> Self {
        Self { after: None, limit }
    }
}
