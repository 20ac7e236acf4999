//! Pages of lists: opaque cursors that are bound to their filters.

use std::borrow::Cow;

use application::Fault;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use crate::http::problem::{Code, Problem};

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
    #[param(minimum = 1, maximum = 100, default = 25)]
    #[serde(default = "default_limit")]
    pub(crate) limit: u32,
    /// Where the page begins: `next_cursor` of the page before.
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

/// What stands behind an entry of a list that is read as a whole; all of it, if the page is the first one.
pub(crate) fn behind<T, P: PartialEq>(found: Vec<T>, after: Option<P>, position: impl Fn(&T) -> P) -> Vec<T> {
    let passed = after.and_then(|after| found.iter().position(|one| position(one) == after)).map_or(0, |place| place + 1);
    found.into_iter().skip(passed).collect()
}

/// A page: cuts the entry that was read beyond the limit, and says where the next page begins.
pub(crate) fn cut<T, P: ToString>(mut data: Vec<T>, limit: u32, filters: &impl Serialize, position: impl Fn(&T) -> P) -> Page<T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = data.len() > limit;
    data.truncate(limit);
    let next_cursor =
        data.last().filter(|_| has_more).map(|last| URL_SAFE_NO_PAD.encode(format!("{} {}", mark_of(filters), position(last).to_string())));
    Page { data, has_more, next_cursor }
}

/// One page of a list.
#[derive(Serialize)]
pub(crate) struct Page<T> {
    /// The entries.
    pub(crate) data: Vec<T>,
    /// Whether there is a next page.
    pub(crate) has_more: bool,
    /// Where the next page begins.
    pub(crate) next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// The page with its entries as they are shown.
    pub(crate) fn shown<'p, U>(&'p self, show: impl Fn(&'p T) -> U) -> Page<U> {
        Page { data: self.data.iter().map(show).collect(), has_more: self.has_more, next_cursor: self.next_cursor.clone() }
    }

    /// Like [`Page::shown`], where showing may fail.
    pub(crate) fn tried<'p, U, E>(&'p self, show: impl Fn(&'p T) -> Result<U, E>) -> Result<Page<U>, E> {
        let data = self.data.iter().map(show).collect::<Result<_, _>>()?;
        Ok(Page { data, has_more: self.has_more, next_cursor: self.next_cursor.clone() })
    }
}

/// The derive would repeat the entry's schema and name the page `Page_T`: generators then split the clients' types.
impl<T: ToSchema> ToSchema for Page<T> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("{}List", T::name()))
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

impl<T: ToSchema> PartialSchema for Page<T> {
    fn schema() -> RefOr<Schema> {
        let entry = Ref::from_schema_name(T::name().as_ref());
        let described = |schema: ObjectBuilder, text: &str| schema.description(Some(text)).build();
        let page = ObjectBuilder::new()
            .description(Some(format!("One page of a list: {}.", T::name())))
            .property("data", ArrayBuilder::new().items(entry).description(Some("The entries.")))
            .property("has_more", described(ObjectBuilder::new().schema_type(Type::Boolean), "Whether there is a next page."))
            .property(
                "next_cursor",
                described(
                    ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::String, Type::Null])),
                    "Where the next page begins; null on the last page.",
                ),
            );
        page.into()
    }
}

/// A mark of the filters. How long a page is and where it begins are none: both may change from page to page.
fn mark_of(filters: &impl Serialize) -> String {
    let mut filters = serde_json::to_value(filters).unwrap_or_default();
    if let Some(named) = filters.as_object_mut() {
        named.retain(|name, _| name != "limit" && name != "cursor");
    }
    URL_SAFE_NO_PAD.encode(application::digest(filters.to_string().as_bytes()).get(..6).unwrap_or_default())
}
