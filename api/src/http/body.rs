//! Bodies: JSON that the document's own schema has passed, all faults at once.

use std::borrow::Cow;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use application::Fault;
use serde::de::DeserializeOwned;
use serde_json::Value;
use validator::{Validate, ValidationError};

use super::heavy;
use super::json::Unambiguous;
use super::middleware::CheckedQuery;
use super::problem::{Code, Problem};
use super::state::HttpState;

/// The largest JSON body, in bytes.
pub(crate) const LARGEST: usize = 256 * 1024;

/// The largest JSON body, in bytes, that is read and checked on a thread that serves.
const READ_IN_PLACE: usize = 32 * 1024;

/// How many entries of a list are looked at: the longest list of the document has 100.
const LONGEST_LIST: usize = 1_000;

/// Further checks of a body. Their faults are reported together with those of its schema and its types.
pub(crate) trait MoreFaults<T> {
    /// The faults of a body. Parts already found wrong were removed before.
    fn of(body: &T) -> Vec<Fault>;
}

/// Nothing more is asked.
#[derive(Debug)]
pub(crate) struct NoMore;

impl<T> MoreFaults<T> for NoMore {
    fn of(_: &T) -> Vec<Fault> {
        Vec::new()
    }
}

/// The entries that stand in a list before, each at its pointer.
pub(crate) fn repeated<T: PartialEq>(list: &[T], pointer: impl Fn(usize) -> String) -> Vec<Fault> {
    let again = |(place, one): &(usize, &T)| list.get(..*place).is_some_and(|before| before.contains(one));
    list.iter().enumerate().filter(again).map(|(place, _)| Fault::at(pointer(place), "repeated")).collect()
}

/// A checked body, with the digest of its bytes.
#[derive(Debug)]
pub(crate) struct Body<T, M = NoMore> {
    value: T,
    digest: Vec<u8>,
    checked: PhantomData<M>,
}

impl<T, M> Body<T, M> {
    /// The value and the digest.
    pub(crate) fn into_parts(self) -> (T, Vec<u8>) {
        (self.value, self.digest)
    }

    /// The value alone.
    pub(crate) fn into_value(self) -> T {
        self.value
    }
}

impl<T: DeserializeOwned + Send + 'static, M: MoreFaults<T> + 'static> FromRequest for Body<T, M> {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = web::Bytes::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let bytes = bytes.await?;
            let is_large = bytes.len() > READ_IN_PLACE;
            let state = request.app_data::<web::Data<HttpState>>().cloned().ok_or_else(|| Problem::of(Code::Internal))?;
            let (path, method) = (request.path().to_owned(), request.method().clone());
            let read = move || read::<T, M>(&state, &path, &method, &bytes);
            // Reading a large body must not block this thread.
            let body = if is_large { heavy::run(read).await? } else { read() };
            body.map(|(value, digest)| Self { value, digest, checked: PhantomData }).map_err(Into::into)
        })
    }
}

fn read<T: DeserializeOwned, M: MoreFaults<T>>(
    state: &HttpState,
    path: &str,
    method: &Method,
    bytes: &[u8],
) -> Result<(T, Vec<u8>), Problem> {
    let Unambiguous(mut value) = serde_json::from_slice(bytes).map_err(|fault| {
        Problem::of(Code::MalformedJson).with("line", fault.line().to_string()).with("column", fault.column().to_string())
    })?;
    // What an idempotency key stands for: the values, not the way in which they were written down.
    let digest = application::digest(value.to_string().as_bytes());
    let entry = state.contract.find(path).and_then(|resource| resource.methods.get(method));
    let cut = cut_long_lists(&mut value);
    let mut faults = entry.ok_or_else(|| Problem::of(Code::Internal))?.faults_of_body(&value);
    if faults.is_empty() && cut > 0 {
        faults.push(Fault::at("", "too_long"));
    }
    match typed::<T, M>(value, faults) {
        Ok(typed) => Ok((typed, digest)),
        Err(faults) => {
            // Unknown properties alone answer 400, anything else 422.
            let is_misunderstood = faults.iter().all(|fault| fault.code == "unknown_property");
            let mut problem = Problem::of(if is_misunderstood { Code::UnknownProperty } else { Code::InvalidFields }).with_faults(faults);
            problem.uncounted = cut;
            Err(problem)
        }
    }
}

/// The most faults that are looked for by the types: each is one more reading of the body.
const MOST_BY_TYPE: usize = 50;

/// The body as its type, or all that is wrong with it. What the schema could not say is found by taking out of the body what is known to be
/// wrong, and reading the rest again.
fn typed<T: DeserializeOwned, M: MoreFaults<T>>(mut body: Value, mut faults: Vec<Fault>) -> Result<T, Vec<Fault>> {
    take_out(&mut body, &faults);
    for _ in 0..MOST_BY_TYPE {
        match serde_path_to_error::deserialize::<_, T>(&body) {
            Ok(value) => {
                // A part with a known fault was taken out: that it is missing now is no new fault.
                let more = M::of(&value).into_iter();
                let new: Vec<Fault> = more.filter(|one| !faults.iter().any(|known| touches(one, known))).collect();
                faults.extend(new);
                return if faults.is_empty() { Ok(value) } else { Err(faults) };
            }
            Err(fault) => {
                let pointer = pointer_of(fault.path());
                let text = fault.inner().to_string();
                // Something needed was taken out: there is nothing more to find.
                let is_consequence = !faults.is_empty() && text.starts_with("missing field");
                if is_consequence || faults.iter().any(|known| known.pointer == pointer) {
                    return Err(faults);
                }
                faults.push(Fault::at(pointer.as_str(), code_of_type(&text)));
                take_out_one(&mut body, &pointer, &faults);
            }
        }
    }
    Err(faults)
}

