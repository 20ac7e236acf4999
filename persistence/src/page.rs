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

/// A row of a case with its place: rows of one case are numbered in the order in which they were written, by no clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered<T> {
    /// Its place, from 1.
    pub seq: i64,
    /// What stands there.
    pub entry: T,
}

impl<K> Page<K> {
    /// The first `limit` rows.
    pub fn first(limit: u32) -> Self {
        Self { after: None, limit }
    }
}
