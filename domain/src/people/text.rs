//! Plain texts that people write.

use std::fmt;
use std::str::FromStr;

use icu_properties::CodePointSetData;
use icu_properties::props::{BidiControl, DefaultIgnorableCodePoint, VariationSelector};
use serde::{Deserialize, Serialize};

use super::{InvalidValue, as_text};

/// One line: 1 to 200 characters, no control characters, not only blanks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(format = "line", min_length = 1, max_length = 200, pattern = r"\S"))]
#[serde(try_from = "String", into = "String")]
pub struct ShortText(String);

/// Text of several lines: 1 to 10,000 characters, no control characters but line ends and tabs, not only blanks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(utoipa::ToSchema),
    schema(format = "paragraphs", min_length = 1, max_length = 10_000, pattern = r"\S")
)]
#[serde(try_from = "String", into = "String")]
pub struct LongText(String);

/// Whether a text that comes in shows nothing: it consists of blanks and of characters that are not drawn.
pub fn is_blank(text: &str) -> bool {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    // The blank pattern of Braille is drawn as nothing, too.
    text.chars().all(|letter| letter.is_whitespace() || letter == '\u{2800}' || ignorable.contains(letter))
}

/// Whether a line that comes in can be read as it stands: it shows something, and has no characters that turn the direction of what stands
/// beside it or hide in it (Unicode: `Bidi_Control`, `Default_Ignorable_Code_Point`). Joiners, variation selectors and the fillers of Hangul belong
/// to words and stay. What was stored before this rule stays readable: it is asked of what comes in only.
pub fn is_readable_line(text: &str) -> bool {
    let (bidi, ignorable) = (CodePointSetData::new::<BidiControl>(), CodePointSetData::new::<DefaultIgnorableCodePoint>());
    let selector = CodePointSetData::new::<VariationSelector>();
    let belongs_to_words = |letter: char| {
        matches!(letter, '\u{200C}' | '\u{200D}' | '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}')
            || selector.contains(letter)
    };
    let hides = |letter: char| bidi.contains(letter) || (ignorable.contains(letter) && !belongs_to_words(letter));
    !is_blank(text) && !text.chars().any(hides)
}

/// Whether a text of several lines that comes in reads as it is stored: it shows something, and has no characters that override or embed a
/// direction (U+202A to U+202E), and no tags (U+E0000 to U+E007F), which nobody sees. Marks and isolates of right-to-left scripts stay.
pub fn is_readable_text(text: &str) -> bool {
    !is_blank(text) && !text.chars().any(|letter| matches!(letter, '\u{202A}'..='\u{202E}' | '\u{E0000}'..='\u{E007F}'))
}

fn check(text: &str, what: &'static str, longest: usize, allowed: &[char]) -> Result<String, InvalidValue> {
    let fault = |why| Err(InvalidValue { what, why });
    if text.trim().is_empty() {
        return fault("too_short");
    }
    if text.chars().count() > longest {
        return fault("too_long");
    }
    if text.chars().any(|letter| letter.is_control() && !allowed.contains(&letter)) {
        return fault("control_character");
    }
    Ok(text.to_owned())
}

impl FromStr for ShortText {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        check(text, "a line of text", 200, &[]).map(Self)
    }
}

impl FromStr for LongText {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        check(text, "a text", 10_000, &['\n', '\r', '\t']).map(Self)
    }
}

impl ShortText {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl LongText {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ShortText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for LongText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

as_text!(ShortText);
as_text!(LongText);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line_of_something() {
        assert!("Referral letter".parse::<ShortText>().is_ok());
        assert!("  ".parse::<ShortText>().is_err());
        assert!("two\nlines".parse::<ShortText>().is_err());
        assert!("あ".repeat(200).parse::<ShortText>().is_ok(), "characters, not bytes");
        assert!("a".repeat(201).parse::<ShortText>().is_err());
    }

    #[test]
    fn what_is_not_drawn_is_blank_and_what_turns_directions_is_no_line() {
        for blank in ["", " ", "\u{200B}", "\u{3164}", "\u{2800}\u{2800}", "\u{200D}", "\u{3000}\u{FEFF}", "\u{115F}"] {
            assert!(is_blank(blank) && !is_readable_line(blank), "{blank:?}");
        }
        for hidden in ["Mei\u{202E}akanaT", "\u{2066}Mei\u{2069}", "M\u{200B}ei", "Mei\u{FEFF}", "\u{61C}Mei", "Me\u{AD}i", "Mei\u{E0041}"]
        {
            assert!(!is_blank(hidden) && !is_readable_line(hidden), "{hidden:?}");
        }
        // Persian and Hindi join by these, Japanese names choose a form of a character, old Hangul fills a place.
        for good in [
            "Mei",
            "\u{645}\u{6CC}\u{200C}\u{62E}\u{648}\u{627}\u{647}\u{645}",
            "\u{915}\u{94D}\u{200D}\u{937}",
            "\u{8FBB}\u{E0100}",
            "\u{1112}\u{1160}",
        ] {
            assert!(is_readable_line(good), "{good:?}");
        }
    }

    #[test]
    fn a_text_reads_as_it_is_stored() {
        for hidden in ["Do \u{202E}tonot\u{202C} operate", "a\u{E0041}\u{E0042}", "", "\u{200B}"] {
            assert!(!is_readable_text(hidden), "{hidden:?}");
        }
        for good in ["a\nb", "\u{200F}\u{645}\u{631}\u{62D}\u{628}\u{627}", "\u{2067}\u{645}\u{2069}", "\u{1F468}\u{200D}\u{1F469}"] {
            assert!(is_readable_text(good), "{good:?}");
        }
    }

    #[test]
    fn a_text_has_lines_but_no_control_characters() {
        assert!("two\nlines".parse::<LongText>().is_ok());
        assert!("nul\0".parse::<LongText>().is_err());
    }
}
