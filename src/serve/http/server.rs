//! The listening socket and its connections: with or without TLS, bounded in number and in patience.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::stalls::Moving;
use crate::serve::web::Web;

/// How many connections are open at once, unless told otherwise: Prometheus has one for each `/probe` that
/// runs, and probes need descriptors too.
const CONNECTIONS: usize = 512;
/// How long a peer may take over its TLS handshake, or over the head of a request; also how long an
/// HTTP/1.1 connection is kept without one. Prometheus dials anew where its interval is longer.
const HEAD: Duration = Duration::from_secs(30);
/// How long a peer may take no byte of its answer.
const STILL: Duration = Duration::from_secs(60);
/// How large the head of a request may be, in bytes.
const HEAD_BYTES: usize = 16 << 10;
/// How many requests one HTTP/2 connection may have open.
const STREAMS: u32 = 32;
/// How long running answers may take once the daemon stops.
const GOODBYE: Duration = Duration::from_secs(5);
/// How long to wait when the system has no descriptor for another connection.
const NO_DESCRIPTOR: Duration = Duration::from_millis(200);

/// Why the daemon cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Another program has the address.
    #[error("cannot listen on {address}: another program does already; stop it, or choose another port with --listen")]
    InUse {
        /// The address.
        address: SocketAddr,
    },
    /// The system does not allow it.
    #[error("cannot listen on {address}: permission denied; choose a port from 1024 up, or grant CAP_NET_BIND_SERVICE")]
    Denied {
        /// The address.
        address: SocketAddr,
    },
    /// The machine does not have the address.
    #[error(
        "cannot listen on {address}: no interface of this machine has that address; choose one it has, or 0.0.0.0 or [::]"
    )]
    NotHere {
        /// The address.
        address: SocketAddr,
    },
    /// Something else.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        error: io::Error,
    },
}

/// A socket that listens, and serves once it is told what.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    connections: usize,
}

impl Server {
    /// Listens on `address`; a port of 0 is one that is free.
    #[allow(clippy::disallowed_methods, reason = "this is the seam through which the daemon listens")]
    pub async fn bind(address: SocketAddr) -> Result<Self, ServeError> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::AddrInUse => ServeError::InUse { address },
            io::ErrorKind::PermissionDenied => ServeError::Denied { address },
            io::ErrorKind::AddrNotAvailable => ServeError::NotHere { address },
            _ => ServeError::Listen { address, error },
        };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address, connections: CONNECTIONS })
    }

    /// The same with at most `connections` at once; what is left of the descriptors is for probes.
    pub fn with_connections(self, connections: usize) -> Self {
        Self { connections, ..self }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers with `router`, as `web` allows, until `shutdown`; then lets running answers end, for five
    /// seconds at most.
    pub async fn serve(self, router: Router, web: Arc<Web>, shutdown: impl Future<Output = ()>) {
        let router = web.in_front_of(router);
        let places = Arc::new(Semaphore::new(self.connections));
        let mut connections = JoinSet::new();
        let goodbye = GracefulShutdown::new();
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            // What has ended is forgotten first, or the set would only grow.
            while connections.try_join_next().is_some() {}
            let accepted = tokio::select! {
                () = &mut shutdown => break,
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, _)) => match Arc::clone(&places).try_acquire_owned() {
                    Ok(place) => {
                        let connection = Connection { web: Arc::clone(&web), router: router.clone(), _place: place };
                        connections.spawn(connection.run(stream, goodbye.watcher()));
                    }
                    Err(_) => refuse(&stream, web.tls().is_none()),
                },
                // A peer that went away again is no reason to wait.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => {
                    tracing::warn!(address = %self.address, %error, "cannot accept a connection");
                    tokio::time::sleep(NO_DESCRIPTOR).await;
                }
            }
        }
        drop(self.listener);
        let _ = timeout(GOODBYE, goodbye.shutdown()).await;
        connections.shutdown().await;
    }
}

/// Says that there is no place left, as far as that takes no time.
fn refuse(stream: &TcpStream, plain: bool) {
    if plain {
        let _ = stream.try_write(
            b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 22\r\n\r\nToo many connections.\n",
        );
    }
}

/// One accepted connection.
struct Connection {
    web: Arc<Web>,
    router: Router,
    _place: OwnedSemaphorePermit,
}

impl Connection {
    async fn run(self, stream: TcpStream, goodbye: Watcher) {
        let _ = stream.set_nodelay(true);
        self.web.refresh().await;
        let Some(config) = self.web.tls() else {
            return self.answer(stream, false, goodbye).await;
        };
        let handshake = async {
            let mut first = [0];
            // A TLS record of a handshake begins with 22 (RFC 8446 section 5.1); HTTP with a letter.
            if stream.peek(&mut first).await? == 1 && first[0].is_ascii_alphabetic() {
                return plaintext(stream).await.map(|()| None);
            }
            TlsAcceptor::from(config).accept(stream).await.map(Some)
        };
        match timeout(HEAD, handshake).await {
            Ok(Ok(Some(stream))) => {
                let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                self.answer(stream, http2, goodbye).await;
            }
            Ok(Ok(None)) | Err(_) => {}
            Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake with the daemon failed"),
        }
    }

    async fn answer<S>(&self, stream: S, http2: bool, goodbye: Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let stream = TokioIo::new(Moving::new(stream, STILL));
        let service = TowerToHyperService::new(self.router.clone());
        // What goes wrong from here is the peer's, and nobody waits for it.
        if http2 {
            let mut builder = http2::Builder::new(TokioExecutor::new());
            builder.timer(TokioTimer::new()).keep_alive_interval(HEAD);
            builder.max_concurrent_streams(STREAMS).max_header_list_size(HEAD_BYTES as u32);
            let _ = goodbye.watch(builder.serve_connection(stream, service)).await;
        } else {
            let mut builder = http1::Builder::new();
            builder.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(HEAD_BYTES).half_close(false);
            let _ = goodbye.watch(builder.serve_connection(stream, service)).await;
        }
    }
}

/// Tells a client that speaks HTTP to a TLS port what it should speak.
async fn plaintext(mut stream: TcpStream) -> io::Result<()> {
    stream
        .write_all(b"HTTP/1.0 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nThis port speaks HTTPS; write https:// instead of http://.\n")
        .await?;
    stream.shutdown().await
}
