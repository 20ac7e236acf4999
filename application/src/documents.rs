//! Documents of a case: handed in, described, read, deleted. The kind is told by the content, never by a name or a declared type.

mod kind;

use domain::case::Audience;
use domain::documents::{DisplayName, Document, Sha256};
use domain::ids::{CaseId, DocumentId};
use domain::people::LanguageTag;
use domain::required_items::ItemCode;
use persistence::documents::Stored;

use crate::{Act, Error, Fault, Loaded, Revision, act};

/// The largest file, in bytes: 20 MiB.
pub const LARGEST_FILE: usize = 20 * 1024 * 1024;
/// How many documents a case holds.
const MOST_DOCUMENTS: i64 = 200;
/// How many bytes a case holds: 1 GiB.
const MOST_BYTES: i64 = 1024 * 1024 * 1024;

/// A file as it was sent.
#[derive(Clone, Debug, Default)]
pub struct SentFile {
    /// The name that the sender gave it.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The digest that the sender expects, 64 hexadecimal digits.
    pub sha256: Option<String>,
    /// The required item that it is for.
    pub item: Option<ItemCode>,
    /// The language that it is written in.
    pub language: Option<LanguageTag>,
    /// The document of the same case that it translates.
    pub translation_of: Option<DocumentId>,
}

/// What of a document's description changes; what is `None` stays.
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
pub fn revision(stored: &Stored) -> Revision {
    Revision::shared(&stored.document.id.to_string(), u64::try_from(stored.version).unwrap_or(0))
}

/// Takes a file in: checks its digest and its kind, seals it, and notes it in the case.
///
/// # Errors
/// `too_short` for an empty file, `digest_mismatch`, [`Error::UnsupportedKind`], [`Error::TooLarge`] over the case's quota.
pub fn upload_document(act: &mut Act<'_, '_>, case: CaseId, sent: &SentFile) -> Result<Stored, Error> {
    let loaded = act.load_case_to_change(case)?;
    let (digest, media) = inspect(sent)?;
    let (count, bytes) = persistence::documents::totals(act.tx, case)?;
    let size = i64::try_from(sent.bytes.len()).unwrap_or(i64::MAX);
    if count >= MOST_DOCUMENTS || bytes.saturating_add(size) > MOST_BYTES {
        return Err(Error::TooLarge);
    }
    if let Some(original) = sent.translation_of {
        check_original(act, &loaded, original, None)?;
    }
    let document = Document {
        id: act.fresh(),
        case,
        item: sent.item,
        name: DisplayName::cleaned(&sent.name),
        media,
        language: sent.language.clone(),
        translation_of: sent.translation_of,
        size: u64::try_from(sent.bytes.len()).unwrap_or(u64::MAX),
        sha256: digest,
        audience: loaded.case.open_audience(),
        uploaded_by: act.user()?,
        uploaded_at: act.now,
    };
    let decided = loaded.case.clone().add_document(&loaded.standing, &act.rules(), act.now, document.id, document.item)?;
    persistence::documents::insert(act.tx, &document)?;
    persistence::blobs::put(act.tx, document.id, &sent.bytes)?;
    act.save_case(loaded, decided)?;
    act.touched(document.id);
    Ok(Stored { updated_at: document.uploaded_at, document, version: 1 })
}

fn inspect(sent: &SentFile) -> Result<(Sha256, domain::documents::MediaKind), Error> {
    if sent.bytes.is_empty() {
        return Err(Error::invalid("/file", "too_short"));
    }
    let digest = crate::digest(&sent.bytes);
    let digest: [u8; 32] = digest.try_into().map_err(|_| Error::Internal("a digest has the wrong length"))?;
    let digest = Sha256::of_digest(digest);
    if sent.sha256.as_deref().is_some_and(|expected| !expected.eq_ignore_ascii_case(digest.as_str())) {
        return Err(Error::invalid("/sha256", "digest_mismatch"));
    }
    Ok((digest, kind::of(&sent.bytes).ok_or(Error::UnsupportedKind)?))
}

/// The original of a translation is another document of the same case that the caller sees.
fn check_original(act: &mut Act<'_, '_>, loaded: &Loaded, original: DocumentId, translation: Option<DocumentId>) -> Result<(), Error> {
    let fault = || Error::Invalid(vec![Fault::at("/translation_of", "unknown_reference")]);
    if translation == Some(original) {
        return Err(fault());
    }
    match persistence::documents::get(act.tx, loaded.case.id(), original) {
        Ok(stored) if stored.document.is_open_to(loaded.standing.relations) => Ok(()),
        Ok(_) | Err(persistence::Error::NotFound) => Err(fault()),
        Err(error) => Err(error.into()),
    }
}

