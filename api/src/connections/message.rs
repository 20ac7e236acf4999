//! Where a message of HTTP/1.1 ends (RFC 9112, 6.3): requests as clients send them, answers as the server writes them.

use super::chunks::Chunks;

/// How many header fields a message may have.
const MOST_FIELDS: usize = 96;

/// The message cannot be framed: nobody can tell where it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed;

/// The rest of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// So many bytes.
    Sized(u64),
    /// Chunks.
    Chunked(Chunks),
    /// Everything until the connection closes.
    UntilClose,
}

impl Body {
    /// There is none.
    pub(super) const NONE: Self = Self::Sized(0);

    pub(super) fn is_done(self) -> bool {
        match self {
            Self::Sized(left) => left == 0,
            Self::Chunked(chunks) => chunks.is_done(),
            Self::UntilClose => false,
        }
    }

    /// Goes through `bytes`; says how many of them belong to the body.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<usize, Malformed> {
        match self {
            Self::Sized(left) => {
                let now = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                *left = left.saturating_sub(u64::try_from(now).unwrap_or(u64::MAX));
                Ok(now)
            }
            Self::Chunked(chunks) => chunks.take(bytes),
            Self::UntilClose => Ok(bytes.len()),
        }
    }
}

/// The facts about a request that framing needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RequestHead {
    /// Whether it asks for the head of an answer alone.
    pub(super) is_head: bool,
    /// Whether its body is a form with a file, which may be large.
    pub(super) is_form: bool,
    pub(super) body: Body,
}

impl RequestHead {
    /// Reads a whole head. What leaves the end of the body open to interpretation is refused: two readers must never disagree on it.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
        let mut request = httparse::Request::new(&mut fields);
        if !request.parse(bytes).is_ok_and(|read| read.is_complete()) {
            return Err(Malformed);
        }
        let framed = framing(request.headers)?;
        if framed == Some(Body::Chunked(Chunks::new())) && request.version != Some(1) {
            return Err(Malformed);
        }
        let form = |field: &&mut httparse::Header<'_>| {
            field.name.eq_ignore_ascii_case("content-type")
                && field.value.get(..10).is_some_and(|begin| begin.eq_ignore_ascii_case(b"multipart/"))
        };
        Ok(Self {
            is_head: request.method == Some("HEAD"),
            is_form: request.headers.iter_mut().any(|field| form(&field)),
            body: framed.unwrap_or(Body::NONE),
        })
    }
}

/// The facts about an answer that framing needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AnswerHead {
    /// Bytes of the head.
    pub(super) length: usize,
    pub(super) status: u16,
    /// Whether this server's own handlers made it: they name each request.
    pub(super) is_named: bool,
    pub(super) body: Body,
}

impl AnswerHead {
    /// Reads the head at the beginning of `bytes`, of an answer to a request that asked for a head alone or not.
    pub(super) fn read(bytes: &[u8], to_head: bool) -> Result<Self, Malformed> {
        let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
        let mut answer = httparse::Response::new(&mut fields);
        let Ok(httparse::Status::Complete(length)) = answer.parse(bytes) else { return Err(Malformed) };
        let status = answer.code.ok_or(Malformed)?;
        let has_none = to_head || matches!(status, 100..=199 | 204 | 304);
        let is_named = answer.headers.iter().any(|field| field.name.eq_ignore_ascii_case("request-id"));
        let body = if has_none { Body::NONE } else { framing(answer.headers)?.unwrap_or(Body::UntilClose) };
        Ok(Self { length, status, is_named, body })
    }

    /// Whether another answer to the same request follows.
    pub(super) fn is_interim(&self) -> bool {
        (100..=199).contains(&self.status)
    }
}

/// Takes out of a head, in its place, the wish to change to another protocol: the server changes to none, and an answer in the frame of a
/// change would end the connection.
pub(super) fn ignore_upgrades(head: &mut [u8]) {
    const WISH: &[u8] = b"upgrade";
    for line in head.split_mut(|byte| *byte == b'\n') {
        if !line.get(..11).is_some_and(|name| name.eq_ignore_ascii_case(b"connection:")) {
            continue;
        }
        for word in line.split_mut(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-') {
            if word.eq_ignore_ascii_case(WISH) {
                word.copy_from_slice(b"ignored");
            }
        }
    }
}

