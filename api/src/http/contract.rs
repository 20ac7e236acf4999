//! The OpenAPI document as a guard: what it says of paths, methods, media types, parameters and bodies is what is let through.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use actix_web::http::Method;
use anyhow::Context as _;
use application::Fault;
use domain::access::Operation;
use domain::ids::CaseId;
use jsonschema::Validator;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::http::schema_faults;

/// The media type of merge patches.
const MERGE_PATCH: &str = "application/merge-patch+json";

/// One operation of the document.
pub(crate) struct Entry {
    /// The operation, where it is one of the domain's; health checks and the document itself are none.
    pub(crate) operation: Option<Operation>,
    /// The media types of the body that it takes; none if it takes no body.
    pub(crate) media_types: Vec<String>,
    /// Whether the path names a case.
    pub(crate) names_a_case: bool,
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

/// The parts of the document that a guard needs. Schemas stay text until they are asked.
#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    paths: BTreeMap<String, BTreeMap<String, Described<'a>>>,
    #[serde(borrow)]
    components: Components<'a>,
}

/// Sections of components, each by name, as text.
type Components<'a> = HashMap<String, HashMap<String, &'a RawValue>>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Described<'a> {
    operation_id: String,
    #[serde(borrow, default)]
    parameters: Vec<&'a RawValue>,
    #[serde(borrow)]
    request_body: Option<DescribedBody<'a>>,
}

#[derive(Deserialize)]
struct DescribedParameter<'a> {
    name: String,
    r#in: String,
    #[serde(default)]
    required: bool,
    #[serde(borrow)]
    schema: &'a RawValue,
}

/// A place where a component may be referred to.
#[derive(Deserialize)]
struct Reference {
    #[serde(rename = "$ref")]
    to: Option<String>,
}

impl DescribedParameter<'static> {
    /// The parameter, or the one that it refers to.
    fn of(text: &'static RawValue, components: &Components<'static>) -> anyhow::Result<Self> {
        let reference: Reference = serde_json::from_str(text.get())?;
        let text = match &reference.to {
            Some(to) => referred(to, components).with_context(|| format!("{to} refers to nothing"))?.2,
            None => text,
        };
        Ok(serde_json::from_str(text.get())?)
    }
}

#[derive(Deserialize)]
struct DescribedBody<'a> {
    #[serde(borrow)]
    content: BTreeMap<String, DescribedContent<'a>>,
}

#[derive(Deserialize)]
struct DescribedContent<'a> {
    #[serde(borrow)]
    schema: Option<&'a RawValue>,
}

/// A schema that is parsed and compiled when it is first asked: a server that starts need not wait for all of them, nor keep those that
/// nobody uses.
struct Schema {
    source: &'static RawValue,
    components: Arc<Components<'static>>,
    compiled: OnceLock<Option<Validator>>,
}

impl Schema {
    fn of(source: &'static RawValue, components: &Arc<Components<'static>>) -> Self {
        Self { source, components: Arc::clone(components), compiled: OnceLock::new() }
    }

