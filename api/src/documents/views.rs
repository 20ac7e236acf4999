//! Requests and answers of documents.

use application::documents::DocumentPatch;
use application::documents::StoredDocument;
use application::{Error, documents};
use domain::documents::{DisplayName, MediaKind};
use domain::ids::{CaseId, DocumentId, UserId};
use domain::intake::items::ItemCode;
use domain::patch::present;
use domain::people::{LanguageTag, ShortText};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::reply::Reply;
use crate::wire::page::Page;

/// A file with its description: a form of several parts.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema of the document; the form is read part by part")]
pub(crate) struct UploadDocument {
    /// The file, at most 20 MiB: PDF, JPEG, PNG or DICOM by its content.
    #[schema(value_type = String, format = Binary)]
    file: String,
    /// The required item that it is for.
    #[schema(required = false)]
    item: ItemCode,
    /// The language that it is written in.
    #[schema(required = false)]
    language: LanguageTag,
    /// The document of this case that it translates.
    #[schema(required = false)]
    translation_of: DocumentId,
    /// The SHA-256 digest that the sender expects; another one is refused.
    #[schema(required = false, pattern = "^[0-9A-Fa-f]{64}$")]
    sha256: String,
}

/// A change of a document's description: JSON merge patch. What is absent stays, null clears.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaseDocumentPatch {
    /// The name to show.
    #[serde(default)]
    #[schema(value_type = ShortText, required = false)]
    name: Option<String>,
    /// The required item that it is for; null for none.
    #[serde(default, deserialize_with = "present")]
    item: Option<Option<ItemCode>>,
    /// The language; null if it is not known.
    #[serde(default, deserialize_with = "present")]
    language: Option<Option<LanguageTag>>,
    /// The document of this case that it translates; null for none.
    #[serde(default, deserialize_with = "present")]
    translation_of: Option<Option<DocumentId>>,
}

impl From<&CaseDocumentPatch> for DocumentPatch {
    fn from(patch: &CaseDocumentPatch) -> Self {
        Self { name: patch.name.clone(), item: patch.item, language: patch.language.clone(), translation_of: patch.translation_of }
    }
}

/// A page of them.
pub(crate) type CaseDocumentList = Page<CaseDocument>;

/// A document of a case. Its bytes are at `content`.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseDocument {
    /// The document.
    id: DocumentId,
    /// The case.
    case_id: CaseId,
    /// The required item that it is for.
    item: Option<ItemCode>,
    /// The name to show and to save under.
    name: DisplayName,
    /// The kind of file, by its content.
    kind: MediaKind,
    /// The language that it is written in.
    language: Option<LanguageTag>,
    /// The document that it translates.
    translation_of: Option<DocumentId>,
    /// Bytes.
    #[schema(minimum = 1)]
    size: u64,
    /// The SHA-256 digest of the bytes, hexadecimal.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    sha256: String,
    /// Whether it can be read here: in Japanese or English, or an image.
    readable_here: bool,
    /// Hints for a person's review. Open list: `may_be_a_photograph` marks a still image handed in as diagnostic image data, for
    /// photographs of films and screens are not wanted.
    #[schema(extensions(("x-may-grow" = json!(true))))]
    flags: Vec<String>,
    /// Counts the changes of the description.
    #[schema(minimum = 1)]
    version: i64,
    /// Who handed it in.
    uploaded_by: UserId,
    /// When.
    uploaded_at: Timestamp,
}

impl From<&StoredDocument> for CaseDocument {
    fn from(stored: &StoredDocument) -> Self {
        let document = &stored.document;
        let photograph = document.may_be_a_photograph_of_an_image().then(|| "may_be_a_photograph".to_owned());
        Self {
            id: document.id,
            case_id: document.case,
            item: document.item,
            name: document.name.clone(),
            kind: document.media,
            language: document.language.clone(),
            translation_of: document.translation_of,
            size: document.size,
            sha256: document.sha256.as_str().to_owned(),
            readable_here: document.is_readable_here(),
            flags: photograph.into_iter().collect(),
            version: stored.version,
            uploaded_by: document.uploaded_by,
            uploaded_at: document.uploaded_at,
        }
    }
}

/// The answer about one document.
pub(crate) fn reply(stored: &StoredDocument) -> Result<Reply, Error> {
    Ok(Reply::ok(&CaseDocument::from(stored))?.revised(documents::revision(stored)))
}

/// The answer about a new document.
pub(crate) fn created(stored: &StoredDocument) -> Result<Reply, Error> {
    let location = format!("/v1/cases/{}/documents/{}", stored.document.case, stored.document.id);
    Ok(Reply::created(location, &CaseDocument::from(stored))?.revised(documents::revision(stored)))
}
