//! Reading a multipart upload, within limits: the file is held in memory once, and few are read at the same time.

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::error::PayloadError;
use actix_web::http::header::DispositionParam;
use application::Fault;
use application::documents::{LARGEST_FILE, SentFile};
use futures_util::TryStreamExt as _;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::http::problem::{Code, Problem};

/// How many uploads are read at once; further ones are asked to come again.
static READING: Semaphore = Semaphore::const_new(4);
/// The most parts that a form has.
const MOST_PARTS: usize = 8;
/// The largest part that is no file, in bytes.
const LARGEST_TEXT: usize = 1024;

/// A file that was read, and the place in the queue that it holds until it is stored.
pub(super) struct Received {
    pub(super) file: SentFile,
    _place: SemaphorePermit<'static>,
}

/// Reads the form. The bytes of `file` are taken once; every other part is a line of text.
pub(super) async fn receive(mut form: Multipart) -> Result<Received, Problem> {
    let place = READING.try_acquire().map_err(|_| Problem::of(Code::Unavailable).retry_after(2))?;
    let (mut file, mut faults, mut seen) = (SentFile::default(), Vec::new(), Vec::new());
    while let Some(mut field) = form.try_next().await.map_err(|error| of_form(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        if seen.len() >= MOST_PARTS {
            return Err(Problem::of(Code::TooLarge));
        }
        if seen.contains(&name) {
            faults.push(Fault::at(format!("/{name}"), "repeated"));
        }
        if name == "file" {
            file.name = file_name(&field);
            file.bytes = read(&mut field, LARGEST_FILE).await?;
        } else {
            let text = read(&mut field, LARGEST_TEXT).await?;
            take(&mut file, &name, &String::from_utf8_lossy(&text), &mut faults);
        }
        seen.push(name);
    }
    if !seen.iter().any(|name| name == "file") {
        faults.push(Fault::at("/file", "required"));
    }
    if faults.is_empty() { Ok(Received { file, _place: place }) } else { Err(Problem::of(Code::InvalidFields).with_faults(faults)) }
}

/// The name that the sender gave the file; the extended form (RFC 8187) before the plain one.
fn file_name(field: &Field) -> String {
    let parameters = field.content_disposition().map(|disposition| disposition.parameters.as_slice()).unwrap_or_default();
    let extended = parameters.iter().find_map(DispositionParam::as_filename_ext);
    let plain = parameters.iter().find_map(DispositionParam::as_filename);
    extended.map(|name| String::from_utf8_lossy(&name.value).into_owned()).or(plain.map(str::to_owned)).unwrap_or_default()
}

async fn read(field: &mut Field, at_most: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.try_next().await.map_err(|error| of_form(&error))? {
        if bytes.len().saturating_add(piece.len()) > at_most {
            return Err(Problem::of(Code::TooLarge));
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

fn of_form(error: &MultipartError) -> Problem {
    let too_large = matches!(error, MultipartError::Payload(PayloadError::Overflow));
    Problem::of(if too_large { Code::TooLarge } else { Code::MalformedRequest })
}
