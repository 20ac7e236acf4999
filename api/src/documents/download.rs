//! A file on its way out: read piece by piece as the client takes it.

use std::sync::Arc;

use actix_web::body::SizedStream;
use actix_web::http::header::{self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue, HeaderMap};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, error};
use application::{App, documents};
use domain::documents::{DisplayName, Document};
use futures_util::stream::{Stream, try_unfold};

use crate::http::authorized::Conditions;
use crate::http::problem::{Code, Problem};
use crate::http::reply::Answer;

/// How many bytes a reader holds of a file at most: so much for each client that is slow.
const SLICE: usize = 32 * 1024;

/// The bytes of a document, or the part of them that was asked for, or that the client holds them.
pub(super) fn answer(app: &Arc<App>, document: &Document, conditions: &Conditions, headers: &HeaderMap) -> Answer {
    let etag = format!("\"{}\"", document.sha256.as_str());
    if conditions.hold(&etag) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish());
    }
    let part = part(headers, &etag, document.size)?;
    let (from, to) = part.unwrap_or((0, document.size));
    let mut response = if part.is_some() { HttpResponse::PartialContent() } else { HttpResponse::Ok() };
    if part.is_some() {
        response.insert_header((header::CONTENT_RANGE, format!("bytes {from}-{}/{}", to.saturating_sub(1), document.size)));
    }
    Ok(response
        .insert_header((header::CONTENT_TYPE, document.media.media_type()))
        .insert_header(disposition(&document.name))
        .insert_header((header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::ETAG, etag))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(SizedStream::new(to - from, bytes(Arc::clone(app), document, from, to))))
}

/// The bytes from `from` to before `to`. What cannot be read breaks the connection: a client must not take a part for the whole.
fn bytes(app: Arc<App>, document: &Document, from: u64, to: u64) -> impl Stream<Item = Result<Bytes, actix_web::Error>> + use<> {
    let id = document.id;
    try_unfold(from, move |offset| {
        let app = Arc::clone(&app);
        async move {
            let left = usize::try_from(to.saturating_sub(offset)).unwrap_or(usize::MAX);
            if left == 0 {
                return Ok(None);
            }
            match documents::read_bytes(&app, id, offset, left.min(SLICE)).await {
                Ok(bytes) => {
                    let next = offset.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
                    Ok(Some((Bytes::from(bytes), next)))
                }
                Err(error) => {
                    tracing::error!(%error, document = %id, "a file could not be sent to its end");
                    Err(error::ErrorInternalServerError("a piece is missing"))
                }
            }
        }
    })
}

/// The part that was asked for, as offsets of its first byte and of the byte behind its last. What is no part, or several, asks for the
/// whole (RFC 9110, 14.2).
fn part(headers: &HeaderMap, etag: &str, size: u64) -> Result<Option<(u64, u64)>, Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    // A part of another file than the one that was begun would fit nowhere (RFC 9110, 13.1.5).
    if text(header::IF_RANGE).is_some_and(|held| held.trim() != etag) || headers.get_all(header::RANGE).count() > 1 {
        return Ok(None);
    }
    let Some((first, last)) = text(header::RANGE).and_then(bounds) else { return Ok(None) };
    let (from, to) = match (first, last) {
        (Some(first), Some(last)) if last < first => return Ok(None),
        (Some(first), last) => (first, last.map_or(size, |last| last.saturating_add(1)).min(size)),
        (None, last) => (size.saturating_sub(last.unwrap_or(0)), size),
    };
    if from >= to {
        let problem = Problem::of(Code::RangeNotSatisfiable).with("size", size.to_string());
        return Err(problem.header(header::CONTENT_RANGE, format!("bytes */{size}")));
    }
    Ok(Some((from, to)))
}

/// The bounds of one range of bytes, as they were written: first and last, or none and the length of the end.
fn bounds(range: &str) -> Option<(Option<u64>, Option<u64>)> {
    let (unit, range) = range.split_once('=')?;
    let (first, last) = range.trim().split_once('-')?;
    let number = |text: &str| -> Option<Option<u64>> {
        // A number that no file reaches is one all the same.
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| (!text.is_empty()).then(|| text.parse().unwrap_or(u64::MAX)))
    };
    let (first, last) = (number(first.trim())?, number(last.trim())?);
    (unit.trim().eq_ignore_ascii_case("bytes") && (first.is_some() || last.is_some())).then_some((first, last))
}

fn disposition(name: &DisplayName) -> ContentDisposition {
    let extended =
        ExtendedValue { charset: Charset::Ext("UTF-8".to_owned()), language_tag: None, value: name.as_str().as_bytes().to_vec() };
    ContentDisposition { disposition: DispositionType::Attachment, parameters: vec![DispositionParam::FilenameExt(extended)] }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    /// The part of a file of 100 bytes with the tag `"a"`.
    fn asked(range: &str, if_range: Option<&str>) -> Result<Option<(u64, u64)>, &'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_str(range).unwrap());
        if let Some(tag) = if_range {
            headers.insert(header::IF_RANGE, HeaderValue::from_str(tag).unwrap());
        }
        part(&headers, "\"a\"", 100).map_err(|problem| problem.code)
    }

    #[test]
    fn one_part_is_offered_as_far_as_the_file_goes() {
        assert_eq!(asked("bytes=0-9", None), Ok(Some((0, 10))));
        assert_eq!(asked("bytes=90-", None), Ok(Some((90, 100))));
        assert_eq!(asked("bytes=-10", None), Ok(Some((90, 100))));
        assert_eq!(asked("bytes=-1000", None), Ok(Some((0, 100))));
        assert_eq!(asked("bytes=99-1000", None), Ok(Some((99, 100))));
        assert_eq!(asked("bytes=90-99999999999999999999", None), Ok(Some((90, 100))));
        assert_eq!(asked("Bytes = 0-4", None), Ok(Some((0, 5))));
        assert_eq!(asked("bytes=18446744073709551615-18446744073709551616", None), Err("range_not_satisfiable"));
        assert_eq!(asked("bytes=100-", None), Err("range_not_satisfiable"));
        assert_eq!(asked("bytes=-0", None), Err("range_not_satisfiable"));
    }

    #[test]
    fn what_is_no_part_is_ignored() {
        for range in ["bytes=0-1,5-6", "bytes=9-0", "bytes=a-b", "lines=1-2", "bytes", "bytes=", "bytes=-", "bytes=+0-+4"] {
            assert_eq!(asked(range, None), Ok(None), "{range}");
        }
        assert_eq!(asked("bytes=0-9", Some("\"b\"")), Ok(None));
        assert_eq!(asked("bytes=0-9", Some("W/\"a\"")), Ok(None));
        assert_eq!(asked("bytes=0-9", Some("\"a\"")), Ok(Some((0, 10))));
    }
}
