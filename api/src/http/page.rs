//! Pages of lists: opaque cursors that are bound to their filters.

use application::Fault;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::problem::{Code, Problem};

/// How many entries a page has if the caller does not say.
const DEFAULT_LIMIT: u32 = 25;

/// [`DEFAULT_LIMIT`], for `serde`.
pub(crate) const fn default_limit() -> u32 {
    DEFAULT_LIMIT
}

/// Which page of a list that has no filters.
#[derive(Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageParams {
    /// How many at most.
    #[param(minimum = 1, maximum = 100, default = 25, example = 25)]
    #[serde(default = "default_limit")]
    pub(crate) limit: u32,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(example = json!(null))]
    pub(crate) cursor: Option<String>,
}

/// Reads a cursor that [`cut`] wrote for the same filters.
pub(crate) fn read<P: std::str::FromStr>(cursor: Option<&str>, filters: &impl Serialize) -> Result<Option<P>, Problem> {
    let Some(cursor) = cursor else { return Ok(None) };
    let refused = || Problem::of(Code::InvalidParameters).with_faults(vec![Fault::at("/query/cursor", "cursor_mismatch")]);
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
    let text = String::from_utf8(bytes).map_err(|_| refused())?;
    let (mark, position) = text.split_once(' ').ok_or_else(refused)?;
    if mark != mark_of(filters) {
        return Err(refused());
    }
    position.parse().map(Some).map_err(|_| refused())
}

/// A page: cuts the entry that was read beyond the limit, and says where the next page begins.
pub(crate) fn cut<T, P: ToString>(mut entries: Vec<T>, limit: u32, filters: &impl Serialize, position: impl Fn(&T) -> P) -> Page<T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = entries.len() > limit;
    entries.truncate(limit);
    let next_cursor = entries
        .last()
        .filter(|_| has_more)
        .map(|last| URL_SAFE_NO_PAD.encode(format!("{} {}", mark_of(filters), position(last).to_string())));
    Page { entries, has_more, next_cursor }
}

/// One page of a list, before its entries are shown.
pub(crate) struct Page<T> {
    pub(crate) entries: Vec<T>,
    pub(crate) has_more: bool,
    pub(crate) next_cursor: Option<String>,
}

/// A mark of the filters. How long a page is and where it begins are none: both may change from page to page.
fn mark_of(filters: &impl Serialize) -> String {
    let mut filters = serde_json::to_value(filters).unwrap_or_default();
    if let Some(named) = filters.as_object_mut() {
        named.retain(|name, _| name != "limit" && name != "cursor");
    }
    URL_SAFE_NO_PAD.encode(application::digest(filters.to_string().as_bytes()).get(..6).unwrap_or_default())
}
