//! The guard of a connection, by a clock that the tests move.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, DuplexStream, duplex, join, simplex};
use tokio::time::{Instant, advance, sleep};

use super::Times;
use super::stream::Guarded;
use crate::http::problem::Unread;
use crate::limits::Limits;

/// A client and the server's side of its connection. The network between them holds `room` bytes.
fn connected(room: usize) -> (DuplexStream, Guarded<DuplexStream, ()>) {
    let (client, accepted) = duplex(room);
    (client, guarded(accepted))
}

fn guarded<S: AsyncRead + AsyncWrite + Unpin>(accepted: S) -> Guarded<S, ()> {
    let refusals = Arc::new(|why: Unread| format!("REFUSED {why:?}").into_bytes());
    Guarded::new(accepted, Arc::new(Times::from(&Limits::default())), refusals, ())
}

/// Some bytes that the server is given; none at the end.
async fn read(server: &mut (impl AsyncRead + Unpin)) -> std::io::Result<String> {
    let mut bytes = [0; 1024];
    let count = server.read(&mut bytes).await?;
    Ok(String::from_utf8_lossy(bytes.get(..count).unwrap()).into_owned())
}

/// The bytes that the client has received.
async fn received(client: &mut DuplexStream) -> String {
    let mut bytes = [0; 4096];
    let count = tokio::time::timeout(Duration::from_millis(1), client.read(&mut bytes)).await.map_or(0, Result::unwrap);
    String::from_utf8_lossy(bytes.get(..count).unwrap()).into_owned()
}

/// Sends `text` byte by byte, one in each `pause`, until the server hangs up.
fn drip(mut client: DuplexStream, text: Vec<u8>, pause: Duration) -> tokio::task::JoinHandle<DuplexStream> {
    tokio::spawn(async move {
        for byte in text {
            sleep(pause).await;
            if client.write_all(&[byte]).await.is_err() {
                break;
            }
        }
        client
    })
}

/// How many seconds the server waits for its next bytes, and what it gets.
async fn waited(server: &mut (impl AsyncRead + Unpin)) -> (u64, std::io::Result<String>) {
    let from = Instant::now();
    let got = read(server).await;
    (from.elapsed().as_secs(), got)
}

const GET: &str = "GET / HTTP/1.1\r\n\r\n";
const OK: &str = "HTTP/1.1 200 OK\r\nrequest-id: r\r\ncontent-length: 2\r\n\r\nok";

#[tokio::test(start_paused = true)]
async fn a_connection_that_asks_nothing_is_closed_without_a_word() {
    let (mut client, mut server) = connected(1024);
    let (seconds, got) = waited(&mut server).await;
    assert_eq!((seconds, got.unwrap().as_str()), (10, ""));
    client.write_all(GET.as_bytes()).await.unwrap();
    assert_eq!(read(&mut server).await.unwrap(), GET);
    server.write_all(OK.as_bytes()).await.unwrap();
    let (seconds, got) = waited(&mut server).await;
    assert_eq!((seconds, got.unwrap().as_str()), (75, ""), "between requests it may rest longer");
}

#[tokio::test(start_paused = true)]
async fn every_head_has_ten_seconds_not_only_the_first() {
    let (client, mut server) = connected(1024);
    let dripping = drip(client, b"GET / HTTP/1.1\r\nField: value".to_vec(), Duration::from_secs(3));
    let (seconds, got) = waited(&mut server).await;
    assert_eq!(seconds, 13, "the first byte came after 3 seconds");
    assert!(got.is_err());
    drop(server);
    assert_eq!(received(&mut dripping.await.unwrap()).await, "REFUSED TooSlow");

    let (mut client, mut server) = connected(1024);
    client.write_all(GET.as_bytes()).await.unwrap();
    read(&mut server).await.unwrap();
    server.write_all(OK.as_bytes()).await.unwrap();
    assert_eq!(received(&mut client).await, OK);
    let dripping = drip(client, GET.repeat(9).into_bytes(), Duration::from_secs(1));
    let (seconds, got) = waited(&mut server).await;
    assert_eq!(seconds, 11);
    assert!(got.is_err());
    drop(server);
    assert_eq!(received(&mut dripping.await.unwrap()).await, "REFUSED TooSlow");
}

