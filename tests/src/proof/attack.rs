//! Clients that mean harm: each takes of the server what it can, and comes back when it is thrown out.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::json;

use crate::http::{Answer, Ask, Connection, connect_from};

/// How the clients reach the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Each from an address of its own.
    Direct,
    /// All from this address, that of a proxy which says for whom it asks.
    Through(IpAddr),
}

/// Where a server is, and how it is reached.
#[derive(Clone, Debug)]
pub struct Target {
    /// Where it listens.
    pub address: SocketAddr,
    /// How its clients come.
    pub way: Way,
    /// Whether they go on.
    pub goes_on: Arc<AtomicBool>,
}

/// The attackers' addresses: 127.0.0.2 to 127.0.0.9.
pub fn attacker(number: usize) -> IpAddr {
    address(2, number % 8)
}

/// The addresses of those who do nothing but open connections: 127.0.0.10 to 127.0.0.13.
pub fn squatter(number: usize) -> IpAddr {
    address(10, number % 4)
}

fn address(first: usize, number: usize) -> IpAddr {
    let last = u8::try_from(first + number).unwrap_or(2);
    IpAddr::V4(Ipv4Addr::new(127, 0, 0, last))
}

impl Target {
    /// A bare connection of the client with this address.
    pub fn connect(&self, client: IpAddr) -> std::io::Result<TcpStream> {
        let from = match self.way {
            Way::Direct => client,
            Way::Through(proxy) => proxy,
        };
        connect_from(from, self.address)
    }

    /// A line for the head of a request of this client.
    pub fn forwarded(&self, client: IpAddr) -> String {
        match self.way {
            Way::Direct => String::new(),
            Way::Through(_) => format!("X-Forwarded-For: {client}\r\n"),
        }
    }

    /// Whether the attack goes on.
    pub fn goes_on(&self) -> bool {
        self.goes_on.load(Ordering::Relaxed)
    }

    /// A connection for whole requests.
    pub fn open(&self, client: IpAddr) -> std::io::Result<Connection> {
        let from = match self.way {
            Way::Direct => client,
            Way::Through(proxy) => proxy,
        };
        Connection::open_from(from, self.address)
    }

    /// Asks over a kept connection, which is opened anew when it broke.
    pub fn ask(&self, client: IpAddr, connection: &mut Option<Connection>, ask: Ask<'_>) -> Option<Answer> {
        let name = client.to_string();
        let mut headers = ask.headers.to_vec();
        if self.way != Way::Direct {
            headers.push(("X-Forwarded-For", &name));
        }
        if connection.is_none() {
            *connection = self.open(client).ok();
        }
        let answer = connection.as_mut()?.ask(Ask { headers: &headers, ..ask }).ok();
        if answer.as_ref().is_none_or(|answer| answer.header("connection") == Some("close")) {
            *connection = None;
        }
        answer
    }

    /// Opens `count` connections, says `beginning` on each, and then, in each second, one byte more; or nothing more if `drips` is not.
    /// Whoever is thrown out comes back.
    pub fn hold(
        &self,
        count: usize,
        drips: bool,
        clients: fn(usize) -> IpAddr,
        beginning: impl Fn(IpAddr) -> Vec<u8> + Send + 'static,
    ) -> JoinHandle<()> {
        let target = self.clone();
        std::thread::spawn(move || {
            let begin = |number: usize| -> Option<TcpStream> {
                let client = clients(number);
                let mut stream = target.connect(client).ok()?;
                stream.write_all(&beginning(client)).ok()?;
                stream.set_nonblocking(true).ok()?;
                Some(stream)
            };
            let mut held: Vec<Option<TcpStream>> = (0..count).map(begin).collect();
            while target.goes_on() {
                std::thread::sleep(Duration::from_secs(1));
                for (number, one) in held.iter_mut().enumerate() {
                    let lives = one.as_mut().is_some_and(|stream| if drips { drip(stream) } else { is_open(stream) });
                    if !lives {
                        *one = begin(number);
                    }
                }
            }
        })
    }

    /// Asks the same from one address, again and again, as fast as the answers come; counts them.
    pub fn flood(&self, client: IpAddr, path: &'static str, token: Option<String>, body: String, asked: Arc<AtomicU64>) -> JoinHandle<()> {
        let target = self.clone();
        std::thread::spawn(move || {
            let mut connection = None;
            let authorization = token.unwrap_or_default();
            let headers: &[(&str, &str)] = if authorization.is_empty() { &[] } else { &[("Authorization", &authorization)] };
            while target.goes_on() {
                let ask = Ask { method: "POST", path, headers, body: &body };
                if target.ask(client, &mut connection, ask).is_some() {
                    asked.fetch_add(1, Ordering::Relaxed);
                } else {
                    std::thread::sleep(Duration::from_millis(5));
                }
            }
        })
    }
}

/// One byte more; whether the server still listens. What it says is thrown away.
fn drip(stream: &mut TcpStream) -> bool {
    let is_quiet = stream.read(&mut [0; 1024]).is_err_and(|fault| fault.kind() == ErrorKind::WouldBlock);
    is_quiet && stream.write_all(b"a").is_ok()
}

/// Whether the server has not closed; nothing is read of what it sends.
fn is_open(stream: &mut TcpStream) -> bool {
    // A line end before a request is left out by the server, and tells whether it is there.
    matches!(stream.take_error(), Ok(None)) && stream.write_all(b"\r\n").is_ok()
}

/// The beginning of a sign-in of which the rest never comes.
pub fn slow_body(target: &Target) -> impl Fn(IpAddr) -> Vec<u8> + Send + 'static {
    let target = target.clone();
    move |client| {
        let forwarded = target.forwarded(client);
        format!(
            "POST /v1/sessions HTTP/1.1\r\nHost: a\r\n{forwarded}Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{{\"email\":\""
        )
        .into_bytes()
    }
}

/// A whole request, and the beginning of the next.
pub fn slow_second_head(target: &Target) -> impl Fn(IpAddr) -> Vec<u8> + Send + 'static {
    let target = target.clone();
    move |client| {
        let forwarded = target.forwarded(client);
        format!("GET /v1/catalogue HTTP/1.1\r\nHost: a\r\n{forwarded}\r\nGET /v1/cata").into_bytes()
    }
}

/// The beginning of a file of which the rest never comes.
pub fn silent_upload(target: &Target, token: &str, case: &str) -> impl Fn(IpAddr) -> Vec<u8> + Send + 'static {
    let (target, token, case) = (target.clone(), token.to_owned(), case.to_owned());
    move |client| {
        let forwarded = target.forwarded(client);
        format!(
            "POST /v1/cases/{case}/documents HTTP/1.1\r\nHost: a\r\n{forwarded}Authorization: {token}\r\n\
             Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 20000000\r\n\r\n\
             --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7"
        )
        .into_bytes()
    }
}

/// A question for a file that nobody reads.
pub fn silent_reader(target: &Target, token: &str, content: &str) -> impl Fn(IpAddr) -> Vec<u8> + Send + 'static {
    let (target, token, content) = (target.clone(), token.to_owned(), content.to_owned());
    move |client| {
        let forwarded = target.forwarded(client);
        format!("GET {content} HTTP/1.1\r\nHost: a\r\n{forwarded}Authorization: {token}\r\n\r\n").into_bytes()
    }
}

/// A body of a quarter of a megabyte in which everything is wrong.
pub fn worst_case_body() -> String {
    let ones: Vec<u8> = vec![1; 120_000];
    json!({ "kind": "written_opinion", "application": { "questions": ones } }).to_string()
}
