//! The first answer to each idempotency key, kept sealed in the transaction of its effect.

use diesel::prelude::*;
use diesel::query_dsl::methods::FilterDsl;
use diesel::upsert::excluded;
use jiff::Timestamp;
use uuid::Uuid;

use crate::columns::Bind;
use crate::schema::idempotency_keys as keys;
use crate::{Error, Transaction};

/// A kept answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Of the request: method, path, body.
    pub fingerprint: Vec<u8>,
    /// HTTP status of the answer.
    pub status: u16,
    /// Its body; sealed.
    pub body: Vec<u8>,
}

/// The answer kept under the hash of caller, operation and key, unless it has run out.
pub fn find(tx: &mut Transaction<'_>, key_hash: &[u8], now: Timestamp) -> Result<Option<Kept>, Error> {
    let row: Option<(Vec<u8>, i32, Vec<u8>)> =
        with_connection!(tx, |c| QueryDsl::filter(keys::table, keys::key_hash.eq(key_hash).and(keys::expires_at.gt(Bind(now))))
            .select((keys::fingerprint, keys::status, keys::body_sealed))
            .first(c)
            .optional())?;
    let Some((fingerprint, status, sealed)) = row else { return Ok(None) };
    let id = place(key_hash);
    let status = u16::try_from(status).map_err(|_| Error::corrupt("idempotency_keys", "status", id))?;
    Ok(Some(Kept { fingerprint, status, body: tx.vault().open("idempotency_keys", "body_sealed", id, &sealed)? }))
}

/// Keeps an answer. One that has run out gives way.
///
/// # Errors
/// [`Error::Duplicate`] of `idempotency_keys.key_hash` when a twin of the request was first.
pub fn insert(tx: &mut Transaction<'_>, key_hash: &[u8], kept: &Kept, now: Timestamp, expires_at: Timestamp) -> Result<(), Error> {
    let row = (
        keys::key_hash.eq(key_hash),
        keys::fingerprint.eq(&kept.fingerprint),
        keys::status.eq(i32::from(kept.status)),
        keys::body_sealed.eq(tx.vault().seal("idempotency_keys", "body_sealed", place(key_hash), &kept.body)?),
        keys::created_at.eq(Bind(now)),
        keys::expires_at.eq(Bind(expires_at)),
    );
    let replaced = (
        keys::fingerprint.eq(excluded(keys::fingerprint)),
        keys::status.eq(excluded(keys::status)),
        keys::body_sealed.eq(excluded(keys::body_sealed)),
        keys::created_at.eq(excluded(keys::created_at)),
        keys::expires_at.eq(excluded(keys::expires_at)),
    );
    let upsert = diesel::insert_into(keys::table).values(row).on_conflict(keys::key_hash).do_update().set(replaced);
    let upsert = FilterDsl::filter(upsert, keys::expires_at.le(Bind(now)));
    let written = with_connection!(tx, |c| upsert.execute(c))?;
    if written == 0 { Err(Error::Duplicate { constraint: "idempotency_keys.key_hash".to_owned() }) } else { Ok(()) }
}

/// Forgets answers that have run out, `limit` at most; says how many.
pub fn sweep(tx: &mut Transaction<'_>, now: Timestamp, limit: u32) -> Result<usize, Error> {
    let over = QueryDsl::filter(keys::table, keys::expires_at.le(Bind(now)));
    let over: Vec<Vec<u8>> = with_connection!(tx, |c| over.order(keys::expires_at).limit(i64::from(limit)).select(keys::key_hash).load(c))?;
    with_connection!(tx, |c| diesel::delete(QueryDsl::filter(keys::table, keys::key_hash.eq_any(&over))).execute(c))
}

/// Sealed values are bound to an identifier; a key's is the head of its hash.
fn place(key_hash: &[u8]) -> Uuid {
    let mut bytes = [0_u8; 16];
    for (to, from) in bytes.iter_mut().zip(key_hash) {
        *to = *from;
    }
    Uuid::from_bytes(bytes)
}
