//! Faults of JSON by its schema, all of them at once, in our own codes.

use std::collections::HashMap;

use application::Fault;
use domain::intake::treatment::PartialDate;
use domain::people::{CountryCode, EmailAddress, LanguageTag, PhoneNumber, is_readable_line, is_readable_text};
use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, ValidationOptions, Validator};
use serde_json::Value;

use super::times;

/// One line that people can read.
const LINE: &str = "line";
/// Lines that people can read.
const PARAGRAPHS: &str = "paragraphs";

/// The formats that mean what the domain's own types accept, so that one check speaks for both.
pub(crate) fn formats(options: ValidationOptions<'_>) -> ValidationOptions<'_> {
    options
        .with_format("email", |text: &str| text.parse::<EmailAddress>().is_ok())
        .with_format("phone", |text: &str| text.parse::<PhoneNumber>().is_ok())
        .with_format("country", |text: &str| text.parse::<CountryCode>().is_ok())
        .with_format("language-tag", |text: &str| text.parse::<LanguageTag>().is_ok_and(|tag| tag.is_known()))
        .with_format(LINE, |text: &str| is_readable_line(text) && !text.contains(['\t', '\n', '\r']))
        .with_format(PARAGRAPHS, is_readable_text)
        .with_format("partial-date", |text: &str| text.parse::<PartialDate>().is_ok())
        .with_format("date", times::is_date)
        .with_format("date-time", times::is_instant)
        .should_validate_formats(true)
        .should_ignore_unknown_formats(true)
}

/// All faults of `value`, with pointers that begin with `root`; texts with control characters are faults, too.
pub(crate) fn of(validator: &Validator, value: &Value, root: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    // The quick answer first: most requests are right.
    if !validator.is_valid(value) {
        for error in validator.iter_errors(value) {
            collect(&error, root, &mut faults);
        }
        keep_what_tells_most(&mut faults);
    }
    if has_control_characters(value) {
        control_characters(value, root, &mut faults);
    }
    faults
}

/// Keeps the most useful faults of each place: a wrong type explains all others, and any other rule says more than “not in the expected form”.
fn keep_what_tells_most(faults: &mut Vec<Fault>) {
    let rank = |fault: &Fault| -> u8 {
        match fault.code {
            "type" => 0,
            // An empty text is too short; that it also shows nothing says no more.
            "pattern" | "unreadable_characters" => 2,
            "format" => 3,
            _ => 1,
        }
    };
    let mut least: HashMap<String, u8> = HashMap::new();
    let forms: HashMap<String, &'static str> = faults.iter().filter_map(|fault| Some((fault.pointer.clone(), fault.form?))).collect();
    for fault in faults.iter() {
        let known = least.entry(fault.pointer.clone()).or_insert_with(|| rank(fault));
        *known = rank(fault).min(*known);
    }
    faults.retain(|fault| least.get(&fault.pointer).is_none_or(|least| rank(fault) <= *least));
    // A pattern says less of what is expected than the name of the form.
    for fault in faults.iter_mut().filter(|fault| fault.code == "pattern") {
        fault.form = fault.form.or(forms.get(&fault.pointer).copied());
    }
}

fn collect(error: &ValidationError<'_>, root: &str, faults: &mut Vec<Fault>) {
    let pointer = format!("{root}{}", error.instance_path());
    #[expect(clippy::wildcard_enum_match_arm, reason = "the library's list of keywords; each of the others is one fault in one place")]
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            faults.extend(unexpected.iter().map(|name| Fault::at(format!("{pointer}/{}", escaped(name)), "unknown_property")));
        }
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            faults.push(Fault::at(format!("{pointer}/{}", escaped(name)), "required"));
        }
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            if let Some(tag) = tag_of_no_variant(context) {
                faults.push(Fault::at(format!("{root}{tag}"), "not_a_choice"));
                return;
            }
            // The nearest branch has the fewest faults, apart from “is not null”.
            let nearest = context
                .iter()
                .filter(|branch| !branch.iter().any(|fault| is_wrong_type_of_whole(fault, error)))
                .min_by_key(|branch| branch.len());
            match nearest {
                Some(branch) => branch.iter().for_each(|fault| collect(fault, root, faults)),
                None => faults.push(Fault::at(pointer, "type")),
            }
        }
        kind => faults.push(Fault { form: form_of(kind), limit: limit_of(kind), ..Fault::at(pointer, code_of(kind)) }),
    }
}

