//! Documents of a case: handed in, described, read, deleted. The kind is told by the content, never by a name or a declared type.

mod kind;
mod scan;
mod upload;

use domain::access::{Audience, Section, may};
use domain::documents::{DisplayName, Document, OF_SLIDES};
use domain::ids::{CaseId, DocumentId};
use domain::intake::items::ItemCode;
use domain::people::LanguageTag;
use persistence::blobs::PIECE;
use serde::Serialize;

use crate::error::Countable;
use crate::{App, CaseForCaller, Error, Fault, Revision, UnitOfWork, Work, work};
pub use upload::{NotTaken, StoredFile, Upload};

pub use persistence::documents::StoredDocument;

/// The largest file, in bytes: 20 MiB.
pub const LARGEST_FILE: usize = 20 * 1024 * 1024;
/// How many documents a case holds.
pub const MOST_DOCUMENTS: u32 = 200;
/// How many bytes a case holds: 1 GiB.
pub const MOST_BYTES: i64 = 1024 * 1024 * 1024;

/// The description of a file that was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SentFile {
    /// The name that the sender gave it.
    pub name: String,
    /// The digest that the sender expects, 64 hexadecimal digits.
    pub sha256: Option<String>,
    /// The required item that it is for.
    pub item: Option<ItemCode>,
    /// The language that it is written in.
    pub language: Option<LanguageTag>,
    /// The document of the same case that it translates.
    pub translation_of: Option<DocumentId>,
}

/// A change of a document's description. `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
pub struct DocumentPatch {
    /// The name to show.
    pub name: Option<String>,
    /// The required item, or that it is for none.
    pub item: Option<Option<ItemCode>>,
    /// The language, or that it is unknown.
    pub language: Option<Option<LanguageTag>>,
    /// The document that it translates, or that it translates none.
    pub translation_of: Option<Option<DocumentId>>,
}

/// The revision of a document.
pub fn revision(stored: &StoredDocument) -> Revision {
    Revision::of(stored.version)
}

/// Makes a document of a file that is stored, and notes it in the case.
///
/// # Errors
/// Every fault of the file and of what was said of it; [`Error::UnsupportedKind`]; over the case's limits
/// [`Error::TooMany`] and [`Error::CaseFull`].
pub fn upload_document(
    work: &mut UnitOfWork<'_, '_, may::UploadDocument>,
    case: CaseId,
    sent: &SentFile,
    file: &StoredFile,
) -> Result<StoredDocument, Error> {
    let loaded = work.case_to_change(case)?;
    let media = file.accepted(sent.sha256.as_deref())?;
    let (count, bytes) = persistence::documents::totals(work.tx, case)?;
    if count >= i64::from(MOST_DOCUMENTS) {
        return Err(Error::TooMany { what: Countable::Documents, limit: MOST_DOCUMENTS });
    }
    if bytes.saturating_add(i64::try_from(file.size).unwrap_or(i64::MAX)) > MOST_BYTES {
        return Err(Error::CaseFull("1 GiB"));
    }
    if let Some(original) = sent.translation_of {
        check_original(work, &loaded, original, None)?;
    }
    let document = Document {
        id: file.id,
        case,
        item: sent.item,
        name: DisplayName::cleaned(&sent.name).fit(media),
        media,
        language: sent.language.clone(),
        translation_of: sent.translation_of,
        size: file.size,
        sha256: file.sha256.clone(),
        audience: loaded.case.open_audience(),
        uploaded_by: work.user()?,
        uploaded_at: work.now,
    };
    let decided = loaded.case.clone().add_document(&loaded.access, &work.rules(), work.now, document.id, document.item)?;
    let stored = persistence::documents::insert(work.tx, &document)?;
    persistence::blobs::keep(work.tx, document.id)?;
    work.save_case(loaded, decided)?;
    work.audit_subject(document.id);
    Ok(stored)
}

/// The original of a translation is another document of the same case that the caller sees.
fn check_original(
    work: &mut Work<'_, '_>,
    loaded: &CaseForCaller,
    original: DocumentId,
    translation: Option<DocumentId>,
) -> Result<(), Error> {
    let fault = || Error::Invalid(vec![Fault::at("/translation_of", "unknown_reference")]);
    match persistence::documents::get(work.tx, loaded.case.id(), original) {
        Ok(stored) if stored.document.is_open_to(loaded.access.relations) => {}
        Ok(_) | Err(persistence::Error::NotFound) => return Err(fault()),
        Err(error) => return Err(error.into()),
    }
    let Some(translation) = translation else { return Ok(()) };
    // A translation of a translation is one; but whoever goes from each to its original must arrive at one that is none.
    let all = persistence::documents::list_all(work.tx, loaded.case.id())?;
    let original_of = |id| all.iter().find(|document| document.id == id).and_then(|document| document.translation_of);
    let mut chain = std::iter::successors(Some(original), |id| original_of(*id)).take(all.len() + 1);
    if chain.any(|one| one == translation) { Err(Error::invalid("/translation_of", "circular_reference")) } else { Ok(()) }
}

