//! The kind of a file, by its content. Two libraries and the domain's own reading must agree; files that are two things at once are none.

use domain::documents::MediaKind;
use file_format::FileFormat;

/// How many bytes of a file's beginning tell its kind.
pub(super) const HEAD: usize = 64 * 1024;
/// How many bytes of a file's end are looked at: a ZIP archive's directory ends within 64 KiB of comment and the record itself.
pub(super) const TAIL: usize = 65_557;
/// The most pixels of a picture: the largest scans and cameras have less, and 24 bits of each are 750 MB.
pub(super) const MOST_PIXELS: u64 = 250_000_000;

/// The kind of a file that is taken, if all agree, by its beginning and its end.
pub(super) fn of(head: &[u8], tail: &[u8]) -> Option<MediaKind> {
    let kind = MediaKind::of_content(head)?;
    // The libraries look at the first byte; a PDF may begin a little later.
    let start = if kind == MediaKind::Pdf { MediaKind::pdf_begins_at(head).unwrap_or(0) } else { 0 };
    let content = head.get(start..).unwrap_or(head);
    let (by_infer, by_format) = (infer::get(content).map(|found| found.mime_type()), FileFormat::from_bytes(content));
    let agreed = match kind {
        MediaKind::Pdf => by_infer == Some("application/pdf") && by_format == FileFormat::PortableDocumentFormat,
        MediaKind::Jpeg => by_infer == Some("image/jpeg") && by_format == FileFormat::JointPhotographicExpertsGroup,
        MediaKind::Png => by_infer == Some("image/png") && by_format == FileFormat::PortableNetworkGraphics,
        // Any 128 bytes stand before DICOM's mark (PS3.10, 7.1), a picture's head among them.
        MediaKind::Dicom => true,
    };
    (agreed && !begins_as_another(head) && !is_two_things(kind, head, tail)).then_some(kind)
}

/// Whether a file begins like a program, a page or an archive: then programs that do not look further take it for one.
fn begins_as_another(head: &[u8]) -> bool {
    let programs_and_archives: [&[u8]; 8] =
        [b"MZ", b"\x7fELF", b"#!", b"PK\x03\x04", b"PK\x05\x06", b"\xCA\xFE\xBA\xBE", b"\xCF\xFA\xED\xFE", b"Rar!"];
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let is_page = text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<');
    is_page || programs_and_archives.iter().any(|mark| head.starts_with(mark))
}

/// Whether a file is an archive or a PDF besides: readers of those look at the end of a file, or a little beyond its first byte.
fn is_two_things(kind: MediaKind, head: &[u8], tail: &[u8]) -> bool {
    let is_zip_too = contains(tail, b"PK\x05\x06");
    // A PDF inside DICOM is one of its kinds of objects.
    let is_pdf_too = matches!(kind, MediaKind::Jpeg | MediaKind::Png) && MediaKind::pdf_begins_at(head).is_some();
    is_zip_too || is_pdf_too
}

fn contains(bytes: &[u8], mark: &[u8]) -> bool {
    bytes.windows(mark.len()).any(|window| window == mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind_of(bytes: &[u8]) -> Option<MediaKind> {
        of(bytes, bytes)
    }

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde";

    fn dicom(preamble: &[u8]) -> Vec<u8> {
        let mut bytes = preamble.to_vec();
        bytes.resize(128, 0);
        bytes.extend_from_slice(b"DICM\x02\0\0\0UL\x04\0\x10\0\0\0");
        bytes
    }

    #[test]
    fn the_four_kinds_are_told_by_their_content() {
        assert_eq!(kind_of(b"%PDF-1.7\n1 0 obj\n%%EOF"), Some(MediaKind::Pdf));
        assert_eq!(kind_of(PNG), Some(MediaKind::Png));
        assert_eq!(kind_of(&[0xFF, 0xD8, 0xFF, 0xE0, 0, 16, b'J', b'F', b'I', b'F', 0, 1]), Some(MediaKind::Jpeg));
        assert_eq!(kind_of(&dicom(b"")), Some(MediaKind::Dicom));
    }

    #[test]
    fn what_stands_inside_a_file_or_a_little_before_it_makes_it_no_other() {
        let pdf = |before: &[u8], inside: &[u8]| kind_of(&[before, b"%PDF-1.7\n", inside, b"\n%%EOF"].concat());
        for before in [b"\xEF\xBB\xBF".as_slice(), b"\r\n\r\n", b"Content-Type: application/pdf\r\n\r\n", &[b' '; 1_000]] {
            assert_eq!(pdf(before, b""), Some(MediaKind::Pdf), "{before:?}");
        }
        for inside in [b"<!DOCTYPE html>".as_slice(), b"<html><script>", b"<?xpacket begin?><x:xmpmeta>"] {
            assert_eq!(pdf(b"", inside), Some(MediaKind::Pdf), "{inside:?}");
            assert_eq!(kind_of(&[PNG, b"tEXtComment\0", inside].concat()), Some(MediaKind::Png), "{inside:?}");
            assert_eq!(
                kind_of(&[&[0xFF, 0xD8, 0xFF, 0xE0, 0, 16][..], b"JFIF\0\x01", inside].concat()),
                Some(MediaKind::Jpeg),
                "{inside:?}"
            );
        }
        for preamble in [b"II*\0".as_slice(), b"MM\0*", b"a < b", &[0xFF; 128]] {
            assert_eq!(kind_of(&dicom(preamble)), Some(MediaKind::Dicom), "{preamble:?}");
        }
        assert_eq!(kind_of(&[dicom(b""), b"%PDF-1.7".to_vec()].concat()), Some(MediaKind::Dicom), "an encapsulated PDF");
    }

    #[test]
    fn programs_pages_and_files_that_are_two_things_are_none() {
        for hostile in [
            b"x".to_vec(),
            b"<html><body>%PDF-</body>".to_vec(),
            b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>".to_vec(),
            b"MZ\x90\0".to_vec(),
            b"\x7fELF\x02".to_vec(),
            b"PK\x03\x04word/document.xml".to_vec(),
            b"  <!DOCTYPE html><p>%PDF-1.7".to_vec(),
            b"\xEF\xBB\xBF<html>%PDF-1.7".to_vec(),
            b"#!/bin/sh\n%PDF-1.7".to_vec(),
            b"PK\x03\x04%PDF-1.7".to_vec(),
            [PNG, b"tEXt%PDF-1.7"].concat(),
            [&[0_u8; 1_030], b"%PDF-1.7".as_slice()].concat(),
            [b"%PDF-1.7\n%%EOF".as_slice(), b"PK\x03\x04", b"PK\x05\x06"].concat(),
            dicom(b"MZ\x90"),
            dicom(b"\x7fELF"),
            dicom(b"<html>"),
            dicom(b"PK\x03\x04"),
        ] {
            assert_eq!(kind_of(&hostile), None, "{:?}", String::from_utf8_lossy(&hostile));
        }
    }
}