/// Whether a new fault may be a consequence of a known one: it lies within the same part, or, for an entry that stands twice, in the same list,
/// where another entry took the place of the one that was taken out.
fn touches(new: &Fault, known: &Fault) -> bool {
    let is_place = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let list = new.pointer.split('/').skip(1).take_while(|part| !is_place(part)).fold(String::new(), |list, part| format!("{list}/{part}"));
    is_within(&new.pointer, &known.pointer)
        || is_within(&known.pointer, &new.pointer)
        || (new.code == "repeated" && is_within(&known.pointer, &list))
}

/// Takes what is at fault out of a body. In a list another entry takes its place, so that the places of the rest stay; a list without any
/// other entry goes as a whole.
fn take_out(body: &mut Value, faults: &[Fault]) {
    for fault in faults {
        take_out_one(body, &fault.pointer, faults);
    }
}

fn take_out_one(body: &mut Value, pointer: &str, faults: &[Fault]) {
    let Some((parent, name)) = pointer.rsplit_once('/') else { return };
    let list_is_useless = match body.pointer_mut(parent) {
        Some(Value::Object(fields)) => {
            fields.remove(&name.replace("~1", "/").replace("~0", "~"));
            false
        }
        Some(Value::Array(entries)) => {
            let is_at_fault = |place: usize| faults.iter().any(|fault| is_within(&fault.pointer, &format!("{parent}/{place}")));
            let other = (0..entries.len()).find(|place| !is_at_fault(*place)).and_then(|place| entries.get(place).cloned());
            let entry = name.parse::<usize>().ok().and_then(|place| entries.get_mut(place));
            match (other, entry) {
                (Some(other), Some(entry)) => {
                    *entry = other;
                    false
                }
                (None, Some(_)) => true,
                (_, None) => false,
            }
        }
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => false,
    };
    if list_is_useless {
        take_out_one(body, parent, &[]);
    }
}

/// Whether a pointer equals another one, or lies below it.
fn is_within(pointer: &str, whole: &str) -> bool {
    pointer.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The rule that a type names at the end of its refusal.
fn code_of_type(text: &str) -> &'static str {
    const CODES: [&str; 12] = [
        "amount_out_of_range",
        "control_character",
        "ends_before_it_begins",
        "format",
        "not_a_choice",
        "required",
        "role_needs_agency",
        "role_needs_department",
        "role_needs_nothing",
        "roles_mixed",
        "too_long",
        "too_short",
    ];
    let named = text.rsplit(": ").next().unwrap_or_default();
    CODES.into_iter().find(|code| *code == named).unwrap_or("invalid")
}

/// Cuts lists and objects that are far longer than any may be, so that nobody pays for looking at each of their entries; says how many entries
/// went. The schema still sees that such a list is too long, and that such an object has unknown properties.
fn cut_long_lists(value: &mut Value) -> u32 {
    match value {
        Value::Array(list) => {
            let over = u32::try_from(list.len().saturating_sub(LONGEST_LIST)).unwrap_or(u32::MAX);
            list.truncate(LONGEST_LIST);
            list.iter_mut().fold(over, |cut, entry| cut.saturating_add(cut_long_lists(entry)))
        }
        Value::Object(map) => {
            let over = u32::try_from(map.len().saturating_sub(LONGEST_LIST)).unwrap_or(u32::MAX);
            let mut kept = 0;
            map.retain(|_, _| {
                kept += 1;
                kept <= LONGEST_LIST
            });
            map.values_mut().fold(over, |cut, entry| cut.saturating_add(cut_long_lists(entry)))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter().fold(String::new(), |pointer, segment| match segment {
        Segment::Seq { index } => format!("{pointer}/{index}"),
        Segment::Map { key } => format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")),
        Segment::Enum { variant } => format!("{pointer}/{variant}"),
        Segment::Unknown => pointer,
    })
}

/// The query's parameters, checked by the document.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = actix_web::Error;
    type Future = std::future::Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let checked = request.extensions().get::<CheckedQuery>().map(|query| query.0.clone()).unwrap_or_default();
        let value = serde_path_to_error::deserialize(checked).map(Self).map_err(|fault| {
            let pointer = format!("/query{}", pointer_of(fault.path()));
            Problem::of(Code::InvalidParameters).with_faults(vec![Fault::at(pointer, "invalid")]).into()
        });
        std::future::ready(value)
    }
}

/// The identifiers in a path. An impossible one is absent before the database is asked.
#[derive(Debug)]
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest for Path<T> {
    type Error = actix_web::Error;
    type Future = std::future::Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = T::deserialize(actix_router::PathDeserializer::new(request.match_info()));
        std::future::ready(read.map(Self).map_err(|_| Problem::of(Code::NotFound).into()))
    }
}

/// Rules between fields, which a schema cannot say: every disagreement, at its pointer below `root`.
pub(crate) fn agree(value: &impl Validate, root: &str) -> Result<(), Problem> {
    let Err(errors) = value.validate() else { return Ok(()) };
    let fault = |error: &ValidationError| {
        let pointer = error.params.get("pointer").and_then(Value::as_str).unwrap_or_default();
        let code = if let Cow::Borrowed(code) = error.code { code } else { "invalid" };
        Fault::at(format!("{root}{pointer}"), code)
    };
    let faults = errors.field_errors().into_values().flatten().map(fault).collect();
    Err(Problem::of(if root == "/query" { Code::InvalidParameters } else { Code::InvalidFields }).with_faults(faults))
}

/// Fields that contradict each other: where, and which rule.
pub(crate) fn disagreement(pointer: &'static str, code: &'static str) -> ValidationError {
    let mut error = ValidationError::new(code);
    error.add_param(Cow::Borrowed("pointer"), &pointer);
    error
}
