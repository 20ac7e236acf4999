//! Documents: what was handed in for a case. The bytes are kept elsewhere; here is what is known of them.

mod file;

pub use file::{DisplayName, MediaKind, Sha256};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::access::{Audience, Relation, Relations};
use crate::ids::{CaseId, DocumentId, UserId};
use crate::intake::items::ItemCode;
use crate::people::LanguageTag;
use crate::review::DocumentFact;

/// A document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The identifier.
    pub id: DocumentId,
    /// The case.
    pub case: CaseId,
    /// The required item that it was handed in for, if for one.
    pub item: Option<ItemCode>,
    /// The name to show and to save under.
    pub name: DisplayName,
    /// The kind of file, by its content.
    pub media: MediaKind,
    /// The language that it is written in.
    pub language: Option<LanguageTag>,
    /// The document that it translates.
    pub translation_of: Option<DocumentId>,
    /// Bytes.
    pub size: u64,
    /// The digest of its bytes.
    pub sha256: Sha256,
    /// Who may ever see it; fixed when it was handed in.
    pub audience: Audience,
    /// Who handed it in.
    pub uploaded_by: UserId,
    /// When.
    pub uploaded_at: Timestamp,
}

/// The items whose documents pathology sees.
pub const OF_SLIDES: &[ItemCode] = &[ItemCode::PathologySlides, ItemCode::PathologyReport];

impl Document {
    /// Whether somebody in these relations sees it. Pathology sees what comes with the slides.
    pub fn is_open_to(&self, relations: Relations) -> bool {
        let comes_with_slides = self.item.is_some_and(|item| OF_SLIDES.contains(&item));
        self.audience.meets(Audience::of(relations)) || (comes_with_slides && relations.contains(Relation::Pathology))
    }

    /// Whether it needs no translation: it is in Japanese or English, or an image that says nothing in words.
    pub fn is_readable_here(&self) -> bool {
        let is_image = self.media == MediaKind::Dicom
            || (self.item == Some(ItemCode::DiagnosticImages) && matches!(self.media, MediaKind::Jpeg | MediaKind::Png));
        match &self.language {
            Some(language) => language.is_read_here(),
            None => is_image,
        }
    }

    /// Whether this is a photograph format for diagnostic images, which a person should look at (seed: “not to send us photographs of
    /// diagnostic images”); native stills of endoscopy and ultrasonography are fine.
    pub fn may_be_a_photograph_of_an_image(&self) -> bool {
        self.item == Some(ItemCode::DiagnosticImages) && matches!(self.media, MediaKind::Jpeg | MediaKind::Png)
    }
}

/// The facts about a case's documents that the review needs: whether each counts for an item, and whether it can be read here, itself or
/// by a translation that is among them.
pub fn facts(documents: &[Document]) -> Vec<DocumentFact> {
    let translated = |id| documents.iter().any(|other| other.translation_of == Some(id) && other.is_readable_here());
    documents
        .iter()
        .filter_map(|document| {
            let item = document.item?;
            Some(DocumentFact { item, is_readable: document.is_readable_here() || translated(document.id) })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn document(number: u128, item: ItemCode, media: MediaKind, language: Option<&str>) -> Document {
        Document {
            id: DocumentId::from_uuid(Uuid::from_u128(number)),
            case: CaseId::from_uuid(Uuid::nil()),
            item: Some(item),
            name: DisplayName::cleaned("letter.pdf"),
            media,
            language: language.map(|language| language.parse().unwrap()),
            translation_of: None,
            size: 1,
            sha256: "0".repeat(64).parse().unwrap(),
            audience: Audience::STAFF,
            uploaded_by: UserId::from_uuid(Uuid::nil()),
            uploaded_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_document_in_another_language_needs_a_translation() {
        let letter = document(1, ItemCode::ReferralLetter, MediaKind::Pdf, Some("ru"));
        let english = Document { translation_of: Some(letter.id), ..document(2, ItemCode::ReferralLetter, MediaKind::Pdf, Some("en-GB")) };
        let readable = |documents: &[Document]| facts(documents).iter().all(|fact| fact.is_readable);
        assert!(!readable(std::slice::from_ref(&letter)));
        assert!(readable(&[letter.clone(), english.clone()]));
        assert!(!readable(&[letter, Document { translation_of: None, ..english }]));
    }

    #[test]
    fn images_have_no_language_and_letters_of_unknown_language_are_not_readable() {
        assert!(document(1, ItemCode::DiagnosticImages, MediaKind::Dicom, None).is_readable_here());
        assert!(document(1, ItemCode::DiagnosticImages, MediaKind::Png, None).is_readable_here());
        assert!(!document(1, ItemCode::ReferralLetter, MediaKind::Jpeg, None).is_readable_here());
        assert!(document(1, ItemCode::DiagnosticImages, MediaKind::Jpeg, None).may_be_a_photograph_of_an_image());
    }
}
