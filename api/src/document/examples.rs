//! Examples of whole bodies. A request is written here, for a person and a case of the demo. Its answer is what the demo answered
//! (`openapi/answers.json`): the test `examples` sends every request to a demo and compares. Each write has a demo of its own.

mod cases;
mod house;
mod work;

use anyhow::{Context as _, bail};
use application::{Error, Fault};
use domain::access::Operation;
use domain::case::{CaseStage, Refusal};
use serde_json::{Map, Value, json};

use super::references::{operations, upper_camel};
use crate::http::messages::{Language, Messages};
use crate::http::problem::{Code, Problem};

/// The answers of the demo, by operation.
const ANSWERS: &str = include_str!("../../../openapi/answers.json");

/// The request that the problems of the document belong to.
const REQUEST_ID: &str = "req_01kdve0000e00000000000000g";

/// A request that the demo answers as it stands.
struct Example {
    operation: &'static str,
    /// Who sends it: the local part of their address in the demo. Nobody for public operations.
    by: Option<&'static str>,
    /// Values of parameters, by name.
    parameters: Vec<(&'static str, String)>,
    body: Option<Value>,
    /// The answer of a server, where the demo cannot give one.
    answer: Option<Value>,
}

/// An example of an operation.
fn example(operation: &'static str) -> Example {
    Example { operation, by: None, parameters: Vec::new(), body: None, answer: None }
}

impl Example {
    fn by(self, person: &'static str) -> Self {
        Self { by: Some(person), ..self }
    }

    fn with(mut self, parameter: &'static str, value: impl Into<String>) -> Self {
        self.parameters.push((parameter, value.into()));
        self
    }

    /// The version that `If-Match` names.
    fn version(self, version: u32) -> Self {
        self.with("If-Match", format!("\"{version}\""))
    }

    fn body(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    fn answered(self, answer: Value) -> Self {
        Self { answer: Some(answer), ..self }
    }
}

/// Gives every operation its example, and every refusal one of its problems.
pub(super) fn fill(document: &mut Value) -> anyhow::Result<()> {
    let answers: Map<String, Value> = serde_json::from_str(ANSWERS).context("openapi/answers.json")?;
    let mut examples = Map::new();
    let all: Vec<Example> = house::all().into_iter().chain(cases::all()).chain(work::all()).collect();
    for described in operations(document) {
        let id = described.get("operationId").and_then(Value::as_str).context("no operationId")?.to_owned();
        let example = all.iter().find(|example| example.operation == id);
        // Paths outside `/v1` need no example.
        if example.is_none() && Operation::from_operation_id(&id).is_some() {
            bail!("{id} has no example: add one to api/src/document/examples");
        }
        if let Some(example) = example {
            show_request(described, example, &mut examples).with_context(|| id.clone())?;
        }
        let answer = example.and_then(|example| example.answer.as_ref()).or_else(|| answers.get(&id));
        show_answer(described, &id, answer, &mut examples);
    }
    show_problems(document, &mut examples)?;
    let components = document.get_mut("components").and_then(Value::as_object_mut).context("no components")?;
    components.insert("examples".into(), Value::Object(examples));
    Ok(())
}

fn show_request(described: &mut Map<String, Value>, example: &Example, examples: &mut Map<String, Value>) -> anyhow::Result<()> {
    if let Some(person) = example.by {
        described.insert("x-demo-person".into(), json!(format!("{person}@demo.example")));
    }
    for (name, value) in &example.parameters {
        let all = described.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut);
        let named = all.into_iter().find(|parameter| parameter.get("name").and_then(Value::as_str) == Some(name));
        named.with_context(|| format!("there is no parameter {name}"))?.insert("example".into(), json!(value));
    }
    let content = described.get_mut("requestBody").and_then(|body| body.get_mut("content")).and_then(Value::as_object_mut);
    let Some(body) = &example.body else {
        if content.is_some() {
            bail!("the request has a body, and the example has none");
        }
        return Ok(());
    };
    let name = format!("{}Request", upper_camel(example.operation));
    let by = example.by.map_or_else(|| "By anybody.".to_owned(), |person| format!("By {person}@demo.example."));
    examples.insert(name.clone(), json!({ "summary": by, "value": body }));
    for media in content.context("the request takes no body")?.values_mut().filter_map(Value::as_object_mut) {
        media.insert("examples".into(), refer_to(&name));
    }
    Ok(())
}

fn show_answer(described: &mut Map<String, Value>, id: &str, answer: Option<&Value>, examples: &mut Map<String, Value>) {
    let Some(answer) = answer else { return };
    let responses = described.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten();
    for media in responses.filter(|(status, _)| status.starts_with('2')).filter_map(|(_, response)| response.get_mut("content")) {
        let Some(media) = media.get_mut("application/json").and_then(Value::as_object_mut) else { continue };
        let name = format!("{}Answer", upper_camel(id));
        examples.insert(name.clone(), json!({ "summary": "The demo's answer.", "value": answer }));
        media.remove("example");
        media.insert("examples".into(), refer_to(&name));
    }
}

/// Gives every refusal a problem of its status.
fn show_problems(document: &mut Value, examples: &mut Map<String, Value>) -> anyhow::Result<()> {
    let messages = Messages::read()?;
    let responses = operations(document).filter_map(|operation| operation.get_mut("responses")?.as_object_mut());
    for (status, response) in responses.flatten() {
        let Some(media) = response.pointer_mut("/content/application~1problem+json").and_then(Value::as_object_mut) else { continue };
        let problem = problem(status)?;
        let name = upper_camel(problem.code);
        if !examples.contains_key(&name) {
            let text = crate::http::problem::body(&problem, &messages, Language::English, "/v1/cases", REQUEST_ID);
            let value: Value = serde_json::from_str(&text)?;
            examples.insert(name.clone(), json!({ "summary": value.get("title"), "value": value }));
        }
        media.insert("examples".into(), refer_to(&name));
    }
    Ok(())
}

/// The problem that stands for its status.
fn problem(status: &str) -> anyhow::Result<Problem> {
    let code = match status {
        "400" => Code::InvalidParameters,
        "401" => Code::NotSignedIn,
        "403" => Code::Forbidden,
        "404" => Code::NotFound,
        "408" => Code::RequestTimeout,
        "409" => return Ok(Error::Refused(Refusal::WrongStage { is: CaseStage::Draft, needs: &[CaseStage::Submitted] }).into()),
        "412" => Code::Stale,
        "413" => return Ok(Error::TooLarge("256 KiB").into()),
        "415" => return Ok(Problem::of(Code::UnsupportedMediaType).with("accepted", "application/json")),
        "416" => return Ok(Problem::of(Code::RangeNotSatisfiable).with("size", "48213")),
        "422" => return Ok(Problem::of(Code::InvalidFields).with_faults(vec![Fault::at("/application/patient/phone", "format")])),
        "428" => Code::IfMatchRequired,
        "429" => return Ok(Error::Throttled(120).into()),
        "431" => Code::HeadTooLarge,
        "500" => Code::Internal,
        "503" => Code::Unavailable,
        "507" => Code::StorageFull,
        other => bail!("no problem stands for the status {other}"),
    };
    Ok(Problem::of(code))
}

fn refer_to(name: &str) -> Value {
    json!({ "demo": { "$ref": format!("#/components/examples/{name}") } })
}
