//! Browsers of other origins: which may read answers, and which may keep tokens in cookies.

use actix_cors::Cors;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, web};

use super::problem::{Code, Problem};
use super::state::HttpState;

/// How long a browser may keep the answer to a preflight, in seconds: two hours, the most that Chromium takes.
const PREFLIGHT_LIFE: usize = 7200;

/// The headers of answers that pages of other origins may read.
const EXPOSED: &str = "ETag, Location, Request-Id, Retry-After, Idempotent-Replayed, Content-Disposition, Content-Range, Accept-Ranges, RateLimit, RateLimit-Policy";

/// The origins of the settings.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    /// Those whose pages may call this API.
    pub allowed: Vec<String>,
    /// Those of them that may keep tokens in cookies: portals of the API's own site.
    pub with_cookies: Vec<String>,
}

impl Origins {
    /// The headers of cross-origin requests; outermost, so that refusals carry them, too.
    pub(crate) fn cors(&self) -> Cors {
        let cors = Cors::default()
            .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
            .allowed_headers([
                "authorization",
                "content-type",
                "if-match",
                "if-none-match",
                "idempotency-key",
                "accept-language",
                "traceparent",
                "range",
                "if-range",
            ])
            .supports_credentials()
            .max_age(PREFLIGHT_LIFE);
        self.allowed.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
    }

    /// Refuses a request that would use cookies and does not come from a page that may.
    pub(crate) fn check_cookies(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
        if origin.is_some_and(|origin| self.may_use_cookies(origin)) { Ok(()) } else { Err(Problem::of(Code::OriginRefused)) }
    }

    fn may_use_cookies(&self, origin: &str) -> bool {
        self.with_cookies.iter().any(|one| one == origin)
    }
}

/// Does what `actix-cors` can do for every origin or for none only: takes the leave to send cookies from answers to pages that may not, and names the
/// headers that pages may read, in one order.
pub(crate) async fn finish_cors(request: ServiceRequest, next: Next<impl MessageBody>) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let may = request.app_data::<web::Data<HttpState>>().is_some_and(|state| state.origins.check_cookies(request.headers()).is_ok());
    let state = request.app_data::<web::Data<HttpState>>().cloned();
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    // Preflights are answered before the middleware.
    if let Some(state) = state.filter(|_| !headers.contains_key("request-id"))
        && let Ok(id) = HeaderValue::from_str(&state.fresh_request_id())
    {
        headers.insert(header::HeaderName::from_static("request-id"), id);
    }
    if !may {
        headers.remove(header::ACCESS_CONTROL_ALLOW_CREDENTIALS);
    }
    if headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    }
    Ok(response)
}
