//! Replies: what a use case shows, in a form that can be kept for an idempotency key.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use application::{Error, Revision};
use domain::people::LanguageTag;
use serde::{Deserialize, Serialize};

use super::authorized::Conditions;
use super::messages::Language;
use super::problem::Problem;

/// What a page may do: show itself with the style that it brings along.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The result of every handler.
pub(crate) type Answer = Result<HttpResponse, Problem>;

/// A successful answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Reply {
    status: u16,
    /// The version of what is shown, if it has one.
    #[serde(default)]
    version: Option<u64>,
    location: Option<String>,
    body: Option<String>,
    /// The language of the labels within, if there are any.
    #[serde(default)]
    language: Option<String>,
    /// The media type, where it is not JSON.
    #[serde(default)]
    media: Option<String>,
    /// For how many seconds anybody may keep it; `None` for what is the caller's own.
    #[serde(default)]
    public_for: Option<u32>,
}

impl Reply {
    /// 200 with a representation.
    pub(crate) fn ok(view: &impl Serialize) -> Result<Self, Error> {
        Self::with_status(200, view)
    }

    /// 201 with a representation and where it now stands.
    pub(crate) fn created(location: String, view: &impl Serialize) -> Result<Self, Error> {
        Ok(Self { location: Some(location), ..Self::with_status(201, view)? })
    }

    /// 202: taken, and something will follow.
    pub(crate) fn accepted(view: &impl Serialize) -> Result<Self, Error> {
        Self::with_status(202, view)
    }

    /// 204.
    pub(crate) fn no_content() -> Self {
        Self { status: 204, version: None, location: None, body: None, language: None, media: None, public_for: None }
    }

    /// 200 with a page for people, in a language. It brings its own style, and loads and runs nothing.
    pub(crate) fn page(html: String, language: &LanguageTag) -> Self {
        let (body, language, media) = (Some(html), Some(language.to_string()), Some("text/html; charset=utf-8".to_owned()));
        Self { status: 200, version: None, location: None, body, language, media, public_for: None }
    }

    /// 200 with a file for a calendar, in a language.
    pub(crate) fn calendar(file: String, language: Language) -> Self {
        let (body, media) = (Some(file), Some("text/calendar; charset=utf-8".to_owned()));
        let language = Some(language.as_str().to_owned());
        Self { status: 200, version: None, location: None, body, language, media, public_for: None }
    }

    fn with_status(status: u16, view: &impl Serialize) -> Result<Self, Error> {
        let body = serde_json::to_string(view).map_err(|_| Error::Internal("an answer could not be written as JSON"))?;
        Ok(Self { status, version: None, location: None, body: Some(body), language: None, media: None, public_for: None })
    }

    /// Says which version it shows: the entity tag begins with it.
    pub(crate) fn revised(mut self, revision: Revision) -> Self {
        self.version = Some(revision.number());
        self
    }

    /// Says in which language its labels are.
    pub(crate) fn in_language(mut self, language: Language) -> Self {
        self.language = Some(language.as_str().to_owned());
        self
    }

    /// Lets anybody keep it for some seconds: nothing in it depends on who asks.
    pub(crate) fn public(mut self, seconds: u32) -> Self {
        self.public_for = Some(seconds);
        self
    }

    /// The entity tag: the version, if there is one, and a digest of the bytes. Whatever is shown differently is another representation.
    fn etag(&self) -> Option<String> {
        let digest = application::digest(self.body.as_deref()?.as_bytes());
        let mark = u64::from_be_bytes(digest.first_chunk::<8>().copied()?);
        Some(self.version.map_or_else(|| format!("\"{mark:016x}\""), |version| format!("\"{version}-{mark:016x}\"")))
    }

    /// The HTTP response; 304 if the caller holds this very representation.
    pub(crate) fn into_response(self, conditions: &Conditions, replayed: bool) -> HttpResponse {
        let etag = if conditions.is_read || self.version.is_some() { self.etag() } else { None };
        let known = conditions.is_read && self.status == 200 && etag.as_deref().is_some_and(|etag| conditions.hold(etag));
        let status = if known { StatusCode::NOT_MODIFIED } else { StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK) };
        let mut response = HttpResponse::build(status);
        if let Some(etag) = etag {
            response.insert_header((header::ETAG, etag));
        }
        if let Some(location) = self.location {
            response.insert_header((header::LOCATION, location));
        }
        if replayed {
            response.insert_header(("Idempotent-Replayed", "true"));
        }
        let cache = self.public_for.map_or_else(|| "no-store".to_owned(), |seconds| format!("public, max-age={seconds}"));
        response.insert_header((header::CACHE_CONTROL, cache));
        if let Some(language) = self.language {
            response.insert_header((header::CONTENT_LANGUAGE, language));
            response.insert_header((header::VARY, "Accept-Language"));
        }
        if self.media.is_some() {
            response.insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY));
        }
        let media = self.media.unwrap_or_else(|| "application/json".to_owned());
        match self.body {
            Some(body) if !known => response.content_type(media).body(body),
            _ => response.finish(),
        }
    }
}
