//! The work before and after every handler: the request's id, the contract, who calls, and how a problem is worded.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::ConnectionType;
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpResponse, web};
use application::sign_in::Source;
use application::{Actor, Caller, Fault, RequestContext};
use domain::access::{Idempotency, Operation, Precondition};
use futures_util::FutureExt as _;

use super::body::LARGEST;
use super::contract::Entry;
use super::messages::Language;
use super::problem::{self, Code, Problem};
use super::rates::{Counted, RateState};
use super::state::{Explorer, HttpState, Readiness};

/// The largest body, in bytes, that is read before the caller's relation to the case is known.
const READ_FOR_ANYBODY: u64 = 16 * 1024;

/// The query as the contract read it.
#[derive(Clone, Debug)]
pub(crate) struct CheckedQuery(pub(crate) serde_json::Value);

/// Runs around every handler.
pub(crate) async fn handle(mut request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(state) = request.app_data::<web::Data<HttpState>>().cloned() else {
        return Err(actix_web::error::ErrorInternalServerError("the state is missing"));
    };
    let ready = request.app_data::<web::Data<Readiness>>().cloned();
    let begun = Instant::now();
    let id = request_id(&request, &state);
    let language = Language::of(&request);
    let path = request.path().to_owned();
    let method = request.method().clone();
    request.extensions_mut().insert(language);
    if let Some(peer) = request.peer_addr() {
        let source = state.proxies.source_of(peer.ip(), request.headers(), state.app.clock().now());
        request.extensions_mut().insert(source);
    }
    if method == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let route = state.contract.find(&path).map_or("", |resource| resource.template.as_str());
    let words = Wording { state: &state, language, path: &path, id: &id };
    // No copy of the request may be held while it is routed: the router needs it alone. What fails then is answered without it.
    let closes = asks_for_websocket(&request);
    let (mut access, mut due) = (None, None);
    let admitted = admit(&mut request, &state, &id, &mut access, &mut due).await;
    let source = request.extensions().get::<Source>().copied();
    let (response, problem) = match admitted {
        Err(problem) => (Err(Some(request)), Some(problem)),
        Ok(()) => match AssertUnwindSafe(next.call(request)).catch_unwind().await {
            Ok(Ok(response)) => {
                let response = response.map_into_boxed_body();
                let problem = problem_in(&response);
                (Ok(response), problem)
            }
            Ok(Err(error)) => (Err(None), Some(problem_of(&error))),
            Err(_) => {
                tracing::error!(request_id = id, route, "a handler panicked");
                (Err(None), Some(Problem::of(Code::Internal)))
            }
        },
    };
    let problem = state.note(due.as_ref(), source, problem).await;
    let response = match (response, problem) {
        (Ok(response), None) => Ok(response),
        (Ok(response), Some(problem)) => Ok(response.into_response(words.of(&problem))),
        (Err(Some(request)), problem) => {
            let mut answer = words.of(&problem.unwrap_or_else(|| Problem::of(Code::Internal)));
            if closes {
                answer.head_mut().set_connection_type(ConnectionType::Close);
            }
            Ok(request.into_response(answer))
        }
        (Err(None), problem) => Err(words.of(&problem.unwrap_or_else(|| Problem::of(Code::Internal)))),
    };
    let status = response.as_ref().map_or_else(HttpResponse::status, ServiceResponse::status).as_u16();
    tracing::info!(request_id = id, %method, route, status, took_us = begun.elapsed().as_micros(), "answered");
    let is_closing = ready.is_some_and(|ready| ready.is_closing());
    // A refusal of another limit must not be denied by the headers of this one.
    let access = access.filter(|access| status != StatusCode::TOO_MANY_REQUESTS.as_u16() || access.is_at_its_end());
    match response {
        Ok(mut response) => {
            if is_closing {
                response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
            }
            add_common_headers(response.headers_mut(), &id, access, is_page(&path));
            Ok(response)
        }
        Err(mut response) => {
            if is_closing {
                response.head_mut().set_connection_type(ConnectionType::Close);
            }
            add_common_headers(response.headers_mut(), &id, access, is_page(&path));
            Err(InternalError::from_response("answered by the middleware", response).into())
        }
    }
}

