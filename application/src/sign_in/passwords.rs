//! Passwords: Argon2id, hashed behind a gate so that a flood of sign-ins does not starve other requests.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;

use crate::{Error, clock};

/// The shortest password that stands alone, without a second factor (NIST SP 800-63B-4: 15 characters).
pub const SHORTEST: usize = 15;
/// The longest password that is hashed, in characters.
pub const LONGEST: usize = 256;

/// Passwords that are long enough and yet the first that anybody tries; compared in lower case.
const BLOCKED: [&str; 12] = [
    "passwordpassword",
    "password12345678",
    "passwort12345678",
    "123456789012345",
    "1234567890123456",
    "12345678901234567890",
    "qwertyuiopasdfgh",
    "qwertyuiopasdfghjkl",
    "correcthorsebatterystaple",
    "correct horse battery staple",
    "secondopinion12345",
    "letmeinletmeinletmein",
];

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

/// Hashes and verifies passwords.
pub struct Passwords {
    argon2: Argon2<'static>,
    gate: Arc<Semaphore>,
    /// Verified when there is no such account, so that the answer takes the same time.
    decoy: String,
}

impl Passwords {
    /// With the cost of a hash and how many may run at once.
    pub fn new(cost: Cost, at_once: usize) -> Result<Self, Error> {
        let params =
            Params::new(cost.memory_kib, cost.passes, 1, None).map_err(|_| Error::Internal("the password cost is out of range"))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = hash_with(&argon2, "a password that nobody has")?;
        Ok(Self { argon2, gate: Arc::new(Semaphore::new(at_once.max(1))), decoy })
    }

    /// Checks the rules for a new password: length and the blocklist; no rules of composition.
    pub fn faults_of(password: &SecretString) -> Option<&'static str> {
        let text = password.expose_secret();
        let length = text.chars().count();
        if length < SHORTEST {
            return Some("password_too_short");
        }
        if length > LONGEST {
            return Some("password_too_long");
        }
        let lower = text.to_lowercase();
        let first = lower.chars().next();
        let monotonous = lower.chars().all(|letter| Some(letter) == first);
        (monotonous || BLOCKED.contains(&lower.as_str())).then_some("password_too_common")
    }

    /// Hashes a new password.
    pub async fn hash(&self, password: &SecretString) -> Result<String, Error> {
        let (argon2, password) = (self.argon2.clone(), password.clone());
        self.behind_the_gate(move || hash_with(&argon2, password.expose_secret())).await?
    }

    /// Whether `password` is the one of `stored`; with `None`, takes as long and says no.
    pub async fn verify(&self, password: &SecretString, stored: Option<String>) -> Result<bool, Error> {
        let (argon2, password, known) = (self.argon2.clone(), password.clone(), stored.is_some());
        let stored = stored.unwrap_or_else(|| self.decoy.clone());
        self.behind_the_gate(move || {
            let parsed = PasswordHash::new(&stored).map_err(|_| Error::Internal("a stored password hash is not readable"))?;
            Ok(argon2.verify_password(password.expose_secret().as_bytes(), &parsed).is_ok() && known)
        })
        .await?
    }

    /// Whether `stored` was made with another cost than today's, so that the next sign-in should hash anew.
    pub fn is_outdated(&self, stored: &str) -> bool {
        let Ok(parsed) = PasswordHash::new(stored) else { return true };
        Params::try_from(&parsed)
            .map_or(true, |params| params.m_cost() != self.argon2.params().m_cost() || params.t_cost() != self.argon2.params().t_cost())
    }

    /// Runs a hash on a blocking thread, when its turn comes. A queue longer than a second answers "busy" instead.
    async fn behind_the_gate<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let gate = Arc::clone(&self.gate);
        let turn = tokio::time::timeout(Duration::from_secs(1), gate.acquire_owned())
            .await
            .map_err(|_| Error::Stored(persistence::Error::Busy))?
            .map_err(|_| Error::Internal("the gate before the password hashes is closed"))?;
        tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        })
        .await
        .map_err(|_| Error::Internal("a password hash did not finish"))
    }
}

fn hash_with(argon2: &Argon2<'_>, password: &str) -> Result<String, Error> {
    let salt = clock::random::<16>()?;
    let salt = SaltString::encode_b64(&salt).map_err(|_| Error::Internal("the salt could not be encoded"))?;
    argon2
        .hash_password(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|_| Error::Internal("the password could not be hashed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_common_and_monotonous_passwords_are_named() {
        let fault = |text: &str| Passwords::faults_of(&SecretString::from(text));
        assert_eq!(fault("fourteen chars"), Some("password_too_short"));
        assert_eq!(fault("aaaaaaaaaaaaaaaa"), Some("password_too_common"));
        assert_eq!(fault("PasswordPassword"), Some("password_too_common"));
        assert_eq!(fault(&"é".repeat(LONGEST + 1)), Some("password_too_long"));
        assert_eq!(fault("plum tree in the rain"), None);
        assert_eq!(fault("雨の中の梅の木と古い池の蛙たち"), None, "fifteen characters, not bytes");
    }

    #[tokio::test]
    async fn a_password_verifies_against_its_own_hash_only() {
        let passwords = Passwords::new(Cost::CHEAP, 1).unwrap();
        let right = SecretString::from("plum tree in the rain");
        let stored = passwords.hash(&right).await.unwrap();
        assert!(passwords.verify(&right, Some(stored.clone())).await.unwrap());
        assert!(!passwords.verify(&SecretString::from("plum tree in the sun"), Some(stored.clone())).await.unwrap());
        assert!(!passwords.verify(&right, None).await.unwrap());
        assert!(!passwords.is_outdated(&stored));
        assert!(Passwords::new(Cost { memory_kib: 16, passes: 1 }, 1).unwrap().is_outdated(&stored));
    }
}
