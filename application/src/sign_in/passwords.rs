//! Passwords: Argon2id, hashed behind a gate so that a flood of sign-ins does not starve other requests.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use argon2::password_hash::{Error as HashError, Output, ParamsString, PasswordHash, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;

use super::Source;
use super::strength::{self, Known};
use super::turns::Turns;
use crate::{Error, clock};

/// The shortest password that stands alone, without a second factor (NIST SP 800-63B-4: 15 characters).
pub const SHORTEST: usize = 15;
/// The longest password that is hashed, in characters.
pub const LONGEST: usize = 256;

/// How long a sign-in waits for its turn to hash.
const HASH_PATIENCE: Duration = Duration::from_secs(3);
/// How long a new password waits for its turn to be estimated: whoever chooses one waits rather than chooses again.
const ESTIMATE_PATIENCE: Duration = Duration::from_secs(5);

/// The cost of one hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
}

impl Cost {
    /// The least cost for real people: 19 MiB, two passes (OWASP), about 30 ms of a core.
    pub const STANDARD: Self = Self { memory_kib: 19 * 1024, passes: 2 };
    /// For tests and load generators only.
    pub const CHEAP: Self = Self { memory_kib: 8, passes: 1 };
}

/// Memory blocks of hashes, kept for the next ones: given back to the allocator after each, 19 MiB blocks leave its heap in pieces, and the
/// server holds several hundred megabytes after some dozen sign-ins.
type Memory = Vec<Block>;

/// The length of a hash in bytes.
const HASH_LENGTH: usize = Params::DEFAULT_OUTPUT_LEN;

/// The result of a check of a password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Whether it is the account's password.
    pub right: bool,
    /// Whether it was hashed as it was sent, not in normal form: then it should be hashed anew.
    pub in_old_form: bool,
}

/// A password in the one form that is measured and hashed: NFKC (NIST SP 800-63B, 3.1.1.2), so that it does not matter how a keyboard
/// composes its letters.
fn normal_form(password: &SecretString) -> SecretString {
    SecretString::from(password.expose_secret().nfkc().collect::<String>())
}

/// Hashes and verifies passwords.
pub struct Passwords {
    params: Params,
    turns: Arc<Turns>,
    /// Apart from the hashes: nobody's new password keeps others from signing in.
    estimates: Arc<Semaphore>,
    /// At most as many as may run at once.
    memories: Arc<Mutex<Vec<Memory>>>,
    /// Verified when there is no such account, so that the answer takes the same time.
    decoy: Option<String>,
}

impl Passwords {
    /// With the cost of a hash and how many may run at once.
    pub fn new(cost: Cost, at_once: usize) -> Result<Self, Error> {
        let params =
            Params::new(cost.memory_kib, cost.passes, 1, None).map_err(|_| Error::Internal("the password cost is out of range"))?;
        let decoy = decoy(&params)?;
        Ok(Self {
            params,
            turns: Turns::new(at_once),
            estimates: Arc::new(Semaphore::new(1)),
            memories: Arc::default(),
            decoy: Some(decoy),
        })
    }

    /// For the control of the test that measures how long a sign-in takes: an unknown account is answered without any work, which tells
    /// it from a known one.
    #[doc(hidden)]
    pub fn without_decoy(cost: Cost, at_once: usize) -> Result<Self, Error> {
        Ok(Self { decoy: None, ..Self::new(cost, at_once)? })
    }

