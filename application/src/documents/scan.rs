//! Facts about the whole content of a file, found while it is read: linear in its bytes, and with a memory of one window.

use memchr::memmem::find_iter;

/// How many bytes of what came before are looked at again, so that no mark is missed between two pieces.
const OVERLAP: usize = 64;
/// The longest file name that an archive's entry is taken for one with.
const LONGEST_ENTRY: u16 = 1_024;

/// The bytes read so far.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// The end of what came before.
    tail: Vec<u8>,
    /// Bytes that came before.
    position: u64,
    has_entry: bool,
    has_directory: bool,
    has_encryption: bool,
}

impl Scan {
    /// Looks at the next bytes.
    pub(super) fn pass(&mut self, bytes: &[u8]) {
        let window = [self.tail.as_slice(), bytes].concat();
        let before = self.position.saturating_sub(u64::try_from(self.tail.len()).unwrap_or(0));
        let found = |mark: &[u8], holds: &dyn Fn(usize, &[u8]) -> bool| {
            find_iter(&window, mark).any(|at| window.get(at + mark.len()..).is_some_and(|rest| holds(at, rest)))
        };
        self.has_entry |= found(b"PK\x03\x04", &|_, rest| is_entry(rest));
        self.has_directory |= found(b"PK\x05\x06", &|at, rest| is_directory(rest, before.saturating_add(u64::try_from(at).unwrap_or(0))));
        self.has_encryption |= found(b"/Encrypt", &|_, rest| is_reference(rest));
        self.position = self.position.saturating_add(u64::try_from(bytes.len()).unwrap_or(0));
        self.tail = window.get(window.len().saturating_sub(OVERLAP)..).unwrap_or_default().to_vec();
    }

    /// Whether an archive is within: an entry and the end of its directory. A reader of archives takes such a file for one.
    pub(super) fn is_archive(&self) -> bool {
        self.has_entry && self.has_directory
    }

    /// Whether a PDF says that it is encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.has_encryption
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]))
}

fn long_number(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from(number(bytes, at)?) | u64::from(number(bytes, at + 2)?) << 16)
}

/// Whether the bytes after the mark of an entry can be one's (APPNOTE 4.3.7): chance alone puts the mark into a large file now and then.
fn is_entry(rest: &[u8]) -> bool {
    let (version, method, name) = (number(rest, 0), number(rest, 4), number(rest, 22));
    version.is_some_and(|version| version & 0xFF <= 63)
        && method.is_some_and(|method| matches!(method, 0 | 1..=10 | 12 | 14 | 18..=20 | 93..=99))
        && name.is_some_and(|name| (1..=LONGEST_ENTRY).contains(&name))
}

/// Whether the bytes after the mark of a directory's end can be one's (APPNOTE 4.3.16).
fn is_directory(rest: &[u8], position: u64) -> bool {
    let same_disk = number(rest, 0) == number(rest, 2) && number(rest, 4) == number(rest, 6);
    same_disk && long_number(rest, 8).is_some_and(|size| size <= position || size == u64::from(u32::MAX))
}

/// Whether the bytes after the name are what it stands before in a trailer: a reference, or a dictionary.
fn is_reference(rest: &[u8]) -> bool {
    let text: String = rest.iter().take(OVERLAP - 8).map(|byte| char::from(*byte)).collect();
    let value = text.trim_start_matches(['\0', '\t', '\n', '\x0C', '\r', ' ']);
    if value.starts_with("<<") {
        return true;
    }
    let mut parts = value.split_ascii_whitespace();
    let is_number = |part: Option<&str>| part.is_some_and(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    value.len() < text.len() && is_number(parts.next()) && is_number(parts.next()) && parts.next().is_some_and(|part| part.starts_with('R'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ZIP archive of one stored file.
    fn zip() -> Vec<u8> {
        let mut bytes = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\0\0ax".to_vec();
        bytes.extend(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0a");
        bytes.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x2f\0\0\0\x20\0\0\0\0\0");
        bytes
    }

    /// The result for bytes in pieces of this size.
    fn scanned(bytes: &[u8], piece: usize) -> (bool, bool) {
        let mut scan = Scan::default();
        bytes.chunks(piece).for_each(|piece| scan.pass(piece));
        (scan.is_archive(), scan.is_encrypted())
    }

    #[test]
    fn an_archive_is_found_wherever_it_stands_and_however_it_comes() {
        let files = [
            [b"%PDF-1.7\n".as_slice(), &zip()].concat(),
            [b"%PDF-1.7\n".as_slice(), &zip(), &vec![b'\n'; 200_000], b"%%EOF"].concat(),
            [b"%PDF-1.7\n".as_slice(), &vec![b'\n'; 1_000], &zip(), &[b'x'; 70]].concat(),
        ];
        for file in files {
            for piece in [1, 7, 64, 1_000, usize::MAX] {
                assert_eq!(scanned(&file, piece), (true, false), "{} in {piece}", file.len());
            }
        }
    }

    #[test]
    fn the_marks_alone_make_no_archive() {
        assert_eq!(
            scanned(b"%PDF-1.7 PK\x03\x04 is the mark of an entry, and PK\x05\x06 that of a directory's end: so the standard says", 9),
            (false, false)
        );
    }

    #[test]
    fn an_encrypted_pdf_is_told_by_its_trailer() {
        for text in [
            "trailer << /Size 9 /Encrypt 12 0 R /Root 1 0 R >>",
            "trailer<</Encrypt\n<</Filter/Standard>>>>",
            "<</Type/XRef/Encrypt 3 0 R/W[1 2 1]>>stream",
        ] {
            for piece in [1, 10, 64, usize::MAX] {
                assert_eq!(scanned(text.as_bytes(), piece), (false, true), "{text}");
            }
        }
        for text in ["/EncryptMetadata true", "/Encrypt is a name", "The key /Encrypt.", "/Encrypt 12"] {
            assert_eq!(scanned(text.as_bytes(), 10), (false, false), "{text}");
        }
    }
}
