//! Writes once what all operations of the document have in common: operation ids, security,
//! conditional and idempotency headers, the statuses of refusals, response headers and examples.

use anyhow::{Context as _, bail};
use domain::access::{Access, Idempotency, Operation, Precondition};
use serde_json::{Map, Value, json};

use super::{examples, paths, references, twins, unions};

/// Finishes the collected document.
pub(super) fn finish(mut document: Value) -> anyhow::Result<Value> {
    set(&mut document, "openapi", json!("3.1.0"));
    unions::lift(&mut document)?;
    let mut seen = Vec::new();
    let versioned = schemas_with_a_version(&document);
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).context("no paths")?;
    for (path, item) in paths.iter_mut() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let operation = operation.as_object_mut().context("an operation that is no object")?;
            seen.push(finish_operation(path, method, operation, &versioned).with_context(|| format!("{method} {path}"))?);
        }
    }
    let missing: Vec<&str> = Operation::offered().map(Operation::operation_id).filter(|id| !seen.iter().any(|one| one == id)).collect();
    set(&mut document, "x-missing-operations", json!(missing));
    for schema in document.pointer_mut("/components/schemas").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
        lift_descriptions(schema);
    }
    security_schemes(&mut document)?;
    twins::part(&mut document);
    examples::fill(&mut document)?;
    references::share(&mut document);
    Ok(document)
}

fn set(value: &mut Value, key: &str, to: Value) {
    if let Some(map) = value.as_object_mut() {
        map.insert(key.to_owned(), to);
    }
}

/// References to the schemas with a `version`: their answers have an entity tag.
fn schemas_with_a_version(document: &Value) -> Vec<String> {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object).into_iter().flatten();
    let versioned = schemas.filter(|(_, schema)| schema.pointer("/properties/version/type").is_some_and(|kind| kind == "integer"));
    versioned.map(|(name, _)| format!("#/components/schemas/{name}")).collect()
}

fn finish_operation(path: &str, method: &str, described: &mut Map<String, Value>, versioned: &[String]) -> anyhow::Result<String> {
    let name = described.get("operationId").and_then(Value::as_str).context("no operationId")?;
    let id = lower_camel(name);
    described.insert("operationId".into(), json!(id));
    let operation = Operation::from_operation_id(&id);
    if operation.is_none() && path.starts_with("/v1") {
        bail!("{id} is no operation of the domain");
    }
    let public = operation.is_none_or(Operation::is_public);
    let scope = operation.map(Operation::scope);
    described.insert("security".into(), if public { json!([]) } else { json!([{ "access_token": [scope] }]) });
    if let Some(operation) = operation.filter(|_| !public) {
        let roles: Vec<&str> = operation.roles().iter().map(|role| role.as_str()).collect();
        described.insert("x-roles".into(), json!(roles));
    }
    if let Some(operation) = operation {
        described.insert("x-rate-policy".into(), json!(crate::http::rates::policy_of(operation)));
    }
    let traits = Traits {
        public,
        on_v1: path.starts_with("/v1"),
        has_id: path.contains('{'),
        has_body: described.contains_key("requestBody"),
        changes: operation.is_some_and(|operation| operation.access() == Access::Writes),
        // A form is printed only where one is needed.
        refuses: operation.is_some_and(|operation| {
            operation.access() == Access::Writes || matches!(operation, Operation::GetConsentForm | Operation::GetCalendarEntry)
        }),
        if_match: operation.is_some_and(|operation| operation.precondition() != Precondition::None),
        if_match_required: operation.is_some_and(|operation| operation.precondition() == Precondition::Required),
        idempotent: operation.is_some_and(|operation| operation.idempotency() != Idempotency::None),
        key_required: operation.is_some_and(|operation| operation.idempotency() == Idempotency::Required),
        method,
    };
    name_file_types(described);
    say_that_json_is_taken(described);
    add_parameters(described, path, &traits)?;
    add_refusals(described, &traits);
    add_response_headers(described, &traits, versioned);
    Ok(id)
}

/// The traits of an operation that decide about its headers and statuses.
#[expect(clippy::struct_excessive_bools, reason = "each is a trait of its own")]
struct Traits<'a> {
    public: bool,
    on_v1: bool,
    has_id: bool,
    has_body: bool,
    changes: bool,
    refuses: bool,
    if_match: bool,
    if_match_required: bool,
    idempotent: bool,
    key_required: bool,
    method: &'a str,
}

