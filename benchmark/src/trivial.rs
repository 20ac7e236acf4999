//! A handler that does nothing: what HTTP alone costs here.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::bail;

/// Serves `size` bytes to every request, until it is killed.
pub(crate) fn serve(address: &str, size: usize) -> anyhow::Result<()> {
    let body = format!("{{\"answer\":\"{}\"}}", "x".repeat(size.saturating_sub(13)));
    let body = web::Bytes::from(body);
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || {
            let body = body.clone();
            App::new().default_service(web::to(move |_asked: web::Bytes| {
                let body = body.clone();
                async move { HttpResponse::Ok().content_type("application/json").body(body) }
            }))
        });
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        server.workers(cores).bind(address)?.run().await?;
        Ok(())
    })
}

/// The trivial server as a process of its own; it is killed with the value.
pub(crate) struct Trivial {
    child: Child,
    pub(crate) address: std::net::SocketAddr,
}

impl Trivial {
    pub(crate) fn start(size: usize) -> anyhow::Result<Self> {
        let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["trivial", "--address", &address.to_string(), "--size", &size.to_string()]).stdin(Stdio::null());
        let started = Self { child: command.spawn()?, address };
        let begun = Instant::now();
        while proof::http::once(address, "GET", "/", &[], "").is_err() {
            if begun.elapsed() > Duration::from_secs(10) {
                bail!("the trivial server does not answer");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(started)
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Trivial {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
