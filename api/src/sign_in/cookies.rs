//! The cookies of browsers that keep their tokens out of the reach of scripts.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use application::sign_in::sessions::{DEVICE_LIFE, SignedIn};
use domain::access::Permission;
use secrecy::SecretString;

use super::views::{PasswordSet, SessionMode, SessionTokens};
use crate::http::authorized::Authorized;
use crate::http::problem::Problem;

/// The prefix makes browsers refuse the cookie from an insecure page.
const REFRESH: &str = "__Secure-refresh";
const DEVICE: &str = "__Secure-device";
/// The cookies are sent to the operations on sessions, and nowhere else.
const PATH: &str = "/v1/sessions";

fn cookie(name: &'static str, value: String, life: Duration) -> Cookie<'static> {
    Cookie::build(name, value).http_only(true).secure(true).same_site(SameSite::Strict).path(PATH).max_age(life).finish()
}

fn held(request: &HttpRequest, name: &str) -> Option<SecretString> {
    request.cookie(name).map(|cookie| SecretString::from(cookie.value().to_owned()))
}

/// The tokens that the browser holds in cookies.
pub(super) struct Held {
    /// The refresh token.
    pub(super) refresh: Option<SecretString>,
    /// The device token.
    pub(super) device: Option<SecretString>,
}

/// The tokens in the cookies of a request in this mode. Without cookies by choice, they are not looked at.
///
/// # Errors
/// `origin_refused` for a page that may not use them: a page of another site must not act with what a browser keeps.
pub(super) fn of<P: Permission>(request: &HttpRequest, caller: &Authorized<P>, mode: SessionMode) -> Result<Held, Problem> {
    match mode {
        SessionMode::Token => Ok(Held { refresh: None, device: None }),
        SessionMode::Cookie => {
            caller.state().origins.check_cookies(request.headers())?;
            Ok(Held { refresh: held(request, REFRESH), device: held(request, DEVICE) })
        }
    }
}

/// The refresh token of a request: of the body, else of the cookie. Neither is a token that nobody has.
pub(super) fn refresh_token<P: Permission>(
    request: &HttpRequest,
    caller: &Authorized<P>,
    in_body: Option<SecretString>,
) -> Result<(SecretString, SessionMode), Problem> {
    match (in_body, held(request, REFRESH)) {
        (Some(token), _) => Ok((token, SessionMode::Token)),
        (None, Some(token)) => {
            caller.state().origins.check_cookies(request.headers())?;
            Ok((token, SessionMode::Cookie))
        }
        (None, None) => Ok((SecretString::from(""), SessionMode::Token)),
    }
}

/// Shows the tokens in the mode of the session.
pub(super) fn tokens(response: &mut HttpResponseBuilder, signed_in: SignedIn, mode: SessionMode) -> HttpResponse {
    if mode == SessionMode::Cookie {
        response.cookie(cookie(REFRESH, signed_in.refresh_token.clone(), Duration::seconds(signed_in.refresh_expires_in)));
        if let Some(device) = &signed_in.device_token {
            response.cookie(cookie(DEVICE, device.clone(), Duration::seconds(DEVICE_LIFE.as_secs())));
        }
    }
    response.json(SessionTokens::shown(signed_in, mode))
}

/// Shows the token of the device that set a password.
pub(super) fn password_set(device_token: String, mode: SessionMode) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    if mode == SessionMode::Cookie {
        response.cookie(cookie(DEVICE, device_token, Duration::seconds(DEVICE_LIFE.as_secs())));
        return response.json(PasswordSet { device_token: None });
    }
    response.json(PasswordSet { device_token: Some(device_token) })
}

/// 204, and the browser forgets the refresh token, if it holds one.
pub(super) fn signed_out(request: &HttpRequest) -> HttpResponse {
    let mut response = HttpResponse::NoContent();
    if request.cookie(REFRESH).is_some() {
        response.cookie(cookie(REFRESH, String::new(), Duration::ZERO));
    }
    response.finish()
}
