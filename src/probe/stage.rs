//! Stand-ins for the network, for tests only.
//! Connections are pairs of pipes whose far end a test's own closure plays, or a small [`Node`].

#![allow(clippy::unwrap_used)]

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use farlink_checks::model::evidence::{Answer, Resolution, Resolver};
use farlink_checks::model::link::HostPort;
use futures_util::future::BoxFuture;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivateKeyDer;
use rustls::server::Acceptor;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex};
use tokio_rustls::LazyConfigAcceptor;

use super::seams::{Connect, Resolve, Stream};
use super::tls::provider;
use crate::wire::{Framer, PING, Step, TcpHandshake, TransportVersionId, Writer};

type Play = Arc<dyn Fn(SocketAddr) -> Option<io::Result<DuplexStream>> + Send + Sync>;

/// A network whose peers are played by a closure.
pub(crate) struct Staged(Play);

impl Staged {
    /// Nobody answers.
    pub(crate) fn never() -> Self {
        Self(Arc::new(|_| None))
    }

    /// Every connection fails like this.
    pub(crate) fn failing(kind: io::ErrorKind) -> Self {
        Self(Arc::new(move |_| Some(Err(kind.into()))))
    }

    /// Every connection is refused, and `dialled` told of it.
    pub(crate) fn refusing(dialled: impl Fn(SocketAddr) + Send + Sync + 'static) -> Self {
        Self(Arc::new(move |address| {
            dialled(address);
            Some(Err(io::ErrorKind::ConnectionRefused.into()))
        }))
    }

    /// Every connection is refused, but on `port` nobody answers.
    pub(crate) fn unless_port(port: u16) -> Self {
        Self(Arc::new(move |address| (address.port() != port).then(|| Err(io::ErrorKind::ConnectionRefused.into()))))
    }

    /// Every connection opens, and `peer` gets its far end.
    pub(crate) fn peer(peer: impl Fn(SocketAddr, DuplexStream) + Send + Sync + 'static) -> Self {
        Self(Arc::new(move |address| {
            let (near, far) = duplex(1 << 16);
            peer(address, far);
            Some(Ok(near))
        }))
    }
}

impl Connect for Staged {
    fn connect(&self, address: SocketAddr) -> BoxFuture<'_, io::Result<Stream>> {
        Box::pin(async move {
            match (self.0)(address) {
                None => std::future::pending().await,
                Some(result) => result.map(|stream| Box::new(stream) as Stream),
            }
        })
    }
}

/// Resolves every name to the same addresses.
pub(crate) struct Fixed(pub(crate) Vec<std::net::IpAddr>);

impl Resolve for Fixed {
    fn resolve<'a>(&'a self, target: &'a HostPort, _limit: Duration) -> BoxFuture<'a, Resolution> {
        let a = match self.0.is_empty() {
            true => Answer::NameUnknown,
            false => Answer::Addresses { addresses: self.0.clone() },
        };
        let target = target.clone();
        Box::pin(async move {
            Resolution { target, by: Resolver::System, a, aaaa: Answer::NoData, system: None, seconds: 0.0 }
        })
    }
}

/// A frame with an exception: the outer one names the node, the inner one says `message`.
pub(crate) fn exception(request_id: i64, version: TransportVersionId, message: &str) -> Vec<u8> {
    let mut body = Writer::default();
    // RemoteTransportException (103), caused by IllegalArgumentException (key 6).
    body.byte(1).vint(0).vint(103).boolean(true).string("[es01][10.0.0.5:9443][a]");
    body.byte(1).vint(6).boolean(true).string(message).byte(0).vint(0).vint(0);
    body.vint(0).vint(0).vint(0).vint(0);
    let body = body.into_bytes();
    let mut frame = Writer::default();
    frame.raw(b"ES").i32(19 + body.len() as i32).i64(request_id).byte(3);
    frame.i32(version.id() as i32).i32(2).raw(&[0, 0]).raw(&body);
    frame.into_bytes()
}

