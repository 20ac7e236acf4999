//! One AES-256-GCM key and the form of what it seals.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

/// The form described in the module above.
const FORMAT: u8 = 1;

/// Format, key version, nonce.
const HEAD: usize = 1 + 4 + NONCE_LEN;

/// A key that seals and opens.
pub(crate) struct Seal(LessSafeKey);

impl Seal {
    /// A key from its 32 bytes.
    pub(crate) fn new(key: &[u8]) -> Option<Self> {
        UnboundKey::new(&AES_256_GCM, key).ok().map(|key| Self(LessSafeKey::new(key)))
    }

    /// Seals `plain` for `place` under the key's `version`.
    pub(crate) fn close(&self, version: u32, place: &str, plain: &[u8]) -> Option<Vec<u8>> {
        // Random nonces are safe for 2^32 values under one key (NIST SP 800-38D); keys have versions so that a new one can follow.
        let mut nonce = [0_u8; NONCE_LEN];
        aws_lc_rs::rand::fill(&mut nonce).ok()?;
        let mut sealed = Vec::with_capacity(HEAD + plain.len() + AES_256_GCM.tag_len());
        sealed.push(FORMAT);
        sealed.extend_from_slice(&version.to_be_bytes());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let body = sealed.get_mut(HEAD..)?;
        let tag = self.0.seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place.as_bytes()), body).ok()?;
        sealed.extend_from_slice(tag.as_ref());
        Some(sealed)
    }

    /// Opens what was sealed for `place`.
    pub(crate) fn open(&self, place: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        if sealed.first() != Some(&FORMAT) {
            return None;
        }
        let nonce = Nonce::try_assume_unique_for_key(sealed.get(5..HEAD)?).ok()?;
        let mut body = sealed.get(HEAD..)?.to_vec();
        let length = self.0.open_in_place(nonce, Aad::from(place.as_bytes()), &mut body).ok()?.len();
        body.truncate(length);
        Some(body)
    }
}

/// The version of the key that sealed this.
pub(crate) fn version(sealed: &[u8]) -> Option<u32> {
    sealed.get(1..5).and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_only_in_its_place_and_unchanged() {
        let seal = Seal::new(&[7; 32]).unwrap();
        let sealed = seal.close(3, "users.profile.1", "山田".as_bytes()).unwrap();
        assert_eq!(version(&sealed), Some(3));
        assert_eq!(seal.open("users.profile.1", &sealed).unwrap(), "山田".as_bytes());
        assert!(seal.open("users.profile.2", &sealed).is_none());
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            let opens = seal.open("users.profile.1", &changed).is_some();
            assert_eq!(opens, (1..5).contains(&position), "byte {position}: only the version is judged elsewhere");
        }
        assert!(seal.open("users.profile.1", &sealed[..HEAD - 1]).is_none());
        assert!(Seal::new(&[8; 32]).unwrap().open("users.profile.1", &sealed).is_none());
    }
}