/// How the fields say that a body is framed; `None` if they say nothing.
fn framing(fields: &[httparse::Header<'_>]) -> Result<Option<Body>, Malformed> {
    let values = |name: &'static str| fields.iter().filter(move |field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value);
    let mut codings = values("transfer-encoding");
    let mut lengths = values("content-length");
    match (codings.next(), lengths.next(), codings.next().is_none() && lengths.next().is_none()) {
        (None, None, _) => Ok(None),
        (Some(coding), None, true) if coding.eq_ignore_ascii_case(b"chunked") => Ok(Some(Body::Chunked(Chunks::new()))),
        (None, Some(length), true) if !length.is_empty() && length.iter().all(u8::is_ascii_digit) => {
            let length = std::str::from_utf8(length).ok().and_then(|text| text.parse().ok()).ok_or(Malformed)?;
            Ok(Some(Body::Sized(length)))
        }
        _ => Err(Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(text: &str) -> Result<RequestHead, Malformed> {
        RequestHead::read(text.replace('\n', "\r\n").as_bytes())
    }

    #[test]
    fn the_end_of_a_request_is_told_by_its_head() {
        let plain = request("GET / HTTP/1.1\nHost: a\n\n").unwrap();
        assert_eq!((plain.is_head, plain.is_form, plain.body), (false, false, Body::NONE));
        assert!(request("HEAD / HTTP/1.1\n\n").unwrap().is_head);
        assert_eq!(request("POST / HTTP/1.1\ncontent-LENGTH: 12\n\n").unwrap().body, Body::Sized(12));
        assert_eq!(request("POST / HTTP/1.1\nTransfer-Encoding: Chunked\n\n").unwrap().body, Body::Chunked(Chunks::new()));
        assert!(request("POST / HTTP/1.1\nContent-Type: Multipart/Form-Data; boundary=x\nContent-Length: 1\n\n").unwrap().is_form);
    }

    #[test]
    fn a_request_whose_end_two_readers_may_tell_differently_is_refused() {
        for fields in [
            "Content-Length: 1\nContent-Length: 1",
            "Content-Length: 1\nContent-Length: 2",
            "Content-Length: 1, 1",
            "Content-Length: +1",
            "Content-Length: 0x1",
            "Content-Length:",
            "Content-Length: 99999999999999999999",
            "Content-Length: 1\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\nTransfer-Encoding: chunked",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: identity",
            "Transfer-Encoding : chunked",
        ] {
            assert_eq!(request(&format!("POST / HTTP/1.1\n{fields}\n\n")), Err(Malformed), "{fields}");
        }
        assert_eq!(request("POST / HTTP/1.0\nTransfer-Encoding: chunked\n\n"), Err(Malformed));
        assert_eq!(request("PRI * HTTP/2.0\n\n"), Err(Malformed));
    }

    #[test]
    fn a_wish_to_upgrade_is_taken_out_of_its_place_alone() {
        let mut head =
            b"GET /upgrade HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nX: connection: upgrade\r\n\r\n".to_vec();
        ignore_upgrades(&mut head);
        let told = String::from_utf8(head).unwrap();
        assert!(told.contains("Connection: ignored, HTTP2-Settings\r\nUpgrade: h2c\r\nX: connection: upgrade"), "{told}");
    }

    #[test]
    fn the_end_of_an_answer_depends_on_the_request_too() {
        let read = |text: &str, to_head| AnswerHead::read(text.replace('\n', "\r\n").as_bytes(), to_head).unwrap();
        let sized = "HTTP/1.1 200 OK\ncontent-length: 5\nrequest-id: r\n\n";
        assert_eq!(read(sized, false).body, Body::Sized(5));
        assert_eq!(read(sized, true).body, Body::NONE);
        assert!(read(sized, false).is_named);
        assert_eq!(read("HTTP/1.1 304 Not Modified\ncontent-length: 5\n\n", false).body, Body::NONE);
        assert!(read("HTTP/1.1 100 Continue\n\n", false).is_interim());
        assert_eq!(read("HTTP/1.1 200 OK\n\n", false).body, Body::UntilClose);
        assert!(!read("HTTP/1.1 400 Bad Request\ncontent-length: 0\n\n", false).is_named);
    }
}
