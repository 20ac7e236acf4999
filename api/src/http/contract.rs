//! The OpenAPI document as a guard: what it says of paths, methods, media types, parameters and bodies is what is let through.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use actix_web::http::Method;
use anyhow::Context as _;
use application::Fault;
use domain::access::Operation;
use jsonschema::Validator;
use serde_json::{Map, Value};

use crate::http::schema_faults;

/// The media type of merge patches.
const MERGE_PATCH: &str = "application/merge-patch+json";

/// What the document says of one operation.
pub(crate) struct Entry {
    /// The operation, where it is one of the domain's; health checks and the document itself are none.
    pub(crate) operation: Option<Operation>,
    /// The media types of the body that it takes; none if it takes no body.
    pub(crate) media_types: Vec<String>,
    pub(crate) needs_if_match: bool,
    pub(crate) needs_idempotency_key: bool,
    body: Option<Schema>,
    /// Whether the body is a merge patch: it may leave out what the whole must have.
    is_patch: bool,
    query: Vec<Parameter>,
}

struct Parameter {
    name: String,
    required: bool,
    kind: String,
    schema: Schema,
}

/// A schema that is compiled when it is first asked: a server that starts need not wait for all of them, nor keep those that nobody uses.
struct Schema {
    source: Value,
    components: Arc<Value>,
    compiled: OnceLock<Option<Validator>>,
}

impl Schema {
    fn of(source: &Value, components: &Arc<Value>) -> Self {
        Self { source: source.clone(), components: Arc::clone(components), compiled: OnceLock::new() }
    }

    fn compiled(&self) -> Option<&Validator> {
        let compile = || match compile(&self.source, &self.components) {
            Ok(validator) => Some(validator),
            Err(fault) => {
                tracing::error!(%fault, "a schema of the document cannot be compiled; what it should check is refused");
                None
            }
        };
        self.compiled.get_or_init(compile).as_ref()
    }

    /// All faults of `value`; a schema that cannot be compiled lets nothing through.
    fn faults_of(&self, value: &Value, root: &str) -> Vec<Fault> {
        self.compiled().map_or_else(|| vec![Fault::at(root, "invalid")], |validator| schema_faults::of(validator, value, root))
    }
}

/// A path of the document with its methods.
pub(crate) struct Resource {
    pub(crate) template: String,
    pub(crate) methods: HashMap<Method, Entry>,
}

impl Resource {
    /// The value of `Allow`: `HEAD` comes with `GET`.
    pub(crate) fn allow(&self) -> String {
        let mut names: Vec<&str> = self.methods.keys().map(Method::as_str).collect();
        if names.contains(&"GET") {
            names.push("HEAD");
        }
        names.sort_unstable();
        names.join(", ")
    }
}

/// The document, compiled for checking requests.
pub(crate) struct Contract {
    resources: matchit::Router<Resource>,
}

impl Contract {
    /// Compiles the finished document.
    pub(crate) fn of(document: &Value) -> anyhow::Result<Self> {
        let paths = document.get("paths").and_then(Value::as_object).context("the document has no paths")?;
        let components = Arc::new(document.get("components").cloned().unwrap_or_default());
        let mut resources = matchit::Router::new();
        for (template, item) in paths {
            let mut methods = HashMap::new();
            for (method, described) in item.as_object().into_iter().flatten() {
                let Ok(method) = Method::from_bytes(method.to_ascii_uppercase().as_bytes()) else { continue };
                let entry = Entry::of(described, &components).with_context(|| format!("{method} {template}"))?;
                methods.insert(method, entry);
            }
            resources.insert(template.clone(), Resource { template: template.clone(), methods }).with_context(|| template.clone())?;
        }
        Ok(Self { resources })
    }

    /// The resource at a path.
    pub(crate) fn find(&self, path: &str) -> Option<&Resource> {
        self.resources.at(path).ok().map(|found| found.value)
    }
}

impl Entry {
    fn of(described: &Value, components: &Arc<Value>) -> anyhow::Result<Self> {
        let id = described.get("operationId").and_then(Value::as_str).context("an operation without an id")?;
        let content = described.pointer("/requestBody/content").and_then(Value::as_object);
        let schema_of = |media_type: &str| content.and_then(|content| content.get(media_type)?.get("schema"));
        let merge_patch = schema_of(MERGE_PATCH);
        let body = merge_patch.or_else(|| schema_of("application/json")).map(|schema| Schema::of(schema, components));
        let mut query = Vec::new();
        let mut required_headers = Vec::new();
        for parameter in described.get("parameters").and_then(Value::as_array).into_iter().flatten() {
            let text = |key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let required = parameter.get("required").and_then(Value::as_bool).unwrap_or(false);
            if text("in") == "header" && required {
                required_headers.push(text("name").to_ascii_lowercase());
            }
            if text("in") == "query" {
                let schema = parameter.get("schema").context("a parameter without a schema")?;
                query.push(Parameter {
                    name: text("name"),
                    required,
                    kind: kind_of(schema, components),
                    schema: Schema::of(schema, components),
                });
            }
        }
        Ok(Self {
            operation: Operation::from_operation_id(id),
            media_types: content.map(|content| content.keys().cloned().collect()).unwrap_or_default(),
            needs_if_match: required_headers.iter().any(|name| name == "if-match"),
            needs_idempotency_key: required_headers.iter().any(|name| name == "idempotency-key"),
            body,
            is_patch: merge_patch.is_some(),
            query,
        })
    }

