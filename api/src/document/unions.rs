//! Tagged unions: what the derive leaves inline becomes `oneOf` of named schemas with a discriminator, so that generators keep the types.

use anyhow::Context as _;
use serde_json::{Map, Value, json};

/// Lifts the variants of every tagged union of the components into schemas of their own.
pub(super) fn lift(document: &mut Value) -> anyhow::Result<()> {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return Ok(()) };
    let unions: Vec<String> = schemas.iter().filter(|(_, schema)| is_tagged_union(schema)).map(|(name, _)| name.clone()).collect();
    for union in unions {
        let variants = schemas.get(&union).and_then(|schema| schema.get("oneOf")).and_then(Value::as_array).cloned().unwrap_or_default();
        let (mut references, mut mapping) = (Vec::new(), Map::new());
        for variant in variants {
            let title =
                variant.get("title").and_then(Value::as_str).with_context(|| format!("a variant of {union} without a title"))?.to_owned();
            let tag = tag_of(&variant).with_context(|| format!("{title} without a tag"))?;
            let reference = format!("#/components/schemas/{title}");
            mapping.insert(tag, json!(reference));
            references.push(json!({ "$ref": reference }));
            let whole = merged(variant, schemas);
            schemas.insert(title, flattened(whole));
        }
        if let Some(schema) = schemas.get_mut(&union).and_then(Value::as_object_mut) {
            schema.insert("oneOf".into(), Value::Array(references));
            schema.insert("discriminator".into(), json!({ "propertyName": "type", "mapping": mapping }));
        }
    }
    Ok(())
}

fn is_tagged_union(schema: &Value) -> bool {
    let variants = schema.get("oneOf").and_then(Value::as_array);
    variants.is_some_and(|variants| !variants.is_empty() && variants.iter().all(|variant| tag_of(variant).is_some()))
}

/// The value of the property `type`, in the variant itself or in a part of its `allOf`.
fn tag_of(variant: &Value) -> Option<String> {
    let of = |schema: &Value| schema.pointer("/properties/type/enum/0").and_then(Value::as_str).map(str::to_owned);
    of(variant).or_else(|| variant.get("allOf").and_then(Value::as_array)?.iter().find_map(of))
}

/// A variant whose parts stand in one object: what it refers to is taken in.
fn merged(mut variant: Value, schemas: &Map<String, Value>) -> Value {
    let Some(parts) = variant.as_object_mut().and_then(|variant| variant.remove("allOf")) else { return variant };
    for part in parts.as_array().into_iter().flatten() {
        let name = part.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix("#/components/schemas/"));
        let whole = name.and_then(|name| schemas.get(name)).unwrap_or(part);
        for (key, value) in whole.as_object().into_iter().flatten() {
            match (variant.get_mut(key), value) {
                (Some(Value::Object(had)), Value::Object(more)) => had.extend(more.clone()),
                (Some(Value::Array(had)), Value::Array(more)) => had.extend(more.clone()),
                (Some(_), _) => {}
                (None, _) => variant.as_object_mut().into_iter().for_each(|variant| drop(variant.insert(key.clone(), value.clone()))),
            }
        }
    }
    variant
}

/// A variant without the title that named it.
fn flattened(mut variant: Value) -> Value {
    if let Some(map) = variant.as_object_mut() {
        map.remove("title");
        if let Some(tag) = map.get_mut("properties").and_then(|properties| properties.get_mut("type")).and_then(Value::as_object_mut) {
            tag.entry("description").or_insert_with(|| json!("Which of the variants this is."));
        }
    }
    variant
}
