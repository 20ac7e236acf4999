//! Handlers of the treatment history.

use actix_web::{delete, get, patch, post};
use application::intake::treatment;
use domain::access::may;
use domain::ids::{CaseId, TreatmentEntryId};

use super::views::{NewTreatmentEntry, TreatmentEntry, TreatmentEntryList, TreatmentEntryPatch, created, reply};
use crate::http::authorized::Authorized;
use crate::http::body::{Body, Path, Query};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::page::{self, PageParams};

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes
        .service(add_treatment_entry)
        .service(list_treatment_entries)
        .service(get_treatment_entry)
        .service(update_treatment_entry)
        .service(delete_treatment_entry);
}

/// Add to the treatment history
///
/// An exam, an operation, a chemotherapy or a radiation therapy, as far as the patient knows: every property is optional, but an
/// entry says something. The first entry provides the required item `treatment_history`.
#[utoipa::path(
    tag = "treatment-history",
    request_body = NewTreatmentEntry,
    responses((status = 201, description = "The entry.", body = TreatmentEntry))
)]
#[post("/v1/cases/{case_id}/treatment-entries")]
pub(crate) async fn add_treatment_entry(
    caller: Authorized<may::AddTreatmentEntry>,
    Path(case): Path<CaseId>,
    body: Body<NewTreatmentEntry>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let stored = treatment::add_treatment_entry(work, case, &body.treatment, body.notes.as_ref())?;
            created(&stored)
        })
        .await
}

/// List the treatment history
///
/// In the order in which the entries were written down.
#[utoipa::path(
    tag = "treatment-history",
    params(PageParams),
    responses((status = 200, description = "A page of entries.", body = TreatmentEntryList))
)]
#[get("/v1/cases/{case_id}/treatment-entries")]
pub(crate) async fn list_treatment_entries(
    caller: Authorized<may::ListTreatmentEntries>,
    Path(case): Path<CaseId>,
    Query(query): Query<PageParams>,
) -> Answer {
    let filters = case.to_string();
    let after = page::read(query.cursor.as_deref(), &filters)?;
    caller
        .act(move |work| {
            let found = treatment::list_treatment_entries(work, case, after, query.limit)?;
            let page = page::cut(found, query.limit, &filters, |stored| stored.seq).shown(TreatmentEntry::from);
            Reply::ok(&page)
        })
        .await
}

/// Read an entry of the treatment history
///
/// With the entity tag that a change of it names.
#[utoipa::path(tag = "treatment-history", responses((status = 200, description = "The entry.", body = TreatmentEntry)))]
#[get("/v1/cases/{case_id}/treatment-entries/{treatment_entry_id}")]
pub(crate) async fn get_treatment_entry(
    caller: Authorized<may::GetTreatmentEntry>,
    Path((case, id)): Path<(CaseId, TreatmentEntryId)>,
) -> Answer {
    caller.act(move |work| reply(&treatment::get_treatment_entry(work, case, id)?)).await
}

/// Change an entry of the treatment history
///
/// JSON merge patch. An entry never changes its type: delete it and add another.
#[utoipa::path(
    tag = "treatment-history",
    request_body(content = TreatmentEntryPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The entry.", body = TreatmentEntry))
)]
#[patch("/v1/cases/{case_id}/treatment-entries/{treatment_entry_id}")]
pub(crate) async fn update_treatment_entry(
    caller: Authorized<may::UpdateTreatmentEntry>,
    Path((case, id)): Path<(CaseId, TreatmentEntryId)>,
    body: Body<TreatmentEntryPatch>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let stored = treatment::update_treatment_entry(work, case, id, &body.into())?;
            reply(&stored)
        })
        .await
}

/// Delete an entry of the treatment history
///
/// Before the review for acceptance. What was verified is relied on and stays.
#[utoipa::path(
    tag = "treatment-history",
    responses((status = 204, description = "Deleted."))
)]
#[delete("/v1/cases/{case_id}/treatment-entries/{treatment_entry_id}")]
pub(crate) async fn delete_treatment_entry(
    caller: Authorized<may::DeleteTreatmentEntry>,
    Path((case, id)): Path<(CaseId, TreatmentEntryId)>,
) -> Answer {
    caller
        .act(move |work| {
            treatment::delete_treatment_entry(work, case, id)?;
            Ok(Reply::no_content())
        })
        .await
}