/// A page of the documents that the caller may see, oldest first; one more than `limit` if there is a next page.
pub fn list_documents(act: &mut Act<'_, '_>, case: CaseId, after: Option<DocumentId>, limit: u32) -> Result<Vec<Stored>, Error> {
    let loaded = act.load_case(case)?;
    let page = persistence::Page { after, limit: limit.saturating_add(1) };
    let found = persistence::documents::list(act.tx, case, Audience::of(loaded.standing.relations), page)?;
    for stored in &found {
        act.touched(stored.document.id);
    }
    Ok(found)
}

/// The description of one document.
pub fn get_document(act: &mut Act<'_, '_>, case: CaseId, id: DocumentId) -> Result<Stored, Error> {
    let loaded = act.load_case(case)?;
    find_open(act, &loaded, id)
}

fn find_open(act: &mut Act<'_, '_>, loaded: &Loaded, id: DocumentId) -> Result<Stored, Error> {
    let stored = persistence::documents::get(act.tx, loaded.case.id(), id).map_err(act::absent)?;
    if !stored.document.is_open_to(loaded.standing.relations) {
        return Err(Error::Absent);
    }
    act.touched(id);
    Ok(stored)
}

/// The bytes of one document, as they were sent: their digest is checked again.
pub fn download_document(act: &mut Act<'_, '_>, case: CaseId, id: DocumentId) -> Result<(Stored, Vec<u8>), Error> {
    let stored = get_document(act, case, id)?;
    let bytes = persistence::blobs::get(act.tx, id)?;
    let digest: [u8; 32] = crate::digest(&bytes).try_into().map_err(|_| Error::Internal("a digest has the wrong length"))?;
    if Sha256::of_digest(digest) != stored.document.sha256 {
        let damage = persistence::Error::Corrupt { table: "document_contents", column: "content_sealed", id: id.to_string() };
        return Err(damage.into());
    }
    Ok((stored, bytes))
}

/// Changes the description of a document.
pub fn update_document(act: &mut Act<'_, '_>, case: CaseId, id: DocumentId, patch: &DocumentPatch) -> Result<Stored, Error> {
    let loaded = act.load_case(case)?;
    let Stored { mut document, version, .. } = expected_document(act, &loaded, id)?;
    if let Some(name) = &patch.name {
        document.name = DisplayName::cleaned(name);
    }
    if let Some(language) = &patch.language {
        document.language.clone_from(language);
    }
    if let Some(original) = patch.translation_of {
        if let Some(original) = original {
            check_original(act, &loaded, original, Some(id))?;
        }
        document.translation_of = original;
    }
    let item = patch.item.unwrap_or(document.item);
    let (moved, left) = (item != document.item, document.item);
    document.item = item;
    let last_of = if moved { last_of(act, case, id, left)? } else { None };
    let decided = loaded.case.clone().move_document(&loaded.standing, &act.rules(), act.now, item.filter(|_| moved), last_of)?;
    act.save_case(loaded, decided)?;
    let version = persistence::documents::save(act.tx, &document, version, act.now)?;
    Ok(Stored { document, version, updated_at: act.now })
}

fn expected_document(act: &mut Act<'_, '_>, loaded: &Loaded, id: DocumentId) -> Result<Stored, Error> {
    let stored = find_open(act, loaded, id)?;
    act.expect(&revision(&stored))?;
    Ok(stored)
}

/// The item of which this is the only document.
fn last_of(act: &mut Act<'_, '_>, case: CaseId, id: DocumentId, item: Option<ItemCode>) -> Result<Option<ItemCode>, Error> {
    let all = persistence::documents::list_all(act.tx, case)?;
    Ok(item.filter(|item| !all.iter().any(|other| other.id != id && other.item == Some(*item))))
}

/// Deletes a document with its bytes, while the case's rules allow it.
pub fn delete_document(act: &mut Act<'_, '_>, case: CaseId, id: DocumentId) -> Result<(), Error> {
    let loaded = act.load_case(case)?;
    let stored = expected_document(act, &loaded, id)?;
    let last_of = last_of(act, case, id, stored.document.item)?;
    let decided = loaded.case.clone().delete_document(&loaded.standing, &act.rules(), act.now, id, last_of)?;
    persistence::documents::delete(act.tx, case, id, stored.version, act.now)?;
    act.save_case(loaded, decided)?;
    Ok(())
}
