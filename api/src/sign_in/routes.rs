//! Handlers of registration, sessions and passwords.

use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use application::Revision;
use application::sign_in::{recovery, registration, sessions};
use domain::access::may;

use super::views::{
    ChangePassword, CreateSession, LetterAnnounced, Me, RefreshSession, RegisterApplicant, RequestPasswordReset, ResetPassword,
    SessionTokens, VerifyEmail,
};
use crate::http::authorized::{Authorized, language_of};
use crate::http::body::Body;
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes
        .service(register_applicant)
        .service(verify_email)
        .service(create_session)
        .service(refresh_session)
        .service(delete_session)
        .service(get_me)
        .service(change_password)
        .service(request_password_reset)
        .service(reset_password);
}

/// Register as an applicant
///
/// Sends a code to the address, which `verifyEmail` takes. The answer is the same for an address that has an account: only its
/// owner learns more, by letter.
#[utoipa::path(tag = "sign-in", request_body = RegisterApplicant, responses((status = 202, description = "A letter is on its way.", body = LetterAnnounced)))]
#[post("/v1/registrations")]
pub(crate) async fn register_applicant(
    anyone: Authorized<may::RegisterApplicant>,
    body: Body<RegisterApplicant>,
    request: HttpRequest,
) -> Answer {
    let body = body.into_value();
    let registration = registration::Registration { email: body.email, password: body.password, name: body.name, language: body.language };
    anyone.hospital().register_applicant(anyone.ask(), registration).await?;
    Ok(letter_announced(&anyone, &request))
}

/// Verify an e-mail address
///
/// From now on the person may sign in.
#[utoipa::path(tag = "sign-in", request_body = VerifyEmail, responses((status = 204, description = "Verified.")))]
#[post("/v1/registrations/verify")]
pub(crate) async fn verify_email(anyone: Authorized<may::VerifyEmail>, body: Body<VerifyEmail>) -> Answer {
    let code = body.into_value().code;
    anyone.perform(move |act| registration::verify_email(act, &code)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sign in
///
/// Gives an access token for 15 minutes and a refresh token. A wrong password, an unknown address and a locked account answer alike.
#[utoipa::path(
    tag = "sign-in", request_body = CreateSession,
    responses((status = 201, description = "Signed in.", body = SessionTokens), (status = 401, description = "Refused."))
)]
#[post("/v1/sessions")]
pub(crate) async fn create_session(anyone: Authorized<may::CreateSession>, body: Body<CreateSession>) -> Answer {
    let CreateSession { email, password, client_id } = body.into_value();
    let signed_in = anyone.hospital().create_session(anyone.ask(), email, password, client_id).await?;
    Ok(tokens(HttpResponse::Created().insert_header(("location", "/v1/sessions/current")), signed_in))
}

/// Refresh the tokens
///
/// Each refresh token works once; using it again ends the session, save one retry within a minute, when the answer may have been lost.
#[utoipa::path(
    tag = "sign-in", request_body = RefreshSession,
    responses((status = 200, description = "New tokens.", body = SessionTokens), (status = 401, description = "Refused."))
)]
#[post("/v1/sessions/refresh")]
pub(crate) async fn refresh_session(anyone: Authorized<may::RefreshSession>, body: Body<RefreshSession>) -> Answer {
    let token = body.into_value().refresh_token;
    let signed_in = anyone.hospital().refresh_session(anyone.ask(), token).await?;
    Ok(tokens(&mut HttpResponse::Ok(), signed_in))
}

/// Sign out
///
/// The session ends at once, with all its tokens.
#[utoipa::path(tag = "sign-in", responses((status = 204, description = "Signed out.")))]
#[delete("/v1/sessions/current")]
pub(crate) async fn delete_session(caller: Authorized<may::DeleteSession>) -> Answer {
    caller.perform(sessions::delete_session).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Who I am
///
/// The caller's account and roles, as they stand now.
#[utoipa::path(tag = "sign-in", responses((status = 200, description = "The caller.", body = Me)))]
#[get("/v1/me")]
pub(crate) async fn get_me(caller: Authorized<may::GetMe>) -> Answer {
    let me = Me::from(caller.caller()?);
    let marks = serde_json::to_string(&me).unwrap_or_default();
    let reply = Reply::ok(&me)?.revised(&Revision::seen_as("me", 0, &marks));
    Ok(reply.into_response(caller.conditions(), false))
}

/// Change my password
///
/// Ends every session of the caller; the answer holds the tokens of a new one.
#[utoipa::path(tag = "sign-in", request_body = ChangePassword, responses((status = 200, description = "Changed.", body = SessionTokens)))]
#[post("/v1/me/password")]
pub(crate) async fn change_password(caller: Authorized<may::ChangePassword>, body: Body<ChangePassword>) -> Answer {
    let ChangePassword { current_password, new_password } = body.into_value();
    let signed_in = caller.hospital().change_password(caller.ask(), current_password, new_password).await?;
    Ok(tokens(&mut HttpResponse::Ok(), signed_in))
}

/// Ask for a new password
///
/// Sends a code to the address, if it has an account; the answer is the same in any case.
#[utoipa::path(tag = "sign-in", request_body = RequestPasswordReset, responses((status = 202, description = "A letter is on its way, if there is such an account.", body = LetterAnnounced)))]
#[post("/v1/password-resets")]
pub(crate) async fn request_password_reset(
    anyone: Authorized<may::RequestPasswordReset>,
    body: Body<RequestPasswordReset>,
    request: HttpRequest,
) -> Answer {
    let email = body.into_value().email;
    let throttling = anyone.hospital().is_throttling();
    anyone.perform(move |act| recovery::request_password_reset(act, &email, throttling)).await?;
    Ok(letter_announced(&anyone, &request))
}

/// Set a password by a code
///
/// For a lost password and for the first one of an account that an administrator made. Every session of the person ends.
#[utoipa::path(tag = "sign-in", request_body = ResetPassword, responses((status = 204, description = "Set.")))]
#[post("/v1/password-resets/confirm")]
pub(crate) async fn reset_password(anyone: Authorized<may::ResetPassword>, body: Body<ResetPassword>) -> Answer {
    let ResetPassword { code, password } = body.into_value();
    anyone.hospital().reset_password(anyone.ask(), code, password).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn tokens(response: &mut actix_web::HttpResponseBuilder, signed_in: sessions::SignedIn) -> HttpResponse {
    response.json(SessionTokens::from(signed_in))
}

fn letter_announced<P: domain::access::Permission>(anyone: &Authorized<P>, request: &HttpRequest) -> HttpResponse {
    let next_step = anyone.messages().find(language_of(request), "letter-announced", &[]).unwrap_or_default();
    HttpResponse::Accepted().json(LetterAnnounced { next_step })
}
