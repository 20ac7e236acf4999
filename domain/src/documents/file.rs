//! The facts about a file that need no decoder: a name that is safe to show, its kind, its digest.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::people::{InvalidValue, as_text};
use crate::wire::wire_enum;

/// The longest name, in characters.
const LONGEST: usize = 120;

/// A name to show and to save under: no path, no control characters, nothing that turns the direction of reading, at most 120 characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(min_length = 1, max_length = 120))]
#[serde(try_from = "String", into = "String")]
pub struct DisplayName(String);

/// Characters that are not seen, or that make a name read otherwise than it is.
const fn deceives(letter: char) -> bool {
    matches!(letter, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{206F}' | '\u{061C}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

impl DisplayName {
    /// The name that is left of what a client sent: never a refusal, for a name matters little.
    pub fn cleaned(sent: &str) -> Self {
        let last = sent.rsplit(['/', '\\']).find(|part| !part.trim().is_empty()).unwrap_or_default();
        let plain: String = last
            .chars()
            .filter(|letter| !letter.is_control() && !deceives(*letter))
            .map(|letter| if matches!(letter, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { letter })
            .collect();
        let plain = plain.trim_matches(|letter: char| letter == '.' || letter.is_whitespace());
        if plain.is_empty() {
            return Self("document".to_owned());
        }
        Self(shortened(plain))
    }

    /// The name with an ending that says what the file is: programs open a file by its ending, and this one must not be run. Files of
    /// scanners (DICOM) often have none, and keep none.
    #[must_use]
    pub fn fit(self, kind: MediaKind) -> Self {
        let ending = self.0.rsplit_once('.').map(|(_, ending)| ending.trim().to_ascii_lowercase());
        let fits = ending.as_deref().map_or(kind == MediaKind::Dicom, |ending| kind.endings().contains(&ending));
        if fits { self } else { Self(shortened(&format!("{}.{}", self.0, kind.ending()))) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// At most the longest name, with its ending kept.
fn shortened(name: &str) -> String {
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending).filter(|ending| ending.chars().count() <= 10);
    let ending = ending.map(|ending| format!(".{ending}")).unwrap_or_default();
    let kept = LONGEST.saturating_sub(ending.chars().count());
    let stem: String = name.chars().take(kept).collect();
    format!("{}{ending}", stem.trim_end_matches(|letter: char| letter == '.' || letter.is_whitespace()))
}

impl FromStr for DisplayName {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let cleaned = Self::cleaned(text);
        if cleaned.0 == text { Ok(cleaned) } else { Err(InvalidValue { what: "a file name", why: "format" }) }
    }
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

as_text!(DisplayName);

wire_enum! {
    /// The kinds of files that are taken.
    MediaKind {
        /// PDF.
        Pdf = "pdf",
        /// JPEG.
        Jpeg = "jpeg",
        /// PNG.
        Png = "png",
        /// DICOM, preferred for images (seed).
        Dicom = "dicom",
    }
}

impl MediaKind {
    /// The kind by the first bytes. Names and declared types are not believed. 132 bytes are enough.
    pub fn of_content(beginning: &[u8]) -> Option<Self> {
        if beginning.starts_with(&[0xFF, 0xD8, 0xFF]) {
            Some(Self::Jpeg)
        } else if beginning.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if beginning.get(128..132) == Some(b"DICM".as_slice()) {
            Some(Self::Dicom)
        } else {
            Self::pdf_begins_at(beginning).map(|_| Self::Pdf)
        }
    }

    /// Where a PDF begins in a file: readers look into its first 1,024 bytes (ISO 32000-1, annex H, 3.4.1), since line ends, a mark of byte order or
    /// the head of a message may stand before it.
    pub fn pdf_begins_at(beginning: &[u8]) -> Option<usize> {
        const MARK: &[u8] = b"%PDF-";
        beginning.windows(MARK.len()).take(1_024).position(|window| window == MARK)
    }

    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Dicom => "application/dicom",
        }
    }

    /// The endings that files of this kind have, in lower case.
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Jpeg => &["jpg", "jpeg", "jpe", "jfif"],
            Self::Png => &["png"],
            Self::Dicom => &["dcm", "dicom", "dic"],
        }
    }

    /// The customary ending of a file's name.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Dicom => "dcm",
        }
    }
}

