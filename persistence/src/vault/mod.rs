//! The vault: data keys wrapped by the master key, and what is sealed with them.
//!
//! Every sealed value is bound to its place (table, column, id), so that a value moved to another row does not open.
//! Its form: format (1 byte, 1) · key version (4 bytes, big-endian) · nonce (12 bytes) · ciphertext and tag (AES-256-GCM).

mod keys;
mod seal;
mod words;

use std::collections::BTreeMap;
use std::fmt;

use aws_lc_rs::hmac;
use domain::people::EmailAddress;
use jiff::Timestamp;
use secrecy::{SecretBox, SecretSlice};
use uuid::Uuid;

use crate::connection::Connection;
use crate::error::{Error, OpenError};
use seal::Seal;

/// Seals and opens personal data, and makes blind indexes over it.
pub struct Vault {
    seals: BTreeMap<u32, Seal>,
    newest: u32,
    index: hmac::Key,
    signing: TokenSigning,
}

/// The key that signs access tokens.
pub struct TokenSigning {
    /// Version of the key, to name it in a token's header.
    pub version: u32,
    /// The Ed25519 key pair, PKCS #8.
    pub pkcs8: SecretSlice<u8>,
    /// The public key, 32 bytes.
    pub public_key: Vec<u8>,
}

/// Bytes of a blind index.
const INDEX_LENGTH: usize = 16;

impl Vault {
    /// Reads the data keys, making them if there are none, and unwraps them.
    pub(crate) fn unlock(connection: &mut Connection, master: &SecretBox<[u8; 32]>, now: Timestamp) -> Result<Self, OpenError> {
        keys::unlock(connection, master, now)
    }

    /// Wraps the data keys by another master key.
    pub(crate) fn change_master_key(
        connection: &mut Connection,
        old: &SecretBox<[u8; 32]>,
        new: &SecretBox<[u8; 32]>,
    ) -> Result<(), OpenError> {
        keys::rewrap(connection, old, new)
    }

    /// Seals bytes for one place.
    pub fn seal(&self, table: &'static str, column: &'static str, id: Uuid, plain: &[u8]) -> Result<Vec<u8>, Error> {
        let seal = self.seals.get(&self.newest).ok_or_else(|| Error::Query("no sealing key".to_owned()))?;
        seal.close(self.newest, &place(table, column, id), plain).ok_or_else(|| Error::Query(format!("sealing {table}.{column}")))
    }

    /// Opens what was sealed for this very place.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if it was not, or was changed since.
    pub fn open(&self, table: &'static str, column: &'static str, id: Uuid, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        seal::version(sealed)
            .and_then(|version| self.seals.get(&version))
            .and_then(|seal| seal.open(&place(table, column, id), sealed))
            .ok_or_else(|| Error::corrupt(table, column, id))
    }

    /// A keyed hash of a word, by which it can be found but not read: HMAC-SHA-256, cut to 16 bytes, of the word without
    /// width, case, accents and the difference between the kana.
    pub fn blind_index(&self, word: &str) -> Vec<u8> {
        self.fingerprint(words::normalised(word).as_bytes())
    }

    /// A keyed hash of bytes as they are, 16 bytes.
    pub fn fingerprint(&self, bytes: &[u8]) -> Vec<u8> {
        hmac::sign(&self.index, bytes).as_ref().iter().copied().take(INDEX_LENGTH).collect()
    }

    /// The keyed digest under which the holder of an address is found: of the canonical form, and of nothing that a search folds.
    pub fn address_digest(&self, address: &EmailAddress) -> Vec<u8> {
        self.fingerprint(format!("address\0{}", address.canonical()).as_bytes())
    }

    /// The words of a text, normalised and each once, as a blind index wants them.
    pub fn words(text: &str) -> Vec<String> {
        words::split(text)
    }

    /// The key that signs access tokens.
    pub fn token_signing(&self) -> &TokenSigning {
        &self.signing
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("newest", &self.newest).finish_non_exhaustive()
    }
}

impl fmt::Debug for TokenSigning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSigning").field("version", &self.version).finish_non_exhaustive()
    }
}

fn place(table: &str, column: &str, id: Uuid) -> String {
    format!("{table}.{column}.{id}")
}
