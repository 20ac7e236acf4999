//! The permission as a type in the handler's signature: without it there is no caller, and without a caller no use case.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use application::{App, Error, Expected, IdempotencyKey, Once, Permitted, Prepared, RequestContext, UnitOfWork};
use domain::access::{Access, Idempotency, Operation, Permission};
use domain::ids::UserId;

use super::messages::{Language, Messages};
use super::problem::{Code, Problem};
use super::reply::{Answer, Reply};
use super::state::HttpState;

/// A caller whose roles reach the operation `P`; for public operations, anybody.
pub(crate) struct Authorized<P> {
    state: web::Data<HttpState>,
    permitted: Permitted<P>,
    conditions: Conditions,
    fingerprint: String,
}

/// The conditions of the request about representations that the caller holds.
#[derive(Clone, Debug)]
pub(crate) struct Conditions {
    pub(crate) if_none_match: Option<String>,
    /// Whether the request reads: then its answer has an entity tag.
    pub(crate) is_read: bool,
}

impl Conditions {
    /// Whether the caller holds the representation with this entity tag.
    pub(crate) fn hold(&self, etag: &str) -> bool {
        let held = self.if_none_match.as_deref().into_iter().flat_map(|held| held.split(',')).map(str::trim);
        held.into_iter().any(|one| one == "*" || one.trim_start_matches("W/") == etag)
    }
}

impl<P: Permission + 'static> FromRequest for Authorized<P> {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request).map_err(Into::into))
    }
}

impl<P: Permission> Authorized<P> {
    fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let operation = P::OPERATION;
        let Some(state) = request.app_data::<web::Data<HttpState>>().cloned() else { return Err(Problem::of(Code::Internal)) };
        let Some(mut context) = request.extensions().get::<RequestContext>().cloned() else { return Err(Problem::of(Code::Internal)) };
        if !operation.is_public() {
            let roles = context.actor.caller().map(|caller| &caller.who.roles).map_err(|_| Problem::of(Code::NotSignedIn))?;
            if !operation.is_open_to(roles) {
                return Err(Problem::of(Code::Forbidden));
            }
        }
        // Reading changes nothing that a precondition could protect.
        context.expected = if operation.access() == Access::Reads { None } else { expected(request)? };
        let fingerprint = format!("{} {}", request.method(), request.uri());
        context.idempotency = idempotency(request, operation, &fingerprint)?;
        let held: Vec<&str> = request.headers().get_all(header::IF_NONE_MATCH).filter_map(|line| line.to_str().ok()).collect();
        let if_none_match = (!held.is_empty()).then(|| held.join(","));
        Ok(Self {
            state,
            permitted: Permitted::new(context),
            conditions: Conditions { if_none_match, is_read: request.method().is_safe() },
            fingerprint,
        })
    }

    /// Runs a use case and shows what it returns. A change with an idempotency key takes effect once.
    pub(crate) fn act<J>(self, job: J) -> impl Future<Output = Answer> + use<P, J>
    where
        J: Fn(&mut UnitOfWork<'_, '_, P>) -> Result<Reply, Error> + Send + Sync + 'static,
    {
        answer(self.state, self.permitted.with(job), self.conditions)
    }

    /// Runs a use case, and says whether its answer is the kept one of an earlier, same request.
    pub(crate) async fn once<J>(&self, job: J) -> Result<Once<Reply>, Problem>
    where
        J: Fn(&mut UnitOfWork<'_, '_, P>) -> Result<Reply, Error> + Send + Sync + 'static,
    {
        Ok(self.app().perform_once(self.permitted.clone().with(job)).await?)
    }

    /// The person who calls.
    pub(crate) fn user(&self) -> Result<UserId, Problem> {
        self.permitted.actor().caller().map(|caller| caller.who.user).map_err(|_| Problem::of(Code::NotSignedIn))
    }

    /// Like [`Authorized::act`], for a request with a body: the body is part of what an idempotency key stands for.
    pub(crate) fn act_on<T, M, J>(mut self, body: super::body::Body<T, M>, job: J) -> impl Future<Output = Answer> + use<P, T, M, J>
    where
        T: Send + Sync + 'static,
        J: Fn(&mut UnitOfWork<'_, '_, P>, &T) -> Result<Reply, Error> + Send + Sync + 'static,
    {
        let (value, digest) = body.into_parts();
        self.include(&digest);
        self.act(move |work| job(work, &value))
    }

    /// Runs a use case whose result is not for keeping (sessions, tokens).
    pub(crate) async fn perform<T, J>(&self, job: J) -> Result<T, Problem>
    where
        T: Send + 'static,
        J: Fn(&mut UnitOfWork<'_, '_, P>) -> Result<T, Error> + Send + Sync + 'static,
    {
        Ok(self.app().perform(self.permitted.clone().with(job)).await?)
    }

    /// Makes `digest` a part of what an idempotency key stands for.
    pub(crate) fn include(&mut self, digest: &[u8]) {
        self.permitted.stands_for(self.fingerprint.as_bytes().iter().chain(digest).copied().collect());
    }

    /// The hospital.
    pub(crate) fn app(&self) -> &Arc<App> {
        &self.state.app
    }

    /// The shared state, for a use case.
    pub(crate) fn state(&self) -> web::Data<HttpState> {
        self.state.clone()
    }

    /// The texts.
    pub(crate) fn messages(&self) -> &Messages {
        &self.state.messages
    }

    /// Who asks for what.
    pub(crate) fn permitted(&self) -> Permitted<P> {
        self.permitted.clone()
    }

    /// The conditions of the request about representations that the caller holds.
    pub(crate) fn conditions(&self) -> &Conditions {
        &self.conditions
    }
}

