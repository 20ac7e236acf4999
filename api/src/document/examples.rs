//! Examples of whole bodies, put together from the examples of their properties: one source, so that they cannot contradict each other.

use anyhow::{Context as _, bail};
use serde_json::{Map, Value, json};

/// Gives every JSON body of the document an example.
pub(super) fn fill(document: &mut Value) -> anyhow::Result<()> {
    let source = document.clone();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).context("no paths")?;
    for (path, item) in paths.iter_mut() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let place = format!("{method} {path}");
            if let Some(content) = operation.pointer_mut("/requestBody/content") {
                fill_content(content, &source).with_context(|| format!("the request of {place}"))?;
            }
            for (status, response) in operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten() {
                if let Some(content) = response.get_mut("content") {
                    fill_content(content, &source).with_context(|| format!("the {status} of {place}"))?;
                    if status.as_str() >= "400" {
                        fit_problem(content, status);
                    }
                }
            }
        }
    }
    Ok(())
}

fn fill_content(content: &mut Value, source: &Value) -> anyhow::Result<()> {
    for (media_type, body) in content.as_object_mut().into_iter().flatten() {
        if !media_type.ends_with("json") || body.get("example").is_some() {
            continue;
        }
        let schema = body.get("schema").context("a body without a schema")?;
        let example = example_of(schema, source, 0)?;
        if let Some(body) = body.as_object_mut() {
            body.insert("example".into(), example);
        }
    }
    Ok(())
}

/// The example of a problem speaks of the status that it stands beside.
fn fit_problem(content: &mut Value, status: &str) {
    let code = crate::http::problem::catalogue().iter().find(|entry| entry.status.as_str() == status).map(|entry| entry.code);
    let (Some(example), Some(code)) = (content.pointer_mut("/application~1problem+json/example").and_then(Value::as_object_mut), code)
    else {
        return;
    };
    example.insert("type".into(), json!(format!("/v1/problems/{code}")));
    example.insert("code".into(), json!(code));
    example.insert("title".into(), json!(code.replace('_', " ")));
    example.insert("status".into(), json!(status.parse::<u16>().unwrap_or(500)));
    example.insert("detail".into(), json!("What was wrong, and what to do."));
    if !matches!(status, "400" | "422") {
        example.insert("errors".into(), json!([]));
        example.insert("error_count".into(), json!(0));
    }
}

/// The example of a schema: its own, or one made of its parts.
fn example_of(schema: &Value, source: &Value, depth: usize) -> anyhow::Result<Value> {
    if depth > 24 {
        bail!("the schemas nest too deep for an example");
    }
    if let Some(own) = schema.get("example").or_else(|| schema.get("examples").and_then(|examples| examples.get(0))) {
        return Ok(own.clone());
    }
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = reference.strip_prefix('#').and_then(|pointer| source.pointer(pointer));
        return example_of(target.with_context(|| format!("{reference} leads nowhere"))?, source, depth + 1);
    }
    if let Some(one) = schema.get("const").or_else(|| schema.get("default")) {
        return Ok(one.clone());
    }
    if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
        return choices.first().cloned().context("an empty enum");
    }
    for key in ["oneOf", "anyOf"] {
        if let Some(branches) = schema.get(key).and_then(Value::as_array) {
            let branch = branches.iter().find(|branch| branch.get("type") != Some(&json!("null"))).context("an empty union")?;
            return example_of(branch, source, depth + 1);
        }
    }
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
        let mut whole = Map::new();
        for part in parts {
            if let Value::Object(map) = example_of(part, source, depth + 1)? {
                whole.extend(map);
            }
        }
        return Ok(Value::Object(whole));
    }
    let kind = match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        Some(Value::String(kind)) => Some(kind.as_str()),
        _ => None,
    };
    match kind {
        Some("object") => {
            let mut whole = Map::new();
            for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
                whole.insert(name.clone(), example_of(property, source, depth + 1).with_context(|| name.clone())?);
            }
            Ok(Value::Object(whole))
        }
        Some("array") => {
            let item = schema.get("items").context("a list without items")?;
            Ok(json!([example_of(item, source, depth + 1)?]))
        }
        Some("boolean") => Ok(json!(false)),
        Some("integer") => Ok(schema.get("minimum").cloned().unwrap_or(json!(1))),
        Some("null") => Ok(Value::Null),
        other => bail!("a schema of type {other:?} without an example: {schema}"),
    }
}
