//! A handler that does nothing: what HTTP and JSON alone cost here.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use actix_web::{App, HttpResponse, HttpServer, error, web};
use anyhow::bail;
use serde_json::{Value, json};

/// Reads the JSON of every request and answers with `size` bytes of JSON, until it is killed.
pub(crate) fn serve(address: &str, size: usize) -> anyhow::Result<()> {
    let answer = web::Data::new(of_size(size));
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || {
            let respond = |asked: web::Bytes, answer: web::Data<Value>| async move {
                if !asked.is_empty() {
                    serde_json::from_slice::<Value>(&asked).map_err(error::ErrorBadRequest)?;
                }
                Ok::<_, actix_web::Error>(HttpResponse::Ok().json(answer.get_ref()))
            };
            App::new().app_data(answer.clone()).default_service(web::to(respond))
        });
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        server.workers(cores).bind(address)?.run().await?;
        Ok(())
    })
}

/// An object of about so many bytes as JSON, made of short fields as a case is.
fn of_size(size: usize) -> Value {
    let mut lines = Vec::new();
    while json!({ "lines": lines }).to_string().len() < size {
        lines.push(json!({ "name": "alphabetic", "value": "Mei Tanaka", "at": "2026-11-23T09:00:00Z", "count": 3, "missing": null }));
    }
    json!({ "lines": lines })
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