/// The facts on which a problem's text depends.
struct Wording<'a> {
    state: &'a HttpState,
    language: Language,
    path: &'a str,
    id: &'a str,
}

impl Wording<'_> {
    fn of(&self, problem: &Problem) -> HttpResponse<BoxBody> {
        problem::render(problem, &self.state.messages, self.language, self.path, self.id)
    }
}

impl HttpState {
    /// Writes the audit row of a request, if none was written yet. `due` is the request whose row is due: the operation is known, and somebody is
    /// signed in, or signs in. A request that reached a use case has its row; other requests get theirs here, before the answer leaves.
    /// Refusals without such a request, and those for asking too often, are counted.
    async fn note(&self, due: Option<&RequestContext>, source: Option<Source>, problem: Option<Problem>) -> Option<Problem> {
        let too_often = problem.as_ref().is_some_and(|problem| problem.status == StatusCode::TOO_MANY_REQUESTS);
        match due {
            Some(context) if context.row.is_written() => problem,
            // The outcome is not known, or the database is away: a row could say something false, or could not be written.
            // It is counted, and the count is written when the database answers again.
            Some(_) if problem.as_ref().is_some_and(|problem| problem.status == StatusCode::SERVICE_UNAVAILABLE) => {
                if let Some(problem) = &problem {
                    self.app.count_refusal(source, problem.code);
                }
                problem
            }
            Some(context) if !too_often => {
                let code = problem.as_ref().map(|problem| problem.code);
                let is_our_fault = problem.as_ref().is_some_and(|problem| problem.status.is_server_error());
                match self.app.record(context, code, is_our_fault).await {
                    Ok(()) => problem,
                    Err(error) => Some(error.into()),
                }
            }
            Some(_) | None => {
                if let Some(problem) = &problem {
                    self.app.count_refusal(source, problem.code);
                }
                problem
            }
        }
    }

    /// A request id that nobody has yet.
    pub(crate) fn fresh_request_id(&self) -> String {
        application::clock::fresh::<domain::ids::RequestKey>(self.app.clock().now()).to_string()
    }
}

