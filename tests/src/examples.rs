//! The examples of the document are true: each request is sent, as it stands, to a demo of its own, and the answer is the one that is shown.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::support::app::{App, PASSWORD};
use crate::support::http::Answer;

/// Requests that the demo cannot answer as they stand, and why.
const CANNOT: [(&str, &str); 11] = [
    ("refreshSession", "a refresh token is random, and the demo knows none beforehand"),
    ("retryJob", "no job of the demo fails"),
    ("markNotAttended", DAY_OF_THE_VISIT),
    ("recordArrival", DAY_OF_THE_VISIT),
    ("agreeExtension", DAY_OF_THE_VISIT),
    ("recordConsultation", DAY_OF_THE_VISIT),
    ("correctConsultation", DAY_OF_THE_VISIT),
    ("recordExamException", DAY_OF_THE_VISIT),
    ("issuePaidInvoice", DAY_OF_THE_VISIT),
    ("requestTreatment", DAY_OF_THE_VISIT),
    ("answerTreatmentRequest", DAY_OF_THE_VISIT),
];

/// A demo may begin on a Sunday night.
const DAY_OF_THE_VISIT: &str = "the visits of the demo are on days to come";

/// Answers that differ from server to server.
const NOT_SHOWN: [&str; 1] = ["getOpenapi"];

/// A letter for the one request that sends a file.
const LETTER: &[u8] = include_bytes!("../../application/src/demo/referral-letter.pdf");

/// One operation of the document, with what its example says.
struct Example<'d> {
    document: &'d Value,
    described: &'d Value,
    method: &'d str,
    path: &'d str,
}

impl<'d> Example<'d> {
    fn id(&self) -> &'d str {
        self.described["operationId"].as_str().unwrap()
    }

    /// What a reference leads to, or the value itself.
    fn resolved(&self, value: &'d Value) -> &'d Value {
        let reference = value["$ref"].as_str().map(|text| text.trim_start_matches('#'));
        reference.map_or(value, |pointer| self.document.pointer(pointer).unwrap())
    }

    fn parameter(&self, name: &str, within: &str) -> Option<String> {
        let all = self.described["parameters"].as_array()?.iter().map(|one| self.resolved(one));
        let found = all.into_iter().find(|one| one["name"] == name && one["in"] == within)?;
        found["example"].as_str().map(str::to_owned)
    }

    /// The media type of the body, and the body.
    fn body(&self) -> Option<(&'d str, &'d Value)> {
        let (media_type, media) = self.described["requestBody"]["content"].as_object()?.iter().next()?;
        Some((media_type, &self.resolved(&media["examples"]["demo"])["value"]))
    }

    /// Sends the request to a demo, by the person whom it names.
    fn send(&self, app: &App) -> Answer {
        let mut path = self.path.to_owned();
        for name in self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
            let value = self.parameter(name, "path").unwrap_or_else(|| panic!("{}: {name} has no example", self.id()));
            path = path.replace(&format!("{{{name}}}"), &value);
        }
        let mut request = app.anonymous().request(&self.method.to_uppercase(), &path).from(&app.fresh_source());
        if let Some(person) = self.described["x-demo-person"].as_str() {
            request = request.bearer(&app.try_to_sign_in(person, PASSWORD).expect(201).text("/access_token"));
        }
        for header in ["If-Match", "Idempotency-Key"] {
            if let Some(value) = self.parameter(header, "header") {
                request = request.header(header, value);
            }
        }
        match self.body() {
            Some(("multipart/form-data", fields)) => {
                let fields = fields
                    .as_object()
                    .unwrap()
                    .iter()
                    .filter(|(name, _)| *name != "file")
                    .map(|(name, value)| (name.as_str(), value.as_str().unwrap()));
                request.form("letter.pdf", LETTER, &fields.collect::<Vec<_>>()).send()
            }
            Some((media_type, body)) => request.bytes(media_type, body.to_string().into_bytes()).send(),
            None => request.send(),
        }
    }

    /// Whether the document says that the answer has an entity tag.
    fn declares_an_etag(&self, status: u16) -> bool {
        self.resolved(&self.described["responses"][status.to_string()])["headers"].get("ETag").is_some()
    }

    /// The answer that the document shows.
    fn shown(&self) -> Option<&'d Value> {
        let mut answers = self.described["responses"].as_object()?.iter().filter(|(status, _)| status.starts_with('2'));
        answers.find_map(|(_, answer)| answer.pointer("/content/application~1json/examples/demo")).map(|one| &self.resolved(one)["value"])
    }
}

