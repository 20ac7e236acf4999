//! A plain client: one connection kept alive, no retries of its own, so that every lost answer is seen.

use std::fmt::Write as _;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// Whether it says that the request was done.
    pub fn is_done(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as JSON; `null` if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The text at a JSON Pointer of the body, or nothing.
    pub fn text(&self, pointer: &str) -> String {
        self.json().pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// Status and body in one line, for complaints.
    pub fn story(&self) -> String {
        format!("{} {}", self.status, String::from_utf8_lossy(&self.body))
    }
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The method.
    pub method: &'a str,
    /// Path and query.
    pub path: &'a str,
    /// Headers besides `Host`, `Content-Type` and `Content-Length`.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body, in JSON; empty for none.
    pub body: &'a str,
}

/// A bare connection from an address of this machine.
pub fn connect_from(source: IpAddr, address: SocketAddr) -> io::Result<TcpStream> {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None)?;
    socket.bind(&SocketAddr::new(source, 0).into())?;
    socket.connect_timeout(&address.into(), PATIENCE)?;
    Ok(socket.into())
}

/// One connection.
#[derive(Debug)]
pub struct Connection {
    stream: BufReader<TcpStream>,
    request: String,
    line: String,
}

impl Connection {
    /// Connects.
    pub fn open(address: SocketAddr) -> io::Result<Self> {
        Self::over(TcpStream::connect_timeout(&address, PATIENCE)?)
    }

    /// Connects from another address of this machine.
    pub fn open_from(source: IpAddr, address: SocketAddr) -> io::Result<Self> {
        Self::over(connect_from(source, address)?)
    }

    fn over(stream: TcpStream) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream: BufReader::with_capacity(32 * 1024, stream), request: String::new(), line: String::new() })
    }

    /// Asks and waits for the answer.
    pub fn ask(&mut self, ask: Ask<'_>) -> io::Result<Answer> {
        self.request.clear();
        let written = write!(self.request, "{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\n", ask.method, ask.path);
        written.map_err(io::Error::other)?;
        for (name, value) in ask.headers {
            write!(self.request, "{name}: {value}\r\n").map_err(io::Error::other)?;
        }
        if !ask.body.is_empty() {
            let media = if ask.method == "PATCH" { "application/merge-patch+json" } else { "application/json" };
            write!(self.request, "Content-Type: {media}\r\nContent-Length: {}\r\n", ask.body.len()).map_err(io::Error::other)?;
        } else if ask.method != "GET" {
            self.request.push_str("Content-Length: 0\r\n");
        }
        self.request.push_str("\r\n");
        self.request.push_str(ask.body);
        self.stream.get_mut().write_all(self.request.as_bytes())?;
        self.read()
    }

    fn read(&mut self) -> io::Result<Answer> {
        let status = self.line()?.split(' ').nth(1).and_then(|word| word.parse().ok());
        let status = status.ok_or_else(|| io::Error::other("not an answer in HTTP"))?;
        let (mut headers, mut length) = (Vec::new(), 0_usize);
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let Some((name, value)) = line.split_once(':') else { continue };
            let (name, value) = (name.to_ascii_lowercase(), value.trim().to_owned());
            if name == "content-length" {
                length = value.parse().map_err(io::Error::other)?;
            }
            headers.push((name, value));
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(Answer { status, headers, body })
    }

    fn line(&mut self) -> io::Result<&str> {
        self.line.clear();
        if self.stream.read_line(&mut self.line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(self.line.trim_end_matches(['\r', '\n']))
    }
}

/// One question over a connection of its own.
pub fn once(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> io::Result<Answer> {
    Connection::open(address)?.ask(Ask { method, path, headers, body })
}

/// Hands a file in, over a connection of its own.
pub fn upload(address: SocketAddr, authorization: &str, case: &str, file: &[u8]) -> io::Result<Answer> {
    let mut connection = Connection::open(address)?;
    connection.send_file(authorization, case, file)?;
    connection.read()
}

impl Connection {
    /// Sends the form with a file, and waits for nothing.
    pub fn send_file(&mut self, authorization: &str, case: &str, file: &[u8]) -> io::Result<()> {
        let head = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n";
        let tail = "\r\n--x--\r\n";
        let stream = self.stream.get_mut();
        write!(
            stream,
            "POST /v1/cases/{case}/documents HTTP/1.1\r\nHost: a\r\nAuthorization: {authorization}\r\n\
             Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {}\r\n\r\n{head}",
            head.len() + file.len() + tail.len()
        )?;
        stream.write_all(file)?;
        stream.write_all(tail.as_bytes())
    }
}