/// A SHA-256 digest as 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256(String);

impl Sha256 {
    /// The digest from its bytes.
    pub fn of_digest(digest: [u8; 32]) -> Self {
        use fmt::Write;
        Self(digest.iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        }))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Sha256 {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let plain = text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if plain { Ok(Self(text.to_owned())) } else { Err(InvalidValue { what: "a SHA-256 digest", why: "format" }) }
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

as_text!(Sha256);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_lose_paths_and_tricks() {
        for (sent, kept) in [
            ("../../etc/passwd", "passwd"),
            (r"C:\scans\ct.dcm", "ct.dcm"),
            ("report\u{202E}fdp.exe", "reportfdp.exe"),
            ("紹介状.pdf", "紹介状.pdf"),
            ("a\r\nb\0.pdf", "ab.pdf"),
            ("...", "document"),
            ("", "document"),
            ("folder/", "folder"),
            ("<img>.png", "_img_.png"),
        ] {
            assert_eq!(DisplayName::cleaned(sent).as_str(), kept, "{sent:?}");
        }
        let long = format!("{}.pdf", "あ".repeat(300));
        assert_eq!(DisplayName::cleaned(&long).as_str().chars().count(), LONGEST);
        assert_eq!(DisplayName::cleaned(&long).as_str().rsplit_once('.').map(|(_, ending)| ending), Some("pdf"));
    }

    #[test]
    fn a_name_ends_with_what_the_file_is() {
        for (sent, kind, kept) in [
            ("a.pdf", MediaKind::Pdf, "a.pdf"),
            ("A.PDF", MediaKind::Pdf, "A.PDF"),
            ("a.pdf.exe", MediaKind::Pdf, "a.pdf.exe.pdf"),
            ("a.exe", MediaKind::Dicom, "a.exe.dcm"),
            ("a.html", MediaKind::Png, "a.html.png"),
            ("scan", MediaKind::Jpeg, "scan.jpg"),
            ("photo.jpeg", MediaKind::Jpeg, "photo.jpeg"),
            ("IM000001", MediaKind::Dicom, "IM000001"),
        ] {
            assert_eq!(DisplayName::cleaned(sent).fit(kind).as_str(), kept);
        }
        let long = DisplayName::cleaned(&format!("{}.exe", "あ".repeat(300))).fit(MediaKind::Pdf);
        assert_eq!(long.as_str().rsplit_once('.').map(|(_, ending)| ending), Some("pdf"));
        assert_eq!(long.as_str().chars().count(), LONGEST);
    }

    #[test]
    fn the_content_says_what_a_file_is() {
        let mut dicom = vec![0; 128];
        dicom.extend(b"DICM");
        assert_eq!(MediaKind::of_content(&dicom), Some(MediaKind::Dicom));
        assert_eq!(MediaKind::of_content(b"%PDF-1.7"), Some(MediaKind::Pdf));
        assert_eq!(MediaKind::of_content(b"<html>"), None);
        assert_eq!(MediaKind::of_content(b"MZ"), None);
        assert_eq!(MediaKind::of_content(b""), None);
    }

    #[test]
    fn a_digest_is_64_digits() {
        let digest = Sha256::of_digest([0xAB; 32]);
        assert_eq!(digest.as_str().parse::<Sha256>().unwrap(), digest);
        assert!("AB".repeat(32).parse::<Sha256>().is_err());
    }

    proptest! {
        #[test]
        fn a_cleaned_name_is_clean(sent in "\\PC{0,200}|[/\\\\.a-c \u{202E}\u{0}]{0,40}") {
            let once = DisplayName::cleaned(&sent);
            prop_assert!(once.as_str().parse::<DisplayName>().is_ok());
        }
    }
}
