//! Words as a search compares them: without width, case, accents, and the difference between hiragana and katakana.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The word as it is compared.
pub(crate) fn normalised(word: &str) -> String {
    // Compatibility forms first (full and half width), then accents apart, so that they can be dropped. The voiced kana
    // would lose their marks with the accents: their two marks stay, and are joined again.
    let folded: String = word
        .nfkc()
        .flat_map(char::to_lowercase)
        .nfd()
        .filter(|c| !is_combining_mark(*c) || matches!(c, '\u{3099}' | '\u{309A}'))
        .nfc()
        .map(hiragana)
        .collect();
    folded.trim().to_owned()
}

/// The words of a text, each once, in order.
pub(crate) fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for word in normalised(text).split(|c: char| !c.is_alphanumeric() && c != 'ー' && c != '々') {
        if !word.is_empty() && !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}

/// Katakana ァ–ヶ and ヽヾ lie 0x60 above their hiragana.
fn hiragana(c: char) -> char {
    match c {
        'ァ'..='ヶ' | 'ヽ' | 'ヾ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_accents_and_kana_do_not_matter() {
        assert_eq!(normalised("ＹＡＭＡＤＡ"), "yamada");
        assert_eq!(normalised("Müller-Núñez"), "muller-nunez");
        assert_eq!(normalised("ヤマダ"), normalised("やまだ"));
        assert_eq!(normalised("ﾔﾏﾀﾞ"), "やまだ");
        assert_eq!(normalised("が"), "が", "a voiced sound is another sound");
        assert_ne!(normalised("ハ"), normalised("パ"));
    }

    #[test]
    fn a_text_falls_into_words_each_once() {
        assert_eq!(split("Yamada  TARO, ヤマダ・タロウ yamada"), ["yamada", "taro", "やまだ", "たろう"]);
        assert_eq!(split(" . "), Vec::<String>::new());
    }
}
