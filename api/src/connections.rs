//! Connections, before a request is anybody's: how many there are, how long each side is waited for, and where each message ends.
//!
//! One client must not be able to stop the server for all others, with or without a right to anything. So each accepted connection holds a
//! place, and is wrapped in a stream that keeps the limits of the settings.

mod chunks;
mod message;
mod places;
mod stream;
#[cfg(test)]
mod stream_tests;
mod waiting;

use std::sync::Arc;
use std::time::Duration;

use actix_http::Protocol;
use actix_http::error::DispatchError;
use actix_service::{ServiceFactory, fn_service};
use actix_web::web;
use tokio::net::TcpStream;

use crate::http::problem;
use crate::http::state::HttpState;
use crate::limits::Limits;
use places::{Place, Places};
use stream::{Guarded, Refusals};

/// Over how much waiting the least rate of a body is looked at.
const BODY_WINDOW: Duration = Duration::from_secs(10);
/// Over how much waiting the least rate of an answer is looked at.
const WRITE_WINDOW: Duration = Duration::from_mins(1);

/// The largest head of a request, in bytes.
const LARGEST_HEAD: usize = 64 * 1024;
/// How long, and how many bytes, a body is still taken whose request is answered already. A client that writes on into a closed connection gets
/// no answer to read: bodies that are a few times too large are taken to their end.
const AFTER_ANSWER: Duration = Duration::from_secs(2);
const MOST_AFTER_ANSWER: usize = 4 * 1024 * 1024;
/// How many bytes are read at a time while a head is waited for.
const PIECE: usize = 4 * 1024;

/// How long the two sides of a connection are waited for.
#[derive(Clone, Debug)]
pub(crate) struct Times {
    head_timeout: Duration,
    idle_timeout: Duration,
    body_timeout: Duration,
    upload_timeout: Duration,
    write_timeout: Duration,
    /// Bytes per second of waiting.
    least_rate: u64,
    body_window: Duration,
    write_window: Duration,
}

impl From<&Limits> for Times {
    fn from(limits: &Limits) -> Self {
        Self {
            head_timeout: Duration::from_secs(limits.head_timeout),
            idle_timeout: Duration::from_secs(limits.idle_timeout),
            body_timeout: Duration::from_secs(limits.body_timeout),
            upload_timeout: Duration::from_secs(limits.upload_timeout),
            write_timeout: Duration::from_secs(limits.write_timeout),
            least_rate: limits.least_rate,
            body_window: BODY_WINDOW,
            write_window: WRITE_WINDOW,
        }
    }
}

/// The guard of all connections of a server.
#[derive(Clone)]
pub(crate) struct Guard {
    times: Arc<Times>,
    places: Arc<Places>,
    refusals: Refusals,
    state: web::Data<HttpState>,
}

/// An accepted connection that keeps the limits.
pub(crate) type Connection = Guarded<TcpStream, Place>;

impl Guard {
    pub(crate) fn new(limits: &Limits, state: web::Data<HttpState>) -> Self {
        let places = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        let places = Places::new(places(limits.http_connections), places(limits.http_connections_per_source));
        let told_by = state.clone();
        Self { places, times: Arc::new(Times::from(limits)), refusals: Arc::new(move |why| problem::unread(&told_by, why)), state }
    }

    /// Gives each accepted connection a place, or closes it.
    pub(crate) fn service(
        &self,
    ) -> impl ServiceFactory<
        TcpStream,
        Config = (),
        Response = (Connection, Protocol, Option<std::net::SocketAddr>),
        Error = DispatchError,
        InitError = (),
    > + use<> {
        let guard = self.clone();
        fn_service(move |io: TcpStream| {
            let guarded = guard.guarded(io);
            async move { guarded.ok_or(DispatchError::DisconnectTimeout) }
        })
    }

    fn guarded(&self, io: TcpStream) -> Option<(Connection, Protocol, Option<std::net::SocketAddr>)> {
        let peer = io.peer_addr().ok()?;
        let place = self.places.take(peer.ip(), self.state.proxies.trusts(peer.ip()))?;
        // Answers are written whole; waiting for more of them to fill a packet would only delay them.
        let _ = io.set_nodelay(true);
        Some((Guarded::new(io, Arc::clone(&self.times), Arc::clone(&self.refusals), place), Protocol::Http1, Some(peer)))
    }
}