/// Where the discriminator of a union stands, if its value names none of the variants.
fn tag_of_no_variant(branches: &[Vec<ValidationError<'_>>]) -> Option<String> {
    let wrong_tag = |branch: &Vec<ValidationError<'_>>| {
        let is_choice = |fault: &&ValidationError<'_>| {
            matches!(fault.kind(), ValidationErrorKind::Constant { .. } | ValidationErrorKind::Enum { .. })
                && fault.instance_path().as_str().ends_with("/type")
        };
        branch.iter().find(is_choice).map(|fault| fault.instance_path().as_str().to_owned())
    };
    let mut tags = branches.iter().map(wrong_tag);
    let first = tags.next()??;
    tags.all(|tag| tag.as_ref() == Some(&first)).then_some(first)
}

/// Whether `inner` says no more than that the whole value is of another type or another variant of a union.
fn is_wrong_type_of_whole(inner: &ValidationError<'_>, outer: &ValidationError<'_>) -> bool {
    let depth = |error: &ValidationError<'_>| error.instance_path().as_str().len();
    let same_place = depth(inner) == depth(outer);
    let discriminator = inner.instance_path().as_str().ends_with("/type") || inner.instance_path().as_str() == "/type";
    let of_type = matches!(inner.kind(), ValidationErrorKind::Type { .. });
    let of_choice = matches!(inner.kind(), ValidationErrorKind::Constant { .. } | ValidationErrorKind::Enum { .. });
    (of_type && same_place) || (of_choice && discriminator)
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn code_of(kind: &ValidationErrorKind) -> &'static str {
    match kind.keyword() {
        "type" => "type",
        "enum" | "const" => "not_a_choice",
        "pattern" => "pattern",
        "format" if matches!(kind, ValidationErrorKind::Format { format } if [LINE, PARAGRAPHS].contains(&format.as_str())) => {
            "unreadable_characters"
        }
        "format" => "format",
        "minLength" | "minItems" | "minProperties" => "too_short",
        "maxLength" | "maxItems" | "maxProperties" => "too_long",
        "minimum" | "exclusiveMinimum" => "too_small",
        "maximum" | "exclusiveMaximum" => "too_large",
        "uniqueItems" => "repeated",
        _ => "invalid",
    }
}

/// The forms whose faults say what is expected.
const FORMS: [&str; 7] = ["email", "phone", "country", "language-tag", "partial-date", "date", "date-time"];

#[expect(clippy::wildcard_enum_match_arm, reason = "the library's list of keywords; the others are about no form")]
fn form_of(kind: &ValidationErrorKind) -> Option<&'static str> {
    match kind {
        ValidationErrorKind::Format { format } => FORMS.into_iter().find(|form| form == format),
        ValidationErrorKind::Pattern { pattern } if pattern.ends_with("_[0-7][0-9a-hjkmnp-tv-z]{25}$") => Some("id"),
        _ => None,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the library's list of keywords; the others have no limit")]
fn limit_of(kind: &ValidationErrorKind) -> Option<u64> {
    match kind {
        ValidationErrorKind::MaxLength { limit }
        | ValidationErrorKind::MinLength { limit }
        | ValidationErrorKind::MaxItems { limit }
        | ValidationErrorKind::MinItems { limit } => Some(*limit),
        ValidationErrorKind::Maximum { limit } | ValidationErrorKind::Minimum { limit } => limit.as_u64(),
        _ => None,
    }
}

/// U+0000 and its kin are valid JSON, but no text that a person writes or PostgreSQL keeps.
fn is_control(letter: char) -> bool {
    letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')
}

fn has_control_characters(value: &Value) -> bool {
    match value {
        Value::String(text) => text.chars().any(is_control),
        Value::Array(items) => items.iter().any(has_control_characters),
        Value::Object(fields) => fields.values().any(has_control_characters),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn control_characters(value: &Value, pointer: &str, faults: &mut Vec<Fault>) {
    match value {
        Value::String(text) => {
            if text.chars().any(is_control) {
                faults.push(Fault::at(pointer, "control_character"));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                control_characters(item, &format!("{pointer}/{index}"), faults);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                control_characters(field, &format!("{pointer}/{}", escaped(name)), faults);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