/// Runs a use case, whatever its operation, and shows what it returns.
async fn answer(state: web::Data<HttpState>, prepared: Prepared<Reply>, conditions: Conditions) -> Answer {
    let done = state.app.perform_once(prepared).await?;
    Ok(done.value.into_response(&conditions, done.replayed))
}

/// The language in which a request is answered.
pub(crate) fn language_of(request: &HttpRequest) -> Language {
    request.extensions().get::<Language>().copied().unwrap_or(Language::English)
}

fn expected(request: &HttpRequest) -> Result<Option<Expected>, Problem> {
    // A list may stand on several lines (RFC 9110 §5.3).
    let lines: Vec<&str> = request
        .headers()
        .get_all(header::IF_MATCH)
        .map(|line| line.to_str())
        .collect::<Result<_, _>>()
        .map_err(|_| Problem::of(Code::MalformedRequest))?;
    if lines.is_empty() {
        return Ok(None);
    }
    let text = lines.join(",");
    if text.trim() == "*" {
        return Ok(Some(Expected::Any));
    }
    let tags: Vec<&str> = text.split(',').map(str::trim).filter(|tag| !tag.is_empty()).collect();
    let is_tag = |tag: &&str| {
        let opaque = tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        opaque.is_some_and(|opaque| !opaque.contains('"'))
    };
    // An empty list names no version, so that none matches: 412.
    if !tags.iter().all(is_tag) {
        let fault = application::Fault::at("/header/if-match", "pattern").of_form("entity-tag");
        return Err(Problem::of(Code::InvalidParameters).with_faults(vec![fault]));
    }
    // A weak tag never matches (RFC 9110 §13.1.1).
    let strong = tags.into_iter().filter_map(|tag| tag.strip_prefix('"')?.strip_suffix('"'));
    Ok(Some(Expected::OneOf(strong.filter_map(version_of).collect())))
}

/// The version that an entity tag of ours names: `7`, or `7-` and the digest of the bytes. A change is refused for another version, and not
/// because a name or a label was shown differently: the digest is not compared.
fn version_of(tag: &str) -> Option<u64> {
    let (version, digest) = tag.split_once('-').map_or((tag, None), |(version, digest)| (version, Some(digest)));
    let is_digest = |digest: &str| digest.len() == 16 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    let number: u64 = version.parse().ok()?;
    (digest.is_none_or(is_digest) && number.to_string() == version).then_some(number)
}

fn idempotency(request: &HttpRequest, operation: Operation, fingerprint: &str) -> Result<Option<IdempotencyKey>, Problem> {
    if operation.idempotency() == Idempotency::None {
        return Ok(None);
    }
    let Some(value) = request.headers().get("idempotency-key") else { return Ok(None) };
    let refused = || Problem::of(Code::InvalidParameters).with_faults(vec![application::Fault::at("/header/idempotency-key", "pattern")]);
    let key = value.to_str().map_err(|_| refused())?.trim().to_owned();
    // As the document says: `^[!-~]+$`.
    if key.is_empty() || key.len() > 255 || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(refused());
    }
    Ok(Some(IdempotencyKey { key, fingerprint: fingerprint.as_bytes().to_vec() }))
}
