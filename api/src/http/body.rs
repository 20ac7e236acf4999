//! Bodies: JSON that the document's own schema has passed, all faults at once.

use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use serde::de::DeserializeOwned;
use serde_json::Value;
use validator::{Validate, ValidationError};

use super::gate::{CheckedQuery, Gatehouse};
use super::heavy;
use super::json::Unambiguous;
use super::problem::{Code, Problem};

/// The largest JSON body, in bytes.
pub(crate) const LARGEST: usize = 256 * 1024;

/// The largest JSON body, in bytes, that is read and checked on a thread that serves.
const READ_IN_PLACE: usize = 32 * 1024;

/// How many entries of a list are looked at: the longest list of the document has 100.
const LONGEST_LIST: usize = 1_000;

/// A checked body, with the digest of its bytes.
#[derive(Debug)]
pub(crate) struct Body<T> {
    value: T,
    digest: Vec<u8>,
}

impl<T> Body<T> {
    /// The value and the digest.
    pub(crate) fn into_parts(self) -> (T, Vec<u8>) {
        (self.value, self.digest)
    }

    /// The value alone.
    pub(crate) fn into_value(self) -> T {
        self.value
    }
}

impl<T: DeserializeOwned + Send + 'static> FromRequest for Body<T> {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = web::Bytes::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let bytes = bytes.await?;
            let is_large = bytes.len() > READ_IN_PLACE;
            let house = request.app_data::<web::Data<Gatehouse>>().cloned().ok_or_else(|| Problem::of(Code::Internal))?;
            let (path, method) = (request.path().to_owned(), request.method().clone());
            let read = move || read(&house, &path, &method, &bytes);
            // Whoever is served by the same thread does not wait for a large body to be understood.
            let body = if is_large { heavy::run(read).await? } else { read() };
            Ok(body?)
        })
    }
}

fn read<T: DeserializeOwned>(house: &Gatehouse, path: &str, method: &Method, bytes: &[u8]) -> Result<Body<T>, Problem> {
    let Unambiguous(mut value) = serde_json::from_slice(bytes).map_err(|fault| {
        Problem::of(Code::MalformedJson).with("line", fault.line().to_string()).with("column", fault.column().to_string())
    })?;
    let entry = house.contract.find(path).and_then(|resource| resource.methods.get(method));
    let cut = cut_long_lists(&mut value);
    let mut faults = entry.ok_or_else(|| Problem::of(Code::Internal))?.faults_of_body(&value);
    if faults.is_empty() && cut > 0 {
        faults.push(application::Fault::at("", "too_long"));
    }
    if !faults.is_empty() {
        // A property that nobody knows is a misunderstanding of the contract; a wrong value is one of meaning.
        let unknown = faults.iter().all(|fault| fault.code == "unknown_property");
        let code = if unknown { Code::UnknownProperty } else { Code::InvalidFields };
        let mut problem = Problem::of(code).with_faults(faults);
        problem.uncounted = cut;
        return Err(problem);
    }
    let value = serde_path_to_error::deserialize(value).map_err(|fault| {
        let pointer = pointer_of(fault.path());
        Problem::of(Code::InvalidFields).with_faults(vec![application::Fault::at(pointer, "invalid")])
    })?;
    Ok(Body { value, digest: application::digest(bytes) })
}

/// Cuts lists that are far longer than any list may be, so that nobody pays for looking at each of their entries; says how many entries
/// went. The schema still sees that such a list is too long.
fn cut_long_lists(value: &mut Value) -> u32 {
    match value {
        Value::Array(list) => {
            let over = u32::try_from(list.len().saturating_sub(LONGEST_LIST)).unwrap_or(u32::MAX);
            list.truncate(LONGEST_LIST);
            list.iter_mut().fold(over, |cut, entry| cut.saturating_add(cut_long_lists(entry)))
        }
        Value::Object(map) => map.values_mut().fold(0, |cut: u32, entry| cut.saturating_add(cut_long_lists(entry))),
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
            Problem::of(Code::InvalidParameters).with_faults(vec![application::Fault::at(pointer, "invalid")]).into()
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
        application::Fault::at(format!("{root}{pointer}"), code)
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
