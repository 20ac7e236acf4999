//! The heads of a form's parts, in UTF-8. Older programs write a file's name in `Shift_JIS`, and the reader of forms refuses every head that
//! is not UTF-8. Only heads are touched: what lies between them passes as it came.

use actix_web::error::PayloadError;
use actix_web::web::{Bytes, BytesMut};
use encoding_rs::SHIFT_JIS;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, future, stream};
use memchr::memmem;

/// A head that is longer passes as it came: the reader of forms refuses it.
const LONGEST_HEAD: usize = 16 * 1024;

/// A body whose parts are divided by `boundary`, with their heads in UTF-8.
pub(super) fn in_utf8<S: Stream<Item = Result<Bytes, PayloadError>>>(
    body: S,
    boundary: &str,
) -> impl Stream<Item = Result<Bytes, PayloadError>> + use<S> {
    let mut heads = Heads::new(boundary);
    let end = stream::once(future::ready(Ok(None)));
    body.map_ok(Some)
        .chain(end)
        .map_ok(move |piece| match piece {
            Some(piece) => heads.take(&piece),
            None => heads.rest(),
        })
        .try_filter(|piece| future::ready(!piece.is_empty()))
}

struct Heads {
    /// A line end, two hyphens and the boundary.
    delimiter: Vec<u8>,
    /// Bytes that came and were not passed on yet.
    held: BytesMut,
    is_in_head: bool,
    /// Whether nothing came yet: the first delimiter needs no line end before it.
    is_at_start: bool,
}

impl Heads {
    fn new(boundary: &str) -> Self {
        Self { delimiter: format!("\r\n--{boundary}").into_bytes(), held: BytesMut::new(), is_in_head: false, is_at_start: true }
    }

    /// Takes a piece, and gives on what is complete.
    fn take(&mut self, piece: &[u8]) -> Bytes {
        self.held.extend_from_slice(piece);
        let mut done = BytesMut::new();
        loop {
            let passed = if self.is_in_head { self.head() } else { self.content() };
            match passed {
                Some(part) => done.extend_from_slice(&part),
                None => return done.freeze(),
            }
        }
    }

    /// The held bytes, when nothing more comes.
    fn rest(&mut self) -> Bytes {
        self.held.split().freeze()
    }

    /// Content up to and with the next delimiter, or as much as cannot be the beginning of one.
    fn content(&mut self) -> Option<BytesMut> {
        let first = self.delimiter.get(2..).unwrap_or_default();
        if self.is_at_start {
            if self.held.len() < first.len() {
                return None;
            }
            self.is_at_start = false;
            if self.held.starts_with(first) {
                self.is_in_head = true;
                return Some(self.held.split_to(first.len()));
            }
        }
        if let Some(at) = memmem::find(&self.held, &self.delimiter) {
            self.is_in_head = true;
            return Some(self.held.split_to(at + self.delimiter.len()));
        }
        let safe = self.held.len().saturating_sub(self.delimiter.len());
        (safe > 0).then(|| self.held.split_to(safe))
    }

    /// A head with the empty line after it.
    fn head(&mut self) -> Option<BytesMut> {
        // After the last delimiter nothing is read any more.
        let end = memmem::find(&self.held, b"\r\n\r\n").map(|at| at + 4);
        let end = end.or_else(|| (self.held.len() > LONGEST_HEAD).then_some(self.held.len()))?;
        self.is_in_head = false;
        let head = self.held.split_to(end);
        // The empty line's first line end may begin the next delimiter of an empty part: both belong to the head.
        if std::str::from_utf8(&head).is_ok() {
            return Some(head);
        }
        let (text, _, _) = SHIFT_JIS.decode(&head);
        Some(BytesMut::from(text.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(body: &[u8], piece: usize) -> Vec<u8> {
        let mut heads = Heads::new("line");
        let mut passed: Vec<u8> = body.chunks(piece).flat_map(|part| heads.take(part).to_vec()).collect();
        passed.extend_from_slice(&heads.rest());
        passed
    }

    fn form(name: &[u8], content: &[u8]) -> Vec<u8> {
        [b"--line\r\nContent-Disposition: form-data; name=\"file\"; filename=\"", name, b"\"\r\n\r\n", content, b"\r\n--line--\r\n"]
            .concat()
    }

    #[test]
    fn a_head_in_shift_jis_becomes_utf8_and_the_content_stays() {
        let (name, _, _) = SHIFT_JIS.encode("紹介状表.pdf");
        let content = [name.as_ref(), b"\r\n--lin\xff\r\n\r\n\x00"].concat();
        let sent = form(&name, &content);
        for piece in [1, 2, 7, 64, sent.len()] {
            assert_eq!(passed(&sent, piece), form("紹介状表.pdf".as_bytes(), &content), "in pieces of {piece}");
        }
    }

    #[test]
    fn what_is_no_form_passes_as_it_came() {
        for body in [&b""[..], b"-", b"--line", b"\xff\xfe", b"preamble\r\n--line--", &[0xff; 9_000]] {
            for piece in [1, 9_000] {
                assert_eq!(passed(body, piece), body);
            }
        }
    }
}
