//! Everything a person reads, in English and Japanese, from the message files beside this crate.

use std::collections::HashMap;

use actix_web::HttpMessage;
use actix_web::http::header::{AcceptLanguage, Header as _, Quality};
use application::Fault;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

/// A language that the system speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, the default.
    English,
    /// Japanese.
    Japanese,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::Japanese];

    /// BCP 47.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Japanese => "ja",
        }
    }

    /// The separator of a list in a text.
    pub(crate) const fn comma(self) -> &'static str {
        match self {
            Self::English => ", ",
            Self::Japanese => "、",
        }
    }

    /// The language that the caller likes best among ours (RFC 9110 §12.5.4); English where there is none.
    pub fn of(request: &impl HttpMessage) -> Self {
        let Ok(wishes) = AcceptLanguage::parse(request) else { return Self::English };
        let mut ranked: Vec<_> = wishes.iter().filter(|wish| wish.quality > Quality::ZERO).collect();
        // Stable: of equal wishes the first counts.
        ranked.sort_by_key(|wish| std::cmp::Reverse(wish.quality));
        ranked
            .into_iter()
            .find_map(|wish| match wish.item.item()?.primary_language() {
                "en" => Some(Self::English),
                "ja" => Some(Self::Japanese),
                _ => None,
            })
            .unwrap_or(Self::English)
    }
}

/// The message files, read once.
pub struct Messages {
    bundles: HashMap<Language, FluentBundle<FluentResource>>,
}

impl Messages {
    /// Reads the files that are part of the program.
    ///
    /// # Errors
    /// The first fault in a message file; a test holds that there is none.
    pub fn read() -> anyhow::Result<Self> {
        let mut bundles = HashMap::new();
        for (language, files) in [
            (Language::English, [include_str!("../../messages/en/labels.ftl"), include_str!("../../messages/en/problems.ftl")]),
            (Language::Japanese, [include_str!("../../messages/ja/labels.ftl"), include_str!("../../messages/ja/problems.ftl")]),
        ] {
            let mut bundle = FluentBundle::new_concurrent(vec![language.as_str().parse()?]);
            // No marks around the values: the texts go into JSON, not into mixed running text.
            bundle.set_use_isolating(false);
            for file in files {
                let resource =
                    FluentResource::try_new(file.to_owned()).map_err(|(_, faults)| anyhow::anyhow!("message file: {faults:?}"))?;
                bundle.add_resource(resource).map_err(|faults| anyhow::anyhow!("message file: {faults:?}"))?;
            }
            bundles.insert(language, bundle);
        }
        Ok(Self { bundles })
    }

    /// The text of `id`, or of its attribute after a dot, with `facts` put in. `None` if there is none.
    pub fn find(&self, language: Language, id: &str, facts: &[(&str, &str)]) -> Option<String> {
        let bundle = self.bundles.get(&language)?;
        let (id, attribute) = id.split_once('.').map_or((id, None), |(id, attribute)| (id, Some(attribute)));
        let message = bundle.get_message(id)?;
        let pattern = match attribute {
            Some(attribute) => message.get_attribute(attribute)?.value(),
            None => message.value()?,
        };
        let mut arguments = FluentArgs::new();
        for (name, value) in facts {
            arguments.set(*name, *value);
        }
        let mut faults = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&arguments), &mut faults).into_owned();
        for fault in faults {
            tracing::error!(id, %fault, "a message could not be put together");
        }
        Some(text)
    }

    /// The label of a code of the glossary, as `kind-code`; the code itself where a label is missing.
    pub fn label(&self, language: Language, kind: &str, code: &str) -> String {
        self.find(language, &format!("{kind}-{code}"), &[]).unwrap_or_else(|| code.to_owned())
    }

    pub(crate) fn problem_title(&self, language: Language, code: &str) -> String {
        self.find(language, &format!("problem-{code}"), &[]).unwrap_or_else(|| code.to_owned())
    }

    pub(crate) fn problem_detail(&self, language: Language, code: &str, facts: &[(&str, &str)]) -> String {
        self.find(language, &format!("problem-{code}.detail"), facts).unwrap_or_else(|| self.problem_title(language, code))
    }

    /// The text of a fault: with the form that was expected, or the limit that was passed, where there is one.
    pub(crate) fn fault(&self, language: Language, fault: &Fault) -> String {
        let text = |attribute: &str, facts: &[(&str, &str)]| self.find(language, &format!("fault-{}{attribute}", fault.code), facts);
        let with_limit = || {
            let limit = fault.limit?.to_string();
            text(".limit", &[("limit", &limit)])
        };
        let with_form = || self.find(language, &format!("form-{}", fault.form?), &[]);
        with_form().or_else(with_limit).or_else(|| text("", &[])).unwrap_or_else(|| fault.code.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use domain::access::Operation;

    use super::*;

    fn language(text: &str) -> Language {
        Language::of(&actix_web::test::TestRequest::default().insert_header(("accept-language", text)).to_srv_request())
    }

    #[test]
    fn the_best_liked_of_our_languages_is_spoken() {
        assert_eq!(language("ja"), Language::Japanese);
        assert_eq!(language("ja-JP, en;q=0.8"), Language::Japanese);
        assert_eq!(language("en-GB, ja;q=0.9"), Language::English);
        assert_eq!(language("ja;q=0.1, en;q=0.9"), Language::English);
        assert_eq!(language("zh-Hant, ja;q=0.5"), Language::Japanese);
        assert_eq!(language("de"), Language::English);
    }

    #[test]
    fn texts_for_people_name_no_header_no_operation_and_no_code() {
        const HEADERS: [&str; 8] =
            ["Idempotency-Key", "If-Match", "ETag", "Allow”", "Retry-After", "Content-Type", "Accept-Language", "“errors”"];
        for file in [include_str!("../../messages/en/problems.ftl"), include_str!("../../messages/ja/problems.ftl")] {
            for text in file.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = ")).map(|(_, text)| text) {
                // What stands in braces is put in, by its label.
                let said: String = text.split('{').map(|part| part.rsplit('}').next().unwrap_or_default()).collect();
                let named = HEADERS.into_iter().chain(Operation::offered().map(Operation::operation_id)).find(|name| said.contains(*name));
                assert_eq!(named, None, "{text}");
                let is_code = |word: &str| word.contains('_') && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
                assert!(!said.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').any(is_code), "{text}");
            }
        }
    }

    #[test]
    fn both_languages_have_every_message() {
        let ids = |text: &str| -> Vec<String> {
            text.lines()
                .filter_map(|line| line.split_once(" =").map(|(id, _)| id.trim().to_owned()))
                .filter(|id| !id.starts_with('#'))
                .collect()
        };
        assert_eq!(ids(include_str!("../../messages/en/labels.ftl")), ids(include_str!("../../messages/ja/labels.ftl")));
        assert_eq!(ids(include_str!("../../messages/en/problems.ftl")), ids(include_str!("../../messages/ja/problems.ftl")));
    }
}
