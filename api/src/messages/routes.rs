//! Handlers of messages, internal notes and the timeline.

use actix_web::{HttpRequest, get, post};
use application::messages;
use domain::access::{Permission, may};
use domain::ids::CaseId;

use super::views::{
    CaseMessage, CaseMessageList, InternalNote, InternalNoteList, TimelineEvent, TimelineEventList, WriteInternalNote, WriteMessage,
};
use crate::http::authorized::{Authorized, language_of};
use crate::http::body::{Body, Path, Query};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::page::{self, PageParams};

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(post_message).service(list_messages).service(add_internal_note).service(list_internal_notes).service(list_timeline);
}

fn emergency_notice<P: Permission>(caller: &Authorized<P>, request: &HttpRequest) -> String {
    caller.messages().find(language_of(request), "emergency", &[]).unwrap_or_default()
}

/// Write a message
///
/// To everybody who shares the case: the applicant's side and the hospital. Allowed at every stage, so that nobody is left unheard.
#[utoipa::path(
    tag = "messages",
    request_body = WriteMessage,
    responses((status = 201, description = "The message.", body = CaseMessage))
)]
#[post("/v1/cases/{case_id}/messages")]
pub(crate) async fn post_message(
    caller: Authorized<may::PostMessage>,
    Path(case): Path<CaseId>,
    body: Body<WriteMessage>,
    request: HttpRequest,
) -> Answer {
    let notice = emergency_notice(&caller, &request);
    caller
        .act_on(body, move |work, body| {
            let message = messages::post_message(work, case, &body.text)?;
            Reply::created(format!("/v1/cases/{case}/messages"), &CaseMessage::of(&message, &notice))
        })
        .await
}

/// List messages
///
/// Oldest first. What was written while a patient did not know of the case stays closed to them.
#[utoipa::path(
    tag = "messages",
    params(PageParams),
    responses((status = 200, description = "A page of messages.", body = CaseMessageList))
)]
#[get("/v1/cases/{case_id}/messages")]
pub(crate) async fn list_messages(
    caller: Authorized<may::ListMessages>,
    Path(case): Path<CaseId>,
    Query(query): Query<PageParams>,
    request: HttpRequest,
) -> Answer {
    let (notice, filters) = (emergency_notice(&caller, &request), case.to_string());
    let after = page::read(query.cursor.as_deref(), &filters)?;
    caller
        .act(move |work| {
            let found = messages::list_messages(work, case, after, query.limit)?;
            let page =
                page::cut(found, query.limit, &filters, |message| message.seq).shown(|message| CaseMessage::of(&message.entry, &notice));
            Reply::ok(&CaseMessageList {
                emergency_notice: notice.clone(),
                data: page.data,
                has_more: page.has_more,
                next_cursor: page.next_cursor,
            })
        })
        .await
}

/// Write an internal note
///
/// Among the hospital's people. It never leaves the hospital.
#[utoipa::path(
    tag = "messages",
    request_body = WriteInternalNote,
    responses((status = 201, description = "The note.", body = InternalNote))
)]
#[post("/v1/cases/{case_id}/internal-notes")]
pub(crate) async fn add_internal_note(
    caller: Authorized<may::AddInternalNote>,
    Path(case): Path<CaseId>,
    body: Body<WriteInternalNote>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let note = messages::add_internal_note(work, case, &body.text)?;
            Reply::created(format!("/v1/cases/{case}/internal-notes"), &InternalNote::from(&note))
        })
        .await
}

/// List internal notes
///
/// Oldest first.
#[utoipa::path(
    tag = "messages",
    params(PageParams),
    responses((status = 200, description = "A page of notes.", body = InternalNoteList))
)]
#[get("/v1/cases/{case_id}/internal-notes")]
pub(crate) async fn list_internal_notes(
    caller: Authorized<may::ListInternalNotes>,
    Path(case): Path<CaseId>,
    Query(query): Query<PageParams>,
) -> Answer {
    let filters = case.to_string();
    let after = page::read(query.cursor.as_deref(), &filters)?;
    caller
        .act(move |work| {
            let found = messages::list_internal_notes(work, case, after, query.limit)?;
            let page = page::cut(found, query.limit, &filters, |note| note.seq).shown(|note| InternalNote::from(&note.entry));
            Reply::ok(&page)
        })
        .await
}

/// Read what happened
///
/// Everything that happened to the case and that the caller may know, oldest first.
#[utoipa::path(
    tag = "messages",
    params(PageParams),
    responses((status = 200, description = "A page of events.", body = TimelineEventList))
)]
#[get("/v1/cases/{case_id}/timeline")]
pub(crate) async fn list_timeline(
    caller: Authorized<may::ListTimeline>,
    Path(case): Path<CaseId>,
    Query(query): Query<PageParams>,
    request: HttpRequest,
) -> Answer {
    let (state, language, filters) = (caller.state(), language_of(&request), case.to_string());
    let after = page::read(query.cursor.as_deref(), &filters)?;
    caller
        .act(move |work| {
            let (found, is_inside) = messages::list_timeline(work, case, after, query.limit)?;
            let page = page::cut(found, query.limit, &filters, |stored| stored.seq)
                .shown(|stored| TimelineEvent::of(stored, is_inside, &state.messages, language));
            Reply::ok(&page)
        })
        .await
}
