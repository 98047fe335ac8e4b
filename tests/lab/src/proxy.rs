//! A layer-4 proxy in front of nodes, in the modes in which HAProxy and its like are met before remote clusters.
//! The SNI router looks at the ClientHello and passes it on unchanged; only one mode touches TLS.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::client_hello::{Opening, read_opening};
use crate::listen::{Serving, close_after_answer, close_quietly, forward};
use crate::tls::{ServerTls, TlsServer, provider};
use crate::wire::Wire;
use crate::{Bound, Identity, LabError};

/// HAProxy's answers in HTTP mode, to bytes that are no request and to one it has no server for.
const BAD_REQUEST: &[u8] = b"HTTP/1.1 400 Bad request\r\nContent-length: 90\r\nCache-Control: no-cache\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n<html><body><h1>400 Bad request</h1>\nYour browser sent an invalid request.\n</body></html>\n";
const UNAVAILABLE: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nContent-length: 107\r\nCache-Control: no-cache\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n";
/// First bytes of the two PROXY protocol headers (HAProxy's proxy-protocol.txt sections 2.1 and 2.2).
const PROXY_V1: &[u8] = b"PROXY ";
const PROXY_V2: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";
/// Server names remembered.
const NAMES: usize = 10_000;

/// What the proxy does with a connection.
#[derive(Debug, Clone)]
pub enum ProxyMode {
    /// Passes everything on.
    PassThrough(SocketAddr),
    /// Chooses the backend by server name.
    SniRouter(SniRoutes),
    /// Expects HTTP, as a listener whose mode was left at http.
    Http,
    /// Ends TLS with its own certificate and asks for none; to the backend it speaks TLS without a client certificate.
    TerminateTls {
        /// What it presents.
        identity: Identity,
        /// Where it re-encrypts to.
        backend: SocketAddr,
    },
    /// Has no server: closes right after accept.
    NoBackend,
    /// Closes unless a PROXY protocol header comes first, which it takes off.
    ExpectProxyProtocol(SocketAddr),
    /// Sends a PROXY protocol header (version 1) to the backend.
    InjectProxyProtocol(SocketAddr),
}

/// Where connections go by server name.
#[derive(Debug, Clone)]
pub struct SniRoutes {
    /// Backends by name, in lower case.
    pub names: HashMap<String, SocketAddr>,
    /// For a ClientHello without a name, and for bytes that are no ClientHello.
    pub no_name: Route,
    /// For any other name.
    pub default: Route,
    /// How long an unfinished ClientHello is waited for.
    pub inspect_delay: Duration,
}

/// What becomes of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// Closed.
    Close,
    /// Passed on.
    To(SocketAddr),
}

/// A running proxy; it ends when dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    names: Names,
    _serving: Serving,
}

type Names = Arc<Mutex<Vec<Option<String>>>>;

impl SniRoutes {
    /// Routes these names, closes everything else, waits five seconds as HAProxy's usual inspect-delay.
    pub fn strict<const N: usize>(names: [(&str, SocketAddr); N]) -> Self {
        Self {
            names: names.map(|(name, backend)| (name.to_ascii_lowercase(), backend)).into(),
            no_name: Route::Close,
            default: Route::Close,
            inspect_delay: Duration::from_secs(5),
        }
    }
}

