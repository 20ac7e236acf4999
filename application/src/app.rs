//! The hospital as one running program holds it: its store, clock, keys and settings.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::settings::HospitalSettings;
use persistence::{Store, Transaction};
use secrecy::ExposeSecret as _;

use crate::clock::Ids;
use crate::in_flight::InFlight;
use crate::refusals::Refusals;
use crate::sign_in::passwords::Passwords;
use crate::sign_in::tokens::Tokens;
use crate::{Clock, Error};

/// How long settings read from the database are believed: another server may have changed them.
const SETTINGS_LIFE: Duration = Duration::from_secs(5);

/// How a hospital is opened.
pub struct AppOptions {
    /// The opened database.
    pub store: Store,
    /// The clock.
    pub clock: Clock,
    /// The URL under which this server is known; the issuer and the audience of its tokens.
    pub public_url: String,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// Whether sign-in counts attempts; off only for load generators and fuzzers.
    pub throttling: bool,
}

/// The state that every use case works with. Cheap to share behind an [`Arc`].
pub struct App {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) tokens: Tokens,
    pub(crate) passwords: Passwords,
    pub(crate) throttling: bool,
    pub(crate) ids: Arc<Ids>,
    pub(crate) in_flight: InFlight,
    pub(crate) refusals: Refusals,
    /// Wakes whoever does jobs.
    pub(crate) jobs: tokio::sync::Notify,
    settings: Mutex<Option<(Instant, Settings)>>,
}

/// The settings in force, with the version that a change must name.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The values.
    pub values: Arc<HospitalSettings>,
    /// Counts the changes; 0 while nobody has changed a default.
    pub version: u64,
}

impl App {
    /// Opens the hospital on its store.
    pub fn open(opening: AppOptions) -> Result<Self, Error> {
        let signing = opening.store.vault().token_signing();
        let tokens = Tokens::new(&opening.public_url, signing.pkcs8.expose_secret(), &signing.public_key);
        Ok(Self {
            ids: Arc::new(Ids::from(opening.store.newest())),
            store: opening.store,
            clock: opening.clock,
            tokens,
            passwords: opening.passwords,
            throttling: opening.throttling,
            in_flight: InFlight::default(),
            refusals: Refusals::default(),
            jobs: tokio::sync::Notify::new(),
            settings: Mutex::new(None),
        })
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The store, for its load and its end.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Signs and reads access tokens.
    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// Whether attempts to sign in, and letters with codes, are counted.
    pub fn is_throttling(&self) -> bool {
        self.throttling
    }

    /// Reads back every row that holds a stored value, and says what is wrong with each that cannot be read, or whose columns in clear
    /// disagree with it. `examined` hears of each table with the number of its rows.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn examine_rows(&self, mut examined: impl FnMut(&'static str, usize)) -> Result<Vec<String>, Error> {
        const AT_ONCE: i64 = 500;
        let mut faults = Vec::new();
        for (table, examine) in persistence::TABLES {
            let (mut after, mut rows) = (uuid::Uuid::nil(), 0);
            loop {
                let part = self.store.read(move |tx| examine(tx, after, AT_ONCE).map_err(Error::from)).await?;
                rows += part.rows;
                faults.extend(part.faults.iter().map(ToString::to_string));
                match part.last {
                    Some(last) => after = last,
                    None => break,
                }
            }
            examined(table, rows);
        }
        Ok(faults)
    }

    /// The settings in force, at most five seconds old.
    pub async fn settings(&self) -> Result<Settings, Error> {
        if let Some((read_at, settings)) = self.settings.lock().unwrap_or_else(PoisonError::into_inner).as_ref()
            && read_at.elapsed() < SETTINGS_LIFE
        {
            return Ok(settings.clone());
        }
        let settings = self.store.read(read_settings).await?;
        self.remember(Some(&settings));
        Ok(settings)
    }

    /// Keeps settings for a while, or forgets those that were kept.
    pub(crate) fn remember(&self, settings: Option<&Settings>) {
        let kept = settings.map(|settings| (Instant::now(), settings.clone()));
        *self.settings.lock().unwrap_or_else(PoisonError::into_inner) = kept;
    }
}

/// Reads the settings within a transaction.
pub(crate) fn read_settings(tx: &mut Transaction<'_>) -> Result<Settings, Error> {
    let stored = persistence::settings::get(tx)?;
    Ok(Settings { values: Arc::new(stored.settings), version: u64::try_from(stored.version).unwrap_or(0) })
}
