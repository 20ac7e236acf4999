//! Handlers of documents.

use actix_web::web::Payload;
use actix_web::{HttpRequest, delete, get, patch, post};
use application::documents;
use domain::access::may;
use domain::ids::{CaseId, DocumentId};

use super::download;
use super::upload::{self, Received};
use super::views::{CaseDocument, CaseDocumentList, CaseDocumentPatch, UploadDocument, created, reply};
use crate::http::authorized::Authorized;
use crate::http::body::{Body, Path, Query};
use crate::http::problem::{Code, Problem};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::page::{self, PageParams};
use crate::wire::texts;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes
        .service(upload_document)
        .service(list_documents)
        .service(download_document)
        .service(get_document)
        .service(update_document)
        .service(delete_document);
}

/// Hand in a document
///
/// A form of several parts: `file` and its description. What the file is, its content says: PDF, JPEG, PNG or DICOM, at most 20 MiB.
#[utoipa::path(
    tag = "documents",
    request_body(content = UploadDocument, content_type = "multipart/form-data"),
    responses((status = 201, description = "The document.", body = CaseDocument))
)]
#[post("/v1/cases/{case_id}/documents")]
pub(crate) async fn upload_document(
    mut caller: Authorized<may::UploadDocument>,
    Path(case): Path<CaseId>,
    request: HttpRequest,
    payload: Payload,
) -> Answer {
    let _place = caller.state().uploads.take(caller.user()?)?;
    let Received { sent, file, upload } = upload::receive(caller.app(), request.headers(), payload).await?;
    // Everything that was said of the file is part of the request that a key stands for.
    let said = serde_json::to_vec(&(&sent, file.sha256.as_str())).map_err(|_| Problem::of(Code::Internal))?;
    caller.include(&application::digest(&said));
    let done = caller
        .once(move |work| {
            let stored = documents::upload_document(work, case, &sent, &file)?;
            created(&stored)
        })
        .await?;
    if !done.replayed {
        upload.kept();
    }
    Ok(done.value.into_response(caller.conditions(), done.replayed))
}

/// List documents
///
/// Those that the caller may see, oldest first.
#[utoipa::path(
    tag = "documents",
    params(PageParams),
    responses((status = 200, description = "A page of documents.", body = CaseDocumentList))
)]
#[get("/v1/cases/{case_id}/documents")]
pub(crate) async fn list_documents(
    caller: Authorized<may::ListDocuments>,
    Path(case): Path<CaseId>,
    Query(query): Query<PageParams>,
) -> Answer {
    let filters = case.to_string();
    let after = page::read(query.cursor.as_deref(), &filters)?;
    caller
        .act(move |work| {
            let found = documents::list_documents(work, case, after, query.limit)?;
            let page = page::cut(found, query.limit, &filters, |stored| stored.seq).shown(CaseDocument::from);
            Reply::ok(&page)
        })
        .await
}

/// Read a document's description
///
/// Its bytes are at `content`.
#[utoipa::path(
    tag = "documents",
    responses((status = 200, description = "The document.", body = CaseDocument))
)]
#[get("/v1/cases/{case_id}/documents/{document_id}")]
pub(crate) async fn get_document(caller: Authorized<may::GetDocument>, Path((case, id)): Path<(CaseId, DocumentId)>) -> Answer {
    caller
        .act(move |work| {
            let stored = documents::get_document(work, case, id)?;
            reply(&stored)
        })
        .await
}

/// Change a document's description
///
/// JSON merge patch. The bytes never change: hand in another document for that.
#[utoipa::path(
    tag = "documents",
    request_body(content = CaseDocumentPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The document.", body = CaseDocument))
)]
#[patch("/v1/cases/{case_id}/documents/{document_id}")]
pub(crate) async fn update_document(
    caller: Authorized<may::UpdateDocument>,
    Path((case, id)): Path<(CaseId, DocumentId)>,
    body: Body<CaseDocumentPatch>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let stored = documents::update_document(work, case, id, &body.into())?;
            reply(&stored)
        })
        .await
}

/// Download a document
///
/// The bytes as they were sent, to be saved, never to be shown in place. One `Range` of bytes may be asked for, so that a download that was
/// cut goes on where it ended; `If-Range` names the `ETag` of its first part.
#[utoipa::path(
    tag = "documents",
    responses(
        (
            status = 200, description = "The bytes.", body = inline(texts::FileBytes), content_type = "application/octet-stream",
            headers(
                ("Accept-Ranges" = String, description = "`bytes`: parts may be asked for."),
                ("Content-Disposition" = String, description = "The name to save under.")
            )
        ),
        (
            status = 206, description = "The part that was asked for.", body = inline(texts::FileBytes),
            content_type = "application/octet-stream",
            headers(
                ("Content-Range" = String, description = "Which part of how many bytes it is."),
                ("ETag" = String, description = "The file that it belongs to, for `If-Range`."),
                ("Content-Disposition" = String, description = "The name to save under.")
            )
        ),
        (
            status = 416, description = "The part begins beyond the end of the file.",
            headers(("Content-Range" = String, description = "How many bytes the file has."))
        )
    )
)]
#[get("/v1/cases/{case_id}/documents/{document_id}/content")]
pub(crate) async fn download_document(
    caller: Authorized<may::DownloadDocument>,
    Path((case, id)): Path<(CaseId, DocumentId)>,
    request: HttpRequest,
) -> Answer {
    let stored = caller.perform(move |work| documents::download_document(work, case, id)).await?;
    download::answer(caller.app(), &stored.document, caller.conditions(), request.headers())
}

/// Delete a document
///
/// Its bytes go at once. What was verified is relied on and stays.
#[utoipa::path(
    tag = "documents",
    responses((status = 204, description = "Deleted."))
)]
#[delete("/v1/cases/{case_id}/documents/{document_id}")]
pub(crate) async fn delete_document(caller: Authorized<may::DeleteDocument>, Path((case, id)): Path<(CaseId, DocumentId)>) -> Answer {
    caller
        .act(move |work| {
            documents::delete_document(work, case, id)?;
            Ok(Reply::no_content())
        })
        .await
}
