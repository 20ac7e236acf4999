//! Lists come in pages: after a key, so many rows.

use crate::examine::readable;
use crate::{Error, Transaction};

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
    /// The entry.
    pub entry: T,
}

impl<K> Page<K> {
    /// The first `limit` rows.
    pub fn first(limit: u32) -> Self {
        Self { after: None, limit }
    }

    /// Fills the page with rows that can be read. In the place of one that cannot, one more is fetched: whoever counts the rows to learn
    /// whether more follow is not misled.
    pub(crate) fn filled<R, T>(
        self,
        tx: &mut Transaction<'_>,
        fetch: impl Fn(&mut Transaction<'_>, Page<K>) -> Result<Vec<R>, Error>,
        key: impl Fn(&R) -> K,
        read: impl Fn(&mut Transaction<'_>, R) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let (mut filled, mut next) = (Vec::new(), self);
        loop {
            let wanted = next.limit;
            let rows = fetch(tx, next)?;
            let fetched = u32::try_from(rows.len()).unwrap_or(u32::MAX);
            let last = rows.last().map(&key);
            let read = readable(rows.into_iter().map(|row| read(tx, row)))?;
            let lacking = fetched.saturating_sub(u32::try_from(read.len()).unwrap_or(u32::MAX));
            filled.extend(read);
            if lacking == 0 || fetched < wanted {
                return Ok(filled);
            }
            next = Page { after: last, limit: lacking };
        }
    }
}