/// A page of the documents that the caller may see, oldest first; one more than `limit` if there is a next page.
pub fn list_documents(
    work: &mut UnitOfWork<'_, '_, may::ListDocuments>,
    case: CaseId,
    after: Option<i64>,
    limit: u32,
) -> Result<Vec<StoredDocument>, Error> {
    let loaded = work.case(case)?;
    let page = persistence::Page { after, limit: limit.saturating_add(1) };
    let relations = loaded.access.relations;
    let found = if relations.may_see(Section::Clinical) {
        persistence::documents::list(work.tx, case, Audience::of(relations), page)?
    } else {
        // Pathology sees what comes with the slides.
        persistence::documents::list_of_items(work.tx, case, OF_SLIDES, page)?
    };
    work.audit_page(&found, limit, |stored| stored.document.id);
    Ok(found)
}

/// The description of one document.
pub fn get_document(work: &mut UnitOfWork<'_, '_, may::GetDocument>, case: CaseId, id: DocumentId) -> Result<StoredDocument, Error> {
    let loaded = work.case(case)?;
    find_open(work, &loaded, id)
}

/// The description of the document whose bytes are about to be read with [`read_bytes`].
pub fn download_document(
    work: &mut UnitOfWork<'_, '_, may::DownloadDocument>,
    case: CaseId,
    id: DocumentId,
) -> Result<StoredDocument, Error> {
    let loaded = work.case(case)?;
    find_open(work, &loaded, id)
}

fn find_open(work: &mut Work<'_, '_>, loaded: &CaseForCaller, id: DocumentId) -> Result<StoredDocument, Error> {
    let stored = persistence::documents::get(work.tx, loaded.case.id(), id).map_err(work::absent)?;
    if !stored.document.is_open_to(loaded.access.relations) {
        return Err(Error::Absent);
    }
    work.audit_subject(id);
    Ok(stored)
}

/// A part of a document's bytes, from `offset` to the end of the piece that holds it, at most `most` bytes of it. Whoever reads a whole
/// file asks again and again: no transaction lasts as long as a reader, and nobody holds more of a file than they send on.
///
/// # Errors
/// [`persistence::Error::Corrupt`] if the piece is missing or was changed.
pub async fn read_bytes(app: &App, id: DocumentId, offset: u64, most: usize) -> Result<Vec<u8>, Error> {
    let piece = u64::try_from(PIECE).map_err(|_| Error::Internal("the size of a piece"))?;
    let number = i32::try_from(offset / piece).map_err(|_| Error::Internal("the number of a piece"))?;
    let within = usize::try_from(offset % piece).map_err(|_| Error::Internal("an offset within a piece"))?;
    app.store
        .read(move |tx| {
            let found = persistence::blobs::piece(tx, id, number)?.unwrap_or_default();
            let part = found.get(within..).unwrap_or_default();
            let part = part.get(..most.min(part.len())).unwrap_or_default();
            if part.is_empty() {
                let damage = persistence::Error::Corrupt { table: "document_contents", column: "content_sealed", id: id.to_string() };
                return Err(Error::from(damage));
            }
            Ok(part.to_vec())
        })
        .await
}

/// Changes the description of a document.
pub fn update_document(
    work: &mut UnitOfWork<'_, '_, may::UpdateDocument>,
    case: CaseId,
    id: DocumentId,
    patch: &DocumentPatch,
) -> Result<StoredDocument, Error> {
    let now = work.now;
    let loaded = work.case_for_update(case)?;
    let mut stored = expected_document(work, &loaded, id)?;
    let mut document = stored.document.clone();
    if let Some(name) = &patch.name {
        document.name = DisplayName::cleaned(name).fit(document.media);
    }
    if let Some(language) = &patch.language {
        document.language.clone_from(language);
    }
    if let Some(original) = patch.translation_of {
        if let Some(original) = original {
            check_original(work, &loaded, original, Some(id))?;
        }
        document.translation_of = original;
    }
    let item = patch.item.unwrap_or(document.item);
    let (moved, left) = (item != document.item, document.item);
    document.item = item;
    let last_of = if moved { last_of(work, case, id, left)? } else { None };
    let decided = loaded.case.clone().move_document(&loaded.access, &work.rules(), now, item.filter(|_| moved), last_of)?;
    work.save_case(loaded, decided)?;
    if document != stored.document {
        stored.document = document;
        stored.version = persistence::documents::save(work.tx, &stored, now)?;
        stored.updated_at = now;
    }
    Ok(stored)
}

fn expected_document(work: &mut Work<'_, '_>, loaded: &CaseForCaller, id: DocumentId) -> Result<StoredDocument, Error> {
    let stored = find_open(work, loaded, id)?;
    work.expect(revision(&stored))?;
    Ok(stored)
}

/// The item of which this is the only document.
fn last_of(work: &mut Work<'_, '_>, case: CaseId, id: DocumentId, item: Option<ItemCode>) -> Result<Option<ItemCode>, Error> {
    let all = persistence::documents::list_all(work.tx, case)?;
    Ok(item.filter(|item| !all.iter().any(|other| other.id != id && other.item == Some(*item))))
}

/// Deletes a document with its bytes, while the case's rules allow it.
pub fn delete_document(work: &mut UnitOfWork<'_, '_, may::DeleteDocument>, case: CaseId, id: DocumentId) -> Result<(), Error> {
    let now = work.now;
    let loaded = work.case_for_update(case)?;
    let stored = expected_document(work, &loaded, id)?;
    let last_of = last_of(work, case, id, stored.document.item)?;
    let decided = loaded.case.clone().delete_document(&loaded.access, &work.rules(), now, id, last_of)?;
    persistence::documents::delete(work.tx, case, id, stored.version, now)?;
    persistence::documents::let_go(work.tx, case, id, now)?;
    work.save_case(loaded, decided)?;
    Ok(())
}