    /// The rule that a new password breaks: its length, as sent and in normal form, and its strength; no rules of composition. `known`
    /// are the words that whoever knows the person would try.
    pub async fn fault_of(&self, password: &SecretString, known: Known) -> Result<Option<&'static str>, Error> {
        let sent = password.expose_secret();
        let normal = normal_form(password);
        for text in [sent, normal.expose_secret()] {
            match text.chars().count() {
                0..SHORTEST => return Ok(Some("password_too_short")),
                SHORTEST..=LONGEST => {}
                _ => return Ok(Some("password_too_long")),
            }
        }
        let strong = behind(&self.estimates, ESTIMATE_PATIENCE, move || strength::is_best(normal.expose_secret(), &known)).await?;
        Ok((!strong).then_some("password_too_common"))
    }

    /// Hashes a new password, in normal form.
    pub async fn hash(&self, password: &SecretString, source: Option<Source>) -> Result<String, Error> {
        let (params, normal) = (self.params.clone(), normal_form(password));
        self.in_turn(source, move |memory| hash_with(&params, normal.expose_secret(), memory)).await?
    }

    /// Whether `password` is the one of `stored`; with `None`, takes as long and says no.
    ///
    /// Release 0.1 hashed what was sent. So a text that is not its own normal form is tried in both forms, always, whatever the account:
    /// the time tells nothing.
    pub async fn verify(&self, password: &SecretString, stored: Option<String>, source: Option<Source>) -> Result<Verified, Error> {
        let (sent, normal, known) = (password.clone(), normal_form(password), stored.is_some());
        let Some(stored) = stored.or_else(|| self.decoy.clone()) else { return Ok(Verified::default()) };
        let in_both_forms = move |memory: &mut Memory| {
            let right = is_of(&stored, normal.expose_secret(), memory)?;
            let other = sent.expose_secret() != normal.expose_secret() && is_of(&stored, sent.expose_secret(), memory)?;
            Ok(Verified { right: known && (right || other), in_old_form: known && !right && other })
        };
        let verified: Result<Verified, HashError> = self.in_turn(source, in_both_forms).await?;
        verified.map_err(|_| Error::Internal("a stored password hash is not readable"))
    }

    /// Whether `stored` was made with another cost than today's, so that the next sign-in should hash anew.
    pub fn is_outdated(&self, stored: &str) -> bool {
        let Ok(parsed) = PasswordHash::new(stored) else { return true };
        Params::try_from(&parsed).map_or(true, |params| params.m_cost() != self.params.m_cost() || params.t_cost() != self.params.t_cost())
    }

    /// Runs a hash on a blocking thread, when the turn of its source comes.
    async fn in_turn<T: Send + 'static>(
        &self,
        source: Option<Source>,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let turn = self.turns.take(source, HASH_PATIENCE).await?;
        let memories = Arc::clone(&self.memories);
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let mut memory = memories.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
            let done = work(&mut memory);
            memories.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
            done
        });
        done.await.map_err(|_| Error::Internal("work on a password did not finish"))
    }
}

/// Runs work on a blocking thread, when its turn at a gate comes. A queue longer than the patience answers "busy" instead.
async fn behind<T: Send + 'static>(
    gate: &Arc<Semaphore>,
    timeout: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    let turn = tokio::time::timeout(timeout, Arc::clone(gate).acquire_owned())
        .await
        .map_err(|_| Error::Stored(persistence::Error::Busy))?
        .map_err(|_| Error::Internal("the gate before the passwords is closed"))?;
    let done = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work()
    });
    done.await.map_err(|_| Error::Internal("work on a password did not finish"))
}

fn hash_with(params: &Params, password: &str, memory: &mut Memory) -> Result<String, Error> {
    let salt = clock::random::<16>()?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let made = output(&argon2, password, &salt, HASH_LENGTH, memory).and_then(|hash| stored(params, &salt, hash));
    made.map_err(|_| Error::Internal("the password could not be hashed"))
}

/// A hash that no password has: random bytes. It takes as long to verify as any other, and nothing to make at the start.
fn decoy(params: &Params) -> Result<String, Error> {
    let (salt, bytes) = (clock::random::<16>()?, clock::random::<HASH_LENGTH>()?);
    let made = Output::new(&bytes).and_then(|hash| stored(params, &salt, hash));
    made.map_err(|_| Error::Internal("the decoy could not be made"))
}

/// The form in which a hash is stored.
fn stored(params: &Params, salt: &[u8], hash: Output) -> Result<String, HashError> {
    let salt = SaltString::encode_b64(salt)?;
    let stored = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(params)?,
        salt: Some(salt.as_salt()),
        hash: Some(hash),
    };
    Ok(stored.to_string())
}

