//! Load balancers between clusters, right ones and wrong ones.
//! Each behaves as HAProxy 2.6 was seen to in the same role.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::server::Acceptor;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::LabError;
use crate::authority::{Authority, Identity};
use crate::listener::{Shape, Task, address_of, close, relay, relay_to, reset, serve};
use crate::tls::{ServerTls, client, minting};

/// How long a router waits for a complete ClientHello, unless told otherwise.
pub const HELLO_WAIT: Duration = Duration::from_secs(5);

/// A ClientHello is never larger.
const MAX_HELLO: usize = 64 * 1024;
const BAD_REQUEST: &[u8] = b"HTTP/1.1 400 Bad request\r\nContent-length: 90\r\nCache-Control: no-cache\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n<html><body><h1>400 Bad request</h1>\nYour browser sent an invalid request.\n</body></html>\n";
const UNAVAILABLE: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nContent-length: 107\r\nCache-Control: no-cache\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n";

/// What a router does with a ClientHello without a server name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoName {
    /// Closes.
    Close,
    /// Passes it to this backend.
    Route(SocketAddr),
}

/// The other side of a proxy that terminates TLS.
#[derive(Clone, Debug)]
pub struct Reencrypted {
    /// The backend, which speaks TLS.
    pub backend: SocketAddr,
    /// The name its certificate is checked against.
    pub server_name: String,
    /// The authority that issued it.
    pub authority: CertificateDer<'static>,
}

/// What a proxy does.
#[derive(Clone, Debug)]
pub enum ProxyKind {
    /// Passes TCP to this backend.
    PassThrough(SocketAddr),
    /// Passes each connection to the next of these backends; one that is dead closes it.
    RoundRobin(Vec<SocketAddr>),
    /// Routes by the server name of the ClientHello, and closes on names it does not know.
    SniRouter {
        /// Names in lower case with their backends.
        names: Vec<(String, SocketAddr)>,
        /// Without a name.
        no_name: NoName,
        /// How long it waits for the ClientHello; [`HELLO_WAIT`] usually.
        hello_wait: Duration,
    },
    /// Speaks HTTP only: 400 to anything else, 503 to HTTP.
    Http,
    /// Terminates TLS and connects to the backend without a client certificate; without a backend it closes after the first bytes.
    TerminateTls {
        /// What it presents.
        identity: Identity,
        /// Where it connects.
        backend: Option<Reencrypted>,
    },
    /// Terminates TLS with a certificate made for each name, as devices that inspect TLS do; then as [`Self::TerminateTls`].
    Inspect {
        /// Whom the certificates come from.
        authority: Arc<Authority>,
        /// Where it connects.
        backend: Option<Reencrypted>,
    },
    /// FIN right after accept.
    NoBackend,
    /// RST unless a PROXY protocol header (version 1 or 2) comes first; then passes the rest.
    ExpectProxyHeader(SocketAddr),
    /// Sends a PROXY protocol header before the client's bytes.
    InjectProxyHeader(SocketAddr),
}

/// A running proxy.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    _task: Task,
}

impl Proxy {
    /// Serves `kind` on `listener`.
    pub fn start(listener: TcpListener, kind: ProxyKind) -> Result<Self, LabError> {
        let address = address_of(&listener)?;
        let terminating = match &kind {
            ProxyKind::TerminateTls { identity, backend } => {
                Some(Terminating::new(ServerTls::new(identity.clone()).config()?, backend)?)
            }
            ProxyKind::Inspect { authority, backend } => {
                Some(Terminating::new(minting(Arc::clone(authority))?, backend)?)
            }
            _ => None,
        };
        let shared = Arc::new((kind, terminating, AtomicUsize::new(0)));
        let task = serve(listener, move |stream| {
            let shared = Arc::clone(&shared);
            async move {
                let turn = shared.2.fetch_add(1, Ordering::Relaxed);
                proxy(stream, &shared.0, shared.1.as_ref(), turn).await;
            }
        });
        Ok(Self { address, _task: task })
    }

