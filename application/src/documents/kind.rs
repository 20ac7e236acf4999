//! What a file is, by its content. Two libraries and the domain's own reading must agree; files that are two things at once are none.

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
    let by_infer = infer::get(head).map(|found| found.mime_type());
    let by_format = FileFormat::from_bytes(head);
    let agreed = match kind {
        MediaKind::Pdf => by_infer == Some("application/pdf") && by_format == FileFormat::PortableDocumentFormat,
        MediaKind::Jpeg => by_infer == Some("image/jpeg") && by_format == FileFormat::JointPhotographicExpertsGroup,
        MediaKind::Png => by_infer == Some("image/png") && by_format == FileFormat::PortableNetworkGraphics,
        // A preamble of 128 free bytes stands before DICOM's mark; a program or a page in it makes the file two things at once.
        MediaKind::Dicom => head.get(..128).is_some_and(is_harmless_preamble),
    };
    (agreed && !is_two_things(kind, head, tail)).then_some(kind)
}

fn is_harmless_preamble(preamble: &[u8]) -> bool {
    let text = String::from_utf8_lossy(preamble).to_ascii_lowercase();
    !preamble.starts_with(b"MZ") && !preamble.starts_with(b"\x7fELF") && !text.contains('<')
}

fn is_two_things(kind: MediaKind, head: &[u8], tail: &[u8]) -> bool {
    let is_zip_too = contains(tail, b"PK\x05\x06");
    let head = head.get(..1024.min(head.len())).unwrap_or(head).to_ascii_lowercase();
    let is_page_too = [b"<html".as_slice(), b"<script", b"<!doctype"].iter().any(|mark| contains(&head, mark));
    let is_pdf_too = kind != MediaKind::Pdf && contains(&head, b"%pdf-");
    is_zip_too || is_page_too || is_pdf_too
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
    fn programs_pages_and_files_that_are_two_things_are_none() {
        for hostile in [
            b"x".to_vec(),
            b"<html><body>%PDF-</body>".to_vec(),
            b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>".to_vec(),
            b"MZ\x90\0".to_vec(),
            b"\x7fELF\x02".to_vec(),
            b"PK\x03\x04word/document.xml".to_vec(),
            b"%PDF-1.7\n<html><script>alert(1)</script>".to_vec(),
            [b"%PDF-1.7\n%%EOF".as_slice(), b"PK\x03\x04", b"PK\x05\x06"].concat(),
            dicom(b"MZ\x90"),
            dicom(b"\x7fELF"),
            dicom(b"<html>"),
        ] {
            assert_eq!(kind_of(&hostile), None, "{:?}", String::from_utf8_lossy(&hostile));
        }
    }
}