/// Whether a stored hash, whatever it cost, is this password's. The comparison takes the same time wherever they differ.
fn is_of(stored: &str, password: &str, memory: &mut Memory) -> Result<bool, HashError> {
    let parsed = PasswordHash::new(stored)?;
    let (Some(salt), Some(hash)) = (parsed.salt, parsed.hash) else { return Err(HashError::PhcStringField) };
    let version = parsed.version.map_or(Ok(Version::V0x13), Version::try_from)?;
    let argon2 = Argon2::new(Algorithm::try_from(parsed.algorithm)?, version, Params::try_from(&parsed)?);
    let mut bytes = [0_u8; 64];
    Ok(output(&argon2, password, salt.decode_b64(&mut bytes)?, hash.len(), memory)? == hash)
}

fn output(argon2: &Argon2<'_>, password: &str, salt: &[u8], length: usize, memory: &mut Memory) -> Result<Output, HashError> {
    let blocks = argon2.params().block_count();
    if memory.len() < blocks {
        memory.resize(blocks, Block::default());
    }
    Output::init_with(length, |out| Ok(argon2.hash_password_into_with_memory(password.as_bytes(), salt, out, memory.as_mut_slice())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn short_long_and_guessable_passwords_are_named() {
        let passwords = Passwords::new(Cost::CHEAP, 1).unwrap();
        for (text, fault) in [
            ("fourteen chars", Some("password_too_short")),
            ("aaaaaaaaaaaaaaaa", Some("password_too_common")),
            ("PasswordPassword", Some("password_too_common")),
            ("summer2026summer", Some("password_too_common")),
            ("mei.tanaka@example.org", Some("password_too_common")),
            ("plum tree in the rain", None),
            ("雨の中の梅の木と古い池の蛙たち", None),
        ] {
            let known = Known::default().with("mei.tanaka@example.org");
            assert_eq!(passwords.fault_of(&SecretString::from(text), known).await.unwrap(), fault, "{text}");
        }
        let long = SecretString::from("é".repeat(LONGEST + 1));
        assert_eq!(passwords.fault_of(&long, Known::default()).await.unwrap(), Some("password_too_long"));
        let long_as_sent = SecretString::from("e\u{301}".repeat(200));
        assert_eq!(passwords.fault_of(&long_as_sent, Known::default()).await.unwrap(), Some("password_too_long"), "400 characters as sent");
        let long_in_normal_form = SecretString::from("\u{fdfa}".repeat(20));
        assert_eq!(passwords.fault_of(&long_in_normal_form, Known::default()).await.unwrap(), Some("password_too_long"));
    }

    #[tokio::test]
    async fn a_password_verifies_against_its_own_hash_only() {
        let passwords = Passwords::new(Cost::CHEAP, 1).unwrap();
        let right = SecretString::from("plum tree in the rain");
        let stored = passwords.hash(&right, None).await.unwrap();
        assert!(passwords.verify(&right, Some(stored.clone()), None).await.unwrap().right);
        assert!(!passwords.verify(&SecretString::from("plum tree in the sun"), Some(stored.clone()), None).await.unwrap().right);
        assert!(!passwords.verify(&right, None, None).await.unwrap().right);
        assert!(!passwords.is_outdated(&stored));
        assert!(Passwords::new(Cost { memory_kib: 16, passes: 1 }, 1).unwrap().is_outdated(&stored));
    }

    #[tokio::test]
    async fn a_password_is_one_however_it_is_composed() {
        let passwords = Passwords::new(Cost::CHEAP, 1).unwrap();
        let (composed, decomposed) =
            (SecretString::from("prunier sous la pluie d'été"), SecretString::from("prunier sous la pluie d'e\u{301}te\u{301}"));
        let stored = passwords.hash(&composed, None).await.unwrap();
        let verified = passwords.verify(&decomposed, Some(stored), None).await.unwrap();
        assert_eq!(verified, Verified { right: true, in_old_form: false });
        // As release 0.1 hashed it.
        let old = hash_with(&passwords.params, decomposed.expose_secret(), &mut Memory::new()).unwrap();
        let verified = passwords.verify(&decomposed, Some(old), None).await.unwrap();
        assert_eq!(verified, Verified { right: true, in_old_form: true });
    }
}
