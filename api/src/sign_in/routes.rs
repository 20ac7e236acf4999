//! Handlers of registration and passwords.

use actix_web::{HttpRequest, HttpResponse, post};
use application::sign_in::{recovery, registration};
use domain::access::may;

use super::cookies;
use super::views::{
    ChangePassword, LetterAnnounced, PasswordSet, RegisterApplicant, RegistrationTaken, RequestPasswordReset, ResendVerification,
    ResetPassword, SessionMode, SessionTokens, VerifyEmail,
};
use super::{account, sessions};
use crate::http::authorized::{Authorized, language_of};
use crate::http::body::Body;
use crate::http::reply::Answer;
use crate::http::routes::Routes;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes
        .service(register_applicant)
        .service(resend_verification)
        .service(verify_email)
        .configure(sessions::configure)
        .configure(account::configure)
        .service(change_password)
        .service(request_password_reset)
        .service(reset_password);
}

/// Register as an applicant
///
/// Sends a code to the address, which `verifyEmail` takes. There is no account before. The answer is the same for an address that has an
/// account: only its owner learns more, by letter.
#[utoipa::path(tag = "sign-in", request_body = RegisterApplicant, responses((status = 202, description = "A letter is on its way.", body = RegistrationTaken), (status = 429, description = "Too many registrations from one source; see `Retry-After`.")))]
#[post("/v1/registrations")]
pub(crate) async fn register_applicant(
    anyone: Authorized<may::RegisterApplicant>,
    body: Body<RegisterApplicant>,
    request: HttpRequest,
) -> Answer {
    let body = body.into_value();
    let registration = registration::Registration { email: body.email, password: body.password, name: body.name, language: body.language };
    let registration_id = anyone.app().register_applicant(anyone.permitted(), registration).await?;
    Ok(HttpResponse::Accepted().json(RegistrationTaken { registration_id, next_step: next_step(&anyone, &request) }))
}

/// Send the code of a registration again
///
/// To the address of the registration; the code before is good no longer. The answer is the same for a registration that never was.
#[utoipa::path(tag = "sign-in", request_body = ResendVerification, responses((status = 202, description = "A letter is on its way, if there is such a registration.", body = LetterAnnounced)))]
#[post("/v1/registrations/resend")]
pub(crate) async fn resend_verification(
    anyone: Authorized<may::ResendVerification>,
    body: Body<ResendVerification>,
    request: HttpRequest,
) -> Answer {
    let (id, throttling) = (body.into_value().registration_id, anyone.app().is_throttling());
    anyone.perform(move |work| registration::resend_verification(work, id, throttling)).await?;
    Ok(letter_announced(&anyone, &request))
}

/// Verify an e-mail address
///
/// By the code of the letter and the registration that it was sent for. The registration becomes an account, and the person may sign in.
#[utoipa::path(tag = "sign-in", request_body = VerifyEmail, responses((status = 204, description = "Verified.")))]
#[post("/v1/registrations/verify")]
pub(crate) async fn verify_email(anyone: Authorized<may::VerifyEmail>, body: Body<VerifyEmail>) -> Answer {
    let VerifyEmail { registration_id, code } = body.into_value();
    anyone.perform(move |work| registration::verify_email(work, registration_id, &code)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Change my password
///
/// Ends every session of the caller and voids every open code; the answer holds the tokens of a new session. The owner is told by letter.
#[utoipa::path(
    tag = "sign-in", request_body = ChangePassword,
    responses(
        (status = 200, description = "Changed.", body = SessionTokens),
        (status = 429, description = "Too many tries; see `Retry-After`.")
    )
)]
#[post("/v1/me/password")]
pub(crate) async fn change_password(caller: Authorized<may::ChangePassword>, body: Body<ChangePassword>, request: HttpRequest) -> Answer {
    let ChangePassword { current_password, new_password, session_mode } = body.into_value();
    if let Some(mode) = session_mode {
        cookies::of(&request, &caller, mode)?;
    }
    let in_cookie = session_mode.map(|mode| mode == SessionMode::Cookie);
    let (signed_in, in_cookie) = caller.app().change_password(caller.permitted(), current_password, new_password, in_cookie).await?;
    let mode = if in_cookie { SessionMode::Cookie } else { SessionMode::Token };
    Ok(cookies::tokens(&mut HttpResponse::Ok(), signed_in, mode))
}

/// Ask for a new password
///
/// Sends a code to the account's own address, if there is such an account; the answer is the same in any case.
#[utoipa::path(tag = "sign-in", request_body = RequestPasswordReset, responses((status = 202, description = "A letter is on its way, if there is such an account.", body = LetterAnnounced)))]
#[post("/v1/password-resets")]
pub(crate) async fn request_password_reset(
    anyone: Authorized<may::RequestPasswordReset>,
    body: Body<RequestPasswordReset>,
    request: HttpRequest,
) -> Answer {
    let email = body.into_value().email;
    let throttling = anyone.app().is_throttling();
    anyone.perform(move |work| recovery::request_password_reset(work, &email, throttling)).await?;
    Ok(letter_announced(&anyone, &request))
}

/// Set a password by a code
///
/// For a lost password and for the first one of an account that an administrator made. Every session of the person ends, and every other
/// code; the owner is told by letter.
#[utoipa::path(
    tag = "sign-in", request_body = ResetPassword,
    responses((status = 200, description = "Set.", body = PasswordSet), (status = 403, description = "Cookies are not for this origin."))
)]
#[post("/v1/password-resets/confirm")]
pub(crate) async fn reset_password(anyone: Authorized<may::ResetPassword>, body: Body<ResetPassword>, request: HttpRequest) -> Answer {
    let ResetPassword { code, password, session_mode } = body.into_value();
    cookies::of(&request, &anyone, session_mode)?;
    let device_token = anyone.app().reset_password(anyone.permitted(), code, password).await?;
    Ok(cookies::password_set(device_token, session_mode))
}

/// The next step, in the caller's language.
fn next_step<P: domain::access::Permission>(anyone: &Authorized<P>, request: &HttpRequest) -> String {
    anyone.messages().find(language_of(request), "letter-announced", &[]).unwrap_or_default()
}

pub(super) fn letter_announced<P: domain::access::Permission>(anyone: &Authorized<P>, request: &HttpRequest) -> HttpResponse {
    HttpResponse::Accepted().json(LetterAnnounced { next_step: next_step(anyone, request) })
}
