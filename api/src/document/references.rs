//! Writes each repeated refusal, header and parameter once, under `components`. Operations refer to it.

use serde_json::{Map, Value, json};

/// The standard names of the statuses that operations share (RFC 9110, RFC 6585, RFC 4918).
const STATUSES: [(&str, &str); 18] = [
    ("304", "NotModified"),
    ("400", "BadRequest"),
    ("401", "Unauthorized"),
    ("403", "Forbidden"),
    ("404", "NotFound"),
    ("405", "MethodNotAllowed"),
    ("408", "RequestTimeout"),
    ("409", "Conflict"),
    ("412", "PreconditionFailed"),
    ("413", "ContentTooLarge"),
    ("415", "UnsupportedMediaType"),
    ("422", "UnprocessableContent"),
    ("428", "PreconditionRequired"),
    ("429", "TooManyRequests"),
    ("431", "RequestHeaderFieldsTooLarge"),
    ("500", "InternalServerError"),
    ("503", "ServiceUnavailable"),
    ("507", "InsufficientStorage"),
];

/// Moves what repeats into components. Of several contents that would have one name the most frequent gets it; the others stay where they
/// are.
pub(super) fn share(document: &mut Value) {
    let mut shared = Shared::default();
    shared.count(document);
    let (parameters, headers) = (shared.parameters.chosen(), shared.headers.chosen());
    let responses = with_headers(shared.responses.chosen(), &headers);
    for operation in operations(document) {
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            refer("parameters", &parameters, parameter_name(parameter), parameter);
        }
        for (status, response) in operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten() {
            let name = response_name(status);
            refer_headers(&headers, response);
            if let Some(name) = name {
                refer("responses", &responses, Some(name), response);
            }
        }
    }
    let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) else { return };
    components.insert("headers".into(), Value::Object(headers));
    components.insert("parameters".into(), Value::Object(parameters));
    components.insert("responses".into(), Value::Object(responses));
}

/// The operations of a document.
pub(super) fn operations(document: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    let items = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut);
    items.filter_map(Value::as_object_mut).flat_map(Map::values_mut).filter_map(Value::as_object_mut)
}

/// The contents that were seen under each name, with how often.
#[derive(Default)]
struct Contents(Vec<(String, Value, usize)>);

impl Contents {
    fn see(&mut self, name: &str, content: &Value) {
        match self.0.iter_mut().find(|(known, value, _)| known == name && value == content) {
            Some((_, _, count)) => *count += 1,
            None => self.0.push((name.to_owned(), content.clone(), 1)),
        }
    }

    /// For each name the content that was seen most often, if more than once; by name.
    fn chosen(mut self) -> Map<String, Value> {
        self.0.sort_by(|one, other| one.0.cmp(&other.0).then(other.2.cmp(&one.2)));
        self.0.dedup_by(|other, one| one.0 == other.0);
        self.0.into_iter().filter(|(_, _, count)| *count > 1).map(|(name, content, _)| (name, content)).collect()
    }
}

#[derive(Default)]
struct Shared {
    parameters: Contents,
    headers: Contents,
    responses: Contents,
}

impl Shared {
    fn count(&mut self, document: &mut Value) {
        for operation in operations(document) {
            for parameter in operation.get("parameters").and_then(Value::as_array).into_iter().flatten() {
                if let Some(name) = parameter_name(parameter) {
                    self.parameters.see(&name, parameter);
                }
            }
            for (status, response) in operation.get("responses").and_then(Value::as_object).into_iter().flatten() {
                for (name, header) in response.get("headers").and_then(Value::as_object).into_iter().flatten() {
                    self.headers.see(&upper_camel(name), header);
                }
                if let Some(name) = response_name(status) {
                    self.responses.see(&name, response);
                }
            }
        }
    }
}

/// The name of a parameter among the components: `CaseId`, `IfMatch`; one that must be there and often need not says so.
fn parameter_name(parameter: &Value) -> Option<String> {
    let name = upper_camel(parameter.get("name")?.as_str()?);
    let required = parameter.get("in")?.as_str()? == "header" && parameter.get("required") == Some(&json!(true));
    Some(if required { format!("Required{name}") } else { name })
}

fn response_name(status: &str) -> Option<String> {
    STATUSES.iter().find(|(code, _)| *code == status).map(|(_, name)| (*name).to_owned())
}

/// `CaseId` of `case_id`, `IfMatch` of `If-Match`, `GetCase` of `getCase`.
pub(super) fn upper_camel(name: &str) -> String {
    let parts = name.split(['-', '_']).filter(|part| !part.is_empty());
    parts.map(|part| part.chars().take(1).flat_map(char::to_uppercase).chain(part.chars().skip(1)).collect::<String>()).collect()
}

/// Puts a reference in the place of a content that stands among the components.
fn refer(section: &str, chosen: &Map<String, Value>, name: Option<String>, content: &mut Value) {
    if let Some(name) = name.filter(|name| chosen.get(name) == Some(content)) {
        *content = json!({ "$ref": format!("#/components/{section}/{name}") });
    }
}

fn refer_headers(headers: &Map<String, Value>, response: &mut Value) {
    for (name, header) in response.get_mut("headers").and_then(Value::as_object_mut).into_iter().flatten() {
        refer("headers", headers, Some(upper_camel(name)), header);
    }
}

/// Responses whose own headers are references.
fn with_headers(mut responses: Map<String, Value>, headers: &Map<String, Value>) -> Map<String, Value> {
    responses.values_mut().for_each(|response| refer_headers(headers, response));
    responses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_is_written_once_and_what_differs_stays() {
        let id = json!({ "description": "The id.", "schema": { "type": "string" } });
        let refusal = |text: &str| json!({ "description": text, "headers": { "Request-Id": id } });
        let limit = json!({ "name": "limit", "in": "query", "schema": { "type": "integer" } });
        let operation =
            |text: &str| json!({ "parameters": [limit], "responses": { "200": { "description": "Done." }, "404": refusal(text) } });
        let mut document = json!({
            "paths": { "/a": { "get": operation("Nothing.") }, "/b": { "get": operation("Nothing."), "put": operation("No such b.") } },
            "components": {},
        });
        share(&mut document);
        let at = |pointer: &str| document.pointer(pointer).cloned().unwrap_or_default();
        assert_eq!(at("/paths/~1a/get/responses/404"), json!({ "$ref": "#/components/responses/NotFound" }));
        assert_eq!(at("/paths/~1b/put/responses/404/description"), "No such b.");
        assert_eq!(at("/paths/~1b/put/responses/404/headers/Request-Id"), json!({ "$ref": "#/components/headers/RequestId" }));
        assert_eq!(at("/paths/~1b/put/parameters/0"), json!({ "$ref": "#/components/parameters/Limit" }));
        assert_eq!(at("/components/responses/NotFound/description"), "Nothing.");
        assert_eq!(at("/components/responses/NotFound/headers/Request-Id"), json!({ "$ref": "#/components/headers/RequestId" }));
        assert_eq!(at("/components/headers/RequestId"), id);
        assert_eq!(at("/components/parameters/Limit"), limit);
        assert_eq!(at("/paths/~1a/get/responses/200"), json!({ "description": "Done." }));
    }
}