    /// Where the proxy listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

struct Terminating {
    acceptor: TlsAcceptor,
    backend: Option<(TlsConnector, Reencrypted)>,
}

impl Terminating {
    fn new(config: Arc<ServerConfig>, backend: &Option<Reencrypted>) -> Result<Self, LabError> {
        let connected = |backend: Reencrypted| {
            Ok::<_, LabError>((client(std::slice::from_ref(&backend.authority))?.into(), backend))
        };
        Ok(Self { acceptor: config.into(), backend: backend.clone().map(connected).transpose()? })
    }
}

/// Handles the connection that came as number `turn`.
async fn proxy(mut stream: TcpStream, kind: &ProxyKind, terminating: Option<&Terminating>, turn: usize) {
    match kind {
        ProxyKind::RoundRobin(backends) => match backends.get(turn % backends.len().max(1)) {
            Some(backend) => relay_to(stream, &[], *backend, Shape::default()).await,
            None => close(stream).await,
        },
        ProxyKind::PassThrough(backend) => relay_to(stream, &[], *backend, Shape::default()).await,
        ProxyKind::NoBackend => close(stream).await,
        ProxyKind::Http => {
            let mut start = [0; 1024];
            let read = stream.read(&mut start).await.unwrap_or_default();
            let request = start[..read].first().is_some_and(u8::is_ascii_uppercase)
                && start[..read].windows(5).any(|window| window == b"HTTP/");
            let _ = stream.write_all(if request { UNAVAILABLE } else { BAD_REQUEST }).await;
            close(stream).await;
        }
        ProxyKind::SniRouter { names, no_name, hello_wait } => {
            let hello = tokio::time::timeout(*hello_wait, hello(&mut stream)).await.ok().flatten();
            let backend = hello.as_ref().and_then(|(name, _)| match (name, no_name) {
                (Some(name), _) => names.iter().find(|(known, _)| known == name).map(|&(_, backend)| backend),
                (None, NoName::Route(backend)) => Some(*backend),
                (None, NoName::Close) => None,
            });
            match (hello, backend) {
                (Some((_, bytes)), Some(backend)) => relay_to(stream, &bytes, backend, Shape::default()).await,
                _ => close(stream).await,
            }
        }
        ProxyKind::TerminateTls { .. } | ProxyKind::Inspect { .. } => {
            if let Some(terminating) = terminating {
                terminate(stream, terminating).await;
            }
        }
        ProxyKind::ExpectProxyHeader(backend) => match proxy_header(&mut stream).await {
            true => relay_to(stream, &[], *backend, Shape::default()).await,
            false => reset(stream),
        },
        ProxyKind::InjectProxyHeader(backend) => {
            let (Ok(from), Ok(to)) = (stream.peer_addr(), stream.local_addr()) else {
                return;
            };
            let header = format!("PROXY TCP4 {} {} {} {}\r\n", from.ip(), to.ip(), from.port(), to.port());
            relay_to(stream, header.as_bytes(), *backend, Shape::default()).await;
        }
    }
}

/// The server name and all bytes read so far; `None` when it is no ClientHello.
async fn hello(stream: &mut TcpStream) -> Option<(Option<String>, Vec<u8>)> {
    let mut acceptor = Acceptor::default();
    let mut bytes = Vec::new();
    while bytes.len() < MAX_HELLO {
        let mut buffer = [0; 4096];
        let read = stream.read(&mut buffer).await.ok().filter(|&read| read > 0)?;
        bytes.extend_from_slice(&buffer[..read]);
        let mut rest = &buffer[..read];
        while !rest.is_empty() {
            acceptor.read_tls(&mut rest).ok()?;
            if let Some(accepted) = acceptor.accept().ok()? {
                return Some((accepted.client_hello().server_name().map(str::to_ascii_lowercase), bytes));
            }
        }
    }
    None
}

async fn terminate(stream: TcpStream, terminating: &Terminating) {
    let mut stream = match terminating.acceptor.accept(stream).into_fallible().await {
        Ok(stream) => stream,
        Err((_, stream)) => return close(stream).await,
    };
    let Some((connector, to)) = &terminating.backend else {
        let _ = stream.read(&mut [0; 4096]).await;
        return close(stream.into_inner().0).await;
    };
    let backend = async {
        let name = ServerName::try_from(to.server_name.clone()).ok()?;
        connector.connect(name, TcpStream::connect(to.backend).await.ok()?).await.ok()
    };
    if let Some(mut backend) = backend.await {
        relay(&mut stream, &mut backend, Shape::default()).await;
    }
    // HAProxy ends the connection without a close_notify.
    close(stream.into_inner().0).await;
}

/// Reads a PROXY protocol header and nothing after it.
async fn proxy_header(stream: &mut TcpStream) -> bool {
    const V2: [u8; 12] = *b"\r\n\r\n\0\r\nQUIT\n";
    let Ok(first) = stream.read_u8().await else {
        return false;
    };
    if first == V2[0] {
        let mut rest = [0; 15];
        if stream.read_exact(&mut rest).await.is_err() || rest[..11] != V2[1..] {
            return false;
        }
        let mut addresses = vec![0; usize::from(u16::from_be_bytes([rest[13], rest[14]]))];
        return stream.read_exact(&mut addresses).await.is_ok();
    }
    // The longest line of version 1 has 107 bytes.
    let mut line = vec![first];
    while line.len() < 107 && !line.ends_with(b"\r\n") {
        if !b"PROXY ".starts_with(&line[..line.len().min(6)]) {
            return false;
        }
        match stream.read_u8().await {
            Ok(byte) => line.push(byte),
            Err(_) => return false,
        }
    }
    line.starts_with(b"PROXY ") && line.ends_with(b"\r\n")
}

#[cfg(test)]
#[path = "proxy_tests.rs"]
mod tests;