#[tokio::test(start_paused = true)]
async fn heads_that_no_two_readers_read_alike_are_refused_at_once() {
    let long = format!("GET / HTTP/1.1\r\nField: {}\r\n\r\n", "x".repeat(70_000));
    for (head, why) in [
        ("GET / HTTP/1.1\n\n", "Malformed"),
        ("GET / HTTP/1.1\r\nField: value\n\r\n", "Malformed"),
        ("nonsense\r\n\r\n", "Malformed"),
        ("POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "Malformed"),
        (long.as_str(), "HeadTooLarge"),
    ] {
        let (mut client, mut server) = connected(100_000);
        client.write_all(head.as_bytes()).await.unwrap();
        assert!(read(&mut server).await.is_err(), "{head:.60}");
        assert_eq!(received(&mut client).await, format!("REFUSED {why}"), "{head:.60}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_keeps_a_least_rate_and_comes_to_an_end() {
    let head = |media_type: &str| format!("POST / HTTP/1.1\r\nContent-Type: {media_type}\r\nContent-Length: 9000000\r\n\r\n");
    // A kilobyte in each second is enough, half of it is not; JSON has half a minute, a form has longer.
    for (media_type, pause, seconds) in [
        ("application/json", 2_000_u64, 10),
        ("application/json", 500, 30),
        ("multipart/form-data", 2_000, 10),
        ("multipart/form-data", 500, 1_200),
    ] {
        let (mut client, mut server) = connected(100_000);
        let begun = Instant::now();
        client.write_all(head(media_type).as_bytes()).await.unwrap();
        let sending = tokio::spawn(async move {
            while client.write_all(&[b'x'; 600]).await.is_ok() {
                sleep(Duration::from_millis(pause)).await;
            }
            client
        });
        while read(&mut server).await.is_ok() {}
        assert_eq!(begun.elapsed().as_secs(), seconds, "{media_type} {pause}");
        drop(server);
        assert_eq!(received(&mut sending.await.unwrap()).await, "REFUSED TooSlow");
    }
}

#[tokio::test(start_paused = true)]
async fn time_that_the_server_takes_is_not_the_clients() {
    let (mut client, mut server) = connected(100_000);
    let head = "POST / HTTP/1.1\r\nContent-Type: multipart/form-data\r\nContent-Length: 40000\r\n\r\n";
    client.write_all(head.as_bytes()).await.unwrap();
    let mut seen = 0;
    for sent in [20_000, 40_000] {
        client.write_all(&vec![b'x'; 20_000]).await.unwrap();
        seen += read(&mut server).await.unwrap().len();
        advance(Duration::from_secs(500)).await;
        while seen < head.len() + sent {
            seen += read(&mut server).await.unwrap().len();
        }
    }
    // The answer may take as long as it takes.
    assert!(tokio::time::timeout(Duration::from_hours(1), read(&mut server)).await.is_err());
    server.write_all(OK.as_bytes()).await.unwrap();
    assert_eq!(received(&mut client).await, OK);
}

#[tokio::test(start_paused = true)]
async fn whoever_does_not_read_is_cut_off() {
    for (pause, piece, seconds) in [(1_000_000_u64, 0, 30), (1_000, 100, 60)] {
        let (mut client, mut server) = connected(1_000);
        client.write_all(GET.as_bytes()).await.unwrap();
        read(&mut server).await.unwrap();
        let begun = Instant::now();
        let reading = tokio::spawn(async move {
            let mut bytes = vec![0; piece];
            loop {
                sleep(Duration::from_millis(pause)).await;
                if client.read_exact(&mut bytes).await.is_err() {
                    return;
                }
            }
        });
        let answer = format!("HTTP/1.1 200 OK\r\nrequest-id: r\r\ncontent-length: 1000000\r\n\r\n{}", "x".repeat(1_000_000));
        assert!(server.write_all(answer.as_bytes()).await.is_err());
        assert_eq!(begun.elapsed().as_secs(), seconds, "{piece} bytes in {pause} ms");
        reading.abort();
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_reads_slowly_but_steadily_gets_all() {
    let (mut client, mut server) = connected(10_000);
    client.write_all(GET.as_bytes()).await.unwrap();
    read(&mut server).await.unwrap();
    let reading = tokio::spawn(async move {
        let (mut all, mut bytes) = (0, [0; 2_000]);
        while let Ok(count @ 1..) = client.read(&mut bytes).await {
            all += count;
            sleep(Duration::from_secs(1)).await;
        }
        all
    });
    let answer = format!("HTTP/1.1 200 OK\r\nrequest-id: r\r\ncontent-length: 500000\r\n\r\n{}", "x".repeat(500_000));
    server.write_all(answer.as_bytes()).await.unwrap();
    drop(server);
    assert_eq!(reading.await.unwrap(), answer.len());
}

#[tokio::test(start_paused = true)]
async fn a_request_is_seen_when_the_answer_before_it_is_written() {
    let requests = [
        "GET /1 HTTP/1.1\r\n\r\n",
        "HEAD /2 HTTP/1.1\r\n\r\n",
        "POST /3 HTTP/1.1\r\nContent-Length: 5\r\n\r\n12345",
        "POST /4 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "GET /5 HTTP/1.1\r\n\r\n",
    ];
    let answers = [
        "HTTP/1.1 200 OK\r\nrequest-id: r\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nrequest-id: r\r\ncontent-length: 2\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nrequest-id: r\r\n\r\n",
        OK,
        OK,
    ];
    let all = requests.concat();
    // However the network cuts the bytes, each request comes alone.
    for cut in 0..all.len() {
        // Answers go out a few bytes at a time, as they may over a slow network.
        let ((requests_in, requests_out), (answers_in, answers_out)) = (simplex(10_000), simplex(1 + cut % 50));
        let mut client = join(answers_in, requests_out);
        let mut server = guarded(join(requests_in, answers_out));
        let (first, second) = all.split_at(cut);
        client.write_all(first.as_bytes()).await.unwrap();
        let mut rest = Some(second);
        for (request, answer) in requests.iter().zip(answers) {
            let mut seen = String::new();
            while seen.len() < request.len() {
                match tokio::time::timeout(Duration::from_millis(1), read(&mut server)).await {
                    Ok(more) => seen.push_str(&more.unwrap()),
                    Err(_) => client.write_all(rest.take().expect("all was sent").as_bytes()).await.unwrap(),
                }
            }
            assert_eq!(seen, *request, "cut at {cut}");
            let early = tokio::time::timeout(Duration::from_millis(1), read(&mut server)).await;
            assert!(early.is_err(), "cut at {cut}, before the answer to {request}: {early:?}");
            let mut told = vec![0; answer.len()];
            let (written, read) = tokio::join!(server.write_all(answer.as_bytes()), client.read_exact(&mut told));
            written.unwrap();
            read.unwrap();
            assert_eq!(String::from_utf8(told).unwrap(), answer);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_framework_answers_by_itself_gets_the_form_of_a_problem() {
    for (by_itself, told) in [
        ("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n", "REFUSED Foreign(400)"),
        ("HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n\r\n", "REFUSED Foreign(431)"),
        (
            "HTTP/1.1 400 Bad Request\r\nrequest-id: r\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 400 Bad Request\r\nrequest-id: r\r\ncontent-length: 0\r\n\r\n",
        ),
    ] {
        let (mut client, mut server) = connected(10_000);
        client.write_all(GET.as_bytes()).await.unwrap();
        read(&mut server).await.unwrap();
        server.write_all(by_itself.as_bytes()).await.unwrap();
        server.flush().await.unwrap();
        assert_eq!(received(&mut client).await, told);
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_answered_already_is_taken_for_a_moment_and_no_longer() {
    let head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (pause, is_fast) in [(Duration::from_millis(500), false), (Duration::ZERO, true)] {
        let (mut client, mut server) = connected(10_000);
        client.write_all(head.as_bytes()).await.unwrap();
        read(&mut server).await.unwrap();
        server.write_all(OK.as_bytes()).await.unwrap();
        let begun = Instant::now();
        let sending = tokio::spawn(async move {
            let chunk = format!("3e8\r\n{}\r\n", "x".repeat(1_000));
            while client.write_all(chunk.as_bytes()).await.is_ok() {
                sleep(pause).await;
            }
        });
        let mut taken = 0;
        while let Ok(got) = read(&mut server).await {
            taken += got.len();
        }
        assert!(taken <= 4_200_000, "{taken}");
        assert_eq!(begun.elapsed().as_secs(), if is_fast { 0 } else { 2 });
        drop(server);
        sending.await.unwrap();
    }
}
