//! Reading a multipart upload, within limits: the file is stored while it arrives, and never held whole.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use actix_multipart::{Field, Multipart};
use actix_web::error::PayloadError;
use actix_web::http::header::{CONTENT_TYPE, DispositionParam, HeaderMap};
use actix_web::mime::Mime;
use actix_web::web::{Bytes, Payload};
use application::documents::{LARGEST_FILE, SentFile, StoredFile, Upload};
use application::{App, Fault};
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};

use super::part_heads;
use crate::http::problem::{Code, Problem};

/// The most parts that a form has.
const MOST_PARTS: usize = 8;
/// The largest part that is no file, in bytes.
const LARGEST_TEXT: usize = 1024;

/// A form that was read, and its file, which is stored and belongs to no document yet.
pub(super) struct Received {
    pub(super) sent: SentFile,
    pub(super) file: StoredFile,
    pub(super) upload: Upload,
}

/// How much a form may have besides its file and its texts, in bytes: boundaries, heads of parts, what stands before and after them.
const MOST_AROUND: usize = 64 * 1024;

/// How much of a form came, and how much may.
#[derive(Debug, Default)]
struct Measure {
    came: Cell<usize>,
    /// Whether a part has begun.
    begun: Cell<bool>,
    is_too_large: Cell<bool>,
}

impl Measure {
    /// The pieces of a body as far as it keeps the measure. Between them others are served.
    fn of(self: &Rc<Self>, payload: Payload) -> impl Stream<Item = Result<Bytes, PayloadError>> + use<> {
        let measure = Rc::clone(self);
        payload.then(move |piece| {
            let measure = Rc::clone(&measure);
            async move {
                tokio::task::yield_now().await;
                let piece = piece?;
                // Whether a part begins in this piece nobody has looked at yet.
                let before = measure.came.get();
                let came = before.saturating_add(piece.len());
                measure.came.set(came);
                let is_over = if measure.begun.get() { came > LARGEST_FILE + MOST_AROUND } else { before > MOST_AROUND };
                measure.is_too_large.set(is_over);
                if is_over { Err(PayloadError::Overflow) } else { Ok(piece) }
            }
        })
    }

    /// The refusal that a fault of the form means.
    fn refusal(&self) -> Problem {
        if self.is_too_large.get() && self.begun.get() {
            Problem::of(Code::TooLarge).with("limit", "20 MiB")
        } else {
            Problem::of(Code::MalformedRequest)
        }
    }
}

/// Reads the form. The bytes of `file` are stored as they come; every other part is a line of text.
pub(super) async fn receive(app: &Arc<App>, headers: &HeaderMap, payload: Payload) -> Result<Received, Problem> {
    let measure = Rc::new(Measure::default());
    let boundary = boundary_of(headers).unwrap_or_default();
    let mut form = Multipart::new(headers, Box::pin(part_heads::in_utf8(measure.of(payload), &boundary)));
    let (mut sent, mut stored, mut faults, mut seen) = (SentFile::default(), None, Vec::new(), Vec::new());
    while let Some(mut field) = form.try_next().await.map_err(|_| measure.refusal())? {
        measure.begun.set(true);
        let name = field.name().unwrap_or_default().to_owned();
        if seen.len() >= MOST_PARTS {
            return Err(Problem::of(Code::TooLarge).with("limit", format!("{MOST_PARTS} parts")));
        }
        if seen.contains(&name) {
            faults.push(Fault::at(format!("/{name}"), "repeated"));
        }
        if name == "file" {
            sent.name = file_name(&field);
            stored = Some(store(app, &mut field, &measure).await?);
        } else {
            let text = read(&mut field, &measure).await?;
            take(&mut sent, &name, &String::from_utf8_lossy(&text), &mut faults);
        }
        seen.push(name);
    }
    match stored {
        Some((upload, file)) if faults.is_empty() => Ok(Received { sent, file, upload }),
        Some(_) => Err(Problem::of(Code::InvalidFields).with_faults(faults)),
        None => {
            faults.push(Fault::at("/file", "required"));
            Err(Problem::of(Code::InvalidFields).with_faults(faults))
        }
    }
}

async fn store(app: &Arc<App>, field: &mut Field, measure: &Measure) -> Result<(Upload, StoredFile), Problem> {
    let mut upload = app.begin_upload().await?;
    while let Some(bytes) = field.try_next().await.map_err(|_| measure.refusal())? {
        upload.take(&bytes).await?;
    }
    let file = upload.finish().await?;
    Ok((upload, file))
}

/// The name that the sender gave the file; the extended form (RFC 8187) before the plain one.
fn file_name(field: &Field) -> String {
    let parameters = field.content_disposition().map(|disposition| disposition.parameters.as_slice()).unwrap_or_default();
    let extended = parameters.iter().find_map(DispositionParam::as_filename_ext);
    let plain = parameters.iter().find_map(DispositionParam::as_filename);
    extended.map(|name| String::from_utf8_lossy(&name.value).into_owned()).or(plain.map(unescaped)).unwrap_or_default()
}

/// Browsers write the three characters that would end the quoted name as `%22`, `%0D` and `%0A` (HTML, multipart/form-data encoding
/// algorithm), and nothing else in this way: a name with another `%` means it.
fn unescaped(name: &str) -> String {
    name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
}

/// The boundary between the parts of a form.
fn boundary_of(headers: &HeaderMap) -> Option<String> {
    let content_type: Mime = headers.get(CONTENT_TYPE)?.to_str().ok()?.parse().ok()?;
    content_type.get_param("boundary").map(|boundary| boundary.as_str().to_owned())
}

async fn read(field: &mut Field, measure: &Measure) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.try_next().await.map_err(|_| measure.refusal())? {
        if bytes.len().saturating_add(piece.len()) > LARGEST_TEXT {
            return Err(Problem::of(Code::TooLarge).with("limit", format!("{} KiB", LARGEST_TEXT / 1024)));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

/// Takes one part of the form; an empty one says nothing.
fn take(file: &mut SentFile, name: &str, text: &str, faults: &mut Vec<Fault>) {
    let text = text.trim();
    let pointer = format!("/{name}");
    if !matches!(name, "item" | "language" | "translation_of" | "sha256") {
        faults.push(Fault::at(pointer, "unknown_property"));
        return;
    }
    if text.is_empty() {
        return;
    }
    let read = match name {
        "item" => text.parse().map(|item| file.item = Some(item)).map_err(|_| "not_a_choice"),
        "language" => text.parse().map(|language| file.language = Some(language)).map_err(|_| "format"),
        "translation_of" => text.parse().map(|original| file.translation_of = Some(original)).map_err(|_| "pattern"),
        _ if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            file.sha256 = Some(text.to_owned());
            Ok(())
        }
        _ => Err("pattern"),
    };
    if let Err(code) = read {
        faults.push(Fault::at(pointer, code));
    }
}