    fn compiled(&self) -> Option<&Validator> {
        let compile = || match compile(self.source, &self.components) {
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
    /// Reads the document.
    ///
    /// # Errors
    /// A text that is no document, or one with two paths that cannot be told apart.
    pub(crate) fn of(text: &'static str) -> anyhow::Result<Self> {
        let document: Document<'static> = serde_json::from_str(text)?;
        let components = Arc::new(document.components);
        let mut resources = matchit::Router::new();
        for (template, item) in document.paths {
            let mut methods = HashMap::new();
            for (method, described) in item {
                let Ok(method) = Method::from_bytes(method.to_ascii_uppercase().as_bytes()) else { continue };
                let entry =
                    Entry::of(described, &components, template.contains("{case_id}")).with_context(|| format!("{method} {template}"))?;
                methods.insert(method, entry);
            }
            resources.insert(template.clone(), Resource { template: template.clone(), methods }).with_context(|| template.clone())?;
        }
        Ok(Self { resources })
    }

    /// The case that a path names, and the id of what it names last; texts that are no ids are left out.
    pub(crate) fn named_in(&self, path: &str) -> (Option<CaseId>, Option<String>) {
        let Ok(found) = self.resources.at(path) else { return (None, None) };
        let case = found.params.get("case_id").and_then(|text| text.parse().ok());
        let last = found.params.iter().last().map(|(_, value)| value).filter(|text| is_id(text));
        (case, last.map(str::to_owned))
    }

    /// The resource at a path.
    pub(crate) fn find(&self, path: &str) -> Option<&Resource> {
        self.resources.at(path).ok().map(|found| found.value)
    }
}

impl Entry {
    fn of(described: Described<'static>, components: &Arc<Components<'static>>, names_a_case: bool) -> anyhow::Result<Self> {
        let content = described.request_body.map(|body| body.content).unwrap_or_default();
        let schema_of = |media_type: &str| content.get(media_type).and_then(|content| content.schema);
        let merge_patch = schema_of(MERGE_PATCH);
        let body = merge_patch.or_else(|| schema_of("application/json")).map(|schema| Schema::of(schema, components));
        let parameters: Vec<DescribedParameter<'static>> =
            described.parameters.into_iter().map(|text| DescribedParameter::of(text, components)).collect::<anyhow::Result<_>>()?;
        let asked = parameters.into_iter().filter(|parameter| parameter.r#in == "query");
        let query = asked.map(|parameter| {
            let kind = kind_of(&parse(parameter.schema)?, components)?;
            let schema = Schema::of(parameter.schema, components);
            Ok(Parameter { name: parameter.name, required: parameter.required, kind, schema })
        });
        Ok(Self {
            operation: Operation::from_operation_id(&described.operation_id),
            query: query.collect::<anyhow::Result<_>>()?,
            media_types: content.into_keys().collect(),
            body,
            is_patch: merge_patch.is_some(),
            names_a_case,
        })
    }

    /// Whether the body is a merge patch (RFC 7396).
    pub(crate) fn takes_merge_patch(&self) -> bool {
        self.is_patch
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
            // Bytes that are no UTF-8 are read as this character; the decoder says no more.
            if raw.contains(char::REPLACEMENT_CHARACTER) {
                faults.push(Fault::at(pointer, "unreadable_characters"));
                continue;
            }
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

/// Whether a text is an id, `prefix_` and 26 characters: what else a path holds may be personal.
fn is_id(text: &str) -> bool {
    text.rsplit_once('_').is_some_and(|(prefix, rest)| {
        prefix.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
            && rest.len() == 26
            && rest.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
    })
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

fn parse(text: &RawValue) -> anyhow::Result<Value> {
    Ok(serde_json::from_str(text.get())?)
}

/// The component that `#/components/<section>/<name>` refers to.
fn referred<'c>(reference: &str, components: &'c Components<'static>) -> Option<(&'c str, &'c str, &'static RawValue)> {
    let (section, name) = reference.strip_prefix("#/components/")?.split_once('/')?;
    let (section, members) = components.get_key_value(section)?;
    // A pointer may lead on, into the component.
    let (name, text) = members.get_key_value(name.split('/').next().unwrap_or_default())?;
    Some((section, name, text))
}

/// The type that a schema names, behind references and beside null; empty if it names none.
fn kind_of(schema: &Value, components: &Components<'static>) -> anyhow::Result<String> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let (_, _, text) = referred(reference, components).with_context(|| format!("{reference} refers to nothing"))?;
        return kind_of(&parse(text)?, components);
    }
    match schema.get("type") {
        Some(Value::String(kind)) => return Ok(kind.clone()),
        Some(Value::Array(kinds)) => {
            return Ok(kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or_default().to_owned());
        }
        _ => {}
    }
    for one in schema.get("oneOf").and_then(Value::as_array).into_iter().flatten() {
        let kind = kind_of(one, components)?;
        if !kind.is_empty() && kind != "null" {
            return Ok(kind);
        }
    }
    Ok(String::new())
}

fn compile(schema: &RawValue, components: &Components<'static>) -> anyhow::Result<Validator> {
    let mut root = parse(schema)?;
    // References of the document are resolved within the schema itself.
    let reached = reached_from(&root, components)?;
    if let Value::Object(root) = &mut root {
        root.insert("components".to_owned(), reached);
    }
    schema_faults::formats(jsonschema::options()).build(&root).map_err(|fault| anyhow::anyhow!("schema: {fault}"))
}

/// The components that a schema refers to, itself or through others. A validator keeps an index of all that it is given: with the
/// whole document in each of them they would take more memory than everything else together.
fn reached_from(schema: &Value, components: &Components<'static>) -> anyhow::Result<Value> {
    let mut found: Map<String, Value> = Map::new();
    let mut waiting = references_in(schema);
    while let Some(reference) = waiting.pop() {
        let (section, name, text) = referred(&reference, components).with_context(|| format!("{reference} refers to nothing"))?;
        if let Value::Object(section) = found.entry(section).or_insert_with(|| Value::Object(Map::new()))
            && !section.contains_key(name)
        {
            let component = parse(text)?;
            waiting.extend(references_in(&component));
            section.insert(name.to_owned(), component);
        }
    }
    Ok(Value::Object(found))
}

/// The references to components that stand anywhere in a schema.
fn references_in(schema: &Value) -> Vec<String> {
    let (mut found, mut waiting) = (Vec::new(), vec![schema]);
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(map) => {
                let reference = map.get("$ref").and_then(Value::as_str).filter(|text| text.starts_with("#/components/"));
                found.extend(reference.map(str::to_owned));
                waiting.extend(map.values());
            }
            Value::Array(list) => waiting.extend(list),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_of_the_document_compiles() {
        let document: Document<'static> = serde_json::from_str(crate::document::committed::COMMITTED).unwrap();
        let components = Arc::new(document.components);
        let mut compiled = 0;
        for described in document.paths.into_values().flat_map(BTreeMap::into_values) {
            let entry = Entry::of(described, &components, false).unwrap();
            for schema in entry.body.iter().chain(entry.query.iter().map(|parameter| &parameter.schema)) {
                assert!(schema.compiled().is_some(), "{}", schema.source);
                compiled += 1;
            }
        }
        assert!(compiled > 50, "{compiled}");
    }
}
