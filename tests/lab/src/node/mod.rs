//! A node's transport port: `internal:tcp/handshake`, pings, the remote cluster actions, and every refusal with a real node's frame.
//! One port a value: a node with a transport port and a remote cluster server is two of them.

mod answer;
mod connection;
mod frame;
mod keys;
mod release;
mod stream;
#[cfg(test)]
mod tests;
mod thrown;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use keys::{ApiKey, KeyState, Licence, RemoteClusterServer};
pub use release::Release;

use crate::listen::Serving;
use crate::tls::{ServerTls, TlsServer};
use crate::{Bound, LabError};

/// Bit that OpenSearch sets in its version ids.
pub(crate) const OPENSEARCH: u32 = 0x0800_0000;
/// Events kept; later ones are dropped.
const EVENTS: usize = 10_000;

/// How a node answers.
#[derive(Debug, Clone)]
pub struct NodeOptions {
    /// `node.name`
    pub name: String,
    /// `cluster.name`
    pub cluster_name: String,
    /// Persistent node id and the one of this start, 22 characters each.
    pub ids: [String; 2],
    /// The release whose handshakes it speaks.
    pub release: Release,
    /// Which of a node's ports this is.
    pub profile: Profile,
    /// TLS of the port; none is plaintext.
    pub tls: Option<ServerTls>,
    /// Address the node publishes; none for the one it is bound to.
    pub publish_address: Option<SocketAddr>,
    /// Nodes with a remote cluster server that the nodes action lists; empty for this node alone.
    pub published: Vec<PublishedNode>,
    /// Keep the connection after a refused key, as older builds may; a secured node closes.
    pub stays_open_after_error: bool,
    /// Be OpenSearch: version ids carry its bit.
    pub opensearch: bool,
}

/// Which port of a node is emulated.
#[derive(Debug, Clone)]
pub enum Profile {
    /// The transport port.
    Default {
        /// Whether the node has its remote cluster server switched on (on another port).
        remote_cluster_server: bool,
        /// Whether security is on: then every request without the internal authentication is refused.
        security: bool,
    },
    /// The remote cluster server port.
    RemoteCluster(RemoteClusterServer),
}

/// A node as the nodes action lists it.
#[derive(Debug, Clone)]
pub struct PublishedNode {
    /// Its name.
    pub name: String,
    /// Address of its remote cluster server.
    pub address: SocketAddr,
}

/// Something that happened on the port: tests ask which questions were put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeEvent {
    /// A connection was accepted.
    Connected,
    /// TLS was refused, and why.
    TlsRefused(String),
    /// A ping.
    Ping,
    /// A tcp handshake, by format and whether it was answered.
    Handshake {
        /// 6080099, 7170099 or 8800000.
        format: u32,
        /// False when the connection was closed instead.
        answered: bool,
    },
    /// Any other request.
    Request {
        /// Its action.
        action: String,
        /// Whether it carried a key.
        credentials: bool,
        /// Whether it was answered without an error.
        accepted: bool,
    },
    /// Bytes that are no frame.
    Malformed,
}

/// A running port; it ends when dropped.
#[derive(Debug)]
pub struct Node {
    address: SocketAddr,
    events: Events,
    _serving: Serving,
}

impl NodeOptions {
    /// A transport port without TLS and security of a node with the given name and release, in the cluster `remote`.
    pub fn new(name: &str, release: Release) -> Self {
        Self {
            name: name.to_owned(),
            cluster_name: "remote".to_owned(),
            ids: [made_up_id(name, "node"), made_up_id(name, "start")],
            release,
            profile: Profile::Default {
                remote_cluster_server: false,
                security: false,
            },
            tls: None,
            publish_address: None,
            published: Vec::new(),
            stays_open_after_error: false,
            opensearch: false,
        }
    }

    /// The same as a transport port with TLS and therefore security.
    pub fn secured(mut self, tls: ServerTls) -> Self {
        self.tls = Some(tls);
        self.profile = Profile::Default {
            remote_cluster_server: false,
            security: true,
        };
        self
    }

    /// The same as a remote cluster server port.
    pub fn remote_cluster_server(mut self, server: RemoteClusterServer, tls: ServerTls) -> Self {
        self.tls = Some(tls);
        self.profile = Profile::RemoteCluster(server);
        self
    }
}

impl Node {
    /// Starts to answer on `bound`.
    pub fn start(bound: Bound, options: NodeOptions) -> Result<Self, LabError> {
        let tls = options.tls.as_ref().map(TlsServer::new).transpose()?;
        let (address, events) = (bound.address, Events::default());
        let shared = Arc::new((options, tls, events.clone()));
        let serving = Serving::start(bound.listener, move |stream, _| {
            let shared = shared.clone();
            async move {
                let (options, tls, events) = &*shared;
                connection::serve(stream, options, tls.as_ref(), events).await;
            }
        });
        Ok(Self {
            address,
            events,
            _serving: serving,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What has happened so far, oldest first.
    pub fn events(&self) -> Vec<NodeEvent> {
        self.events.lock().clone()
    }
}

/// The log of a port, shared with its connections.
#[derive(Debug, Clone, Default)]
pub(crate) struct Events(Arc<Mutex<Vec<NodeEvent>>>);

impl Events {
    pub(crate) fn push(&self, event: NodeEvent) {
        let mut events = self.lock();
        if events.len() < EVENTS {
            events.push(event);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<NodeEvent>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// 16 bytes that depend on `name` and `what` only, as 22 characters of base64url.
pub(crate) fn made_up_id(name: &str, what: &str) -> String {
    use base64::Engine;
    // FNV-1a: stable over releases of Rust, so that reports of the estate are.
    let hash = |seed: u64| {
        name.bytes().chain(what.bytes()).fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    };
    let bytes = [hash(0xcbf2_9ce4_8422_2325).to_be_bytes(), hash(0x8422_2325_cbf2_9ce4).to_be_bytes()].concat();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}
