//! Access tokens: short-lived JWTs signed with Ed25519, in the profile of RFC 9068.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ids::{SessionId, UserId};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::error::Unauthenticated;

/// How long an access token is good for.
pub const ACCESS_TOKEN_LIFE: SignedDuration = SignedDuration::from_mins(15);

/// How far a token may be issued in the future of our clock, for servers whose clocks differ.
const LEEWAY: SignedDuration = SignedDuration::from_secs(5);

/// How many good tokens are remembered.
const REMEMBERED: usize = 10_000;

/// The type in the token's header (RFC 9068 §2.1).
const TYPE: &str = "at+jwt";

/// The claims of an access token. Every claim is required.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who issued it.
    pub iss: String,
    /// For which service.
    pub aud: String,
    /// The user.
    pub sub: UserId,
    /// The client program that signed in.
    pub client_id: String,
    /// Seconds since the epoch after which it is no longer good.
    pub exp: i64,
    /// Seconds since the epoch when it was issued.
    pub iat: i64,
    /// The token's own identifier.
    pub jti: String,
    /// The session that it belongs to.
    pub sid: SessionId,
    /// The epoch of the user's authority: a changed password, role or state raises it and ends older tokens.
    pub epoch: i64,
    /// Scopes of the roles at the time of issue, parted by spaces. They inform; the roles in the database decide.
    pub scope: String,
}

/// Signs access tokens and reads them back.
pub struct Tokens {
    issuer: String,
    key_id: String,
    public_key: Vec<u8>,
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
    /// Tokens whose signature was found good, by their digests: the same token comes with every request of a quarter of an hour. Times,
    /// session and epoch are looked at each time all the same.
    verified: Cache<[u8; 32], Claims>,
}

/// The facts for which an access token is issued.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The session.
    pub session: SessionId,
    /// The person.
    pub user: UserId,
    /// The person's epoch: older tokens end with it.
    pub epoch: i64,
    /// The client that signed in.
    pub client: String,
    /// The scopes of the person's roles.
    pub scope: String,
    /// Identifies the token.
    pub jti: String,
}

