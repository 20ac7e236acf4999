//! Handlers of sessions: signing in, refreshing, looking at one's sessions, ending them.

use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use application::sign_in::refresh;
use application::sign_in::sessions::{self, OwnSession, SignIn};
use domain::access::may;
use domain::ids::SessionId;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::cookies;
use super::views::{CreateSession, RefreshSession, SessionMode, SessionTokens};
use crate::http::authorized::Authorized;
use crate::http::body::{Body, Path, Query};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::page::{self, Page, PageParams};

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes
        .service(create_session)
        .service(refresh_session)
        .service(sign_out)
        .service(delete_session)
        .service(list_sessions)
        .service(end_session)
        .service(end_other_sessions);
}

/// A page of them.
pub(crate) type OpenSessionList = Page<OpenSession>;

/// A session as its owner sees it.
#[derive(Serialize, ToSchema)]
pub(crate) struct OpenSession {
    /// The session.
    id: SessionId,
    /// The client program that signed in.
    client_id: String,
    /// The network address that it was last refreshed from.
    source: Option<String>,
    /// Whether it is the one that asks.
    current: bool,
    /// When the person signed in.
    first_seen_at: Timestamp,
    /// When it was last used, to five minutes.
    last_seen_at: Timestamp,
    /// When it ends in any case.
    expires_at: Timestamp,
}

impl From<&OwnSession> for OpenSession {
    fn from(OwnSession { session, current }: &OwnSession) -> Self {
        Self {
            id: session.id,
            client_id: session.client.clone(),
            source: session.source.clone(),
            current: *current,
            first_seen_at: session.created_at,
            last_seen_at: session.last_seen_at,
            expires_at: session.expires_at,
        }
    }
}

/// How many sessions ended.
#[derive(Serialize, ToSchema)]
pub(crate) struct EndedSessions {
    /// How many.
    #[schema(minimum = 0)]
    ended: usize,
}

/// Sign in
///
/// Gives an access token for 15 minutes and a refresh token. A wrong password, an unknown address and an account that cannot sign in
/// answer alike. After ten tries within 15 minutes an address is locked for 15 minutes, whether it has an account or not; a device that
/// shows its `device_token` counts on its own, and a source has 300 tries. Who signs in from a device that the account does not know is
/// told by letter.
#[utoipa::path(
    tag = "sign-in", request_body = CreateSession,
    responses(
        (status = 201, description = "Signed in.", body = SessionTokens),
        (status = 401, description = "Refused."),
        (status = 403, description = "Cookies are not for this origin."),
        (status = 429, description = "Too many tries; right or wrong, none is looked at before `Retry-After`.")
    )
)]
#[post("/v1/sessions")]
pub(crate) async fn create_session(anyone: Authorized<may::CreateSession>, body: Body<CreateSession>, request: HttpRequest) -> Answer {
    let CreateSession { email, password, client_id, device_token, session_mode } = body.into_value();
    let held = cookies::of(&request, &anyone, session_mode)?;
    let device_token = device_token.or(held.device);
    let in_cookie = session_mode == SessionMode::Cookie;
    let sign_in = SignIn { email, password, client: client_id, device_token, in_cookie, replaces: held.refresh };
    let signed_in = anyone.app().create_session(anyone.permitted(), sign_in).await?;
    Ok(cookies::tokens(HttpResponse::Created().insert_header(("location", "/v1/sessions")), signed_in, session_mode))
}

/// Refresh the tokens
///
/// Each refresh token is exchanged for one successor. Within 30 seconds the same token gives the same successor again: an answer may be
/// lost, and several tabs may ask at once. Later it counts as stolen: the session ends, and its owner is told by letter. The token stands
/// in the body or in the cookie of `session_mode: cookie`.
#[utoipa::path(
    tag = "sign-in", request_body = RefreshSession,
    responses(
        (status = 200, description = "New tokens.", body = SessionTokens),
        (status = 401, description = "Refused."),
        (status = 403, description = "Cookies are not for this origin.")
    )
)]
#[post("/v1/sessions/refresh")]
pub(crate) async fn refresh_session(anyone: Authorized<may::RefreshSession>, body: Body<RefreshSession>, request: HttpRequest) -> Answer {
    let in_body = body.into_value().refresh_token;
    let (token, mode) = cookies::refresh_token(&request, &anyone, in_body)?;
    let signed_in = anyone.app().refresh_session(anyone.permitted(), token).await?;
    Ok(cookies::tokens(&mut HttpResponse::Ok(), signed_in, mode))
}

/// Sign out by the refresh token
///
/// Ends the session of the refresh token in the body or in the cookie; for a page that was loaded anew and holds no access token. A token
/// that is unknown changes nothing.
#[utoipa::path(
    tag = "sign-in", request_body = RefreshSession,
    responses((status = 204, description = "Signed out."), (status = 403, description = "Cookies are not for this origin."))
)]
#[post("/v1/sessions/sign-out")]
pub(crate) async fn sign_out(anyone: Authorized<may::SignOut>, body: Body<RefreshSession>, request: HttpRequest) -> Answer {
    let in_body = body.into_value().refresh_token;
    let (token, _) = cookies::refresh_token(&request, &anyone, in_body)?;
    anyone.perform(move |work| refresh::sign_out(work, &token)).await?;
    Ok(cookies::signed_out(&request))
}

/// Sign out
///
/// The caller's session ends at once, with all its tokens.
#[utoipa::path(tag = "sign-in", responses((status = 204, description = "Signed out.")))]
#[delete("/v1/sessions/current")]
pub(crate) async fn delete_session(caller: Authorized<may::DeleteSession>, request: HttpRequest) -> Answer {
    caller.perform(sessions::delete_session).await?;
    Ok(cookies::signed_out(&request))
}

/// List my sessions
///
/// Those that have not ended, newest first.
#[utoipa::path(tag = "sign-in", params(PageParams), responses((status = 200, description = "A page of sessions.", body = OpenSessionList)))]
#[get("/v1/sessions")]
pub(crate) async fn list_sessions(caller: Authorized<may::ListSessions>, Query(wanted): Query<PageParams>) -> Answer {
    let after = page::read(wanted.cursor.as_deref(), &wanted)?;
    caller
        .act(move |work| {
            let found = sessions::list_sessions(work, after, wanted.limit)?;
            let page = page::cut(found, wanted.limit, &wanted, |one| one.session.id).shown(OpenSession::from);
            Reply::ok(&page)
        })
        .await
}

/// End one of my sessions
///
/// At once, with all its tokens. One that has ended stays as it is.
#[utoipa::path(
    tag = "sign-in",
    responses((status = 204, description = "Ended."))
)]
#[delete("/v1/sessions/{session_id}")]
pub(crate) async fn end_session(caller: Authorized<may::EndSession>, Path(id): Path<SessionId>) -> Answer {
    caller.perform(move |work| sessions::end_session(work, id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// End all my other sessions
///
/// Every session but the one that asks ends at once.
#[utoipa::path(tag = "sign-in", responses((status = 200, description = "Ended.", body = EndedSessions)))]
#[post("/v1/sessions/end-others")]
pub(crate) async fn end_other_sessions(caller: Authorized<may::EndOtherSessions>) -> Answer {
    let ended = caller.perform(sessions::end_other_sessions).await?;
    Ok(Reply::ok(&EndedSessions { ended })?.into_response(caller.conditions(), false))
}
