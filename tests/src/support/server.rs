//! A server that listens, in a thread of its own.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use api::config::Mail;
use api::limits::Limits;
use api::server::{Capacity, Explorer, Listening, Network, Origins, Stopper};

/// The addresses of the tests' own machine.
pub const LOOPBACK: &str = "127.0.0.0/8";
/// A page of this origin may call the server and keep its tokens in cookies.
pub const PORTAL: &str = "https://portal.second-opinion.test";
/// A page of this origin may call the server.
pub const OTHER_PORTAL: &str = "https://portal.agency.test";

/// A server that listens; it stops with the value.
pub struct Server {
    pub base: String,
    stopper: Stopper,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves a hospital. Its letters go to `letters`; `proxies` are trusted.
    pub(super) fn start(hospital: &Arc<application::App>, letters: &std::path::Path, limits: Limits, proxies: &[&str]) -> Self {
        let (send, receive) = std::sync::mpsc::channel();
        let (served, mail) = (Arc::clone(hospital), Mail::Directory(letters.to_owned()));
        let origins = Origins { allowed: vec![PORTAL.into(), OTHER_PORTAL.into()], with_cookies: vec![PORTAL.into()] };
        let network =
            Network { trusted_proxies: proxies.iter().map(|network| network.parse().unwrap()).collect(), origins, explorer: Explorer::On };
        let thread = std::thread::spawn(move || {
            api::server::system().block_on(async move {
                let capacity = Capacity { workers: 2, limits, patience: Duration::from_secs(5) };
                let listening = Listening::on("127.0.0.1:0".parse().unwrap(), Arc::clone(&served), capacity, network).await.unwrap();
                let mailer = api::server::spawn(api::emails::deliver(served, mail, Arc::clone(&listening.messages)));
                send.send((listening.address, listening.stopper())).unwrap();
                listening.run().await.unwrap();
                mailer.abort();
            });
        });
        let (address, stopper) = receive.recv().unwrap();
        Self { base: format!("http://{address}"), stopper, thread: Some(thread) }
    }

    pub(super) fn stop(&mut self, runtime: &tokio::runtime::Runtime) {
        let stopper = self.stopper.clone();
        runtime.block_on(async move { stopper.stop().await });
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || std::thread::panicking(), "the server's thread panicked");
        }
    }
}
