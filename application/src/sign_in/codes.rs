//! One-time codes that travel by mail: to verify an address, to set a password, to join a case.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ids::{CaseId, RegistrationKey, UserId};
use domain::people::EmailAddress;
use jiff::{SignedDuration, Timestamp};
use persistence::Transaction;
use persistence::codes::{Code, Purpose};
use uuid::Uuid;

use crate::error::Conflict;
use crate::{Error, Work, clock};

/// The content of a new code.
pub(crate) struct NewCode {
    pub(crate) purpose: Purpose,
    pub(crate) user: Option<UserId>,
    pub(crate) case: Option<CaseId>,
    pub(crate) email: Option<EmailAddress>,
    pub(crate) payload: Option<serde_json::Value>,
    pub(crate) life: SignedDuration,
}

/// A code or a token and what is stored of it.
pub(crate) struct Secret {
    pub(crate) text: String,
    pub(crate) hash: Vec<u8>,
}

/// 256 random bits, with the hash under which they are stored.
pub(crate) fn secret() -> Result<Secret, Error> {
    let text = URL_SAFE_NO_PAD.encode(clock::random::<32>()?);
    let hash = hash_of(&text);
    Ok(Secret { text, hash })
}

/// The hash of a code as a person enters it: blanks around it, and the full stop of the sentence that it stood in, are not part of it.
pub(crate) fn hash_of_code(entered: &str) -> Vec<u8> {
    hash_of(entered.trim().trim_end_matches(['.', '。']).trim_end())
}

/// The hash under which a secret is stored. The secrets are random, so a plain digest suffices.
pub(crate) fn hash_of(text: &str) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes()).as_ref().to_vec()
}

/// A code that was issued.
pub(crate) struct Issued {
    pub(crate) id: Uuid,
    /// The code itself, which is stored nowhere.
    pub(crate) text: String,
    pub(crate) expires_at: Timestamp,
}

/// Issues a code.
pub(crate) fn issue(work: &mut Work<'_, '_>, new: NewCode) -> Result<Issued, Error> {
    let (secret, now) = (secret()?, work.now);
    let expires_at = clock::after(now, new.life)?;
    let code = Code {
        // Codes of every purpose stand in one table, so that their identifiers are of one kind.
        id: work.fresh::<RegistrationKey>().uuid(),
        purpose: new.purpose,
        code_hash: secret.hash,
        user: new.user,
        case: new.case,
        email: new.email,
        payload: new.payload,
        created_at: now,
        expires_at,
        used_at: None,
    };
    persistence::codes::insert(work.tx, &code)?;
    Ok(Issued { id: code.id, text: secret.text, expires_at })
}

/// Whether a code is neither used nor too old.
pub(crate) fn is_good(code: &Code, now: Timestamp) -> bool {
    code.used_at.is_none() && code.expires_at > now
}

/// Gives a code another text and a new life; the text before is good no longer.
pub(crate) fn renew(tx: &mut Transaction<'_>, code: &Code, life: SignedDuration, now: Timestamp) -> Result<String, Error> {
    let secret = secret()?;
    let expires_at = clock::after(now, life)?;
    persistence::codes::renew(tx, code.id, &secret.hash, expires_at)?;
    Ok(secret.text)
}

/// Gives a code a text that everybody knows: the demo's.
pub(crate) fn publish(tx: &mut Transaction<'_>, id: Uuid, text: &str, life: SignedDuration, now: Timestamp) -> Result<(), Error> {
    Ok(persistence::codes::renew(tx, id, &hash_of(text), clock::after(now, life)?)?)
}

/// Uses a code up.
///
/// # Errors
/// `code_refused` for a code that is unknown, used or expired: one answer for all.
pub(crate) fn redeem(tx: &mut Transaction<'_>, purpose: Purpose, text: &str, now: Timestamp) -> Result<Code, Error> {
    let refused = Error::Conflict(Conflict::CodeRefused);
    let Some(code) = persistence::codes::find_by_hash(tx, purpose, &hash_of_code(text))? else { return Err(refused) };
    if !is_good(&code, now) {
        return Err(refused);
    }
    match persistence::codes::use_up(tx, code.id, now) {
        // Somebody used it at the same time.
        Err(persistence::Error::Stale) => Err(refused),
        used => Ok(used.map(|()| code)?),
    }
}
