//! The listening socket against peers that mean no good.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use farlink::serve::http::{ServeError, Server};
use farlink::serve::web::Web;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::staged::{daemon, estate};

/// A daemon that serves on loopback until it is told to stop.
pub struct Running {
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

impl Running {
    pub async fn start(web: Arc<Web>) -> Self {
        let server = Server::bind("127.0.0.1:0".parse().unwrap()).await.unwrap().with_connections(16);
        let address = server.address();
        let (stop, stopped) = oneshot::channel::<()>();
        let (router, _) = daemon(estate(), false);
        let ended = tokio::spawn(server.serve(router, web, async {
            let _ = stopped.await;
        }));
        Self { address, stop, ended }
    }

    pub async fn stop(self) {
        self.stop.send(()).unwrap();
        self.ended.await.unwrap();
    }

    /// What the daemon answers to `sent` before it closes, or in two seconds.
    pub async fn answer(&self, sent: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let _ = stream.write_all(sent).await;
        let mut answer = Vec::new();
        let _ = tokio::time::timeout(Duration::from_secs(2), stream.read_to_end(&mut answer)).await;
        String::from_utf8_lossy(&answer).into_owned()
    }
}

#[tokio::test]
async fn hostile_bytes_get_a_status_or_a_closed_connection_and_the_daemon_lives() {
    let running = Running::start(Web::plain()).await;
    let long = format!("GET / HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "y".repeat(64 << 10));
    let many = format!("GET / HTTP/1.1\r\nhost: a\r\n{}\r\n", "x: y\r\n".repeat(500));
    let target = format!("GET /{} HTTP/1.1\r\nhost: a\r\n\r\n", "a".repeat(70_000));
    for (sent, says) in [
        (&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..], "HTTP/1.1 400"),
        (b"\0\0\0\0\r\n\r\n", "HTTP/1.1 400"),
        (b"GET / HTTP/9.9\r\n\r\n", "HTTP/1.1 400"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ""),
        (long.as_bytes(), "HTTP/1.1 431"),
        (many.as_bytes(), "HTTP/1.1 431"),
        (target.as_bytes(), "HTTP/1.1 4"),
        (b"GET /-/healthy HTTP/1.0\r\n\r\n", "HTTP/1.0 200"),
        (b"GET http://elsewhere/-/healthy HTTP/1.1\r\nhost: b\r\nconnection: close\r\n\r\n", "HTTP/1.1 200"),
        (b"CONNECT a:443 HTTP/1.1\r\nhost: a\r\n\r\n", "HTTP/1.1 4"),
        (b"POST /metrics HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999999999\r\n\r\n", "HTTP/1.1 413"),
        (
            b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 4",
        ),
        (b"GET /api/v1/links/%00%0a%22 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", "HTTP/1.1 404"),
    ] {
        let shown = String::from_utf8_lossy(&sent[..sent.len().min(60)]).into_owned();
        let answer = running.answer(sent).await;
        assert!(answer.starts_with(says), "{shown:?} was answered with {:.200}", answer);
    }
    let alive = running.answer(b"GET /-/healthy HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
    assert!(alive.ends_with("farlink is alive.\n"), "{alive}");
    running.stop().await;
}

#[tokio::test]
async fn connections_beyond_the_limit_are_told_to_come_back_and_places_become_free() {
    let running = Running::start(Web::plain()).await;
    let mut silent = Vec::new();
    for _ in 0..16 {
        silent.push(TcpStream::connect(running.address).await.unwrap());
    }
    let request = b"GET /-/healthy HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    let refused = running.answer(b"").await;
    assert!(refused.starts_with("HTTP/1.1 503") && refused.contains("Retry-After"), "{refused}");
    drop(silent);
    let mut answer = String::new();
    // The daemon sees closed connections a moment later.
    for _ in 0..50 {
        answer = running.answer(request).await;
        if answer.starts_with("HTTP/1.1 200") {
            break;
        }
    }
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    running.stop().await;
}

#[tokio::test]
async fn a_head_that_never_ends_is_given_up() {
    let running = Running::start(Web::plain()).await;
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nx: ").await.unwrap();
    // Only once the daemon waits for the rest does time jump.
    tokio::time::sleep(Duration::from_millis(100)).await;
    tokio::time::pause();
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(40), stream.read_to_end(&mut answer)).await;
    assert!(read.is_ok(), "the connection is still open");
}

#[tokio::test]
async fn the_daemon_stops_while_connections_are_open_and_frees_its_address() {
    let running = Running::start(Web::plain()).await;
    let mut idle = TcpStream::connect(running.address).await.unwrap();
    idle.write_all(b"GET /-/healthy HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    let mut first = [0; 15];
    idle.read_exact(&mut first).await.unwrap();
    let address = running.address;
    running.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn an_address_that_cannot_be_had_is_an_error_that_says_what_to_do() {
    let first = Server::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let error = Server::bind(first.address()).await.unwrap_err();
    assert!(matches!(error, ServeError::InUse { .. }), "{error}");
    assert!(error.to_string().contains("--listen"), "{error}");
    let error = Server::bind("192.0.2.1:19443".parse().unwrap()).await.unwrap_err();
    assert!(error.to_string().contains("no interface of this machine"), "{error}");
}