fn parameters(described: &Map<String, Value>) -> Vec<Value> {
    described.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default()
}

fn header(name: &str, description: &str, required: bool, schema: &Value) -> Value {
    json!({ "name": name, "in": "header", "required": required, "description": description, "schema": schema })
}

/// `*`, or entity tags in a list (RFC 9110, 13.1.1). Tags of this server hold no comma.
const ENTITY_TAGS: &str = r#"^(\*|(W/)?"[!#-+\--~]*"(, ?(W/)?"[!#-+\--~]*")*)$"#;

fn add_parameters(described: &mut Map<String, Value>, path: &str, traits: &Traits<'_>) -> anyhow::Result<()> {
    let mut all = paths::of_template(path)?;
    // The framework finds some of the path parameters, without a description.
    all.extend(parameters(described).into_iter().filter(|parameter| parameter.get("in") != Some(&json!("path"))));
    if traits.if_match {
        all.push(header(
            "If-Match",
            "The `ETag` of the version that is to be changed; a newer one answers 412.",
            traits.if_match_required,
            &json!({ "type": "string", "pattern": ENTITY_TAGS }),
        ));
    }
    if traits.method == "get" && traits.on_v1 {
        all.push(header(
            "If-None-Match",
            "The `ETag` that the caller holds; the same one answers 304.",
            false,
            &json!({ "type": "string" }),
        ));
    }
    if traits.idempotent {
        all.push(header(
            "Idempotency-Key",
            "A key of the caller's own choice: a repetition with the same key and the same values within 24 hours has no second effect and gets the first answer.",
            traits.key_required,
            &json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" }),
        ));
    }
    if traits.on_v1 {
        all.push(header(
            "Accept-Language",
            "The language of titles, details and labels: English (default) or Japanese.",
            false,
            &json!({ "type": "string", "example": "en" }),
        ));
    }
    if !all.is_empty() {
        described.insert("parameters".into(), Value::Array(all));
    }
    Ok(())
}

fn add_refusals(described: &mut Map<String, Value>, traits: &Traits<'_>) {
    const TOO_MANY: (i32, &str) = (429, "Too many requests, or too many tries, in a short time; see `Retry-After`.");
    if !traits.on_v1 {
        // A proxy may answer so, too.
        if let Some(responses) = described.entry("responses").or_insert_with(|| json!({})).as_object_mut() {
            let mut response = problem_response(TOO_MANY.1);
            set(&mut response, "headers", json!({ "Retry-After": retry_after(), "Request-Id": request_id() }));
            responses.insert(TOO_MANY.0.to_string(), response);
        }
        return;
    }
    let mut statuses = vec![(400, "The request cannot be read, or a parameter is unknown or wrong.")];
    if !traits.public {
        statuses.push((401, "Not signed in, or the session has ended."));
        statuses.push((403, "The caller's roles do not reach this operation."));
    }
    if traits.has_id {
        statuses.push((404, "There is nothing here that the caller may see."));
    }
    if traits.refuses {
        statuses.push((409, "The state refuses."));
    }
    if traits.if_match {
        statuses.push((412, "The version has changed since it was read."));
    }
    if traits.if_match_required {
        statuses.push((428, "`If-Match` is missing."));
    }
    statuses.push((415, "A media type or an encoding that is not taken here."));
    if traits.has_body {
        statuses.push((413, "The body is too large."));
    }
    if traits.has_body || traits.idempotent {
        statuses.push((422, "Fields are wrong; all of them are named."));
    }
    if traits.has_body {
        statuses.push((408, "The body took too long to arrive."));
    }
    statuses.push((500, "Something went wrong on the server's side; nothing was changed."));
    statuses.push((431, "The head of the request is too large: more than 64 KiB."));
    statuses.push(TOO_MANY);
    statuses.push((503, "Busy, or the database is away; see `Retry-After`."));
    if traits.changes || !traits.public {
        statuses.push((507, "The storage is full; nothing was changed."));
    }
    let responses = described.entry("responses").or_insert_with(|| json!({}));
    for (status, description) in statuses {
        if let Some(map) = responses.as_object_mut() {
            map.entry(status.to_string()).or_insert_with(|| problem_response(description));
        }
    }
    // Refusals that a handler names with a description only are problems too.
    for (status, response) in responses.as_object_mut().into_iter().flatten() {
        if status.as_str() >= "400" && response.get("content").is_none() {
            let description = response.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
            *response = problem_response(&description);
        }
    }
}

