//! A client that tells its story when an answer is not as expected.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    pub request: String,
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The answer itself if it has this status; else the test ends with what was said.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}\n{}", self.request, String::from_utf8_lossy(&self.bytes));
        self
    }

    /// The refusal `code` with `status`.
    #[track_caller]
    pub fn expect_problem(self, status: u16, code: &str) -> Self {
        let answer = self.expect(status);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", answer.request);
        let body = answer.json();
        assert_eq!(body["code"], code, "{}\n{body:#}", answer.request);
        assert_eq!(body["status"], status);
        assert_eq!(Some(body["request_id"].as_str().unwrap()), answer.header("request-id"));
        answer
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|fault| panic!("{}: {fault}: {:?}", self.request, String::from_utf8_lossy(&self.bytes)))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(one, _)| one.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The entity tag, for `If-Match`.
    #[track_caller]
    pub fn etag(&self) -> String {
        self.header("etag").unwrap_or_else(|| panic!("{}: no ETag", self.request)).to_owned()
    }

    /// The text at a JSON Pointer of the body.
    #[track_caller]
    pub fn text(&self, pointer: &str) -> String {
        let body = self.json();
        let value = body.pointer(pointer).and_then(Value::as_str);
        value.unwrap_or_else(|| panic!("{}: nothing at {pointer}: {body:#}", self.request)).to_owned()
    }

    /// The pointers of the faulty fields, in order.
    pub fn pointers(&self) -> Vec<String> {
        let body = self.json();
        let mut pointers: Vec<String> =
            body["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap().to_owned()).collect();
        pointers.sort();
        pointers
    }

    /// The answer without what differs between any two answers: for comparing byte for byte.
    pub fn normalised(&self, id: &str) -> (u16, Vec<(String, String)>, String) {
        let request_id = self.header("request-id").unwrap_or_default().to_owned();
        let mut headers: Vec<(String, String)> = self
            .headers
            .iter()
            .filter(|(name, _)| !matches!(name.to_ascii_lowercase().as_str(), "request-id" | "date"))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.replace(id, "ID")))
            .collect();
        headers.sort();
        let body = String::from_utf8_lossy(&self.bytes).replace(&request_id, "REQUEST").replace(id, "ID");
        (self.status, headers, body)
    }
}

/// A request in the making.
#[derive(Clone)]
pub struct Request<'a> {
    agent: &'a ureq::Agent,
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl<'a> Request<'a> {
    pub fn new(agent: &'a ureq::Agent, method: &str, url: String) -> Self {
        Self { agent, method: method.to_owned(), url, headers: Vec::new(), body: None }
    }

    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.retain(|(one, _)| !one.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    pub fn if_match(self, etag: &str) -> Self {
        self.header("if-match", etag)
    }

    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// With the key of this attempt: the same words and body, the same key. A body may hold blanks; a key may not.
    pub fn key_of(self, words: &str, body: &Value) -> Self {
        let mut hasher = DefaultHasher::new();
        (words, body.to_string()).hash(&mut hasher);
        self.key(&format!("{:016x}", hasher.finish()))
    }

    /// As if it came from this network address, by a trusted proxy.
    pub fn from(self, source: &str) -> Self {
        self.header("x-forwarded-for", source)
    }

    pub fn in_japanese(self) -> Self {
        self.header("accept-language", "ja")
    }

    pub fn json(self, body: &Value) -> Self {
        let media_type = if self.method == "PATCH" { "application/merge-patch+json" } else { "application/json" };
        self.bytes(media_type, body.to_string().into_bytes())
    }

    pub fn bytes(mut self, media_type: &str, body: Vec<u8>) -> Self {
        self.body = Some(body);
        self.header("content-type", media_type)
    }

    /// A form of several parts: the file and its description.
    pub fn form(self, file_name: &str, file: &[u8], fields: &[(&str, &str)]) -> Self {
        const BOUNDARY: &str = "a-line-that-no-file-of-the-tests-has";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        let disposition = format!("Content-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"");
        body.extend(format!("--{BOUNDARY}\r\n{disposition}\r\nContent-Type: application/octet-stream\r\n\r\n").bytes());
        body.extend_from_slice(file);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
        self.bytes(&format!("multipart/form-data; boundary={BOUNDARY}"), body)
    }

    #[track_caller]
    pub fn send(self) -> Answer {
        let mut request = ureq::http::Request::builder().method(self.method.as_str()).uri(&self.url);
        for (name, value) in &self.headers {
            request = request.header(name.as_str(), value.as_str());
        }
        let story = format!("{} {}", self.method, self.url);
        let sent = match self.body {
            Some(body) => self.agent.run(request.body(body).unwrap()),
            None => self.agent.run(request.body(()).unwrap()),
        };
        let mut response = sent.unwrap_or_else(|fault| panic!("{story}: {fault}"));
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let bytes = response.body_mut().with_config().limit(64 * 1024 * 1024).read_to_vec().unwrap();
        Answer { request: story, status: response.status().as_u16(), headers, bytes }
    }
}
