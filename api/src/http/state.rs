//! The state that all requests share, and whether the server takes requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use application::App;

use super::contract::Contract;
use super::messages::Messages;
use super::origins::Origins;
use super::rates::Rates;
use super::source::TrustedProxies;
use crate::documents::places::UploadPlaces;
use crate::limits::Limits;

/// The state that all requests share.
pub(crate) struct HttpState {
    pub(crate) app: Arc<App>,
    pub(crate) contract: Contract,
    pub(crate) messages: Arc<Messages>,
    pub(crate) proxies: TrustedProxies,
    pub(crate) origins: Origins,
    pub(crate) rates: Rates,
    pub(crate) uploads: UploadPlaces,
    pub(crate) explorer: Explorer,
    pub(crate) limits: Limits,
}

/// Whether the server takes new requests; off from the moment that it is told to stop.
#[derive(Clone, Debug, Default)]
pub struct Readiness(Arc<Phases>);

#[derive(Debug, Default)]
struct Phases {
    is_on: AtomicBool,
    is_closing: AtomicBool,
}

impl Readiness {
    /// Whether it takes requests.
    pub fn is_on(&self) -> bool {
        self.0.is_on.load(Ordering::SeqCst)
    }

    /// Whether each answer closes its connection.
    pub(crate) fn is_closing(&self) -> bool {
        self.0.is_closing.load(Ordering::SeqCst)
    }

    pub(crate) fn set(&self, on: bool) {
        self.0.is_on.store(on, Ordering::SeqCst);
    }

    pub(crate) fn close(&self) {
        self.0.is_closing.store(true, Ordering::SeqCst);
    }
}

/// The document at `/openapi.json` and the pages at `/docs` that try it out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Explorer {
    /// They are not there.
    Off,
    /// They are there. The page forgets the token with its tab.
    #[default]
    On,
    /// The page keeps the token in the browser's storage: for a demo, whose people are nobody.
    KeepingTokens,
}
