//! Health, keys and the document itself.

use std::io::Write as _;
use std::sync::LazyLock;

use actix_web::http::header::{self, AcceptEncoding, Encoding, Header as _};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, get, web};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::state::HttpState;
use crate::http::state::Readiness;

/// How the server is.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok`, or why not.
    status: String,
}

/// Public keys that verify access tokens (RFC 7517).
#[derive(Serialize, ToSchema)]
pub(crate) struct KeySet {
    /// The keys.
    keys: Vec<PublicKey>,
}

/// One Ed25519 key (RFC 8037).
#[derive(Serialize, ToSchema)]
pub(crate) struct PublicKey {
    /// Key type.
    kty: String,
    /// Curve.
    crv: String,
    /// Algorithm.
    alg: String,
    /// Use.
    r#use: String,
    /// Key identifier.
    kid: String,
    /// The public key, base64url.
    x: String,
}

/// Whether the process lives
///
/// Asks nothing of the database: a restart would not mend that.
#[utoipa::path(tag = "operations", responses((status = 200, description = "The process lives.", body = Health)))]
#[get("/healthz")]
pub(crate) async fn get_health() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok".into() })
}

/// Whether the server takes requests
///
/// 503 while it starts, stops, or cannot reach its database.
#[utoipa::path(
    tag = "operations",
    responses((status = 200, description = "Ready.", body = Health), (status = 503, description = "Not ready.", body = Health, example = json!({ "status": "stopping" })))
)]
#[get("/readyz")]
pub(crate) async fn get_readiness(state: web::Data<HttpState>, readiness: web::Data<Readiness>) -> HttpResponse {
    if !readiness.is_on() {
        return HttpResponse::ServiceUnavailable().json(Health { status: "stopping".into() });
    }
    match state.app.store().ready().await {
        Ok(()) => HttpResponse::Ok().json(Health { status: "ok".into() }),
        Err(application::database::Error::DiskFull) => {
            HttpResponse::ServiceUnavailable().json(Health { status: "the disk is full".into() })
        }
        Err(error) => {
            tracing::warn!(%error, "not ready");
            HttpResponse::ServiceUnavailable().json(Health { status: "the database does not answer".into() })
        }
    }
}

/// The public keys of the access tokens
#[utoipa::path(tag = "operations", description = "For services that verify access tokens themselves.", responses((status = 200, description = "The keys.", body = KeySet)))]
#[get("/.well-known/jwks.json")]
pub(crate) async fn get_key_set(state: web::Data<HttpState>) -> HttpResponse {
    let tokens = state.app.tokens();
    let key = PublicKey {
        kty: "OKP".into(),
        crv: "Ed25519".into(),
        alg: "EdDSA".into(),
        r#use: "sig".into(),
        kid: tokens.key_id().to_owned(),
        x: tokens.public_x(),
    };
    HttpResponse::Ok().json(KeySet { keys: vec![key] })
}

/// This document
#[utoipa::path(
    tag = "operations",
    description = "The contract in OpenAPI 3.1, as the code generates it.",
    responses((status = 200, description = "The document.", body = inline(serde_json::Value), content_type = "application/json", example = json!({ "openapi": "3.1.0" })))
)]
#[get("/openapi.json")]
pub(crate) async fn get_openapi(request: HttpRequest) -> HttpResponse {
    let served = &*SERVED;
    let mut response = HttpResponse::Ok();
    response.content_type("application/json").insert_header((header::VARY, "Accept-Encoding"));
    let accepted = AcceptEncoding::parse(&request).ok();
    let offered = [Encoding::gzip(), Encoding::identity()];
    if accepted.and_then(|accepted| accepted.negotiate(offered.iter())) == Some(Encoding::gzip()) && !served.compressed.is_empty() {
        return response.insert_header((header::CONTENT_ENCODING, "gzip")).body(served.compressed.clone());
    }
    response.body(served.plain.clone())
}

/// The committed document without white space, as it is and compressed.
struct Served {
    plain: Bytes,
    compressed: Bytes,
}

static SERVED: LazyLock<Served> = LazyLock::new(|| {
    let parsed: Result<serde_json::Value, _> = serde_json::from_str(crate::document::committed::COMMITTED);
    let plain = parsed.map_or_else(|_| crate::document::committed::COMMITTED.to_owned(), |document| document.to_string());
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    let compressed = packer.write_all(plain.as_bytes()).and_then(|()| packer.finish()).unwrap_or_default();
    Served { plain: plain.into(), compressed: compressed.into() }
});