impl Tokens {
    /// From the signing key in PKCS#8 and its public half, 32 bytes.
    pub fn new(issuer: &str, pkcs8: &[u8], public_key: &[u8]) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[issuer]);
        // The library would ask the system's clock: `read` checks the times with ours.
        validation.validate_exp = false;
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, public_key);
        let key_id = URL_SAFE_NO_PAD.encode(digest.as_ref().get(..12).unwrap_or_default());
        Self {
            issuer: issuer.to_owned(),
            key_id,
            public_key: public_key.to_vec(),
            signing: EncodingKey::from_ed_der(pkcs8),
            verifying: DecodingKey::from_ed_der(public_key),
            validation,
            verified: Cache::new(REMEMBERED),
        }
    }

    /// Issues a token for a session.
    pub fn issue(&self, grant: Grant, now: Timestamp) -> Result<String, Error> {
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.issuer.clone(),
            sub: grant.user,
            client_id: grant.client,
            exp: now.as_second().saturating_add(ACCESS_TOKEN_LIFE.as_secs()),
            iat: now.as_second(),
            jti: grant.jti,
            sid: grant.session,
            epoch: grant.epoch,
            scope: grant.scope,
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(self.key_id.clone());
        jsonwebtoken::encode(&header, &claims, &self.signing).map_err(|_| Error::Internal("the access token could not be signed"))
    }

    /// Reads a token: algorithm, type and key are pinned; signature, issuer, audience and times must be right.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] with `token_expired` or `token_invalid`.
    pub fn read(&self, token: &str, now: Timestamp) -> Result<Claims, Error> {
        let refused = Error::Unauthenticated(Unauthenticated::TokenInvalid);
        let digest: Option<[u8; 32]> = crate::digest(token.as_bytes()).try_into().ok();
        let known = digest.and_then(|digest| self.verified.get(&digest));
        let claims = if let Some(claims) = known {
            claims
        } else {
            let claims = self.verify(token)?;
            if let Some(digest) = digest {
                self.verified.insert(digest, claims.clone());
            }
            claims
        };
        if claims.iat > now.as_second().saturating_add(LEEWAY.as_secs()) {
            return Err(refused);
        }
        if claims.exp <= now.as_second() {
            return Err(Error::Unauthenticated(Unauthenticated::TokenExpired));
        }
        Ok(claims)
    }

    /// The claims of a token that this key signed.
    fn verify(&self, token: &str) -> Result<Claims, Error> {
        let refused = |_| Error::Unauthenticated(Unauthenticated::TokenInvalid);
        let header = jsonwebtoken::decode_header(token).map_err(refused)?;
        if header.typ.as_deref() != Some(TYPE) || header.kid.as_deref() != Some(self.key_id.as_str()) {
            return Err(Error::Unauthenticated(Unauthenticated::TokenInvalid));
        }
        Ok(jsonwebtoken::decode(token, &self.verifying, &self.validation).map_err(refused)?.claims)
    }

    /// The key's identifier, as in the header `kid`.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The public key's `x` in base64url, for the JSON Web Key Set (RFC 8037).
    pub fn public_x(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.public_key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    fn tokens() -> (Tokens, Vec<u8>) {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&aws_lc_rs::rand::SystemRandom::new()).unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap();
        (Tokens::new("https://so.example", pkcs8.as_ref(), pair.public_key().as_ref()), pkcs8.as_ref().to_vec())
    }

    fn issued(tokens: &Tokens, now: Timestamp) -> String {
        let grant = Grant {
            session: crate::clock::fresh(now),
            user: crate::clock::fresh(now),
            epoch: 1,
            client: "portal".into(),
            scope: "cases:read".into(),
            jti: "j1".into(),
        };
        tokens.issue(grant, now).unwrap()
    }

    fn forged(token: &str, header: &str, claims: impl Fn(&str) -> String) -> String {
        let mut parts = token.split('.');
        let (old_header, payload, signature) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        let payload = String::from_utf8(URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
        let header = if header.is_empty() { old_header.to_owned() } else { URL_SAFE_NO_PAD.encode(header) };
        format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(claims(&payload)))
    }

    #[test]
    fn a_token_says_what_was_issued_until_it_expires() {
        let (tokens, _) = tokens();
        let now: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        let token = issued(&tokens, now);
        assert_eq!(tokens.read(&token, now).unwrap().scope, "cases:read");
        let last = now + ACCESS_TOKEN_LIFE - SignedDuration::from_secs(1);
        assert!(tokens.read(&token, last).is_ok());
        assert!(matches!(tokens.read(&token, now + ACCESS_TOKEN_LIFE), Err(Error::Unauthenticated(Unauthenticated::TokenExpired))));
        assert!(tokens.read(&token, now - SignedDuration::from_hours(1)).is_err(), "issued in the future");
    }

    #[test]
    fn a_forged_token_is_refused() {
        let (tokens, _) = tokens();
        let now: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        let token = issued(&tokens, now);
        for bad in [
            String::new(),
            "a.b.c".to_owned(),
            format!("{token}x"),
            forged(&token, r#"{"alg":"none","typ":"at+jwt"}"#, str::to_owned),
            forged(&token, r#"{"alg":"HS256","typ":"at+jwt"}"#, str::to_owned),
            forged(&token, r#"{"alg":"EdDSA","typ":"at+jwt","kid":"another","jku":"https://evil.example/jwks.json"}"#, str::to_owned),
            forged(&token, "", |claims| claims.replace("cases:read", "cases:write")),
        ] {
            assert!(matches!(tokens.read(&bad, now), Err(Error::Unauthenticated(Unauthenticated::TokenInvalid))), "{bad}");
        }
        let (other, _) = self::tokens();
        assert!(other.read(&token, now).is_err(), "signed by another key");
    }

    #[test]
    fn a_token_of_another_type_or_for_another_service_is_refused() {
        let (tokens, _) = tokens();
        let now: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        let good = tokens.read(&issued(&tokens, now), now).unwrap();
        let signed = |kind: &str, claims: &Claims| {
            let mut header = Header::new(Algorithm::EdDSA);
            header.typ = Some(kind.to_owned());
            header.kid = Some(tokens.key_id.clone());
            jsonwebtoken::encode(&header, claims, &tokens.signing).unwrap()
        };
        assert!(tokens.read(&signed(TYPE, &good), now).is_ok());
        let elsewhere = Claims { aud: "https://another.example".into(), ..good.clone() };
        let of_another = Claims { iss: "https://another.example".into(), ..good.clone() };
        for bad in [signed("JWT", &good), signed("refresh+jwt", &good), signed(TYPE, &elsewhere), signed(TYPE, &of_another)] {
            assert!(matches!(tokens.read(&bad, now), Err(Error::Unauthenticated(Unauthenticated::TokenInvalid))));
        }
    }
}