fn request_id(request: &ServiceRequest, state: &HttpState) -> String {
    let own = request.headers().get("request-id").and_then(|value| value.to_str().ok());
    let plain = |text: &&str| {
        (8..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    own.filter(plain).map_or_else(|| state.fresh_request_id(), str::to_owned)
}

/// Lets a request through to its handler, or says why not: path, method, parameters and media type by the document, then the caller, and
/// how often they ask.
async fn admit(
    request: &mut ServiceRequest,
    state: &HttpState,
    id: &str,
    access: &mut Option<RateState>,
    due: &mut Option<RequestContext>,
) -> Result<(), Problem> {
    if asks_for_websocket(request) {
        return Err(Problem::of(Code::MalformedRequest));
    }
    let path = request.path().to_owned();
    let source = || Counted::Source(request.extensions().get::<Source>().map_or_else(String::new, |source| source.counted_as()));
    let mut count = |counted: &Counted, operation| {
        let (now, refusal) = state.rates.count(counted, operation);
        *access = Some(now);
        refusal.map_or(Ok(()), Err)
    };
    // Health checks are never limited.
    if matches!(path.as_str(), "/healthz" | "/readyz") {
        return known_method(state, request, &path).map(|_| ());
    }
    let entry = match known_method(state, request, &path) {
        Ok(Some(entry)) => entry,
        Ok(None) => return count(&source(), None),
        Err(problem) => return count(&source(), None).and(Err(problem)),
    };
    if let Some(operation) = entry.operation {
        let caller = match caller_of(request, state).await {
            Ok(caller) => Some(caller),
            // A public operation needs no token: a bad one counts as none.
            Err(_) if operation.is_public() => None,
            // A bad token counts on the source; an absent database counts on nobody.
            Err(problem) if problem.status == StatusCode::UNAUTHORIZED => return count(&source(), Some(operation)).and(Err(problem)),
            Err(problem) => return Err(problem),
        };
        let counted = caller.as_ref().map_or_else(source, |caller| Counted::Person(caller.who.user));
        count(&counted, Some(operation))?;
        let context = context_of(request, state, &path, operation, caller, id);
        if matches!(context.actor, Actor::User(_)) || operation.is_about_signing_in() {
            *due = Some(context.clone());
        }
        let permitted = operation.is_public() || context.actor.caller().is_ok_and(|caller| operation.is_open_to(&caller.who.roles));
        request.extensions_mut().insert(context);
        if !permitted {
            return Err(Problem::of(Code::Forbidden));
        }
    } else {
        count(&source(), None)?;
    }
    check_headers(request, entry)?;
    if let Some(context) = due
        && context.operation.is_on_case()
        && (may_be_large(request) || context.operation == Operation::UploadDocument)
        && entry.names_a_case
    {
        // Nobody sends a long body for a case that they do not reach. A text that is no id leads to no case.
        let Some(case) = context.case else { return Err(Problem::of(Code::NotFound)) };
        state.app.reach(context, case).await?;
    }
    let query = entry.read_query(request.query_string()).map_err(|faults| Problem::of(Code::InvalidParameters).with_faults(faults))?;
    request.extensions_mut().insert(CheckedQuery(query));
    Ok(())
}

/// Whether the body may be larger than [`READ_FOR_ANYBODY`].
fn may_be_large(request: &ServiceRequest) -> bool {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    length.map_or_else(|| request.headers().contains_key(header::TRANSFER_ENCODING), |length| length > READ_FOR_ANYBODY)
}

/// Who asks for what, as far as the head of the request says.
fn context_of(
    request: &ServiceRequest,
    state: &HttpState,
    path: &str,
    operation: Operation,
    caller: Option<Caller>,
    id: &str,
) -> RequestContext {
    let mut context = RequestContext::new(operation, caller.into(), id);
    context.source = request.extensions().get::<Source>().copied();
    (context.case, context.subject) = state.contract.named_in(path);
    context
}

/// Whether a path is one of the explorer's pages.
fn is_page(path: &str) -> bool {
    path == "/docs" || path.starts_with("/docs/")
}

/// The operation that a request names; nothing of the explorer's own files, which are no operations.
fn known_method<'h>(state: &'h HttpState, request: &ServiceRequest, path: &str) -> Result<Option<&'h Entry>, Problem> {
    let is_on = state.explorer != Explorer::Off;
    let Some(resource) = state.contract.find(path).filter(|_| is_on || path != "/openapi.json") else {
        return if is_on && is_page(path) { Ok(None) } else { Err(Problem::of(Code::NotFound)) };
    };
    let entry = resource.methods.get(request.method()).map(Some);
    entry.ok_or_else(|| Problem::of(Code::MethodNotAllowed).header(header::ALLOW, resource.allow()))
}

/// Whether a request would turn its connection into a web socket. There is none here: the
/// answer does not wait for the end of what follows.
fn asks_for_websocket(request: &ServiceRequest) -> bool {
    let mut protocols =
        request.headers().get_all(header::UPGRADE).filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    protocols.any(|protocol| protocol.trim().to_ascii_lowercase().starts_with("websocket"))
}

/// Who calls, by the token of the request.
async fn caller_of(request: &ServiceRequest, state: &HttpState) -> Result<Caller, Problem> {
    Ok(state.app.authenticate(&bearer(request)?).await?)
}

fn bearer(request: &ServiceRequest) -> Result<String, Problem> {
    let Some(value) = request.headers().get(header::AUTHORIZATION) else { return Err(Problem::of(Code::NotSignedIn)) };
    let text = value.to_str().map_err(|_| Problem::of(Code::TokenInvalid))?;
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim().to_owned()),
        _ => Err(Problem::of(Code::TokenInvalid)),
    }
}

/// Headers of which a request has one at most: of two, another program on the way may take the other one.
const ONCE: [&str; 3] = ["authorization", "content-type", "idempotency-key"];