/// Every operation of the document.
fn all(document: &Value) -> Vec<Example<'_>> {
    let items = document["paths"].as_object().unwrap().iter();
    items
        .flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(move |(method, described)| Example { document, described, method, path })
        })
        .collect()
}

/// Replaces what no two demos have in common: random identifiers, keys and tokens.
fn settled(mut value: Value) -> Value {
    let mut met = BTreeMap::new();
    settle("", &mut value, &mut met);
    value
}

fn settle(name: &str, value: &mut Value, met: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(map) => map.iter_mut().for_each(|(name, value)| settle(name, value, met)),
        Value::Array(list) => list.iter_mut().for_each(|value| settle(name, value, met)),
        Value::String(text) => match name {
            "access_token" => "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2ln".clone_into(text),
            "refresh_token" | "device_token" | "kid" | "x" => "d2hhdGV2ZXIgaXMgaGVyZSBpcyBub3QgYSB0b2tlbiE".clone_into(text),
            _ if is_random_id(text) => {
                let prefix = text.rsplit_once('_').map(|(prefix, _)| prefix.to_owned()).unwrap_or_default();
                let place = met.len() + 1;
                met.entry(text.clone()).or_insert_with(|| format!("{prefix}_01m0000000e0000000000000{place:02}")).clone_into(text);
            }
            _ => {}
        },
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether a text is an identifier that is none of the demo's: those begin alike.
fn is_random_id(text: &str) -> bool {
    let demo = application::demo::ids::in_house::<domain::ids::UserKey>(1).to_string();
    let of_demo = demo.rsplit_once('_').and_then(|(_, rest)| rest.get(..6)).unwrap();
    text.rsplit_once('_').is_some_and(|(prefix, rest)| {
        rest.len() == 26
            && prefix.bytes().all(|byte| byte.is_ascii_lowercase())
            && rest.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
            && !rest.starts_with(of_demo)
    })
}

#[test]
fn every_example_is_answered_as_the_document_shows() {
    let document = api::document::document().unwrap();
    let reading = App::demo();
    let (mut answers, mut refused, mut other, mut undeclared) = (Map::new(), Vec::new(), Vec::new(), Vec::new());
    for example in all(&document).into_iter().filter(|one| !NOT_SHOWN.contains(&one.id())) {
        let answer = if example.method == "get" { example.send(&reading) } else { example.send(&App::demo()) };
        if !(200..300).contains(&answer.status) {
            refused.push((example.id(), format!("{} {}", answer.status, String::from_utf8_lossy(&answer.bytes))));
            continue;
        }
        if answer.header("etag").is_some() != example.declares_an_etag(answer.status) {
            undeclared.push(example.id());
        }
        if answer.header("content-type") == Some("application/json") {
            let said = settled(answer.json());
            if example.shown() != Some(&said) {
                other.push(example.id());
            }
            answers.insert(example.id().to_owned(), said);
        }
    }
    assert!(undeclared.is_empty(), "an ETag is declared exactly where it is sent: {undeclared:?}");
    let unexpected: Vec<_> = refused.iter().filter(|(id, _)| !CANNOT.iter().any(|(known, _)| known == id)).collect();
    assert!(unexpected.is_empty(), "{unexpected:#?}");
    assert_eq!(refused.len(), CANNOT.len(), "{refused:?}");
    if std::env::var_os("RECORD_ANSWERS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/answers.json"), format!("{:#}\n", json!(answers))).unwrap();
        return;
    }
    assert!(other.is_empty(), "the demo answers differently now; if that is meant, scripts/document writes the answers anew: {other:?}");
}
