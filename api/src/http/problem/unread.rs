//! Answers to what never became a request: its head was too slow, too large or not readable.

use actix_web::http::header;

use super::{Code, Problem, body};
use crate::http::messages::Language;
use crate::http::state::HttpState;

/// Why a request was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// Nobody can tell what it says, or where it ends.
    Malformed,
    /// It took too long to arrive.
    TooSlow,
    /// Its head is too large.
    HeadTooLarge,
    /// The framework refused it with this status.
    Foreign(u16),
}

impl Unread {
    fn code(self) -> Code {
        match self {
            Self::TooSlow | Self::Foreign(408) => Code::RequestTimeout,
            Self::HeadTooLarge | Self::Foreign(431) => Code::HeadTooLarge,
            Self::Malformed | Self::Foreign(400..=499) => Code::MalformedRequest,
            Self::Foreign(_) => Code::Internal,
        }
    }
}

/// A whole answer with a problem, for a request of which nothing is known but that it cannot be served.
pub(crate) fn unread(state: &HttpState, why: Unread) -> Vec<u8> {
    let id = state.fresh_request_id();
    let problem = Problem::of(why.code());
    let body = body(&problem, &state.messages, Language::English, "", &id);
    tracing::info!(request_id = id, status = problem.status.as_u16(), "refused before it was a request");
    let fields = [
        (header::CONTENT_TYPE.as_str(), "application/problem+json"),
        (header::CONTENT_LENGTH.as_str(), &body.len().to_string()),
        (header::CONTENT_LANGUAGE.as_str(), Language::English.as_str()),
        (header::CACHE_CONTROL.as_str(), "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS.as_str(), "nosniff"),
        (header::CONNECTION.as_str(), "close"),
        ("request-id", &id),
    ];
    let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let fields = fields.concat();
    format!("HTTP/1.1 {} {}\r\n{fields}\r\n{body}", problem.status.as_u16(), problem.status.canonical_reason().unwrap_or_default())
        .into_bytes()
}
