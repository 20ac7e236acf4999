//! Makes two schemas of a type that requests and answers share: `<Name>Input` for requests, where keys may be absent and unknown keys are
//! refused, and `<Name>` for answers, where every key is present and more keys may come.

use std::collections::BTreeSet;

use domain::schema::MAY_GROW;
use serde_json::{Map, Value, json};

use super::references::operations;

const SCHEMAS: &str = "#/components/schemas/";

/// Gives requests and answers their own forms of each schema that both use and that differs between them, and drops what nobody uses.
pub(super) fn part(document: &mut Value) {
    drop_defaults(document);
    let asked = reached(document, &["requestBody", "parameters"]);
    let answered = reached(document, &["responses"]);
    let two_formed = two_formed(document, &asked, &answered);
    let named = |name: &str| two_formed.contains(name).then(|| format!("{name}Input"));
    for operation in operations(document) {
        for part in ["requestBody", "parameters"] {
            operation.get_mut(part).into_iter().for_each(|part| rename(part, &named));
        }
    }
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    let all = std::mem::take(schemas);
    for (name, schema) in all {
        let is_asked = asked.contains(&name);
        if is_asked {
            let mut form = schema.clone();
            rename(&mut form, &named);
            close(&mut form);
            schemas.insert(named(&name).unwrap_or_else(|| name.clone()), form);
        }
        if answered.contains(&name) && (!is_asked || two_formed.contains(&name)) {
            let mut form = schema;
            require_all(&mut form);
            open(&mut form);
            schemas.insert(name, form);
        } else if !is_asked && super::BASE_SCHEMAS.contains(&name.as_str()) {
            schemas.insert(name, schema);
        }
    }
}

/// Removes `default`: generators would make the property required. Descriptions say the default in words.
fn drop_defaults(document: &mut Value) {
    let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut);
    for property in schemas.filter_map(|schema| schema.get_mut("properties")?.as_object_mut()).flat_map(Map::values_mut) {
        property.as_object_mut().into_iter().for_each(|property| drop(property.remove("default")));
    }
}

/// The schemas that both requests and answers use and whose forms differ: because of themselves, or of what they refer to.
fn two_formed(document: &Value, asked: &BTreeSet<String>, answered: &BTreeSet<String>) -> BTreeSet<String> {
    let schema = |name: &str| document.pointer("/components/schemas")?.get(name);
    let both: Vec<&String> = asked.intersection(answered).collect();
    let mut found: BTreeSet<String> = both.iter().filter(|name| schema(name).is_some_and(differs)).map(|name| (*name).clone()).collect();
    loop {
        let refers = |name: &str| schema(name).is_some_and(|schema| references(schema).iter().any(|other| found.contains(other)));
        let more: Vec<String> = both.iter().filter(|name| !found.contains(**name) && refers(name)).map(|name| (*name).clone()).collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

/// Whether a schema has two forms by itself: an object is closed in requests only, and a list that may grow is open in answers.
fn differs(schema: &Value) -> bool {
    schema.get("properties").is_some() || schema.get(MAY_GROW).is_some()
}

/// Requests refuse properties that nobody knows.
fn close(schema: &mut Value) {
    if let Some(schema) = schema.as_object_mut().filter(|schema| schema.contains_key("properties")) {
        schema.insert("additionalProperties".into(), json!(false));
    }
}

/// Every key of an answer is always present: absence is written `null`.
fn require_all(schema: &mut Value) {
    let keys: Vec<String> =
        schema.get("properties").and_then(Value::as_object).map(|map| map.keys().cloned().collect()).unwrap_or_default();
    if let Some(schema) = schema.as_object_mut().filter(|_| !keys.is_empty()) {
        schema.insert("required".into(), json!(keys));
        schema.remove("additionalProperties");
    }
}

/// A list that may grow is open in answers: a client takes names that it does not know.
fn open(schema: &mut Value) {
    if let Some(schema) = schema.as_object_mut().filter(|schema| schema.contains_key(MAY_GROW))
        && let Some(names) = schema.remove("enum")
    {
        schema.insert("x-known-values".into(), names);
    }
}

/// The schemas that some parts of the operations refer to, themselves or through others.
fn reached(document: &mut Value, parts: &[&str]) -> BTreeSet<String> {
    let mut waiting: Vec<String> =
        operations(document).flat_map(|operation| parts.iter().filter_map(|part| operation.get(*part)).flat_map(references)).collect();
    let mut found = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        let schema = document.pointer("/components/schemas").and_then(|schemas| schemas.get(&name));
        if found.insert(name) {
            waiting.extend(schema.into_iter().flat_map(references));
        }
    }
    found
}

/// The schemas that a value refers to.
fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) => {
            let own = map.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix(SCHEMAS)).map(str::to_owned);
            own.into_iter().chain(map.values().flat_map(references)).collect()
        }
        Value::Array(list) => list.iter().flat_map(references).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// Lets references lead to other schemas; those of a discriminator's mapping, too.
fn rename(value: &mut Value, named: &dyn Fn(&str) -> Option<String>) {
    match value {
        Value::String(text) => {
            if let Some(new) = text.strip_prefix(SCHEMAS).and_then(named) {
                *text = format!("{SCHEMAS}{new}");
            }
        }
        Value::Object(map) => map.values_mut().for_each(|value| rename(value, named)),
        Value::Array(list) => list.iter_mut().for_each(|value| rename(value, named)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(name: &str) -> Value {
        json!({ "$ref": format!("{SCHEMAS}{name}") })
    }

    #[test]
    fn a_schema_of_both_sides_gets_two_forms_only_where_they_differ() {
        let mut document = json!({
            "paths": { "/a": { "put": {
                "requestBody": { "schema": reference("Form") },
                "responses": { "200": { "schema": reference("Form") } },
            } } },
            "components": { "schemas": {
                "Form": { "properties": { "name": reference("Name"), "line": reference("Line"), "why": reference("Reason") }, "required": [] },
                "Name": { "properties": { "kana": { "type": "string", "default": "" } } },
                "Line": { "type": "string" },
                "Reason": { "type": "string", "enum": ["a"], "x-may-grow": true },
                "Nobody": { "type": "string" },
            } },
        });
        part(&mut document);
        let at = |pointer: &str| document.pointer(pointer).cloned().unwrap_or_default();
        assert_eq!(at("/paths/~1a/put/requestBody/schema"), reference("FormInput"));
        assert_eq!(at("/paths/~1a/put/responses/200/schema"), reference("Form"));
        assert_eq!(at("/components/schemas/FormInput/properties/name"), reference("NameInput"));
        assert_eq!(at("/components/schemas/FormInput/properties/line"), reference("Line"));
        assert_eq!(at("/components/schemas/FormInput/additionalProperties"), false);
        assert_eq!(at("/components/schemas/Form/required"), json!(["line", "name", "why"]));
        assert_eq!(at("/components/schemas/Name/properties/kana"), json!({ "type": "string" }));
        assert_eq!(at("/components/schemas/Reason"), json!({ "type": "string", "x-known-values": ["a"], "x-may-grow": true }));
        assert_eq!(at("/components/schemas/ReasonInput/enum"), json!(["a"]));
        let names: Vec<&String> = document["components"]["schemas"].as_object().unwrap().keys().collect();
        assert_eq!(names, ["Form", "FormInput", "Line", "Name", "NameInput", "Reason", "ReasonInput"]);
    }
}
