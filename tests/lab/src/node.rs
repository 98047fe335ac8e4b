//! A transport server that behaves as a node of its release does, on either of its two ports.
//! What it closes on, echoes and says in errors is what real nodes were seen to do.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::LabError;
use crate::failure::Failure;
use crate::frame::{ERROR, HANDSHAKE, Inbound, PING, RESPONSE, Request, read, response};
use crate::handshake::{self, Introduction};
use crate::key::{CREDENTIALS, authenticate, filter};
use crate::listener::{Task, address_of, close, serve};
pub use crate::node_options::{NodeOptions, Profile};
use crate::tls::ServerTls;

const TCP_HANDSHAKE: &str = "internal:tcp/handshake";
const TRANSPORT_HANDSHAKE: &str = "internal:transport/handshake";
const REMOTE_HANDSHAKE: &str = "cluster:internal/remote_cluster/handshake";
const REMOTE_NODES: &str = "cluster:internal/remote_cluster/nodes";

/// Netty gives a TLS handshake ten seconds.
const TLS_HANDSHAKE: Duration = Duration::from_secs(10);
/// `cluster:internal/remote_cluster/*` exists from 8.8 on.
const REMOTE_ACTIONS: u32 = 8_080_099;

/// A running node.
#[derive(Debug)]
pub struct Node {
    address: SocketAddr,
    _task: Task,
}

impl Node {
    /// Serves `options` on `listener`.
    pub fn start(listener: TcpListener, options: NodeOptions) -> Result<Self, LabError> {
        let address = address_of(&listener)?;
        let acceptor = options.tls.as_ref().map(ServerTls::config).transpose()?.map(TlsAcceptor::from);
        let node = Arc::new(Serving { options, address });
        let task = serve(listener, move |stream| {
            let (node, acceptor) = (Arc::clone(&node), acceptor.clone());
            async move {
                match acceptor {
                    Some(acceptor) => encrypted(&node, &acceptor, stream).await,
                    None => node.talk(stream).await,
                }
            }
        });
        Ok(Self { address, _task: task })
    }

    /// Where the node listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

async fn encrypted(node: &Serving, acceptor: &TlsAcceptor, mut stream: TcpStream) {
    let mut start = [0; 5];
    let first = tokio::time::timeout(TLS_HANDSHAKE, stream.read_exact(&mut start)).await;
    if !matches!(first, Ok(Ok(_))) || start[0] != 0x16 {
        return close(stream).await;
    }
    let (read, write) = stream.into_split();
    let whole = tokio::io::join(std::io::Cursor::new(start).chain(read), write);
    match tokio::time::timeout(TLS_HANDSHAKE, acceptor.accept(whole).into_fallible()).await {
        Ok(Ok(stream)) => node.talk(stream).await,
        Ok(Err((_, stream))) => close(stream).await,
        Err(_) => {}
    }
}

struct Serving {
    options: NodeOptions,
    address: SocketAddr,
}

/// An answer, and whether the node closes after it.
enum Answer {
    Body(Vec<u8>),
    Failure(Failure),
    FailureAndClose(Failure),
}

impl Serving {
    async fn talk(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) {
        while let Ok(Some(inbound)) = read(&mut stream).await {
            let (bytes, keep) = match inbound {
                Inbound::Ping => (PING.to_vec(), true),
                Inbound::Http => (b"This is not an HTTP port".to_vec(), false),
                Inbound::Foreign => (Vec::new(), false),
                Inbound::Request(request) => self.request(&request).unwrap_or_default(),
            };
            if stream.write_all(&bytes).await.is_err() || stream.flush().await.is_err() || !keep {
                break;
            }
        }
        close(stream).await;
    }

    /// The bytes to send and whether the connection stays; `None` closes without an answer.
    fn request(&self, request: &Request) -> Option<(Vec<u8>, bool)> {
        let options = &self.options;
        if request.status & RESPONSE != 0 {
            return None;
        }
        if request.status & HANDSHAKE != 0 {
            if request.action != TCP_HANDSHAKE || !options.accepted_formats.contains(&request.version) {
                return None;
            }
            let body = handshake::tcp(&self.introduction(), request)?;
            return Some((response(request.id, HANDSHAKE, request.version, &[], &body), true));
        }
        if request.version < options.minimum_compatible {
            return None;
        }
        let version = request.version.min(options.transport_version);
        // The thread context goes back with the answer, credentials included.
        let context: Vec<_> = request.header(CREDENTIALS).map(|value| (CREDENTIALS, value)).into_iter().collect();
        let (failure, keep) = match self.answer(request, version) {
            Answer::Body(body) => {
                return Some((response(request.id, 0, version, &[], &body), true));
            }
            Answer::Failure(failure) => (failure, true),
            Answer::FailureAndClose(failure) => (failure, false),
        };
        let body = failure.body(&options.node_name, self.address, &request.action, version);
        Some((response(request.id, ERROR, version, &context, &body), keep))
    }

    fn answer(&self, request: &Request, version: u32) -> Answer {
        let action = request.action.as_str();
        let own = self.introduction();
        let not_found = || Answer::Failure(Failure::action_not_found(action, version));
        let addresses = || {
            let addresses = self.options.node_addresses.clone().unwrap_or_else(|| vec![own.publish]);
            Answer::Body(handshake::nodes(&own, &addresses, version))
        };
        match &self.options.profile {
            Profile::RemoteCluster(server) => {
                if let Err(failure) = authenticate(server, request) {
                    return Answer::FailureAndClose(failure);
                }
                match action {
                    REMOTE_HANDSHAKE | REMOTE_NODES => match filter(server, request) {
                        Err(failure) => Answer::Failure(failure),
                        Ok(()) if action == REMOTE_NODES => addresses(),
                        Ok(()) => Answer::Body(handshake::node(&own, version)),
                    },
                    _ => not_found(),
                }
            }
            Profile::Default if self.options.anonymous => Answer::Failure(Failure::forbidden(format!(
                "action [{action}] is unauthorized for user [_anonymous] with effective roles [], this action is granted by the cluster privileges [all]"
            ))),
            Profile::Default if self.options.security => Answer::Failure(Failure::unauthorized(format!(
                "missing authentication credentials for action [{action}]"
            ))),
            Profile::Default => match action {
                TRANSPORT_HANDSHAKE => Answer::Body(handshake::node(&own, version)),
                REMOTE_HANDSHAKE if self.options.remote_cluster_server => Answer::Failure(Failure::channel_profile()),
                // What it is asked for: all nodes, or those with the remote cluster server.
                REMOTE_NODES if self.options.transport_version >= REMOTE_ACTIONS && request.body.ends_with(&[0]) => {
                    addresses()
                }
                REMOTE_NODES if self.options.remote_cluster_server => addresses(),
                REMOTE_NODES if self.options.transport_version >= REMOTE_ACTIONS => {
                    Answer::Body(handshake::nodes(&own, &[], version))
                }
                _ => not_found(),
            },
        }
    }

    fn introduction(&self) -> Introduction<'_> {
        let options = &self.options;
        Introduction {
            release: &options.release,
            release_id: options.release_id,
            transport: options.transport_version,
            minimum: options.minimum_compatible,
            index: options.index_version,
            hash: &options.build_hash,
            opensearch: options.opensearch,
            node: &options.node_name,
            cluster: &options.cluster_name,
            roles: &options.roles,
            publish: options.publish_address.unwrap_or(self.address),
        }
    }
}

#[cfg(test)]
#[path = "node_tests.rs"]
mod tests;
