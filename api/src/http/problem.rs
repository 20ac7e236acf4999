//! Problems (RFC 9457): the only place where errors become statuses.

mod code;
mod from;
mod render;
mod unread;

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderName;
use actix_web::{HttpResponse, ResponseError};
use application::Fault;

pub use code::{Code, Entry, catalogue, find};
pub(crate) use render::{body, render};
pub(crate) use unread::{Unread, unread};

/// A refusal on its way to the caller. It becomes text only in `render`, where the language and the request's id are known.
#[derive(Clone, Debug)]
pub struct Problem {
    pub(crate) code: &'static str,
    pub(crate) status: StatusCode,
    pub(crate) faults: Vec<Fault>,
    /// Faults that were not looked at one by one: entries of lists that are far too long.
    pub(crate) uncounted: u32,
    /// Values that the texts mention; never personal data.
    pub(crate) facts: Vec<(&'static str, Fact)>,
    pub(crate) retry_after: Option<u32>,
    /// A header that goes with the status: what is allowed, or how large the whole is.
    pub(crate) header: Option<Box<(HeaderName, String)>>,
}

/// A value that a text mentions.
#[derive(Clone, Debug)]
pub(crate) enum Fact {
    /// The same in every language.
    Text(String),
    /// Names of the vocabulary, by the section of the message files in which their labels stand.
    Names(&'static str, Vec<&'static str>),
}

impl Problem {
    /// A problem of the API itself.
    pub fn of(code: Code) -> Self {
        Self::named(code.as_str(), code.status())
    }

    pub(crate) fn named(code: &'static str, status: StatusCode) -> Self {
        Self { code, status, faults: Vec::new(), uncounted: 0, facts: Vec::new(), retry_after: None, header: None }
    }

    pub(crate) fn with_faults(mut self, faults: Vec<Fault>) -> Self {
        self.faults = faults;
        self
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.facts.push((name, Fact::Text(value.into())));
        self
    }

    pub(crate) fn header(mut self, name: HeaderName, value: String) -> Self {
        self.header = Some(Box::new((name, value)));
        self
    }

    pub(crate) fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.status.as_u16(), self.code)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    /// An empty answer that carries the problem; the middleware writes its text.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status);
        response.extensions_mut().insert(self.clone());
        response
    }
}
