//! A problem as text, in the caller's language.

use actix_web::http::header;
use actix_web::{HttpResponse, body::BoxBody};
use serde_json::{Map, Value, json};

use super::{Fact, Problem};
use crate::http::messages::{Language, Messages};

/// How many faults a problem lists at most; it says how many there are.
const MOST_LISTED: usize = 100;

/// How much of the path a problem repeats.
const LONGEST_INSTANCE: usize = 256;

/// The text of a problem. `path` is the request's path, `request_id` the one in its `Request-Id`.
pub(crate) fn body(problem: &Problem, messages: &Messages, language: Language, path: &str, request_id: &str) -> String {
    let facts: Vec<(&str, String)> = problem.facts.iter().map(|(name, fact)| (*name, shown(fact, messages, language))).collect();
    let facts: Vec<(&str, &str)> = facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let errors: Vec<Value> = problem
        .faults
        .iter()
        .take(MOST_LISTED)
        .map(|fault| json!({ "pointer": fault.pointer, "code": fault.code, "detail": messages.fault(language, fault) }))
        .collect();
    let mut body = Map::new();
    body.insert("type".into(), format!("/v1/problems/{}", problem.code).into());
    body.insert("title".into(), messages.problem_title(language, problem.code).into());
    body.insert("status".into(), problem.status.as_u16().into());
    body.insert("detail".into(), messages.problem_detail(language, problem.code, &facts).into());
    body.insert("instance".into(), shortened(path).into());
    body.insert("code".into(), problem.code.into());
    body.insert("request_id".into(), request_id.into());
    body.insert("errors".into(), errors.into());
    body.insert(
        "error_count".into(),
        (u64::try_from(problem.faults.len()).unwrap_or(u64::MAX).saturating_add(problem.uncounted.into())).into(),
    );
    Value::Object(body).to_string()
}

/// The beginning of a path. It is a reference (RFC 3986) still: no escape is cut in two.
fn shortened(path: &str) -> String {
    let text: String = path.chars().take(LONGEST_INSTANCE).collect();
    let is_cut = text.len() < path.len();
    match text.rfind('%').filter(|at| is_cut && text.len() - at < 3) {
        Some(at) => text.split_at(at).0.to_owned(),
        None => text,
    }
}

/// A value as its text has it: names by their labels.
fn shown(fact: &Fact, messages: &Messages, language: Language) -> String {
    match fact {
        Fact::Text(text) => text.clone(),
        Fact::Names(section, names) => {
            let labels: Vec<String> = names.iter().map(|name| messages.label(language, section, name)).collect();
            labels.join(language.comma())
        }
    }
}

/// Writes `application/problem+json`.
pub(crate) fn render(problem: &Problem, messages: &Messages, language: Language, path: &str, request_id: &str) -> HttpResponse<BoxBody> {
    let mut response = HttpResponse::build(problem.status);
    response.insert_header((header::CONTENT_TYPE, "application/problem+json"));
    response.insert_header((header::CONTENT_LANGUAGE, language.as_str()));
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response.insert_header((header::VARY, "Accept-Language"));
    if let Some(seconds) = problem.retry_after {
        response.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    if let Some((name, value)) = problem.header.as_deref() {
        response.insert_header((name.clone(), value.as_str()));
    }
    if problem.status == actix_web::http::StatusCode::UNAUTHORIZED {
        response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
    }
    response.body(body(problem, messages, language, path, request_id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_is_cut_between_escapes() {
        for before in 0..6 {
            let path = format!("/{}{}", "a".repeat(before), "%C3%83".repeat(100));
            let cut = shortened(&path);
            assert!(path.starts_with(&cut) && (LONGEST_INSTANCE - 2..=LONGEST_INSTANCE).contains(&cut.len()), "{cut}");
            assert_eq!(cut.matches('%').count() * 3 + before + 1, cut.len(), "{cut}");
        }
        assert_eq!(shortened("/v1/cases/%"), "/v1/cases/%", "what is short is repeated as it came");
    }
}
