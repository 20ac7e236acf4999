//! A connection on which a test says what it likes.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::app::App;

/// A connection to the server of a test.
pub struct Raw(TcpStream);

impl Raw {
    pub fn connect(app: &App) -> Self {
        Self::to(app.base.trim_start_matches("http://").parse().unwrap())
    }

    pub fn to(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        // A test that waits for ever tells nothing.
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(stream)
    }

    /// From another address of this machine.
    pub fn from_to(source: &str, app: &App) -> Self {
        let address = app.base.trim_start_matches("http://").parse().unwrap();
        let stream = proof::http::connect_from(source.parse().unwrap(), address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        Self(stream)
    }

    /// Waits, without reading, until the server has closed.
    pub fn wait_to_be_cut(&self) {
        let begun = std::time::Instant::now();
        // What is written into a connection that the other side has closed comes back as an error.
        while (&self.0).write_all(b"\r\n").is_ok() {
            assert!(begun.elapsed() < Duration::from_secs(20), "not cut off");
            std::thread::yield_now();
        }
    }

    #[track_caller]
    pub fn send(&mut self, text: &str) {
        self.send_bytes(text.as_bytes());
    }

    #[track_caller]
    pub fn send_bytes(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).unwrap();
    }

    /// Sends as much as the server takes.
    pub fn try_to_send(&mut self, bytes: &[u8]) -> bool {
        self.0.write_all(bytes).is_ok()
    }

    /// Everything until the server closes.
    pub fn read_to_end(&mut self) -> Vec<u8> {
        let (mut all, mut piece) = (Vec::new(), [0; 16 * 1024]);
        loop {
            match self.0.read(&mut piece) {
                Ok(0) => return all,
                Ok(count) => all.extend_from_slice(&piece[..count]),
                Err(fault) if fault.kind() == std::io::ErrorKind::ConnectionReset => return all,
                Err(fault) => panic!("{fault}, after {:?}", String::from_utf8_lossy(&all)),
            }
        }
    }

    /// One answer: its head and a body of the length that the head says; none where `has_body` is not.
    pub fn read_answer(&mut self, has_body: bool) -> (String, Vec<u8>) {
        let (mut head, mut byte) = (Vec::new(), [0]);
        while !head.ends_with(b"\r\n\r\n") {
            assert_eq!(self.0.read(&mut byte).unwrap(), 1, "closed after {:?}", String::from_utf8_lossy(&head));
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; if has_body { length } else { 0 }];
        self.0.read_exact(&mut body).unwrap();
        (head, body)
    }
}

/// The head of an answer.
pub fn head_of(answer: &[u8]) -> String {
    let text = String::from_utf8_lossy(answer);
    text.split("\r\n\r\n").next().unwrap_or_default().to_owned()
}