impl Proxy {
    /// Starts to proxy on `bound`.
    pub fn start(bound: Bound, mode: ProxyMode) -> Result<Self, LabError> {
        let tls = match &mode {
            ProxyMode::TerminateTls { identity, .. } => Some(TlsServer::new(&ServerTls::new(identity.clone()))?),
            _ => None,
        };
        let (address, names) = (bound.address, Names::default());
        let shared = Arc::new((mode, tls, names.clone()));
        let serving = Serving::start(bound.listener, move |stream, peer| {
            let shared = shared.clone();
            async move {
                let (mode, tls, names) = &*shared;
                serve(stream, peer, mode, tls.as_ref(), names).await;
            }
        });
        Ok(Self { address, names, _serving: serving })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The server name of every ClientHello the SNI router has seen, oldest first; none where there was no name.
    pub fn names_seen(&self) -> Vec<Option<String>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn serve(mut stream: TcpStream, peer: SocketAddr, mode: &ProxyMode, tls: Option<&TlsServer>, names: &Names) {
    match mode {
        ProxyMode::PassThrough(backend) => forward(stream, *backend).await,
        ProxyMode::SniRouter(routes) => route(stream, routes, names).await,
        ProxyMode::Http => http(stream).await,
        ProxyMode::NoBackend => close_quietly(stream).await,
        ProxyMode::TerminateTls { backend, .. } => {
            let Some(tls) = tls else { return };
            if let Ok(client) = tls.accept(stream).await {
                match encrypt(*backend).await {
                    Some(mut upstream) => {
                        let mut client = client;
                        let _ = tokio::io::copy_bidirectional(&mut client, &mut upstream).await;
                        // When the backend fails, HAProxy closes the client's side in order.
                        close_after_answer(client).await;
                    }
                    None => close_after_answer(client).await,
                }
            }
        }
        ProxyMode::ExpectProxyProtocol(backend) => match take_header(&mut stream).await {
            Some(rest) => forward(Wire::new(stream, rest), *backend).await,
            None => close_quietly(stream).await,
        },
        ProxyMode::InjectProxyProtocol(backend) => {
            let Ok(mut upstream) = TcpStream::connect(backend).await else {
                return close_quietly(stream).await;
            };
            let header = format!("PROXY TCP4 {} {} {} {}\r\n", peer.ip(), backend.ip(), peer.port(), backend.port());
            if upstream.write_all(header.as_bytes()).await.is_ok() {
                let _ = tokio::io::copy_bidirectional(&mut stream, &mut upstream).await;
            }
        }
    }
}

async fn route(mut stream: TcpStream, routes: &SniRoutes, names: &Names) {
    let mut read = Vec::new();
    let opening = tokio::time::timeout(routes.inspect_delay, read_opening(&mut stream, &mut read)).await;
    let name = match opening {
        Ok(Opening::Hello { server_name, .. }) => {
            let mut names = names.lock().unwrap_or_else(PoisonError::into_inner);
            if names.len() < NAMES {
                names.push(server_name.clone());
            }
            server_name
        }
        // Nothing came at all: there is nothing to pass on.
        _ if read.is_empty() => return close_quietly(stream).await,
        _ => None,
    };
    let route = match name {
        None => routes.no_name,
        Some(name) => routes.names.get(&name.to_ascii_lowercase()).map_or(routes.default, |backend| Route::To(*backend)),
    };
    match route {
        Route::Close => close_quietly(stream).await,
        Route::To(backend) => forward(Wire::new(stream, read), backend).await,
    }
}

/// Reads a request's first line, or as many bytes as show that there is none.
async fn http(mut stream: TcpStream) {
    let mut read = Vec::new();
    let methods = [&b"GET "[..], b"HEAD ", b"POST ", b"PUT ", b"DELETE ", b"OPTIONS "];
    let answer = loop {
        if read.windows(4).any(|window| window == b"\r\n\r\n") {
            break UNAVAILABLE;
        }
        let could_be = methods.iter().any(|method| read.starts_with(&method[..method.len().min(read.len())]));
        if !could_be || read.len() > 16 * 1024 {
            break BAD_REQUEST;
        }
        match stream.read_buf(&mut read).await {
            Ok(count) if count > 0 => {}
            _ => break BAD_REQUEST,
        }
    };
    let _ = stream.write_all(answer).await;
    close_after_answer(stream).await;
}

/// Takes a PROXY protocol header off; gives what came after it, or nothing if the first bytes are none.
async fn take_header(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut read = Vec::new();
    loop {
        let end = if read.starts_with(PROXY_V1) {
            read.windows(2).position(|window| window == b"\r\n").map(|at| at + 2)
        } else if read.starts_with(PROXY_V2) {
            let length = read.get(14..16).map(|length| usize::from(u16::from_be_bytes([length[0], length[1]])));
            length.map(|length| 16 + length).filter(|end| *end <= read.len())
        } else {
            None
        };
        if let Some(end) = end {
            return Some(read.split_off(end));
        }
        let could_be = [PROXY_V1, PROXY_V2].iter().any(|start| {
            let shared = start.len().min(read.len());
            read[..shared] == start[..shared]
        });
        if !could_be || read.len() > 4096 || !matches!(stream.read_buf(&mut read).await, Ok(count) if count > 0) {
            return None;
        }
    }
}

/// TLS to the backend, trusting anyone and presenting nothing, as `server … ssl verify none`.
async fn encrypt(backend: SocketAddr) -> Option<tokio_rustls::client::TlsStream<TcpStream>> {
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .ok()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(TrustAnyone))
        .with_no_client_auth();
    let upstream = TcpStream::connect(backend).await.ok()?;
    let name = ServerName::from(backend.ip());
    TlsConnector::from(Arc::new(config)).connect(name, upstream).await.ok()
}

#[derive(Debug)]
struct TrustAnyone;

impl ServerCertVerifier for TrustAnyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider().signature_verification_algorithms.supported_schemes()
    }
}
