//! The description of a problem.

use serde::Serialize;
use utoipa::ToSchema;

use crate::http::messages::{Language, Messages};
use crate::http::problem::Entry;
use crate::wire::page::Page;

/// A page of them.
pub(crate) type ProblemDescriptionList = Page<ProblemDescription>;

/// A problem that a request can meet with.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProblemDescription {
    /// The stable name: `code` of a refusal.
    code: &'static str,
    /// `type` of a refusal: where this description stands.
    #[schema(format = "uri-reference")]
    r#type: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// The event, in a few words, in the reader's language.
    title: String,
    /// The cause and the remedy; `…` stands for what a refusal itself names.
    detail: String,
}

/// Everything that the texts of problems mention of a single refusal.
const FACTS: &[(&str, &str)] = &[
    ("accepted", "…"),
    ("burst", "…"),
    ("column", "…"),
    ("is", "…"),
    ("item", "…"),
    ("items", "…"),
    ("limit", "…"),
    ("line", "…"),
    ("lines", "…"),
    ("max_lines", "…"),
    ("minutes", "…"),
    ("needs", "…"),
    ("rate", "…"),
    ("reason", "…"),
    ("seconds", "…"),
    ("size", "…"),
];

impl ProblemDescription {
    pub(crate) fn of(entry: &Entry, messages: &Messages, language: Language) -> Self {
        Self {
            code: entry.code,
            r#type: format!("/v1/problems/{}", entry.code),
            status: entry.status.as_u16(),
            title: messages.problem_title(language, entry.code),
            detail: messages.problem_detail(language, entry.code, FACTS),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::problem;

    #[test]
    fn every_problem_has_its_own_words_in_both_languages() {
        let messages = Messages::read().unwrap();
        for entry in problem::catalogue() {
            for language in Language::ALL {
                let said = ProblemDescription::of(entry, &messages, language);
                assert_ne!(said.title, entry.code, "{} has no title in {}", entry.code, language.as_str());
                assert_ne!(said.detail, said.title, "{} has no detail in {}", entry.code, language.as_str());
                assert!(!said.detail.contains('{'), "{} mentions something that is not named: {}", entry.code, said.detail);
            }
        }
    }
}
