//! The HTTP server around a hospital: built here, for the program and for the tests alike.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_http::{HttpService, KeepAlive};
use actix_server::{Server, ServerHandle};
use actix_service::{IntoServiceFactory as _, ServiceFactoryExt as _, map_config};
use actix_web::dev::AppConfig;
use actix_web::middleware::{Condition, from_fn};
use actix_web::web;
use anyhow::Context as _;
use application::App;
use ipnet::IpNet;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::connections::Guard;
use crate::documents::places::UploadPlaces;
use crate::http::body::LARGEST;
use crate::http::contract::Contract;
use crate::http::messages::Messages;
use crate::http::middleware::handle;
pub use crate::http::origins::Origins;
use crate::http::origins::finish_cors;
use crate::http::rates::Rates;
use crate::http::routes::Routes;
use crate::http::source::TrustedProxies;
use crate::http::state::HttpState;
pub use crate::http::state::{Explorer, Readiness};
use crate::limits::Limits;
use crate::{document, routes};

/// How long a connection that closes takes what its client still sends, so that the client can read the answer.
const LINGER: Duration = Duration::from_secs(1);

/// How long answers close their connections, at most, before the rest of the connections is closed.
const CLOSING: Duration = Duration::from_secs(1);

/// How often those who have not asked for a while are forgotten.
const SWEEP_EVERY: Duration = Duration::from_mins(1);

/// A server that listens.
pub struct Listening {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its readiness.
    pub readiness: Readiness,
    /// The texts for people.
    pub messages: Arc<Messages>,
    server: Server,
    state: web::Data<HttpState>,
    stop_delay: Duration,
}

/// Who stands between the server and its clients.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// The networks of proxies whose word on where a request comes from is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// The origins of pages that may call this API from a browser.
    pub origins: Origins,
    /// Whether the document and the pages that explore it are served.
    pub explorer: Explorer,
}

/// How many threads serve, what one client may take, and how long a stop waits.
#[derive(Clone, Debug)]
pub struct Capacity {
    /// Threads that serve HTTP.
    pub workers: usize,
    /// The limits of one client.
    pub limits: Limits,
    /// How long requests under way may take after the order to stop.
    pub patience: Duration,
}

impl Listening {
    /// Makes the database ready and starts to listen. Requests are served once [`Listening::run`] is awaited.
    pub async fn on(address: SocketAddr, app: Arc<App>, capacity: Capacity, network: Network) -> anyhow::Result<Self> {
        app.prepare().await.context("the fee schedule")?;
        let contract = Contract::of(document::committed::COMMITTED).context("the contract")?;
        let proxies = TrustedProxies::new(network.trusted_proxies);
        let (origins, explorer) = (network.origins, network.explorer);
        let crosses_origins = !origins.allowed.is_empty();
        let stop_delay = Duration::from_secs(capacity.limits.stop_delay);
        let rates = Rates::new(&capacity.limits);
        let messages = Arc::new(Messages::read()?);
        let uploads = UploadPlaces::new(capacity.limits.uploads_per_person);
        let state = web::Data::new(HttpState {
            app,
            contract,
            messages: Arc::clone(&messages),
            proxies,
            origins: origins.clone(),
            rates,
            uploads,
            explorer,
            limits: capacity.limits.clone(),
        });
        let listener =
            TcpListener::bind(address).with_context(|| format!("listen: {address} cannot be taken; is another server running?"))?;
        let address = listener.local_addr()?;
        let readiness = Readiness::default();
        let ready = web::Data::new(readiness.clone());
        let guard = Guard::new(&capacity.limits, state.clone());
        let kept = state.clone();
        let builder = Server::build().workers(capacity.workers).shutdown_timeout(capacity.patience.as_secs()).disable_signals();
        let stopping = builder.graceful_shutdown_signal();
        let serve = move || {
            let pages = Config::new(["/openapi.json"]).persist_authorization(explorer == Explorer::KeepingTokens).try_it_out_enabled(true);
            let service = actix_web::App::new()
                .app_data(state.clone())
                .app_data(ready.clone())
                .app_data(web::PayloadConfig::new(LARGEST))
                .configure(|served| routes::configure(&mut Routes::served(served)))
                .service(web::redirect("/docs", "/docs/"))
                .service(SwaggerUi::new("/docs/{_:.*}").config(pages))
                .wrap(from_fn(handle))
                // Outside the middleware, so that pages can read refusals, too.
                .wrap(Condition::new(crosses_origins, origins.cors()))
                .wrap(from_fn(finish_cors));
            let stopping = stopping.clone();
            let http = HttpService::build()
                // The guard keeps the time: the framework's own timers see the first request of a connection only.
                .keep_alive(KeepAlive::Os)
                .client_request_timeout(Duration::ZERO)
                .client_disconnect_timeout(LINGER)
                .local_addr(address)
                .graceful_shutdown_signal(move || {
                    let stopping = stopping.clone();
                    async move { stopping.notified().await }
                })
                .finish(map_config(service.into_factory().map_err(|error: actix_web::Error| error.error_response()), |()| {
                    AppConfig::default()
                }));
            guard.service().and_then(http)
        };
        let server = builder.listen("http", listener, serve)?.run();
        Ok(Self { address, readiness, messages, server, state: kept, stop_delay })
    }

    /// Stops the server.
    pub fn stopper(&self) -> Stopper {
        Stopper { handle: self.server.handle(), readiness: self.readiness.clone(), delay: self.stop_delay }
    }

    /// Serves until it is stopped.
    pub async fn run(self) -> std::io::Result<()> {
        self.readiness.set(true);
        let sweeping = spawn(sweep(self.state));
        let ended = self.server.await;
        sweeping.abort();
        ended
    }
}

/// Forgets, again and again, who has not asked for a while.
async fn sweep(state: web::Data<HttpState>) {
    let mut minutes = tokio::time::interval(SWEEP_EVERY);
    loop {
        minutes.tick().await;
        state.rates.sweep();
    }
}

/// Stops a server in three steps: it is no longer ready; its answers close their connections; it finishes what is under way.
#[derive(Clone)]
pub struct Stopper {
    handle: ServerHandle,
    readiness: Readiness,
    delay: Duration,
}

impl Stopper {
    /// Goes through the three steps, and returns when nothing is under way. A proxy that honours `/readyz` sends nothing any more when the
    /// second begins, so that no request meets a closed door.
    pub async fn stop(&self) {
        self.readiness.set(false);
        tokio::time::sleep(self.delay).await;
        self.readiness.close();
        tokio::time::sleep(self.delay.min(CLOSING)).await;
        self.handle.stop(true).await;
    }
}

/// The runtime that servers run in.
pub fn system() -> actix_web::rt::SystemRunner {
    actix_web::rt::System::new()
}

/// Runs a task beside the server, on its runtime.
pub fn spawn(task: impl Future<Output = ()> + 'static) -> actix_web::rt::task::JoinHandle<()> {
    actix_web::rt::spawn(task)
}