fn problem_response(description: &str) -> Value {
    json!({
        "description": description,
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
    })
}

fn add_response_headers(described: &mut Map<String, Value>, traits: &Traits<'_>, versioned: &[String]) {
    if !traits.on_v1 {
        return;
    }
    let Some(responses) = described.get_mut("responses").and_then(Value::as_object_mut) else { return };
    if traits.method == "get" {
        responses.entry("304").or_insert_with(|| json!({ "description": "The caller holds this representation already." }));
    }
    for (status, response) in responses.iter_mut() {
        let Some(response) = response.as_object_mut() else { continue };
        let shown = response.get("content").and_then(|content| content.pointer("/application~1json/schema/$ref")?.as_str());
        let has_version = status.starts_with('2') && shown.is_some_and(|shown| versioned.iter().any(|one| one == shown));
        let headers = response.entry("headers").or_insert_with(|| json!({}));
        let text = |description: &str| json!({ "description": description, "schema": { "type": "string" } });
        set(headers, "Request-Id", request_id());
        set(headers, "RateLimit-Policy", text("The limit that is nearest its end: `q` requests at once, full again after `w` seconds."));
        set(headers, "RateLimit", text("How that limit stands: `r` requests are left, and it is full again in `t` seconds."));
        if (traits.method == "get" && matches!(status.as_str(), "200" | "304")) || has_version {
            set(
                headers,
                "ETag",
                text("This representation: the version, where there is one, and a digest. For `If-Match` and `If-None-Match`."),
            );
        }
        if status == "401" {
            set(headers, "WWW-Authenticate", text("`Bearer`."));
        }
        if status == "201" {
            set(headers, "Location", text("Where the new resource stands, or the list that it stands in."));
        }
        if matches!(status.as_str(), "503" | "429" | "507") {
            set(headers, "Retry-After", retry_after());
        }
        if traits.idempotent && status.starts_with('2') {
            set(headers, "Idempotent-Replayed", text("`true` if this is the kept answer to an earlier, same request."));
        }
    }
}

/// Programs send a merge patch as plain JSON, which it is.
fn say_that_json_is_taken(described: &mut Map<String, Value>) {
    let body = described.get_mut("requestBody").and_then(Value::as_object_mut);
    if let Some(body) = body.filter(|body| body.get("content").is_some_and(|content| content.get("application/merge-patch+json").is_some()))
    {
        body.insert("description".into(), json!("A JSON merge patch (RFC 7396). It is taken as `application/json`, too."));
    }
}

/// Lists the media types of a file.
fn name_file_types(described: &mut Map<String, Value>) {
    for response in described.get_mut("responses").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
        let Some(content) = response.get_mut("content").and_then(Value::as_object_mut) else { continue };
        if let Some(bytes) = content.remove("application/octet-stream") {
            content.extend(domain::documents::MediaKind::ALL.iter().map(|kind| (kind.media_type().to_owned(), bytes.clone())));
        }
    }
}

fn request_id() -> Value {
    json!({ "description": "The id of this request, also in problems and logs.", "schema": { "type": "string" } })
}

fn retry_after() -> Value {
    json!({ "description": "Seconds until another try makes sense.", "schema": { "type": "integer", "minimum": 0 } })
}

/// The description of a nullable property stands beside the property, not within one of its branches.
fn lift_descriptions(schema: &mut Value) {
    for property in schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
        let mut lifted = None;
        for branch in property.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut) {
            if branch.contains_key("$ref") {
                lifted = branch.remove("description").or(lifted);
            }
        }
        if let Some(description) = lifted {
            set(property, "description", description);
        }
    }
}

fn security_schemes(document: &mut Value) -> anyhow::Result<()> {
    let mut roles = Map::new();
    for role in domain::access::Role::ALL {
        let mut scopes: Vec<&str> =
            Operation::offered().filter(|operation| operation.roles().contains(role)).map(Operation::scope).collect();
        scopes.sort_unstable();
        scopes.dedup();
        roles.insert(role.as_str().to_owned(), json!(scopes));
    }
    let components = document.get_mut("components").context("no components")?;
    set(
        components,
        "securitySchemes",
        json!({ "access_token": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The `access_token` of `createSession`, good for 15 minutes; `refreshSession` gives the next one.",
            "x-scopes-of-roles": roles
        } }),
    );
    Ok(())
}

fn lower_camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut text, word| {
        let mut letters = word.chars();
        text.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        text.push_str(letters.as_str());
        text
    })
}