fn check_headers(request: &ServiceRequest, entry: &Entry) -> Result<(), Problem> {
    let headers = request.headers();
    let twice = ONCE.into_iter().filter(|name| headers.get_all(*name).count() > 1);
    let faults: Vec<Fault> = twice.map(|name| Fault::at(format!("/header/{name}"), "repeated_parameter")).collect();
    if !faults.is_empty() {
        return Err(Problem::of(Code::InvalidParameters).with_faults(faults));
    }
    let not_taken = || Problem::of(Code::UnsupportedMediaType).with("accepted", entry.media_types.join(", "));
    if headers.contains_key(header::CONTENT_ENCODING) {
        return Err(not_taken());
    }
    if entry.operation.is_some_and(|one| one.precondition() == Precondition::Required) && !headers.contains_key(header::IF_MATCH) {
        return Err(Problem::of(Code::IfMatchRequired));
    }
    if entry.operation.is_some_and(|one| one.idempotency() == Idempotency::Required) && !headers.contains_key("idempotency-key") {
        return Err(Problem::of(Code::IdempotencyKeyRequired).with_faults(vec![Fault::at("/header/idempotency-key", "required")]));
    }
    if entry.media_types.is_empty() {
        return Ok(());
    }
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = given.split(';').map(|part| part.trim().to_ascii_lowercase());
    let essence = parts.next().unwrap_or_default();
    // JSON is UTF-8 (RFC 8259, 8.1).
    let in_utf_8 = parts.filter_map(|part| part.strip_prefix("charset=").map(|name| name.trim_matches('"').to_owned()));
    // Programs send a merge patch as plain JSON, which it is.
    let is_taken = entry.media_types.contains(&essence) || (entry.takes_merge_patch() && essence == "application/json");
    if is_taken && in_utf_8.into_iter().all(|name| name == "utf-8") { Ok(()) } else { Err(not_taken()) }
}

/// The problem that an answer of a handler carries, if it carries one.
fn problem_in(response: &ServiceResponse<BoxBody>) -> Option<Problem> {
    let carried = response.response().extensions().get::<Problem>().cloned();
    match (carried, response.response().error()) {
        (Some(problem), _) => Some(problem),
        (None, Some(error)) => Some(problem_of(error)),
        (None, None) if response.status() == StatusCode::NOT_FOUND => Some(Problem::of(Code::NotFound)),
        (None, None) => None,
    }
}

/// Errors of the framework, in our words.
fn problem_of(error: &Error) -> Problem {
    if let Some(problem) = error.as_error::<Problem>() {
        return problem.clone();
    }
    let code = match error.as_response_error().status_code() {
        StatusCode::NOT_FOUND => Code::NotFound,
        StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::UnsupportedMediaType,
        StatusCode::REQUEST_TIMEOUT => Code::RequestTimeout,
        status if status.is_client_error() => Code::MalformedRequest,
        _ => Code::Internal,
    };
    if code == Code::Internal {
        tracing::error!(%error, "an error that no handler foresaw");
    }
    let problem = Problem::of(code);
    // The framework reads bodies of JSON alone by itself.
    if code == Code::TooLarge { problem.with("limit", format!("{} KiB", LARGEST / 1024)) } else { problem }
}

/// The content security policy of the explorer's pages: their own files, and calls to this server.
const POLICY_OF_PAGES: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                               font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// Everything else is no page.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

fn add_common_headers(headers: &mut header::HeaderMap, id: &str, access: Option<RateState>, is_page: bool) {
    let policy = if is_page { POLICY_OF_PAGES } else { POLICY };
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, header::HeaderValue::from_static(policy));
    }
    headers.insert(header::REFERRER_POLICY, header::HeaderValue::from_static("no-referrer"));
    if let Some(access) = access {
        access.write(headers);
    }
    if let Ok(value) = header::HeaderValue::from_str(id) {
        headers.insert(header::HeaderName::from_static("request-id"), value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, header::HeaderValue::from_static("nosniff"));
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    }
}
