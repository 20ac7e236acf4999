//! Whether an opinion fits on its page (seed: “in the form of a one-page document”).
//!
//! This is an estimate on the safe side, made without a typesetter: a page of A4 in 9-point type with a line of 12 points holds 60 lines,
//! 8 of which are its head and its foot (number, version, date, patient; limits, signature); a line holds 84 half-width columns. Chinese characters and kana are two columns wide, and so is
//! everything that this table does not know. What passes here fits when it is set; what is set may have room to spare.

use super::OpinionContent;

/// Lines that a page has for its text, headings included.
pub const LINES: usize = 52;
/// Half-width columns of a line.
pub const COLUMNS: usize = 84;

/// How an opinion fits on its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageFit {
    /// Lines that it needs, headings included.
    pub lines: usize,
    /// Lines that a page has for them.
    pub max_lines: usize,
}

impl PageFit {
    /// How this opinion fits.
    pub fn of(content: &OpinionContent) -> Self {
        let heading = |there: bool| usize::from(there);
        let section = |text: Option<&str>| text.map_or(0, |text| 1 + lines(text));
        let materials = content.materials_reviewed.iter().map(|one| {
            let date = one.dated_on.map(|date| format!(" ({date})")).unwrap_or_default();
            lines(&format!("{}{date}", one.name))
        });
        let absent = content.materials_not_received.iter().map(|one| lines(one.as_str()));
        let answers = content.answers.iter().map(|answer| lines(&format!("Q{}. {}", answer.question.saturating_add(1), answer.text)));
        let of = |text: &Option<crate::people::LongText>| section(text.as_ref().map(crate::people::LongText::as_str));
        let body = heading(content.addressee.is_some())
            + heading(!content.materials_reviewed.is_empty())
            + materials.sum::<usize>()
            + heading(!content.materials_not_received.is_empty())
            + absent.sum::<usize>()
            + of(&content.history)
            + of(&content.diagnosis)
            + of(&content.slide_findings)
            + heading(!content.answers.is_empty())
            + answers.sum::<usize>()
            + of(&content.options)
            + of(&content.recommendation)
            + of(&content.further_tests)
            + heading(content.urgency.is_some())
            + of(&content.treatment_here);
        Self { lines: body, max_lines: LINES }
    }

    /// Whether it is one page.
    pub const fn is_one_page(self) -> bool {
        self.lines <= self.max_lines
    }
}

/// How many half-width columns a character takes.
const fn width(letter: char) -> usize {
    match letter {
        // Marks that stand on the letter before them.
        '\u{300}'..='\u{36F}' | '\u{200B}'..='\u{200F}' => 0,
        '\t' => 4,
        // Latin, Greek, Cyrillic, Arabic, Thai and their neighbours; half-width katakana.
        '\u{0}'..='\u{10FF}' | '\u{1E00}'..='\u{1FFF}' | '\u{FF61}'..='\u{FF9F}' => 1,
        _ => 2,
    }
}

/// The characters after which a line ends in any case (UAX 14: BK, CR, LF, NL).
const ENDS_A_LINE: [char; 7] = ['\n', '\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'];

/// How many lines a text takes when it is broken between words, or anywhere between wide characters.
fn lines(text: &str) -> usize {
    let text = text.replace("\r\n", "\n");
    let text = text.strip_suffix(ENDS_A_LINE).unwrap_or(&text);
    text.split(ENDS_A_LINE).map(|paragraph| wrapped(paragraph.trim_end())).sum::<usize>().max(1)
}

fn wrapped(paragraph: &str) -> usize {
    let (mut lines, mut column) = (1_usize, 0_usize);
    // The word that is being read, and whether a blank stands before it.
    let mut word = 0_usize;
    let mut place = |width: usize, column: &mut usize| {
        let mut left = width;
        if *column + left > COLUMNS && *column > 0 {
            lines += 1;
            *column = 0;
        }
        while left > COLUMNS {
            lines += 1;
            left -= COLUMNS;
        }
        *column += left;
    };
    for letter in paragraph.chars() {
        let wide = width(letter);
        if letter == ' ' || letter == '\t' || wide == 2 {
            place(word, &mut column);
            word = 0;
            if wide == 2 {
                place(wide, &mut column);
            } else {
                column = (column + wide).min(COLUMNS);
            }
        } else {
            word += wide;
        }
    }
    place(word, &mut column);
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_break_between_words_and_between_wide_characters() {
        assert_eq!(lines("short"), 1);
        assert_eq!(lines("one\ntwo\n\nfour"), 4);
        for end in ["\n", "\r", "\r\n", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}"] {
            assert_eq!(lines(&["one", "two", "three"].join(end)), 3, "{end:?}");
            assert_eq!(lines(&format!("one{end}")), 1, "{end:?}");
        }
        assert_eq!(lines(&"a".repeat(COLUMNS)), 1);
        assert_eq!(lines(&"a".repeat(COLUMNS + 1)), 2);
        assert_eq!(lines(&"あ".repeat(COLUMNS / 2)), 1);
        assert_eq!(lines(&"あ".repeat(COLUMNS / 2 + 1)), 2);
        // Nine letters and a blank: eight words to a line of 84 columns, the ninth would need 89.
        assert_eq!(lines(&"wordwordw ".repeat(16)), 2);
    }

    proptest! {
        #[test]
        fn more_text_never_needs_fewer_lines(text in "[a-z あ\n]{0,400}", more in "[a-zあ]{1,50}") {
            let longer = format!("{text}{more}");
            prop_assert!(lines(&longer) >= lines(text.trim_end_matches(['\n', ' '])));
        }

        #[test]
        fn no_line_holds_more_than_its_columns(text in "[a-z あ]{0,400}") {
            let columns: usize = text.trim_end().chars().filter(|letter| *letter != ' ').map(width).sum();
            prop_assert!(lines(&text) * COLUMNS >= columns);
        }
    }
}
