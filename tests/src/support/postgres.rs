//! One `PostgreSQL` database for each test, on the private server that `./test postgres` starts.
//!
//! Creating and dropping a database is all that is needed here, on a server without password or TLS, so this speaks the few
//! messages of the protocol that it takes; the crates under test never get a door for it.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Whether this run of the tests is the one on `PostgreSQL`.
pub(crate) fn asked_for() -> bool {
    std::env::var("TEST_DATABASE").is_ok_and(|engine| engine == "postgres")
}

/// A database of one test; it goes away with the value.
pub(crate) struct Database {
    name: String,
    url: String,
}

impl Database {
    /// A copy of a template that `migrate` prepared once in this process. `migrate` gets a URL and must leave no connection open.
    pub(crate) fn create(migrate: impl FnOnce(&str)) -> Self {
        static TEMPLATE: OnceLock<String> = OnceLock::new();

        let process = std::process::id();
        let template = TEMPLATE.get_or_init(|| {
            let name = format!("template_{process}");
            run(&format!("CREATE DATABASE {name} TEMPLATE template0"));
            migrate(&url_of(&name));
            name
        });
        Self::copy_of(template)
    }

    /// A database in which nothing stands.
    pub(crate) fn empty() -> Self {
        Self::copy_of("template0")
    }

    /// Another database with the same content. Nobody may be connected to this one.
    pub(crate) fn copy(&self) -> Self {
        Self::copy_of(&self.name)
    }

    fn copy_of(template: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        run(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
        Self { url: url_of(&name), name }
    }

    /// Where the test's server connects to.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    /// A leftover harms nobody: the whole server is removed after the run. So a failure here never hides the test's own.
    fn drop(&mut self) {
        drop(execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)));
    }
}

fn server() -> String {
    std::env::var("TEST_POSTGRES_URL").unwrap_or_else(|_| {
        panic!(
            "TEST_DATABASE=postgres needs TEST_POSTGRES_URL. Run `./test postgres`, or start a server yourself: \
             export TEST_POSTGRES_URL=$(scripts/postgres start target/test/mine); later scripts/postgres stop target/test/mine"
        )
    })
}

/// The server's URL with another database at its end.
fn url_of(database: &str) -> String {
    let server = server();
    let (base, _) = server.rsplit_once('/').unwrap_or((&server, ""));
    format!("{base}/{database}")
}

fn run(statement: &str) {
    if let Err(error) = execute(statement) {
        panic!("{statement}: {error} (server {})", server());
    }
}

/// One statement over a connection of its own, by the simple query protocol.
fn execute(statement: &str) -> io::Result<()> {
    let server = server();
    let (user, address) = server
        .strip_prefix("postgres://")
        .and_then(|rest| rest.split_once('@'))
        .ok_or_else(|| io::Error::other("TEST_POSTGRES_URL is not like postgres://user@127.0.0.1:5432/postgres"))?;
    let (address, database) = address.split_once('/').unwrap_or((address, "postgres"));
    let mut stream = TcpStream::connect(address)?;

    let parameters = format!("\0\x03\0\0user\0{user}\0database\0{database}\0\0");
    stream.write_all(&length_of(&parameters)?)?;
    stream.write_all(parameters.as_bytes())?;
    until_ready(&mut stream)?;

    let query = format!("{statement}\0");
    stream.write_all(b"Q")?;
    stream.write_all(&length_of(&query)?)?;
    stream.write_all(query.as_bytes())?;
    until_ready(&mut stream)
}

/// The length of a message counts its own four bytes.
fn length_of(message: &str) -> io::Result<[u8; 4]> {
    u32::try_from(message.len() + 4).map(u32::to_be_bytes).map_err(io::Error::other)
}

/// Reads messages up to `ReadyForQuery`, or the first error.
fn until_ready(stream: &mut TcpStream) -> io::Result<()> {
    loop {
        let mut kind = [0_u8; 1];
        let mut length = [0_u8; 4];
        stream.read_exact(&mut kind)?;
        stream.read_exact(&mut length)?;
        let size = usize::try_from(u32::from_be_bytes(length)).map_err(io::Error::other)?.saturating_sub(4);
        let mut body = vec![0; size];
        stream.read_exact(&mut body)?;
        match &kind {
            b"Z" => return Ok(()),
            b"E" => return Err(io::Error::other(String::from_utf8_lossy(&body).replace('\0', " "))),
            _ => {}
        }
    }
}