/// A frame with the `payload` that an action gives.
pub(crate) fn answer(request_id: i64, version: TransportVersionId, payload: &[u8]) -> Vec<u8> {
    let mut frame = Writer::default();
    frame.raw(b"ES").i32(19 + payload.len() as i32).i64(request_id).byte(1);
    frame.i32(version.id() as i32).i32(2).raw(&[0, 0]).raw(payload);
    frame.into_bytes()
}

/// A small node: answers pings and handshakes, and every remote cluster handshake with an exception.
#[derive(Clone)]
pub(crate) struct Node {
    tls: Option<Arc<rustls::ServerConfig>>,
    seen: Arc<Mutex<Vec<u8>>>,
    names: Arc<Mutex<Vec<Option<String>>>>,
}

impl Node {
    /// Without TLS.
    pub(crate) fn plain() -> Self {
        Self { tls: None, seen: Arc::default(), names: Arc::default() }
    }

    /// With TLS, without asking for a client certificate.
    pub(crate) fn remote_cluster_server() -> Self {
        Self { tls: Some(server(false)), ..Self::plain() }
    }

    /// With TLS, asking for a client certificate.
    pub(crate) fn transport() -> Self {
        Self { tls: Some(server(true)), ..Self::plain() }
    }

    /// The network on which every address is this node.
    pub(crate) fn network(&self) -> Staged {
        let node = self.clone();
        Staged::peer(move |_, far| {
            tokio::spawn(node.clone().serve(far));
        })
    }

    /// Whether a credentials header came.
    pub(crate) fn saw_key(&self) -> bool {
        let seen = self.seen.lock().unwrap();
        seen.windows(7).any(|window| window == b"ApiKey ")
    }

    /// The server names that came, in order.
    pub(crate) fn server_names(&self) -> Vec<Option<String>> {
        self.names.lock().unwrap().clone()
    }

    async fn serve(self, far: DuplexStream) {
        let Some(tls) = self.tls.clone() else { return self.speak(far).await };
        let Ok(start) = LazyConfigAcceptor::new(Acceptor::default(), far).await else { return };
        self.names.lock().unwrap().push(start.client_hello().server_name().map(str::to_owned));
        if let Ok(stream) = start.into_stream(tls).await {
            self.speak(stream).await;
        }
    }

    async fn speak(self, mut stream: impl AsyncRead + AsyncWrite + Unpin) {
        let mut buffer = Vec::new();
        loop {
            match Framer::default().decode_step(&buffer) {
                Ok(Step::Ping) => {
                    buffer.drain(..PING.len());
                    stream.write_all(&PING).await.unwrap();
                }
                Ok(Step::Message(message)) => {
                    let frame: Vec<u8> = buffer.drain(..message.length()).collect();
                    self.seen.lock().unwrap().extend_from_slice(&frame);
                    let id = message.header.request_id;
                    let own = TransportVersionId::new(9_458_007);
                    let answer = match message.header.version.id() {
                        7_170_099 => TcpHandshake::universal(own).encode_response(id).unwrap(),
                        8_800_000 => TcpHandshake::with_release(own, "9.5.3").encode_response(id).unwrap(),
                        _ if frame.windows(7).any(|window| window == b"ApiKey ") => exception(
                            id,
                            message.header.version,
                            "require transport header [_cross_cluster_access_subject_info] but none found",
                        ),
                        _ => exception(id, message.header.version, "none found"),
                    };
                    stream.write_all(&answer).await.unwrap();
                }
                Ok(Step::NeedMore(_)) => {
                    if !matches!(stream.read_buf(&mut buffer).await, Ok(1..)) {
                        return;
                    }
                }
                Err(_) => return,
            }
        }
    }
}

fn server(asks: bool) -> Arc<rustls::ServerConfig> {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(vec!["es.example".into()]).unwrap();
    let chain = vec![cert.der().clone()];
    let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
    let builder =
        rustls::ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().unwrap();
    let builder = if asks {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(chain[0].clone()).unwrap();
        let verifier = rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider());
        builder.with_client_cert_verifier(verifier.allow_unauthenticated().build().unwrap())
    } else {
        builder.with_no_client_auth()
    };
    Arc::new(builder.with_single_cert(chain, key).unwrap())
}