    /// All faults of a body by its schema.
    pub(crate) fn faults_of_body(&self, body: &Value) -> Vec<Fault> {
        let mut faults = self.body.as_ref().map(|schema| schema.faults_of(body, "")).unwrap_or_default();
        if self.is_patch {
            faults.retain(|fault| fault.code != "required" || stands_in_a_list(&fault.pointer));
        }
        faults
    }

    /// The query as a JSON object whose values have the types of the document, or all of its faults.
    pub(crate) fn read_query(&self, text: &str) -> Result<Value, Vec<Fault>> {
        let mut values = Map::new();
        let mut faults = Vec::new();
        for (name, raw) in form_urlencoded::parse(text.as_bytes()) {
            let pointer = format!("/query/{name}");
            let Some(parameter) = self.query.iter().find(|parameter| parameter.name == name) else {
                faults.push(Fault::at(pointer, "unknown_parameter"));
                continue;
            };
            if values.contains_key(name.as_ref()) {
                faults.push(Fault::at(pointer, "repeated_parameter"));
                continue;
            }
            let value = parameter.typed(&raw);
            faults.extend(parameter.schema.faults_of(&value, &pointer));
            values.insert(name.into_owned(), value);
        }
        for parameter in self.query.iter().filter(|parameter| parameter.required && !values.contains_key(&parameter.name)) {
            faults.push(Fault::at(format!("/query/{}", parameter.name), "required"));
        }
        if faults.is_empty() { Ok(Value::Object(values)) } else { Err(faults) }
    }
}

/// Whether a pointer leads through an entry of a list: merge patches replace lists whole (RFC 7396).
fn stands_in_a_list(pointer: &str) -> bool {
    pointer.split('/').skip(1).any(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

impl Parameter {
    /// The text as the type that the document names; what does not fit stays text, and the schema then refuses it.
    fn typed(&self, raw: &str) -> Value {
        match self.kind.as_str() {
            "integer" => raw.parse::<i64>().map_or_else(|_| raw.into(), Value::from),
            "boolean" => raw.parse::<bool>().map_or_else(|_| raw.into(), Value::from),
            _ => raw.into(),
        }
    }
}

/// The type that a schema names, behind references and beside null.
fn kind_of(schema: &Value, components: &Value) -> String {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = reference.strip_prefix("#/components").and_then(|pointer| components.pointer(pointer));
        return target.map_or_else(String::new, |schema| kind_of(schema, components));
    }
    match schema.get("type") {
        Some(Value::String(kind)) => kind.clone(),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or_default().to_owned(),
        _ => schema
            .get("oneOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(|one| kind_of(one, components))
            .find(|kind| !kind.is_empty() && kind != "null")
            .unwrap_or_default(),
    }
}

fn compile(schema: &Value, components: &Value) -> anyhow::Result<Validator> {
    let mut root = schema.as_object().cloned().unwrap_or_default();
    // References of the document are resolved within the schema itself.
    root.insert("components".to_owned(), reached_from(schema, components));
    schema_faults::formats(jsonschema::options()).build(&Value::Object(root)).map_err(|fault| anyhow::anyhow!("schema: {fault}"))
}

/// The components that a schema refers to, itself or through others. A validator keeps an index of all that it is given: with the
/// whole document in each of them they would take more memory than everything else together.
fn reached_from(schema: &Value, components: &Value) -> Value {
    let mut found = Map::new();
    let mut waiting = vec![schema];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(map) => {
                let reference = map.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix("#/components/"));
                let mut names = reference.into_iter().flat_map(|pointer| pointer.split('/'));
                if let (Some(section), Some(name)) = (names.next(), names.next())
                    && let Some(target) = components.get(section).and_then(|section| section.get(name))
                    && let Value::Object(section) = found.entry(section).or_insert_with(|| Value::Object(Map::new()))
                    && !section.contains_key(name)
                {
                    section.insert(name.to_owned(), target.clone());
                    waiting.push(target);
                }
                waiting.extend(map.values());
            }
            Value::Array(list) => waiting.extend(list),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    Value::Object(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_of_the_document_compiles() {
        let document = crate::document::document().unwrap();
        let components = document.get("components").cloned().unwrap();
        let mut compiled = 0;
        for item in document["paths"].as_object().unwrap().values() {
            for described in item.as_object().unwrap().values() {
                let entry = Entry::of(described, &Arc::new(components.clone())).unwrap();
                for schema in entry.body.iter().chain(entry.query.iter().map(|parameter| &parameter.schema)) {
                    assert!(schema.compiled().is_some(), "{}", schema.source);
                    compiled += 1;
                }
            }
        }
        assert!(compiled > 50, "{compiled}");
    }
}
